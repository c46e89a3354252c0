"""Records: frozen dataclasses that are cheap to define."""

import copy
import dataclasses
import datetime
import importlib
import inspect
import pickle
import pkgutil
import typing

import pytest

import openpit
from openpit._record import record
from openpit.core import InstrumentId
from openpit.param import AccountGroupId, AccountId, Asset, Fee, MonetaryAmount, Pnl, Quantity
from openpit.pretrade import (
    PolicyAccountAdjustmentResult,
    PolicyDecision,
    PolicyPreTradeResult,
    PolicyReject,
    RejectCode,
    policies,
)


@record
class Point:
    x: int
    y: int = 2


@dataclasses.dataclass(frozen=True)
class Reference:
    x: int
    y: int = 2


def test_is_compared_hashed_and_printed_by_value():
    assert Point(1) == Point(1, 2) == Point(y=2, x=1)
    assert Point(1) != Point(2)
    assert Point(1) != Reference(1)
    assert hash(Point(1)) == hash(Reference(1))
    assert repr(Point(1)) == "Point(x=1, y=2)"


@pytest.mark.parametrize("action", [lambda: Point(), lambda: Point(1, 2, 3), lambda: Point(1, z=2)])
def test_binds_arguments(action):
    with pytest.raises(TypeError):
        action()


@pytest.mark.parametrize("kind", [Point, Reference])
def test_cannot_be_changed(kind):
    for change in (lambda: setattr(kind(1), "x", 2), lambda: setattr(kind(1), "z", 2), lambda: delattr(kind(1), "x")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()


@pytest.mark.parametrize("kind", [Point, Reference])
def test_a_subclass_may_have_attributes_of_its_own(kind):
    derived = type("Derived", (kind,), {})(1)
    derived.tag = "x"
    assert derived.tag == "x"
    with pytest.raises(dataclasses.FrozenInstanceError):
        derived.x = 2


def test_is_a_dataclass():
    assert dataclasses.is_dataclass(Point)
    assert [field.name for field in dataclasses.fields(Point)] == ["x", "y"]
    assert dataclasses.asdict(Point(1)) == {"x": 1, "y": 2}
    assert dataclasses.replace(Point(1), x=3) == Point(3)
    assert str(inspect.signature(Point)) == "(x, y=2)"
    match Point(1):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_money_is_a_record():
    money = MonetaryAmount(Fee("0.25"), "USD")
    assert type(money.currency) is Asset
    assert dataclasses.replace(money, currency="EUR") == MonetaryAmount(Fee("0.250"), "EUR")


# ---- Every record of the package ----


def modules():
    yield openpit
    for found in pkgutil.walk_packages(openpit.__path__, "openpit."):
        yield importlib.import_module(found.name)


MODULES = list(modules())
# Those of configuration, controls and the ledger are the standard library's own.
DATACLASSES = ("openpit.config", "openpit.controls", "openpit.ledger", "openpit._configuration", "openpit._orders")
RECORDS = sorted(
    {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__.startswith("openpit")
        and dataclasses.is_dataclass(value)
        and not value.__module__.startswith(DATACLASSES)
    },
    key=lambda kind: (kind.__module__, kind.__qualname__),
)

A, G, INSTRUMENT = AccountId.from_int(1), AccountGroupId.from_int(1), InstrumentId(1)
SIZE = policies.OrderSizeLimit(max_quantity=5)
RATE = policies.RateLimit(3, datetime.timedelta(seconds=1))
PNL = policies.PnlBoundsBrokerBarrier("USD", lower_bound="-5")
FUNDS = policies.SpotFundsPnlBoundsBarrier(lower_bound="-5")
REJECT = PolicyReject(RejectCode.OTHER, "r", "d", user_data=7)
TARGET = policies.SpotFundsOverrideTargetInstrument(INSTRUMENT)

SAMPLES = [
    openpit.Mutation(print, print),
    MonetaryAmount(Fee("0.25"), "USD"),
    REJECT,
    PolicyDecision((REJECT,)),
    PolicyPreTradeResult((REJECT,), lock_prices=(5,)),
    PolicyAccountAdjustmentResult((REJECT,)),
    RATE,
    policies.RateLimitBrokerBarrier(RATE),
    policies.RateLimitAssetBarrier(RATE, "USD"),
    policies.RateLimitAccountBarrier(RATE, A),
    policies.RateLimitAccountAssetBarrier(RATE, A, "USD"),
    policies.OrderSizeBrokerBarrier(SIZE),
    policies.OrderSizeAssetBarrier(SIZE, "USD"),
    policies.OrderSizeAssetBarrier(SIZE, asset="USD"),
    policies.OrderSizeAccountAssetBarrier(SIZE, A, "USD"),
    policies.OrderSizeAccountAssetBarrier(SIZE, A, asset="USD"),
    PNL,
    policies.PnlBoundsAccountAssetBarrier(PNL, A, Pnl(0)),
    policies.PnlBoundsAccountAssetBarrierUpdate(PNL, A),
    policies.SpotFundsOverride(5),
    TARGET,
    policies.SpotFundsOverrideTargetInstrumentAccount(INSTRUMENT, A),
    policies.SpotFundsOverrideTargetInstrumentAccountGroup(INSTRUMENT, G),
    policies.SpotFundsOverrideEntry(TARGET, policies.SpotFundsOverride(None)),
    policies.SpotFundsLimitModeAccountEntry(A, policies.SpotFundsLimitMode.TRACK_ONLY),
    policies.SpotFundsLimitModeAccountGroupEntry(G, None),
    policies.SpotFundsPositionLimitEntry(A, "AAPL", Quantity(3)),
    FUNDS,
    policies.SpotFundsPnlBoundsBarrier("EUR", "-5", "5"),
    policies.SpotFundsPnlBoundsAccountBarrier(FUNDS, A),
    policies.SpotFundsPnlBoundsAccountGroupBarrier(FUNDS, G),
]
NAMES = [f"{type(sample).__name__}-{index}" for index, sample in enumerate(SAMPLES)]


class Other:
    """Something that equals nothing else."""


def test_every_record_has_a_sample():
    assert {type(sample) for sample in SAMPLES} == set(RECORDS)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_replacement_without_changes_is_the_same(sample):
    twin = dataclasses.replace(sample)
    assert twin == sample and hash(twin) == hash(sample) and repr(twin) == repr(sample) and vars(twin) == vars(sample)
    assert sample == type(sample)(**{field.name: getattr(sample, field.name) for field in dataclasses.fields(sample)})


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_replacing_a_field_changes_this_field_alone(sample):
    for field in dataclasses.fields(sample):
        if (type(sample), field.name) in {(PolicyReject, "scope"), (MonetaryAmount, "amount")}:
            continue
        value = "other"
        changed = dataclasses.replace(sample, **{field.name: value})
        assert type(changed) is type(sample) and changed != sample and repr(changed) != repr(sample)
        assert {name for name in vars(sample) if vars(changed)[name] is not vars(sample)[name]} == {field.name}
        assert vars(changed).keys() == vars(sample).keys()


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_copy_is_the_same_or_refused(sample):
    """Numbers and identifiers of the extension cannot be pickled, as in the reference package."""
    twin = copy.copy(sample)
    assert twin == sample and hash(twin) == hash(sample) and repr(twin) == repr(sample) and vars(twin) == vars(sample)
    for make in (copy.deepcopy, lambda given: pickle.loads(pickle.dumps(given))):
        try:
            twin = make(sample)
        except TypeError as error:
            assert "cannot pickle" in str(error)
        else:
            assert twin == sample and repr(twin) == repr(sample) and vars(twin) == vars(sample)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_what_can_be_pickled_comes_back_the_same(sample):
    fields = {field.name: "text" for field in dataclasses.fields(sample)}
    if isinstance(sample, (PolicyReject, MonetaryAmount)):
        return
    plain = type(sample)(**fields)
    for make in (copy.deepcopy, *(lambda given, n=n: pickle.loads(pickle.dumps(given, n)) for n in range(6))):
        twin = make(plain)
        assert twin == plain and hash(twin) == hash(plain) and repr(twin) == repr(plain) and vars(twin) == vars(plain)


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_a_repr_names_every_field(sample):
    names = [field.name for field in dataclasses.fields(sample)]
    assert (
        repr(sample) == f"{type(sample).__name__}({', '.join(f'{name}={getattr(sample, name)!r}' for name in names)})"
    )


@pytest.mark.parametrize("sample", SAMPLES, ids=NAMES)
def test_fields_stay_what_they_are(sample):
    derived = type("Derived", (type(sample),), {})(**vars(sample))
    derived.tag = "x"
    for field in dataclasses.fields(sample):
        for given in (sample, derived):
            with pytest.raises(dataclasses.FrozenInstanceError):
                setattr(given, field.name, Other())
            with pytest.raises(dataclasses.FrozenInstanceError):
                delattr(given, field.name)
    assert vars(derived) == vars(sample) | {"tag": "x"}


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_hints_can_be_asked_for(kind):
    hints = typing.get_type_hints(kind)
    assert list(hints)[: len(dataclasses.fields(kind))] == [field.name for field in dataclasses.fields(kind)]
    assert all(hint is not None and not isinstance(hint, str) for hint in hints.values())


def test_hints_of_every_function_can_be_asked_for():
    for module in MODULES:
        for owner in (module, *(value for value in vars(module).values() if isinstance(value, type))):
            for value in vars(owner).values():
                function = getattr(value, "__func__", getattr(value, "fget", value))
                if inspect.isfunction(function) and (function.__module__ or "").startswith("openpit"):
                    typing.get_type_hints(function)


# ---- How a size barrier was made ----

BY_ASSET = policies.OrderSizeAssetBarrier(SIZE, asset="AAPL")
BY_SETTLEMENT = policies.OrderSizeAssetBarrier(SIZE, settlement_asset="AAPL")


def test_a_barrier_keeps_the_name_its_asset_was_given():
    assert BY_ASSET != BY_SETTLEMENT and BY_SETTLEMENT != BY_ASSET
    assert BY_SETTLEMENT == policies.OrderSizeAssetBarrier(SIZE, "AAPL")
    assert [field.name for field in dataclasses.fields(BY_ASSET)] == ["limit", "asset"]
    assert [field.name for field in dataclasses.fields(BY_SETTLEMENT)] == ["limit", "settlement_asset"]
    assert [field.name for field in dataclasses.fields(policies.OrderSizeAssetBarrier)] == ["limit", "settlement_asset"]
    assert repr(BY_ASSET).endswith(", asset='AAPL')") and repr(BY_SETTLEMENT).endswith(", settlement_asset='AAPL')")
    for barrier in (BY_ASSET, BY_SETTLEMENT):
        assert barrier.asset == barrier.settlement_asset == "AAPL"
        match barrier:
            case policies.OrderSizeAssetBarrier(limit, asset):
                assert (limit, asset) == (SIZE, "AAPL")
        with pytest.raises(AttributeError, match="no attribute 'nothing'"):
            _ = barrier.nothing


def test_a_replacement_has_one_name_for_its_asset():
    assert dataclasses.replace(BY_ASSET, asset="MSFT") == policies.OrderSizeAssetBarrier(SIZE, asset="MSFT")
    for barrier, name in ((BY_ASSET, "settlement_asset"), (BY_SETTLEMENT, "asset")):
        with pytest.raises(TypeError):
            dataclasses.replace(barrier, **{name: "MSFT"})


@pytest.mark.parametrize("name", ["asset", "settlement_asset"])
@pytest.mark.parametrize("barrier", [BY_ASSET, BY_SETTLEMENT])
def test_neither_name_can_be_changed(barrier, name):
    derived = type("Derived", (policies.OrderSizeAssetBarrier,), {})(**vars(barrier))
    for given in (barrier, derived):
        before = dict(vars(given))
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(given, name, "MSFT")
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(given, name)
        assert vars(given) == before


def test_a_barrier_made_again_caps_the_same():
    from engine_support import engine, order

    def made(barrier):
        yield dataclasses.replace(barrier)
        yield dataclasses.replace(barrier, limit=policies.OrderSizeLimit(max_quantity=5))
        yield copy.copy(barrier)
        yield type(barrier)(**vars(barrier))
        yield type("Derived", (type(barrier),), {})(**vars(barrier))

    usd = policies.OrderSizeAssetBarrier(SIZE, settlement_asset="USD")
    for release in ("0.7", "0.10"):
        for barrier in (BY_ASSET, usd):
            for again in made(barrier):
                subject = engine(policies.build_order_size_limit().asset_barriers(again), compatibility=release)
                assert [bool(subject.start_pre_trade(order(size))) for size in ("5", "6", "100")] == [
                    True,
                    False,
                    False,
                ]
