import CPlatform
import RiskBase

/// What the quotes and TTLs of a service that belong to accounts and groups are made of. The writer's alone.
///
/// Nothing is given back before the service goes: a reader that was overtaken may look at what a bucket or a block was. So what
/// one instrument has cleared serves the next quotes of any, and the memory is that of the most there were at once.
struct QuoteMemory: ~Copyable {
    var blocks = PublishedBlocks(canOvertake: true)
    var buckets = QuoteBuckets()
    /// Those who hear of pushes.
    var feeds = QuoteFeeds()
}

/// Buckets that no table has.
struct QuoteBuckets: ~Copyable {
    /// A chunk has twice as many as the one before, up to 32 KiB.
    private static let firstCount = 8
    private static let countMax = 32768 / MemoryLayout<QuoteBucket>.stride

    private var chunks = Buffer<UnsafeMutablePointer<QuoteBucket>>()
    private var lastCount = 0
    /// Buckets of the last chunk that were handed out before.
    private var usedCount = 0
    private var free: UnsafeMutablePointer<QuoteBucket>?

    /// How many there are, with those that tables have.
    private(set) var madeCount = 0

    init() {}

    deinit {
        // Buckets are words, whose life needs no end.
        for chunk in chunks.contents { cplatform_free(chunk) }
    }

    /// An empty bucket; `nil` when memory has run out.
    mutating func take() -> UnsafeMutablePointer<QuoteBucket>? {
        if let bucket = free {
            free = UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: bucket.pointee.link))
            bucket.pointee.clear()
            return bucket
        }
        guard usedCount < lastCount || addChunk() else { return nil }
        let bucket = chunks[chunks.count - 1] + usedCount
        // Zeroed memory is what an empty bucket looks like. It is not zeroed before: no call pays for others' pages.
        cplatform_clear(bucket, MemoryLayout<QuoteBucket>.stride)
        usedCount += 1
        madeCount += 1
        return bucket
    }

    /// Takes a bucket back that no reader finds any more.
    mutating func put(_ bucket: UnsafeMutablePointer<QuoteBucket>) {
        bucket.pointee.link = UInt64(UInt(bitPattern: free))
        free = bucket
    }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<QuoteBucket>? {
        let length = count * MemoryLayout<QuoteBucket>.stride
        return cplatform_allocate_aligned(length, Int(cplatform_cache_line_size))?
            .bindMemory(to: QuoteBucket.self, capacity: count)
    }

    private mutating func addChunk() -> Bool {
        let count = min(max(Self.firstCount, lastCount * 2), Self.countMax)
        guard chunks.reserve(1), let chunk = Self.allocate(count) else { return false }
        chunks.append(chunk)
        lastCount = count
        usedCount = 0
        return true
    }
}

// MARK: - Invariants

extension QuoteMemory {
    /// What does not hold together, or `nil`. `usedCount` is how many buckets quotes have.
    func checkInvariants(usedCount: Int) -> StaticString? {
        blocks.checkInvariants() ?? buckets.checkInvariants(usedCount: usedCount)
    }
}

extension QuoteBuckets {
    fileprivate func checkInvariants(usedCount: Int) -> StaticString? {
        if let broken = chunks.checkInvariants() { return broken }
        var freeCount = 0
        var next = free
        while let bucket = next {
            freeCount += 1
            if freeCount > madeCount { return "the buckets without a quote lead in a circle" }
            if !contains(bucket) { return "a bucket without a quote lies nowhere" }
            next = UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: bucket.pointee.link))
        }
        return freeCount + usedCount == madeCount ? nil : "a bucket has neither a table nor is it known as free"
    }

    /// Whether a bucket that was handed out lies there.
    func contains(_ bucket: UnsafeMutablePointer<QuoteBucket>) -> Bool {
        var size = 0
        for (number, chunk) in chunks.contents.enumerated() {
            size = min(max(Self.firstCount, size * 2), Self.countMax)
            let handedOut = number == chunks.count - 1 ? self.usedCount : size
            let offset = UnsafeRawPointer(bucket) - UnsafeRawPointer(chunk)
            guard offset >= 0, offset < handedOut * MemoryLayout<QuoteBucket>.stride else { continue }
            return offset % MemoryLayout<QuoteBucket>.stride == 0
        }
        return false
    }
}
