import CPlatform
import RiskBase

/// What one node sums over the cells it stands for, for one settlement asset. Books of a node are chained: most have one.
struct Book: BitwiseCopyable {
    let settlement: Asset
    let node: NodePointer
    var sums = Figures()
    var next: BookPointer?

    init(_ settlement: Asset, of node: NodePointer) {
        self.settlement = settlement
        self.node = node
    }
}

typealias BookPointer = UnsafeMutablePointer<Book>

extension NodePointer {
    /// The book of `settlement`; `nil` when there is none.
    func book(of settlement: Asset) -> BookPointer? {
        var next = pointee.books
        while let book = next {
            if book.pointee.settlement == settlement { return book }
            next = book.pointee.next
        }
        return nil
    }

    /// The same, made when there is none; `nil` when memory has run out.
    func bookAdding(_ settlement: Asset) -> BookPointer? {
        if let book = book(of: settlement) { return book }
        guard let memory = cplatform_allocate(1, MemoryLayout<Book>.stride) else { return nil }
        let book = memory.bindMemory(to: Book.self, capacity: 1)
        book.initialize(to: Book(settlement, of: self))
        book.pointee.next = pointee.books
        pointee.books = book
        return book
    }

    /// Every book of the node.
    func forEachBook(_ visit: (BookPointer) -> Void) {
        var next = pointee.books
        while let book = next {
            next = book.pointee.next
            visit(book)
        }
    }
}
