"""Orders that are live elsewhere already."""

import gc

import openpit
import pytest
from engine_support import A, Hooks, accept, account_reject, engine, mutation, order, raising, refuse, reject
from openpit.pretrade import DropCopyOperation, DropCopyResult, RejectCode, policies


@pytest.mark.parametrize("sync", ["no_sync", "full_sync", "account_sync"])
def test_a_drop_copy_is_recorded_without_funds(sync):
    subject = engine(policies.build_spot_funds(), sync=sync)
    result = subject.apply_drop_copy(order("10", "100"))
    assert isinstance(result, DropCopyResult)
    assert (result.ok, bool(result), result.rejects, repr(result)) == (True, True, [], "DropCopyResult(ok=True)")
    operation = result.operation
    assert isinstance(operation, DropCopyOperation)
    assert operation.lock.to_json() == '[["100"]]'
    assert [item.entry.asset for item in operation.account_adjustments] == ["USD", "AAPL"]
    assert (operation.account_block, operation.is_account_blocked) == (None, False)
    operation.commit()
    for use in ("lock", "account_adjustments", "account_block", "is_account_blocked"):
        with pytest.raises(RuntimeError, match="drop-copy operation has already been finalized"):
            getattr(operation, use)
    with pytest.raises(RuntimeError, match="drop-copy operation has already been finalized"):
        operation.rollback()


def test_what_could_not_be_judged_is_not_recorded():
    log = []
    first = Hooks("A", main=lambda ctx, order: accept(mutation(log, "A")))
    second = Hooks("B", main=lambda ctx, order: refuse(reject(code=RejectCode.SYSTEM_UNAVAILABLE)))
    result = engine(first, second).apply_drop_copy(order())
    assert (result.ok, result.operation, repr(result)) == (False, None, "DropCopyResult(ok=False, rejects=1)")
    assert log == ["rollback A"]


def test_a_reject_is_ignored_and_its_block_is_told():
    subject = engine(Hooks(main=lambda ctx, order: refuse(account_reject("no"))))
    operation = subject.apply_drop_copy(order()).operation
    assert (operation.account_block.code, operation.is_account_blocked) == ("AccountBlocked", True)
    operation.rollback()
    assert subject.execute_pre_trade(order()).rejects[0].code == "AccountBlocked"


def test_the_context_tells_a_drop_copy_and_takes_its_start_mutations():
    log, seen = [], []

    def start(ctx, order):
        seen.append(ctx.is_drop_copy)
        ctx.record_drop_copy_start_mutation(mutation(log, "start"))
        return ()

    subject = engine(Hooks(start=start, main=lambda ctx, order: accept(mutation(log, "main"))))
    subject.apply_drop_copy(order()).operation.commit()
    subject.apply_drop_copy(order()).operation.rollback()
    assert log == ["commit start", "commit main", "rollback main", "rollback start"]
    assert seen == [True, True]
    subject.apply_drop_copy(order())
    gc.collect()
    assert log[4:] == ["rollback main", "rollback start"]


def test_a_start_mutation_belongs_to_a_drop_copy_that_is_running():
    contexts = []
    subject = engine(Hooks(start=lambda ctx, order: contexts.append(ctx)))
    subject.start_pre_trade(order())
    subject.apply_drop_copy(order())
    assert [ctx.is_drop_copy for ctx in contexts] == [False, True]
    for ctx in contexts:
        with pytest.raises(RuntimeError, match="context is not an active drop-copy operation"):
            ctx.record_drop_copy_start_mutation(mutation([], "late"))


def test_an_exception_undoes_what_the_start_stage_did():
    log = []

    def start(ctx, order):
        ctx.record_drop_copy_start_mutation(mutation(log, "start"))

    subject = engine(Hooks("A", start=start), Hooks("B", main=raising(ValueError("B"))))
    with pytest.raises(ValueError, match="B"):
        subject.apply_drop_copy(order())
    assert log == ["rollback start"]


def test_a_drop_copy_needs_an_order_and_an_account():
    subject = engine(policies.build_order_validation())
    with pytest.raises(TypeError):
        subject.apply_drop_copy(7)
    (answer,) = subject.apply_drop_copy(order(account=None)).rejects
    assert (answer.policy, answer.code) == ("Engine", "MissingRequiredField")
    assert answer.reason == "drop-copy requires a readable account ID"


def test_a_blocked_account_does_not_stop_a_drop_copy():
    subject = engine(policies.build_spot_funds())
    subject.accounts().block(A, "ops")
    operation = subject.apply_drop_copy(order()).operation
    assert (operation.account_block, operation.is_account_blocked) == (None, True)
    assert openpit.Engine.apply_drop_copy.__doc__
