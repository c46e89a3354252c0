"""What a strategy and an engine speak of. What has numbers in it is a snapshot, but for an order, which follows its engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count as counting
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import uuid4

from openpit import _openpit

from trade_engine._numbers import ANY, NOT_NEGATIVE, POSITIVE, UNIT, Amount, amount, money, optional_amount, plain
from trade_engine._times import aware, now
from trade_engine._words import (
    STAGES,
    STATES,
    OrderState,
    OrderType,
    PositionSide,
    Side,
    TimeInForce,
)
from trade_engine.errors import InvalidTransition
from trade_engine.instruments import InstrumentSpec, symbol_of

if TYPE_CHECKING:
    import pandas

__all__ = [
    "VALID_TRANSITIONS",
    "Fill",
    "Order",
    "OrderState",
    "OrderType",
    "PerformanceMetrics",
    "PortfolioSummary",
    "Position",
    "PositionSide",
    "RunResult",
    "Side",
    "Signal",
    "State",
    "TimeInForce",
]

ZERO = Decimal(0)
NOTHING: Mapping[str, Any] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """A mapping without anything in it."""
    return NOTHING


#: Where an order may go from each state: what the native table of its life says.
VALID_TRANSITIONS: Mapping[OrderState, frozenset[OrderState]] = MappingProxyType(
    {
        state: frozenset(after for after in OrderState if _openpit.stage_allows(STAGES[state], STAGES[after]))
        for state in OrderState
    }
)

Word = TypeVar("Word", Side, OrderType, TimeInForce, PositionSide)


def word(kind: type[Word], value: Any, name: str) -> Word:
    """A member of an enum, or of its name."""
    if isinstance(value, kind):
        return value
    if isinstance(value, str) and value in kind.__members__:
        return kind[value]
    raise ValueError(f"{name}: {value!r} is none of {', '.join(kind.__members__)}")


def freeze(value: Any) -> Any:
    """A copy that nobody can change, of what JSON can say; anything else is its text."""
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): freeze(item) for key, item in value.items()})
    if isinstance(value, (str, bool, int, float)) or value is None:
        # A scalar of NumPy that is a number of Python, too, is that number.
        for plain_type in (str, bool, int, float):
            if isinstance(value, plain_type):
                return plain_type(value)
        return None
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(freeze(item) for item in value)
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return freeze(value.item())
    return str(value)


def frozen(instance: object, **fields: Any) -> None:
    """Sets fields of a dataclass that is frozen, while it is made."""
    for name, value in fields.items():
        object.__setattr__(instance, name, value)


def check_prices(order_type: OrderType, limit_price: Any, stop_price: Any) -> tuple[Decimal | None, Decimal | None]:
    """The prices that a type of order uses, and no others."""
    found: list[Decimal | None] = []
    for name, value, users in (
        ("limit_price", limit_price, (OrderType.LIMIT, OrderType.STOP_LIMIT)),
        ("stop_price", stop_price, (OrderType.STOP, OrderType.STOP_LIMIT)),
    ):
        if (value is not None) != (order_type in users):
            verb = "needs" if value is None else "has no"
            raise ValueError(f"{name}: an order of type {order_type.name} {verb} {name}")
        found.append(optional_amount(value, name, POSITIVE))
    return found[0], found[1]


def order_words(
    symbol: Any, side: Any, order_type: Any, limit_price: Any, stop_price: Any, time_in_force: Any
) -> tuple[str, Side, OrderType, Decimal | None, Decimal | None, TimeInForce]:
    """What an order is, apart from its size, as given and looked at."""
    symbol, side = symbol_of(symbol), word(Side, side, "side")
    if side is Side.FLAT:
        raise ValueError("side: an order is BUY or SELL")
    kind = word(OrderType, order_type, "order_type")
    limit, stop = check_prices(kind, limit_price, stop_price)
    return symbol, side, kind, limit, stop, word(TimeInForce, time_in_force, "time_in_force")


@dataclass(frozen=True)
class Signal:
    """What a strategy wants."""

    symbol: str
    side: Side
    strength: Decimal = Decimal(1)
    quantity: Decimal | None = field(default=None, kw_only=True)
    order_type: OrderType = field(default=OrderType.MARKET, kw_only=True)
    limit_price: Decimal | None = field(default=None, kw_only=True)
    stop_price: Decimal | None = field(default=None, kw_only=True)
    time_in_force: TimeInForce = field(default=TimeInForce.DAY, kw_only=True)
    strategy_id: str | None = field(default=None, kw_only=True)
    metadata: Mapping[str, Any] = field(default_factory=nothing, kw_only=True)
    timestamp: datetime | None = field(default=None, kw_only=True)

    if TYPE_CHECKING:

        def __init__(
            self,
            symbol: str,
            side: Side | str,
            strength: Amount = 1,
            *,
            quantity: Amount | None = None,
            order_type: OrderType | str = OrderType.MARKET,
            limit_price: Amount | None = None,
            stop_price: Amount | None = None,
            time_in_force: TimeInForce | str = TimeInForce.DAY,
            strategy_id: str | None = None,
            metadata: Mapping[str, Any] | None = None,
            timestamp: datetime | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        order_type = word(OrderType, self.order_type, "order_type")
        limit_price, stop_price = check_prices(order_type, self.limit_price, self.stop_price)
        if self.metadata is not None and not isinstance(self.metadata, Mapping):
            raise TypeError(f"metadata: {self.metadata!r} is not a mapping")
        frozen(
            self,
            symbol=symbol_of(self.symbol),
            side=word(Side, self.side, "side"),
            strength=amount(self.strength, "strength", UNIT),
            quantity=optional_amount(self.quantity, "quantity", POSITIVE),
            order_type=order_type,
            limit_price=limit_price,
            stop_price=stop_price,
            time_in_force=word(TimeInForce, self.time_in_force, "time_in_force"),
            metadata=MappingProxyType(dict(self.metadata)) if self.metadata else NOTHING,
            timestamp=None if self.timestamp is None else aware(self.timestamp, "timestamp"),
        )


@dataclass(frozen=True)
class Fill:
    """A trade of an order."""

    order_id: str
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    expected_price: Decimal
    commission: Decimal = ZERO
    multiplier: Decimal = Decimal(1)
    fill_id: str = ""
    timestamp: datetime | None = None

    if TYPE_CHECKING:

        def __init__(
            self,
            order_id: str,
            symbol: str,
            side: Side | str,
            quantity: Amount,
            price: Amount,
            expected_price: Amount,
            commission: Amount = 0,
            multiplier: Amount = 1,
            fill_id: str | None = None,
            timestamp: datetime | None = None,
        ) -> None: ...

    def __post_init__(self) -> None:
        side = word(Side, self.side, "side")
        if side is Side.FLAT:
            raise ValueError("side: a fill is BUY or SELL")
        frozen(
            self,
            symbol=symbol_of(self.symbol),
            side=side,
            quantity=amount(self.quantity, "quantity", POSITIVE),
            price=amount(self.price, "price", ANY),
            expected_price=amount(self.expected_price, "expected_price", ANY),
            commission=amount(self.commission, "commission", ANY),
            multiplier=amount(self.multiplier, "multiplier", POSITIVE),
            fill_id=self.fill_id or f"FILL-{uuid4().hex}",
            timestamp=None if self.timestamp is None else aware(self.timestamp, "timestamp"),
        )

    def _figures(self) -> tuple[Decimal, Decimal, Decimal]:
        return _openpit.fill_figures(self.side.number, self.quantity, self.price, self.expected_price, self.multiplier)

    @property
    def slippage(self) -> Decimal:
        """How much worse the price is than the one that was expected; improvement is negative."""
        return self._figures()[0]

    @property
    def slippage_bps(self) -> Decimal:
        """The same in ten-thousandths of the expected price."""
        return self._figures()[1]

    @property
    def notional(self) -> Decimal:
        """What was traded is worth."""
        return self._figures()[2]


@dataclass(frozen=True, repr=False)
class Position:
    """What is held of a symbol, and what it cost."""

    symbol: str
    side: PositionSide
    quantity: Decimal
    entry_price: Decimal
    current_price: Decimal
    unrealized_pnl: Decimal = ZERO
    realized_pnl: Decimal = ZERO
    commission_paid: Decimal = ZERO
    multiplier: Decimal = Decimal(1)
    cost_basis: Decimal = ZERO
    opened_at: datetime | None = None
    updated_at: datetime | None = None

    def __post_init__(self) -> None:
        frozen(self, symbol=symbol_of(self.symbol), side=word(PositionSide, self.side, "side"))
        for name, rule in (
            ("quantity", POSITIVE),
            ("entry_price", ANY),
            ("current_price", ANY),
            ("unrealized_pnl", ANY),
            ("realized_pnl", ANY),
            ("commission_paid", ANY),
            ("multiplier", POSITIVE),
            ("cost_basis", ANY),
        ):
            object.__setattr__(self, name, amount(getattr(self, name), name, rule))

    def _figures(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        known: tuple[Decimal, Decimal, Decimal, Decimal] | None = self.__dict__.get("_known")
        if known is None:
            known = _openpit.position_figures(
                self.quantity,
                self.cost_basis,
                self.current_price,
                self.multiplier,
                self.unrealized_pnl,
                self.realized_pnl,
                self.commission_paid,
            )
        return known

    @property
    def total_pnl(self) -> Decimal:
        """Realised and unrealised, before commissions."""
        return self._figures()[0]

    @property
    def net_pnl(self) -> Decimal:
        """The same after commissions."""
        return self._figures()[1]

    @property
    def return_pct(self) -> Decimal:
        """What it would earn as a part of what it cost."""
        return self._figures()[2]

    @property
    def notional_value(self) -> Decimal:
        """What it is worth."""
        return self._figures()[3]

    @property
    def is_open(self) -> bool:
        """Every position there is."""
        return True

    @property
    def signed_quantity(self) -> Decimal:
        """Negative when short."""
        return self.quantity if self.side is PositionSide.LONG else self.quantity.copy_negate()

    def __repr__(self) -> str:
        return (
            f"Position(symbol={self.symbol!r}, side={self.side.value!r}, quantity={plain(self.quantity)}, "
            f"entry_price={money(self.entry_price)}, current_price={money(self.current_price)}, "
            f"unrealized_pnl={money(self.unrealized_pnl)}, realized_pnl={money(self.realized_pnl)})"
        )


class Owner(Protocol):
    """What keeps orders: an engine or an order manager."""

    @property
    def _desk(self) -> Any: ...

    def _move_order(self, order: Order, state: OrderState, reason: str | None, code: str | None) -> None: ...

    def _fill_order(self, order: Order, price: Amount, quantity: Amount) -> None: ...


_free_numbers = counting(1)


class Order:
    """An order. One of an engine or of an order manager follows what happens there; any other has a life of its own."""

    def __init__(
        self,
        symbol: str,
        side: Side,
        quantity: Amount,
        order_type: OrderType = OrderType.MARKET,
        limit_price: Amount | None = None,
        stop_price: Amount | None = None,
        time_in_force: TimeInForce = TimeInForce.DAY,
        *,
        order_id: str | None = None,
        price: Amount | None = None,
        strategy_id: str | None = None,
        signal_id: str | None = None,
        instrument: InstrumentSpec | None = None,
        reducing: bool = False,
        created_at: datetime | None = None,
    ) -> None:
        words = order_words(symbol, side, order_type, limit_price, stop_price, time_in_force)
        self.symbol, self.side, self.order_type, self.limit_price, self.stop_price, self.time_in_force = words
        self.price = optional_amount(price, "price")
        self.order_id = order_id or f"ORD-F{next(_free_numbers):06}"
        self.strategy_id = strategy_id
        self.signal_id = signal_id
        self.instrument = instrument
        self.reducing = bool(reducing)
        self.created_at = now() if created_at is None else aware(created_at, "created_at")
        self._owner: Owner | None = None
        self._number = 0
        self._life: Any = _openpit.OrderLife(amount(quantity, "quantity", NOT_NEGATIVE))
        self._begin()

    def _begin(self) -> None:
        self._history: list[tuple[OrderState, datetime]] = [(OrderState.CREATED, self.created_at)]
        self._code: str | None = None
        self._rejection: str | None = None
        self._cancel: str | None = None

    @classmethod
    def _of(cls, owner: Owner, number: int, event: Any, instrument: InstrumentSpec | None) -> Order:
        """An order that an owner keeps, as its event tells."""
        order = cls.__new__(cls)
        order.symbol = event.symbol
        order.side = event.side
        order.order_type = event.order_type
        order.limit_price = event.limit_price
        order.stop_price = event.stop_price
        order.time_in_force = event.time_in_force
        order.price = event.price
        order.order_id = event.order_id
        order.strategy_id = event.strategy_id
        order.signal_id = event.signal_id
        order.instrument = instrument
        order.reducing = event.reducing
        order.created_at = event.timestamp
        order._owner = owner
        order._number = number
        order._life = None
        order._begin()
        order._history.append((OrderState.PENDING, event.timestamp))
        return order

    def _note(self, state: OrderState, at: datetime, reason: str | None = None, code: str | None = None) -> None:
        """Keeps the words of a step that has happened."""
        self._history.append((state, at))
        if state is OrderState.REJECTED:
            self._code, self._rejection = code, reason
        elif state is OrderState.CANCELLED:
            self._cancel = reason

    # ---- State

    @property
    def state(self) -> OrderState:
        """Where it stands."""
        if self._owner is not None:
            owned: OrderState = STATES[self._owner._desk.stage(self._number)]
            return owned
        state: OrderState = STATES[self._life.stage]
        return state

    def _view(self) -> tuple[Any, ...]:
        if self._owner is not None:
            view: tuple[Any, ...] = self._owner._desk.order_life(self._number)
            return view
        own: tuple[Any, ...] = self._life.view()
        return own

    @property
    def quantity(self) -> Decimal:
        """What was ordered."""
        return self._view()[1]  # type: ignore[no-any-return]

    @property
    def filled_quantity(self) -> Decimal:
        """What has traded."""
        return self._view()[2]  # type: ignore[no-any-return]

    @property
    def remaining_quantity(self) -> Decimal:
        """What is left to trade."""
        return self._view()[3]  # type: ignore[no-any-return]

    @property
    def average_fill_price(self) -> Decimal | None:
        """What it traded at, weighted by volume; None before the first fill."""
        return self._view()[4]  # type: ignore[no-any-return]

    @property
    def fill_ratio(self) -> Decimal:
        """What part has traded, from 0 to 1."""
        return self._view()[5]  # type: ignore[no-any-return]

    @property
    def fill_count(self) -> int:
        """In how many trades."""
        return self._view()[6]  # type: ignore[no-any-return]

    @property
    def history(self) -> tuple[tuple[OrderState, datetime], ...]:
        """The states it has been in, and since when."""
        return tuple(self._history)

    @property
    def updated_at(self) -> datetime:
        """When it changed last."""
        return self._history[-1][1]

    @property
    def rejection_code(self) -> str | None:
        """Why it was rejected, as a code."""
        return self._code

    @property
    def rejection_reason(self) -> str | None:
        """The same in words."""
        return self._rejection

    @property
    def cancel_reason(self) -> str | None:
        """Why it was cancelled."""
        return self._cancel

    @property
    def is_terminal(self) -> bool:
        """Whether no further fill is expected."""
        return self.state in TERMINAL

    @property
    def is_open(self) -> bool:
        """Whether one is."""
        return not self.is_terminal

    # ---- Steps

    def transition_to(self, new: OrderState, reason: str | None = None, code: str | None = None) -> None:
        """Goes to another state, where the matrix lets it."""
        if not isinstance(new, OrderState):
            raise TypeError(f"{new!r} is not an OrderState")
        current = self.state
        if new not in VALID_TRANSITIONS[current]:
            raise self._refusal(new)
        if self._owner is not None:
            self._owner._move_order(self, new, reason, code)
        elif self._life.move(STAGES[new]):
            self._note(new, now(), reason, code)

    def apply_fill(self, price: Amount, quantity: Amount) -> None:
        """Takes a fill that the order has room for."""
        price, quantity = amount(price, "price"), amount(quantity, "quantity", POSITIVE)
        if self._owner is not None:
            self._owner._fill_order(self, price, quantity)
        elif self._life.fill(price, quantity):
            self._note(self.state, now())
        else:
            raise self._refusal(OrderState.FILLED)

    def _refusal(self, requested: OrderState) -> InvalidTransition:
        current = self.state
        return InvalidTransition(self.order_id, current, requested, VALID_TRANSITIONS[current])

    def __repr__(self) -> str:
        return (
            f"Order(order_id={self.order_id!r}, symbol={self.symbol!r}, side={self.side.name}, "
            f"quantity={plain(self.quantity)}, order_type={self.order_type.name}, state={self.state.name})"
        )


TERMINAL = frozenset({OrderState.FILLED, OrderState.CANCELLED, OrderState.REJECTED, OrderState.CLOSED})


@dataclass(frozen=True)
class OrderView:
    """An order in a state."""

    order_id: str
    symbol: str
    side: Side
    quantity: Decimal
    state: OrderState
    filled_quantity: Decimal
    average_fill_price: Decimal | None
    rejection_code: str | None
    remaining_quantity: Decimal
    order_type: OrderType
    time_in_force: TimeInForce
    price: Decimal | None
    limit_price: Decimal | None
    stop_price: Decimal | None
    reducing: bool


@dataclass(frozen=True)
class State:
    """Everything that events lead to. Two are equal when all in them is."""

    seq: int
    timestamp: datetime | None
    initial_capital: Decimal
    cash: Decimal
    equity: Decimal
    realized_pnl: Decimal
    unrealized_pnl: Decimal
    commissions: Decimal
    peak_equity: Decimal
    day: date | None
    day_start_equity: Decimal
    halts: tuple[str, ...]
    orders: Mapping[str, OrderView]
    positions: Mapping[str, Position]
    prices: Mapping[str, Decimal]
    fill_count: int = field(default=0, compare=False, repr=False)
    instruments: Mapping[str, InstrumentSpec] = field(default_factory=nothing, compare=False, repr=False)


@dataclass(frozen=True)
class PortfolioSummary:
    """An engine in a few figures."""

    equity: Decimal
    cash: Decimal
    open_positions: int
    total_orders: int
    unrealized_pnl: Decimal
    realized_pnl: Decimal
    total_pnl: Decimal
    commissions: Decimal
    total_events: int
    is_halted: bool
    halt_reason: str | None


@dataclass(frozen=True)
class PerformanceMetrics:
    """How an engine has traded. A trade is a position from its opening to its end, net of commissions."""

    total_trades: int
    winning_trades: int
    losing_trades: int
    win_rate: float
    total_pnl: Decimal
    avg_win: Decimal
    avg_loss: Decimal
    avg_trade_pnl: Decimal
    largest_win: Decimal
    largest_loss: Decimal
    profit_factor: float | None
    max_drawdown: float
    sharpe_ratio: float | None


@dataclass(frozen=True, eq=False)
class RunResult:
    """What came of a run."""

    bars: int
    signals: int
    orders: list[Order]
    dropped_signals: int
    equity_points: list[tuple[datetime, Decimal]]
    metrics: PerformanceMetrics
    state: State

    @property
    def equity_curve(self) -> pandas.Series[float]:
        """The equity after each bar, as floats by timestamp."""
        import pandas

        index = pandas.DatetimeIndex([at for at, _ in self.equity_points], tz="UTC")
        return pandas.Series([float(equity) for _, equity in self.equity_points], index=index, dtype="float64")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RunResult):
            return NotImplemented
        return (self.bars, self.signals, self.dropped_signals, self.equity_points, self.metrics, self.state) == (
            other.bars,
            other.signals,
            other.dropped_signals,
            other.equity_points,
            other.metrics,
            other.state,
        )

    __hash__ = None  # type: ignore[assignment]
