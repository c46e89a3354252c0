import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Service

/// What the gates ought to say, found by adding everything up each time. All numbers are whole.
private struct Model {
    struct Open {
        let id: Int
        let strategy: Int
        let instrument: Int
        let side: Side
        let total: Int
        var open: Int
        var short: Int
    }

    static let sectors = [1, 1, 2]
    var held = [[0, 0, 0], [0, 0, 0]]
    var prices = [500, 400, 50_000]
    var nav = 1_000_000
    var base = 1_000_000
    var isHalted = false
    var orders: [Open] = []
    var available = 200
    /// In percent.
    var (position, gross, net, sector, own) = (40, 90, 60, 70, 25)
    var notional = 300_000

    func pending(_ instrument: Int, _ side: Side, _ strategy: Int? = nil) -> Int {
        orders.filter { $0.instrument == instrument && $0.side == side && (strategy == nil || $0.strategy == strategy) }
            .reduce(0) { $0 + $1.open }
    }

    func quantity(_ instrument: Int, _ strategy: Int? = nil) -> Int {
        strategy.map { held[$0][instrument] } ?? held[0][instrument] + held[1][instrument]
    }

    private func up(_ instrument: Int, _ strategy: Int?) -> Int {
        (quantity(instrument, strategy) + pending(instrument, .buy, strategy)) * prices[instrument]
    }

    private func down(_ instrument: Int, _ strategy: Int?) -> Int {
        (quantity(instrument, strategy) - pending(instrument, .sell, strategy)) * prices[instrument]
    }

    private func gross(_ instrument: Int, _ strategy: Int? = nil) -> Int {
        max(abs(up(instrument, strategy)), abs(down(instrument, strategy)))
    }

    var isInBreach: Bool { nav <= 0 || (base - nav) * 10 >= base }

    func reduces(_ side: Side, _ instrument: Int, _ asked: Int) -> Bool {
        let now = quantity(instrument)
        guard now != 0, (now < 0) == (side == .buy) else { return false }
        return asked <= abs(now) - pending(instrument, side)
    }

    func short(_ side: Side, _ instrument: Int, _ asked: Int) -> Int {
        if side == .buy || reduces(side, instrument, asked) { return 0 }
        let after = quantity(instrument) - pending(instrument, .sell) - asked
        return after < 0 ? min(asked, -after) : 0
    }

    /// With the order among those that are open.
    func code(_ side: Side, _ instrument: Int, _ asked: Int, _ strategy: Int) -> GateCode {
        if reduces(side, instrument, asked) { return .passed }
        if asked * prices[instrument] > notional { return .maxOrderNotional }
        if nav <= 0 { return .navNotPositive }
        var with = self
        with.orders.append(
            Open(id: 0, strategy: strategy, instrument: instrument, side: side, total: asked, open: asked, short: 0))
        if let code = with.exposure(side, instrument, nil, position, gross, net) { return code }
        let group = (0..<3).filter { Self.sectors[$0] == Self.sectors[instrument] }
        if group.reduce(0, { $0 + with.gross($1) }) * 100 > sector * nav { return .maxSector }
        if strategy == 1, let code = with.exposure(side, instrument, 1, own, 1000, 1000) { return code }
        if isHalted || isInBreach { return .haltedDailyLoss }
        let short = short(side, instrument, asked)
        let reserved = orders.filter { $0.instrument == instrument }.reduce(0) { $0 + $1.short }
        return short > 0 && reserved + short > available ? .notBorrowable : .passed
    }

    private func exposure(
        _ side: Side, _ instrument: Int, _ strategy: Int?, _ position: Int, _ gross: Int, _ net: Int
    ) -> GateCode? {
        let value = side == .buy ? up(instrument, strategy) : -down(instrument, strategy)
        if value * 100 > position * nav { return .maxPosition }
        if (0..<3).reduce(0, { $0 + self.gross($1, strategy) }) * 100 > gross * nav { return .maxGross }
        let sum = (0..<3).reduce(0) { $0 + (side == .buy ? up($1, strategy) : -down($1, strategy)) }
        return sum * 100 > net * nav ? .maxNet : nil
    }

    mutating func fill(_ index: Int, _ asked: Int) {
        let order = orders[index]
        held[order.strategy][order.instrument] += order.side == .buy ? asked : -asked
        orders[index].open -= asked
        orders[index].short = min(order.short, order.open - asked)
        if orders[index].open == 0 { orders.remove(at: index) }
    }
}

struct RandomGatesTests {
    private static func percent(_ number: Int) -> Decimal { decimal("\(number)").divided(by: decimal("100")) ?? .zero }

    private func desk(for model: Model) throws -> GatesDesk {
        var desk = try GatesDesk.make { values in
            values.orderNotional = decimal("\(model.notional)")
            values.position = Self.percent(model.position)
            values.gross = Self.percent(model.gross)
            values.net = Self.percent(model.net)
            values.sector = Self.percent(model.sector)
            values.losses = [decimal("0.1"), nil, nil]
        }
        var own = desk.values
        own.ownPosition = Self.percent(model.own)
        own.ownGross = decimal("10")
        own.ownNet = decimal("10")
        try desk.setLimits(desk.momo, own)
        for instrument in 0..<3 {
            try desk.gates.borrow(
                UInt32(instrument), fee: .zero, available: decimal("\(model.available)"), at: desk.now)
        }
        return desk
    }

    @Test(arguments: 1...20)
    func `random histories are judged as by adding everything up`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed) &* 0x9E37)
        var model = Model()
        var desk = try desk(for: model)
        var (passed, refused, count) = (0, 0, 0)
        for step in 0..<400 {
            switch random.next(below: 10) {
            case 0...4:
                let (instrument, strategy) = (Int(random.next(below: 3)), Int(random.next(below: 2)))
                let side: Side = random.once(in: 2) ? .buy : .sell
                let asked = Int(1 + random.next(below: instrument == 2 ? 4 : 300))
                let expected = model.code(side, instrument, asked, strategy)
                let short = model.short(side, instrument, asked)
                count += 1
                let verdict = try desk.check(side, UInt32(instrument), "\(asked)", strategy == 0 ? desk.own : desk.momo)
                #expect(verdict.code == expected, "seed \(seed), step \(step)")
                #expect(verdict.isReducing == model.reduces(side, instrument, asked), "seed \(seed), step \(step)")
                if expected == .haltedDailyLoss { model.isHalted = true }
                if expected == .passed {
                    passed += 1
                    #expect(verdict.short == "\(short)", "seed \(seed), step \(step)")
                    model.orders.append(
                        Model.Open(
                            id: count, strategy: strategy, instrument: instrument, side: side, total: asked,
                            open: asked, short: short))
                } else {
                    refused += 1
                }
            case 5, 6:
                guard !model.orders.isEmpty else { continue }
                let index = Int(random.next(below: UInt64(model.orders.count)))
                let order = model.orders[index]
                let asked = Int(1 + random.next(below: UInt64(order.open)))
                let outcome = try desk.fill(
                    order.side, UInt32(order.instrument), "\(asked)", "\(model.prices[order.instrument])",
                    order: order.id, order.strategy == 0 ? desk.own : desk.momo)
                #expect(outcome.open == "\(order.open - asked)", "seed \(seed), step \(step)")
                model.fill(index, asked)
            case 7:
                guard !model.orders.isEmpty else { continue }
                let order = model.orders.remove(at: Int(random.next(below: UInt64(model.orders.count))))
                _ = try desk.gates.close(GatesDesk.id(order.id))
            case 8:
                let instrument = Int(random.next(below: 3))
                model.prices[instrument] = max(1, model.prices[instrument] * Int(90 + random.next(below: 22)) / 100)
                try desk.gates.quote(UInt32(instrument), last: decimal("\(model.prices[instrument])"), at: desk.now)
            default:
                model.nav = 880_000 + Int(random.next(below: 240_000))
                try desk.note("\(model.nav)")
                if model.isInBreach { model.isHalted = true }
                if model.isHalted, random.once(in: 2) {
                    _ = try desk.gates.resume(desk.fund, nil, rebases: true, isTrial: false)
                    if model.isInBreach { model.base = model.nav }
                    model.isHalted = false
                }
            }
            #expect(desk.gates.checkInvariants().words == nil, "seed \(seed), step \(step)")
            for instrument in 0..<3 {
                let held = (try? desk.gates.position(desk.fund, UInt32(instrument)).quantity) ?? .zero
                #expect(held == "\(model.quantity(instrument))", "seed \(seed), step \(step)")
            }
        }
        #expect(passed > 20 && refused > 20)
        #expect(desk.gates.keyCount == count)
    }
}
