import RiskBase
import TestSupport
import Testing

@testable import Market

struct MarketDataTests {
    @Test func `ids count up and skip those taken`() throws {
        let market = try TestMarket()
        #expect(try market.register(1).value == 0)
        #expect(try market.register(2).value == 1)
        for (underlying, id) in [(3, 5), (4, 2), (5, 3)] as [(UInt32, UInt64)] {
            try market.data.register(instrument(underlying, 2), as: InstrumentId(id))
        }
        #expect(try market.register(6).value == 4)
        #expect(try market.register(7).value == 6)
        #expect(market.data.resolve(instrument(4, 2))?.value == 2)
        #expect(market.data.resolve(instrument(2, 4)) == nil)
    }

    /// Whatever came first: far ids, ids that others reach later, or the ids between them.
    @Test func `ids with gaps are found, and are taken, like those without`() throws {
        let market = try TestMarket()
        let far = [1_000, 63, 64, 65, 1 << 26, .max - 1, .max] as [UInt64]
        for (index, id) in far.enumerated() {
            try market.data.register(instrument(UInt32(index + 1), 1), as: InstrumentId(id))
        }
        var automatic: [UInt64] = []
        for index in 0..<2_000 as Range<UInt32> {
            automatic.append(try market.data.register(instrument(index + 100, 1)).value)
        }
        #expect(automatic == (0..<2_004 as Range<UInt64>).filter { !far.contains($0) })
        for (index, id) in far.enumerated() {
            #expect(market.data.resolve(instrument(UInt32(index + 1), 1))?.value == id)
        }
        for id in far + automatic {
            let fault = failure { () throws(RegistrationFault) in
                try market.data.register(instrument(1, 2), as: InstrumentId(id))
            }
            #expect(fault == .idTaken)
            try market.data.push(marked(Int64(id & 0xFFFF)), to: InstrumentId(id))
        }
        for id in far + automatic {
            #expect(market.get(InstrumentId(id)).text == "\(id & 0xFFFF) - -")
        }
    }

    @Test func `a known name is reported before a taken id`() throws {
        let market = try TestMarket()
        let id = try market.register()
        #expect(throws: RegistrationFault.instrumentKnown) { try market.register() }
        #expect(throws: RegistrationFault.instrumentKnown) { try market.data.register(instrument(1, 2), as: id) }
        #expect(throws: RegistrationFault.idTaken) { try market.data.register(instrument(2, 1), as: id) }
        try market.data.register(instrument(2, 1), as: InstrumentId(.max))
        #expect(market.data.resolve(instrument(2, 1))?.value == .max)
    }

    @Test func `stays readable while thousands of instruments come`() throws {
        let market = try TestMarket()
        for number in 0..<5_000 as Range<UInt32> {
            let id = try market.data.push(marked(Int64(number)), to: instrument(number + 1, 0))
            #expect(id.value == UInt64(number))
        }
        for number in 0..<5_000 as Range<UInt64> {
            #expect(market.get(InstrumentId(number)).text == "\(number) - -")
        }
    }

    @Test func `a push replaces, a patch completes`() throws {
        let market = try TestMarket()
        let id = try market.register()
        try market.data.push(Quote(mark: decimal("1"), bid: decimal("2")), to: id, .patch)
        try market.data.push(Quote(ask: decimal("3.50")), to: id, .patch)
        #expect(market.get(id).text == "1 2 3.50")
        try market.data.push(Quote(bid: decimal("-4")), to: id)
        #expect(market.get(id).text == "- -4 -")
        try market.data.push(Quote(), to: id)
        #expect(market.get(id).text == "- - -")
    }

    @Test func `a patch makes the whole quote young again`() throws {
        let market = try TestMarket(ttl: .within(nanoseconds: 50))
        let id = try market.register()
        try market.data.push(marked(1), to: id)
        try market.clock.advance(by: 70)
        try market.data.push(Quote(bid: decimal("2")), to: id, .patch)
        #expect(market.get(id).text == "1 2 -")
    }

    @Test func `a patch completes each place by itself`() throws {
        let market = try TestMarket()
        let id = try market.register()
        try market.data.push(marked(1), to: id)
        try market.push(marked(2), to: id, accounts: [1])
        let bid = Quote(bid: decimal("9"))
        try [AccountId(1), AccountId(2), AccountId(1)].withUnsafeBufferPointer { accounts in
            try [AccountGroupId.default].withUnsafeBufferPointer { groups in
                try market.data.push(bid, to: id, accounts: accounts, groups: groups, .patch)
            }
        }
        #expect(market.get(id, 1).text == "2 9 -")
        #expect(market.get(id, 2).text == "- 9 -")
        #expect(market.get(id, 3).text == "1 9 -")
    }

    @Test func `clearing forgets the quotes and keeps the TTLs`() throws {
        let market = try TestMarket()
        let id = try market.register(ttl: .within(nanoseconds: 0))
        try market.push(marked(1), to: id, accounts: [1, 2], groups: [0, 7])
        market.data.clear(id)
        #expect(market.get(id, 1, group: 7).text == "unavailable")
        #expect(market.get(id, 9).text == "unavailable")
        try market.data.push(marked(1), to: id)
        #expect(market.get(id, 1).text == "expired 1 - -")
        market.data.clear(InstrumentId(77))
    }

    @Test func `a push to nobody or to an unknown instrument is refused`() throws {
        let market = try TestMarket()
        #expect(throws: MarketDataFault.noTargets) { try market.push(marked(1), to: InstrumentId(77)) }
        #expect(throws: MarketDataFault.unknownInstrument) {
            try market.push(marked(1), to: InstrumentId(77), accounts: [1])
        }
        #expect(throws: MarketDataFault.unknownInstrument) { try market.data.push(marked(1), to: InstrumentId(77)) }
    }

    @Test func `the digits of a price come back as they went in`() throws {
        let market = try TestMarket()
        let id = try market.register()
        let prices = [
            "79228162514264337593543950335", "-7.9228162514264337593543950335", "0.0000000000000000000000000001",
            "-0.01", "0.00", "18446744073709551616",
        ]
        for (index, price) in prices.enumerated() {
            let (bid, ask) = (prices[(index + 1) % prices.count], prices[(index + 2) % prices.count])
            try market.data.push(Quote(mark: decimal(price), bid: decimal(bid), ask: decimal(ask)), to: id)
            #expect(market.get(id).text == "\(price) \(bid) \(ask)")
        }
    }

    @Test(arguments: [(SyncMode.none, false), (.full, true), (.account, true)])
    func `knows whether several threads may use it`(mode: SyncMode, expected: Bool) throws {
        let market = try TestMarket(mode: mode)
        #expect(market.data.isMultiThreaded == expected)
    }

    @Test func `lives as long as somebody uses it`() throws {
        let data = try #require(MarketData.make(defaultTtl: .infinite))
        let other = MarketData(address: data.address)
        other.retain()
        data.release()
        let id = try other.register(instrument(1, 2))
        try other.push(marked(1), to: id)
        other.release()
    }
}
