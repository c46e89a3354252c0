import COpenPit
import Controls
import Decimals
import RiskBase
import RiskCore

// MARK: - States

@c @implementation
public func openpit_engine_set_state(
    _ engine: OpaquePointer?, _ key: UnsafePointer<openpit_scope>?, _ state: openpit_trading_state
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let key = try StateKey(try required(key).pointee)
        guard let state = TradingState(rawValue: state), state != .active else { throw .invalidArgument }
        try using { () throws(EngineError) in try engine.setState(state, of: key) }
    }
}

@c @implementation
public func openpit_engine_read_state(
    _ engine: OpaquePointer?, _ key: UnsafePointer<openpit_scope>?,
    _ state: UnsafeMutablePointer<openpit_trading_state>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let key = try StateKey(try required(key).pointee)
        let state = try required(state)
        state.pointee = try using { () throws(EngineError) in try engine.state(of: key) }.rawValue
    }
}

@c @implementation
public func openpit_engine_release(
    _ engine: OpaquePointer?, _ key: UnsafePointer<openpit_scope>?, _ role: openpit_name, _ limit: openpit_name,
    _ answered: UnsafeMutablePointer<openpit_release_answer>?,
    _ visit: (@convention(c) (UnsafeMutableRawPointer?, openpit_text) -> Void)?, _ userData: UnsafeMutableRawPointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let key = try StateKey(try required(key).pointee)
        let (role, limit) = (try optionallyNamed(role), try optionallyNamed(limit))
        let answered = try Output(answered)
        // There is room for what no key has more of: a cause each state, and a block.
        var causes = Buffer<Speaker>()
        var isTakenDown = causes.reserve(16)
        guard isTakenDown else { throw .limitReached }
        let released = try using { () throws(EngineError) in
            try engine.release(key, role: role, limit: limit) { isTakenDown = causes.append($0) && isTakenDown }
        }
        for cause in causes.contents { visit?(userData, openpit_text(cause)) }
        answered.fill {
            $0 = openpit_release_answer()
            $0.was = released.was.rawValue
            $0.now = released.now.rawValue
            $0.is_refused = released.isRefused ? 1 : 0
        }
    }
}

extension StateKey {
    fileprivate init(_ key: openpit_scope) throws(Status) {
        let given = try GivenScope(key)
        guard given.scope.each.isEmpty else { throw .invalidArgument }
        self.init(given.scope, account: given.account, instrument: given.instrument)
    }
}

extension openpit_text {
    /// The name of whoever has caused something: it is there for ever.
    fileprivate init(_ speaker: Speaker) {
        switch speaker {
        case .limit(let name): self = openpit_text(PolicyName.limit(name).fixedText)
        case .rule(let rule): self = openpit_text(rule.name.bytes)
        }
    }
}

// MARK: - Intents

@c @implementation
public func openpit_engine_next_intent(
    _ engine: OpaquePointer?, _ intent: UnsafeMutablePointer<openpit_cancel_intent>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let intent = try Output(intent)
        guard let taken = try using({ () throws(EngineError) in try engine.takeIntent() }) else { throw .notFound }
        intent.fill { $0 = openpit_cancel_intent(taken) }
    }
}

@c @implementation
public func openpit_engine_read_pending_cancels(
    _ engine: OpaquePointer?,
    _ visit: (@convention(c) (UnsafeMutableRawPointer?, UnsafePointer<openpit_cancel_intent>?) -> Void)?,
    _ userData: UnsafeMutableRawPointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let visit = try required(visit)
        var pending = Buffer<CancelIntent>()
        var isTakenDown = true
        try using { () throws(EngineError) in
            try engine.readPendingCancels { isTakenDown = pending.append($0) && isTakenDown }
        }
        guard isTakenDown else { throw .limitReached }
        for intent in pending.contents {
            var told = openpit_cancel_intent(intent)
            told.struct_size = UInt32(MemoryLayout<openpit_cancel_intent>.size)
            visit(userData, &told)
        }
    }
}

extension openpit_cancel_intent {
    fileprivate init(_ intent: CancelIntent) {
        self.init()
        kind = intent.kind.rawValue
        side = intent.side.rawValue
        client_order_id_length = UInt8(intent.clientId.count)
        intent.clientId.withBytes { id in withUnsafeMutableBytes(of: &client_order_id) { $0.copyBytes(from: id) } }
        order_id = intent.orderId
        account = intent.account.value
        (underlying, settlement) = (intent.instrument.underlying.id, intent.instrument.settlement.id)
        quantity = openpit_decimal(intent.quantity)
        time = intent.time
        cause = openpit_text(intent.cause)
    }
}

@c @implementation
public func openpit_engine_rebase(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ part: openpit_rebased_part
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        guard let part = RebasedPart(rawValue: part) else { throw .invalidArgument }
        try using { () throws(EngineError) in try engine.rebase(part, of: AccountId(account)) }
    }
}

// MARK: - Sessions, locates and overrides

@c @implementation
public func openpit_engine_heartbeat(_ engine: OpaquePointer?, _ session: openpit_name) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let session = try named(session)
        try using { () throws(EngineError) in try engine.heartbeat(session) }
    }
}

@c @implementation
public func openpit_engine_tick(_ engine: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        try using { () throws(EngineError) in try engine.tick() }
    }
}

@c @implementation
public func openpit_engine_add_locate(
    _ engine: OpaquePointer?, _ locate: UnsafePointer<openpit_locate>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let given = try read(locate)
        let id = try named(given.id)
        let instrument = try Instrument(given.underlying, given.settlement)
        let quantity = try Decimal(given.quantity)
        do throws(LocateRefusal) {
            try engine.addLocate(id, quantity, for: AccountId(given.account), instrument, until: given.expires)
        } catch {
            throw Status(error)
        }
    }
}

extension Status {
    fileprivate init(_ refusal: LocateRefusal) {
        switch refusal {
        case .engine(let error): self = Status(error)
        case .locate(.idIsKnown), .locate(.quantityNotPositive): self = .invalidArgument
        case .locate(.overflow): self = .arithmeticOverflow
        case .locate(.memoryRefused): self = .limitReached
        }
    }
}

@c @implementation
public func openpit_engine_grant(
    _ engine: OpaquePointer?, _ grant: UnsafePointer<openpit_grant>?, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let engine = try Engine(engine)
        let given = try read(grant)
        guard given.reserved == 0 else { throw .invalidArgument }
        let order = try given.client_order_id.utf8()
        let limits = try converted(given.limits, given.limit_count, named)
        let actors = try converted(given.actors, given.actor_count, named)
        do throws(GrantRefusal) {
            try engine.grant(
                order, of: AccountId(given.account), limits.contents, until: given.expires, actors: actors.contents)
        } catch {
            throw detail.take(error)
        }
    }
}

extension ErrorDetail {
    fileprivate mutating func take(_ refusal: GrantRefusal) -> Status {
        let fault: GrantFault
        switch refusal {
        case .engine(let error): return Status(error)
        case .grant(let given): fault = given
        }
        switch fault {
        case .memoryRefused: return .limitReached
        case .tooFewActors: say(OPENPIT_GRANT_CAUSE_TOO_FEW_ACTORS, "two different actors at least have to grant")
        case .limitUnknown: say(OPENPIT_GRANT_CAUSE_LIMIT_UNKNOWN, "there is no limit of this name")
        case .limitIsHard: say(OPENPIT_GRANT_CAUSE_LIMIT_IS_HARD, "the limit is hard, and nobody passes it")
        case .orderIdMalformed: say(OPENPIT_GRANT_CAUSE_ORDER_ID, "that is no client order id")
        case .hasExpired: say(OPENPIT_GRANT_CAUSE_HAS_EXPIRED, "the grant would have expired")
        }
        return .invalidArgument
    }

    private mutating func say(_ cause: some BinaryInteger, _ sentence: StaticString) {
        self.cause = UInt32(cause)
        message.write(sentence)
    }
}
