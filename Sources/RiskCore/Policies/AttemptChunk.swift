import CPlatform

/// Attempts made at one reading of the clock.
struct AttemptRun: BitwiseCopyable {
    var time: UInt64
    var attempts: UInt64
}

/// Some runs of a sliding log, oldest first, behind this header: 256 bytes in all.
struct AttemptChunk: BitwiseCopyable {
    typealias Pointer = UnsafeMutablePointer<AttemptChunk>

    static var capacity: UInt32 { 15 }
    static var length: Int {
        MemoryLayout<AttemptChunk>.stride + Int(capacity) * MemoryLayout<AttemptRun>.stride
    }

    var next: Pointer?
    /// The runs before `start` have left the window.
    var start: UInt32 = 0
    var end: UInt32 = 0
}

extension AttemptChunk.Pointer {
    func run(_ position: UInt32) -> UnsafeMutablePointer<AttemptRun> {
        UnsafeMutableRawPointer(self + 1).assumingMemoryBound(to: AttemptRun.self) + Int(position)
    }

    /// Of all runs in the window.
    var attempts: UInt64 {
        var sum: UInt64 = 0
        for position in pointee.start..<pointee.end { sum &+= run(position).pointee.attempts }
        return sum
    }

    /// Takes in the runs of the next chunk, `other`: of each two runs, one remains, with the time of the younger one.
    func join(_ other: AttemptChunk.Pointer) {
        let ownCount = pointee.end - pointee.start
        let count = ownCount + other.pointee.end - other.pointee.start
        let start = pointee.start
        func old(_ number: UInt32) -> AttemptRun {
            number < ownCount
                ? run(start + number).pointee : other.run(other.pointee.start + number - ownCount).pointee
        }
        // A run is written no further on than it was read.
        var end: UInt32 = 0
        for number in stride(from: 0, to: count, by: 2) {
            var joined = old(number)
            if number + 1 < count {
                let younger = old(number + 1)
                joined = AttemptRun(time: younger.time, attempts: joined.attempts &+ younger.attempts)
            }
            run(end).pointee = joined
            end += 1
        }
        pointee = AttemptChunk(next: other.pointee.next, start: 0, end: end)
    }
}

/// Chunks that no log needs now. As many are kept as are in use, and a few more; the others go back to the system.
struct AttemptPool: ~Copyable {
    private static var spares: Int { 16 }

    private var free: AttemptChunk.Pointer?
    private var freeCount = 0
    private var usedCount = 0

    init() {}

    deinit {
        var chunk = free
        while let outgoing = chunk {
            chunk = outgoing.pointee.next
            Self.free(outgoing)
        }
    }

    /// An empty chunk; `nil` when memory has run out.
    mutating func take() -> AttemptChunk.Pointer? {
        guard let chunk = free ?? Self.make() else { return nil }
        if free != nil {
            free = chunk.pointee.next
            freeCount -= 1
        }
        usedCount += 1
        chunk.initialize(to: AttemptChunk())
        return chunk
    }

    mutating func giveBack(_ chunk: AttemptChunk.Pointer) {
        usedCount -= 1
        guard freeCount < usedCount + Self.spares else { return Self.free(chunk) }
        chunk.pointee.next = free
        free = chunk
        freeCount += 1
    }

    static func free(_ chunk: AttemptChunk.Pointer) { cplatform_free(chunk) }

    private static func make() -> AttemptChunk.Pointer? {
        cplatform_allocate(1, AttemptChunk.length)?.bindMemory(to: AttemptChunk.self, capacity: 1)
    }
}

extension AttemptPool {
    /// What does not hold together in the pool, or `nil`. `usedCount` is how many chunks the logs have.
    func checkInvariants(usedCount: UInt64) -> StaticString? {
        var found = 0
        var next = free
        while let chunk = next {
            found += 1
            if found > freeCount { return "the free chunks lead in a circle" }
            next = chunk.pointee.next
        }
        if found != freeCount { return "the free chunks are miscounted" }
        return self.usedCount >= 0 && UInt64(self.usedCount) == usedCount ? nil : "the chunks in use are miscounted"
    }
}
