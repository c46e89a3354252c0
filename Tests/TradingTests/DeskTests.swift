import Decimals
import TestSupport
import Testing

@testable import Trading

/// A desk of three instruments, without limits unless a test says so.
private final class Floor {
    var desk: Desk

    init(_ change: (inout Desk.Options) -> Void = { _ in }) throws {
        var options = Desk.Options()
        options.capital = Decimal(1_000_000 as UInt64)
        change(&options)
        desk = Desk(options)
        for _ in 0..<3 { _ = try desk.addInstrument(try Self.terms()) }
        try desk.begin(at: 1, day: 1)
    }

    static func terms() throws -> InstrumentTerms {
        InstrumentTerms(
            multiplier: Decimal(2 as UInt64), step: try number("0.0001"), minimum: try number("0.0001"),
            marginRate: Decimal(1 as UInt64))
    }

    func held(_ instrument: UInt32) -> Decimal { desk.instrument(instrument)?.pointee.position.quantity ?? .zero }

    /// What a command fails with.
    func failure(_ command: (inout Desk) throws(DeskFailure) -> Void) -> DeskFailure? {
        do throws(DeskFailure) { try command(&desk) } catch { return error }
        return nil
    }

    func order(_ instrument: UInt32, _ side: DeskSide, _ quantity: Decimal?) throws -> UInt64 {
        var request = DeskRequest(instrument, side)
        request.quantity = quantity
        request.signal = try desk.receive(request)
        let verdict = try desk.check(request, try desk.situation(instrument, side))
        let order = try desk.create(request, verdict)
        if verdict.reason == .none { try desk.move(order, .orderSubmitted, .none) }
        return order
    }

    /// The events so far, and an end to them.
    func take() -> [DeskEvent] {
        let events = Array(desk.events.contents)
        desk.events.removeAll()
        return events
    }
}

/// What there is to compare of two desks.
private struct Sight: Equatable {
    var money: [Decimal]
    var orders: [OrderLife]
    var positions: [Decimal]
    var halts: Halts
    var sequence: UInt64
    var openCount: UInt64
    var waiting: UInt32

    init(_ desk: borrowing Desk) {
        let money = desk.money
        self.money = [money.cash, money.realized, money.unrealized, money.commissions, desk.risk.peak ?? .zero]
        orders = (0..<desk.orderCount).map { desk.orders.pointer(at: $0).pointee.life }
        positions = (0..<desk.instrumentCount).flatMap {
            let row = desk.instruments.pointer(at: $0).pointee
            return [row.position.quantity, row.position.cost, row.position.realized, row.openBuys, row.openSells]
        }
        halts = desk.risk.halts
        sequence = desk.sequence
        openCount = desk.openCount
        waiting = desk.waitingCount
    }
}

struct DeskTests {
    /// Random trading, with fills that are late, too large, told twice or of nobody's order: the events alone lead another desk
    /// to the same, and what was earned is what was sold less what was bought.
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `events lead another desk to the same state`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let floor = try Floor { $0.limits.opposite = .flip }
        var flow = Decimal.zero
        var sent: [(UInt64, UInt32, DeskSide)] = []
        var events: [DeskEvent] = []
        func below(_ limit: UInt64) -> UInt64 { random.next() % limit }
        for step in 0..<400 {
            try floor.desk.begin(at: Int64(step) * 1_000_000, day: Int32(1 + step / 100))
            let instrument = UInt32(truncatingIfNeeded: below(3))
            let price = Decimal(shortDigits: 900 + below(200), scale: 1)
            let quantity = Decimal(shortDigits: 1 + below(999), scale: 2)
            let side: DeskSide = below(2) == 0 ? .buy : .sell
            switch below(5) {
            case 0: try floor.desk.mark(instrument, at: price, source: 1)
            case 1: sent.append((try floor.order(instrument, side, quantity), instrument, side))
            case 2 where !sent.isEmpty:
                let order = sent[Int(below(UInt64(sent.count)))].0
                if floor.desk.order(order)?.pointee.life.stage.allows(.cancelled) ?? false {
                    try floor.desk.move(order, .orderCancelled, .given)
                }
            default:
                let known = sent.isEmpty ? nil : sent[Int(below(UInt64(sent.count)))]
                var fill = DeskFill(
                    instrument: known?.1 ?? instrument, side: known?.2 ?? side, quantity: quantity, price: price)
                fill.order = known?.0 ?? 0
                fill.number = 1 + below(300)
                if try floor.desk.fill(fill) {
                    let worth = try #require(quantity.multipliedExactly(by: price))
                    let signed = fill.side == .sell ? worth : worth.negated
                    flow = try #require(flow.addingExactly(signed))
                }
            }
            let taken = floor.take()
            #expect(taken.map(\.sequence) == taken.indices.map { UInt64(events.count + $0 + 1) }, "seed \(seed)")
            events += taken
        }
        for instrument in 0..<3 as Range<UInt32> {
            let held = floor.held(instrument)
            if held.isZero { continue }
            let price = try number("77.7")
            let closing = DeskFill(
                instrument: instrument, side: held.isNegative ? .buy : .sell, quantity: held.magnitude, price: price)
            _ = try floor.desk.fill(closing)
            let worth = try #require(held.multipliedExactly(by: price))
            flow = try #require(flow.addingExactly(worth))
        }
        events += floor.take()
        let (money, count) = (floor.desk.money, floor.desk.positionCount)
        #expect(money.realized == flow.multipliedExactly(by: Decimal(2 as UInt64)), "seed \(seed)")
        #expect(count == 0 && money.unrealized.isZero, "seed \(seed)")

        var again = Desk(Desk.Options())
        for _ in 0..<3 { _ = try again.addInstrument(try Floor.terms()) }
        for event in events { try again.replay(event) }
        let (one, two) = (Sight(again), Sight(floor.desk))
        #expect(one == two, "seed \(seed)")
    }

    @Test func `a command that does not fit changes nothing`() throws {
        let floor = try Floor()
        try floor.desk.mark(0, at: try number("100"), source: 1)
        let order = try floor.order(0, .buy, try number("10"))
        var fill = DeskFill(instrument: 0, side: .buy, quantity: try number("10"), price: try number("100"))
        fill.order = order
        _ = try floor.desk.fill(fill)
        let before = Sight(floor.desk)
        #expect(floor.failure { (desk) throws(DeskFailure) in try desk.mark(0, at: .max, source: 1) } == .overflow)
        fill.quantity = .max
        #expect(floor.failure { (desk) throws(DeskFailure) in _ = try desk.fill(fill) } == .overflow)
        fill.quantity = .zero
        #expect(floor.failure { (desk) throws(DeskFailure) in _ = try desk.fill(fill) } == .invalid)
        #expect(floor.failure { (desk) throws(DeskFailure) in try desk.mark(9, at: .zero, source: 1) } == .notFound)
        #expect(
            floor.failure { (desk) throws(DeskFailure) in try desk.move(order, .orderSubmitted, .none) } == .refused)
        #expect(floor.failure { (desk) throws(DeskFailure) in try desk.resume() } == .idle)
        #expect(floor.failure { (desk) throws(DeskFailure) in try desk.replay(DeskEvent(.started)) } == .invalid)
        let after = Sight(floor.desk)
        #expect(after == before)
    }

    @Test(arguments: [("900000.1", false), ("900000", false), ("899999.9", true)])
    func `a drawdown halts beyond its limit, and not at it`(equity: String, halts: Bool) throws {
        let floor = try Floor {
            $0.isBare = true
            $0.limits.drawdownShare = Decimal(shortDigits: 1, scale: 1)
        }
        try floor.desk.observe(try number("1000000"))
        try floor.desk.observe(try number(equity))
        let risk = floor.desk.risk
        #expect(risk.halts.contains(.drawdown) == halts)
    }

    @Test func `halts are a list, the first one first`() {
        var halts = Halts()
        halts.add(.manual)
        halts.add(.dailyLoss)
        halts.add(.manual)
        halts.add(.drawdown)
        #expect(halts.first == .manual && halts.packed == 0b01_10_11)
        halts.remove(.manual)
        #expect(halts.first == .dailyLoss && halts.contains(.drawdown) && halts.packed == 0b01_10)
        halts.remove(.dailyLoss)
        halts.remove(.drawdown)
        #expect(halts.isEmpty)
    }
}
