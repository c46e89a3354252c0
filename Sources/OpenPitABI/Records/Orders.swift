import COpenPit
import Decimals
import RiskBase
import RiskCore

// An order and a report have the same layout here and in the core, which `RecordLayoutTests` proves. They are checked where
// they lie, so that whatever the core reads from them is something the core can hold.

/// The value behind an enum number; `nil` for 0, which means none.
@inline(__always)
func optional<Value: RawRepresentable<UInt8>>(_ number: UInt8) throws(Status) -> Value? {
    if number == 0 { return nil }
    guard let value = Value(rawValue: number) else { throw .invalidArgument }
    return value
}

/// Refuses what is no number.
@inline(__always)
private func check(_ decimal: openpit_decimal) throws(Status) {
    _ = try Decimal(decimal)
}

/// Refuses what is no number, or below zero.
@inline(__always)
private func checkUnsigned(_ decimal: openpit_decimal) throws(Status) {
    if try Decimal(decimal).isNegative { throw .negativeValue }
}

/// No leverage when the tenths are 0.
func multiplier(_ tenths: UInt16) throws(Status) -> Leverage? {
    if tenths == 0 { return nil }
    guard let leverage = Leverage(tenths: tenths) else { throw .invalidLeverage }
    return leverage
}

/// No instrument when both assets are 0; half an instrument is none either, but a mistake.
func pair(_ underlying: openpit_asset, _ settlement: openpit_asset) throws(Status) -> Instrument? {
    if underlying == 0 && settlement == 0 { return nil }
    guard underlying != 0, settlement != 0 else { throw .invalidArgument }
    return Instrument(underlying: try named(underlying), settlement: try named(settlement))
}

/// The end of a struct as a number.
@inline(__always)
private func tail<Struct, Number: FixedWidthInteger & BitwiseCopyable>(
    of pointer: UnsafePointer<Struct>, as type: Number.Type
) -> Number {
    UnsafeRawPointer(pointer).load(fromByteOffset: MemoryLayout<Struct>.size - MemoryLayout<Number>.size, as: type)
}

/// Runs a call of the core with an order from outside.
@inline(__always)
func withValidated<Result>(
    _ order: UnsafePointer<openpit_order>?, _ call: (UnsafePointer<Order>) throws(EngineError) -> Result
) throws(Status) -> Result {
    try withReadable(order, isPlain: isPlain, orElse: checkAttributes) { (order) throws(Status) in
        let order = try validated(order)
        return try using { () throws(EngineError) in try call(order) }
    }
}

/// Runs a call of the core with a report from outside.
@inline(__always)
func withValidated<Result>(
    _ report: UnsafePointer<openpit_report>?, _ call: (UnsafePointer<ExecutionReport>) throws(EngineError) -> Result
) throws(Status) -> Result {
    try withReadable(report, isPlain: isPlain, orElse: checkOrder) { (report) throws(Status) in
        let report = try validated(report)
        return try using { () throws(EngineError) in try call(report) }
    }
}

/// Whether an order says nothing of what `checkAttributes` looks at.
@inline(__always)
private func isPlain(_ order: UnsafePointer<openpit_order>) -> Bool {
    // The type, the time in force and what is reserved behind them, at once.
    order.pointee.fields < UInt32(OPENPIT_ORDER_HAS_CLIENT_ORDER_ID) && tail(of: order, as: UInt64.self) == 0
}

/// Refuses attributes that are none, and fields that are not known.
private func checkAttributes(_ order: UnsafePointer<openpit_order>) throws(Status) {
    let fields = order.pointee.fields
    let marks = UInt32(OPENPIT_ORDER_SHORT | OPENPIT_ORDER_SHORT_EXEMPT)
    guard fields & ~UInt32(OPENPIT_ORDER_ALL_FIELDS) == 0, fields & marks != marks,
        order.pointee.order_type <= UInt8(OPENPIT_ORDER_TYPE_STOP_LIMIT),
        order.pointee.time_in_force <= UInt8(OPENPIT_TIME_IN_FORCE_AT_CLOSE),
        order.pointee.reserved_tail_short == 0, order.pointee.reserved_tail_word == 0
    else { throw .invalidArgument }
    if fields & UInt32(OPENPIT_ORDER_HAS_CLIENT_ORDER_ID) != 0 { _ = try order.pointee.client_order_id.utf8() }
    if fields & UInt32(OPENPIT_ORDER_HAS_REPLACES) != 0 { _ = try order.pointee.replaces.utf8() }
    if fields & UInt32(OPENPIT_ORDER_HAS_DISPLAY_QUANTITY) != 0 { try checkUnsigned(order.pointee.display_quantity) }
    if fields & UInt32(OPENPIT_ORDER_HAS_STOP_PRICE) != 0 { try check(order.pointee.stop_price) }
    if fields & UInt32(OPENPIT_ORDER_HAS_DECISION_PRICE) != 0 { try check(order.pointee.decision_price) }
}

/// Where the bytes of an order begin that `validated` looks at together.
var orderBytesOffset: Int { 56 }

/// An order from outside as the core sees it.
@inline(__always)
private func validated(_ order: UnsafePointer<openpit_order>) throws(Status) -> UnsafePointer<Order> {
    let fields = order.pointee.fields
    let reserved = UInt64(order.pointee.reserved_word) | order.pointee.reserved.0 | order.pointee.reserved.1
    // The amount's kind, the side and the position side, none above 2, and what is reserved around the leverage: all at once. With
    // 0x7D more a byte of up to 2 stays below its highest bit, which any other has before or after.
    let bytes = UnsafeRawPointer(order).load(fromByteOffset: orderBytesOffset, as: UInt64.self)
    let wrong = ((bytes &+ 0x7D_7D7D) | bytes) & 0xFFFF_0000_FF80_8080
    guard reserved | wrong == 0, (order.pointee.underlying == 0) == (order.pointee.settlement == 0)
    else { throw .invalidArgument }
    if order.pointee.amount_kind != 0 { try checkUnsigned(order.pointee.amount) }
    if fields & UInt32(OPENPIT_ORDER_HAS_PRICE) != 0 { try check(order.pointee.price) }
    if order.pointee.leverage != 0 && Leverage(tenths: order.pointee.leverage) == nil { throw .invalidLeverage }
    return UnsafeRawPointer(order).assumingMemoryBound(to: Order.self)
}

/// Whether a report says nothing of what `checkOrder` looks at.
@inline(__always)
private func isPlain(_ report: UnsafePointer<openpit_report>) -> Bool {
    // The event and what is reserved behind it, at once.
    report.pointee.fields < UInt32(OPENPIT_REPORT_HAS_CLIENT_ORDER_ID) && tail(of: report, as: UInt32.self) == 0
}

/// Refuses what a report cannot say of its order, and fields that are not known.
private func checkOrder(_ report: UnsafePointer<openpit_report>) throws(Status) {
    let fields = report.pointee.fields
    guard fields & ~UInt32(OPENPIT_REPORT_ALL_FIELDS) == 0,
        report.pointee.event <= UInt8(OPENPIT_EVENT_TRADE_CANCEL),
        report.pointee.reserved_tail_byte == 0, report.pointee.reserved_tail_short == 0
    else { throw .invalidArgument }
    if fields & UInt32(OPENPIT_REPORT_HAS_CLIENT_ORDER_ID) != 0 { _ = try report.pointee.client_order_id.utf8() }
    if fields & UInt32(OPENPIT_REPORT_HAS_EXECUTION_ID) != 0 { _ = try report.pointee.execution_id.utf8() }
}

/// A report from outside as the core sees it.
@inline(__always)
private func validated(_ report: UnsafePointer<openpit_report>) throws(Status) -> UnsafePointer<ExecutionReport> {
    let fields = report.pointee.fields
    let reserved = report.pointee.reserved.0 | report.pointee.reserved.1
    guard reserved == 0, report.pointee.is_final <= 1,
        (report.pointee.underlying == 0) == (report.pointee.settlement == 0),
        report.pointee.side <= UInt8(OPENPIT_SIDE_SELL),
        report.pointee.position_effect <= UInt8(OPENPIT_POSITION_EFFECT_CLOSE),
        report.pointee.position_side <= UInt8(OPENPIT_POSITION_SIDE_SHORT)
    else { throw .invalidArgument }
    if fields & UInt32(OPENPIT_REPORT_HAS_FINANCIAL_IMPACT) != 0 {
        try check(report.pointee.pnl)
        try check(report.pointee.fee)
    }
    if fields & UInt32(OPENPIT_REPORT_HAS_TRADE) != 0 {
        try check(report.pointee.trade_price)
        try checkUnsigned(report.pointee.trade_quantity)
    }
    if fields & UInt32(OPENPIT_REPORT_HAS_FILL_FEE) != 0 {
        guard report.pointee.fill_fee_asset != 0 else { throw .invalidArgument }
        try check(report.pointee.fill_fee)
    }
    if fields & UInt32(OPENPIT_REPORT_HAS_LEAVES_QUANTITY) != 0 { try checkUnsigned(report.pointee.leaves_quantity) }
    if fields & UInt32(OPENPIT_REPORT_HAS_LOCK) != 0 {
        for entry in try items(report.pointee.lock, report.pointee.lock_count) { _ = try LockEntry(entry) }
    }
    return UnsafeRawPointer(report).assumingMemoryBound(to: ExecutionReport.self)
}
