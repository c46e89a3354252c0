import COpenPit
import Decimals
import Market
import RiskBase
import RiskCore
import Testing

/// Orders, reports and lock entries cross the boundary without being copied, so the core's records and the structs of
/// openpit.h must be the same bytes.
struct RecordLayoutTests {
    @Test func `records are as large as their structs`() {
        #expect(MemoryLayout<Order>.size == MemoryLayout<openpit_order>.size)
        #expect(MemoryLayout<ExecutionReport>.size == MemoryLayout<openpit_report>.size)
        #expect(MemoryLayout<LockEntry>.stride == MemoryLayout<openpit_lock_entry>.stride)
        #expect(MemoryLayout<Decimal>.size == MemoryLayout<openpit_decimal>.size)
    }

    @Test func `an order of the core reads the same in C`() {
        let order = Order(
            account: AccountId(1), instrument: Instrument(underlying: Asset(id: 2), settlement: Asset(id: 3)),
            side: .sell,
            amount: .volume(decimal(4, 5)), price: decimal(6, 7), positionSide: .short, leverage: Leverage(tenths: 80),
            collateral: Asset(id: 9), isReduceOnly: true, closesPosition: false, autoBorrows: true,
            userData: UnsafeMutableRawPointer(bitPattern: 10))
        let seen = unsafeBitCast(order, to: openpit_order.self)
        #expect(seen.struct_size == MemoryLayout<openpit_order>.size)
        let fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE | OPENPIT_ORDER_REDUCE_ONLY
        #expect(seen.fields == UInt32(fields | OPENPIT_ORDER_AUTO_BORROW))
        #expect(seen.account == 1 && seen.underlying == 2 && seen.settlement == 3)
        #expect(seen.amount.low == 4 && seen.amount.scale == 5 && seen.price.low == 6 && seen.price.scale == 7)
        #expect(seen.amount_kind == OPENPIT_AMOUNT_VOLUME && seen.side == OPENPIT_SIDE_SELL)
        #expect(seen.position_side == OPENPIT_POSITION_SIDE_SHORT && seen.leverage == 80 && seen.collateral == 9)
        #expect(seen.user_data == UnsafeMutableRawPointer(bitPattern: 10))
        #expect(seen.reserved_byte == 0 && seen.reserved_short == 0 && seen.reserved_word == 0)
        #expect(seen.reserved == (0, 0))
    }

    @Test func `an order of C reads the same in the core`() throws {
        var order = openpit_order()
        order.fields = UInt32(OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE | OPENPIT_ORDER_CLOSE_POSITION)
        order.account = 1
        order.underlying = 2
        order.settlement = 3
        order.amount_kind = UInt8(OPENPIT_AMOUNT_QUANTITY)
        order.amount = openpit_decimal(low: 4, high: 5, scale: 6, negative: 0, reserved: 0)
        order.price = openpit_decimal(low: 7, high: 8, scale: 9, negative: 1, reserved: 0)
        order.side = UInt8(OPENPIT_SIDE_BUY)
        order.leverage = 10
        let seen = unsafeBitCast(order, to: Order.self)
        #expect(seen.account == AccountId(1))
        #expect(seen.instrument == Instrument(underlying: Asset(id: 2), settlement: Asset(id: 3)))
        guard case .quantity(let quantity) = seen.amount else {
            Issue.record("the amount is no quantity")
            return
        }
        #expect(quantity.low == 4 && quantity.high == 5 && quantity.scale == 6 && quantity.sign == .plus)
        let price = try #require(seen.price)
        #expect(price.low == 7 && price.high == 8 && price.scale == 9 && price.sign == .minus)
        #expect(seen.side == .buy && seen.positionSide == nil && seen.leverage == Leverage(tenths: 10))
        #expect(seen.collateral.isNone && !seen.isReduceOnly && seen.closesPosition && !seen.autoBorrows)
    }

    @Test func `what an order of C lacks is absent in the core`() {
        let seen = unsafeBitCast(openpit_order(), to: Order.self)
        #expect(seen.account == nil && seen.instrument == nil && seen.side == nil && seen.price == nil)
        #expect(seen.positionSide == nil && seen.leverage == nil && seen.userData == nil)
        if case .some = seen.amount { Issue.record("an amount came from nowhere") }
    }

    @Test func `a report of the core reads the same in C`() throws {
        let lock = [LockEntry(price: decimal(21, 2), policyGroup: PolicyGroupId(22))]
        try lock.withUnsafeBufferPointer { lock in
            let report = ExecutionReport(
                account: AccountId(1), instrument: Instrument(underlying: Asset(id: 2), settlement: Asset(id: 3)),
                side: .buy, financialImpact: .init(pnl: decimal(4, 1), fee: decimal(5, 1)),
                trade: .init(price: decimal(6, 1), quantity: decimal(7, 1)),
                fillFee: .init(amount: decimal(8, 1), asset: Asset(id: 9)), leavesQuantity: decimal(10, 1),
                isFinal: true,
                lock: lock, positionEffect: .close, positionSide: .long,
                userData: UnsafeMutableRawPointer(bitPattern: 11))
            let seen = unsafeBitCast(report, to: openpit_report.self)
            #expect(seen.struct_size == MemoryLayout<openpit_report>.size)
            #expect(seen.fields == UInt32(OPENPIT_REPORT_ALL_FIELDS))
            #expect(seen.account == 1 && seen.underlying == 2 && seen.settlement == 3 && seen.side == 1)
            #expect([seen.pnl.low, seen.fee.low, seen.trade_price.low, seen.trade_quantity.low] == [4, 5, 6, 7])
            #expect(seen.fill_fee.low == 8 && seen.fill_fee_asset == 9 && seen.leaves_quantity.low == 10)
            #expect(seen.is_final == 1 && seen.lock_count == 1)
            #expect(seen.position_effect == OPENPIT_POSITION_EFFECT_CLOSE)
            #expect(seen.position_side == OPENPIT_POSITION_SIDE_LONG)
            #expect(seen.user_data == UnsafeMutableRawPointer(bitPattern: 11))
            let entry = try #require(seen.lock).pointee
            #expect(entry.price.low == 21 && entry.price.scale == 2 && entry.policy_group == 22)
        }
    }

    private func decimal(_ low: UInt64, _ scale: UInt8) -> Decimal {
        Decimal(low: low, high: 0, scale: scale, isNegative: false)!
    }
}
