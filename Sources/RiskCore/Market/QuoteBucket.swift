import Synchronization

/// The quote of an instrument for one account, one group or everybody, and the TTL that account or group has there.
///
/// Two cells take turns: while one is written, readers still have the other. A reader that is overtaken by two pushes
/// starts again; it never waits for a writer that stands still.
struct QuoteBucket: ~Copyable {
    /// The version of the latest push, times two, plus the number of the cell that has it. Written after the cell.
    private let latest = Atomic<UInt64>(0)
    let ttl = AtomicTtl()
    private let first = QuoteCell()
    private let second = QuoteCell()

    init() {}

    /// Puts `words` in the bucket, for readers of `version` and later ones. One writer at a time. A bucket that was named
    /// twice in one push is written once, so that readers of the version before keep their cell.
    @inline(__always)
    func write(_ words: QuoteWords, version: UInt64) {
        let latest = latest.load(ordering: .relaxed)
        if latest >> 1 == version { return }
        let number = (latest & 1) ^ 1
        if number == 0 {
            first.write(words, version: version)
        } else {
            second.write(words, version: version)
        }
        self.latest.store(version << 1 | number, ordering: .releasing)
    }

    /// Puts a quote in the bucket, or its prices into the quote there is.
    @inline(__always)
    func push(_ stamped: StampedQuote, _ update: QuoteUpdate, version: UInt64) {
        var stamped = stamped
        if update == .patch, let older = read(at: version)?.stamped {
            stamped.quote = stamped.quote.completed(by: older.quote)
        }
        write(QuoteWords(stamped), version: version)
    }

    /// What the bucket held in the version `snapshot`; `nil` when pushes have overtaken the reader.
    @inline(__always)
    func read(at snapshot: UInt64) -> QuoteWords? {
        let latest = latest.load(ordering: .acquiring)
        // A push after the snapshot has left the other cell as it was.
        let isFirst = (latest >> 1 <= snapshot) == (latest & 1 == 0)
        return isFirst ? first.read(upTo: snapshot) : second.read(upTo: snapshot)
    }
}
