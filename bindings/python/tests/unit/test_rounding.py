"""The four ways to round to fewer digits."""

import pytest

from openpit.param import Pnl, Quantity, RoundingStrategy

ROUNDED = [
    # value, then nearest-even, away from zero, up, down
    ("0.5", "0", "1", "1", "0"),
    ("1.5", "2", "2", "2", "1"),
    ("2.5", "2", "3", "3", "2"),
    ("-0.5", "0", "-1", "0", "-1"),
    ("-1.5", "-2", "-2", "-1", "-2"),
    ("-2.5", "-2", "-3", "-2", "-3"),
    ("0.1", "0", "0", "1", "0"),
    ("0.9", "1", "1", "1", "0"),
    ("-0.1", "0", "0", "0", "-1"),
    ("-0.9", "-1", "-1", "0", "-1"),
    ("-2.6", "-3", "-3", "-2", "-3"),
]


@pytest.mark.parametrize("row", ROUNDED)
def test_rounds_to_a_whole_number(row):
    value, *expected = row
    assert [str(Pnl.from_string_rounded(value, 0, strategy)) for strategy in RoundingStrategy] == expected


@pytest.mark.parametrize("scale", [2, 3, 28, 29, 1000])
def test_never_adds_digits(scale):
    assert str(Quantity.from_string_rounded("1.25", scale, "Up")) == "1.25"
