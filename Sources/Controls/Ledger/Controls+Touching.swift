import RiskBase

/// What a report, an adjustment, a quote or a figure concerns is looked at once, when all of it has happened.
extension Controls {
    /// Something is about to happen to a cell: the periods of its books begin before it, and their rows are observed after it.
    mutating func concern(_ cell: CellPointer, at now: Int64) {
        for book in cell.links {
            _ = roll(book.pointee.node, at: now)
            touch(book.pointee.node)
        }
    }

    /// Remembers that a node is to be observed.
    @inline(__always)
    mutating func touch(_ node: NodePointer) {
        if node.pointee.isTouched { return }
        node.pointee.isTouched = true
        node.pointee.nextTouched = firstTouched
        firstTouched = node
    }

    /// Observes what was touched, each once.
    mutating func observeTouched(at now: Int64) {
        while let node = takeTouched() {
            node.pointee.isSeen = true
            observe(node, at: now)
        }
    }

    /// Forgets what was touched by something that was taken back.
    package mutating func forgetTouched() {
        while takeTouched() != nil {}
    }

    private mutating func takeTouched() -> NodePointer? {
        guard let node = firstTouched else { return nil }
        firstTouched = node.pointee.nextTouched
        (node.pointee.isTouched, node.pointee.nextTouched) = (false, nil)
        return node
    }
}
