"""Quotes, TTLs and resolutions as values.

An expected "!Type: text" is an exception; without a text only the type counts, because the text is the
interpreter's.
"""

import pytest
from expressions import check


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Quote()", "Quote(mark=None, bid=None, ask=None)"),
        ("Quote(mark='1.50', ask=-2)", "Quote(mark=Some(Price(1.50)), bid=None, ask=Some(Price(-2)))"),
        ("Quote(bid=2, ask=1)", "Quote(mark=None, bid=Some(Price(2)), ask=Some(Price(1)))"),
        ("str(Quote(mark=Decimal('0.10')).mark)", "'0.10'"),
        ("str(Quote(mark=0.1).mark)", "'0.1'"),
        ("Quote(mark=1).bid", "None"),
        ("Quote(mark=1) == Quote(mark='1.0')", "True"),
        ("Quote(mark=1) != Quote(bid=1)", "True"),
        ("Quote() == Quote()", "True"),
        ("Quote() == None", "False"),
        ("Quote() < Quote()", "!TypeError: Quote supports only == and !="),
        ("Quote() < 5", "!TypeError"),
        ("hash(Quote())", "!TypeError"),
        ("Quote(1)", "!TypeError"),
        ("Quote(mark='x')", "!ParamError: invalid format for Price: 'x'"),
        ("Quote(mark='nan')", "!ParamError: invalid format for Price: 'nan'"),
        ("Quote(mark=object())", "!ValueError: Price must be a Decimal, str, int, or float"),
        ("setattr(Quote(), 'mark', 1)", "!AttributeError"),
        ("pickle.dumps(Quote())", "!TypeError: cannot pickle 'openpit.marketdata.Quote' object"),
    ],
)
def test_quotes(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("QuoteTtl.infinite()", "QuoteTtl.infinite()"),
        ("QuoteTtl.within(timedelta(0))", "QuoteTtl.within(0ns)"),
        ("QuoteTtl.within(timedelta(microseconds=7))", "QuoteTtl.within(7µs)"),
        ("QuoteTtl.within(timedelta(microseconds=1500))", "QuoteTtl.within(1.5ms)"),
        ("QuoteTtl.within(timedelta(milliseconds=50))", "QuoteTtl.within(50ms)"),
        ("QuoteTtl.within(timedelta(seconds=1.5))", "QuoteTtl.within(1.5s)"),
        ("QuoteTtl.within(timedelta(microseconds=1000001))", "QuoteTtl.within(1.000001s)"),
        ("QuoteTtl.within(duration=timedelta(1))", "QuoteTtl.within(86400s)"),
        ("QuoteTtl.within(timedelta.max)", "QuoteTtl.within(86399999999999.999999s)"),
        ("QuoteTtl.infinite() == QuoteTtl.infinite()", "False"),
        ("QuoteTtl.within(timedelta(microseconds=-1))", "!ValueError: duration must not be negative"),
        ("QuoteTtl.within(5)", "!TypeError: duration must be datetime.timedelta"),
        ("QuoteTtl()", "!TypeError: cannot create 'openpit.marketdata.QuoteTtl' instances"),
    ],
)
def test_ttls(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("QuoteResolution.ACCOUNT_ONLY", "QuoteResolution.ACCOUNT_ONLY"),
        ("int(QuoteResolution.ACCOUNT_THEN_GROUP)", "1"),
        ("QuoteResolution.ACCOUNT_THEN_GROUP_THEN_DEFAULT == 2", "True"),
        ("QuoteResolution.ACCOUNT_ONLY == QuoteResolution.ACCOUNT_THEN_GROUP", "False"),
        ("hash(QuoteResolution.ACCOUNT_ONLY)", "!TypeError"),
        ("QuoteResolution()", "!TypeError: cannot create 'openpit.marketdata.QuoteResolution' instances"),
    ],
)
def test_resolutions(expression, expected):
    check(expression, expected)
