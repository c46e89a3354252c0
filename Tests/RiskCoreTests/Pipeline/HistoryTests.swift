import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Random histories, played against the engine and against the model beside each other.
@Suite struct `Any history` {
    @Test(arguments: modes, 1...8 as ClosedRange<UInt64>)
    func `is answered as the model answers it`(mode: SyncMode, seed: UInt64) throws {
        let history = try History(mode, seed: seed)
        for step in 0..<3000 {
            if let difference = try history.step() {
                Issue.record("mode \(mode), seed \(seed), step \(step): \(difference)")
                return
            }
        }
    }
}

private final class History {
    private var random: SplitMix64
    private var model = ModelEngine()
    private var test: TestEngine!
    private var custom = ModelEngine.Custom.accept
    private var customBlocks = false
    private var commits = 0
    private var rollbacks = 0
    private var requests: [(handle: UInt64, trade: ModelEngine.Trade)] = []
    private var reservations: [UInt64] = []

    private let accounts: [UInt64] = [1, 2, 3, 1 << 40]
    private let assets = ["USD", "EUR"]

    init(_ mode: SyncMode, seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        model.brokerRate = .init(maxOrders: 6, length: 100)
        model.brokerSize = .init(quantity: decimal("50"), notional: decimal("900"))
        model.brokerBounds = ["USD": .init(lower: decimal("-100"), upper: nil)]
        let hooks = Hooks(
            "Model",
            start: { [unowned self] hook, _ in
                switch custom {
                case .rejectOrder: try hook.reject()
                case .rejectAccount: try hook.reject("r", "d", .account)
                case .fail:
                    try hook.reject("taken back", "d", .account)
                    throw HookFailure()
                default: break
                }
            },
            main: { [unowned self] hook, _ in
                try hook.addMutation(commit: { self.commits += 1 }, rollback: { self.rollbacks += 1 })
                if custom == .rejectInMain { try hook.reject("m") }
                if custom == .rejectAccountInMain { try hook.reject("m", "d", .account) }
            }, report: { [unowned self] hook, _ in if customBlocks { try hook.addBlock("b", by: "Model") } })
        test = try TestEngine(
            mode, .validation, .rateLimit([RateLimitBarrier(.broker, RateLimit(maxOrders: 6, windowNanoseconds: 100))]),
            .orderSize([OrderSizeBarrier(.broker, quantity: "50", notional: "900")]),
            .killSwitch([PnlBarrier(.broker, lower: "-100")]), .custom(hooks))
    }

    deinit { for reservation in reservations { try? test.engine.rollback(reservation) } }

    /// Takes a random step on both sides; what differs, if anything does.
    func step() throws -> String? {
        if let difference = try take() { return difference }
        return test.engine.checkInvariants().map { "\($0)" }
    }

    private func take() throws -> String? {
        if random.once(in: 3) { test.engine.packWaiting() }
        switch random.next(below: 20) {
        case 0...5: return try order(isDry: false)
        case 6: return try order(isDry: true)
        case 7: return try execute()
        case 8, 9: return try finish()
        case 10...12: return try report()
        case 13:
            let span = random.next(below: 60)
            try test.clock.advance(by: span)
            model.now += span
        case 14, 15: try administer()
        case 16: try configureRates()
        case 17: try configureSizes()
        case 18: try configureBounds()
        default:
            let (account, settlement, total) = (random.element(of: accounts), random.element(of: assets), amount())
            try test.engine.setPnl(of: account, in: settlement, to: "\(total)")
            model.totals[.init(account: account, asset: settlement)] = total
        }
        return compareBlocks()
    }

    private func compareBlocks() -> String? {
        for account in accounts {
            let told = test.block(of: account).map { "reject \($0)" }
            guard told == model.blockReject(of: account) else {
                return "block of \(account): \(told ?? "none"), not \(model.blockReject(of: account) ?? "none")"
            }
        }
        return nil
    }

    private func compare(_ told: Answer, _ expected: [String]) -> String? {
        let lines = told == Answer() ? [] : told.description.split(separator: "\n").map(String.init)
        if lines != expected { return "\(lines), not \(expected)" }
        if commits != model.commits || rollbacks != model.rollbacks {
            return "\(commits) commits, \(rollbacks) rollbacks"
        }
        return compareBlocks()
    }

    // Orders.

    private func amount() -> Decimal { decimal("\(Int(random.next(below: 300)) - 150)") }

    private func trade() -> ModelEngine.Trade {
        ModelEngine.Trade(
            account: random.once(in: 15) ? nil : random.element(of: accounts),
            settlement: random.once(in: 15) ? nil : random.element(of: assets),
            quantity: random.once(in: 15) ? nil : decimal("\(random.next(below: 60))"),
            price: random.once(in: 15) ? nil : decimal("\(Int(random.next(below: 50)) - 10).5"))
    }

    private func order(_ trade: ModelEngine.Trade) -> Order {
        var order = Order(account: trade.account.map { AccountId($0) }, side: .buy)
        order.instrument = trade.settlement.map { Instrument(underlying: asset("AAPL"), settlement: asset($0)) }
        order.amount = trade.quantity.map { .quantity($0) }
        order.price = trade.price
        return order
    }

    private func order(isDry: Bool) throws -> String? {
        let trade = trade()
        custom = random.once(in: 3) ? random.element(of: ModelEngine.Custom.allCases) : .accept
        if isDry {
            return compare(
                try test.dryRun(order(trade), throughMainStage: false), model.start(trade, custom, isDry: true))
        }
        var expected = model.start(trade, custom)
        if random.once(in: 2) {
            let request = try test.request(order(trade))
            if let request { requests.append((request, trade)) }
            return (request == nil) == expected.isEmpty ? "start: \(expected)" : compareBlocks()
        }
        if expected.isEmpty { expected = model.main(trade, custom) }
        let (reservation, answer) = try test.execute(order(trade))
        if let reservation { reservations.append(reservation) }
        return compare(answer, expected)
    }

    private func execute() throws -> String? {
        guard !requests.isEmpty else { return nil }
        let (handle, trade) = requests.remove(at: Int(random.next(below: UInt64(requests.count))))
        custom = random.element(of: ModelEngine.Custom.allCases)
        if random.once(in: 4) {
            test.engine.drop(request: handle)
            return nil
        }
        let expected = model.main(trade, custom)
        let (reservation, answer) = try test.execute(request: handle)
        if let reservation { reservations.append(reservation) }
        return compare(answer, expected)
    }

    private func finish() throws -> String? {
        guard !reservations.isEmpty else { return nil }
        let handle = reservations.remove(at: Int(random.next(below: UInt64(reservations.count))))
        let commits = random.once(in: 2)
        if commits { try test.engine.commit(handle) } else { try test.engine.rollback(handle) }
        model.finish(commits: commits)
        return compare(Answer(), [])
    }

    private func report() throws -> String? {
        let account = random.once(in: 20) ? nil : random.element(of: accounts)
        let settlement = random.element(of: assets)
        let pnl = random.once(in: 20) ? nil : amount()
        let fee = decimal("\(random.next(below: 10))")
        customBlocks = random.once(in: 20)
        var report = ExecutionReport(account: account.map { AccountId($0) })
        report.instrument = Instrument(underlying: asset("AAPL"), settlement: asset(settlement))
        report.financialImpact = pnl.map { .init(pnl: $0, fee: fee) }
        return compare(
            try test.apply(report),
            model.report(account, settlement, pnl: pnl, fee: fee, customBlocks: customBlocks))
    }

    // Operators.

    private func administer() throws {
        let engine = test.engine
        let account = random.element(of: accounts)
        let group = UInt32(random.next(below: 2) + 5)
        switch random.next(below: 9) {
        case 0:
            engine.block(account, "ops")
            model.block(account, "ops")
        case 1...3:
            // Often, so that orders reach the policies.
            for account in accounts {
                engine.unblock(account)
                model.unblock(account)
            }
            try engine.unblockEverything()
            model.unblockEverything()
        case 4:
            let fault = failure { () throws(BlockFault) in try engine.replaceBlockReason(of: account, "new") }
            #expect((fault == nil) == model.replace(account, "new"))
        case 5:
            try engine.block(group: group, "grp")
            model.block(group: group, "grp")
        case 6:
            for group in 5...6 as ClosedRange<UInt32> {
                try engine.unblock(group: group)
                model.unblock(group: group)
            }
        case 7:
            let fault = failure { () throws(GroupFault) in try engine.register(account, group: group) }
            #expect((fault == nil) == (model.groups[account] == nil))
            if model.groups[account] == nil { model.groups[account] = group }
        default:
            let fault = failure { () throws(GroupFault) in try engine.unregister(account, group: group) }
            #expect((fault == nil) == (model.groups[account] == group))
            if model.groups[account] == group { model.groups[account] = nil }
        }
    }

    // Configuration. The broker's barrier always stays, so that no change is refused.

    private func window() -> ModelEngine.Window {
        .init(maxOrders: random.next(below: 12), length: random.element(of: [20, 100, 300]))
    }

    private func configureRates() throws {
        func limit(_ window: ModelEngine.Window) -> RateLimit {
            RateLimit(maxOrders: window.maxOrders, windowNanoseconds: window.length)
        }
        switch random.next(below: 4) {
        case 0:
            let window = window()
            model.setRates(broker: window, assets: nil, accounts: nil)
            try test.engine.configure([.broker], [RateLimitBarrier(.broker, limit(window))])
        case 1:
            var windows: [String: ModelEngine.Window] = [:]
            for asset in assets where random.once(in: 2) { windows[asset] = window() }
            model.setRates(broker: nil, assets: windows, accounts: nil)
            try test.engine.configure([.asset], windows.map { RateLimitBarrier(.asset(asset($0)), limit($1)) })
        case 2:
            var windows: [UInt64: ModelEngine.Window] = [:]
            for account in accounts where random.once(in: 2) { windows[account] = window() }
            model.setRates(broker: nil, assets: nil, accounts: windows)
            try test.engine.configure([.account], windows.map { RateLimitBarrier(.account(AccountId($0)), limit($1)) })
        default:
            model.pairRates = [:]
            for account in accounts where random.once(in: 3) {
                model.pairRates[.init(account: account, asset: random.element(of: assets))] = window()
            }
            try test.engine.configure(
                [.accountAsset],
                model.pairRates.map {
                    RateLimitBarrier(.accountAsset(AccountId($0.account), asset($0.asset)), limit($1))
                })
        }
    }

    private func configureSizes() throws {
        func size() -> ModelEngine.Size {
            .init(quantity: decimal("\(random.next(below: 60))"), notional: decimal("\(random.next(below: 2000))"))
        }
        func limit(_ size: ModelEngine.Size) -> OrderSizeLimit {
            OrderSizeLimit(quantityMax: size.quantity, notionalMax: size.notional)
        }
        model.assetSizes = [:]
        model.pairSizes = [:]
        for asset in assets where random.once(in: 3) { model.assetSizes[asset] = size() }
        for account in accounts where random.once(in: 4) {
            model.pairSizes[.init(account: account, asset: random.element(of: assets))] = size()
        }
        try test.engine.configure(
            [.asset, .accountAsset],
            model.assetSizes.map { OrderSizeBarrier(.asset(asset($0)), limit($1)) }
                + model.pairSizes.map {
                    OrderSizeBarrier(.accountAsset(AccountId($0.account), asset($0.asset)), limit($1))
                })
    }

    private func configureBounds() throws {
        func bounds() -> ModelEngine.Bounds {
            .init(lower: decimal("-\(random.next(below: 300))"), upper: random.once(in: 2) ? decimal("200") : nil)
        }
        model.brokerBounds = ["USD": bounds()]
        if random.once(in: 2) { model.brokerBounds["EUR"] = bounds() }
        model.pairBounds = [:]
        for account in accounts where random.once(in: 3) {
            model.pairBounds[.init(account: account, asset: random.element(of: assets))] = bounds()
        }
        try test.engine.configure(
            [.broker, .accountAsset],
            model.brokerBounds.map {
                PnlBarrier(.broker, settlement: asset($0), PnlBounds(lower: $1.lower, upper: $1.upper))
            }
                + model.pairBounds.map {
                    PnlBarrier(
                        .account(AccountId($0.account), initial: nil), settlement: asset($0.asset),
                        PnlBounds(lower: $1.lower, upper: $1.upper))
                })
    }
}
