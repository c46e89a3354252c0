import COpenPit
import Decimals
import Market
import RiskBase
import RiskCore
import Testing

@testable import OpenPitABI

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
            #expect(seen.fields == UInt32(OPENPIT_REPORT_HAS_CLIENT_ORDER_ID) - 1)
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

    @Test func `what an order says besides reads the same in C`() {
        let (id, replaced) = (Array("id".utf8), Array("older".utf8))
        id.withUnsafeBufferPointer { id in
            replaced.withUnsafeBufferPointer { replaced in
                var order = Order()
                order.clientOrderId = id
                order.replaces = replaced
                order.displayQuantity = decimal(1, 1)
                order.stopPrice = decimal(2, 2)
                order.decisionPrice = decimal(3, 3)
                order.expireAt = -4
                order.strategy = Asset(id: 5)
                order.trader = Asset(id: 6)
                order.venue = Asset(id: 7)
                order.session = Asset(id: 8)
                order.clearingAccount = Asset(id: 9)
                order.decisionMaker = Asset(id: 10)
                order.orderType = .stopLimit
                order.timeInForce = .atClose
                order.isPostOnly = true
                order.shortMark = .shortExempt
                let seen = unsafeBitCast(order, to: openpit_order.self)
                let marks = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE | OPENPIT_ORDER_REDUCE_ONLY
                let others = OPENPIT_ORDER_CLOSE_POSITION | OPENPIT_ORDER_AUTO_BORROW | OPENPIT_ORDER_SHORT
                #expect(seen.fields == UInt32(OPENPIT_ORDER_ALL_FIELDS & ~(marks | others)))
                #expect(seen.client_order_id.length == 2 && seen.client_order_id.data?.pointee == CChar(id[0]))
                #expect(seen.replaces.length == 5 && seen.replaces.data?.pointee == CChar(replaced[0]))
                #expect(seen.display_quantity.low == 1 && seen.display_quantity.scale == 1)
                #expect(seen.stop_price.low == 2 && seen.stop_price.scale == 2)
                #expect(seen.decision_price.low == 3 && seen.decision_price.scale == 3 && seen.expire_at == -4)
                #expect([seen.strategy, seen.trader, seen.venue] == [5, 6, 7])
                #expect([seen.session, seen.clearing_account, seen.decision_maker] == [8, 9, 10])
                #expect(seen.order_type == OPENPIT_ORDER_TYPE_STOP_LIMIT)
                #expect(seen.time_in_force == OPENPIT_TIME_IN_FORCE_AT_CLOSE)
                #expect(seen.reserved_tail_short == 0 && seen.reserved_tail_word == 0)
                order.shortMark = .short
                let marked = unsafeBitCast(order, to: openpit_order.self).fields
                #expect(marked ^ seen.fields == UInt32(OPENPIT_ORDER_SHORT | OPENPIT_ORDER_SHORT_EXEMPT))
            }
        }
    }

    @Test func `the names of a record are where they are looked for together`() {
        #expect(MemoryLayout<Order>.offset(of: \.strategy) == Order.namesOffset)
        #expect(MemoryLayout<Order>.offset(of: \.decisionMaker) == Order.namesOffset + 20)
        #expect(MemoryLayout<Order>.offset(of: \.collateral) == Order.collateralOffset)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.strategy) == ExecutionReport.namesOffset)
        #expect(MemoryLayout<ExecutionReport>.offset(of: \.venue) == ExecutionReport.namesOffset + 8)
    }

    @Test func `the bytes of an order are where they are looked at together`() {
        typealias Bytes = MemoryLayout<openpit_order>
        #expect(Bytes.offset(of: \.amount_kind) == orderBytesOffset)
        #expect(Bytes.offset(of: \.side) == orderBytesOffset + 1)
        #expect(Bytes.offset(of: \.position_side) == orderBytesOffset + 2)
        #expect(Bytes.offset(of: \.reserved_byte) == orderBytesOffset + 3)
        #expect(Bytes.offset(of: \.leverage) == orderBytesOffset + 4)
        #expect(Bytes.offset(of: \.reserved_short) == orderBytesOffset + 6)
        #expect(OPENPIT_AMOUNT_VOLUME == 2 && OPENPIT_SIDE_SELL == 2 && OPENPIT_POSITION_SIDE_SHORT == 2)
    }

    @Test func `what an order of C does not say besides is absent in the core`() {
        let seen = unsafeBitCast(openpit_order(), to: Order.self)
        #expect(seen.clientOrderId == nil && seen.replaces == nil && seen.displayQuantity == nil)
        #expect(seen.stopPrice == nil && seen.decisionPrice == nil && seen.expireAt == nil)
        #expect(seen.orderType == nil && seen.timeInForce == nil && seen.shortMark == nil && !seen.isPostOnly)
        #expect([seen.strategy, seen.trader, seen.venue].allSatisfy { $0.isNone })
        #expect([seen.session, seen.clearingAccount, seen.decisionMaker].allSatisfy { $0.isNone })
    }

    @Test func `what a report says of its order reads the same in C`() {
        let (id, execution) = (Array("id".utf8), Array("trade".utf8))
        id.withUnsafeBufferPointer { id in
            execution.withUnsafeBufferPointer { execution in
                var report = ExecutionReport()
                report.clientOrderId = id
                report.orderId = .max
                report.executionId = execution
                report.strategy = Asset(id: 1)
                report.trader = Asset(id: 2)
                report.venue = Asset(id: 3)
                report.event = .tradeCancel
                let seen = unsafeBitCast(report, to: openpit_report.self)
                let plain = UInt32(OPENPIT_REPORT_HAS_CLIENT_ORDER_ID) - 1
                #expect(seen.fields == UInt32(OPENPIT_REPORT_ALL_FIELDS) & ~plain)
                #expect(seen.client_order_id.length == 2 && seen.client_order_id.data?.pointee == CChar(id[0]))
                #expect(seen.execution_id.length == 5 && seen.execution_id.data?.pointee == CChar(execution[0]))
                #expect(seen.order_id == .max && seen.event == OPENPIT_EVENT_TRADE_CANCEL)
                #expect([seen.strategy, seen.trader, seen.venue] == [1, 2, 3])
                #expect(seen.reserved_tail_byte == 0 && seen.reserved_tail_short == 0)
            }
        }
    }

    private func decimal(_ low: UInt64, _ scale: UInt8) -> Decimal {
        Decimal(low: low, high: 0, scale: scale, isNegative: false)!
    }
}
