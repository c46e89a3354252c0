"""Workers: stops close once, drift halts, and what falls is started again."""

import asyncio
import random
from datetime import timedelta

import pytest
from support import Broker, Oms, Quotes

from mts1b_riskengine import Config, Position, Quote
from mts1b_riskengine.workers import broker_exit_reconciler, synthetic_stop_runner
from mts1b_riskengine.workers.broker_exit_reconciler import BrokerExitReconciler, diff
from mts1b_riskengine.workers.position_arm_sweeper import PositionArmSweeper
from mts1b_riskengine.workers.supervisor import Supervisor
from mts1b_riskengine.workers.synthetic_stop_runner import SyntheticStopRunner


def position(symbol, quantity, fund_id="alpha", **fields):
    return Position(fund_id=fund_id, symbol=symbol, quantity=quantity, **fields)


# stops


def runner(desk, **prices):
    oms, quotes = Oms(desk.engine), Quotes(**prices)
    return SyntheticStopRunner(desk.engine, oms, quotes), oms, quotes


def poll(desk, worker, times=1):
    for _ in range(times):
        desk.clock.advance(seconds=60)
        asyncio.run(worker.run_once())


def states(desk):
    return [stop.state.value for stop in desk.engine.stops("alpha")]


@pytest.mark.parametrize("how", ["hangs", "says no"])
def test_an_oms_that_does_not_answer_is_asked_again_with_the_same_key(make_desk, monkeypatch, how):
    monkeypatch.setattr(synthetic_stop_runner, "OMS_TIMEOUT_S", 0.02)
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, oms, _ = runner(desk, AAPL=440)
    oms.fails = how
    poll(desk, worker, times=3)
    assert desk.codes() == ["STOP_NOT_SENT"] * 3 and states(desk) == ["TRIGGERED"] and oms.sent == []
    oms.fails = None
    poll(desk, worker, times=3)
    assert [order.order_id.endswith("-1") for order, _ in oms.sent] == [True] and states(desk) == ["SENT"]


def test_nothing_is_sent_while_resting_orders_cannot_be_withdrawn(make_desk):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, oms, _ = runner(desk, AAPL=440)

    async def fail(**_):
        raise ConnectionError

    oms.cancel_open_orders = fail
    poll(desk, worker)
    assert oms.sent == [] and desk.codes() == ["STOP_NOT_SENT"]


def test_an_oms_that_hangs_for_one_symbol_does_not_keep_the_others(make_desk, monkeypatch):
    monkeypatch.setattr(synthetic_stop_runner, "OMS_TIMEOUT_S", 0.05)
    desk = make_desk()
    desk.hold("AAPL", 10)
    desk.hold("MSFT", 10)
    worker, oms, _ = runner(desk, AAPL=400, MSFT=300)
    submit = oms.submit_order

    async def hang(order):
        if order.symbol == "AAPL":
            await asyncio.sleep(60)
        return await submit(order)

    oms.submit_order = hang
    poll(desk, worker)
    assert [order.symbol for order, _ in oms.sent] == ["MSFT"] and desk.codes() == ["STOP_NOT_SENT"]


@pytest.mark.parametrize(
    "quote, code",
    [
        (None, "STOP_QUOTE_MISSING"),
        (RuntimeError("feed down"), "STOP_QUOTE_MISSING"),
        ("not a quote", "STOP_QUOTE_MISSING"),
        (Quote(symbol="MSFT", last=1), "STOP_QUOTE_MISSING"),
        ("old", "STOP_QUOTE_STALE"),
        ("of tomorrow", "STOP_QUOTE_STALE"),
    ],
)
def test_what_is_no_fresh_quote_of_this_symbol_fires_nothing(make_desk, clock, quote, code):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, oms, quotes = runner(desk)
    at = {"old": -61, "of tomorrow": 61}.get(quote if isinstance(quote, str) else None)
    if at is not None:
        quote = Quote(symbol="AAPL", last=1, at=clock.now + timedelta(seconds=60 + at))

    async def get_quote(symbol):
        if isinstance(quote, Exception):
            raise quote
        return quote

    quotes.get_quote = get_quote
    poll(desk, worker)
    assert desk.codes() == [code] and oms.sent == [] and states(desk) == ["ARMED"]


@pytest.mark.parametrize("age, fires", [(59, True), (60, True), (61, False)])
def test_a_quote_of_its_greatest_age_counts(make_desk, clock, age, fires):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, oms, _ = runner(desk, AAPL=Quote(symbol="AAPL", last=1, at=clock.now + timedelta(seconds=60 - age)))
    poll(desk, worker)
    assert bool(oms.sent) is fires


def test_a_clock_that_was_set_back_does_not_put_a_poll_off(make_desk):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, oms, quotes = runner(desk, AAPL=500)
    poll(desk, worker)
    desk.clock.advance(hours=-5)
    quotes.prices["AAPL"] = 440
    asyncio.run(worker.run_once())
    assert len(oms.sent) == 1


def test_disabled_stops_are_not_polled(make_desk):
    desk = make_desk(config=Config.parse("synthetic_stop: {enabled: false}"))
    desk.hold("AAPL", 10)
    worker, oms, _ = runner(desk, AAPL=1)
    poll(desk, worker)
    assert oms.sent == []


def test_it_runs_until_it_is_told_to_stop(make_desk):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, oms, _ = runner(desk, AAPL=440)
    worker.interval = 0.01

    async def scenario():
        stop = asyncio.Event()
        task = asyncio.create_task(worker.run(stop))
        while not oms.sent:
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(task, 5)

    asyncio.run(scenario())
    assert states(desk) == ["SENT"]


# reconciliation


def reconciler(desk, settings="", broker=()):
    config = Config.parse(f"broker_exit_reconciler: {{{settings}}}")
    oms, gateway = Oms(desk.engine), Broker(broker)
    return BrokerExitReconciler(desk.engine, oms, gateway, config=config), oms, gateway


def test_diff_finds_what_was_changed_whatever_the_order_and_the_splits():
    for seed in range(50):
        rng = random.Random(seed)
        books = {(f, s): rng.randrange(-5, 6) for f in ("a", "b") for s in ("X", "Y", "Z")}
        theirs = {key: quantity + rng.choice([0, 0, 0, 1, -3]) for key, quantity in books.items()}

        def split(held, rng=rng):
            made = []
            for (fund, symbol), quantity in held.items():
                part = rng.randrange(-3, 4)
                made += [position(symbol, part, fund, strategy_id="m"), position(symbol, quantity - part, fund)]
            rng.shuffle(made)
            return made

        found = diff(split(books), split(theirs))
        expected = {key: theirs[key] - books[key] for key in books if theirs[key] != books[key]}
        assert {(d.fund_id, d.symbol): d.delta for d in found} == expected, seed
        assert [(d.fund_id, d.symbol) for d in found] == sorted(expected), seed


def test_quantities_are_compared_to_the_last_digit():
    tiny = "0.0000000000000000000000000001"
    assert diff([position("A", "1.00")], [position("A", 1)]) == []
    (found,) = diff([position("A", tiny), position("A", "9" * 28)], [position("A", "9" * 28)])
    assert found.kind == "QUANTITY" and str(found.delta) == "-1E-28"


@pytest.mark.parametrize("hangs", [True, False])
def test_a_broker_that_hangs_is_unavailable(make_desk, monkeypatch, hangs):
    monkeypatch.setattr(broker_exit_reconciler, "CALL_TIMEOUT_S", 0.02)
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, _, gateway = reconciler(desk, "max_failures: 2")

    async def fail():
        if hangs:
            await asyncio.sleep(60)
        raise ConnectionError

    gateway.get_positions = fail
    assert [asyncio.run(worker.run_once()).action for _ in range(3)] == ["unavailable", "halted", "halted"]
    assert desk.engine.is_halted("alpha") and len(desk.engine.halts("alpha")) == 1


@pytest.mark.parametrize("broken", [None, [None], ["AAPL"], 5])
def test_an_answer_of_another_shape_is_an_outage_too(make_desk, broken):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, _, gateway = reconciler(desk)

    async def answer():
        return broken

    gateway.get_positions = answer
    assert asyncio.run(worker.run_once()).action == "unavailable"


def test_an_oms_that_never_answered_halts_the_registered_funds(make_desk):
    desk = make_desk()
    worker, oms, _ = reconciler(desk, "max_failures: 1")
    oms.fails = "down"
    assert asyncio.run(worker.run_once()).action == "halted" and desk.engine.is_halted("alpha")


def test_a_fund_that_only_the_broker_knows_is_drift(make_desk):
    desk = make_desk()
    worker, _, _ = reconciler(desk, "mode: alert", [position("AAPL", 5, "ghost")])
    report = asyncio.run(worker.run_once())
    assert [(d.fund_id, d.kind) for d in report.discrepancies] == [("ghost", "MISSING_AT_OMS")] and report.funds == [
        "ghost"
    ]


def test_a_pool_and_funds_by_name_are_compared_apart(make_desk):
    desk = make_desk()
    for fund in ("beta", "gamma"):
        desk.engine.register_fund(fund)
    desk.hold("AAPL", 10)
    worker, oms, gateway = reconciler(desk, "mode: alert")
    oms.funds = ["alpha", "beta", "gamma"]
    books = {
        "alpha": [position("AAPL", 10)],
        "beta": [position("AAPL", 2, "beta")],
        "gamma": [position("AAPL", 3, "gamma")],
    }

    async def get_positions(*, fund_id):
        return books[fund_id]

    oms.get_positions = get_positions
    gateway.positions = [position("AAPL", 10), position("AAPL", 5, "")]
    assert asyncio.run(worker.run_once()).discrepancies == []
    gateway.positions = [position("AAPL", 10), position("AAPL", 4, "")]
    report = asyncio.run(worker.run_once())
    assert [(d.fund_id, d.delta) for d in report.discrepancies] == [("", -1)] and report.funds == ["beta", "gamma"]


def test_what_two_strategies_hold_is_not_put_right_by_a_machine(make_desk):
    desk = make_desk()
    desk.hold("AAPL", 10, strategy_id="momo")
    desk.hold("AAPL", 10, strategy_id="value")
    worker, oms, _ = reconciler(desk, "mode: auto_reconcile, auto_max_notional: 100000", [position("AAPL", 19)])
    assert asyncio.run(worker.run_once()).action == "halted" and oms.adjusted == []


@pytest.mark.parametrize("most, action", [(499, "halted"), (500, "reconciled"), (501, "reconciled")])
def test_the_size_that_may_be_put_right_is_included(make_desk, most, action):
    desk = make_desk()
    desk.hold("AAPL", 10, strategy_id="momo")
    worker, _, _ = reconciler(desk, f"mode: auto_reconcile, auto_max_notional: {most}", [position("AAPL", 9)])
    assert asyncio.run(worker.run_once()).action == action
    if action == "reconciled":
        (book,) = desk.engine.books("alpha")
        assert (book.strategy_id, book.quantity, book.average_price) == ("momo", 9, 500)


def test_an_adjustment_that_fails_halts(make_desk):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, oms, _ = reconciler(desk, "mode: auto_reconcile, auto_max_notional: 100000", [position("AAPL", 9)])

    async def fail(**_):
        raise ConnectionError

    oms.adjust_position = fail
    assert asyncio.run(worker.run_once()).action == "halted"
    assert desk.engine.positions("alpha")["AAPL"].quantity == 10


def test_a_reconciliation_is_in_the_audit(make_desk):
    desk = make_desk()
    desk.hold("AAPL", 10)
    worker, _, _ = reconciler(desk, "", [position("AAPL", 9)])
    asyncio.run(worker.run_once())
    kinds = [record.kind for record in desk.engine.store.records()]
    assert kinds.count("reconciliation") == 1 and "halt" in kinds


# supervision


class Shaky:
    """Falls on the runs it is told to."""

    name, interval = "shaky", 0.01

    def __init__(self, runs, falls):
        self.runs, self.falls = runs, falls

    async def run_once(self):
        self.runs.append(id(self))
        if len(self.runs) in self.falls:
            raise RuntimeError("fell")


def test_a_worker_that_falls_is_started_again(make_desk, monkeypatch):
    desk, runs = make_desk(), []

    async def scenario():
        supervisor = Supervisor(desk.engine)
        rest = supervisor._rest
        monkeypatch.setattr(supervisor, "_rest", lambda seconds: rest(min(seconds, 0.01)))
        supervisor.add(lambda: Shaky(runs, {2, 3}))
        for _ in range(500):
            await asyncio.sleep(0.01)
            if len(runs) >= 6:
                break
        await supervisor.stop()
        count = len(runs)
        await asyncio.sleep(0.05)
        assert len(runs) == count >= 6

    asyncio.run(scenario())
    assert desk.codes() == ["WORKER_FAILED"] * 2
    assert len(set(runs[3:])) == 1, "what did not fall goes on as it was"
    text = desk.engine.metrics_text()
    assert 'riskengine_worker_restarts_total{worker="shaky"} 2' in text
    assert 'riskengine_worker_lag_seconds{worker="shaky"} 0' in text


def test_the_lag_of_a_worker_that_hangs_grows(make_desk):
    desk = make_desk()

    class Hangs(Shaky):
        async def run_once(self):
            await asyncio.sleep(60)

    async def scenario():
        supervisor = Supervisor(desk.engine)
        supervisor.add(lambda: Hangs([], set()))
        await asyncio.sleep(0.02)
        desk.clock.advance(seconds=90)
        assert 'riskengine_worker_lag_seconds{worker="shaky"} 89.99' in desk.engine.metrics_text()
        for task in supervisor._tasks:
            task.cancel()
        await supervisor.stop()

    asyncio.run(scenario())


def test_a_sweep_tells_of_every_position_nobody_can_price(make_desk):
    from mts1b_riskengine import Instrument

    desk = make_desk()
    desk.engine.register_instrument(Instrument(symbol="NEW", asset_class="equity"))
    desk.engine.set_position("alpha", "NEW", 10, reason="initial load")
    report = asyncio.run(PositionArmSweeper(desk.engine).run_once())
    assert [position.symbol for position in report.failed] == ["NEW"] and desk.codes() == ["STOP_NOT_ARMED"]
