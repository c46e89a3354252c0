"""Numbers, durations and times, as documents write them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal, InvalidOperation

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
    "d": 86_400_000_000_000,
}
_DURATION = re.compile(r"([0-9]{1,20})(ns|us|ms|s|m|h|d)")
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):?(\d\d)?)", re.ASCII
)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d))?", re.ASCII)
_AMOUNT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
_LARGEST_INT64 = 2**63 - 1
_LARGEST_MANTISSA = 2**96 - 1
_MOST_PLACES = 28
_TOO_LARGE = "has more digits than a number of 96 bits"


class BadValue(ValueError):
    """A value of the right type that is no number, time or duration, or is out of range; the text says which."""


def amount(value: str | int | float | Decimal) -> Decimal:
    """A decimal that the engine can hold: a whole number of up to 96 bits, shifted by up to 28 places."""
    if isinstance(value, int) and value.bit_length() > 96:
        raise BadValue(_TOO_LARGE)
    try:
        if isinstance(value, str):
            if len(value) > 200 or not _AMOUNT.fullmatch(value):
                raise BadValue("is not a number")
            number = Decimal(value)
        else:
            # A binary fraction is meant to be the shortest decimal that stands for it.
            number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        raise BadValue("is not a number") from None
    if not number.is_finite():
        raise BadValue("is not a finite number")
    if number.is_zero():
        return Decimal(0)
    # Before the digits are looked at, because there may be millions.
    if number.adjusted() > 28:
        raise BadValue(_TOO_LARGE)
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    kept = list(digits)
    while kept[-1] == 0:
        kept.pop()
        exponent += 1
    if exponent < -_MOST_PLACES:
        raise BadValue(f"has more than {_MOST_PLACES} places")
    if exponent > 0:
        kept += [0] * exponent
        exponent = 0
    if len(kept) > 60 or int("".join(map(str, kept))) > _LARGEST_MANTISSA:
        raise BadValue(_TOO_LARGE)
    return Decimal((sign, tuple(kept), exponent))


def duration(value: str | datetime.timedelta) -> int:
    """Nanoseconds."""
    if isinstance(value, datetime.timedelta):
        nanoseconds = ((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1_000
    else:
        match = _DURATION.fullmatch(value)
        if match is None:
            raise BadValue("is not a duration: a whole number and one of ns us ms s m h d, as in 250ms")
        nanoseconds = int(match[1]) * _UNITS[match[2]]
    if not 0 < nanoseconds <= _LARGEST_INT64:
        raise BadValue("is not a duration above 0 and below 292 years")
    return nanoseconds


def duration_text(nanoseconds: int) -> str:
    """A duration in the largest unit of which it is a whole number."""
    unit = next(unit for unit, size in reversed(_UNITS.items()) if nanoseconds % size == 0)
    return f"{nanoseconds // _UNITS[unit]}{unit}"


def moment(value: str | datetime.datetime) -> int:
    """Unix nanoseconds."""
    fraction = 0
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            raise BadValue("has no offset from UTC")
        time = value
    else:
        match = _MOMENT.fullmatch(value)
        if match is None:
            raise BadValue("is not a time with an offset, as in 2026-03-02T20:00:00Z")
        year, month, day, hour, minute, second, digits, sign, hours, minutes = match.groups()
        fraction = int((digits or "").ljust(9, "0"))
        offset = datetime.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
        try:
            zone = datetime.timezone(-offset if sign == "-" else offset)
            local = datetime.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
            time = local.replace(tzinfo=zone)
        except ValueError as error:
            raise BadValue(f"is no time that there is: {error}") from None
    since = time - _EPOCH
    seconds, micro = since.days * 86_400 + since.seconds, since.microseconds
    nanoseconds = seconds * 1_000_000_000 + micro * 1_000 + fraction
    if not -_LARGEST_INT64 <= nanoseconds <= _LARGEST_INT64:
        raise BadValue("is not between the years 1678 and 2262")
    return nanoseconds


def date(value: str | datetime.date) -> datetime.date:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise BadValue("is not a date, as in 2026-03-02")
    try:
        return datetime.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise BadValue(f"is no date that there is: {error}") from None


def clock(value: str | datetime.time, *, is_end: bool = False) -> int:
    """Seconds since local midnight; an end may be 24:00."""
    if isinstance(value, datetime.time):
        if value.tzinfo is not None or value.microsecond:
            raise BadValue("is not a local time of whole seconds")
        return value.hour * 3600 + value.minute * 60 + value.second
    match = _CLOCK.fullmatch(value)
    hour, minute, second = (int(field or 0) for field in match.groups()) if match else (99, 99, 99)
    if is_end and (hour, minute, second) == (24, 0, 0):
        return 86_400
    if hour > 23 or minute > 59 or second > 59:
        raise BadValue("is not a time of day, as in 09:30")
    return hour * 3600 + minute * 60 + second
