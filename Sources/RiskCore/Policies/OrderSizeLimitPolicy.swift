import Decimals
import RiskBase

/// Limits how large one order may be.
///
/// The asset chain comes first: the account-and-asset barrier, else the asset barrier. The broker barrier applies besides.
struct OrderSizeLimitPolicy: ~Copyable {
    private var broker = OrderSizeLimit(quantityMax: nil, notionalMax: nil)
    // A barrier says itself how it matches, whichever release the engine answers as: a spelling that means one thing here
    // and another there would let orders through that its author had capped.
    // By settlement asset; a barrier of an account replaces that of the asset, and blocks the account.
    private var assets = RowTable<OrderSizeLimit>()
    private var accountAssets = RowTable<OrderSizeLimit>()
    // By metric: the quantity cap by underlying, the notional cap by settlement asset.
    private var metricAssets = RowTable<OrderSizeLimit>()
    private var metricAccountAssets = RowTable<OrderSizeLimit>()
    /// Whether there is a barrier of an asset, of either kind.
    private var hasAssets = false
    private var barrierCounts = BarrierCounts()
    private let compatibility: Compatibility

    init(
        _ barriers: UnsafeBufferPointer<OrderSizeBarrier>, _ compatibility: Compatibility, in accounts: inout Accounts
    ) throws(PolicyFault) {
        self.compatibility = compatibility
        try barriers.validate()
        guard !barriers.isEmpty || compatibility.has(.acceptsNoBarriers) else { throw .noBarriers(.orderSizeLimit) }
        try replace(AxisSet(rawValue: .max), by: barriers, in: &accounts)
    }
}

// MARK: - Check

extension OrderSizeLimitPolicy {
    mutating func check(_ order: UnsafePointer<Order>, slot: AccountSlot, rejects: inout Buffer<Reject>) {
        guard let instrument = order.pointee.instrument, order.pointee.account != nil,
            let amount = order.pointee.amount
        else { return checkIncomplete(order, slot, &rejects) }

        if hasAssets, !passesAssets(amount, order.pointee.price, slot, instrument, &rejects) { return }
        _ = broker.passes(amount, order.pointee.price, .order, compatibility, &rejects)
    }

    /// An order that lacks a field. Later engines want no more of it than some barrier needs.
    @inline(never)
    private mutating func checkIncomplete(
        _ order: UnsafePointer<Order>, _ slot: AccountSlot, _ rejects: inout Buffer<Reject>
    ) {
        let needsAll = compatibility.has(.sizeNeedsEveryField)
        let needsAccount = needsAll || barrierCounts[.accountAsset] > 0
        if order.pointee.instrument == nil && (needsAccount || barrierCounts[.asset] > 0) {
            return rejects.add(.missing(.instrument, by: .orderSizeLimit))
        }
        if order.pointee.account == nil && needsAccount {
            return rejects.add(.missing(.accountId, by: .orderSizeLimit))
        }
        let instrument = order.pointee.instrument
        guard let amount = order.pointee.amount else {
            let isLimited = barrierCounts[.broker] > 0 || (instrument.map { limitsAssets(of: slot, $0) } ?? false)
            if needsAll || isLimited { rejects.add(.missing(.tradeAmount, by: .orderSizeLimit)) }
            return
        }
        if let instrument, !passesAssets(amount, order.pointee.price, slot, instrument, &rejects) { return }
        _ = broker.passes(amount, order.pointee.price, .order, compatibility, &rejects)
    }

    private var hasMetrics: Bool { !metricAssets.isEmpty || !metricAccountAssets.isEmpty }

    /// Both kinds of asset barriers, each by its own rule.
    @inline(__always)
    private mutating func passesAssets(
        _ amount: TradeAmount, _ price: Decimal?, _ slot: AccountSlot, _ instrument: Instrument,
        _ rejects: inout Buffer<Reject>
    ) -> Bool {
        if let own = limitOfAccount(slot, instrument) {
            if !own.pointee.passes(amount, price, .account, compatibility, &rejects) { return false }
        } else if !assets.isEmpty, let limit = assets.find(UInt64(instrument.settlement.id)) {
            if !limit.pointee.passes(amount, price, .order, compatibility, &rejects) { return false }
        }
        return !hasMetrics || passesMetrics(amount, price, slot, instrument, &rejects)
    }

    private mutating func limitsAssets(of slot: AccountSlot, _ instrument: Instrument) -> Bool {
        limitOfAccount(slot, instrument) != nil || assets.find(UInt64(instrument.settlement.id)) != nil
            || !metrics(of: slot, instrument).isEmpty
    }

    @inline(__always)
    private mutating func limitOfAccount(
        _ slot: AccountSlot, _ instrument: Instrument
    ) -> UnsafeMutablePointer<OrderSizeLimit>? {
        slot.isNone || accountAssets.isEmpty ? nil : accountAssets.find(slot.key(instrument.settlement))
    }

    /// Each cap by itself: the account's cap for the asset, else the asset's.
    private func metrics(of slot: AccountSlot, _ instrument: Instrument) -> OrderSizeLimit {
        OrderSizeLimit(
            quantityMax: metricLimit(of: slot, instrument.underlying)?.quantityMax
                ?? metricAssets.find(UInt64(instrument.underlying.id))?.pointee.quantityMax,
            notionalMax: metricLimit(of: slot, instrument.settlement)?.notionalMax
                ?? metricAssets.find(UInt64(instrument.settlement.id))?.pointee.notionalMax)
    }

    private mutating func passesMetrics(
        _ amount: TradeAmount, _ price: Decimal?, _ slot: AccountSlot, _ instrument: Instrument,
        _ rejects: inout Buffer<Reject>
    ) -> Bool {
        var limit = metrics(of: slot, instrument)
        if limit.passes(amount, price, .order, compatibility, besides: broker, &rejects) { return true }
        let reject = rejects.pointer(at: rejects.count - 1)
        if case .sizeExceeded(let quantity, let quantityLimit, let notional, let notionalLimit) = reject.pointee.text {
            reject.pointee.text = .sizeExceededOfAssets(
                instrument, quantity: quantity, quantityLimit: quantityLimit, notional: notional,
                notionalLimit: notionalLimit)
        }
        return false
    }

    private func metricLimit(of slot: AccountSlot, _ asset: Asset) -> OrderSizeLimit? {
        slot.isNone ? nil : metricAccountAssets.find(slot.key(asset))?.pointee
    }
}

// MARK: - Configuration

extension OrderSizeLimitPolicy {
    /// Replaces the barriers of the axes in `axes`, all or none.
    mutating func configure(
        _ axes: AxisSet, _ barriers: UnsafeBufferPointer<OrderSizeBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        if compatibility.has(.acceptsNoBarriers) {
            try barriers.validate()
        } else {
            try barrierCounts.checkSteps(axes, adding: barriers, .orderSizeLimit)
        }
        try replace(axes, by: barriers, in: &accounts)
    }

    private mutating func replace(
        _ axes: AxisSet, by barriers: UnsafeBufferPointer<OrderSizeBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        var broker = OrderSizeLimit(quantityMax: nil, notionalMax: nil)
        var assets = RowTable<OrderSizeLimit>()
        var accountAssets = RowTable<OrderSizeLimit>()
        var metricAssets = RowTable<OrderSizeLimit>()
        var metricAccountAssets = RowTable<OrderSizeLimit>()
        for barrier in barriers where axes.contains(barrier.axis) {
            let isKept: Bool
            switch barrier.scope {
            case .broker:
                broker = barrier.limit
                isKept = true
            case .asset(let asset):
                isKept =
                    barrier.isPerMetric
                    ? metricAssets.set(UInt64(asset.id), barrier.limit) : assets.set(UInt64(asset.id), barrier.limit)
            case .accountAsset(let id, let asset):
                guard let key = accounts.slotAdding(id)?.key(asset) else { throw .limitReached }
                isKept =
                    barrier.isPerMetric
                    ? metricAccountAssets.set(key, barrier.limit) : accountAssets.set(key, barrier.limit)
            }
            guard isKept else { throw .limitReached }
        }
        if axes.contains(.broker) { self.broker = broker }
        if axes.contains(.asset) {
            swap(&assets, &self.assets)
            swap(&metricAssets, &self.metricAssets)
        }
        if axes.contains(.accountAsset) {
            swap(&accountAssets, &self.accountAssets)
            swap(&metricAccountAssets, &self.metricAccountAssets)
        }
        barrierCounts.replace(axes, by: BarrierCounts(of: barriers))
        hasAssets = barrierCounts[.asset] > 0 || barrierCounts[.accountAsset] > 0
    }
}

// MARK: - Invariants

extension OrderSizeLimitPolicy {
    func checkInvariants() -> StaticString? {
        assets.checkInvariants() ?? accountAssets.checkInvariants() ?? metricAssets.checkInvariants()
            ?? metricAccountAssets.checkInvariants()
    }
}
