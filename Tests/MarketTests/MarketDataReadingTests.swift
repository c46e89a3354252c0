import RiskBase
import TestSupport
import Testing

@testable import Market

struct MarketDataReadingTests {
    @Test(
        arguments: [
            (1, nil, ["3", "3", "3"]),
            (2, 7, ["unavailable", "2", "2"]),
            (3, 8, ["unavailable", "unavailable", "1"]),
            (4, nil, ["unavailable", "unavailable", "1"]),
            (5, 0, ["unavailable", "1", "1"]),
        ] as [(UInt64, UInt32?, [String])])
    func `looks for the account's quote, then the group's, then everybody's`(
        account: UInt64, group: UInt32?, expected: [String]
    ) throws {
        let market = try TestMarket()
        let id = try market.register()
        try market.data.push(marked(1), to: id)
        try market.push(marked(2), to: id, groups: [7])
        try market.push(marked(3), to: id, accounts: [1])
        let resolutions: [QuoteResolution] = [.accountOnly, .accountThenGroup, .accountThenGroupThenDefault]
        let seen = resolutions.map { market.get(id, account, group: group, $0).text }
        #expect(seen == expected.map { $0 == "unavailable" ? $0 : "\($0) - -" })
    }

    @Test func `an unknown instrument and a missing quote are two answers`() throws {
        let market = try TestMarket()
        let id = try market.register()
        #expect(market.get(id).text == "unavailable")
        #expect(market.get(InstrumentId(77)).text == "unknown instrument")
    }

    @Test func `the first quote found is the answer, even without the price wanted or too old`() throws {
        let market = try TestMarket(ttl: .within(nanoseconds: 10))
        let id = try market.register()
        try market.push(Quote(bid: decimal("2")), to: id, accounts: [1])
        try market.clock.advance(by: 10)
        try market.data.push(marked(1), to: id)
        #expect(market.get(id, 1).text == "expired - 2 -")
        #expect(market.get(id, 2).text == "1 - -")
    }

    @Test(arguments: [(9, "1 - -"), (10, "expired 1 - -"), (11, "expired 1 - -")])
    func `a quote expires when its age reaches the TTL`(age: UInt64, expected: String) throws {
        let market = try TestMarket(ttl: .within(nanoseconds: 10))
        let id = try market.register()
        try market.clock.advance(by: 1_000)
        try market.data.push(marked(1), to: id)
        try market.clock.advance(by: age)
        #expect(market.get(id).text == expected)
    }

    @Test(
        arguments: [(4, "1 - -"), (5, "expired 1 - -"), (6, "expired 1 - -"), (.max, "expired 1 - -")]
            as [(UInt64, String)])
    func `the age at the source counts`(sourceAge: UInt64, expected: String) throws {
        let market = try TestMarket(ttl: .within(nanoseconds: 10))
        let id = try market.register()
        try market.data.push(marked(1), to: id, sourceAge: sourceAge)
        try market.clock.advance(by: 5)
        #expect(market.get(id).text == expected)
    }

    @Test func `an age beyond all bounds expires unless nothing ever does`() throws {
        let market = try TestMarket(ttl: .within(nanoseconds: .max))
        let id = try market.register()
        try market.clock.advance(by: .max)
        try market.data.push(marked(1), to: id, sourceAge: .max)
        #expect(market.get(id).text == "expired 1 - -")
        try market.data.setTtl(.infinite, of: .instrumentAccount(id, AccountId(1)))
        #expect(market.get(id).text == "1 - -")
    }

    @Test func `a reader's group is asked for only when the answer depends on it`() throws {
        let market = try TestMarket()
        let id = try market.register()
        let unknown = QuoteReader(account: AccountId(1), group: .unknown)
        func ask(_ resolution: QuoteResolution) -> String { market.data.quote(of: id, for: unknown, resolution).text }
        #expect(ask(.accountOnly) == "unavailable")
        #expect(ask(.accountThenGroup) == "group needed")
        try market.push(marked(3), to: id, accounts: [1])
        // The TTL of the group may be another one.
        #expect(ask(.accountOnly) == "group needed")
        try market.data.setTtl(.infinite, of: .instrumentAccount(id, AccountId(1)))
        #expect(ask(.accountOnly) == "3 - -")
        #expect(ask(.accountThenGroupThenDefault) == "3 - -")
    }

    @Test func `the mark can be had however old it is, but not from another place`() throws {
        let market = try TestMarket(ttl: .within(nanoseconds: 0))
        let id = try market.register()
        func mark(_ account: UInt64) -> String? {
            market.data.markIgnoringAge(of: id, for: reader(account), .accountThenGroupThenDefault)?.description
        }
        #expect(mark(1) == nil)
        try market.data.push(marked(5), to: id)
        #expect(mark(1) == "5")
        try market.push(Quote(bid: decimal("2")), to: id, accounts: [1])
        #expect(mark(1) == nil)
        #expect(mark(2) == "5")
        #expect(market.data.markIgnoringAge(of: InstrumentId(9), for: reader(1), .accountOnly) == nil)
    }
}
