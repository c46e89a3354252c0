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

TIMES = 100
TOLERATED_BYTES = TIMES * 8  # less than any object for each time


def tables():
    for module in (test_amounts, test_identifiers, test_models, test_numbers):
        for name, function in vars(module).items():
            if name.startswith("test_"):
                rows = function.pytestmark[0].args[1]
                yield pytest.param([expression for expression, _ in rows], id=f"{module.__name__}.{name}")


def growth(expression):
    """How many bytes more are allocated after the second hundred evaluations than after the first."""
    code = compile(expression, "<table>", "eval")

    def repeat():
        for _ in range(TIMES):
            try:
                eval(code, vars(expressions))
            except Exception:
                pass
        return tracemalloc.get_traced_memory()[0]

    return -repeat() + repeat()


def leaks(expression):
    """Whether memory grows, also when everything that can be collected is."""
    if growth(expression) <= TOLERATED_BYTES:
        return False
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    growth(expression)
    gc.collect()
    return tracemalloc.get_traced_memory()[0] - before > TOLERATED_BYTES


@pytest.mark.parametrize("table", tuple(tables()))
def test_leaves_nothing_behind(table):
    tracemalloc.start()
    try:
        leaking = [expression for expression in table if leaks(expression)]
    finally:
        tracemalloc.stop()
    assert leaking == []
