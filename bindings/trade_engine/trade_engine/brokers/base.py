"""What an engine asks of a broker."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from trade_engine.errors import BrokerRejection
from trade_engine.models import Fill, Order, State

__all__ = ["Broker", "BrokerRejection"]


class Broker(ABC):
    """A broker. One that answers later returns nothing, and calls ``engine.apply_fill`` and the like when it knows."""

    name: str = "broker"
    #: What the account begins with.
    initial_capital: Any = Decimal(100_000)

    @abstractmethod
    def submit_order(self, order: Order, current_price: Decimal) -> Sequence[Fill]:
        """Sends an order; its fills so far. It refuses by raising ``BrokerRejection``."""

    @abstractmethod
    def cancel_order(self, order_id: str) -> bool:
        """Withdraws an order; whether that worked."""

    def on_price(self, symbol: str, price: Decimal, timestamp: datetime) -> Sequence[Fill]:
        """Hears of a price; the fills that it leads to."""
        return ()

    def reference_price(self, symbol: str) -> Decimal | None:
        """A price for a symbol that the engine has none of."""
        return None

    def restore(self, state: State) -> None:  # noqa: B027  a live one need not
        """Takes over what an engine was restored to."""
