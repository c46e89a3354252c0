"""Descriptors of native types look at the object they are asked for: any class may have borrowed them."""

import enum
import operator

import pytest
from engine_support import A, Hooks, accept, adjustment, engine, order, report, validation

import openpit
from openpit import _openpit


def heirs(kind):
    for heir in type.__subclasses__(kind):
        yield heir
        yield from heirs(heir)


def native_types():
    """Every type of the extension, those included that no module shows."""
    shown = {value for value in vars(_openpit).values() if isinstance(value, type)}
    hidden = {type(value) for kind in shown for value in vars(kind).values()}
    immutable = 1 << 8
    found = shown | {kind for kind in (*hidden, *heirs(object)) if kind.__flags__ & immutable}
    ours = (kind for kind in found if kind.__module__.split(".")[0] == "openpit")
    return sorted(
        (kind for kind in ours if not isinstance(kind, enum.EnumMeta)),
        key=lambda kind: (kind.__module__, kind.__qualname__),
    )


NATIVE = native_types()


def samples():
    """An object of many a native type."""
    subject = engine(Hooks(main=lambda *args: accept(lock_prices=[5])), validation())
    execution = subject.execute_pre_trade(order())
    yield from (
        subject,
        subject.accounts(),
        subject.configure(),
        subject.start_pre_trade(order()).request,
        subject.start_pre_trade(order()),
        execution,
        execution.reservation,
        execution.reservation.lock,
        execution.reservation.account_adjustments,
        subject.execute_pre_trade_dry_run(order()),
        subject.apply_drop_copy(order()),
        subject.apply_drop_copy(order()).operation,
        subject.apply_execution_report(report()),
        subject.apply_account_adjustment(A, []),
        openpit.Engine.builder(),
        openpit.Engine.builder().no_sync(),
        openpit.Engine.builder().no_sync().builtin(openpit.pretrade.policies.build_order_validation()),
        order(),
        order().operation,
        report(),
        adjustment(),
        A,
        openpit.param.Price(1),
        openpit.param.Leverage(2),
        openpit.param.TradeAmount.quantity(1),
        openpit.Instrument("AAPL", "USD"),
        openpit.marketdata.Quote(mark=1),
        openpit.marketdata.QuoteTtl.infinite(),
        openpit.core.ReferenceBook(),
        openpit.pretrade.policies.OrderSizeLimit(max_quantity=1),
        openpit.pretrade.PnlHaltReason.MISSING_FX,
    )


class Fake:
    pass


STRANGERS = [Fake(), 5, "text", [], None, *samples()]
HARMLESS = (TypeError, AttributeError, ValueError, RuntimeError, OverflowError, KeyError)


def test_finds_the_types_that_nobody_shows():
    names = {kind.__qualname__ for kind in NATIVE}
    assert {"CallableProperty", "CallableList", "Reservation", "Price", "Lock", "Engine"} <= names


@pytest.mark.parametrize("name", ["lock", "account_adjustments"])
@pytest.mark.parametrize("owner", [_openpit.Reservation, _openpit.DropCopyOperation, _openpit.DryRunReport])
def test_a_borrowed_property_refuses(owner, name):
    borrower = type("Borrower", (), {name: owner.__dict__[name]})
    message = f"descriptor '{name}' for '.*{owner.__name__}' objects doesn't apply to a 'Borrower' object"
    with pytest.raises(TypeError, match=message):
        getattr(borrower(), name)
    for stranger in (Fake(), 5, order()):
        with pytest.raises(TypeError, match="doesn't apply to"):
            owner.__dict__[name].__get__(stranger)
        with pytest.raises(TypeError, match="takes one"):
            owner.__dict__[name](stranger)
    assert getattr(owner, name) is owner.__dict__[name]


@pytest.mark.parametrize("owner", NATIVE, ids=operator.attrgetter("__qualname__"))
def test_no_descriptor_serves_a_stranger(owner):
    for name, descriptor in owner.__dict__.items():
        if isinstance(descriptor, (staticmethod, classmethod)) or not hasattr(type(descriptor), "__get__"):
            continue
        for stranger in STRANGERS:
            if isinstance(stranger, owner):
                continue
            for use in (
                lambda d, s: d.__get__(s, type(s)),
                lambda d, s: d.__set__(s, 5),
                lambda d, s: d.__delete__(s),
                lambda d, s: d(s),
                lambda d, s: d(s, s),
            ):
                try:
                    use(descriptor, stranger)
                except HARMLESS:
                    continue
                assert stranger is None or name in ("__new__", "__doc__", "__module__"), (name, stranger)


@pytest.mark.parametrize("owner", NATIVE, ids=operator.attrgetter("__qualname__"))
def test_no_object_is_made_behind_a_constructors_back(owner):
    for make in (
        lambda: object.__new__(owner),
        lambda: openpit.Order.__new__(owner),
        lambda: object.__setattr__(Fake(), "__class__", owner),
        lambda: object.__setattr__(order(), "__class__", owner),
    ):
        if owner is openpit.Order:
            continue
        with pytest.raises(TypeError):
            make()
