import RiskBase

/// The attempts of one key that may still lie in its window, oldest first.
///
/// A verdict needs no more than the newest `maxOrders` attempts, so no more runs of attempts than that are kept (and never
/// fewer than 64, for the count a reject names). When they are full, the oldest run joins the next younger one: if that run
/// is still in the window then so are `maxOrders` attempts, and if not, nothing has changed. Verdicts are therefore exact;
/// the count of a long-breached window may include attempts that have just left it.
struct SlidingLog: BitwiseCopyable {
    /// Attempts made at one reading of the clock.
    private struct Run: BitwiseCopyable {
        var time: UInt64
        var attempts: UInt64
    }

    private var runs: UnsafeMutablePointer<Run>?
    private(set) var capacity = 0
    private var head = 0
    private var runCount = 0
    private var attempts: UInt64 = 0

    init() {}

    /// Gives the memory back; the log must not be used afterwards.
    func deallocate() { runs?.deallocate() }

    /// Counts an attempt at `now` and returns how many the window has seen, this one included.
    mutating func charge(at now: UInt64, _ limit: RateLimit) -> UInt64 {
        trim(at: now, window: limit.windowNanoseconds)
        if runCount > 0 && self[runCount - 1].pointee.time >= now {
            self[runCount - 1].pointee.attempts &+= 1
        } else {
            makeRoom(for: limit)
            self[runCount].initialize(to: Run(time: now, attempts: 1))
            runCount += 1
        }
        attempts &+= 1
        return attempts
    }

    /// What `charge` would return.
    func peek(at now: UInt64, _ limit: RateLimit) -> UInt64 {
        var inside = attempts
        var position = 0
        while position < runCount, elapsed(from: self[position].pointee.time, to: now) >= limit.windowNanoseconds {
            inside &-= self[position].pointee.attempts
            position += 1
        }
        return inside &+ 1
    }

    /// The run at that place from the oldest one. The ring has a power of two of places.
    private subscript(position: Int) -> UnsafeMutablePointer<Run> {
        runs.unsafelyUnwrapped + ((head &+ position) & (capacity &- 1))
    }

    private mutating func trim(at now: UInt64, window: UInt64) {
        while runCount > 0, elapsed(from: self[0].pointee.time, to: now) >= window {
            attempts &-= self[0].pointee.attempts
            dropOldest()
        }
    }

    private mutating func dropOldest() {
        head = (head &+ 1) & (capacity &- 1)
        runCount -= 1
    }

    private mutating func makeRoom(for limit: RateLimit) {
        guard runCount == capacity || UInt64(runCount) >= max(limit.maxOrders, 64) else { return }
        if UInt64(runCount) >= max(limit.maxOrders, 64) {
            self[1].pointee.attempts &+= self[0].pointee.attempts
            dropOldest()
        } else {
            grow()
        }
    }

    @inline(never)
    private mutating func grow() {
        let larger = max(16, capacity * 2)
        let fresh = UnsafeMutablePointer<Run>.allocate(capacity: larger)
        for position in 0..<runCount { (fresh + position).initialize(to: self[position].pointee) }
        runs?.deallocate()
        runs = fresh
        capacity = larger
        head = 0
    }
}
