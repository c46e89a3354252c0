"""Positions on their own, made of fills and prices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from threading import RLock
from typing import Any

from trade_engine import _recording as recording
from trade_engine._numbers import Amount, amount
from trade_engine._replay import position_of, positions_of
from trade_engine._times import aware, nanoseconds, now
from trade_engine._words import SOURCE_NUMBERS
from trade_engine.event_store import EventStore
from trade_engine.events import Event, PositionClosed
from trade_engine.instruments import InstrumentSpec, listing, symbol_of, terms_of
from trade_engine.models import Fill, Position
from trade_engine.order_manager import bare_desk

FILLS = frozenset((recording.UNEXPECTED,))


class PositionTracker:
    """Keeps what is held, and what it has earned."""

    def __init__(
        self,
        event_store: EventStore | None = None,
        instruments: Mapping[str, InstrumentSpec] | Iterable[InstrumentSpec] | None = None,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._store = event_store
        self._listed = listing(instruments)
        self._clock = clock
        self._desk = bare_desk()
        self._closed: list[PositionClosed] = []
        self._lock = RLock()

    def _instrument(self, symbol: str, multiplier: Decimal | None = None) -> int:
        known: int | None = self._desk.find(symbol)
        if known is not None:
            return known
        spec = self._listed.get(symbol)
        if spec is None:
            spec = InstrumentSpec(symbol) if multiplier is None else InstrumentSpec(symbol, multiplier)
        added: int = self._desk.add(symbol, terms_of(spec, True))
        return added

    def _commit(self, at: datetime, said: dict[str, Any]) -> None:
        first = 1 if self._store is None else self._store.count + 1
        recording.recorded(self._desk.take(), first, at, said, self._keep, FILLS)

    def _keep(self, kind: int, event: Event) -> None:
        if isinstance(event, PositionClosed):
            self._closed.append(event)
        if self._store is not None:
            self._store.append(event)

    def apply_fill(self, fill: Fill) -> Position | None:
        """Books a trade; what is held then."""
        if not isinstance(fill, Fill):
            raise TypeError(f"{fill!r} is not a Fill")
        with self._lock:
            at = aware(self._clock(), "clock")
            self._desk.begin(nanoseconds(at), 0)
            number = self._instrument(fill.symbol, fill.multiplier)
            side = fill.side.number
            self._desk.book(
                0, number, side, fill.fill_id, fill.quantity, fill.price, fill.expected_price, fill.commission, False
            )
            self._commit(at, {"order_id": fill.order_id})
            return position_of(self._desk, number, fill.symbol)

    def update_price(self, symbol: str, price: Amount) -> None:
        """What a symbol is worth from now on."""
        value = amount(price, "price")
        with self._lock:
            at = aware(self._clock(), "clock")
            self._desk.begin(nanoseconds(at), 0)
            self._desk.mark(self._instrument(symbol_of(symbol)), value, SOURCE_NUMBERS["market"])
            self._commit(at, {})

    def get_position(self, symbol: str) -> Position | None:
        """What is held of a symbol, if anything."""
        number = self._desk.find(symbol)
        return None if number is None else position_of(self._desk, number, symbol)

    def get_all_positions(self) -> dict[str, Position]:
        """Everything that is held."""
        return positions_of(self._desk)

    def get_closed_positions(self) -> list[PositionClosed]:
        """How each position ended that is no more."""
        return list(self._closed)

    def has_position(self, symbol: str) -> bool:
        """Whether anything is held of a symbol."""
        return self.get_position(symbol) is not None

    @property
    def open_position_count(self) -> int:
        """How many symbols are held."""
        return self._desk.position_count  # type: ignore[no-any-return]

    @property
    def total_unrealized_pnl(self) -> Decimal:
        """What open positions would earn."""
        return self._desk.summary()[14]  # type: ignore[no-any-return]

    @property
    def total_realized_pnl(self) -> Decimal:
        """What was earned, before commissions."""
        return self._desk.summary()[13]  # type: ignore[no-any-return]

    @property
    def total_pnl(self) -> Decimal:
        """Both together."""
        return self._desk.summary()[15]  # type: ignore[no-any-return]
