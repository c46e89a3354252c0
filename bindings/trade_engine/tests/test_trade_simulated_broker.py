"""TE-7 and TE-5: slippage, margin, partial fills, commissions, refusals, and brokers that misbehave."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from trade_support import names


def signal(side, symbol="AAA", **options):
    from trade_engine.models import Side, Signal

    return Signal(symbol, Side[side], **options)


@pytest.mark.parametrize(
    "side, bps, tick, price",
    [
        ("BUY", 5, None, "4523.510625"),
        ("SELL", 5, None, "4518.989375"),
        ("BUY", 5, "0.25", "4523.75"),
        ("SELL", 5, "0.25", "4518.75"),
        ("BUY", "0.5", "0.25", "4521.50"),
        ("BUY", 0, "0.25", "4521.25"),
        ("SELL", 10, "1", "4516"),
    ],
)
def test_slippage_moves_against_the_trader_and_to_the_tick(make_engine, side, bps, tick, price):
    """TE-7.1, 7.2"""
    from trade_engine import InstrumentSpec
    from trade_engine.events import OrderFilled

    engine = make_engine(slippage_bps=bps, instruments=[InstrumentSpec("AAA", tick_size=tick)])
    engine.submit_signal(signal(side, quantity=1), current_price="4521.25")
    (filled,) = engine.get_events(type=OrderFilled)
    assert filled.fill_price == D(price)
    assert filled.slippage == abs(D(price) - D("4521.25"))


@pytest.mark.parametrize("side, price", [("BUY", "0.0001235118"), ("SELL", "0.0001233882")])
def test_without_a_tick_prices_end_at_ten_places_against_the_trader(make_engine, side, price):
    """TE-7.1: 0.00012345 at 5 bps is 0.000123511725 or 0.000123388275."""
    engine = make_engine(slippage_bps=5)
    order = engine.submit_signal(signal(side, quantity=1), current_price="0.00012345")
    assert order.average_fill_price == D(price)


def test_slippage_has_a_sign():
    """TE-7.2: positive is worse, negative is improvement."""
    from trade_engine.models import Fill, Side

    worse = Fill("ORD-001", "AAA", Side.SELL, 10, "99.5", 100)
    better = Fill("ORD-001", "AAA", Side.BUY, 10, "99.5", 100)
    assert (worse.slippage, worse.slippage_bps) == (D("0.5"), 50)
    assert (better.slippage, better.slippage_bps) == (D("-0.5"), -50)
    with pytest.raises(AttributeError):
        better.price = 1


def test_commission_is_per_order_not_per_fill(make_engine):
    """TE-7.7"""
    engine = make_engine(commission_per_trade="2.50", max_fill_quantity=4)
    engine.submit_signal(signal("BUY", quantity=10), current_price=100)
    engine.update_price("AAA", 100)
    engine.update_price("AAA", 100)
    assert engine.get_position("AAA").quantity == 10
    assert engine.state().commissions == D("2.50")
    assert engine.cash == D("99997.50")


@pytest.mark.parametrize(
    "model, quantity, expected",
    [
        ({"per_unit": "0.005"}, 300, "1.5"),
        ({"per_unit": "0.005", "minimum": 1}, 100, "1"),
        ({"pct": "0.001"}, 50, "5"),
        ({"per_order": 2, "per_unit": "0.01", "pct": "0.0001"}, 100, "4"),
    ],
)
def test_commission_models(make_engine, model, quantity, expected):
    from trade_engine.brokers import CommissionModel

    engine = make_engine(commission=CommissionModel(**model))
    engine.submit_signal(signal("BUY", quantity=quantity), current_price=100)
    assert engine.state().commissions == D(expected)


def test_two_commissions_are_one_too_many():
    from trade_engine import SimulatedBroker
    from trade_engine.brokers import CommissionModel

    with pytest.raises(ValueError):
        SimulatedBroker(commission_per_trade=1, commission=CommissionModel(per_order=1))


def test_defaults_cost_what_the_original_s_cost(clock):
    from trade_engine import Engine, RiskManager, SimulatedBroker

    engine = Engine(SimulatedBroker(), RiskManager(max_position_pct=1), clock=clock)
    engine.submit_signal(signal("BUY", quantity=10), current_price=100)
    assert engine.state().commissions == D("2.50")
    assert engine.get_position("AAA").entry_price == D("100.05")


@pytest.mark.parametrize("quantity, state", [(1000, "FILLED"), ("1000.0001", "REJECTED")])
def test_margin_passes_when_it_is_just_enough(make_engine, quantity, state):
    """TE-7.4"""
    engine = make_engine(max_position_pct=2)
    order = engine.submit_signal(signal("BUY", quantity=quantity), current_price=100)
    assert order.state.name == state
    if state == "REJECTED":
        assert order.rejection_code == "INSUFFICIENT_MARGIN"
        assert engine.cash == engine.equity == 100_000


def test_commission_and_slippage_count_for_margin(make_engine):
    engine = make_engine(max_position_pct=2, commission_per_trade="0.01")
    assert engine.submit_signal(signal("BUY", quantity=1000), current_price=100).rejection_code == "INSUFFICIENT_MARGIN"


def test_futures_need_a_part_of_their_value(make_engine):
    from trade_engine import InstrumentSpec

    spec = InstrumentSpec("ES", multiplier=50, quantity_step=1, margin_rate="0.05")
    engine = make_engine(max_position_pct=30, instruments=[spec])
    assert (
        engine.submit_signal(signal("BUY", "ES", quantity=9), current_price=5000).rejection_code
        == "INSUFFICIENT_MARGIN"
    )
    assert engine.submit_signal(signal("BUY", "ES", quantity=8)).state.name == "FILLED"  # 8 * 12 500 = 100 000
    assert engine.broker.margin_used == 100_000
    assert engine.broker.buying_power == 0


def test_an_exit_is_never_refused_for_margin(make_engine):
    engine = make_engine(initial_capital=1000, commission_per_trade=0)
    engine.submit_signal(signal("BUY", quantity=10), current_price=100)
    engine.update_price("AAA", 1)
    assert engine.submit_signal(signal("SELL", quantity=10)).state.name == "FILLED"


def test_resting_orders_reserve_margin(make_engine):
    from trade_engine.models import OrderType

    engine = make_engine(max_position_pct=1)
    rest = engine.submit_signal(
        signal("BUY", quantity=900, order_type=OrderType.LIMIT, limit_price=90), current_price=100
    )
    assert rest.state.name == "SUBMITTED"
    assert (
        engine.submit_signal(signal("BUY", "BBB", quantity=20), current_price=1000).rejection_code
        == "INSUFFICIENT_MARGIN"
    )
    engine.cancel_order(rest.order_id)
    assert engine.submit_signal(signal("BUY", "BBB", quantity=20)).state.name == "FILLED"


def test_market_closed_and_invalid_symbol(make_engine):
    """TE-7.3: the seed's reasons, each with its own code."""
    engine = make_engine(symbols={"AAA", "BBB"})
    assert engine.submit_signal(signal("BUY", "ZZZ"), current_price=1).rejection_code == "INVALID_SYMBOL"
    engine.broker.close_market("AAA")
    assert engine.submit_signal(signal("BUY", quantity=1), current_price=1).rejection_code == "MARKET_CLOSED"
    assert engine.submit_signal(signal("BUY", "BBB", quantity=1), current_price=1).state.name == "FILLED"
    engine.broker.open_market()
    assert engine.submit_signal(signal("BUY", quantity=1)).state.name == "FILLED"


def test_market_hours_by_a_function(make_engine, clock):
    engine = make_engine(market_open=lambda symbol, now: now.hour < 21)
    assert engine.submit_signal(signal("BUY", quantity=1), current_price=1).state.name == "FILLED"
    clock.advance(hours=7)
    assert engine.submit_signal(signal("BUY", quantity=1)).rejection_code == "MARKET_CLOSED"
    assert engine.close_position("AAA").rejection_code == "MARKET_CLOSED"
    assert engine.get_position("AAA").quantity == 1


def test_no_shorts(make_engine):
    engine = make_engine(allow_short=False)
    assert engine.submit_signal(signal("SELL", quantity=1), current_price=1).rejection_code == "SHORT_NOT_ALLOWED"
    engine.submit_signal(signal("BUY", quantity=2))
    assert engine.submit_signal(signal("SELL", quantity=1)).state.name == "FILLED"


def test_the_same_seed_gives_the_same_day(make_engine):
    """TE-7.8"""

    def states(seed):
        engine = make_engine(rejection_rate=0.5, seed=seed)
        return [engine.submit_signal(signal("BUY", quantity=1), current_price=10).state.name for _ in range(30)]

    assert states(7) == states(7)
    assert {"FILLED", "REJECTED"} == set(states(7))


def test_large_orders_fill_in_slices(make_engine):
    """TE-7.6"""
    engine = make_engine(max_fill_quantity=4)
    order = engine.submit_signal(signal("BUY", quantity=10), current_price=100)
    assert (order.state.name, order.filled_quantity) == ("PARTIAL_FILL", 4)
    engine.update_price("AAA", 102)
    assert (order.state.name, order.filled_quantity) == ("PARTIAL_FILL", 8)
    engine.update_price("AAA", 104)
    assert (order.state.name, order.average_fill_price) == ("FILLED", D("101.6"))
    assert names(engine.get_events(order_id=order.order_id)) == [
        "OrderCreated",
        "OrderSubmitted",
        "OrderPartialFill",
        "PositionOpened",
        "OrderPartialFill",
        "PositionUpdated",
        "OrderFilled",
        "PositionUpdated",
    ]


def test_random_partial_fills_split_once(make_engine):
    engine = make_engine(partial_fill_rate=1, seed=3)
    order = engine.submit_signal(signal("BUY", quantity=100), current_price=10)
    assert order.state.name == "PARTIAL_FILL" and 30 <= order.filled_quantity <= 70
    engine.update_price("AAA", 10)
    assert order.state.name == "FILLED" and order.fill_count == 2


@pytest.mark.parametrize(
    "kind, side, prices, path, price",
    [
        ("LIMIT", "BUY", [100, 99, 98], "SSF", "98.0"),
        ("LIMIT", "SELL", [100, 101, 103], "SSF", "103"),
        ("STOP", "BUY", [100, 102, 103], "SSF", "103"),
        ("STOP", "SELL", [100, 98, 97], "SSF", "97"),
    ],
)
def test_limit_and_stop_orders_rest_until_their_price(make_engine, kind, side, prices, path, price):
    """TE-7.5: buy limit 98, sell limit 102, buy stop 103, sell stop 97."""
    from trade_engine.models import OrderType

    level = {("LIMIT", "BUY"): 98, ("LIMIT", "SELL"): 102, ("STOP", "BUY"): 103, ("STOP", "SELL"): 97}[kind, side]
    field = "limit_price" if kind == "LIMIT" else "stop_price"
    engine = make_engine()
    order = engine.submit_signal(
        signal(side, quantity=1, order_type=OrderType[kind], **{field: level}), current_price=prices[0]
    )
    seen = order.state.name[0]
    for next_price in prices[1:]:
        engine.update_price("AAA", next_price)
        seen += order.state.name[0]
    assert seen == path
    assert order.average_fill_price == D(price)


def test_slippage_never_passes_the_limit(make_engine):
    from trade_engine.models import OrderType

    engine = make_engine(slippage_bps=100)
    order = engine.submit_signal(
        signal("BUY", quantity=1, order_type=OrderType.LIMIT, limit_price="100.5"), current_price=100
    )
    assert order.average_fill_price == D("100.5")


@pytest.mark.parametrize(
    "tif, filled, state, reason",
    [
        ("IOC", 4, "CANCELLED", "IOC remainder"),
        ("FOK", 0, "CANCELLED", "FOK not filled"),
        ("GTC", 4, "PARTIAL_FILL", None),
    ],
)
def test_time_in_force(make_engine, tif, filled, state, reason):
    """TE-5.4"""
    from trade_engine.models import TimeInForce

    engine = make_engine(max_fill_quantity=4)
    order = engine.submit_signal(signal("BUY", quantity=10, time_in_force=TimeInForce[tif]), current_price=100)
    assert (order.filled_quantity, order.state.name, order.cancel_reason) == (filled, state, reason)


def test_day_orders_end_with_the_day_and_gtc_stays(make_engine, clock):
    from trade_engine.models import OrderType, TimeInForce

    engine = make_engine()
    day, gtc = (
        engine.submit_signal(
            signal("BUY", quantity=1, order_type=OrderType.LIMIT, limit_price=50, time_in_force=tif), current_price=100
        )
        for tif in (TimeInForce.DAY, TimeInForce.GTC)
    )
    clock.advance(days=1)
    engine.update_price("AAA", 49)
    assert (day.state.name, day.cancel_reason) == ("CANCELLED", "day order expired")
    assert gtc.state.name == "FILLED"


def test_cancelling(make_engine, scripted_broker):
    """TE-5.5"""
    from trade_engine.errors import InvalidTransition, UnknownOrder

    engine = make_engine(broker=scripted_broker)
    order = engine.submit_signal(signal("BUY", quantity=1), current_price=10)
    with pytest.raises(UnknownOrder):
        engine.cancel_order("ORD-999")
    scripted_broker.cancels = False
    assert engine.cancel_order(order.order_id).state.name == "SUBMITTED"
    assert names(engine.get_events(order_id=order.order_id))[-1] == "CancelRejected"
    scripted_broker.cancels = True
    assert engine.cancel_order(order.order_id, reason="changed my mind").cancel_reason == "changed my mind"
    with pytest.raises(InvalidTransition):
        engine.cancel_order(order.order_id)


def test_closing_takes_back_what_is_still_working(make_engine):
    """TE-5.6"""
    from trade_engine.errors import NoOpenPosition

    engine = make_engine(max_fill_quantity=4)
    with pytest.raises(NoOpenPosition, match="No open position for AAA"):
        engine.close_position("AAA")
    order = engine.submit_signal(signal("BUY", quantity=7), current_price=100)
    closing = engine.close_position("AAA", current_price=101)
    # the price that came with the call filled three more first
    assert order.filled_quantity == 7
    assert closing.quantity == 7 and closing.side.name == "SELL"


def test_a_refusal_by_the_broker_is_an_answer(make_engine, scripted_broker):
    """TE-5.3"""
    from trade_engine import BrokerRejection

    engine = make_engine(broker=scripted_broker)
    scripted_broker.answers = [BrokerRejection("HALTED", "auction")]
    order = engine.submit_signal(signal("BUY", quantity=1), current_price=10)
    assert (order.state.name, order.rejection_code, order.rejection_reason) == ("REJECTED", "HALTED", "auction")
    assert [state.name for state, _ in order.history] == ["CREATED", "PENDING", "SUBMITTED", "REJECTED"]


def test_a_broker_that_breaks_leaves_the_outcome_open(make_engine, scripted_broker):
    """TE-5.3: the order may be at the market, so it is not rejected."""
    from trade_engine.models import Fill, Side

    engine = make_engine(broker=scripted_broker)
    scripted_broker.answers = [ConnectionError("reset by peer")]
    order = engine.submit_signal(signal("BUY", quantity=1), current_price=10)
    assert order.state.name == "SUBMITTED"
    assert names(engine.get_events(order_id=order.order_id)) == ["OrderCreated", "OrderSubmitted", "BrokerError"]
    engine.apply_fill(Fill(order.order_id, "AAA", Side.BUY, 1, 10, 10, fill_id="X1"))
    assert order.state.name == "FILLED"


def test_a_fill_counts_once(make_engine, scripted_broker):
    """TE-5.7"""
    from trade_engine.models import Fill, Side

    engine = make_engine(broker=scripted_broker)
    order = engine.submit_signal(signal("BUY", quantity=5), current_price=10)
    fill = Fill(order.order_id, "AAA", Side.BUY, 2, 10, 10, fill_id="X1")
    engine.apply_fill(fill)
    before = engine.state()
    engine.apply_fill(fill)
    assert engine.state() == before


@pytest.mark.parametrize("reason", ["late", "overfill", "unknown_order"])
def test_a_fill_nobody_expected_still_moves_the_position(make_engine, scripted_broker, reason):
    from trade_engine.events import UnexpectedFill
    from trade_engine.models import Fill, Side

    engine = make_engine(broker=scripted_broker)
    order = engine.submit_signal(signal("BUY", quantity=5), current_price=10)
    if reason == "late":
        engine.cancel_order(order.order_id)
    quantity = 6 if reason == "overfill" else 2
    order_id = "ORD-777" if reason == "unknown_order" else order.order_id
    engine.apply_fill(Fill(order_id, "AAA", Side.BUY, quantity, 10, 10, fill_id="X1"))
    (unexpected,) = engine.get_events(type=UnexpectedFill)
    assert (unexpected.reason, unexpected.qty) == (reason, quantity)
    assert engine.get_position("AAA").quantity == quantity
    assert order.state.name == {"late": "CANCELLED", "overfill": "FILLED", "unknown_order": "SUBMITTED"}[reason]
    assert engine.replay() == engine.state()


def test_answers_that_come_later(make_engine, scripted_broker, clock):
    engine = make_engine(broker=scripted_broker)
    first = engine.submit_signal(signal("BUY", quantity=1), current_price=10)
    second = engine.submit_signal(signal("BUY", quantity=1))
    clock.advance(seconds=1)
    engine.apply_rejection(first.order_id, "MARKET_CLOSED", "too late")
    engine.apply_cancel(second.order_id, "venue cancelled")
    assert (first.state.name, second.state.name) == ("REJECTED", "CANCELLED")
    assert second.updated_at - second.created_at == timedelta(seconds=1)
