import CPlatform
import Decimals
import RiskBase

/// What one node sums over the cells it stands for, for one asset. Books of a node are chained: most have one.
struct Book: BitwiseCopyable {
    let asset: Asset
    let node: NodePointer
    var sums = Figures()
    /// What its accounts had at the start and got since; margin that was supplied for them, and what orders added to it.
    var deposited = Decimal.zero
    var suppliedMargin = Decimal.zero
    var addedMargin = Decimal.zero
    /// Deposits by which no peak was moved yet, for want of a rate.
    var pendingDeposit = Decimal.zero
    /// What it stood at when each period began.
    private var baselines: [4 of Baseline] = InlineArray(repeating: Baseline())
    var next: BookPointer?

    init(_ asset: Asset, _ node: NodePointer) {
        self.asset = asset
        self.node = node
    }

    subscript(period: LimitPeriod) -> Baseline {
        @inline(__always) get { baselines[Int(period.rawValue) - 1] }
        set { baselines[Int(period.rawValue) - 1] = newValue }
    }
}

typealias BookPointer = UnsafeMutablePointer<Book>

/// What P&L and turnover of a period are counted from.
struct Baseline: BitwiseCopyable {
    var realized = Decimal.zero
    var unrealized = Decimal.zero
    var traded = Decimal.zero
    var tradedUnits = Decimal.zero

    init() {}

    /// What these figures come to; `nil` when it does not fit.
    init?(_ figures: FiguresPointer) {
        guard let unrealized = figures.pointee.unrealized else { return nil }
        self.unrealized = unrealized
        realized = figures.pointee[.realized]
        traded = figures.pointee[.traded]
        tradedUnits = figures.pointee[.tradedUnits]
    }

    /// With what else joins it, or without it; `nil` when it does not fit.
    func moved(by other: Baseline, _ isJoining: Bool) -> Baseline? {
        func sum(_ own: Decimal, _ other: Decimal) -> Decimal? {
            isJoining ? own.plus(other) : own.minus(other)
        }
        guard let realized = sum(realized, other.realized), let unrealized = sum(unrealized, other.unrealized),
            let traded = sum(traded, other.traded), let tradedUnits = sum(tradedUnits, other.tradedUnits)
        else { return nil }
        var moved = Baseline()
        (moved.realized, moved.unrealized) = (realized, unrealized)
        (moved.traded, moved.tradedUnits) = (traded, tradedUnits)
        return moved
    }
}

extension NodePointer {
    /// The book of `asset`; `nil` when there is none.
    func book(of asset: Asset) -> BookPointer? {
        var next = pointee.books
        while let book = next {
            if book.pointee.asset == asset { return book }
            next = book.pointee.next
        }
        return nil
    }

    /// The same, made when there is none; `nil` when memory has run out.
    func bookAdding(_ asset: Asset) -> BookPointer? {
        if let book = book(of: asset) { return book }
        guard let memory = cplatform_allocate(1, MemoryLayout<Book>.stride) else { return nil }
        let book = memory.bindMemory(to: Book.self, capacity: 1)
        book.initialize(to: Book(asset, self))
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
