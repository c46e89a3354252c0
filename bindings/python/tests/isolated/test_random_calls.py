"""Random sequences of calls, right and wrong, in any order and on any thread, never harm the process.

Callbacks may raise, call back into the engine, drop what others hold and collect garbage at any moment. What is checked is
that every call answers or raises, that each mutation ends at most once, and that nothing is left open at the end.
"""

import gc
import os
import pathlib
import random
import sys
import threading

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "unit"))

from engine_support import (  # noqa: E402
    A,
    B,
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

import openpit  # noqa: E402
from openpit.pretrade import AccountOutcomeEntry, PolicyAccountAdjustmentResult, PolicyDecision  # noqa: E402

hypothesis = pytest.importorskip("hypothesis")
strategies = hypothesis.strategies

STEPS = 60
DEPTH_MAX = 3
EXAMPLES = int(os.environ.get("OPENPIT_RANDOM_EXAMPLES", "60"))


class World:
    """Engines with unruly policies, and whatever their calls returned."""

    def __init__(self, seed, sync):
        self.random = random.Random(seed)
        self.depth = 0
        self.ends = []
        self.kept = []
        self.wrong = [None, 5, "x", object(), order, [], order("0"), report(), adjustment(), openpit.Order(), block()]
        hooks = {name: self.hook(name) for name in ("start", "main", "report", "adjust")}
        if self.random.random() < 0.5:
            hooks["dry_main"] = self.hook("main")
        self.engine = engine(validation(), Hooks("A", group=7, **hooks), Hooks("B", **hooks), sync=sync)
        self.accounts = self.engine.accounts()

    # --- what policies answer ---

    def hook(self, name):
        def respond(ctx=None, *args, **named):
            if ctx is not None and self.random.random() < 0.1:
                self.kept.append(ctx)
            self.misbehave(ctx)
            return self.random.choice(self.answers(name))()

        return respond

    def misbehave(self, ctx=None):
        chance = self.random.random()
        if chance < 0.05:
            raise self.random.choice(
                [KeyError("k"), ValueError("v"), StopIteration(), SystemExit(1), KeyboardInterrupt()]
            )
        if chance < 0.15 and self.depth < DEPTH_MAX:
            self.depth += 1
            try:
                self.step()
            finally:
                self.depth -= 1
        elif chance < 0.2:
            gc.collect(0)
        elif chance < 0.25 and hasattr(ctx, "account_control") and ctx.account_control is not None:
            ctx.account_control.block(block())
        elif chance < 0.3 and self.kept:
            del self.kept[self.random.randrange(len(self.kept))]

    def mutation(self):
        end = {"count": 0}
        self.ends.append(end)

        def finish():
            end["count"] += 1
            self.misbehave()

        return openpit.Mutation(commit=finish, rollback=finish)

    def mutations(self):
        return [self.mutation() for _ in range(self.random.randrange(3))]

    def answers(self, name):
        def some():
            return self.random.choice(self.wrong)

        entry = AccountOutcomeEntry(asset="USD")
        if name == "start":
            return [lambda: None, lambda: [], lambda: [reject()], lambda: iter([account_reject()]), some]
        if name == "main":
            return [
                lambda: None,
                lambda: accept(*self.mutations(), lock_prices=[1, "2.5"], account_adjustments=[entry]),
                lambda: accept(*self.mutations()),
                lambda: refuse(reject(), mutations=self.mutations()),
                lambda: PolicyDecision.accept(self.mutations() + [object()]),
                some,
            ]
        if name == "report":
            return [
                lambda: None,
                lambda: openpit.PostTradeResult(account_blocks=[block()] * self.random.randrange(3)),
                some,
            ]
        return [
            lambda: PolicyAccountAdjustmentResult(mutations=self.mutations(), account_adjustments=[entry]),
            lambda: PolicyAccountAdjustmentResult(rejects=[reject()], mutations=self.mutations()),
            lambda: PolicyAccountAdjustmentResult(account_blocks=[block()], mutations=self.mutations()),
            some,
        ]

    # --- what callers do ---

    def argument(self):
        good = [order(), order("0"), order(account=B), openpit.Order()]
        return self.random.choice(good if self.random.random() < 0.85 else self.wrong)

    def calls(self):
        checked, accounts = self.engine, self.accounts
        account = self.random.choice([A, A, B, 5])
        group = self.random.choice([3, 3, 0, -1, "x"])
        return [
            lambda: checked.start_pre_trade(self.argument()),
            lambda: checked.execute_pre_trade(order=self.argument()),
            lambda: checked.start_pre_trade(self.argument()).request.execute(),
            lambda: checked.start_pre_trade_dry_run(self.argument()),
            lambda: checked.execute_pre_trade_dry_run(self.argument()).account_adjustments(),
            lambda: checked.apply_execution_report(self.random.choice([report(), openpit.ExecutionReport(), 5])),
            lambda: checked.apply_account_adjustment(account, [adjustment()] * self.random.randrange(4)),
            lambda: checked.apply_account_adjustment(account, [adjustment(), None]),
            lambda: accounts.unblock(account),
            lambda: accounts.unblock_all(),
            lambda: accounts.block(account, "b"),
            lambda: accounts.block_group(group, "g"),
            lambda: accounts.unblock_group(group),
            lambda: accounts.register_group([account], group),
            lambda: accounts.unregister_group([account], group),
            lambda: checked.configure().rate_limit("nope"),
            lambda: self.use(self.random.choice(self.kept)) if self.kept else None,
            lambda: self.kept.pop(self.random.randrange(len(self.kept))) and None if self.kept else None,
            lambda: gc.collect(0) and None,
        ]

    def use(self, thing):
        """Does something, sensible or not, with what an earlier call returned."""
        names = [name for name in dir(thing) if not name.startswith("_")]
        value = getattr(thing, self.random.choice(names), None) if names else repr(thing)
        return value() if callable(value) else value

    def step(self):
        call = self.random.choice(self.calls())
        if self.depth == 0 and self.random.random() < 0.1:
            thread = threading.Thread(target=self.attempt, args=(call,))
            thread.start()
            thread.join()
        else:
            self.attempt(call)

    def attempt(self, call):
        try:
            result = call()
        except (Exception, SystemExit, KeyboardInterrupt):
            return
        if result is not None and self.random.random() < 0.6:
            self.kept.append(result)


@pytest.mark.parametrize("sync", ["no_sync", "full_sync", "account_sync"])
@hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=False, print_blob=True)
@hypothesis.given(seed=strategies.integers(0, 2**32))
def test_no_sequence_of_calls_does_harm(sync, seed):
    hook, sys.unraisablehook = sys.unraisablehook, lambda args: None
    try:
        world = World(seed, sync)
        for _ in range(STEPS):
            world.step()
        assert all(end["count"] <= 1 for end in world.ends), seed
        world.kept.clear()
        world.random = random.Random(0)
        world.depth = DEPTH_MAX
        gc.collect()
        world.kept.clear()
        accounts = world.accounts
        del world
        gc.collect()
        accounts.unblock_all()
    finally:
        sys.unraisablehook = hook
