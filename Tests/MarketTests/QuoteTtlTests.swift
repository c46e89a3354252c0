import RiskBase
import TestSupport
import Testing

@testable import Market

struct QuoteTtlTests {
    @Test func `the most particular TTL wins, and clearing it brings the next one back`() throws {
        let market = try TestMarket(ttl: .within(nanoseconds: 0))
        let id = try market.register()
        try market.data.push(marked(1), to: id)
        let ladder: [(TtlScope, QuoteTtl)] = [
            (.instrument(id), .infinite),
            (.group(.default), .within(nanoseconds: 0)),
            (.group(AccountGroupId(7)), .infinite),
            (.account(AccountId(1)), .within(nanoseconds: 0)),
            (.instrumentGroup(id, .default), .infinite),
            (.instrumentGroup(id, AccountGroupId(7)), .within(nanoseconds: 0)),
            (.instrumentAccount(id, AccountId(1)), .infinite),
        ]
        #expect(market.get(id, 1, group: 7).text == "expired 1 - -")
        for (scope, ttl) in ladder {
            try market.data.setTtl(ttl, of: scope)
            #expect(market.get(id, 1, group: 7).text == (ttl == .infinite ? "1 - -" : "expired 1 - -"))
        }
        for (scope, ttl) in ladder.reversed() {
            try market.data.setTtl(nil, of: scope)
            #expect(market.get(id, 1, group: 7).text == (ttl == .infinite ? "expired 1 - -" : "1 - -"))
        }
    }

    @Test func `readers without a group have the TTLs of the default group`() throws {
        let market = try TestMarket()
        let id = try market.register()
        try market.data.push(marked(1), to: id)
        try market.data.setTtl(.within(nanoseconds: 0), of: .group(.default))
        #expect(market.get(id, 1).text == "expired 1 - -")
        try market.data.setTtl(.infinite, of: .instrumentGroup(id, .default))
        #expect(market.get(id, 1).text == "1 - -")
    }

    @Test func `an instrument brings its TTL along`() throws {
        let market = try TestMarket()
        let id = try market.register(ttl: .within(nanoseconds: 1))
        try market.data.push(marked(1), to: id)
        #expect(market.get(id).text == "1 - -")
        try market.clock.advance(by: 1)
        #expect(market.get(id).text == "expired 1 - -")
    }

    @Test func `clearing what is not set does nothing`() throws {
        let market = try TestMarket()
        let id = try market.register()
        let group = AccountGroupId(7)
        let scopes: [TtlScope] = [
            .account(AccountId(1)), .group(group), .instrument(id), .instrumentAccount(id, AccountId(1)),
            .instrumentGroup(id, group),
        ]
        for scope in scopes { try market.data.setTtl(nil, of: scope) }
        try market.data.push(marked(1), to: id)
        #expect(market.get(id, 1, group: 7).text == "1 - -")
    }

    @Test(arguments: [QuoteTtl.infinite, nil])
    func `an unknown instrument has no TTL`(ttl: QuoteTtl?) throws {
        let market = try TestMarket()
        let id = InstrumentId(77)
        let scopes: [TtlScope] = [
            .instrument(id), .instrumentAccount(id, AccountId(1)), .instrumentGroup(id, .default),
        ]
        for scope in scopes {
            #expect(throws: MarketDataFault.unknownInstrument) { try market.data.setTtl(ttl, of: scope) }
        }
    }

    @Test(arguments: [(UInt64.max - 3, false), (.max - 2, true), (.max - 1, true)] as [(UInt64, Bool)])
    func `the longest time that is not for ever is cut`(age: UInt64, isOver: Bool) {
        #expect(QuoteTtl.within(nanoseconds: .max).isOver(at: age) == isOver)
        #expect(!QuoteTtl.infinite.isOver(at: age))
    }
}
