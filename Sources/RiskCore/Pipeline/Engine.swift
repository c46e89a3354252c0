/// A pre-trade risk engine: a handle to its state, which the functions of the pipeline share.
///
/// Every function enters the engine, which takes its lock, and leaves it, which gives the lock back. Between the two the
/// state is read and written in short steps: no access spans a call of outside code, which may well call the engine again.
public struct Engine: @unchecked Sendable, BitwiseCopyable {
    @usableFromInline
    let state: UnsafeMutablePointer<State>

    @usableFromInline
    struct State: ~Copyable {
        let lock: EngineLock
        let clock: Clock
        var accounts = Accounts()
        var policies = PolicyList()
        var frames = FramePool()
        /// Whether some policy needs the time; if not, the clock is not read.
        var needsTime = false
        /// Whether some policy has a main stage; if not, there is none to run.
        var hasMainStage = false
        /// References that keep the engine open, and those that keep just its memory.
        var users = 1
        var holders = 0
        /// Calls that are running, nested ones included. Policies outlive them.
        var running = 0

        init(_ mode: SyncMode, _ clock: Clock) {
            lock = EngineLock(mode)
            self.clock = clock
            clock.retain()
        }

        deinit { clock.release() }

        var isClosed: Bool { users == 0 }

        /// Nobody can reach the state any more.
        var isUnreachable: Bool { isClosed && holders == 0 && running == 0 && frames.openCount == 0 }
    }

    init(_ mode: SyncMode, _ clock: Clock) {
        state = .allocate(capacity: 1)
        state.initialize(to: State(mode, clock))
    }

    init(state: UnsafeMutablePointer<State>) {
        self.state = state
    }
}

// MARK: - Life

extension Engine {
    /// The engine as an address, for those who cannot hold an `Engine`.
    public var address: UnsafeMutableRawPointer { UnsafeMutableRawPointer(state) }

    /// The engine that has this `address`.
    @inlinable
    public init(address: UnsafeMutableRawPointer) {
        state = address.assumingMemoryBound(to: State.self)
    }

    /// Adds a reference that keeps the engine open.
    public func retain() throws(EngineError) {
        try enter()
        state.pointee.users += 1
        leave()
    }

    /// Gives such a reference back. With the last one the engine closes.
    public func release() {
        enterAnyway()
        state.pointee.users -= 1
        leave()
    }

    /// Adds a reference that keeps the engine's memory only.
    public func retainWeak() {
        enterAnyway()
        state.pointee.holders += 1
        leave()
    }

    public func releaseWeak() {
        enterAnyway()
        state.pointee.holders -= 1
        leave()
    }

    /// Begins a call of an open engine.
    @inline(__always)
    func enter() throws(EngineError) {
        enterAnyway()
        guard !state.pointee.isClosed else {
            leave()
            throw .closed
        }
    }

    /// Begins a call that a closed engine serves too.
    @inline(__always)
    func enterAnyway() {
        state.pointee.lock.acquire()
        state.pointee.running += 1
    }

    /// Ends a call, and with the last call of a closed engine its policies, and with its last holder its memory.
    @inline(__always)
    func leave() {
        state.pointee.running -= 1
        if state.pointee.isClosed { return leaveClosed() }
        state.pointee.lock.release()
    }

    @inline(never)
    private func leaveClosed() {
        if state.pointee.running == 0 && !state.pointee.policies.entries.isEmpty {
            // Destroying policies runs outside code, which may call the engine: that is one more running call.
            state.pointee.running += 1
            withoutLock { state.pointee.policies.removeAll() }
            state.pointee.running -= 1
        }
        let isLast = state.pointee.isUnreachable
        state.pointee.lock.release()
        guard isLast else { return }
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Runs outside code: the engine's state is whole, its lock is free, and the code may call the engine.
    @inline(__always)
    func withoutLock<Result>(_ body: () -> Result) -> Result {
        state.pointee.lock.release()
        defer { state.pointee.lock.acquire() }
        return body()
    }
}
