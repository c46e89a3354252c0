import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Market orders at a mark of 100, in an engine whose slippage is 1 % unless an override says more.
final class SlippageTests {
    private let market: TestMarket
    private let engine: Engine
    private let aapl: InstrumentId

    init() throws {
        market = try TestMarket()
        aapl = try market.data.register(Instrument(underlying: asset("AAPL"), settlement: asset("USD")), ttl: nil)
        try market.data.push(Quote(mark: decimal("100")), to: aapl)
        var options = SpotFundsOptions()
        options.market = market.data
        options.settings.slippageBasisPoints = 100
        options.settings.limitMode = .trackOnly
        var builder = EngineBuilder(.none, clock: market.clock)
        try builder.addSpotFunds(options)
        engine = try builder.build()
        try engine.register(2, 3, group: 7)
    }

    deinit { engine.release() }

    private func override(_ overrides: SpotFundsOverride...) throws {
        try overrides.withUnsafeBufferPointer { overrides in
            var update = SpotFundsUpdate()
            update.overrides = overrides
            try withBytes("SpotFundsPolicy") { try engine.configureSpotFunds($0, update) }
        }
    }

    /// What accounts 1, 2 and 3 would buy at; 2 and 3 are in a group.
    private func prices() throws -> [String] {
        try (1...3 as ClosedRange<UInt64>).map { account in
            var findings = Findings()
            return try withUnsafeMutablePointer(to: &findings) { findings in
                _ = try engine.dryRun(order("1@-", of: account), throughMainStage: true, into: findings)
                return findings.pointee.lockEntry(at: 0).map { short($0.price) } ?? "-"
            }
        }
    }

    @Test func `the account's override comes before its group's, and that before the instrument's`() throws {
        #expect(try prices() == ["101", "101", "101"])
        try override(SpotFundsOverride(.instrument(aapl), basisPoints: 200))
        #expect(try prices() == ["102", "102", "102"])
        try override(SpotFundsOverride(.instrumentGroup(aapl, AccountGroupId(7)), basisPoints: 300))
        #expect(try prices() == ["102", "103", "103"])
        try override(SpotFundsOverride(.instrumentAccount(aapl, AccountId(3)), basisPoints: 400))
        #expect(try prices() == ["102", "103", "104"])
    }

    @Test func `an override without slippage takes its tier back`() throws {
        try override(
            SpotFundsOverride(.instrument(aapl), basisPoints: 200),
            SpotFundsOverride(.instrumentGroup(aapl, AccountGroupId(7)), basisPoints: 300),
            SpotFundsOverride(.instrumentAccount(aapl, AccountId(3)), basisPoints: 400))
        try override(SpotFundsOverride(.instrumentAccount(aapl, AccountId(3)), basisPoints: nil))
        #expect(try prices() == ["102", "103", "103"])
        try override(
            SpotFundsOverride(.instrumentGroup(aapl, AccountGroupId(7)), basisPoints: nil),
            SpotFundsOverride(.instrument(aapl), basisPoints: nil))
        #expect(try prices() == ["101", "101", "101"])
    }

    @Test func `an override of the default group is nobody's`() throws {
        try override(SpotFundsOverride(.instrumentGroup(aapl, .default), basisPoints: 300))
        #expect(try prices() == ["101", "101", "101"])
    }

    @Test(arguments: [(9_999 as UInt16, false), (10_000, false), (10_001, true)])
    func `slippage is at most the whole price, and a refused change changes nothing`(
        basisPoints: UInt16, isRefused: Bool
    ) throws {
        var fault: ConfigureFault?
        do {
            try override(
                SpotFundsOverride(.instrument(aapl), basisPoints: 0),
                SpotFundsOverride(.instrumentAccount(aapl, AccountId(3)), basisPoints: basisPoints))
        } catch let refusal as ConfigureFault {
            fault = refusal
        }
        #expect((fault != nil) == isRefused)
        #expect(try prices()[0] == (isRefused ? "101" : "100"))
    }
}
