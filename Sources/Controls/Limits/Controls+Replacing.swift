import CPlatform
import RiskBase

extension Controls {
    /// Puts these limits in the place of all there are. Rows whose key and measure stay keep what they have counted and what
    /// state they are in. What `draft` was told of the world takes the place of what is known of it at the same time. All or nothing:
    /// whatever takes memory comes first. The limits are the engine's afterwards.
    mutating func replaceLimits(
        by new: inout Buffer<LimitPointer>, adopting draft: UnsafeMutablePointer<Controls>?, at now: Int64
    ) throws(LimitFault) {
        var rows = Buffer<NewRows>()
        var adoption = Adoption(draft)
        do throws(LimitFault) {
            try distribute(new)
            try prepare(&adoption)
            try makeRows(&rows)
            try adopt(&adoption, at: now)
        } catch {
            for row in rows.contents { cplatform_free(row.rows) }
            for shape in shapes.contents { shape.pointee.incoming.removeAll() }
            throw error
        }
        for row in rows.contents { row.node.take(row.rows, row.count) }
        counts.uses = []
        for shape in shapes.contents {
            shape.pointee.takeIncoming()
            counts.uses.formUnion(shape.pointee.counts)
        }
        for limit in limits.contents { cplatform_free(limit) }
        swap(&limits, &new)
        new.removeAll()
        lookAround(after: adoption, at: now)
        if stateCount > 0 { changeReleases(at: now) }
        observeAll(at: now)
    }

    /// Says for each shape which of the limits are its own, and keeps the books they need.
    private mutating func distribute(_ new: borrowing Buffer<LimitPointer>) throws(LimitFault) {
        for limit in new.contents {
            guard let shape = shape(of: limit.pointee.limit.scope), shape.pointee.incoming.append(limit) else {
                throw .memoryRefused
            }
            limit.pointee.shape = shape.pointee.number
            guard keepBooks(for: limit.pointee.limit, shape) else { throw .memoryRefused }
        }
        for shape in shapes.contents where !Shape.canMeet(shape.pointee.incoming) { throw .tooManyOfOneShape }
    }

    private mutating func makeRows(_ rows: inout Buffer<NewRows>) throws(LimitFault) {
        for shape in shapes.contents {
            var isRefused = false
            shape.pointee.forEachNode { node in
                guard !isRefused, rows.reserve(1), let made = shape.pointee.newRows(of: node) else {
                    isRefused = true
                    return
                }
                rows.append(made)
            }
            if isRefused { throw .memoryRefused }
        }
    }

    /// What a limit says now about the end of what it has latched counts for that too.
    private mutating func changeReleases(at now: Int64) {
        for index in 0..<shapes.count where shapes[index].pointee.stateCount > 0 {
            shapes[index].pointee.forEachNode { node in
                node.forEachLatch { latch in
                    guard case .limit(let name) = latch.pointee.cause else { return }
                    latch.pointee.take(
                        releaseOf: limits.contents.first { $0.pointee.limit.name == name }?.pointee.limit)
                    if latch.pointee.release == .nextPeriod { awaitPeriod(of: node, at: now) }
                }
            }
        }
    }

    /// A new bound is judged at once.
    private mutating func observeAll(at now: Int64) {
        for index in 0..<shapes.count {
            var seen = Buffer<NodePointer>()
            shapes[index].pointee.forEachNode { if $0.pointee.isSeen { _ = seen.append($0) } }
            for node in seen.contents { observe(node, at: now) }
        }
    }
}

/// The rows that a node is to have.
struct NewRows: BitwiseCopyable {
    let node: NodePointer
    let rows: UnsafeMutablePointer<Row>?
    let count: Int
}
