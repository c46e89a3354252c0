"""contract/axon/risk.md"""

import math
import threading
import time

import pytest

import axon_quant
from axon_quant.risk import (
    DefaultRiskEngine,
    RiskConfig,
    CircuitBreaker,
    RiskResult,
    RiskReason,
    RiskMetrics,
    RiskError,
    make_order,
    make_portfolio,
    make_portfolio_with_positions,
    make_risk_config,
    make_circuit_breaker,
)

CASH = {"base_currency": "USD", "commission_rate": 0.0, "cash": {"USD": 100_000.0}}


def limit(qty, price=100.0, side="Buy", symbol="BTC-USDT", **extra):
    return {**make_order(id=1, symbol=symbol, side=side, type="limit", price=price, quantity=qty), **extra}


def market(qty, side="Buy", symbol="BTC-USDT", **extra):
    return {**make_order(id=1, symbol=symbol, side=side, type="market", quantity=qty, tif="IOC"), **extra}


def held(positions, cash=100_000.0):
    return make_portfolio_with_positions("USD", {"USD": cash}, positions)


def pos(quantity, price, mark=None):
    d = {"quantity": quantity, "avg_cost": price}
    if mark is not None:
        d["market_price"] = mark
    return d


def engine(**config):
    wide = dict(
        max_position_per_instrument=1e9,
        max_total_exposure=1e12,
        max_order_value=1e12,
        max_leverage=1e6,
        max_drawdown=1.0,
        max_daily_loss=1e12,
        max_concentration=1e6,
    )
    return DefaultRiskEngine(make_risk_config(**{**wide, **config}))


# --- the page's examples -------------------------------------------------------------------------------------------


def test_page_flow():
    # 1) Create risk engine
    engine = DefaultRiskEngine(
        make_risk_config(
            max_order_value=10_000.0,  # max order value
            max_leverage=2.0,  # max leverage multiplier
            max_daily_loss=5_000.0,  # max daily loss (triggers circuit breaker)
            max_concentration=0.30,  # max concentration of single instrument
        )
    )
    # 2) Construct order + portfolio
    order = make_order(
        id=1,
        symbol="BTC-USDT",
        side="Buy",
        type="limit",
        price=100.0,
        quantity=1.0,
    )
    portfolio = make_portfolio(
        base_currency="USD",
        commission_rate=0.001,
        cash={"USD": 100_000.0},
    )
    # 3) Pre-trade check
    said = []
    result = engine.check_order(order, portfolio)
    if result.is_allow:
        said.append("Order allowed")
    elif result.is_reject:
        reason = result.reason
        said.append(f"Rejected: {reason.kind}")
    else:
        said.append(f"Warning: {result.message}")
    assert said == ["Order allowed"]

    # Cumulative daily loss exceeds threshold -> engine.check_order() rejects
    engine.update_daily_pnl(2_000.0)  # cumulative profit
    engine.update_daily_pnl(-7_500.0)  # cumulative loss exceeds 5_000 -> tripped
    r = engine.check_order(order, portfolio)
    assert r.is_reject and r.reason.kind == "CircuitBreakerActive"
    # Reset daily state (does not reset VaR history window)
    engine.reset_daily()
    assert engine.check_order(order, portfolio).is_allow


def test_page_reason_fields():
    reason = RiskReason.from_dict(
        {
            "kind": "OrderTooLarge",
            "max": 10_000.0,
            "actual": 20_000.0,
        }
    )
    assert reason.kind == "OrderTooLarge"
    assert reason.get("max") == 10_000.0
    assert reason.get("actual") == 20_000.0
    d = reason.to_dict()
    assert d == {"kind": "OrderTooLarge", "max": 10000.0, "actual": 20000.0}


def test_page_circuit_breaker():
    cb = make_circuit_breaker(daily_loss_limit=10_000.0, cooldown_seconds=3600)
    cb.check_and_trigger(-5_000.0)  # not at threshold, inactive
    assert cb.is_active is False
    cb.check_and_trigger(-15_000.0)  # triggered
    assert cb.is_active is True
    cb.reset()  # force reset
    assert cb.is_active is False


def test_page_risk_error():
    engine = DefaultRiskEngine(make_risk_config(max_order_value=10_000.0))
    portfolio = make_portfolio(base_currency="USD", cash={"USD": 100_000.0})
    bad_order = {"id": 1, "symbol": "BTC-USDT", "side": "Buy", "type": "limit", "price": 100.0, "tif": "GTC"}
    caught = None
    try:
        engine.check_order(bad_order, portfolio)
    except axon_quant.risk.RiskError as e:  # actually Exception subclass
        code = e.args[0]
        msg = e.args[1]
        caught = (code, msg)
    assert caught[0] == "OrderRejected" and caught[1].startswith("[OrderRejected] ")


def test_page_error_message_of_a_large_order(check_shape):
    engine = DefaultRiskEngine(make_risk_config(max_order_value=10_000.0))
    with pytest.raises(RiskError) as e:
        engine.check_order(limit(200.0), CASH, raise_on_reject=True)
    message = check_shape(e.value, "OrderRejected")
    assert message.startswith("[OrderRejected] Order too large: ")
    assert e.value.reason == RiskReason.from_dict({"kind": "OrderTooLarge", "max": 10_000.0, "actual": 20_000.0})


# --- factories and config (§1) -------------------------------------------------------------------------------------


DEFAULTS = {
    "max_position_per_instrument": 100_000.0,
    "max_total_exposure": 1_000_000.0,
    "max_order_value": 50_000.0,
    "max_leverage": 5.0,
    "max_drawdown": 0.15,
    "max_daily_loss": 10_000.0,
    "max_concentration": 0.40,
    "circuit_breaker_cooldown_secs": 3600,
}


@pytest.mark.parametrize("make", [RiskConfig, make_risk_config])
def test_eight_thresholds_and_defaults(make):  # R1.1
    c = make()
    assert {k: getattr(c, k) for k in DEFAULTS} == DEFAULTS
    assert make(1.0, 2.0, 3.0, 4.0, 0.5, 6.0, 0.7, 8) == make(
        **dict(zip(DEFAULTS, (1.0, 2.0, 3.0, 4.0, 0.5, 6.0, 0.7, 8)))
    )
    with pytest.raises(AttributeError):
        c.max_leverage = 1.0


@pytest.mark.parametrize(
    "field,value",
    [
        ("max_order_value", -1.0),
        ("max_leverage", float("nan")),
        ("max_drawdown", 1.5),
        ("max_daily_loss", -0.01),
        ("max_concentration", -1.0),
        ("circuit_breaker_cooldown_secs", -1),
        ("max_total_exposure", float("-inf")),
        ("max_position_per_instrument", float("nan")),
    ],
)
def test_invalid_config(field, value, check_shape):  # R1.2, ConfigInvalid
    with pytest.raises(RiskError) as e:
        make_risk_config(**{field: value})
    assert field in check_shape(e.value, "ConfigInvalid") and isinstance(e.value, ValueError)


def test_infinite_threshold_means_no_limit():  # R1.2
    e = engine(max_order_value=math.inf, max_drawdown=math.inf)
    assert e.check_order(limit(1e6), held({}, 1e12)).is_allow


def test_config_repr():  # R1.3
    assert repr(make_risk_config()) == "RiskConfig(max_pos=100000, max_lev=5.0, max_dd=15%, cb_cooldown=3600s)"


def test_make_order_shapes():  # R1.5
    assert make_order(id=1, symbol="BTC-USDT", side="Buy", type="LIMIT", price=100, quantity=1, tif="gtc") == {
        "id": 1,
        "symbol": "BTC-USDT",
        "side": "Buy",
        "type": "limit",
        "price": 100.0,
        "quantity": 1.0,
        "tif": "GTC",
    }
    assert "price" not in market(1.0)
    with pytest.raises(ValueError, match="limit order requires 'price'"):
        make_order(id=1, symbol="X", side="Buy", type="limit", quantity=1.0)


def test_make_portfolio_shapes():  # R1.6, R1.7
    assert make_portfolio(base_currency="USD", commission_rate=0.001) == {
        "base_currency": "USD",
        "commission_rate": 0.001,
    }
    assert make_portfolio() == {"base_currency": "USD", "commission_rate": 0.0}
    p = held({"A": pos(1, 2, 3), "B": pos(4, 5)}, 6.0)
    assert p == {
        "base_currency": "USD",
        "commission_rate": 0.0,
        "cash": {"USD": 6.0},
        "positions": {
            "A": {"quantity": 1.0, "avg_cost": 2.0, "market_price": 3.0},
            "B": {"quantity": 4.0, "avg_cost": 5.0},
        },
    }
    with pytest.raises(KeyError):
        make_portfolio_with_positions("USD", {}, {"A": {"quantity": 1.0}})


def test_engine_construction():  # R1.9
    assert DefaultRiskEngine().check_order(limit(1.0), CASH).is_allow
    assert repr(DefaultRiskEngine(make_risk_config())).startswith("DefaultRiskEngine(")
    with pytest.raises(TypeError):
        DefaultRiskEngine({"max_leverage": 1.0})


# --- dict protocols (§2, §3) ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["id", "symbol", "side", "type", "quantity", "tif", "price"])
def test_each_order_key_is_required(key, check_shape):  # R2.1, R2.2
    order = limit(1.0)
    del order[key]
    with pytest.raises(RiskError) as e:
        engine().check_order(order, CASH)
    assert key in check_shape(e.value, "OrderRejected") and isinstance(e.value, KeyError)


@pytest.mark.parametrize(
    "change,text",
    [
        ({"side": "XXX"}, "invalid side"),
        ({"tif": "DAY"}, "invalid tif"),
        ({"type": "stop"}, "unsupported order type"),
        ({"price": "a"}, "price"),
        ({"quantity": None}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"id": "1"}, "id"),
        ({"symbol": 5}, "symbol"),
        ({"id": -1}, "id"),
        ({"quantity": 0.0}, "quantity"),
        ({"quantity": -1.0}, "quantity"),
        ({"quantity": float("nan")}, "quantity"),
        ({"price": float("inf")}, "price"),
        ({"symbol": ""}, "symbol"),
    ],
)
def test_bad_order_values(change, text, check_shape):  # R2.2, R2.3
    with pytest.raises(RiskError, match=text) as e:
        engine().check_order({**limit(1.0), **change}, CASH)
    check_shape(e.value, "OrderRejected")
    assert isinstance(e.value, ValueError)


@pytest.mark.parametrize("side", ["buy", "BUY", "Sell"])
@pytest.mark.parametrize("tif", ["gtc", "IOC", "Fok", "GFD", "fak"])
def test_enum_text_in_any_case(side, tif):  # R2.1
    assert engine().check_order({**limit(1.0), "side": side, "tif": tif}, CASH).is_allow


@pytest.mark.parametrize(
    "portfolio,kind",
    [
        ({"commission_rate": 0.0}, KeyError),
        ({"base_currency": "USD"}, KeyError),
        ({**CASH, "cash": {"USD": "x"}}, ValueError),
        ({**CASH, "positions": {"A": {"quantity": 1.0}}}, KeyError),
        ({**CASH, "positions": {"A": pos(float("nan"), 1.0)}}, ValueError),
        ({**CASH, "positions": [1]}, ValueError),
        ({**CASH, "cash": {"USD": float("inf")}}, ValueError),
        (None, ValueError),
    ],
)
def test_bad_portfolios(portfolio, kind, check_shape):  # R3.1, R3.2, R4.16
    with pytest.raises(RiskError) as e:
        engine().check_order(limit(1.0), portfolio)
    check_shape(e.value, "OrderRejected")
    assert isinstance(e.value, kind)


def test_currency_codes_are_compared_whole():  # R3.5, D7
    r = engine().check_order(limit(1.0), make_portfolio(base_currency="USD", cash={"USDT": 100_000.0}))
    assert r.is_reject and r.reason.kind == "InsufficientMargin"
    assert engine().check_order(limit(1.0), make_portfolio(base_currency="USDT", cash={"USDT": 100_000.0})).is_allow


def test_foreign_cash_counts_with_fx_only():  # R3.6
    p = {**make_portfolio(base_currency="USD", cash={"USD": 100.0, "BTC": 2.0}), "fx": {"BTC": 50_000.0}}
    assert engine().metrics(p)["nav"] == 100_100.0
    del p["fx"]
    assert engine().metrics(p)["nav"] == 100.0
    r = engine(max_leverage=4.0).check_order(
        limit(1.0), make_portfolio(base_currency="USD", cash={"USD": 100.0, "BTC": -2.0})
    )
    assert r.reason.to_dict() == {"kind": "InsufficientMargin", "required": 25.0, "available": 100.0}


# --- the steps (§4), limits in threes --------------------------------------------------------------------------------


@pytest.mark.parametrize("qty,kind", [(499.99, None), (500.0, None), (500.01, "OrderTooLarge")])
def test_order_value_limit(qty, kind):  # R4.2, R4.14
    r = engine(max_order_value=50_000.0).check_order(limit(qty), held({}, 1e9))
    assert (r.reason.kind if r.is_reject else None) == kind
    if kind:
        assert r.reason.get("max") == 50_000.0 and r.reason.get("actual") == 50_001.0


def test_order_value_uses_the_magnitude_of_a_negative_price():  # R2.3
    r = engine(max_order_value=1_000.0).check_order(limit(20.0, price=-100.0), held({}, 1e9))
    assert r.reason.to_dict() == {"kind": "OrderTooLarge", "max": 1000.0, "actual": 2000.0}


@pytest.mark.parametrize("qty,ok", [(39.0, True), (40.0, True), (40.5, False)])
def test_position_limit_counts_what_is_held(qty, ok):  # R4.3
    r = engine(max_position_per_instrument=100.0).check_order(limit(qty), held({"BTC-USDT": pos(60.0, 100.0)}))
    assert r.is_allow is ok
    if not ok:
        assert r.reason.to_dict() == {"kind": "PositionLimitExceeded", "instrument": "BTC-USDT", "limit": 100.0}
        assert r.reason.get_str("instrument") == "BTC-USDT" and r.reason.get("instrument") is None


def test_position_limit_on_the_short_side():  # R4.3
    e = engine(max_position_per_instrument=100.0)
    assert e.check_order(limit(100.0, side="Sell"), CASH).is_allow
    assert e.check_order(limit(101.0, side="Sell"), CASH).reason.kind == "PositionLimitExceeded"


@pytest.mark.parametrize("cash", [0.0, -5.0])
def test_no_equity_no_trade(cash):  # R4.4
    r = engine(max_leverage=2.0).check_order(limit(10.0), held({}, cash))
    assert r.reason.to_dict() == {"kind": "InsufficientMargin", "required": 500.0, "available": cash}


def test_empty_account_is_not_a_pass():  # R4.4, D12
    assert engine().check_order(limit(1.0), make_portfolio()).reason.kind == "InsufficientMargin"


@pytest.mark.parametrize("qty,ok", [(400.0, True), (400.01, False)])
def test_total_exposure_is_a_gate(qty, ok):  # R4.5, D5
    # long 300*100, short 300*100: gross 60,000; the order adds qty*100 in a third symbol
    p = held({"A": pos(300.0, 100.0), "B": pos(-300.0, 100.0)})
    r = engine(max_total_exposure=100_000.0).check_order(limit(qty, symbol="C"), p)
    assert r.is_allow is ok
    if not ok:
        assert r.reason.to_dict() == {"kind": "PositionLimitExceeded", "instrument": "*", "limit": 100_000.0}


@pytest.mark.parametrize("qty,ok", [(1_500.0, True), (1_500.5, False)])
def test_leverage_is_gross_exposure_over_equity(qty, ok):  # R4.6, D4
    # cash 50,000 + position 50,000 = NAV 100,000; limit 2 -> 200,000 gross; 50,000 used
    r = engine(max_leverage=2.0).check_order(limit(qty, symbol="B"), held({"A": pos(500.0, 100.0)}, 50_000.0))
    assert r.is_allow is ok
    if not ok:
        assert (
            r.reason.kind == "MaxLeverageExceeded"
            and r.reason.get("max") == 2.0
            and r.reason.get("actual") == pytest.approx(2.0005)
        )


@pytest.mark.parametrize("qty,ok", [(300.0, True), (301.0, False)])
def test_concentration_is_a_gate(qty, ok):  # R4.7
    r = engine(max_concentration=0.30).check_order(limit(qty), CASH)
    assert r.is_allow is ok
    if not ok:
        assert r.reason.to_dict() == {
            "kind": "ConcentrationTooHigh",
            "instrument": "BTC-USDT",
            "pct": pytest.approx(0.301),
        }


def test_growing_a_position_does_not_revalue_it():  # R4.12
    # held 100 @ mark 200 = 20,000; buy 100 @ 50 = 5,000 -> 25,000 of NAV 120,000
    p = held({"BTC-USDT": pos(100.0, 100.0, 200.0)})
    assert engine(max_concentration=25_000.0 / 120_000.0 + 1e-9).check_order(limit(100.0, price=50.0), p).is_allow
    assert engine(max_concentration=25_000.0 / 120_000.0 - 1e-9).check_order(limit(100.0, price=50.0), p).is_reject


def test_crossing_zero_is_valued_at_the_new_price():  # R4.12
    # long 10 @ 100; sell 30 @ 200 -> short 20 @ 200 = 4,000 of NAV 101,000
    p = held({"BTC-USDT": pos(10.0, 100.0)})
    r = engine(max_concentration=0.01).check_order(limit(30.0, price=200.0, side="Sell"), p)
    assert r.reason.get("pct") == pytest.approx(4_000.0 / 101_000.0)


def test_drawdown_uses_the_peak_of_nav():  # R4.8, D3
    e = engine(max_drawdown=0.15)
    assert e.check_order(limit(1.0), held({}, 100_000.0)).is_allow
    assert e.check_order(limit(1.0), held({}, 88_001.0)).is_allow  # 11.999 %
    warn = e.check_order(limit(1.0), held({}, 87_000.0))  # 13 %: above 80 % of the limit
    assert warn.is_warn and warn.message == "drawdown approaching limit: 13.0%"
    assert e.check_order(limit(1.0), held({}, 85_000.0)).is_warn  # exactly the limit still passes
    r = e.check_order(limit(1.0), held({}, 80_000.0))
    assert r.reason.to_dict() == {"kind": "MaxDrawdownExceeded", "max_pct": 0.15, "current_pct": pytest.approx(0.20)}


def test_a_new_day_does_not_forgive_a_drawdown():  # R6.2, D3
    e = engine(max_drawdown=0.15)
    e.check_order(limit(1.0), held({}, 100_000.0))
    e.reset_daily()
    assert e.check_order(limit(1.0), held({}, 80_000.0)).reason.kind == "MaxDrawdownExceeded"
    e.reset_peak()
    assert e.check_order(limit(1.0), held({}, 80_000.0)).is_allow


def test_reducing_orders_pass_what_adding_ones_do_not():  # R4.9
    e = engine(
        max_position_per_instrument=10.0,
        max_total_exposure=1.0,
        max_leverage=0.01,
        max_concentration=0.01,
        max_drawdown=0.01,
    )
    e.check_order(limit(1.0), held({}, 1_000_000.0))
    p = held({"BTC-USDT": pos(50.0, 100.0)}, 0.0)
    assert e.check_order(limit(20.0, side="Sell"), p).is_allow
    assert e.check_order(limit(50.0, side="Sell"), p).is_allow
    assert e.check_order(limit(61.0, side="Sell"), p).is_reject  # crosses
    assert e.check_order(limit(1.0, side="Buy"), p).is_reject  # adds


def test_order_of_the_steps():  # §4
    p = held({"BTC-USDT": pos(1.0, 100.0)}, 0.5)
    steps = [
        ({"max_daily_loss": 1.0}, "CircuitBreakerActive"),
        ({"max_order_value": 1.0}, "OrderTooLarge"),
        ({"max_position_per_instrument": 1.0}, "PositionLimitExceeded"),
        ({"max_total_exposure": 1.0}, "PositionLimitExceeded"),
        ({"max_leverage": 0.1}, "MaxLeverageExceeded"),
        ({"max_concentration": 0.1}, "ConcentrationTooHigh"),
    ]
    for first in range(len(steps)):
        config = {}
        for limits, _ in steps[first:]:
            config.update(limits)
        e = engine(**config)
        e.update_daily_pnl(-5.0)
        assert e.check_order(limit(10.0), p).reason.kind == steps[first][1]


# --- market orders (R4.10, R4.11, D1) --------------------------------------------------------------------------------


def test_market_order_without_any_price_does_not_escape_the_value_limit():
    r = engine(max_order_value=1_000.0).check_order(market(1.0), CASH)
    assert r.is_reject and r.reason.kind == "OrderTooLarge" and r.reason.get("actual") == math.inf


@pytest.mark.parametrize(
    "order,portfolio",
    [
        (market(20.0, price=100.0), CASH),
        (market(20.0, reference_price=100.0), CASH),
        (market(20.0), held({"BTC-USDT": pos(1.0, 50.0, 100.0)})),
        (market(20.0), held({"BTC-USDT": pos(1.0, 100.0)})),
    ],
)
def test_market_orders_are_valued(order, portfolio):
    r = engine(max_order_value=1_000.0).check_order(order, portfolio)
    assert r.reason.to_dict() == {"kind": "OrderTooLarge", "max": 1000.0, "actual": 2000.0}
    assert engine(max_order_value=2_000.0).check_order(order, portfolio).is_allow


def test_unpriced_market_orders_can_be_allowed_explicitly():
    e = DefaultRiskEngine(RiskConfig(max_order_value=1.0, unpriced_market_orders="allow"))
    assert e.check_order(market(5.0), CASH).is_allow
    assert e.check_order(market(200_000.0), CASH).reason.kind == "PositionLimitExceeded"
    with pytest.raises(RiskError):
        RiskConfig(unpriced_market_orders="maybe")


def test_closing_a_position_at_market_is_possible():
    assert (
        engine(max_order_value=1_000.0)
        .check_order(market(5.0, side="Sell"), held({"BTC-USDT": pos(5.0, 100.0)}))
        .is_allow
    )


# --- overflow --------------------------------------------------------------------------------------------------------


def test_overflow_is_an_error_of_its_own(check_shape):  # R4.13
    with pytest.raises(RiskError) as e:
        engine().check_order(limit(1e200, price=1e200), CASH)
    check_shape(e.value, "Overflow")
    with pytest.raises(RiskError) as e:
        engine().update_daily_pnl(float("nan"))
    check_shape(e.value, "Overflow")
    assert isinstance(e.value, ValueError)


# --- breaker (§7) ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pnl,active", [(-9_999.99, False), (-10_000.0, True), (-10_000.01, True), (5_000.0, False)])
def test_breaker_threshold(pnl, active):  # R7.1
    cb = make_circuit_breaker()
    cb.check_and_trigger(pnl)
    assert cb.is_active is active


def test_breaker_properties_and_repr(clock):  # R7.1, R7.5, R1.8
    cb = CircuitBreaker(daily_loss_limit=10_000.0, cooldown_seconds=60, clock=clock)
    assert (cb.daily_loss_limit, cb.cooldown_seconds, cb.activated_at, cb.until) == (10_000.0, 60, None, None)
    assert repr(cb) == "CircuitBreaker(active=False, daily_loss_limit=10000.0, cooldown_seconds=60)"
    assert make_circuit_breaker().daily_loss_limit == 10_000.0 and make_circuit_breaker().cooldown_seconds == 3600


def test_breaker_never_reopens_by_time(clock):  # R7.2, D2
    cb = make_circuit_breaker(daily_loss_limit=100.0, cooldown_seconds=60, clock=clock)
    cb.check_and_trigger(-100.0)
    until = cb.until
    assert until == clock.now + 60
    clock.advance(59)
    cb.check_and_trigger(50.0)
    assert cb.is_active and cb.until == until  # a good figure before the cooldown changes nothing
    clock.advance(1_000_000)
    assert cb.is_active  # time alone never opens it
    cb.check_and_trigger(-150.0)
    assert cb.is_active and cb.until == clock.now + 60  # still losing: armed again
    clock.advance(60)
    cb.check_and_trigger(-99.0)
    assert cb.is_active is False


def test_engine_breaker_follows_the_same_rules(clock):  # R7.6
    e = DefaultRiskEngine(make_risk_config(max_daily_loss=100.0, circuit_breaker_cooldown_secs=60), clock=clock)
    e.update_daily_pnl(-100.0)
    first = e.check_order(limit(1.0), CASH).reason.get("until")
    clock.advance(30)
    assert e.check_order(limit(1.0), CASH).reason.get("until") == first == clock.now + 30
    clock.advance(3600)
    assert e.is_halted and e.check_order(limit(1.0), CASH).is_reject
    e.update_daily_pnl(50.0)
    assert not e.is_halted and e.check_order(limit(1.0), CASH).is_allow


def test_halted_engine_rejects_reducing_orders_unless_told(check_shape):  # R4.9, CircuitBreakerActive
    p = held({"BTC-USDT": pos(5.0, 100.0)})
    for allow in (False, True):
        e = DefaultRiskEngine(RiskConfig(max_daily_loss=1.0, allow_reducing_when_tripped=allow))
        e.update_daily_pnl(-1.0)
        assert e.check_order(limit(5.0, side="Sell"), p).is_allow is allow
        assert e.check_order(limit(5.0), p).is_reject
    with pytest.raises(RiskError) as err:
        e.check_order(limit(5.0), p, raise_on_reject=True)
    check_shape(err.value, "CircuitBreakerActive")


def test_breaker_parameters_are_checked(check_shape):  # R7.4
    for bad in (-1.0, float("nan")):
        with pytest.raises(RiskError) as e:
            make_circuit_breaker(daily_loss_limit=bad)
        check_shape(e.value, "ConfigInvalid")
    cb = make_circuit_breaker(daily_loss_limit=1.0)
    with pytest.raises(RiskError):
        cb.check_and_trigger(float("nan"))
    assert cb.is_active is False


# --- P&L, VaR, metrics, alerts (§6) ------------------------------------------------------------------------------------


def test_daily_pnl_accumulates_and_resets():  # R6.1, R6.2
    e = engine()
    for x in (500.0, -200.0, 0.1, 0.2):
        e.update_daily_pnl(x)
    assert e.metrics(CASH)["daily_realized_pnl"] == pytest.approx(300.3)
    e.reset_daily()
    m = e.metrics(CASH)
    assert m["daily_realized_pnl"] == 0.0 and m["var_samples"] == 4


@pytest.mark.parametrize(
    "values,var",
    [
        ([-100.0, 50.0, -3.0, 4.0], 0.0),
        ([-100.0, 50.0, -3.0, 4.0, 5.0], 100.0),
        ([1.0, 2.0, 3.0, 4.0, 5.0], 0.0),
        ([-float(i) for i in range(1, 20)], 19.0),
        ([-float(i) for i in range(1, 21)], 19.0),
        ([-float(i) for i in range(1, 41)], 38.0),
        ([-float(i) for i in range(1, 253)], 240.0),
    ],
)
def test_var_95_is_the_historical_quantile(values, var):  # R6.4
    e = engine()
    for v in values:
        e.update_daily_pnl(v)
    assert e.metrics(CASH)["var_95"] == var


def test_var_window_is_252():  # R6.4
    e = engine()
    for _ in range(13):
        e.update_daily_pnl(-1_000.0)
    for _ in range(251):
        e.update_daily_pnl(1.0)
    m = e.metrics(CASH)
    assert m["var_95"] == 0.0 and m["var_samples"] == 252


def test_metrics_of_a_mixed_book():  # R6.3, D6, D10
    m = engine().metrics(held({"A": pos(100.0, 90.0, 100.0), "B": pos(-50.0, 40.0), "C": pos(0.0, 7.0)}, 92_000.0))
    # NAV = 92,000 + 10,000 - 2,000; gross = 12,000
    assert m["nav"] == 100_000.0 and m["total_exposure"] == 12_000.0 and m["leverage"] == pytest.approx(0.12)
    assert m["concentration"] == {"A": pytest.approx(0.10), "B": pytest.approx(0.02)}
    assert m["current_drawdown"] == 0.0 and m["var_95"] == 0.0


def test_metrics_without_equity():  # R6.3
    m = engine().metrics(held({"A": pos(1.0, 100.0)}, -100.0))
    assert m["leverage"] == math.inf and m["concentration"] == {}
    assert engine().metrics(make_portfolio())["leverage"] == 0.0


def test_metrics_class():  # R6.7
    m = RiskMetrics()
    assert (
        m.total_exposure,
        m.leverage,
        m.current_drawdown,
        m.daily_realized_pnl,
        m.var_95,
        m.concentration,
        m.nav,
    ) == (0.0, 0.0, 0.0, 0.0, 0.0, {}, 0.0)
    d = {
        "total_exposure": 1.0,
        "leverage": 2.0,
        "current_drawdown": 0.3,
        "daily_realized_pnl": 4.0,
        "var_95": 5.0,
        "concentration": {"A": 0.6},
    }
    m = RiskMetrics.from_dict(d)
    assert {k: v for k, v in m.to_dict().items() if k in d} == d
    with pytest.raises(KeyError):
        RiskMetrics.from_dict({"leverage": 1.0})
    assert RiskMetrics.from_dict(engine().metrics(CASH)).nav == 100_000.0


def test_alerts_name_every_breach_in_order():  # R6.6
    e = engine(
        max_daily_loss=100.0,
        max_drawdown=0.05,
        max_leverage=0.5,
        max_total_exposure=50_000.0,
        max_position_per_instrument=900.0,
        max_concentration=0.30,
    )
    e.check_portfolio(held({}, 120_000.0))
    e.update_daily_pnl(-100.0)
    alerts = e.check_portfolio(held({"A": pos(1_000.0, 40.0), "B": pos(-100.0, 200.0)}, 80_000.0))
    # NAV = 80,000 + 40,000 - 20,000 = 100,000; gross 60,000
    got = [(a["severity"], a["reason"]["kind"], a["reason"].get("instrument")) for a in alerts]
    assert got == [
        ("Emergency", "DailyPnLLimit", None),
        ("Critical", "MaxDrawdownExceeded", None),
        ("Critical", "MaxLeverageExceeded", None),
        ("Critical", "PositionLimitExceeded", "*"),
        ("Critical", "PositionLimitExceeded", "A"),
        ("Warning", "ConcentrationTooHigh", "A"),
    ]
    assert alerts[0]["reason"]["limit"] == 100.0 and alerts[0]["reason"]["current"] == -100.0
    assert all(isinstance(a["timestamp"], int) for a in alerts)


def test_no_equity_is_an_alert_not_silence():  # R6.6, D6
    alerts = engine().check_portfolio(held({"A": pos(1.0, 100.0)}, -100.0))
    assert [(a["severity"], a["reason"]["kind"]) for a in alerts][0] == ("Emergency", "InsufficientMargin")
    assert engine().check_portfolio(CASH) == []


# --- results and reasons (§5) --------------------------------------------------------------------------------------------


FIELDS = {
    "OrderTooLarge": ["max", "actual"],
    "PositionLimitExceeded": ["limit"],
    "MaxLeverageExceeded": ["max", "actual"],
    "MaxDrawdownExceeded": ["max_pct", "current_pct"],
    "DailyPnLLimit": ["limit", "current"],
    "CircuitBreakerActive": ["until"],
    "ConcentrationTooHigh": ["pct"],
    "InsufficientMargin": ["required", "available"],
}


@pytest.mark.parametrize("kind", FIELDS)
def test_eight_reject_kinds(kind):  # R5.3, R5.5
    d = {"kind": kind, **{f: 1.5 for f in FIELDS[kind]}}
    if kind in ("PositionLimitExceeded", "ConcentrationTooHigh"):
        d["instrument"] = "BTC-USDT"
    r = RiskReason.from_dict({**d, "noise": 1})
    assert r.to_dict() == d and r == RiskReason.from_dict(r.to_dict()) and repr(r) == f"RiskReason.{kind}"
    assert r.get("nothing") is None and r.get_str("nothing") is None
    assert all(r.get(f) == 1.5 for f in FIELDS[kind])


def test_bad_reasons():  # R5.4
    with pytest.raises(KeyError):
        RiskReason.from_dict({"max": 1.0})
    for bad in ({"kind": "Nope"}, {"kind": "OrderTooLarge", "max": "x"}):
        with pytest.raises(ValueError):
            RiskReason.from_dict(bad)


def test_three_results():  # R5.1, R5.2
    reason = RiskReason.from_dict({"kind": "OrderTooLarge", "max": 1.0, "actual": 2.0})
    allow, reject, warn = RiskResult.allow(), RiskResult.reject(reason), RiskResult.warn("close")
    assert [(r.kind, r.is_allow, r.is_reject, r.is_warn) for r in (allow, reject, warn)] == [
        ("Allow", True, False, False),
        ("Reject", False, True, False),
        ("Warn", False, False, True),
    ]
    assert reject.reason == reason and reject.message is None and warn.message == "close" and warn.reason is None
    assert reject.to_dict() == {"kind": "Reject", "reason": reason.to_dict(), "message": None}
    assert (repr(allow), repr(reject), repr(warn)) == (
        "RiskResult.Allow",
        "RiskResult.Reject(RiskReason.OrderTooLarge)",
        'RiskResult.Warn("close")',
    )
    assert allow == RiskResult.allow() and allow != warn


# --- bound portfolio (§8) --------------------------------------------------------------------------------------------------


def test_bound_portfolio_equals_the_dict_form():  # R8.1, R8.2, R8.4
    e, f = engine(max_concentration=0.25, max_leverage=1.2), engine(max_concentration=0.25, max_leverage=1.2)
    e.bind(CASH)
    e.apply_fill("A", "Buy", 100.0, 100.0, 5.0)
    e.apply_fill("A", "Buy", 100.0, 110.0)
    e.mark("A", 120.0)
    same = held({"A": pos(200.0, 105.0, 120.0)}, 100_000.0 - 10_005.0 - 11_000.0)
    for order in (
        limit(1.0, 120.0, symbol="A"),
        limit(30.0, 120.0, symbol="A"),
        limit(900.0, symbol="B"),
        limit(150.0, 120.0, "Sell", "A"),
    ):
        assert e.check_order(order) == f.check_order(order, same)
    assert e.metrics()["nav"] == pytest.approx(f.metrics(same)["nav"])
    e.unbind()
    with pytest.raises(RiskError):
        e.check_order(limit(1.0))


def test_a_mark_prices_market_orders():  # R8.3
    e = engine(max_order_value=1_000.0)
    e.bind(CASH)
    assert e.check_order(market(20.0, symbol="Z")).reason.get("actual") == math.inf
    e.mark("Z", 100.0)
    assert e.check_order(market(20.0, symbol="Z")).reason.get("actual") == 2_000.0


def test_bound_check_costs_the_same_with_ten_thousand_positions():  # R8.4, D9
    def cost(n):
        e = engine()
        e.bind(held({f"S{i}": pos(1.0, 1.0) for i in range(n)}))
        order = limit(1.0, symbol="S0")
        best = math.inf
        for _ in range(7):
            t = time.perf_counter()
            for _ in range(2_000):
                e.check_order(order)
            best = min(best, time.perf_counter() - t)
        return best

    assert cost(10_000) <= 2.0 * cost(1) + 1e-3


def test_checks_from_several_threads_agree():  # README R4.9
    e = engine(max_order_value=1_000.0)
    bad = []

    def work():
        for _ in range(300):
            if not (e.check_order(limit(1.0), CASH).is_allow and e.check_order(limit(11.0), CASH).is_reject):
                bad.append(1)
            e.update_daily_pnl(1.0)

    threads = [threading.Thread(target=work) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not bad and e.metrics(CASH)["daily_realized_pnl"] == 1_200.0
