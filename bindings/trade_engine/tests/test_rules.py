"""Rules of the package's contract that its own acceptance leaves open, and what was found while they were written."""

import contextlib
import datetime
import decimal
import json
import random
import subprocess
import sys
from decimal import Decimal as D
from pathlib import Path

import pytest
from trade_support import START, names

from trade_engine import Engine, EventStore, FileEventStore, InstrumentSpec, RiskManager, SimulatedBroker, replay
from trade_engine.errors import EventStoreError, InvalidTransition, NotHalted, ReplayError
from trade_engine.events import Event, OrderClosed, PositionOpened, RiskHalted, RiskWarning
from trade_engine.models import Fill, Order, OrderState, OrderType, Position, Side, Signal, TimeInForce
from trade_engine.risk.rules import MaxDrawdownRule, MaxPositionRule, MaxPositionsRule, Rule, RuleResult


def buy(symbol="AAA", **options):
    return Signal(symbol, Side.BUY, **options)


def sell(symbol="AAA", **options):
    return Signal(symbol, Side.SELL, **options)


# ---- Numbers


@pytest.mark.parametrize("kind", ["float64", "float32", "int64", "uint8", "float16"])
def test_scalars_of_numpy_are_amounts(make_engine, kind):
    numpy = pytest.importorskip("numpy")
    engine = make_engine()
    engine.update_price("AAA", getattr(numpy, kind)(2))
    assert engine.state().prices["AAA"] == 2


@pytest.mark.parametrize("value", [None, [1], object(), b"1", True])
def test_what_is_no_number_is_a_type_error(make_engine, value):
    with pytest.raises(TypeError):
        make_engine().update_price("AAA", value)


@pytest.mark.parametrize("value", ["", "1e", "nan", "1,5", D("NaN"), D("Infinity"), 10**40, "1." + "1" * 40])
def test_what_does_not_fit_is_a_value_error_that_names_the_argument(make_engine, value):
    engine = make_engine()
    with pytest.raises(ValueError, match="price"):
        engine.update_price("AAA", value)
    assert engine.get_events() == []


def test_a_strength_of_many_digits_is_sized_exactly(make_engine):
    """The product of strength, share and equity has more digits than a decimal has."""
    engine = make_engine(max_position_pct="0.3333333333333", slippage_bps=3, commission_per_trade="0.0123456789")
    engine.submit_signal(buy("BBB", quantity="0.3333"), current_price="123.456789123")
    strength = D("0.03123456789012345")
    order = engine.submit_signal(buy(strength=strength), current_price="1.2345678901")
    with decimal.localcontext() as exact:
        exact.prec = 100
        (created,) = [e for e in engine.get_events(order_id=order.order_id) if type(e).__name__ == "OrderCreated"]
        budget = strength * D("0.3333333333333") * created.equity
        unit = D("1.2345678901")
        assert order.quantity * unit <= budget < (order.quantity + D("0.0001")) * unit


def test_money_beyond_a_decimal_is_refused_and_nothing_has_changed(make_engine):
    engine = make_engine(initial_capital=10**20)
    engine.submit_signal(buy(quantity=10**12), current_price="0.0000000001")
    before = engine.state()
    with pytest.raises(ValueError):
        engine.update_price("AAA", 10**20)
    assert engine.state() == before == engine.replay()


# ---- Orders


def test_an_order_of_an_engine_moves_only_with_an_event(make_engine, scripted_broker):
    engine = make_engine(broker=scripted_broker)
    order = engine.submit_signal(buy(quantity=2), current_price=10)
    with pytest.raises(InvalidTransition):
        order.transition_to(OrderState.CLOSED)
    order.apply_fill(11, 1)
    order.transition_to(OrderState.CANCELLED, reason="by hand")
    assert (order.state, order.cancel_reason, order.filled_quantity) == (OrderState.CANCELLED, "by hand", 1)
    assert names(engine.get_events(order_id=order.order_id))[-1] == "OrderCancelled"
    with pytest.raises(InvalidTransition, match="Cannot transition order ORD-001 from CANCELLED to FILLED"):
        order.transition_to(OrderState.FILLED)
    assert engine.state() == engine.replay()


def test_ids_go_on_after_999(make_engine):
    engine = make_engine()
    engine.update_price("AAA", 1)
    for _ in range(1000):
        last = engine.submit_signal(buy(quantity="0.0001"))
    assert last.order_id == "ORD-1000"
    assert engine.replay() == engine.state()


def test_orders_close_in_the_order_of_their_creation(make_engine):
    """The first order fills last, because it waits for its price."""
    engine = make_engine()
    resting = engine.submit_signal(buy(quantity=1, order_type=OrderType.LIMIT, limit_price=90), current_price=100)
    second = engine.submit_signal(buy(quantity=1))
    engine.update_price("AAA", 90)
    engine.close_position("AAA")
    assert [event.order_id for event in engine.get_events(type=OrderClosed)] == [resting.order_id, second.order_id]


# ---- Risk


def test_a_sequence_of_signals_never_passes_the_limit(make_engine):
    """TE-6.3, 6.13 over random prices and strengths."""
    dice = random.Random(4)
    engine = make_engine(max_position_pct="0.10", slippage_bps=0)
    for _ in range(300):
        price = D(dice.randint(500, 1500)) / 10
        engine.submit_signal(buy(strength=D(dice.randint(0, 100)) / 100), current_price=price)
        position = engine.get_position("AAA")
        if position is not None:
            assert position.entry_price * position.quantity <= D("0.10") * engine.equity * D("3.1")
    engine.update_price("AAA", 100)
    held = engine.get_position("AAA").quantity
    order = engine.submit_signal(buy())
    if order.rejection_code is None:
        assert (held + order.quantity) * 100 <= D("0.10") * engine.equity


def test_resting_orders_count_as_positions(make_engine):
    engine = make_engine(max_positions=1)
    engine.submit_signal(buy(quantity=1, order_type=OrderType.LIMIT, limit_price=5), current_price=10)
    assert engine.submit_signal(buy("BBB", quantity=1), current_price=10).rejection_code == "MAX_POSITIONS"


def test_a_rule_may_warn(make_engine):
    class Loud(Rule):
        name = "loud"

        def evaluate(self, ctx):
            return RuleResult("LOUD", True, message=f"{ctx.quantity} of {ctx.symbol}", warning=True)

    engine = make_engine(extra_rules=[Loud()])
    order = engine.submit_signal(buy(quantity=3), current_price=10)
    (warning,) = engine.get_events(type=RiskWarning)
    assert (warning.code, warning.message, warning.order_id) == ("LOUD", "3 of AAA", order.order_id)
    assert names(engine.get_events(order_id=order.order_id))[:3] == ["OrderCreated", "RiskWarning", "OrderSubmitted"]


@pytest.mark.parametrize("answer", [None, True, "no", RuntimeError("x")])
def test_a_rule_that_answers_something_else_refuses(make_engine, answer):
    class Odd(Rule):
        name = "odd"

        def evaluate(self, ctx):
            if isinstance(answer, Exception):
                raise answer
            return answer

    order = make_engine(extra_rules=[Odd()]).submit_signal(buy(quantity=1), current_price=10)
    assert order.rejection_code == "RULE_ERROR"


@pytest.mark.parametrize(
    "rule, code",
    [
        (MaxPositionsRule(1), "MAX_POSITIONS"),
        (MaxPositionRule("0.00001"), "MAX_POSITION_SIZE"),
        (MaxDrawdownRule("0.01"), "DRAWDOWN_HALT"),
    ],
)
def test_limits_are_rules_of_their_own(make_engine, rule, code):
    engine = make_engine(extra_rules=[rule])
    engine.update_prices({"AAA": 100, "BBB": 100})
    if code != "MAX_POSITION_SIZE":
        engine.submit_signal(buy("BBB", quantity=100))
    if code == "DRAWDOWN_HALT":
        engine.update_price("BBB", 80)
    assert engine.submit_signal(buy(quantity=10)).rejection_code == code


def test_halts_are_told_first_things_first(make_engine):
    engine = make_engine(max_drawdown_pct="0.5", max_daily_loss_pct="0.1")
    engine.submit_signal(buy(), current_price=100)
    engine.halt("anna", "lunch")
    engine.update_price("AAA", 80)
    engine.update_price("AAA", 40)
    assert engine.state().halts == engine.risk_manager.halts == ("manual", "daily_loss", "drawdown")
    assert engine.risk_manager.halt_reason == "lunch"
    assert [(event.kind, event.operator) for event in engine.get_events(type=RiskHalted)] == [
        ("manual", "anna"), ("daily_loss", None), ("drawdown", None),
    ]  # fmt: skip
    assert engine.close_position("AAA").state is OrderState.FILLED
    engine.resume("anna", "enough")
    with pytest.raises(NotHalted):
        engine.resume("anna", "again")
    assert engine.state() == engine.replay()


# ---- Brokers


def test_an_interrupted_broker_answers_into_the_engine(make_engine):
    from trade_engine import Broker

    class Eager(Broker):
        name = "eager"

        def submit_order(self, order, current_price):
            self.engine.apply_fill(
                Fill(
                    order.order_id, order.symbol, order.side, order.quantity, current_price, current_price, fill_id="A"
                )
            )
            return [
                Fill(
                    order.order_id, order.symbol, order.side, order.quantity, current_price, current_price, fill_id="A"
                )
            ]

        def cancel_order(self, order_id):
            return False

    broker = Eager()
    engine = broker.engine = make_engine(broker=broker)
    assert engine.submit_signal(buy(quantity=2), current_price=5).state is OrderState.FILLED
    assert engine.get_position("AAA").quantity == 2


def test_a_broker_that_answers_nonsense_leaves_the_outcome_open(make_engine, scripted_broker):
    engine = make_engine(broker=scripted_broker)
    scripted_broker.answers = [["not a fill"]]
    assert engine.submit_signal(buy(quantity=1), current_price=1).state is OrderState.SUBMITTED


@pytest.mark.parametrize("tif", [TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK])
def test_stop_limits_become_limits(make_engine, tif):
    engine = make_engine()
    order = engine.submit_signal(
        buy(quantity=1, order_type=OrderType.STOP_LIMIT, stop_price=105, limit_price=104, time_in_force=tif),
        current_price=100,
    )
    if tif is not TimeInForce.GTC:
        assert order.state is OrderState.CANCELLED
        return
    engine.update_price("AAA", 106)
    assert order.state is OrderState.SUBMITTED
    engine.update_price("AAA", "103.5")
    assert (order.state, order.average_fill_price) == (OrderState.FILLED, D("103.5"))


def test_a_flip_frees_the_margin_of_what_it_closes(make_engine):
    engine = make_engine(opposite_signal="flip")
    engine.submit_signal(buy(quantity=1000), current_price=100)
    assert engine.broker.buying_power == 0
    order = engine.submit_signal(sell(quantity=2000))
    assert order.state is OrderState.FILLED
    assert engine.broker.equity == engine.equity and engine.broker.margin_used == 100_000


@pytest.mark.parametrize("seed", range(8))
def test_broker_and_engine_agree_whatever_happens(make_engine, clock, seed):
    """TE-7.10, 11.2, 11.5: random days, with restarts from the events alone."""
    dice = random.Random(seed)
    options = {
        "slippage_bps": 7,
        "commission_per_trade": "1.25",
        "partial_fill_rate": "0.3",
        "max_fill_quantity": 20,
        "seed": seed,
    }
    limits = {"max_position_pct": 1, "max_drawdown_pct": "0.9", "max_daily_loss_pct": "0.5", "opposite_signal": "flip"}
    engine = make_engine(**options, **limits)
    for step in range(250):
        clock.advance(minutes=dice.choice([1, 5, 700]))
        symbol, price = dice.choice(["AAA", "BBB", "CCC"]), D(dice.randint(80, 120)) + D(dice.randint(0, 99)) / 100
        kind = dice.choice(list(OrderType))
        stops = {"stop_price": price + dice.randint(-5, 5)} if kind in (OrderType.STOP, OrderType.STOP_LIMIT) else {}
        ends = {"limit_price": price + dice.randint(-5, 5)} if kind in (OrderType.LIMIT, OrderType.STOP_LIMIT) else {}
        action = dice.random()
        if action < 0.6:
            side = dice.choice([Side.BUY, Side.SELL, Side.FLAT])
            signal = Signal(
                symbol,
                side,
                1,
                quantity=dice.randint(1, 60),
                order_type=kind,
                time_in_force=dice.choice(list(TimeInForce)),
                **stops,
                **ends,
            )
            engine.submit_signal(signal, price)
        elif action < 0.9:
            engine.update_price(symbol, price)
        elif action < 0.95 and symbol in engine.get_all_positions():
            engine.close_position(symbol)
        open_orders = [order for order in engine.get_orders() if order.is_open]
        if open_orders and dice.random() < 0.1:
            with contextlib.suppress(InvalidTransition):  # the day may have ended meanwhile
                engine.cancel_order(dice.choice(open_orders).order_id)
        assert engine.broker.equity == engine.equity, (seed, step)
        assert engine.state() == engine.replay(), (seed, step)
        if step % 50 == 49:
            before, store = engine.state(), engine.event_store
            broker = SimulatedBroker(**options, prices={})
            engine = Engine.restore(store, broker, RiskManager(**limits), clock=clock)
            assert engine.state() == before and broker.equity == engine.equity, (seed, step)
            assert {o.order_id: o.history for o in engine.get_orders()}.keys() == before.orders.keys()


# ---- Stores and replays


def test_a_store_that_fails_in_the_middle_of_a_call_takes_it_back(make_engine):
    class Fails(EventStore):
        left = 7

        def append(self, event):
            if self.left == 0:
                raise OSError("gone")
            self.left -= 1
            return super().append(event)

    store = Fails()
    engine = make_engine(event_store=store)
    engine.update_price("AAA", 10)
    with pytest.raises(EventStoreError):
        engine.submit_signal(buy(quantity=5))  # the fill is kept, the position is not
    store.left = 100
    assert engine.state() == engine.replay()
    assert engine.submit_signal(buy(quantity=1)).rejection_code == "STORE_FAILED"
    assert engine.state() == engine.replay()


@pytest.mark.parametrize("kept", range(1, 40))
def test_a_history_that_ends_anywhere_is_gone_on_with(make_engine, clock, kept):
    """What a crash cuts off between a fill and its position is made good, because the market has traded."""
    engine = make_engine(opposite_signal="flip", commission_per_trade="1.5")
    for side, quantity, price in (
        ("BUY", 10, 100),
        ("BUY", 5, 110),
        ("SELL", 3, 120),
        ("SELL", 30, 90),
        ("BUY", 18, 80),
    ):
        engine.submit_signal(Signal("AAA", side, quantity=quantity), current_price=price)
    cut = EventStore()
    for event in engine.get_events()[:kept]:
        cut.append(event)
    broker = SimulatedBroker(slippage_bps=0, commission_per_trade="1.5", prices={})
    again = Engine.restore(
        cut, broker, RiskManager(max_position_pct=1, max_drawdown_pct=1, max_daily_loss_pct=1), clock=clock
    )
    assert again.state() == again.replay() and broker.equity == again.equity
    filled = sum(o.filled_quantity * (1 if o.side is Side.BUY else -1) for o in again.get_orders())
    position = again.get_position("AAA")
    assert (position.signed_quantity if position else 0) == filled


def test_an_unknown_event_is_no_history():
    class Odd(Event):
        pass

    with pytest.raises(ReplayError, match="1"):
        replay([Odd(seq=1, event_id="EVT-000001", timestamp=START)])


def test_nothing_replays_to_nothing(make_engine):
    engine = make_engine()
    assert engine.state() == engine.replay() == replay([])
    assert (engine.cash, engine.equity, engine.initial_capital) == (100_000, 100_000, 100_000)


def test_an_empty_store_restores_to_a_new_engine(clock):
    engine = Engine.restore(EventStore(), SimulatedBroker(), RiskManager(), clock=clock)
    assert engine.submit_signal(buy("ES")).order_id == "ORD-001"


@pytest.mark.parametrize("fsync", ["always", "batch", "never"])
def test_files_hold_what_a_signal_says(make_engine, tmp_path, fsync):
    numpy = pytest.importorskip("numpy")
    store = FileEventStore(tmp_path / "a" / "b.jsonl", fsync=fsync)
    engine = make_engine(event_store=store)
    engine.submit_signal(
        buy(
            quantity=1,
            metadata={"n": numpy.float64(0.5), "l": [1, (2, "ü")], "d": D("1.50"), "t": datetime.date(2026, 1, 2)},
        ),
        current_price=1,
    )
    events = engine.get_events()
    engine.close()
    assert FileEventStore(tmp_path / "a" / "b.jsonl", read_only=True).get_all() == events
    assert all(json.loads(line) for line in (tmp_path / "a" / "b.jsonl").read_text().splitlines())


def test_a_bad_mode_of_a_file_is_refused_before_it_is_made(tmp_path):
    with pytest.raises(ValueError):
        FileEventStore(tmp_path / "x", fsync="sometimes")
    assert not (tmp_path / "x").exists()


# ---- Snapshots


def test_a_position_of_one_s_own_has_figures():
    position = Position("AAA", "SHORT", 10, 100, 92, unrealized_pnl=80, commission_paid=2, cost_basis=1000)
    assert (position.total_pnl, position.net_pnl, position.return_pct, position.notional_value) == (
        80,
        78,
        D("0.08"),
        920,
    )
    assert position.signed_quantity == -10


def test_an_order_of_one_s_own_may_be_traded_on_paper():
    broker = SimulatedBroker(slippage_bps=0, commission_per_trade=0)
    order = Order("AAA", Side.BUY, 10)
    (fill,) = broker.submit_order(order, 100)
    assert (fill.order_id, fill.price, fill.fill_id) == (order.order_id, 100, "FILL-001")
    broker.on_price("AAA", 110, START)
    assert (broker.equity, broker.return_pct) == (100_100, D("0.001"))


def test_the_multiplier_of_a_fill_is_the_specification_s(make_engine, scripted_broker):
    engine = make_engine(broker=scripted_broker, instruments=[InstrumentSpec("ES", 50, quantity_step=1)])
    order = engine.submit_signal(buy("ES", quantity=1), current_price=100)
    engine.apply_fill(Fill(order.order_id, "ES", Side.BUY, 1, 100, 100))
    assert engine.get_events(type=PositionOpened)[0].multiplier == 50


def test_the_example_tells_a_story():
    example = Path(__file__).parents[1] / "examples" / "momentum_example.py"
    said = subprocess.run([sys.executable, example], capture_output=True, text=True, check=True).stdout
    assert "which lead to the same state again: True" in said and "ORD-001  BUY" in said


def test_a_run_is_drawn(make_engine, tmp_path):
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("matplotlib")
    from trade_engine.plots import plot_run
    from trade_engine.strategies import MomentumStrategy

    closes = [100.0] * 21 + [104.0] * 5 + [95.0] * 5
    bars = pandas.DataFrame(
        {"close": closes}, index=pandas.date_range("2026-03-02 15:00", periods=len(closes), freq="D")
    )
    engine = make_engine(max_position_pct=0.5)
    result = engine.run(MomentumStrategy(symbol="AAA"), bars, progress=True)
    picture = plot_run(result, tmp_path / "a" / "run.png", engine.get_events())
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 10_000
    assert result == result and len(result.orders) == 2


def test_bars_of_nothing_come_to_nothing(make_engine):
    pandas = pytest.importorskip("pandas")
    from trade_engine.strategies import MomentumStrategy

    bars = pandas.DataFrame({"close": []}, index=pandas.DatetimeIndex([]), dtype="float64")
    result = make_engine().run(MomentumStrategy(), bars)
    assert (result.bars, result.orders, len(result.equity_curve)) == (0, [], 0)


def test_bars_before_the_last_event_are_refused(make_engine):
    pandas = pytest.importorskip("pandas")
    from trade_engine.strategies import MomentumStrategy

    engine = make_engine()
    engine.update_price("ES", 1)
    bars = pandas.DataFrame({"Close": [1.0]}, index=pandas.DatetimeIndex(["2020-01-01"]))
    with pytest.raises(ValueError):
        engine.run(MomentumStrategy(), bars)


@pytest.mark.parametrize("options", [{"fill_at": "noon"}, {"symbol": ""}, {"symbol": " x"}])
def test_runs_that_cannot_be(make_engine, options):
    pandas = pytest.importorskip("pandas")
    from trade_engine.strategies import MomentumStrategy

    bars = pandas.DataFrame({"close": [1.0]}, index=pandas.DatetimeIndex(["2026-05-05"]))
    with pytest.raises(ValueError):
        make_engine().run(MomentumStrategy(), bars, **options)


# ---- Many threads, and bad calls


def test_calls_of_several_threads_come_one_after_the_other(make_engine):
    from threading import Thread

    engine = make_engine(initial_capital=10**9)
    engine.update_price("AAA", 10)

    def trade():
        for _ in range(50):
            engine.submit_signal(buy(quantity=1))

    threads = [Thread(target=trade) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.get_position("AAA").quantity == 200
    assert [order.order_id for order in engine.get_orders()] == [f"ORD-{number:03}" for number in range(1, 201)]
    assert engine.state() == engine.replay()


BAD_CALLS = [
    lambda engine: engine.submit_signal(None),
    lambda engine: engine.submit_signal(buy(quantity=1), current_price="x"),
    lambda engine: engine.close_position(""),
    lambda engine: engine.close_position("AAA", current_price=True),
    lambda engine: engine.close_position("ZZZ"),
    lambda engine: engine.update_price(" A", 1),
    lambda engine: engine.update_price(5, 1),
    lambda engine: engine.update_prices({"AAA": 1, "BBB": "x"}),
    lambda engine: engine.cancel_order("ORD-001"),
    lambda engine: engine.cancel_order(7),
    lambda engine: engine.apply_fill("fill"),
    lambda engine: engine.apply_rejection("ORD-009", "X", "y"),
    lambda engine: engine.apply_cancel("ORD-001", "y"),
    lambda engine: engine.halt("", "why"),
    lambda engine: engine.halt("anna", None),
    lambda engine: engine.resume("anna", "nothing halts"),
    lambda engine: engine.start_day("2026-01-01"),
    lambda engine: engine.replay(upto="x"),
    lambda engine: engine.replay(upto=True),
    lambda engine: engine.get_events(since=datetime.datetime(2026, 1, 1)),
    lambda engine: engine.risk_manager.update_equity(1),
    lambda engine: engine.get_orders()[0].transition_to("FILLED"),
    lambda engine: engine.get_orders()[0].apply_fill(1, 1),
    lambda engine: setattr(engine.get_orders()[0], "state", OrderState.CREATED),
    lambda engine: setattr(engine, "broker", None),
    lambda engine: Fill("ORD-001", "AAA", Side.FLAT, 1, 1, 1),
    lambda engine: Fill("ORD-001", "AAA", Side.BUY, 0, 1, 1),
    lambda engine: RiskManager(max_positions=True),
    lambda engine: RiskManager(timezone="Mars/Olympus"),
    lambda engine: RiskManager(day_boundary="17:00"),
    lambda engine: RiskManager(correlation_interval=datetime.timedelta(0)),
    lambda engine: SimulatedBroker(seed="x"),
    lambda engine: SimulatedBroker(rejection_rate=1.5),
    lambda engine: SimulatedBroker(slippage_bps=-1),
    lambda engine: SimulatedBroker(symbols="AAA"),
    lambda engine: SimulatedBroker(initial_capital=0),
    lambda engine: InstrumentSpec("", 1),
    lambda engine: Engine(SimulatedBroker(), RiskManager(), instruments=[1]),
    lambda engine: Signal("AAA", "UP"),
    lambda engine: Signal("AAA", "BUY", metadata=[1]),
    lambda engine: Signal("AAA", "BUY", timestamp=datetime.datetime(2026, 1, 1)),
]


@pytest.mark.parametrize("call", BAD_CALLS, ids=range(len(BAD_CALLS)))
def test_a_bad_call_raises_and_changes_nothing(make_engine, call):
    from trade_engine.errors import TradeEngineError

    engine = make_engine()
    engine.submit_signal(buy(quantity=1), current_price=10)
    before = engine.state()
    with pytest.raises((TypeError, ValueError, AttributeError, TradeEngineError)):
        call(engine)
    assert engine.state() == before == engine.replay()
