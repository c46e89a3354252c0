"""The document's own examples, in their flow, with the numbers they lead to."""

from datetime import timedelta
from decimal import Decimal as D

import pytest

from trade_support import names


def test_first_example_runs_as_printed(capsys):
    from trade_engine import Engine, SimulatedBroker
    from trade_engine.risk import RiskManager
    from trade_engine.models import Signal, Side

    # Initialize
    broker = SimulatedBroker(initial_capital=100_000, slippage_bps=5)
    risk = RiskManager(max_position_pct=0.05, max_drawdown_pct=0.10)
    engine = Engine(broker=broker, risk_manager=risk)
    # Submit a signal
    signal = Signal(symbol="ES", side=Side.BUY, strength=0.8)
    order = engine.submit_signal(signal)
    # Check order state
    print(order.state)  # OrderState.FILLED
    # Check position
    position = engine.get_position("ES")
    print(f"P&L: ${position.unrealized_pnl:.2f}")
    # Close position
    engine.close_position("ES")

    # TE-7.9, 6.3, 7.1, 8.8: reference 4521.25, 0.8847 bought at 4523.510625, marked at 4521.25
    assert capsys.readouterr().out == "OrderState.FILLED\nP&L: $-2.00\n"
    assert order.quantity == D("0.8847")
    assert position.unrealized_pnl == D("-1.9999749375")
    assert engine.get_position("ES") is None
    # round trip: two slippages and two commissions of 2.50
    assert engine.equity == D("99991.000050125")
    assert str(order.state) == "OrderState.CLOSED"


def test_the_reference_price_is_visible_as_such():
    from trade_engine import Engine, RiskManager, SimulatedBroker
    from trade_engine.events import PriceUpdated
    from trade_engine.models import Side, Signal

    engine = Engine(SimulatedBroker(), RiskManager())
    engine.submit_signal(Signal("ES", Side.BUY))
    (price,) = engine.get_events(type=PriceUpdated)
    assert (price.symbol, price.price, price.source) == ("ES", D("4521.25"), "reference")


def test_position_example_with_a_multiplier_of_25(make_engine):
    """TE-2.3, 8.1: 4.25 points, two contracts, 25 a point."""
    from trade_engine import InstrumentSpec
    from trade_engine.models import Side, Signal

    engine = make_engine(
        initial_capital=1_000_000,
        max_position_pct=0.25,
        instruments=[InstrumentSpec("ES", multiplier=25, quantity_step=1)],
    )
    order = engine.submit_signal(Signal("ES", Side.BUY), current_price=4521.25)
    engine.update_price("ES", 4525.50)
    position = engine.get_position("ES")
    assert order.quantity == 2
    assert position.side == "LONG"
    assert f"{position.unrealized_pnl:.2f}" == "212.50"
    assert repr(position) == (
        "Position(symbol='ES', side='LONG', quantity=2, entry_price=4521.25, current_price=4525.50, "
        "unrealized_pnl=212.50, realized_pnl=0.00)"
    )


@pytest.mark.parametrize("multiplier, expected", [(1, "8.50"), (25, "212.50"), (50, "425.00")])
def test_the_multiplier_is_the_specification_s(make_engine, multiplier, expected):
    from trade_engine import InstrumentSpec
    from trade_engine.models import Side, Signal

    engine = make_engine(
        initial_capital=10_000_000, instruments=[InstrumentSpec("ES", multiplier=multiplier, quantity_step=1)]
    )
    engine.submit_signal(Signal("ES", Side.BUY, quantity=2), current_price=4521.25)
    engine.update_price("ES", 4525.50)
    assert f"{engine.get_position('ES').unrealized_pnl:.2f}" == expected


def test_event_example(make_engine):
    """TE-9.2, 9.3: half a basis point, rounded against the buyer to the tick, is the slippage of 0.25."""
    from trade_engine import InstrumentSpec
    from trade_engine.models import Side, Signal

    engine = make_engine(
        initial_capital=1_000_000,
        max_position_pct=0.25,
        slippage_bps=0.5,
        instruments=[InstrumentSpec("ES", multiplier=25, quantity_step=1, tick_size="0.25")],
    )
    order = engine.submit_signal(Signal("ES", Side.BUY), current_price=4521.25)
    assert order.order_id == "ORD-001"
    events = engine.get_events(order_id="ORD-001")
    created, submitted, filled, opened = events
    assert names(events) == ["OrderCreated", "OrderSubmitted", "OrderFilled", "PositionOpened"]
    assert repr(created) == "OrderCreated(price=4521.25, qty=2)"
    assert repr(submitted).startswith("OrderSubmitted(broker='sim', timestamp=2026-03-02T14:30:00")
    assert repr(filled) == "OrderFilled(fill_price=4521.50, slippage=0.25)"
    assert repr(opened) == "PositionOpened(symbol='ES', side='LONG', qty=2)"


def test_custom_strategy_example_runs_as_printed(make_engine):
    import pandas as pd

    from trade_engine import Engine
    from trade_engine.strategies import Strategy
    from trade_engine.models import Signal, Side

    class MomentumStrategy(Strategy):
        def __init__(self, lookback: int = 20, threshold: float = 0.02):
            self.lookback = lookback
            self.threshold = threshold

        def on_bar(self, bar, positions) -> Signal | None:
            returns = bar.close.pct_change(self.lookback).iloc[-1]
            if returns > self.threshold and "ES" not in positions:
                return Signal(symbol="ES", side=Side.BUY, strength=returns)
            elif returns < -self.threshold and "ES" in positions:
                return Signal(symbol="ES", side=Side.SELL, strength=abs(returns))
            return None

    assert Engine
    closes = [100.0] * 21 + [101.0, 103.0, 103.0, 103.0] + [97.0] * 3
    bars = pd.DataFrame({"close": closes}, index=pd.date_range("2026-03-02", periods=len(closes), freq="D"))
    result = make_engine(max_position_pct=0.5).run(MomentumStrategy(), bars, symbol="ES")
    buy, sell = result.orders
    # bar 22 is the first with a 20-bar return above 2 %: 3 %, so 0.03 * 0.5 * 100 000 / 103 rounded down to 0.0001
    assert buy.side is Side.BUY and buy.quantity == D("14.5631")
    assert buy.created_at == bars.index[22].tz_localize("UTC").to_pydatetime()
    assert sell.side is Side.SELL and sell.quantity == buy.quantity  # an opposite signal closes, TE-6.5
    assert sell.created_at - buy.created_at == timedelta(days=3)
    assert result.state.positions == {}
    assert result.state.realized_pnl == (D(97) - D(103)) * D("14.5631")


def test_module_structure_of_the_document_exists():
    import importlib

    for module in (
        "engine",
        "models",
        "order_manager",
        "position_tracker",
        "event_store",
        "brokers.base",
        "brokers.simulated",
        "risk.manager",
        "risk.rules",
        "strategies.base",
        "strategies.momentum",
    ):
        importlib.import_module(f"trade_engine.{module}")


def test_importing_the_package_does_not_import_pandas():
    """TE-0.1"""
    import subprocess
    import sys

    program = "import sys, trade_engine; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
