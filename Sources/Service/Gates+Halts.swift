import Decimals
import RiskBase

/// Gate 5: halts, and the losses that raise them.
extension Gates {
    mutating func checkDrawdown(_ subject: GateSubject, _ purpose: GatePurpose, _ verdict: inout GateVerdict) {
        guard let fund = subject.fund, let strategy = subject.strategy else {
            return verdict.refuse(.drawdown, .gateError)
        }
        refuseHalted(fund, strategy, &verdict)
        if !verdict.isPassed { return }
        do throws(GateError) {
            try look(fund, purpose, at: subject.now, &verdict)
            if verdict.isPassed { try look(strategy, purpose, at: subject.now, &verdict) }
        } catch {
            verdict.refuse(.drawdown, .gateError)
        }
    }

    /// The halt that was raised first decides.
    private func refuseHalted(_ fund: BookPointer, _ strategy: BookPointer, _ verdict: inout GateVerdict) {
        var found: BookPointer?
        for place in 0..<3 {
            let book = place == 0 ? firm : place == 1 ? fund : strategy
            if book.pointee.firstHalt == 0 { continue }
            if found.map({ book.pointee.firstHalt < $0.pointee.firstHalt }) ?? true { found = book }
        }
        guard let found else { return }
        for place in 0..<HaltSeverity.count where found.pointee.halts[place] == found.pointee.firstHalt {
            verdict.refuse(.drawdown, HaltSeverity(place: place).code)
        }
        verdict.scope = found.pointee.scope
        verdict.halt = found.pointee.firstHalt
    }

    /// Whether there is a loss that nobody has noticed: of an order, one that a tighter envelope makes a breach.
    private mutating func look(
        _ book: BookPointer, _ purpose: GatePurpose, at now: Int64, _ verdict: inout GateVerdict
    ) throws(GateError) {
        if book.pointee.nav == nil { return }
        for place in 0..<HaltSeverity.lossCount {
            guard try isInBreach(book, HaltSeverity(place: place)), verdict.isPassed else { continue }
            verdict.refuse(.drawdown, HaltSeverity(place: place).code)
            verdict.scope = book.pointee.scope
        }
        if verdict.isPassed || purpose == .explanation { return }
        try raiseLosses(book, at: now)
        verdict.halt = book.pointee.firstHalt
    }

    // MARK: - Losses

    private func lossShare(_ book: BookPointer, _ severity: HaltSeverity) -> Decimal? {
        guard let limits = limits(book) else { return nil }
        return limits.pointee.values.losses[Int(severity.rawValue)]
    }

    /// Whether the net asset value, without what came in or went out, is as far below the base as the limit says, or is nothing.
    func isInBreach(_ book: BookPointer, _ severity: HaltSeverity) throws(GateError) -> Bool {
        guard let nav = book.pointee.nav, let share = lossShare(book, severity) else { return false }
        if !nav.isPositive { return true }
        let period = book.pointee.periods[Int(severity.rawValue)]
        if !period.base.isPositive { return false }
        guard let most = WideSum(period.base, times: share, .up) else { throw GateError() }
        return !(WideSum(period.base) + WideSum(period.flows) - WideSum(nav) < most)
    }

    /// Lets every loss halt that is in breach and does not halt yet. There is room to tell.
    mutating func raiseLosses(_ book: BookPointer, at now: Int64) throws(GateError) {
        for place in 0..<HaltSeverity.lossCount {
            let severity = HaltSeverity(place: place)
            if try isInBreach(book, severity) { raise(book, severity, at: now) }
        }
    }

    private mutating func raise(_ book: BookPointer, _ severity: HaltSeverity, at now: Int64) {
        let place = Int(severity.rawValue)
        if book.pointee.halts[place] != 0 { return }
        haltCount += 1
        book.pointee.halts[place] = haltCount
        if book.pointee.firstHalt == 0 { book.pointee.firstHalt = haltCount }
        var halt = RaisedHalt()
        halt.number = haltCount
        halt.book = book.pointee.number
        halt.severity = severity
        halt.time = now
        if place < HaltSeverity.lossCount, let nav = book.pointee.nav {
            let period = book.pointee.periods[place]
            halt.base = period.base
            halt.nav = nav
            halt.limit = lossShare(book, severity) ?? .zero
            halt.share = Self.share(nav, period)
        }
        raisedHalts.append(halt)
    }

    /// What was gained since the period began, as a share of its base: for display.
    private static func share(_ nav: Decimal, _ period: GatePeriod) -> Decimal {
        let all = Decimal(-1 as Int64)
        if !nav.isPositive || !period.base.isPositive { return all }
        let gain = (WideSum(nav) - WideSum(period.flows) - WideSum(period.base)).decimal
        return gain?.divided(by: period.base)?.shortest ?? all
    }

    // MARK: - Values

    /// Notes what a fund or a strategy is worth, and halts what has lost too much. `starts`: when the periods of that moment began.
    package mutating func note(
        _ number: UInt32, _ nav: Decimal, at now: Int64, starts: [3 of Int64]
    ) throws(GateFailure) {
        let book = try knownBook(number)
        if book.pointee.scope.rawValue == GateScope.firm.rawValue { throw .invalid }
        guard raisedHalts.reserve(HaltSeverity.lossCount) else { throw .noMemory }
        let before = book.pointee
        begin(book, starts, first: nav)
        book.pointee.nav = nav
        book.pointee.navAt = now
        do throws(GateError) {
            // All of them are computed before any comes into force.
            for place in 0..<HaltSeverity.lossCount { _ = try isInBreach(book, HaltSeverity(place: place)) }
            try raiseLosses(book, at: now)
        } catch {
            book.pointee = before
            throw .overflow
        }
    }

    /// Begins the periods that have begun since: their base is the last value there was.
    private func begin(_ book: BookPointer, _ starts: [3 of Int64], first: Decimal) {
        for index in 0..<3 where book.pointee.periods[index].start < starts[index] {
            let base = book.pointee.nav ?? first
            book.pointee.periods[index] = GatePeriod(start: starts[index], base: base, flows: .zero)
        }
    }

    /// Money that came in or, below zero, went out. Before the first value is known it is part of that.
    package mutating func flow(_ number: UInt32, _ amount: Decimal, starts: [3 of Int64]) throws(GateFailure) {
        let book = try knownBook(number)
        guard let nav = book.pointee.nav else { return }
        let before = book.pointee
        begin(book, starts, first: nav)
        for index in 0..<3 {
            guard let flows = book.pointee.periods[index].flows.addingExactly(amount) else {
                book.pointee = before
                throw .overflow
            }
            book.pointee.periods[index].flows = flows
        }
    }

    // MARK: - Commands

    /// Halts a fund, a strategy or, by number 0, everybody. 0: that halt stands already.
    package mutating func halt(_ number: UInt32, _ severity: HaltSeverity, at now: Int64) throws(GateFailure) -> UInt64
    {
        let book = try knownBook(number)
        guard raisedHalts.reserveOne() else { throw .noMemory }
        let count = haltCount
        raise(book, severity, at: now)
        return haltCount == count ? 0 : haltCount
    }

    /// Lifts halts of one severity, or of all. With `rebases`, losses that still stand count from the present value on; without it they
    /// stay. With `isTrial` nothing is lifted, and only told what would be: a bit for each severity.
    package mutating func resume(
        _ number: UInt32, _ severity: HaltSeverity?, rebases: Bool, isTrial: Bool
    ) throws(GateFailure) -> UInt8 {
        let book = try knownBook(number)
        var (lifted, breached) = (UInt8(0), UInt8(0))
        for place in 0..<HaltSeverity.count {
            let kind = HaltSeverity(place: place)
            if book.pointee.halts[place] == 0 || severity.map({ $0.rawValue != kind.rawValue }) ?? false { continue }
            lifted |= 1 << kind.rawValue
            if place < HaltSeverity.lossCount, try stillStands(book, kind) { breached |= 1 << kind.rawValue }
        }
        if lifted == 0 { throw .notHalted }
        // What is worth nothing has no base to begin from.
        if breached != 0, !rebases || !(book.pointee.nav?.isPositive ?? false) { throw .stillInBreach }
        if isTrial { return lifted }
        for place in 0..<HaltSeverity.count where lifted & 1 << UInt8(place) != 0 {
            book.pointee.halts[place] = 0
            if breached & 1 << UInt8(place) != 0, let nav = book.pointee.nav {
                book.pointee.periods[place].base = nav
                book.pointee.periods[place].flows = .zero
            }
        }
        book.pointee.firstHalt = 0
        for place in 0..<HaltSeverity.count where book.pointee.halts[place] != 0 {
            let halt = book.pointee.halts[place]
            if book.pointee.firstHalt == 0 || halt < book.pointee.firstHalt { book.pointee.firstHalt = halt }
        }
        return lifted
    }

    private func stillStands(_ book: BookPointer, _ severity: HaltSeverity) throws(GateFailure) -> Bool {
        do throws(GateError) {
            return try isInBreach(book, severity)
        } catch {
            throw .overflow
        }
    }

    /// Takes halts that have not been told.
    package mutating func takeHalt() -> RaisedHalt? {
        guard raisedHalts.count > 0 else { return nil }
        let halt = raisedHalts[0]
        raisedHalts.removeFirst()
        return halt
    }
}

extension Buffer {
    fileprivate mutating func reserveOne() -> Bool { reserve(1) }
}
