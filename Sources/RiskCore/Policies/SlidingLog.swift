import CPlatform
import RiskBase

/// The attempts of one key that may still lie in its window: exactly those, up to a million different readings of the clock
/// (or as many as the limit, if that is more), at 18 bytes each.
///
/// Beyond that, neighbours among the older ones are joined, and count until the younger one leaves the window: never too few
/// are counted. The newest attempts, as many as the limit, are never joined, so verdicts stay exact. What was joined leaves
/// the window like everything else, so a count is too high by the attempts of one joined run at most.
struct SlidingLog: BitwiseCopyable {
    /// Different readings of the clock that are remembered without joining any.
    static var exactRuns: UInt64 { 1 << 20 }

    /// The newest run, so that a key without more takes no other memory. Without attempts there is none.
    private var newest = AttemptRun(time: 0, attempts: 0)
    /// All other runs, oldest first.
    private var first: AttemptChunk.Pointer?
    private var last: AttemptChunk.Pointer?
    private(set) var chunkCount: UInt64 = 0
    /// Of all runs together.
    private var attempts: UInt64 = 0
    /// Where neighbours are joined next, and the attempts in the chunks before it.
    private var seam: AttemptChunk.Pointer?
    private var attemptsBeforeSeam: UInt64 = 0

    init() {}

    /// Gives the memory back; the log must not be used afterwards.
    func deallocate() {
        var chunk = first
        while let outgoing = chunk {
            chunk = outgoing.pointee.next
            AttemptPool.free(outgoing)
        }
    }

    /// Counts an attempt at `now` and returns how many the window has seen, this one included.
    mutating func charge(at now: UInt64, _ limit: RateLimit, _ pool: inout AttemptPool) -> UInt64 {
        trim(at: now, window: limit.windowNanoseconds, &pool)
        if newest.attempts == 0 {
            newest = AttemptRun(time: now, attempts: 1)
        } else if newest.time >= now {
            newest.attempts &+= 1
        } else if keepNewest(limit, &pool) {
            newest = AttemptRun(time: now, attempts: 1)
        } else {
            // Where memory was refused, earlier attempts count as if they were made now.
            newest = AttemptRun(time: now, attempts: newest.attempts &+ 1)
        }
        attempts &+= 1
        return attempts
    }

    /// What `charge` would return.
    func peek(at now: UInt64, _ limit: RateLimit) -> UInt64 {
        var inside = attempts
        var chunk = first
        while let current = chunk {
            for position in current.pointee.start..<current.pointee.end {
                let run = current.run(position).pointee
                guard elapsed(from: run.time, to: now) >= limit.windowNanoseconds else { return inside &+ 1 }
                inside &-= run.attempts
            }
            chunk = current.pointee.next
        }
        return elapsed(from: newest.time, to: now) >= limit.windowNanoseconds ? 1 : inside &+ 1
    }
}

// MARK: - Leaving the window

extension SlidingLog {
    private mutating func trim(at now: UInt64, window: UInt64, _ pool: inout AttemptPool) {
        while let chunk = first {
            while chunk.pointee.start < chunk.pointee.end {
                let run = chunk.run(chunk.pointee.start).pointee
                guard elapsed(from: run.time, to: now) >= window else { return }
                attempts &-= run.attempts
                if seam != nil && chunk != seam { attemptsBeforeSeam &-= run.attempts }
                chunk.pointee.start += 1
            }
            first = chunk.pointee.next
            if seam == chunk { seam = nil }
            if last == chunk { last = nil }
            countOneLess()
            pool.giveBack(chunk)
        }
        guard elapsed(from: newest.time, to: now) >= window else { return }
        newest.attempts = 0
        attempts = 0
    }
}

extension SlidingLog {
    private mutating func countOneLess() {
        if chunkCount == 0 { return cplatform_contradict() }
        chunkCount &-= 1
    }
}

// MARK: - Keeping

extension SlidingLog {
    /// Puts the newest run behind the others, to make place for a newer one. `false` when there is no memory for it.
    private mutating func keepNewest(_ limit: RateLimit, _ pool: inout AttemptPool) -> Bool {
        if last == nil || last.unsafelyUnwrapped.pointee.end == AttemptChunk.capacity {
            let isFull = chunkCount >= max(limit.maxOrders, Self.exactRuns) / UInt64(AttemptChunk.capacity)
            if isFull { _ = joinNeighbours(limit, &pool) }
            guard let chunk = pool.take() ?? (joinNeighbours(limit, &pool) ? pool.take() : nil) else { return false }
            if let last { last.pointee.next = chunk } else { first = chunk }
            last = chunk
            chunkCount += 1
        }
        let chunk = last.unsafelyUnwrapped
        chunk.run(chunk.pointee.end).initialize(to: newest)
        chunk.pointee.end += 1
        return true
    }

    /// Makes one chunk of the two at the seam, which then moves on and comes back to the oldest chunk when it has reached the
    /// attempts that decide. `false` when nothing may be joined.
    private mutating func joinNeighbours(_ limit: RateLimit, _ pool: inout AttemptPool) -> Bool {
        if !mayJoin(limit) {
            seam = first
            attemptsBeforeSeam = 0
            guard mayJoin(limit) else { return false }
        }
        guard let chunk = seam, let second = chunk.pointee.next else { return false }
        chunk.join(second)
        countOneLess()
        pool.giveBack(second)
        attemptsBeforeSeam &+= chunk.attempts
        seam = chunk.pointee.next
        return true
    }

    /// Whether enough attempts are younger than the two chunks at the seam.
    private func mayJoin(_ limit: RateLimit) -> Bool {
        guard let seam, let second = seam.pointee.next, second != last else { return false }
        return attempts &- attemptsBeforeSeam &- seam.attempts &- second.attempts >= limit.maxOrders
    }
}

// MARK: - Invariants

extension SlidingLog {
    /// What does not hold together in the log, or `nil`. It looks at everything, so it is for tests.
    func checkInvariants() -> StaticString? {
        var (sum, chunks, time) = (newest.attempts, UInt64(0), UInt64(0))
        var (beforeSeam, hasSeam) = (UInt64(0), seam == nil)
        var previous: AttemptChunk.Pointer?
        var next = first
        while let chunk = next {
            chunks += 1
            if chunks > chunkCount { return "a log has more chunks than it counts" }
            if chunk.pointee.start > chunk.pointee.end || chunk.pointee.end > AttemptChunk.capacity {
                return "a chunk of a log ends before it begins"
            }
            if chunk == seam { (hasSeam, beforeSeam) = (true, sum &- newest.attempts) }
            for position in chunk.pointee.start..<chunk.pointee.end {
                let run = chunk.run(position).pointee
                if run.attempts == 0 { return "a run of a log has no attempts" }
                if run.time < time { return "the runs of a log are out of order" }
                time = run.time
                sum &+= run.attempts
            }
            previous = chunk
            next = chunk.pointee.next
        }
        if chunks != chunkCount { return "a log has fewer chunks than it counts" }
        if previous != last { return "a log does not know its last chunk" }
        if newest.attempts != 0 && newest.time < time { return "the newest run of a log is not the newest" }
        if sum != attempts { return "a log miscounts its attempts" }
        if !hasSeam { return "the seam of a log is in no chunk" }
        return seam == nil || beforeSeam == attemptsBeforeSeam ? nil : "a log miscounts the attempts before its seam"
    }
}
