"""Code of the caller's that runs in the middle of a call may do anything: nothing that is in use goes away."""

import gc
import pathlib
import subprocess
import sys

import pytest

import openpit
from openpit.param import Price, Quantity, Trade
from openpit.pretrade import Lock, Policy, policies

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "unit"))

from engine_support import USD, Hooks, engine, validation  # noqa: E402


def test_a_policy_that_builds_the_engine_while_it_is_added_is_refused():
    builder = openpit.Engine.builder().no_sync().builtin(validation())

    class Impatient(Policy):
        @property
        def name(self):
            self.built = builder.build()
            return "Impatient"

    policy = Impatient()
    with pytest.raises(ValueError, match="engine builder is no longer available"):
        builder.pre_trade(policy=policy)
    assert isinstance(policy.built, openpit.Engine)


def fill(price):
    return openpit.ExecutionReportFillDetails(
        last_trade=Trade(price=Price(price), quantity=Quantity(1)),
        leaves_quantity=Quantity(0),
        lock=Lock([(group, Price(price)) for group in range(1, 100)]),
        is_final=True,
    )


def test_a_report_that_is_made_anew_in_vain_has_the_lock_of_its_fill():
    operation = openpit.ExecutionReportOperation(instrument=USD, account_id=None, side=None)
    report = openpit.ExecutionReport(operation=operation, fill=fill(10))
    with pytest.raises(TypeError):
        report.__init__(operation=operation, fill=fill(20), position_impact="nonsense")
    engine(validation()).apply_execution_report(report)
    assert len(report.fill.lock) == 99


def test_a_fill_that_goes_takes_its_lock_from_the_report():
    operation = openpit.ExecutionReportOperation(instrument=USD, account_id=None, side=None)
    report = openpit.ExecutionReport(operation=operation, fill=fill(10))
    checked = engine(validation())

    class Witness:
        def __del__(self):
            checked.apply_execution_report(report)

    report.fill.witness = Witness()
    report.__init__(operation=operation)
    checked.apply_execution_report(report)


def test_a_lock_that_grows_while_its_entries_are_listed_gives_those_it_had():
    lock = Lock([(0, price) for price in range(1, 5000)])
    threshold = gc.get_threshold()

    def grow(phase, info):
        lock.push(1, 1)

    gc.callbacks.append(grow)
    gc.set_threshold(1)
    try:
        entries = lock.entries()
    finally:
        gc.set_threshold(*threshold)
        gc.callbacks.remove(grow)
    assert len(entries) == 4999 < len(lock)


def test_what_only_says_that_it_is_a_pricing_source_is_refused():
    class Pretender:
        __class__ = policies.SpotFundsPricingSource

    with pytest.raises(TypeError):
        engine(validation(), policies.build_spot_funds()).configure().spot_funds(
            "SpotFundsPolicy", pricing_source=Pretender()
        )


def test_a_hook_that_throws_its_engine_away_ends_its_call():
    holder = []

    class Thrower(Hooks):
        def check_pre_trade_start(self, ctx, order):
            holder.clear()
            gc.collect()

    holder.append(engine(Thrower()))
    result = holder[-1].start_pre_trade(order=openpit.Order())
    assert result.ok
    assert not holder
    assert not result.request.execute().ok


SUBINTERPRETER = """
import _xxsubinterpreters as interpreters
import sys
sys.path = {path!r}
program = '''
import sys
sys.path = {path!r}
import openpit
from engine_support import *
checked = engine(Hooks(start=lambda *args: None), validation())
assert checked.execute_pre_trade(order()).ok
'''
import openpit
for _ in range(3):
    interpreter = interpreters.create()
    interpreters.run_string(interpreter, program)
    interpreters.destroy(interpreter)
exec(program)
"""


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="the module of that name is gone")
def test_several_interpreters_of_one_process_have_a_module_each():
    done = subprocess.run([sys.executable, "-c", SUBINTERPRETER.format(path=sys.path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
