"""What matching and backtests cost from Python, in nanoseconds of the processor: the median of all rounds.

    python bench/python/backtest.py

The bounds are those of the package's contract, in nanoseconds on a machine of its own.
"""

import statistics
import time

from axon_quant.backtest import BacktestEngine, L1MatchingEngine, limit_order

ROUNDS = 9
COUNT = 20_000
BOUNDS = {"rest_and_cross": 3_000, "push_and_run_an_event": 1_000, "cancel_one_of_10000": 1_000}


def rest_and_cross():
    engine = L1MatchingEngine()
    start = time.process_time_ns()
    for id in range(0, 2 * COUNT, 2):
        engine.submit(limit_order(id, "BTC-USDT", "Sell", 100.0, 1.0))
        engine.submit(limit_order(id + 1, "BTC-USDT", "Buy", 100.0, 1.0))
    return (time.process_time_ns() - start) / COUNT


def push_and_run_an_event():
    events = [
        {
            "type": "order_submitted",
            "timestamp_ns": id,
            "order": limit_order(id, "BTC-USDT", "Sell" if id % 2 else "Buy", 100.0 + id * 7 % 5 / 10, 1.0),
        }
        for id in range(COUNT)
    ]
    start = time.process_time_ns()
    backtest = BacktestEngine(100_000.0)
    for event in events:
        backtest.push_event(event)
    backtest.run()
    return (time.process_time_ns() - start) / COUNT


def cancel_one_of_10000():
    engine = L1MatchingEngine()
    for id in range(10_000):
        engine.submit(limit_order(id, "BTC-USDT", "Buy", 100.0, 1.0))
    start = time.process_time_ns()
    for id in range(4_000, 6_000):
        engine.cancel(id)
    return (time.process_time_ns() - start) / 2_000


def main():
    for step in (rest_and_cross, push_and_run_an_event, cancel_one_of_10000):
        median = statistics.median(step() for _ in range(ROUNDS))
        bound = BOUNDS[step.__name__]
        print(f"{step.__name__:26}{median:11,.0f} ns   bound {bound:,}{'' if median <= bound else '   EXCEEDED'}")


if __name__ == "__main__":
    main()
