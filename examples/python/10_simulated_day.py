"""A simulated trading day, looked at with pandas and drawn with matplotlib.

    python examples/python/10_simulated_day.py [PNG]

Three accounts trade at random for 390 minutes; the engine limits what they may do. The picture shows accepts, rejects by
code, how much of each limit is used, and P&L. The random numbers come from a seed, so every run is the same day.
"""

import datetime
import random
import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import pandas as pd
from openpit import (
    Engine,
    ExecutionReport,
    ExecutionReportOperation,
    FinancialImpact,
    Instrument,
    Order,
    OrderOperation,
)
from openpit.param import AccountId, Fee, Pnl, Price, Side, TradeAmount
from openpit.pretrade import policies

matplotlib.use("Agg")  # a file is all we want; no window
from matplotlib import pyplot  # noqa: E402

SEED = 20240229
MINUTES = 390
ACCOUNTS = {"anna": AccountId.from_int(1), "ben": AccountId.from_int(2), "carl": AccountId.from_int(3)}
AAPL = Instrument("AAPL", "USD")
LARGEST, ORDERS_A_DAY, LOSS = 400, 800, -2500


def build_engine() -> Engine:
    size = policies.OrderSizeLimit(max_quantity=LARGEST, max_notional=10_000_000)
    rate = policies.RateLimit(ORDERS_A_DAY, datetime.timedelta(days=1))
    loss = policies.PnlBoundsBrokerBarrier("USD", lower_bound=Pnl(LOSS))
    return (
        Engine.builder()
        .no_sync()
        .builtin(policies.build_order_validation())
        .builtin(policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(size)))
        .builtin(policies.build_rate_limit().broker_barrier(policies.RateLimitBrokerBarrier(rate)))
        .builtin(policies.build_pnl_bounds_killswitch().broker_barriers(loss))
        .build()
    )


@dataclass
class Event:
    """What became of one order."""

    minute: int
    account: str
    quantity: int
    verdict: str
    pnl: float


def trade(engine: Engine, dice: random.Random, minute: int, account: str, cents: int) -> Event:
    """Sends one order; an accepted one is filled at once, for better or worse."""
    quantity = max(0, round(dice.gauss(150, 110)))
    order = Order(
        operation=OrderOperation(
            instrument=AAPL,
            account_id=ACCOUNTS[account],
            side=dice.choice((Side.BUY, Side.SELL)),
            trade_amount=TradeAmount.quantity(quantity),
            price=Price(f"{cents // 100}.{cents % 100:02}"),
        )
    )
    earned = round(quantity * dice.gauss(-0.12 if account == "carl" else 0.02, 0.6))
    result = engine.execute_pre_trade(order=order)
    if not result:
        return Event(minute, account, quantity, result.rejects[0].code, 0)
    result.reservation.commit()
    report = ExecutionReport(
        operation=ExecutionReportOperation(instrument=AAPL, account_id=ACCOUNTS[account], side=Side.SELL),
        financial_impact=FinancialImpact(pnl=Pnl(earned), fee=Fee(1)),
    )
    engine.apply_execution_report(report=report)
    return Event(minute, account, quantity, "accepted", earned - 1)


def simulate() -> pd.DataFrame:
    engine, dice, cents = build_engine(), random.Random(SEED), 18_550
    events: list[Event] = []
    for minute in range(MINUTES):
        cents += dice.randint(-12, 12)
        for account in ACCOUNTS:
            events += [trade(engine, dice, minute, account, cents) for _ in range(dice.choice((0, 0, 1, 2)))]
    return pd.DataFrame(events)


def draw(day: pd.DataFrame, picture: Path) -> None:
    figure, ((accepts, rejects), (used, pnl)) = pyplot.subplots(2, 2, figsize=(12, 8), layout="constrained")
    minutes = range(MINUTES)
    is_accepted = day.verdict == "accepted"

    accepted = day[is_accepted].groupby(["account", "minute"]).size().unstack("account").reindex(minutes).fillna(0)
    accepted.cumsum().plot(ax=accepts, title="accepted orders, running total")
    by_code = day[~is_accepted].groupby(["verdict", "minute"]).size().unstack("verdict").reindex(minutes).fillna(0)
    by_code.cumsum().plot(ax=rejects, title="rejected orders by code, running total")

    result = day.groupby(["account", "minute"]).pnl.sum().unstack("account").reindex(minutes).fillna(0).cumsum()
    result.plot(ax=pnl, title="realised P&L in USD, with the kill switch's bound")
    pnl.axhline(LOSS, color="black", linestyle="--", linewidth=1)

    share = pd.DataFrame({"orders a day": accepted.sum(axis=1).cumsum() / ORDERS_A_DAY})
    share["worst loss"] = (result.min(axis=1).clip(upper=0) / LOSS).clip(upper=1)
    share["largest order so far"] = (
        day[is_accepted].groupby("minute").quantity.max().reindex(minutes).fillna(0).cummax() / LARGEST
    )
    (share * 100).plot(ax=used, title="used of each limit, in %", linewidth=1)

    for axes in (accepts, rejects, used, pnl):
        axes.legend(title=None, fontsize="small")
        axes.set_xlabel("minute")
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=110)


def main() -> None:
    picture = Path(sys.argv[1] if len(sys.argv) > 1 else "build/simulated_day.png")
    day = simulate()
    table = pd.crosstab(day.verdict, day.account)
    print(f"{len(day)} orders in {MINUTES} minutes")
    print(table.to_string())
    for account, earned in day.groupby("account").pnl.sum().items():
        blocked = day[(day.account == account) & (day.verdict == "PnlKillSwitchTriggered")].minute
        end = f", stopped by minute {blocked.min()}" if len(blocked) else ""
        print(f"{account}: {earned:.0f} USD{end}")
    draw(day, picture)
    print(f"drawn to {picture}")


if __name__ == "__main__":
    main()
