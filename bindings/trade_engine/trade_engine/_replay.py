"""Events as the native core reads them, and the state that they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from openpit import _openpit

from trade_engine._times import aware, moment, nanoseconds
from trade_engine._words import ORDER_TYPES, POSITION_SIDES, SIDES, STATES, TIMES_IN_FORCE
from trade_engine.errors import ReplayError
from trade_engine.events import KIND_NUMBERS, Event, OrderRejected
from trade_engine.instruments import InstrumentSpec, terms_of
from trade_engine.models import ZERO, OrderView, Position, State


def plain_desk() -> Any:
    """A desk without limits: what happened is not judged again."""
    one = Decimal(1)
    return _openpit.TradingDesk(ZERO, 0, one, one, one, 0, 0, 0, None, 0, 0, 0)


def feed(desk: Any, event: Event) -> None:
    """Lets an event happen to a desk."""
    following = desk.sequence + 1
    kind = KIND_NUMBERS.get(type(event))
    if kind is None:
        raise ReplayError(f"event {getattr(event, 'seq', following)} is of a kind that nobody knows: {event!r}")
    if event.seq != following:
        raise ReplayError(f"event {following} is missing: {event.seq} follows")
    symbol = getattr(event, "symbol", None)
    if symbol is not None and desk.find(symbol) is None:
        desk.add(symbol, terms_of(InstrumentSpec(symbol), False))
    try:
        desk.replay(kind, event.seq, nanoseconds(event.timestamp), event.__dict__)
    except Exception as error:
        raise ReplayError(f"event {event.seq} cannot have happened: {error}") from error


def position_of(desk: Any, number: int, symbol: str) -> Position | None:
    """What is held of a symbol, as it is now."""
    found = desk.position(number)
    if not found[0]:
        return None
    position = object.__new__(Position)
    position.__dict__.update(
        symbol=symbol,
        side=POSITION_SIDES[found[0]],
        quantity=found[1],
        entry_price=found[2],
        current_price=found[3],
        unrealized_pnl=found[4],
        realized_pnl=found[5],
        commission_paid=found[6],
        multiplier=found[7],
        cost_basis=found[8],
        opened_at=moment(found[9]),
        updated_at=moment(found[10]),
        _known=found[12:],
    )
    return position


def positions_of(desk: Any) -> dict[str, Position]:
    """Everything that is held."""
    if not desk.position_count:
        return {}
    found = ((symbol, position_of(desk, number, symbol)) for number, symbol in enumerate(desk.symbols))
    return {symbol: position for symbol, position in found if position is not None}


def order_view(desk: Any, number: int, order_id: str, code: str | None) -> OrderView:
    """An order, as it is now."""
    symbol, side, kind, time, reducing, _, price, limit_price, stop_price, _ = desk.order_terms(number)
    stage, quantity, filled, remaining, average, _, _, _ = desk.order_life(number)

    return OrderView(
        order_id,
        symbol,
        SIDES[side],
        quantity,
        STATES[stage],
        filled,
        average,
        code,
        remaining,
        ORDER_TYPES[kind],
        TIMES_IN_FORCE[time],
        price,
        limit_price,
        stop_price,
        reducing,
    )


def state_of(
    desk: Any, codes: Mapping[str, str | None], instruments: Mapping[str, InstrumentSpec] = MappingProxyType({})
) -> State:
    """Everything that a desk has come to. ``codes`` are those of orders that were rejected."""
    summary = desk.summary()
    seq, time, count, fills, day, halts = (
        summary[1],
        summary[2],
        summary[3],
        summary[6],
        summary[7],
        summary[8],
    )
    orders = {
        order_id: order_view(desk, number, order_id, codes.get(order_id))
        for number, order_id in ((number, f"ORD-{number:03}") for number in range(1, count + 1))
    }
    marks = ((symbol, desk.mark_of(number)) for number, symbol in enumerate(desk.symbols))
    return State(
        seq=seq,
        timestamp=moment(time) if seq else None,
        initial_capital=summary[10],
        cash=summary[11],
        equity=summary[12],
        realized_pnl=summary[13],
        unrealized_pnl=summary[14],
        commissions=summary[16],
        peak_equity=summary[17],
        day=date.fromordinal(day) if day else None,
        day_start_equity=summary[18],
        halts=halts,
        orders=MappingProxyType(orders),
        positions=MappingProxyType(positions_of(desk)),
        prices=MappingProxyType({symbol: mark for symbol, mark in marks if mark is not None}),
        fill_count=fills,
        instruments=instruments,
    )


def replay(events: Iterable[Event], upto: int | datetime | None = None) -> State:
    """The state that events lead to, all of them or those up to a number or a time."""
    if isinstance(upto, datetime):
        aware(upto, "upto")
    elif upto is not None and (isinstance(upto, bool) or not isinstance(upto, int)):
        raise TypeError(f"upto: {upto!r} is neither a number nor a time")
    desk = plain_desk()
    codes: dict[str, str | None] = {}
    for event in events:
        if isinstance(upto, datetime):
            if event.timestamp > upto:
                break
        elif upto is not None and event.seq > upto:
            break
        feed(desk, event)
        if isinstance(event, OrderRejected):
            codes[event.order_id] = event.code
    return state_of(desk, codes)
