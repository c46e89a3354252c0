import CPlatform

/// The books of several instruments, which know nothing of each other. A plain handle; one thread at a time.
public struct Venue: @unchecked Sendable, BitwiseCopyable {
    private let state: UnsafeMutablePointer<State>

    struct State: ~Copyable {
        var books: UnsafeMutablePointer<UnsafeMutablePointer<Book<UInt64>>>?
        var bookCapacity = 0
        var bookCount = 0
        let secret: (UInt64, UInt64)
        /// The book whose message is still under way, when the reports had no room for it.
        var unfinished: UnsafeMutablePointer<Book<UInt64>>?
        /// Whether the last call ended at a book that is broken.
        var cameToBroken = false
    }

    /// A venue without books; `nil` when memory has run out or the system has no random numbers.
    public static func make() -> Venue? {
        var secret: (UInt64, UInt64) = (0, 0)
        guard cplatform_random(&secret, 16) else { return nil }
        guard let memory = cplatform_allocate_aligned(MemoryLayout<State>.size, Int(cplatform_cache_line_size)) else {
            return nil
        }
        let state = memory.bindMemory(to: State.self, capacity: 1)
        // An even factor would lose bits of what it multiplies.
        state.initialize(to: State(secret: (secret.0, secret.1 | 1)))
        return Venue(state: state)
    }

    private init(state: UnsafeMutablePointer<State>) { self.state = state }

    /// Ends the venue and its books.
    public func destroy() {
        for index in 0..<state.pointee.bookCount {
            end(state.pointee.books.unsafelyUnwrapped[index])
        }
        cplatform_free(state.pointee.books)
        state.deinitialize(count: 1)
        cplatform_free(state)
    }

    private func end(_ book: UnsafeMutablePointer<Book<UInt64>>) {
        book.pointee.destroy()
        book.deinitialize(count: 1)
        cplatform_free(book)
    }

    // MARK: - Books

    /// How many books there are; they are numbered from 0.
    public var bookCount: Int { state.pointee.bookCount }

    /// Adds a book and tells its number; `nil`, and no change, when memory is refused.
    public func addBook(_ options: BookOptions = BookOptions()) -> UInt32? {
        guard state.pointee.bookCount < Int(UInt32.max), reservePlace() else { return nil }
        guard let memory = cplatform_allocate_aligned(MemoryLayout<Book<UInt64>>.size, Int(cplatform_cache_line_size))
        else {
            return nil
        }
        let number = UInt32(truncatingIfNeeded: state.pointee.bookCount)
        guard let made = Book<UInt64>(number: number, options: options, secret: state.pointee.secret) else {
            cplatform_free(memory)
            return nil
        }
        let book = memory.bindMemory(to: Book<UInt64>.self, capacity: 1)
        book.initialize(to: made)
        guard book.pointee.reserveCapacity() else {
            end(book)
            return nil
        }
        state.pointee.books.unsafelyUnwrapped[state.pointee.bookCount] = book
        state.pointee.bookCount += 1
        return number
    }

    private func reservePlace() -> Bool {
        if state.pointee.bookCount < state.pointee.bookCapacity { return true }
        typealias Place = UnsafeMutablePointer<Book<UInt64>>
        let larger = max(8, state.pointee.bookCapacity * 2)
        let length = larger * MemoryLayout<Place>.stride
        guard let memory = cplatform_allocate_aligned(length, Int(cplatform_cache_line_size)) else { return false }
        let fresh = memory.bindMemory(to: Place.self, capacity: larger)
        if let books = state.pointee.books {
            fresh.initialize(from: books, count: state.pointee.bookCount)
            cplatform_free(books)
        }
        state.pointee.books = fresh
        state.pointee.bookCapacity = larger
        return true
    }

    /// The book of that number, or `nil`.
    @inline(__always)
    func book(_ number: UInt32) -> UnsafeMutablePointer<Book<UInt64>>? {
        Int(number) < state.pointee.bookCount ? state.pointee.books.unsafelyUnwrapped[Int(number)] : nil
    }

    // MARK: - Messages

    /// Applies messages in order and writes what becomes of them, until there is no message or no room for reports left, or
    /// a message says that it has another size than this module knows.
    ///
    /// A book that comes upon something that cannot be is broken: its message is not taken in, nothing is written of it, and no
    /// later one is taken in for that book. See `cameToBroken`.
    ///
    /// - Returns: how many messages were taken in. The last of them may not be finished: see `isFinished`.
    public func apply(
        _ messages: UnsafeBufferPointer<BookMessage>, into reports: inout BookReports
    ) -> Int {
        state.pointee.cameToBroken = false
        if !finish(&reports) { return 0 }
        let looksAhead = looksAhead(messages)
        var taken = 0
        while taken < messages.count {
            let message = messages.baseAddress.unsafelyUnwrapped + taken
            guard reports.hasRoom, message.pointee.structSize == UInt32(MemoryLayout<BookMessage>.size) else { break }
            if looksAhead { prefetch(messages, after: taken) }
            taken += 1
            guard let book = book(message.pointee.book) else {
                reports.append(
                    BookReport(
                        .rejected, .unknownBook, book: message.pointee.book, sequence: message.pointee.sequence,
                        order: message.pointee.order))
                continue
            }
            if book.pointee.isBroken {
                state.pointee.cameToBroken = true
                return taken &- 1
            }
            let written = reports.count
            let isDone = book.pointee.apply(message.pointee, &reports)
            if cplatform_is_contradicted() {
                breakDown(book, &reports, keeping: written)
                return taken &- 1
            }
            if !isDone {
                state.pointee.unfinished = book
                break
            }
        }
        return taken
    }

    /// Whether no message is still under way for want of room for its reports.
    public var isFinished: Bool { state.pointee.unfinished == nil }

    private func finish(_ reports: inout BookReports) -> Bool {
        guard let book = state.pointee.unfinished else { return true }
        let written = reports.count
        let isDone = book.pointee.proceed(&reports)
        if cplatform_is_contradicted() {
            state.pointee.unfinished = nil
            breakDown(book, &reports, keeping: written)
            return false
        }
        guard isDone else { return false }
        state.pointee.unfinished = nil
        return true
    }

    // MARK: - Breaking

    /// Whether the last `apply` ended because it came to a book that is broken, or that broke.
    public var cameToBroken: Bool { state.pointee.cameToBroken }

    /// Whether a book came upon something that cannot be. It takes no message then and answers no question.
    public func isBroken(_ number: UInt32) -> Bool { book(number)?.pointee.isBroken ?? false }

    /// Nothing that was written of what broke the book is to be believed.
    @inline(never)
    private func breakDown(
        _ book: UnsafeMutablePointer<Book<UInt64>>, _ reports: inout BookReports, keeping written: Int
    ) {
        _ = cplatform_take_contradiction()
        reports.count = written
        book.pointee.isBroken = true
        state.pointee.cameToBroken = true
    }

    /// Asks a book that there is and that is whole; `nil` when it turns out not to be.
    private func ask<Answer>(
        _ number: UInt32, _ question: (UnsafeMutablePointer<Book<UInt64>>) -> Answer?
    ) -> Answer? {
        guard let book = book(number), !book.pointee.isBroken else { return nil }
        let answer = question(book)
        guard cplatform_is_contradicted() else { return answer }
        _ = cplatform_take_contradiction()
        book.pointee.isBroken = true
        return nil
    }
}

// MARK: - Looking ahead

/// What a message needs is spread over memory. As long as all of it fits into the fast caches, asking for it costs more than
/// it gives; beyond that, messages that come later in a batch have their memory asked for while earlier ones are applied.
extension Venue {
    /// More books than this, or more orders in a book, are not in the fast caches together.
    private static var booksMax: Int { 16 }
    private static var ordersMax: Int { 8192 }

    /// How many messages ahead what is asked for: each step needs what the one before has brought.
    private static var bookAhead: Int { 12 }
    private static var indexAhead: Int { 9 }
    private static var orderAhead: Int { 6 }
    private static var queueAhead: Int { 3 }

    @inline(__always)
    private func looksAhead(_ messages: UnsafeBufferPointer<BookMessage>) -> Bool {
        guard messages.count > 1, let first = messages.first, let book = book(first.book) else { return false }
        return bookCount > Self.booksMax || book.pointee.index.count > Self.ordersMax
    }

    @inline(never)
    private func prefetch(_ messages: UnsafeBufferPointer<BookMessage>, after taken: Int) {
        if bookCount > Self.booksMax, let (book, _) = message(messages, taken &+ Self.bookAhead) {
            for offset in stride(from: 0, to: MemoryLayout<Book<UInt64>>.size, by: Int(cplatform_cache_line_size)) {
                cplatform_prefetch(UnsafeRawPointer(book) + offset)
            }
        }
        if let (book, message) = message(messages, taken &+ Self.indexAhead) {
            book.pointee.index.prefetch(message.pointee.order)
            cplatform_prefetch(book.pointee.ladders)
            cplatform_prefetch(book.pointee.ladders + 1)
        }
        if let (book, message) = message(messages, taken &+ Self.orderAhead) { book.pointee.prefetchOrder(message) }
        if let (book, message) = message(messages, taken &+ Self.queueAhead) { book.pointee.prefetchQueue(message) }
    }

    @inline(__always)
    private func message(
        _ messages: UnsafeBufferPointer<BookMessage>, _ place: Int
    ) -> (UnsafeMutablePointer<Book<UInt64>>, UnsafePointer<BookMessage>)? {
        guard place < messages.count else { return nil }
        let message = messages.baseAddress.unsafelyUnwrapped + place
        guard let book = book(message.pointee.book) else { return nil }
        return (book, message)
    }
}

extension Book {
    /// Asks for the order that a later message is likely about, or for the page of its price.
    @inline(__always)
    func prefetchOrder(_ message: UnsafePointer<BookMessage>) {
        if message.pointee.kind == BookMessageKind.new.rawValue {
            guard let side = BookSide(rawValue: message.pointee.side) else { return }
            let ladder = ladders + Ladders.resting(side)
            guard let page = ladder.pointee.guess(message.pointee.price ^ ladder.pointee.mask) else { return }
            cplatform_prefetch(page)
            cplatform_prefetch(page.level(message.pointee.price ^ ladder.pointee.mask))
        } else if let number = index.guess(message.pointee.order), orders.knows(number) {
            cplatform_prefetch(orders.order(number))
        }
    }

    /// Asks for what surrounds that order.
    @inline(__always)
    func prefetchQueue(_ message: UnsafePointer<BookMessage>) {
        if message.pointee.kind == BookMessageKind.new.rawValue {
            guard let side = BookSide(rawValue: message.pointee.side) else { return }
            let ladder = ladders + Ladders.resting(side)
            let key = message.pointee.price ^ ladder.pointee.mask
            guard let page = ladder.pointee.guess(key) else { return }
            let last = page.level(key).pointee.tail
            if orders.knows(last) { cplatform_prefetch(orders.order(last)) }
        } else if let number = index.guess(message.pointee.order), orders.knows(number) {
            let order = orders.order(number).pointee
            // The order may be another one, or gone, so what it names is only ever asked for, never looked into.
            if order.id != message.pointee.order { return }
            cplatform_prefetch(order.page)
            cplatform_prefetch(order.page.level(order.price))
            if orders.knows(order.previous) { cplatform_prefetch(orders.order(order.previous)) }
            if orders.knows(order.next) { cplatform_prefetch(orders.order(order.next)) }
        }
    }
}

// MARK: - Reading

extension Venue {
    /// The best price of a side, or `nil`. Without such a book, as for all that follows, there is nothing, and of a
    /// broken one too.
    public func bestPrice(_ number: UInt32, _ side: BookSide) -> Int64? {
        ask(number) { $0.pointee.bestPrice(side) }
    }

    /// Writes what shows at the levels of a side, best first, after the first `skipped`, and tells how many it wrote.
    public func depth(
        _ number: UInt32, _ side: BookSide, skipping skipped: Int = 0,
        into levels: UnsafeMutableBufferPointer<BookLevel>
    ) -> Int {
        ask(number) { $0.pointee.depth(side, skipping: skipped, into: levels) } ?? 0
    }

    /// What shows at one price.
    public func level(_ number: UInt32, _ side: BookSide, at price: Int64) -> BookLevel? {
        ask(number) { $0.pointee.level(side, at: price) }
    }

    /// A resting or waiting order.
    public func order(_ number: UInt32, _ id: UInt64) -> BookOrder? { ask(number) { $0.pointee.order(id) } }

    /// How many orders are ahead of that one in its queue. Takes time in proportion.
    public func ordersAhead(_ number: UInt32, of id: UInt64) -> UInt64? {
        ask(number) { $0.pointee.ordersAhead(of: id) }
    }

    public func counts(_ number: UInt32) -> BookCounts? { ask(number) { $0.pointee.counts } }

    /// Whether the book is halted.
    public func isHalted(_ number: UInt32) -> Bool? { ask(number) { $0.pointee.isHalted } }

    /// The price of the last trade, or `nil`.
    public func lastPrice(_ number: UInt32) -> Int64? { ask(number) { $0.pointee.lastPrice } }

    /// What an owner has bought and sold, net; `nil` when the book counts no positions.
    public func position(_ number: UInt32, of owner: UInt64) -> Int64? {
        ask(number) { $0.pointee.position(of: owner) }
    }

    /// Sets an owner's position. `false`, and no change, when there is no such book, it is broken, it counts no positions, the owner is
    /// nobody, or memory is refused.
    public func setPosition(_ number: UInt32, of owner: UInt64, to position: Int64) -> Bool {
        ask(number) { $0.pointee.setPosition(of: owner, to: position) } ?? false
    }

    /// What does not hold together in a book, or `nil`. It looks at everything, so it is for tests.
    public func checkInvariants(_ number: UInt32) -> StaticString? { book(number)?.pointee.checkInvariants() }
}
