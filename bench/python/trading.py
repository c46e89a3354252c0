"""What trade_engine costs, in nanoseconds of the processor: the median of all rounds.

    python bench/python/trading.py

The bounds are those of the package's contract, in nanoseconds on a machine of its own.
"""

import statistics
import time
from datetime import UTC, datetime

import pandas
from trade_engine import Engine, RiskManager, SimulatedBroker
from trade_engine.models import Side, Signal
from trade_engine.strategies import MomentumStrategy

ROUNDS = 5
COUNT = 3_000
BARS = 10_000
BOUNDS = {"submit_signal_to_filled": 30_000, "bar_of_a_momentum_run": 250_000}
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def make_engine():
    return Engine(
        SimulatedBroker(initial_capital=10**9, slippage_bps=1, prices={}),
        RiskManager(max_position_pct=1, max_drawdown_pct=1, max_daily_loss_pct=1),
        clock=lambda: NOW,
    )


def submit_signal_to_filled():
    engine = make_engine()
    engine.update_price("AAA", 100)
    signals = [Signal("AAA", Side.BUY, quantity=1), Signal("AAA", Side.SELL, quantity=1)]
    start = time.process_time_ns()
    for number in range(COUNT):
        engine.submit_signal(signals[number % 2])
    return (time.process_time_ns() - start) / COUNT


def bar_of_a_momentum_run():
    closes = [100.0 + number % 50 * 0.5 for number in range(BARS)]
    bars = pandas.DataFrame({"close": closes}, index=pandas.date_range("2026-03-03", periods=BARS, freq="min"))
    engine = make_engine()
    start = time.process_time_ns()
    engine.run(MomentumStrategy(), bars)
    return (time.process_time_ns() - start) / BARS


def main():
    for step in (submit_signal_to_filled, bar_of_a_momentum_run):
        median = statistics.median(step() for _ in range(ROUNDS))
        bound = BOUNDS[step.__name__]
        print(f"{step.__name__:26}{median:11,.0f} ns   bound {bound:,}{'' if median <= bound else '   EXCEEDED'}")


if __name__ == "__main__":
    main()
