import COpenPit
import Decimals
import Market
import RiskBase
import RiskCore

// MARK: - Settings

private enum Target: UInt8 {
    case all = 0
    case group = 1
    case account = 2

    init(_ target: openpit_target) throws(Status) {
        guard let known = Target(rawValue: target) else { throw .invalidArgument }
        self = known
    }
}

private func flag(_ byte: UInt8) throws(Status) -> Bool {
    guard byte <= 1 else { throw .invalidArgument }
    return byte == 1
}

/// The mode behind its number in openpit.h, which leaves 0 for none.
private func limitMode(_ mode: openpit_limit_mode) throws(Status) -> SpotFundsLimitMode? {
    switch Int(mode) {
    case Int(OPENPIT_LIMIT_MODE_NONE): nil
    case Int(OPENPIT_LIMIT_MODE_ENFORCE): .enforce
    case Int(OPENPIT_LIMIT_MODE_TRACK_ONLY): .trackOnly
    default: throw .invalidArgument
    }
}

private func pricingSource(_ source: openpit_pricing_source) throws(Status) -> SpotFundsPricingSource? {
    switch Int(source) {
    case Int(OPENPIT_PRICING_SOURCE_NONE): nil
    case Int(OPENPIT_PRICING_SOURCE_MARK): .mark
    case Int(OPENPIT_PRICING_SOURCE_BOOK_TOP): .bookTop
    default: throw .invalidArgument
    }
}

extension SpotFundsOverride {
    fileprivate init(_ override: openpit_slippage_override) throws(Status) {
        let instrument = InstrumentId(override.instrument)
        let target: SpotFundsOverride.Target =
            switch try OpenPitABI.Target(override.target) {
            case .all: .instrument(instrument)
            case .group: .instrumentGroup(instrument, AccountGroupId(override.account_group))
            case .account: .instrumentAccount(instrument, AccountId(override.account))
            }
        self.init(target, basisPoints: try flag(override.is_removed) ? nil : override.slippage)
    }
}

extension SpotFundsModePin {
    fileprivate init(_ pin: openpit_limit_mode_pin) throws(Status) {
        guard pin.reserved == 0 else { throw .invalidArgument }
        let target: SpotFundsModePin.Target =
            switch try OpenPitABI.Target(pin.target) {
            case .all: throw .invalidArgument
            case .group: .group(AccountGroupId(pin.account_group))
            case .account: .account(AccountId(pin.account))
            }
        self.init(target, try limitMode(pin.mode))
    }
}

extension SpotFundsPositionLimit {
    fileprivate init(_ limit: openpit_position_limit) throws(Status) {
        guard limit.reserved.0 | limit.reserved.1 | limit.reserved.2 == 0 else { throw .invalidArgument }
        let number = try Decimal(limit.limit)
        guard !number.isNegative else { throw .negativeValue }
        self.init(
            account: AccountId(limit.account), asset: try named(limit.asset),
            limit: try flag(limit.is_removed) ? nil : number)
    }
}

extension SpotFundsScopedBarrier {
    fileprivate init(_ barrier: openpit_spot_funds_barrier) throws(Status) {
        let known = Int(OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER | OPENPIT_SPOT_FUNDS_BARRIER_HAS_UPPER)
        guard Int(barrier.fields) & ~known == 0, barrier.reserved == 0, barrier.reserved_word == 0 else {
            throw .invalidArgument
        }
        let scope: Scope =
            switch try Target(barrier.target) {
            case .all: .global
            case .group: .group(AccountGroupId(barrier.account_group))
            case .account: .account(AccountId(barrier.account))
            }
        let bounds = PnlBounds(
            lower: try number(barrier.lower, if: OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, of: barrier.fields),
            upper: try number(barrier.upper, if: OPENPIT_SPOT_FUNDS_BARRIER_HAS_UPPER, of: barrier.fields))
        self.init(
            scope,
            SpotFundsBarrier(bounds, currency: try optionallyNamed(barrier.currency)))
    }
}

/// Settings in the core's records, all of them converted before the first is used.
private struct ConvertedSettings: ~Copyable {
    private var scalars = SpotFundsUpdate()
    private var overrides = Buffer<SpotFundsOverride>()
    private var pins = Buffer<SpotFundsModePin>()
    private var limits = Buffer<SpotFundsPositionLimit>()

    /// No settings at all when the pointer is NULL.
    init(_ settings: UnsafePointer<openpit_spot_funds_settings>?) throws(Status) {
        guard settings != nil else { return }
        let settings = try read(settings)
        guard settings.fields & ~UInt32(OPENPIT_SPOT_FUNDS_ALL_FIELDS) == 0, settings.reserved_word == 0,
            settings.reserved.0 | settings.reserved.1 | settings.reserved.2 | settings.reserved.3 == 0
        else { throw .invalidArgument }
        if settings.fields & UInt32(OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE) != 0 {
            scalars.slippageBasisPoints = settings.slippage
        }
        scalars.pricingSource = try pricingSource(settings.pricing_source)
        scalars.limitMode = try limitMode(settings.limit_mode)
        overrides = try converted(settings.overrides, settings.override_count, SpotFundsOverride.init)
        pins = try converted(settings.limit_mode_pins, settings.limit_mode_pin_count, SpotFundsModePin.init)
        limits = try converted(
            settings.position_limits, settings.position_limit_count, SpotFundsPositionLimit.init)
    }

    /// Valid as long as these.
    var update: SpotFundsUpdate {
        var update = scalars
        update.overrides = overrides.contents
        update.modePins = pins.contents
        update.positionLimits = limits.contents
        return update
    }
}

// MARK: - Building

@c @implementation
public func openpit_engine_builder_add_spot_funds(
    _ builder: OpaquePointer?, _ group: openpit_policy_group_id, _ market: OpaquePointer?,
    _ settings: UnsafePointer<openpit_spot_funds_settings>?,
    _ barriers: UnsafePointer<openpit_spot_funds_barrier>?, _ barrierCount: Int,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let settings = try ConvertedSettings(settings)
        let barriers = try converted(barriers, barrierCount, SpotFundsScopedBarrier.init)
        var service: MarketData?
        if let market { service = try MarketData(market) }
        do throws(PolicyAddFault) {
            var options = SpotFundsOptions()
            options.market = service
            options.settings = settings.update
            options.barriers = barriers.contents
            try builder.pointee.addSpotFunds(options, group: PolicyGroupId(group))
        } catch let fault {
            throw detail.status(of: fault)
        }
    }
}

// MARK: - Reconfiguration

@c @implementation
public func openpit_engine_configure_spot_funds(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ settings: UnsafePointer<openpit_spot_funds_settings>?,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    configure(engine, policy, error) { () throws(Status) in
        try ConvertedSettings(required(settings))
    } _: { (engine, name, settings) throws(ConfigureFault) in
        try engine.configureSpotFunds(name, settings.update)
    }
}

@c @implementation
public func openpit_engine_configure_spot_funds_barriers(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ targets: UInt32,
    _ barriers: UnsafePointer<openpit_spot_funds_barrier>?, _ count: Int, _ result: OpaquePointer?,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    var findings: FindingsPointer?
    return configure(engine, policy, error) { () throws(Status) in
        findings = try OpenPitABI.findings(result)
        guard targets < 1 << 3 else { throw .invalidArgument }
        return try converted(barriers, count, SpotFundsScopedBarrier.init)
    } _: { (engine, name, barriers) throws(ConfigureFault) in
        try engine.configureSpotFundsBarriers(
            name, SpotFundsBarrierAxes(rawValue: targets), barriers.contents, into: findings)
    }
}

@c @implementation
public func openpit_engine_set_spot_funds_account_pnl(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ account: openpit_account_id, _ pnl: openpit_decimal,
    _ halt: openpit_halt_reason, _ result: OpaquePointer?, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    var findings: FindingsPointer?
    return configure(engine, policy, error) { () throws(Status) -> PnlState in
        findings = try OpenPitABI.findings(result)
        if let reason: HaltReason = try optional(halt) { return .halted(reason) }
        return .value(try Decimal(pnl))
    } _: { (engine, name, state) throws(ConfigureFault) in
        try engine.setSpotFundsAccountPnl(name, of: AccountId(account), to: state, into: findings)
    }
}
