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

    @inlinable package init(_ mode: SyncMode) {
        guard mode != .none else {
            lock = nil
            return
        }
        // On a cache line of its own: those who only read must not feel that others lock.
        let size = max(MemoryLayout<cplatform_lock>.size, cplatform_cache_line_size)
        let place = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: cplatform_cache_line_size)
            .bindMemory(to: cplatform_lock.self, capacity: 1)
        place.initialize(to: cplatform_lock())
        // A default mutex needs nothing that could be refused.
        _ = cplatform_lock_initialize(place)
        lock = place
    }

    /// Whether several threads may come.
    @inlinable package var isInUse: Bool { lock != nil }

    @inlinable deinit {
        guard let lock else { return }
        cplatform_lock_deinitialize(lock)
        lock.deallocate()
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
