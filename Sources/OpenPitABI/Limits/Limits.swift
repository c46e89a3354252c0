import COpenPit
import Controls
import Decimals
import RiskBase
import RiskCore

@c @implementation
public func openpit_metric_name(_ metric: openpit_metric) -> UnsafePointer<CChar>? {
    Metric(rawValue: metric)?.name.cString
}

extension Status {
    init(_ fault: LimitBuildFault) {
        switch fault {
        case .builderConsumed: self = .builderConsumed
        case .refused(.memoryRefused), .limitReached: self = .limitReached
        case .refused(.tooManyOfOneShape), .refused(.notJudged), .refused(.immutable): self = .invalidArgument
        case .singleThreadedMarket: self = .syncModeMismatch
        }
    }
}

/// Runs a call of the core that tells a builder something of limits.
func building<Answer>(_ call: () throws(LimitBuildFault) -> Answer) throws(Status) -> Answer {
    do throws(LimitBuildFault) { return try call() } catch { throw Status(error) }
}

@c @implementation
public func openpit_engine_builder_add_limits(
    _ builder: OpaquePointer?, _ limits: UnsafePointer<openpit_limit>?, _ count: Int,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        var given = Buffer<GivenLimit>()
        try forEach(limits, count) { (limit) throws(Status) in
            let limit = try GivenLimit(limit, place: given.count, &detail)
            guard given.append(limit) else { throw .limitReached }
        }
        for (index, limit) in given.contents.enumerated() {
            detail.value = UInt64(index)
            do throws(LimitBuildFault) {
                try builder.pointee.addLimit(limit.limit, account: limit.account, instrument: limit.instrument)
            } catch let fault {
                if case .refused(.tooManyOfOneShape) = fault {
                    detail.message.write("more limits of one shape can meet in one key than can be told apart")
                }
                throw Status(fault)
            }
        }
    }
}

extension Message {
    fileprivate mutating func write(_ problem: LimitProblem, of limit: Limit) {
        write(limit.name)
        write(", ")
        write(limit.metric.name)
        write(": ")
        write(problem.sentence)
    }
}

/// A limit from outside, with what the core has to number.
struct GivenLimit: BitwiseCopyable {
    private(set) var limit: Limit
    let account: AccountId?
    let instrument: Instrument?

    /// The limit in this place of an array. `detail` tells which it was, and why it cannot be.
    init(_ given: openpit_limit, place: Int, _ detail: inout ErrorDetail) throws(Status) {
        detail.value = UInt64(place)
        try self.init(given)
        guard let problem = limit.problem else { return }
        detail.message.write(problem, of: limit)
        throw .invalidArgument
    }

    private init(_ given: openpit_limit) throws(Status) {
        guard given.fields & ~UInt32(OPENPIT_LIMIT_ALL_FIELDS) == 0,
            given.flags & ~UInt32(OPENPIT_LIMIT_ALL_FLAGS) == 0, let metric = Metric(rawValue: given.metric)
        else { throw .invalidArgument }
        let scope = try GivenScope(given.scope)
        (account, instrument) = (scope.account, scope.instrument)
        limit = Limit(metric, name: try OpenPitABI.name(behind: given.name))
        limit.scope = scope.scope
        try limit.takeBounds(of: given)
        try limit.takeTimes(of: given)
        try limit.takeActions(of: given)
        try limit.takeFilter(of: given)
        for argument in try items(given.parameters, given.parameter_count) { try limit.own.take(argument) }
        for age in try items(given.max_ages, given.max_age_count) { try limit.take(age) }
    }
}

extension Limit {
    fileprivate mutating func takeBounds(of given: openpit_limit) throws(Status) {
        if given.fields & UInt32(OPENPIT_LIMIT_HAS_LOWER) != 0 { lower = try Decimal(given.lower) }
        if given.fields & UInt32(OPENPIT_LIMIT_HAS_UPPER) != 0 { upper = try Decimal(given.upper) }
        isUnlimited = given.flags & UInt32(OPENPIT_LIMIT_UNLIMITED) != 0
        isStrict = given.flags & UInt32(OPENPIT_LIMIT_STRICT) != 0
        isHard = given.flags & UInt32(OPENPIT_LIMIT_HARD) != 0
        passesWithoutData = given.flags & UInt32(OPENPIT_LIMIT_PASSES_WITHOUT_DATA) != 0
        currency = try optionallyNamed(given.currency)
        hysteresis = try unsigned(given.hysteresis)
    }

    fileprivate mutating func takeTimes(of given: openpit_limit) throws(Status) {
        window = given.window_nanoseconds
        period = try optional(given.period)
        guard window == 0 || period == nil else { throw .invalidArgument }
        if given.fields & UInt32(OPENPIT_LIMIT_HAS_EFFECTIVE_FROM) != 0 { effectiveFrom = given.effective_from }
        if given.fields & UInt32(OPENPIT_LIMIT_HAS_EFFECTIVE_UNTIL) != 0 { effectiveUntil = given.effective_until }
        guard effectiveFrom < effectiveUntil else { throw .invalidArgument }
    }

    fileprivate mutating func takeActions(of given: openpit_limit) throws(Status) {
        action = try optional(given.action) ?? .reject
        guard given.stage_count <= UInt32(OPENPIT_LIMIT_STAGE_COUNT_MAX) else { throw .invalidArgument }
        stageCount = Int(given.stage_count)
        for index in 0..<stageCount {
            stages[index] = try Stage(given.stage(index))
            guard index == 0 || stages[index - 1].at < stages[index].at else { throw .invalidArgument }
        }
        confirm = max(given.confirm, 1)
        throttle = Throttle(upper: given.throttle_upper, window: given.throttle_window)
        release = try optional(given.release) ?? .manual
        releaseAfter = given.release_after
        guard (release == .after) == (releaseAfter != 0) else { throw .invalidArgument }
        releaseRole = try optionalName(behind: given.release_role)
    }

    fileprivate mutating func takeFilter(of given: openpit_limit) throws(Status) {
        let bits = { (last: Int) in UInt8(truncatingIfNeeded: (1 << (last + 1)) - 2) }
        guard given.only_sides & ~bits(Int(OPENPIT_SIDE_SELL)) == 0,
            given.only_order_types & ~bits(Int(OPENPIT_ORDER_TYPE_STOP_LIMIT)) == 0,
            given.only_times_in_force & ~bits(Int(OPENPIT_TIME_IN_FORCE_AT_CLOSE)) == 0,
            given.only_phases & ~bits(Int(OPENPIT_PHASE_HALT)) == 0
        else { throw .invalidArgument }
        only.sides = given.only_sides
        only.orderTypes = given.only_order_types
        only.timesInForce = UInt16(given.only_times_in_force)
        only.phases = given.only_phases
    }

    fileprivate mutating func take(_ age: openpit_max_age) throws(Status) {
        guard let source = Source(rawValue: age.source), age.nanoseconds != 0, isZero(age.reserved) else {
            throw .invalidArgument
        }
        maxAges[Int(source.rawValue)] = age.nanoseconds
    }
}

extension Limit.Stage {
    fileprivate init(_ stage: openpit_limit_stage) throws(Status) {
        guard isZero(stage.reserved), let action = LimitAction(rawValue: stage.action) else { throw .invalidArgument }
        let at = try unsigned(stage.at)
        guard !at.isZero else { throw .invalidArgument }
        self.init(at: at, action: action)
    }
}

extension openpit_limit {
    fileprivate func stage(_ index: Int) -> openpit_limit_stage {
        withUnsafeBytes(of: stages) {
            $0.loadUnaligned(
                fromByteOffset: index * MemoryLayout<openpit_limit_stage>.stride, as: openpit_limit_stage.self)
        }
    }
}

/// Whether bytes that must be zero are.
private func isZero(_ bytes: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)) -> Bool {
    bytes.0 | bytes.1 | bytes.2 | bytes.3 | bytes.4 | bytes.5 | bytes.6 == 0
}

/// A number that is not below zero.
func unsigned(_ decimal: openpit_decimal) throws(Status) -> Decimal {
    let decimal = try Decimal(decimal)
    if decimal.isNegative { throw .negativeValue }
    return decimal
}
