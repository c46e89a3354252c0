import RiskBase

/// Counts orders in windows that open with the first order after the last one ended.
struct FixedWindow: BitwiseCopyable {
    var limit: RateLimit
    /// When the window opened; a window that saw no order yet opened when the policy was made.
    private var start: UInt64
    private var count: UInt64 = 0

    init(_ limit: RateLimit, epoch: UInt64) {
        self.limit = limit
        start = epoch
    }

    /// Counts an order at `now` and returns how many the window has seen, this one included.
    @inline(__always)
    mutating func charge(at now: UInt64) -> UInt64 {
        count = peek(at: now)
        if hasEnded(at: now) { start = now }
        return count
    }

    /// What `charge` would return.
    @inline(__always)
    func peek(at now: UInt64) -> UInt64 {
        if hasEnded(at: now) { return 1 }
        return count == .max ? .max : count &+ 1
    }

    @inline(__always)
    private func hasEnded(at now: UInt64) -> Bool {
        elapsed(from: start, to: now) >= limit.windowNanoseconds
    }
}
