"""Exceptions in hooks and mutations: what still runs, what the caller sees, and that nothing is lost or mixed up."""

import sys
import traceback

import pytest
from engine_support import (
    A,
    Hooks,
    accept,
    account_reject,
    adjustment,
    block,
    engine,
    mutation,
    order,
    raising,
    refuse,
    reject,
    report,
    validation,
)

import openpit
from openpit.pretrade import PolicyAccountAdjustmentResult


def failing(log, name, commit=None, rollback=None):
    """A mutation that raises in the callback that is given an exception."""

    def callback(what, error):
        def run():
            log.append(f"{what} {name}")
            if error is not None:
                raise error

        return run

    return openpit.Mutation(commit=callback("commit", commit), rollback=callback("rollback", rollback))


@pytest.fixture
def unraisable(monkeypatch):
    """What was reported and not raised."""
    reported = []
    monkeypatch.setattr(sys, "unraisablehook", lambda args: reported.append(args.exc_value))
    return reported


def test_the_same_exception_comes_back_with_its_traceback():
    error = RuntimeError("a")
    calls = []
    checked = engine(Hooks("A", start=raising(error)), Hooks("B", start=lambda *args: calls.append("B")))
    with pytest.raises(RuntimeError) as caught:
        checked.start_pre_trade(order())
    assert caught.value is error
    assert "hook" in [frame.name for frame in traceback.extract_tb(error.__traceback__)]
    assert calls == ["B"]


def test_the_last_exception_wins_and_leads_to_the_earlier_ones():
    first, second, third = RuntimeError("1"), KeyError("2"), ValueError("3")
    checked = engine(
        *(Hooks(name, main=raising(error)) for name, error in zip("ABC", (first, second, third), strict=False))
    )
    with pytest.raises(ValueError) as caught:
        checked.execute_pre_trade(order())
    assert caught.value is third
    assert third.__context__ is second and second.__context__ is first and first.__context__ is None


def test_an_exception_that_is_raised_twice_does_not_lead_to_itself():
    same, other = RuntimeError("x"), KeyError("y")
    checked = engine(Hooks("A", main=raising(same)), Hooks("B", main=raising(other)), Hooks("C", main=raising(same)))
    for _ in range(3):
        with pytest.raises(RuntimeError) as caught:
            checked.execute_pre_trade(order())
        assert caught.value is same
        seen, link = set(), same
        while link is not None:
            assert id(link) not in seen
            seen.add(id(link))
            link = link.__context__


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), StopIteration(), GeneratorExit()])
def test_every_kind_of_exception_is_raised_unchanged(error):
    with pytest.raises(type(error)) as caught:
        engine(Hooks(main=raising(error))).execute_pre_trade(order())
    assert caught.value is error


def test_a_raising_main_check_undoes_everything_and_spends_the_request():
    log = []
    checked = engine(
        Hooks("A", main=lambda *args: accept(mutation(log, "1"))),
        Hooks("B", main=raising(KeyError("B"))),
        Hooks("C", main=lambda *args: accept(mutation(log, "3"))),
    )
    request = checked.start_pre_trade(order()).request
    with pytest.raises(KeyError):
        request.execute()
    assert log == ["rollback 3", "rollback 1"]
    with pytest.raises(RuntimeError, match="already been executed"):
        request.execute()


def test_an_exception_of_a_rollback_is_raised_in_place_of_rejects():
    log = []
    checked = engine(
        Hooks(main=lambda *args: refuse(reject(), mutations=[failing(log, "1", rollback=ValueError("r"))]))
    )
    with pytest.raises(ValueError, match="r"):
        checked.execute_pre_trade(order())


def test_the_rollback_that_fails_last_wins():
    log = []
    first, second, third = ValueError("1"), ValueError("2"), KeyError("3")
    checked = engine(
        Hooks("A", main=lambda *args: accept(failing(log, "1", rollback=first), failing(log, "2", rollback=second))),
        Hooks("B", main=raising(third)),
    )
    with pytest.raises(ValueError) as caught:
        checked.execute_pre_trade(order())
    assert caught.value is first and first.__context__ is second and second.__context__ is third
    assert log == ["rollback 2", "rollback 1"]


@pytest.mark.parametrize("end", ["commit", "rollback", "drop"])
@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_what_finalisation_raises_is_reported(unraisable, end, error):
    log = []
    what = "commit" if end == "commit" else "rollback"
    checked = engine(
        Hooks(main=lambda *args: accept(mutation(log, "1"), failing(log, "2", **{what: error}), mutation(log, "3")))
    )
    reservation = checked.execute_pre_trade(order()).reservation
    if end == "drop":
        del reservation
    else:
        assert getattr(reservation, end)() is None
    assert sorted(log) == [f"{what} {name}" for name in "123"]
    assert unraisable == [error]
    assert engine(validation()).execute_pre_trade(order()).ok


def test_dropping_a_reservation_leaves_an_exception_on_its_way_alone(unraisable):
    log = []
    checked = engine(Hooks(main=lambda *args: accept(failing(log, "1", rollback=ValueError("r")))))

    def fail():
        kept = checked.execute_pre_trade(order())
        assert kept
        raise KeyError("mine")

    try:
        fail()
    except KeyError as error:
        error.__traceback__ = None
    assert log == ["rollback 1"]
    assert [str(error) for error in unraisable] == ["r"]


def test_mutations_that_cannot_be_called_fail_when_they_are(unraisable):
    checked = engine(Hooks(main=lambda *args: accept(openpit.Mutation(commit=5, rollback=None))))
    checked.execute_pre_trade(order()).reservation.commit()
    assert [type(error) for error in unraisable] == [TypeError]


def test_mutations_before_a_bad_one_are_undone():
    log = []
    checked = engine(Hooks(main=lambda *args: accept(mutation(log, "1"), object(), mutation(log, "3"))))
    with pytest.raises(AttributeError, match="commit"):
        checked.execute_pre_trade(order())
    assert log == ["rollback 1"]


def test_mutations_of_a_generator_that_raises_are_undone():
    log = []

    def mutations():
        yield mutation(log, "1")
        yield mutation(log, "2")
        raise ValueError("generator")

    class Answer:
        rejects = ()

        @property
        def mutations(self):
            return mutations()

    with pytest.raises(ValueError, match="generator"):
        engine(Hooks(main=lambda *args: Answer())).execute_pre_trade(order())
    assert log == ["rollback 2", "rollback 1"]


def test_blocks_are_recorded_although_a_hook_raises():
    checked = engine(Hooks("A", start=lambda *args: [account_reject("x")]), Hooks("B", start=raising(ValueError())))
    with pytest.raises(ValueError):
        checked.start_pre_trade(order())
    (item,) = checked.start_pre_trade(order()).rejects
    assert (item.policy, item.code, item.reason) == ("A", "AccountBlocked", "x")


def test_of_a_list_of_rejects_all_count_or_none():
    answers = [[account_reject(), None], ()]
    checked = engine(Hooks(start=lambda *args: answers.pop(0)))
    with pytest.raises(AttributeError):
        checked.start_pre_trade(order())
    assert checked.start_pre_trade(order()).ok


@pytest.mark.parametrize("inner", [validation(), Hooks("inner", main=raising(KeyError("inner")))])
def test_a_nested_call_neither_hides_nor_clears_an_exception(inner):
    other = engine(inner)

    def nest(ctx, order):
        try:
            other.execute_pre_trade(order)
        except KeyError:
            pass

    outer = RuntimeError("outer")
    checked = engine(Hooks("A", start=raising(outer)), Hooks("B", start=nest))
    with pytest.raises(RuntimeError) as caught:
        checked.start_pre_trade(order())
    assert caught.value is outer and outer.__context__ is None


def test_what_another_reservation_raises_stays_there(unraisable):
    log = []
    other = engine(
        Hooks(main=lambda *args: accept(failing(log, "other", commit=ValueError("c"), rollback=ValueError("r"))))
    )
    kept = [other.execute_pre_trade(order()), other.execute_pre_trade(order())]

    def main(ctx, order):
        kept.pop().reservation.commit()
        kept.clear()

    result = engine(Hooks(main=main)).execute_pre_trade(order())
    assert result.ok
    assert log == ["commit other", "rollback other"]
    assert [str(error) for error in unraisable] == ["c", "r"]


def test_a_hook_may_handle_the_exceptions_of_its_own_calls():
    inner = engine(Hooks(start=raising(KeyError())))
    handled = []

    def start(ctx, order):
        try:
            inner.start_pre_trade(order)
        except KeyError:
            handled.append(True)

    assert engine(Hooks(start=start)).start_pre_trade(order()).ok
    assert handled == [True]


def test_reports_go_on_when_a_hook_raises():
    calls = []
    checked = engine(
        Hooks("A", report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[block("A's")])),
        Hooks("B", report=raising(ValueError("B"))),
        Hooks("C", report=lambda ctx, report: calls.append("C")),
    )
    with pytest.raises(ValueError, match="B"):
        checked.apply_execution_report(report())
    assert calls == ["C"]
    (item,) = checked.start_pre_trade(order()).rejects
    assert item.reason == "A's"


def test_a_raising_adjustment_hook_stops_the_batch():
    log = []

    def policy(name, error=None):
        def adjust(ctx, account_id, item):
            log.append(f"{name}-{item.operation.asset}")
            if error is not None and item.operation.asset == "EUR":
                raise error
            return PolicyAccountAdjustmentResult(mutations=[mutation(log, f"{name}-{item.operation.asset}")])

        return Hooks(name, adjust=adjust)

    checked = engine(policy("A"), policy("B", KeyError("EUR")), policy("C"))
    with pytest.raises(KeyError):
        checked.apply_account_adjustment(A, [adjustment("USD"), adjustment("EUR")])
    assert log == ["A-USD", "B-USD", "C-USD", "A-EUR", "B-EUR"] + [
        f"rollback {name}" for name in ("A-EUR", "C-USD", "B-USD", "A-USD")
    ]


@pytest.mark.parametrize("release", ["0.7", "0.10"])
def test_a_failing_commit_of_a_batch_tells_what_was_applied(release):
    log = []
    answer = PolicyAccountAdjustmentResult(
        mutations=[failing(log, "1", commit=RuntimeError("c")), mutation(log, "2")], account_blocks=[block("told")]
    )
    checked = engine(Hooks(adjust=lambda *args: answer), compatibility=release)
    with pytest.raises(RuntimeError, match="c") as caught:
        checked.apply_account_adjustment(A, [adjustment()])
    assert log == ["commit 1", "commit 2"]
    result = caught.value.result
    assert result.ok and [item.reason for item in result.account_blocks] == ["told"]
    assert checked.start_pre_trade(order()).rejects[0].reason == "told"


def test_a_failing_rollback_of_a_batch_is_raised():
    answer = PolicyAccountAdjustmentResult(mutations=[failing([], "1", rollback=ValueError("r"))])
    checked = engine(
        Hooks("A", adjust=lambda *args: answer),
        Hooks("B", adjust=lambda *args: PolicyAccountAdjustmentResult(rejects=[reject()])),
    )
    with pytest.raises(ValueError, match="r") as caught:
        checked.apply_account_adjustment(A, [adjustment()])
    assert not hasattr(caught.value, "result")


def test_a_nested_call_in_a_commit_loses_nothing():
    answers = [
        openpit.Mutation(commit=raising(RuntimeError("c")), rollback=print),
        openpit.Mutation(commit=lambda: engine(validation()).execute_pre_trade(order()), rollback=print),
    ]
    checked = engine(Hooks(adjust=lambda *args: PolicyAccountAdjustmentResult(mutations=answers)))
    with pytest.raises(RuntimeError, match="c"):
        checked.apply_account_adjustment(A, [adjustment()])


def test_recursion_without_end_is_an_error():
    holder = []
    holder.append(engine(Hooks(start=lambda ctx, order: holder[0].start_pre_trade(order) and None)))
    with pytest.raises(RecursionError):
        holder[0].start_pre_trade(order())
    holder[0] = engine(validation())
    assert holder[0].start_pre_trade(order()).ok


def test_hooks_are_looked_up_at_every_call():
    policy = Hooks()
    checked = engine(policy)
    policy.check_pre_trade_start = lambda ctx, order: [reject("new")]
    assert checked.start_pre_trade(order()).rejects[0].reason == "new"
    policy.check_pre_trade_start = 5
    with pytest.raises(TypeError):
        checked.start_pre_trade(order())


def test_the_report_hook_is_called_with_keywords():
    class Old(Hooks):
        def apply_execution_report(self, report):
            return None

    checked = engine(Old())
    with pytest.raises(TypeError, match="unexpected keyword argument 'ctx'"):
        checked.apply_execution_report(report())
