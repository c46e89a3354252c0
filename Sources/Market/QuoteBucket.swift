import RiskBase
import Synchronization

/// The quote of an instrument for one account, one group or everybody.
///
/// There are two copies of the quote: while one is written, readers have the other. The instrument says which.
struct QuoteBucket: ~Copyable {
    enum Copy {
        case live
        case spare
    }

    private let live = QuoteCell()
    private let spare = QuoteCell()

    init() {}

    /// One writer at a time.
    @inline(__always)
    func write(_ words: QuoteWords, to copy: Copy) {
        switch copy {
        case .live: live.write(words)
        case .spare: spare.write(words)
        }
    }

    /// Empties the bucket, for everybody who comes to it from now on.
    func clear() {
        write(.none, to: .live)
        write(.none, to: .spare)
    }

    /// Where an unused bucket keeps the address of the next one, 0 for none.
    var link: UInt64 {
        get { live.markLow.load(ordering: .relaxed) }
        nonmutating set { live.markLow.store(newValue, ordering: .releasing) }
    }

    /// Puts a quote in the bucket, or its prices into the quote there is. Doing so again changes nothing.
    @inline(__always)
    func push(_ words: QuoteWords, _ update: QuoteUpdate, to copy: Copy) {
        guard update == .patch else { return write(words, to: copy) }
        write(QuoteWords(words.quote.completed(by: live.read().quote), seen: words.seen), to: copy)
    }

    @inline(__always)
    func read(_ copy: Copy) -> QuoteWords {
        switch copy {
        case .live: live.read()
        case .spare: spare.read()
        }
    }
}
