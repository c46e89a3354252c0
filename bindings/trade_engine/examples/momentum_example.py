"""A strategy that follows momentum, on a year of made-up days: python examples/momentum_example.py"""

import math
import random
from datetime import UTC, datetime

import pandas

from trade_engine import Engine, RiskManager, SimulatedBroker
from trade_engine.events import OrderFilled
from trade_engine.strategies import MomentumStrategy

FIRST_DAY = datetime(2025, 1, 2, tzinfo=UTC)


def days(count: int, seed: int) -> pandas.DataFrame:
    """Closes that wander around a slow wave; the same seed, the same days."""
    dice = random.Random(seed)
    closes, level = [], 4500.0
    for day in range(count):
        level *= 1 + 0.004 * math.sin(day / 18) + dice.gauss(0, 0.006)
        closes.append(round(level * 4) / 4)
    return pandas.DataFrame({"close": closes}, index=pandas.date_range(FIRST_DAY, periods=count, freq="B"))


def main() -> None:
    engine = Engine(
        broker=SimulatedBroker(initial_capital=100_000, slippage_bps=5),
        risk_manager=RiskManager(max_position_pct=0.5, max_drawdown_pct=0.10),
        clock=lambda: FIRST_DAY,
    )
    result = engine.run(
        MomentumStrategy(lookback=20, threshold=0.02, symbol="ES"), days(250, seed=7), close_at_end=True
    )
    print(f"{result.bars} bars, {result.signals} signals, {len(result.orders)} orders")
    for fill in engine.get_events(type=OrderFilled):
        print(f"  {fill.timestamp:%Y-%m-%d}  {fill.order_id}  {fill.side.name:<4}  {fill.qty} at {fill.fill_price}")
    summary, metrics = engine.portfolio_summary(), engine.performance()
    print(
        f"equity {summary.equity:,.2f}: realised {summary.realized_pnl:,.2f}, "
        f"unrealised {summary.unrealized_pnl:,.2f}, commissions {summary.commissions:,.2f}"
    )
    print(f"{metrics.total_trades} trades, {metrics.win_rate:.0%} won, largest drawdown {metrics.max_drawdown:.1%}")
    print(f"{summary.total_events} events, which lead to the same state again: {engine.replay() == engine.state()}")


if __name__ == "__main__":
    main()
