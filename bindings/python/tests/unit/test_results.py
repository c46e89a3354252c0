"""The objects the engine answers with: attributes, texts, and that they cannot be changed."""

import pytest
from engine_support import A, Hooks, adjustment, engine, order, reject, report, validation

import openpit
from openpit.pretrade import AccountBlock, PostTradeResult, RejectCode, RejectScope


def all_results():
    checked = engine(Hooks(start=lambda ctx, order: [reject()] if order.operation is None else ()))
    started = checked.start_pre_trade(order())
    executed = checked.execute_pre_trade(order())
    refused = checked.start_pre_trade(openpit.Order())
    return [
        started,
        refused,
        executed,
        executed.reservation,
        started.request,
        refused.rejects[0],
        checked.execute_pre_trade_dry_run(order()),
        checked.apply_execution_report(report()),
        checked.apply_account_adjustment(A, [adjustment()]),
    ]


def test_results_are_hashable_compare_by_identity_and_cannot_be_changed():
    for result in all_results():
        assert hash(result) == hash(result) and result == result and result != all_results()[0]
        public = [name for name in dir(result) if not name.startswith("_")]
        assert public
        for name in public:
            with pytest.raises(AttributeError):
                setattr(result, name, None)
            with pytest.raises(AttributeError):
                delattr(result, name)
        with pytest.raises(AttributeError):
            result.new_attribute = 1


def test_start_and_execute_results():
    started, refused, executed = all_results()[:3]
    assert started and started.ok is True and started.rejects == [] and started.request is started.request
    assert repr(started) == "StartResult(ok=True)"
    assert not refused and refused.ok is False and refused.request is None
    assert repr(refused) == "StartResult(ok=False, rejects=1)"
    assert refused.rejects is not refused.rejects and refused.rejects[0] is not refused.rejects[0]
    refused.rejects.clear()
    assert len(refused.rejects) == 1
    assert executed.reservation is executed.reservation and repr(executed) == "ExecuteResult(ok=True)"
    assert repr(engine(validation()).execute_pre_trade(order("0"))) == "ExecuteResult(ok=False, rejects=1)"


def test_results_stay_as_they_were():
    checked = engine(validation())
    kept = [checked.execute_pre_trade(order("0")) for _ in range(50)]
    for _ in range(50):
        checked.execute_pre_trade(order())
    assert all(result.rejects[0].reason == "order quantity must be non-zero" for result in kept)


def test_rejects_know_the_members_of_the_enums():
    (item,) = engine(validation()).execute_pre_trade(order("0")).rejects
    assert item.code == RejectCode.INVALID_FIELD_VALUE and type(item.code) is str
    assert item.scope == RejectScope.ORDER and type(item.scope) is str
    assert repr(item) == (
        'Reject(code="InvalidFieldValue", reason="order quantity must be non-zero", '
        'details="requested quantity 0 is not allowed", policy="OrderValidationPolicy", scope="order", user_data=0)'
    )


def test_texts_are_escaped_in_reprs():
    text = "q\"\\\n\t\r\0\x01é\u200b'🙂"
    escaped = "q\\\"\\\\\\n\\t\\r\\0\\u{1}é\\u{200b}'🙂"
    kept = AccountBlock(policy=text, code="Other", reason=text, details=text)
    assert (
        repr(kept)
        == f'AccountBlock(code="Other", policy="{escaped}", reason="{escaped}", details="{escaped}", user_data=0)'
    )


def test_account_blocks_are_made_of_keywords():
    named = {"policy": "p", "code": RejectCode.CUSTOM, "reason": "r", "details": "d"}
    kept = AccountBlock(**named, user_data=True)
    assert (kept.policy, kept.code, kept.reason, kept.details, kept.user_data) == ("p", "Custom", "r", "d", 1)
    assert type(kept.code) is str and AccountBlock(**named) != AccountBlock(**named)
    with pytest.raises(TypeError):
        AccountBlock("p", "Custom", "r", "d")
    with pytest.raises(ValueError, match='unsupported reject code "x"'):
        AccountBlock(**named | {"code": "x"})
    for wrong in ("policy", "reason", "details", "code"):
        with pytest.raises(TypeError):
            AccountBlock(**named | {wrong: 5})
    for token, error in ((-1, OverflowError), (2**64, OverflowError), ("x", TypeError), (1.5, TypeError)):
        with pytest.raises(error):
            AccountBlock(**named, user_data=token)
    assert AccountBlock(**named, user_data=2**64 - 1).user_data == 2**64 - 1


def test_post_trade_results_copy_what_they_are_given():
    blocks = [AccountBlock(policy="p", code="Other", reason="r", details="d")]
    result = PostTradeResult(account_blocks=blocks, account_pnls=None)
    blocks.clear()
    assert len(result.account_blocks) == 1 and result.account_blocks is not result.account_blocks
    assert repr(PostTradeResult()) == "PostTradeResult(account_blocks=0, account_pnls=0, account_adjustments=0)"
    assert bool(PostTradeResult())
    assert openpit.PostTradeResult is PostTradeResult
    for wrong in ({"account_blocks": 5}, {"account_pnls": [5]}, {"other": []}):
        with pytest.raises((TypeError, AttributeError)):
            PostTradeResult(**wrong)
    with pytest.raises(TypeError):
        PostTradeResult([])


def test_codes_know_whether_the_check_could_be_made():
    failures = {code.name for code in RejectCode if code.is_evaluation_failure()}
    assert failures == set(
        "MISSING_REQUIRED_FIELD UNKNOWN_INSTRUMENT UNKNOWN_ACCOUNT UNKNOWN_VENUE UNKNOWN_CLEARING_ACCOUNT "
        "UNKNOWN_COLLATERAL_ASSET RISK_CONFIGURATION_MISSING REFERENCE_DATA_UNAVAILABLE ORDER_VALUE_CALCULATION_FAILED "
        "SYSTEM_UNAVAILABLE MARK_PRICE_UNAVAILABLE ARITHMETIC_OVERFLOW".split()
    )
    assert len(RejectCode) == 44 and str(RejectCode.CUSTOM) == "Custom"


def test_every_code_goes_through_the_engine():
    for code in RejectCode:
        checked = engine(Hooks(start=lambda *args, code=code: [reject(code=code)]))
        assert checked.start_pre_trade(order()).rejects[0].code == code
