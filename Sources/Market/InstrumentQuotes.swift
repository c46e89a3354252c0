import RiskBase
import Synchronization

/// All quotes of one instrument, and its TTLs.
///
/// A push writes every bucket it names twice: the spare copies while readers take the live ones, and then, while readers
/// take the spare ones, the live ones. Readers begin and end with the turn: one that was overtaken starts again, so it has
/// seen all of a push or nothing, and it never waits for a writer that stands still.
struct InstrumentQuotes: ~Copyable {
    let ttl = AtomicTtl()
    let accountTtls = PublishedTable<AtomicTtl>()
    let groupTtls = PublishedTable<AtomicTtl>()
    private let accounts = PublishedTable<QuoteBucket>()
    private let groups = PublishedTable<QuoteBucket>()
    /// The first of the buckets of accounts and groups that may have a quote. The writer's alone.
    private let filled = Atomic<UnsafeMutablePointer<QuoteBucket>?>(nil)
    /// With what is before it, and the id before that, this fills a cache line that few pushes write to.
    private let padding: UInt64 = 0
    /// Even while readers take the live copies, odd while they take the spare ones. The live copy of the bucket for
    /// everybody shares its cache line.
    private let turn = Atomic<UInt64>(0)
    let everybody = QuoteBucket()

    init(ttl: QuoteTtl?) {
        self.ttl.store(ttl)
    }

    deinit {
        accountTtls.destroyRows()
        groupTtls.destroyRows()
        accounts.destroyRows()
        groups.destroyRows()
    }

    /// Runs `write` for the spare copies, and again for the live ones. One writer at a time.
    @inline(__always)
    func publish(_ write: (QuoteBucket.Copy) -> Void) {
        let turn = turn.load(ordering: .relaxed)
        write(.spare)
        self.turn.store(turn &+ 1, ordering: .releasing)
        write(.live)
        self.turn.store(turn &+ 2, ordering: .releasing)
    }
}

// MARK: - Places

extension InstrumentQuotes {
    @inline(__always)
    @discardableResult
    func withBucket<Result>(of account: AccountId, _ body: (borrowing QuoteBucket) -> Result) -> Result? {
        guard let bucket = accounts.find(account.value) else { return nil }
        return body(bucket.pointee)
    }

    /// The bucket for everybody is that of the default group.
    @inline(__always)
    @discardableResult
    func withBucket<Result>(of group: AccountGroupId, _ body: (borrowing QuoteBucket) -> Result) -> Result? {
        if group == .default { return body(everybody) }
        guard let bucket = groups.find(UInt64(group.value)) else { return nil }
        return body(bucket.pointee)
    }

    /// Makes the buckets that a push is about to fill. `false` when memory has run out.
    func makeBuckets(
        accounts: UnsafeBufferPointer<AccountId>, groups: UnsafeBufferPointer<AccountGroupId>
    ) -> Bool {
        accounts.allSatisfy { chain(self.accounts.findOrAdd($0.value, QuoteBucket.init)) }
            && groups.allSatisfy {
                $0 == .default || chain(self.groups.findOrAdd(UInt64($0.value), QuoteBucket.init))
            }
    }

    private func chain(_ bucket: UnsafeMutablePointer<QuoteBucket>?) -> Bool {
        guard let bucket else { return false }
        if bucket.pointee.isChained.load(ordering: .relaxed) { return true }
        bucket.pointee.isChained.store(true, ordering: .relaxed)
        bucket.pointee.next.store(filled.load(ordering: .relaxed), ordering: .relaxed)
        filled.store(bucket, ordering: .relaxed)
        return true
    }

    /// Empties all buckets. The time it takes depends on how many were filled since the last time.
    func clear() {
        publish { copy in
            var bucket = filled.load(ordering: .relaxed)
            while let current = bucket {
                current.pointee.write(.none, to: copy)
                bucket = current.pointee.next.load(ordering: .relaxed)
            }
            everybody.write(.none, to: copy)
        }
        var bucket = filled.load(ordering: .relaxed)
        while let current = bucket {
            current.pointee.isChained.store(false, ordering: .relaxed)
            bucket = current.pointee.next.load(ordering: .relaxed)
        }
        filled.store(nil, ordering: .relaxed)
    }
}

// MARK: - Reading

extension InstrumentQuotes {
    /// The quote in the first of the reader's places that has one, or none; `nil` when the reader's group is needed.
    @inline(__always)
    func select(for reader: QuoteReader, _ resolution: QuoteResolution) -> QuoteWords? {
        while true {
            let turn = turn.load(ordering: .acquiring)
            let words = select(for: reader, resolution, from: turn & 1 == 0 ? .live : .spare)
            if self.turn.load(ordering: .relaxed) == turn { return words }
        }
    }

    @inline(__always)
    private func select(
        for reader: QuoteReader, _ resolution: QuoteResolution, from copy: QuoteBucket.Copy
    ) -> QuoteWords? {
        if let words = withBucket(of: reader.account, { $0.read(copy) }), words.isFilled { return words }
        if resolution == .accountOnly { return QuoteWords.none }
        switch reader.group {
        case .unknown: return nil
        case .none: break
        case .known(let group):
            if let words = withBucket(of: group, { $0.read(copy) }), words.isFilled { return words }
        }
        return resolution == .accountThenGroupThenDefault ? everybody.read(copy) : QuoteWords.none
    }
}

// MARK: - Invariants

extension InstrumentQuotes {
    /// What does not hold together in the quotes, or `nil`. It looks at everything and no writer may be under way, so it is for
    /// tests.
    func checkInvariants() -> StaticString? {
        if let broken = accountTtls.checkInvariants() ?? groupTtls.checkInvariants() { return broken }
        if let broken = accounts.checkInvariants() ?? groups.checkInvariants() { return broken }
        if turn.load(ordering: .relaxed) & 1 != 0 { return "a push has not ended" }
        var chained = 0
        for table in 0..<2 {
            let visit = { (_: UInt64, bucket: UnsafeMutablePointer<QuoteBucket>) in
                if bucket.pointee.isChained.load(ordering: .relaxed) { chained += 1 }
            }
            table == 0 ? accounts.forEachKey(visit) : groups.forEachKey(visit)
        }
        var found = 0
        var next = filled.load(ordering: .relaxed)
        while let bucket = next {
            found += 1
            if !bucket.pointee.isChained.load(ordering: .relaxed) {
                return "a bucket with a quote does not know that it has one"
            }
            if found > chained { return "the buckets with a quote lead in a circle" }
            next = bucket.pointee.next.load(ordering: .relaxed)
        }
        return found == chained ? nil : "a bucket with a quote cannot be found when quotes are cleared"
    }
}
