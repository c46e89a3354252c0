import Decimals
import RiskBase

/// What there was before this began.
extension Gates {
    /// Whether a number is one that was given: those that follow it can be counted.
    static func isNumber(_ number: UInt64) -> Bool { number != 0 && number <= UInt64(Int64.max) }

    package mutating func loadHalt(
        _ number: UInt32, _ severity: HaltSeverity, number halt: UInt64
    ) throws(GateFailure) {
        let book = try knownBook(number)
        guard Self.isNumber(halt), book.pointee.halts[Int(severity.rawValue)] == 0 else { throw .invalid }
        book.pointee.halts[Int(severity.rawValue)] = halt
        if book.pointee.firstHalt == 0 || halt < book.pointee.firstHalt { book.pointee.firstHalt = halt }
        haltCount = max(haltCount, halt)
    }

    /// The value that was noted last, and the periods it was noted in.
    package mutating func loadValue(
        _ number: UInt32, _ nav: Decimal, at time: Int64, _ periods: [3 of GatePeriod]
    ) throws(GateFailure) {
        let book = try knownBook(number)
        book.pointee.nav = nav
        book.pointee.navAt = time
        book.pointee.periods = periods
    }

    /// The value noted last, when it was, and the periods.
    package func value(_ number: UInt32) throws(GateFailure) -> (nav: Decimal?, at: Int64, periods: [3 of GatePeriod]) {
        let book = try knownBook(number)
        return (book.pointee.nav, book.pointee.navAt, book.pointee.periods)
    }

    /// How much of its limits a fund uses: exposure over the net asset value, gross and net, each over its limit.
    package func exposure(_ number: UInt32) throws(GateFailure) -> (gross: Decimal?, net: Decimal?) {
        let book = try knownBook(number)
        let net = WideSum.larger(book.pointee.up.magnitude, book.pointee.down.magnitude)
        return (book.pointee.gross.decimal, net.decimal)
    }

    /// What does not hold together, or `nil`. Every sum is what its cells add up to.
    package func checkInvariants() -> StaticString? {
        if let broken = cells.checkInvariants() ?? keys.checkInvariants() ?? orders.checkInvariants() { return broken }
        if let broken = stops.checkInvariants() ?? locates.checkInvariants() { return broken }
        if let broken = executions.checkInvariants() { return broken }
        var broken: StaticString?
        books.forEach { book in
            var sums = (WideSum.zero, WideSum.zero, WideSum.zero, WideSum.zero)
            var unvalued = 0
            var next = book.pointee.firstCell
            while let cell = next {
                sums = (
                    sums.0 + cell.gross, sums.1 + cell.pointee.up, sums.2 + cell.pointee.down,
                    sums.3 + cell.short
                )
                if cell.pointee.isUnvalued { unvalued += 1 }
                if cell.pointee.buys.isNegative || cell.pointee.sells.isNegative {
                    broken = "less than nothing is open"
                }
                next = cell.pointee.nextOfBook
            }
            if !(sums.0 == book.pointee.gross && sums.1 == book.pointee.up && sums.2 == book.pointee.down) {
                broken = "a book is not the sum of its cells"
            }
            if book.pointee.scope.rawValue == GateScope.fund.rawValue, !(sums.3 == book.pointee.shorts) {
                broken = "what is short is not the sum of its cells"
            }
            if unvalued != book.pointee.unvalued { broken = "what cannot be valued is miscounted" }
        }
        return broken
    }
}
