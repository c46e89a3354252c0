import Book
import COpenPit
import Decimals
import Testing

@testable import OpenPitABI

/// Fills, levels, orders and points cross the boundary without being copied field by field, so the records of the core and the
/// structs of openpit/simulation.h must be the same bytes.
struct SimulationLayoutTests {
    @Test func `records are as large as their structs`() {
        #expect(MemoryLayout<MatcherFill>.stride == MemoryLayout<openpit_matcher_fill>.stride)
        #expect(MemoryLayout<MatcherLevel>.stride == MemoryLayout<openpit_matcher_level>.stride)
        #expect(MemoryLayout<MatcherResting>.stride == MemoryLayout<openpit_matcher_resting>.stride)
        #expect(MemoryLayout<SimulationPoint>.stride == MemoryLayout<openpit_simulation_point>.stride)
        #expect(MemoryLayout<ImpactQuestion>.stride == MemoryLayout<openpit_impact_question>.stride)
        #expect(MemoryLayout<ImpactMoves>.stride == MemoryLayout<openpit_impact_answer>.stride)
    }

    @Test func `an order that rests reads the same on both sides`() throws {
        var order = openpit_matcher_resting()
        order.order = 1
        order.price = openpit_decimal_from_int64(2)
        order.quantity = openpit_decimal_from_int64(3)
        order.filled = openpit_decimal_from_int64(4)
        order.arrival = 5
        order.side = 6
        order.type = 7
        order.time_in_force = 8
        order.pool = 9
        let seen = unsafeBitCast(order, to: MatcherResting.self)
        #expect(seen.id == 1 && seen.price == Decimal(UInt64(2)) && seen.quantity == Decimal(UInt64(3)))
        #expect(seen.filled == Decimal(UInt64(4)) && seen.arrival == 5 && seen.side == 6 && seen.type == 7)
        #expect(seen.timeInForce == 8 && seen.pool == 9)
    }

    @Test func `the numbers of enums are those of the header`() {
        #expect(MatcherPool.dark.rawValue == UInt8(OPENPIT_POOL_DARK))
        #expect(OrderOwner.market.rawValue == UInt8(OPENPIT_OWNER_MARKET))
        #expect(ImpactModel.custom.rawValue == UInt8(OPENPIT_IMPACT_CUSTOM))
        #expect(MatcherReason.duplicateOrder.rawValue == UInt8(OPENPIT_MATCHER_REASON_DUPLICATE_ORDER))
        #expect(MatcherReason.crossed.rawValue == UInt8(OPENPIT_MATCHER_REASON_CROSSED))
        #expect(SimulationEventKind.mark.rawValue == UInt8(OPENPIT_SIMULATION_MARK))
    }
}
