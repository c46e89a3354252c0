"""TE-9 and TE-11: everything is an event, and events are enough."""

import json
from datetime import timedelta
from decimal import Decimal as D

import pytest

from trade_support import START, names


def signal(side, symbol="AAA", strength=1.0, **options):
    from trade_engine.models import Side, Signal

    return Signal(symbol, Side[side], strength, **options)


def busy_day(engine, clock):
    """Yields after every call: opens, adds, marks, flips, is refused, is halted, resumes, ends the day, closes."""
    from trade_engine.models import OrderType

    steps = [
        lambda: engine.update_price("AAA", 100),
        lambda: engine.submit_signal(signal("BUY", quantity=300)),
        lambda: engine.submit_signal(signal("BUY", quantity=100, order_type=OrderType.LIMIT, limit_price=95)),
        lambda: engine.update_price("AAA", 101),
        lambda: engine.submit_signal(signal("SELL", quantity=500)),
        lambda: engine.submit_signal(signal("BUY", "BBB", quantity=10**9), current_price=10),
        lambda: engine.update_prices({"AAA": "94.5", "BBB": "10.125"}),
        lambda: engine.update_price("AAA", 230),
        lambda: engine.submit_signal(signal("BUY", "BBB", quantity=1)),
        lambda: engine.resume(operator="anna", reason="checked"),
        lambda: engine.submit_signal(signal("SELL", "BBB", quantity="7.5")),
        lambda: engine.submit_signal(signal("BUY", quantity=1, order_type=OrderType.LIMIT, limit_price=1)),
        lambda: clock.advance(days=1),
        lambda: engine.update_price("BBB", 11),
        lambda: engine.close_position("AAA"),
        lambda: engine.submit_signal(signal("FLAT", "BBB")),
        lambda: engine.submit_signal(signal("FLAT", "BBB")),
    ]
    for step in steps:
        clock.advance(seconds=1)
        step()
        yield


def test_events_are_numbered_and_stamped_by_the_clock(make_engine, clock):
    engine = make_engine()
    engine.submit_signal(signal("BUY", quantity=1), current_price=10)
    events = engine.get_events()
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert events[0].event_id == "EVT-000001"
    assert {event.timestamp for event in events} == {START}
    assert names(events) == [
        "EngineStarted",
        "DayStarted",
        "SignalReceived",
        "PriceUpdated",
        "OrderCreated",
        "OrderSubmitted",
        "OrderFilled",
        "PositionOpened",
    ]


def test_nothing_is_recorded_before_anything_happens(make_engine):
    assert make_engine().get_events() == []


def test_an_event_cannot_be_changed(make_engine):
    engine = make_engine()
    engine.submit_signal(signal("BUY", quantity=1, metadata={"why": "x"}), current_price=10)
    for event in engine.get_events():
        with pytest.raises(AttributeError):
            event.timestamp = None
    received = engine.get_events()[2]
    with pytest.raises(TypeError):
        received.metadata["why"] = "y"


def test_the_store_only_appends(make_engine):
    from trade_engine import EventStore
    from trade_engine.events import PriceUpdated

    engine = make_engine()
    engine.update_price("AAA", 10)
    engine.get_events().clear()
    engine.event_store.get_all().clear()
    assert len(engine.event_store) == len(engine.get_events()) == 3
    public = [name for name in dir(EventStore) if not name.startswith("_")]
    assert not [
        name for name in public if any(verb in name for verb in ("delete", "remove", "update", "pop", "clear", "set"))
    ]
    with pytest.raises(TypeError):
        engine.event_store.append({"type": "PriceUpdated"})
    assert isinstance(
        engine.event_store.append(PriceUpdated(timestamp=START, symbol="X", price=D(1), source="market")), PriceUpdated
    )


def test_filters_of_get_events(make_engine, clock):
    from trade_engine.events import OrderFilled, PriceUpdated

    engine = make_engine()
    engine.submit_signal(signal("BUY", "AAA", quantity=1), current_price=10)
    second = clock.advance(minutes=1)
    engine.submit_signal(signal("BUY", "BBB", quantity=1), current_price=20)
    assert [e.symbol for e in engine.get_events(type=PriceUpdated)] == ["AAA", "BBB"]
    assert names(engine.get_events(symbol="BBB", type=OrderFilled)) == ["OrderFilled"]
    assert all(event.timestamp == second for event in engine.get_events(since=second))
    assert all(event.timestamp == START for event in engine.get_events(until=START))
    assert {event.order_id for event in engine.get_events(order_id="ORD-002")} == {"ORD-002"}
    assert engine.event_store.get_by_type(OrderFilled) == engine.get_events(type=OrderFilled)
    assert engine.event_store.get_between(START, START) == engine.get_events(until=START)


def test_events_as_dictionaries(make_engine, clock):
    """TE-9.3: JSON there and back."""
    from trade_engine.events import Event

    engine = make_engine(opposite_signal="flip", max_drawdown_pct="0.10", slippage_bps=3)
    for _ in busy_day(engine, clock):
        pass
    for event in engine.get_events():
        assert Event.from_dict(json.loads(json.dumps(event.to_dict()))) == event


def test_replay_gives_every_past_state(make_engine, clock):
    """TE-11.2: after each call the state is kept, and each is found again from the events alone."""
    from trade_engine import replay

    engine = make_engine(opposite_signal="flip", max_drawdown_pct="0.10", slippage_bps=3, commission_per_trade="1.25")
    past = {}
    for _ in busy_day(engine, clock):
        state = engine.state()
        past[state.seq] = state
        assert engine.replay() == state
    events = engine.get_events()
    assert len(past) >= 12
    kinds = set(names(events))
    assert {
        "RiskHalted",
        "RiskResumed",
        "DayStarted",
        "OrderRejected",
        "OrderCancelled",
        "PositionClosed",
        "SignalIgnored",
    } <= kinds
    for seq, state in past.items():
        assert replay(events, upto=seq) == state


def test_replay_to_a_time(make_engine, clock):
    from trade_engine import replay

    engine = make_engine()
    engine.submit_signal(signal("BUY", quantity=10), current_price=100)
    moment = clock.now
    state = engine.state()
    clock.advance(seconds=1)
    engine.close_position("AAA", current_price=120)
    assert replay(engine.get_events(), upto=moment) == state
    assert replay(engine.get_events(), upto=moment - timedelta(seconds=1)).positions == {}
    assert engine.replay(upto=0).orders == {}


def test_replay_refuses_a_gap(make_engine):
    from trade_engine import replay
    from trade_engine.errors import ReplayError

    engine = make_engine()
    engine.update_price("AAA", 10)
    engine.update_price("AAA", 11)
    events = engine.get_events()
    with pytest.raises(ReplayError, match="3"):
        replay(events[:2] + events[3:])


def test_why_an_order_was_made_is_in_the_record(make_engine):
    """TE-11.6"""
    engine = make_engine()
    order = engine.submit_signal(
        signal("BUY", strength=0.25, strategy_id="momentum", metadata={"return": 0.031}), current_price=10
    )
    created = engine.get_events(order_id=order.order_id)[0]
    (received,) = [
        e for e in engine.get_events() if getattr(e, "signal_id", None) == created.signal_id and e is not created
    ][:1]
    assert (received.strategy_id, received.strength, received.metadata["return"]) == ("momentum", D("0.25"), 0.031)
    assert (created.price, created.equity, created.qty) == (10, 100_000, 2500)


def test_what_cannot_be_recorded_is_not_sent(make_engine, scripted_broker):
    """TE-5.2, 10.6"""
    from trade_engine import EventStore
    from trade_engine.errors import EventStoreError
    from trade_engine.events import OrderSubmitted

    class FullDisk(EventStore):
        full = True

        def append(self, event):
            if self.full and isinstance(event, OrderSubmitted):
                raise EventStoreError("no space left")
            return super().append(event)

    store = FullDisk()
    engine = make_engine(broker=scripted_broker, event_store=store)
    with pytest.raises(EventStoreError):
        engine.submit_signal(signal("BUY", quantity=1), current_price=10)
    assert scripted_broker.received == []
    store.full = False
    assert engine.submit_signal(signal("BUY", quantity=1)).rejection_code == "STORE_FAILED"
    assert scripted_broker.received == []


def test_time_never_runs_backwards(make_engine, clock):
    """TE-1.5"""
    engine = make_engine()
    engine.update_price("AAA", 10)
    clock.advance(hours=-1)
    engine.update_price("AAA", 11)
    stamps = [event.timestamp for event in engine.get_events()]
    assert stamps == sorted(stamps)


def test_a_clock_has_a_zone():
    from datetime import datetime

    from trade_engine import Engine, RiskManager, SimulatedBroker

    engine = Engine(SimulatedBroker(), RiskManager(), clock=lambda: datetime(2026, 1, 1))
    with pytest.raises(ValueError):
        engine.update_price("AAA", 1)


def test_a_restart_is_no_amnesty(make_engine, clock):
    """TE-11.5"""
    from trade_engine import Engine, RiskManager, SimulatedBroker
    from trade_engine.models import OrderType, TimeInForce

    engine = make_engine(max_drawdown_pct="0.10", max_daily_loss_pct=1)
    engine.submit_signal(signal("BUY", quantity=500), current_price=100)
    rest = engine.submit_signal(
        signal("BUY", quantity=5, order_type=OrderType.LIMIT, limit_price=60, time_in_force=TimeInForce.GTC)
    )
    engine.update_price("AAA", 70)
    before = engine.state()
    assert before.halts == ("drawdown",)

    again = Engine.restore(
        engine.event_store,
        SimulatedBroker(slippage_bps=0, commission_per_trade=0),
        RiskManager(max_position_pct=1, max_drawdown_pct="0.10", max_daily_loss_pct=1),
        clock=clock,
    )
    assert again.state() == before
    assert again.broker.equity == again.equity
    assert again.submit_signal(signal("BUY", "BBB", quantity=1), current_price=1).rejection_code == "DRAWDOWN_HALT"
    again.update_price("AAA", 60)
    assert again.get_order(rest.order_id).state.name == "FILLED"
    again.resume(operator="anna", reason="new week")
    order = again.submit_signal(signal("BUY", "BBB", quantity=1))
    assert order.order_id == "ORD-004"
    assert again.close_position("AAA").quantity == 505
    assert again.state() == again.replay()


def test_what_was_never_submitted_is_closed_on_restart(make_engine, clock):
    from trade_engine import Engine, EventStore, RiskManager, SimulatedBroker

    engine = make_engine()
    engine.submit_signal(signal("BUY", quantity=1), current_price=10)
    crashed = EventStore()
    for event in engine.get_events()[:5]:  # up to OrderCreated
        crashed.append(event)
    again = Engine.restore(crashed, SimulatedBroker(), RiskManager(), clock=clock)
    assert again.get_order("ORD-001").state.name == "CLOSED"
    assert again.get_events()[-1].reason == "abandoned on restart"


def test_a_used_store_is_restored_and_not_reused(make_engine, clock):
    from trade_engine import Engine, RiskManager, SimulatedBroker

    engine = make_engine()
    engine.update_price("AAA", 1)
    with pytest.raises(ValueError, match="restore"):
        Engine(SimulatedBroker(), RiskManager(), event_store=engine.event_store, clock=clock)
