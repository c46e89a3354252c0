import COpenPit
import Controls
import Decimals
import Market
import RiskBase
import RiskCore

// MARK: - Options

@c @implementation
public func openpit_engine_builder_set_limit_options(
    _ builder: OpaquePointer?, _ options: UnsafePointer<openpit_limit_options>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let settings = try ControlSettings(try read(options))
        try building { () throws(LimitBuildFault) in try builder.pointee.setLimitSettings(settings) }
    }
}

extension ControlSettings {
    fileprivate init(_ options: openpit_limit_options) throws(Status) {
        self.init()
        // A bit for each list, from 1 to the last.
        let lists = UInt32(1) << (UInt32(KnownList.traders.rawValue) + 1) - 2
        let reserved = options.reserved
        guard options.known & ~lists == 0,
            reserved.0 | reserved.1 | reserved.2 | reserved.3 | reserved.4 == 0, options.has_default_equity <= 1
        else { throw .invalidArgument }
        known = UInt8(options.known)
        if options.order_chain != 0 { marketOrderChain = try chain(options.order_chain) }
        if options.position_chain != 0 { positionChain = try chain(options.position_chain) }
        guard let factor = Decimal(1 as UInt64).adding(try unsigned(options.order_slippage)) else {
            throw .arithmeticOverflow
        }
        marketOrderFactor = factor
        marketOrderMaxAge = options.order_max_age
        positionMaxAge = options.position_max_age
        if options.retention != 0 { retention = options.retention }
        if options.event_capacity != 0 { eventCapacity = options.event_capacity }
        unknownFill = try optional(options.unknown_fill) ?? .notify
        guard options.ignores_position_side <= 1 else { throw .invalidArgument }
        ignoresPositionSide = options.ignores_position_side == 1
        defaultCurrency = try optionallyNamed(options.default_currency)
        defaultCalendar = options.default_calendar
        if options.has_default_equity == 1 { defaultEquity = try Decimal(options.default_equity) }
    }
}

// MARK: - Instruments

@c @implementation
public func openpit_engine_builder_describe_instrument(
    _ builder: OpaquePointer?, _ description: UnsafePointer<openpit_instrument_description>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let given = try read(description)
        let described = try GivenInstrument(given)
        let ticks = try converted(given.ticks, given.tick_count, TickStep.init)
        let classes = try converted(given.classes, given.class_count, InstrumentClass.init)
        let jurisdictions = try converted(given.jurisdictions, given.jurisdiction_count, named)
        try checkOrder(of: ticks)
        try building { () throws(LimitBuildFault) in
            try builder.pointee.describe(described.instrument) { (limits, row) in
                guard limits.setTicks(ticks.contents, of: row),
                    limits.setClasses(classes.contents, of: row),
                    limits.setJurisdictions(jurisdictions.contents, of: row)
                else { return false }
                described.write(to: row)
                return true
            }
        }
    }
}

/// The numbers of an instrument, before there is a row for them.
private struct GivenInstrument {
    let instrument: Instrument
    private let multiplier: Decimal
    private let lot: Decimal?
    private var margin = InstrumentData.MarginRates()
    private let isEasyToBorrow: Bool
    private let calendar: UInt32

    init(_ given: openpit_instrument_description) throws(Status) {
        guard given.fields & ~UInt32(OPENPIT_INSTRUMENT_ALL_FIELDS) == 0, given.reserved == 0 else {
            throw .invalidArgument
        }
        calendar = given.calendar
        instrument = try Instrument(given.underlying, given.settlement)
        let field = { (bit: Int, number: openpit_decimal) throws(Status) -> Decimal? in
            given.fields & UInt32(bit) == 0 ? nil : try unsigned(number)
        }
        multiplier = try field(OPENPIT_INSTRUMENT_HAS_MULTIPLIER, given.multiplier) ?? Decimal(1 as UInt64)
        lot = try field(OPENPIT_INSTRUMENT_HAS_LOT, given.lot)
        guard !multiplier.isZero, lot.map({ !$0.isZero }) ?? true else { throw .invalidArgument }
        margin.long = try field(OPENPIT_INSTRUMENT_HAS_MARGIN_LONG, given.margin_long)
        margin.short = try field(OPENPIT_INSTRUMENT_HAS_MARGIN_SHORT, given.margin_short)
        margin.maintenanceLong = try field(OPENPIT_INSTRUMENT_HAS_MAINTENANCE_LONG, given.maintenance_long)
        margin.maintenanceShort = try field(OPENPIT_INSTRUMENT_HAS_MAINTENANCE_SHORT, given.maintenance_short)
        isEasyToBorrow = given.fields & UInt32(OPENPIT_INSTRUMENT_EASY_TO_BORROW) != 0
    }

    func write(to row: InstrumentPointer) {
        row.pointee.multiplier = multiplier
        row.pointee.lot = lot
        row.pointee.margin = margin
        row.pointee.isEasyToBorrow = isEasyToBorrow
        row.pointee.calendar = calendar
        row.pointee.isListed = true
    }
}

extension TickStep {
    fileprivate init(_ tick: openpit_tick) throws(Status) {
        let step = try unsigned(tick.step)
        guard !step.isZero else { throw .invalidArgument }
        self.init(from: try unsigned(tick.from), step: step)
    }
}

/// A table of steps begins at 0 and rises.
private func checkOrder(of ticks: borrowing Buffer<TickStep>) throws(Status) {
    for index in 0..<ticks.count {
        guard index == 0 ? ticks[0].from.isZero : ticks[index - 1].from < ticks[index].from else {
            throw .invalidArgument
        }
    }
}

extension InstrumentClass {
    fileprivate init(_ given: openpit_instrument_class) throws(Status) {
        self.init(kind: try named(given.kind), value: try named(given.name))
    }
}

// MARK: - Accounts and names

@c @implementation
public func openpit_engine_builder_describe_account(
    _ builder: OpaquePointer?, _ description: UnsafePointer<openpit_account_description>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let data = try AccountData(try read(description))
        try building { () throws(LimitBuildFault) in try builder.pointee.describe(data) }
    }
}

extension AccountData {
    init(_ given: openpit_account_description) throws(Status) {
        guard given.fields & ~UInt32(OPENPIT_ACCOUNT_ALL_FIELDS) == 0, given.reserved == 0 else {
            throw .invalidArgument
        }
        self.init(AccountId(given.account))
        calendar = given.calendar
        currency = try optionallyNamed(given.currency)
        jurisdiction = try optionallyNamed(given.jurisdiction)
        washGroup = try optionallyNamed(given.wash_group)
        if given.fields & UInt32(OPENPIT_ACCOUNT_HAS_EQUITY) != 0 { equity = try Decimal(given.equity) }
        if given.fields & UInt32(OPENPIT_ACCOUNT_HAS_GROUP) != 0 {
            (group, namesGroup) = (AccountGroupId(given.group), true)
        }
        isListed = true
    }
}

@c @implementation
public func openpit_engine_builder_describe_group(
    _ builder: OpaquePointer?, _ description: UnsafePointer<openpit_group_description>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let given = try read(description)
        var data = GroupData(AccountGroupId(given.group))
        data.currency = try optionallyNamed(given.currency)
        data.calendar = given.calendar
        try building { () throws(LimitBuildFault) in try builder.pointee.describe(data) }
    }
}

@c @implementation
public func openpit_engine_builder_list_name(
    _ builder: OpaquePointer?, _ list: openpit_known, _ name: openpit_name
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        guard let list = KnownList(rawValue: list), list != .accounts, list != .instruments else {
            throw .invalidArgument
        }
        let name = try named(name)
        try building { () throws(LimitBuildFault) in try builder.pointee.list(name, on: list) }
    }
}

@c @implementation
public func openpit_engine_builder_use_market_data(
    _ builder: OpaquePointer?, _ service: OpaquePointer?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let service = try MarketData(service)
        try building { () throws(LimitBuildFault) in try builder.pointee.setLimitMarket(service) }
    }
}

private func chain(_ bits: UInt32) throws(Status) -> SourceChain {
    guard let chain = SourceChain(bits: UInt64(bits)) else { throw .invalidArgument }
    return chain
}
