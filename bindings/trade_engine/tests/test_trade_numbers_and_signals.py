"""TE-1 to TE-3: exact numbers, instruments, signals."""

import decimal
from decimal import Decimal as D

import pytest


def test_floats_are_read_by_their_shortest_text():
    import numpy as np

    from trade_engine.models import Side, Signal

    assert Signal("ES", Side.BUY, 0.1).strength == D("0.1")
    assert Signal("ES", Side.BUY, np.float64(0.8)).strength == D("0.8")
    assert Signal("ES", Side.BUY, "0.30").strength == D("0.3")


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "abc", -0.01, 1.0001])
def test_strength_out_of_range(bad):
    from trade_engine.models import Side, Signal

    with pytest.raises(ValueError, match="strength"):
        Signal("ES", Side.BUY, bad)


def test_a_bool_is_not_a_number(make_engine):
    from trade_engine.models import Side, Signal

    with pytest.raises(TypeError):
        Signal("ES", Side.BUY, True)
    with pytest.raises(TypeError):
        make_engine().update_price("ES", True)


@pytest.mark.parametrize("price", [float("nan"), float("-inf"), "1e"])
def test_a_bad_price_changes_nothing(make_engine, price):
    engine = make_engine()
    engine.update_price("ES", 100)
    before = engine.state()
    with pytest.raises(ValueError):
        engine.update_price("ES", price)
    assert engine.state() == before


def test_every_amount_is_a_plain_decimal(make_engine):
    from trade_engine.models import Side, Signal

    engine = make_engine(slippage_bps=5, commission_per_trade=2.5)
    order = engine.submit_signal(Signal("ES", Side.BUY, 0.5), current_price=4521.25)
    position = engine.get_position("ES")
    for value in (
        order.quantity,
        order.average_fill_price,
        position.entry_price,
        position.unrealized_pnl,
        position.realized_pnl,
        position.commission_paid,
        engine.cash,
        engine.equity,
        engine.portfolio_summary().total_pnl,
    ):
        assert type(value) is D


def test_the_caller_s_decimal_context_does_not_matter(make_engine):
    from trade_engine.models import Side, Signal

    def outcome():
        engine = make_engine(slippage_bps=5)
        engine.submit_signal(Signal("ES", Side.BUY, 0.8), current_price="4521.25")
        engine.close_position("ES", current_price="4533.333333")
        return engine.equity

    expected = outcome()
    with decimal.localcontext() as context:
        context.prec = 4
        context.rounding = decimal.ROUND_UP
        assert outcome() == expected


@pytest.mark.parametrize(
    "options",
    [
        {"multiplier": 0},
        {"multiplier": -1},
        {"quantity_step": 0},
        {"tick_size": 0},
        {"margin_rate": 0},
        {"margin_rate": "1.01"},
        {"min_quantity": 5, "max_quantity": 4},
    ],
)
def test_a_specification_that_cannot_be_right(options):
    from trade_engine import InstrumentSpec

    with pytest.raises(ValueError):
        InstrumentSpec("ES", **options)


@pytest.mark.parametrize(
    "symbol, multiplier, tick",
    [
        ("ES", 50, "0.25"),
        ("NQ", 20, "0.25"),
        ("CL", 1000, "0.01"),
        ("GC", 100, "0.10"),
        ("MES", 5, "0.25"),
        ("MNQ", 2, "0.25"),
    ],
)
def test_listed_futures(symbol, multiplier, tick):
    from trade_engine.instruments import CME_FUTURES

    spec = CME_FUTURES[symbol]
    assert (spec.multiplier, spec.tick_size, spec.quantity_step, spec.min_quantity) == (multiplier, D(tick), 1, 1)


@pytest.mark.parametrize(
    "options",
    [
        {"symbol": ""},
        {"symbol": " ES"},
        {"quantity": 0},
        {"quantity": -1},
        {"order_type": "LIMIT"},
        {"order_type": "STOP"},
        {"order_type": "STOP_LIMIT", "limit_price": 1},
        {"limit_price": 5},
        {"order_type": "LIMIT", "limit_price": 0},
    ],
)
def test_a_signal_that_makes_no_sense(options):
    from trade_engine.models import OrderType, Side, Signal

    options = {"symbol": "ES", **options}
    if "order_type" in options:
        options["order_type"] = OrderType[options["order_type"]]
    with pytest.raises(ValueError):
        Signal(side=Side.BUY, **options)


def test_a_signal_is_frozen_and_takes_sides_as_text():
    from trade_engine.models import Side, Signal

    signal = Signal("ES", "SELL", metadata={"why": "test"})
    assert signal.side is Side.SELL
    with pytest.raises(AttributeError):
        signal.strength = 1
    with pytest.raises(TypeError):
        signal.metadata["why"] = "changed"
