import Decimals
import Synchronization

/// A quote, when it was pushed, and how old it was by then.
struct StampedQuote: BitwiseCopyable {
    var quote: Quote
    /// By the service's clock.
    var pushedAt: UInt64
    var sourceAge: UInt64

    /// A quote from a moment that the reader has not seen yet is as old as it was when it was pushed.
    func age(at now: UInt64) -> UInt64 {
        let (age, overflow) = (now > pushedAt ? now - pushedAt : 0).addingReportingOverflow(sourceAge)
        return overflow ? .max : age
    }
}

/// A stamped quote, or none, as 64-bit words.
struct QuoteWords: BitwiseCopyable {
    var markLow: UInt64 = 0
    var bidLow: UInt64 = 0
    var askLow: UInt64 = 0
    /// The upper 32 bits of mark and bid.
    var highs: UInt64 = 0
    /// The upper 32 bits of ask, a byte for each price, and the top bit for "there is a quote".
    var rest: UInt64 = 0
    var pushedAt: UInt64 = 0
    var sourceAge: UInt64 = 0

    static var none: QuoteWords { QuoteWords() }

    private static var filledBit: UInt64 { 1 << 63 }

    init() {}

    @inline(__always)
    init(_ stamped: StampedQuote) {
        let quote = stamped.quote
        markLow = quote.mark?.low ?? 0
        bidLow = quote.bid?.low ?? 0
        askLow = quote.ask?.low ?? 0
        highs = UInt64(quote.mark?.high ?? 0) | UInt64(quote.bid?.high ?? 0) << 32
        rest =
            Self.filledBit | UInt64(quote.ask?.high ?? 0) | Self.traits(quote.mark) << 32 | Self.traits(quote.bid) << 40
            | Self.traits(quote.ask) << 48
        pushedAt = stamped.pushedAt
        sourceAge = stamped.sourceAge
    }

    var stamped: StampedQuote? {
        @inline(__always)
        get {
            guard rest & Self.filledBit != 0 else { return nil }
            return StampedQuote(
                quote: Quote(
                    mark: Self.decimal(markLow, high: highs, traits: rest >> 32),
                    bid: Self.decimal(bidLow, high: highs >> 32, traits: rest >> 40),
                    ask: Self.decimal(askLow, high: rest, traits: rest >> 48)),
                pushedAt: pushedAt, sourceAge: sourceAge)
        }
    }

    /// Scale in five bits, then the sign, then whether there is a price at all.
    @inline(__always)
    private static func traits(_ price: Decimal?) -> UInt64 {
        guard let price else { return 0 }
        return UInt64(price.scale) | UInt64(price.sign.rawValue) << 5 | 1 << 6
    }

    @inline(__always)
    private static func decimal(_ low: UInt64, high: UInt64, traits: UInt64) -> Decimal? {
        guard traits & 1 << 6 != 0 else { return nil }
        return Decimal(
            low: low, high: UInt32(truncatingIfNeeded: high), scale: UInt8(traits & 0x1F),
            isNegative: traits & 1 << 5 != 0)
    }
}

/// A cache line with a quote in it that one thread writes while others read.
///
/// A reader takes the version, the words and the version again; it was overtaken when the two differ. Every word is
/// written with release and read with acquire: a reader that sees one word of a new quote also sees, when it comes back
/// to the version, that the quote is being written.
struct QuoteCell: ~Copyable {
    /// The version of a cell that is being written; later than all others.
    private static var writing: UInt64 { .max }

    private let version = Atomic<UInt64>(0)
    private let markLow = Atomic<UInt64>(0)
    private let bidLow = Atomic<UInt64>(0)
    private let askLow = Atomic<UInt64>(0)
    private let highs = Atomic<UInt64>(0)
    private let rest = Atomic<UInt64>(0)
    private let pushedAt = Atomic<UInt64>(0)
    private let sourceAge = Atomic<UInt64>(0)

    /// One writer at a time.
    @inline(__always)
    func write(_ words: QuoteWords, version: UInt64) {
        self.version.store(Self.writing, ordering: .relaxed)
        markLow.store(words.markLow, ordering: .releasing)
        bidLow.store(words.bidLow, ordering: .releasing)
        askLow.store(words.askLow, ordering: .releasing)
        highs.store(words.highs, ordering: .releasing)
        rest.store(words.rest, ordering: .releasing)
        pushedAt.store(words.pushedAt, ordering: .releasing)
        sourceAge.store(words.sourceAge, ordering: .releasing)
        self.version.store(version, ordering: .releasing)
    }

    /// The words, if their version is not after `snapshot`; `nil` when it is, or when a writer came between.
    @inline(__always)
    func read(upTo snapshot: UInt64) -> QuoteWords? {
        let version = self.version.load(ordering: .acquiring)
        guard version <= snapshot else { return nil }
        var words = QuoteWords()
        words.markLow = markLow.load(ordering: .acquiring)
        words.bidLow = bidLow.load(ordering: .acquiring)
        words.askLow = askLow.load(ordering: .acquiring)
        words.highs = highs.load(ordering: .acquiring)
        words.rest = rest.load(ordering: .acquiring)
        words.pushedAt = pushedAt.load(ordering: .acquiring)
        words.sourceAge = sourceAge.load(ordering: .acquiring)
        return self.version.load(ordering: .relaxed) == version ? words : nil
    }
}
