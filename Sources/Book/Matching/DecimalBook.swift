import CPlatform
import Decimals

typealias WideBook = Book<UInt128>

/// The orders of one instrument in decimals: a book for each pool, and what is counted of it.
struct DecimalBook: ~Copyable {
    /// By the raw value of a pool.
    private let books: UnsafeMutablePointer<WideBook>
    var marks: OrderMarks
    /// Trades of the continuous pool and of auctions, which share their numbers.
    var fillCount: UInt64 = 0
    var volume = Decimal.zero
    var turnover = Decimal.zero
    /// How many orders have come to wait for an auction.
    var arrivals: UInt64 = 0

    private static var poolCount: Int { 3 }

    /// `nil` when memory is refused. The caller ends the book with `destroy`.
    init?(secret: (UInt64, UInt64)) {
        guard let books = Self.makeBooks(secret) else { return nil }
        self.books = books
        marks = OrderMarks(secret: secret)
    }

    private static func makeBooks(_ secret: (UInt64, UInt64)) -> UnsafeMutablePointer<WideBook>? {
        let length = poolCount * MemoryLayout<WideBook>.stride
        guard let memory = cplatform_allocate_aligned(length, Int(cplatform_cache_line_size)) else { return nil }
        let books = memory.bindMemory(to: WideBook.self, capacity: poolCount)
        for pool in 0..<poolCount {
            guard let made = WideBook(number: UInt32(pool), options: BookOptions(), secret: secret) else {
                for made in 0..<pool { end(books + made) }
                cplatform_free(books)
                return nil
            }
            (books + pool).initialize(to: made)
        }
        return books
    }

    private static func end(_ book: UnsafeMutablePointer<WideBook>) {
        book.pointee.destroy()
        book.deinitialize(count: 1)
    }

    /// Gives all memory back. The book must not be used after it.
    mutating func destroy() {
        for pool in 0..<Self.poolCount { Self.end(books + pool) }
        cplatform_free(books)
        marks.destroy()
    }

    func book(_ pool: MatcherPool) -> UnsafeMutablePointer<WideBook> { books + Int(pool.rawValue) }

    /// Whether an order of that number rests or waits in a pool, or in any but one.
    func knows(_ id: UInt64, outside pool: MatcherPool? = nil) -> Bool {
        for number in 0..<Self.poolCount where number != pool.map({ Int($0.rawValue) }) {
            if books[number].restingCount > 0, books[number].find(id) != nil { return true }
        }
        return false
    }

    /// Counts a trade of the continuous pool or of an auction, and gives it its number.
    mutating func count(_ price: Decimal, _ quantity: Decimal, _ taker: UInt64, _ maker: UInt64) -> UInt64 {
        marks.set(taker, .traded)
        marks.set(maker, .traded)
        // Statistics stay at the largest number there is, rather than be wrong.
        volume = volume.adding(quantity) ?? .max
        turnover = price.multiplied(by: quantity).flatMap { turnover.adding($0) } ?? .max
        fillCount &+= 1
        return fillCount &- 1
    }
}
