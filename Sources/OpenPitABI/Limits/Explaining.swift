import COpenPit
import Controls
import Decimals
import RiskBase
import RiskCore

// MARK: - Limits

@c @implementation
public func openpit_engine_read_limits(
    _ engine: OpaquePointer?,
    _ visit: (@convention(c) (UnsafeMutableRawPointer?, UnsafePointer<openpit_limit_status>?) -> Void)?,
    _ userData: UnsafeMutableRawPointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let visit = try required(visit)
        // Taken down first and told afterwards, because whoever is told may take its time, and the engine has others to serve.
        var statuses = Buffer<LimitStatus>()
        var isTakenDown = true
        try using { () throws(EngineError) in
            try engine.readLimits { isTakenDown = statuses.append($0) && isTakenDown }
        }
        guard isTakenDown else { throw .limitReached }
        for status in statuses.contents {
            var told = openpit_limit_status(status, in: engine)
            visit(userData, &told)
        }
    }
}

extension openpit_limit_status {
    fileprivate init(_ status: LimitStatus, in engine: Engine) {
        self.init()
        struct_size = UInt32(MemoryLayout<Self>.size)
        let limit = status.limit
        metric = limit.metric.rawValue
        action = limit.action.rawValue
        period = limit.period?.rawValue ?? 0
        state = status.state.rawValue
        name = limit.name.id
        scope = openpit_scope(status.scope, in: engine)
        lower = take(limit.lower, OPENPIT_LIMIT_HAS_LOWER)
        upper = take(limit.upper, OPENPIT_LIMIT_HAS_UPPER)
        used = take(status.used, OPENPIT_LIMIT_STATUS_HAS_USED)
        used_low = take(status.usedLow, OPENPIT_LIMIT_STATUS_HAS_USED_LOW)
        headroom = take(status.headroom, OPENPIT_LIMIT_STATUS_HAS_HEADROOM)
        utilization = take(status.utilization, OPENPIT_LIMIT_STATUS_HAS_UTILIZATION)
        stage = take(status.stage, OPENPIT_LIMIT_STATUS_HAS_STAGE)
        if status.isBreached { fields |= UInt32(OPENPIT_LIMIT_STATUS_IS_BREACHED) }
        if limit.isUnlimited { fields |= UInt32(OPENPIT_LIMIT_STATUS_IS_UNLIMITED) }
        currency = limit.currency.id
        window_nanoseconds = limit.window
        if limit.effectiveFrom != .min {
            fields |= UInt32(OPENPIT_LIMIT_HAS_EFFECTIVE_FROM)
            effective_from = limit.effectiveFrom
        }
        if limit.effectiveUntil != .max {
            fields |= UInt32(OPENPIT_LIMIT_HAS_EFFECTIVE_UNTIL)
            effective_until = limit.effectiveUntil
        }
    }

    private mutating func take(_ number: Decimal?, _ bit: some BinaryInteger) -> openpit_decimal {
        told(number, bit, &fields)
    }
}

/// The number, and its bit among the fields when there is one.
private func told(_ number: Decimal?, _ bit: some BinaryInteger, _ fields: inout UInt32) -> openpit_decimal {
    if number != nil { fields |= UInt32(bit) }
    return openpit_decimal(number ?? .zero)
}

// MARK: - Explanations

@c @implementation
public func openpit_engine_explain(
    _ engine: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, _ result: OpaquePointer?,
    _ explanation: UnsafeMutablePointer<openpit_explanation>?,
    _ visit: (@convention(c) (UnsafeMutableRawPointer?, UnsafePointer<openpit_look>?) -> Void)?,
    _ userData: UnsafeMutableRawPointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let findings = try findings(result)
        let explanation = try Output(explanation)
        var sights = Sights()
        let explained = try withOrder(order, copied: engine.runsForeignCode) { (order) throws(EngineError) in
            try engine.explain(order, into: findings) { look, uses in sights.take(look, uses) }
        }
        guard sights.isComplete else { throw .limitReached }
        if let visit { sights.tell(in: engine) { visit(userData, $0) } }
        explanation.fill {
            $0.passes = explained.passes ? 1 : 0
            $0.state = explained.state.rawValue
            $0.reserved = 0
            $0.time = explained.time
        }
    }
}

/// What limits made of an order, taken down before it is told.
private struct Sights: ~Copyable {
    private var looks = Buffer<Look>()
    private var inputs = Buffer<openpit_input_use>()
    private(set) var isComplete = true

    init() {}

    mutating func take(_ look: Look, _ uses: UnsafeBufferPointer<InputUse>) {
        var look = look
        look.inputStart = UInt32(truncatingIfNeeded: inputs.count)
        for use in uses { isComplete = inputs.append(openpit_input_use(use)) && isComplete }
        isComplete = looks.append(look) && isComplete
    }

    func tell(in engine: Engine, _ visit: (UnsafePointer<openpit_look>) -> Void) {
        for look in looks.contents {
            var told = openpit_look(look, in: engine)
            told.inputs = UnsafePointer(inputs.contents.baseAddress).map { $0 + Int(look.inputStart) }
            told.input_count = Int(look.inputCount)
            visit(&told)
        }
    }
}

extension openpit_input_use {
    fileprivate init(_ use: InputUse) {
        self.init()
        source = use.source.rawValue
        status = use.status.rawValue
        figure = use.name.id
        value = openpit_decimal(use.value)
        age = use.age
    }
}

extension openpit_look {
    fileprivate init(_ look: Look, in engine: Engine) {
        self.init()
        struct_size = UInt32(MemoryLayout<Self>.size)
        metric = look.metric.rawValue
        verdict = look.verdict.rawValue
        why = look.why.rawValue
        name = look.name.id
        scope = openpit_scope(look.scope, in: engine)
        lower = told(look.lower, OPENPIT_LOOK_HAS_LOWER, &fields)
        upper = told(look.upper, OPENPIT_LOOK_HAS_UPPER, &fields)
        used = told(look.used, OPENPIT_LOOK_HAS_USED, &fields)
        asked = told(look.asked, OPENPIT_LOOK_HAS_ASKED, &fields)
        value = told(look.value, OPENPIT_LOOK_HAS_VALUE, &fields)
        headroom = told(look.headroom, OPENPIT_LOOK_HAS_HEADROOM, &fields)
        utilization = told(look.utilization, OPENPIT_LOOK_HAS_UTILIZATION, &fields)
        code = look.code?.rawValue ?? 0
    }
}

// MARK: - Events

@c @implementation
public func openpit_engine_next_event(
    _ engine: OpaquePointer?, _ event: UnsafeMutablePointer<openpit_limit_event>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let event = try Output(event)
        var taken: Event?
        try using { () throws(EngineError) in taken = try engine.takeEvent() }
        guard let taken else { throw .notFound }
        event.fill { $0 = openpit_limit_event(taken, in: engine) }
    }
}

@c @implementation
public func openpit_engine_events_dropped(
    _ engine: OpaquePointer?, _ count: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        try required(count).pointee = engine.eventsDropped
    }
}

extension openpit_limit_event {
    fileprivate init(_ event: Event, in engine: Engine) {
        self.init()
        kind = event.kind.rawValue
        metric = event.metric?.rawValue ?? 0
        name = event.name.id
        sequence = event.sequence
        time = event.time
        scope = openpit_scope(event.scope, in: engine)
        value = told(event.value, OPENPIT_LIMIT_EVENT_HAS_VALUE, &fields)
        limit = told(event.limit, OPENPIT_LIMIT_EVENT_HAS_LIMIT, &fields)
        switch event.text {
        case .none: break
        case .share(let at): share = told(at, OPENPIT_LIMIT_EVENT_HAS_SHARE, &fields)
        case .state(let told): state = told.rawValue
        case .name(let name): what = name.id
        }
    }
}
