import Decimals
import Testing

import struct Foundation.Data
import struct Foundation.URL

@testable import Trading

private func whole(_ number: Int) -> Decimal { Decimal(Int64(number)) }

/// An order that has come to a state on a way that exists.
private func life(in state: OrderState) throws -> OrderLife {
    var life = OrderLife(quantity: whole(10))
    let way: [OrderEvent] =
        switch state {
        case .created: []
        case .pending: [.accepted]
        case .submitted: [.accepted, .submitted]
        case .unknown: [.accepted, .submitted, .lost]
        case .working, .partiallyFilled, .filled: [.accepted, .submitted, .acknowledged]
        case .cancelled: [.accepted, .submitted, .acknowledged, .cancelled]
        case .rejected: [.accepted, .submitted, .rejected]
        case .expired: [.accepted, .submitted, .acknowledged, .expired]
        case .closed: [.accepted, .closed]
        }
    for event in way { #expect(try life.apply(event) != .refused) }
    if state == .partiallyFilled { _ = try life.apply(.filled, quantity: whole(4), price: whole(100)) }
    if state == .filled { _ = try life.apply(.filled, quantity: whole(10), price: whole(100)) }
    #expect(life.state == state)
    return life
}

struct OrderLifeTests {
    /// The page docs/trading.md has the table between two lines, made of the code.
    private static func page() -> String {
        let head = "| state | " + OrderEvent.allCases.map { "\($0)" }.joined(separator: " | ") + " |"
        let line = "|---" + String(repeating: "|---", count: OrderEvent.allCases.count) + "|"
        let rows = OrderState.allCases.map { state in
            let cells = OrderEvent.allCases.map { event in
                switch OrderRule.of(state, event).next {
                case .refused: "·"
                case .same: "="
                case .to(let next): "\(next)"
                case .byFilled: "by filled"
                }
            }
            return "| **\(state)** | " + cells.joined(separator: " | ") + " |"
        }
        return ([head, line] + rows).joined(separator: "\n")
    }

    @Test func `the page shows the table of the code`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = String(decoding: try Data(contentsOf: root.appending(path: "docs/trading.md")), as: UTF8.self)
        if !text.contains(Self.page()) { Issue.record("docs/trading.md should have\n\(Self.page())") }
    }

    @Test(arguments: OrderState.allCases, OrderEvent.allCases)
    func `every pair of state and event does what the table says`(state: OrderState, event: OrderEvent) throws {
        let before = try life(in: state)
        var after = before
        let answers: [OrderEvent] = [.cancelRejected, .replaceRejected, .replaced]
        let rule = OrderRule.of(state, event)
        if event == .busted, rule.effects.contains(.settle), before.fillCount == 0 {
            // Nothing has traded that could be taken back.
            #expect(throws: TradingFailure.invalid) { try after.apply(event, quantity: whole(2), price: whole(100)) }
            #expect(after == before)
            return
        }
        let effects = try after.apply(event, quantity: whole(2), price: whole(100))
        if case .refused = rule.next {
            #expect(effects == .refused && after == before)
        } else if answers.contains(event) {
            // Nobody asked.
            #expect(effects == .refused && after == before)
        } else {
            #expect(!effects.contains(.refused) && effects.isSuperset(of: rule.effects))
            switch rule.next {
            case .to(let next): #expect(after.state == next)
            case .same: #expect(after.state == before.state)
            case .byFilled, .refused: break
            }
            if before.state.isTerminal, event != .busted, event != .closed { #expect(after.state == before.state) }
        }
    }

    @Test func `a pending cancel outlives a partial fill`() throws {
        var life = try life(in: .working)
        #expect(try life.apply(.cancelRequested) == .sendCancel)
        #expect(try life.apply(.filled, quantity: whole(3), price: whole(100)) == .settle)
        #expect(life.state == .partiallyFilled && life.pendingCancels == 1)
        #expect(try life.apply(.cancelled) == .release)
        #expect(life.state == .cancelled && life.pendingCancels == 0 && life.filled == whole(3))
    }

    @Test(arguments: [(2, OrderState.filled, 4), (4, .filled, 4), (5, .partiallyFilled, 5), (12, .partiallyFilled, 12)])
    func `a replacement goes below, to and above what has traded`(
        quantity: Int, state: OrderState, expected: Int
    ) throws {
        var life = try life(in: .partiallyFilled)
        _ = try life.apply(.replaceRequested)
        #expect(try life.apply(.replaced, quantity: whole(quantity)).contains(.resize))
        #expect(life.state == state && life.quantity == whole(expected))
    }

    @Test func `a replacement that crossed the last fill leaves a rest again`() throws {
        var life = try life(in: .partiallyFilled)
        _ = try life.apply(.replaceRequested)
        _ = try life.apply(.filled, quantity: whole(6), price: whole(100))
        #expect(life.state == .filled)
        _ = try life.apply(.replaced, quantity: whole(15))
        #expect(life.state == .partiallyFilled && life.remaining == whole(5))
    }

    @Test func `a bust makes a filled order partly filled`() throws {
        var life = try life(in: .partiallyFilled)
        _ = try life.apply(.filled, quantity: whole(6), price: whole(110))
        #expect(try life.apply(.busted, quantity: whole(6), price: whole(110)) == [.settle, .resize])
        #expect(life.state == .partiallyFilled && life.filled == whole(4) && life.average(places: 10) == whole(100))
    }

    @Test(arguments: [(9, OrderState.partiallyFilled, false), (10, .filled, false), (11, .filled, true)])
    func `a fill below, of and above what is left`(quantity: Int, state: OrderState, isOver: Bool) throws {
        var life = try life(in: .working)
        let effects = try life.apply(.filled, quantity: whole(quantity), price: whole(1))
        #expect(life.state == state && effects.contains(.overfilled) == isOver)
        #expect(effects.contains(.release) == (state == .filled))
    }

    @Test func `a late fill moves money and leaves a cancelled order cancelled`() throws {
        var life = try life(in: .cancelled)
        #expect(try life.apply(.filled, quantity: whole(2), price: whole(7)) == [.settle, .late])
        #expect(life.state == .cancelled && life.filled == whole(2))
    }

    @Test func `what cannot be traded or taken back changes nothing`() throws {
        let before = try life(in: .partiallyFilled)
        for (event, quantity) in [(OrderEvent.filled, 0), (.filled, -1), (.busted, 5), (.busted, 0)] {
            var after = before
            #expect(throws: TradingFailure.invalid) { try after.apply(event, quantity: whole(quantity)) }
            #expect(after == before)
        }
        var after = before
        #expect(throws: TradingFailure.overflow) { try after.apply(.filled, quantity: .max, price: .max) }
        #expect(after == before)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `random lives keep to what is possible`(seed: UInt64) throws {
        var dice = SplitMix(state: seed)
        for _ in 0..<500 {
            var life = OrderLife(quantity: whole(10))
            var (filled, money, fills) = (0, 0, [(Int, Int)]())
            for _ in 0..<30 {
                let event = OrderEvent.allCases[Int(dice.next() % UInt64(OrderEvent.allCases.count))]
                var (quantity, price) = (Int(dice.next() % 4) + 1, Int(dice.next() % 100) - 20)
                if event == .busted, let last = fills.last { (quantity, price) = last }
                let before = life
                let effects: OrderEffects
                do {
                    effects = try life.apply(event, quantity: whole(quantity), price: whole(price))
                } catch {
                    #expect(life == before, "seed \(seed)")
                    continue
                }
                if effects.contains(.refused) {
                    #expect(life == before, "seed \(seed)")
                    continue
                }
                let sign = event == .filled ? 1 : event == .busted ? -1 : 0
                filled += sign * quantity
                money += sign * quantity * price
                if event == .filled { fills.append((quantity, price)) }
                if event == .busted { fills.removeLast() }
                #expect(life.filled == whole(filled) && life.traded == whole(money), "seed \(seed)")
                if life.state == .partiallyFilled { #expect(life.filled < life.quantity, "seed \(seed)") }
                if life.state == .filled { #expect(!(life.filled < life.quantity), "seed \(seed)") }
            }
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
