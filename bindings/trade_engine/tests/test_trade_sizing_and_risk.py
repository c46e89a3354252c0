"""TE-6: how large an order becomes, and when there is none."""

from decimal import Decimal as D

import pytest

from trade_support import names


def buy(symbol="AAA", strength=1.0, **options):
    from trade_engine.models import Side, Signal

    return Signal(symbol, Side.BUY, strength, **options)


def sell(symbol="AAA", strength=1.0, **options):
    from trade_engine.models import Side, Signal

    return Signal(symbol, Side.SELL, strength, **options)


@pytest.mark.parametrize(
    "strength, pct, price, quantity",
    [
        ("0.8", "0.05", "4521.25", "0.8847"),  # 4000 / 4521.25 = 0.88471…
        ("1", "0.05", "100", "50"),
        ("0.5", "0.05", "100", "25"),
        ("1", "0.05", "3", "1666.6666"),  # never up: 1666.6667 * 3 would be 5000.0001
        ("0.3", "0.1", "7", "428.5714"),
        ("1", "0.05", "0.0004", "12500000"),
    ],
)
def test_size_is_strength_times_share_of_equity_rounded_down(make_engine, strength, pct, price, quantity):
    """TE-6.2"""
    engine = make_engine(max_position_pct=pct)
    assert engine.submit_signal(buy(strength=strength), current_price=price).quantity == D(quantity)


@pytest.mark.parametrize("price, contracts", [("4521.25", 2), ("4000", 2), ("3333.33", 3), ("10000", 1)])
def test_whole_contracts_with_a_multiplier(make_engine, price, contracts):
    from trade_engine import InstrumentSpec

    engine = make_engine(
        initial_capital=1_000_000, max_position_pct="0.25", instruments=[InstrumentSpec("ES", 25, quantity_step=1)]
    )
    assert engine.submit_signal(buy("ES"), current_price=price).quantity == contracts


def test_too_small_for_one_contract(make_engine):
    from trade_engine import InstrumentSpec

    engine = make_engine(max_position_pct="0.05", instruments=[InstrumentSpec("ES", 50, quantity_step=1)])
    order = engine.submit_signal(buy("ES"), current_price="4521.25")
    assert (order.state.name, order.rejection_code, order.quantity) == ("REJECTED", "MAX_POSITION_SIZE", 0)


def test_repeating_a_signal_does_not_pass_the_position_limit(make_engine):
    """TE-6.3: 0.8847, then what is left of 1.1058, then nothing."""
    engine = make_engine(max_position_pct="0.05")
    orders = [engine.submit_signal(buy(strength=0.8), current_price="4521.25") for _ in range(3)]
    assert [order.quantity for order in orders] == [D("0.8847"), D("0.2211"), 0]
    assert orders[2].rejection_code == "MAX_POSITION_SIZE"
    assert engine.get_position("AAA").quantity == D("1.1058")


def test_resting_orders_count_towards_the_position(make_engine):
    from trade_engine.models import OrderType

    engine = make_engine(max_position_pct="0.05")
    engine.submit_signal(buy(order_type=OrderType.LIMIT, limit_price=90), current_price=100)
    assert engine.submit_signal(buy()).rejection_code == "MAX_POSITION_SIZE"


@pytest.mark.parametrize(
    "quantity, code", [(50, None), ("50.0001", "MAX_POSITION_SIZE"), ("0.00005", "INVALID_QUANTITY")]
)
def test_a_given_quantity_is_checked_and_never_resized(make_engine, quantity, code):
    """TE-6.4"""
    engine = make_engine(max_position_pct="0.05")
    order = engine.submit_signal(buy(quantity=quantity, strength=0.1), current_price=100)
    assert order.quantity == D(quantity)
    assert order.rejection_code == code
    if code == "MAX_POSITION_SIZE":
        (rejected,) = [e for e in engine.get_events(order_id=order.order_id) if type(e).__name__ == "OrderRejected"]
        assert D(rejected.details["limit"]) == 5000
        assert D(rejected.details["observed"]) == D("5000.01")
        assert D(rejected.details["headroom"]) == 50


def test_minimum_and_maximum_of_the_instrument(make_engine):
    from trade_engine import InstrumentSpec

    engine = make_engine(instruments=[InstrumentSpec("AAA", quantity_step="0.5", min_quantity=2, max_quantity=6)])
    assert engine.submit_signal(buy(quantity="1.5"), current_price=10).rejection_code == "INVALID_QUANTITY"
    assert engine.submit_signal(buy(quantity="2.25"), current_price=10).rejection_code == "INVALID_QUANTITY"
    assert engine.submit_signal(buy(quantity="6.5"), current_price=10).rejection_code == "INVALID_QUANTITY"
    assert engine.submit_signal(buy(), current_price=10).quantity == 6


def test_a_strength_of_zero_is_too_small(make_engine):
    assert make_engine().submit_signal(buy(strength=0), current_price=10).rejection_code == "SIZE_TOO_SMALL"


@pytest.mark.parametrize("mode, strength, expected", [("close", 0.1, 40), ("reduce", 0.1, 10), ("reduce", 1, 40)])
def test_an_opposite_signal_closes_or_reduces(make_engine, mode, strength, expected):
    """TE-6.5: 40 held; a tenth of the account is 10."""
    engine = make_engine(opposite_signal=mode)
    engine.submit_signal(buy(quantity=40), current_price=1000)
    assert engine.submit_signal(sell(strength=strength)).quantity == expected
    left = engine.get_position("AAA")
    assert (left.quantity if left else 0) == 40 - expected


def test_an_opposite_signal_may_flip(make_engine):
    engine = make_engine(opposite_signal="flip")
    engine.submit_signal(buy(quantity=40), current_price=1000)
    order = engine.submit_signal(sell(strength=0.3))
    assert order.quantity == 70
    position = engine.get_position("AAA")
    assert (position.side, position.quantity) == ("SHORT", 30)


def test_a_flip_has_to_be_allowed(make_engine):
    engine = make_engine()
    engine.submit_signal(buy(quantity=40), current_price=1000)
    assert engine.submit_signal(sell(quantity=41)).rejection_code == "FLIP_NOT_ALLOWED"
    assert engine.submit_signal(sell(quantity=15)).state.name == "FILLED"
    assert engine.get_position("AAA").quantity == 25


def test_flat_closes_and_is_idle_without_a_position(make_engine):
    from trade_engine.models import Side, Signal

    engine = make_engine()
    assert engine.submit_signal(Signal("AAA", Side.FLAT), current_price=10) is None
    assert "SignalIgnored" in names(engine.get_events())
    engine.submit_signal(sell(quantity=5))
    order = engine.submit_signal(Signal("AAA", Side.FLAT))
    assert (order.side, order.quantity) == (Side.BUY, 5)
    assert engine.get_all_positions() == {}


def test_no_price_is_a_reject_and_not_a_guess(make_engine):
    engine = make_engine(prices={})
    assert engine.submit_signal(buy()).rejection_code == "NO_PRICE"


@pytest.mark.parametrize("price", [0, -3])
def test_nothing_opens_at_a_price_that_is_not_positive(make_engine, price):
    engine = make_engine()
    assert engine.submit_signal(buy(), current_price=price).rejection_code == "INVALID_PRICE"


def test_a_strict_engine_knows_its_symbols(make_engine):
    from trade_engine.instruments import CME_FUTURES

    engine = make_engine(initial_capital=10_000_000, instruments=CME_FUTURES, strict_instruments=True)
    assert engine.submit_signal(buy("XX"), current_price=10).rejection_code == "UNKNOWN_SYMBOL"
    assert engine.submit_signal(buy("ES"), current_price=5000).state.name == "FILLED"


def test_number_of_positions(make_engine):
    engine = make_engine(max_positions=2)
    for symbol in ("AAA", "BBB"):
        engine.submit_signal(buy(symbol, quantity=1), current_price=10)
    assert engine.submit_signal(buy("CCC", quantity=1), current_price=10).rejection_code == "MAX_POSITIONS"
    assert engine.submit_signal(buy("AAA", quantity=1)).state.name == "FILLED"


# 100 000, all of it in 1 000 at 100; each point is 1 %
@pytest.mark.parametrize("price, halted", [("90.01", False), ("90", False), ("89.99", True)])
def test_drawdown_halts_when_it_exceeds_the_threshold(make_engine, price, halted):
    """TE-6.1 row 4, 6.7: at once, not when the next signal comes; exactly the threshold is not beyond it."""
    engine = make_engine(max_drawdown_pct="0.10")
    engine.submit_signal(buy(), current_price=100)
    engine.update_price("AAA", price)
    assert engine.risk_manager.is_halted is halted
    assert engine.state().halts == (("drawdown",) if halted else ())


@pytest.mark.parametrize("price, halted", [("98.01", False), ("98", True), ("97.99", True)])
def test_daily_loss_halts_when_it_is_reached(make_engine, price, halted):
    """TE-6.1 row 5"""
    engine = make_engine(max_daily_loss_pct="0.02")
    engine.submit_signal(buy(), current_price=100)
    engine.update_price("AAA", price)
    assert engine.state().halts == (("daily_loss",) if halted else ())


def test_a_halt_stops_what_opens_and_nothing_that_closes(make_engine):
    """TE-5.6, 6.8"""
    engine = make_engine(max_drawdown_pct="0.10", max_positions=5)
    engine.submit_signal(buy(quantity=500), current_price=100)
    engine.update_price("AAA", 70)
    assert engine.get_position("AAA").quantity == 500  # nobody sells into a crash
    refused = engine.submit_signal(buy("BBB"), current_price=10)
    assert (refused.rejection_code, engine.risk_manager.halt_code) == ("DRAWDOWN_HALT", "DRAWDOWN_HALT")
    assert engine.submit_signal(sell(quantity=100)).state.name == "FILLED"
    assert engine.close_position("AAA").state.name == "FILLED"


def test_a_new_day_ends_a_daily_loss_halt_and_no_drawdown_halt(make_engine, clock):
    """TE-6.6: the original's reset_daily ended both."""
    engine = make_engine(max_daily_loss_pct="0.02", max_drawdown_pct="0.10")
    engine.submit_signal(buy(), current_price=100)
    engine.update_price("AAA", 97)
    clock.advance(days=1)
    engine.update_price("AAA", 97)
    assert engine.state().halts == ()
    assert engine.state().day_start_equity == 97_000
    engine.update_price("AAA", 89)
    assert set(engine.state().halts) == {"daily_loss", "drawdown"}
    clock.advance(days=1)
    engine.update_price("AAA", 99)  # recovered: 1 % below the peak, and a gain today
    assert engine.state().halts == ("drawdown",)
    engine.risk_manager.reset_daily()
    engine.start_day()
    assert engine.state().halts == ("drawdown",)
    assert engine.risk_manager.is_halted and engine.risk_manager.halt_code == "DRAWDOWN_HALT"
    assert engine.submit_signal(buy("BBB", quantity=1), current_price=1).rejection_code == "DRAWDOWN_HALT"


def test_peak_is_the_highest_equity_seen(make_engine):
    engine = make_engine(max_drawdown_pct="0.10")
    engine.submit_signal(buy(), current_price=100)
    engine.update_price("AAA", 120)
    engine.update_price("AAA", 108)
    assert engine.state().peak_equity == 120_000
    assert engine.risk_manager.drawdown == D("0.1")
    assert not engine.risk_manager.is_halted
    engine.update_price("AAA", "107.99")
    assert engine.risk_manager.is_halted


def test_resume_needs_a_person_and_begins_a_new_peak(make_engine):
    """TE-6.9"""
    from trade_engine.errors import NotHalted
    from trade_engine.events import RiskResumed

    engine = make_engine(max_drawdown_pct="0.10")
    with pytest.raises(NotHalted):
        engine.resume(operator="anna", reason="nothing to resume")
    engine.submit_signal(buy(), current_price=100)
    engine.update_price("AAA", 80)
    for operator, reason in (("", "why"), ("anna", "  ")):
        with pytest.raises(ValueError):
            engine.resume(operator=operator, reason=reason)
    assert engine.risk_manager.is_halted
    engine.resume(operator="anna", reason="looked at it")
    assert engine.state().peak_equity == 80_000
    (resumed,) = engine.get_events(type=RiskResumed)
    assert (resumed.operator, resumed.reason, tuple(resumed.kinds)) == ("anna", "looked at it", ("drawdown",))
    engine.update_price("AAA", "72.01")
    assert not engine.risk_manager.is_halted


def test_an_operator_may_halt(make_engine):
    engine = make_engine()
    engine.halt(operator="ben", reason="news")
    assert engine.submit_signal(buy(), current_price=10).rejection_code == "MANUAL_HALT"


def test_a_halt_may_ask_for_confirmation(make_engine):
    """TE-6.7: one bad tick is no drawdown when two are asked for."""
    engine = make_engine(max_drawdown_pct="0.10", halt_confirmations=2)
    engine.submit_signal(buy(), current_price=100)
    engine.update_price("AAA", 50)
    engine.update_price("AAA", 100)
    engine.update_price("AAA", 80)
    assert not engine.risk_manager.is_halted
    engine.update_price("AAA", 80)
    assert engine.risk_manager.is_halted


def correlated(make_engine, clock, second, held="BUY", candidate="BUY", samples=12, **limits):
    """Two price paths, one position, and a signal in the other symbol."""
    from trade_engine.models import Side, Signal

    engine = make_engine(**limits)
    first = [100, 102, 101, 104, 103, 107, 105, 108, 110, 109, 112, 111, 115, 113, 116][: samples + 1]
    for price in first:
        engine.update_prices({"ES": price, "NQ": second(price)})
        clock.advance(minutes=1)
    engine.submit_signal(Signal("ES", Side[held], quantity=1))
    order = engine.submit_signal(Signal("NQ", Side[candidate], quantity=1))
    assert order.state.name == "FILLED"  # a warning never refuses
    return [event for event in engine.get_events(order_id=order.order_id) if type(event).__name__ == "RiskWarning"]


def test_correlated_exposure_warns(make_engine, clock):
    """TE-6.10: the same returns, both long."""
    (warning,) = correlated(make_engine, clock, lambda price: price * 3)
    assert warning.code == "CORRELATED_EXPOSURE"
    assert (warning.details["symbol"], warning.details["other"], warning.details["samples"]) == ("NQ", "ES", 12)
    assert warning.details["correlation"] == pytest.approx(1.0, abs=1e-6)


def test_a_hedge_does_not_warn_and_an_inverse_pair_does(make_engine, clock):
    assert correlated(make_engine, clock, lambda price: price * 3, candidate="SELL") == []
    (warning,) = correlated(make_engine, clock, lambda price: 10_000 / price, candidate="SELL")
    assert warning.code == "CORRELATED_EXPOSURE" and warning.details["correlation"] < -0.99


@pytest.mark.parametrize("samples, flat", [(9, False), (12, True)])
def test_correlation_that_cannot_be_known_says_so(make_engine, clock, samples, flat):
    (warning,) = correlated(
        make_engine, clock, (lambda price: 50) if flat else (lambda price: price * 2), samples=samples
    )
    assert warning.code == "CORRELATION_UNAVAILABLE"


def test_a_rule_of_one_s_own_and_one_that_breaks(make_engine):
    """TE-6.11: a rule that raises refuses."""
    from trade_engine.risk.rules import Rule, RuleResult

    class NoMondays(Rule):
        name = "no mondays"

        def evaluate(self, ctx):
            return RuleResult("NO_MONDAYS", ctx.now.weekday() != 0, message="it is Monday")

    class Broken(Rule):
        name = "broken"

        def evaluate(self, ctx):
            raise KeyError("lost")

    assert make_engine(extra_rules=[NoMondays()]).submit_signal(buy(), current_price=10).rejection_code == "NO_MONDAYS"
    assert make_engine(extra_rules=[Broken()]).submit_signal(buy(), current_price=10).rejection_code == "RULE_ERROR"


def test_the_risk_manager_alone():
    """TE-6.12"""
    from trade_engine import RiskManager

    risk = RiskManager(max_position_pct=0.05, max_drawdown_pct=0.10)
    risk.update_equity(100_000)
    check = risk.check_signal(buy(strength=0.8), account_equity=100_000, current_positions={}, current_price=4521.25)
    assert (check.approved, check.adjusted_quantity) == (True, D("0.8847"))
    risk.update_equity(85_000)
    check = risk.check_signal(buy(), account_equity=85_000, current_positions={}, current_price=100)
    assert (check.approved, check.code) == (False, "DRAWDOWN_HALT")
    assert risk.drawdown == D("0.15") and risk.is_halted


@pytest.mark.parametrize(
    "options",
    [
        {"max_position_pct": 0},
        {"max_drawdown_pct": 0},
        {"max_drawdown_pct": "1.01"},
        {"max_daily_loss_pct": -1},
        {"max_positions": 0},
        {"max_correlation": 2},
        {"opposite_signal": "double"},
        {"halt_confirmations": 0},
    ],
)
def test_limits_that_cannot_be_right(options):
    from trade_engine import RiskManager

    with pytest.raises(ValueError):
        RiskManager(**options)


def test_a_risk_manager_belongs_to_one_engine(make_engine, clock):
    from trade_engine import Engine, RiskManager, SimulatedBroker

    risk = RiskManager()
    Engine(SimulatedBroker(), risk, clock=clock)
    with pytest.raises(ValueError):
        Engine(SimulatedBroker(), risk, clock=clock)


def test_the_trading_day_has_a_zone_and_a_boundary(make_engine, clock):
    """TE-6.6: 17:00 in Chicago; at 22:59 UTC in March's first week (standard time, UTC-6) it is still the same day."""
    from datetime import time

    engine = make_engine(max_daily_loss_pct="0.02", timezone="America/Chicago", day_boundary=time(17, 0))
    engine.submit_signal(buy(), current_price=100)
    engine.update_price("AAA", 98)
    clock.advance(hours=8, minutes=29)  # 22:59 UTC, 16:59 in Chicago
    engine.update_price("AAA", 98)
    assert engine.state().halts == ("daily_loss",)
    clock.advance(minutes=1)
    engine.update_price("AAA", 98)
    assert engine.state().halts == ()
