import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Controls

struct ClientOrderIdTests {
    private static let hour: UInt64 = 3_600_000_000_000

    private func ids(_ desk: Desk, _ change: (inout Limit) -> Void = { _ in }) throws {
        try desk.limit(.clientOrderId, "ids") {
            $0.window = Self.hour
            change(&$0)
        }
    }

    private let repeated = ["ids duplicateClientOrderId - -"]

    @Test func `refuses an id that the account has used, whatever became of its order`() throws {
        let desk = try Desk()
        try ids(desk)
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        #expect(desk.send(Desk.Ask()) == ["ids missingRequiredField - -"])
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send { $0.id = "a" } == repeated)
        #expect(desk.send { ($0.id, $0.account) = ("a", 8) } == [])
        #expect(desk.send { ($0.id, $0.quantity) = ("b", "11") } == ["size orderQtyExceedsLimit 11 10"])
        #expect(desk.send { $0.id = "b" } == repeated)
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        #expect(desk.send { $0.id = "a" } == repeated)
    }

    @Test func `forgets an id after its window, and a refused repeat prolongs nothing`() throws {
        let desk = try Desk()
        try ids(desk)
        #expect(desk.send { $0.id = "a" } == [])
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        desk.now += Int64(Self.hour) - 1
        #expect(desk.send { $0.id = "a" } == repeated)
        desk.now += 1
        #expect(desk.send { $0.id = "a" } == [])
    }

    @Test func `frees the id of an order that is rolled back, and uses none for a question`() throws {
        let desk = try Desk()
        try ids(desk)
        var ask = Desk.Ask()
        ask.id = "a"
        #expect(desk.send(ask, for: .dryRun) == [])
        #expect(desk.send(ask) == [])
        desk.rollBack(desk.lastHandle)
        #expect(desk.send(ask) == [])
        #expect(desk.send(ask) == repeated)
    }

    @Test func `forgets the oldest ids of a crowd, but never one that works`() throws {
        let desk = try Desk()
        try ids(desk) { $0.own.capacity = 2 }
        for id in ["a", "w", "c", "d"] {
            #expect(desk.send { $0.id = id } == [])
            if id != "w" { desk.report { ($0.id, $0.event) = (id, .cancelled) } }
        }
        #expect(desk.send { $0.id = "d" } == repeated)
        #expect(desk.send { $0.id = "w" } == repeated)
        #expect(desk.send { $0.id = "a" } == [])
    }

    @Test func `leaves working ids to the form of orders where it does not look`() throws {
        let desk = try Desk()
        try ids(desk) {
            $0.scope.keys = .account
            $0.scope.values[.account] = 8
        }
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send { $0.id = "a" } == ["order_form duplicateClientOrderId - -"])
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        #expect(desk.send { $0.id = "a" } == [])
    }

    @Test func `agrees with a slow model in random histories`() throws {
        let seed: UInt64 = 7
        var random = SplitMix64(seed: seed)
        for round in 0..<20 {
            let desk = try Desk()
            let (window, capacity) = (Int64(random.next(below: 40) + 1), Int(random.next(below: 4) + 1))
            try ids(desk) { ($0.window, $0.own.capacity) = (UInt64(window), UInt64(capacity)) }
            var used: [(id: String, time: Int64)] = []
            var working: Set<String> = []
            for step in 0..<200 {
                desk.now += Int64(random.next(below: 8))
                let id = "\(random.next(below: 6))"
                if random.once(in: 3), working.contains(id) {
                    desk.report { ($0.id, $0.event) = (id, .cancelled) }
                    working.remove(id)
                    continue
                }
                used.removeAll { desk.now - $0.time >= window }
                let isNew = !working.contains(id) && !used.contains { $0.id == id }
                #expect(desk.send { $0.id = id }.isEmpty == isNew, "seed \(seed), round \(round), step \(step)")
                guard isNew else { continue }
                used.append((id, desk.now))
                working.insert(id)
                if used.count > capacity { used.removeFirst() }
            }
        }
    }
}

struct DuplicateOrderTests {
    private func twin(_ desk: Desk, _ change: (inout Limit) -> Void = { _ in }) throws {
        try desk.limit(.duplicateOrders, "twin") {
            $0.window = 10 * second
            change(&$0)
        }
    }

    private let refused = ["twin rateLimitExceeded 2 1"]

    @Test func `refuses the same order within the window, and not at its end`() throws {
        let desk = try Desk()
        try twin(desk)
        #expect(desk.sendAgain(at: [0, 9_999, 10_000]) == [[], refused, []])
    }

    @Test func `takes another price, quantity, side, account or instrument for another order`() throws {
        let desk = try Desk()
        try twin(desk)
        let changes: [(inout Desk.Ask) -> Void] = [
            { _ in }, { $0.price = "100.01" }, { $0.quantity = "1.5" }, { $0.side = .sell }, { $0.account = 8 },
            { $0.instrument = "MSFT/USD" }, { $0.price = nil },
        ]
        for change in changes { #expect(desk.send(change) == []) }
        for change in changes { #expect(desk.send(change) == refused) }
        #expect(desk.send { $0.quantity = "1.50" } == refused)
        #expect(desk.send { $0.change = { $0.strategy = asset("s9") } } == refused)
    }

    @Test func `compares the fields it is told to, and lets as many through as it is told to`() throws {
        let desk = try Desk()
        try twin(desk) { ($0.own.fields, $0.upper) = ([.account, .strategy], decimal("2")) }
        for price in ["100", "99"] {
            #expect(
                desk.send {
                    $0.price = price; $0.change = { $0.strategy = asset("s1") }
                } == [])
        }
        #expect(desk.send { $0.change = { $0.strategy = asset("s1") } } == ["twin rateLimitExceeded 3 2"])
        #expect(desk.send { $0.change = { $0.strategy = asset("s2") } } == [])
    }

    @Test func `counts what was accepted, and neither replaces nor what was rolled back`() throws {
        let desk = try Desk()
        try twin(desk)
        try desk.limit(.workingOrders, "open") { $0.upper = decimal("1") }
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send { $0.price = "99" } == ["open riskLimitExceeded 2 1"])
        desk.rollBack(desk.lastHandle)
        #expect(desk.send { ($0.id, $0.price) = ("b", "99") } == [])
        #expect(desk.send { ($0.id, $0.replaces, $0.price) = ("c", "b", "99") } == [])
        desk.report { ($0.id, $0.event) = ("c", .replaced) }
        desk.report { ($0.id, $0.event) = ("c", .cancelled) }
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `agrees with a slow model in random histories`() throws {
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        for round in 0..<20 {
            let desk = try Desk()
            let (window, upper) = (Int64(random.next(below: 40) + 1), Int(random.next(below: 3) + 1))
            try twin(desk) { ($0.window, $0.upper) = (UInt64(window), Decimal(UInt64(upper))) }
            var sent: [(price: String, time: Int64)] = []
            for step in 0..<200 {
                desk.now += Int64(random.next(below: 6))
                let price = "\(random.next(below: 4) + 1)"
                let alike = sent.filter { $0.price == price && desk.now - $0.time < window }.count
                let passes = desk.send { $0.price = price }.isEmpty
                #expect(passes == (alike + 1 <= upper), "seed \(seed), round \(round), step \(step)")
                guard passes else { continue }
                if random.once(in: 4) { desk.rollBack(desk.lastHandle) } else { sent.append((price, desk.now)) }
            }
        }
    }
}

struct RepeatedExecutionTests {
    private func again(_ desk: Desk, _ upper: String, _ change: (inout Limit) -> Void = { _ in }) throws {
        try desk.limit(.repeatedExecutions, "again") {
            ($0.upper, $0.action) = (decimal(upper), .halt)
            ($0.scope.keys, $0.scope.each) = (.strategy, .strategy)
            change(&$0)
        }
    }

    private func scope(_ strategy: String) -> Scope {
        var scope = Scope()
        scope.keys = .strategy
        scope.values[.strategy] = asset(strategy).id
        return scope
    }

    private func send(_ desk: Desk, _ strategy: String, _ id: String? = nil, _ quantity: String = "1") -> [String] {
        desk.send {
            ($0.id, $0.quantity) = (id, quantity)
            $0.change = { $0.strategy = asset(strategy) }
        }
    }

    @Test func `halts a strategy after so many orders, until somebody releases it`() throws {
        let desk = try Desk()
        try again(desk, "3")
        for _ in 0..<2 {
            for _ in 0..<3 { #expect(send(desk, "s1") == []) }
            #expect(send(desk, "s1") == ["again rateLimitExceeded 4 3"])
            #expect(desk.controls.pointee.state(of: scope("s1")) == .halted)
            #expect(send(desk, "s1") == ["again accountNotAuthorized - -"])
            let released = desk.controls.pointee.release(scope("s1"), role: .none, limit: .none, at: desk.now) { _ in }
            #expect(released.now == .active)
        }
        #expect(send(desk, "s2") == [])
    }

    @Test func `latches with the fill that is one too many`() throws {
        let desk = try Desk()
        try again(desk, "3") { $0.own.countsExecutions = .fills }
        #expect(send(desk, "s1", "a", "10") == [])
        #expect(send(desk, "s1", "b") == [])
        for number in 1...4 {
            #expect(desk.controls.pointee.state(of: scope("s1")) == .active)
            desk.report { ($0.id, $0.trade, $0.execution) = ("a", ("100", "1"), "e\(number)") }
            desk.report { ($0.id, $0.trade, $0.execution) = ("a", ("100", "1"), "e\(number)") }
        }
        #expect(desk.controls.pointee.state(of: scope("s1")) == .halted)
        #expect(desk.intents() == ["cancel a 6", "cancel b 1"])
    }

    @Test func `does not count what takes a trade back, and no longer what was rolled back`() throws {
        let desk = try Desk()
        try again(desk, "1") { ($0.action, $0.window) = (.reject, 60 * second) }
        #expect(send(desk, "s") == [])
        desk.rollBack(desk.lastHandle)
        #expect(send(desk, "s", "a") == [])
        #expect(send(desk, "s") == ["again rateLimitExceeded 2 1"])
        desk.report { ($0.id, $0.trade, $0.event) = ("a", ("100", "1"), .tradeCancel) }
        desk.pass(milliseconds: 59_999)
        #expect(send(desk, "s") == ["again rateLimitExceeded 2 1"])
        desk.pass(milliseconds: 1)
        #expect(send(desk, "s") == [])
    }
}

struct RejectRateTests {
    private func bad(_ desk: Desk, _ change: (inout Limit) -> Void = { _ in }) throws {
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try desk.limit(.rejectRate, "bad") {
            ($0.upper, $0.window) = (decimal("2"), 60 * second)
            ($0.scope.keys, $0.scope.each) = (.account, .account)
            change(&$0)
        }
    }

    @Test func `stops the good orders too after too many rejects, of which its own are none`() throws {
        let desk = try Desk()
        try bad(desk)
        for _ in 0..<2 {
            #expect(desk.send { $0.quantity = "11" } == ["size orderQtyExceedsLimit 11 10"])
            #expect(desk.send(Desk.Ask()) == [])
        }
        #expect(desk.send { $0.quantity = "11" } == ["size orderQtyExceedsLimit 11 10"])
        for _ in 0..<2 { #expect(desk.send(Desk.Ask()) == ["bad rateLimitExceeded 3 2"]) }
        #expect(desk.send { $0.account = 8 } == [])
        desk.pass(milliseconds: 59_999)
        #expect(desk.send(Desk.Ask()) == ["bad rateLimitExceeded 3 2"])
        desk.pass(milliseconds: 1)
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `counts an order without the form of one, and none that meets a state`() throws {
        let desk = try Desk()
        try bad(desk)
        for _ in 0..<3 { #expect(desk.send { $0.change = { $0.orderType = .market } }.count == 1) }
        #expect(desk.status("bad") == ["3 - -1"])
        let isSet = desk.controls.pointee.setState(.halted, of: Scope(), at: desk.now)
        #expect(isSet)
        #expect(desk.send(Desk.Ask()) == ["Engine accountBlocked - -"])
        #expect(desk.status("bad") == ["3 - -1"])
    }

    @Test func `counts the rejects of the venue, and lets through what reduces`() throws {
        let desk = try Desk()
        try bad(desk) { $0.own.rejectsOf = .venue }
        for id in ["a", "b", "c"] {
            #expect(desk.send { $0.quantity = "11" }.count == 1)
            #expect(desk.send { $0.id = id } == [])
            for _ in 0..<2 { desk.report { ($0.id, $0.event) = (id, .rejected) } }
        }
        #expect(desk.send(Desk.Ask()) == ["bad rateLimitExceeded 3 2"])
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "2")) }
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "2") } == [])
    }
}

struct OrderToTradeTests {
    @Test func `counts messages for each trade, and judges none before there are enough`() throws {
        let desk = try Desk()
        try desk.limit(.orderToTrade, "otr") { ($0.upper, $0.own.minCount) = (decimal("10"), 5) }
        #expect(desk.send { ($0.id, $0.quantity) = ("a", "5") } == [])
        desk.report { ($0.id, $0.trade) = ("a", ("100", "1")) }
        for _ in 2...10 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.send(Desk.Ask()) == ["otr rateLimitExceeded 11 10"])
        desk.report { ($0.id, $0.trade) = ("a", ("100", "1")) }
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.status("otr") == ["6 - 4"])
    }

    @Test func `takes no trade for one`() throws {
        let desk = try Desk()
        try desk.limit(.orderToTrade, "otr") { ($0.upper, $0.own.minCount) = (decimal("4"), 5) }
        for _ in 1...4 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.send(Desk.Ask()) == ["otr rateLimitExceeded 5 4"])
    }
}
