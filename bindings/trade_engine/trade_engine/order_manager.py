"""Orders on their own: their states and their fills, without positions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from threading import RLock
from typing import Any

from openpit import _openpit

from trade_engine import _recording as recording
from trade_engine._numbers import NOT_NEGATIVE, Amount, amount
from trade_engine._times import aware, nanoseconds, now
from trade_engine._words import (
    GIVEN,
    OrderState,
    OrderType,
    Side,
    TimeInForce,
)
from trade_engine.errors import InvalidTransition, UnknownOrder
from trade_engine.event_store import EventStore
from trade_engine.events import Event
from trade_engine.instruments import InstrumentSpec, terms_of
from trade_engine.models import VALID_TRANSITIONS, Fill, Order, order_words

ENDINGS = {
    OrderState.SUBMITTED: recording.SUBMITTED,
    OrderState.CANCELLED: recording.CANCELLED,
    OrderState.REJECTED: recording.REJECTED,
    OrderState.CLOSED: recording.CLOSED,
}


def bare_desk() -> Any:
    """A native desk that keeps orders, or positions, on their own."""
    return _openpit.TradingDesk(0, 2, 1, 1, 1, 0, 0, 0, None, 0, 0, 0)


class OrderManager:
    """Makes orders, and moves them on."""

    def __init__(self, event_store: EventStore | None = None, clock: Callable[[], datetime] = now) -> None:
        self._store = EventStore() if event_store is None else event_store
        self._clock = clock
        self._desk = bare_desk()
        self._orders: dict[str, Order] = {}
        self._lock = RLock()

    # ---- Recording

    def _commit(self, at: datetime, said: dict[str, Any], spec: InstrumentSpec | None = None) -> None:
        recording.recorded(
            self._desk.take(), self._store.count + 1, at, said, lambda kind, event: self._keep(kind, event, spec)
        )

    def _keep(self, kind: int, event: Event, spec: InstrumentSpec | None) -> None:
        stored: Any = self._store.append(event)
        if kind == recording.CREATED:
            number = len(self._orders) + 1
            self._orders[stored.order_id] = Order._of(self, number, stored, spec)
        else:
            recording.note(kind, stored, self._orders.get(getattr(stored, "order_id", "")))

    def _begin(self) -> datetime:
        at = aware(self._clock(), "clock")
        self._desk.begin(nanoseconds(at), 0)
        return at

    def _instrument(self, symbol: str, spec: InstrumentSpec | None) -> int:
        known: int | None = self._desk.find(symbol)
        if known is not None:
            return known
        added: int = self._desk.add(symbol, terms_of(spec or InstrumentSpec(symbol), False))
        return added

    def _known(self, order_id: str) -> Order:
        order = self._orders.get(order_id)
        if order is None:
            raise UnknownOrder(order_id)
        return order

    # ---- Orders

    def create_order(
        self,
        symbol: str,
        side: Side,
        quantity: Amount,
        order_type: OrderType = OrderType.MARKET,
        limit_price: Amount | None = None,
        stop_price: Amount | None = None,
        time_in_force: TimeInForce = TimeInForce.DAY,
        *,
        price: Amount | None = None,
        strategy_id: str | None = None,
        signal_id: str | None = None,
        instrument: InstrumentSpec | None = None,
        reducing: bool = False,
    ) -> Order:
        """A new order, which is pending."""
        words = order_words(symbol, side, order_type, limit_price, stop_price, time_in_force)
        symbol, side, kind, limit, stop, time = words
        size = amount(quantity, "quantity", NOT_NEGATIVE)
        with self._lock:
            at = self._begin()
            number = self._instrument(symbol, instrument)
            side_number = side.number
            self._desk.want(number, side_number, kind.number, time.number, 0, 1, None, limit, stop)
            self._desk.accept(side_number, size, reducing, price)
            made = self._desk.create()
            self._commit(at, {"strategy_id": strategy_id}, instrument)
            order = self._orders[f"ORD-{made:03}"]
            order.signal_id = signal_id
            return order

    def _move(self, order_id: str, state: OrderState, said: dict[str, Any]) -> Order:
        with self._lock:
            order = self._known(order_id)
            at = self._begin()
            if not self._desk.move(order._number, ENDINGS[state], GIVEN):
                current = order.state
                raise InvalidTransition(order_id, current, state, VALID_TRANSITIONS[current])
            self._commit(at, said)
            return order

    def submit(self, order_id: str, broker_name: str = "sim") -> Order:
        """The order is sent."""
        return self._move(order_id, OrderState.SUBMITTED, {"broker": broker_name})

    def reject(self, order_id: str, reason: str, code: str = "REJECTED") -> Order:
        """The order is refused."""
        return self._move(order_id, OrderState.REJECTED, {"reason": reason, "code": code})

    def cancel(self, order_id: str, reason: str = "User requested") -> Order:
        """What is left of the order is withdrawn."""
        return self._move(order_id, OrderState.CANCELLED, {"reason": reason})

    def close(self, order_id: str, reason: str) -> Order:
        """The order is over and done with."""
        return self._move(order_id, OrderState.CLOSED, {"reason": reason})

    def apply_fill(self, order_id: str, fill: Fill) -> Order:
        """A trade of the order, for which it has room."""
        with self._lock:
            order = self._known(order_id)
            at = self._begin()
            current = order.state
            if current not in (OrderState.SUBMITTED, OrderState.PARTIAL_FILL):
                raise InvalidTransition(order_id, current, OrderState.FILLED, VALID_TRANSITIONS[current])
            self._desk.book(
                order._number,
                self._instrument(order.symbol, None),
                order.side.number,
                fill.fill_id,
                fill.quantity,
                fill.price,
                fill.expected_price,
                fill.commission,
                True,
            )
            self._commit(at, {})
            return order

    # ---- Owning orders

    def _move_order(self, order: Order, state: OrderState, reason: str | None, code: str | None) -> None:
        if state not in ENDINGS:
            raise InvalidTransition(order.order_id, order.state, state, VALID_TRANSITIONS[order.state])
        self._move(order.order_id, state, {"reason": reason or "", "code": code or "REJECTED", "broker": "sim"})

    def _fill_order(self, order: Order, price: Amount, quantity: Amount) -> None:
        self.apply_fill(order.order_id, Fill(order.order_id, order.symbol, order.side, quantity, price, price))

    # ---- Reading

    def get_order(self, order_id: str) -> Order | None:
        """The order of that id, if there is one."""
        return self._orders.get(order_id)

    def get_open_orders(self) -> list[Order]:
        """Those of which a further fill is expected, by creation."""
        return [order for order in self._orders.values() if order.is_open]

    def get_orders_by_symbol(self, symbol: str) -> list[Order]:
        """Those of a symbol."""
        return [order for order in self._orders.values() if order.symbol == symbol]

    def get_orders_by_state(self, state: OrderState) -> list[Order]:
        """Those in a state."""
        return [order for order in self._orders.values() if order.state is state]

    @property
    def total_orders(self) -> int:
        """How many there are."""
        return len(self._orders)
