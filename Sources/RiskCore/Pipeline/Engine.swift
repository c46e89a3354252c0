import CPlatform
import RiskBase

/// A pre-trade risk engine: a handle to its state, which the functions of the pipeline share.
///
/// Every function enters the engine, which takes its lock, and leaves it, which gives the lock back. Between the two the
/// state is read and written in short steps: no access spans a call of outside code, which may well call the engine again.
public struct Engine: @unchecked Sendable, BitwiseCopyable {
    @usableFromInline
    let state: UnsafeMutablePointer<State>

    @usableFromInline
    struct State: ~Copyable {
        // Something that the lock guards comes first, see docs/workarounds.md.
        /// References that keep the engine open, and those that keep just its memory.
        var users = 1
        var holders = 0
        let lock: StateLock
        @usableFromInline
        var mark = HandleMark(.engine)
        let clock: Clock
        let compatibility: Compatibility
        let names = NameTable.shared
        var accounts = Accounts()
        var policies = PolicyList()
        var frames = FramePool()
        var hookPlaces = HookPlaceCache()
        /// Whether some policy needs the time; if not, the clock is not read.
        var needsTime = false
        /// Whether some policy is a custom one. Like the policies it does not change once the engine is built.
        var runsForeignCode = false
        /// Calls that are in outside code at the moment. Policies outlive them.
        var outside = 0

        init(_ mode: SyncMode, _ clock: Clock, _ compatibility: Compatibility) {
            lock = StateLock(mode)
            self.clock = clock
            self.compatibility = compatibility
            clock.retain()
        }

        deinit { clock.release() }

        var isClosed: Bool { users == 0 }

        /// Nobody can reach the state any more.
        var isUnreachable: Bool { isClosed && holders == 0 && outside == 0 && frames.openCount == 0 }
    }

    /// `nil` when memory has run out.
    init?(_ mode: SyncMode, _ clock: Clock, _ compatibility: Compatibility) {
        guard let memory = cplatform_allocate_zeroed(1, MemoryLayout<State>.stride, 64) else { return nil }
        state = memory.bindMemory(to: State.self, capacity: 1)
        state.initialize(to: State(mode, clock, compatibility))
        if !state.pointee.lock.isUsable || !state.pointee.accounts.reserveCause(textLength: 0)
            || !state.pointee.accounts.reserveOne()
        {
            free()
            return nil
        }
    }

    private func free() {
        state.deinitialize(count: 1)
        cplatform_free(state)
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

    /// `false` for an address where an engine was, or something else is, as far as that can be told.
    @inlinable
    public var isThere: Bool { state.pointee.mark.isSet(to: .engine) }

    /// Whether checks and reports run code that is not the engine's own, and that may change what their caller holds.
    @inline(__always)
    public var runsForeignCode: Bool { state.pointee.runsForeignCode }

    /// Adds a reference that keeps the engine open.
    public func retain() throws(EngineError) {
        try enter()
        state.pointee.users += 1
        leave()
    }

    /// Gives such a reference back. With the last one the engine closes; one too many is ignored while the memory is there.
    public func release() {
        enterAnyway()
        if state.pointee.users > 0 { state.pointee.users -= 1 }
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
        if state.pointee.holders > 0 { state.pointee.holders -= 1 }
        leave()
    }

    /// Begins a call of an open engine. `lastAsset` is the largest id of an asset that the call speaks of.
    @inline(__always)
    func enter(lastAsset: UInt32 = 0) throws(EngineError) {
        enterAnyway()
        guard !state.pointee.isClosed, state.pointee.names.knows(lastAsset) else { throw refusal() }
    }

    /// Ends a call that must not begin, and says why.
    @inline(never)
    private func refusal() -> EngineError {
        let error: EngineError = state.pointee.isClosed ? .closed : .unknownAsset
        leave()
        return error
    }

    /// Begins a call that a closed engine serves too.
    @inline(__always)
    func enterAnyway() {
        state.pointee.lock.acquire()
    }

    /// Ends a call, and with the last call of a closed engine its policies, and with its last holder its memory.
    @inline(__always)
    func leave() {
        if state.pointee.isClosed { return leaveClosed() }
        state.pointee.lock.release()
    }

    @inline(never)
    private func leaveClosed() {
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
