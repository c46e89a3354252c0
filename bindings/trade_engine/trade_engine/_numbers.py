"""Amounts on their way in, and how they are written. What they come to is decided in the native core."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from openpit import _openpit

ANY, POSITIVE, NOT_NEGATIVE, UNIT, POSITIVE_UNIT = range(5)

# Whatever means an amount: int, str, Decimal, float by its shortest text, and the scalars of NumPy.
Amount = Any


def amount(value: Amount, name: str, rule: int = ANY) -> Decimal:
    """The decimal that an argument means; TypeError or ValueError with its name otherwise."""
    return _openpit.amount(value, name, rule)


def optional_amount(value: Amount | None, name: str, rule: int = ANY) -> Decimal | None:
    """The same where None stands for nothing."""
    return None if value is None else _openpit.amount(value, name, rule)


def plain(value: Decimal) -> str:
    """The digits without zeros at the end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal) -> str:
    """The digits with two places at least, and no zeros after those."""
    whole, _, places = plain(value).partition(".")
    return f"{whole}.{places:0<2}"


def count(value: Any, name: str) -> int:
    """A whole number above zero."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: {value!r} is not an int")
    if value < 1:
        raise ValueError(f"{name}: {value!r} is not at least 1")
    return value
