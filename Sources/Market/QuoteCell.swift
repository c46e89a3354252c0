import RiskBase
import Synchronization

/// A quote that one thread writes while others read. What they read may be of two quotes; whoever knows when the writer
/// came can tell.
///
/// Every word is written with release and read with acquire: a reader that sees one word of a new quote also sees what the
/// writer said before it began.
struct QuoteCell: ~Copyable {
    let markLow = Atomic<UInt64>(0)
    private let markUpper = Atomic<UInt64>(0)
    private let bidLow = Atomic<UInt64>(0)
    private let bidUpper = Atomic<UInt64>(0)
    private let askLow = Atomic<UInt64>(0)
    private let askUpper = Atomic<UInt64>(0)
    private let distance = Atomic<UInt64>(0)

    /// One writer at a time.
    @inline(__always)
    func write(_ words: QuoteWords) {
        markLow.store(words.markLow, ordering: .releasing)
        markUpper.store(words.markUpper, ordering: .releasing)
        bidLow.store(words.bidLow, ordering: .releasing)
        bidUpper.store(words.bidUpper, ordering: .releasing)
        askLow.store(words.askLow, ordering: .releasing)
        askUpper.store(words.askUpper, ordering: .releasing)
        distance.store(words.distance, ordering: .releasing)
    }

    @inline(__always)
    func read() -> QuoteWords {
        var words = QuoteWords()
        words.markLow = markLow.load(ordering: .acquiring)
        words.markUpper = markUpper.load(ordering: .acquiring)
        words.bidLow = bidLow.load(ordering: .acquiring)
        words.bidUpper = bidUpper.load(ordering: .acquiring)
        words.askLow = askLow.load(ordering: .acquiring)
        words.askUpper = askUpper.load(ordering: .acquiring)
        words.distance = distance.load(ordering: .acquiring)
        return words
    }
}
