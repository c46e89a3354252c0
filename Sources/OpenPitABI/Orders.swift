import COpenPit
import Decimals
import RiskCore

// MARK: - Enums

/// The value behind an enum number; `nil` for 0, which means none.
@inline(__always)
func optional<Value: RawRepresentable<UInt8>>(_ number: UInt8) throws(Status) -> Value? {
    if number == 0 { return nil }
    guard let value = Value(rawValue: number) else { throw .invalidArgument }
    return value
}

/// A number that must not be negative.
@inline(__always)
private func unsigned(_ decimal: openpit_decimal) throws(Status) -> Decimal {
    let number = try Decimal(decimal)
    if number.isNegative { throw .negativeValue }
    return number
}

@inline(__always)
func multiplier(_ tenths: UInt16) throws(Status) -> Leverage? {
    if tenths == 0 { return nil }
    guard let leverage = Leverage(tenths: tenths) else { throw .invalidLeverage }
    return leverage
}

/// No instrument when both assets are 0; half an instrument is none either, but a mistake.
@inline(__always)
func pair(_ underlying: openpit_asset, _ settlement: openpit_asset) throws(Status) -> Instrument? {
    if underlying == 0 && settlement == 0 { return nil }
    guard underlying != 0, settlement != 0 else { throw .invalidArgument }
    return Instrument(underlying: Asset(id: underlying), settlement: Asset(id: settlement))
}

// MARK: - Orders

extension Order {
    /// The order behind a pointer. Its parts are read one by one: the struct is large.
    @inline(__always)
    init(_ order: UnsafePointer<openpit_order>) throws(Status) {
        let fields = order.pointee.fields
        let reserved =
            UInt64(order.pointee.reserved_byte) | UInt64(order.pointee.reserved_short)
            | UInt64(order.pointee.reserved_word) | order.pointee.reserved.0 | order.pointee.reserved.1
        guard fields & ~UInt32(OPENPIT_ORDER_ALL_FIELDS) == 0, reserved == 0 else { throw .invalidArgument }
        self.init(userData: order.pointee.user_data)
        if fields & UInt32(OPENPIT_ORDER_HAS_ACCOUNT) != 0 { account = AccountId(order.pointee.account) }
        instrument = try pair(order.pointee.underlying, order.pointee.settlement)
        switch Int(order.pointee.amount_kind) {
        case Int(OPENPIT_AMOUNT_NONE): break
        case Int(OPENPIT_AMOUNT_QUANTITY): amount = .quantity(try unsigned(order.pointee.amount))
        case Int(OPENPIT_AMOUNT_VOLUME): amount = .volume(try unsigned(order.pointee.amount))
        default: throw .invalidArgument
        }
        if fields & UInt32(OPENPIT_ORDER_HAS_PRICE) != 0 { price = try Decimal(order.pointee.price) }
        side = try optional(order.pointee.side)
        positionSide = try optional(order.pointee.position_side)
        leverage = try multiplier(order.pointee.leverage)
        collateral = Asset(id: order.pointee.collateral)
        isReduceOnly = fields & UInt32(OPENPIT_ORDER_REDUCE_ONLY) != 0
        closesPosition = fields & UInt32(OPENPIT_ORDER_CLOSE_POSITION) != 0
        autoBorrows = fields & UInt32(OPENPIT_ORDER_AUTO_BORROW) != 0
    }
}

extension openpit_order {
    /// The order as a custom policy sees it.
    init(_ order: Order) {
        self.init()
        struct_size = UInt32(MemoryLayout<openpit_order>.size)
        if let id = order.account {
            fields |= UInt32(OPENPIT_ORDER_HAS_ACCOUNT)
            account = id.value
        }
        if let instrument = order.instrument {
            underlying = instrument.underlying.id
            settlement = instrument.settlement.id
        }
        switch order.amount {
        case nil: break
        case .quantity(let quantity):
            amount_kind = openpit_amount_kind(OPENPIT_AMOUNT_QUANTITY)
            amount = openpit_decimal(quantity)
        case .volume(let volume):
            amount_kind = openpit_amount_kind(OPENPIT_AMOUNT_VOLUME)
            amount = openpit_decimal(volume)
        }
        if let limit = order.price {
            fields |= UInt32(OPENPIT_ORDER_HAS_PRICE)
            price = openpit_decimal(limit)
        }
        side = order.side?.rawValue ?? 0
        position_side = order.positionSide?.rawValue ?? 0
        leverage = order.leverage?.tenths ?? 0
        collateral = order.collateral.id
        if order.isReduceOnly { fields |= UInt32(OPENPIT_ORDER_REDUCE_ONLY) }
        if order.closesPosition { fields |= UInt32(OPENPIT_ORDER_CLOSE_POSITION) }
        if order.autoBorrows { fields |= UInt32(OPENPIT_ORDER_AUTO_BORROW) }
        user_data = order.userData
    }
}

// MARK: - Reports

/// The lock of a report, in the core's records, for as long as a call takes.
///
/// A lock has one entry in practice; longer ones cost an allocation.
@inline(__always)
func withLockEntries<Result>(
    of report: UnsafePointer<openpit_report>, _ body: (UnsafeBufferPointer<LockEntry>?) throws(Status) -> Result
) throws(Status) -> Result {
    guard report.pointee.fields & UInt32(OPENPIT_REPORT_HAS_LOCK) != 0 else { return try body(nil) }
    let entries = try items(report.pointee.lock, report.pointee.lock_count)
    guard entries.count > 1 else {
        guard let entry = entries.first else { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
        var only = try LockEntry(entry)
        return try withUnsafePointer(to: &only) { (only) throws(Status) in
            try body(UnsafeBufferPointer(start: only, count: 1))
        }
    }
    var converted: [LockEntry] = []
    converted.reserveCapacity(entries.count)
    for entry in entries { converted.append(try LockEntry(entry)) }
    return try converted.withUnsafeBufferPointer { (converted) throws(Status) in try body(converted) }
}

extension ExecutionReport {
    /// The report behind a pointer, with its lock in the core's records.
    @inline(__always)
    init(_ report: UnsafePointer<openpit_report>, lock: UnsafeBufferPointer<LockEntry>?) throws(Status) {
        let fields = report.pointee.fields
        let reserved = report.pointee.reserved.0 | report.pointee.reserved.1
        guard fields & ~UInt32(OPENPIT_REPORT_ALL_FIELDS) == 0, report.pointee.is_final <= 1, reserved == 0 else {
            throw .invalidArgument
        }
        self.init(lock: lock, userData: report.pointee.user_data)
        if fields & UInt32(OPENPIT_REPORT_HAS_ACCOUNT) != 0 { account = AccountId(report.pointee.account) }
        instrument = try pair(report.pointee.underlying, report.pointee.settlement)
        side = try optional(report.pointee.side)
        if fields & UInt32(OPENPIT_REPORT_HAS_FINANCIAL_IMPACT) != 0 {
            financialImpact = FinancialImpact(
                pnl: try Decimal(report.pointee.pnl), fee: try Decimal(report.pointee.fee))
        }
        if fields & UInt32(OPENPIT_REPORT_HAS_TRADE) != 0 {
            trade = Trade(
                price: try Decimal(report.pointee.trade_price),
                quantity: try unsigned(report.pointee.trade_quantity))
        }
        if fields & UInt32(OPENPIT_REPORT_HAS_FILL_FEE) != 0 {
            guard report.pointee.fill_fee_asset != 0 else { throw .invalidArgument }
            fillFee = Fee(
                amount: try Decimal(report.pointee.fill_fee), asset: Asset(id: report.pointee.fill_fee_asset))
        }
        if fields & UInt32(OPENPIT_REPORT_HAS_LEAVES_QUANTITY) != 0 {
            leavesQuantity = try unsigned(report.pointee.leaves_quantity)
        }
        if fields & UInt32(OPENPIT_REPORT_HAS_FINALITY) != 0 { isFinal = report.pointee.is_final == 1 }
        positionEffect = try optional(report.pointee.position_effect)
        positionSide = try optional(report.pointee.position_side)
    }
}

extension openpit_report {
    /// The report as a custom policy sees it; its lock is what the caller gave.
    init(_ report: ExecutionReport, lock entries: UnsafeBufferPointer<openpit_lock_entry>) {
        self.init()
        struct_size = UInt32(MemoryLayout<openpit_report>.size)
        if let id = report.account {
            fields |= UInt32(OPENPIT_REPORT_HAS_ACCOUNT)
            account = id.value
        }
        if let instrument = report.instrument {
            underlying = instrument.underlying.id
            settlement = instrument.settlement.id
        }
        if let impact = report.financialImpact {
            fields |= UInt32(OPENPIT_REPORT_HAS_FINANCIAL_IMPACT)
            pnl = openpit_decimal(impact.pnl)
            fee = openpit_decimal(impact.fee)
        }
        if let trade = report.trade {
            fields |= UInt32(OPENPIT_REPORT_HAS_TRADE)
            trade_price = openpit_decimal(trade.price)
            trade_quantity = openpit_decimal(trade.quantity)
        }
        if let fee = report.fillFee {
            fields |= UInt32(OPENPIT_REPORT_HAS_FILL_FEE)
            fill_fee = openpit_decimal(fee.amount)
            fill_fee_asset = fee.asset.id
        }
        if let leaves = report.leavesQuantity {
            fields |= UInt32(OPENPIT_REPORT_HAS_LEAVES_QUANTITY)
            leaves_quantity = openpit_decimal(leaves)
        }
        if let finality = report.isFinal {
            fields |= UInt32(OPENPIT_REPORT_HAS_FINALITY)
            is_final = finality ? 1 : 0
        }
        if report.lock != nil {
            fields |= UInt32(OPENPIT_REPORT_HAS_LOCK)
            lock = entries.baseAddress
            lock_count = entries.count
        }
        side = report.side?.rawValue ?? 0
        position_effect = report.positionEffect?.rawValue ?? 0
        position_side = report.positionSide?.rawValue ?? 0
        user_data = report.userData
    }
}
