"""The engine: it asks the native core what to do, keeps what that records, and speaks with brokers and strategies."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, overload

from trade_engine import _recording as recording
from trade_engine import _reports
from trade_engine._numbers import POSITIVE, Amount, amount, optional_amount
from trade_engine._replay import feed, position_of, positions_of, replay, state_of
from trade_engine._times import aware, day_number, nanoseconds, now
from trade_engine._words import GIVEN, SIDES, SOURCE_NUMBERS, OrderState, Side, TimeInForce
from trade_engine.brokers.base import Broker
from trade_engine.errors import (
    BrokerRejection,
    EventStoreError,
    InvalidTransition,
    NoOpenPosition,
    UnknownOrder,
)
from trade_engine.event_store import EventStore
from trade_engine.events import KIND_NUMBERS, Event, OrderRejected, RiskHalted, freeze_details
from trade_engine.instruments import InstrumentSpec, listing, symbol_of, terms_of
from trade_engine.models import (
    VALID_TRANSITIONS,
    Fill,
    Order,
    PerformanceMetrics,
    PortfolioSummary,
    Position,
    RunResult,
    Signal,
    State,
)
from trade_engine.risk._asking import Refusal, ask
from trade_engine.risk.manager import STRICT, RiskManager, wish
from trade_engine.risk.rules import RuleContext, RuleResult

if TYPE_CHECKING:
    import pandas

    from trade_engine.strategies.base import Strategy

AnEvent = TypeVar("AnEvent", bound=Event)

HALT, RESUME, LOSE_STORE, SETTLE = 1, 2, 3, 5
BEGUN = 1
ENDINGS = {
    OrderState.CANCELLED: recording.CANCELLED,
    OrderState.REJECTED: recording.REJECTED,
    OrderState.CLOSED: recording.CLOSED,
}
# Signals of nobody: what close_position orders.
PLAIN_WISH: tuple[Any, ...] = (0, 0, 0, Decimal(1), None, None, None)


def said_by(text: Any, name: str) -> str:
    """A text that is not blank."""
    if not isinstance(text, str):
        raise TypeError(f"{name}: {text!r} is not a text")
    if not text.strip():
        raise ValueError(f"{name}: it is blank")
    return text


class Engine:
    """From signals to orders, from fills to positions. Its calls come one after the other, whoever makes them."""

    def __init__(
        self,
        broker: Broker,
        risk_manager: RiskManager,
        *,
        event_store: EventStore | None = None,
        instruments: Mapping[str, InstrumentSpec] | Iterable[InstrumentSpec] | None = None,
        strict_instruments: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        store = EventStore() if event_store is None else event_store
        if len(store) > 0:
            raise ValueError("the store has events already: use Engine.restore")
        self._set_up(broker, risk_manager, store, instruments, strict_instruments, clock)

    def _set_up(
        self,
        broker: Broker,
        risk_manager: RiskManager,
        store: EventStore,
        instruments: Mapping[str, InstrumentSpec] | Iterable[InstrumentSpec] | None,
        strict: bool,
        clock: Callable[[], datetime] | None,
    ) -> None:
        self._listed = listing(instruments)
        self._specs: dict[str, InstrumentSpec] = {}
        self._strict = bool(strict)
        self._broker = broker
        self._capital = amount(broker.initial_capital, "initial_capital", POSITIVE)
        self._risk = risk_manager
        self._store = store
        self._clock = now if clock is None else clock
        self._at: datetime | None = None  # the time of the last call
        self._bar_time: datetime | None = None  # while bars run
        # What the last time that was looked at comes to: while bars run many calls have the same.
        self._known_at: datetime | None = None
        self._known_time = 0
        self._known_day = 0
        self._lock = RLock()
        self._orders: dict[str, Order] = {}
        self._codes: dict[str, str | None] = {}
        self._halted: dict[str, str] = {}
        self._broken = False
        self._heard: list[Fill | Order] | None = None  # what a strategy wants to hear of
        self._expired: list[Order] = []
        risk_manager._bind(self)
        self._desk = self._new_desk()

    def _new_desk(self) -> Any:
        desk = self._risk._make_desk(self._capital, STRICT if self._strict else 0)
        for symbol, spec in self._listed.items():
            desk.add(symbol, terms_of(spec, True))
        return desk

    @classmethod
    def restore(
        cls,
        event_store: EventStore,
        broker: Broker,
        risk_manager: RiskManager,
        *,
        instruments: Mapping[str, InstrumentSpec] | Iterable[InstrumentSpec] | None = None,
        strict_instruments: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> Engine:
        """An engine that goes on where its events end."""
        engine = cls.__new__(cls)
        engine._set_up(broker, risk_manager, event_store, instruments, strict_instruments, clock)
        for event in event_store.get_all():
            engine._recall(event)
        if engine._desk.sequence:
            engine._capital = engine._desk.summary()[10]
            # A fill that was kept may have lost the change of its position.
            engine._desk.act(SETTLE)
            engine._commit()
            broker.restore(engine.state())
        with engine._lock:
            pending = [order for order in engine._orders.values() if order.state is OrderState.PENDING]
            if pending:
                engine._begin()
                for order in pending:
                    engine._desk.move(order._number, recording.CLOSED, GIVEN)
                engine._commit({"reason": "abandoned on restart"})
        return engine

    def _recall(self, event: Event) -> None:
        """Lets an event happen that was kept."""
        feed(self._desk, event)
        self._at = event.timestamp
        kind = KIND_NUMBERS[type(event)]
        self._follow(kind, event)

    # ---- Time and records

    def _moment(self) -> datetime:
        moment = self._bar_time if self._bar_time is not None else aware(self._clock(), "clock")
        return moment if self._at is None else max(moment, self._at)

    def _begin(self) -> datetime:
        """Begins a call: its time, and a day that may have begun."""
        if self._broken:
            raise EventStoreError("the engine could not be brought back to what is stored: restore it")
        at = self._moment()
        if at is not self._known_at:
            self._known_time, self._known_day, self._known_at = nanoseconds(at), self._risk._calendar.day(at), at
        self._desk.begin(self._known_time, self._known_day)
        self._at = at
        self._commit({"broker": self._broker.name})
        if self._expired:
            self._withdraw_expired()
        return at

    def _commit(self, said: dict[str, Any] | None = None) -> None:
        """Keeps what the native core has recorded."""
        taken = self._desk.take()
        if not taken:
            return
        assert self._at is not None
        try:
            recording.recorded(taken, self._store.count + 1, self._at, said or {}, self._keep)
        except EventStoreError:
            self._lose_store()
            raise
        except Exception as error:
            self._lose_store()
            raise EventStoreError(f"{type(error).__name__}: {error}") from error
        except BaseException:
            # Interrupted between what happened and its record: only what is recorded counts.
            self._lose_store()
            raise

    def _keep(self, kind: int, event: Event) -> None:
        self._follow(kind, self._store.append(event))

    def _follow(self, kind: int, event: Any) -> None:
        """Keeps the words of what has happened, for those who ask."""
        if kind in recording.SILENT:
            return
        if kind == recording.CREATED:
            spec = self._spec(event.symbol)
            order = Order._of(self, len(self._orders) + 1, event, spec)
            self._orders[event.order_id] = order
            return
        order_id = getattr(event, "order_id", None)
        if order_id is not None:
            known = self._orders.get(order_id)
            recording.note(kind, event, known)
            if isinstance(event, OrderRejected):
                self._codes[order_id] = event.code
                if self._heard is not None and known is not None:
                    self._heard.append(known)
            elif kind == recording.CANCELLED and event.reason == "day order expired" and known is not None:
                self._expired.append(known)
        elif isinstance(event, RiskHalted):
            self._halted[event.kind] = event.reason

    def _lose_store(self) -> None:
        """Goes back to what is stored, because nothing else counts, and opens nothing any more."""
        try:
            desk = self._new_desk()
            for event in self._store.get_all():
                feed(desk, event)
        except Exception:
            self._broken = True
            return
        desk.act(LOSE_STORE)
        self._desk = desk

    def _withdraw_expired(self) -> None:
        """Tells the broker of orders that ended with the day."""
        while self._expired:
            order = self._expired.pop()
            try:
                self._broker.cancel_order(order.order_id)
            except Exception as error:
                self._broker_failed(order, error)

    def _broker_failed(self, order: Order, error: BaseException) -> None:
        self._desk.note(recording.BROKER_FAILED, order._number)
        self._commit({"error": f"{type(error).__name__}: {error}"})

    @contextmanager
    def _asking(self) -> Iterator[datetime]:
        """A look at the engine's risk from outside."""
        with self._lock:
            moment = self._begin()
            yield moment
            self._commit()

    # ---- Instruments and prices

    def _instrument(self, symbol: str) -> int:
        known: int | None = self._desk.find(symbol)
        if known is not None:
            return known
        added: int = self._desk.add(symbol, terms_of(InstrumentSpec(symbol_of(symbol)), False))
        return added

    def _spec(self, symbol: str) -> InstrumentSpec:
        spec = self._listed.get(symbol) or self._specs.get(symbol)
        if spec is None:
            spec = self._specs[symbol] = InstrumentSpec(symbol)
        return spec

    def _mark(self, symbol: str, price: Decimal, source: str) -> None:
        self._desk.mark(self._instrument(symbol), price, SOURCE_NUMBERS[source])

    def _tell_broker(self, symbol: str, price: Decimal) -> None:
        assert self._at is not None
        for fill in self._broker.on_price(symbol, price, self._at):
            self._book(fill)

    def update_price(self, symbol: str, price: Amount) -> None:
        """What a symbol is worth from now on. Orders that wait for that are filled."""
        self.update_prices({symbol: price})

    def update_prices(self, prices: Mapping[str, Amount]) -> None:
        """The same for several symbols at one time."""
        self._update({symbol_of(symbol): amount(price, "price") for symbol, price in prices.items()}, "market")

    def _update(self, prices: Mapping[str, Decimal], source: str) -> None:
        with self._lock:
            self._begin()
            for symbol, price in prices.items():
                self._mark(symbol, price, source)
            self._commit()
            for symbol, price in prices.items():
                self._tell_broker(symbol, price)

    # ---- Signals and orders

    def submit_signal(self, signal: Signal, current_price: Amount | None = None) -> Order | None:
        """What becomes of a signal: an order in the state it has reached, or None where there is nothing to do."""
        if not isinstance(signal, Signal):
            raise TypeError(f"{signal!r} is not a Signal")
        price = optional_amount(current_price, "current_price")
        with self._lock:
            self._begin()
            symbol = signal.symbol
            instrument = self._instrument(symbol)
            source = "argument"
            if price is None and self._desk.mark_of(instrument) is None:
                price = optional_amount(self._broker.reference_price(symbol), "reference_price")
                source = "reference"
            self._desk.want(instrument, signal.side.number, *wish(signal))
            self._desk.receive()
            if price is not None:
                self._mark(symbol, price, source)
            self._commit({"strategy_id": signal.strategy_id, "metadata": freeze_details(signal.metadata)})
            if price is not None:
                self._tell_broker(symbol, price)
            if signal.side is Side.FLAT and self._desk.holds(instrument):
                self._withdraw(instrument)
            return self._order(signal)

    def _order(self, signal: Signal) -> Order | None:
        """Makes the order that the native core finds right for a signal."""
        desk = self._desk
        code, side, quantity, reducing, price, equity, _, _, _ = desk.check(None)
        if signal.side is Side.FLAT and not reducing:
            desk.ignore()
            self._commit({"reason": "no position to close"})
            return None
        refusal: Refusal | None = None
        warnings: list[RuleResult] = []
        if code is None and not reducing and self._risk.extra_rules:
            self._commit()
            refusal, warnings = self._ask(signal, SIDES[side], quantity, price, equity)
            if refusal is not None:
                desk.refuse(refusal.limit, refusal.observed, refusal.headroom)
        return self._create(code is not None or refusal is not None, refusal, warnings, signal.strategy_id, price)

    def _ask(
        self, signal: Signal, side: Any, quantity: Decimal, price: Decimal | None, equity: Decimal
    ) -> tuple[Refusal | None, list[RuleResult]]:
        summary = self._desk.summary()
        assert self._at is not None
        ctx = RuleContext(
            signal,
            signal.symbol,
            side,
            quantity,
            price,
            self._spec(signal.symbol),
            equity,
            MappingProxyType(positions_of(self._desk)),
            summary[17],
            summary[18],
            self._at,
        )
        return ask(self._risk.extra_rules, ctx)

    def _create(
        self,
        refused: bool,
        refusal: Refusal | None,
        warnings: Sequence[RuleResult],
        strategy_id: str | None,
        price: Decimal | None,
    ) -> Order:
        """Records the order, and sends it unless it was refused."""
        desk = self._desk
        number = desk.create()
        said: dict[str, Any] = {"strategy_id": strategy_id, "broker": self._broker.name}
        if refusal is not None:
            said.update(code=refusal.code, reason=refusal.reason)
        if refused or warnings:
            self._commit(said)
        for warning in warnings:
            desk.note(recording.WARNED, number)
            self._commit({"warning": warning})
        if not refused:
            desk.move(number, recording.SUBMITTED, 0)
            self._commit(said)
        order = self._orders[f"ORD-{number:03}"]
        if not refused:
            self._send(order, price if price is not None else Decimal(0))
        return order

    def _send(self, order: Order, price: Decimal) -> None:
        try:
            fills = self._broker.submit_order(order, price)
            fills = [] if fills is None else list(fills)
            for fill in fills:
                if not isinstance(fill, Fill):
                    raise TypeError(f"the broker answered {fill!r}, which is not a Fill")
        except BrokerRejection as error:
            if self._desk.move(order._number, recording.REJECTED, GIVEN):
                self._commit({"code": error.code, "reason": error.message})
            else:
                self._broker_failed(order, error)
            return
        except Exception as error:
            self._broker_failed(order, error)
            return
        for fill in fills:
            self._book(fill)
        if order.time_in_force is TimeInForce.IOC:
            self._end(order, OrderState.CANCELLED, "IOC remainder")
        elif order.time_in_force is TimeInForce.FOK:
            self._end(order, OrderState.CANCELLED, "FOK not filled")

    def _end(self, order: Order, state: OrderState, reason: str | None, code: str | None = None) -> bool:
        """Ends an order, if it is still open."""
        if not self._desk.move(order._number, ENDINGS[state], GIVEN):
            return False
        self._commit({"reason": reason, "code": code})
        return True

    def _book(self, fill: Fill) -> None:
        """Books a trade: order, position and money follow it."""
        known = self._orders.get(fill.order_id)
        booked = self._desk.book(
            0 if known is None else known._number,
            self._instrument(fill.symbol),
            fill.side.number,
            fill.fill_id,
            fill.quantity,
            fill.price,
            fill.expected_price,
            fill.commission,
            False,
        )
        if booked:
            self._commit({"order_id": fill.order_id})
            if self._heard is not None:
                self._heard.append(fill)

    def close_position(self, symbol: str, current_price: Amount | None = None) -> Order:
        """Closes what is held of a symbol, whatever halts."""
        symbol_of(symbol)
        price = optional_amount(current_price, "current_price")
        with self._lock:
            known = self._desk.find(symbol)
            if known is None or (not self._desk.holds(known) and not self._desk.open_orders(known)):
                raise NoOpenPosition(symbol)
            self._begin()
            if price is not None:
                self._mark(symbol, price, "argument")
                self._commit()
                self._tell_broker(symbol, price)
            if not self._desk.holds(known):
                raise NoOpenPosition(symbol)
            self._withdraw(known)
            self._desk.want(known, Side.FLAT.number, *PLAIN_WISH)
            _, _, _, reducing, at, _, _, _, _ = self._desk.check(None)
            if not reducing:
                raise NoOpenPosition(symbol)
            return self._create(False, None, (), None, at)

    def _withdraw(self, instrument: int) -> None:
        """Takes back the open orders of an instrument that is to be closed."""
        for number in self._desk.open_orders(instrument):
            self._cancel(self._orders[f"ORD-{number:03}"], "closing position")

    def _cancel(self, order: Order, reason: str) -> None:
        try:
            is_cancelled = bool(self._broker.cancel_order(order.order_id))
        except Exception as error:
            self._broker_failed(order, error)
            return
        if is_cancelled:
            self._end(order, OrderState.CANCELLED, reason)
        else:
            self._desk.note(recording.CANCEL_REJECTED, order._number)
            self._commit({"reason": reason})

    def _known(self, order_id: str) -> Order:
        order = self._orders.get(order_id)
        if order is None:
            raise UnknownOrder(order_id)
        return order

    def cancel_order(self, order_id: str, reason: str = "User requested") -> Order:
        """Asks the broker to withdraw an order."""
        with self._lock:
            order = self._known(order_id)
            self._check_open(order, OrderState.CANCELLED)
            self._begin()
            self._check_open(order, OrderState.CANCELLED)
            self._cancel(order, reason)
            return order

    @staticmethod
    def _check_open(order: Order, requested: OrderState) -> None:
        current = order.state
        if requested not in VALID_TRANSITIONS[current]:
            raise InvalidTransition(order.order_id, current, requested, VALID_TRANSITIONS[current])

    # ---- Brokers that answer later

    def apply_fill(self, fill: Fill) -> None:
        """A trade that a broker tells of; one that is known already comes to nothing."""
        if not isinstance(fill, Fill):
            raise TypeError(f"{fill!r} is not a Fill")
        with self._lock:
            self._begin()
            self._book(fill)

    def apply_rejection(self, order_id: str, code: str, reason: str) -> Order:
        """A refusal that a broker tells of."""
        return self._apply(order_id, OrderState.REJECTED, reason, code)

    def apply_cancel(self, order_id: str, reason: str) -> Order:
        """An end that a broker tells of."""
        return self._apply(order_id, OrderState.CANCELLED, reason, None)

    def _apply(self, order_id: str, state: OrderState, reason: str | None, code: str | None) -> Order:
        with self._lock:
            order = self._known(order_id)
            self._check_open(order, state)
            self._begin()
            self._check_open(order, state)
            self._end(order, state, reason, code)
            return order

    def _move_order(self, order: Order, state: OrderState, reason: str | None, code: str | None) -> None:
        if state not in ENDINGS:
            raise InvalidTransition(order.order_id, order.state, state, VALID_TRANSITIONS[order.state])
        self._apply(order.order_id, state, reason or "", code or "REJECTED")

    def _fill_order(self, order: Order, price: Amount, quantity: Amount) -> None:
        with self._lock:
            current = order.state
            if current not in (OrderState.SUBMITTED, OrderState.PARTIAL_FILL):
                raise InvalidTransition(order.order_id, current, OrderState.FILLED, VALID_TRANSITIONS[current])
            self._begin()
            side = order.side.number
            number = self._instrument(order.symbol)
            self._desk.book(order._number, number, side, None, quantity, price, price, 0, True)
            self._commit()

    # ---- Risk

    def halt(self, operator: str, reason: str) -> None:
        """Stops orders that open until somebody resumes."""
        operator, reason = said_by(operator, "operator"), said_by(reason, "reason")
        with self._lock:
            self._begin()
            self._desk.act(HALT)
            self._commit({"operator": operator, "reason": reason})

    def resume(self, operator: str, reason: str) -> None:
        """Ends every halt. The equity there is becomes peak and base of the day."""
        operator, reason = said_by(operator, "operator"), said_by(reason, "reason")
        with self._lock:
            if self._desk.sequence:
                self._begin()
            self._desk.act(RESUME)
            self._commit({"operator": operator, "reason": reason})

    def start_day(self, day: date | None = None) -> None:
        """Begins a trading day: its base is the equity there is, and orders that were good for a day end."""
        self._start_day(None if day is None else day_number(day), True)

    def _reset_day(self) -> None:
        """The figures of the day begin anew."""
        self._start_day(None, False)

    def _start_day(self, day: int | None, expires: bool) -> None:
        with self._lock:
            at = self._moment()
            today = self._risk._calendar.day(at)
            self._desk.begin_day(nanoseconds(at), today if day is None else day, expires)
            self._at = at
            self._commit({"broker": self._broker.name})
            self._withdraw_expired()

    def _halt_reason(self) -> str | None:
        halts = self._desk.halts
        return self._halted.get(halts[0]) if halts else None

    # ---- Reading

    @property
    def broker(self) -> Broker:
        """Where orders go."""
        return self._broker

    @property
    def risk_manager(self) -> RiskManager:
        """What checks them."""
        return self._risk

    @property
    def event_store(self) -> EventStore:
        """Where events are kept."""
        return self._store

    @property
    def initial_capital(self) -> Decimal:
        """What the account began with."""
        return self._capital

    @property
    def cash(self) -> Decimal:
        """Capital, what was earned, less commissions."""
        with self._lock:
            summary = self._desk.summary()
            return summary[11] if summary[0] & BEGUN else self._capital

    @property
    def equity(self) -> Decimal:
        """Cash, and what positions would earn."""
        with self._lock:
            return self._desk.equity if self._desk.sequence else self._capital

    def get_position(self, symbol: str) -> Position | None:
        """What is held of a symbol, if anything."""
        with self._lock:
            number = self._desk.find(symbol)
            return None if number is None else position_of(self._desk, number, symbol)

    def get_all_positions(self) -> dict[str, Position]:
        """Everything that is held."""
        with self._lock:
            return positions_of(self._desk)

    def get_order(self, order_id: str) -> Order | None:
        """The order of that id, if there is one."""
        return self._orders.get(order_id)

    def get_orders(self, state: OrderState | None = None, symbol: str | None = None) -> list[Order]:
        """Orders by creation, all of them or those in a state or of a symbol."""
        with self._lock:
            return [
                order
                for order in self._orders.values()
                if (symbol is None or order.symbol == symbol) and (state is None or order.state is state)
            ]

    @overload
    def get_events(
        self,
        order_id: str | None = None,
        symbol: str | None = None,
        type: None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Event]: ...
    @overload
    def get_events(
        self,
        order_id: str | None = None,
        symbol: str | None = None,
        *,
        type: type[AnEvent],
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[AnEvent]: ...
    def get_events(
        self,
        order_id: str | None = None,
        symbol: str | None = None,
        type: Any = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Any]:
        """What was recorded, all of it or what every filter lets pass. Times are included."""
        with self._lock:
            events: list[Any] = self._store.get_all() if order_id is None else self._store.get_by_order(order_id)
        if symbol is not None:
            events = [event for event in events if getattr(event, "symbol", None) == symbol]
        if type is not None:
            events = [event for event in events if isinstance(event, type)]
        if since is not None:
            aware(since, "since")
            events = [event for event in events if event.timestamp >= since]
        if until is not None:
            aware(until, "until")
            events = [event for event in events if event.timestamp <= until]
        return events

    def state(self) -> State:
        """Everything that events have led to."""
        with self._lock:
            return state_of(self._desk, self._codes, MappingProxyType({**self._specs, **self._listed}))

    def replay(self, upto: int | datetime | None = None) -> State:
        """The same, or what it was at an event or a time, from the events alone."""
        return replay(self._store.get_all(), upto)

    def portfolio_summary(self) -> PortfolioSummary:
        """The engine in a few figures."""
        with self._lock:
            found = self._desk.summary()
            begun = bool(found[0] & BEGUN)
            return PortfolioSummary(
                equity=found[12] if begun else self._capital,
                cash=found[11] if begun else self._capital,
                open_positions=found[9],
                total_orders=found[3],
                unrealized_pnl=found[14],
                realized_pnl=found[13],
                total_pnl=found[15],
                commissions=found[16],
                total_events=self._store.count,
                is_halted=bool(found[8]),
                halt_reason=self._halt_reason(),
            )

    def performance(self) -> PerformanceMetrics:
        """How the engine has traded so far."""
        with self._lock:
            found = self._desk.performance()
        trades, wins, losses, net, win, loss, trade, largest, smallest, rate, factor, drawdown, sharpe = found
        return PerformanceMetrics(
            total_trades=trades,
            winning_trades=wins,
            losing_trades=losses,
            win_rate=rate,
            total_pnl=net,
            avg_win=win,
            avg_loss=loss,
            avg_trade_pnl=trade,
            largest_win=largest,
            largest_loss=smallest,
            profit_factor=factor,
            max_drawdown=drawdown,
            sharpe_ratio=sharpe,
        )

    def export_trades(self, path: str | os.PathLike[str]) -> Path:
        """Writes trades as CSV, and tells where to."""
        return _reports.write_trades(self.get_events(), Path(path))

    def export_events(self, path: str | os.PathLike[str]) -> Path:
        """Writes events as CSV, and tells where to."""
        return _reports.write_events(self.get_events(), Path(path))

    # ---- Runs

    def run(
        self,
        strategy: Strategy,
        bars: pandas.DataFrame | Mapping[str, pandas.DataFrame],
        *,
        symbol: str | None = None,
        fill_at: str = "close",
        close_at_end: bool = False,
        progress: bool = False,
    ) -> RunResult:
        """Lets a strategy see bars one after the other, and carries out what it wants."""
        from trade_engine._runs import run

        return run(self, strategy, bars, symbol, fill_at, close_at_end, progress)

    backtest = run

    # ---- Ending

    def close(self) -> None:
        """Flushes and closes the store."""
        with self._lock:
            self._store.flush()
            self._store.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
