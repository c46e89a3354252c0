"""The way of an order: stages, the order of hooks, mutations, and the life of requests and reservations."""

import gc

import pytest
from engine_support import (
    A,
    B,
    Hooks,
    accept,
    account_reject,
    adjustment,
    engine,
    mutation,
    order,
    refuse,
    reject,
    report,
    seen,
    validation,
)

import openpit
from openpit.pretrade import Lock

FINALIZED = "reservation has already been finalized"


def test_inputs_are_checked_before_any_policy_runs():
    calls = []
    checked = engine(Hooks(start=lambda ctx, order: calls.append(1), adjust=lambda *args: calls.append(1)))
    for call in (
        checked.start_pre_trade,
        checked.execute_pre_trade,
        checked.start_pre_trade_dry_run,
        checked.execute_pre_trade_dry_run,
    ):
        for wrong in (5, None, "x", report()):
            with pytest.raises(TypeError, match="order must inherit from openpit.Order"):
                call(wrong)
        for arguments in ((), (order(), 1)):
            with pytest.raises(TypeError):
                call(*arguments)
        with pytest.raises(TypeError):
            call(orders=order())
        with pytest.raises(TypeError):
            call(order(), order=order())
    with pytest.raises(TypeError, match="report must inherit from openpit.ExecutionReport"):
        checked.apply_execution_report(order())
    with pytest.raises(TypeError, match="account_id must be openpit.param.AccountId"):
        checked.apply_account_adjustment(1, [])
    with pytest.raises(TypeError, match="'int' object is not iterable"):
        checked.apply_account_adjustment(A, 5)
    with pytest.raises(TypeError, match="adjustment must inherit from openpit.AccountAdjustment"):
        checked.apply_account_adjustment(A, [adjustment(), 5])
    assert calls == []


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_commits_run_in_order_and_rollbacks_in_reverse(end):
    log = []

    def policy(name):
        def start(ctx, order):
            log.append(f"start {name}")

        def main(ctx, order):
            log.append(f"main {name}")
            return accept(mutation(log, name + "0"), mutation(log, name + "1"))

        return Hooks(name, start=start, main=main)

    result = engine(policy("A"), policy("B"), policy("C")).execute_pre_trade(order=order())
    assert log == ["start A", "start B", "start C", "main A", "main B", "main C"]
    del log[:]
    getattr(result.reservation, end)()
    names = ["A0", "A1", "B0", "B1", "C0", "C1"]
    assert log == [f"{end} {name}" for name in (names if end == "commit" else reversed(names))]


def test_every_start_check_runs_whoever_rejects():
    calls = []
    checked = engine(
        Hooks("A", start=lambda ctx, order: [reject("a1")]),
        Hooks("B", start=lambda ctx, order: calls.append("B")),
        Hooks("C", start=lambda ctx, order: (reject("c1"), reject("c2")), main=lambda *args: calls.append("main")),
    )
    for result in (checked.start_pre_trade(order()), checked.execute_pre_trade(order())):
        assert not result.ok and not result
        assert [item.reason for item in result.rejects] == ["a1", "c1", "c2"]
    assert calls == ["B", "B"]


def test_every_main_check_runs_and_all_mutations_are_undone():
    log = []
    checked = engine(
        Hooks("A", main=lambda *args: accept(mutation(log, "A"))),
        Hooks("B", main=lambda *args: refuse(reject("b1"), reject("b2"), mutations=[mutation(log, "B")])),
        Hooks("C", main=lambda *args: refuse(reject("c1"), mutations=[mutation(log, "C")])),
    )
    result = checked.execute_pre_trade(order())
    assert [item.reason for item in result.rejects] == ["b1", "b2", "c1"]
    assert result.reservation is None
    assert log == ["rollback C", "rollback B", "rollback A"]


def test_no_reject_is_an_acceptance():
    log = []
    result = engine(
        Hooks(main=lambda *args: refuse(mutations=[mutation(log, "m")], lock_prices=[2]))
    ).execute_pre_trade(order())
    assert result.reservation.lock() == Lock([(0, 2)])
    result.reservation.commit()
    assert log == ["commit m"]


def test_lock_prices_are_in_groups():
    checked = engine(
        Hooks("A", group=7, main=lambda *args: accept(lock_prices=[1, "2"])),
        Hooks("B", group=3, main=lambda *args: accept(lock_prices=[9.0])),
        Hooks("C", main=lambda *args: accept(lock_prices=[4])),
    )
    reservation = checked.execute_pre_trade(order()).reservation
    assert repr(reservation.lock()) == "Lock([(0, 4), (7, 1), (7, 2), (3, 9)])"
    reservation.lock().push(0, 5)
    assert len(reservation.lock()) == 4


def test_lock_and_outcomes_are_read_with_or_without_parentheses():
    entry = openpit.pretrade.AccountOutcomeEntry(asset="USD")
    checked = engine(Hooks(group=4, main=lambda *args: accept(lock_prices=[5], account_adjustments=[entry])))
    reservation = checked.execute_pre_trade(order()).reservation
    report = checked.execute_pre_trade_dry_run(order())
    for source in (reservation, report):
        assert source.lock == source.lock() == Lock([(4, 5)])
        assert isinstance(source.account_adjustments, list)
        (outcome,) = source.account_adjustments
        assert outcome.policy_group_id == 4 and outcome.entry.asset == "USD"
        assert len(source.account_adjustments()) == 1
        source.account_adjustments.clear()
        assert len(source.account_adjustments()) == 1
    assert type(reservation).lock(reservation) == reservation.lock
    with pytest.raises(TypeError):
        type(reservation).lock(report)
    with pytest.raises(TypeError):
        reservation.account_adjustments(1)


def test_hooks_get_the_callers_own_objects():
    given = []

    class Tagged(openpit.Order):
        pass

    checked = engine(
        Hooks(
            start=lambda ctx, order: given.append(order),
            main=lambda ctx, order: given.append(order),
            report=lambda ctx, report: given.append(report),
            adjust=lambda ctx, account_id, adjustment: (
                given.append((account_id, adjustment)) or openpit.pretrade.PolicyAccountAdjustmentResult()
            ),
        )
    )
    mine, told, changed = Tagged(), report(), adjustment()
    mine.tag = "mine"
    request = checked.start_pre_trade(mine).request
    request.execute()
    checked.apply_execution_report(report=told)
    checked.apply_account_adjustment(account_id=A, adjustments=[changed])
    assert given[0] is mine and given[1] is mine and given[2] is told
    account, item = given[3]
    assert item is changed and account == A and account is not A


def test_a_deferred_request_keeps_its_order_alive():
    given = []
    checked = engine(Hooks(main=lambda ctx, order: given.append(order.operation.account_id)))
    request = checked.start_pre_trade(order()).request
    gc.collect()
    request.execute()
    assert given == [A]


def test_a_request_is_executed_once():
    checked = engine(Hooks(main=lambda *args: refuse(reject())))
    request = checked.start_pre_trade(order()).request
    assert not request.execute()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="request has already been executed"):
            request.execute()


def test_a_request_cannot_be_executed_from_its_own_hook():
    errors, requests = [], []

    def main(ctx, order):
        try:
            requests[0].execute()
        except RuntimeError as error:
            errors.append(str(error))

    checked = engine(Hooks(main=main))
    requests.append(checked.start_pre_trade(order()).request)
    assert requests[0].execute().ok
    assert errors == ["request has already been executed"]


def test_two_requests_of_one_order_are_independent():
    log = []
    numbers = iter("12")
    checked = engine(Hooks(main=lambda *args: accept(mutation(log, next(numbers)))))
    same = order()
    first, second = checked.start_pre_trade(same).request, checked.start_pre_trade(same).request
    one, two = first.execute().reservation, second.execute().reservation
    two.commit()
    one.rollback()
    assert log == ["commit 2", "rollback 1"]


@pytest.mark.parametrize("first", ["commit", "rollback"])
@pytest.mark.parametrize("second", ["commit", "rollback", "lock", "account_adjustments"])
def test_a_reservation_is_finalised_once(first, second):
    result = engine(validation()).execute_pre_trade(order())
    reservation = result.reservation
    assert getattr(reservation, first)() is None
    with pytest.raises(RuntimeError, match=FINALIZED):
        getattr(reservation, second)()
    assert result.ok and result.reservation is reservation


def test_a_reservation_counts_as_finalised_in_its_own_callbacks():
    errors, holder = [], []

    def commit():
        for name in ("commit", "rollback", "lock", "account_adjustments"):
            try:
                getattr(holder[0], name)()
            except RuntimeError as error:
                errors.append(str(error))

    log = []
    checked = engine(Hooks(main=lambda *args: accept(openpit.Mutation(commit, log.append), mutation(log, "2"))))
    holder.append(checked.execute_pre_trade(order()).reservation)
    holder[0].commit()
    assert errors == [FINALIZED] * 4 and log == ["commit 2"]


def test_dropping_the_last_reference_rolls_back():
    log = []
    checked = engine(Hooks(main=lambda *args: accept(mutation(log, "m"))))
    result = checked.execute_pre_trade(order())
    reservation = result.reservation
    del reservation
    assert log == []
    del result
    assert log == ["rollback m"]
    checked.execute_pre_trade(order())
    assert log == ["rollback m"] * 2
    checked.start_pre_trade(order())
    assert log == ["rollback m"] * 2


def test_a_committed_reservation_is_not_rolled_back():
    log = []
    reservation = engine(Hooks(main=lambda *args: accept(mutation(log, "m")))).execute_pre_trade(order()).reservation
    reservation.commit()
    del reservation
    gc.collect()
    assert log == ["commit m"]


def test_an_engine_that_is_gone_rejects_its_requests():
    checked = engine(validation())
    request = checked.start_pre_trade(order()).request
    accounts = checked.accounts()
    del checked
    (item,) = request.execute().rejects
    assert (item.policy, item.code, item.scope) == ("Engine", "SystemUnavailable", "order")
    assert item.reason == "engine is no longer available"
    assert item.details == "request handle outlived engine instance"
    accounts.block(A, "x")
    assert accounts.group_of(A) is None


def test_a_configurator_keeps_the_engine_open():
    checked = engine(validation())
    request, configurator = checked.start_pre_trade(order()).request, checked.configure()
    del checked
    assert request.execute().ok
    del configurator


def test_reservations_outlive_the_engine():
    log = []
    checked = engine(Hooks(main=lambda *args: accept(mutation(log, "m"), lock_prices=[5])))
    result = checked.execute_pre_trade(order())
    del checked
    assert result.reservation.lock() == Lock([(0, 5)])
    result.reservation.commit()
    assert log == ["commit m"]


def test_the_last_reference_to_the_engine_may_go_in_a_hook():
    holder = []

    def main(ctx, order):
        holder.clear()
        gc.collect()
        return accept(lock_prices=[1])

    holder.append(engine(Hooks("A", main=main), Hooks("B", main=lambda *args: accept(lock_prices=[2]))))
    request = holder[0].start_pre_trade(order()).request
    assert repr(request.execute().reservation.lock()) == "Lock([(0, 1), (0, 2)])"


def test_reports_reach_every_policy_and_keep_what_they_write():
    outcome = openpit.pretrade.AccountAdjustmentOutcome(
        policy_group_id=9, entry=openpit.pretrade.AccountOutcomeEntry(asset="USD")
    )
    pnl = openpit.pretrade.AccountPnlOutcome(
        policy_group_id=8, account_id=B, pnl=openpit.pretrade.PnlOutcomeAmount(delta=1, absolute=2)
    )
    checked = engine(
        Hooks("A", group=2, report=lambda ctx, report: openpit.PostTradeResult(account_adjustments=[outcome])),
        Hooks(
            "B", report=lambda ctx, report: openpit.PostTradeResult(account_pnls=[pnl], account_adjustments=(outcome,))
        ),
    )
    result = checked.apply_execution_report(report())
    assert [item.policy_group_id for item in result.account_adjustments] == [9, 9]
    (told,) = result.account_pnls
    assert (told.policy_group_id, told.account_id, str(told.pnl.absolute)) == (8, B, "2")
    assert repr(result) == "PostTradeResult(account_blocks=0, account_pnls=1, account_adjustments=2)"
    assert bool(engine(validation()).apply_execution_report(report()))


def test_every_sync_mode_runs_the_same_way():
    for sync in ("no_sync", "full_sync", "account_sync"):
        checked = engine(validation(), sync=sync)
        assert checked.execute_pre_trade(order()).ok
        assert seen(checked.execute_pre_trade(order("0")).rejects) == [
            ("OrderValidationPolicy", "InvalidFieldValue", "order quantity must be non-zero", "order")
        ]


def test_account_scope_rejects_are_remembered_under_another_code():
    checked = engine(Hooks(start=lambda *args: [reject("o"), account_reject("x1", user_data=77), account_reject("x2")]))
    first = checked.start_pre_trade(order()).rejects
    assert [item.code for item in first] == ["Other"] * 3
    (second,) = checked.start_pre_trade(order()).rejects
    assert (second.policy, second.code, second.reason, second.scope, second.user_data) == (
        "A",
        "AccountBlocked",
        "x1",
        "account",
        77,
    )
