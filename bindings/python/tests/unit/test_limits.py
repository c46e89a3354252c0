"""Limits from documents and records into an engine, and what the engine says of them."""

from __future__ import annotations

import datetime
import gc
import json
import weakref
from decimal import Decimal
from typing import Any

import pytest

import openpit
from openpit import config, controls, marketdata, param

START = datetime.datetime(2026, 3, 2, 14, 30, tzinfo=datetime.timezone.utc)
SECOND = datetime.timedelta(seconds=1)


def engine_of(*limits: dict[str, Any], clock: openpit.Clock | None = None, **keys: Any) -> openpit.Engine:
    document = {"openpit": 1, "defaults": {"currency": "USD"}, "limits": list(limits), **keys}
    return openpit.Engine.from_config(document, clock or openpit.Clock(START))


def order_of(
    quantity: str = "1",
    price: str | None = "100",
    account: int = 7,
    side: param.Side = param.Side.BUY,
    **names: Any,
) -> openpit.Order:
    return openpit.Order(
        operation=openpit.OrderOperation(
            instrument=openpit.Instrument("AAPL", "USD"),
            side=side,
            trade_amount=param.TradeAmount.quantity(Decimal(quantity)),
            account_id=param.AccountId.from_int(account),
            price=None if price is None else Decimal(price),
        ),
        attributes=openpit.OrderAttributes(**names),
    )


# ---- Clock ----


def test_a_clock_stands_where_it_is_told_until_it_is_moved() -> None:
    clock = openpit.Clock(START)
    assert clock.now() == START and clock.unix_nanoseconds == 1_772_461_800_000_000_000
    clock.advance(datetime.timedelta(milliseconds=5))
    assert clock.now() == START + datetime.timedelta(milliseconds=5)
    clock.set(START + SECOND)
    assert clock.now() == START + SECOND
    assert openpit.Clock(1_772_461_800_000_000_001).unix_nanoseconds == 1_772_461_800_000_000_001


@pytest.mark.parametrize("start", [-1, 1 << 63, datetime.datetime(1969, 12, 31, tzinfo=datetime.timezone.utc)])
def test_a_clock_begins_in_1970_and_ends_with_64_bits(start: datetime.datetime | int) -> None:
    with pytest.raises(ValueError, match="between the years 1970 and 2261"):
        openpit.Clock(start)


def test_a_clock_needs_a_time_zone_and_does_not_go_back() -> None:
    with pytest.raises(ValueError, match="must have a time zone"):
        openpit.Clock(datetime.datetime(2026, 3, 2))
    with pytest.raises(TypeError, match="start must be datetime.datetime"):
        openpit.Clock("2026-03-02")  # type: ignore[arg-type]
    clock = openpit.Clock(START)
    for move in (lambda: clock.advance(-SECOND), lambda: clock.set(START - SECOND)):
        with pytest.raises(ValueError, match="a clock does not go back"):
            move()
    assert clock.now() == START


def test_an_engine_keeps_the_time_of_its_clock() -> None:
    clock = openpit.Clock(START)
    engine = engine_of({"metric": "order_quantity", "upper": 10}, clock=clock)
    clock.advance(SECOND)
    assert engine.explain(order_of()).time == START + SECOND


# ---- Documents and records ----


@pytest.mark.parametrize(("quantity", "passes"), [("9", True), ("10", True), ("11", False)])
def test_a_limit_of_a_document_is_judged(quantity: str, passes: bool) -> None:
    engine = engine_of({"name": "size", "metric": "order_quantity", "upper": 10})
    result = engine.execute_pre_trade(order=order_of(quantity))
    assert result.ok is passes
    if not passes:
        reject = result.rejects[0]
        assert (str(reject.code), reject.policy, reject.metric, reject.bound) == (
            *("OrderQtyExceedsLimit", "size", "order_quantity", "upper"),
        )
        assert (reject.value, reject.limit, reject.retry_after) == (Decimal(11), Decimal(10), None)


def test_a_reject_that_no_limit_made_has_no_numbers() -> None:
    policy = openpit.pretrade.policies.build_order_validation()
    engine = openpit.Engine.builder().no_sync().builtin(policy).build()
    reject = engine.execute_pre_trade(order=order_of("0")).rejects[0]
    assert (reject.metric, reject.bound, reject.value, reject.limit, reject.retry_after) == (None,) * 5


def test_limits_need_no_document() -> None:
    size = controls.Limit(metric="order_quantity", upper=10)
    worth = controls.Limit(metric="order_notional", upper=500)
    engine = openpit.Engine.builder().no_sync().limits(size, worth).build()
    rejects = engine.execute_pre_trade(order=order_of("11")).rejects
    assert [reject.policy for reject in rejects] == ["order_quantity", "order_notional"]
    assert engine.version is None
    assert isinstance(engine.market_data(), marketdata.MarketDataService)


def test_what_is_no_limit_is_a_type_error() -> None:
    builder = openpit.Engine.builder().no_sync()
    with pytest.raises(TypeError, match=r"openpit\.controls\.Limit"):
        builder.limits({"metric": "order_quantity"})  # type: ignore[arg-type]


def test_a_document_with_a_mistake_makes_no_engine() -> None:
    with pytest.raises(config.ConfigError) as caught:
        engine_of({"metric": "order_quantity"})
    assert [problem.code for problem in caught.value.problems] == ["conflict"]


def test_the_policies_of_a_document_run_beside_its_limits() -> None:
    engine = engine_of(
        {"metric": "order_quantity", "upper": 10},
        policies=[
            {"policy": "order_validation"},
            {"policy": "order_size", "barriers": [{"asset": "USD", "max_quantity": 5, "max_notional": 10**6}]},
        ],
    )
    rejects = engine.execute_pre_trade(order=order_of("11")).rejects
    assert [reject.policy for reject in rejects] == ["OrderSizeLimitPolicy", "order_quantity"]


@pytest.mark.parametrize("sync", ["none", "full", "account"])
@pytest.mark.parametrize("compatibility", ["0.7", "0.10"])
def test_every_kind_of_engine_can_be_configured(sync: str, compatibility: str) -> None:
    engine = engine_of(
        {"metric": "order_quantity", "upper": 10}, engine={"sync": sync, "compatibility": compatibility}, version="1"
    )
    assert engine.version == "1"
    assert engine.execute_pre_trade(order=order_of("10")).ok


# ---- What an engine says ----


def test_a_row_stands_for_each_key_that_was_seen() -> None:
    engine = engine_of({"name": "open", "metric": "working_orders", "scope": {"account": "*"}, "upper": 4})
    assert [(row.scope, row.used) for row in engine.limits()] == [({"account": "*"}, None)]
    for account in (7, 8, 8):
        engine.execute_pre_trade(order=order_of(account=account)).reservation.commit()
    rows = engine.limits()
    assert sorted((row.scope["account"], row.used, row.headroom, row.utilization) for row in rows) == [
        (7, Decimal(1), Decimal(3), Decimal("0.25")),
        (8, Decimal(2), Decimal(2), Decimal("0.5")),
    ]
    assert [row.used for row in engine.limits(account=8)] == [Decimal(2)]
    assert engine.limits(account=9) == []
    with pytest.raises(TypeError, match="no key 'acount'"):
        engine.limits(acount=8)


def test_scopes_are_told_as_they_were_given() -> None:
    scopes: list[dict[str, int | str]] = [
        {},
        {"account": 7, "instrument": "AAPL/USD"},
        {"group": "desk"},
        {"strategy": "s", "trader": "t", "session": "e", "venue": "v"},
        {"underlying": "AAPL", "settlement": "USD"},
        {"class": "sector:tech"},
        {"account": "*", "class": "sector:*"},
    ]
    engine = engine_of(
        *(
            {"metric": "order_quantity", "name": f"l{number}", "scope": scope, "upper": 1}
            for number, scope in enumerate(scopes)
        ),
        groups=[{"id": "desk"}],
    )
    assert [row.scope for row in engine.limits()] == scopes


def test_an_explanation_says_what_the_call_says_and_changes_nothing() -> None:
    engine = engine_of({"metric": "order_quantity", "upper": 10}, {"metric": "working_orders", "upper": 1})
    for _ in range(2):
        explanation = engine.explain(order_of("11"))
        assert explanation.verdict == "reject" and explanation.state == "ACTIVE"
        assert [reject.policy for reject in explanation.rejects] == ["order_quantity"]
        look = explanation.looks[0]
        assert (look.name, look.verdict, look.value, look.headroom) == ("order_quantity", "reject", 11, -1)
    assert engine.explain(order_of("10")).verdict == "accept"
    told = json.loads(json.dumps(explanation.to_dict()))
    assert told["rejects"][0]["value"] == "11" and told["looks"][0]["upper"] == "10"


def test_nobody_looks_at_an_order_of_a_blocked_account() -> None:
    engine = engine_of({"metric": "order_quantity", "upper": 10})
    assert len(engine.explain(order_of()).looks) == 1
    engine.accounts().block(param.AccountId.from_int(7), "because")
    explanation = engine.explain(order_of())
    assert explanation.looks == () and [str(reject.code) for reject in explanation.rejects] == ["AccountBlocked"]


def test_a_state_that_a_limit_has_latched_is_told() -> None:
    limit = {"name": "one", "metric": "working_orders", "scope": {"account": "*"}, "upper": 1, "action": "reduce_only"}
    engine = engine_of(limit)
    engine.execute_pre_trade(order=order_of()).reservation.commit()
    assert engine.explain(order_of()).state == "ACTIVE"
    assert not engine.execute_pre_trade(order=order_of()).ok
    assert engine.limits()[0].state == "REDUCING"
    assert engine.explain(order_of()).state == "REDUCING"
    assert engine.explain(order_of(account=8)).state == "ACTIVE"


def test_an_explanation_says_what_was_asked_of_the_world() -> None:
    clock = openpit.Clock(START)
    engine = engine_of(
        {"metric": "price_collar", "upper": "0.05", "reference": ["last", "mark", "close"], "max_age": {"last": "5s"}},
        clock=clock,
    )
    engine.set_input("last", 100, instrument="AAPL/USD", source_age=SECOND)
    clock.advance(datetime.timedelta(seconds=4))
    engine.set_input("close", "98", instrument=openpit.Instrument("AAPL", "USD"))
    inputs = engine.explain(order_of()).looks[0].inputs
    assert [(use.name, use.value, use.age, use.status) for use in inputs] == [
        ("last", Decimal(100), datetime.timedelta(seconds=5), "stale"),
        ("mark", None, None, "missing"),
        ("close", Decimal(98), datetime.timedelta(0), "fresh"),
    ]


def test_limits_read_the_quotes_of_the_engine() -> None:
    clock = openpit.Clock(START)
    engine = engine_of({"metric": "price_collar", "upper": "0.05"}, clock=clock, market_data={"ttl": "10s"})
    pair = openpit.Instrument("AAPL", "USD")
    engine.market_data().push_by_instrument(pair, marketdata.Quote(mark=Decimal(100)))
    assert engine.execute_pre_trade(order=order_of(price="105")).ok
    assert not engine.execute_pre_trade(order=order_of(price="106")).ok
    clock.advance(datetime.timedelta(seconds=10))
    rejects = engine.execute_pre_trade(order=order_of(price="105")).rejects
    assert [str(reject.code) for reject in rejects] == ["MarkPriceUnavailable"]


def test_limits_read_quotes_that_are_given() -> None:
    builder = openpit.Engine.builder().no_sync()
    service = builder.market_data(marketdata.QuoteTtl.infinite()).build()
    document = {"openpit": 1, "limits": [{"metric": "price_collar", "upper": "0.05"}]}
    engine = openpit.Engine.from_config(document, market_data=service)
    assert engine.market_data() is service


def test_an_input_that_is_taken_back_is_missing() -> None:
    engine = engine_of({"metric": "order_adv_ratio", "upper": "0.1"})
    engine.set_input("adv", 1000, instrument="AAPL/USD")
    assert engine.execute_pre_trade(order=order_of("100")).ok
    engine.clear_input("adv", instrument="AAPL/USD")
    rejects = engine.execute_pre_trade(order=order_of("100")).rejects
    assert [str(reject.code) for reject in rejects] == ["ReferenceDataUnavailable"]


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("mark", 1, {"instrument": "AAPL/USD"}),
        ("x.", 1, {}),
        ("last", 1, {}),
        ("last", 1, {"account": 7}),
        ("last", 1, {"instrument": "AAPL"}),
        ("last", float("nan"), {"instrument": "AAPL/USD"}),
        ("var", 1, {"account": 7, "group": "desk"}),
        ("margin_required", 1, {"group": "desk"}),
        ("phase", "noon", {"venue": "X"}),
        ("phase", "closed", {"account": 7}),
        ("halted", 2, {"venue": "X"}),
        ("ssr", "0.5", {"instrument": "AAPL/USD"}),
    ],
)
def test_an_input_that_is_none_is_refused(name: str, value: Any, key: dict[str, Any]) -> None:
    engine = engine_of({"metric": "order_quantity", "upper": 10})
    with pytest.raises(ValueError):
        engine.set_input(name, value, **key)


def test_an_engine_without_limits_says_so() -> None:
    policy = openpit.pretrade.policies.build_order_validation()
    engine = openpit.Engine.builder().no_sync().builtin(policy).build()
    assert engine.limits() == [] and engine.events() == [] and engine.events_dropped == 0
    assert engine.explain(order_of()).looks == ()
    with pytest.raises(ValueError, match="the engine has no limits"):
        engine.set_input("var", 1)
    with pytest.raises(ValueError, match="no quotes of its own"):
        engine.market_data()


def test_policies_of_your_own_see_an_order_that_is_explained() -> None:
    class Refusing(openpit.pretrade.Policy):
        name = "mine"

        def check_pre_trade_start(self, ctx: Any, order: Any) -> Any:
            raise KeyError("mine")

    engine = openpit.Engine.builder().no_sync().pre_trade(Refusing()).build()
    with pytest.raises(KeyError, match="mine"):
        engine.explain(order_of())


def test_an_engine_of_a_document_is_collected() -> None:
    class Noted(openpit.pretrade.Policy):
        name = "noted"

    policy = Noted()
    limit = controls.Limit(metric="order_quantity", upper=1)
    engine = openpit.Engine.builder().no_sync().limits(limit).pre_trade(policy).build()
    policy.engine = engine  # type: ignore[attr-defined]
    gone = weakref.ref(policy)
    del engine, policy
    gc.collect()
    assert gone() is None
