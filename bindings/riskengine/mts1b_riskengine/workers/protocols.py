"""What the workers ask of the world around: an order management system, a broker, and quotes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from ..models import Order, Position, Quote, RiskDecision


class Oms(Protocol):
    async def active_funds(self) -> Sequence[str]: ...

    async def get_positions(self, *, fund_id: str) -> Sequence[Position]: ...

    async def submit_order(self, order: Order) -> RiskDecision:
        """Check `order` and send it, once a key however often it is called, and say what the gates said."""

    async def cancel_open_orders(self, *, fund_id: str, symbol: str) -> None:
        """Withdraw what rests; a closing order of a stop is not withdrawn."""

    async def adjust_position(self, *, fund_id: str, symbol: str, quantity: Decimal, reason: str) -> None: ...


class Broker(Protocol):
    async def get_positions(self) -> Sequence[Position]:
        """Everything that is held; `fund_id` is empty where the broker knows no funds."""


class Quotes(Protocol):
    async def get_quote(self, symbol: str) -> Quote | None: ...
