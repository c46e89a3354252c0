import RiskBase
import Synchronization

/// All quotes of one instrument, and its TTLs.
///
/// A push writes every bucket it names twice: the spare copies while readers take the live ones, and then, while readers
/// take the spare ones, the live ones. Readers begin and end with the turn: one that was overtaken starts again, so it has
/// seen all of a push or nothing, and it never waits for a writer that stands still.
struct InstrumentQuotes: ~Copyable {
    let ttl = AtomicTtl()
    let accountTtls = PublishedTable()
    let groupTtls = PublishedTable()
    /// The values are the addresses of buckets.
    private let accounts = PublishedTable()
    private let groups = PublishedTable()
    /// Whether all spare copies count as empty.
    private let isCleared = Atomic<Bool>(false)
    /// Who wants to hear of every push, a bit for each: at first all of them. With what is before it, and the id before that,
    /// this fills a cache line that few pushes write to.
    let watchers = Atomic<UInt64>(.max)
    /// Even while readers take the live copies, odd while they take the spare ones. The live copy of the bucket for
    /// everybody shares its cache line.
    private let turn = Atomic<UInt64>(0)
    let everybody = QuoteBucket()
    let instrument: Instrument

    init(_ instrument: Instrument, ttl: QuoteTtl?) {
        self.instrument = instrument
        self.ttl.store(ttl)
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

    /// Makes all readers that have begun begin again.
    private func overtake() {
        turn.store(turn.load(ordering: .relaxed) &+ 2, ordering: .releasing)
    }
}

// MARK: - Places

extension InstrumentQuotes {
    @inline(__always)
    @discardableResult
    func withBucket<Result>(of account: AccountId, _ body: (borrowing QuoteBucket) -> Result) -> Result? {
        Self.bucket(accounts.find(account.value)).map { body($0.pointee) }
    }

    /// The bucket for everybody is that of the default group.
    @inline(__always)
    @discardableResult
    func withBucket<Result>(of group: AccountGroupId, _ body: (borrowing QuoteBucket) -> Result) -> Result? {
        if group == .default { return body(everybody) }
        return Self.bucket(groups.find(UInt64(group.value))).map { body($0.pointee) }
    }

    @inline(__always)
    private static func bucket(_ address: UInt64) -> UnsafeMutablePointer<QuoteBucket>? {
        UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: address))
    }

    /// Makes the buckets that a push is about to fill. `false` when memory has run out.
    func makeBuckets(
        accounts: UnsafeBufferPointer<AccountId>, groups: UnsafeBufferPointer<AccountGroupId>,
        from memory: inout QuoteMemory
    ) -> Bool {
        for account in accounts {
            guard makeBucket(account.value, in: self.accounts, from: &memory) else { return false }
        }
        for group in groups where group != .default {
            guard makeBucket(UInt64(group.value), in: self.groups, from: &memory) else { return false }
        }
        return true
    }

    private func makeBucket(
        _ key: UInt64, in table: borrowing PublishedTable, from memory: inout QuoteMemory
    ) -> Bool {
        if table.find(key) != 0 { return true }
        guard table.reserveOne(&memory.blocks, { overtake() }), let bucket = memory.buckets.take() else { return false }
        table.set(key, UInt64(UInt(bitPattern: bucket)), &memory.blocks) { overtake() }
        return true
    }

    /// Forgets all quotes at once, and gives their memory to other quotes of the service. The time it takes depends on how many
    /// there are.
    func clear(into memory: inout QuoteMemory) {
        let turn = turn.load(ordering: .relaxed)
        isCleared.store(true, ordering: .releasing)
        self.turn.store(turn &+ 1, ordering: .releasing)
        everybody.clear()
        let outgoing = (accounts.detach(), groups.detach())
        self.turn.store(turn &+ 2, ordering: .releasing)
        isCleared.store(false, ordering: .releasing)
        // Whoever still reads one of these has been overtaken.
        for block in [outgoing.0, outgoing.1] {
            PublishedTable.recycle(block, &memory.blocks) { address in
                if let bucket = Self.bucket(address) { memory.buckets.put(bucket) }
            }
        }
    }
}

// MARK: - Reading

extension InstrumentQuotes {
    /// The quote in the first of the reader's places that has one, or none; `nil` when the reader's group is needed.
    @inline(__always)
    func select(for reader: QuoteReader, _ resolution: QuoteResolution) -> QuoteWords? {
        while true {
            let turn = turn.load(ordering: .acquiring)
            let words =
                turn & 1 == 0
                ? select(for: reader, resolution, from: .live) : selectSpare(for: reader, resolution)
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

    /// While a writer is at the live copies.
    @inline(never)
    private func selectSpare(for reader: QuoteReader, _ resolution: QuoteResolution) -> QuoteWords? {
        guard isCleared.load(ordering: .acquiring) else { return select(for: reader, resolution, from: .spare) }
        if case .unknown = reader.group, resolution != .accountOnly { return nil }
        return QuoteWords.none
    }

    /// Whether the reader's quote is that of this place: no place that is more his own has one.
    func isShown(_ place: QuoteNews.Place, to reader: QuoteReader) -> Bool {
        while true {
            let turn = turn.load(ordering: .acquiring)
            let isShown = turn & 1 != 0 && isCleared.load(ordering: .acquiring) || isNearest(place, of: reader)
            if self.turn.load(ordering: .relaxed) == turn { return isShown }
        }
    }

    private func isNearest(_ place: QuoteNews.Place, of reader: QuoteReader) -> Bool {
        if case .account(let account) = place { return account == reader.account }
        if withBucket(of: reader.account, { $0.read(.live).isFilled }) == true { return false }
        var own: AccountGroupId?
        if case .known(let group) = reader.group, group != .default { own = group }
        if case .group(let group) = place { return group == own }
        return own.flatMap { withBucket(of: $0, { $0.read(.live).isFilled }) } != true
    }
}
