import RiskBase
import Testing

struct SideTests {
    @Test(arguments: [(Side.buy, Side.sell), (.sell, .buy)])
    func `a buy is closed by a sell, and a sell by a buy`(side: Side, opposite: Side) {
        #expect(side.opposite == opposite)
    }

    @Test(arguments: [(PositionSide.long, PositionSide.short), (.short, .long)])
    func `long is against short, and short against long`(side: PositionSide, opposite: PositionSide) {
        #expect(side.opposite == opposite)
    }
}
