import CPlatform
import Decimals
import RiskBase

/// Accounts that join a group, or leave it, take along what they have. That is no gain and no loss of the group's: its P&L and its
/// turnover stay what they were, and its highest equity moves as with a deposit.
extension Controls {
    /// Says in which group an account is from now on. `false`, and no change, when memory has run out, or the group cannot take what the
    /// account has.
    package mutating func move(_ party: Party, to group: AccountGroupId, at now: Int64) -> Bool {
        guard catchUp(at: now), let account = account(of: party) else { return false }
        guard account.pointee.group != group else { return true }
        guard move(account, to: group, at: now) else { return false }
        observeTouched(at: now)
        return true
    }

    mutating func move(_ account: AccountPointer, to group: AccountGroupId, at now: Int64) -> Bool {
        let old = account.pointee.group
        account.pointee.group = group
        let isReady =
            account.allCells { prepareLinks(of: $0) } && account.allAssets { makeBooks($0.pointee.asset, of: account) }
        account.pointee.group = old
        guard isReady, shiftAll(of: account, isJoining: false, at: now) else {
            account.forEachCell { $0.dropOtherLinks() }
            return false
        }
        account.forEachCell { $0.swapLinks() }
        account.pointee.group = group
        if shiftAll(of: account, isJoining: true, at: now) {
            account.forEachCell { $0.dropOtherLinks() }
        } else {
            // It goes back to where it was, where there was room for it.
            account.forEachCell { $0.swapLinks() }
            account.pointee.group = old
            _ = shiftAll(of: account, isJoining: true, at: now)
            account.forEachCell { $0.dropOtherLinks() }
            return false
        }
        // Quotes may be the group's own.
        account.forEachCell { cell in if cell.pointee.isHolder { remark(cell, at: now) } }
        return true
    }

    mutating func prepareLinks(of cell: CellPointer) -> Bool {
        var links = Buffer<BookPointer>()
        guard collect(&links, of: cell), cell.setOtherLinks(links.contents) else { return false }
        var gain = cell.pointee.gains
        while let current = gain {
            guard links.contents.allSatisfy({ $0.pointee.node.bookAdding(current.pointee.asset) != nil }) else {
                return false
            }
            gain = current.pointee.next
        }
        return true
    }

    /// Takes all that an account has into the books of its group, or out of them. `false`, and no change, when it does not fit.
    mutating func shiftAll(of account: AccountPointer, isJoining: Bool, at now: Int64) -> Bool {
        nodes(of: account).forEach { node in
            guard shapes[Int(node.pointee.shape)].pointee.keys.contains(.group) else { return }
            node.pointee.oldestMargin = nil
        }
        var shifted = 0
        if account.allCells({ cell in
            guard shift(cell, .group, isJoining: isJoining, at: now) else { return false }
            shifted += 1
            return true
        }) {
            var assets = 0
            if account.allAssets({ row in
                guard shift(row, isJoining: isJoining, at: now) else { return false }
                assets += 1
                return true
            }) {
                return true
            }
            _ = account.allAssets { row in
                assets -= 1
                return assets >= 0 && shift(row, isJoining: !isJoining, at: now)
            }
        }
        _ = account.allCells { cell in
            shifted -= 1
            return shifted >= 0 && shift(cell, .group, isJoining: !isJoining, at: now)
        }
        return false
    }

    /// Takes what a cell has into those of its books whose keys have this one and not the other, or out of them. `false`, and no change, when
    /// it does not fit.
    mutating func shift(
        _ cell: CellPointer, _ key: KeySet, without other: KeySet = KeySet(), isJoining: Bool, at now: Int64
    ) -> Bool {
        guard var figures = isJoining ? cell.pointee.figures : cell.pointee.figures.negated,
            let baseline = Baseline(&cell.pointee.figures)
        else { return false }
        for book in cell.links where has(key, book, without: other) {
            _ = roll(book.pointee.node, at: now)
            guard book.canTake(&figures, baseline, isJoining), book.pointee.node.canTakeGains(of: cell, isJoining)
            else {
                return false
            }
        }
        for book in cell.links where has(key, book, without: other) {
            touch(book.pointee.node)
            book.take(&figures, baseline, isJoining)
            book.pointee.node.takeGains(of: cell, isJoining)
            movePeaks(of: book.pointee.node, at: now)
        }
        return true
    }

    private mutating func shift(_ row: AccountAssetPointer, isJoining: Bool, at now: Int64) -> Bool {
        var part = row.pointee
        if !isJoining {
            part.deposited = part.deposited.negated
            (part.suppliedMargin, part.addedMargin) = (part.suppliedMargin.negated, part.addedMargin.negated)
        }
        var fits = true
        forEachBook(of: row) { book in if has(.group, book) && !book.canAdd(part) { fits = false } }
        guard fits else { return false }
        let nodes = nodes(of: row.pointee.account)
        for index in 0..<nodes.count {
            guard let book = nodes[index].book(of: part.asset), has(.group, book) else { continue }
            _ = book.add(part)
            book.pointee.pendingDeposit = book.pointee.pendingDeposit.plus(part.deposited) ?? .zero
            touch(nodes[index])
            movePeaks(of: nodes[index], at: now)
        }
        return true
    }

    private func has(_ key: KeySet, _ book: BookPointer, without other: KeySet = KeySet()) -> Bool {
        let keys = shapes[Int(book.pointee.node.pointee.shape)].pointee.keys
        return keys.isSuperset(of: key) && keys.intersection(other) == KeySet()
    }
}

// MARK: - What is moved

extension BookPointer {
    fileprivate func canTake(_ figures: FiguresPointer, _ baseline: Baseline, _ isJoining: Bool) -> Bool {
        guard pointee.sums.canAdd(figures), let equity = baseline.equity, pointee.canPend(equity, isJoining) else {
            return false
        }
        for number in 1...LimitPeriod.count {
            if let period = LimitPeriod(rawValue: number), pointee[period].moved(by: baseline, isJoining) == nil {
                return false
            }
        }
        return true
    }

    fileprivate func take(_ figures: FiguresPointer, _ baseline: Baseline, _ isJoining: Bool) {
        pointee.sums.add(figures)
        pointee.pend(baseline.equity ?? .zero, isJoining)
        for number in 1...LimitPeriod.count {
            guard let period = LimitPeriod(rawValue: number) else { continue }
            pointee[period] = pointee[period].moved(by: baseline, isJoining) ?? pointee[period]
        }
    }

    fileprivate func canAdd(_ row: AccountAsset) -> Bool {
        var copy = pointee
        return withUnsafeMutablePointer(to: &copy) { $0.add(row) } && pointee.canPend(row.deposited, true)
    }
}

extension Book {
    fileprivate func canPend(_ equity: Decimal, _ isJoining: Bool) -> Bool {
        pendingDeposit.plus(isJoining ? equity : equity.negated) != nil
    }

    fileprivate mutating func pend(_ equity: Decimal, _ isJoining: Bool) {
        pendingDeposit = pendingDeposit.plus(isJoining ? equity : equity.negated) ?? pendingDeposit
    }
}

extension Baseline {
    /// What it adds to equity.
    fileprivate var equity: Decimal? { realized.plus(unrealized) }
}

extension NodePointer {
    fileprivate func canTakeGains(of cell: CellPointer, _ isJoining: Bool) -> Bool {
        var next = cell.pointee.gains
        while let gain = next {
            var figures = gain.figures(isJoining)
            guard let book = book(of: gain.pointee.asset), book.canTake(&figures, gain.baseline, isJoining)
            else {
                return false
            }
            next = gain.pointee.next
        }
        return true
    }

    fileprivate func takeGains(of cell: CellPointer, _ isJoining: Bool) {
        var next = cell.pointee.gains
        while let gain = next {
            var figures = gain.figures(isJoining)
            book(of: gain.pointee.asset)?.take(&figures, gain.baseline, isJoining)
            next = gain.pointee.next
        }
    }
}

extension GainPointer {
    fileprivate func figures(_ isJoining: Bool) -> Figures {
        var figures = Figures()
        figures[.realized] = isJoining ? pointee.amount : pointee.amount.negated
        return figures
    }

    fileprivate var baseline: Baseline {
        var baseline = Baseline()
        baseline.realized = pointee.amount
        return baseline
    }
}

// MARK: - Chains

extension AccountPointer {
    /// Whether all cells are as asked; the first one that is not is the last one that is asked.
    fileprivate func allCells(_ test: (CellPointer) -> Bool) -> Bool {
        var next = pointee.firstCell
        while let cell = next {
            next = cell.pointee.nextOfAccount
            if !test(cell) { return false }
        }
        return true
    }

    fileprivate func forEachCell(_ visit: (CellPointer) -> Void) {
        _ = allCells { cell in
            visit(cell)
            return true
        }
    }

    func allAssets(_ test: (AccountAssetPointer) -> Bool) -> Bool {
        var next = pointee.firstAsset
        while let row = next {
            next = row.pointee.next
            if !test(row) { return false }
        }
        return true
    }
}
