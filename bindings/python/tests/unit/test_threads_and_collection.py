"""Objects of the engine on any thread, and cycles through policies, orders and mutations."""

import gc
import threading
import weakref

import pytest
from engine_support import A, Hooks, accept, engine, mutation, order, validation

import openpit


def elsewhere(action):
    """The result of an action on another thread."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(action()))
    thread.start()
    thread.join()
    (answer,) = answers
    return answer


@pytest.mark.parametrize("sync", ["no_sync", "full_sync", "account_sync"])
def test_every_object_works_on_every_thread(sync):
    log = []
    ready = getattr(openpit.Engine.builder(), sync)().pre_trade(Hooks("X"))
    elsewhere(lambda: ready.pre_trade(Hooks("Y", main=lambda *args: accept(mutation(log, "m"), lock_prices=[1]))))
    checked = elsewhere(ready.build)
    request = elsewhere(lambda: checked.start_pre_trade(order()).request)
    reservation = elsewhere(lambda: request.execute().reservation)
    assert len(elsewhere(reservation.lock)) == 1
    elsewhere(reservation.commit)
    assert log == ["commit m"]
    kept = [checked.execute_pre_trade(order())]
    elsewhere(kept.clear)
    assert log == ["commit m", "rollback m"]
    elsewhere(lambda: checked.accounts().block(A, "x"))
    assert not checked.start_pre_trade(order())


@pytest.mark.parametrize("sync", ["no_sync", "full_sync", "account_sync"])
def test_a_hook_may_wait_for_a_thread_that_calls_the_engine(sync):
    holder = []

    def start(ctx, given):
        if len(holder) == 1:
            holder.append(None)
            holder.append(elsewhere(lambda: holder[0].start_pre_trade(order()).ok))

    holder.append(engine(Hooks(start=start), sync=sync))
    assert holder[0].start_pre_trade(order()).ok
    assert holder[2] is True
    holder.clear()


@pytest.mark.parametrize("sync", ["no_sync", "full_sync", "account_sync"])
def test_many_threads_may_use_one_engine(sync):
    log = []
    checked = engine(validation(), Hooks(main=lambda *args: accept(mutation(log, "m"))), sync=sync)
    mine, bad = order(), order("0")

    def work():
        for number in range(300):
            assert not checked.execute_pre_trade(bad)
            reservation = checked.start_pre_trade(mine).request.execute().reservation
            if number % 3:
                reservation.commit()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (log.count("commit m"), log.count("rollback m")) == (8 * 200, 8 * 100)


class Witness:
    """Something whose end can be seen."""


def is_collected(make):
    """Whether what `make` builds around a witness, and lets go, is found by the collector."""
    witness = Witness()
    reference = weakref.ref(witness)
    make(witness)
    del witness
    gc.collect()
    return reference() is None


def test_a_policy_that_knows_its_engine_is_collected():
    def make(witness):
        policy = Hooks()
        policy.witness = witness
        policy.engine = engine(policy)
        policy.configurator = policy.engine.configure()

    assert is_collected(make)


def test_a_policy_that_knows_its_builder_is_collected():
    def make(witness):
        policy = Hooks()
        policy.witness = witness
        policy.builder = openpit.Engine.builder().no_sync().pre_trade(policy)

    assert is_collected(make)


@pytest.mark.parametrize("keep", ["result", "reservation"])
def test_a_reservation_that_its_mutation_knows_is_rolled_back_and_collected(keep):
    log = []

    def make(witness):
        class Undo:
            def __call__(self):
                log.append((self.witness is not None, self.kept is not None))

        undo = Undo()
        undo.witness = witness
        checked = engine(Hooks(main=lambda *args: accept(openpit.Mutation(commit=print, rollback=undo))))
        result = checked.execute_pre_trade(order())
        undo.kept = result if keep == "result" else result.reservation

    assert is_collected(make)
    assert log == [(True, True)]


@pytest.mark.parametrize("keep", ["result", "request"])
def test_an_order_that_knows_its_request_is_collected(keep):
    def make(witness):
        given = order()
        given.witness = witness
        result = engine(Hooks()).start_pre_trade(given)
        given.kept = result if keep == "result" else result.request

    assert is_collected(make)


def test_policies_go_with_their_engine():
    policy = Hooks()
    reference = weakref.ref(policy)
    checked = engine(policy)
    request = checked.start_pre_trade(order()).request
    reservation = checked.execute_pre_trade(order()).reservation
    del policy
    assert reference() is not None
    del checked
    gc.collect()
    assert reference() is None
    del request, reservation


def test_policies_go_with_a_builder_that_failed():
    policies = [Hooks("x"), Hooks("x")]
    references = [weakref.ref(policy) for policy in policies]
    ready = openpit.Engine.builder().no_sync().pre_trade(policies[0]).pre_trade(policies[1])
    del policies
    with pytest.raises(ValueError):
        ready.build()
    assert [reference() for reference in references] == [None, None]


def test_collecting_at_any_moment_is_safe():
    log = []
    gc.collect()
    threshold = gc.get_threshold()
    gc.set_threshold(1)
    try:
        checked = engine(
            Hooks(
                start=lambda *args: [gc.collect()] and None,
                main=lambda *args: accept(mutation(log, "m"), lock_prices=[1]),
            )
        )
        for number in range(20):
            result = checked.start_pre_trade(order()).request.execute()
            assert len(result.reservation.lock()) == 1
            if number % 2:
                result.reservation.commit()
            del result
    finally:
        gc.set_threshold(*threshold)
    assert (log.count("commit m"), log.count("rollback m")) == (10, 10)
