import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Controls

struct SelfTradeTests {
    private func desk(_ mode: ParameterMode = .cancelNewest, of owner: ParameterOwner = .account) throws -> Desk {
        let desk = try Desk()
        try desk.limit(.selfTrade, "stp") { ($0.own.mode, $0.own.owner) = (mode, owner) }
        return desk
    }

    private let refused = ["stp selfMatchPrevention - -"]

    private func sell(_ desk: Desk, _ id: String, at price: String?, _ quantity: String = "1") -> [String] {
        desk.send { ($0.side, $0.id, $0.price, $0.quantity) = (.sell, id, price, quantity) }
    }

    @Test(arguments: [("99.99", true), ("100", false), ("101", false), (nil, false)])
    func `refuses a buy at the price of an own sell and above`(price: String?, passes: Bool) throws {
        let desk = try desk()
        #expect(sell(desk, "s", at: "100") == [])
        #expect(desk.send { ($0.price, $0.account) = (price, 8) } == [])
        #expect(desk.send { ($0.price, $0.instrument) = (price, "MSFT/USD") } == [])
        #expect(desk.send { $0.price = price } == (passes ? [] : refused))
        desk.report { ($0.id, $0.event) = ("s", .cancelled) }
        #expect(desk.send { $0.price = price } == [])
    }

    @Test(arguments: [("100.01", true), ("100", false), ("99", false), (nil, false)])
    func `refuses a sell at the price of an own buy and below`(price: String?, passes: Bool) throws {
        let desk = try desk()
        #expect(desk.send { $0.id = "b" } == [])
        #expect(sell(desk, "s", at: price) == (passes ? [] : refused))
    }

    @Test func `lets stops and orders that take nothing meet nobody`() throws {
        let desk = try desk()
        let stop: (inout Desk.Ask) -> Void = {
            ($0.side, $0.price) = (.sell, nil)
            $0.change = { ($0.orderType, $0.stopPrice) = (.stop, decimal("90")) }
        }
        #expect(desk.send(stop) == [])
        #expect(desk.send { ($0.price, $0.id) = ("95", "b") } == [])
        #expect(desk.send(stop) == [])
        #expect(sell(desk, "s", at: "200") == [])
        #expect(desk.send { $0.price = "200" } == refused)
        #expect(
            desk.send {
                $0.price = "200"; $0.change = { $0.isPostOnly = true }
            } == [])
    }

    @Test func `lets an order that takes any price be met at any`() throws {
        let desk = try desk()
        try desk.quote("AAPL/USD", bid: "99", ask: "101")
        #expect(sell(desk, "s", at: nil) == [])
        #expect(desk.send { $0.price = "0.01" } == refused)
    }

    @Test(arguments: [("A", "A", false), ("A", "B", true), ("A", nil, false), (nil, "A", false), (nil, nil, false)])
    func `takes two venues for two books`(resting: String?, new: String?, passes: Bool) throws {
        let desk = try desk()
        func at(_ venue: String?) -> (inout Order) -> Void { { $0.venue = venue.map(asset) ?? .none } }
        #expect(desk.send { ($0.side, $0.change) = (.sell, at(resting)) } == [])
        #expect(desk.send { $0.change = at(new) } == (passes ? [] : refused))
    }

    @Test func `counts an order that is accepted, and none that was rolled back`() throws {
        let desk = try desk()
        #expect(sell(desk, "s", at: "100") == [])
        #expect(desk.send(Desk.Ask()) == refused)
        desk.rollBack(desk.lastHandle)
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `has a pending replace rest at both prices`() throws {
        let desk = try desk()
        #expect(sell(desk, "s", at: "100") == [])
        #expect(desk.send { ($0.side, $0.id, $0.replaces, $0.price) = (.sell, "s2", "s", "105") } == [])
        #expect(desk.send { $0.price = "100" } == refused)
        desk.report { ($0.id, $0.event) = ("s2", .replaced) }
        #expect(desk.send { ($0.price, $0.id) = ("104.99", "b") } == [])
        #expect(desk.send { $0.price = "105" } == refused)
        #expect(desk.send { ($0.price, $0.id, $0.replaces) = ("105", "b2", "b") } == refused)
        #expect(desk.send { ($0.price, $0.id, $0.replaces) = ("104", "b3", "b") } == [])
    }

    @Test func `wants the resting orders cancelled, once each, and lets the new one pass`() throws {
        let desk = try desk(.cancelOldest)
        for (id, price) in [("s1", "100"), ("s2", "101"), ("s3", "103")] { #expect(sell(desk, id, at: price) == []) }
        #expect(
            desk.send(
                {
                    var ask = Desk.Ask(); ask.price = "102"; return ask
                }(), for: .dryRun) == [])
        #expect(desk.intents() == [])
        #expect(desk.send { $0.price = "102" } == [])
        #expect(desk.intents() == ["cancel s1 1", "cancel s2 1"])
        desk.report { ($0.id, $0.event) = ("s1", .cancelled) }
        #expect(desk.send { $0.price = "102" } == [])
        #expect(desk.intents() == [])
    }

    @Test func `wants nothing for an order that somebody else refuses`() throws {
        let desk = try desk(.cancelOldest)
        try desk.limit(.positionNet, "net") {
            ($0.scope.keys, $0.scope.each) = ([.account, .instrument], [.account, .instrument])
            $0.upper = decimal("10")
        }
        #expect(sell(desk, "s", at: "100") == [])
        #expect(desk.send { $0.quantity = "11" } == ["net positionLimitExceeded 11 10"])
        #expect(desk.intents() == [])
    }

    @Test func `refuses the new one and wants the others cancelled`() throws {
        let desk = try desk(.cancelBoth)
        #expect(sell(desk, "s", at: "100") == [])
        #expect(desk.send(Desk.Ask(), for: .dryRun) == refused)
        #expect(desk.intents() == [])
        #expect(desk.send(Desk.Ask()) == refused)
        #expect(desk.intents() == ["cancel s 1"])
    }

    @Test func `takes the smaller quantity from both, best price first and then the oldest`() throws {
        let desk = try desk(.decrement)
        for (id, price, quantity) in [("s3", "101", "5"), ("s1", "100", "3"), ("s4", "101", "4"), ("s5", "102", "9")] {
            #expect(sell(desk, id, at: price, quantity) == [])
        }
        #expect(desk.send { ($0.quantity, $0.price) = ("10", "101") } == ["stp selfMatchPrevention 0 -"])
        #expect(desk.intents() == ["reduce s1 3", "reduce s3 5", "reduce s4 2"])
        #expect(desk.send { ($0.quantity, $0.price) = ("14", "101") } == ["stp selfMatchPrevention 2 -"])
    }

    @Test func `knows groups, traders and wash groups, and takes an account without one for its own`() throws {
        let tom: (inout Order) -> Void = { $0.trader = asset("tom") }
        let groups = try desk(of: .group)
        #expect(groups.send { ($0.side, $0.group) = (.sell, 3) } == [])
        #expect(groups.send { ($0.account, $0.group) = (8, 3) } == refused)
        #expect(groups.send { $0.account = 9 } == [])
        #expect(groups.send { ($0.account, $0.side) = (9, .sell) } == refused)

        let traders = try desk(of: .trader)
        #expect(traders.send { ($0.side, $0.change) = (.sell, tom) } == [])
        #expect(traders.send { $0.account = 8 } == [])
        #expect(traders.send { ($0.account, $0.change) = (8, tom) } == refused)

        let wash = try desk(of: .washGroup)
        for slot in [7, 9] as [UInt32] {
            var data = AccountData(AccountId(UInt64(slot)))
            data.washGroup = asset("w")
            let isSet = wash.controls.pointee.set(data, slot: slot)
            #expect(isSet)
        }
        #expect(wash.send { $0.side = .sell } == [])
        #expect(wash.send { $0.account = 9 } == ["stp washTradePrevention - -"])
        #expect(wash.send { $0.account = 8 } == [])
        #expect(wash.send { ($0.account, $0.side) = (8, .sell) } == ["stp washTradePrevention - -"])
    }

    @Test func `finds orders that were there before it`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        #expect(sell(desk, "s", at: "100") == [])
        try desk.limit(.selfTrade, "stp") { ($0.scope.keys, $0.scope.each) = (.account, .account) }
        #expect(desk.send(Desk.Ask()) == refused)
    }

    @Test func `agrees with a slow model in random histories`() throws {
        let seed: UInt64 = 47
        var random = SplitMix64(seed: seed)
        for round in 0..<10 {
            let desk = try desk()
            var resting: [(id: String, side: Side, price: Int, venue: String?)] = []
            for step in 0..<300 {
                if random.once(in: 3), !resting.isEmpty {
                    let gone = resting.remove(at: Int(random.next(below: UInt64(resting.count))))
                    desk.report { ($0.id, $0.event) = (gone.id, .cancelled) }
                    continue
                }
                let side: Side = random.once(in: 2) ? .buy : .sell
                let price = Int(random.next(below: 12)) + 100 + (side == .sell ? 6 : 0)
                let venue = random.element(of: [nil, "A", "B"])
                let meets = resting.contains {
                    $0.side != side && (side == .buy ? $0.price <= price : $0.price >= price)
                        && (venue == nil || $0.venue == nil || $0.venue == venue)
                }
                let answer = desk.send {
                    ($0.id, $0.side, $0.price) = ("\(step)", side, "\(price)")
                    $0.change = { $0.venue = venue.map(asset) ?? .none }
                }
                #expect(answer == (meets ? refused : []), "seed \(seed), round \(round), step \(step)")
                if answer.isEmpty { resting.append(("\(step)", side, price, venue)) }
            }
        }
    }
}
