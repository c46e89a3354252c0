"""TE-12 and TE-13: strategies on bars, summary, metrics, export."""

import csv
import json
import time
from decimal import Decimal as D

import pandas as pd
import pytest


def frame(closes, start="2026-03-03", freq="D", **columns):
    return pd.DataFrame({"close": closes, **columns}, index=pd.date_range(start, periods=len(closes), freq=freq))


def recorder():
    """A strategy that keeps what it saw and signals what it is told: {bar index: signal}."""
    from trade_engine.strategies import Strategy

    class Recorder(Strategy):
        def __init__(self, script=None):
            self.script = script or {}
            self.seen = []
            self.fills = []
            self.rejects = []

        def on_bar(self, bar, positions):
            self.seen.append(
                (bar.symbol, bar.index, bar.timestamp, len(bar.close), bar.close.iloc[-1], dict(positions))
            )
            return self.script.get(bar.index)

        def on_fill(self, fill):
            self.fills.append(fill)

        def on_reject(self, order):
            self.rejects.append(order)

    return Recorder


def signal(side="BUY", symbol="AAA", **options):
    from trade_engine.models import Side, Signal

    return Signal(symbol, Side[side], **options)


def test_a_strategy_has_to_decide():
    from trade_engine.strategies import Strategy

    with pytest.raises(TypeError):
        Strategy()


def test_bars_end_with_the_present(make_engine):
    """TE-12.1"""
    strategy = recorder()()
    result = make_engine().run(strategy, frame([1.0, 2.0, 3.0]), symbol="AAA")
    assert [(index, length, last) for _, index, _, length, last, _ in strategy.seen] == [
        (0, 1, 1.0),
        (1, 2, 2.0),
        (2, 3, 3.0),
    ]
    assert result.bars == 3 and result.signals == 0
    assert str(strategy.seen[0][2].tzinfo) == "UTC"


def test_series_are_pandas_and_nobody_can_write_the_future(make_engine):
    from trade_engine.strategies import Strategy

    closes = []

    class Vandal(Strategy):
        def on_bar(self, bar, positions):
            assert isinstance(bar.close, pd.Series) and bar.close.dtype == "float64"
            assert list(bar.volume) == [0.0] * len(bar.volume) and list(bar.open) == list(bar.close)
            closes.append(list(bar.close))
            try:
                bar.close.iloc[0] = -1.0
            except ValueError:
                pass

    data = frame([1.0, 2.0, 3.0])
    make_engine().run(Vandal(), data, symbol="AAA")
    assert closes == [[1.0], [1.0, 2.0], [1.0, 2.0, 3.0]]
    assert list(data["close"]) == [1.0, 2.0, 3.0]


# 20 bars at 100, then one close: r is the 20-bar return of the last; a quarter is exact in binary, two percent is not
@pytest.mark.parametrize(
    "last, held, side, strength",
    [
        (125.0, False, None, None),  # exactly the threshold
        (126.0, False, "BUY", 0.26),
        (250.0, False, "BUY", 1),  # 1.5, capped
        (126.0, True, None, None),
        (75.0, True, None, None),
        (74.0, True, "SELL", 0.26),
        (74.0, False, None, None),
    ],
)
def test_the_shipped_momentum_strategy(last, held, side, strength):
    """TE-12.3"""
    from types import SimpleNamespace

    from trade_engine.strategies import MomentumStrategy

    strategy = MomentumStrategy(threshold=0.25)
    positions = {"ES": object()} if held else {}
    found = strategy.on_bar(SimpleNamespace(close=pd.Series([100.0] * 20 + [last])), positions)
    if side is None:
        assert found is None
    else:
        assert (found.symbol, found.side.name) == ("ES", side)
        assert float(found.strength) == pytest.approx(strength, abs=1e-9)
    too_short = SimpleNamespace(close=pd.Series([100.0] * 19 + [last]))
    assert strategy.on_bar(too_short, positions) is None


def test_signals_fill_at_the_close_or_at_the_next_open(make_engine):
    """TE-12.5"""
    data = frame([10.0, 12.0, 14.0], open=[9.0, 11.0, 13.0])
    strategy = recorder()
    at_close = make_engine().run(strategy({1: signal(quantity=1)}), data, symbol="AAA")
    assert at_close.orders[0].average_fill_price == 12
    script = {1: signal(quantity=1), 2: signal(quantity=1)}
    at_open = make_engine().run(strategy(script), data, symbol="AAA", fill_at="next_open")
    assert [order.average_fill_price for order in at_open.orders] == [13]
    assert at_open.dropped_signals == 1


def test_events_of_a_run_carry_the_bars_time(make_engine):
    strategy = recorder()({1: signal(quantity=1)})
    engine = make_engine()
    engine.run(strategy, frame([10.0, 12.0, 14.0]), symbol="AAA")
    (created,) = [event for event in engine.get_events() if type(event).__name__ == "OrderCreated"]
    assert created.timestamp.isoformat() == "2026-03-04T00:00:00+00:00"
    assert sum(type(event).__name__ == "DayStarted" for event in engine.get_events()) == 3


def test_hooks_of_a_strategy(make_engine):
    strategy = recorder()({0: signal(quantity=1), 1: signal(quantity=10**9)})
    make_engine().run(strategy, frame([10.0, 12.0]), symbol="AAA")
    assert [fill.quantity for fill in strategy.fills] == [1]
    assert [order.rejection_code for order in strategy.rejects] == ["MAX_POSITION_SIZE"]


def test_several_symbols_in_the_order_of_time(make_engine):
    strategy = recorder()()
    data = {"BBB": frame([1.0, 2.0]), "AAA": frame([5.0, 6.0, 7.0])}
    make_engine().run(strategy, data)
    assert [(symbol, last) for symbol, _, _, _, last, _ in strategy.seen] == [
        ("BBB", 1.0),
        ("AAA", 5.0),
        ("BBB", 2.0),
        ("AAA", 6.0),
        ("AAA", 7.0),
    ]


@pytest.mark.parametrize(
    "data",
    [
        lambda: frame([1.0, float("nan"), 3.0]),
        lambda: frame([1.0, -2.0]),
        lambda: frame([1.0, 2.0]).iloc[::-1],
        lambda: frame([1.0, 2.0]).rename(columns={"close": "price"}),
        lambda: pd.DataFrame({"close": [1.0, 2.0]}),
    ],
    ids=["nan", "negative", "backwards", "no close", "no times"],
)
def test_bad_bars_are_refused_before_the_first_one_runs(make_engine, data):
    """TE-12.4"""
    strategy = recorder()()
    with pytest.raises(ValueError):
        make_engine().run(strategy, data(), symbol="AAA")
    assert strategy.seen == []


def test_a_strategy_that_fails_ends_the_run(make_engine):
    """TE-12.6"""
    from trade_engine.strategies import Strategy

    class Fails(Strategy):
        def on_bar(self, bar, positions):
            if bar.index == 1:
                raise RuntimeError("lost")
            return signal(quantity=1)

    engine = make_engine()
    with pytest.raises(RuntimeError, match="lost"):
        engine.run(Fails(), frame([10.0, 11.0, 12.0]), symbol="AAA")
    assert engine.get_position("AAA").quantity == 1


def test_a_run_is_repeatable(make_engine):
    """TE-12.7"""

    def events():
        engine = make_engine(partial_fill_rate=0.5, rejection_rate=0.2, seed=11, slippage_bps=5)
        strategy = recorder()(
            {i: signal(side, quantity=3) for i, side in enumerate(["BUY", "SELL", "BUY", "BUY", "SELL"] * 4)}
        )
        result = engine.backtest(strategy, frame([10.0 + i % 7 for i in range(20)]), symbol="AAA")
        return [event.to_dict() for event in engine.get_events()], result.equity_points

    assert events() == events()


def test_equity_curve_and_close_at_the_end(make_engine):
    strategy = recorder()({0: signal(quantity=10)})
    result = make_engine().run(strategy, frame([10.0, 12.0, 11.0]), symbol="AAA", close_at_end=True)
    assert list(result.equity_curve) == [100_000.0, 100_020.0, 100_010.0]
    assert [point for _, point in result.equity_points] == [100_000, 100_020, 100_010]
    assert result.state.positions == {} and result.state.realized_pnl == 10


def test_ten_thousand_bars_do_not_take_long(make_engine):
    """TE-12.8"""
    from trade_engine.strategies import MomentumStrategy

    closes = [100.0 + (i % 50) * 0.5 for i in range(10_000)]
    began = time.perf_counter()
    make_engine().run(MomentumStrategy(), frame(closes, freq="min"))
    assert time.perf_counter() - began < 15  # three times the goal, for a busy machine


def test_summary(make_engine):
    engine = make_engine(commission_per_trade=1)
    engine.submit_signal(signal(quantity=10), current_price=100)
    engine.submit_signal(signal("SELL", quantity=4), current_price=110)
    summary = engine.portfolio_summary()
    assert (summary.realized_pnl, summary.unrealized_pnl, summary.total_pnl) == (40, 60, 100)
    assert (summary.commissions, summary.cash, summary.equity) == (2, 100_038, 100_098)
    assert (summary.open_positions, summary.total_orders, summary.total_events) == (1, 2, len(engine.get_events()))
    assert (summary.is_halted, bool(summary.halt_reason)) == (False, False)


def test_metrics(make_engine, clock):
    """TE-13.1: +100, -50, 0 and +20 before a commission of 5 a trade (2.50 an order)."""
    engine = make_engine(commission_per_trade="2.50")
    for gain in (10, -5, 0, 2):
        engine.submit_signal(signal(quantity=10), current_price=100)
        engine.close_position("AAA", current_price=100 + gain)
        clock.advance(days=1)
    metrics = engine.performance()
    assert (metrics.total_trades, metrics.winning_trades, metrics.losing_trades) == (4, 2, 2)
    assert metrics.total_pnl == 50
    assert (metrics.avg_win, metrics.avg_loss, metrics.avg_trade_pnl) == (55, -30, D("12.5"))
    assert (metrics.largest_win, metrics.largest_loss) == (95, -55)
    assert metrics.win_rate == 0.5
    assert metrics.profit_factor == pytest.approx(110 / 60)
    # observed equity: 100 097.50 when the first price comes, 100 032.50 when the fourth position has been opened
    assert metrics.max_drawdown == pytest.approx(65 / 100_097.5, abs=1e-9)


def test_metrics_of_nothing(make_engine):
    metrics = make_engine().performance()
    assert (metrics.total_trades, metrics.win_rate, metrics.total_pnl) == (0, 0, 0)
    assert (metrics.profit_factor, metrics.sharpe_ratio) == (None, None)


def test_exports(make_engine, clock, tmp_path):
    """TE-13.2"""
    engine = make_engine(commission_per_trade="2.50")
    engine.submit_signal(signal(quantity=10), current_price=100)
    clock.advance(hours=2)
    engine.close_position("AAA", current_price=110)
    with open(engine.export_trades(tmp_path / "out" / "trades.csv")) as file:
        (row,) = csv.DictReader(file)
    assert (row["TradeNumber"], row["Symbol"], row["Side"], D(row["Quantity"])) == ("1", "AAA", "LONG", 10)
    assert (D(row["EntryPrice"]), D(row["ExitPrice"]), D(row["PnL"]), D(row["Commission"])) == (100, 110, 100, 5)
    assert row["EntryTime"].startswith("2026-03-02T14:30:00") and row["ExitTime"].startswith("2026-03-02T16:30:00")
    assert D(row["HoldDurationSeconds"]) == 7200
    with open(engine.export_events(tmp_path / "out" / "events.csv")) as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(engine.get_events())
    assert all(json.loads(row["Details"]) is not None for row in rows)
    assert [row["OrderID"] for row in rows if row["EventType"] == "OrderFilled"] == ["ORD-001", "ORD-002"]
