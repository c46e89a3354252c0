"""Prices, reports and settings that cannot be right: each has an answer of its own, and none of them is "pass".

The smallest number is 1e-28, so that it is the neighbour of zero.
"""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from engine_support import USD, A, B, engine, order

import openpit
from openpit.core import Instrument, InstrumentId
from openpit.marketdata import Quote, QuoteResolution, QuoteTtl
from openpit.param import AccountId, Fee, Price, Quantity, Side, Trade, TradeAmount
from openpit.pretrade import Lock, policies

NAME = "SpotFundsPolicy"
SMALLEST = "0.0000000000000000000000000001"
LARGEST = "79228162514264337593543950335"
FAILED = "OrderValueCalculationFailed"
UNAVAILABLE = "MarkPriceUnavailable"
SECOND = timedelta(seconds=1)
MILLION_YEARS = timedelta(days=365_000_000)
BOOK_TOP = policies.SpotFundsPricingSource.BOOK_TOP
WIDEST = QuoteResolution.ACCOUNT_THEN_GROUP_THEN_DEFAULT
TRACK_ONLY = policies.SpotFundsLimitMode.TRACK_ONLY


class Market:
    """An engine that counts funds and prices market orders, of which AAPL/USD is known."""

    def __init__(self, ttl=None, source=policies.SpotFundsPricingSource.MARK, slippage=0):
        builder = openpit.Engine.builder().no_sync()
        self.service = builder.market_data(ttl or QuoteTtl.infinite()).build()
        self.instrument = self.service.register(USD)
        funds = policies.build_spot_funds().market_data(self.service, slippage, source)
        self.engine = builder.builtin(funds).build()
        self.engine.configure().spot_funds(NAME, global_limit_mode=TRACK_ONLY)

    def push(self, age=timedelta(0), **prices):
        self.service.push(self.instrument, Quote(**prices), age)

    def ask(self, side=Side.BUY, instrument=USD):
        """The price a market order for one is reserved at, or the code of its only reject."""
        operation = openpit.OrderOperation(
            instrument=instrument, account_id=A, side=side, trade_amount=TradeAmount.quantity(1)
        )
        result = self.engine.execute_pre_trade(openpit.Order(operation=operation))
        if not result.ok:
            (reject,) = result.rejects
            return reject.code
        price = str(result.reservation.lock().prices_of(0)[0])
        result.reservation.rollback()
        return price


# ---- Quotes ----


@pytest.mark.parametrize("field", ["mark", "bid", "ask"])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("nan", "nan"),
        (float("nan"), "NaN"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (Decimal("NaN"), "NaN"),
        (Decimal("sNaN"), "sNaN"),
        (Decimal("-Infinity"), "-Infinity"),
        ("", ""),
        ("1e29", "1e29"),
        (1e29, "100000000000000000000000000000"),
        ("79228162514264337593543950336", "79228162514264337593543950336"),
        ("-79228162514264337593543950336", "-79228162514264337593543950336"),
    ],
)
def test_what_is_no_price_is_no_quote(field, value, text):
    with pytest.raises(openpit.param.ParamError) as raised:
        Quote(**{field: value})
    assert str(raised.value) == f"invalid format for Price: '{text}'"


@pytest.mark.parametrize("value", ["79228162514264337593543950334", LARGEST, f"-{LARGEST}"])
def test_the_largest_prices_are_quotes(value):
    assert str(Quote(mark=value).mark) == value


@pytest.mark.parametrize("value", [b"1", True, object(), [1]])
def test_what_is_no_number_is_no_quote(value):
    with pytest.raises(ValueError, match="^Price must be a Decimal, str, int, or float$"):
        Quote(mark=value)


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
@pytest.mark.parametrize(
    ("mark", "answer"),
    [(-5, FAILED), (f"-{SMALLEST}", FAILED), ("0", FAILED), ("-0.0", FAILED), (SMALLEST, SMALLEST), (LARGEST, LARGEST)],
)
def test_nothing_is_bought_or_sold_at_a_price_of_zero_or_below(side, mark, answer):
    market = Market()
    market.push(mark=mark)
    assert market.ask(side) == answer


@pytest.mark.parametrize(("slippage", "answer"), [(0, LARGEST), (1, FAILED), (10_000, FAILED)])
def test_a_price_that_slips_beyond_the_largest_is_none(slippage, answer):
    market = Market(slippage=slippage)
    market.push(mark=LARGEST)
    assert market.ask() == answer


@pytest.mark.parametrize("bid", [4, 5, 6])
def test_a_crossed_book_is_read_as_it_is(bid):
    market = Market(source=BOOK_TOP)
    market.push(bid=bid, ask=5)
    assert market.ask(Side.BUY) == "5"
    assert market.ask(Side.SELL) == str(bid)


@pytest.mark.parametrize(
    ("source", "prices", "buy", "sell"),
    [
        (policies.SpotFundsPricingSource.MARK, {"bid": 4, "ask": 5}, UNAVAILABLE, UNAVAILABLE),
        (BOOK_TOP, {"mark": 4}, UNAVAILABLE, UNAVAILABLE),
        (BOOK_TOP, {"mark": 4, "bid": 4}, UNAVAILABLE, "4"),
        (BOOK_TOP, {"mark": 4, "ask": 5}, "5", UNAVAILABLE),
        (BOOK_TOP, {}, UNAVAILABLE, UNAVAILABLE),
    ],
)
def test_no_price_stands_in_for_another(source, prices, buy, sell):
    market = Market(source=source)
    market.push(mark=1, bid=1, ask=1)
    market.push(**prices)
    assert (market.ask(Side.BUY), market.ask(Side.SELL)) == (buy, sell)


@pytest.mark.parametrize(
    ("age", "answer"),
    [
        (timedelta.min, "5"),
        (-MILLION_YEARS, "5"),
        (-SECOND, "5"),
        (0 * SECOND, "5"),
        (9 * SECOND, "5"),
        (10 * SECOND, UNAVAILABLE),
        (11 * SECOND, UNAVAILABLE),
        (MILLION_YEARS, UNAVAILABLE),
        (timedelta.max, UNAVAILABLE),
    ],
)
def test_a_quote_from_the_future_is_of_now_and_one_that_is_too_old_is_none(age, answer):
    market = Market(QuoteTtl.within(10 * SECOND))
    market.push(age, mark=5)
    assert market.ask() == answer


@pytest.mark.parametrize("age", [0 * SECOND, MILLION_YEARS, timedelta.max])
def test_without_a_ttl_no_quote_is_too_old(age):
    market = Market()
    market.push(age, mark=5)
    assert market.ask() == "5"


def test_an_unknown_instrument_has_no_price():
    market = Market()
    assert market.ask() == UNAVAILABLE
    market.push(mark=5)
    assert market.ask() == "5"
    for pair in (("AAPL", "EUR"), ("USD", "AAPL"), ("aapl", "USD")):
        assert market.ask(instrument=Instrument(*pair)) == UNAVAILABLE


# ---- Reports ----


def fill(quantity="1", price="10", lock=(), account=A, leaves="0", is_final=True, fee=None):
    details = {} if fee is None else {"fee": fee}
    return openpit.ExecutionReport(
        operation=openpit.ExecutionReportOperation(instrument=USD, account_id=account, side=Side.BUY),
        fill=openpit.ExecutionReportFillDetails(
            last_trade=Trade(price=Price(price), quantity=Quantity(quantity)),
            leaves_quantity=Quantity(leaves),
            is_final=is_final,
            lock=Lock(lock),
            **details,
        ),
    )


def held(result):
    return [str(a.entry.held.absolute) for a in result.account_adjustments if a.entry.asset == "USD" and a.entry.held]


def test_a_fill_of_an_order_the_engine_never_saw_is_settled_and_told():
    result = Market().engine.apply_execution_report(fill("3", lock=[(0, 10)], account=AccountId.from_int(8)))
    assert held(result) == ["-30"]
    assert result.account_blocks == []


@pytest.mark.parametrize(("quantity", "left"), [("3", "10"), ("4", "0"), ("5", "-10")])
def test_a_fill_of_less_of_all_and_of_more_than_was_reserved(quantity, left):
    checked = Market().engine
    result = checked.execute_pre_trade(order("4"))
    lock = result.reservation.lock()
    result.reservation.commit()
    assert held(checked.apply_execution_report(fill(quantity, lock=lock))) == [left]


@pytest.mark.parametrize(
    ("lock", "code", "reason"),
    [
        ([], "MissingRequiredField", "pre-trade lock has no price for settlement {}"),
        ([(1, 10)], "MissingRequiredField", "pre-trade lock has no price for settlement {}"),
        ([(0, 10)], None, None),
        ([(0, 10), (1, 10)], None, None),
        (
            [(0, 10), (0, 10)],
            "Other",
            "pre-trade lock has multiple prices for settlement {}; two SpotFundsPolicies share a group_id",
        ),
    ],
)
@pytest.mark.parametrize("use", ["fill", "release"])
def test_a_lock_has_one_price_of_the_group(use, lock, code, reason):
    checked = Market().engine
    given = (
        fill(lock=lock)
        if use == "fill"
        else openpit.ExecutionReport(
            operation=fill().operation,
            fill=openpit.ExecutionReportFillDetails(leaves_quantity=Quantity(1), is_final=True, lock=Lock(lock)),
        )
    )
    result = checked.apply_execution_report(given)
    if code is None:
        assert result.account_blocks == []
        assert len(result.account_adjustments) == 2
        return
    (block,) = result.account_blocks
    assert (block.policy, block.code, block.reason, block.details) == (NAME, code, reason.format(use), "group 0")
    assert result.account_adjustments == []
    assert checked.execute_pre_trade(order()).rejects[0].reason == reason.format(use)


def test_a_report_of_nobody_blocks_everybody():
    checked = Market().engine
    nobody = openpit.ExecutionReport(fill=fill(lock=[(0, 10)]).fill)
    (block,) = checked.apply_execution_report(nobody).account_blocks
    assert block.details == "failed to access field 'operation.account_id'"
    for account in (A, B):
        assert checked.execute_pre_trade(order(account=account)).rejects[0].code == "AccountBlocked"


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: Quantity("-1"), "value must be non-negative for Quantity"),
        (lambda: Quantity("nan"), "invalid format for Quantity: 'nan'"),
        (lambda: Fee(float("nan")), "invalid format for Fee: 'NaN'"),
        (lambda: Lock([(0, "nan")]), "invalid format for Price: 'nan'"),
        (lambda: Lock([(0, float("inf"))]), "invalid format for Price: 'inf'"),
    ],
)
def test_what_is_no_number_gets_into_no_report(make, text):
    with pytest.raises(ValueError) as raised:
        make()
    assert str(raised.value) == text


# ---- What is said about settings and services ----


def two(first, second):
    return lambda: openpit.Engine.builder().no_sync().builtin(first).builtin(second).build()


def kill_switch(*barriers):
    builder = policies.build_spot_funds_pnl_bounds_killswitch()
    for barrier in barriers:
        builder = builder.global_barrier(barrier)
    return builder


BARRIER = policies.SpotFundsPnlBoundsBarrier(-1)
NO_BOUND = policies.SpotFundsPnlBoundsBarrier()
NO_SYNC = (
    "market data service is in no-sync mode but the engine is multi-threaded; "
    "call .full_sync() on the market-data builder before .build()"
)


def slipping(slippage, sync="no_sync"):
    service = openpit.Engine.builder().no_sync().market_data(QuoteTtl.infinite()).build()
    return lambda: engine(policies.build_spot_funds().market_data(service, slippage), sync=sync)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            two(policies.build_spot_funds(), kill_switch(BARRIER).with_policy_group_id(3)),
            "duplicate policy name in engine configuration: SpotFundsPolicy",
        ),
        (
            lambda: engine(policies.build_spot_funds_pnl_bounds_killswitch().account_barriers()),
            "spot funds P&L bounds require at least one barrier",
        ),
        (lambda: engine(kill_switch(NO_BOUND)), "spot-funds P&L bounds must configure at least one bound"),
        (slipping(10_001), "slippage 10001 bps is out of range (must be <= 10 000 bps)"),
        (slipping(65_535), "slippage 65535 bps is out of range (must be <= 10 000 bps)"),
        (slipping(0, "full_sync"), NO_SYNC),
        (slipping(0, "account_sync"), NO_SYNC),
    ],
)
def test_what_makes_no_engine(make, text):
    with pytest.raises(ValueError) as raised:
        make()
    assert str(raised.value) == text


@pytest.mark.parametrize("slippage", [0, 9_999, 10_000])
def test_slippage_up_to_all_of_the_price(slippage):
    assert slipping(slippage)()


@pytest.mark.parametrize("slippage", [-1, 65_536])
def test_slippage_that_is_no_count(slippage):
    with pytest.raises(OverflowError):
        slipping(slippage)()


def entry(kind, *values):
    return getattr(policies, kind)(*values)


@pytest.mark.parametrize(
    ("configure", "error", "text"),
    [
        (
            lambda c: c.spot_funds(NAME, global_slippage_bps=10_001),
            openpit.PolicyConfigureError,
            "policy SpotFundsPolicy rejected the update: slippage 10001 bps is out of range (must be <= 10 000 bps)",
        ),
        (
            lambda c: c.spot_funds_pnl_bounds_killswitch(NAME, global_barrier=NO_BOUND),
            openpit.PolicyConfigureError,
            "policy SpotFundsPolicy rejected the update: spot-funds P&L bounds must configure at least one bound",
        ),
        (lambda c: c.spot_funds("X"), openpit.PolicyConfigureError, "no configurable policy named X"),
        (
            lambda c: c.spot_funds(NAME, pricing_source="Mark"),
            TypeError,
            "expected openpit.pretrade.policies.SpotFundsPricingSource",
        ),
        (
            lambda c: c.spot_funds(NAME, account_limit_modes=[entry("SpotFundsLimitModeAccountEntry", 1, None)]),
            TypeError,
            "SpotFundsLimitModeAccountEntry.account_id must be openpit.param.AccountId",
        ),
        (
            lambda c: c.spot_funds(
                NAME, account_group_limit_modes=[entry("SpotFundsLimitModeAccountGroupEntry", 1, None)]
            ),
            TypeError,
            "SpotFundsLimitModeAccountGroupEntry.account_group_id must be openpit.param.AccountGroupId",
        ),
        (
            lambda c: c.spot_funds(NAME, overrides=[5]),
            TypeError,
            "expected openpit.pretrade.policies.SpotFundsOverrideEntry",
        ),
        (
            lambda c: c.spot_funds_pnl_bounds_killswitch(NAME, account_barriers=[5]),
            TypeError,
            "expected openpit.pretrade.policies.SpotFundsPnlBoundsAccountBarrier",
        ),
        (
            lambda c: c.set_spot_funds_account_pnl(NAME, account=A, state=None),
            ValueError,
            "Pnl must be a Decimal, str, int, or float",
        ),
    ],
)
def test_what_changes_no_setting(configure, error, text):
    with pytest.raises(error) as raised:
        configure(engine(policies.build_spot_funds()).configure())
    assert str(raised.value) == text


NOBODY = SimpleNamespace(account_group=None)
KNOWN = (
    'instrument Instrument { underlying_asset: Asset("AAPL"), settlement_asset: Asset("USD") } is already registered'
)


@pytest.mark.parametrize(
    ("use", "error", "text"),
    [
        (lambda s: s.register(USD), "AlreadyRegistered", KNOWN),
        (lambda s: s.register_with_id(USD, InstrumentId(9)), "RegistrationError", KNOWN),
        (
            lambda s: s.register_with_id(Instrument("B", "USD"), InstrumentId(0)),
            "RegistrationError",
            "instrument id 0 is already registered",
        ),
        (lambda s: s.push(InstrumentId(77), Quote()), "UnknownInstrumentId", "unknown instrument id: 77"),
        (lambda s: s.get(InstrumentId(77), A, NOBODY, WIDEST), "UnknownInstrument", "unknown instrument"),
        (lambda s: s.get(InstrumentId(0), A, NOBODY, WIDEST), "QuoteUnavailable", "quote unavailable"),
    ],
)
def test_what_a_service_says(use, error, text):
    with pytest.raises(getattr(openpit.marketdata, error)) as raised:
        use(Market().service)
    assert str(raised.value) == text


@pytest.mark.parametrize(
    ("use", "error", "text"),
    [
        (
            lambda s: s.push_for(InstrumentId(0), Quote(), [], []),
            ValueError,
            "push_for requires at least one account or group target",
        ),
        (
            lambda s: s.get(InstrumentId(0), 5, NOBODY, WIDEST),
            TypeError,
            "account_id must be openpit.param.AccountId",
        ),
        (lambda s: s.register(5), TypeError, "instrument must be openpit.core.Instrument"),
        (
            lambda s: s.get(InstrumentId(0), A, SimpleNamespace(account_group=7), WIDEST),
            TypeError,
            "account_info.account_group must be AccountGroupId or None, got: "
            "'int' object is not an instance of 'AccountGroupId'",
        ),
    ],
)
def test_what_a_service_does_not_take(use, error, text):
    with pytest.raises(error) as raised:
        use(Market().service)
    assert str(raised.value) == text
