"""The service: the gates on one port, operators on another, with tokens, TLS, deadlines and an orderly end.

The calls are answered on one event loop. An order is decided on the loop itself when nothing in a decision waits for
anybody, which is fastest, and in a thread when a veto or a store over a network may keep it waiting.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from ..config import Config
from ..errors import (
    ApprovalError,
    ConfigError,
    EnvelopeNotFound,
    NotHalted,
    StillInBreach,
    StoreError,
)
from ..models import Severity
from . import mts1b_riskengine_pb2 as pb
from . import mts1b_riskengine_pb2_grpc as rpc
from . import wire
from .tokens import NEEDED, OPEN, Holder, Tokens

if TYPE_CHECKING:
    from ..engine import RiskEngine
    from ..models import RiskDecision

log = logging.getLogger(__name__)

ENGINE = "mts.risk.v1.RiskEngine"
ADMIN = "mts.risk.v1.RiskAdmin"
MESSAGE_MAX = 64 * 1024
THREADS = 64
STORE_LOST = "STORE_UNAVAILABLE"
OPTIONS = [
    ("grpc.max_receive_message_length", MESSAGE_MAX),
    ("grpc.max_metadata_size", 16 * 1024),
    # Two services on one port would share the orders between them.
    ("grpc.so_reuseport", 0),
]


def serve(
    engine: RiskEngine,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    admin_port: int | None = None,
    config: Config | None = None,
) -> RiskEngineServer:
    """Serve `engine` until `stop`; a port of 0 is a free one. Operators are served only if `admin_port` is given.

    ConfigError: a host that others reach without TLS, a port that is taken, or a key or token file that cannot be used.
    """
    return RiskEngineServer(engine, host, port, admin_port, config or engine.config)


class RiskEngineServer:
    """A running service; `port` and `admin_port` are where it listens."""

    def __init__(self, engine: RiskEngine, host: str, port: int, admin_port: int | None, config: Config) -> None:
        self.port = 0
        self.admin_port: int | None = None
        self._settings = config.grpc
        if self._settings.tls_cert is None and not _is_loopback(host):
            raise ConfigError(f"grpc.host: {host} is reached by others, and there is no tls_cert")
        self._credentials = _credentials(config)
        self._tokens = Tokens(self._settings.tokens_file) if self._settings.tokens_file else None
        self._threads = ThreadPoolExecutor(THREADS, "gates")
        self._desk = _Desk(engine, self._threads)
        self._servers: list[grpc.aio.Server] = []
        self._health = health.aio.HealthServicer()
        self._loop = asyncio.new_event_loop()
        self._stopped = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="service", daemon=True)
        self._thread.start()
        try:
            self._call(self._start(host, port, admin_port))
        except BaseException:
            self.stop(0)
            raise

    def stop(self, grace: float | None = None) -> None:
        """Take no more orders, give those that are being decided `grace` seconds, and end. Once is enough."""
        with self._stopped:
            if self._loop.is_closed():
                return
            self._call(self._drain(grace))
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self._threads.shutdown(wait=False, cancel_futures=True)

    def healthy(self, is_so: bool) -> None:
        """Tell those who ask for the health of the service."""
        status = health_pb2.HealthCheckResponse.SERVING if is_so else health_pb2.HealthCheckResponse.NOT_SERVING
        if not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._tell(status), self._loop)

    async def _tell(self, status: int) -> None:
        for name in self._names:
            await self._health.set(name, status)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    def _call(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self, host: str, port: int, admin_port: int | None) -> None:
        self._names = ("", ENGINE) if admin_port is None else ("", ENGINE, ADMIN)
        await self._tell(health_pb2.HealthCheckResponse.SERVING)
        server = self._made()
        rpc.add_RiskEngineServicer_to_server(_Engine(self._desk), server)
        if self._settings.reflection:
            reflection.enable_server_reflection((ENGINE, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
        self.port = self._bound(server, host, port)
        if admin_port is not None:
            operators = self._made()
            rpc.add_RiskAdminServicer_to_server(_Admin(self._desk), operators)
            self.admin_port = self._bound(operators, host, admin_port)
        for each in self._servers:
            await each.start()

    def _made(self) -> grpc.aio.Server:
        interceptors = [_Doorman(self._tokens)] if self._tokens is not None else []
        server = grpc.aio.server(interceptors=interceptors, options=OPTIONS)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        self._servers.append(server)
        return server

    def _bound(self, server: grpc.aio.Server, host: str, port: int) -> int:
        address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        try:
            if self._credentials is None:
                bound = server.add_insecure_port(address)
            else:
                bound = server.add_secure_port(address, self._credentials)
        except RuntimeError:
            bound = 0
        if bound == 0:
            raise ConfigError(f"grpc.port: {address} cannot be listened on")
        return int(bound)

    async def _drain(self, grace: float | None) -> None:
        self._desk.closed = True
        await self._health.enter_graceful_shutdown()
        await asyncio.gather(*(server.stop(grace) for server in self._servers))

    def __repr__(self) -> str:
        return f"<RiskEngineServer on {self.port}>"


class _Desk:
    """What both services share: the engine, where it is asked, and whether the doors are closing."""

    def __init__(self, engine: RiskEngine, threads: ThreadPoolExecutor) -> None:
        self.engine = engine
        self.closed = False
        self._threads = threads
        self._waits = engine.config.cro_veto.enabled or not engine.store.local

    async def check(self, message: pb.Order, context: Any) -> RiskDecision:
        """The decision, unless the caller's time is over, the store is lost, or the service is closing."""
        if self.closed:
            await _refused(context, grpc.StatusCode.UNAVAILABLE, "the service is stopping")
        remaining = context.time_remaining()
        if remaining is not None and remaining <= 0:
            await _refused(context, grpc.StatusCode.DEADLINE_EXCEEDED, "the order came too late to be decided")
        fields = wire.order_fields(message)
        if self._waits:
            decision: RiskDecision = await self.apart(lambda: self.engine.check_order(fields), context)
        else:
            try:
                decision = self.engine.check_order(fields)
            except Exception:
                log.exception("an order could not be decided")
                await _refused(context, grpc.StatusCode.INTERNAL, "the order could not be decided")
        if decision.rejection_code == STORE_LOST:
            await _refused(context, grpc.StatusCode.UNAVAILABLE, "the store does not answer")
        if not decision.approved:
            log.info(
                "%s refused by %s: %s", decision.decision_id or "an order", decision.rejecting_gate, decision.rejection_code,
                extra={"decision_id": decision.decision_id, "gate": decision.rejecting_gate, "code": decision.rejection_code},
            )  # fmt: skip
        elif log.isEnabledFor(logging.DEBUG):
            log.debug("%s approved", decision.decision_id, extra={"decision_id": decision.decision_id})
        return decision

    async def apart(self, work: Callable[[], Any], context: Any) -> Any:
        """Do `work` in a thread; what goes wrong becomes a status that says what the caller may know."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except (NotHalted, EnvelopeNotFound) as error:
            await _refused(context, grpc.StatusCode.NOT_FOUND, str(error))
        except StillInBreach as error:
            await _refused(context, grpc.StatusCode.FAILED_PRECONDITION, str(error))
        except ApprovalError as error:
            await _refused(context, grpc.StatusCode.PERMISSION_DENIED, str(error))
        except StoreError:
            await _refused(context, grpc.StatusCode.UNAVAILABLE, "the store does not answer")
        except ValueError as error:
            await _refused(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except Exception:
            log.exception("a call failed")
            await _refused(context, grpc.StatusCode.INTERNAL, "the call failed")


async def _refused(context: Any, status: grpc.StatusCode, message: str) -> NoReturn:
    await context.abort(status, message)
    raise AssertionError("abort raises")


class _Engine(rpc.RiskEngineServicer):
    def __init__(self, desk: _Desk) -> None:
        self._desk = desk

    async def CheckOrder(self, request: pb.Order, context: Any) -> pb.RiskDecision:
        return wire.decision_message(await self._desk.check(request, context))

    async def CheckOrders(
        self, request_iterator: AsyncIterator[pb.Order], context: Any
    ) -> AsyncIterator[pb.RiskDecision]:
        async for request in request_iterator:
            yield wire.decision_message(await self._desk.check(request, context))

    async def GetEnvelope(self, request: pb.EnvelopeRequest, context: Any) -> pb.RiskEnvelope:
        if self._desk.closed:
            await _refused(context, grpc.StatusCode.UNAVAILABLE, "the service is stopping")
        if not request.fund_id:
            await _refused(context, grpc.StatusCode.INVALID_ARGUMENT, "fund_id is empty")
        envelopes, strategy_id = self._desk.engine.envelopes, request.strategy_id or None

        def asked() -> pb.RiskEnvelope:
            if request.version == 0:
                return wire.envelope_message(envelopes.effective(request.fund_id, strategy_id))
            return wire.envelope_message(envelopes.get(request.fund_id, strategy_id, request.version))

        answer: pb.RiskEnvelope = await self._desk.apart(asked, context)
        return answer


class _Admin(rpc.RiskAdminServicer):
    """What operators ask. Each call is logged with the names that it gives; the engine records it."""

    def __init__(self, desk: _Desk) -> None:
        self._desk = desk

    async def Halt(self, request: pb.HaltRequest, context: Any) -> pb.HaltList:
        await self._named(request.scope, request.operator, request.reason, context)
        engine = self._desk.engine
        halt = await self._desk.apart(lambda: engine.halt(request.scope, request.operator, request.reason), context)
        log.warning("halted %s", request.scope, extra={"scope": request.scope, "operator": request.operator})
        return _halts([halt])

    async def Resume(self, request: pb.ResumeRequest, context: Any) -> pb.HaltList:
        await self._named(request.scope, request.operator, request.reason, context)
        engine = self._desk.engine

        def resume() -> Any:
            return engine.resume(
                request.scope,
                request.operator,
                request.reason,
                severity=Severity(request.severity) if request.severity else None,
                rebase=request.rebase,
                approved_by=request.approved_by or None,
            )

        lifted = await self._desk.apart(resume, context)
        log.warning("resumed %s", request.scope, extra={"scope": request.scope, "operator": request.operator})
        return _halts(lifted)

    async def ListHalts(self, request: pb.HaltsRequest, context: Any) -> pb.HaltList:
        engine = self._desk.engine
        return _halts(await self._desk.apart(lambda: engine.halts(request.scope or None), context))

    async def _named(self, scope: str, operator: str, reason: str, context: Any) -> None:
        if self._desk.closed:
            await _refused(context, grpc.StatusCode.UNAVAILABLE, "the service is stopping")
        if not (scope.strip() and operator.strip() and reason.strip()):
            await _refused(context, grpc.StatusCode.INVALID_ARGUMENT, "scope, operator and reason are needed")


def _halts(halts: list[Any]) -> pb.HaltList:
    return pb.HaltList(json=[halt.model_dump_json() for halt in halts])


class _Doorman(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Lets a call through whose token has the right to it. What it does not know it keeps out."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any) -> Any:
        method = handler_call_details.method
        handler = await continuation(handler_call_details)
        if handler is None or method.startswith(OPEN):
            return handler
        holder = self._holder(handler_call_details.invocation_metadata)
        if holder is None:
            return _instead(handler, grpc.StatusCode.UNAUTHENTICATED, "a token is needed")
        needed = NEEDED.get(method)
        if needed is None and not method.startswith("/grpc.reflection."):
            return _instead(handler, grpc.StatusCode.PERMISSION_DENIED, "nobody has the right to this")
        if needed is not None and needed not in holder.rights:
            log.warning("%s may not call %s", holder.name, method)
            return _instead(handler, grpc.StatusCode.PERMISSION_DENIED, f"the token has no right to {needed}")
        return handler

    def _holder(self, metadata: Any) -> Holder | None:
        given = [value for key, value in metadata or () if key == "authorization"]
        if len(given) != 1 or not isinstance(given[0], str) or not given[0].startswith("Bearer "):
            return None
        return self._tokens.holder(given[0].removeprefix("Bearer "))


def _instead(handler: Any, status: grpc.StatusCode, message: str) -> Any:
    """A handler of the same shape that only says no."""

    async def one(request: Any, context: Any) -> None:
        await context.abort(status, message)

    async def many(request: Any, context: Any) -> AsyncIterator[Any]:
        await context.abort(status, message)
        yield  # pragma: no cover

    made = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }[handler.request_streaming, handler.response_streaming]
    return made(many if handler.response_streaming else one, handler.request_deserializer, handler.response_serializer)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _credentials(config: Config) -> grpc.ServerCredentials | None:
    if config.grpc.tls_cert is None or config.grpc.tls_key is None:
        return None
    try:
        pair = (Path(config.grpc.tls_key).read_bytes(), Path(config.grpc.tls_cert).read_bytes())
    except OSError as error:
        raise ConfigError(f"grpc.tls_key, grpc.tls_cert: {error.strerror}") from None
    return grpc.ssl_server_credentials([pair])
