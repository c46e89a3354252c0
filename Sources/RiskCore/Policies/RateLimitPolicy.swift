import RiskBase

/// Limits how many orders reach the venue in a time. Every attempt counts, whatever becomes of it.
///
/// Broker and asset barriers reject the order. Account barriers reject with account scope, so the account stays blocked
/// until somebody unblocks it; in later engines they reject the order too.
struct RateLimitPolicy: ~Copyable {
    /// A barrier of an account. Its log outlives the barrier, which may come back.
    private struct AccountWindow: BitwiseCopyable {
        var limit: RateLimit?
        var log = SlidingLog()
    }

    /// When the policy was made: fixed windows without an order opened then.
    private let epoch: UInt64
    /// In force when there is a barrier on that axis.
    private var broker: FixedWindow
    private var assets = RowTable<FixedWindow>()
    private var accounts = RowTable<AccountWindow>()
    private var accountAssets = RowTable<AccountWindow>()
    /// What the logs of all keys are made of.
    private var attempts = AttemptPool()
    private var barrierCounts = BarrierCounts()
    private let compatibility: Compatibility

    init(
        _ barriers: UnsafeBufferPointer<RateLimitBarrier>, epoch: UInt64, _ compatibility: Compatibility,
        in accounts: inout Accounts
    ) throws(PolicyFault) {
        self.epoch = epoch
        self.compatibility = compatibility
        broker = FixedWindow(RateLimit(maxOrders: 0, windowNanoseconds: 1), epoch: epoch)
        try barriers.validate()
        guard !barriers.isEmpty || compatibility.has(.acceptsNoBarriers) else { throw .noBarriers(.rateLimit) }
        try replace(AxisSet(rawValue: .max), by: barriers, in: &accounts)
        barrierCounts = BarrierCounts(of: barriers)
    }

    deinit {
        accounts.forEach { $0.pointee.log.deallocate() }
        accountAssets.forEach { $0.pointee.log.deallocate() }
    }
}

// MARK: - Check

extension RateLimitPolicy {
    /// Counts the order against every barrier that concerns it, then tells the first one that is breached.
    mutating func check(
        _ order: UnsafePointer<Order>, slot: AccountSlot, now: UInt64, rejects: inout Buffer<Reject>
    ) {
        if let missing = missingField(of: order) { return rejects.add(.missing(missing, by: .rateLimit)) }
        let before = rejects.count
        if barrierCounts[.broker] > 0 {
            rejects.judge(.broker, broker.charge(at: now), broker.limit, after: before, compatibility)
        }
        if let window = assetWindow(of: order) {
            rejects.judge(.asset, window.pointee.charge(at: now), window.pointee.limit, after: before, compatibility)
        }
        if let window = window(of: slot), let limit = window.pointee.limit {
            let submitted = window.pointee.log.charge(at: now, limit, &attempts)
            rejects.judge(.account, submitted, limit, after: before, compatibility)
        }
        if let window = window(of: slot, order), let limit = window.pointee.limit {
            let submitted = window.pointee.log.charge(at: now, limit, &attempts)
            rejects.judge(.accountAsset, submitted, limit, after: before, compatibility)
        }
    }

    /// What `check` would answer; counts nothing.
    mutating func dryRun(_ order: UnsafePointer<Order>, slot: AccountSlot, now: UInt64, rejects: inout Buffer<Reject>) {
        if let missing = missingField(of: order) { return rejects.add(.missing(missing, by: .rateLimit)) }
        let before = rejects.count
        if barrierCounts[.broker] > 0 {
            rejects.judge(.broker, broker.peek(at: now), broker.limit, after: before, compatibility)
        }
        if let window = assetWindow(of: order) {
            rejects.judge(.asset, window.pointee.peek(at: now), window.pointee.limit, after: before, compatibility)
        }
        if let window = window(of: slot), let limit = window.pointee.limit {
            rejects.judge(.account, window.pointee.log.peek(at: now, limit), limit, after: before, compatibility)
        }
        if let window = window(of: slot, order), let limit = window.pointee.limit {
            rejects.judge(.accountAsset, window.pointee.log.peek(at: now, limit), limit, after: before, compatibility)
        }
    }

    /// Only what some barrier needs is required, and nothing is counted for an order that lacks it.
    @inline(__always)
    private mutating func missingField(of order: UnsafePointer<Order>) -> RequiredField? {
        if order.pointee.instrument == nil && barrierCounts[.asset] | barrierCounts[.accountAsset] > 0 {
            return .instrument
        }
        if order.pointee.account == nil && barrierCounts[.account] | barrierCounts[.accountAsset] > 0 {
            return .accountId
        }
        return nil
    }

    @inline(__always)
    private mutating func assetWindow(of order: UnsafePointer<Order>) -> UnsafeMutablePointer<FixedWindow>? {
        guard barrierCounts[.asset] > 0, let instrument = order.pointee.instrument else { return nil }
        return assets.find(UInt64(instrument.settlement.id))
    }

    @inline(__always)
    private mutating func window(of slot: AccountSlot) -> UnsafeMutablePointer<AccountWindow>? {
        barrierCounts[.account] > 0 && !slot.isNone ? accounts.find(slot.key) : nil
    }

    @inline(__always)
    private mutating func window(of slot: AccountSlot, _ order: UnsafePointer<Order>) -> UnsafeMutablePointer<
        AccountWindow
    >? {
        guard barrierCounts[.accountAsset] > 0, !slot.isNone, let instrument = order.pointee.instrument else {
            return nil
        }
        return accountAssets.find(slot.key(instrument.settlement))
    }
}

extension Buffer<Reject> {
    /// Every barrier counts; the first breached one speaks, which is the first to add to `before` rejects.
    @inline(__always)
    fileprivate mutating func judge(
        _ axis: Axis, _ submitted: UInt64, _ limit: RateLimit, after before: Int, _ compatibility: Compatibility
    ) {
        guard submitted > limit.maxOrders, count == before else { return }
        let isOfAccount = axis == .account || axis == .accountAsset
        let scope: RejectScope = isOfAccount && compatibility.has(.rateBlocksAccount) ? .account : .order
        add(
            Reject(.rateLimitExceeded, scope, by: .rateLimit, .rateLimit(axis, submitted: submitted, limit: limit)))
    }
}

// MARK: - Configuration

extension RateLimitPolicy {
    /// Replaces the barriers of the axes in `axes`, all or none. Counts of surviving keys are kept.
    mutating func configure(
        _ axes: AxisSet, _ barriers: UnsafeBufferPointer<RateLimitBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        if compatibility.has(.acceptsNoBarriers) {
            try barriers.validate()
        } else {
            try barrierCounts.checkSteps(axes, adding: barriers, .rateLimit)
        }
        try replace(axes, by: barriers, in: &accounts)
        barrierCounts.replace(axes, by: BarrierCounts(of: barriers))
    }

    private mutating func replace(
        _ axes: AxisSet, by barriers: UnsafeBufferPointer<RateLimitBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        // Everything finds its place first, where nothing is changed by it: a window without a limit is none.
        var broker = broker
        var assets = RowTable<FixedWindow>()
        for barrier in barriers where axes.contains(barrier.axis) {
            let isKept: Bool
            switch barrier.scope {
            case .broker:
                broker = renewed(barrierCounts[.broker] > 0 ? self.broker : nil, barrier.limit)
                isKept = true
            case .asset(let asset):
                let key = UInt64(asset.id)
                isKept = assets.set(key, renewed(self.assets.find(key)?.pointee, barrier.limit))
            case .account(let id):
                let slot = accounts.slotAdding(id)
                isKept = slot.map { self.accounts.findOrAdd($0.key, initial: AccountWindow()) != nil } ?? false
            case .accountAsset(let id, let asset):
                let slot = accounts.slotAdding(id)
                isKept = slot.map { accountAssets.findOrAdd($0.key(asset), initial: AccountWindow()) != nil } ?? false
            }
            guard isKept else { throw .limitReached }
        }
        self.broker = broker
        if axes.contains(.asset) { swap(&assets, &self.assets) }
        if axes.contains(.account) { self.accounts.forEach { $0.pointee.limit = nil } }
        if axes.contains(.accountAsset) { accountAssets.forEach { $0.pointee.limit = nil } }
        for barrier in barriers where axes.contains(barrier.axis) {
            switch barrier.scope {
            case .broker, .asset: break
            case .account(let id):
                self.accounts.find(accounts.slot(of: id).key)?.pointee.limit = barrier.limit
            case .accountAsset(let id, let asset):
                accountAssets.find(accounts.slot(of: id).key(asset))?.pointee.limit = barrier.limit
            }
        }
    }

    private func renewed(_ old: FixedWindow?, _ limit: RateLimit) -> FixedWindow {
        var window = old ?? FixedWindow(limit, epoch: epoch)
        window.limit = limit
        return window
    }
}

// MARK: - Invariants

extension RateLimitPolicy {
    func checkInvariants() -> StaticString? {
        if let broken = assets.checkInvariants() ?? accounts.checkInvariants() ?? accountAssets.checkInvariants() {
            return broken
        }
        var broken: StaticString?
        var chunks: UInt64 = 0
        accounts.forEach { window in
            broken = broken ?? window.pointee.log.checkInvariants()
            chunks += window.pointee.log.chunkCount
        }
        accountAssets.forEach { window in
            broken = broken ?? window.pointee.log.checkInvariants()
            chunks += window.pointee.log.chunkCount
        }
        return broken ?? attempts.checkInvariants(usedCount: chunks)
    }
}
