import Decimals
import RiskBase

/// Messages in a window or a period, or by the tokens they take, and messages a trade.
extension Controls {
    mutating func messageRate(
        _ row: RowPointer, _ node: NodePointer, _ kind: ParameterKinds, at now: Int64, isReal: Bool
    ) -> Finding {
        let limit = row.pointee.limit
        guard limit.pointee.limit.own.kinds.contains(kind) else { return .skipped(.filtered) }
        let reserve = kind == .cancel ? 0 : limit.pointee.limit.own.cancelReserve
        if limit.pointee.limit.isOfTokens { return tokens(row, reserve, at: now, isReal: isReal) }
        guard var before = counted(row, node, at: now) else { return .lacking(.referenceDataUnavailable) }
        let tally = row.tally
        let isFirst = tally.pointee.call != counts.call || !isReal
        // Another row of this measure may have counted it.
        if !isFirst && tally.pointee.isCharged { before -= 1 }
        var finding = Finding.value(Decimal(UInt64(before) + 1))
        finding.grows(from: Decimal(UInt64(before)), by: .one)
        if reserve > 0 { finding.upper = limit.pointee.limit.upper?.subtracting(Decimal(reserve)) }
        let isRefused = finding.isRefused(by: limit)
        if isRefused && limit.pointee.limit.window != 0 { finding.retryAfter = wait(row, finding, before, at: now) }
        if isReal {
            charge(row, isFirst, unless: isRefused && limit.pointee.limit.own.countsMessages == .passed, at: now)
        }
        return finding
    }

    /// Counts the message once, whatever the number of rows, and not at all when one of them does not let it pass and wants to count
    /// only what it does.
    private mutating func charge(_ row: RowPointer, _ isFirst: Bool, unless isSpared: Bool, at now: Int64) {
        let tally = row.tally
        if isSpared {
            if !isFirst && tally.pointee.isCharged { row.uncount() }
            (tally.pointee.call, tally.pointee.isCharged) = (counts.call, false)
        } else if isFirst {
            guard row.reserveCount() else { return refuseUncounted() }
            row.count(at: now)
            (tally.pointee.call, tally.pointee.isCharged) = (counts.call, true)
        }
    }

    /// When the next one would pass: once there is room for it beside those that came, of which `before` were there before this one.
    private mutating func wait(_ row: RowPointer, _ finding: Finding, _ before: Int, at now: Int64) -> UInt64? {
        let limit = row.pointee.limit
        guard let most = finding.upper(of: limit)?.wholeCount, most > 0 else { return nil }
        // With this one counted, the oldest that has to go is one further on.
        let index = before - most + (limit.pointee.limit.own.countsMessages == .all ? 1 : 0)
        let time = index < before ? row.tally.pointee.times.time(at: Swift.max(index, 0)) : now
        return UInt64(clamping: time.addingClamped(limit.pointee.limit.window) &- now)
    }

    private mutating func tokens(_ row: RowPointer, _ reserve: UInt64, at now: Int64, isReal: Bool) -> Finding {
        let limit = row.pointee.limit
        row.pointee.bucket.refill(at: now)
        guard let parts = row.pointee.bucket.debtWithOne, let used = Decimal(parts: row.pointee.bucket.debt),
            let value = Decimal(parts: parts), let unit = Decimal(parts: row.pointee.bucket.unit), unit.isPositive
        else { return .overflow }
        var finding = Finding.ratio(value, to: unit)
        finding.grows(from: used, by: unit)
        finding.upper = limit.pointee.limit.bucketSize?.subtracting(Decimal(reserve))
        if finding.isRefused(by: limit) {
            finding.retryAfter = row.pointee.bucket.wait(for: reserve, of: limit.pointee.limit.bucket)
        } else if isReal {
            row.pointee.bucket.takeOne()
        }
        return finding
    }

    mutating func standingTokens(_ row: RowPointer, at now: Int64) -> Finding {
        row.pointee.bucket.refill(at: now)
        guard let used = Decimal(parts: row.pointee.bucket.debt), let unit = Decimal(parts: row.pointee.bucket.unit),
            unit.isPositive
        else { return .overflow }
        var finding = Finding.ratio(used, to: unit)
        finding.upper = row.pointee.limit.pointee.limit.bucketSize
        return finding
    }

    /// A row in whose place another one stands takes its token all the same: it is to know of it when its turn comes.
    mutating func countShadowed(_ row: RowPointer, _ subject: SubjectPointer) {
        let limit = row.pointee.limit
        guard limit.pointee.limit.isOfTokens, limit.pointee.limit.only.admits(subject, phase(of: subject)) else {
            return
        }
        let kind = subject.pointee.messageKind
        guard limit.pointee.limit.own.kinds.contains(kind) else { return }
        _ = tokens(row, limit.pointee.limit.own.cancelReserve, at: subject.pointee.now, isReal: true)
    }

    // MARK: - Messages a trade

    mutating func orderToTrade(
        _ row: RowPointer, _ node: NodePointer, _ kind: ParameterKinds, isReducing: Bool, at now: Int64, isReal: Bool
    ) -> Finding {
        let limit = row.pointee.limit
        let tally = row.tally
        guard roll(tally, limit.pointee.limit.period, node, at: now) else { return .lacking(.referenceDataUnavailable) }
        var (messages, divisor) = (tally.pointee.count, tally.pointee.divisor)
        if !(isReal && tally.pointee.call == counts.call) {
            if limit.pointee.limit.own.kinds.contains(kind), messages < .max { messages += 1 }
            if limit.pointee.limit.own.per == .new, kind == .new, divisor < .max { divisor += 1 }
        }
        if isReal {
            (tally.pointee.count, tally.pointee.divisor) = (messages, divisor)
            tally.pointee.call = counts.call
        }
        let isCondition = !limit.pointee.limit.own.kinds.contains(.new)
        if isCondition ? isReducing : !limit.pointee.limit.own.kinds.contains(kind) {
            return .skipped(isCondition ? .reducing : .filtered)
        }
        if messages < limit.pointee.limit.own.minCount { return .skipped(.tooFew) }
        return .ratio(Decimal(messages), to: Decimal(Swift.max(1, divisor)))
    }

    mutating func standingRatio(_ row: RowPointer, _ node: NodePointer, at now: Int64) -> Finding {
        guard roll(row.tally, row.pointee.limit.pointee.limit.period, node, at: now) else {
            return .lacking(.referenceDataUnavailable)
        }
        return .ratio(Decimal(row.tally.pointee.count), to: Decimal(Swift.max(1, row.tally.pointee.divisor)))
    }
}

extension Finding {
    /// Whether the limit does not let it pass.
    fileprivate func isRefused(by limit: LimitPointer) -> Bool {
        if limit.pointee.limit.isUnlimited || limit.pointee.limit.action == .notify { return false }
        do { return try breach(of: limit) != nil } catch { return true }
    }
}
