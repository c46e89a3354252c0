import CPlatform
import RiskBase

/// A pre-trade risk engine: a handle to its state, which the functions of the pipeline share.
///
/// Every function goes through the door, which holds the lock meanwhile. The state is read and written in short steps: no access
/// spans a call of outside code, which may well call the engine again.
public struct Engine: @unchecked Sendable, BitwiseCopyable {
    @usableFromInline
    let state: UnsafeMutablePointer<State>

    @usableFromInline
    struct State: ~Copyable {
        // Something that the lock guards comes first, see docs/workarounds.md.
        /// References that keep the engine open, and those that keep just its memory.
        var users = 1 { didSet { updateAttention() } }
        var holders = 0
        /// Whether the engine has closed, is broken or somebody records, so that most calls ask one thing when they come and go.
        private(set) var needsAttention = false
        let lock: StateLock
        @usableFromInline
        var mark = HandleMark(.engine)
        let clock: Clock
        let compatibility: Compatibility
        let names = NameTable.shared
        var accounts: Accounts
        var ledger: CashLedger
        var policies = PolicyList()
        var frames: FramePool
        var hookPlaces = HookPlaceCache()
        /// Whether some policy needs the time; if not, the clock is not read.
        var needsTime = false
        /// Whether some policy is a custom one. Like the policies it does not change once the engine is built.
        var runsForeignCode = false
        /// Who is told of every command, if somebody is, and how many there were since.
        var recorder: RecordSink? { didSet { updateAttention() } }
        var sequence: UInt64 = 0
        /// Whether a call came upon something that cannot be. What the engine knows is not to be relied on, nor even to be freed.
        var isBroken = false { didSet { updateAttention() } }
        /// Calls that are in outside code at the moment. Policies outlive them.
        var outside = 0

        /// How many names of custom policies the engine keeps at most.
        let nameMax: UInt64

        init(_ mode: SyncMode, _ clock: Clock, _ compatibility: Compatibility, _ capacities: EngineCapacities) {
            accounts = Accounts(countMax: Int(capacities.accountMax))
            ledger = CashLedger(compatibility)
            frames = FramePool(openCountMax: Int(capacities.openMax))
            nameMax = capacities.nameMax
            lock = StateLock(mode)
            self.clock = clock
            self.compatibility = compatibility
            clock.retain()
        }

        deinit { clock.release() }

        var isClosed: Bool { users == 0 }

        private mutating func updateAttention() { needsAttention = isClosed || isBroken || recorder != nil }

        /// Nobody can reach the state any more.
        var isUnreachable: Bool {
            isClosed && holders == 0 && outside == 0 && (isBroken || frames.openCount == 0)
        }
    }

    /// `nil` when memory has run out.
    init?(_ mode: SyncMode, _ clock: Clock, _ compatibility: Compatibility, _ capacities: EngineCapacities) {
        guard let memory = cplatform_allocate_zeroed(1, MemoryLayout<State>.stride, 64) else { return nil }
        state = memory.bindMemory(to: State.self, capacity: 1)
        state.initialize(to: State(mode, clock, compatibility, capacities))
        if !state.pointee.lock.isUsable || !state.pointee.accounts.reserveCause(textLength: 0)
            || !state.pointee.accounts.reserveOne()
        {
            free()
            return nil
        }
    }

    /// Gives the memory back. That of a broken engine is left alone: nobody knows where its pointers lead.
    func free() {
        if state.pointee.isBroken { return state.pointee.clock.release() }
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
        try look { () throws(EngineError) in
            try requireOpen()
            state.pointee.users += 1
        }
    }

    /// Gives such a reference back. With the last one the engine closes; one too many is ignored while the memory is there.
    public func release() {
        attend { if state.pointee.users > 0 { state.pointee.users -= 1 } }
    }

    /// Adds a reference that keeps the engine's memory only.
    public func retainWeak() {
        attend { state.pointee.holders += 1 }
    }

    public func releaseWeak() {
        attend { if state.pointee.holders > 0 { state.pointee.holders -= 1 } }
    }
}
