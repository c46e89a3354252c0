"""Settlement lags and schemes as values.

An expected "!Type: text" is an exception; without a text only the type counts, because the text is the
interpreter's.
"""

import pytest
from expressions import check


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("SettlementUnit.BUSINESS_DAYS", "SettlementUnit.BUSINESS_DAYS"),
        ("int(SettlementUnit.CALENDAR_DAYS)", "1"),
        ("SettlementUnit()", "!TypeError: cannot create 'openpit.core.SettlementUnit' instances"),
        ("SettlementLag(2, SettlementUnit.CALENDAR_DAYS).n", "2"),
        ("SettlementLag(n=2, unit=SettlementUnit.CALENDAR_DAYS).unit", "SettlementUnit.CALENDAR_DAYS"),
        ("SettlementLag(2**64 - 1, SettlementUnit.BUSINESS_DAYS).n", "18446744073709551615"),
        ("SettlementLag(2**64, SettlementUnit.BUSINESS_DAYS)", "!OverflowError"),
        ("SettlementLag(-1, SettlementUnit.BUSINESS_DAYS)", "!OverflowError"),
        ("SettlementLag('2', SettlementUnit.BUSINESS_DAYS)", "!TypeError"),
        ("SettlementLag(2, 0)", "!TypeError: 'int' object is not an instance of 'SettlementUnit'"),
        ("SettlementLag(2)", "!TypeError"),
        ("hash(SettlementLag(2, SettlementUnit.BUSINESS_DAYS))", "!TypeError"),
        (
            "SettlementLag(2, SettlementUnit.BUSINESS_DAYS) == SettlementLag(2, SettlementUnit.BUSINESS_DAYS)",
            "True",
        ),
        (
            "SettlementLag(2, SettlementUnit.BUSINESS_DAYS) == SettlementLag(2, SettlementUnit.CALENDAR_DAYS)",
            "False",
        ),
        (
            "SettlementLag(1, SettlementUnit.BUSINESS_DAYS) < SettlementLag(2, SettlementUnit.BUSINESS_DAYS)",
            "!TypeError: SettlementLag supports only == and !=",
        ),
    ],
)
def test_lags(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("SettlementScheme.uniform(2).delivery.n", "2"),
        ("SettlementScheme.uniform(n=2).payment.unit", "SettlementUnit.BUSINESS_DAYS"),
        ("SettlementScheme.uniform(2) == SettlementScheme.uniform(2)", "True"),
        ("SettlementScheme.uniform(2) != SettlementScheme.uniform(3)", "True"),
        (
            "SettlementScheme(SettlementLag(2, SettlementUnit.BUSINESS_DAYS),"
            " payment=SettlementLag(2, SettlementUnit.BUSINESS_DAYS)) == SettlementScheme.uniform(2)",
            "True",
        ),
        (
            "SettlementScheme.uniform(2) < SettlementScheme.uniform(3)",
            "!TypeError: SettlementScheme supports only == and !=",
        ),
        ("SettlementScheme.uniform(-1)", "!OverflowError"),
        ("SettlementScheme(2, 3)", "!TypeError: 'int' object is not an instance of 'SettlementLag'"),
        ("hash(SettlementScheme.uniform(2))", "!TypeError"),
        ("setattr(SettlementScheme.uniform(2), 'delivery', 1)", "!AttributeError"),
        ("copy.copy(SettlementScheme.uniform(2))", "!TypeError"),
    ],
)
def test_schemes(expression, expected):
    check(expression, expected)
