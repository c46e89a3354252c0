import CPlatform
import Decimals
import RiskBase

/// Which books a cell belongs to.
extension Controls {
    /// Gives a cell the books that sum over it; what it has is in none of them yet, or in all that it had before. `false`, and no
    /// change that anybody sees, when memory has run out.
    func link(_ cell: CellPointer) -> Bool {
        var links = Buffer<BookPointer>()
        guard collect(&links, of: cell) else { return false }
        return cell.setLinks(links.contents)
    }

    func collect(_ links: inout Buffer<BookPointer>, of cell: CellPointer) -> Bool {
        let (values, keys) = values(of: cell)
        let asset = cell.pointee.instrument.pointee.instrument.settlement
        for shape in shapes.contents where shape.pointee.hasBooks && shape.pointee.fineness == cell.pointee.fineness {
            guard let values = shape.pointee.complete(values, keys, cell.pointee.instrument, world.instruments) else {
                continue
            }
            guard let book = shape.pointee.node(of: values)?.bookAdding(asset), links.append(book) else { return false }
        }
        return true
    }

    private func values(of cell: CellPointer) -> (KeyValues, KeySet) {
        var values = cell.pointee.values
        var keys: KeySet = [.account, .instrument, .underlying, .settlement]
        values[.underlying] = cell.pointee.instrument.pointee.instrument.underlying.id
        values[.settlement] = cell.pointee.instrument.pointee.instrument.settlement.id
        if let group = accounts.find(UInt64(values[.account]))?.pointee.group, group != .default {
            values[.group] = group.value
            keys.insert(.group)
        }
        keys.formUnion(cell.pointee.fineness)
        return (values, keys)
    }

    /// Sums over what there is for a shape that has no books yet. `false`, and it has none, when memory has run out or the sums do
    /// not fit.
    mutating func giveBooks(to shape: ShapePointer) -> Bool {
        if shape.pointee.hasBooks { return true }
        shape.pointee.hasBooks = true
        var isDone = true
        forEachCell { cell in
            if cell.pointee.fineness == shape.pointee.fineness, cell.pointee.links != nil, !link(cell) {
                isDone = false
            }
        }
        assets.forEach { if !makeBooks($0.pointee.asset, of: $0.pointee.account) { isDone = false } }
        isDone = isDone && fill(shape)
        if !isDone {
            // What was begun is found again by the next one who asks.
            shape.pointee.forEachNode { node in node.forEachBook { $0.pointee = $0.pointee.emptied } }
            shape.pointee.hasBooks = false
            forEachCell { cell in if cell.pointee.links != nil { cell.dropLinks(of: shape) } }
        }
        return isDone
    }

    private mutating func fill(_ shape: ShapePointer) -> Bool {
        var fits = true
        forEachCell { cell in
            for book in cell.links where book.pointee.node.pointee.shape == shape.pointee.number {
                guard book.pointee.sums.canAdd(&cell.pointee.figures) else {
                    fits = false
                    continue
                }
                book.pointee.sums.add(&cell.pointee.figures)
                if !book.pointee.node.addGains(of: cell) { fits = false }
            }
        }
        if !shape.pointee.isOfAccounts { return fits }
        assets.forEach { row in
            forEachBook(of: row) { book in
                guard book.pointee.node.pointee.shape == shape.pointee.number else { return }
                if !book.add(row.pointee) { fits = false }
            }
        }
        return fits
    }

    func forEachCell(_ visit: (CellPointer) -> Void) { ledger.forEachCell(visit) }
}

extension CellPointer {
    /// `false`, and no change, when memory has run out.
    func setLinks(_ links: UnsafeBufferPointer<BookPointer>) -> Bool {
        guard setOtherLinks(links) else { return false }
        swapLinks()
        dropOtherLinks()
        return true
    }

    /// The same for books that it is to have later.
    func setOtherLinks(_ links: UnsafeBufferPointer<BookPointer>) -> Bool {
        let count = Swift.max(links.count, 1)
        guard let memory = cplatform_allocate(count, MemoryLayout<BookPointer>.stride) else { return false }
        let places = memory.bindMemory(to: BookPointer.self, capacity: count)
        for (index, book) in links.enumerated() { (places + index).initialize(to: book) }
        cplatform_free(pointee.otherLinks)
        (pointee.otherLinks, pointee.otherLinkCount) = (places, links.count)
        return true
    }

    func swapLinks() {
        let (links, count) = (pointee.links, pointee.linkCount)
        (pointee.links, pointee.linkCount) = (pointee.otherLinks, pointee.otherLinkCount)
        (pointee.otherLinks, pointee.otherLinkCount) = (links, count)
    }

    func dropOtherLinks() {
        cplatform_free(pointee.otherLinks)
        (pointee.otherLinks, pointee.otherLinkCount) = (nil, 0)
    }

    fileprivate func dropLinks(of shape: ShapePointer) {
        var kept = 0
        for index in 0..<pointee.linkCount where links[index].pointee.node.pointee.shape != shape.pointee.number {
            links[kept] = links[index]
            kept += 1
        }
        pointee.linkCount = kept
    }
}

extension NodePointer {
    /// Adds what a cell gained in other assets. `false` when it does not fit, or memory has run out.
    fileprivate func addGains(of cell: CellPointer) -> Bool {
        var next = cell.pointee.gains
        while let gain = next {
            guard let book = bookAdding(gain.pointee.asset),
                let sum = book.pointee.sums[.realized].plus(gain.pointee.amount)
            else { return false }
            book.pointee.sums[.realized] = sum
            next = gain.pointee.next
        }
        return true
    }
}

extension BookPointer {
    /// `false`, and no change, when it does not fit.
    func add(_ row: AccountAsset) -> Bool {
        guard let deposited = pointee.deposited.plus(row.deposited),
            let supplied = pointee.suppliedMargin.plus(row.suppliedMargin),
            let added = pointee.addedMargin.plus(row.addedMargin)
        else { return false }
        (pointee.deposited, pointee.suppliedMargin, pointee.addedMargin) = (deposited, supplied, added)
        return true
    }
}

extension Book {
    /// The same book with nothing in it.
    fileprivate var emptied: Book {
        var book = Book(asset, node)
        book.next = next
        return book
    }
}
