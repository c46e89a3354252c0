import Decimals

/// Limits how large one order may be.
///
/// The asset chain comes first: the account-and-asset barrier, else the asset barrier. The broker barrier applies besides.
struct OrderSizeLimitPolicy: ~Copyable {
    private var broker: OrderSizeLimit?
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
    func check(_ order: borrowing Order, slot: AccountSlot) -> Reject? {
        guard let instrument = order.instrument else { return .missing(.instrument, by: .orderSizeLimit) }
        guard order.account != nil else { return .missing(.accountId, by: .orderSizeLimit) }
        guard let amount = order.amount else { return .missing(.tradeAmount, by: .orderSizeLimit) }

        if let own = limitOfAccount(slot, instrument) {
            if let reject = Self.check(amount, order.price, own, .account) { return reject }
        } else if let limit = assets.find(UInt64(instrument.settlement.id)) {
            if let reject = Self.check(amount, order.price, limit.pointee, .order) { return reject }
        }
        if !metricAssets.isEmpty || !metricAccountAssets.isEmpty {
            if let reject = checkMetrics(amount, order.price, slot, instrument) { return reject }
        }
        guard let broker else { return nil }
        return Self.check(amount, order.price, broker, .order)
    }

    private static func check(
        _ amount: TradeAmount, _ price: Decimal?, _ limit: OrderSizeLimit, _ scope: RejectScope
    ) -> Reject? {
        do throws(OrderValueFault) {
            guard let excess = limit.check(try OrderSize(amount, price: price, for: limit)) else { return nil }
            return Reject(excess.code, scope, by: .orderSizeLimit, excess.text)
        } catch {
            return Reject(.orderValueCalculationFailed, .order, by: .orderSizeLimit, .orderValue(error))
        }
    }

    private func limitOfAccount(_ slot: AccountSlot, _ instrument: Instrument) -> OrderSizeLimit? {
        guard !slot.isNone, !accountAssets.isEmpty else { return nil }
        return accountAssets.find(slot.key(instrument.settlement))?.pointee
    }

    /// Each cap by itself: the account's cap for the asset, else the asset's.
    private func checkMetrics(
        _ amount: TradeAmount, _ price: Decimal?, _ slot: AccountSlot, _ instrument: Instrument
    ) -> Reject? {
        let limit = OrderSizeLimit(
            quantityMax: metricLimit(of: slot, instrument.underlying)?.quantityMax
                ?? metricAssets.find(UInt64(instrument.underlying.id))?.pointee.quantityMax,
            notionalMax: metricLimit(of: slot, instrument.settlement)?.notionalMax
                ?? metricAssets.find(UInt64(instrument.settlement.id))?.pointee.notionalMax)
        guard var reject = Self.check(amount, price, limit, .order) else { return nil }
        if case .sizeExceeded(let quantity, let quantityLimit, let notional, let notionalLimit) = reject.text {
            reject.text = .sizeExceededOfAssets(
                instrument, quantity: quantity, quantityLimit: quantityLimit, notional: notional,
                notionalLimit: notionalLimit)
        }
        return reject
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
        if axes.contains(.broker) { broker = nil }
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
