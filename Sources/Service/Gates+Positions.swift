import Decimals
import RiskBase

/// Gate 4: what a fund, and a strategy with an envelope of its own, comes to with the order, whatever becomes of those that are open.
extension Gates {
    func checkPosition(_ subject: GateSubject, _ verdict: inout GateVerdict) {
        guard let fund = subject.fund, let strategy = subject.strategy, let limits = subject.limits else {
            return verdict.refuse(.position, .gateError)
        }
        guard let nav = checkNav(fund, at: subject.now, .fund, &verdict),
            isValued(fund, .fund, subject, &verdict), let unit = subject.unit
        else {
            if verdict.isPassed { verdict.refuse(.position, .exposureUnavailable) }
            return
        }
        // Shares of a fund are those that hold for all of it.
        let shares = fund.pointee.limits ?? limits
        do throws(GateError) {
            let after = try After(subject.cell, subject, unit)
            let book = Judged(book: fund, scope: .fund, nav: nav, after: after, isBuy: subject.isBuy)
            try book.check(
                shares.pointee.values.position, shares.pointee.values.gross, shares.pointee.values.net, &verdict)
            if !verdict.isPassed { return }
            try checkGroups(subject, limits, book, &verdict)
            if !verdict.isPassed || strategy.pointee.limits == nil { return }
            try checkOwn(strategy, subject, unit, &verdict)
        } catch {
            verdict.refuse(.position, .gateError)
        }
    }

    private func checkOwn(
        _ strategy: BookPointer, _ subject: GateSubject, _ unit: Decimal, _ verdict: inout GateVerdict
    ) throws(GateError) {
        guard let limits = strategy.pointee.limits else { return }
        let (position, gross, net) = (
            limits.pointee.values.ownPosition, limits.pointee.values.ownGross, limits.pointee.values.ownNet
        )
        if position == nil && gross == nil && net == nil { return }
        let owner = strategy.pointee.nav == nil ? subject.fund.unsafelyUnwrapped : strategy
        guard let nav = checkNav(owner, at: subject.now, .strategy, &verdict),
            isValued(strategy, .strategy, subject, &verdict)
        else { return }
        let after = try After(subject.own, subject, unit)
        let book = Judged(book: strategy, scope: .strategy, nav: nav, after: after, isBuy: subject.isBuy)
        try book.check(position, gross, net, &verdict)
    }

    /// The net asset value, unless it is not known, too old or nothing.
    private func checkNav(
        _ book: BookPointer, at now: Int64, _ scope: GateScope, _ verdict: inout GateVerdict
    ) -> Decimal? {
        verdict.scope = scope
        guard let nav = book.pointee.nav else {
            verdict.refuse(.position, .navMissing)
            return nil
        }
        if !Self.isFresh(book.pointee.navAt, at: now, age: options.navAge) {
            verdict.refuse(.position, .navStale)
        } else if !nav.isPositive {
            verdict.refuse(.position, .navNotPositive)
        } else {
            verdict.scope = .none
            return nav
        }
        return nil
    }

    private func isValued(
        _ book: BookPointer, _ scope: GateScope, _ subject: GateSubject, _ verdict: inout GateVerdict
    ) -> Bool {
        if book.pointee.unvalued == 0, hasFreshMarks(book, at: subject.now) { return true }
        let isTooLarge = isOnlyTooLarge(book, at: subject.now)
        verdict.refuse(.position, isTooLarge ? .gateError : .exposureUnavailable)
        verdict.scope = scope
        return false
    }

    private func checkGroups(
        _ subject: GateSubject, _ limits: LimitsPointer, _ book: Judged, _ verdict: inout GateVerdict
    ) throws(GateError) {
        guard let fund = subject.fund, let instrument = subject.instrument else { throw GateError() }
        let (sector, assetClass) = (instrument.pointee.terms.sector, instrument.pointee.terms.assetClass)
        var (inSector, inClass) = (WideSum.zero, WideSum.zero)
        if let cell = subject.cell, let first = cell.pointee.sector, let second = cell.pointee.assetClass {
            (inSector, inClass) = (first.pointee, second.pointee)
        } else {
            if let sum = sectors.find(Self.place(fund.pointee.number, sector)) { inSector = sum.pointee }
            if let sum = assetClasses.find(Self.place(fund.pointee.number, assetClass)) { inClass = sum.pointee }
        }
        if let share = limits.pointee.sectorShare(sector) {
            try book.check(.maxSector, share, before: inSector, more: book.after.grossMore, &verdict)
            if !verdict.isPassed { return }
        }
        if let share = limits.pointee.classShare(assetClass) {
            try book.check(.maxAssetClass, share, before: inClass, more: book.after.grossMore, &verdict)
        }
    }
}

/// What a cell comes to with the order.
struct After: BitwiseCopyable {
    /// On the order's side, without it and with it.
    let before: WideSum
    let value: WideSum
    /// By how much it raises the gross exposure.
    let grossMore: WideSum

    init(_ cell: CellPointer?, _ subject: GateSubject, _ unit: Decimal) throws(GateError) {
        var (up, down, quantity, open) = (WideSum.zero, WideSum.zero, Decimal.zero, Decimal.zero)
        if let cell {
            (up, down, quantity) = (cell.pointee.up, cell.pointee.down, cell.pointee.quantity)
            open = subject.isBuy ? cell.pointee.buys : cell.pointee.sells
        }
        let asked = subject.order.pointee.quantity
        let total =
            subject.isBuy
            ? quantity.addingExactly(open)?.addingExactly(asked)
            : quantity.subtractingExactly(open)?.subtractingExactly(asked)
        guard let total, let value = WideSum(total, times: unit, .up) else { throw GateError() }
        before = subject.isBuy ? up : down
        self.value = value
        let other = subject.isBuy ? down : up
        grossMore = .larger(value.magnitude, other.magnitude) - .larger(up.magnitude, down.magnitude)
    }
}

/// A book that is judged with an order.
struct Judged: BitwiseCopyable {
    let book: BookPointer
    let scope: GateScope
    let nav: Decimal
    let after: After
    let isBuy: Bool

    @inline(__always)
    func check(
        _ position: Decimal?, _ gross: Decimal?, _ net: Decimal?, _ verdict: inout GateVerdict
    ) throws(GateError) {
        // What is short counts as much as what is long.
        let (before, value) = isBuy ? (after.before, after.value) : (after.before.negated, after.value.negated)
        if let position { try check(.maxPosition, position, before: before, more: value - before, &verdict) }
        if verdict.isPassed, let gross {
            try check(.maxGross, gross, before: book.pointee.gross, more: after.grossMore, &verdict)
        }
        if verdict.isPassed, let net {
            let sum = isBuy ? book.pointee.up : book.pointee.down.negated
            try check(.maxNet, net, before: sum, more: value - before, &verdict)
        }
    }

    @inline(__always)
    func check(
        _ code: GateCode, _ share: Decimal, before: WideSum, more: WideSum, gate: Gate = .position,
        _ verdict: inout GateVerdict
    ) throws(GateError) {
        guard let limit = WideSum(nav, times: share, .down) else { throw GateError() }
        let observed = before + more
        if limit < observed {
            verdict.refuse(gate, code, scope, limit: limit, observed: observed, before: before)
        }
    }
}
