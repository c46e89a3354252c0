"""Trading days, weeks and months of a fund as instants: zones and clock changes end here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970; ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone")
    return (moment - EPOCH) // MICROSECOND


def moment(since_epoch: int) -> datetime:
    return EPOCH + timedelta(microseconds=since_epoch)


class Span(NamedTuple):
    """From `start` until just before `end`, both in UTC."""

    start: datetime
    end: datetime


class Periods(NamedTuple):
    day: Span
    week: Span
    month: Span


class FundCalendar:
    """Periods in `timezone`, each beginning `day_boundary` after local midnight.

    A week begins with the trading day of Monday, a month with that of the first: with a boundary of 17:00 the week begins
    on Monday at 17:00. A boundary that a clock change skips or repeats is the instant that its first offset gives.
    """

    def __init__(self, timezone: str = "UTC", day_boundary: time = time(0)) -> None:
        if day_boundary.tzinfo is not None:
            raise ValueError("day_boundary is a local time and has no time zone of its own")
        try:
            self._zone = ZoneInfo(timezone)
        except (LookupError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {timezone!r}") from error
        self._boundary = day_boundary
        self._last: Periods | None = None

    def periods(self, moment: datetime) -> Periods:
        """The day, week and month that `moment` lies in."""
        last = self._last
        if last is None or not last.day.start <= moment < last.day.end:
            last = self._last = self._periods(moment)
        return last

    def _periods(self, moment: datetime) -> Periods:
        if moment.tzinfo is None:
            raise ValueError("a time without a time zone")
        day = moment.astimezone(self._zone).date()
        if moment < self._begin(day):
            day -= timedelta(days=1)
        monday = day - timedelta(days=day.weekday())
        first = day.replace(day=1)
        return Periods(
            Span(self._begin(day), self._begin(day + timedelta(days=1))),
            Span(self._begin(monday), self._begin(monday + timedelta(days=7))),
            Span(self._begin(first), self._begin((first + timedelta(days=32)).replace(day=1))),
        )

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, self._boundary, self._zone).astimezone(UTC)
