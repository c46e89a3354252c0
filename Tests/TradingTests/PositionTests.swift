import Decimals
import Testing

@testable import Trading

func number(_ text: String) throws -> Decimal {
    var text = text
    return try text.withUTF8 { utf8 in try Decimal.parse(utf8) }
}

struct PositionTests {
    /// Fills as signed quantity @ price; then what is held, the average, what this life earned, and what is not yet earned.
    private static let table: [(String, String, String, String, String)] = [
        ("+10@100", "10", "100", "0", "0"), ("+10@100 +10@110", "20", "105", "0", "100"),
        ("+1@100 +2@101", "3", "100.6666666667", "0", "1"), ("+10@100 -4@110", "6", "100", "40", "60"),
        ("+1@100 +2@101 -2@110", "1", "100.6666666667", "18.6666666667", "9.3333333333"),
        ("+10@100 +10@110 -5@120 +5@90", "20", "101.25", "75", "-225"), ("-10@100 -30@90", "-40", "92.5", "0", "100"),
        ("-10@100 +4@90", "-6", "100", "40", "60"), ("+10@100 -25@110", "-15", "110", "0", "0"),
        ("-10@100 +12@95", "2", "95", "0", "0"), ("+10@5 -4@-30", "6", "5", "-140", "-210"),
    ]

    @Test(arguments: table.indices)
    func `fills open, add, reduce, close and flip`(row: Int) throws {
        let (fills, held, average, realized, unrealized) = Self.table[row]
        var position = Position(multiplier: try number("1"))
        var mark = Decimal.zero
        for fill in fills.split(separator: " ") {
            let parts = fill.split(separator: "@")
            mark = try number(String(parts[1]))
            let amount = try number(String(parts[0].dropFirst()))
            _ = try position.trade(fill.hasPrefix("+") ? amount : amount.negated, at: mark, places: 10)
        }
        #expect(try position.quantity == number(held) && position.average(places: 10) == number(average))
        #expect(try position.realized == number(realized))
        #expect(try position.unrealized(at: mark) == number(unrealized))
    }

    @Test func `a multiplier multiplies money only`() throws {
        var position = Position(multiplier: try number("50"))
        _ = try position.trade(try number("4"), at: try number("4521.25"), places: 10)
        let outcome = try position.trade(try number("-1"), at: try number("4525.50"), places: 10)
        #expect(try outcome.change == .reduced && outcome.gain == number("212.5"))
        #expect(try position.unrealized(at: try number("4525.50")) == number("637.5"))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `what was earned is what was sold less what was bought`(seed: UInt64) throws {
        var dice = SplitMix(state: seed)
        var position = Position(multiplier: try number("1"))
        var (earned, flow) = (Decimal.zero, Decimal.zero)
        for _ in 0..<300 {
            let amount = Decimal(low: dice.next() % 99999 + 1, high: 0, scale: 4, isNegative: dice.next() % 2 == 0)!
            let price = Decimal(low: dice.next() % 10_000_000, high: 0, scale: 4, isNegative: false)!
            earned = earned.adding(try position.trade(amount, at: price, places: 10).gain)!
            flow = flow.subtracting(amount.multiplied(by: price)!)!
        }
        let price = try number("77.7777")
        flow = flow.adding(position.quantity.multiplied(by: price)!)!
        earned = earned.adding(try position.trade(position.quantity.negated, at: price, places: 10).gain)!
        #expect(position.quantity.isZero && position.cost.isZero && earned == flow, "seed \(seed)")
    }

    @Test func `what does not fit changes nothing`() throws {
        var position = Position(multiplier: try number("1"))
        _ = try position.trade(try number("3"), at: try number("7"), places: 10)
        #expect(throws: TradingFailure.overflow) { try position.trade(.max, at: .max, places: 10) }
        #expect(throws: TradingFailure.invalid) { try position.trade(.zero, at: .zero, places: 10) }
        #expect(try position.quantity == number("3") && position.cost == number("21"))
    }
}

struct SizingTests {
    private func sizing(_ strength: String, _ share: String, _ price: String, held: String = "0") throws -> Sizing {
        let step = try number("0.0001")
        return Sizing(
            equity: try number("100000"), share: try number(share), strength: try number(strength),
            price: try number(price), multiplier: try number("1"), held: try number(held), step: step, minimum: step,
            maximum: nil)
    }

    @Test(arguments: [
        ("0.8", "0.05", "4521.25", "0.8847"), ("1", "0.05", "3", "1666.6666"), ("0.3", "0.1", "7", "428.5714"),
        ("1", "0.05", "0.0004", "12500000"), ("1", "0.05", "100", "50"),
    ])
    func `a size is the largest multiple of the step`(
        strength: String, share: String, price: String, expected: String
    ) throws {
        #expect(try sizing(strength, share, price).answer().quantity == number(expected))
    }

    @Test func `repeating does not pass the limit`() throws {
        #expect(try sizing("0.8", "0.05", "4521.25", held: "0.8847").answer().quantity == number("0.2211"))
        #expect(try sizing("0.8", "0.05", "4521.25", held: "1.1058").answer().refusal == .maxPosition)
        #expect(try sizing("0", "0.05", "10").answer().refusal == .tooSmall)
    }

    @Test func `a price of nothing has no size`() throws {
        #expect(throws: TradingFailure.invalid) { try sizing("1", "1", "0").answer() }
        #expect(throws: TradingFailure.invalid) { try sizing("1", "1", "-3").answer() }
    }
}
