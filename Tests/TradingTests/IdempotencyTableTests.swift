import CPlatform
import TestSupport
import Testing

@testable import Trading

extension IdempotencyTable {
    fileprivate mutating func take(_ key: String, scope: UInt64 = 0, at time: Int64 = 0) -> Claim {
        var key = key
        return key.withUTF8 { claim(scope, $0, at: time) }
    }

    fileprivate func row(_ key: String, scope: UInt64 = 0) -> UInt32? {
        var key = key
        return key.withUTF8 { find(scope, $0) }
    }
}

extension IdempotencyTable.Claim {
    fileprivate var claimed: UInt32? { if case .claimed(let row) = self { row } else { nil } }
    fileprivate var known: UInt32? { if case .known(let row) = self { row } else { nil } }
    fileprivate var isFull: Bool { if case .full = self { true } else { false } }
}

struct IdempotencyTableTests {
    @Test(arguments: ["", "k", "sixteen letters!", "seventeen letters", String(repeating: "k", count: 500)])
    func `a key is claimed once, in its scope`(key: String) throws {
        var table = IdempotencyTable()
        let row = try #require(table.take(key).claimed)
        table.setAnswer(row, 7, 9)
        #expect(table.take(key).known == row && table.answer(row) == (7, 9))
        #expect(table.take(key, scope: 1).claimed != nil && table.take(key + " ").claimed != nil)
        #expect(String(decoding: table.key(row), as: UTF8.self) == key && table.count == 3)
    }

    @Test func `a key whose submission failed is free again, unless that uses it up`() throws {
        var table = IdempotencyTable()
        table.fail(try #require(table.take("k").claimed))
        #expect(table.row("k") == nil && table.take("k").claimed != nil)
        var options = IdempotencyTable.Options()
        options.isUsedByFailure = true
        var strict = IdempotencyTable(options)
        strict.fail(try #require(strict.take("k").claimed))
        #expect(strict.take("k").known != nil)
    }

    @Test(arguments: [(99, true), (100, true), (101, false)])
    func `a key is known as long as the window says`(later: Int64, isKnown: Bool) {
        var options = IdempotencyTable.Options()
        options.window = 100
        var table = IdempotencyTable(options)
        _ = table.take("k", at: 1000)
        #expect((table.take("k", at: 1000 + later).known != nil) == isKnown)
    }

    @Test func `a table that is full refuses, or forgets the oldest`() {
        var options = IdempotencyTable.Options()
        options.capacity = 2
        var strict = IdempotencyTable(options)
        options.whenFull = .forget
        var loose = IdempotencyTable(options)
        for key in ["a", "b"] { _ = (strict.take(key), loose.take(key)) }
        #expect(strict.take("c").isFull && strict.take("a").known != nil)
        #expect(loose.take("c").claimed != nil && loose.row("a") == nil && loose.row("b") != nil && loose.count == 2)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `random claims are those of a dictionary`(seed: UInt64) throws {
        var dice = SplitMix64(seed: seed)
        var table = IdempotencyTable()
        var model = [String: UInt32]()
        for step in 0..<5000 {
            let scope = UInt64.random(in: 0..<3, using: &dice)
            let number = Int.random(in: 0..<400, using: &dice)
            let key = number % 3 == 0 ? "\(number)" : "a key that is longer than sixteen \(number)"
            let name = "\(scope) \(key)"
            if let known = model[name] {
                #expect(table.take(key, scope: scope).known == known, "seed \(seed), step \(step)")
                if Int.random(in: 0..<3, using: &dice) == 0 {
                    table.remove(known)
                    model[name] = nil
                }
            } else {
                #expect(table.row(key, scope: scope) == nil, "seed \(seed), step \(step)")
                model[name] = try #require(table.take(key, scope: scope).claimed)
            }
            #expect(table.count == model.count)
        }
        var seen = 0
        table.forEach { known, _ in
            #expect(model["\(known.scope) \(String(decoding: known.key, as: UTF8.self))"] != nil)
            seen += 1
        }
        #expect(seen == model.count)
    }
}

struct OrderIdTests {
    private func parsed(_ text: String) -> OrderId? {
        var text = text
        return text.withUTF8 { OrderId(parsing: $0) }
    }

    @Test func `ids are of version 7, unique, and never smaller than one before`() {
        var last = OrderId(high: 0, low: 0)
        for _ in 0..<20_000 {
            let id = OrderId.make()
            #expect(id.high >> 12 & 15 == 7 && id.low >> 62 == 2 && id.high > last.high)
            last = id
        }
    }

    @Test func `an id is read as it is written`() {
        let id = OrderId(high: 0x0123_4567_89AB_7CDE, low: 0x8F01_2345_6789_ABCD)
        let text = String(unsafeUninitializedCapacity: 36) {
            id.write(to: $0)
            return 36
        }
        #expect(text == "01234567-89ab-7cde-8f01-23456789abcd")
        #expect(parsed(text) == id && parsed(text.uppercased()) == id && parsed("{\(text)}") == id)
        for bad in [
            "", text + "0", String(text.dropLast()), "{" + text, text.replacing("-", with: "+"),
            text.replacing("a", with: "g"),
        ] {
            #expect(parsed(bad) == nil)
        }
    }
}

struct OrderPhaseTests {
    private static let steps: [(OrderPhase, OrderPhase)] = [
        (.new, .cancelled), (.new, .rejected), (.submitted, .acknowledged), (.submitted, .cancelled),
        (.submitted, .rejected),
        (.submitted, .expired), (.acknowledged, .partiallyFilled), (.acknowledged, .filled),
        (.acknowledged, .cancelled),
        (.acknowledged, .rejected), (.acknowledged, .expired), (.partiallyFilled, .partiallyFilled),
        (.partiallyFilled, .filled),
        (.partiallyFilled, .cancelled), (.partiallyFilled, .expired),
    ]

    @Test(arguments: OrderPhase.allCases, OrderPhase.allCases)
    func `the steps between phases are those of the table of an order's life`(from: OrderPhase, to: OrderPhase) {
        #expect(from.allows(to) == Self.steps.contains { $0 == (from, to) })
    }

    @Test(arguments: OrderState.allCases)
    func `every state has a phase, and is over in both or in neither`(state: OrderState) {
        var life = OrderLife(quantity: .max)
        life.state = state
        #expect(OrderPhase(life).isTerminal == state.isTerminal)
    }
}
