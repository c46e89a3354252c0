"""TE-8: positions, cash and equity, exactly."""

import random
from decimal import Decimal as D

import pytest

from trade_support import names


def trade(engine, side, quantity, price, symbol="AAA"):
    from trade_engine.models import Side, Signal

    order = engine.submit_signal(Signal(symbol, Side[side], quantity=quantity), current_price=price)
    assert order.state.name in ("FILLED", "CLOSED"), order.rejection_code
    return order


# each row: fills (signed quantity @ price), then side, quantity, entry, realised of this life, unrealised, all realised
TABLE = [
    ("open long", "+10@100", "LONG", 10, "100", 0, 0, 0),
    ("add", "+10@100 +10@110", "LONG", 20, "105", 0, "100", 0),
    ("add thirds", "+1@100 +2@101", "LONG", 3, "100.6666666667", 0, "1", 0),
    ("reduce", "+10@100 -4@110", "LONG", 6, "100", "40", "60", "40"),
    ("reduce at a loss", "+10@100 -4@95", "LONG", 6, "100", "-20", "-30", "-20"),
    (
        "reduce thirds",
        "+1@100 +2@101 -2@110",
        "LONG",
        1,
        "100.6666666667",
        "18.6666666667",
        "9.3333333333",
        "18.6666666667",
    ),
    ("add, reduce, add", "+10@100 +10@110 -5@120 +5@90", "LONG", 20, "101.25", "75", "-225", "75"),
    ("open short", "-10@100", "SHORT", 10, "100", 0, 0, 0),
    ("short adds", "-10@100 -30@90", "SHORT", 40, "92.5", 0, "100", 0),
    ("short reduces", "-10@100 +4@90", "SHORT", 6, "100", "40", "60", "40"),
    ("flip to short", "+10@100 -25@110", "SHORT", 15, "110", 0, 0, "100"),
    ("flip to long", "-10@100 +12@95", "LONG", 2, "95", 0, 0, "50"),
    ("flip twice", "+5@100 -10@90 +10@80", "LONG", 5, "80", 0, 0, "0"),
]


@pytest.mark.parametrize(
    "name, fills, side, quantity, entry, realized, unrealized, total", TABLE, ids=[row[0] for row in TABLE]
)
def test_positions(make_engine, name, fills, side, quantity, entry, realized, unrealized, total):
    engine = make_engine(opposite_signal="flip")
    for fill in fills.split():
        amount, price = fill[1:].split("@")
        trade(engine, "BUY" if fill[0] == "+" else "SELL", amount, price)
    position = engine.get_position("AAA")
    assert (position.side, position.quantity) == (side, quantity)
    assert position.entry_price == D(entry)
    assert position.realized_pnl == D(realized)
    assert position.unrealized_pnl == D(unrealized)
    assert engine.state().realized_pnl == D(total)
    assert engine.equity == 100_000 + D(total) + D(unrealized)


def test_a_multiplier_multiplies_money_only(make_engine):
    from trade_engine import InstrumentSpec

    engine = make_engine(
        initial_capital=10_000_000, opposite_signal="flip", instruments=[InstrumentSpec("AAA", 50, quantity_step=1)]
    )
    trade(engine, "BUY", 4, "4521.25")
    trade(engine, "SELL", 1, "4525.50")
    position = engine.get_position("AAA")
    assert (position.entry_price, position.realized_pnl, position.unrealized_pnl) == (
        D("4521.25"),
        D("212.50"),
        D("637.50"),
    )
    assert position.notional_value == D("4525.50") * 3 * 50
    trade(engine, "SELL", 5, "4520")
    assert engine.state().realized_pnl == D("212.50") + 3 * 50 * D("-1.25")


def test_closing_ends_the_life_and_the_position(make_engine, clock):
    from trade_engine.events import PositionClosed

    engine = make_engine(commission_per_trade=1)
    trade(engine, "BUY", 10, 100)
    trade(engine, "SELL", 4, 110)
    clock.advance(hours=1)
    engine.close_position("AAA", current_price=120)
    assert engine.get_position("AAA") is None
    (closed,) = engine.get_events(type=PositionClosed)
    assert (closed.side, closed.qty, closed.entry_price, closed.exit_price) == ("LONG", 6, 100, 120)
    assert (closed.realized_pnl, closed.commission, closed.hold_duration_seconds) == (160, 3, 3600)
    assert engine.equity == engine.cash == 100_000 + 160 - 3


def test_entry_orders_close_when_the_position_does(make_engine):
    """TE-4.5"""
    engine = make_engine()
    first, second = trade(engine, "BUY", 1, 100), trade(engine, "BUY", 1, 100)
    reducing = trade(engine, "SELL", 1, 100)
    assert {first.state.name, second.state.name} == {"FILLED"}
    last = engine.close_position("AAA")
    assert [o.state.name for o in (first, second, reducing, last)] == ["CLOSED", "CLOSED", "FILLED", "FILLED"]
    assert names(engine.get_events(order_id=first.order_id))[-1] == "OrderClosed"


def test_flip_events(make_engine):
    """TE-8.6"""
    engine = make_engine(opposite_signal="flip")
    trade(engine, "BUY", 10, 100)
    order = trade(engine, "SELL", 25, 110)
    assert names(engine.get_events(order_id=order.order_id)) == [
        "OrderCreated",
        "OrderSubmitted",
        "OrderFilled",
        "PositionClosed",
        "PositionOpened",
    ]


def test_a_purchase_is_no_loss(make_engine):
    """TE-8.9: the original's equity fell by the price of what was bought."""
    engine = make_engine(max_drawdown_pct="0.01")
    trade(engine, "BUY", 900, 100)
    assert engine.equity == 100_000
    assert not engine.risk_manager.is_halted


def test_a_fill_does_not_move_the_mark(make_engine):
    """TE-8.8"""
    engine = make_engine(slippage_bps=10)
    trade(engine, "BUY", 10, 100)
    position = engine.get_position("AAA")
    assert (position.current_price, position.entry_price, position.unrealized_pnl) == (100, D("100.1"), -1)


def test_snapshots_do_not_change(make_engine):
    """TE-5.8"""
    engine = make_engine()
    trade(engine, "BUY", 10, 100)
    before = engine.get_position("AAA")
    engine.update_price("AAA", 150)
    assert before.current_price == 100
    with pytest.raises(AttributeError):
        before.quantity = 1
    engine.get_all_positions().clear()
    assert engine.get_position("AAA").current_price == 150


def test_position_figures(make_engine):
    engine = make_engine(commission_per_trade=2)
    trade(engine, "SELL", 10, 100)
    engine.update_price("AAA", 92)
    position = engine.get_position("AAA")
    assert (position.total_pnl, position.net_pnl, position.return_pct) == (80, 78, D("0.08"))
    assert (position.signed_quantity, position.is_open) == (-10, True)


def test_prices_may_be_negative_and_money_stays_right(make_engine):
    """TE-5.1: oil in April 2020."""
    engine = make_engine(slippage_bps=100)
    trade(engine, "BUY", 10, 5)
    engine.update_price("AAA", -30)
    assert engine.get_position("AAA").unrealized_pnl == D("-350.5")
    order = engine.close_position("AAA")
    assert order.average_fill_price == D("-30.3")
    assert engine.state().realized_pnl == D("-353.5")


@pytest.mark.parametrize("seed", range(5))
def test_conservation_over_random_lives(make_engine, seed):
    """TE-8.7: realised = sold - bought, to the last digit, whatever the slices; TE-7.10, 11.2 hold throughout."""
    dice = random.Random(seed)
    engine = make_engine(initial_capital=10**9, opposite_signal="flip", commission_per_trade="0.37")
    flow = D(0)
    for _ in range(120):
        quantity = D(dice.randint(1, 99999)) / 10_000
        price = D(dice.randint(1, 10**7)) / 10_000
        side = dice.choice(["BUY", "SELL"])
        trade(engine, side, quantity, price)
        flow += quantity * price * (1 if side == "SELL" else -1)
        assert engine.broker.equity == engine.equity
    if engine.get_position("AAA"):
        price = D("77.7777")
        position = engine.get_position("AAA")
        engine.close_position("AAA", current_price=price)
        flow += position.signed_quantity * price
    assert engine.state().realized_pnl == flow
    assert engine.state() == engine.replay()


def test_the_tracker_alone():
    from trade_engine.models import Fill, Side
    from trade_engine.position_tracker import PositionTracker

    tracker = PositionTracker()
    tracker.apply_fill(Fill("ORD-001", "AAA", Side.BUY, 2, 10, 10, multiplier=5))
    tracker.update_price("AAA", 12)
    assert tracker.has_position("AAA") and tracker.open_position_count == 1
    assert tracker.total_unrealized_pnl == 20
    tracker.apply_fill(Fill("ORD-002", "AAA", Side.SELL, 2, 13, 13, multiplier=5))
    assert tracker.get_position("AAA") is None
    assert (tracker.total_realized_pnl, tracker.total_pnl, len(tracker.get_closed_positions())) == (30, 30, 1)
