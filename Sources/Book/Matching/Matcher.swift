import CPlatform
import Decimals

/// The books of several instruments in exact decimals: continuous trading, auctions, a dark pool, pairs, and prices that orders
/// move. A plain handle; one thread at a time.
///
/// It is the decimal door of the order book: prices become keys and quantities lots on the way in, exactly or not at all.
package struct Matcher: @unchecked Sendable, BitwiseCopyable {
    let state: UnsafeMutablePointer<State>

    struct State: ~Copyable {
        var books = Growing<UnsafeMutablePointer<DecimalBook>>()
        let secret: (UInt64, UInt64)
        var impact = Impact()
        /// What the books said in the last call, and the trades among it.
        var reports = Growing<BookReportRecord<UInt128>>()
        var fills = Growing<MatcherFill>()
        /// The orders of the last auction that were not completely filled.
        var unfilled = Growing<UInt64>()
        var auction = AuctionRoom()
        var totals = MatcherTotals()
        /// Whether a caller's own model is being asked.
        var isAsking = false
        /// Whether it came upon something that cannot be; it does nothing more then.
        var isBroken = false

        init(secret: (UInt64, UInt64)) {
            self.secret = secret
        }
    }

    /// A matcher without books; `nil` when memory has run out or the system has no random numbers.
    package static func make() -> Matcher? {
        var secret: (UInt64, UInt64) = (0, 0)
        guard cplatform_random(&secret, 16) else { return nil }
        guard let memory = cplatform_allocate(1, MemoryLayout<State>.stride) else { return nil }
        let state = memory.bindMemory(to: State.self, capacity: 1)
        // An even factor would lose bits of what it multiplies.
        state.initialize(to: State(secret: (secret.0, secret.1 | 1)))
        return Matcher(state: state)
    }

    /// Ends the matcher and its books.
    package func destroy() {
        for number in 0..<state.pointee.books.count {
            let book = state.pointee.books[number]
            book.pointee.destroy()
            book.deinitialize(count: 1)
            cplatform_free(book)
        }
        state.deinitialize(count: 1)
        cplatform_free(state)
    }

    /// Says how orders move prices. `invalid` for numbers that no model can have.
    package func setImpact(_ options: ImpactOptions) throws(MatcherFailure) {
        guard options.isSound else { throw .invalid }
        state.pointee.impact.options = options
    }

    // MARK: - Breaking

    /// Whether it came upon something that cannot be. Every call fails then.
    package var isBroken: Bool { state.pointee.isBroken }

    /// Makes a call of the functions below, as all who are outside do. One that comes upon something that cannot be fails, and
    /// so does every later one.
    package func prove(_ call: () throws(MatcherFailure) -> Void) throws(MatcherFailure) {
        if isBroken { throw .broken }
        do throws(MatcherFailure) {
            try call()
            if !cplatform_is_contradicted() { return }
        } catch {
            if !cplatform_is_contradicted() { throw error }
        }
        _ = cplatform_take_contradiction()
        state.pointee.isBroken = true
        throw .broken
    }

    // MARK: - Books

    package var bookCount: Int { state.pointee.books.count }

    /// Adds a book and tells its number; `nil`, and no change, when memory is refused.
    package func addBook() -> UInt32? {
        guard bookCount < Int(UInt32.max), state.pointee.books.reserve(),
            let memory = cplatform_allocate(1, MemoryLayout<DecimalBook>.stride)
        else { return nil }
        guard let made = DecimalBook(secret: state.pointee.secret) else {
            cplatform_free(memory)
            return nil
        }
        let book = memory.bindMemory(to: DecimalBook.self, capacity: 1)
        book.initialize(to: made)
        state.pointee.books.append(book)
        return UInt32(truncatingIfNeeded: bookCount - 1)
    }

    func book(_ number: UInt32) throws(MatcherFailure) -> UnsafeMutablePointer<DecimalBook> {
        guard Int(number) < bookCount else { throw .notFound }
        return state.pointee.books[Int(number)]
    }

    /// The book of that number, for a call that changes something.
    func begin(_ number: UInt32) throws(MatcherFailure) -> UnsafeMutablePointer<DecimalBook> {
        if state.pointee.isAsking { throw .isBusy }
        let book = try book(number)
        state.pointee.fills.removeAll()
        state.pointee.unfilled.removeAll()
        return book
    }
}

/// Counts over all books.
package struct MatcherTotals: BitwiseCopyable, Sendable {
    package var auctionFills: UInt64 = 0
    package var darkFills: UInt64 = 0
    package var crossFills: UInt64 = 0
    /// When the last event of a simulation happened.
    package var time: UInt64 = 0
    /// What pairs have earned: sales less purchases.
    package var crossProfit = Decimal.zero

    package init() {}
}
