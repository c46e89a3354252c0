import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Account 1 has traded AAPL for USD, and the report has no lock.
private func traded(_ side: Side, _ quantity: String, at price: String, fee: String? = nil) -> ExecutionReport {
    var report = ExecutionReport(
        account: AccountId(1), instrument: Instrument(underlying: asset("AAPL"), settlement: asset("USD")), side: side,
        trade: ExecutionReport.Trade(price: decimal(price), quantity: decimal(quantity)))
    if let fee { report.fillFee = ExecutionReport.Fee(amount: decimal(fee), asset: asset("USD")) }
    return report
}

extension TestEngine {
    /// Without spot funds, with a ledger.
    fileprivate convenience init(keeping policies: TestPolicy...) throws {
        try self.init(.none, policies) { try $0.keepLedger() }
    }

    fileprivate func amounts(_ name: String) throws -> [String] {
        let holding = try engine.holding(of: AccountId(1), asset(name))
        return [holding.balance, holding.held, holding.incoming].map { "\($0)" }
    }

    fileprivate var pnl: String {
        get throws {
            switch try engine.accountPnl(of: AccountId(1)) {
            case .value(let value): "\(value)"
            case .halted(let reason): "\(reason)"
            }
        }
    }

    fileprivate func apply(_ operation: AccountAdjustment.Operation?, _ balance: BoundedChange = BoundedChange()) throws
        -> (failed: Int?, answer: Answer)
    {
        var failed: Int?
        let answer = try answer { findings in
            failed = try withUnsafePointer(to: AccountAdjustment(operation: operation, balance: balance)) {
                try engine.apply(UnsafeBufferPointer(start: $0, count: 1), to: AccountId(1), into: findings)
            }
        }
        return (failed, answer)
    }
}

@Suite struct `A ledger without spot funds` {
    @Test func `is there when it was asked for, and not otherwise`() throws {
        let without = try TestEngine(.none, .validation)
        #expect(throws: EngineError.notFound) { try without.amounts("USD") }
        #expect(throws: EngineError.notFound) { try without.pnl }
        let with = try TestEngine(keeping: .validation)
        #expect(try with.amounts("USD") == ["0", "0", "0"])
        #expect(try with.pnl == "0")
    }

    @Test func `is no policy, so an engine still needs one`() throws {
        #expect(throws: EngineBuildFault.self) {
            _ = try TestEngine.build(.none, .system, []) { try $0.keepLedger() }
        }
    }

    @Test func `is not kept by a builder that is spent`() throws {
        var builder = EngineBuilder()
        try builder.addOrderValidation()
        let engine = try builder.build()
        defer { engine.release() }
        var isConsumed = false
        do throws(PolicyAddFault) { try builder.keepLedger() } catch {
            if case .builderConsumed = error { isConsumed = true }
        }
        #expect(isConsumed)
    }

    @Test func `is left alone by orders`() throws {
        let test = try TestEngine(keeping: .validation)
        #expect(try test.adjust("USD").failed == nil)
        #expect(try test.executeCommitting(order("5@10")).outcomes.isEmpty)
        #expect(try test.amounts("USD") == ["1", "0", "0"])
        #expect(try test.amounts("AAPL") == ["0", "0", "0"])
    }

    @Test(arguments: ["9", "10", "11"])
    func `moves what was traded, whatever lock the report has`(locked: String) throws {
        let test = try TestEngine(keeping: .validation)
        let lock = [LockEntry(price: decimal(locked), policyGroup: .default)]
        for _ in 0..<2 {
            try lock.withUnsafeBufferPointer { lock in
                var report = traded(.buy, "2", at: "10")
                report.lock = lock
                report.isFinal = true
                report.leavesQuantity = decimal("3")
                let answer = try test.apply(report)
                #expect(answer.blocks.isEmpty)
            }
        }
        #expect(try test.amounts("USD") == ["-40", "0", "0"])
        #expect(try test.amounts("AAPL") == ["4", "0", "0"])
    }

    @Test func `keeps averages, fees and P&L, and tells them before policies say anything`() throws {
        let hooks = Hooks("A", report: { hook, _ in try hook.addOutcome("EUR", group: 3) })
        let test = try TestEngine(keeping: .custom(hooks))
        try test.engine.setCurrency(asset("USD"), of: AccountId(1))
        _ = try test.apply(traded(.buy, "2", at: "10"))
        let answer = try test.apply(traded(.sell, "1", at: "15", fee: "1"))
        #expect(answer.outcomes.map { String($0.prefix(5)) } == ["0 AAP", "0 USD", "3 EUR"])
        #expect(answer.accountPnls == ["0 of 1: 4 to 4"])
        #expect(try test.amounts("USD") == ["-6", "0", "0"])
        #expect(try test.amounts("AAPL") == ["1", "0", "0"])
        #expect(try test.pnl == "4")
        #expect(try test.engine.holding(of: AccountId(1), asset("AAPL")).average == decimal("10"))
    }

    @Test func `has nothing to do with a report that neither trades nor costs anything`() throws {
        let test = try TestEngine(keeping: .validation)
        #expect(try test.apply(ExecutionReport()) == Answer())
        var report = traded(.buy, "0", at: "0")
        report.trade = nil
        report.fillFee = ExecutionReport.Fee(amount: .zero, asset: asset("USD"))
        report.account = nil
        #expect(try test.apply(report) == Answer())
    }

    @Test(arguments: ["account ID", "instrument", "side"])
    func `asks for a block in the engine's name when a trade lacks a field, and changes nothing`(field: String) throws {
        let test = try TestEngine(keeping: .validation)
        var report = traded(.buy, "1", at: "10")
        switch field {
        case "side": report.side = nil
        case "instrument": report.instrument = nil
        default: report.account = nil
        }
        let answer = try test.apply(report)
        #expect(answer.blocks.map(\.reason) == ["failed to access required field '\(field)'"])
        #expect(answer.blocks.map(\.policy) == ["Engine"])
        #expect(answer.outcomes.isEmpty)
        #expect(try test.amounts("USD") == ["0", "0", "0"])
        #expect(try !test.start().rejects.isEmpty)
    }

    @Test func `leaves everything as it was when a fill does not fit, and asks for a block`() throws {
        let test = try TestEngine(keeping: .validation)
        let most = "79228162514264337593543950335"
        let answer = try test.apply(traded(.buy, most, at: most))
        #expect(answer.blocks.map(\.reason) == ["arithmetic overflow"])
        #expect(try test.amounts("USD") == ["0", "0", "0"])
        #expect(try test.amounts("AAPL") == ["0", "0", "0"])
    }

    @Test(arguments: [(-1, 0), (0, nil), (1, nil)])
    func `takes adjustments within their bounds, and refuses others in the engine's name`(
        change: Int, failed: Int?
    ) throws {
        let test = try TestEngine(keeping: .validation)
        let bounded = BoundedChange(.delta(decimal("\(change)")), lower: .zero)
        let (failedIndex, answer) = try test.apply(.balance(.init(asset: asset("USD"))), bounded)
        #expect(failedIndex == failed)
        #expect(answer.rejects.map(\.policy) == (failed == nil ? [] : ["Engine"]))
        #expect(try test.amounts("USD")[0] == (failed == nil ? "\(change)" : "0"))
    }

    @Test func `takes a batch back that a policy refuses`() throws {
        let test = try TestEngine(keeping: .custom(Hooks("A", adjust: { hook, _ in try hook.reject() })))
        #expect(try test.adjust("USD").failed == 0)
        #expect(try test.amounts("USD") == ["0", "0", "0"])
        #expect(try test.apply(.accountPnl(.value(decimal("5")))).failed == 0)
        #expect(try test.pnl == "0")
    }

    @Test func `has an account's P&L set by hand, and leaves other policies what is not its own`() throws {
        let test = try TestEngine(keeping: .validation)
        #expect(try test.apply(.accountPnl(.value(decimal("5")))).failed == nil)
        #expect(try test.pnl == "5")
        #expect(try test.apply(.accountPnl(.halted(.missingFx))).failed == nil)
        #expect(try test.pnl == "missingFx")
        #expect(try test.apply(nil).failed == nil)
        #expect(try test.apply(.balance(.init(asset: .none)), BoundedChange(.delta(decimal("1")))).failed == 0)
    }

    @Test func `converts by the quotes that were given last`() throws {
        func market(_ mark: String) throws -> TestMarket {
            let market = try TestMarket()
            let id = try market.data.register(Instrument(underlying: asset("USD"), settlement: asset("EUR")))
            try market.data.push(Quote(mark: decimal(mark)), to: id)
            return market
        }
        let (first, second) = (try market("2"), try market("3"))
        let test = try TestEngine(.none, [.validation]) {
            try $0.keepLedger(first.data)
            try $0.keepLedger(second.data)
            try $0.keepLedger()
        }
        try test.engine.setCurrency(asset("EUR"), of: AccountId(1))
        _ = try test.apply(traded(.buy, "1", at: "10"))
        #expect(try test.engine.holding(of: AccountId(1), asset("AAPL")).average == decimal("30"))
    }

    @Test(arguments: [false, true])
    func `becomes that of spot funds, in either order`(keepsFirst: Bool) throws {
        let test = try TestEngine(.none, [.validation]) { builder in
            if keepsFirst { try builder.keepLedger() }
            try builder.add(.spotFunds(group: 7))
            if !keepsFirst { try builder.keepLedger() }
        }
        for _ in 0..<20 { _ = try test.adjust("USD") }
        let (reservation, answer) = try test.execute(order("2@10"))
        #expect(answer.lock == ["7 at 10"])
        #expect(try test.amounts("USD") == ["0", "20", "0"])
        try test.engine.rollback(reservation.unwrapped)
        #expect(try test.amounts("USD") == ["20", "0", "0"])
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `has earned what its cash and its shares at cost make together`(seed: UInt64) throws {
        let test = try TestEngine(keeping: .validation)
        try test.engine.setCurrency(asset("USD"), of: AccountId(1))
        var random = SplitMix64(seed: seed)
        var (cash, shares) = (Decimal.zero, Decimal.zero)
        for step in 0..<300 {
            let side: Side = random.once(in: 2) ? .buy : .sell
            let (units, price, fee) = (1 + random.next(below: 9), 90 + random.next(below: 20), random.next(below: 3))
            _ = try test.apply(traded(side, "\(units)", at: "\(price)", fee: "\(fee)"))
            let (moved, paid) = (decimal("\(units)"), decimal("\(units * price)"))
            shares = try shares.adding(side == .buy ? moved : moved.negated).unwrapped
            cash = try cash.adding(side == .buy ? paid.negated : paid).unwrapped
            cash = try cash.subtracting(decimal("\(fee)")).unwrapped
            let holding = try test.engine.holding(of: AccountId(1), asset("AAPL"))
            #expect(
                try test.engine.holding(of: AccountId(1), asset("USD")).balance == cash, "seed \(seed), step \(step)")
            #expect(holding.balance == shares, "seed \(seed), step \(step)")
            let cost = try (holding.average ?? .zero).multiplied(by: shares).unwrapped
            guard case .value(let pnl) = try test.engine.accountPnl(of: AccountId(1)) else {
                Issue.record("the P&L has stopped, seed \(seed), step \(step)")
                return
            }
            // Averages are rounded.
            let difference = try cash.adding(cost).unwrapped.subtracting(pnl).unwrapped
            #expect(difference.magnitude < decimal("0.00000000000000000001"), "seed \(seed), step \(step)")
        }
    }

    @Test func `goes with its engine`() throws {
        let engine = try TestEngine.build(.none, .system, [.validation]) { try $0.keepLedger() }
        engine.retainWeak()
        #expect(engine.checkInvariants() == nil)
        engine.release()
        #expect(throws: EngineError.closed) { try engine.holding(of: AccountId(1), asset("USD")) }
        #expect(engine.checkInvariants() == nil)
        engine.releaseWeak()
    }
}
