"""A day at a desk: stages that warn and brake, a halt, and a release that takes a second person.

The document beside the examples says what the desk may do. Its day is drawn as a picture: what the price did, how much of each
limit was used, when a bound was passed, and in which state the account was.

    python examples/python/14_desk_day.py [PICTURE]
"""

import datetime
import json
import random
import sys
from pathlib import Path

import matplotlib
import openpit
from openpit.marketdata import Quote
from openpit.param import AccountId, Price, Quantity, Side, TradeAmount

matplotlib.use("Agg")  # a file is all we want; no window
from matplotlib import dates, pyplot  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/examples/14_desk_day.png"
AAPL = openpit.Instrument("AAPL", "USD")
DESK = AccountId.from_int(7)

# The desk's limits, with the day's loss and the drawdown drawn tighter than in the document: something shall happen today.
document = json.loads((ROOT / "examples/documents/desk.json").read_text())
for limit in document["limits"]:
    if limit["name"] == "day":
        limit["confirm"] = 1
        limit["stages"] = [{"at": "0.5", "action": "notify"}, {"at": "0.8", "action": "throttle"}]
        limit["throttle"] = {"upper": 1, "window": "15m"}
    if limit["name"] == "drawdown":
        limit |= {"upper": "0.04", "warn": "0.5"}
del document["require"]

clock = openpit.Clock(datetime.datetime(2026, 3, 2, 14, 30, tzinfo=datetime.UTC))  # half past nine in New York
engine = openpit.Engine.from_config(document, clock)
quotes = engine.market_data()
aapl = quotes.register(AAPL)
samples: list[tuple[datetime.datetime, float, dict[str, float], str]] = []
refused: list[tuple[datetime.datetime, float, str]] = []
marks: list[tuple[datetime.datetime, str]] = []
random.seed(7)


def say(words: str) -> None:
    print(f"{clock.now():%H:%M} {words}")


def tell_events() -> None:
    """Says what the engine has to say of itself."""
    for event in engine.events():
        if event.kind in ("warn", "clear", "state", "release"):
            say(f"{event.kind} {event.name or 'by hand'} {event.text or ''}".strip())
            if event.kind == "state":
                marks.append((clock.now(), "released" if event.text == "ACTIVE" else f"by {event.name}"))


def send(side: Side, quantity: int, price: float) -> None:
    order = openpit.Order(
        operation=openpit.OrderOperation(
            instrument=AAPL,
            account_id=DESK,
            side=side,
            trade_amount=TradeAmount.quantity(quantity),
            price=Price(f"{price:.2f}"),
        )
    )
    result = engine.execute_pre_trade(order=order)
    if not result.ok:
        first = result.rejects[0]
        refused.append((clock.now(), price, first.policy))
        return
    lock = result.reservation.lock()
    result.reservation.commit()
    fill = openpit.ExecutionReport(
        operation=openpit.ExecutionReportOperation(instrument=AAPL, account_id=DESK, side=side),
        order=openpit.ExecutionReportOrder(order_id=result.reservation.order_id, event="fill"),
        fill=openpit.ExecutionReportFillDetails(
            last_trade=openpit.param.Trade(price=Price(f"{price:.2f}"), quantity=Quantity(quantity)),
            lock=lock,
            is_final=True,
        ),
        financial_impact=openpit.FinancialImpact(pnl=openpit.param.Pnl(0), fee=openpit.param.Fee(0)),
    )
    engine.apply_execution_report(report=fill)


def look(price: float) -> None:
    use: dict[str, float] = {}
    for row in engine.limits(account=7):
        if row.utilization is not None:
            use[row.name] = max(float(row.utilization), use.get(row.name, 0))
    samples.append((clock.now(), price, use, engine.state(account=7)))


price = 200.0
for minute in range(0, 385, 5):
    # A calm morning, a fall at noon, and a slow recovery.
    drift = 0.05 if minute < 120 else -1.3 if minute < 200 else 0.45
    price += drift + random.uniform(-0.4, 0.4)
    top = {"bid": Price(f"{price - 0.01:.2f}"), "ask": Price(f"{price + 0.01:.2f}")}
    quotes.push(aapl, Quote(mark=Price(f"{price:.2f}"), **top))
    engine.set_input("last", f"{price:.2f}", instrument="AAPL/USD")
    tell_events()
    send(Side.BUY if random.random() < 0.75 else Side.SELL, random.choice([200, 400, 600]), price)
    tell_events()
    if minute == 260 and engine.state(account=7) != "ACTIVE":
        say("anna asks for a release, without the role it needs")
        try:
            engine.release(actor="anna", reason="the fall is over", limit="drawdown", account=7)
        except openpit.controls.ReleaseRefused as error:
            say(f"refused: {error}")
        say("bob, of risk, rebases the peak and releases the account")
        engine.rebase(7, "peak", actor="bob", reason="the loss is taken")
        engine.rebase(7, "day", actor="bob", reason="the loss is taken")
        engine.release(actor="bob", reason="seen with anna", role="risk", account=7)
        tell_events()
    look(price)
    clock.advance(datetime.timedelta(minutes=5))

print(f"{len(refused)} orders refused, by {', '.join(sorted({name for _, _, name in refused}))}")

# ---- The picture -------------------------------------------------------------------------------------------------------

BACKGROUND = {"ACTIVE": "#ffffff", "REDUCING": "#fff3cd", "HALTED": "#f8d7da"}
times = [time for time, *_ in samples]
step = datetime.timedelta(minutes=5)
figure, (above, below) = pyplot.subplots(2, 1, sharex=True, figsize=(11, 7), height_ratios=[2, 3], layout="constrained")
for axis in (above, below):
    for time, *_, state in samples:
        axis.axvspan(time, time + step, color=BACKGROUND[state], linewidth=0, zorder=0)

above.plot(times, [mark for _, mark, _, _ in samples], color="#1f4e79", linewidth=1.5)
above.scatter(
    [time for time, *_ in refused], [at for _, at, _ in refused], color="#c0392b", marker="x", s=28, zorder=3,
    label="order refused",
)  # fmt: skip
above.set_ylabel("price of AAPL, USD")
above.legend(loc="lower left", frameon=False)
above.set_title("A day at a desk: the state of the account is the background")

STYLES = {"position of 7": "#7f8c8d", "day": "#d35400", "drawdown": "#8e44ad"}
for name, color in STYLES.items():
    below.plot(
        times, [used.get(name, float("nan")) for _, _, used, _ in samples], color=color, linewidth=1.8, label=name
    )
below.axhline(1, color="#c0392b", linewidth=1)
below.text(times[0], 1.01, "bound", color="#c0392b", va="bottom")
for at, text in ((0.5, "warns"), (0.8, "throttles")):
    below.axhline(at, color="#95a5a6", linewidth=0.8, linestyle="--")
    below.text(times[0], at + 0.01, f"day {text}", color="#7f8c8d", va="bottom")
below.set_ylabel("share of the limit that is used")
below.set_ylim(bottom=0)
below.legend(loc="upper right", frameon=False, ncols=3)
# Each state is named where it begins, above the price.
above.margins(y=0.18)
before = ""
for time, *_, state in samples:
    if state != before:
        cause = next((name for at, name in marks if at == time), "")
        label = f"{state}\n{cause}" if before else state
        above.text(time, 0.97, label, transform=above.get_xaxis_transform(), va="top", fontsize=8, color="#34495e")
    before = state
below.xaxis.set_major_formatter(dates.DateFormatter("%H:%M"))  # type: ignore[no-untyped-call]
below.set_xlabel("UTC")
PICTURE.parent.mkdir(parents=True, exist_ok=True)
figure.savefig(PICTURE, dpi=110)
