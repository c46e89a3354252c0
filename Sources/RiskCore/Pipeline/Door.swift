import RiskBase

/// Something that an engine is told to do. A command is a value: all that it says is in it, so that it can be recorded. Each has
/// a function `apply`, which carries it out at the time `now`. It is no requirement of the protocol, see docs/workarounds.md.
protocol Command {
    static var kind: CommandKind { get }
    /// Whether the checks of the start stage run, which may need the time. It is 0 when nobody needs it.
    static var needsTime: Bool { get }
}

extension Command {
    static var needsTime: Bool { false }
}

/// The one way into an engine and out of it: its lock, its end, its time and its records are looked after here and nowhere
/// else. Commands go through `perform`, questions through `look`.
extension Engine {
    /// Lets `apply` carry a command out, and tells whoever records.
    @inline(__always)
    func perform<Told: Command, Answer, Fault: Error>(
        _ command: Told, _ apply: (Told, _ now: UInt64) throws(Fault) -> Answer
    ) throws(Fault) -> Answer {
        state.pointee.lock.acquire()
        defer { leave() }
        if state.pointee.needsAttention { return try performWithAttention(command, apply) }
        return try apply(command, Told.needsTime && state.pointee.needsTime ? state.pointee.clock.now() : 0)
    }

    /// The number is drawn before the command takes effect; a command that outside code gives meanwhile comes later, although
    /// it is told first.
    @inline(never)
    private func performWithAttention<Told: Command, Answer, Fault: Error>(
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
    func look<Answer, Fault: Error>(_ question: () throws(Fault) -> Answer) throws(Fault) -> Answer {
        state.pointee.lock.acquire()
        defer { leave() }
        return try question()
    }

    /// Refuses what a closed engine does not do, and what speaks of an asset that has no name. `lastAsset` is the largest id of
    /// an asset that is spoken of.
    @inline(__always)
    func requireOpen(lastAsset: UInt32 = 0) throws(EngineError) {
        guard !state.pointee.isClosed, state.pointee.names.knows(lastAsset) else {
            throw state.pointee.isClosed ? .closed : .unknownAsset
        }
    }

    /// Tells `sink` of every command from now on, or nobody any more.
    package func setRecorder(_ sink: RecordSink?) {
        look { state.pointee.recorder = sink }
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
            withoutLock { outgoing.removeAll() }
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
