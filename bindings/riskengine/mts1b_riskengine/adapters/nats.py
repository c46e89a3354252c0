"""NATS beside the engine: envelopes come in, and what is in the outbox goes out, in order and at least once.

A NATS that is away changes no decision; what waits is sent when it is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import nats
from nats.errors import Error as NatsError

from ..errors import StoreError

if TYPE_CHECKING:
    from ..engine import RiskEngine
    from ..envelope.loader import EnvelopeLoader

log = logging.getLogger(__name__)

RECONNECT_S = 0.5
FLUSH_S = 5
LOOK_AGAIN_S = 1.0
BATCH = 500


class NatsBridge:
    """Between `engine`, `loader` and the NATS at `servers`. From its making on messages are kept for it."""

    def __init__(self, engine: RiskEngine, loader: EnvelopeLoader, servers: Sequence[str]) -> None:
        self._outbox = engine.outbox
        self._loader = loader
        self._servers = list(servers)
        self._prefix = engine.config.nats.prefix
        self._connection: Any = None
        self._pump: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._outbox.listen(lambda: None)

    async def start(self) -> None:
        """Connect, which takes as long as it takes, subscribe, and begin to send."""
        loop = asyncio.get_running_loop()
        self._outbox.listen(lambda: _wake(loop, self._news))
        self._connection = await nats.connect(
            servers=self._servers,
            name="mts1b-riskengine",
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_S,
            connect_timeout=2,
            error_cb=_told,
            disconnected_cb=_lost,
            reconnected_cb=self._back,
        )
        await self._connection.subscribe(f"{self._prefix}.envelope.updated", cb=self._arrived)
        self._pump = asyncio.create_task(self._sending())

    async def stop(self) -> None:
        """Send what can be sent at once, and leave. What remains is sent by the next."""
        self._outbox.listen(lambda: None)
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.gather(self._pump, return_exceptions=True)
        if self._connection is not None:
            with suppress(NatsError, StoreError, OSError, TimeoutError):
                await self._send()
            with suppress(NatsError, OSError, TimeoutError):
                await self._connection.close()

    async def _arrived(self, message: Any) -> None:
        await asyncio.to_thread(self._loader.on_message, message.data)

    async def _sending(self) -> None:
        while True:
            self._news.clear()
            try:
                if await self._send():
                    continue
            except (NatsError, OSError, TimeoutError, StoreError) as error:
                log.warning("messages wait in the outbox: %s", type(error).__name__)
                await asyncio.sleep(RECONNECT_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_AGAIN_S)

    async def _send(self) -> bool:
        """Send one batch, have it acknowledged, and forget it; whether there was anything."""
        if not self._connection.is_connected:
            return False
        waiting = await asyncio.to_thread(self._outbox.waiting, BATCH)
        for number, (subject, payload) in waiting:
            # Who keeps a stream of these drops a second delivery by this number.
            await self._connection.publish(subject, payload.encode(), headers={"Nats-Msg-Id": str(number)})
        if waiting:
            await self._connection.flush(FLUSH_S)
            await asyncio.to_thread(self._outbox.delivered, waiting[-1][0])
        return bool(waiting)

    async def _back(self) -> None:
        log.info("NATS is back")
        self._news.set()


def _wake(loop: asyncio.AbstractEventLoop, news: asyncio.Event) -> None:
    with suppress(RuntimeError):  # The loop may be gone already.
        loop.call_soon_threadsafe(news.set)


async def _told(error: Exception) -> None:
    log.warning("NATS: %s", type(error).__name__)


async def _lost() -> None:
    log.warning("NATS is away; decisions go on, messages wait")
