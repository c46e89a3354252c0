import Decimals
import Testing

@testable import Trading

struct OrderStageTests {
    /// What the eight words say of each other, as whoever reads them expects it.
    private static let steps: [(OrderStage, OrderStage)] = [
        (.created, .pending), (.created, .rejected), (.pending, .submitted), (.pending, .cancelled),
        (.pending, .rejected), (.pending, .closed), (.submitted, .partiallyFilled), (.submitted, .filled),
        (.submitted, .cancelled), (.submitted, .rejected), (.partiallyFilled, .partiallyFilled),
        (.partiallyFilled, .filled), (.partiallyFilled, .cancelled), (.filled, .closed),
    ]

    @Test(arguments: OrderStage.allCases, OrderStage.allCases)
    func `the steps between stages are those of the table of an order's life`(from: OrderStage, to: OrderStage) {
        #expect(from.allows(to) == Self.steps.contains { $0 == (from, to) })
    }

    @Test(arguments: OrderState.allCases)
    func `an order moves to a stage, or stays as it is`(state: OrderState) throws {
        for stage in OrderStage.allCases {
            var life = OrderLife(quantity: try number("5"))
            life.state = state
            let before = life
            let moved = life.move(to: stage)
            #expect(moved ? life.stage == stage : life == before)
            #expect(moved == before.stage.allows(stage))
        }
    }

    @Test(arguments: [("0", "0", "0"), ("3", "0", "0"), ("3", "1", "0.3333333333"), ("3", "3", "1"), ("3", "4", "1")])
    func `the ratio is from nothing to one`(quantity: String, filled: String, expected: String) throws {
        var life = OrderLife(quantity: try number(quantity))
        life.filled = try number(filled)
        #expect(try life.ratio == number(expected))
    }
}
