"""`mts serve`: store, engine, service, workers and bridges of one configuration, until somebody says stop."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from ..config import Config
from ..envelope.loader import DirectorySource, EnvelopeLoader
from ..errors import ConfigError, StoreError, StoreLocked
from ..store import open_store
from ..workers.broker_exit_reconciler import BrokerExitReconciler
from ..workers.position_arm_sweeper import PositionArmSweeper
from ..workers.protocols import Broker, Oms, Quotes
from ..workers.supervisor import Supervisor
from ..workers.synthetic_stop_runner import SyntheticStopRunner
from .grpc import RiskEngineServer, serve
from .metrics_page import MetricsPage

if TYPE_CHECKING:
    from ..engine import RiskEngine

log = logging.getLogger(__name__)

GRACE_S = 10.0
OVER, FAILED = 0, 1


@dataclass(frozen=True)
class Adapters:
    """What a firm brings: each is made of the engine once it is there. A feed is a coroutine that should never end."""

    cro: Any = None
    oms: Callable[[RiskEngine], Oms] | None = None
    broker: Callable[[RiskEngine], Broker] | None = None
    quotes: Callable[[RiskEngine], Quotes] | None = None
    feeds: Sequence[Callable[[RiskEngine], Awaitable[None]]] = field(default=())


def adapters(name: str, config: Config) -> Adapters:
    """The adapters that `module:function` gives when it is called with the configuration."""
    module, _, function = name.partition(":")
    try:
        made = getattr(importlib.import_module(module), function)(config)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"adapters: {name}: {type(error).__name__}: {error}") from None
    if not isinstance(made, Adapters):
        raise ConfigError(f"adapters: {name} does not give Adapters")
    return made


def run(
    config: Config, brought: Adapters | None = None, ready: Callable[[RiskEngineServer], None] | None = None
) -> int:
    """Serve until SIGTERM or SIGINT; the exit code. `ready` is called when orders are taken."""
    from ..engine import RiskEngine

    brought = brought or Adapters()
    engine = RiskEngine(config, store=open_store(config.storage.url), cro=brought.cro)
    # What was read from the store stays: looking through it for garbage would only hold up orders.
    gc.collect()
    gc.freeze()
    try:
        return asyncio.run(_run(engine, config, brought, ready))
    finally:
        engine.close()


async def _run(
    engine: RiskEngine, config: Config, brought: Adapters, ready: Callable[[RiskEngineServer], None] | None
) -> int:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    async with AsyncExitStack() as stack:
        loader = EnvelopeLoader(
            engine.envelopes,
            DirectorySource(config.envelope.directory) if config.envelope.directory else None,
            config=config,
            clock=engine.clock,
            on_alert=engine.alert,
        )
        await loader.reload()
        if config.nats.enabled:
            await stack.enter_async_context(_bridge(engine, loader, config))
        supervisor = Supervisor(engine)
        stack.push_async_callback(supervisor.stop)
        server = serve(
            engine, host=config.grpc.host, port=config.grpc.port, admin_port=config.grpc.admin_port, config=config
        )
        stack.push_async_callback(asyncio.to_thread, server.stop, GRACE_S)
        keeper = _StoreKeeper(engine, server, over)
        supervisor.add(lambda: keeper)
        if config.envelope.directory:
            supervisor.add(lambda: loader)
        _add_workers(supervisor, engine, config, brought)
        if config.metrics.enabled:
            page = MetricsPage(engine, config.metrics.port)
            stack.push_async_callback(asyncio.to_thread, page.stop)
            log.info("metrics on port %d", page.port)
        log.info("orders on port %d, operators on %s", server.port, server.admin_port or "none")
        if ready is not None:
            ready(server)
        await over.wait()
        log.info("stopping: no more orders, %g seconds for those on their way", GRACE_S)
    return FAILED if keeper.lost else OVER


def _add_workers(supervisor: Supervisor, engine: RiskEngine, config: Config, brought: Adapters) -> None:
    oms = brought.oms(engine) if brought.oms else None
    broker = brought.broker(engine) if brought.broker else None
    quotes = brought.quotes(engine) if brought.quotes else None
    if config.position_arm_sweeper.enabled:
        supervisor.add(lambda: PositionArmSweeper(engine, config=config))
    if config.synthetic_stop.enabled and oms is not None and quotes is not None:
        supervisor.add(lambda: SyntheticStopRunner(engine, oms, quotes, config=config))
    elif config.synthetic_stop.enabled:
        log.warning("stops are armed, and nobody looks at them: the adapters have no oms, or no quotes")
    if config.broker_exit_reconciler.enabled and oms is not None and broker is not None:
        supervisor.add(lambda: BrokerExitReconciler(engine, oms, broker, config=config))
    elif config.broker_exit_reconciler.enabled:
        log.warning("positions are not compared with a broker: the adapters have no oms, or no broker")
    for feed in brought.feeds:
        supervisor.add(partial(_Feed, engine, feed), endless=True)


class _Feed:
    """A feed as a worker: one that ends is begun again."""

    interval = 1.0

    def __init__(self, engine: RiskEngine, feed: Callable[[RiskEngine], Awaitable[None]]) -> None:
        self.name = getattr(feed, "__name__", "feed")
        self._engine, self._feed = engine, feed

    async def run_once(self) -> None:
        await self._feed(self._engine)


class _StoreKeeper:
    """Looks after the store: while it does not answer the service is not healthy, and once it is another's, it is over."""

    name, interval = "store_keeper", 1.0

    def __init__(self, engine: RiskEngine, server: RiskEngineServer, over: asyncio.Event) -> None:
        self._engine, self._server, self._over = engine, server, over
        self.lost = False

    async def run_once(self) -> None:
        try:
            await asyncio.to_thread(self._engine.store.outbox_size)
        except StoreLocked as error:
            log.error("the store is lost: %s", error)
            self.lost = True
            self._over.set()
        except StoreError as error:
            log.error("the store does not answer: %s", error)
            self._server.healthy(False)
        else:
            self._server.healthy(True)


class _bridge:
    """The NATS bridge, which connects in its own time."""

    def __init__(self, engine: RiskEngine, loader: EnvelopeLoader, config: Config) -> None:
        try:
            from ..adapters.nats import NatsBridge
        except ImportError:
            raise ConfigError("nats.enabled: the extra [nats] is not installed") from None
        self._bridge = NatsBridge(engine, loader, config.nats.servers)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        self._task = asyncio.create_task(self._bridge.start())

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._bridge.stop()
