import Decimals
import RiskBase

extension Controls {
    /// What does not hold together in the limits, the ledger under them and what they know of the world, or `nil`. It looks at
    /// everything, so it is for tests.
    package func checkInvariants() -> StaticString? {
        if let broken = ledger.checkInvariants() ?? checkShapes() ?? checkBooks() { return broken }
        if let broken = executions.checkInvariants() ?? locates.checkInvariants() { return broken }
        if let broken = counts.checkInvariants() ?? intents.checkInvariants() ?? events.checkInvariants() {
            return broken
        }
        if let broken = accounts.checkInvariants() ?? groups.checkInvariants() ?? assets.checkInvariants() {
            return broken
        }
        if let broken = names.checkInvariants() ?? undos.checkInvariants() ?? pending.checkInvariants() {
            return broken
        }
        if let broken = permissionRecords.checkInvariants() ?? requirements.checkInvariants() { return broken }
        return world.markEnds.checkInvariants() ?? world.venues.checkInvariants() ?? world.uses.checkInvariants()
    }

    private func checkShapes() -> StaticString? {
        if let broken = shapes.checkInvariants() ?? limits.checkInvariants() { return broken }
        var states = 0
        for (number, shape) in shapes.contents.enumerated() {
            if Int(shape.pointee.number) != number { return "a shape has another number than its place" }
            if let broken = shape.pointee.checkInvariants() { return broken }
            states += shape.pointee.stateCount
        }
        if states != stateCount { return "the states are miscounted" }
        for limit in limits.contents where Int(limit.pointee.shape) >= shapes.count { return "a limit is of no shape" }
        return nil
    }

    /// Every book has the sums of the cells that belong to it, and every cell what its numbers come to.
    private func checkBooks() -> StaticString? {
        var broken: StaticString?
        ledger.forEachCell { cell in
            for book in cell.links where book.pointee.node.pointee.shape >= UInt32(shapes.count) {
                broken = broken ?? "a cell belongs to a book of no shape"
            }
        }
        if let broken { return broken }
        for shape in shapes.contents where shape.pointee.hasBooks {
            shape.pointee.forEachNode { node in
                node.forEachBook { book in broken = broken ?? checkSums(of: book) }
            }
        }
        return broken
    }

    private func checkSums(of book: BookPointer) -> StaticString? {
        var sums = Figures()
        ledger.forEachCell { cell in
            for link in cell.links where link == book { sums.add(&cell.pointee.figures) }
        }
        // What was gained in other assets is in the books of those.
        ledger.forEachCell { cell in
            guard cell.links.contains(where: { $0.pointee.node == book.pointee.node }) else { return }
            var gain = cell.pointee.gains
            while let next = gain {
                gain = next.pointee.next
                if next.pointee.asset != book.pointee.asset { continue }
                var gained = Figures()
                gained[.realized] = next.pointee.amount
                sums.add(&gained)
            }
        }
        return sums.isSame(as: &book.pointee.sums) ? nil : "a book has another sum than its cells"
    }
}

extension Figures {
    /// Whether they are the same numbers, however many digits they are written with.
    mutating func isSame(as other: FiguresPointer) -> Bool {
        var change = Figures()
        guard let changed = change.become(from: &self, to: other), changed.isEmpty else { return false }
        return change.cells == 0 && change.orders == 0 && change.unvalued == 0 && change.unpriced == 0
            && change.unrated == 0 && change.unmaintained == 0
    }
}

extension NodePointer {
    /// What is wrong with a node of the shape of that number, or `nil`.
    fileprivate func checkInvariants(_ shape: UInt32) -> StaticString? {
        if pointee.shape != shape { return "a node is of another shape than it thinks" }
        if pointee.rowCount < 0 || pointee.rowCount > Node.rowCountMax || pointee.rowCount > 0 && pointee.rows == nil {
            return "a node miscounts its rows"
        }
        for row in rows {
            if let broken = row.passed.checkInvariants() { return broken }
            if row.shadowers >> UInt64(pointee.rowCount) != 0, pointee.rowCount < Node.rowCountMax {
                return "a row is shadowed by none"
            }
            guard let tally = row.tally else { continue }
            var known = pointee.tallies
            while let other = known, other != tally { known = other.pointee.next }
            if known == nil { return "a row counts with what its node does not have" }
        }
        var tally = pointee.tallies
        while let next = tally {
            if let broken = next.pointee.times.checkInvariants() { return broken }
            if next.pointee.chargeCount < 0 { return "more was taken back than was counted" }
            tally = next.pointee.next
        }
        return nil
    }
}

extension Shape {
    fileprivate func checkInvariants() -> StaticString? {
        if let broken = checkTables() ?? limits.checkInvariants() ?? incoming.checkInvariants() { return broken }
        var broken: StaticString?
        forEachNode { node in broken = broken ?? node.checkInvariants(number) }
        return broken
    }
}
