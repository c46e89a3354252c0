import Synchronization

/// All quotes of one instrument, and its TTLs.
///
/// A push gives every bucket it names the next version, and then makes that the instrument's own: readers, who begin with
/// the instrument's version, see all of the push or nothing.
struct InstrumentQuotes: ~Copyable {
    private let version = Atomic<UInt64>(0)
    let ttl = AtomicTtl()
    let accounts = PublishedTable<QuoteBucket>()
    let groups = PublishedTable<QuoteBucket>()
    /// With the id before it, this lets the two cells of the default bucket fill a cache line each.
    private let padding: UInt64 = 0
    let everybody = QuoteBucket()

    init(ttl: QuoteTtl?) {
        self.ttl.store(ttl)
    }

    deinit {
        accounts.destroyRows()
        groups.destroyRows()
    }

    /// Runs `write` with the next version, and publishes what it wrote. One writer at a time.
    @inline(__always)
    func publish(_ write: (UInt64) -> Void) {
        let next = version.load(ordering: .relaxed) + 1
        write(next)
        version.store(next, ordering: .releasing)
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

    /// `false` when memory has run out.
    func makeBucket(of account: AccountId) -> Bool {
        accounts.findOrAdd(account.value, QuoteBucket.init) != nil
    }

    func makeBucket(of group: AccountGroupId) -> Bool {
        group == .default || groups.findOrAdd(UInt64(group.value), QuoteBucket.init) != nil
    }

    func makeBuckets(
        accounts: UnsafeBufferPointer<AccountId>, groups: UnsafeBufferPointer<AccountGroupId>
    ) -> Bool {
        accounts.allSatisfy { makeBucket(of: $0) } && groups.allSatisfy { makeBucket(of: $0) }
    }

    func forEachBucket(_ body: (borrowing QuoteBucket) -> Void) {
        accounts.forEach { body($0.pointee) }
        groups.forEach { body($0.pointee) }
        body(everybody)
    }

    @inline(__always)
    func ttl(of group: AccountGroupId) -> QuoteTtl? {
        withBucket(of: group) { $0.ttl.load() } ?? nil
    }
}

// MARK: - Reading

extension InstrumentQuotes {
    enum Selection: BitwiseCopyable {
        case quote(StampedQuote)
        case unavailable
        case groupNeeded
    }

    /// The quote in the first of the reader's places that has one.
    @inline(__always)
    func select(for reader: QuoteReader, _ resolution: QuoteResolution) -> Selection {
        while true {
            let snapshot = version.load(ordering: .acquiring)
            if let selection = select(for: reader, resolution, at: snapshot) { return selection }
        }
    }

    /// `nil` when pushes have overtaken the reader.
    @inline(__always)
    private func select(for reader: QuoteReader, _ resolution: QuoteResolution, at snapshot: UInt64) -> Selection? {
        if let read = withBucket(of: reader.account, { $0.read(at: snapshot) }) {
            guard let words = read else { return nil }
            if let quote = words.stamped { return .quote(quote) }
        }
        if resolution == .accountOnly { return .unavailable }
        switch reader.group {
        case .unknown: return .groupNeeded
        case .none: break
        case .known(let group):
            if let read = withBucket(of: group, { $0.read(at: snapshot) }) {
                guard let words = read else { return nil }
                if let quote = words.stamped { return .quote(quote) }
            }
        }
        guard resolution == .accountThenGroupThenDefault else { return .unavailable }
        guard let words = everybody.read(at: snapshot) else { return nil }
        return words.stamped.map { .quote($0) } ?? .unavailable
    }
}
