"""Between states, intents, locates and overrides as records and the engine: the counterpart of ``src/engine_states.c``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from openpit import _lists
from openpit._limits import (
    _account,
    _Id,
    _instant,
    _number,
    _pair,
    _scope_record,
)
from openpit._openpit import Engine, Instrument, Order
from openpit._orders import ListResult
from openpit.config import _values
from openpit.controls import CancelIntent, CancelResult, Release, ReleaseRefused

_KINDS = ("cancel", "reduce")
_SIDES = ("BUY", "SELL")
_REBASED = ("peak", "day", "week", "month")
_NEVER = 2**63 - 1


def _key(scope: dict[str, Any]) -> tuple[Any, ...]:
    if unknown := sorted(set(scope) - set(_lists.SCOPE_KEYS)):
        raise TypeError(f"a scope has no key {unknown[0]!r}")
    for name, value in scope.items():
        if value == "*" or (name == "class" and str(value).endswith(":*")):
            raise ValueError(f"a state is of one {name}, not of each")
    return _scope_record(scope)


def _check_reason(actor: str, reason: str) -> None:
    """Who does something by hand says so, and why."""
    for what, text in (("actor", actor), ("reason", reason)):
        if not isinstance(text, str):
            raise TypeError(f"{what} must be a str")
        if not text:
            raise ValueError(f"{what} must not be empty")


# ---- Lists and cancels ----


def execute_list(engine: Engine, orders: Iterable[Order]) -> ListResult:
    """Runs both stages of orders that are sent together: all of them are accepted, or none."""
    reservation, results = engine._execute_list(tuple(orders))
    return ListResult(reservation is not None, results[-1].rejects, results, reservation)


def check_cancel(
    engine: Engine,
    account_id: _Id,
    *,
    client_order_id: str | None = None,
    order_id: int | None = None,
    instrument: str | Instrument | None = None,
    strategy: str | None = None,
    trader: str | None = None,
    session: str | None = None,
    venue: str | None = None,
) -> CancelResult:
    """Counts a cancel, and tells whether it may be sent."""
    underlying, settlement = (None, None) if instrument is None else _pair(instrument)
    passed, rejects = engine._check_cancel(
        _account(account_id).value,
        client_order_id or "",
        order_id or 0,
        underlying,
        settlement,
        strategy,
        trader,
        session,
        venue,
    )
    return CancelResult(passed, tuple(rejects))


# ---- States ----


def set_state(engine: Engine, state: str, *, actor: str, reason: str, **scope: int | str) -> None:
    """Sets the state of a key by hand: REDUCING or HALTED."""
    _check_reason(actor, reason)
    if state not in _lists.STATES[1:]:
        raise ValueError(f"a state that is set is one of {', '.join(_lists.STATES[1:])}, not {state!r}")
    engine._set_state(_number(_lists.STATES, state), _key(scope))


def state(engine: Engine, **scope: int | str) -> str:
    """The most severe state that every order with these values meets."""
    return _lists.STATES[engine._read_state(_key(scope)) - 1]


def release(
    engine: Engine,
    *,
    actor: str,
    reason: str,
    role: str | None = None,
    limit: str | None = None,
    **scope: int | str,
) -> Release:
    """Ends the states of exactly this key, and a block of exactly this account or group; with a limit what that has caused."""
    _check_reason(actor, reason)
    was, now, is_refused, causes = engine._release(_key(scope), role, limit)
    if is_refused:
        raise ReleaseRefused("a limit that has latched asks for a role that the release does not name")
    return Release(dict(scope), _lists.STATES[was - 1], _lists.STATES[now - 1], tuple(causes))


# ---- Intents ----


def _intent(told: tuple[Any, ...]) -> CancelIntent:
    kind, side, client_order_id, order_id, account, underlying, settlement, quantity, time, cause = told
    return CancelIntent(
        account=account,
        client_order_id=client_order_id or None,
        order_id=order_id,
        instrument=f"{underlying}/{settlement}",
        side=_SIDES[side - 1],
        kind=_KINDS[kind - 1],
        quantity=Decimal(quantity),
        cause=cause,
        time=_instant(time),
    )


def cancel_intents(engine: Engine) -> list[CancelIntent]:
    """Hands out, once, what the engine wants of the venue."""
    taken: list[CancelIntent] = []
    while (told := engine._next_intent()) is not None:
        taken.append(_intent(told))
    return taken


def pending_cancels(engine: Engine) -> list[CancelIntent]:
    """Every intent whose order has not ended."""
    return [_intent(told) for told in engine._read_pending_cancels()]


# ---- Locates and overrides ----


def add_locate(
    engine: Engine,
    account_id: _Id,
    instrument: str | Instrument,
    quantity: Decimal | int | str,
    locate_id: str,
    expires: datetime.datetime | None = None,
) -> None:
    """Adds a quantity that somebody will lend to an account that sells short."""
    underlying, settlement = _pair(instrument)
    number = Decimal(quantity)
    if not number.is_finite():
        raise ValueError(f"a quantity is a number, not {number}")
    until = _NEVER if expires is None else _values.moment(expires)
    engine._add_locate(locate_id, _account(account_id).value, underlying, settlement, format(number, "f"), until)


def rebase(engine: Engine, account_id: _Id, what: str, *, actor: str, reason: str) -> None:
    """Sets the peak, or what a period began with, to the present value."""
    _check_reason(actor, reason)
    if what not in _REBASED:
        raise ValueError(f"what must be one of {', '.join(_REBASED)}, not {what!r}")
    engine._rebase(_account(account_id).value, _REBASED.index(what) + 1)


def grant(
    engine: Engine,
    account_id: _Id,
    client_order_id: str,
    limits: Iterable[str],
    expires: datetime.datetime,
    actors: Iterable[str],
    reason: str,
) -> None:
    """Lets one order of an account pass some limits, as two different actors at least have decided."""
    if not isinstance(reason, str) or not reason:
        raise ValueError("reason must not be empty")
    engine._grant(_account(account_id).value, client_order_id, tuple(limits), _values.moment(expires), tuple(actors))
