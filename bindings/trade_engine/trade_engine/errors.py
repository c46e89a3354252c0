"""What goes wrong. A refusal by risk or by a broker is an answer, an order in REJECTED, and no error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trade_engine.models import OrderState


class TradeEngineError(Exception):
    """The base of every error of the package."""


class InvalidTransition(TradeEngineError):
    """An order cannot go from its state to the one that was asked for. It is unchanged."""

    def __init__(
        self, order_id: str, current: OrderState, requested: OrderState, allowed: frozenset[OrderState] = frozenset()
    ) -> None:
        super().__init__(f"Cannot transition order {order_id} from {current.name} to {requested.name}")
        self.order_id = order_id
        self.current = current
        self.requested = requested
        self.allowed = allowed


class UnknownOrder(TradeEngineError, ValueError):
    """There is no order of that id."""

    def __init__(self, order_id: object) -> None:
        super().__init__(f"Order {order_id} not found")
        self.order_id = order_id


class NoOpenPosition(TradeEngineError, ValueError):
    """There is nothing to close."""

    def __init__(self, symbol: str) -> None:
        super().__init__(f"No open position for {symbol}")
        self.symbol = symbol


class NotHalted(TradeEngineError, ValueError):
    """There is nothing to resume."""


class BrokerRejection(TradeEngineError):
    """How a broker refuses an order: a code, and a message for people."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" if self.message else self.code


class EventStoreError(TradeEngineError):
    """An event could not be kept or read."""


class EventStoreCorrupt(EventStoreError):
    """A file of events is not what was written; ``seq`` is that of the first record that is bad."""

    def __init__(self, seq: int, why: str = "the record is damaged") -> None:
        super().__init__(f"record {seq}: {why}")
        self.seq = seq


class EventStoreLocked(EventStoreError):
    """Somebody else writes to the file."""


class ReplayError(TradeEngineError):
    """Events that are no history: one is missing, or of a kind that nobody knows."""
