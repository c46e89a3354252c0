"""A whole document in the place of what is in force: what is known of the world changes with the limits, and what is held stays."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest
from test_limits import SECOND, START, order_of

import openpit
from openpit import config, param

SIZE = {"name": "size", "metric": "order_quantity", "upper": 10}


def document(**keys: Any) -> dict[str, Any]:
    return {"openpit": 1, "defaults": {"currency": "USD"}, "limits": [SIZE], **keys}


def made(clock: openpit.Clock | None = None, **keys: Any) -> openpit.Engine:
    return openpit.Engine.from_config(document(**keys), clock or openpit.Clock(START))


def hold(engine: openpit.Engine, account: int, instrument: str, quantity: int, average: int = 100) -> None:
    underlying, settlement = instrument.split("/")
    adjustment = openpit.AccountAdjustment(
        operation=openpit.AccountAdjustmentLedgerPositionOperation(
            instrument=openpit.Instrument(underlying, settlement), average_entry_price=Decimal(average)
        ),
        amount=openpit.AccountAdjustmentAmount(balance=param.AdjustmentAmount.absolute(Decimal(quantity))),
    )
    assert engine.apply_account_adjustment(param.AccountId.from_int(account), [adjustment]).ok


def codes(engine: openpit.Engine, **order: Any) -> list[str]:
    """Why an order is refused; one that is not works from then on."""
    result = engine.execute_pre_trade(order_of(**order))
    if result.reservation is not None:
        result.reservation.commit()
    return [reject.code for reject in result.rejects]


def used(engine: openpit.Engine, name: str) -> dict[str, Decimal]:
    """What is used of a limit, by the values of its scope."""
    return {
        " ".join(str(value) for value in status.scope.values()): status.used
        for status in engine.limits()
        if status.name == name and status.used is not None and status.used
    }


# ---- Each part of the world ----


def test_the_step_of_prices_changes() -> None:
    engine = made(instruments=[{"id": "AAPL/USD", "tick": "0.01"}])
    limits = [{"name": "form", "metric": "price_tick"}, SIZE]
    assert codes(engine, price="100.05") == []
    engine.reconfigure(document(instruments=[{"id": "AAPL/USD", "tick": "0.1"}], limits=limits))
    assert codes(engine, price="100.05") != [] and codes(engine, price="100.1") == []


def test_lists_of_known_names_change() -> None:
    engine = made(known=["strategies"], strategies=["momentum"])
    assert codes(engine, strategy="momentum") == [] and codes(engine, strategy="carry") != []
    engine.reconfigure(document(known=["strategies"], strategies=["carry"]))
    assert codes(engine, strategy="momentum") != [] and codes(engine, strategy="carry") == []
    engine.reconfigure(document())
    assert codes(engine, strategy="momentum") == []


def test_what_is_held_is_valued_by_the_new_sources() -> None:
    limits = [{"name": "gross", "metric": "gross_exposure", "scope": {"account": "*"}, "upper": 10**9}]
    engine = made(limits=limits, valuation={"positions": ["last"]})
    hold(engine, 7, "AAPL/USD", 10)
    engine.set_input("last", 100, instrument="AAPL/USD")
    engine.set_input("close", 90, instrument="AAPL/USD")
    assert used(engine, "gross") == {"7": 1000}
    engine.reconfigure(document(limits=limits, valuation={"positions": ["close"]}))
    assert used(engine, "gross") == {"7": 900}


def test_an_instrument_takes_what_is_held_of_it_into_its_new_class() -> None:
    limits = [
        {"name": "sector", "metric": "gross_exposure", "scope": {"class": "sector:*"}, "currency": "USD", "upper": 2000}
    ]
    tech = {"id": "AAPL/USD", "classes": {"sector": "tech"}}
    engine = made(limits=limits, instruments=[tech, {"id": "XOM/USD", "classes": {"sector": "oil"}}])
    for instrument in ("AAPL/USD", "XOM/USD"):
        engine.set_input("last", 100, instrument=instrument)
        hold(engine, 7, instrument, 10)
    assert used(engine, "sector") == {"sector:tech": 1000, "sector:oil": 1000}
    assert codes(engine, quantity="10") == []
    engine.reconfigure(document(limits=limits, instruments=[{**tech, "classes": {"sector": "oil"}}]))
    assert used(engine, "sector") == {"sector:oil": 3000}
    assert codes(engine, quantity="1") == ["RiskLimitExceeded"]
    engine.reconfigure(document(limits=limits, instruments=[{"id": "AAPL/USD"}, {"id": "XOM/USD"}]))
    assert used(engine, "sector") == {}


def test_margins_of_what_is_held_and_of_working_orders_change() -> None:
    limits = [{"name": "excess", "metric": "initial_margin_excess", "scope": {"account": "*"}, "lower": 0}]
    half, whole = ({"id": "AAPL/USD", "margin": {"long": share, "short": share}} for share in ("0.5", "1"))
    accounts = [{"id": 7, "equity": 3000}]
    engine = made(limits=limits, instruments=[half], accounts=accounts)
    engine.set_input("last", 100, instrument="AAPL/USD")
    hold(engine, 7, "AAPL/USD", 10)
    assert codes(engine, quantity="10") == []
    assert used(engine, "excess") == {"7": 2000}
    engine.reconfigure(document(limits=limits, instruments=[whole], accounts=accounts))
    assert used(engine, "excess") == {"7": 1000}


def test_calendars_change_and_begin_their_periods() -> None:
    clock = openpit.Clock(START)
    limits = [
        {"name": "daily", "metric": "repeated_executions", "scope": {"account": "*"}, "period": "day", "upper": 1}
    ]

    def day(roll: str) -> dict[str, Any]:
        keys = {"calendars": {"desk": {"time_zone": "UTC", "day_roll": roll}}, "limits": limits}
        return document(**keys) | {"defaults": {"currency": "USD", "calendar": "desk"}}

    engine = openpit.Engine.from_config(day("00:00"), clock)
    assert codes(engine) == [] and codes(engine) == ["RateLimitExceeded"]
    engine.reconfigure(day("14:31"))
    clock.advance(59 * SECOND)
    assert codes(engine) == ["RateLimitExceeded"]
    clock.advance(SECOND)
    assert codes(engine) == [] and codes(engine) == ["RateLimitExceeded"]


def test_a_session_that_stays_was_heard_of_when_it_was() -> None:
    clock = openpit.Clock(START)
    session = {"id": "gateway", "heartbeat": "10s", "on_loss": "halt"}
    engine = made(clock, sessions=[session, {**session, "id": "other"}])
    engine.heartbeat("gateway")
    clock.advance(9 * SECOND)
    engine.reconfigure(document(sessions=[session]))
    assert codes(engine, session="gateway") == []
    clock.advance(SECOND)
    assert codes(engine, session="gateway") != []
    with pytest.raises((KeyError, ValueError, LookupError)):
        engine.heartbeat("other")


def test_an_account_changes_jurisdiction_and_wash_group() -> None:
    instrument = {"id": "AAPL/USD", "jurisdictions": ["US"]}
    engine = made(instruments=[instrument], accounts=[{"id": 7, "jurisdiction": "US"}])
    assert codes(engine) == []
    engine.reconfigure(document(instruments=[instrument], accounts=[{"id": 7, "jurisdiction": "DE"}]))
    assert codes(engine) != []


def test_an_account_whose_group_is_gone_is_in_none() -> None:
    limits = [{"name": "desk", "metric": "working_notional", "scope": {"group": "*"}, "upper": 1000}]
    grouped = {"groups": [{"id": "north", "currency": "USD"}], "accounts": [{"id": 7, "group": "north"}]}
    engine = made(limits=limits, **grouped)
    assert codes(engine, quantity="10") == [] and codes(engine) == ["RiskLimitExceeded"]
    engine.reconfigure(document(limits=limits))
    assert codes(engine) == [] and used(engine, "desk") == {}


# ---- All or nothing ----


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"engine": {"sync": "full"}}, "engine"),
        ({"policies": [{"policy": "order_validation"}]}, "policies"),
        ({"defaults": {"currency": "EUR"}}, "defaults.currency"),
        ({"defaults": {"currency": "USD", "equity": 5}}, "defaults.equity"),
        ({"market_data": {"ttl": "1s"}}, "market_data.ttl"),
        ({"ledger": {"retention": 7}}, "ledger.retention"),
        ({"instruments": [{"id": "AAPL/USD", "multiplier": 10}]}, "instruments[0].multiplier"),
        ({"accounts": [{"id": 7, "currency": "EUR"}]}, "accounts[0].currency"),
    ],
)
def test_what_a_running_engine_cannot_change_is_refused_by_name(keys: dict[str, Any], path: str) -> None:
    engine = made(accounts=[{"id": 7}], version="v1")
    hold(engine, 7, "AAPL/USD", 1)
    with pytest.raises(config.ConfigError) as caught:
        engine.reconfigure({**document(limits=[{**SIZE, "upper": 20}], known=["strategies"]), **keys})
    assert [(problem.path, problem.code) for problem in caught.value.problems] == [(path, "immutable")]
    assert engine.version == "v1" and codes(engine, strategy="any") == []
    assert next(status.upper for status in engine.limits()) == 10


# ---- Beside an engine that never knew anything else ----


def _random_document(rng: random.Random) -> dict[str, Any]:
    sectors, names = ["tech", "oil", "food"], ["A/USD", "B/USD", "C/USD", "D/USD"]
    return document(
        instruments=[
            {
                "id": name,
                "classes": {"sector": rng.choice(sectors)},
                "margin": {"long": rng.choice(["0.2", "0.5"]), "short": "0.5"},
            }
            for name in names
            if rng.random() < 0.8
        ],
        groups=[{"id": "north", "currency": "USD"}, {"id": "south", "currency": "USD"}],
        accounts=[{"id": account, "equity": 1000, "group": rng.choice(["north", "south"])} for account in (7, 8)]
        + [{"id": 9, "equity": 1000}],
        valuation={"positions": rng.choice([["last"], ["close"], ["close", "last"]])},
        limits=[
            {"name": f"{metric} {key}", "metric": metric, "scope": {key: scope}, "currency": "USD", "upper": 10**9}
            for metric in ("gross_exposure", "net_exposure")
            for key, scope in (("account", "*"), ("group", "*"), ("class", "sector:*"))
            if rng.random() < 0.8
        ]
        + [{"name": "share", "metric": "concentration", "scope": {"account": "*", "class": "sector:*"}, "upper": 1}]
        + [{"name": "excess", "metric": "initial_margin_excess", "scope": {"account": "*"}, "lower": -(10**9)}],
    )


@pytest.mark.parametrize("seed", range(20))
def test_an_engine_that_was_changed_says_what_one_says_that_was_made_so(seed: int) -> None:
    print(f"seed {seed}")
    rng = random.Random(seed)
    documents = [_random_document(rng) for _ in range(4)]
    # What a later document leaves out stays: the last one names everything.
    last = documents[-1]
    named = {instrument["id"] for instrument in last["instruments"]}
    last["instruments"] += [{"id": f"{name}/USD"} for name in "ABCD" if f"{name}/USD" not in named]
    holdings = [(account, f"{name}/USD", rng.randint(-20, 20)) for account in (7, 8, 9) for name in "ABCD"]
    rng.shuffle(holdings)
    prices = [(source, f"{name}/USD", rng.randint(50, 150)) for name in "ABCD" for source in ("last", "close")]

    def told(first: dict[str, Any], *later: dict[str, Any]) -> openpit.Engine:
        engine = openpit.Engine.from_config(first, openpit.Clock(START))
        for source, instrument, price in prices:
            engine.set_input(source, price, instrument=instrument)
        half = len(holdings) // 2
        for account, instrument, quantity in holdings[:half]:
            hold(engine, account, instrument, quantity)
        for document in later:
            engine.reconfigure(document)
        for account, instrument, quantity in holdings[half:]:
            hold(engine, account, instrument, quantity)
        return engine

    changed, fresh = told(*documents), told(last)
    for name in {limit["name"] for limit in last["limits"]}:
        assert used(changed, name) == used(fresh, name), name
