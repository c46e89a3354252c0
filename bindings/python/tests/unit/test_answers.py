"""What hooks may return, and what is wrong with the rest."""

import asyncio
import types
import warnings

import pytest
from engine_support import A, Hooks, accept, adjustment, block, engine, order, refuse, reject, report

import openpit
from openpit.param import ParamError
from openpit.pretrade import (
    Lock,
    PolicyAccountAdjustmentResult,
    PolicyDecision,
    PolicyPreTradeResult,
    PolicyReject,
    PostTradeResult,
    RejectScope,
)

DUCK = types.SimpleNamespace


def duck_reject(**changed):
    return DUCK(**{"code": "Other", "reason": "r", "details": "d", "scope": "order"} | changed)


def start(answer):
    return engine(Hooks(start=lambda *args: answer)).start_pre_trade(order())


def main(answer):
    return engine(Hooks(main=lambda *args: answer)).execute_pre_trade(order())


def told(answer):
    return engine(Hooks(report=lambda ctx, report: answer)).apply_execution_report(report())


def future(result):
    """A future that is done, and iterates like an empty list."""
    loop = asyncio.new_event_loop()
    done = loop.create_future()
    done.set_result(result)
    loop.close()
    return done


class Awaitable:
    def __await__(self):
        return iter(())

    __iter__ = __await__


def generator_that_returns(ctx, order):
    if order is None:
        yield reject()
    return [reject()]


def adjusted(answer):
    return engine(Hooks(adjust=lambda *args: answer)).apply_account_adjustment(A, [adjustment()])


# --- Start stage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, (), [], "", {}, set(), iter(())])
def test_a_start_check_without_rejects_accepts(answer):
    assert start(answer).ok


@pytest.mark.parametrize("answer", [True, False, 0, reject(), PolicyDecision.accept()])
def test_a_start_check_returns_something_to_iterate(answer):
    with pytest.raises(TypeError, match="object is not iterable"):
        start(answer)


@pytest.mark.parametrize("answer", [["x"], [None], "abc"])
def test_rejects_have_a_code(answer):
    with pytest.raises(AttributeError, match="no attribute 'code'"):
        start(answer)


def test_a_start_check_may_be_a_generator():
    def hook(ctx, order):
        yield reject("1")
        yield reject("2")

    result = engine(Hooks(start=hook)).start_pre_trade(order())
    assert [item.reason for item in result.rejects] == ["1", "2"]


@pytest.mark.parametrize("answer", [future(None), future([reject()]), Awaitable()])
def test_nobody_waits_for_what_a_start_check_returns(answer):
    with pytest.raises(TypeError, match="hooks are not awaited"):
        start(answer)


def test_rejects_that_a_generator_returns_are_not_lost():
    with pytest.raises(TypeError, match="its items are what it yields"):
        engine(Hooks(start=generator_that_returns)).start_pre_trade(order())
    for name in ("rejects", "mutations", "account_adjustments", "lock_prices"):
        lists = {"rejects": (), "mutations": (), "account_adjustments": (), "lock_prices": ()}
        with pytest.raises(TypeError, match="its items are what it yields"):
            main(DUCK(**lists | {name: generator_that_returns(None, order())}))
    for name in ("account_blocks", "account_pnls", "account_adjustments"):
        lists = {"account_blocks": (), "account_pnls": (), "account_adjustments": ()}
        with pytest.raises(TypeError, match="its items are what it yields"):
            told(DUCK(**lists | {name: generator_that_returns(None, order())}))


def test_a_coroutine_is_no_answer():
    async def hook(ctx, order):
        return None

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(TypeError):
            engine(Hooks(start=hook)).start_pre_trade(order())
        with pytest.raises(TypeError, match="perform_pre_trade_check must return"):
            engine(Hooks(main=hook)).execute_pre_trade(order())


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"code": 5}, "reject.code must be a string"),
        ({"code": "other"}, 'unsupported reject code "other"'),
        ({"code": "Nope"}, 'unsupported reject code "Nope"'),
        ({"reason": None}, "reject.reason must be a string"),
        ({"details": b""}, "reject.details must be a string"),
        ({"scope": 5}, "reject.scope must be a string"),
        ({"scope": "global"}, "reject.scope must be either 'order' or 'account'"),
        *(
            ({"user_data": bad}, "reject.user_data must be an integer token (default 0)")
            for bad in (-1, 2**64, "x", None, 1.5)
        ),
    ],
)
def test_fields_of_a_reject_are_checked(changed, message):
    with pytest.raises(ValueError) as caught:
        start([duck_reject(**changed)])
    assert str(caught.value) == message


@pytest.mark.parametrize("field", ["code", "reason", "details", "scope"])
def test_fields_of_a_reject_are_required(field):
    wanting = duck_reject()
    delattr(wanting, field)
    with pytest.raises(AttributeError, match=field):
        start([wanting])


@pytest.mark.parametrize(("token", "kept"), [(0, 0), (True, 1), (2**64 - 1, 2**64 - 1)])
def test_a_token_is_handed_through(token, kept):
    (item,) = start([duck_reject(user_data=token)]).rejects
    assert item.user_data == kept and type(item.user_data) is int


@pytest.mark.parametrize(("given", "scope"), [(" ACCOUNT ", "account"), ("Order\n", "order")])
def test_a_scope_is_trimmed_and_has_no_case(given, scope):
    (item,) = start([duck_reject(scope=given)]).rejects
    assert item.scope == scope and type(item.scope) is str


def test_text_is_handed_through_whatever_it_holds():
    text = 'q"\\\n\t\r\0\x01é世😀' + "x" * 5000
    (item,) = start([duck_reject(reason=text, details=text)]).rejects
    assert item.reason == item.details == text
    assert start([duck_reject(reason="", details="")]).rejects[0].reason == ""
    with pytest.raises(UnicodeEncodeError):
        start([duck_reject(reason="\ud800")])


def test_the_policy_of_a_reject_is_the_registered_name():
    result = engine(Hooks("mine", start=lambda *args: [duck_reject(policy="other")])).start_pre_trade(order())
    assert result.rejects[0].policy == "mine"


# --- Main stage --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [None, (), [], True, [1, 2], PolicyDecision(), PolicyPreTradeResult.accept(), PolicyDecision.reject([])]
)
def test_a_main_check_that_decides_nothing_accepts(answer):
    result = main(answer)
    assert result.ok and result.reservation.lock() == Lock()


@pytest.mark.parametrize("answer", [False, reject(), [reject()], (reject(), reject()), duck_reject(), [1, reject()]])
def test_a_main_check_that_meant_to_say_no_is_told_how(answer):
    with pytest.raises(
        TypeError, match="perform_pre_trade_check must return PolicyPreTradeResult, PolicyDecision or None"
    ):
        main(answer)


def generator(ctx, order):
    yield reject()


async def asynchronous_generator(ctx, order):
    yield reject()


@pytest.mark.parametrize(
    "hook",
    [
        generator,
        asynchronous_generator,
        *(
            lambda *args, answer=answer: answer
            for answer in (
                ValueError("no"),
                NotImplemented,
                ...,
                0,
                1,
                1.0,
                "no",
                "",
                b"",
                {},
                {"rejects": [1]},
                set(),
                iter(()),
                range(0),
                [None],
                [ValueError("no")],
                ("no",),
                [True],
                object(),
                future(None),
                future(PolicyDecision.reject([reject()])),
                Awaitable(),
                PolicyDecision.reject,
                PolicyDecision.accept,
                lambda: refuse(reject()),
                RejectScope.ORDER,
            )
        ),
    ],
)
def test_nothing_else_passes_a_main_check(hook):
    message = "perform_pre_trade_check must return PolicyPreTradeResult, PolicyDecision or None, not '"
    for hooks in (Hooks(main=hook), Hooks(dry_main=hook)):
        with pytest.raises(TypeError, match=message):
            engine(hooks).execute_pre_trade_dry_run(order())
    with pytest.raises(TypeError, match=message):
        engine(Hooks(main=hook)).execute_pre_trade(order())


class DefaultsOnly:
    rejects = mutations = account_adjustments = account_blocks = account_pnls = ()


@pytest.mark.parametrize("answer", [PolicyDecision, PolicyPreTradeResult, PolicyAccountAdjustmentResult, DefaultsOnly])
def test_a_class_is_not_its_object(answer):
    for ask in (main, told, adjusted):
        with pytest.raises(TypeError, match=f"must return an object, not the class '{answer.__name__}'"):
            ask(answer)
    with pytest.raises(TypeError):
        start(answer)


def test_the_main_stage_has_no_blocks_to_lose():
    assert main(PolicyAccountAdjustmentResult()).ok
    for answer in (
        PostTradeResult(),
        PostTradeResult(account_blocks=[block()]),
        PolicyAccountAdjustmentResult(account_blocks=(block(),)),
    ):
        with pytest.raises(TypeError, match="perform_pre_trade_check must return"):
            main(answer)
    assert not main(PolicyAccountAdjustmentResult(rejects=(reject(),), account_blocks=(block(),)))


@pytest.mark.parametrize("missing", ["rejects", "mutations"])
def test_a_decision_has_rejects_and_mutations(missing):
    answer = DUCK(rejects=(), mutations=())
    delattr(answer, missing)
    with pytest.raises(AttributeError, match=missing):
        main(answer)
    setattr(answer, missing, None)
    with pytest.raises(TypeError, match="not iterable"):
        main(answer)


def test_any_object_with_the_right_attributes_decides():
    assert repr(main(DUCK(lock_prices=[5, "5.5"])).reservation.lock()) == "Lock([(0, 5), (0, 5.5)])"
    assert not main(DUCK(rejects=[duck_reject()], mutations=()))
    assert not main(PolicyDecision.reject([reject()]))
    entry = DUCK(asset="USD", balance=None, held=None, incoming=None, realized_pnl=None, average_entry_price=None)
    (outcome,) = main(DUCK(account_adjustments=[entry])).reservation.account_adjustments()
    assert outcome.entry.asset == "USD"


def test_attributes_that_raise_are_not_missing():
    class Answer:
        @property
        def rejects(self):
            raise KeyError("rejects")

    with pytest.raises(KeyError):
        main(Answer())


@pytest.mark.parametrize(
    ("price", "error", "message"),
    [
        (None, ValueError, "Price must be a Decimal, str, int, or float"),
        ("x", ParamError, "invalid format for Price: 'x'"),
    ],
)
def test_lock_prices_are_prices_even_when_the_order_is_rejected(price, error, message):
    for answer in (accept(lock_prices=[price]), refuse(reject(), lock_prices=[price])):
        with pytest.raises(error) as caught:
            main(answer)
        assert str(caught.value) == message


def test_outcomes_are_entries():
    with pytest.raises(AttributeError, match="average_entry_price"):
        main(accept(account_adjustments=[5]))


# --- Reports -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [None, False])
def test_a_report_hook_may_say_nothing(answer):
    assert told(answer).account_blocks == []


def test_true_is_no_block():
    with pytest.raises(TypeError) as caught:
        told(True)
    assert str(caught.value) == (
        "apply_execution_report must return PostTradeResult or None; bool True no longer maps to a synthetic account block"
    )


@pytest.mark.parametrize(
    "answer",
    [0, 1, (), [], block(), ValueError(), NotImplemented, "x", iter(()), future(None), PolicyDecision.accept()],
)
def test_a_report_hook_returns_a_result(answer):
    with pytest.raises(AttributeError, match="has no attribute 'account_blocks'"):
        told(answer)


def test_any_object_with_three_lists_is_a_result():
    item = DUCK(code="Custom", policy="p", reason="r", details="d")
    (kept,) = told(DUCK(account_blocks=[item], account_pnls=[], account_adjustments=())).account_blocks
    assert repr(kept) == 'AccountBlock(code="Custom", policy="p", reason="r", details="d", user_data=0)'
    with pytest.raises(AttributeError, match="account_pnls"):
        told(DUCK(account_blocks=[]))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"code": 5}, "account_block.code must be a string"),
        ({"policy": 5}, "account_block.policy must be a string"),
        ({"reason": 5}, "account_block.reason must be a string"),
        ({"details": 5}, "account_block.details must be a string"),
        ({"user_data": -1}, "account_block.user_data must be an integer token"),
        ({"code": "x"}, 'unsupported reject code "x"'),
    ],
)
def test_fields_of_a_block_are_checked(changed, message):
    item = DUCK(**{"code": "Other", "policy": "p", "reason": "r", "details": "d"} | changed)
    with pytest.raises(ValueError) as caught:
        openpit.PostTradeResult(account_blocks=[item])
    assert str(caught.value) == message


def test_a_result_of_another_engine_can_be_passed_on():
    inner = engine(Hooks(report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[block("inner")])))
    outer = engine(Hooks(report=lambda ctx, report: inner.apply_execution_report(report)))
    assert outer.apply_execution_report(report()).account_blocks[0].reason == "inner"


# --- Adjustments -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [None, True, [], (), ValueError(), NotImplemented, 0, "x", iter(()), future(None), PostTradeResult()]
)
def test_an_adjustment_hook_returns_a_result(answer):
    with pytest.raises(AttributeError, match="rejects"):
        adjusted(answer)


def test_what_an_adjustment_needs_depends_on_the_answer():
    assert not adjusted(PolicyDecision.reject([reject()]))
    with pytest.raises(AttributeError, match="account_adjustments"):
        adjusted(PolicyDecision.accept())
    with pytest.raises(AttributeError, match="account_blocks"):
        adjusted(PolicyPreTradeResult.accept())


# --- Support classes ---------------------------------------------------------------------------------


def test_scopes_are_members_and_codes_are_checked_when_used():
    with pytest.raises(TypeError, match="scope must be openpit.pretrade.RejectScope"):
        PolicyReject(code="Other", reason="r", details="d", scope="order")
    with pytest.raises(ValueError, match='unsupported reject code "zzz"'):
        start([PolicyReject(code="zzz", reason="r", details="d")])
    with pytest.raises(ValueError, match="scope must be either 'order' or 'account'"):
        RejectScope("x")


def test_factories_make_tuples():
    assert PolicyDecision.accept(mutations=iter([1])).mutations == (1,)
    assert PolicyDecision.reject(rejects=[1], mutations=[2]) == PolicyDecision((1,), (2,))
    assert PolicyPreTradeResult.accept([1], [2], [3]) == PolicyPreTradeResult((), (1,), (2,), (3,))
    assert PolicyPreTradeResult.reject([0], [1], [2], [3]) == PolicyPreTradeResult((0,), (1,), (2,), (3,))
    assert hash(reject()) == hash(reject())


def test_a_policy_needs_a_name_only():
    with pytest.raises(TypeError, match="abstract"):
        openpit.pretrade.Policy()

    class Named(openpit.pretrade.Policy):
        name = "named"

    checked = engine(Named())
    assert checked.execute_pre_trade(order()).ok
    assert checked.apply_execution_report(report()).account_blocks == []
    assert checked.apply_account_adjustment(A, [adjustment()]).ok
    assert Named().policy_group_id == 0


# --- Mutations ---------------------------------------------------------------------------------------

NEVER_AWAITED = "is called once and never awaited"


async def asynchronous():
    raise AssertionError("nobody awaits this")


def suspended():
    yield


async def asynchronously_suspended():
    yield


class Ledger:
    async def write(self):
        raise AssertionError("nobody awaits this")


def nothing():
    pass


@pytest.mark.parametrize("callback", [asynchronous, suspended, asynchronously_suspended, Ledger().write])
@pytest.mark.parametrize("side", ["commit", "rollback"])
def test_a_mutation_that_would_have_to_be_awaited_is_refused_with_its_order(callback, side):
    written = openpit.Mutation(**{"commit": nothing, "rollback": nothing} | {side: callback})
    with pytest.raises(TypeError, match=NEVER_AWAITED):
        main(accept(written))
    with pytest.raises(TypeError, match=NEVER_AWAITED):
        adjusted(PolicyAccountAdjustmentResult(mutations=[written]))


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
@pytest.mark.parametrize("callback", [asynchronous, suspended, asynchronously_suspended])
def test_a_mutation_that_hides_that_it_would_have_to_be_awaited_fails_when_it_is_called(callback):
    hidden = openpit.Mutation(commit=lambda: callback(), rollback=nothing)
    subject = engine(Hooks(main=lambda *args: accept(hidden)), compatibility="0.10")
    reservation = subject.execute_pre_trade(order()).reservation
    with pytest.raises(TypeError, match=NEVER_AWAITED):
        reservation.commit()
    assert not subject.start_pre_trade(order())


def test_a_mutation_may_start_something_that_others_wait_for():
    started = openpit.Mutation(commit=lambda: future(None), rollback=nothing)
    subject = engine(Hooks(main=lambda *args: accept(started)), compatibility="0.10")
    subject.execute_pre_trade(order()).reservation.commit()
    assert subject.start_pre_trade(order())
