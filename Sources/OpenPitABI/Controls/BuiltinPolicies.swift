import COpenPit
import Decimals
import RiskBase
import RiskCore

// MARK: - Faults

extension Status {
    init(_ fault: PolicyFault) {
        switch fault {
        case .noBarriers: self = .noBarriers
        case .noBounds, .noCaps: self = .noBounds
        case .invalidWindow: self = .invalidWindow
        case .invalidSlippage: self = .invalidSlippage
        case .noFundsBounds: self = .noBounds
        case .singleThreadedMarket: self = .syncModeMismatch
        case .limitReached: self = .limitReached
        }
    }
}

extension Message {
    mutating func write(_ fault: PolicyFault) {
        switch fault {
        case .noBarriers(.rateLimit):
            write("at least one broker, asset, account, or account+asset barrier must be configured")
        case .noBarriers(.pnlKillSwitch): write("at least one broker or account+asset barrier must be configured")
        case .noBarriers: write("at least one broker, asset, or account+asset barrier must be configured")
        case .noBounds(let asset):
            write("at least one of lower_bound or upper_bound must be configured for settlement asset ")
            write(asset)
        case .noCaps: write("at least one of max_quantity or max_notional must be configured")
        case .invalidWindow: write("rate limit window must be positive and fit in u64 nanoseconds, got 0ns")
        case .invalidSlippage(let slippage):
            write("slippage ")
            write(slippage)
            write(" bps is out of range (must be <= 10 000 bps)")
        case .noFundsBounds: write("spot-funds P&L bounds must configure at least one bound")
        case .singleThreadedMarket:
            write("market data service is in no-sync mode but the engine is multi-threaded")
        case .limitReached: break
        }
    }
}

// MARK: - Barriers

/// Converts every barrier before the first is used.
func converted<Foreign, Barrier: BitwiseCopyable>(
    _ barriers: UnsafePointer<Foreign>?, _ count: Int, _ convert: (Foreign) throws(Status) -> Barrier
) throws(Status) -> Buffer<Barrier> {
    let barriers = try items(barriers, count)
    var converted = Buffer<Barrier>()
    guard converted.reserve(barriers.count) else { throw .limitReached }
    for barrier in barriers { converted.append(try convert(barrier)) }
    return converted
}

extension RateLimitBarrier {
    fileprivate init(_ barrier: openpit_rate_limit_barrier) throws(Status) {
        guard barrier.reserved.0 | barrier.reserved.1 | barrier.reserved.2 == 0,
            let axis = Axis(rawValue: barrier.axis)
        else { throw .invalidArgument }
        let scope: Scope =
            switch axis {
            case .broker: .broker
            case .asset: .asset(try named(barrier.asset))
            case .account: .account(AccountId(barrier.account))
            case .accountAsset: .accountAsset(AccountId(barrier.account), try named(barrier.asset))
            }
        self.init(
            scope, RateLimit(maxOrders: barrier.max_orders, windowNanoseconds: barrier.window_nanoseconds))
    }
}

extension OrderSizeBarrier {
    fileprivate init(_ barrier: openpit_order_size_barrier) throws(Status) {
        let known = OPENPIT_SIZE_HAS_QUANTITY | OPENPIT_SIZE_HAS_NOTIONAL | OPENPIT_SIZE_PER_METRIC
        guard barrier.reserved.0 | barrier.reserved.1 == 0, Int(barrier.fields) & ~Int(known) == 0,
            let axis = Axis(rawValue: barrier.axis)
        else { throw .invalidArgument }
        let scope: Scope =
            switch axis {
            case .broker: .broker
            case .asset: .asset(try named(barrier.asset))
            case .account: throw .invalidArgument
            case .accountAsset: .accountAsset(AccountId(barrier.account), try named(barrier.asset))
            }
        self.init(
            scope,
            OrderSizeLimit(
                quantityMax: try barrier.cap(OPENPIT_SIZE_HAS_QUANTITY, barrier.max_quantity),
                notionalMax: try barrier.cap(OPENPIT_SIZE_HAS_NOTIONAL, barrier.max_notional)),
            isPerMetric: Int(barrier.fields) & Int(OPENPIT_SIZE_PER_METRIC) != 0)
    }
}

extension openpit_order_size_barrier {
    fileprivate func cap(_ bit: some BinaryInteger, _ cap: openpit_decimal) throws(Status) -> Decimal? {
        guard Int(fields) & Int(bit) != 0 else { return nil }
        let number = try Decimal(cap)
        guard !number.isNegative else { throw .negativeValue }
        return number
    }
}

extension PnlBarrier {
    fileprivate init(_ barrier: openpit_pnl_barrier) throws(Status) {
        let known = OPENPIT_PNL_HAS_LOWER | OPENPIT_PNL_HAS_UPPER | OPENPIT_PNL_HAS_INITIAL
        guard barrier.reserved.0 | barrier.reserved.1 == 0, Int(barrier.fields) & ~Int(known) == 0 else {
            throw .invalidArgument
        }
        let initial = try barrier.bound(OPENPIT_PNL_HAS_INITIAL, barrier.initial)
        let scope: Scope =
            switch Axis(rawValue: barrier.axis) {
            case .broker where initial == nil: .broker
            case .accountAsset: .account(AccountId(barrier.account), initial: initial)
            default: throw .invalidArgument
            }
        self.init(
            scope, settlement: try named(barrier.asset),
            PnlBounds(
                lower: try barrier.bound(OPENPIT_PNL_HAS_LOWER, barrier.lower),
                upper: try barrier.bound(OPENPIT_PNL_HAS_UPPER, barrier.upper)))
    }
}

extension openpit_pnl_barrier {
    fileprivate func bound(_ bit: some BinaryInteger, _ bound: openpit_decimal) throws(Status) -> Decimal? {
        Int(fields) & Int(bit) != 0 ? try Decimal(bound) : nil
    }
}

// MARK: - Building

extension ErrorDetail {
    /// The status of a policy that was not added; says why.
    mutating func status(of fault: PolicyAddFault) -> Status {
        switch fault {
        case .builderConsumed: return .builderConsumed
        case .limitReached: return .limitReached
        case .refused(let fault):
            message.write(fault)
            return Status(fault)
        }
    }
}

/// Adds a policy made of `barriers`, and says in `error` why it was refused.
private func add<Barrier: BitwiseCopyable>(
    _ builder: OpaquePointer?, _ error: UnsafeMutablePointer<openpit_error>?,
    _ barriers: () throws(Status) -> Buffer<Barrier>,
    _ add: (inout EngineBuilder, UnsafeBufferPointer<Barrier>) throws(PolicyAddFault) -> Void
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let barriers = try barriers()
        do throws(PolicyAddFault) {
            try add(&builder.pointee, barriers.contents)
        } catch let fault {
            throw detail.status(of: fault)
        }
    }
}

@c @implementation
public func openpit_engine_builder_add_order_validation(
    _ builder: OpaquePointer?, _ group: openpit_policy_group_id
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        do throws(EngineBuildFault) {
            try builder.pointee.addOrderValidation(group: PolicyGroupId(group))
        } catch {
            throw Status(error)
        }
    }
}

@c @implementation
public func openpit_engine_builder_add_rate_limit(
    _ builder: OpaquePointer?, _ group: openpit_policy_group_id,
    _ barriers: UnsafePointer<openpit_rate_limit_barrier>?, _ count: Int, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    add(
        builder, error, { () throws(Status) in try converted(barriers, count, RateLimitBarrier.init) },
        { (builder, barriers) throws(PolicyAddFault) in
            try builder.addRateLimit(barriers, group: PolicyGroupId(group))
        })
}

@c @implementation
public func openpit_engine_builder_add_order_size_limit(
    _ builder: OpaquePointer?, _ group: openpit_policy_group_id,
    _ barriers: UnsafePointer<openpit_order_size_barrier>?, _ count: Int, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    add(
        builder, error, { () throws(Status) in try converted(barriers, count, OrderSizeBarrier.init) },
        { (builder, barriers) throws(PolicyAddFault) in
            try builder.addOrderSizeLimit(barriers, group: PolicyGroupId(group))
        })
}

@c @implementation
public func openpit_engine_builder_add_pnl_kill_switch(
    _ builder: OpaquePointer?, _ group: openpit_policy_group_id, _ barriers: UnsafePointer<openpit_pnl_barrier>?,
    _ count: Int, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    add(
        builder, error, { () throws(Status) in try converted(barriers, count, PnlBarrier.init) },
        { (builder, barriers) throws(PolicyAddFault) in
            try builder.addPnlKillSwitch(barriers, group: PolicyGroupId(group))
        })
}

// MARK: - Reconfiguration

/// Changes a running policy, and says in `error` why it was not changed.
func configure(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ error: UnsafeMutablePointer<openpit_error>?,
    _ change: (Engine, UnsafeBufferPointer<UInt8>) throws(ConfigureFault) -> Void
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let engine = try Engine(engine)
        let name = try policy.utf8()
        do throws(ConfigureFault) {
            try change(engine, name)
        } catch let fault {
            detail.message.write(fault, of: name)
            throw Status(fault)
        }
    }
}

/// The same with barriers, which are converted before anything else is looked at.
private func configure<Barrier: BitwiseCopyable>(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ axes: UInt32, _ error: UnsafeMutablePointer<openpit_error>?,
    _ barriers: () throws(Status) -> Buffer<Barrier>,
    _ change: (Engine, UnsafeBufferPointer<UInt8>, AxisSet, UnsafeBufferPointer<Barrier>) throws(ConfigureFault) -> Void
) -> openpit_status {
    var converted = Buffer<Barrier>()
    do throws(Status) {
        guard axes < 1 << 4 else { throw .invalidArgument }
        converted = try barriers()
    } catch let status {
        return answer(error) { (_) throws(Status) in throw status }
    }
    return configure(engine, policy, error) { (engine, name) throws(ConfigureFault) in
        try change(engine, name, AxisSet(rawValue: axes), converted.contents)
    }
}

extension Message {
    fileprivate mutating func write(_ fault: ConfigureFault, of policy: UnsafeBufferPointer<UInt8>) {
        switch fault {
        case .closed, .assertionPending, .limitReached, .broken: break
        case .unknownPolicy: write("no configurable policy named ", policy)
        case .typeMismatch(let found, let expected):
            write("policy ", policy, " has settings type ")
            write("", found.name.fixedText, ", not ")
            write("", expected.name.fixedText)
        case .refused(let fault):
            write("policy ", policy, " rejected the update: ")
            write(fault)
        }
    }
}

extension Status {
    fileprivate init(_ fault: ConfigureFault) {
        switch fault {
        case .closed: self = .engineClosed
        case .broken: self = .internal
        case .assertionPending: self = .assertionPending
        case .limitReached: self = .limitReached
        case .unknownPolicy: self = .unknownPolicy
        case .typeMismatch: self = .policyTypeMismatch
        case .refused(let fault): self = Status(fault)
        }
    }
}

@c @implementation
public func openpit_engine_configure_rate_limit(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ axes: UInt32,
    _ barriers: UnsafePointer<openpit_rate_limit_barrier>?, _ count: Int, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    configure(
        engine, policy, axes, error, { () throws(Status) in try converted(barriers, count, RateLimitBarrier.init) },
        { (engine, name, axes, barriers) throws(ConfigureFault) in
            try engine.configureRateLimit(name, axes, barriers)
        })
}

@c @implementation
public func openpit_engine_configure_order_size_limit(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ axes: UInt32,
    _ barriers: UnsafePointer<openpit_order_size_barrier>?, _ count: Int, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    configure(
        engine, policy, axes, error, { () throws(Status) in try converted(barriers, count, OrderSizeBarrier.init) },
        { (engine, name, axes, barriers) throws(ConfigureFault) in
            try engine.configureOrderSizeLimit(name, axes, barriers)
        })
}

@c @implementation
public func openpit_engine_configure_pnl_kill_switch(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ axes: UInt32, _ barriers: UnsafePointer<openpit_pnl_barrier>?,
    _ count: Int, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    configure(
        engine, policy, axes, error, { () throws(Status) in try converted(barriers, count, PnlBarrier.init) },
        { (engine, name, axes, barriers) throws(ConfigureFault) in
            try engine.configurePnlKillSwitch(name, axes, barriers)
        })
}

@c @implementation
public func openpit_engine_set_account_pnl(
    _ engine: OpaquePointer?, _ policy: openpit_text, _ account: openpit_account_id, _ settlement: openpit_asset,
    _ pnl: openpit_decimal, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    let asset: Asset
    let total: Decimal
    do throws(Status) {
        asset = try named(settlement)
        total = try Decimal(pnl)
    } catch let status {
        return answer(error) { (_) throws(Status) in throw status }
    }
    return configure(engine, policy, error) { (engine, name) throws(ConfigureFault) in
        try engine.setAccountPnl(name, of: AccountId(account), in: asset, to: total)
    }
}
