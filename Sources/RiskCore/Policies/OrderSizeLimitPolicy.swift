import Decimals

/// Limits how large one order may be.
///
/// The asset chain comes first: the account-and-asset barrier, else the asset barrier. The broker barrier applies besides.
struct OrderSizeLimitPolicy: ~Copyable {
    private var broker = OrderSizeLimit(quantityMax: nil, notionalMax: nil)
    // By settlement asset; a barrier of an account replaces that of the asset, and blocks the account.
    private var assets = RowTable<OrderSizeLimit>()
    private var accountAssets = RowTable<OrderSizeLimit>()
    // By metric: the quantity cap by underlying, the notional cap by settlement asset.
    private var metricAssets = RowTable<OrderSizeLimit>()
    private var metricAccountAssets = RowTable<OrderSizeLimit>()
    private var barrierCounts = BarrierCounts()

    init(_ barriers: UnsafeBufferPointer<OrderSizeBarrier>, in accounts: inout Accounts) throws(PolicyFault) {
        try Self.validate(barriers)
        guard !barriers.isEmpty else { throw .noBarriers(.orderSizeLimit) }
        replace(AxisSet(rawValue: .max), by: barriers, in: &accounts)
    }
}

// MARK: - Check

extension OrderSizeLimitPolicy {
    mutating func check(_ order: UnsafePointer<Order>, slot: AccountSlot, rejects: inout Buffer<Reject>) {
        guard let instrument = order.pointee.instrument else {
            return rejects.add(.missing(.instrument, by: .orderSizeLimit))
        }
        guard order.pointee.account != nil else { return rejects.add(.missing(.accountId, by: .orderSizeLimit)) }
        guard let amount = order.pointee.amount else { return rejects.add(.missing(.tradeAmount, by: .orderSizeLimit)) }

        if let own = limitOfAccount(slot, instrument) {
            if !own.pointee.passes(amount, order.pointee.price, .account, &rejects) { return }
        } else if !assets.isEmpty, let limit = assets.find(UInt64(instrument.settlement.id)) {
            if !limit.pointee.passes(amount, order.pointee.price, .order, &rejects) { return }
        }
        if !metricAssets.isEmpty || !metricAccountAssets.isEmpty {
            if !passesMetrics(amount, order.pointee.price, slot, instrument, &rejects) { return }
        }
        _ = broker.passes(amount, order.pointee.price, .order, &rejects)
    }

    @inline(__always)
    private mutating func limitOfAccount(
        _ slot: AccountSlot, _ instrument: Instrument
    ) -> UnsafeMutablePointer<OrderSizeLimit>? {
        slot.isNone || accountAssets.isEmpty ? nil : accountAssets.find(slot.key(instrument.settlement))
    }

    /// Each cap by itself: the account's cap for the asset, else the asset's.
    private mutating func passesMetrics(
        _ amount: TradeAmount, _ price: Decimal?, _ slot: AccountSlot, _ instrument: Instrument,
        _ rejects: inout Buffer<Reject>
    ) -> Bool {
        var limit = OrderSizeLimit(
            quantityMax: metricLimit(of: slot, instrument.underlying)?.quantityMax
                ?? metricAssets.find(UInt64(instrument.underlying.id))?.pointee.quantityMax,
            notionalMax: metricLimit(of: slot, instrument.settlement)?.notionalMax
                ?? metricAssets.find(UInt64(instrument.settlement.id))?.pointee.notionalMax)
        if limit.passes(amount, price, .order, &rejects) { return true }
        let reject = rejects.pointer(at: rejects.count - 1)
        if case .sizeExceeded(let quantity, let quantityLimit, let notional, let notionalLimit) = reject.pointee.text {
            reject.pointee.text = .sizeExceededOfAssets(
                instrument, quantity: quantity, quantityLimit: quantityLimit, notional: notional,
                notionalLimit: notionalLimit)
        }
        return false
    }

    private mutating func metricLimit(of slot: AccountSlot, _ asset: Asset) -> OrderSizeLimit? {
        slot.isNone ? nil : metricAccountAssets.find(slot.key(asset))?.pointee
    }
}

// MARK: - Configuration

extension OrderSizeLimitPolicy {
    /// Replaces the barriers of the axes in `axes`, all or none.
    mutating func configure(
        _ axes: AxisSet, _ barriers: UnsafeBufferPointer<OrderSizeBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        try Self.validate(barriers)
        try barrierCounts.checkSteps(axes, adding: BarrierCounts(of: barriers), .orderSizeLimit)
        replace(axes, by: barriers, in: &accounts)
    }

    private static func validate(_ barriers: UnsafeBufferPointer<OrderSizeBarrier>) throws(PolicyFault) {
        for barrier in barriers where barrier.limit.quantityMax == nil && barrier.limit.notionalMax == nil {
            throw .noCaps
        }
    }

    private mutating func replace(
        _ axes: AxisSet, by barriers: UnsafeBufferPointer<OrderSizeBarrier>, in accounts: inout Accounts
    ) {
        if axes.contains(.broker) { broker = OrderSizeLimit(quantityMax: nil, notionalMax: nil) }
        if axes.contains(.asset) {
            assets = RowTable()
            metricAssets = RowTable()
        }
        if axes.contains(.accountAsset) {
            accountAssets = RowTable()
            metricAccountAssets = RowTable()
        }
        for barrier in barriers where axes.contains(barrier.axis) {
            switch barrier.scope {
            case .broker: broker = barrier.limit
            case .asset(let asset) where barrier.isPerMetric: metricAssets.set(UInt64(asset.id), barrier.limit)
            case .asset(let asset): assets.set(UInt64(asset.id), barrier.limit)
            case .accountAsset(let id, let asset):
                let key = accounts.slotAdding(id).key(asset)
                if barrier.isPerMetric {
                    metricAccountAssets.set(key, barrier.limit)
                } else {
                    accountAssets.set(key, barrier.limit)
                }
            }
        }
        barrierCounts.replace(axes, by: BarrierCounts(of: barriers))
    }
}
