"""The service: rights, limits on what comes in, deadlines, streams, and an end that loses nothing."""

import logging
import threading
import time

import grpc
import pytest
from google.protobuf import descriptor_pool

from mts1b_riskengine import Config, VetoResult
from mts1b_riskengine.errors import ConfigError, StoreError
from mts1b_riskengine.service import mts1b_riskengine_pb2 as pb
from mts1b_riskengine.service import mts1b_riskengine_pb2_grpc as rpc
from mts1b_riskengine.service import tokens
from mts1b_riskengine.service.client import RiskAdminClient, RiskEngineClient
from mts1b_riskengine.service.grpc import MESSAGE_MAX, serve

Status = grpc.StatusCode


@pytest.fixture
def start(make_desk):
    """Serves a desk; everything is stopped and closed afterwards."""
    open_ones = []

    def it(desk=None, config=None, admin_port=0, **options):
        desk = desk or make_desk(**options)
        server = serve(desk.engine, admin_port=admin_port, config=config)
        channels = [
            grpc.insecure_channel(f"127.0.0.1:{port}") for port in (server.port, server.admin_port) if port is not None
        ]
        open_ones.append((server, channels))
        return desk, server, channels

    yield it
    for server, channels in open_ones:
        [channel.close() for channel in channels]
        server.stop(0)


def wire(**fields):
    made = {
        "order_id": "O1",
        "idempotency_key": "K1",
        "fund_id": "alpha",
        "symbol": "AAPL",
        "side": "BUY",
        "quantity": "10",
    }
    return pb.Order(**{**made, "broker": "ib", **fields})


def status(call, *words, **options):
    with pytest.raises(grpc.RpcError) as caught:
        answer = call(*words, timeout=5, **options)
        list(answer) if hasattr(answer, "__next__") else None
    return caught.value.code()


# rights

METHODS = {
    "CheckOrder": ("check", 0, rpc.RiskEngineStub, lambda: wire()),
    "CheckOrders": ("check", 0, rpc.RiskEngineStub, lambda: iter([wire()])),
    "GetEnvelope": ("read", 0, rpc.RiskEngineStub, lambda: pb.EnvelopeRequest(fund_id="alpha")),
    "Halt": ("halt", 1, rpc.RiskAdminStub, lambda: pb.HaltRequest(scope="alpha", operator="anna", reason="test")),
    "Resume": ("resume", 1, rpc.RiskAdminStub, lambda: pb.ResumeRequest(scope="alpha", operator="anna", reason="test")),
    "ListHalts": ("status", 1, rpc.RiskAdminStub, lambda: pb.HaltsRequest()),
}


@pytest.fixture
def guarded(start, tmp_path):
    """A service that asks for tokens, a token for each right, and one for all but that right."""
    path, given = tmp_path / "tokens", {}
    lines = ["# who may do what", ""]
    for right in tokens.RIGHTS:
        for name, rights in ((right, [right]), (f"not-{right}", [r for r in tokens.RIGHTS if r != right])):
            given[name], line = tokens.made(name, rights)
            lines.append(f"{line}  # {name}")
    path.write_text("\n".join(lines))
    path.chmod(0o600)
    desk, server, channels = start(config=Config.parse(f"grpc: {{tokens_file: '{path}'}}"))
    desk.engine.halt("alpha", "ops", "so that there is something to lift")
    return desk, server, channels, given, path


def test_every_method_of_the_messages_has_a_right_of_its_own():
    pool = descriptor_pool.Default()
    services = [pool.FindServiceByName(f"mts.risk.v1.{name}") for name in ("RiskEngine", "RiskAdmin")]
    named = {f"/{service.full_name}/{method.name}" for service in services for method in service.methods}
    assert named == set(tokens.NEEDED) and {name.rpartition("/")[2] for name in named} == set(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_without_the_right_token_nothing_is_done(guarded, method):
    desk, _, channels, given, _ = guarded
    right, port, stub, request = METHODS[method]
    call = getattr(stub(channels[port]), method)
    before = desk.engine.audit_head()

    def asked(*metadata):
        return status(call, request(), metadata=metadata)

    token = given[right]
    for metadata in (
        (),
        (("authorization", "Bearer "),),
        (("authorization", "Bearer wrong"),),
        (("authorization", f"Bearer {token}x"),),
        (("authorization", f"Bearer {token[:-1]}"),),
        (("authorization", token),),
        (("authorization", f"Basic {token}"),),
        (("x-token", f"Bearer {token}"),),
        (("authorization", f"Bearer {token}"), ("authorization", "Bearer wrong")),
        (("authorization", f"Bearer {tokens.hashed(token)}"),),
    ):
        assert asked(*metadata) is Status.UNAUTHENTICATED, metadata
    assert asked(("authorization", f"Bearer {given[f'not-{right}']}")) is Status.PERMISSION_DENIED
    assert desk.engine.audit_head() == before
    answer = call(request(), timeout=5, metadata=(("authorization", f"Bearer {token}"),))
    assert list(answer) if method == "CheckOrders" else answer is not None


def test_a_method_of_the_other_port_is_unknown_there(guarded):
    _, _, channels, given, _ = guarded
    for method, (right, port, stub, request) in METHODS.items():
        call = getattr(stub(channels[1 - port]), method)
        found = status(call, request(), metadata=(("authorization", f"Bearer {given[right]}"),))
        assert found is Status.UNIMPLEMENTED, method


def test_a_method_that_nobody_thought_of_is_refused(guarded, monkeypatch):
    _, _, channels, given, _ = guarded
    monkeypatch.delitem(tokens.NEEDED, "/mts.risk.v1.RiskEngine/CheckOrder")
    for token in given.values():
        found = status(
            rpc.RiskEngineStub(channels[0]).CheckOrder, wire(), metadata=(("authorization", f"Bearer {token}"),)
        )
        assert found is Status.PERMISSION_DENIED


def test_health_needs_no_token_and_reflection_does(guarded):
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

    _, _, channels, given, _ = guarded
    for channel in channels:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    ask = reflection_pb2_grpc.ServerReflectionStub(channels[0]).ServerReflectionInfo
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    assert status(ask, iter([request])) is Status.UNAUTHENTICATED
    (answer,) = ask(iter([request]), timeout=5, metadata=(("authorization", f"Bearer {given['read']}"),))
    assert answer.list_services_response.service
    assert status(reflection_pb2_grpc.ServerReflectionStub(channels[1]).ServerReflectionInfo, iter([request])) is (
        Status.UNIMPLEMENTED
    )


def test_tokens_are_changed_while_the_service_runs(guarded, caplog):
    _, server, _, given, path = guarded
    new, line = tokens.made("oms", ["check", "read"])
    with RiskEngineClient(f"127.0.0.1:{server.port}", token=given["read"]) as old:
        assert old.get_envelope("alpha").author == "anna"
        path.write_text(line)
        with pytest.raises(grpc.RpcError) as caught:
            old.get_envelope("alpha")
        assert caught.value.code() is Status.UNAUTHENTICATED
    with RiskEngineClient(f"127.0.0.1:{server.port}", token=new) as client:
        assert client.get_envelope("alpha").author == "anna"
        path.write_text("half a line")
        assert client.get_envelope("alpha").author == "anna", "a file that is being written takes nobody's right"
        path.unlink()
        assert client.get_envelope("alpha").author == "anna"
        path.write_text("")
        with pytest.raises(grpc.RpcError):
            client.get_envelope("alpha")


@pytest.mark.parametrize(
    "line", ["x oms check", f"{'0' * 64} oms", f"{'0' * 64} oms fly", f"{'0' * 63} oms check", f"{'0' * 64} oms check,"]
)
def test_a_token_file_that_is_not_understood_is_refused(tmp_path, line):
    path = tmp_path / "tokens"
    path.write_text(f"# first\n{line}\n")
    with pytest.raises(ConfigError, match="line 2"):
        tokens.Tokens(path)
    with pytest.raises(ConfigError):
        tokens.Tokens(tmp_path / "absent")


def test_no_secret_is_shown(guarded, caplog, tmp_path):
    """Tokens, keys and passwords are in no log, metric, exception or repr."""
    desk, server, channels, given, path = guarded
    caplog.set_level(logging.DEBUG)
    key = tmp_path / "key"
    key.write_bytes(b"hunter2")
    config = Config.parse(
        f"grpc: {{tokens_file: '{path}'}}\nenvelope: {{signing_key_file: '{key}'}}\n"
        "storage: {url: 'postgresql://risk:hunter2@127.0.0.1:1/none'}\nnats: {servers: ['nats://risk:hunter2@127.0.0.1:1']}"
    )
    shown = [repr(config), str(config), repr(server), repr(tokens.Tokens(path)), desk.engine.metrics_text()]
    for text in ("storage: {url: 'mysql://risk:hunter2@h'}", "nats: {servers: 'hunter2'}", "grpc: {hunter: hunter2}"):
        with pytest.raises(ConfigError) as caught:
            Config.parse(text)
        shown.append(str(caught.value))
    for token in given.values():
        client = RiskEngineClient(f"127.0.0.1:{server.port}", token=token, timeout=2)
        shown.append(repr(client))
        for call, asked in ((client.check_order, desk.order()), (client.get_envelope, "nobody")):
            try:
                call(asked)
            except grpc.RpcError as error:
                shown += [str(error), repr(error), error.details() or ""]
        client.close()
    shown += [record.getMessage() + str(vars(record)) for record in caplog.records]
    text = "\n".join(shown)
    assert "hunter2" not in text and not any(token in text for token in given.values())


# what comes in


def test_an_order_that_is_too_large_is_not_looked_at(start):
    desk, _, (channel, _) = start()
    calls = rpc.RiskEngineStub(channel)
    room = MESSAGE_MAX - wire(metadata={"note": "x" * 60_000}).ByteSize() + 60_000
    assert calls.CheckOrder(wire(metadata={"note": "x" * 4000})).rejection_code in ("", "SCHEMA_INVALID")
    assert status(calls.CheckOrder, wire(metadata={"note": "x" * (room + 1)})) is Status.RESOURCE_EXHAUSTED
    assert status(calls.CheckOrders, iter([wire(metadata={"note": "x" * (room + 1)})])) is Status.RESOURCE_EXHAUSTED
    assert calls.CheckOrder(wire(order_id="O2", idempotency_key="K2")).approved, "the next order is decided as ever"


@pytest.mark.parametrize(
    "body", [b"\xff", b"\x0a\xff", b"\x0a\x05\xff\xfe\xfd\xfc\xfb", b"\x08\x01" * 50, b"\x0a\xff\xff\xff\xff\x0f"]
)
def test_bytes_that_are_no_order_approve_nothing(start, body):
    desk, _, (channel, _) = start()
    for method in ("CheckOrder", "GetEnvelope"):
        call = channel.unary_unary(f"/mts.risk.v1.RiskEngine/{method}", None, pb.RiskDecision.FromString)
        try:
            assert call(body, timeout=5).approved is False
        except grpc.RpcError as error:
            assert error.code() in (Status.INTERNAL, Status.UNKNOWN, Status.INVALID_ARGUMENT)
    assert rpc.RiskEngineStub(channel).CheckOrder(wire()).approved


def test_bytes_that_are_no_call_at_all_harm_nobody(start):
    import random
    import socket

    _, server, (channel, _) = start()
    rng = random.Random(7)
    for port in (server.port, server.admin_port):
        for begin in (b"", b"GET / HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01"):
            with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
                try:
                    raw.sendall(begin + rng.randbytes(20_000))
                except OSError:
                    pass  # It hung up, which is what it should do.
    assert rpc.RiskEngineStub(channel).CheckOrder(wire(), timeout=5).approved


@pytest.mark.parametrize(
    "fields",
    [{"quantity": value} for value in ("ten", "-1", "0", "NaN", "Infinity", "1e999", "1_0", " ", "٣", "0x10", "1" * 5000)]
    + [{"metadata": {"k": "v" * 9000}, "fund_id": "x" * 300}, {"order_id": "a\nb"}, {"side": "buy"}, {"purpose": "FUN"},
       {"limit_price": "5"}, {"symbol": "\u202e"}],
)  # fmt: skip
def test_what_cannot_be_an_order_is_an_answer(start, fields):
    _, _, (channel, _) = start()
    answer = rpc.RiskEngineStub(channel).CheckOrder(wire(**fields))
    assert (answer.approved, answer.rejecting_gate, answer.rejection_code) == (False, "schema", "SCHEMA_INVALID")
    assert set(answer.details) & {*fields, "quantity", "order"}


def test_admin_calls_say_who_and_why_and_what(start):
    _, _, (_, channel) = start()
    calls = rpc.RiskAdminStub(channel)
    for fields in ({"scope": ""}, {"operator": ""}, {"reason": ""}, {"operator": "  "}, {"reason": "\n"}):
        said = {"scope": "alpha", "operator": "anna", "reason": "test", **fields}
        assert status(calls.Halt, pb.HaltRequest(**said)) is Status.INVALID_ARGUMENT
        assert status(calls.Resume, pb.ResumeRequest(**said)) is Status.INVALID_ARGUMENT
    said = {"scope": "alpha", "operator": "anna", "reason": "test"}
    assert status(calls.Resume, pb.ResumeRequest(**said)) is Status.NOT_FOUND
    assert status(calls.Resume, pb.ResumeRequest(**said, severity="BAD")) is Status.INVALID_ARGUMENT
    assert calls.ListHalts(pb.HaltsRequest()).json == []


def test_admin_answers_with_the_reason_for_a_refusal(start):
    desk, server, _ = start(limits={"daily_loss_halt_pct": "0.02"})
    desk.engine.update_nav("alpha", 970_000)
    with RiskAdminClient(f"127.0.0.1:{server.admin_port}") as client:
        with pytest.raises(grpc.RpcError) as caught:
            client.resume("alpha", "anna", "looked at it")
        assert caught.value.code() is Status.FAILED_PRECONDITION
        (lifted,) = client.resume("alpha", "anna", "looked at it", rebase=True)
        assert (lifted.lifted_by, lifted.severity) == ("anna", "DAILY_LOSS")
        assert client.halts() == []


def test_a_second_person_is_asked_for(start, make_desk):
    desk = make_desk(config=Config.parse("resume: {require_second_person: true}"))
    _, server, _ = start(desk)
    with RiskAdminClient(f"127.0.0.1:{server.admin_port}") as client:
        client.halt("firm", "ben", "drill")
        assert [halt.scope for halt in client.halts("firm")] == ["firm"]
        for nobody in (None, "ben"):
            with pytest.raises(grpc.RpcError) as caught:
                client.resume("firm", "ben", "over", approved_by=nobody)
            assert caught.value.code() is Status.PERMISSION_DENIED
        assert client.resume("firm", "ben", "over", approved_by="anna")


# time


def test_a_caller_whose_time_is_over_finds_the_decision_later(start, make_desk):
    """A veto keeps the order waiting; the caller has gone by then, and asks again with the same key."""

    class Slow:
        async def veto(self, **_):
            import asyncio

            await asyncio.sleep(0.3)
            return VetoResult(veto=False, confidence=0.0)

    desk, _, (channel, _) = start(make_desk(config=Config.parse("cro_veto: {enabled: true}"), cro=Slow()))
    calls = rpc.RiskEngineStub(channel)
    with pytest.raises(grpc.RpcError) as caught:
        calls.CheckOrder(wire(), timeout=0.05)
    assert caught.value.code() is Status.DEADLINE_EXCEEDED
    again = calls.CheckOrder(wire(), timeout=5)
    assert again.approved and len(desk.engine.decisions()) == 1


@pytest.mark.parametrize("remaining, decided", [(None, 1), (0.5, 1), (0, 0), (-1.0, 0)])
def test_an_order_whose_time_was_over_before_is_not_decided(make_desk, remaining, decided):
    import asyncio

    from mts1b_riskengine.service.grpc import _Desk

    class Context:
        def time_remaining(self):
            return remaining

        async def abort(self, code, message):
            assert code is Status.DEADLINE_EXCEEDED
            raise grpc.aio.AbortError

    desk = make_desk()
    try:
        asyncio.run(_Desk(desk.engine, None).check(wire(), Context()))
    except grpc.aio.AbortError:
        pass
    assert len(desk.engine.decisions()) == decided


def test_a_slow_veto_does_not_hold_up_the_others(start, make_desk):
    class Slow:
        async def veto(self, *, order, **_):
            import asyncio

            await asyncio.sleep(0.5 if order.symbol == "AAPL" else 0)
            return VetoResult(veto=False, confidence=0.0)

    _, _, (channel, _) = start(make_desk(config=Config.parse("cro_veto: {enabled: true}"), cro=Slow()))
    calls = rpc.RiskEngineStub(channel)
    slow = calls.CheckOrder.future(wire())
    began = time.monotonic()
    assert calls.CheckOrder(wire(order_id="O2", idempotency_key="K2", symbol="MSFT")).approved
    assert time.monotonic() - began < 0.4 and not slow.done()
    assert slow.result(5).approved


# streams


def test_a_stream_answers_each_order_in_turn(start):
    desk, server, _ = start(limits={"max_order_notional": 1000})
    with RiskEngineClient(f"127.0.0.1:{server.port}") as client:
        orders = [desk.order(quantity=quantity) for quantity in (1, 3, 2, 5, 1)]
        decisions = list(client.check_orders(iter([*orders, orders[0]])))
        assert [decision.order_id for decision in decisions] == [order.order_id for order in [*orders, orders[0]]]
        assert [decision.approved for decision in decisions] == [True, False, True, False, True, True]
        assert [decision.replayed for decision in decisions] == [False] * 5 + [True]
        assert list(client.check_orders(iter([]))) == []


def test_a_stream_that_breaks_off_leaves_what_was_decided(start):
    desk, _, (channel, _) = start()
    gone = threading.Event()

    def orders():
        yield wire()
        gone.wait(5)

    stream = rpc.RiskEngineStub(channel).CheckOrders(orders())
    assert next(stream).approved
    stream.cancel()
    gone.set()
    assert len(desk.engine.decisions()) == 1
    assert rpc.RiskEngineStub(channel).CheckOrder(wire()).replayed


# the store


def test_a_store_that_is_lost_is_a_status_and_no_decision(start, monkeypatch):
    desk, _, (channel, _) = start()
    calls = rpc.RiskEngineStub(channel)

    def fail(*_, **__):
        raise StoreError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(desk.engine.store, "write", fail)
        assert status(calls.CheckOrder, wire()) is Status.UNAVAILABLE
        assert status(calls.CheckOrders, iter([wire()])) is Status.UNAVAILABLE
    assert desk.engine.open_orders("alpha") == {}
    answer = calls.CheckOrder(wire())
    assert answer.approved and not answer.replayed


def test_the_client_asks_again_with_the_same_key(start, monkeypatch):
    desk, server, _ = start()
    write, times = desk.engine.store.write, []

    def fail_twice(*words, **options):
        times.append(1)
        if len(times) < 3:
            raise StoreError("disk full")
        return write(*words, **options)

    monkeypatch.setattr(desk.engine.store, "write", fail_twice)
    with RiskEngineClient(f"127.0.0.1:{server.port}") as client:
        assert client.check_order(desk.order()).approved
    assert len(times) == 3 and len(desk.engine.decisions()) == 1


def test_the_client_gives_up_in_time():
    from servers import free_port

    with RiskEngineClient(f"127.0.0.1:{free_port()}", timeout=0.3) as client:
        began = time.monotonic()
        with pytest.raises(grpc.RpcError) as caught:
            client.get_envelope("alpha")
        assert time.monotonic() - began < 2
        assert caught.value.code() in (Status.UNAVAILABLE, Status.DEADLINE_EXCEEDED)


def test_the_client_finds_a_service_that_was_started_again(start, make_desk):
    desk, server, _ = start(admin_port=None)
    with RiskEngineClient(f"127.0.0.1:{server.port}", timeout=10) as client:
        order = desk.order()
        first = client.check_order(order)
        port = server.port
        server.stop(0)
        later = threading.Timer(0.3, lambda: again.append(serve(desk.engine, port=port)))
        again = []
        later.start()
        try:
            second = client.check_order(order)
        finally:
            later.join()
            again[0].stop(0)
    assert second.replayed and second.decision_id == first.decision_id


# the end


def test_what_is_being_decided_is_decided_and_nothing_after(start, make_desk):
    class Slow:
        async def veto(self, **_):
            import asyncio

            await asyncio.sleep(0.4)
            return VetoResult(veto=False, confidence=0.0)

    from grpc_health.v1 import health_pb2, health_pb2_grpc

    desk, server, (channel, _) = start(make_desk(config=Config.parse("cro_veto: {enabled: true}"), cro=Slow()))
    watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
    assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
    calls = rpc.RiskEngineStub(channel)
    under_way = calls.CheckOrder.future(wire())
    time.sleep(0.15)
    stopping = threading.Thread(target=server.stop, args=(5,))
    stopping.start()
    assert next(watch).status == health_pb2.HealthCheckResponse.NOT_SERVING
    assert status(calls.CheckOrder, wire(order_id="O2", idempotency_key="K2")) is Status.UNAVAILABLE
    assert under_way.result(5).approved
    watch.cancel()
    stopping.join(10)
    assert not stopping.is_alive() and [order.order_id for order, _ in desk.engine.decisions()] == ["O1"]
    server.stop(0)


def test_an_engine_that_raises_approves_nothing_and_tells_nothing(start, monkeypatch):
    desk, _, (channel, _) = start()
    monkeypatch.setattr(desk.engine, "check_order", lambda order: 1 / 0)
    with pytest.raises(grpc.RpcError) as caught:
        rpc.RiskEngineStub(channel).CheckOrder(wire(), timeout=5)
    assert caught.value.code() is Status.INTERNAL and "division" not in caught.value.details()


# where it listens


def test_two_services_do_not_share_a_port(start):
    desk, server, _ = start(admin_port=None)
    with pytest.raises(ConfigError, match="cannot be listened on"):
        serve(desk.engine, port=server.port)
    with pytest.raises(ConfigError, match="cannot be listened on"):
        serve(desk.engine, admin_port=server.port)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "risk.example", "192.168.1.1", ""])
def test_others_do_not_reach_it_without_tls(make_desk, host):
    with pytest.raises(ConfigError, match="tls_cert"):
        serve(make_desk().engine, host=host)


def test_over_tls_the_service_is_known_by_its_certificate(make_desk, certificate, tmp_path):
    cert, key = certificate
    config = Config.parse(f"grpc: {{tls_cert: '{cert}', tls_key: '{key}'}}")
    desk = make_desk()
    server = serve(desk.engine, host="localhost", admin_port=0, config=config)
    try:
        with RiskEngineClient(f"localhost:{server.port}", ca=cert) as client:
            assert client.check_order(desk.order()).approved
        with RiskAdminClient(f"localhost:{server.admin_port}", ca=cert) as client:
            assert client.halts() == []
        with RiskEngineClient(f"localhost:{server.port}", timeout=0.5) as client, pytest.raises(grpc.RpcError):
            client.check_order(desk.order())
    finally:
        server.stop(0)
    for wrong in (f"tls_cert: '{cert}', tls_key: '{tmp_path}/none'", f"tls_cert: '{key}', tls_key: '{key}'"):
        with pytest.raises(ConfigError):
            serve(desk.engine, config=Config.parse(f"grpc: {{{wrong}}}"))
