import CPlatform
import Decimals
import RiskBase
import Synchronization

/// A push that a watcher has not heard of yet.
package struct QuoteNews: BitwiseCopyable {
    /// Whose quote it is.
    package enum Place: BitwiseCopyable, Sendable {
        case everybody
        case group(AccountGroupId)
        case account(AccountId)
        /// Quotes in any place are gone: who needs one looks again.
        case anywhere
    }

    package let instrument: Instrument
    package let place: Place
    /// When it came, by the clock of the service.
    package let time: UInt64
    let words: QuoteWords
    let row: MarketData.Row
}

/// Pushes on their way to one watcher: the service writes them, one at a time, and the watcher takes them without a lock. What
/// finds it full is lost, and the watcher is told to look at everything again.
struct QuoteFeed: ~Copyable {
    let place: Int
    private let ring: UnsafeMutablePointer<QuoteNews>
    private let taken = Atomic<Int>(0)
    private let written = Atomic<Int>(0)
    private let isBehind = Atomic<Bool>(false)

    private static var capacity: Int { 4096 }

    /// `nil` when memory has run out.
    static func make(_ place: Int) -> UnsafeMutablePointer<QuoteFeed>? {
        guard let memory = cplatform_allocate(capacity, MemoryLayout<QuoteNews>.stride) else { return nil }
        let ring = memory.bindMemory(to: QuoteNews.self, capacity: capacity)
        guard let feed = UnsafeMutablePointer<QuoteFeed>.allocateAligned() else {
            cplatform_free(memory)
            return nil
        }
        feed.initialize(to: QuoteFeed(place, ring))
        return feed
    }

    private init(_ place: Int, _ ring: UnsafeMutablePointer<QuoteNews>) {
        self.place = place
        self.ring = ring
    }

    deinit { cplatform_free(ring) }

    /// One writer at a time.
    func write(_ news: QuoteNews) {
        let end = written.load(ordering: .relaxed)
        guard end &- taken.load(ordering: .acquiring) < Self.capacity else { return tellToReadAgain() }
        (ring + end % Self.capacity).initialize(to: news)
        written.store(end &+ 1, ordering: .releasing)
    }

    func tellToReadAgain() { isBehind.store(true, ordering: .releasing) }

    var hasNews: Bool {
        @inline(__always) get {
            written.load(ordering: .acquiring) != taken.load(ordering: .relaxed) || isBehind.load(ordering: .relaxed)
        }
    }

    /// The oldest push that was not taken; `nil` when there is none.
    func take() -> QuoteNews? {
        let start = taken.load(ordering: .relaxed)
        guard start != written.load(ordering: .acquiring) else { return nil }
        let news = ring[start % Self.capacity]
        taken.store(start &+ 1, ordering: .releasing)
        return news
    }

    /// Whether some push was lost, or all quotes are to be looked at again. Tells it once.
    func takeLoss() -> Bool { isBehind.load(ordering: .relaxed) && isBehind.exchange(false, ordering: .acquiring) }
}

/// The feeds of a service. One at a time changes them or writes to them.
struct QuoteFeeds: ~Copyable {
    private var places: [64 of UnsafeMutablePointer<QuoteFeed>?] = InlineArray(repeating: nil)
    /// A bit for each place that has one.
    private(set) var live: UInt64 = 0

    init() {}

    /// `nil` when there are too many, or memory has run out.
    mutating func add() -> UnsafeMutablePointer<QuoteFeed>? {
        for place in 0..<64 where places[place] == nil {
            guard let feed = QuoteFeed.make(place) else { return nil }
            places[place] = feed
            live |= 1 << UInt64(place)
            return feed
        }
        return nil
    }

    mutating func remove(_ feed: UnsafeMutablePointer<QuoteFeed>) {
        places[feed.pointee.place] = nil
        live &= ~(1 << UInt64(feed.pointee.place))
        feed.deinitialize(count: 1)
        cplatform_free(feed)
    }

    func write(_ news: QuoteNews, to watchers: UInt64) {
        var rest = watchers & live
        while rest != 0 {
            places[rest.trailingZeroBitCount]?.pointee.write(news)
            rest &= rest &- 1
        }
    }

    func tellToReadAgain() {
        for place in 0..<64 { places[place]?.pointee.tellToReadAgain() }
    }
}

/// Hears of every push for what it watches, in the order in which they came: a handle. One call at a time uses it; pushes may
/// come meanwhile.
package struct QuoteWatch: BitwiseCopyable {
    package let market: MarketData
    private let feed: UnsafeMutablePointer<QuoteFeed>

    /// Becomes a user of the service; `nil` when it has too many watchers, or memory has run out.
    package init?(_ market: MarketData) {
        market.state.pointee.lock.acquire()
        let feed = market.memory.pointee.feeds.add()
        market.state.pointee.lock.release()
        guard let feed else { return nil }
        market.retain()
        self.market = market
        self.feed = feed
    }

    /// It must not be used after it.
    package func end() {
        market.state.pointee.lock.acquire()
        market.memory.pointee.feeds.remove(feed)
        market.state.pointee.lock.release()
        market.release()
    }

    private var bit: UInt64 { 1 << UInt64(feed.pointee.place) }

    /// Begins to watch an instrument. One that is not registered yet is watched from its registration on.
    package func watch(_ id: InstrumentId) {
        market.state.pointee.instruments.find(id)?.pointee.details.watchers.bitwiseOr(bit, ordering: .relaxed)
    }

    /// Ends watching what the news are about.
    package func forget(_ news: QuoteNews) {
        news.row.pointee.details.watchers.bitwiseAnd(~bit, ordering: .relaxed)
    }

    package var hasNews: Bool { @inline(__always) get { feed.pointee.hasNews } }

    package func take() -> QuoteNews? { feed.pointee.take() }

    /// Whether news were lost: all that is watched has to be looked at again.
    package func takeLoss() -> Bool { feed.pointee.takeLoss() }

    /// What a reader was shown by the news when they came; `nil` when his quote is that of another place.
    package func sight(of news: QuoteNews, for reader: QuoteReader) -> QuoteSight? {
        guard news.words.isFilled, news.row.pointee.details.isShown(news.place, to: reader) else { return nil }
        return market.sight(of: news.words, age: news.words.seen.age(at: news.time), news.row, for: reader)
    }
}

extension MarketData {
    @inline(__always)
    func isWatched(_ row: Row) -> Bool {
        row.pointee.details.watchers.load(ordering: .relaxed) & memory.pointee.feeds.live != 0
    }

    /// Tells watchers of a push that is done. Call it with the lock.
    @inline(never)
    func tell(_ row: Row, _ place: QuoteNews.Place, _ words: QuoteWords) {
        let watchers = row.pointee.details.watchers.load(ordering: .relaxed)
        let news = QuoteNews(
            instrument: row.pointee.details.instrument, place: place, time: state.pointee.clock.now(), words: words,
            row: row)
        memory.pointee.feeds.write(news, to: watchers)
    }
}
