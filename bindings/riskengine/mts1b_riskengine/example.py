"""A small day at a desk, in one command: `python -m mts1b_riskengine.example`.

Nothing leaves the process, and nothing is kept: the store is in memory, the clock is driven, and the order management
system below only passes orders through the gates.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from .engine import RiskEngine
from .envelope.model import RiskEnvelope
from .errors import StillInBreach
from .models import Alert, Fill, Instrument, Order, Quote, RiskDecision, Side
from .workers.synthetic_stop_runner import SyntheticStopRunner


class Day:
    """The clock, the engine, and an order management system and a feed in a few lines."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 4, 14, 30, tzinfo=UTC)
        self.number = 0
        self.last: dict[str, Decimal] = {}
        self.engine = RiskEngine(clock=lambda: self.now, on_alert=self.alerted)
        self.engine.register_fund("alpha")
        for symbol in ("AAPL", "MSFT"):
            self.engine.register_instrument(Instrument(symbol=symbol, asset_class="equity", sector="tech"))

    def say(self, text: str) -> None:
        print(f"{self.now:%H:%M}  {text}")

    def alerted(self, alert: Alert) -> None:
        self.say(f"alert {alert.code}: {alert.message}")

    def later(self, minutes: int, nav: int, **prices: int) -> None:
        """Time passes; quotes and the net asset value arrive."""
        self.now += timedelta(minutes=minutes)
        for symbol, price in prices.items():
            self.last[symbol] = Decimal(price)
            self.engine.update_quote(Quote(symbol=symbol, last=self.last[symbol]))
        self.engine.update_nav("alpha", nav)

    def publish(self, **limits: object) -> None:
        envelope = RiskEnvelope.model_validate({"fund_id": "alpha", "author": "anna", **limits})
        made = self.engine.envelopes.publish(envelope)
        self.say(f"{made.author} publishes {made.envelope_id}")

    def order(self, side: Side, symbol: str, quantity: int) -> RiskDecision:
        self.number += 1
        name = f"O{self.number}"
        order = Order(
            order_id=name,
            idempotency_key=name,
            fund_id="alpha",
            symbol=symbol,
            side=side,
            quantity=Decimal(quantity),
            broker="ib",
        )
        decision = self.engine.check_order(order)
        self.told(order, decision)
        if decision.approved:
            self.filled(order)
        return decision

    def told(self, order: Order, decision: RiskDecision) -> None:
        what = f"{order.side.value} {order.quantity} {order.symbol}"
        if decision.approved:
            self.say(f"{what}: approved under {decision.envelope_id}")
        else:
            details = decision.details
            limit = f" (limit {details['limit']}, asked {details['observed']})" if "limit" in details else ""
            self.say(f"{what}: refused by {decision.rejecting_gate}, {decision.rejection_code}{limit}")

    def filled(self, order: Order) -> None:
        fill = {
            "fill_id": f"F{order.order_id}",
            "order_id": order.order_id,
            "fund_id": order.fund_id,
            "symbol": order.symbol,
            "side": order.side,
            "quantity": order.quantity,
            "price": self.last[order.symbol],
            "broker": order.broker,
        }
        self.engine.apply_fill(Fill.model_validate(fill))

    # What the runner of synthetic stops asks of an order management system and of a feed.

    async def submit_order(self, order: Order) -> RiskDecision:
        decision = self.engine.check_order(order)
        self.told(order, decision)
        if decision.approved and not decision.replayed:
            self.filled(order)
        return decision

    async def cancel_open_orders(self, *, fund_id: str, symbol: str) -> None:
        return

    async def active_funds(self) -> list[str]:
        return ["alpha"]

    async def get_positions(self, *, fund_id: str) -> list[object]:
        return list(self.engine.positions(fund_id).values())

    async def adjust_position(self, *, fund_id: str, symbol: str, quantity: Decimal, reason: str) -> None:
        return

    async def get_quote(self, symbol: str) -> Quote:
        return Quote(symbol=symbol, last=self.last[symbol])


def main() -> None:
    """The day, from the first envelope to the last record."""
    day = Day()
    day.publish(allowed_brokers=["ib"], max_order_notional=100_000, max_position_pct="0.20", daily_loss_halt_pct="0.02")
    day.later(0, 1_000_000, AAPL=500, MSFT=400)
    day.order(Side.BUY, "AAPL", 150)
    day.order(Side.BUY, "AAPL", 201)

    day.later(30, 1_001_000, AAPL=505, MSFT=400)
    day.publish(allowed_brokers=["ib"], max_order_notional=50_000, max_position_pct="0.20", daily_loss_halt_pct="0.02")
    day.order(Side.BUY, "MSFT", 150)
    day.order(Side.BUY, "MSFT", 100)

    day.later(60, 979_000, AAPL=480, MSFT=320)
    for halt in day.engine.halts("alpha"):
        day.say(f"{halt.scope} is halted: {halt.severity.value}, {halt.pl_pct:.2%} of {halt.base_nav}")
    day.order(Side.BUY, "AAPL", 10)
    day.order(Side.SELL, "AAPL", 50)

    runner = SyntheticStopRunner(day.engine, day, day)  # type: ignore[arg-type]
    asyncio.run(runner.run_once())
    held = {symbol: str(position.quantity) for symbol, position in day.engine.positions("alpha").items()}
    day.say(f"held: {held}")

    day.later(60, 979_000, AAPL=480, MSFT=318)
    try:
        day.engine.resume("alpha", "anna", "looked at it")
    except StillInBreach as error:
        day.say(f"not resumed: {error}")
    day.engine.resume("alpha", "anna", "looked at it, from here on", rebase=True)
    day.say("alpha is resumed by anna")
    day.order(Side.BUY, "AAPL", 10)
    day.say(f"{day.engine.verify_audit()} records, and the chain holds")
    day.engine.close()


if __name__ == "__main__":
    main()
