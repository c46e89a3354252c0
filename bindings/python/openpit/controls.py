"""Limits as records, and what an engine tells of them: data first, and plain data by ``to_dict()``.

Numbers are :class:`decimal.Decimal`, durations :class:`datetime.timedelta`, times aware datetimes in UTC.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from openpit.config import _values
from openpit.config._limits import Context, read_limit
from openpit.config._problems import ConfigError, Problems
from openpit.pretrade import Reject

__all__ = [
    "CancelIntent",
    "CancelResult",
    "Change",
    "Event",
    "Explanation",
    "InputUse",
    "Limit",
    "LimitStatus",
    "Look",
    "Release",
    "ReleaseRefused",
]

_REJECT = ("code", "scope", "policy", "reason", "details", "metric", "bound", "value", "limit", "retry_after")


class ReleaseRefused(RuntimeError):
    """A latch asks for a role that the release does not name. Nothing was changed."""


def _plain(value: Any) -> Any:
    """A value as JSON has it: decimals as texts, times as ISO 8601 in UTC, durations in nanoseconds."""
    if isinstance(value, enum.Enum):
        return value.value
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.timedelta):
        return ((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1_000
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Reject):
        return {name: _plain(getattr(value, name, None)) for name in _REJECT}
    if isinstance(value, _Record):
        return value.to_dict()
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    return str(value)


class _Record:
    """What all records here can do."""

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data that JSON can hold."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]


_Amount = Decimal | int | str | float
_Duration = str | datetime.timedelta
_Moment = str | datetime.datetime
_AMOUNTS = ("lower", "upper", "warn", "hysteresis", "burst", "cancel_reserve", "min_volume")
_MOMENTS = ("effective_from", "effective_until")


@dataclass(frozen=True, kw_only=True, repr=False)
class Limit(_Record):
    """One record that bounds one metric for one scope: the same record as in a configuration document.

    Keys that are not given are None, and mean what the documentation says; ``name`` is then the canonical one. A limit that
    cannot be raises :class:`openpit.config.ConfigError`. What only a document can tell, such as whether a group exists, is
    checked by the engine.
    """

    metric: str
    name: str | None = None
    scope: Mapping[str, int | str] | None = None
    only: Mapping[str, Sequence[str]] | None = None
    lower: _Amount | None = None
    upper: _Amount | None = None
    unlimited: bool | None = None
    currency: str | None = None
    window: _Duration | None = None
    period: str | None = None
    action: str | None = None
    warn: _Amount | None = None
    stages: Sequence[Mapping[str, Any]] | None = None
    throttle: Mapping[str, Any] | None = None
    hysteresis: _Amount | None = None
    confirm: int | None = None
    release: str | Mapping[str, _Duration] | None = None
    release_role: str | None = None
    hard: bool | None = None
    max_age: _Duration | Mapping[str, _Duration] | None = None
    on_missing: str | None = None
    effective_from: _Moment | None = None
    effective_until: _Moment | None = None
    reference: Sequence[str] | None = None
    side: str | None = None
    capacity: int | None = None
    on_repeat: str | None = None
    fields: Sequence[str] | None = None
    kinds: Sequence[str] | None = None
    algorithm: str | None = None
    burst: _Amount | None = None
    count: str | None = None
    cancel_reserve: _Amount | None = None
    of: str | Sequence[str] | None = None
    per: str | None = None
    min_count: int | None = None
    model: str | None = None
    min_volume: _Amount | None = None
    owner: str | None = None
    mode: str | None = None
    input: str | None = None

    def __post_init__(self) -> None:
        problems = Problems()
        limit = read_limit(self._record(), "", Context(), problems)
        if limit is None:
            raise ConfigError(problems.found)
        # What the engine takes. No field, so that two limits are equal when their records are.
        object.__setattr__(self, "_compiled", limit)
        for key, value in {**self._record(), "name": limit.name}.items():
            object.__setattr__(self, key, _values.amount(value) if key in _AMOUNTS else value)

    def __repr__(self) -> str:
        return f"Limit({', '.join(f'{key}={value!r}' for key, value in self._record().items())})"

    def _record(self) -> dict[str, Any]:
        """The keys that were given, with dicts of their own, because a record does not change."""
        given = {key: getattr(self, key) for key in self.__dataclass_fields__}
        return {key: _copied(value) for key, value in given.items() if value is not None}

    def to_dict(self) -> dict[str, Any]:
        """The record as a document has it, without the keys that were not given. Durations are texts in nanoseconds."""
        return {key: _document(key, value) for key, value in self._record().items()}


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_copied(item) for item in value]
    return value


def _document(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        # What has an age, or an end, is a duration whatever it is called.
        is_ages = key in ("max_age", "release")
        return {name: _document("window" if is_ages else name, item) for name, item in value.items()}
    if isinstance(value, list):
        return [_document("", item) for item in value]
    if key in ("window", "max_age"):
        return f"{_values.duration(value)}ns"
    if key in _MOMENTS:
        return _moment_text(_values.moment(value))
    return format(_values.amount(value), "f") if isinstance(value, (Decimal, float)) else _plain(value)


def _moment_text(nanoseconds: int) -> str:
    seconds, fraction = divmod(nanoseconds, 1_000_000_000)
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
    return time.isoformat() + (f".{fraction:09}" if fraction else "") + "Z"


@dataclass(frozen=True)
class LimitStatus(_Record):
    """A limit in force for one concrete key, and how much of it is used.

    ``used`` and ``used_low`` are the value now, with the upper and with the lower bound of a two-sided metric; None where the
    value is that of an order, or is not known. ``headroom`` is the distance to the nearer bound, below 0 when that is passed.
    ``stage`` is the highest stage that was entered, or ``breach``; ``state`` what the row has latched.
    """

    name: str
    metric: str
    scope: Mapping[str, int | str]
    lower: Decimal | None
    upper: Decimal | None
    used: Decimal | None
    used_low: Decimal | None
    headroom: Decimal | None
    utilization: Decimal | None
    unit: str
    action: str
    stage: Decimal | str | None
    state: str
    window: datetime.timedelta | None
    period: str | None
    currency: str | None
    effective_from: datetime.datetime | None
    effective_until: datetime.datetime | None


@dataclass(frozen=True)
class InputUse(_Record):
    """A source that was asked for a number: ``fresh``, ``stale`` or ``missing``."""

    name: str
    value: Decimal | None
    age: datetime.timedelta | None
    status: str


@dataclass(frozen=True)
class Look(_Record):
    """How one limit judges an order: ``pass``, ``warn``, ``reject``, ``overridden`` or ``skip``, and ``why`` for the last."""

    name: str
    metric: str
    scope: Mapping[str, int | str]
    verdict: str
    why: str | None
    lower: Decimal | None
    upper: Decimal | None
    used: Decimal | None
    asked: Decimal | None
    value: Decimal | None
    headroom: Decimal | None
    utilization: Decimal | None
    code: str | None
    inputs: tuple[InputUse, ...]


@dataclass(frozen=True)
class Explanation(_Record):
    """What an order would meet now: the verdict, exactly the rejects of the call, and how each limit looks at it."""

    verdict: str
    state: str
    time: datetime.datetime
    rejects: tuple[Reject, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class Change(_Record):
    """A change of the configuration: whether it applies already, and which limits it set and removed."""

    number: int
    version: str | None
    applied: bool
    effective_from: datetime.datetime | None
    revert_at: datetime.datetime | None
    set: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Release(_Record):
    """What a release came to: the state before and after, and the names of what had latched."""

    scope: Mapping[str, int | str]
    was: str
    now: str
    causes: tuple[str, ...]


@dataclass(frozen=True)
class CancelIntent(_Record):
    """A working order that the engine wants cancelled, or reduced, at the venue."""

    account: int
    client_order_id: str | None
    order_id: int
    instrument: str
    side: str
    kind: str
    quantity: Decimal
    cause: str
    time: datetime.datetime


@dataclass(frozen=True)
class CancelResult(_Record):
    """Whether a cancel may be sent."""

    ok: bool
    rejects: tuple[Reject, ...]

    def __bool__(self) -> bool:
        return self.ok


@dataclass(frozen=True)
class Event(_Record):
    """What an engine tells besides its answers. A sequence number that is skipped is one that was dropped."""

    sequence: int
    time: datetime.datetime
    kind: str
    name: str | None
    metric: str | None
    scope: Mapping[str, int | str]
    value: Decimal | None
    limit: Decimal | None
    text: str
