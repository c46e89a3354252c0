"""Orders from their making to their end, the fills between, and the portfolio that they make.

Numbers are ``int``, ``float``, ``str`` or ``Decimal``; a float means the decimal number that its ``repr`` shows. Results are text
that keeps the scale which arithmetic gave. What decides, counts and remembers is native; this module gives it its names.
"""

import json
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, NoReturn

from openpit import _openpit
from openpit._openpit import OmsManager as _Manager
from openpit._openpit import OmsOrder as _Order
from openpit._openpit import OmsStatus as _Status
from openpit._openpit import OmsWallet as _Wallet
from openpit._openpit import make_order_status
from openpit._openpit import oms_limit_order as limit_order
from openpit._openpit import oms_market_order as market_order

from axon_quant._errors import AxonError

__all__ = [
    "ERROR_CODES",
    "OmsError",
    "Order",
    "OrderManager",
    "OrderStatus",
    "OrderType",
    "Portfolio",
    "Position",
    "Side",
    "limit_order",
    "make_order_status",
    "market_order",
]

ERROR_CODES = (
    "OrderNotFound",
    "InvalidTransition",
    "DuplicateIdempotencyKey",
    "AlreadyTerminal",
    "ExchangeRejected",
    "NetworkError",
    "SerializationError",
    "RecoveryFailed",
    "Portfolio",
)

# ---- Errors ----------------------------------------------------------------------------------------------------------


class OmsError(AxonError):
    """What an order manager or a portfolio refuses, or what a venue has done.

    ``existing_order_id`` is the order that has a key which was submitted again, else None.
    """

    existing_order_id: str | None = None


class _OmsValueError(OmsError, ValueError):
    """A refusal of a value."""


class _OmsKeyError(OmsError, KeyError):
    """A refusal for a key that is missing."""


class _OmsTypeError(OmsError, TypeError):
    """A refusal of a type."""


def _error(code: str, builtin: type[Exception] | None, text: str) -> OmsError:
    kinds = {ValueError: _OmsValueError, KeyError: _OmsKeyError, TypeError: _OmsTypeError}
    kind = OmsError if builtin is None else kinds[builtin]
    return kind(code, f"[{code}] {text}")


# ---- Words -----------------------------------------------------------------------------------------------------------


class _Word(IntEnum):
    """Members that print as their names."""

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


class Side(_Word):
    """Whether an order buys or sells."""

    Buy = 0
    Sell = 1


class OrderType(_Word):
    """What an order waits for."""

    Limit = 0
    Market = 1
    StopLoss = 2
    StopLimit = 3


# ---- Orders ----------------------------------------------------------------------------------------------------------


class Order(_Order):
    """An order of its own. What is submitted is a copy, so its status stays New."""

    __slots__ = ()

    @property
    def status(self) -> "OrderStatus":
        """New, whatever became of a copy that was submitted."""
        return _NEW

    def to_dict(self) -> dict[str, str]:
        """What it says, as text; the idempotency key only when it has one."""
        fields = _order_dict(
            self.order_id, self.symbol, self.side, self.order_type, self.quantity, self.price, self.status.kind
        )
        return fields if self.idempotency_key is None else {**fields, "idempotency_key": self.idempotency_key}

    def __repr__(self) -> str:
        return (
            f"Order(symbol={self.symbol}, side={self.side}, order_type={self.order_type}, qty={self.quantity}, "
            f"price={self.price}, status={self.status.kind})"
        )


def _order_dict(
    order_id: str, symbol: str, side: object, order_type: object, quantity: str, price: str, kind: str
) -> dict[str, str]:
    return {
        "order_id": order_id,
        "symbol": symbol,
        "side": str(side),
        "order_type": str(order_type),
        "quantity": quantity,
        "price": price,
        "status": kind,
    }


class OrderStatus(_Status):
    """Where an order stands: a kind, and what is said with it."""

    __slots__ = ()

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> "OrderStatus":
        """A status from its dict; keys that no status has are left out."""
        if not isinstance(d, Mapping):
            raise _error("InvalidTransition", ValueError, f"invalid status: a '{type(d).__name__}' (expected a dict)")
        if "kind" not in d:
            raise _error("InvalidTransition", KeyError, "missing key: kind")
        return cls(d["kind"], d.get("filled_qty"), d.get("avg_price"), d.get("reason"))

    def __repr__(self) -> str:
        fields = {"filled_qty": self.filled_qty, "avg_price": self.avg_price}
        told = [f"{name}={value}" for name, value in fields.items() if value is not None]
        if self.reason is not None:
            told.append(f"reason={self.reason!r}")
        return f"OrderStatus.{self.kind}({', '.join(told)})" if told else f"OrderStatus.{self.kind}"


_openpit.set_oms_words(_error, Order, OrderStatus, tuple(Side), tuple(OrderType))
_NEW = OrderStatus("New")

# ---- Portfolios ------------------------------------------------------------------------------------------------------


class Position:
    """What is held of a symbol, as text: above 0 long, below 0 short."""

    __slots__ = ("_fields",)

    _fields: tuple[str, str, str, str, str]

    @classmethod
    def _of(cls, fields: tuple[str, str, str, str, str, int]) -> "Position":
        position = cls.__new__(cls)
        position._fields = fields[:5]
        return position

    @property
    def symbol(self) -> str:
        """What is held."""
        return self._fields[0]

    @property
    def quantity(self) -> str:
        """How much, below 0 when short."""
        return self._fields[1]

    @property
    def avg_price(self) -> str:
        """What it was bought or sold at, on average."""
        return self._fields[2]

    @property
    def realized_pnl(self) -> str:
        """What it has earned, before fees."""
        return self._fields[3]

    @property
    def updated_at(self) -> str:
        """When it was last traded, as RFC 3339 text in UTC."""
        return self._fields[4]

    def to_dict(self) -> dict[str, str]:
        """The five of them by name."""
        return dict(zip(("symbol", "quantity", "avg_price", "realized_pnl", "updated_at"), self._fields, strict=True))

    def __eq__(self, other: object) -> bool:
        return self._fields == other._fields if isinstance(other, Position) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._fields)

    def __repr__(self) -> str:
        return (
            f"Position(symbol={self.symbol}, quantity={self.quantity}, avg_price={self.avg_price}, "
            f"realized_pnl={self.realized_pnl})"
        )


def _positions(rows: list[tuple[str, str, str, str, str, int]]) -> dict[str, Position]:
    return {row[0]: Position._of(row) for row in rows}


class Portfolio(_Wallet):
    """Cash by currency and positions by symbol, of its own."""

    __slots__ = ()

    @property
    def cash(self) -> dict[str, str]:
        """The cash by currency, as text."""
        return self._cash()

    @property
    def positions(self) -> dict[str, Position]:
        """What is held by symbol, and what was."""
        return _positions(self._positions())

    def position_count(self) -> int:
        """How many symbols are held, or were."""
        return len(self._positions())

    def is_empty(self) -> bool:
        """Whether there never was any cash or position."""
        return not self._cash() and not self._positions()

    def to_dict(self) -> dict[str, Any]:
        """Cash, positions and their number."""
        positions = self.positions
        return {"cash": self.cash, "positions": positions, "position_count": len(positions)}

    def __repr__(self) -> str:
        return f"Portfolio(currencies={len(self._cash())}, positions={len(self._positions())})"


# ---- Order managers --------------------------------------------------------------------------------------------------

_ACTIVE, _ENDED, _FORGOTTEN = range(3)
_FORMAT = "axon_quant.oms"
_FORMAT_VERSION = 1
_RECORD = (
    "order_id",
    "symbol",
    "side",
    "order_type",
    "quantity",
    "price",
    "status",
    "filled_qty",
    "avg_price",
    "reason",
    "idempotency_key",
    "created_ns",
    "updated_ns",
)
_FILL = ("fill_id", "price", "quantity", "fee", "fee_currency", "timestamp_ns", "sequence")
_POSITION = ("symbol", "quantity", "avg_price", "realized_pnl", "updated_ns")


class OrderManager(_Manager):
    """Orders, each submitted once and moved along the states that there are, and the portfolio that their fills make.

    ``history_limit`` is how many orders that have ended are remembered; with ``allow_overfill`` more may trade than was ordered;
    ``clock`` tells the time as Unix seconds.
    """

    __slots__ = ("_options",)

    _options: dict[str, Any]

    def __init__(
        self,
        *,
        quote_currency: str = "USDT",
        history_limit: int | None = None,
        allow_overfill: bool = False,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._options = {
            "quote_currency": quote_currency,
            "history_limit": history_limit,
            "allow_overfill": bool(allow_overfill),
        }

    def get_order(self, order_id: str) -> dict[str, Any]:
        """What there is to say of an order that is active or remembered, with its fills."""
        record = self._record(order_id)
        fields: dict[str, Any] = _order_dict(*record[:7])
        if record[10] is not None:
            fields["idempotency_key"] = record[10]
        fields["filled_qty"] = record[11]
        fields["avg_price"] = record[8]
        fields["reason"] = record[9]
        fields["created_at"] = record[12]
        fields["updated_at"] = record[14]
        fields["fills"] = [
            {
                "fill_id": fill[0],
                "symbol": record[1],
                "price": fill[1],
                "quantity": fill[2],
                "fee": fill[3],
                "fee_currency": fill[4],
                "timestamp": fill[5],
            }
            for fill in self._fills(order_id)
        ]
        return fields

    def snapshot(self) -> dict[str, Any]:
        """How many snapshots there were, the kind of each active order's status, and how many orders are remembered."""
        active = {order_id: self._record(order_id)[6] for order_id, _ in self._list(_ACTIVE)}
        return {"version": self._next_version(), "active_orders": active, "history_count": self.history_count()}

    def snapshot_balance(self) -> dict[str, Any]:
        """Cash by currency, positions by symbol, and the time."""
        return {"cash": self._cash(), "positions": _positions(self._positions()), "as_of": self._now()}

    def snapshot_positions(self) -> list[Position]:
        """Every position, by symbol."""
        return [Position._of(row) for row in sorted(self._positions())]

    # ---- Dumps -------------------------------------------------------------------------------------------------------

    def dump(self) -> str:
        """Everything as JSON text: orders, states, fills, keys, cash and positions."""
        return json.dumps(
            {
                "format": _FORMAT,
                "format_version": _FORMAT_VERSION,
                "options": self._options,
                "version": self._version(),
                "active": [self._order_of(order_id) for order_id, _ in self._list(_ACTIVE)],
                "ended": [self._order_of(order_id) for order_id, _ in self._list(_ENDED)],
                "forgotten": self._list(_FORGOTTEN),
                "cash": self._cash(),
                "positions": [dict(zip(_POSITION, (*row[:4], row[5]), strict=True)) for row in self._positions()],
            }
        )

    def _order_of(self, order_id: str) -> dict[str, Any]:
        record = self._record(order_id)
        values = (*record[:2], int(record[2]), int(record[3]), *record[4:11], record[13], record[15])
        fills = [dict(zip(_FILL, (*fill[:5], *fill[6:]), strict=True)) for fill in self._fills(order_id)]
        return {**dict(zip(_RECORD, values, strict=True)), "fills": fills}

    @classmethod
    def restore(cls, text: str, *, clock: Callable[[], float] | None = None) -> "OrderManager":
        """A manager that answers as the one which was dumped."""
        try:
            dump = json.loads(text)
        except (ValueError, TypeError, RecursionError) as error:
            raise _error("SerializationError", ValueError, f"not JSON: {error}") from None
        try:
            return cls._restored_from(dump, clock)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            if isinstance(error, OmsError) and error.code == "RecoveryFailed":
                raise
            raise _error("RecoveryFailed", ValueError, f"not a dump of an order manager: {error!r}") from None

    @classmethod
    def _restored_from(cls, dump: Any, clock: Callable[[], float] | None) -> "OrderManager":
        if dump["format"] != _FORMAT or dump["format_version"] != _FORMAT_VERSION:
            _refuse_dump(f"format {dump['format']!r} {dump['format_version']!r}")
        manager = cls(**dump["options"], clock=clock)
        for order_id, key in dump["forgotten"]:
            manager._restore_name(order_id, key)
        for order in [*dump["ended"], *dump["active"]]:
            manager._restore_order(tuple(order[name] for name in _RECORD))
            for fill in order["fills"]:
                values = tuple(fill[name] for name in _FILL)
                manager._restore_fill((order["order_id"], order["symbol"], *values))
        for currency, amount in dump["cash"].items():
            manager._restore_cash(currency, amount)
        for position in dump["positions"]:
            manager._restore_position(tuple(position[name] for name in _POSITION))
        manager._restored(dump["version"])
        return manager

    def __repr__(self) -> str:
        return f"OrderManager(active={self.active_count()}, history={self.history_count()})"


def _refuse_dump(what: str) -> NoReturn:
    raise _error("RecoveryFailed", ValueError, f"not a dump of an order manager: {what}")
