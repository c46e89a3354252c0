import CPlatform
import Synchronization

/// Where an engine gets its time from: the system, or whoever drives the clock. A plain handle; copies of it are the
/// same clock, and `retain` and `release` say how many of them count.
public struct Clock: @unchecked Sendable, BitwiseCopyable {
    /// A clock the caller drives; `nil` for the system's.
    @usableFromInline let manual: UnsafeMutablePointer<ManualClock>?

    private init(_ manual: UnsafeMutablePointer<ManualClock>?) {
        self.manual = manual
    }

    /// The system's monotonic clock, whose zero is arbitrary.
    public static var system: Clock { Clock(nil) }

    /// A clock that stands where it is told until it is moved, with one reference to release; `nil` when memory has run out.
    public static func makeManual(at nanoseconds: UInt64 = 0) -> Clock? {
        let memory = cplatform_allocate_zeroed(1, MemoryLayout<ManualClock>.size, cplatform_cache_line_size)
        guard let memory else { return nil }
        let manual = memory.bindMemory(to: ManualClock.self, capacity: 1)
        manual.initialize(to: ManualClock(at: nanoseconds))
        return Clock(manual)
    }

    /// Nanoseconds since the clock's zero; never less than before.
    @inline(__always)
    @inlinable public func now() -> UInt64 {
        guard let manual else { return UInt64(truncatingIfNeeded: cplatform_monotonic_nanoseconds()) }
        return manual.pointee.nanoseconds.load(ordering: .acquiring)
    }
}

extension Clock {
    /// What is added to the clock's time to get Unix time: for the system's clock as it is now, for one that somebody drives
    /// nothing.
    package var unixOffset: Int64 {
        guard manual == nil else { return 0 }
        return cplatform_unix_nanoseconds() &- cplatform_monotonic_nanoseconds()
    }
}

// MARK: - Driving

/// Why a clock was not moved.
public enum ClockError: Error, Sendable, BitwiseCopyable {
    /// The system's clock cannot be driven.
    case system
    /// The time asked for lies before the time it is.
    case past
    /// The time asked for lies beyond the last nanosecond a clock can show.
    case overflow
}

extension Clock {
    /// Moves the clock by `nanoseconds`.
    public func advance(by nanoseconds: UInt64) throws(ClockError) {
        try move { (now) throws(ClockError) in
            let (later, overflow) = now.addingReportingOverflow(nanoseconds)
            if overflow { throw .overflow }
            return later
        }
    }

    /// Moves the clock to `nanoseconds`, which must not lie in its past.
    public func set(to nanoseconds: UInt64) throws(ClockError) {
        try move { (now) throws(ClockError) in
            if nanoseconds < now { throw .past }
            return nanoseconds
        }
    }

    /// Replaces the time by what `next` makes of it; again when another thread was faster.
    private func move(_ next: (UInt64) throws(ClockError) -> UInt64) throws(ClockError) {
        guard let manual else { throw .system }
        var now = manual.pointee.nanoseconds.load(ordering: .relaxed)
        while true {
            let (exchanged, original) = manual.pointee.nanoseconds.weakCompareExchange(
                expected: now, desired: try next(now), ordering: .acquiringAndReleasing)
            if exchanged { return }
            now = original
        }
    }
}

// MARK: - Life

extension Clock {
    /// One more user. The system's clock is not counted.
    public func retain() {
        guard let manual else { return }
        manual.pointee.references.wrappingAdd(1, ordering: .relaxed)
    }

    /// One user less; after the last one the clock must not be used any more.
    public func release() {
        guard let manual else { return }
        let references = manual.pointee.references.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue
        guard references == 0 else { return }
        manual.deinitialize(count: 1)
        cplatform_free(manual)
    }

    /// Whether whoever made the clock has it still; also `false` for an address where something else is, as far as that
    /// can be told.
    public var isOwned: Bool { manual?.pointee.mark.isSet(to: .clock) ?? false }

    /// Gives back the reference of whoever made the clock; a second time nothing happens.
    public func disown() {
        guard let manual, manual.pointee.mark.clear() else { return }
        release()
    }

    /// The clock as an address, for those who cannot hold a `Clock`; `nil` for the system's.
    public var address: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(manual) }

    /// The clock that had this `address`; the system's for `nil`.
    public init(address: UnsafeMutableRawPointer?) {
        manual = address?.assumingMemoryBound(to: ManualClock.self)
    }
}

/// The memory of a clock the caller drives.
@usableFromInline struct ManualClock: ~Copyable {
    @usableFromInline let nanoseconds: Atomic<UInt64>
    let references = Atomic<Int>(1)
    var mark = HandleMark(.clock)

    init(at time: UInt64) { nanoseconds = Atomic(time) }
}
