"""What a check of risk costs from Python, in nanoseconds of the processor: the median of all rounds.

    python bench/python/risk.py

A bound portfolio has a bound of its own, whatever is held. From dicts the bounds are half of what the package it is made after
was measured to take.
"""

import statistics
import time

from axon_quant.risk import DefaultRiskEngine, RiskConfig, make_order, make_portfolio_with_positions

ROUNDS = 9
COUNT = 20_000
BOUND = 1_000
BOUNDS = {0: 550, 50: 6_350, 500: 65_000, 5_000: 857_000}

ORDER = make_order(1, "BTC-USDT", "Buy", "limit", 1.0, price=100.0)
TOO_LARGE = make_order(2, "BTC-USDT", "Buy", "limit", 1_000.0, price=100.0)


def portfolio_of(count):
    positions = {
        f"S{number}-USDT": {"quantity": 1.5 + number, "avg_cost": 100.25, "market_price": 101.37}
        for number in range(count)
    }
    return make_portfolio_with_positions("USD", {"USD": 100_000.0}, positions)


def engine():
    return DefaultRiskEngine(RiskConfig(max_total_exposure=1e12, max_leverage=1e9, max_concentration=1e9))


def cost(check, count, *arguments):
    start = time.process_time_ns()
    for _ in range(count):
        check(*arguments)
    return (time.process_time_ns() - start) / count


def tell(name, bound, check, count, *arguments):
    median = statistics.median(cost(check, count, *arguments) for _ in range(ROUNDS))
    print(f"{name:34}{median:11,.0f} ns   bound {bound:,}{'' if median <= bound else '   EXCEEDED'}")


def main():
    for held, bound in BOUNDS.items():
        portfolio = portfolio_of(held)
        tell(
            f"check, {held:,} positions in a dict",
            bound,
            engine().check_order,
            max(40, COUNT // (1 + held)),
            ORDER,
            portfolio,
        )
    for held in (1, 10_000):
        bound_engine = engine()
        bound_engine.bind(portfolio_of(held))
        tell(f"check, {held:,} positions bound", BOUND, bound_engine.check_order, COUNT, ORDER)
        tell(f"reject, {held:,} positions bound", BOUND, bound_engine.check_order, COUNT, TOO_LARGE)


if __name__ == "__main__":
    main()
