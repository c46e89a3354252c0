#include "check.hpp"

using namespace openpit;

static const Instrument aapl("AAPL", "USD");
static int tag;

template <class Text, class = void> struct can_be_id : std::false_type {};
template <class Text>
struct can_be_id<Text, std::void_t<decltype(std::declval<Order &>().client_order_id(std::declval<Text>())),
                                   decltype(std::declval<Order &>().replaces(std::declval<Text>())),
                                   decltype(std::declval<ExecutionReport &>().client_order_id(std::declval<Text>())),
                                   decltype(std::declval<ExecutionReport &>().execution_id(std::declval<Text>()))>>
    : std::true_type {};

int main() {
    test("an order starts with nothing set") {
        const Order order;
        check_equal(order.raw().struct_size, sizeof(openpit_order));
        check_equal(order.raw().fields, 0);
        check(!order.account() && !order.instrument() && !order.quantity() && !order.volume() && !order.price());
        check(!order.leverage() && !order.collateral() && order.user_data() == nullptr);
        check(!order.reduce_only() && !order.close_position() && !order.auto_borrow());
        check_equal(order.side(), Side::None);
        check_equal(order.position_side(), PositionSide::None);
    }
    test("an order reads back what was set") {
        const Order order = Order()
                                .account(AccountId(7))
                                .instrument(aapl)
                                .side(Side::Sell)
                                .quantity(Quantity(10))
                                .price(Price("185.50"))
                                .position_side(PositionSide::Short)
                                .leverage(Leverage(5))
                                .collateral(Asset("EUR"))
                                .user_data(&tag);
        check(order.account() == AccountId(7));
        check(order.instrument() == aapl);
        check_equal(order.side(), Side::Sell);
        check(order.quantity() == Quantity(10) && !order.volume());
        check(order.price() == Price("185.5"));
        check_equal(order.position_side(), PositionSide::Short);
        check(order.leverage() == Leverage(5));
        check(order.collateral() == Asset("EUR"));
        check(order.user_data() == &tag);
    }
    test("an order fills the C struct") {
        const openpit_order raw = Order()
                                      .account(AccountId(7))
                                      .instrument(aapl)
                                      .side(Side::Buy)
                                      .volume(Volume(9))
                                      .price(Price(3))
                                      .position_side(PositionSide::Long)
                                      .leverage(Leverage(2.5))
                                      .raw();
        check_equal(raw.fields, OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE);
        check_equal(raw.account, 7);
        check_equal(raw.underlying, aapl.underlying.raw());
        check_equal(raw.settlement, aapl.settlement.raw());
        check_equal(raw.side, OPENPIT_SIDE_BUY);
        check_equal(raw.amount_kind, OPENPIT_AMOUNT_VOLUME);
        check_equal(raw.amount.low, 9);
        check_equal(raw.price.low, 3);
        check_equal(raw.position_side, OPENPIT_POSITION_SIDE_LONG);
        check_equal(raw.leverage, 25);
    }
    test("a volume takes the place of a quantity, and the other way round") {
        check(Order().quantity(Quantity(1)).volume(Volume(2)).volume() == Volume(2));
        check(Order().volume(Volume(1)).quantity(Quantity(2)).quantity() == Quantity(2));
    }
    test("each switch of an order is its own, on and off") {
        check_equal(Order().reduce_only().raw().fields, OPENPIT_ORDER_REDUCE_ONLY);
        check_equal(Order().close_position().raw().fields, OPENPIT_ORDER_CLOSE_POSITION);
        check_equal(Order().auto_borrow().raw().fields, OPENPIT_ORDER_AUTO_BORROW);
        const Order order = Order().reduce_only().close_position().auto_borrow();
        check(order.reduce_only() && order.close_position() && order.auto_borrow());
        const Order none = Order(order).reduce_only(false).close_position(false).auto_borrow(false);
        check(!none.reduce_only() && !none.close_position() && !none.auto_borrow());
    }
    test("an order says who sends it, and what kind of order it is") {
        const std::string id = "id";
        const Instant instant{std::chrono::nanoseconds(-5)};
        const Order order = Order()
                                .client_order_id(id)
                                .replaces("older")
                                .order_type(OrderType::StopLimit)
                                .time_in_force(TimeInForce::Gtd)
                                .expire_at(instant)
                                .strategy(Name("strategy"))
                                .trader(Name("trader"))
                                .venue(Name("venue"))
                                .session(Name("session"))
                                .clearing_account(Name("clearing account"))
                                .decision_maker(Name("decision maker"))
                                .short_mark(ShortMark::ShortExempt)
                                .post_only()
                                .display_quantity(Quantity(1))
                                .stop_price(Price(2))
                                .decision_price(Price(3));
        check(order.client_order_id() == "id" && order.client_order_id()->data() == id.data());
        check(order.replaces() == "older");
        check_equal(order.order_type(), OrderType::StopLimit);
        check_equal(order.time_in_force(), TimeInForce::Gtd);
        check(order.expire_at() == instant);
        check(order.strategy() == Name("strategy") && order.trader() == Name("trader"));
        check(order.venue() == Name("venue") && order.session() == Name("session"));
        check(order.clearing_account() == Name("clearing account"));
        check(order.decision_maker() == Name("decision maker"));
        check_equal(order.short_mark(), ShortMark::ShortExempt);
        check(order.post_only());
        check(order.display_quantity() == Quantity(1));
        check(order.stop_price() == Price(2) && order.decision_price() == Price(3));
        check_equal(order.raw().fields & OPENPIT_ORDER_SHORT, 0);
        check_equal(order.raw().expire_at, -5);
        const openpit_order plain = Order(order).short_mark(ShortMark::None).post_only(false).raw();
        check_equal(plain.fields & (OPENPIT_ORDER_SHORT_EXEMPT | OPENPIT_ORDER_POST_ONLY), 0);
        const Order marked = Order(order).short_mark(ShortMark::Short).post_only(false);
        check_equal(marked.short_mark(), ShortMark::Short);
        check(!marked.post_only());
        check_equal(Order().short_mark(ShortMark::Short).raw().fields, OPENPIT_ORDER_SHORT);
        check_equal(Order().post_only().raw().fields, OPENPIT_ORDER_POST_ONLY);
        const auto now = std::chrono::system_clock::now();
        check(Order().expire_at(now).expire_at() == now);
    }
    test("what an order does not say besides is absent") {
        const Order order;
        check(!order.client_order_id() && !order.replaces() && !order.expire_at() && !order.display_quantity());
        check(!order.stop_price() && !order.decision_price() && !order.post_only());
        check(!order.strategy() && !order.trader() && !order.venue() && !order.session());
        check(!order.clearing_account() && !order.decision_maker());
        check_equal(order.order_type(), OrderType::None);
        check_equal(order.time_in_force(), TimeInForce::None);
        check_equal(order.short_mark(), ShortMark::None);
        const ExecutionReport report;
        check(!report.client_order_id() && !report.order_id() && !report.execution_id());
        check(!report.strategy() && !report.trader() && !report.venue());
        check_equal(report.event(), ReportEvent::None);
    }
    test("a report says whose it is, and what became of the order") {
        const ExecutionReport report = ExecutionReport()
                                           .client_order_id("id")
                                           .order_id(UINT64_MAX)
                                           .execution_id("trade")
                                           .event(ReportEvent::TradeCancel)
                                           .strategy(Name("strategy"))
                                           .trader(Name("trader"))
                                           .venue(Name("venue"));
        check(report.client_order_id() == "id" && report.execution_id() == "trade");
        check(report.order_id() == UINT64_MAX && ExecutionReport().order_id(0).order_id() == 0);
        check_equal(report.event(), ReportEvent::TradeCancel);
        check(report.strategy() == Name("strategy") && report.trader() == Name("trader"));
        check(report.venue() == Name("venue"));
        check_equal(report.raw().fields,
                    OPENPIT_REPORT_HAS_CLIENT_ORDER_ID | OPENPIT_REPORT_HAS_ORDER_ID | OPENPIT_REPORT_HAS_EXECUTION_ID);
    }
    test("texts that are about to go are not borrowed") {
        check(can_be_id<std::string &>::value && can_be_id<const char *>::value);
        check(can_be_id<std::string_view>::value && !can_be_id<std::string>::value);
    }
    test("an order made of a later, larger struct has the size it really has") {
        openpit_order raw = Order().account(AccountId(7)).raw();
        raw.struct_size = 1000;
        check_equal(named(Order(raw)).raw().struct_size, sizeof(openpit_order));
        check(Order(raw).account() == AccountId(7));
    }

    test("a report starts with nothing set") {
        const ExecutionReport empty;
        check_equal(empty.raw().struct_size, sizeof(openpit_report));
        check_equal(empty.raw().fields, 0);
        check(!empty.account() && !empty.instrument() && !empty.pnl() && !empty.fee() && !empty.trade());
        check(!empty.fill_fee() && !empty.leaves_quantity() && !empty.is_final() && !empty.lock());
        check(empty.user_data() == nullptr);
        check_equal(empty.side(), Side::None);
        check_equal(empty.position_side(), PositionSide::None);
        check_equal(empty.position_effect(), PositionEffect::None);
    }
    test("a report reads back what was set") {
        const Lock lock{{0, Price(101)}, {5, Price(102)}};
        const ExecutionReport full = ExecutionReport()
                                         .account(AccountId(7))
                                         .instrument(aapl)
                                         .side(Side::Buy)
                                         .financial_impact(Pnl(-5), Fee("0.10"))
                                         .trade({Price(101), Quantity(3)})
                                         .fill_fee({Fee("0.20"), Asset("BNB")})
                                         .leaves_quantity(Quantity(7))
                                         .is_final(false)
                                         .lock(lock)
                                         .position_effect(PositionEffect::Close)
                                         .position_side(PositionSide::Long)
                                         .user_data(&tag);
        check_equal(full.raw().fields, OPENPIT_REPORT_HAS_CLIENT_ORDER_ID - 1);
        check(full.account() == AccountId(7) && full.instrument() == aapl);
        check_equal(full.side(), Side::Buy);
        check(full.pnl() == Pnl(-5) && full.fee() == Fee("0.1"));
        check(full.trade() && full.trade()->price == Price(101) && full.trade()->quantity == Quantity(3));
        check(full.fill_fee() && full.fill_fee()->amount == Fee("0.2") && full.fill_fee()->currency == Asset("BNB"));
        check(full.leaves_quantity() == Quantity(7));
        check(full.is_final() == false && ExecutionReport().is_final(true).is_final() == true);
        check(full.lock() == lock);
        check_equal(full.position_effect(), PositionEffect::Close);
        check_equal(full.position_side(), PositionSide::Long);
        check(full.user_data() == &tag);
        check_equal(named(ExecutionReport(full.raw())).raw().leaves_quantity.low, 7);
    }

    test("a lock keeps its entries in order") {
        Lock lock;
        check(lock.empty());
        lock.add({0, Price(1)}).add({7, Price(2)});
        check_equal(lock.size(), 2);
        check(!lock.empty());
        check((lock[0] == LockEntry{0, Price(1)} && lock[1] == LockEntry{7, Price(2)}));
        check((lock[0] != LockEntry{1, Price(1)} && lock[0] != LockEntry{0, Price(2)}));
        check((lock == Lock{{0, Price(1)}, {7, Price(2)}}));
        check((lock != Lock{{0, Price(1)}} && lock != Lock{{0, Price(1)}, {7, Price(3)}}));
        check_equal(lock.raw()[1].policy_group, 7);
    }

    test("an adjustment of a balance reads back what was set") {
        const Adjustment adjustment = Adjustment::of_balance(Asset("USD"))
                                          .balance(AdjustmentAmount::absolute(PositionSize(100)))
                                          .held(AdjustmentAmount::delta(PositionSize(-5)))
                                          .incoming(AdjustmentAmount::delta(PositionSize(6)))
                                          .balance_bounds({PositionSize(1), PositionSize(2)})
                                          .held_bounds({PositionSize(3), PositionSize(4)})
                                          .incoming_bounds({PositionSize(5), PositionSize(6)})
                                          .average_entry_price(Price(9))
                                          .realized_pnl(Pnl(-8))
                                          .user_data(&tag);
        check_equal(adjustment.raw().struct_size, sizeof(openpit_adjustment));
        check_equal(adjustment.raw().fields, OPENPIT_ADJUSTMENT_ALL_FIELDS);
        check_equal(adjustment.kind(), AdjustmentKind::Balance);
        check(adjustment.asset() == Asset("USD"));
        check(adjustment.balance() == AdjustmentAmount::absolute(PositionSize(100)));
        check(adjustment.held() == AdjustmentAmount::delta(PositionSize(-5)));
        check(adjustment.incoming() == AdjustmentAmount::delta(PositionSize(6)));
        check((adjustment.balance_bounds() == AdjustmentBounds{PositionSize(1), PositionSize(2)}));
        check((adjustment.held_bounds() == AdjustmentBounds{PositionSize(3), PositionSize(4)}));
        check((adjustment.incoming_bounds() == AdjustmentBounds{PositionSize(5), PositionSize(6)}));
        check(adjustment.average_entry_price() == Price(9));
        check(adjustment.realized_pnl() == Pnl(-8));
        check_equal(adjustment.halt_reason(), HaltReason::None);
        check(adjustment.user_data() == &tag);
        check(Adjustment(adjustment.raw()).held() == adjustment.held());
    }
    test("an adjustment of a position reads back what was set") {
        const Adjustment adjustment =
            Adjustment::of_position(aapl, Asset("EUR"), Price(9), PositionMode::Hedged).leverage(Leverage(3));
        check_equal(adjustment.kind(), AdjustmentKind::Position);
        check(adjustment.instrument() == aapl);
        check(adjustment.collateral() == Asset("EUR"));
        check(adjustment.average_entry_price() == Price(9));
        check_equal(adjustment.mode(), PositionMode::Hedged);
        check(adjustment.leverage() == Leverage(3));
    }
    test("an adjustment of the ledger reads back what was set") {
        const Adjustment equity = Adjustment::of_equity(Asset("EUR")).balance(AdjustmentAmount::delta(PositionSize(5)));
        check_equal(equity.kind(), AdjustmentKind::Equity);
        check(equity.asset() == Asset("EUR"));
        check(equity.balance() == AdjustmentAmount::delta(PositionSize(5)));
        const Adjustment position = Adjustment::of_ledger_position(aapl)
                                        .average_entry_price(Price(9))
                                        .strategy(Name("strategy"))
                                        .trader(Name("trader"))
                                        .venue(Name("venue"));
        check_equal(position.kind(), AdjustmentKind::LedgerPosition);
        check(position.instrument() == aapl && position.average_entry_price() == Price(9));
        check(position.strategy() == Name("strategy") && position.trader() == Name("trader"));
        check(position.venue() == Name("venue"));
        check(!equity.strategy() && !equity.trader() && !equity.venue());
    }
    test("an adjustment of an account's P&L has a P&L or a reason why there is none") {
        const Adjustment running =
            Adjustment::of_account_pnl().realized_pnl(HaltReason::MissingFx).realized_pnl(Pnl(5));
        check_equal(running.kind(), AdjustmentKind::AccountPnl);
        check(running.realized_pnl() == Pnl(5));
        check_equal(running.halt_reason(), HaltReason::None);
        const Adjustment halted = Adjustment::of_account_pnl().realized_pnl(Pnl(5)).realized_pnl(HaltReason::MissingFx);
        check(!halted.realized_pnl());
        check_equal(halted.halt_reason(), HaltReason::MissingFx);
    }
    test("what an adjustment does not set is absent") {
        const Adjustment nothing;
        check_equal(nothing.kind(), AdjustmentKind::None);
        check(!nothing.asset() && !nothing.instrument() && !nothing.collateral() && !nothing.leverage());
        check(!nothing.balance() && !nothing.held() && !nothing.incoming());
        check(nothing.balance_bounds() == AdjustmentBounds() && nothing.held_bounds() == AdjustmentBounds());
        check(nothing.incoming_bounds() == AdjustmentBounds());
        check(!nothing.average_entry_price() && !nothing.realized_pnl());
        check_equal(nothing.mode(), PositionMode::None);
        const Adjustment lower = Adjustment().held_bounds({PositionSize(1), {}});
        check_equal(lower.raw().fields, OPENPIT_ADJUSTMENT_HAS_HELD_LOWER);
        check((lower.held_bounds() != AdjustmentBounds() &&
               lower.held_bounds() != AdjustmentBounds{{}, PositionSize(1)}));
    }
    test("an amount is a change by so much or to so much") {
        check(AdjustmentAmount::delta(PositionSize(1)).is_delta());
        check(!AdjustmentAmount::absolute(PositionSize(1)).is_delta());
        check(AdjustmentAmount::absolute(PositionSize(1)).value() == PositionSize(1));
        check(AdjustmentAmount::delta(PositionSize(1)) != AdjustmentAmount::absolute(PositionSize(1)));
        check(AdjustmentAmount::delta(PositionSize(1)) != AdjustmentAmount::delta(PositionSize(2)));
    }
    return report();
}
