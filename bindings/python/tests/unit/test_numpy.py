"""numpy's scalars are numbers; its arrays and booleans are not."""

import pytest

from openpit.param import Leverage, Price, Quantity

numpy = pytest.importorskip("numpy")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (lambda: numpy.int64(-5), "-5"),
        (lambda: numpy.uint64(2**64 - 1), "18446744073709551615"),
        (lambda: numpy.int8(5), "5"),
        (lambda: numpy.float64(0.1), "0.1"),
        (lambda: numpy.float32(0.1), "0.10000000149011612"),
        (lambda: numpy.float16(0.5), "0.5"),
        (lambda: numpy.longdouble(0.5), "0.5"),
        (lambda: numpy.array(0.5), "0.5"),
        (lambda: numpy.str_("1.50"), "1.50"),
    ],
)
def test_reads_scalars(value, text):
    assert str(Price(value())) == text


@pytest.mark.parametrize("value", [lambda: numpy.bool_(True), lambda: numpy.array([1.0]), lambda: numpy.array([1, 2])])
def test_refuses_booleans_and_arrays(value):
    with pytest.raises(ValueError, match="^Price must be a Decimal, str, int, or float$"):
        Price(value())


def test_scales_by_scalars():
    assert Price(6) * numpy.int64(2) == Price(12)
    assert numpy.float64(0.5) * Price(6) == Price(3)
    assert Leverage(numpy.int64(10)).value == 10
    with pytest.raises(TypeError):
        Quantity(6) * numpy.bool_(True)
