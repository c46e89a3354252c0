"""Blocks, groups and currencies of accounts, and what blocks an account by itself."""

import pytest
from engine_support import (
    A,
    B,
    Hooks,
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
from openpit.param import DEFAULT_ACCOUNT_GROUP, AccountGroupId, AccountId
from openpit.pretrade import PolicyAccountAdjustmentResult

GROUP = AccountGroupId.from_int(3)
RESERVED = "the reserved default account group is not a valid target"


def blocked(checked, given=None):
    """What an order meets: (policy, code, reason, details, scope, token) of its only reject, or None."""
    result = checked.start_pre_trade(given or order())
    if result.ok:
        return None
    (item,) = result.rejects
    return item.policy, item.code, item.reason, item.details, item.scope, item.user_data


def operator(reason):
    return ("Engine", "AccountBlocked", reason, reason, "account", 0)


EVERYBODY = (
    "Engine",
    "AccountBlocked",
    "account is blocked due to kill-switch",
    "kill-switch was previously triggered for this account",
    "account",
    0,
)
NOBODY = (
    "Engine",
    "MissingRequiredField",
    "account could not be verified as account ID is missing",
    "unable to check account for blocking",
    "order",
    0,
)


# --- Blocks of an operator ---------------------------------------------------------------------------


def test_a_blocked_account_reaches_no_policy_and_the_first_cause_stays():
    calls = []
    checked = engine(Hooks(start=lambda *args: calls.append(1)))
    accounts = checked.accounts()
    assert accounts.block(account=A, reason="b") is None
    accounts.block(A, "again")
    assert blocked(checked) == operator("b") and calls == []
    assert blocked(checked, order(account=B)) is None
    accounts.replace_block_reason(A, "why")
    assert blocked(checked) == operator("why")
    accounts.unblock(A)
    accounts.unblock(A)
    assert blocked(checked) is None


def test_a_cause_can_be_brought_back():
    checked = engine(validation())
    accounts = checked.accounts()
    cause = openpit.pretrade.AccountBlock(policy="P", code="Custom", reason="r", details="d", user_data=2**64 - 1)
    accounts.block_with_cause(account=A, cause=cause)
    accounts.block(A, "later")
    assert blocked(checked) == ("P", "Custom", "r", "d", "account", 2**64 - 1)
    with pytest.raises(TypeError):
        accounts.block_with_cause(A, reject())
    with pytest.raises(TypeError, match="account_id must be openpit.param.AccountId"):
        accounts.block_with_cause(1, cause)


def test_errors_say_which_account_and_group():
    accounts = engine(validation()).accounts()
    with pytest.raises(openpit.AccountBlockError) as caught:
        accounts.replace_block_reason(A, "x")
    assert str(caught.value) == "account is not blocked"
    assert caught.value.account == A and caught.value.group is None
    with pytest.raises(openpit.AccountBlockError) as caught:
        accounts.replace_group_block_reason(GROUP, "x")
    assert str(caught.value) == "account group is not blocked"
    assert caught.value.account is None and caught.value.group == GROUP
    accounts.register_group([A], 7)
    with pytest.raises(openpit.AccountGroupRegistrationError) as caught:
        accounts.register_group([B, A], GROUP)
    error = caught.value
    assert str(error) == "account is already registered in a different group"
    assert (error.account, error.group, error.current_group) == (A, GROUP, AccountGroupId.from_int(7))
    with pytest.raises(openpit.AccountGroupRegistrationError) as caught:
        accounts.unregister_group([B], GROUP)
    error = caught.value
    assert str(error) == "account is not in the requested group; it belongs to no group"
    assert (error.account, error.group, error.current_group) == (B, GROUP, None)
    with pytest.raises(openpit.AccountGroupRegistrationError) as caught:
        accounts.unregister_group([A], GROUP)
    assert str(caught.value) == "account is not in the requested group; it belongs to a different group"
    assert not hasattr(openpit.AccountBlockError("x"), "account")


def test_account_group_and_everybody_in_this_order():
    checked = engine(Hooks(report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[block("g")])))
    accounts = checked.accounts()
    accounts.register_group([A], GROUP)
    accounts.block_group(GROUP, "group")
    accounts.block(A, "own")
    checked.apply_execution_report(openpit.ExecutionReport())
    assert blocked(checked) == operator("own")
    accounts.unblock(A)
    assert blocked(checked) == operator("group")
    accounts.replace_group_block_reason(3, "other")
    assert blocked(checked) == operator("other")
    accounts.unblock_group(GROUP)
    assert blocked(checked) == EVERYBODY
    accounts.unblock(A)
    assert blocked(checked) == EVERYBODY
    with pytest.raises(openpit.AccountBlockError, match="account is not blocked"):
        accounts.replace_block_reason(A, "x")
    accounts.unblock_all()
    accounts.unblock_all()
    assert blocked(checked) is None


def test_unblocking_everybody_leaves_other_blocks():
    checked = engine(Hooks(report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[block("g")])))
    accounts = checked.accounts()
    checked.apply_execution_report(openpit.ExecutionReport())
    accounts.block(A, "own")
    accounts.unblock_all()
    assert blocked(checked) == operator("own") and blocked(checked, order(account=B)) is None


def test_an_order_without_account_is_refused_while_anything_is_blocked():
    checked = engine(Hooks())
    accounts = checked.accounts()
    accounts.block(B, "b")
    assert blocked(checked, openpit.Order()) == NOBODY
    accounts.unblock(B)
    accounts.block_group(GROUP, "nobody is in it")
    assert blocked(checked, openpit.Order()) == NOBODY
    accounts.unblock_group(GROUP)
    assert blocked(checked, openpit.Order()) is None


def test_blocks_are_live_between_start_and_execute():
    checked = engine(Hooks())
    accounts = checked.accounts()
    request = checked.start_pre_trade(order()).request
    accounts.block(A, "late")
    assert request.execute().rejects[0].reason == "late"
    accounts.unblock(A)
    accounts.block_group(GROUP, "group")
    request = checked.start_pre_trade(order()).request
    accounts.register_group([A], GROUP)
    assert request.execute().rejects[0].reason == "group"
    request_of_group = checked.start_pre_trade(order())
    assert not request_of_group
    accounts.unregister_group([A], GROUP)
    assert blocked(checked) is None


def test_what_works_on_a_blocked_account():
    checked = engine(Hooks())
    reservation = checked.execute_pre_trade(order()).reservation
    checked.accounts().block(A, "b")
    dry = checked.execute_pre_trade_dry_run(order())
    assert repr(dry) == "DryRunReport(reject, rejects=1)" and dry.account_block is None
    assert checked.apply_execution_report(report()) is not None
    assert checked.apply_account_adjustment(A, [adjustment()]).ok
    reservation.commit()


# --- Groups and currencies ---------------------------------------------------------------------------


def test_groups_change_for_all_accounts_or_none():
    accounts = engine(validation()).accounts()
    nine = AccountId.from_int(9)
    accounts.register_group(accounts=iter([A, A]), group=3)
    assert accounts.group_of(account=A) == GROUP
    with pytest.raises(openpit.AccountGroupRegistrationError, match="already registered"):
        accounts.register_group([nine, A], 4)
    assert accounts.group_of(nine) is None
    with pytest.raises(openpit.AccountGroupRegistrationError, match="already registered"):
        accounts.register_group([A], 3)
    accounts.unregister_group([A, A], 3)
    assert accounts.group_of(A) is None
    accounts.register_group([], 5)


def test_an_iterator_that_raises_changes_nothing():
    accounts = engine(validation()).accounts()

    def given():
        yield A
        raise KeyError("x")

    with pytest.raises(KeyError):
        accounts.register_group(given(), 3)
    assert accounts.group_of(A) is None


def test_the_default_group_has_a_currency_and_nothing_else():
    accounts = engine(validation()).accounts()
    for call in (
        lambda: accounts.register_group([], DEFAULT_ACCOUNT_GROUP),
        lambda: accounts.unregister_group([A], DEFAULT_ACCOUNT_GROUP),
    ):
        with pytest.raises(openpit.AccountGroupRegistrationError) as caught:
            call()
        assert str(caught.value) == RESERVED and caught.value.group == DEFAULT_ACCOUNT_GROUP
    for call in (
        lambda: accounts.block_group(DEFAULT_ACCOUNT_GROUP, "x"),
        lambda: accounts.unblock_group(DEFAULT_ACCOUNT_GROUP),
        lambda: accounts.replace_group_block_reason(DEFAULT_ACCOUNT_GROUP, "x"),
    ):
        with pytest.raises(openpit.AccountBlockError) as caught:
            call()
        assert str(caught.value) == RESERVED
    with pytest.raises(ValueError, match="account group id must not equal the reserved default group"):
        accounts.block_group(0, "x")
    accounts.set_group_currency(0, "USD")
    accounts.set_group_currency(DEFAULT_ACCOUNT_GROUP, "USD")
    accounts.clear_group_currency(0)


@pytest.mark.parametrize("group", [-1, 2**32, "3", None, 1.0])
def test_groups_are_numbers_of_32_bits(group):
    accounts = engine(validation()).accounts()
    with pytest.raises(ValueError) as caught:
        accounts.block_group(group, "x")
    assert str(caught.value) == "account_group_id must be an AccountGroupId or integer in range 1..=4294967295"
    with pytest.raises(ValueError, match=r"in range 0\.\.=4294967295"):
        accounts.set_group_currency(group, "USD")


def test_arguments_are_checked():
    accounts = engine(validation()).accounts()
    for call in (accounts.unblock, accounts.group_of, accounts.clear_currency):
        with pytest.raises(TypeError, match="account_id must be openpit.param.AccountId"):
            call(1)
    with pytest.raises(TypeError):
        accounts.block(A, 5)
    with pytest.raises(TypeError):
        accounts.block(A)
    with pytest.raises(TypeError, match="account_id must be openpit.param.AccountId"):
        accounts.register_group([A, 5], 3)
    with pytest.raises(TypeError, match="not iterable"):
        accounts.register_group(A, 3)
    accounts.block(A, "")
    accounts.set_currency(A, "USD")
    accounts.clear_currency(A)
    with pytest.raises(TypeError, match="asset must be a str"):
        accounts.set_currency(A, 5)
    with pytest.raises(ValueError, match="asset must not be empty"):
        accounts.set_currency(A, " ")


# --- What blocks by itself ---------------------------------------------------------------------------


def test_the_first_account_reject_is_the_cause():
    checked = engine(
        Hooks("A", start=lambda *args: [reject("a")]),
        Hooks("B", start=lambda *args: [reject("b"), account_reject("b1"), account_reject("b2")]),
        Hooks("C", start=lambda *args: [account_reject("c1")]),
    )
    assert len(checked.start_pre_trade(order()).rejects) == 5
    assert blocked(checked) == ("B", "AccountBlocked", "b1", "d", "account", 0)


def test_a_main_reject_is_recorded_before_its_rollbacks():
    log = []
    holder = []

    def main(ctx, order):
        control = ctx.account_control
        undo = openpit.Mutation(commit=print, rollback=lambda: control.block(block("from rollback")))
        return refuse(account_reject("reject"), mutations=[undo])

    checked = engine(Hooks(main=main))
    assert not checked.execute_pre_trade(order())
    assert blocked(checked)[2] == "reject" and log == holder == []


def test_a_control_blocks_at_once():
    def start(ctx, order):
        ctx.account_control.block(block=block("ctl"))
        return [account_reject("rj")]

    checked = engine(Hooks(start=start))
    checked.start_pre_trade(order())
    assert blocked(checked) == ("P", "Other", "ctl", "d", "account", 0)


def test_a_control_in_the_start_stage_stops_the_main_stage():
    checked = engine(Hooks(start=lambda ctx, order: ctx.account_control.block(block("ctl"))))
    started = checked.start_pre_trade(order())
    assert started.ok
    assert started.request.execute().rejects[0].reason == "ctl"


def test_a_control_in_the_main_stage_lets_the_order_through():
    checked = engine(Hooks(main=lambda ctx, order: ctx.account_control.block(block("ctl"))))
    checked.execute_pre_trade(order()).reservation.commit()
    assert blocked(checked)[2] == "ctl"


def test_a_block_of_a_hook_can_be_lifted_in_the_same_hook():
    holder = []

    def start(ctx, order):
        ctx.account_control.block(block())
        holder[0].accounts().unblock(A)

    holder.append(engine(Hooks(start=start)))
    assert holder[0].execute_pre_trade(order()).ok
    holder.clear()


def test_a_nested_call_sees_the_block():
    nested, holder = [], []
    checked = engine(
        Hooks("A", start=lambda ctx, order: ctx.account_control.block(block("ctl")) if not nested else None),
        Hooks("B", start=lambda ctx, order: nested.append(holder[0].start_pre_trade(order)) if not nested else None),
    )
    holder.append(checked)
    assert checked.start_pre_trade(order()).ok
    assert nested[0].rejects[0].reason == "ctl"
    holder.clear()


def test_controls_and_contexts_can_be_kept():
    kept = []
    checked = engine(Hooks(start=lambda ctx, order: kept.append(ctx)))
    checked.accounts().register_group([A], GROUP)
    checked.start_pre_trade(order())
    (context,) = kept
    assert context.account_group == GROUP and context.account_control is not context.account_control
    context.account_control.block(block("later"))
    assert blocked(checked)[2] == "later"
    del checked
    context.account_control.block(block("nobody is there"))
    assert context.account_group == GROUP
    with pytest.raises(TypeError):
        context.account_control.block("x")
    with pytest.raises(AttributeError):
        context.account_group = None


def test_an_order_without_account_has_no_control():
    kept = []
    checked = engine(Hooks(start=lambda ctx, order: kept.append((ctx.account_control, ctx.account_group))))
    assert checked.start_pre_trade(openpit.Order()).ok
    assert kept == [(None, None)]


def test_an_account_reject_of_an_order_without_account_blocks_everybody():
    answers = [[account_reject()]]
    checked = engine(Hooks(start=lambda *args: answers.pop() if answers else None))
    assert not checked.start_pre_trade(openpit.Order())
    assert blocked(checked) == EVERYBODY and blocked(checked, openpit.Order()) == NOBODY
    checked.accounts().unblock_all()
    assert blocked(checked, openpit.Order()) is None


def test_the_group_of_a_request_is_frozen():
    seen, holder = [], []

    def start(ctx, order):
        seen.append(ctx.account_group)
        holder[0].accounts().register_group([A], GROUP)

    checked = engine(
        Hooks("A", start=start, main=lambda ctx, order: seen.append(ctx.account_group)),
        Hooks("B", start=lambda ctx, order: seen.append(ctx.account_group)),
    )
    holder.append(checked)
    checked.start_pre_trade(order()).request.execute()
    assert seen == [None, None, None]
    holder.clear()


def test_the_first_block_of_a_report_is_recorded_as_it_is():
    nested, holder = [], []
    checked = engine(
        Hooks(
            "A",
            report=lambda ctx, report: openpit.PostTradeResult(
                account_blocks=[block("z2", code="Custom"), block("z1")]
            ),
        ),
        Hooks("B", report=lambda ctx, report: nested.append(holder[0].start_pre_trade(order()).ok)),
    )
    holder.append(checked)
    assert [item.reason for item in checked.apply_execution_report(report()).account_blocks] == ["z2", "z1"]
    assert blocked(checked) == ("P", "Custom", "z2", "d", "account", 0)
    assert nested == [True]
    assert blocked(checked, order(account=B)) is None
    holder.clear()


def test_a_report_does_not_replace_a_cause():
    checked = engine(Hooks(report=lambda ctx, report: openpit.PostTradeResult(account_blocks=[block()])))
    checked.accounts().block(A, "admin")
    assert len(checked.apply_execution_report(report()).account_blocks) == 1
    assert blocked(checked) == operator("admin")


def test_rejects_of_an_adjustment_block_nobody():
    checked = engine(Hooks(adjust=lambda *args: PolicyAccountAdjustmentResult(rejects=[account_reject()])))
    assert not checked.apply_account_adjustment(A, [adjustment()])
    assert blocked(checked) is None


def test_blocks_of_a_batch_are_recorded_after_its_commits():
    def adjust(ctx, account_id, item):
        done = openpit.Mutation(commit=lambda: ctx.account_control.block(block("commit")), rollback=print)
        return PolicyAccountAdjustmentResult(mutations=[done], account_blocks=[block("returned")])

    checked = engine(
        Hooks("A", adjust=adjust),
        Hooks("B", adjust=lambda *args: PolicyAccountAdjustmentResult(account_blocks=[block("B")])),
    )
    result = checked.apply_account_adjustment(A, [adjustment(), adjustment()])
    assert [item.reason for item in result.account_blocks] == ["returned", "B", "returned", "B"]
    assert blocked(checked)[2] == "commit"


def test_a_control_in_a_batch_blocks_even_when_the_batch_is_rejected():
    def adjust(ctx, account_id, item):
        ctx.account_control.block(block("stays"))
        return PolicyAccountAdjustmentResult(rejects=[reject()], account_blocks=[block("goes")])

    checked = engine(Hooks(adjust=adjust))
    result = checked.apply_account_adjustment(A, [adjustment()])
    assert result.account_blocks == [] and result.outcomes == []
    assert blocked(checked)[2] == "stays"


def test_batches_in_order_and_undone_in_reverse():
    log = []
    entry = openpit.pretrade.AccountOutcomeEntry

    def policy(name, group, refused=None):
        def adjust(ctx, account_id, item):
            asset = item.operation.asset
            named = {"mutations": [mutation(log, f"{name}-{asset}")]}
            if asset == refused:
                return PolicyAccountAdjustmentResult(rejects=[reject(name)], **named)
            return PolicyAccountAdjustmentResult(account_adjustments=[entry(asset=asset)], **named)

        return Hooks(name, group=group, adjust=adjust)

    batch = [adjustment("USD"), adjustment("EUR"), adjustment("GBP")]
    result = engine(policy("A", 2), policy("B", 3)).apply_account_adjustment(A, batch[:2])
    assert [(item.policy_group_id, item.entry.asset) for item in result.outcomes] == [
        (2, "USD"),
        (3, "USD"),
        (2, "EUR"),
        (3, "EUR"),
    ]
    assert result and result.failed_index is None and result.rejects == []
    assert log == ["commit A-USD", "commit B-USD", "commit A-EUR", "commit B-EUR"]
    del log[:]
    result = engine(policy("A", 2), policy("B", 3, "EUR"), policy("C", 4)).apply_account_adjustment(A, batch)
    assert (result.ok, result.failed_index, result.outcomes) == (False, 1, [])
    assert [item.policy for item in result.rejects] == ["B"]
    assert repr(result) == "AccountAdjustmentBatchResult(ok=False, failed_index=1, rejects=1)"
    assert log == [f"rollback {name}" for name in ("B-EUR", "A-EUR", "C-USD", "B-USD", "A-USD")]
    result = engine(Hooks(adjust=raising(KeyError()))).apply_account_adjustment(A, [])
    assert repr(result) == "AccountAdjustmentBatchResult(ok=True)"
