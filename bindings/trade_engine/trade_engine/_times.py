"""Times on their way in and out, and trading days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def now() -> datetime:
    """The default clock."""
    return datetime.now(UTC)


def aware(value: Any, name: str) -> datetime:
    """A datetime that knows its zone."""
    if not isinstance(value, datetime):
        raise TypeError(f"{name}: {value!r} is not a datetime")
    if value.utcoffset() is None:
        raise ValueError(f"{name}: {value!r} has no time zone")
    return value


def nanoseconds(moment: datetime) -> int:
    """Since 1970, UTC."""
    return (moment - EPOCH) // MICROSECOND * 1000


def moment(nanoseconds: int) -> datetime:
    """And back."""
    return EPOCH + timedelta(microseconds=nanoseconds // 1000)


class Calendar:
    """The trading day of a moment: the date in a zone, of a day that begins at a boundary."""

    def __init__(self, zone: str | tzinfo, boundary: time) -> None:
        if isinstance(zone, str):
            try:
                self.zone: tzinfo = ZoneInfo(zone)
            except Exception as error:
                raise ValueError(f"timezone: {zone!r} is not known") from error
        elif isinstance(zone, tzinfo):
            self.zone = zone
        else:
            raise TypeError(f"timezone: {zone!r} is not a name")
        if not isinstance(boundary, time) or boundary.tzinfo is not None:
            raise TypeError(f"day_boundary: {boundary!r} is not a time without a zone")
        self._shift = timedelta(hours=boundary.hour, minutes=boundary.minute, seconds=boundary.second)

    def day(self, moment: datetime) -> int:
        """Its number: that of the proleptic Gregorian calendar."""
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        return (local - self._shift).toordinal()


def day_number(day: date) -> int:
    """The number of a date."""
    if not isinstance(day, date):
        raise TypeError(f"day: {day!r} is not a date")
    return day.toordinal()
