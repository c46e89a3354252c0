import CPlatform
import RiskBase

/// Something that an engine is told to do. A command is a value: all that it says is in it, so that it can be recorded. Each has
/// a function `apply`, which carries it out at the time `now`. It is no requirement of the protocol, see docs/workarounds.md.
protocol Command {
    static var kind: CommandKind { get }
    /// Whether the checks of the start stage run, which may need the time. It is 0 when nobody needs it.
    static var needsTime: Bool { get }
    /// Whether a closed engine refuses it.
    static var needsOpenEngine: Bool { get }
    /// Whether it looks for itself whether it came upon something that cannot be, which takes it less time than the door.
    static var provesItself: Bool { get }
}

extension Command {
    static var needsTime: Bool { false }
    static var needsOpenEngine: Bool { false }
    static var provesItself: Bool { false }
}

/// How a call is refused that the engine does not begin with.
protocol DoorFault: Error {
    /// An invariant of the engine does not hold.
    static var broken: Self { get }
    /// The engine has closed; `nil` where that refuses nothing.
    static var whenClosed: Self? { get }
}

extension DoorFault {
    static var whenClosed: Self? { nil }
}

extension EngineError: DoorFault {
    static var whenClosed: Self? { .closed }
}

extension ConfigureFault: DoorFault {
    static var whenClosed: Self? { .closed }
}

extension BlockFault: DoorFault {}

extension GroupFault: DoorFault {
    static var broken: Self { GroupFault(cause: .broken) }
}

/// The one way into an engine and out of it: its lock, its end, its time and its records are looked after here and nowhere
/// else. Commands go through `perform`, questions through `look`.
extension Engine {
    /// Lets `apply` carry a command out, and tells whoever records.
    @inline(__always)
    func perform<Told: Command, Answer, Fault: DoorFault>(
        _ command: Told, _ apply: (Told, _ now: UInt64) throws(Fault) -> Answer
    ) throws(Fault) -> Answer {
        state.pointee.lock.acquire()
        defer { leave() }
        if state.pointee.needsAttention { return try performWithAttention(command, apply) }
        let now = Told.needsTime && state.pointee.needsTime ? state.pointee.clock.now() : 0
        return Told.provesItself ? try apply(command, now) : try prove { () throws(Fault) in try apply(command, now) }
    }

    /// Lets an answer out, unless the call came upon something that cannot be: then it fails, and so does every later one.
    @inline(__always)
    func prove<Answer, Fault: DoorFault>(_ call: () throws(Fault) -> Answer) throws(Fault) -> Answer {
        do throws(Fault) {
            let answer = try call()
            if cplatform_is_contradicted() { throw breakDown() }
            return answer
        } catch {
            throw proven(error)
        }
    }

    /// What a call fails with that fails: something that cannot be weighs more than what it led to.
    @inline(never)
    func proven<Fault: DoorFault>(_ fault: Fault) -> Fault { cplatform_is_contradicted() ? breakDown() : fault }

    @inline(never)
    func breakDown<Fault: DoorFault>() -> Fault {
        _ = cplatform_take_contradiction()
        state.pointee.isBroken = true
        return .broken
    }

    /// The number is drawn before the command takes effect; a command that outside code gives meanwhile comes later, although
    /// it is told first.
    @inline(never)
    private func performWithAttention<Told: Command, Answer, Fault: DoorFault>(
        _ command: Told, _ apply: (Told, _ now: UInt64) throws(Fault) -> Answer
    ) throws(Fault) -> Answer {
        if state.pointee.isBroken { throw .broken }
        if Told.needsOpenEngine, state.pointee.isClosed, let closed = Fault.whenClosed { throw closed }
        return try prove { () throws(Fault) in try performRecorded(command, apply) }
    }

    private func performRecorded<Told: Command, Answer, Fault: DoorFault>(
        _ command: Told, _ apply: (Told, _ now: UInt64) throws(Fault) -> Answer
    ) throws(Fault) -> Answer {
        // The engine has closed, and nobody records.
        guard state.pointee.recorder != nil else { return try apply(command, state.pointee.clock.now()) }
        state.pointee.sequence += 1
        let sequence = state.pointee.sequence
        let now = state.pointee.clock.now()
        var isDone = false
        defer {
            let head = RecordHead(sequence: sequence, time: now, command: Told.kind, isDone: isDone)
            state.pointee.recorder?.record(head, command)
        }
        let answer = try apply(command, now)
        isDone = true
        return answer
    }

    /// Answers a question that changes nothing.
    @inline(__always)
    func look<Answer, Fault: DoorFault>(_ question: () throws(Fault) -> Answer) throws(Fault) -> Answer {
        state.pointee.lock.acquire()
        defer { leave() }
        if state.pointee.isBroken { throw .broken }
        return try prove(question)
    }

    /// Does what is about the engine itself, whatever state it is in.
    @inline(__always)
    func attend<Answer, Fault: Error>(_ body: () throws(Fault) -> Answer) throws(Fault) -> Answer {
        state.pointee.lock.acquire()
        defer { leave() }
        return try body()
    }

    /// Refuses a question that a closed engine has no answer to.
    func requireOpen() throws(EngineError) {
        if state.pointee.isClosed { throw .closed }
    }

    /// Refuses what speaks of an asset that has no name. `lastAsset` is the largest id of an asset that is spoken of.
    @inline(__always)
    func requireNames(upTo lastAsset: UInt32) throws(EngineError) {
        guard state.pointee.names.knows(lastAsset) else { throw .unknownAsset }
    }

    /// Tells `sink` of every command from now on, or nobody any more.
    package func setRecorder(_ sink: RecordSink?) {
        attend { state.pointee.recorder = sink }
    }

    /// Ends a call, and with the last call of a closed engine its policies, and with its last holder its memory.
    @inline(__always)
    private func leave() {
        if state.pointee.needsAttention { return leaveClosed() }
        state.pointee.lock.release()
    }

    @inline(never)
    private func leaveClosed() {
        guard state.pointee.isClosed else { return state.pointee.lock.release() }
        if state.pointee.outside == 0 && !state.pointee.policies.entries.isEmpty {
            // Destroying policies runs outside code, and other threads may call the engine meanwhile: they find none left.
            var outgoing = PolicyList()
            swap(&outgoing, &state.pointee.policies)
            let isBroken = state.pointee.isBroken
            // What reservations have set aside goes with what it was set aside from.
            if isBroken { state.pointee.ledger.abandon() } else { state.pointee.ledger.end() }
            withoutLock { isBroken ? outgoing.abandonAll() : outgoing.removeAll() }
            // No call is left that could fail for it.
            if isBroken { _ = cplatform_take_contradiction() }
        }
        let isLast = state.pointee.isUnreachable
        state.pointee.lock.release()
        guard isLast else { return }
        state.pointee.mark.clear()
        free()
    }

    /// Runs outside code: the engine's state is whole, its lock is free, and the code may call the engine.
    @inline(__always)
    func withoutLock<Result>(_ body: () -> Result) -> Result {
        state.pointee.outside += 1
        state.pointee.lock.release()
        defer {
            state.pointee.lock.acquire()
            state.pointee.outside -= 1
            // It broke meanwhile: this call is to fail too.
            if state.pointee.isBroken { cplatform_contradict() }
        }
        return body()
    }
}

extension RecordSink {
    fileprivate func record<Told: Command>(_ head: RecordHead, _ command: Told) {
        withUnsafePointer(to: head) { head in
            withUnsafePointer(to: command) { command in take(context, head, command) }
        }
    }
}
