"""States, their release, and what the engine wants of the venue."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from test_limits import START, engine_of, order_of

import openpit
from openpit import controls, marketdata, param

SIZE = {"name": "size", "metric": "order_quantity", "upper": 10}
BY = {"actor": "anna", "reason": "test"}


def test_a_state_holds_for_its_key_until_it_is_released() -> None:
    engine = engine_of(SIZE)
    assert engine.state(account=7) == "ACTIVE"
    engine.set_state("HALTED", account=7, **BY)
    assert engine.state(account=7) == "HALTED" and engine.state(account=8) == "ACTIVE"
    assert engine.execute_pre_trade(order_of()).rejects[0].policy == "Engine"
    assert engine.execute_pre_trade(order_of(account=8)).ok
    released = engine.release(account=7, **BY)
    assert released == controls.Release({"account": 7}, "HALTED", "ACTIVE", ("Engine",))
    assert json.loads(json.dumps(released.to_dict()))["causes"] == ["Engine"]
    assert engine.execute_pre_trade(order_of()).ok


def test_a_release_names_the_role_that_a_limit_asks_for() -> None:
    engine = engine_of({**SIZE, "action": "halt", "scope": {"account": "*"}, "release_role": "risk"})
    assert not engine.execute_pre_trade(order_of("11")).ok
    with pytest.raises(controls.ReleaseRefused):
        engine.release(account=7, **BY)
    assert engine.state(account=7) == "HALTED"
    assert engine.release(account=7, role="risk", **BY).causes == ("size",)


def test_what_another_cause_has_blocked_stays_halted_when_one_limit_is_released() -> None:
    engine = engine_of({"name": "loss", "metric": "order_quantity", "scope": {"account": "*"}, "upper": 10})
    engine.accounts().block(param.AccountId.from_int(7), "looks odd")
    engine.set_state("REDUCING", account=7, **BY)
    released = engine.release(account=7, limit="loss", **BY)
    assert (released.was, released.now, released.causes) == ("HALTED", "HALTED", ())
    assert engine.state(account=7) == "HALTED"
    released = engine.release(account=7, **BY)
    assert (released.was, released.now) == ("HALTED", "ACTIVE")


def test_working_orders_of_what_is_halted_are_to_be_cancelled() -> None:
    engine = engine_of(SIZE)
    result = engine.execute_pre_trade(order_of("3", client_order_id="a"))
    assert result.reservation is not None
    result.reservation.commit()
    assert engine.cancel_intents() == [] and engine.pending_cancels() == []
    engine.set_state("HALTED", account=7, **BY)
    (intent,) = engine.cancel_intents()
    assert (intent.account, intent.client_order_id, intent.instrument, intent.side) == (7, "a", "AAPL/USD", "BUY")
    assert (intent.kind, intent.quantity, intent.cause, intent.time) == ("cancel", Decimal(3), "Engine", START)
    assert engine.cancel_intents() == [] and engine.pending_cancels() == [intent]


def test_who_does_something_by_hand_says_so_and_why() -> None:
    engine = engine_of(SIZE)
    for wrong in ({"actor": "", "reason": "test"}, {"actor": "anna", "reason": ""}):
        with pytest.raises(ValueError, match="must not be empty"):
            engine.set_state("HALTED", **wrong)
        with pytest.raises(ValueError, match="must not be empty"):
            engine.release(**wrong)
    with pytest.raises(ValueError, match="a state that is set"):
        engine.set_state("ACTIVE", **BY)
    with pytest.raises(ValueError, match="not of each"):
        engine.set_state("HALTED", account="*", **BY)
    with pytest.raises(TypeError, match="no key"):
        engine.state(desk=7)


LOSS = {"name": "loss", "metric": "total_pnl", "scope": {"account": "*"}, "lower": -100}


def _holds(engine: openpit.Engine, quantity: str) -> None:
    operation = openpit.AccountAdjustmentLedgerPositionOperation(
        instrument=openpit.Instrument("AAPL", "USD"), average_entry_price=param.Price("100")
    )
    amount = openpit.AccountAdjustmentAmount(balance=param.AdjustmentAmount.absolute(Decimal(quantity)))
    adjustments = [openpit.AccountAdjustment(operation=operation, amount=amount)]
    assert engine.apply_account_adjustment(account_id=param.AccountId.from_int(7), adjustments=adjustments).ok


def _marked(engine: openpit.Engine, mark: str) -> None:
    quote = marketdata.Quote(mark=Decimal(mark))
    engine.market_data().push_by_instrument(openpit.Instrument("AAPL", "USD"), quote)


def test_a_person_may_set_a_baseline_to_now() -> None:
    engine = engine_of(LOSS)
    _holds(engine, "10")
    _marked(engine, "80")
    assert engine.execute_pre_trade(order_of()).rejects[0].policy == "loss"
    engine.rebase(7, "week", **BY)
    assert not engine.execute_pre_trade(order_of()).ok
    engine.rebase(7, "day", **BY)
    assert engine.execute_pre_trade(order_of()).ok
    assert "rebase" in [event.kind for event in engine.events()]
    with pytest.raises(ValueError, match="what must be one of peak, day, week, month, not 'year'"):
        engine.rebase(7, "year", **BY)
    for wrong in ({"actor": "", "reason": "test"}, {"actor": "anna", "reason": ""}):
        with pytest.raises(ValueError, match="must not be empty"):
            engine.rebase(7, "day", **wrong)


def test_a_request_meets_the_block_that_a_quote_since_its_start_has_brought() -> None:
    engine = engine_of({**LOSS, "action": "block_account"})
    _holds(engine, "10")
    _marked(engine, "100")
    # It reduces, so that no limit would refuse it.
    started = engine.start_pre_trade(order=order_of("10", side=param.Side.SELL))
    assert started.ok and started.request is not None
    _marked(engine, "80")
    assert [reject.code for reject in started.request.execute().rejects] == ["AccountBlocked"]


def test_a_session_that_falls_silent_is_lost() -> None:
    import datetime

    clock = openpit.Clock(START)
    engine = engine_of(
        SIZE, clock=clock, sessions=[{"id": "s1", "heartbeat": "5s", "on_loss": "halt", "release": "auto"}]
    )
    engine.heartbeat("s1")
    clock.advance(datetime.timedelta(seconds=5))
    engine.tick()
    assert engine.state(session="s1") == "HALTED"
    engine.heartbeat("s1")
    assert engine.state(session="s1") == "ACTIVE"
    with pytest.raises(ValueError, match="no session"):
        engine.heartbeat("s2")


def test_what_is_granted_and_located_is_checked() -> None:
    engine = engine_of(SIZE)
    expires = START.replace(hour=15)
    engine.grant(7, "a", ["size"], expires, ["anna", "bert"], "test")
    assert engine.execute_pre_trade(order_of("11", client_order_id="a")).ok
    with pytest.raises(ValueError, match="two different actors"):
        engine.grant(7, "a", ["size"], expires, ["anna", "anna"], "test")
    with pytest.raises(ValueError, match="no limit of this name"):
        engine.grant(7, "a", ["length"], expires, ["anna", "bert"], "test")
    engine.add_locate(7, "AAPL/USD", 5, "L1")
    with pytest.raises(ValueError):
        engine.add_locate(7, "AAPL/USD", 5, "L1")
