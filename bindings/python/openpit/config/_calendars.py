"""Reads calendars, and turns them into instants. The engine steps through these and knows no time zones."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpit import _lists
from openpit.config._compiled import Calendar, Session
from openpit.config._problems import Problems, joined, shown
from openpit.config._shapes import (
    INVALID,
    ClockTime,
    Date,
    ListOf,
    MapOf,
    Record,
    Text,
    Whole,
    Word,
    valid,
)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 86_400
_NOON = _DAY // 2
_UTC = datetime.timezone.utc
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=_UTC)


class _Weekdays:
    """A weekday, or a range of them."""

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        ends = value.split("-") if isinstance(value, str) else []
        if not 1 <= len(ends) <= 2 or len(set(ends)) < len(ends) or any(day not in WEEKDAYS for day in ends):
            problems.unknown_key(path, str(value), WEEKDAYS)
            return INVALID
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))

    def schema(self) -> dict[str, Any]:
        day = f"({'|'.join(WEEKDAYS)})"
        return {"pattern": f"^{day}(-{day})?$"}


_SESSION = Record(
    {"phase": Word(_lists.PHASES, "phase"), "from": ClockTime(), "until": ClockTime(is_end=True)},
    ["phase", "from", "until"],
)


def calendar_shape() -> Record:
    return Record(
        {
            "time_zone": Text(most=255),
            "day_roll": ClockTime(),
            "horizon": Whole(1, 3660),
            "last_entry": ClockTime(),
            "sessions": MapOf(ListOf(_SESSION), _Weekdays()),
            "holidays": ListOf(Date(), is_set=True),
            "days": MapOf(ListOf(_SESSION), Date()),
        },
        ["time_zone"],
    )


def zone(name: str) -> datetime.tzinfo | None:
    """A time zone, or None when there is none of that name, or no data of zones at all."""
    if name == "UTC":
        return _UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _sessions(rows: Any, path: str, problems: Problems) -> tuple[Session, ...]:
    """The sessions of one day, in order."""
    placed: list[tuple[Session, int]] = []
    for index, row in enumerate(rows or ()):
        if row is INVALID:
            continue
        phase, start, until = (valid(row, key) for key in ("phase", "from", "until"))
        if start is not None and until is not None and until <= start:
            problems.add(f"{path}[{index}].until", "bad_value", "the session would end before it begins")
        elif phase is not None and start is not None and until is not None:
            placed.append((Session(phase, start, until), index))
    placed.sort(key=lambda pair: pair[0].start)
    for (earlier, _), (later, index) in zip(placed, placed[1:], strict=False):
        if later.start < earlier.until:
            problems.add(f"{path}[{index}].from", "bad_value", "the session begins before the one before it ends")
    return tuple(session for session, _ in placed)


def _week(read: Mapping[Any, Any], given: Mapping[str, str], path: str, problems: Problems) -> Any:
    """Sessions by weekday."""
    week: list[tuple[Session, ...]] = [()] * 7
    taken: set[int] = set()
    for days, rows in read.items():
        place = joined(path, given[days])
        sessions = _sessions(rows, place, problems)
        for day in days:
            if day in taken:
                problems.add(place, "duplicate", f"{WEEKDAYS[day]} is there twice")
            taken.add(day)
            week[day] = sessions
    return tuple(week)


def read_calendars(read: Mapping[str, Any], problems: Problems) -> dict[str, Calendar]:
    """Calendars that have been read; those that are wrong are left out."""
    made: dict[str, Calendar] = {}
    for name, item in read.items():
        if item is INVALID:
            continue
        path, before = f"calendars.{name}", len(problems)
        time_zone = valid(item, "time_zone", "UTC")
        if zone(time_zone) is None:
            problems.unknown_name(joined(path, "time_zone"), time_zone, _zones(), "time zone that is installed")
        rows = valid(item, "sessions")
        week = None
        if rows is not None:
            given = {days: _spelled(days) for days in rows}
            week = _week(rows, given, joined(path, "sessions"), problems)
        days: dict[datetime.date, tuple[Session, ...]] = {}
        for date, sessions in valid(item, "days", {}).items():
            days[date] = _sessions(sessions, joined(path, f"days.{date}"), problems)
        for index, date in enumerate(valid(item, "holidays", ())):
            if date in days:
                problems.add(f"{path}.holidays[{index}]", "duplicate", f"{date} is a holiday, and one of `days`")
            days.setdefault(date, ())
        for key in ("holidays", "days"):
            if "sessions" not in item and valid(item, key):
                problems.add(joined(path, key), "conflict", "a calendar without sessions is never closed")
        if len(problems) == before:
            made[name] = Calendar(
                id=name,
                time_zone=time_zone,
                day_roll=valid(item, "day_roll", 0),
                horizon=valid(item, "horizon", 400),
                last_entry=valid(item, "last_entry"),
                sessions=week,
                days=days,
            )
    return made


def _spelled(days: tuple[int, ...]) -> str:
    return WEEKDAYS[days[0]] if len(days) == 1 else f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"


def _zones() -> set[str]:
    try:
        return zoneinfo.available_timezones()
    except OSError:
        return set()


# ---- Instants -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Instant:
    """What is so from a time on, and what rolls at it.

    ``phase`` is None for a calendar that has rolls only. ``is_late`` says that only orders that reduce are still taken.
    """

    time: int
    phase: str | None
    is_late: bool
    day: bool
    week: bool
    month: bool
    trading_date: datetime.date


def _utc_seconds(local: datetime.datetime, tz: datetime.tzinfo) -> int:
    """The instant of a local time: the first of two, and of one that is skipped the first instant after it."""
    at = local.replace(tzinfo=tz, fold=0)
    seconds = _seconds(at.astimezone(_UTC))
    if at.astimezone(_UTC).astimezone(tz).replace(tzinfo=None) == local:
        return seconds
    # Skipped: the change lies between what the later offset makes of the time and what the earlier one does.
    low, high = _seconds(local.replace(tzinfo=tz, fold=1).astimezone(_UTC)), seconds
    after = _offset(high, tz)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(middle, tz) == after else (middle, high)
    return high


def _seconds(time: datetime.datetime) -> int:
    since = time - _EPOCH
    return since.days * _DAY + since.seconds


def _offset(seconds: int, tz: datetime.tzinfo) -> datetime.timedelta | None:
    return (_EPOCH + datetime.timedelta(seconds=seconds)).astimezone(tz).utcoffset()


def _at(date: datetime.date, second: int, tz: datetime.tzinfo) -> int:
    midnight = datetime.datetime.combine(date, datetime.time())
    return _utc_seconds(midnight + datetime.timedelta(seconds=second), tz)


def _dates(start: int, horizon: int, tz: datetime.tzinfo) -> Iterator[datetime.date]:
    """Local dates from two before the start to two behind the end, so that every edge is within."""
    first = (_EPOCH + datetime.timedelta(seconds=start)).astimezone(tz).date() - datetime.timedelta(days=2)
    return (first + datetime.timedelta(days=days) for days in range(horizon + 5))


def instants(calendar: Calendar, start: int) -> tuple[Instant, ...]:
    """What a calendar says from a time on, which is Unix nanoseconds, to its horizon.

    Sorted, a time once. The first is not after ``start``, and tells how things are there; its rolls are those of its own
    time. The calendar has no answer from ``end`` on.
    """
    tz = zone(calendar.time_zone)
    if tz is None:
        raise LookupError(f"there is no time zone {shown(calendar.time_zone)} any more")
    begin = start // 1_000_000_000
    one_day = datetime.timedelta(days=1)
    rolls: dict[int, datetime.date] = {}
    phases: dict[int, str] = {}
    for date in _dates(begin, calendar.horizon, tz):
        # A roll after noon begins the next date.
        rolls[_at(date, calendar.day_roll, tz)] = date + one_day if calendar.day_roll > _NOON else date
        if calendar.sessions is None:
            continue
        for session in calendar.days.get(date, calendar.sessions[date.weekday()]):
            first, last = _at(date, session.start, tz), _at(date, session.until, tz)
            if first < last:
                phases[first] = session.phase
                phases.setdefault(last, "closed")
    closings = _closings(calendar, sorted(rolls), rolls, tz)
    made: list[Instant] = []
    phase = None if calendar.sessions is None else "closed"
    is_late, today = False, min(rolls.values())
    for time in sorted({*rolls, *phases, *closings}):
        if time * 1_000_000_000 >= end(calendar, start):
            break
        phase = phases.get(time, phase)
        before, today = today, rolls.get(time, today)
        is_late = time in closings or (is_late and time not in rolls)
        is_roll = time in rolls
        made.append(
            Instant(
                time=time * 1_000_000_000,
                phase=phase,
                is_late=is_late,
                day=is_roll,
                week=is_roll and today.isocalendar()[:2] != before.isocalendar()[:2],
                month=is_roll and (today.year, today.month) != (before.year, before.month),
                trading_date=today,
            )
        )
    # How things are at the start is told by the last one that is not after it.
    first_told = max((index for index, instant in enumerate(made) if instant.time <= start), default=0)
    return tuple(made[first_told:])


def _closings(
    calendar: Calendar, times: list[int], rolls: Mapping[int, datetime.date], tz: datetime.tzinfo
) -> set[int]:
    """When the last entry of each trading date is over: its one occurrence between two rolls."""
    if calendar.last_entry is None:
        return set()
    found: set[int] = set()
    for roll, following in zip(times, times[1:], strict=False):
        date = rolls[roll]
        for days in (-1, 0, 1):
            time = _at(date + datetime.timedelta(days=days), calendar.last_entry, tz)
            if roll <= time < following:
                found.add(time)
                break
    return found


def end(calendar: Calendar, start: int) -> int:
    """From when on a calendar has no answer, in Unix nanoseconds."""
    return start + calendar.horizon * _DAY * 1_000_000_000
