import Decimals
import RiskBase

/// Client order ids, each of which an account uses once.
extension Controls {
    mutating func clientOrderId(_ row: RowPointer, _ subject: SubjectPointer, for purpose: Purpose) -> Finding {
        if subject.pointee.order.pointee.clientOrderId == nil { return .missingField }
        let key = usedId(row, subject)
        if let used = counts.ids.find(key, at: subject.pointee.now) {
            // Another row of the same measure has just taken it down.
            return .rule(purpose == .order && used.pointee.call == counts.call)
        }
        if ledger.namesake(of: subject) != nil { return .rule(false) }
        if purpose == .order { useId(key, row, subject) }
        return .kept
    }

    /// Where the id of an order is among those that were used.
    mutating func usedId(_ row: RowPointer, _ subject: SubjectPointer) -> UInt64 {
        _ = number(of: row.tally)
        return UsedIds.key(UsedIds.place(row.tally, subject.pointee.party.slot), subject.pointee.idHash)
    }

    /// Whether some limit judges the id of the order.
    mutating func judgesId(of subject: SubjectPointer) -> Bool {
        guard counts.uses.contains(.ids),
            findCounts(
                .ids, subject.pointee.values, subject.pointee.keys, subject.pointee.instrument, at: subject.pointee.now,
                isReal: false)
        else { return false }
        for place in counts.found.contents
        where place.row.pointee.limit.pointee.limit.only.admits(subject, phase(of: subject)) { return true }
        return false
    }

    /// Takes the id of an order down as used, if it has one that is not.
    mutating func useId(_ row: RowPointer, _ subject: SubjectPointer) {
        guard subject.pointee.order.pointee.clientOrderId != nil else { return }
        let key = usedId(row, subject)
        if counts.ids.find(key, at: subject.pointee.now) == nil { useId(key, row, subject) }
    }

    private mutating func useId(_ key: UInt64, _ row: RowPointer, _ subject: SubjectPointer) {
        let limit = row.pointee.limit
        let used = UsedId(
            key, UsedIds.place(row.tally, subject.pointee.party.slot), at: subject.pointee.now,
            for: limit.pointee.limit.window, call: counts.call,
            fingerprint: limit.pointee.limit.own.onRepeat == .answer ? subject.pointee.order.pointee.fingerprint : 0)
        if !counts.ids.add(used, keeping: limit.pointee.limit.own.capacity) { refuseUncounted() }
    }
}

// MARK: - Answers

extension Controls {
    /// Whether the order that came through the gate was answered before: nothing is done, and the answer is the same.
    package var isRepeated: Bool { mutating get { counts.repeated != nil } }

    /// What that order was answered, when it was refused.
    package var repeatedAnswer: UnsafeMutableRawPointer? { mutating get { counts.repeated?.pointee.answer } }

    /// The id of the order, when the same order was answered before and is to be answered so again.
    mutating func answeredId(of subject: SubjectPointer) -> UnsafeMutablePointer<UsedId>? {
        guard counts.uses.contains(.answers), subject.pointee.order.pointee.clientOrderId != nil,
            findCounts(
                .answers, subject.pointee.values, subject.pointee.keys, subject.pointee.instrument,
                at: subject.pointee.now, isReal: false)
        else { return nil }
        let fingerprint = subject.pointee.order.pointee.fingerprint
        for index in 0..<counts.found.count {
            let row = counts.found[index].row
            guard row.pointee.limit.pointee.limit.only.admits(subject, phase(of: subject)),
                let used = counts.ids.find(usedId(row, subject), at: subject.pointee.now), used.pointee.isAnswered,
                used.pointee.fingerprint == fingerprint
            else { continue }
            return used
        }
        return nil
    }

    /// Keeps what the order that was judged is answered, in memory that `make` makes, where its id is to have the same answer again.
    package mutating func keepAnswer(_ make: () -> UnsafeMutableRawPointer?) {
        guard let subject, counts.uses.contains(.answers), subject.pointee.order.pointee.clientOrderId != nil,
            findCounts(
                .answers, subject.pointee.values, subject.pointee.keys, subject.pointee.instrument,
                at: subject.pointee.now)
        else { return }
        let fingerprint = subject.pointee.order.pointee.fingerprint
        for index in 0..<counts.found.count {
            // One that others have used is theirs.
            guard let used = counts.ids.find(usedId(counts.found[index].row, subject), at: subject.pointee.now),
                !used.pointee.isAnswered, used.pointee.fingerprint == fingerprint,
                used.pointee.call == counts.call || counts.isResumed
            else { continue }
            used.pointee.answer = make()
        }
    }
}

extension UsedIds {
    /// Frees the id of an order that never was.
    mutating func free(_ key: UInt64, of order: UInt64) {
        if isUsed(key, by: order) { remove(key) }
    }
}

extension Order {
    /// A number that two orders have in common when they say the same in all fields.
    fileprivate var fingerprint: UInt64 {
        var digest = Digest(UInt64(fields.rawValue))
        digest.take(account?.value ?? 0)
        digest.take(UInt64(instrument?.underlying.id ?? 0) << 32 | UInt64(instrument?.settlement.id ?? 0))
        digest.take(amount)
        digest.take(price)
        digest.take(displayQuantity)
        digest.take(stopPrice)
        digest.take(decisionPrice)
        digest.take(UInt64(bitPattern: expireAt ?? 0))
        digest.take(UInt64(side?.rawValue ?? 0) << 8 | UInt64(positionSide?.rawValue ?? 0))
        digest.take(UInt64(orderType?.rawValue ?? 0) << 8 | UInt64(timeInForce?.rawValue ?? 0))
        digest.take(UInt64(leverage?.tenths ?? 0) << 32 | UInt64(collateral.id))
        digest.take(UInt64(strategy.id) << 32 | UInt64(trader.id))
        digest.take(UInt64(venue.id) << 32 | UInt64(session.id))
        digest.take(UInt64(clearingAccount.id) << 32 | UInt64(decisionMaker.id))
        digest.take(replaces)
        return digest.value
    }
}
