"""Exact numbers: what comes from outside becomes a decimal that the native part holds, or is refused."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer

SCALE_MAX = 28
COEFFICIENT_MAX = 2**96 - 1
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


def exact(value: Any) -> Decimal:
    """`value` as a decimal of at most 96 bits and 28 places; ValueError for everything else."""
    kind = type(value)
    if kind is str:
        if len(value) <= SCALE_MAX and value.replace(".", "", 1).isdecimal() and value.isascii():
            return Decimal(value)
        if not PLAIN.fullmatch(value.strip()):
            raise ValueError("not a number")
        number = Decimal(value.strip())
    elif kind is Decimal:
        number = value
    elif kind is int:
        number = Decimal(value)
    elif kind is float:
        number = Decimal(repr(value))
    elif isinstance(value, Decimal):
        number = Decimal(value)
    else:
        raise ValueError("not a number")
    digits = str(number)
    # So short a text has neither too many digits nor too many places; an exponent, NaN and infinity have a letter.
    if len(digits) <= SCALE_MAX and digits.replace(".", "", 1).isdecimal():
        return number
    if not number.is_finite():
        raise ValueError("not a finite number")
    return _squeezed(number)


def _squeezed(number: Decimal) -> Decimal:
    """A number whose trailing zeros, or whose exponent, hide that it fits."""
    sign, digits, exponent = number.as_tuple()
    if not any(digits):
        return Decimal(0)
    coefficient, places = int("".join(map(str, digits[:100]))), int(exponent)
    while coefficient % 10 == 0:
        coefficient, places = coefficient // 10, places + 1
    if len(digits) > 100 or places < -SCALE_MAX or places > SCALE_MAX + 1:
        raise ValueError("a number that does not fit 28 digits")
    if places > 0:
        coefficient, places = coefficient * 10**places, 0
    if coefficient > COEFFICIENT_MAX:
        raise ValueError("a number that does not fit 28 digits")
    return Decimal((sign, tuple(map(int, str(coefficient))), places))


def text(number: Decimal) -> str:
    """`number` in plain digits without trailing zeros: what is equal reads the same."""
    plain = format(number, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


Exact = Annotated[Decimal, BeforeValidator(exact), PlainSerializer(text, return_type=str, when_used="json")]
Positive = Annotated[Exact, Field(gt=0)]
NotNegative = Annotated[Exact, Field(ge=0)]
