import RiskBase
import TestSupport
import Testing

@testable import Market

@Suite struct `The invariants of market data` {
    @Test func `hold while quotes come and go`() throws {
        let market = try TestMarket()
        // Ids that leave gaps lie in another table than those that leave none.
        var ids = [try market.register(), try market.register(3)]
        try market.data.register(instrument(4, 2), as: InstrumentId(1 << 40))
        ids.append(InstrumentId(1 << 40))
        for round in 0..<300 as Range<UInt64> {
            let id = ids[Int(round % 3)]
            try market.push(marked(1), to: id, accounts: [round, round / 2], groups: [UInt32(round % 40)])
            try market.data.setTtl(.within(nanoseconds: round), of: .instrumentAccount(id, AccountId(round)))
            try market.data.setTtl(round % 4 == 0 ? nil : .infinite, of: .account(AccountId(round / 2)))
            if round % 50 == 49 { market.data.clear(id) }
            if round % 7 == 0 { #expect(market.data.checkInvariants() == nil) }
        }
        for id in ids { market.data.clear(id) }
        #expect(market.data.checkInvariants() == nil)
    }

    @Test func `tell buckets that are lost, and such as lead in a circle`() throws {
        let market = try TestMarket()
        try market.push(marked(1), to: market.register(), accounts: [1, 2, 3])
        #expect(market.data.checkInvariants() == nil)
        let memory = market.data.state.pointee.memory
        let taken = memory.pointee.buckets.take()
        let bucket = try #require(taken)
        #expect(market.data.checkInvariants().words == "a bucket has neither a table nor is it known as free")
        memory.pointee.buckets.put(bucket)
        #expect(market.data.checkInvariants() == nil)
        memory.pointee.buckets.put(bucket)
        #expect(market.data.checkInvariants().words == "the buckets without a quote lead in a circle")
    }
}
