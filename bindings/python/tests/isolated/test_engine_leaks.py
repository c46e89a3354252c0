"""The memory of the process and the references to shared objects stay flat over many rounds of every call.

tracemalloc does not see what the library allocates, so the process itself is measured. OPENPIT_LEAK_ROUNDS sets the number
of rounds; the default is quick, `make test-python-leaks` takes a million.
"""

import gc
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "unit"))

from engine_support import (  # noqa: E402
    A,
    Hooks,
    accept,
    account_reject,
    adjustment,
    block,
    engine,
    order,
    refuse,
    reject,
    report,
    validation,
)
from test_policies import rate, size  # noqa: E402

import openpit  # noqa: E402
from openpit.pretrade import AccountOutcomeEntry, PolicyAccountAdjustmentResult  # noqa: E402
from openpit.pretrade import policies as p  # noqa: E402

ROUNDS = int(os.environ.get("OPENPIT_LEAK_ROUNDS", "20000"))
PAGE = os.sysconf("SC_PAGE_SIZE")
TOLERATED_BYTES = 600_000  # the allocator's own comings and goings


def resident_bytes():
    return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * PAGE


def quiet(call):
    """The call with its exception as its answer."""

    def run():
        try:
            return call()
        except Exception:
            return None

    return run


def fail(*args, **named):
    """Raises an exception of its own: one that is raised again and again collects tracebacks."""
    raise KeyError("fresh")


GOOD, BAD, TOLD = order(), order("0"), report()
ENTRY = AccountOutcomeEntry(asset="USD")
MUTATION = openpit.Mutation(commit=lambda: None, rollback=lambda: None)
FAILING = openpit.Mutation(commit=fail, rollback=fail)
BUILTIN = engine(
    validation(),
    p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(2**64 - 1))),
    p.build_order_size_limit().broker_barrier(p.OrderSizeBrokerBarrier(size(10, 1000))),
    p.build_pnl_bounds_killswitch().broker_barriers(p.PnlBoundsBrokerBarrier("USD", -100)),
)
ACCEPTING = engine(
    Hooks(
        main=lambda *args: accept(MUTATION, MUTATION, lock_prices=[1, 2], account_adjustments=[ENTRY]),
        report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[], account_adjustments=[]),
        adjust=lambda *args: PolicyAccountAdjustmentResult(mutations=[MUTATION], account_adjustments=[ENTRY]),
    )
)
REFUSING = engine(
    Hooks(
        start=lambda ctx, order: [reject("x" * 50), reject("y" * 500)] if order is BAD else (),
        main=lambda *args: refuse(reject(), mutations=[MUTATION]),
        report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[block()]),
        adjust=lambda *args: PolicyAccountAdjustmentResult(rejects=[account_reject()], mutations=[MUTATION]),
    )
)
RAISING = engine(
    Hooks("A", main=lambda *args: accept(FAILING, object())),
    Hooks("B", start=fail, report=fail, adjust=fail),
)
CONFIGURE, ACCOUNTS = BUILTIN.configure(), BUILTIN.accounts()


def lock_and_outcomes():
    reservation = ACCEPTING.execute_pre_trade(GOOD).reservation
    return reservation.lock(), reservation.account_adjustments()


def start_of_drop_copy(ctx, order):
    ctx.record_drop_copy_start_mutation(MUTATION)
    return [reject("ignored")]


COPYING = engine(
    Hooks(
        start=start_of_drop_copy,
        main=lambda *args: refuse(account_reject(), mutations=[MUTATION], lock_prices=[1], account_adjustments=[ENTRY]),
    )
)


def drop_copy():
    operation = COPYING.apply_drop_copy(GOOD).operation
    read = operation.lock, operation.account_adjustments, operation.account_block, operation.is_account_blocked
    return operation.commit(), read


def cycle():
    kept = []
    checked = engine(Hooks(main=lambda *args: accept(openpit.Mutation(commit=kept.append, rollback=kept.clear))))
    kept.append(checked.execute_pre_trade(GOOD))


def new_engine():
    return engine(validation(), Hooks()).execute_pre_trade(GOOD)


def failed_engine():
    return engine(Hooks("x"), Hooks("x"))


CALLS = {
    "commit": lambda: BUILTIN.execute_pre_trade(order=GOOD).reservation.commit(),
    "two stages": lambda: BUILTIN.start_pre_trade(order=GOOD).request.execute().reservation.rollback(),
    "request dropped": lambda: BUILTIN.start_pre_trade(GOOD),
    "reservation dropped": lambda: BUILTIN.execute_pre_trade(GOOD),
    "rejected": lambda: repr(BUILTIN.execute_pre_trade(BAD).rejects),
    "dry run": lambda: (BUILTIN.execute_pre_trade_dry_run(GOOD).lock, BUILTIN.start_pre_trade_dry_run(BAD).rejects),
    "report": lambda: repr(BUILTIN.apply_execution_report(TOLD)),
    "adjustment": lambda: BUILTIN.apply_account_adjustment(A, [adjustment()]).outcomes,
    "wrong order": quiet(lambda: BUILTIN.execute_pre_trade(5)),
    "wrong batch": quiet(lambda: BUILTIN.apply_account_adjustment(A, [adjustment(), 5])),
    "accepting commit": lambda: ACCEPTING.execute_pre_trade(GOOD).reservation.commit(),
    "accepting drop": lambda: ACCEPTING.start_pre_trade(GOOD).request.execute(),
    "accepting dry run": lambda: ACCEPTING.execute_pre_trade_dry_run(GOOD).account_adjustments(),
    "accepting report": lambda: ACCEPTING.apply_execution_report(TOLD).account_adjustments,
    "accepting adjustment": lambda: ACCEPTING.apply_account_adjustment(A, [adjustment()]).outcomes,
    "lock and outcomes": lock_and_outcomes,
    "drop copy": drop_copy,
    "drop copy dropped": lambda: COPYING.apply_drop_copy(GOOD),
    "drop copy undone": quiet(lambda: RAISING.apply_drop_copy(GOOD)),
    "built-in drop copy": lambda: BUILTIN.apply_drop_copy(GOOD).operation.rollback(),
    "refusing start": lambda: REFUSING.start_pre_trade(BAD).rejects,
    "refusing main": lambda: REFUSING.execute_pre_trade(GOOD).rejects,
    "refusing dry run": lambda: REFUSING.execute_pre_trade_dry_run(GOOD).rejects,
    "refusing report": lambda: (REFUSING.apply_execution_report(TOLD).account_blocks, REFUSING.accounts().unblock(A)),
    "refusing adjustment": lambda: REFUSING.apply_account_adjustment(A, [adjustment()]).rejects,
    "raising start": quiet(lambda: RAISING.start_pre_trade(GOOD)),
    "raising dry run": quiet(lambda: RAISING.execute_pre_trade_dry_run(GOOD)),
    "raising report": quiet(lambda: RAISING.apply_execution_report(TOLD)),
    "raising adjustment": quiet(lambda: RAISING.apply_account_adjustment(A, [adjustment()])),
    "blocks": lambda: (ACCOUNTS.block(A, "b"), ACCOUNTS.replace_block_reason(A, "c" * 500), ACCOUNTS.unblock(A)),
    "block error": quiet(lambda: ACCOUNTS.replace_block_reason(A, "x")),
    "groups": lambda: (ACCOUNTS.register_group([A], 3), ACCOUNTS.group_of(A), ACCOUNTS.unregister_group([A], 3)),
    "group error": quiet(lambda: ACCOUNTS.unregister_group([A], 3)),
    "configure": lambda: CONFIGURE.order_size_limit(
        "OrderSizeLimitPolicy", asset_barriers=[p.OrderSizeAssetBarrier(size(9, 9), "EUR")]
    ),
    "configure error": quiet(lambda: CONFIGURE.rate_limit("nope")),
    "block made": lambda: repr(block()),
}
SLOW_CALLS = {"engine": new_engine, "failed engine": quiet(failed_engine), "cycle": cycle}
SHARED = (GOOD, BAD, TOLD, A, ENTRY, MUTATION, FAILING, None, True, "Other", "order", "account")


def run(call, rounds):
    """Collects engines at even intervals: those that wait for it have room for all they may say, and are no leak."""
    for number in range(rounds):
        call()
        if call in SLOW_CALLS.values() and number % 20 == 0:
            gc.collect()
    gc.collect()


@pytest.mark.parametrize(
    ("call", "rounds"),
    [pytest.param(call, ROUNDS, id=name) for name, call in CALLS.items()]
    + [pytest.param(call, max(ROUNDS // 50, 400), id=name) for name, call in SLOW_CALLS.items()],
)
def test_leaves_nothing_behind(call, rounds, monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", lambda args: None)
    run(call, rounds // 4)
    counts = [sys.getrefcount(item) for item in SHARED]
    before = resident_bytes()
    run(call, rounds)
    grown = resident_bytes() - before
    assert grown < TOLERATED_BYTES
    for item, count in zip(SHARED, counts, strict=False):
        assert abs(sys.getrefcount(item) - count) < 50, item
