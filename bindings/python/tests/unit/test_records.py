"""Records: frozen dataclasses that are cheap to define."""

import dataclasses
import inspect

import pytest

from openpit._record import record
from openpit.param import Asset, Fee, MonetaryAmount


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
