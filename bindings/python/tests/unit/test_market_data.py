"""The market-data service. Quotes grow old by the age they have when they arrive, so that nothing has to wait."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from engine_support import USD, A, B

import openpit
from openpit.core import InstrumentId
from openpit.marketdata import (
    AlreadyRegistered,
    MarketDataBuilder,
    MarketDataError,
    MarketDataService,
    Quote,
    QuoteExpired,
    QuoteResolution,
    QuoteTtl,
    QuoteUnavailable,
    RegistrationError,
    UnknownInstrument,
    UnknownInstrumentId,
)
from openpit.param import AccountGroupId

EUR = openpit.Instrument("AAPL", "EUR")
NOBODY = InstrumentId(77)
SEVEN = AccountGroupId.from_int(7)
ACCOUNT_ONLY = QuoteResolution.ACCOUNT_ONLY
TO_GROUP = QuoteResolution.ACCOUNT_THEN_GROUP
TO_DEFAULT = QuoteResolution.ACCOUNT_THEN_GROUP_THEN_DEFAULT
INFINITE = QuoteTtl.infinite()
SECOND = timedelta(seconds=1)


def info(group=None):
    return SimpleNamespace(account_group=group)


@pytest.fixture
def service():
    return openpit.Engine.builder().no_sync().market_data(QuoteTtl.within(10 * SECOND)).build()


@pytest.fixture
def aapl(service):
    return service.register(USD)


def mark(service, instrument_id, account=A, group=None, resolution=TO_DEFAULT):
    quote = service.get(instrument_id, account, info(group), resolution)
    return None if quote.mark is None else str(quote.mark)


def test_both_stages_of_an_engine_builder_make_services():
    synced = openpit.Engine.builder().full_sync()
    ready = synced.builtin(openpit.pretrade.policies.build_order_validation())
    for stage in (synced, ready):
        builder = stage.market_data(INFINITE)
        assert builder.no_sync() is builder
        assert builder.full_sync() is builder
        assert builder.build() is not builder.build()
    ready.build()
    ready.market_data(default_ttl=INFINITE).build()
    with pytest.raises(TypeError, match="'int' object is not an instance of 'QuoteTtl'"):
        synced.market_data(5)


@pytest.mark.parametrize("kind", [MarketDataBuilder, MarketDataService])
def test_only_builders_make_services(kind):
    with pytest.raises(TypeError, match="cannot create"):
        kind()


def test_ids_count_up_and_skip_those_taken(service):
    pairs = [openpit.Instrument(name, "USD") for name in "ABCDEFG"]
    assert [service.register(pair).value for pair in pairs[:2]] == [0, 1]
    for pair, value in zip(pairs[2:5], (5, 2, 3), strict=True):
        assert service.register_with_id(pair, InstrumentId(value)) == InstrumentId(value)
    assert [service.register(pair).value for pair in pairs[5:]] == [4, 6]
    assert service.resolve(pairs[3]) == InstrumentId(2)
    assert service.resolve(openpit.Instrument("USD", "A")) is None


def test_a_known_name_comes_before_a_taken_id(service, aapl):
    text = (
        'instrument Instrument { underlying_asset: Asset("AAPL"), settlement_asset: Asset("USD") } '
        "is already registered"
    )
    with pytest.raises(AlreadyRegistered) as known:
        service.register(USD)
    assert (str(known.value), known.value.instrument) == (text, USD)
    with pytest.raises(RegistrationError) as same:
        service.register_with_id(USD, aapl)
    assert (str(same.value), same.value.instrument, same.value.instrument_id) == (text, USD, None)
    with pytest.raises(RegistrationError, match="instrument id 0 is already registered") as taken:
        service.register_with_id_and_ttl(EUR, id=aapl, ttl=INFINITE)
    assert (taken.value.instrument, taken.value.instrument_id) == (None, aapl)
    assert not issubclass(AlreadyRegistered, MarketDataError)


def test_a_push_replaces_and_a_patch_completes(service, aapl):
    service.push(aapl, Quote(mark=1, bid=2))
    service.push_patch(aapl, Quote(ask=3))
    assert service.get(aapl, A, info(), TO_DEFAULT) == Quote(mark=1, bid=2, ask=3)
    assert service.push_by_instrument_patch(USD, Quote(bid=4)) == aapl
    assert service.get(aapl, A, info(), TO_DEFAULT) == Quote(mark=1, bid=4, ask=3)
    assert service.push_by_instrument(USD, Quote(bid=5)) == aapl
    assert service.get(aapl, A, info(), TO_DEFAULT) == Quote(bid=5)
    assert service.push_by_instrument(EUR, Quote()) == InstrumentId(1)


@pytest.mark.parametrize(
    ("account", "group", "expected"),
    [
        (A, None, ["3", "3", "3"]),
        (B, SEVEN, [None, "2", "2"]),
        (B, AccountGroupId.from_int(8), [None, None, "1"]),
        (B, None, [None, None, "1"]),
        (B, AccountGroupId.DEFAULT, [None, "1", "1"]),
    ],
)
def test_looks_for_the_account_then_the_group_then_everybody(service, aapl, account, group, expected):
    service.push(aapl, Quote(mark=1))
    service.push_for(aapl, Quote(mark=2), [], [SEVEN])
    service.push_for(aapl, Quote(mark=3), iter([A]), ())
    for resolution, value in zip((ACCOUNT_ONLY, TO_GROUP, TO_DEFAULT), expected, strict=True):
        if value is None:
            with pytest.raises(QuoteUnavailable, match="quote unavailable"):
                mark(service, aapl, account, group, resolution)
        else:
            assert mark(service, aapl, account, group, resolution) == value


def test_there_are_three_ways_to_have_no_quote(service, aapl):
    with pytest.raises(UnknownInstrument, match="unknown instrument"):
        mark(service, NOBODY)
    with pytest.raises(QuoteUnavailable):
        mark(service, aapl)
    service.push(aapl, Quote(mark=1), 10 * SECOND)
    with pytest.raises(QuoteExpired, match="quote expired") as expired:
        mark(service, aapl)
    assert expired.value.quote == Quote(mark=1)
    assert service.get_optional(NOBODY, A, info(), TO_DEFAULT) is None
    assert service.get_optional(aapl, A, info(), TO_DEFAULT) is None
    assert service.get_optional(aapl, A, info(), ACCOUNT_ONLY) is None
    for error in (UnknownInstrument, QuoteUnavailable, QuoteExpired):
        assert issubclass(error, MarketDataError)


@pytest.mark.parametrize(
    ("age", "is_fresh"),
    [
        (timedelta.min, True),
        (-5 * SECOND, True),
        (0 * SECOND, True),
        (9 * SECOND, True),
        (10 * SECOND, False),
        (11 * SECOND, False),
        (timedelta.max, False),
    ],
)
def test_the_age_at_the_source_counts(service, aapl, age, is_fresh):
    service.push(aapl, Quote(mark=1), source_age=age)
    assert (service.get_optional(aapl, A, info(), TO_DEFAULT) is not None) == is_fresh
    assert service.push_by_instrument(USD, Quote(mark=1), age) == aapl
    assert (service.get_optional(aapl, A, info(), TO_DEFAULT) is not None) == is_fresh


def test_the_age_of_a_push_for_some_may_stand_in_two_places(service, aapl):
    service.push(aapl, Quote(mark=1))
    for push in (service.push_for, service.push_for_patch):
        push(aapl, Quote(mark=20), 8 * SECOND, [A], [])
        assert mark(service, aapl) == "20"
        push(aapl, Quote(mark=21), [A], [], 9 * SECOND)
        assert mark(service, aapl) == "21"
        push(aapl, Quote(mark=22), 20 * SECOND, account_ids=[A], account_group_ids=[7])
        with pytest.raises(QuoteExpired):
            mark(service, aapl)
        push(aapl, Quote(mark=23), account_ids=[A], account_group_ids=[], source_age=20 * SECOND)
        with pytest.raises(QuoteExpired):
            mark(service, aapl)
    for call in (
        lambda: service.push(aapl, Quote(), 5),
        lambda: service.push_by_instrument(USD, Quote(), None),
        lambda: service.push_for(aapl, Quote(), [A], [], 5),
    ):
        with pytest.raises(TypeError, match="source_age must be datetime.timedelta"):
            call()
    with pytest.raises(TypeError, match="account_group_ids"):
        service.push_for(aapl, Quote(), SECOND, [A])


def test_clearing_forgets_quotes_and_nothing_else(service, aapl):
    service.push_for(aapl, Quote(mark=1), [A], [SEVEN, AccountGroupId.DEFAULT])
    service.clear(aapl)
    for group in (None, SEVEN):
        assert service.get_optional(aapl, A, info(group), TO_DEFAULT) is None
    assert service.resolve(USD) == aapl
    service.clear(NOBODY)


def test_the_most_particular_ttl_counts(service, aapl):
    zero = QuoteTtl.within(timedelta(0))
    service.push(aapl, Quote(mark=1))
    service.set_instrument_ttl(aapl, zero)
    ladder = [
        (service.set_account_group_ttl, service.clear_account_group_ttl, [AccountGroupId.DEFAULT]),
        (service.set_account_group_ttl, service.clear_account_group_ttl, [7]),
        (service.set_account_ttl, service.clear_account_ttl, [A]),
        (
            service.set_instrument_account_group_ttl,
            service.clear_instrument_account_group_ttl,
            [aapl, AccountGroupId.DEFAULT],
        ),
        (service.set_instrument_account_group_ttl, service.clear_instrument_account_group_ttl, [aapl, SEVEN]),
        (service.set_instrument_account_ttl, service.clear_instrument_account_ttl, [aapl, A]),
    ]

    def is_fresh():
        return service.get_optional(aapl, A, info(SEVEN), TO_DEFAULT) is not None

    for step, (set_ttl, _, scope) in enumerate(ladder):
        set_ttl(*scope, INFINITE if step % 2 == 0 else zero)
        assert is_fresh() == (step % 2 == 0)
    for step, (_, clear_ttl, scope) in reversed(list(enumerate(ladder))):
        clear_ttl(*scope)
        clear_ttl(*scope)
        assert is_fresh() == (step % 2 == 1)
    service.clear_instrument_ttl(aapl)
    assert is_fresh()


def test_instruments_bring_their_ttl_along(service):
    zero = QuoteTtl.within(timedelta(0))
    for instrument_id in (
        service.register_with_ttl(USD, zero),
        service.register_with_id_and_ttl(EUR, InstrumentId(9), zero),
    ):
        service.push(instrument_id, Quote(mark=1))
        with pytest.raises(QuoteExpired):
            mark(service, instrument_id)


class Curious:
    """Counts how often its group is asked for."""

    def __init__(self):
        self.asked = 0

    @property
    def account_group(self):
        self.asked += 1
        return None


def test_the_group_is_asked_for_once_and_only_when_it_matters(service, aapl):
    def asked(resolution, instrument_id=aapl):
        account_info = Curious()
        service.get_optional(instrument_id, A, account_info, resolution)
        return account_info.asked

    assert asked(TO_DEFAULT, NOBODY) == 0
    assert asked(ACCOUNT_ONLY) == 0
    assert asked(TO_GROUP) == 1
    service.push_for(aapl, Quote(mark=1), [A], [])
    assert asked(ACCOUNT_ONLY) == 1
    assert asked(TO_DEFAULT) == 1
    service.set_instrument_account_ttl(aapl, A, INFINITE)
    assert asked(TO_DEFAULT) == 0


def test_trouble_with_the_group_is_raised_even_when_there_is_a_quote(service, aapl):
    service.push_for(aapl, Quote(mark=1), [A], [])
    with pytest.raises(AttributeError):
        service.get(aapl, A, object(), ACCOUNT_ONLY)
    text = (
        "account_info.account_group must be AccountGroupId or None, "
        "got: 'int' object is not an instance of 'AccountGroupId'"
    )
    for read in (service.get, service.get_optional):
        with pytest.raises(TypeError, match=text):
            read(aapl, A, info(5), ACCOUNT_ONLY)


def test_unknown_ids_have_an_exception_of_their_own(service):
    for call in (
        lambda: service.push(NOBODY, Quote()),
        lambda: service.push_patch(NOBODY, Quote()),
        lambda: service.push_for(NOBODY, Quote(), [A], []),
        lambda: service.set_instrument_ttl(NOBODY, INFINITE),
        lambda: service.clear_instrument_ttl(NOBODY),
        lambda: service.set_instrument_account_ttl(NOBODY, A, INFINITE),
        lambda: service.clear_instrument_account_group_ttl(NOBODY, SEVEN),
    ):
        with pytest.raises(UnknownInstrumentId, match="unknown instrument id: 77") as unknown:
            call()
        assert unknown.value.instrument_id == NOBODY
    with pytest.raises(ValueError, match="push_for requires at least one account or group target"):
        service.push_for(NOBODY, Quote(), [], [])


def test_arguments_of_another_type_are_refused(service, aapl):
    for call, text in (
        (lambda: service.register(5), "instrument must be openpit.core.Instrument"),
        (lambda: service.resolve("AAPL"), "instrument must be openpit.core.Instrument"),
        (lambda: service.push_by_instrument(None, Quote()), "instrument must be openpit.core.Instrument"),
        (lambda: service.register_with_id(EUR, 5), "'int' object is not an instance of 'InstrumentId'"),
        (lambda: service.register_with_ttl(EUR, 5), "'int' object is not an instance of 'QuoteTtl'"),
        (lambda: service.push(0, Quote()), "'int' object is not an instance of 'InstrumentId'"),
        (lambda: service.push(aapl, 5), "'int' object is not an instance of 'Quote'"),
        (lambda: service.push_for(aapl, Quote(), 5, []), "'int' object is not iterable"),
        (lambda: service.push_for(aapl, Quote(), [5], []), "account_id must be openpit.param.AccountId"),
        (lambda: service.get(aapl, 1, info(), TO_DEFAULT), "account_id must be openpit.param.AccountId"),
        (lambda: service.get(aapl, A, info(), 2), "'int' object is not an instance of 'QuoteResolution'"),
        (lambda: service.set_account_ttl(A, 5), "'int' object is not an instance of 'QuoteTtl'"),
    ):
        with pytest.raises(TypeError, match=text):
            call()
    for group, text in (
        (A, "account_group_id must be an AccountGroupId or integer in range 1..=4294967295"),
        (2**32, "account_group_id must be an AccountGroupId or integer in range 1..=4294967295"),
        (0, "account group id must not equal the reserved default group"),
    ):
        with pytest.raises(ValueError, match=text):
            service.set_account_group_ttl(group, INFINITE)
        with pytest.raises(ValueError, match=text):
            service.push_for(aapl, Quote(), [], [group])


def test_threads_see_whole_quotes():
    service = openpit.Engine.builder().full_sync().market_data(INFINITE).build()
    aapl = service.push_by_instrument(USD, Quote(mark=0, bid=0, ask=0))

    def push():
        for number in range(1, 2_000):
            service.push(aapl, Quote(mark=number, bid=number, ask=number))

    writer = threading.Thread(target=push)
    writer.start()
    seen = [service.get(aapl, A, info(), TO_DEFAULT) for _ in range(2_000)]
    writer.join()
    assert all(quote.mark == quote.bid == quote.ask for quote in seen)
