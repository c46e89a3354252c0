import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

/// An engine of spot funds that prices at the market of the histories, for as long as the test needs it.
final class FundsHouse: @unchecked Sendable {
    let engine: Engine
    let market: TestMarket

    init(_ mode: SyncMode) throws {
        market = try TestMarket(ttl: .within(nanoseconds: FundsMarket.ttl))
        for instrument in FundsMarket.known {
            guard let id = FundsMarket.id(of: instrument) else { continue }
            try market.data.register(instrument, as: id, ttl: id == FundsMarket.ageless ? .infinite : nil)
        }
        var options = SpotFundsOptions()
        options.market = market.data
        var builder = EngineBuilder(mode, clock: market.clock)
        try builder.addSpotFunds(options)
        engine = try builder.build()
    }

    deinit { engine.release() }
}

/// One thread's way into a house: takes steps and remembers the orders that are open.
final class FundsTrader {
    private let house: FundsHouse
    private let findings: UnsafeMutablePointer<Findings>
    private var open: [UInt64] = []
    private var stepCount = 0

    private var engine: Engine { house.engine }
    private static let policy = "SpotFundsPolicy"

    init(_ house: FundsHouse) {
        self.house = house
        findings = .allocate(capacity: 1)
        findings.initialize(to: Findings())
    }

    deinit {
        for reservation in open { try? engine.rollback(reservation) }
        findings.deinitialize(count: 1)
        findings.deallocate()
    }

    func play(_ step: FundsStep) throws -> FundsAnswer {
        findings.pointee.removeAll()
        stepCount += 1
        // Some orders are finalised in their frames, and some after they were packed.
        if stepCount.isMultiple(of: 3) { engine.packWaiting() }
        var failed: Int?
        var isBlocked: Bool?
        switch step {
        case .order(let order, let purpose): isBlocked = try take(order, purpose)
        case .commit(let number): try engine.commit(open.remove(at: number))
        case .rollback(let number): try engine.rollback(open.remove(at: number))
        case .report(let report): try apply(report)
        case .adjust(let account, let batch):
            failed = try batch.withUnsafeBufferPointer { try engine.apply($0, to: account, into: findings) }
        case .assertPnl(let account, let pnl):
            try withBytes(Self.policy) { try engine.setSpotFundsAccountPnl($0, of: account, to: pnl, into: findings) }
        case .configure(let settings): try configure(settings)
        case .barriers(let axes, let barriers):
            try withBytes(Self.policy) { name in
                try barriers.withUnsafeBufferPointer {
                    try engine.configureSpotFundsBarriers(name, axes, $0, into: findings)
                }
            }
        case .push(let quote, let id, let update, let accounts, let groups):
            try accounts.withUnsafeBufferPointer { accounts in
                try groups.withUnsafeBufferPointer { groups in
                    try house.market.data.push(quote, to: id, accounts: accounts, groups: groups, update)
                }
            }
        case .clear(let id): house.market.data.clear(id)
        case .wait(let nanoseconds): try house.market.clock.advance(by: nanoseconds)
        case .move(let account, let group): try move(account, to: group)
        case .accountCurrency(let account, let currency): try engine.setCurrency(currency, of: account)
        case .groupCurrency(let group, let currency): try engine.setCurrency(currency, of: group)
        case .unblock(let account): try engine.unblock(account)
        }
        return FundsAnswer(Answer(findings), failed: failed, isBlocked: isBlocked)
    }

    /// Whether the account of a drop copy is blocked.
    private func take(_ order: Order, _ purpose: CheckPurpose) throws -> Bool? {
        switch purpose {
        case .dryRun: _ = try engine.dryRun(order, throughMainStage: true, into: findings)
        case .order:
            if let reservation = try engine.executePreTrade(order, into: findings) { open.append(reservation) }
        case .dropCopy:
            let copy = try withUnsafePointer(to: order) { try engine.applyDropCopy($0, into: findings) }
            if let reservation = copy.reservation { open.append(reservation) }
            return copy.isAccountBlocked
        }
        return nil
    }

    private func apply(_ report: FundsReport) throws {
        try report.lock.withUnsafeBufferPointer { lock in
            let report = ExecutionReport(
                account: report.account, instrument: report.instrument, side: report.side, trade: report.trade,
                fillFee: report.fee, leavesQuantity: report.leaves, isFinal: report.isFinal, lock: lock)
            try withUnsafePointer(to: report) { try engine.apply($0, into: findings) }
        }
    }

    private func configure(_ settings: FundsSettings) throws {
        var update = SpotFundsUpdate()
        update.slippageBasisPoints = settings.slippageBasisPoints
        update.pricingSource = settings.pricingSource
        update.limitMode = settings.limitMode
        try settings.overrides.withUnsafeBufferPointer { overrides in
            try settings.modePins.withUnsafeBufferPointer { pins in
                try settings.positionLimits.withUnsafeBufferPointer { limits in
                    update.overrides = overrides
                    update.modePins = pins
                    update.positionLimits = limits
                    try withBytes(Self.policy) { try engine.configureSpotFunds($0, update) }
                }
            }
        }
    }

    private func move(_ account: AccountId, to group: AccountGroupId) throws {
        let old = try engine.group(of: account)
        try [account].withUnsafeBufferPointer { accounts in
            if old != .default { try engine.unregister(accounts, from: old) }
            if group != .default { try engine.register(accounts, in: group) }
        }
    }
}

// MARK: - What is known

extension FundsHouse {
    /// Everything there is to see of an account, one line each.
    func state(of account: AccountId, _ assets: [Asset]) throws -> [String] {
        let holdings = try assets.map { asset in
            let holding = try engine.holding(of: account, asset)
            let pnl: PnlState? =
                switch holding.pnl {
                case .absent: nil
                case .value(let value): .value(value)
                case .halted(let reason): .halted(reason)
                }
            return line(asset, holding.balance, holding.held, holding.incoming, holding.average, pnl)
        }
        let block = FundsAnswer.blocks(of: account, engine)
        return holdings + ["P&L \(try engine.accountPnl(of: account))"] + block
    }
}

extension FundsModel {
    func state(of account: AccountId, _ assets: [Asset]) -> [String] {
        let holdings = assets.map { asset in
            let slot = slot(Place(account: account, asset: asset))
            return line(asset, slot.balance, slot.held, slot.incoming, slot.average, slot.pnl)
        }
        return holdings + ["P&L \(ledger(of: account))"] + (blocks[account].map { [$0.text] } ?? [])
    }
}

private func line(
    _ asset: Asset, _ balance: Decimal, _ held: Decimal, _ incoming: Decimal, _ average: Decimal?, _ pnl: PnlState?
) -> String {
    let average = average.map { "\($0)" } ?? "-"
    let pnl = pnl.map { "\($0)" } ?? "-"
    return "\(name(of: asset)) \(balance) held \(held) incoming \(incoming) average \(average) P&L \(pnl)"
}

extension FundsAnswer {
    fileprivate init(_ answer: Answer, failed: Int?, isBlocked: Bool?) {
        self.init(
            rejects: answer.rejects.map(\.brief), blocks: answer.blocks.map(\.brief), lock: answer.lock,
            outcomes: answer.outcomes, accountPnls: answer.accountPnls, failed: failed, isBlocked: isBlocked)
    }

    fileprivate static func blocks(of account: AccountId, _ engine: Engine) -> [String] {
        let findings = UnsafeMutablePointer<Findings>.allocate(capacity: 1)
        findings.initialize(to: Findings())
        defer {
            findings.deinitialize(count: 1)
            findings.deallocate()
        }
        try? engine.readBlock(of: account, into: findings)
        return Answer(findings).blocks.map(\.brief)
    }
}

extension Said {
    /// Without its details.
    fileprivate var brief: String { "\(code.text) \(scope) \(reason)" }
}
