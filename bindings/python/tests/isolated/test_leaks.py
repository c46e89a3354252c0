"""No expression of the tables leaves memory behind, whether it gives a value or raises."""

import gc
import pathlib
import sys
import tracemalloc

import pytest

UNIT = pathlib.Path(__file__).parents[1] / "unit"
sys.path.insert(0, str(UNIT))

import expressions  # noqa: E402
import test_amounts  # noqa: E402
import test_identifiers  # noqa: E402
import test_models  # noqa: E402
import test_numbers  # noqa: E402
import test_quotes  # noqa: E402
import test_settlement  # noqa: E402

FEW, MANY = 100, 2000
TOLERATED_BYTES = 8  # for each evaluation; less than any object


def tables():
    for module in (test_amounts, test_identifiers, test_models, test_numbers, test_quotes, test_settlement):
        for name, function in vars(module).items():
            if name.startswith("test_"):
                rows = function.pytestmark[0].args[1]
                yield pytest.param([expression for expression, _ in rows], id=f"{module.__name__}.{name}")


def growth(code, times):
    """How many bytes more are allocated after so many evaluations."""
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(times):
        try:
            eval(code, vars(expressions))
        except Exception:
            pass
    return tracemalloc.get_traced_memory()[0] - before


def leaks(expression):
    """Whether memory grows with the evaluations, and not only as long as the interpreter fills its own reserves."""
    code = compile(expression, "<table>", "eval")
    growth(code, FEW)
    if growth(code, FEW) <= FEW * TOLERATED_BYTES:
        return False
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    growth(code, MANY)
    gc.collect()
    return tracemalloc.get_traced_memory()[0] - before > MANY * TOLERATED_BYTES


@pytest.mark.parametrize("table", tuple(tables()))
def test_leaves_nothing_behind(table):
    tracemalloc.start()
    try:
        leaking = [expression for expression in table if leaks(expression)]
    finally:
        tracemalloc.stop()
    assert leaking == []
