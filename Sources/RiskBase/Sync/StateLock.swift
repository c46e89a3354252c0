import CPlatform

/// Which threads may use an engine.
public enum SyncMode: UInt32, Sendable, BitwiseCopyable {
    /// One call at a time; the caller sees to it.
    case none = 0
    /// Any thread, any handle, any time.
    case full = 1
    /// Any thread, as long as no two calls for the same account overlap.
    case account = 2
}

/// Guards an engine's state where the sync mode asks for it. Never held while code from outside runs.
@usableFromInline package struct StateLock: ~Copyable {
    @usableFromInline let lock: UnsafeMutablePointer<cplatform_lock>?

    /// Whether there is the lock that the mode asks for. Where memory has run out there is none: use it for nothing then.
    @usableFromInline package let isUsable: Bool

    @inlinable package init(_ mode: SyncMode) {
        guard mode != .none else {
            lock = nil
            isUsable = true
            return
        }
        // On a cache line of its own: those who only read must not feel that others lock.
        let size = max(MemoryLayout<cplatform_lock>.size, cplatform_cache_line_size)
        let memory = cplatform_allocate_zeroed(1, size, cplatform_cache_line_size)
        lock = memory?.bindMemory(to: cplatform_lock.self, capacity: 1)
        isUsable = lock != nil
        // A default mutex needs nothing that could be refused.
        if let lock { _ = cplatform_lock_initialize(lock) }
    }

    /// A lock that lasts as long as the process.
    package static func permanent() -> StateLock { StateLock(at: .permanent()) }

    private init(at place: UnsafeMutablePointer<cplatform_lock>) {
        _ = cplatform_lock_initialize(place)
        lock = place
        isUsable = true
    }

    /// Whether several threads may come.
    @inlinable package var isInUse: Bool { lock != nil }

    @inlinable deinit {
        guard let lock else { return }
        cplatform_lock_deinitialize(lock)
        cplatform_free(lock)
    }

    @inline(__always)
    @inlinable package func acquire() {
        if let lock { cplatform_lock_acquire(lock) }
    }

    @inline(__always)
    @inlinable package func release() {
        if let lock { cplatform_lock_release(lock) }
    }
}
