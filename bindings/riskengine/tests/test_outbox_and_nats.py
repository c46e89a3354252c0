"""The outbox, and the bridge to a real NATS server that is stopped, killed and started again in the middle."""

import asyncio
import json
import signal
import time

import pytest
from support import Desk, announced, envelope

from mts1b_riskengine import EnvelopeStore, SqliteStore
from mts1b_riskengine.envelope.loader import EnvelopeLoader
from mts1b_riskengine.errors import StoreError
from mts1b_riskengine.outbox import Outbox


class Bus:
    def __init__(self):
        self.heard = []
        self.fails_at = None

    def publish(self, subject, payload):
        if self.fails_at is not None and len(self.heard) >= self.fails_at:
            raise ConnectionError("bus down")
        self.heard.append((subject, payload["n"]))


def filled(count, publisher=None, store=None):
    store = store or SqliteStore(":memory:")
    outbox = Outbox(store, publisher)
    for number in range(count):
        store.write([], messages=[outbox.message("decision", json.dumps({"n": number}))])
    return outbox


def test_messages_leave_in_order_and_once():
    bus = Bus()
    outbox = filled(2500, bus)
    assert (outbox.flush(), outbox.flush(), outbox.size()) == (2500, 0, 0)
    assert bus.heard == [("mts.v1.risk.decision", number) for number in range(2500)]


@pytest.mark.parametrize("first", [0, 1, 7])
def test_what_did_not_arrive_is_first_the_next_time(first):
    bus = Bus()
    outbox = filled(8, bus)
    bus.fails_at = first
    assert (outbox.flush(), outbox.size()) == (first, 8 - first)
    bus.fails_at = None
    assert outbox.flush() == 8 - first
    assert [number for _, number in bus.heard] == list(range(8))


def test_nothing_is_kept_for_nobody():
    assert Outbox(SqliteStore(":memory:")).wanted is False
    assert Outbox(SqliteStore(":memory:"), Bus()).wanted is True
    outbox = filled(3)
    assert outbox.flush() == 0 and outbox.size() == 3
    outbox.listen(lambda: None)
    assert outbox.wanted


def test_what_waits_survives_a_restart(tmp_path):
    store = SqliteStore(tmp_path / "s.db")
    filled(5, store=store)
    store.close()
    store, bus = SqliteStore(tmp_path / "s.db"), Bus()
    assert Outbox(store, bus).flush() == 5
    store.close()


def test_a_store_that_cannot_forget_delivers_again_and_not_out_of_order(monkeypatch):
    bus = Bus()
    outbox = filled(3, bus)
    with monkeypatch.context() as broken:
        broken.setattr(outbox._store, "delivered", lambda number: (_ for _ in ()).throw(StoreError("disk full")))
        outbox.written()
    outbox.written()
    assert [number for _, number in bus.heard] == [0, 1, 2, 0, 1, 2]


def test_everything_that_others_hear_of_has_its_subject(make_desk):
    from mts1b_riskengine import Alert, Quote

    class All(Bus):
        def publish(self, subject, payload):
            self.heard.append((subject.removeprefix("mts.v1.risk."), json.loads(json.dumps(payload))))

    bus = All()
    desk = make_desk(publisher=bus)
    assert desk.engine.check_order(desk.order()).approved
    desk.hold("AAPL", 10)
    (stop,) = desk.engine.poll_stops("AAPL", Quote(symbol="AAPL", last=1), 1)
    desk.engine.halt("alpha", "ops", "drill")
    desk.engine.resume("alpha", "anna", "over")
    desk.engine.alert(Alert(code="POSITION_DRIFT", message="one", at=desk.clock()))
    heard = dict(bus.heard)
    assert list(heard) == ["decision", "stop.triggered", "halt.raised", "halt.lifted", "alert"]
    assert (heard["decision"]["fund_id"], heard["decision"]["symbol"]) == ("alpha", "AAPL")
    assert (heard["stop.triggered"]["stop_id"], heard["stop.triggered"]["state"]) == (stop.stop_id, "TRIGGERED")
    assert set(heard["halt.raised"]) >= {"scope", "severity", "pl_pct", "limit", "nav", "at"}
    assert (heard["halt.lifted"]["scope"], heard["halt.lifted"]["lifted_by"]) == ("alpha", "anna")
    assert heard["alert"]["code"] == "POSITION_DRIFT" and desk.codes() == ["POSITION_DRIFT"]


def loader(desk):
    return EnvelopeLoader(desk.engine.envelopes, None, clock=desk.clock, on_alert=desk.alerts.append)


async def until(condition, seconds=10.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come to pass"
        await asyncio.sleep(0.02)


@pytest.mark.integration
def test_everything_leaves_in_order_while_the_server_comes_and_goes(nats, tmp_path, clock):
    """Decisions are taken all the time; the server is stopped, started, killed and started again meanwhile.

    A stream of the server keeps what arrives, and drops a second delivery by its number: each message once, in order.
    """
    import nats as client

    from mts1b_riskengine.adapters.nats import NatsBridge

    async def kept():
        connection = await client.connect(nats.url)
        stream = connection.jetstream()
        count = (await stream.stream_info("RISK")).state.messages
        messages = [await stream.get_msg("RISK", number + 1) for number in range(count)]
        await connection.close()
        return [json.loads(message.data)["order_id"] for message in messages]

    async def scenario():
        connection = await client.connect(nats.url)
        await connection.jetstream().add_stream(name="RISK", subjects=["mts.v1.risk.>"])
        await connection.close()
        desk = Desk(clock, store=SqliteStore(tmp_path / "s.db"))
        bridge = NatsBridge(desk.engine, loader(desk), [nats.url])
        await bridge.start()
        sent = []

        def trade(times):
            for _ in range(times):
                decision = desk.engine.check_order(desk.order())
                assert decision.approved
                sent.append(decision.order_id)

        async def all_arrive():
            await until(lambda: desk.engine.outbox.size() == 0)
            ends = time.monotonic() + 10
            while len(found := await kept()) < len(sent) and time.monotonic() < ends:
                await asyncio.sleep(0.05)
            assert found == sent, "each arrives once, and none before one that was written earlier"

        trade(50)
        await all_arrive()
        for how in (signal.SIGTERM, signal.SIGKILL):
            nats.stop(how)
            trade(50)
            await asyncio.sleep(0.2)
            assert desk.engine.outbox.size() >= 50, "nobody is there to take them"
            nats.start()
            trade(50)
            await all_arrive()
        await bridge.stop()
        desk.engine.close()

    asyncio.run(scenario())


@pytest.mark.integration
def test_a_halt_is_heard_within_five_seconds_of_its_cause(nats, clock):
    import nats as client

    from mts1b_riskengine.adapters.nats import NatsBridge

    async def scenario():
        desk = Desk(clock, limits={"daily_loss_halt_pct": "0.02"})
        bridge = NatsBridge(desk.engine, loader(desk), [nats.url])
        await bridge.start()
        outside = await client.connect(nats.url)
        heard = await outside.subscribe("mts.v1.risk.halt.raised")
        await outside.flush()
        began = time.monotonic()
        desk.engine.update_nav("alpha", 970_000)
        message = await heard.next_msg(timeout=5)
        took = time.monotonic() - began
        assert json.loads(message.data)["scope"] == "alpha" and took < 5
        await bridge.stop()
        await outside.close()
        desk.engine.close()

    asyncio.run(scenario())


@pytest.mark.integration
def test_envelopes_arrive_and_what_cannot_be_trusted_is_told(nats, clock):
    import nats as client

    from mts1b_riskengine.adapters.nats import NatsBridge

    async def scenario():
        desk = Desk(clock)
        bridge = NatsBridge(desk.engine, loader(desk), [nats.url])
        await bridge.start()
        other = EnvelopeStore(SqliteStore(":memory:"), clock=clock)
        other.publish(envelope())
        made = other.publish(envelope(max_order_notional=700))
        outside = await client.connect(nats.url)
        for payload in (b"{", b"\xff", json.dumps(announced(made)).encode(), b"[]"):
            await outside.publish("mts.v1.risk.envelope.updated", payload)
        await outside.flush()
        await until(lambda: len(desk.alerts) == 3 and desk.engine.get_envelope("alpha").version == 2)
        assert desk.codes() == ["ENVELOPE_REFUSED"] * 3
        await bridge.stop()
        await outside.close()
        desk.engine.close()

    asyncio.run(scenario())


@pytest.mark.integration
def test_a_bridge_that_starts_before_the_server_finds_it(tmp_path, clock):
    from servers import Nats

    from mts1b_riskengine.adapters.nats import NatsBridge

    async def scenario():
        server = Nats(tmp_path)
        desk = Desk(clock)
        bridge = NatsBridge(desk.engine, loader(desk), [server.url])
        starting = asyncio.create_task(bridge.start())
        await asyncio.sleep(0.1)
        assert desk.engine.check_order(desk.order()).approved
        server.start()
        await asyncio.wait_for(starting, 10)
        await until(lambda: desk.engine.outbox.size() == 0)
        await bridge.stop()
        server.stop()
        desk.engine.close()

    asyncio.run(scenario())
