"""Drop copies: orders that are live elsewhere already are recorded, whatever the controls say about them."""

import copy
import datetime
import gc
import threading

import pytest
from engine_support import (
    USD,
    A,
    B,
    Hooks,
    accept,
    account_reject,
    engine,
    mutation,
    order,
    raising,
    refuse,
    reject,
    seen,
    validation,
)

import openpit
from openpit.marketdata import Quote, QuoteTtl
from openpit.param import AdjustmentAmount, Pnl, Price, Quantity, Side, Trade, TradeAmount
from openpit.pretrade import (
    AccountOutcomeEntry,
    Context,
    DropCopyOperation,
    DropCopyResult,
    OutcomeAmount,
    RejectCode,
    policies,
)

NAME = "SpotFundsPolicy"
FINALIZED = "drop-copy operation has already been finalized"
INACTIVE = "context is not an active drop-copy operation"


def adjust(checked, operation, **amount):
    amount = openpit.AccountAdjustmentAmount(**amount) if amount else None
    batch = [openpit.AccountAdjustment(operation=operation, amount=amount)]
    result = checked.apply_account_adjustment(account_id=A, adjustments=batch)
    assert result
    return result


def deposit(checked, asset, amount):
    operation = openpit.AccountAdjustmentBalanceOperation(asset=asset)
    return adjust(checked, operation, balance=AdjustmentAmount.delta(amount))


def funds(usd=100, builder=None, **named):
    """An engine of spot funds whose account A has dollars."""
    checked = engine(builder or policies.build_spot_funds(), **named)
    if usd:
        deposit(checked, "USD", usd)
    return checked


def changes(outcomes):
    """{asset: {amount: (delta, absolute)}} in plain text."""
    names = ("balance", "held", "incoming")
    return {
        outcome.entry.asset: {
            name: (str(amount.delta), str(amount.absolute))
            for name in names
            if (amount := getattr(outcome.entry, name)) is not None
        }
        for outcome in outcomes
    }


def holdings(checked, asset):
    """What the account has of an asset, read by an adjustment that changes nothing."""
    amounts = {name: AdjustmentAmount.delta(0) for name in ("balance", "held", "incoming")}
    operation = openpit.AccountAdjustmentBalanceOperation(asset=asset)
    entries = changes(adjust(checked, operation, **amounts).outcomes)
    return {name: absolute for name, (_, absolute) in entries.get(asset, {}).items()}


def set_pnl(checked, value):
    adjust(checked, openpit.AccountAdjustmentAccountPnlOperation(state=Pnl(value)))


def recording(log, **hooks):
    """A policy whose start hook registers a mutation."""

    def start(ctx, order):
        ctx.record_drop_copy_start_mutation(mutation(log, "start"))
        return hooks.get("rejects", ())

    return Hooks("S", start=start)


# ---- Results ----


def test_a_recorded_order_is_a_result_that_is_true():
    result = engine(validation()).apply_drop_copy(order())
    assert type(result) is DropCopyResult
    assert result and result.ok is True and result.rejects == []
    assert repr(result) == "DropCopyResult(ok=True)"
    assert type(result.operation) is DropCopyOperation
    assert result.operation is result.operation


def test_an_order_without_an_account_is_not_recorded():
    result = engine(validation()).apply_drop_copy(order=order(account=None))
    assert not result and result.ok is False and result.operation is None
    assert repr(result) == "DropCopyResult(ok=False, rejects=1)"
    (only,) = result.rejects
    assert seen([only]) == [("Engine", "MissingRequiredField", "drop-copy requires a readable account ID", "order")]
    assert only.details == "the account ID routes the drop-copy pipeline and its account control"


@pytest.mark.parametrize("wrong", [None, 5, "order", openpit.Instrument("AAPL", "USD")])
def test_only_orders_are_recorded(wrong):
    with pytest.raises(TypeError, match=r"^order must inherit from openpit\.Order$"):
        engine(validation()).apply_drop_copy(wrong)


def test_the_classes_are_made_by_the_engine_alone():
    for kind in (DropCopyResult, DropCopyOperation):
        with pytest.raises(TypeError, match="cannot create"):
            kind()
    result = engine(validation()).apply_drop_copy(order())
    for item in (result, result.operation):
        with pytest.raises(TypeError, match="cannot pickle"):
            copy.copy(item)


@pytest.mark.parametrize("sync", ["no_sync", "full_sync", "account_sync"])
def test_every_sync_mode_records_drop_copies(sync):
    checked = funds(sync=sync)
    assert checked.apply_drop_copy(order("10", "100")).operation.commit() is None
    assert holdings(checked, "USD")["balance"] == "-900"


@pytest.mark.parametrize("first", ["commit", "rollback"])
def test_an_operation_ends_once(first):
    operation = engine(validation()).apply_drop_copy(order()).operation
    assert getattr(operation, first)() is None
    for name in ("commit", "rollback"):
        with pytest.raises(RuntimeError, match=f"^{FINALIZED}$"):
            getattr(operation, name)()
    for name in ("lock", "account_adjustments", "account_block", "is_account_blocked"):
        with pytest.raises(RuntimeError, match=f"^{FINALIZED}$"):
            getattr(operation, name)


def test_an_operation_nobody_keeps_is_rolled_back():
    log = []
    checked = engine(recording(log), Hooks("M", main=lambda *args: accept(mutation(log, "main"))))
    checked.apply_drop_copy(order())
    assert log == ["rollback main", "rollback start"]


def test_an_operation_in_a_cycle_is_rolled_back_by_the_collector():
    log, kept = [], []
    held = openpit.Mutation(commit=kept.append, rollback=lambda kept=kept: log.append(len(kept)))
    kept.append(engine(Hooks(main=lambda *args: accept(held))).apply_drop_copy(order()))  # noqa: F821
    del kept, held
    gc.collect()
    assert log == [1]


def test_an_operation_outlives_its_engine():
    checked = funds()
    operation = checked.apply_drop_copy(order()).operation
    del checked
    gc.collect()
    assert operation.is_account_blocked is False and operation.lock.to_json() == '[["10"]]'
    operation.commit()


# ---- Rejects ----


def test_an_ordinary_reject_is_ignored_and_the_main_stage_runs():
    asked = []
    checked = engine(
        Hooks("S", start=lambda *args: [reject("start")]),
        Hooks("M", main=lambda *args: asked.append("main") or refuse(reject("main"))),
    )
    result = checked.apply_drop_copy(order())
    assert result and result.rejects == [] and asked == ["main"]
    assert not checked.execute_pre_trade(order()) and asked == ["main"]


def test_what_comes_with_an_ordinary_reject_is_kept():
    log = []
    amount = OutcomeAmount(delta=1, absolute=2)

    def main(ctx, order):
        entry = AccountOutcomeEntry(asset="EUR", balance=amount)
        return refuse(reject(), mutations=[mutation(log, "main")], account_adjustments=[entry], lock_prices=[Price(5)])

    operation = engine(Hooks("M", main=main)).apply_drop_copy(order()).operation
    assert operation.lock.to_json() == '[["5"]]'
    assert changes(operation.account_adjustments) == {"EUR": {"balance": ("1", "2")}}
    operation.commit()
    assert log == ["commit main"]


@pytest.mark.parametrize("code", [code for code in RejectCode if code.is_evaluation_failure()])
def test_a_control_without_a_verdict_undoes_everything(code):
    log = []
    failing = reject("no verdict", code=code)
    checked = engine(
        recording(log),
        Hooks("M", main=lambda *args: refuse(reject("ordinary"), failing, mutations=[mutation(log, "main")])),
    )
    result = checked.apply_drop_copy(order())
    assert not result and result.operation is None
    assert [item.reason for item in result.rejects] == ["no verdict"]
    assert log == ["rollback main", "rollback start"]


def test_the_start_stage_without_a_verdict_ends_the_call():
    log, asked = [], []
    checked = engine(
        recording(log, rejects=[reject("no verdict", code=RejectCode.MARK_PRICE_UNAVAILABLE)]),
        Hooks("M", main=lambda *args: asked.append("main")),
    )
    result = checked.apply_drop_copy(order())
    assert [item.reason for item in result.rejects] == ["no verdict"]
    assert log == ["rollback start"] and asked == []


@pytest.mark.parametrize("stage", ["start", "main"])
def test_an_account_reject_blocks_at_once_and_for_good(stage):
    answer = {"start": lambda *args: [account_reject("why")], "main": lambda *args: refuse(account_reject("why"))}
    checked = engine(Hooks("P", **{stage: answer[stage]}))
    operation = checked.apply_drop_copy(order()).operation
    block = operation.account_block
    assert (block.policy, block.code, block.reason) == ("P", "AccountBlocked", "why")
    assert operation.is_account_blocked is True
    operation.rollback()
    assert seen(checked.execute_pre_trade(order()).rejects) == [("P", "AccountBlocked", "why", "account")]
    again = checked.apply_drop_copy(order()).operation
    assert again.account_block.reason == "why" and again.is_account_blocked is True
    assert checked.execute_pre_trade(order(account=B)).rejects[0].policy == "P"


def test_a_blocked_account_is_recorded_and_told():
    checked = funds()
    checked.accounts().block(A, "operator")
    operation = checked.apply_drop_copy(order()).operation
    assert operation.is_account_blocked is True and operation.account_block is None
    operation.commit()
    assert checked.execute_pre_trade(order()).rejects[0].code == "AccountBlocked"
    assert holdings(checked, "USD") == {"balance": "90", "held": "10", "incoming": "0"}


def test_an_engine_that_is_blocked_records_and_tells():
    checked = engine(Hooks(report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[_block()])))
    checked.apply_execution_report(_report_without_account())
    operation = checked.apply_drop_copy(order()).operation
    assert operation.is_account_blocked is True and operation.account_block is None


def _block():
    return openpit.pretrade.AccountBlock(policy="P", code=RejectCode.OTHER, reason="b", details="d")


def _report_without_account():
    return openpit.ExecutionReport(
        operation=openpit.ExecutionReportOperation(instrument=USD, account_id=None, side=Side.BUY)
    )


# ---- Contexts and mutations ----


def test_hooks_know_that_they_see_a_drop_copy():
    known = []

    def look(ctx, order):
        known.append(ctx.is_drop_copy)

    checked = engine(Hooks("A", start=look, main=look))
    checked.apply_drop_copy(order())
    checked.execute_pre_trade(order())
    checked.execute_pre_trade_dry_run(order())
    assert known == [True, True, False, False, False, False]


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_start_mutations_are_kept_first_and_undone_last(end):
    log = []
    checked = engine(recording(log), Hooks("M", main=lambda *args: accept(mutation(log, "main"))))
    getattr(checked.apply_drop_copy(order()).operation, end)()
    expected = [f"{end} start", f"{end} main"]
    assert log == (expected if end == "commit" else expected[::-1])


def test_a_hook_that_is_a_generator_records_too():
    log = []

    def start(ctx, order):
        ctx.record_drop_copy_start_mutation(mutation=mutation(log, "start"))
        yield reject()

    engine(Hooks("A", start=start)).apply_drop_copy(order()).operation.commit()
    assert log == ["commit start"]


def test_no_other_call_records_start_mutations():
    errors, contexts = [], []

    def start(ctx, order):
        contexts.append(ctx)
        try:
            ctx.record_drop_copy_start_mutation(mutation([], "x"))
        except RuntimeError as error:
            errors.append(str(error))

    checked = engine(Hooks("A", start=start))
    checked.start_pre_trade(order())
    checked.start_pre_trade_dry_run(order())
    assert errors == [INACTIVE, INACTIVE]
    checked.apply_drop_copy(order())
    assert contexts[-1].is_drop_copy is True and len(errors) == 2
    with pytest.raises(RuntimeError, match=f"^{INACTIVE}$"):
        contexts[-1].record_drop_copy_start_mutation(mutation([], "late"))


def test_another_thread_does_not_record_for_the_hook():
    errors = []

    def start(ctx, order):
        def record():
            try:
                ctx.record_drop_copy_start_mutation(mutation([], "x"))
            except RuntimeError as error:
                errors.append(str(error))

        thread = threading.Thread(target=record)
        thread.start()
        thread.join()

    engine(Hooks("A", start=start)).apply_drop_copy(order())
    assert errors == [INACTIVE]


def test_a_hook_records_for_the_call_around_an_inner_one():
    log = []
    inner = engine(
        Hooks("I", start=lambda ctx, order: outer_context[0].record_drop_copy_start_mutation(mutation(log, "outer")))
    )
    outer_context = []

    def start(ctx, order):
        outer_context.append(ctx)
        inner.apply_drop_copy(order).operation.rollback()

    operation = engine(Hooks("O", start=start)).apply_drop_copy(order()).operation
    assert log == []
    operation.commit()
    assert log == ["commit outer"]


def test_what_is_recorded_is_a_mutation():
    caught = []

    def start(ctx, order):
        for wrong in (5, None):
            with pytest.raises(AttributeError, match="commit"):
                ctx.record_drop_copy_start_mutation(wrong)
        with pytest.raises(TypeError, match=r"Context\.record_drop_copy_start_mutation\(\)"):
            ctx.record_drop_copy_start_mutation()
        caught.append(ctx)

    assert engine(Hooks("A", start=start)).apply_drop_copy(order())
    assert type(caught[0]) is Context


@pytest.mark.parametrize("stage", ["start", "main"])
def test_what_a_hook_raises_is_raised_again_and_start_mutations_are_undone(stage):
    log = []
    error = KeyError("x")
    checked = engine(recording(log), Hooks("R", **{stage: raising(error)}))
    with pytest.raises(KeyError) as caught:
        checked.apply_drop_copy(order())
    assert caught.value is error and log == ["rollback start"]


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_what_a_mutation_raises_is_raised_when_the_operation_ends(end):
    log = []
    error = ValueError("m")
    failing = openpit.Mutation(commit=raising(error), rollback=raising(error))
    checked = engine(Hooks("M", main=lambda *args: accept(mutation(log, "1"), failing, mutation(log, "2"))))
    operation = checked.apply_drop_copy(order()).operation
    with pytest.raises(ValueError) as caught:
        getattr(operation, end)()
    assert caught.value is error
    assert sorted(log) == [f"{end} 1", f"{end} 2"]
    with pytest.raises(RuntimeError, match=FINALIZED):
        operation.commit()


# ---- Spot funds and rate limits ----


def test_funds_are_set_aside_as_far_as_they_go_and_further():
    checked = funds(compatibility="0.10")
    checked.accounts().set_currency(A, "USD")
    assert [item.code for item in checked.execute_pre_trade(order("10", "100")).rejects] == ["InsufficientFunds"]
    operation = checked.apply_drop_copy(order("10", "100")).operation
    assert changes(operation.account_adjustments) == {
        "USD": {"balance": ("-1000", "-900"), "held": ("1000", "1000")},
        "AAPL": {"incoming": ("10", "10")},
    }
    lock = operation.lock
    assert lock.to_json() == '[["100"]]'
    assert operation.account_block is None and operation.is_account_blocked is False
    operation.commit()
    fill = openpit.ExecutionReportFillDetails(
        last_trade=Trade(price=Price(100), quantity=Quantity(10)), leaves_quantity=0, lock=lock, is_final=True
    )
    settled = checked.apply_execution_report(
        openpit.ExecutionReport(
            operation=openpit.ExecutionReportOperation(instrument=USD, account_id=A, side=Side.BUY), fill=fill
        )
    )
    assert settled.account_pnls == []
    entries = changes(settled.account_adjustments)
    assert entries["AAPL"] == {"balance": ("10", "10"), "incoming": ("-10", "0")}
    assert entries["USD"]["held"] == ("-1000", "0")
    assert [
        str(item.entry.average_entry_price) for item in settled.account_adjustments if item.entry.asset == "AAPL"
    ] == ["100"]


def test_a_rollback_leaves_the_funds_as_they_were():
    checked = funds()
    before = holdings(checked, "USD"), holdings(checked, "AAPL")
    checked.apply_drop_copy(order()).operation.rollback()
    assert (holdings(checked, "USD"), holdings(checked, "AAPL")) == before


def test_a_market_order_is_not_recorded_even_with_a_quote():
    checked = openpit.Engine.builder().no_sync()
    service = checked.market_data(QuoteTtl.infinite()).build()
    service.push(service.register(USD), Quote(mark=10))
    result = funds(builder=policies.build_spot_funds().market_data(service, 0)).apply_drop_copy(order(price=None))
    (only,) = result.rejects
    assert seen([only]) == [(NAME, "MissingRequiredField", "limit price is required for drop-copy", "order")]
    assert only.details == "historical market orders cannot be valued at the current market price"


def test_a_volume_order_at_price_zero_holds_nothing():
    operation = openpit.OrderOperation(
        instrument=USD, account_id=A, side=Side.BUY, trade_amount=TradeAmount.volume(60), price=Price(0)
    )
    copied = funds().apply_drop_copy(openpit.Order(operation=operation)).operation
    assert copied.account_adjustments == [] and copied.lock.to_json() == '[["0"]]'


def test_an_overflow_is_no_verdict():
    result = funds().apply_drop_copy(order(str(2**90), str(2**90)))
    assert not result and len(result.rejects) == 1
    assert RejectCode(result.rejects[0].code).is_evaluation_failure()


def test_a_breached_barrier_blocks_and_stays():
    barrier = policies.SpotFundsPnlBoundsBarrier(lower_bound=Pnl(-5))
    builder = policies.build_spot_funds_pnl_bounds_killswitch().global_barrier(barrier)
    checked = funds(usd=0, builder=builder)
    set_pnl(checked, -6)
    checked.accounts().unblock(A)
    operation = checked.apply_drop_copy(order()).operation
    block = operation.account_block
    assert (block.code, block.reason) == ("AccountBlocked", "pnl kill switch triggered")
    assert operation.is_account_blocked is True
    operation.rollback()
    assert [item.code for item in checked.execute_pre_trade(order()).rejects] == ["AccountBlocked"]


def test_position_limits_do_not_hold_a_drop_copy_back():
    checked = funds()
    entry = policies.SpotFundsPositionLimitEntry(account_id=A, asset="AAPL", limit=Quantity(5))
    checked.configure().spot_funds(NAME, position_limits=[entry])
    assert checked.apply_drop_copy(order("6", "10"))
    assert [item.code for item in checked.execute_pre_trade(order("6", "10")).rejects] == ["PositionLimitExceeded"]


@pytest.mark.parametrize("end", ["commit", "rollback"])
def test_every_drop_copy_counts_for_the_rate(end):
    limit = policies.RateLimit(max_orders=1, window=datetime.timedelta(seconds=60))
    checked = engine(policies.build_rate_limit().broker_barrier(policies.RateLimitBrokerBarrier(limit)))
    for _ in range(2):
        getattr(checked.apply_drop_copy(order()).operation, end)()
    (only,) = checked.start_pre_trade(order()).rejects
    assert only.code == "RateLimitExceeded"
    assert only.details == "submitted 3 orders in 60s window, max allowed: 1"


# --- What keeps nobody from recording an order, and what it leads to ---------------------------------------


@pytest.mark.parametrize(
    "live", [order(quantity="10", price=None), order(quantity=str(2**96 - 1), price="10"), order(quantity="10")]
)
def test_the_size_of_an_order_that_is_live_is_not_judged(live):
    size = policies.OrderSizeLimit(max_quantity=5, max_notional=100)
    limit = policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(size))
    assert engine(validation(), limit).apply_drop_copy(live)


def test_an_order_that_is_live_may_lack_an_amount():
    operation = openpit.OrderOperation(instrument=USD, account_id=A, side=Side.BUY, trade_amount=None)
    assert engine(validation()).apply_drop_copy(openpit.Order(operation=operation))


def blocking(reason, answer=None):
    def hook(ctx, order):
        cause = openpit.pretrade.AccountBlock(policy="desk", code=RejectCode.OTHER, reason=reason, details="d")
        ctx.account_control.block(cause)
        return answer

    return hook


def test_a_block_by_a_hook_is_told():
    subject = engine(Hooks(main=blocking("late")))
    operation = subject.apply_drop_copy(order()).operation
    assert (operation.account_block.reason, operation.account_block.code) == ("late", "Other")
    assert operation.is_account_blocked
    assert subject.start_pre_trade(order()).rejects[0].reason == "late"


def test_of_several_blocks_the_first_is_told():
    subject = engine(
        Hooks("A", start=blocking("first")), Hooks("B", main=blocking("second", refuse(account_reject("third"))))
    )
    assert subject.apply_drop_copy(order()).operation.account_block.reason == "first"


def test_a_control_that_was_kept_blocks_after_its_hook():
    kept = []
    subject = engine(Hooks(main=lambda ctx, order: kept.append(ctx.account_control)))
    assert subject.apply_drop_copy(order()).operation.account_block is None
    (control,) = kept
    control.block(openpit.pretrade.AccountBlock(policy="desk", code=RejectCode.OTHER, reason="r", details="d"))
    assert not subject.start_pre_trade(order())
