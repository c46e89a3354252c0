"""What the programs of the contract of axon_quant.risk leave open."""

import copy
import gc
import math
import pickle
import random
from decimal import Decimal
from fractions import Fraction

import pytest

from axon_quant.risk import (
    CircuitBreaker,
    DefaultRiskEngine,
    RiskConfig,
    RiskError,
    RiskMetrics,
    RiskReason,
    RiskResult,
    make_order,
    make_portfolio,
    make_portfolio_with_positions,
    make_risk_config,
)

CASH = make_portfolio(cash={"USD": 100_000.0})
WIDE = {
    "max_position_per_instrument": math.inf,
    "max_total_exposure": math.inf,
    "max_order_value": math.inf,
    "max_leverage": math.inf,
    "max_drawdown": math.inf,
    "max_daily_loss": math.inf,
    "max_concentration": math.inf,
}


def engine(**config):
    return DefaultRiskEngine(make_risk_config(**{**WIDE, **config}))


def order(quantity, price=100.0, side="Buy", symbol="X"):
    if price is None:
        return make_order(1, symbol, side, "market", quantity)
    return make_order(1, symbol, side, "limit", quantity, price=price)


# ---- An obvious engine beside ours ----------------------------------------------------------------------------------


def exact(number):
    return Fraction(Decimal(repr(number)))


def expected(config, order, portfolio, peak):
    """The kind of reject that the contract's steps give, in fractions; None for an order that passes."""
    positions = {symbol: value for symbol, value in portfolio["positions"].items() if value["quantity"] != 0}
    marks = {s: exact(p.get("market_price", p["avg_cost"])) for s, p in positions.items()}
    worth = {s: exact(p["quantity"]) * marks[s] for s, p in positions.items()}
    nav = sum(map(exact, portfolio["cash"].values())) + sum(worth.values())
    symbol, quantity = order["symbol"], exact(order["quantity"])
    held = exact(positions[symbol]["quantity"]) if symbol in positions else Fraction(0)
    units = quantity if order["side"] == "Buy" else -quantity
    price = exact(order["price"]) if "price" in order else marks.get(symbol)
    if price is None or abs(price) * quantity > exact(config["max_order_value"]):
        return "OrderTooLarge"
    after = held + units
    if held and abs(after) < abs(held) and after * held >= 0:
        return None
    if abs(after) > exact(config["max_position_per_instrument"]):
        return "PositionLimitExceeded"
    if nav <= 0:
        return "InsufficientMargin"
    value = worth[symbol] + units * price if held and held * units > 0 else after * price
    gross = sum(map(abs, worth.values())) - abs(worth.get(symbol, 0)) + abs(value)
    if gross > exact(config["max_total_exposure"]):
        return "PositionLimitExceeded"
    if gross > exact(config["max_leverage"]) * nav:
        return "MaxLeverageExceeded"
    if abs(value) > exact(config["max_concentration"]) * nav:
        return "ConcentrationTooHigh"
    if peak - nav > exact(config["max_drawdown"]) * peak:
        return "MaxDrawdownExceeded"
    return None


@pytest.mark.parametrize("seed", range(8))
def test_random_orders_are_answered_as_an_obvious_engine_does_it_in_fractions(seed):
    chance = random.Random(seed)
    kinds = set()
    for _ in range(400):
        config = {
            "max_order_value": chance.choice([2_000.0, 5_000.0, 1e9]),
            "max_position_per_instrument": chance.choice([60.0, 90.5, 1e9]),
            "max_total_exposure": chance.choice([9_000.0, 20_000.0, 1e9]),
            "max_leverage": chance.choice([0.5, 1.0, 1.3, 1e9]),
            "max_concentration": chance.choice([0.3, 0.7, 1e9]),
            "max_drawdown": chance.choice([0.05, 0.2, 1.0]),
        }
        positions = {
            name: {"quantity": chance.randint(-60, 60) / 2, "avg_cost": chance.randint(50, 150) / 1.0}
            | ({"market_price": chance.randint(5_000, 15_000) / 100} if chance.random() < 0.5 else {})
            for name in "ABC"
        }
        portfolio = make_portfolio_with_positions("USD", {"USD": chance.randint(-2_000, 12_000) + 0.5}, positions)
        peak = chance.randint(8_000, 14_000)
        asked = order(
            chance.randint(1, 120) / 2,
            chance.choice([None, chance.randint(9_000, 11_000) / 100]),
            chance.choice(["Buy", "Sell"]),
            chance.choice("ABCD"),
        )
        e = engine(**config)
        e.reset_peak(peak)
        nav = e.metrics(portfolio)["nav"]
        answer = e.check_order(asked, portfolio)
        kind = expected(config, asked, portfolio, max(Fraction(peak), exact(nav)))
        kinds.add(kind)
        assert (answer.reason.kind if answer.is_reject else None) == kind, (seed, config, asked, portfolio)
        e.bind(portfolio)
        assert e.check_order(asked) == answer, (seed, config, asked, portfolio)
    assert len(kinds) > 5


@pytest.mark.parametrize("seed", range(4))
def test_a_bound_portfolio_that_trades_is_the_dict_of_what_it_holds(seed):
    chance = random.Random(seed)
    e, f = engine(max_leverage=1.5, max_concentration=0.4), engine(max_leverage=1.5, max_concentration=0.4)
    e.bind(make_portfolio(cash={"USD": 20_000}))
    f.metrics(make_portfolio(cash={"USD": 20_000}))
    cash, held, marks = Decimal(20_000), {}, {}
    for _ in range(300):
        symbol = chance.choice("ABCDE")
        price = Decimal(chance.randint(5_000, 15_000)) / 100
        if chance.random() < 0.3:
            e.mark(symbol, price)
        else:
            side, quantity = chance.choice(["Buy", "Sell"]), Decimal(chance.randint(1, 500)) / 10
            fee = Decimal(chance.randint(0, 300)) / 100
            e.apply_fill(symbol, side, quantity, price, fee)
            units = quantity if side == "Buy" else -quantity
            cash -= units * price + fee
            held[symbol] = held.get(symbol, Decimal(0)) + units
        marks[symbol] = price
        positions = {s: {"quantity": q, "avg_cost": marks[s], "market_price": marks[s]} for s, q in held.items()}
        same = {"base_currency": "USD", "commission_rate": 0, "cash": {"USD": cash}, "positions": positions}
        assert e.metrics() == f.metrics(same)
        asked = order(chance.randint(1, 50), float(price), chance.choice(["Buy", "Sell"]), chance.choice("ABCDE"))
        assert e.check_order(asked) == f.check_order(asked, same)
        alerts = [[alert["reason"] for alert in found] for found in (e.check_portfolio(), f.check_portfolio(same))]
        assert sorted(alerts[0], key=str) == sorted(alerts[1], key=str)


# ---- Numbers ---------------------------------------------------------------------------------------------------------


def test_what_floats_show_is_added_exactly():
    e = engine(max_order_value=0.3)
    assert e.check_order(order(0.1 * 3, 1.0), CASH).is_reject
    assert e.check_order(order(3, 0.1), CASH).is_allow
    assert e.check_order(order(Decimal("0.1"), 3), CASH).is_allow


@pytest.mark.parametrize("value,allowed", [(Decimal("0.3"), True), (Decimal("0.30000000000000000001"), False)])
def test_decimals_keep_all_their_digits(value, allowed):
    asked = {**order(1.0, 1.0), "price": value}
    assert engine(max_order_value=0.3).check_order(asked, CASH).is_allow is allowed


@pytest.mark.parametrize("threshold", [1e300, 10**40, Decimal("1e29")])
def test_a_threshold_that_nothing_can_reach_is_no_limit(threshold):
    e = engine(max_order_value=threshold, max_leverage=threshold, max_daily_loss=threshold)
    assert e.check_order(order(1e6, 1e6), CASH).is_allow
    assert e.check_order(order(1.0, None), CASH).is_reject  # what nobody can value is refused all the same


def test_a_threshold_below_the_smallest_number_lets_nothing_pass():
    assert engine(max_order_value=1e-300).check_order(order(1e-10, 1e-10), CASH).is_reject
    assert engine(max_order_value=1e-300).check_order(order(1.0, 0.0), CASH).is_allow


@pytest.mark.parametrize("change", [{"quantity": 1e300}, {"price": 10**40}, {"price": 1e-300}])
def test_what_does_not_fit_is_an_overflow_and_changes_nothing(change, check_shape):
    e = engine(max_drawdown=0.1)
    with pytest.raises(RiskError) as error:
        e.check_order({**order(1.0), **change}, CASH)
    check_shape(error.value, "Overflow")
    assert e.metrics(make_portfolio(cash={"USD": 1.0}))["current_drawdown"] == 0.0


def test_a_fill_or_a_mark_that_is_refused_leaves_nothing_behind():
    e = engine(max_order_value=1_000.0)
    e.bind(make_portfolio_with_positions("USD", {"USD": 10.0}, {"A": {"quantity": 1.0, "avg_cost": 1.0}}))
    for call in (
        lambda: e.apply_fill("B", "Buy", 1e28, 50.0),
        lambda: e.apply_fill("A", "Buy", 1.0, 1e300),
        lambda: e.apply_fill("A", "up", 1.0, 1.0),
        lambda: e.apply_fill("A", "Buy", 0.0, 1.0),
        lambda: e.mark("A", math.nan),
        lambda: e.mark("", 1.0),
        lambda: e.bind({}),
    ):
        with pytest.raises(RiskError):
            call()
    assert e.metrics()["nav"] == 11.0 and e.metrics()["concentration"] == {"A": 1 / 11}
    assert e.check_order(order(1.0, None, symbol="B")).reason.get("actual") == math.inf
    e.apply_fill("C", "Buy", 1.0, 1.0)
    assert set(e.metrics()["concentration"]) == {"A", "C"}


# ---- Memory ----------------------------------------------------------------------------------------------------------


def test_a_peak_is_seen_by_everything_that_looks_at_a_portfolio():
    for see in (
        lambda e, p: e.check_order(order(1.0), p),
        lambda e, p: e.check_portfolio(p),
        lambda e, p: e.metrics(p),
        lambda e, p: e.bind(p),
        lambda e, p: e.check_order(order(1.0), p, raise_on_reject=False),
    ):
        e = engine()
        see(e, CASH)
        assert e.metrics(make_portfolio(cash={"USD": 50_000}))["current_drawdown"] == 0.5


def test_a_peak_can_be_set_and_forgotten():
    e = engine()
    e.reset_peak(200_000.0)
    assert e.metrics(CASH)["current_drawdown"] == 0.5
    e.reset_peak()
    assert e.metrics(CASH)["current_drawdown"] == 0.0
    for bad in (0.0, -1.0, math.nan, "1"):
        with pytest.raises(RiskError):
            e.reset_peak(bad)


def test_a_cooldown_of_nothing_closes_with_the_next_good_figure(clock):
    breaker = CircuitBreaker(100.0, 0, clock=clock)
    breaker.check_and_trigger(-100)
    assert breaker.is_active and breaker.until == breaker.activated_at == clock.now
    breaker.check_and_trigger(-99.99)
    assert not breaker.is_active and breaker.until is None


def test_a_breaker_without_a_limit_never_trips():
    breaker = CircuitBreaker(math.inf)
    breaker.check_and_trigger(-1e20)
    assert not breaker.is_active and breaker.daily_loss_limit == math.inf


@pytest.mark.parametrize("moment", [math.nan, math.inf, "now", None, True, 1e300])
def test_a_clock_that_does_not_tell_the_time_is_refused(moment):
    e = DefaultRiskEngine(clock=lambda: moment)
    with pytest.raises(RiskError):
        e.update_daily_pnl(1.0)
    assert e.metrics(CASH)["var_samples"] == 0 and e.metrics(CASH)["daily_realized_pnl"] == 0.0


def test_a_clock_of_decimals_or_whole_numbers_is_one():
    for moment in (5, Decimal("5.25"), -3.5):
        breaker = CircuitBreaker(1.0, 60, clock=lambda moment=moment: moment)
        breaker.check_and_trigger(-1)
        assert breaker.activated_at == float(moment) and breaker.until == float(moment) + 60


# ---- Objects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [None, 1, "x", [], {}, b"", 1j, object(), float("nan"), {"id": 1}])
def test_anything_may_be_handed_in_anywhere(wrong):
    e = engine()
    e.bind(CASH)
    calls = [
        lambda: e.check_order(wrong),
        lambda: e.check_order(order(1.0), [wrong]),
        lambda: e.check_order(order(1.0), {**CASH, "positions": {"A": wrong}}),
        lambda: e.check_order(order(1.0), {**CASH, "positions": {"A": {"quantity": [wrong], "avg_cost": 1.0}}}),
        lambda: e.check_order(order(1.0), {**CASH, "positions": {1: {}}}),
        lambda: e.check_order(order(1.0), {**CASH, "cash": {"USD": [wrong]}}),
        lambda: e.check_order(order(1.0), {**CASH, "fx": {"EUR": [wrong]}}),
        lambda: e.bind([wrong]),
        lambda: e.mark([wrong], 1.0),
        lambda: e.apply_fill("A", "Buy", [wrong], 1.0),
        lambda: e.update_daily_pnl([wrong]),
        lambda: e.reset_peak([wrong]),
        lambda: RiskConfig(max_leverage=[wrong]),
        lambda: RiskConfig(circuit_breaker_cooldown_secs=[wrong]),
        lambda: RiskReason.from_dict([wrong]),
        lambda: RiskReason.from_dict({"kind": [wrong]}),
        lambda: RiskMetrics.from_dict([wrong]),
        lambda: RiskResult.warn([wrong]),
        lambda: RiskResult.reject([wrong]),
        lambda: make_order([wrong], "X", "Buy", "market", 1.0),
        lambda: make_portfolio(cash=[wrong]),
    ]
    for call in calls:
        with pytest.raises((RiskError, TypeError)):
            call()
    assert e.metrics()["nav"] == 100_000.0


def test_a_number_whose_text_changes_the_dict_it_is_in_harms_nobody():
    class Odd(Decimal):
        def __str__(self):
            positions.clear()
            return "1"

    positions = {f"S{number}": {"quantity": Odd(1), "avg_cost": Odd(1)} for number in range(100)}
    e = engine()
    e.check_order(order(1.0), {**CASH, "positions": positions})
    assert positions == {}


def test_a_symbol_that_compares_in_a_way_of_its_own_is_taken_as_the_text_it_is():
    class Odd(str):
        def __eq__(self, other):
            e.bind(CASH)
            return True

        __hash__ = str.__hash__

    e = engine()
    portfolio = make_portfolio_with_positions("USD", {"USD": 1.0}, {"ABC": {"quantity": 1.0, "avg_cost": 1.0}})
    e.bind(portfolio)
    assert e.check_order({**order(1.0), "symbol": Odd("ABC")}).is_allow
    e.mark(Odd("ABC"), 5.0)
    e.apply_fill(Odd("ABC"), "Sell", 0.5, 5.0)
    assert gc.collect() >= 0 and e.metrics()["nav"] == 6.0
    e.bind({**portfolio, "positions": {Odd("ABC"): {"quantity": 1.0, "avg_cost": 1.0}}})
    assert e.metrics()["concentration"] == {"ABC": 0.5}


def test_values_are_compared_hashed_copied_and_pickled_and_engines_are_not():
    reject = engine(max_order_value=1.0).check_order(order(1.0), CASH)
    for value in (RiskConfig(), reject, reject.reason, RiskResult.allow(), RiskResult.warn("é")):
        assert pickle.loads(pickle.dumps(value)) == value == copy.deepcopy(value)
        assert len({value, copy.copy(value)}) == 1
    assert RiskConfig() != RiskConfig(max_leverage=1.0) and RiskConfig() != 1
    assert RiskMetrics() == RiskMetrics() and RiskMetrics() != RiskMetrics(nav=1.0)
    with pytest.raises(TypeError):
        pickle.dumps(engine())


def test_a_message_tells_each_kind_in_words(check_shape):
    held = make_portfolio_with_positions("USD", {"USD": 1_000.0}, {"X": {"quantity": 1.0, "avg_cost": 1.0}})
    cases = [
        ({"max_position_per_instrument": 1.0}, CASH, "Position limit exceeded: instrument X, limit 1.0"),
        ({}, make_portfolio(), "Insufficient margin: required 0.0, available 0.0"),
        ({"max_total_exposure": 1.0}, held, "Position limit exceeded: instrument *, limit 1.0"),
        ({"max_leverage": 0.5}, held, "Max leverage exceeded: max 0.5, actual 0.7"),
        ({"max_concentration": 0.5}, held, "Concentration too high: instrument X, pct 0.7"),
    ]
    for config, portfolio, text in cases:
        with pytest.raises(RiskError) as error:
            engine(**config).check_order(order(7.0, 100.0, "Buy", "X"), portfolio, raise_on_reject=True)
        assert check_shape(error.value, "OrderRejected").startswith(f"[OrderRejected] {text}")


def test_alerts_about_an_account_without_equity_are_not_silent():
    config = {"max_leverage": 1.0, "max_concentration": 1.0, "max_daily_loss": 5.0}
    e = engine(**config)
    e.update_daily_pnl(-5)
    portfolio = make_portfolio_with_positions("USD", {"USD": -100.0}, {"A": {"quantity": 1.0, "avg_cost": 100.0}})
    alerts = [(alert["reason"]["kind"], alert["severity"]) for alert in e.check_portfolio(portfolio)]
    assert alerts == [
        ("DailyPnLLimit", "Emergency"),
        ("InsufficientMargin", "Emergency"),
        ("MaxLeverageExceeded", "Critical"),
        ("ConcentrationTooHigh", "Warning"),
    ]
