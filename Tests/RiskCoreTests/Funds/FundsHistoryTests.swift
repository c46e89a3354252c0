import Decimals
import Testing

@testable import RiskCore

/// Random histories against a ledger that only knows sums: what is free, set aside and on its way, for each account and asset.
struct FundsHistoryTests {
    @Test(arguments: 1...40 as ClosedRange<UInt64>, [SyncMode.none, .full, .account])
    func `a random history leaves what the sums say`(seed: UInt64, mode: SyncMode) throws {
        var history = try FundsHistory(seed: seed, mode)
        for step in 0..<300 {
            try history.takeStep()
            try history.compare("seed \(seed), step \(step)")
        }
        try history.rollBackAll()
        try history.compare("seed \(seed), all rolled back")
    }
}

/// An engine and the sums that it should come to.
private struct FundsHistory: ~Copyable {
    private struct Slot: Hashable {
        var account: UInt64
        var asset: String
    }

    private struct Sums: Equatable {
        var balance = 0
        var held = 0
        var incoming = 0
    }

    private struct Open {
        var handle: UInt64
        var changes: [Slot: Sums]
    }

    private let engine: Engine
    private var random: SplitMix64
    private var sums: [Slot: Sums] = [:]
    private var open: [Open] = []
    private var isTracking = false

    private static let assets = ["USD", "AAPL", "MSFT"]

    init(seed: UInt64, _ mode: SyncMode) throws {
        random = SplitMix64(seed: seed)
        var builder = EngineBuilder(mode)
        try builder.addSpotFunds(SpotFundsOptions())
        engine = try builder.build()
    }

    deinit { engine.release() }

    private mutating func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

    mutating func takeStep() throws {
        switch pick(10) {
        case 0...3: try placeOrder()
        case 4...5: try report()
        case 6: try finish()
        case 7: try reconfigure()
        default: try adjust()
        }
    }

    private mutating func add(_ changes: [Slot: Sums], times: Int = 1) {
        for (slot, change) in changes {
            sums[slot, default: Sums()].balance += times * change.balance
            sums[slot, default: Sums()].held += times * change.held
            sums[slot, default: Sums()].incoming += times * change.incoming
        }
    }

    /// Sets aside what is given and expects what is got.
    private func legs(
        _ side: Side, _ account: UInt64, _ asset: String, _ quantity: Int, _ price: Int
    ) -> (given: Slot, amount: Int, changes: [Slot: Sums]) {
        let underlying = Slot(account: account, asset: asset)
        let cash = Slot(account: account, asset: "USD")
        let notional = quantity * price
        return side == .buy
            ? (cash, notional, [cash: Sums(balance: -notional, held: notional), underlying: Sums(incoming: quantity)])
            : (
                underlying, quantity,
                [underlying: Sums(balance: -quantity, held: quantity), cash: Sums(incoming: notional)]
            )
    }

    private mutating func placeOrder() throws {
        let account = UInt64(pick(3))
        let side: Side = pick(2) == 0 ? .buy : .sell
        let asset = Self.assets[1 + pick(2)]
        let (quantity, price) = (pick(6), pick(5))
        let order = Order(
            account: AccountId(account), instrument: try instrument(asset), side: side,
            amount: .quantity(Decimal(Int64(quantity))), price: Decimal(Int64(price)))
        let legs = legs(side, account, asset, quantity, price)
        let have = sums[legs.given, default: Sums()]
        let isAffordable = isTracking || legs.amount == 0 || legs.amount <= have.balance + min(have.held, 0)
        if pick(4) == 0 {
            #expect(try engine.dryRun(order, throughMainStage: true, into: nil) == isAffordable)
            return
        }
        let handle = try engine.executePreTrade(order, into: nil)
        #expect((handle != nil) == isAffordable)
        guard let handle else { return }
        add(legs.changes)
        open.append(Open(handle: handle, changes: legs.changes))
    }

    private mutating func finish() throws {
        guard !open.isEmpty else { return }
        let reservation = open.remove(at: pick(open.count))
        if pick(2) == 0 {
            try engine.commit(reservation.handle)
        } else {
            try engine.rollback(reservation.handle)
            add(reservation.changes, times: -1)
        }
    }

    private mutating func report() throws {
        let account = UInt64(pick(3))
        let side: Side = pick(2) == 0 ? .buy : .sell
        let asset = Self.assets[1 + pick(2)]
        let (filled, price, lockPrice, leaves) = (pick(4), pick(5), pick(5), pick(3))
        let isFinal = pick(2) == 0
        let lock = [LockEntry(price: Decimal(Int64(lockPrice)), policyGroup: .default)]
        try lock.withUnsafeBufferPointer { lock in
            let report = ExecutionReport(
                account: AccountId(account), instrument: try instrument(asset), side: side,
                trade: ExecutionReport.Trade(price: Decimal(Int64(price)), quantity: Decimal(Int64(filled))),
                leavesQuantity: Decimal(Int64(leaves)), isFinal: isFinal, lock: lock)
            try withUnsafePointer(to: report) { try engine.apply($0, into: nil) }
        }
        // What was set aside or on its way ends at the lock price; what was traded moves at its own.
        let ended = filled + (isFinal ? leaves : 0)
        add(legs(side, account, asset, ended, lockPrice).changes, times: -1)
        let sign = side == .buy ? 1 : -1
        add([
            Slot(account: account, asset: asset): Sums(balance: sign * filled),
            Slot(account: account, asset: "USD"): Sums(balance: -sign * filled * price),
        ])
    }

    private mutating func reconfigure() throws {
        isTracking.toggle()
        var update = SpotFundsUpdate()
        update.limitMode = isTracking ? .trackOnly : .enforce
        try withBytes("SpotFundsPolicy") { try engine.configureSpotFunds($0, update) }
    }

    /// A batch of two, the second of which may be refused.
    private mutating func adjust() throws {
        let account = UInt64(pick(3))
        let slot = Slot(account: account, asset: Self.assets[pick(3)])
        let other = Slot(account: account, asset: Self.assets[pick(3)])
        let (deposit, target, isRefused) = (pick(20), pick(30), pick(3) == 0)
        let bound = isRefused ? Decimal(Int64(target + 1)) : nil
        let batch = [
            try balance(slot, BoundedChange(.delta(Decimal(Int64(deposit))))),
            try balance(other, BoundedChange(.absolute(Decimal(Int64(target))), lower: bound)),
        ]
        let failed = try batch.withUnsafeBufferPointer { try engine.apply($0, to: AccountId(account), into: nil) }
        #expect(failed == (isRefused ? 1 : nil))
        guard !isRefused else { return }
        add([slot: Sums(balance: deposit)])
        sums[other, default: Sums()].balance = target
    }

    private func balance(_ slot: Slot, _ change: BoundedChange) throws -> AccountAdjustment {
        AccountAdjustment(
            operation: .balance(AccountAdjustment.Balance(asset: try asset(slot.asset))), balance: change)
    }

    mutating func rollBackAll() throws {
        for reservation in open {
            try engine.rollback(reservation.handle)
            add(reservation.changes, times: -1)
        }
        open = []
    }

    func compare(_ moment: String) throws {
        for (slot, sum) in sums {
            let holding = try engine.holding(of: AccountId(slot.account), try asset(slot.asset))
            #expect(holding.balance == Decimal(Int64(sum.balance)), "balance of \(slot), \(moment)")
            #expect(holding.held == Decimal(Int64(sum.held)), "held of \(slot), \(moment)")
            #expect(holding.incoming == Decimal(Int64(sum.incoming)), "incoming of \(slot), \(moment)")
        }
    }

    private func asset(_ name: String) throws -> Asset {
        try withBytes(name) { try NameTable.shared.intern($0) }
    }

    private func instrument(_ name: String) throws -> Instrument {
        Instrument(underlying: try asset(name), settlement: try asset("USD"))
    }
}
