"""From what a native desk has recorded to events with their texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from trade_engine._reasons import reason_of
from trade_engine._words import OrderState
from trade_engine.events import KINDS, Event, event_id, freeze_details, made
from trade_engine.models import Order

# The numbers of the kinds, as KINDS has them.
(
    STARTED, DAY, SIGNAL, IGNORED, PRICE, CREATED, SUBMITTED, PARTIAL, FILLED, CANCELLED, REJECTED, CLOSED, CANCEL_REJECTED,
    BROKER_FAILED, UNEXPECTED, OPENED, UPDATED, ENDED, WARNED, HALTED, RESUMED,
) = range(1, 22)  # fmt: skip

# What the words of each kind are called, among those that a call has to say.
TEXTS: dict[int, tuple[str, ...]] = {
    STARTED: ("broker",),
    SIGNAL: ("strategy_id", "metadata"),
    IGNORED: ("reason",),
    CREATED: ("strategy_id",),
    SUBMITTED: ("broker",),
    CANCEL_REJECTED: ("reason",),
    BROKER_FAILED: ("error",),
    RESUMED: ("operator", "reason"),
}


# Kinds that say all there is by themselves.
PLAIN = frozenset((DAY, PRICE, PARTIAL, FILLED))
# Kinds of which nothing is kept but the event.
SILENT = frozenset((STARTED, DAY, SIGNAL, IGNORED, PRICE, OPENED, UPDATED, ENDED, WARNED, RESUMED))


def complete(kind: int, values: dict[str, Any], said: Mapping[str, Any]) -> None:
    """Adds to an event what only people read."""
    for name in TEXTS.get(kind, ()):
        values[name] = said.get(name)
    if kind in (UNEXPECTED, OPENED, UPDATED, ENDED) and values["order_id"] is None:
        values["order_id"] = said.get("order_id")
    elif kind in (CANCELLED, CLOSED):
        if values["reason"] is None:
            values["reason"] = said.get("reason")
    elif kind == REJECTED:
        details = values["details"]
        if values["code"] is None:
            values["code"], values["reason"] = said.get("code"), said.get("reason")
        else:
            values["reason"] = reason_of(values["code"], details)
        values["details"] = freeze_details(details)
    elif kind == WARNED:
        if values["code"] is None:
            values["code"], values["message"] = said["warning"].code, said["warning"].message
            values["details"] = freeze_details({})
        else:
            values["message"] = reason_of(values["code"], values["details"])
            values["details"] = freeze_details(values["details"])
    elif kind == HALTED:
        is_manual = values["kind"] == "manual"
        values["operator"] = said.get("operator") if is_manual else None
        figures = {} if is_manual else {"observed": values["observed"], "limit": values["limit"]}
        values["reason"] = said.get("reason") if is_manual else reason_of(values["code"], figures)
    elif kind == STARTED:
        values["schema"] = 1


def recorded(
    taken: list[tuple[int, dict[str, Any]]],
    first: int,
    at: datetime,
    said: Mapping[str, Any],
    keep: Callable[[int, Event], None],
    leave_out: frozenset[int] = frozenset(),
) -> None:
    """Hands over each event that was taken from a desk, numbered from ``first``."""
    seq = first
    for kind, values in taken:
        if kind in leave_out:
            continue
        if kind not in PLAIN:
            complete(kind, values, said)
        values["seq"] = seq
        values["event_id"] = event_id(seq)
        values["timestamp"] = at
        keep(kind, made(KINDS[kind], values))
        seq += 1


STEPS = {
    SUBMITTED: OrderState.SUBMITTED,
    PARTIAL: OrderState.PARTIAL_FILL,
    FILLED: OrderState.FILLED,
    CANCELLED: OrderState.CANCELLED,
    REJECTED: OrderState.REJECTED,
    CLOSED: OrderState.CLOSED,
}


def note(kind: int, event: Any, order: Order | None) -> None:
    """Tells an order of what has happened to it."""
    if order is None:
        return
    step = STEPS.get(kind)
    if step is not None:
        order._note(step, event.timestamp, getattr(event, "reason", None), getattr(event, "code", None))
    elif kind == UNEXPECTED and event.reason == "overfill":
        order._note(OrderState.FILLED, event.timestamp)
