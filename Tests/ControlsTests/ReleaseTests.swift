import Decimals
import RiskBase
import Testing

@testable import Controls

/// How the states end that limits latch, and which accounts limits stop.
struct ReleaseTests {
    private let second: Int64 = 1_000_000_000
    /// The first midnight after the clock of a desk begins.
    private let midnight: Int64 = 86_400_000_000_000

    /// No account may hold more than 10; who does may only reduce.
    private func held(_ change: (inout Limit) -> Void = { _ in }) -> Limit {
        var limit = Limit(.positionHeld, name: named("held"))
        limit.scope.keys = [.account, .instrument]
        limit.scope.each = [.account, .instrument]
        (limit.upper, limit.action) = (decimal("10"), .reduceOnly)
        change(&limit)
        return limit
    }

    private func desk(_ limit: Limit) throws -> Desk {
        let desk = try Desk()
        try desk.controls.pointee.add(limit)
        return desk
    }

    private func fill(_ desk: Desk, _ side: Side, _ quantity: String) {
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", side, ("100", quantity)) }
    }

    /// That of account 7 in what it holds.
    private func stateOfHolding(_ desk: Desk) throws -> TradingState {
        var scope = desk.scope(.account, 7)
        scope.keys.insert(.instrument)
        scope.values[.instrument] = try desk.known("AAPL/USD").pointee.number
        return desk.controls.pointee.state(of: scope)
    }

    private func events(_ desk: Desk) -> [String] { desk.events().filter { !$0.hasPrefix("unknownFill") } }

    @Test func `a state that ends by itself ends at the bound, and is told as released`() throws {
        let desk = try desk(held { $0.release = .auto })
        fill(desk, .buy, "11")
        #expect(events(desk) == ["state held REDUCING"])
        #expect(desk.send() == ["held instrumentRestricted - -"])
        fill(desk, .sell, "1")
        #expect(events(desk) == ["state held ACTIVE", "release held ACTIVE"])
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "20") } == [])
    }

    @Test func `one that a person has to end outlives the breach`() throws {
        let desk = try desk(held())
        fill(desk, .buy, "11")
        fill(desk, .sell, "11")
        desk.now += 100 * midnight
        #expect(desk.send() == ["held instrumentRestricted - -"])
    }

    @Test func `after a while it ends with the first order that finds the value inside, and never by time alone`()
        throws
    {
        let desk = try desk(held { ($0.release, $0.releaseAfter) = (.after, 60_000_000_000) })
        let start = desk.now
        fill(desk, .buy, "11")
        desk.now = start + 61 * second
        #expect(desk.send() == ["held instrumentRestricted - -"])
        desk.now = start + 60 * second - 1
        fill(desk, .sell, "1")
        #expect(desk.send() == ["held instrumentRestricted - -"])
        desk.now = start + 60 * second
        _ = events(desk)
        // What is only asked passes, and ends nothing.
        #expect(desk.send(for: .dryRun) == [])
        #expect(events(desk) == [])
        #expect(desk.send() == [])
        #expect(events(desk) == ["state held ACTIVE", "release held ACTIVE"])
    }

    @Test(arguments: [-1, 0, 1] as [Int64])
    func `with the next day of its limit it ends at midnight`(offset: Int64) throws {
        let desk = try desk(held { ($0.release, $0.period) = (.nextPeriod, .day) })
        fill(desk, .buy, "11")
        fill(desk, .sell, "11")
        desk.now = midnight + offset
        #expect(desk.send() == (offset < 0 ? ["held instrumentRestricted - -"] : []))
    }

    @Test
    func
        `what a limit says now of the end counts for what it has latched, and a limit that is gone leaves it to people`()
        throws
    {
        for (release, removed, rejects) in [
            (LimitRelease.auto, false, []), (.manual, false, ["held instrumentRestricted - -"]),
            (.auto, true, ["held instrumentRestricted - -"]),
        ] {
            let desk = try desk(held())
            fill(desk, .buy, "11")
            fill(desk, .sell, "11")
            try desk.change(set: removed ? [] : [held { $0.release = release }], removed: removed ? ["held"] : [])
            #expect(desk.send() == rejects)
        }
    }

    @Test func `only what blocks an account says so, and a halt of one account has its scope all the same`() throws {
        for (action, scope, blocks) in [
            (LimitAction.reject, RejectScope.order, false), (.reduceOnly, .order, false), (.halt, .account, false),
            (.blockAccount, .account, true),
        ] {
            let desk = try Desk()
            try desk.limit(.workingOrders, "open") {
                ($0.scope.keys, $0.scope.each) = (.account, .account)
                ($0.upper, $0.action) = (.zero, action)
            }
            var found: [Breach] = []
            desk.onBreaches = { found = $0.isEmpty ? found : $0 }
            #expect(desk.send() == ["open riskLimitExceeded 1 0"])
            #expect(found.map(\.scope) == [scope])
            #expect(found.map(\.blocksAccount) == [blocks])
        }
    }

    @Test func `a block that has to be confirmed refuses for the order alone until it is`() throws {
        let desk = try desk(held { ($0.action, $0.confirm) = (.blockAccount, 2) })
        var found: [Breach] = []
        desk.onBreaches = { found = $0.isEmpty ? found : $0 }
        fill(desk, .buy, "11")
        let isUnblocked = desk.controls.pointee.blocks.isEmpty
        #expect(isUnblocked)
        #expect(desk.send() == ["held positionLimitExceeded 11 10"])
        #expect(found.map(\.blocksAccount) == [false])
        fill(desk, .buy, "1")
        let blocks = desk.controls.pointee.blocks.contents.map { $0.isBlock }
        #expect(blocks == [true])
        #expect(desk.send() == ["held positionLimitExceeded 12 10"])
        #expect(found.map(\.blocksAccount) == [true])
    }

    @Test func `what was inside once has to be outside as often as before to be confirmed`() throws {
        let desk = try desk(held { ($0.action, $0.confirm) = (.reduceOnly, 2) })
        for (side, quantity, state) in [
            (Side.buy, "11", TradingState.active), (.sell, "1", .active), (.buy, "1", .active), (.buy, "1", .reducing),
        ] {
            fill(desk, side, quantity)
            #expect(try stateOfHolding(desk) == state)
        }
    }

    @Test(arguments: [(LimitAction.reduceOnly, []), (.halt, ["cancel a 1"])])
    func `only what is halted wants its orders cancelled`(_ action: (LimitAction, [String])) throws {
        let desk = try desk(held { $0.action = action.0 })
        #expect(desk.send { $0.id = "a" } == [])
        fill(desk, .buy, "12")
        #expect(try stateOfHolding(desk) != .active)
        #expect(desk.intents() == action.1)
    }

    @Test func `a fill of no order stops its account where the document says so`() throws {
        for (action, state) in [(LimitAction.notify, TradingState.active), (.reduceOnly, .reducing), (.halt, .halted)] {
            let desk = try Desk()
            desk.controls.pointee.settings.unknownFill = action
            try desk.limit(.orderQuantity, "size") { $0.upper = decimal("100") }
            fill(desk, .buy, "3")
            var scope = Scope()
            (scope.keys, scope.values[.account]) = (.account, 7)
            #expect(desk.controls.pointee.state(of: scope) == state)
            #expect(
                desk.send { ($0.side, $0.quantity) = (.sell, "3") }
                    == (action == .halt ? ["Engine accountBlocked - -"] : []))
        }
    }

    @Test func `what was lost in the day is not counted any more once the day is rebased`() throws {
        let desk = try Desk()
        try desk.limit(.realizedPnl, "loss") {
            ($0.scope.keys, $0.scope.each) = (.account, .account)
            ($0.lower, $0.currency, $0.period) = (decimal("-100"), asset("USD"), .day)
        }
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "10")) }
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .sell, ("89", "10")) }
        #expect(desk.send() == ["loss pnlKillSwitchTriggered -110 -100"])
        let party = Party(slot: 7, account: AccountId(7), group: .default)
        let isDone = desk.controls.pointee.rebase(.day, of: party, at: desk.now)
        #expect(isDone)
        #expect(desk.send() == [])
    }
}
