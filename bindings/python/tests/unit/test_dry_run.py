"""Dry runs: the verdict of a real call, and nothing done."""

import gc

import pytest
from engine_support import A, Hooks, accept, account_reject, block, engine, mutation, order, raising, refuse, reject

from openpit.pretrade import AccountOutcomeEntry, Lock


def test_a_dry_run_finalises_nothing():
    log = []
    checked = engine(
        Hooks(
            main=lambda *args: accept(
                mutation(log, "m"), lock_prices=[5], account_adjustments=[AccountOutcomeEntry(asset="USD")]
            )
        )
    )
    dry = checked.execute_pre_trade_dry_run(order=order())
    assert dry and dry.is_pass and dry.rejects is None and dry.account_block is None
    assert repr(dry) == "DryRunReport(pass)"
    assert dry.lock() == Lock([(0, 5)]) and len(dry.account_adjustments()) == 1
    start = checked.start_pre_trade_dry_run(order=order())
    assert start.lock() == Lock() and start.account_adjustments() == []
    del dry
    gc.collect()
    assert log == []


def test_only_accepting_policies_publish():
    checked = engine(
        Hooks("A", main=lambda *args: accept(lock_prices=[1])),
        Hooks("B", main=lambda *args: refuse(account_reject("x", user_data=7), lock_prices=[2])),
    )
    dry = checked.execute_pre_trade_dry_run(order())
    assert not dry and repr(dry) == "DryRunReport(reject, rejects=1)"
    assert dry.lock() == Lock([(0, 1)])
    assert (dry.account_block.code, dry.account_block.policy, dry.account_block.user_data) == ("AccountBlocked", "B", 7)
    assert dry.rejects[0].code == "Other"
    assert checked.start_pre_trade(order()).ok


def test_the_main_stage_is_asked_only_about_accepted_orders():
    calls = []
    checked = engine(Hooks(start=lambda *args: [reject()], main=lambda *args: calls.append(1)))
    assert not checked.execute_pre_trade_dry_run(order())
    assert not checked.start_pre_trade_dry_run(order())
    assert calls == []


def test_policies_may_answer_dry_runs_in_another_way():
    calls = []

    def note(name):
        return lambda *args: calls.append(name)

    checked = engine(
        Hooks(start=note("start"), main=note("main"), dry_start=note("dry start"), dry_main=note("dry main"))
    )
    checked.execute_pre_trade_dry_run(order())
    assert calls == ["dry start", "dry main"]
    del calls[:]
    checked.execute_pre_trade(order())
    assert calls == ["start", "main"]


def test_dry_hooks_that_cannot_be_asked_are_errors():
    with pytest.raises(TypeError, match="'NoneType' object is not callable"):
        engine(Hooks(dry_start=None)).start_pre_trade_dry_run(order())

    class Policy(Hooks):
        error = KeyError("property")

        @property
        def check_pre_trade_start_dry_run(self):
            raise self.error

    policy = Policy()
    checked = engine(policy)
    with pytest.raises(KeyError):
        checked.start_pre_trade_dry_run(order())
    policy.error = AttributeError("absent")
    assert checked.start_pre_trade_dry_run(order()).is_pass


def test_exceptions_of_hooks_are_raised():
    for hooks in (
        {"start": raising(KeyError("k"))},
        {"main": raising(KeyError("k"))},
        {"dry_main": raising(KeyError("k"))},
    ):
        with pytest.raises(KeyError):
            engine(Hooks(**hooks)).execute_pre_trade_dry_run(order())


def test_controls_are_inert_in_a_dry_run_and_after_it():
    kept = []

    def start(ctx, order):
        kept.append(ctx)
        ctx.account_control.block(block())

    checked = engine(Hooks(dry_start=start))
    assert checked.execute_pre_trade_dry_run(order()).is_pass
    kept[0].account_control.block(block())
    assert checked.start_pre_trade(order()).ok
    with pytest.raises(TypeError):
        kept[0].account_control.block(A)
