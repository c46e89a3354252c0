"""What is recorded. Events cannot be changed; those of an engine are numbered without gaps."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from trade_engine._numbers import amount, money, plain
from trade_engine._times import aware
from trade_engine._words import OrderType, PositionSide, Side, TimeInForce
from trade_engine.models import freeze, nothing

AMOUNTS = frozenset(
    (
        "average_fill_price", "commission", "cost_basis", "entry_price", "equity", "exit_price", "expected_price", "fill_price",
        "filled_quantity", "hold_duration_seconds", "initial_capital", "limit", "limit_price", "multiplier", "observed", "price",
        "qty", "quantity", "realized_pnl", "remaining_quantity", "slippage", "slippage_bps", "stop_price", "strength",
    )
)  # fmt: skip
WORDS: dict[str, Any] = {"order_type": OrderType, "time_in_force": TimeInForce}
DETAIL_AMOUNTS = ("limit", "observed", "headroom")


@dataclass(frozen=True, kw_only=True, repr=False)
class Event:
    """The base of all events."""

    seq: int = 0
    event_id: str = ""
    timestamp: datetime

    _shown: ClassVar[tuple[str, ...] | None] = None
    _side: ClassVar[Any] = Side

    def __post_init__(self) -> None:
        aware(self.timestamp, "timestamp")
        for name in own_fields(type(self)):
            value = getattr(self, name)
            if name in AMOUNTS and value is not None:
                object.__setattr__(self, name, amount(value, name))
            elif name in ("metadata", "details"):
                object.__setattr__(self, name, freeze_details(value))

    def __repr__(self) -> str:
        names = own_fields(type(self)) if self._shown is None else self._shown
        return f"{type(self).__name__}({', '.join(f'{name}={shown(name, getattr(self, name))}' for name in names)})"

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON says it; decimals are texts."""
        return {
            "seq": self.seq,
            "event_id": self.event_id,
            "type": type(self).__name__,
            "timestamp": self.timestamp.astimezone(UTC).isoformat(),
            "data": {name: said(getattr(self, name)) for name in own_fields(type(self))},
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Event:
        """The event that ``to_dict`` told of."""
        kind = BY_NAME.get(data["type"])
        if kind is None:
            raise ValueError(f"{data['type']!r} is no event")
        own = data["data"]
        values = {name: heard(kind, name, own[name]) for name in own_fields(kind)}
        return kind(
            seq=data["seq"],
            event_id=data["event_id"],
            timestamp=datetime.fromisoformat(data["timestamp"]),
            **values,
        )


class _HasQuantity:
    @property
    def quantity(self) -> Decimal:
        """Another name of ``qty``."""
        return self.qty  # type: ignore[attr-defined, no-any-return]


_own: dict[type, tuple[str, ...]] = {}


def own_fields(kind: type[Event]) -> tuple[str, ...]:
    """The names of what a kind tells, besides what all do."""
    names = _own.get(kind)
    if names is None:
        names = tuple(item.name for item in fields(kind) if item.name not in ("seq", "event_id", "timestamp"))
        _own[kind] = names
    return names


def freeze_details(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Details as nobody can change them; amounts in them are decimals."""
    kept = freeze(value)
    amounts = {name: amount(value[name], name) for name in DETAIL_AMOUNTS if isinstance(value.get(name), Decimal)}
    return freeze_with(kept, amounts) if amounts else kept


def freeze_with(kept: Mapping[str, Any], amounts: Mapping[str, Decimal]) -> Mapping[str, Any]:
    """The same with decimals among it."""
    from types import MappingProxyType

    return MappingProxyType({**kept, **amounts})


def said(value: Any) -> Any:
    """A value as JSON says it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (Side, OrderType, TimeInForce)):
        return value.name
    if isinstance(value, PositionSide):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: said(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [said(item) for item in value]
    return value


def heard(kind: type[Event], name: str, value: Any) -> Any:
    """And back."""
    if value is None:
        return None
    if name in AMOUNTS:
        return Decimal(value)
    if name == "side":
        return kind._side[value]
    if name in WORDS:
        return WORDS[name][value]
    if name == "day":
        return date.fromisoformat(value)
    if name == "kinds":
        return tuple(value)
    if name == "details":
        return {key: Decimal(item) if key in DETAIL_AMOUNTS else item for key, item in value.items()}
    return value


def shown(name: str, value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value) if name in ("qty", "quantity", "filled_quantity", "remaining_quantity") else money(value)
    if isinstance(value, PositionSide):
        return repr(value.value)
    if isinstance(value, (Side, OrderType, TimeInForce)):
        return value.name
    if isinstance(value, Mapping):
        return repr(dict(value))
    return repr(value)


@dataclass(frozen=True, kw_only=True, repr=False)
class EngineStarted(Event):
    """An engine began."""

    initial_capital: Decimal
    broker: str
    schema: int = 1


@dataclass(frozen=True, kw_only=True, repr=False)
class DayStarted(Event):
    """A trading day began."""

    day: date
    equity: Decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class SignalReceived(Event):
    """A signal came."""

    signal_id: str
    symbol: str
    side: Side
    strength: Decimal
    quantity: Decimal | None = None
    order_type: OrderType
    strategy_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True, repr=False)
class SignalIgnored(Event):
    """Nothing came of it."""

    signal_id: str
    symbol: str
    reason: str


@dataclass(frozen=True, kw_only=True, repr=False)
class PriceUpdated(Event):
    """A symbol is worth another price."""

    symbol: str
    price: Decimal
    source: str


@dataclass(frozen=True, kw_only=True, repr=False)
class OrderCreated(_HasQuantity, Event):
    """An order was made, and is pending."""

    _shown = ("price", "qty")

    order_id: str
    signal_id: str | None = None
    symbol: str
    side: Side
    qty: Decimal
    price: Decimal | None = None
    order_type: OrderType
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce
    strategy_id: str | None = None
    reducing: bool = False
    equity: Decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class OrderSubmitted(Event):
    """An order is about to be sent."""

    _shown = ("broker", "timestamp")

    order_id: str
    broker: str


@dataclass(frozen=True, kw_only=True, repr=False)
class OrderPartialFill(_HasQuantity, Event):
    """A part of an order traded."""

    order_id: str
    symbol: str
    side: Side
    fill_id: str | None
    fill_price: Decimal
    qty: Decimal
    expected_price: Decimal
    slippage: Decimal
    slippage_bps: Decimal
    commission: Decimal
    filled_quantity: Decimal
    remaining_quantity: Decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class OrderFilled(_HasQuantity, Event):
    """The rest of an order traded."""

    _shown = ("fill_price", "slippage")

    order_id: str
    symbol: str
    side: Side
    fill_id: str | None
    fill_price: Decimal
    qty: Decimal
    expected_price: Decimal
    slippage: Decimal
    slippage_bps: Decimal
    commission: Decimal
    average_fill_price: Decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class OrderCancelled(Event):
    """What was left of an order is withdrawn."""

    order_id: str
    reason: str


@dataclass(frozen=True, kw_only=True, repr=False)
class OrderRejected(Event):
    """An order is refused."""

    order_id: str
    code: str
    reason: str
    details: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True, repr=False)
class OrderClosed(Event):
    """An order is over and done with."""

    order_id: str
    reason: str


@dataclass(frozen=True, kw_only=True, repr=False)
class CancelRejected(Event):
    """A broker did not withdraw an order."""

    order_id: str
    reason: str


@dataclass(frozen=True, kw_only=True, repr=False)
class BrokerError(Event):
    """A broker failed: what became of the order is unknown."""

    order_id: str
    error: str


@dataclass(frozen=True, kw_only=True, repr=False)
class UnexpectedFill(_HasQuantity, Event):
    """A trade that no order was waiting for."""

    order_id: str
    symbol: str
    side: Side
    fill_id: str | None
    fill_price: Decimal
    qty: Decimal
    commission: Decimal
    reason: str


@dataclass(frozen=True, kw_only=True, repr=False)
class PositionOpened(_HasQuantity, Event):
    """Something is held."""

    _shown = ("symbol", "side", "qty")
    _side = PositionSide

    order_id: str | None
    symbol: str
    side: PositionSide
    qty: Decimal
    entry_price: Decimal
    multiplier: Decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class PositionUpdated(_HasQuantity, Event):
    """More or less of it is held."""

    _side = PositionSide

    order_id: str | None
    symbol: str
    side: PositionSide
    qty: Decimal
    entry_price: Decimal
    realized_pnl: Decimal
    cost_basis: Decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class PositionClosed(_HasQuantity, Event):
    """Nothing is held any more. The figures are those of its whole life."""

    _side = PositionSide

    order_id: str | None
    symbol: str
    side: PositionSide
    qty: Decimal
    entry_price: Decimal
    exit_price: Decimal
    realized_pnl: Decimal
    commission: Decimal
    hold_duration_seconds: Decimal


@dataclass(frozen=True, kw_only=True, repr=False)
class RiskWarning(Event):
    """Something to think about; it refuses nothing."""

    order_id: str
    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True, kw_only=True, repr=False)
class RiskHalted(Event):
    """Nothing opens any more."""

    kind: str
    code: str
    reason: str
    observed: Decimal | None = None
    limit: Decimal | None = None
    operator: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class RiskResumed(Event):
    """Somebody ended every halt."""

    kinds: tuple[str, ...]
    operator: str
    reason: str
    equity: Decimal


#: The classes by the numbers of the native core, from 1.
KINDS: tuple[type[Event], ...] = (
    Event,
    EngineStarted,
    DayStarted,
    SignalReceived,
    SignalIgnored,
    PriceUpdated,
    OrderCreated,
    OrderSubmitted,
    OrderPartialFill,
    OrderFilled,
    OrderCancelled,
    OrderRejected,
    OrderClosed,
    CancelRejected,
    BrokerError,
    UnexpectedFill,
    PositionOpened,
    PositionUpdated,
    PositionClosed,
    RiskWarning,
    RiskHalted,
    RiskResumed,
)
KIND_NUMBERS = {kind: number for number, kind in enumerate(KINDS) if number}
BY_NAME = {kind.__name__: kind for kind in KINDS[1:]}


def made(kind: type[Event], values: dict[str, Any]) -> Event:
    """An event of values that need no look: those of the native core, and texts."""
    event = object.__new__(kind)
    object.__setattr__(event, "__dict__", values)
    return event


def numbered(event: Event, seq: int) -> Event:
    """A copy with a number of its own."""
    stored = copy.copy(event)
    object.__setattr__(stored, "seq", seq)
    object.__setattr__(stored, "event_id", event_id(seq))
    return stored


def event_id(seq: int) -> str:
    """The id of a number."""
    return f"EVT-{seq:06}"
