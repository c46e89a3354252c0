import Controls
import Decimals
import RiskBase

/// Gate 6: what an order sells that is not owned.
extension Gates {
    mutating func checkShort(_ subject: GateSubject, _ verdict: inout GateVerdict) {
        if subject.isBuy { return }
        guard let short = short(subject) else { return verdict.refuse(.short, .gateError) }
        if short.isZero { return }
        guard let limits = subject.limits, let instrument = subject.instrument, let fund = subject.fund else {
            return verdict.refuse(.short, .gateError)
        }
        if !limits.pointee.values.enablesShorting { return verdict.refuse(.short, .shortingDisabled) }
        if instrument.pointee.terms.needsBorrow {
            checkBorrow(instrument, limits.pointee.values.borrowFee, short, at: subject.now, &verdict)
            if verdict.isPassed, limits.pointee.values.requiresLocate { checkLocate(subject, short, &verdict) }
        }
        guard verdict.isPassed, let share = limits.pointee.values.short else { return }
        do throws(GateError) {
            guard let nav = fund.pointee.nav, let unit = subject.unit else {
                return verdict.refuse(.short, .navMissing)
            }
            let after = try After(subject.cell, subject, unit)
            let book = Judged(book: fund, scope: .fund, nav: nav, after: after, isBuy: false)
            let more = after.value.negated - (subject.cell?.short ?? .zero)
            try book.check(.maxShort, share, before: fund.pointee.shorts, more: more, gate: .short, &verdict)
        } catch {
            verdict.refuse(.short, .gateError)
        }
    }

    /// How much of a sale is not owned; nothing of a purchase. `nil` when it does not fit.
    func short(_ subject: GateSubject) -> Decimal? {
        if subject.isBuy { return .zero }
        guard
            let after = subject.held.subtractingExactly(subject.sells)?.subtractingExactly(
                subject.order.pointee.quantity)
        else { return nil }
        if !after.isNegative { return .zero }
        return after.magnitude < subject.order.pointee.quantity ? after.magnitude : subject.order.pointee.quantity
    }

    private func checkBorrow(
        _ instrument: GateInstrumentPointer, _ most: Decimal?, _ short: Decimal, at now: Int64,
        _ verdict: inout GateVerdict
    ) {
        guard let fee = instrument.pointee.fee else { return verdict.refuse(.short, .borrowFeeUnknown) }
        guard Self.isFresh(instrument.pointee.lentAt, at: now, age: options.borrowAge) else {
            return verdict.refuse(.short, .borrowFeeStale)
        }
        if let most, most < fee {
            return verdict.refuse(.short, .borrowFeeExceeded, .fund, limit: most, observed: fee, headroom: most)
        }
        guard let available = instrument.pointee.available else { return }
        let reserved = WideSum(instrument.pointee.reservedShorts)
        let asked = reserved + WideSum(short)
        if WideSum(available) < asked {
            verdict.refuse(
                .short, .notBorrowable, .fund, limit: WideSum(available), observed: asked, before: reserved)
        }
    }

    private mutating func checkLocate(_ subject: GateSubject, _ short: Decimal, _ verdict: inout GateVerdict) {
        while locates.expire(at: subject.now) != nil {}
        let order = subject.order
        guard let pool = locates.pool(order.pointee.fund, number: order.pointee.instrument &+ 1) else {
            return verdict.refuse(.short, .locateRequired)
        }
        var free = Decimal.zero
        var isThere = false
        if order.pointee.locate == 0 {
            var next = pool.pointee.first
            while let locate = next, !isThere {
                isThere = !locate.pointee.hasExpired
                next = locate.pointee.next
            }
            free = pool.pointee.free
        } else {
            guard let locate = locates.locate(Asset(id: order.pointee.locate), of: order.pointee.fund),
                locate.pointee.pool == pool
            else { return verdict.refuse(.short, .locateRequired) }
            isThere = !locate.pointee.hasExpired
            free = locate.pointee.free
        }
        if !isThere { return verdict.refuse(.short, .locateExpired) }
        if free < short {
            verdict.refuse(.short, .locateInsufficient, .fund, limit: free, observed: short, headroom: free)
        }
    }
}
