import Decimals
import RiskBase
import Testing

@testable import Controls

/// Who holds an instrument, and so hears of its quotes.
struct HolderTests {
    @Test func `positions of an account and of its strategy come and go together, and hear every quote`() throws {
        let desk = try MoneyDesk(equities: [7: "100000", 8: "100000"])
        desk.limit(.grossExposure, each: .account) { $0.isUnlimited = true }
        desk.limit(.grossExposure, each: .strategy, name: "strategy") {
            ($0.isUnlimited, $0.currency) = (true, desk.asset("USD"))
        }
        desk.quote("10")
        for side in [Side.buy, .sell, .buy] {
            desk.report(trade: ("10", "5"), side: side, strategy: "s")
            desk.trade(side, "3", "10", account: 8)
        }
        desk.quote("20")
        #expect(desk.used("grossExposure", account: 7) == decimal("100"))
        #expect(desk.used("grossExposure", account: 8) == decimal("60"))
        #expect(desk.used("strategy") == decimal("100"))
    }
}
