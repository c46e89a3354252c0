import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Service

struct GatesTests {
    @Test(arguments: [("199", GateCode.passed), ("200", .passed), ("201", .maxPosition)])
    func `a position limit that is just met passes`(quantity: String, code: GateCode) throws {
        var desk = try GatesDesk.make { $0.position = decimal("0.10") }
        let verdict = try desk.check(.buy, 0, quantity)
        #expect(verdict.code == code)
        if code != .passed {
            #expect(verdict.limit == "100000" && verdict.observed == "100500" && verdict.headroom == "100000")
            #expect(verdict.scope == .fund && verdict.gate == .position)
        }
    }

    @Test(arguments: [("19", GateCode.passed), ("20", .passed), ("21", .maxPosition)])
    func `what is held and what is ordered count together`(quantity: String, code: GateCode) throws {
        var desk = try GatesDesk.make { $0.position = decimal("0.10") }
        try desk.fill(.buy, 0, "150", "500")
        #expect(try desk.check(.buy, 0, "30").isPassed)
        #expect(try desk.check(.buy, 0, quantity).code == code)
        #expect(desk.gates.checkInvariants().words == nil)
    }

    @Test(arguments: [("100", "0", true), ("101", "0", false), ("40", "60", true), ("41", "60", false)])
    func `an order reduces what no other order closes`(quantity: String, working: String, isReducing: Bool) throws {
        var desk = try GatesDesk.make { $0.enablesShorting = false }
        try desk.fill(.buy, 0, "100", "500")
        if working != "0" { #expect(try desk.check(.sell, 0, working).isReducing) }
        let verdict = try desk.check(.sell, 0, quantity)
        #expect(verdict.isReducing == isReducing)
        #expect(verdict.code == (isReducing ? .passed : .shortingDisabled))
    }

    @Test func `what reduces passes whatever is wrong`() throws {
        var desk = try GatesDesk.make()
        try desk.fill(.buy, 0, "100", "500")
        _ = try desk.gates.halt(0, .manual, at: desk.now)
        desk.values.orderNotional = decimal("1")
        desk.values.position = decimal("0.0001")
        try desk.setLimits()
        desk.now += 1000 * GatesDesk.second
        #expect(try desk.check(.sell, 0, "60").isPassed)
        #expect(try desk.check(.sell, 0, "40").isPassed)
        #expect(try desk.check(.sell, 0, "1").code == .quoteStale)
    }

    @Test(arguments: [(59 as Int64, GateCode.passed), (60, .passed), (61, .quoteStale)])
    func `a quote of just its greatest age is fresh`(age: Int64, code: GateCode) throws {
        var desk = try GatesDesk.make()
        desk.now += age * GatesDesk.second
        #expect(try desk.check(.buy, 0, "1").code == code)
    }

    @Test(arguments: [(59 as Int64, GateCode.passed), (60, .passed), (61, .quoteStale)])
    func `a quote from the future is no better than one from the past`(ahead: Int64, code: GateCode) throws {
        var desk = try GatesDesk.make()
        try desk.gates.quote(0, last: decimal("500"), at: desk.now + ahead * GatesDesk.second)
        #expect(try desk.check(.buy, 0, "1").code == code)
    }

    @Test(arguments: [(299 as Int64, GateCode.passed), (300, .passed), (301, .navStale)])
    func `so is a net asset value`(age: Int64, code: GateCode) throws {
        var desk = try GatesDesk.make()
        desk.now += age * GatesDesk.second
        try desk.gates.quote(0, last: decimal("500"), at: desk.now)
        #expect(try desk.check(.buy, 0, "1").code == code)
    }

    @Test(arguments: [("1", GateCode.passed), ("0", .navNotPositive), ("-1", .navNotPositive)])
    func `without anything there is no share of it`(nav: String, code: GateCode) throws {
        var desk = try GatesDesk.make { $0.position = decimal("100000") }
        desk.values.gross = nil
        desk.values.net = nil
        desk.values.sector = nil
        desk.values.assetClass = nil
        desk.values.losses = [nil, nil, nil]
        try desk.setLimits()
        try desk.note(nav)
        #expect(try desk.check(.buy, 0, "1").code == code)
    }

    @Test func `a mark that is too old is found again when it is young`() throws {
        var desk = try GatesDesk.make()
        try desk.fill(.buy, 1, "10", "400")
        desk.now += 345_601 * GatesDesk.second
        try desk.gates.quote(0, last: decimal("500"), at: desk.now)
        try desk.note("1000000")
        #expect(try desk.check(.buy, 0, "1").code == .exposureUnavailable)
        var found: [UInt32] = []
        try desk.gates.forEachUnvalued(desk.fund, at: desk.now) { found.append($0) }
        #expect(found == [1])
        try desk.gates.quote(1, last: decimal("400"), at: desk.now)
        #expect(try desk.check(.buy, 0, "1").isPassed)
    }

    @Test func `a number that does not fit is an error of the gate`() throws {
        var desk = try GatesDesk.make { $0.orderNotional = .max }
        #expect(try desk.check(.buy, 0, "9000000000000000000000000000").code == .gateError)
        try desk.fill(.buy, 1, "70000000000000000000000000000", "400")
        #expect(try desk.check(.buy, 0, "1").code == .gateError)
        #expect(desk.gates.checkInvariants().words == nil)
    }

    // Strategies

    @Test func `a strategy has a book of its own`() throws {
        var desk = try GatesDesk.make { $0.position = decimal("0.10") }
        var own = desk.values
        own.ownPosition = decimal("0.05")
        try desk.setLimits(desk.momo, own)
        try desk.fill(.buy, 0, "120", "500")
        #expect(try desk.check(.buy, 0, "80", desk.momo).isPassed)
        #expect(try desk.check(.buy, 0, "1", desk.momo).scope == .fund)
        let verdict = try desk.check(.buy, 1, "126", desk.momo)
        #expect(verdict.code == .maxPosition && verdict.scope == .strategy && verdict.limit == "50000")
        #expect(try desk.check(.buy, 1, "126").isPassed)
    }

    // Keys

    @Test func `a key answers as long as its window lasts`() throws {
        var desk = try GatesDesk.make()
        let order = desk.order(.buy, 0, "1")
        #expect(try desk.check(order).number == 1)
        for (age, isReplay) in [(86_399, true), (86_400, false)] as [(Int64, Bool)] {
            desk.now = (1_000_000 + age) * GatesDesk.second
            try desk.gates.quote(0, last: decimal("500"), at: desk.now)
            try desk.note("1000000")
            var again = order
            again.id = GatesDesk.id(500)
            #expect(try desk.check(again).isReplay == isReplay)
        }
    }

    @Test func `a key that nobody was answered for is never over`() throws {
        var desk = try GatesDesk.make()
        let order = desk.order(.buy, 0, "1")
        let verdict = try desk.gates.check(order, at: desk.now)
        desk.now += 86_400 * GatesDesk.second
        #expect(try desk.gates.check(order, at: desk.now).isPending)
        try desk.gates.settle(verdict.handle, .answered)
        #expect(try desk.gates.check(order, at: desk.now).code == .orderIdReused)
    }

    @Test func `the id of an order that is open is known longer than its key`() throws {
        var desk = try GatesDesk.make()
        let order = desk.order(.buy, 0, "1")
        #expect(try desk.check(order).isPassed)
        desk.now += 86_400 * GatesDesk.second
        #expect(try desk.check(order).code == .orderIdReused)
        #expect(try desk.gates.close(order.id) == 1)
        try desk.gates.quote(0, last: decimal("500"), at: desk.now)
        try desk.note("1000000")
        #expect(try desk.check(order).isPassed)
    }

    @Test func `no key is forgotten for another one`() throws {
        var desk = try GatesDesk.make(keysMax: 2)
        let first = desk.order(.buy, 0, "1")
        #expect(try desk.check(first).isPassed)
        #expect(try desk.check(.buy, 0, "1").isPassed)
        #expect(try desk.check(.buy, 0, "1").code == .storeFull)
        #expect(try desk.check(first).isReplay)
        #expect(desk.gates.keyCount == 2 && desk.gates.checkInvariants().words == nil)
    }

    @Test func `every field that an order changes is named`() throws {
        var desk = try GatesDesk.make()
        var order = desk.order(.buy, 0, "1.0")
        order.type = .limit
        order.limitPrice = decimal("500")
        #expect(try desk.check(order).isPassed)
        order.quantity = decimal("1.00")
        order.limitPrice = decimal("500.0")
        #expect(try desk.check(order).isReplay)
        func changed(_ change: (inout GateOrder) -> Void) throws -> ChangedFields {
            var other = order
            change(&other)
            return try desk.gates.check(other, at: desk.now).changed
        }
        #expect(try changed { $0.said.symbol = 7 } == .symbol)
        #expect(try changed { $0.said.broker = 7 } == .broker)
        #expect(try changed { $0.said.strategy = 7 } == .strategy)
        #expect(try changed { $0.said.locate = 7 } == .locate)
        #expect(try changed { $0.side = .sell } == .side)
        #expect(try changed { $0.type = .stopLimit } == .type)
        #expect(try changed { $0.limitPrice = nil } == .limitPrice)
        #expect(try changed { $0.stopPrice = decimal("1") } == .stopPrice)
        #expect(try changed { $0.timeInForce = .fillOrKill } == .timeInForce)
        #expect(try changed { $0.purpose = 1 } == .purpose)
        #expect(try changed { $0.quantity = decimal("1.01") } == .quantity)
    }

    // Losses

    @Test(arguments: [("980000.01", false), ("980000", true), ("979999.99", true)])
    func `a loss that is just reached halts`(nav: String, isHalted: Bool) throws {
        var desk = try GatesDesk.make { $0.losses = [decimal("0.02"), decimal("0.05"), decimal("0.08")] }
        try desk.note(nav)
        let halt = desk.gates.takeHalt()
        #expect((halt != nil) == isHalted)
        #expect(try desk.check(.buy, 0, "1").code == (isHalted ? .haltedDailyLoss : .passed))
        if let halt { #expect(halt.base == "1000000" && halt.limit == "0.02" && halt.book == desk.fund) }
    }

    @Test func `a period begins with the last value of the one before`() throws {
        var desk = try GatesDesk.make { $0.losses = [decimal("0.02"), decimal("0.05"), decimal("0.08")] }
        try desk.note("990000", starts: [5, 0, 0])
        try desk.note("980000.01", starts: [7, 0, 0])
        #expect(desk.gates.takeHalt() == nil)
        try desk.gates.flow(desk.fund, decimal("-100000"), starts: [9, 0, 0])
        let value = try desk.gates.value(desk.fund)
        #expect(value.periods[0].base == "980000.01" && value.periods[0].flows == "-100000")
        #expect(value.periods[1].base == "1000000" && value.periods[1].flows == "-100000")
        try desk.note("880000.01", starts: [9, 0, 0])
        #expect(desk.gates.takeHalt() == nil)
        try desk.note("849999.99", starts: [9, 0, 0])
        #expect(desk.gates.takeHalt()?.severity == .dailyLoss && desk.gates.takeHalt()?.severity == .weeklyLoss)
    }

    @Test func `a tighter envelope halts with the next order and not before`() throws {
        var desk = try GatesDesk.make { $0.losses = [decimal("0.02"), nil, nil] }
        try desk.note("985000")
        desk.values.losses = [decimal("0.015"), nil, nil]
        try desk.setLimits()
        #expect(desk.gates.takeHalt() == nil)
        let order = desk.order(.buy, 0, "1")
        var codes: [GateCode] = []
        try desk.gates.explain(order, at: desk.now) { codes.append($0.code) }
        #expect(codes == [.passed, .passed, .passed, .haltedDailyLoss, .passed] && desk.gates.takeHalt() == nil)
        #expect(try desk.check(order).code == .haltedDailyLoss && desk.gates.takeHalt() != nil)
    }

    @Test func `what is worth nothing cannot begin anew`() throws {
        var desk = try GatesDesk.make()
        try desk.note("0")
        for rebases in [false, true] {
            #expect(
                failure { () throws(GateFailure) in
                    _ = try desk.gates.resume(desk.fund, nil, rebases: rebases, isTrial: false)
                } == .stillInBreach)
        }
    }

    @Test func `the halt that was raised first is named`() throws {
        var desk = try GatesDesk.make()
        _ = try desk.gates.halt(desk.own, .reconciliation, at: desk.now)
        _ = try desk.gates.halt(0, .manual, at: desk.now)
        var verdict = try desk.check(.buy, 0, "1")
        #expect(verdict.code == .haltedReconciliation && verdict.scope == .strategy && verdict.halt == 1)
        #expect(try desk.check(.buy, 0, "1", desk.momo).scope == .firm)
        #expect(try desk.gates.resume(desk.own, .reconciliation, rebases: false, isTrial: false) == 1 << 4)
        verdict = try desk.check(.buy, 0, "1")
        #expect(verdict.code == .haltedManual && verdict.halt == 2)
    }

    // Shorts

    @Test(arguments: [("39", GateCode.passed), ("40", .passed), ("41", .notBorrowable)])
    func `only so much can be borrowed`(quantity: String, code: GateCode) throws {
        var desk = try GatesDesk.make()
        try desk.gates.borrow(0, fee: decimal("0.01"), available: decimal("100"), at: desk.now)
        try desk.fill(.buy, 0, "50", "500")
        #expect(try desk.check(.sell, 0, "110").short == "60")
        let verdict = try desk.check(.sell, 0, quantity)
        #expect(verdict.code == code)
        if code != .passed { #expect(verdict.headroom == "40" && verdict.observed == "101") }
    }

    @Test func `a fill sells first what is owned`() throws {
        var desk = try GatesDesk.make { $0.requiresLocate = true }
        try desk.gates.borrow(0, fee: .zero, available: nil, at: desk.now)
        try desk.gates.addLocate(1, decimal("30"), fund: desk.fund, instrument: 0, until: .max)
        try desk.gates.addLocate(2, decimal("50"), fund: desk.fund, instrument: 0, until: desk.now + 1)
        try desk.fill(.buy, 0, "50", "500")
        #expect(try desk.check(.sell, 0, "110").short == "60")
        #expect(try desk.fill(.sell, 0, "50", "500", order: 1).shortLeft == "60")
        #expect(try desk.gates.locateLeft(2, of: desk.fund) == "50")
        #expect(try desk.fill(.sell, 0, "55", "500", order: 1).shortLeft == "5")
        #expect(try desk.gates.locateLeft(2, of: desk.fund) == "0" && desk.gates.locateLeft(1, of: desk.fund) == "25")
        #expect(try desk.gates.close(GatesDesk.id(1)) == 1)
        #expect(try desk.check(.sell, 0, "26").code == .locateInsufficient)
        #expect(try desk.check(.sell, 0, "25").isPassed && desk.gates.checkInvariants().words == nil)
    }

    // Stops

    @Test func `a stop follows its position`() throws {
        var desk = try GatesDesk.make()
        try desk.fill(.buy, 0, "10", "500")
        try desk.fill(.buy, 0, "10", "480")
        var last = try desk.stops().last.unwrapped
        #expect(last.quantity == "20" && last.entry == "490" && last.price == "441")
        try desk.fill(.sell, 0, "5", "600")
        last = try desk.stops().last.unwrapped
        #expect(last.quantity == "15" && last.price == "441" && last.key == 1)
        try desk.fill(.sell, 0, "25", "400")
        let stops = desk.stops()
        #expect(stops.map(\.state) == [.cancelled, .armed] && stops[1].isShort && stops[1].price == "440")
        try desk.fill(.buy, 0, "10", "400")
        #expect(desk.stops().map(\.state) == [.closed])
    }

    @Test func `an average is kept by what reduces`() throws {
        var desk = try GatesDesk.make()
        try desk.fill(.buy, 0, "1", "10")
        try desk.fill(.buy, 0, "2", "11")
        let average = try desk.gates.position(desk.own, 0).average.unwrapped
        for _ in 0..<2 {
            try desk.fill(.sell, 0, "1", "20")
            #expect(try desk.gates.position(desk.own, 0).average.unwrapped.compare(average) == 0)
        }
        try desk.fill(.sell, 0, "3", "20")
        #expect(try desk.gates.position(desk.own, 0).average.unwrapped == "20")
    }

    @Test func `a stop trails and never moves away`() throws {
        var desk = try GatesDesk.make { $0.trailsStops = true }
        try desk.fill(.buy, 0, "10", "500")
        for (last, price) in [("520", "468"), ("560", "504"), ("540", "504")] {
            try desk.gates.observe(1, decimal(last), confirmations: 1, at: desk.now)
            if let stop = desk.stops().last { #expect(stop.price == price && stop.state == .armed) }
        }
        try desk.gates.observe(1, decimal("504"), confirmations: 1, at: desk.now)
        #expect(desk.stops().map(\.state) == [.triggered])
    }

    @Test func `looks in a row have to agree`() throws {
        var desk = try GatesDesk.make()
        try desk.fill(.buy, 0, "10", "500")
        _ = desk.stops()
        try desk.gates.observe(1, decimal("440"), confirmations: 2, at: desk.now)
        try desk.gates.miss(1)
        try desk.gates.observe(1, decimal("440"), confirmations: 2, at: desk.now)
        try desk.gates.observe(1, decimal("460"), confirmations: 2, at: desk.now)
        try desk.gates.observe(1, decimal("440"), confirmations: 2, at: desk.now)
        #expect(desk.stops().isEmpty)
        try desk.gates.observe(1, decimal("440"), confirmations: 2, at: desk.now)
        #expect(desk.stops().map(\.state) == [.triggered])
    }

    @Test func `what is told of an earlier attempt is past`() throws {
        var desk = try GatesDesk.make()
        try desk.fill(.buy, 0, "10", "500")
        try desk.gates.observe(1, decimal("440"), confirmations: 1, at: desk.now)
        try desk.gates.happen(1, .refused, attempt: 1)
        try desk.gates.happen(1, .sent, attempt: 1)
        #expect(try desk.stops().last.unwrapped.state == .triggered)
        try desk.gates.happen(1, .sent, attempt: 2)
        try desk.gates.happen(1, .over, attempt: 1)
        #expect(try desk.stops().last.unwrapped.state == .sent)
        try desk.gates.happen(1, .over, attempt: 2)
        #expect(try desk.stops().last.unwrapped.state == .armed)
    }

    @Test func `an envelope re-arms only tighter`() throws {
        var desk = try GatesDesk.make()
        try desk.fill(.buy, 0, "10", "500")
        _ = desk.stops()
        for (share, price) in [("0.05", "475"), ("0.2", "475"), ("0.04", "480")] {
            desk.values.stop = decimal(share)
            try desk.setLimits()
            if let stop = desk.stops().last { #expect(stop.price == price) }
        }
    }

    @Test func `an instrument that becomes another kind counts there`() throws {
        var desk = try GatesDesk.make { $0.sector = decimal("0.10") }
        try desk.fill(.buy, 0, "150", "500")
        var terms = GateTerms()
        (terms.assetClass, terms.sector, terms.currency) = (3, 3, 1)
        terms.quoteAge = .max
        terms.multiplier = decimal("2")
        try desk.gates.register(0, terms)
        #expect(desk.gates.checkInvariants().words == nil)
        #expect(try desk.check(.buy, 1, "250").isPassed)
        #expect(try desk.check(.buy, 0, "1").observed == "151000")
        #expect(try desk.check(.buy, 1, "1").code == .maxSector)
    }

    @Test func `money in another currency counts at its rate`() throws {
        var desk = try GatesDesk.make { $0.position = decimal("0.10") }
        var terms = GateTerms()
        (terms.assetClass, terms.sector, terms.currency) = (1, 1, 2)
        terms.quoteAge = .max
        try desk.gates.register(0, terms)
        #expect(try desk.check(.buy, 0, "1").code == .fxRateMissing)
        try desk.gates.rate(2, into: 1, decimal("1.25"))
        #expect(try desk.check(.buy, 0, "160").isPassed)
        #expect(try desk.check(.buy, 0, "1").code == .maxPosition)
        try desk.gates.rate(2, into: 1, decimal("1"))
        #expect(try desk.check(.buy, 0, "40").isPassed && desk.gates.checkInvariants().words == nil)
    }
}
