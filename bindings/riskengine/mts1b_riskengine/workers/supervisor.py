"""Keeps workers running: one that falls is started again, and how late each is can be read from the metrics."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from ..models import Alert

if TYPE_CHECKING:
    from ..engine import RiskEngine

log = logging.getLogger(__name__)

FAILED = "WORKER_FAILED"
PAUSE_MAX_S = 30.0
FINISH_S = 10.0


class Worker(Protocol):
    name: str
    interval: float

    async def run_once(self) -> Any: ...


class Supervisor:
    """Runs each worker every `interval` seconds of real time until it is told to stop."""

    def __init__(self, engine: RiskEngine) -> None:
        self._engine = engine
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._endless: list[asyncio.Task[None]] = []

    def add(self, make: Callable[[], Worker], *, endless: bool = False) -> None:
        """Begin with the worker that `make` gives; after a fall it gives a fresh one. An endless one has nothing to finish."""
        task = asyncio.get_running_loop().create_task(self._kept_running(make))
        (self._endless if endless else self._tasks).append(task)

    async def stop(self) -> None:
        """Let the runs that are on their way end, and begin no more."""
        self._stop.set()
        late = set(self._endless)
        if self._tasks:
            late |= (await asyncio.wait(self._tasks, timeout=FINISH_S))[1]
        for task in late:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._endless, return_exceptions=True)

    async def _kept_running(self, make: Callable[[], Worker]) -> None:
        pause, worker = 1.0, make()
        self._engine.metrics.worker(worker.name, self._engine.clock(), worker.interval)
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                await worker.run_once()
            except Exception as error:
                self._fell(worker.name, error)
                await self._rest(pause)
                pause, worker = min(pause * 2, PAUSE_MAX_S), make()
                continue
            pause = 1.0
            self._engine.metrics.worker(worker.name, self._engine.clock(), worker.interval)
            await self._rest(worker.interval - (time.monotonic() - began))

    def _fell(self, name: str, error: Exception) -> None:
        log.error("%s fell and is started again", name, exc_info=error)
        self._engine.metrics.restarted(name)
        message = f"{name} fell and is started again"
        self._engine.alert(
            Alert(
                code=FAILED,
                message=message,
                details={"worker": name, "error": type(error).__name__},
                at=self._engine.clock(),
            )
        )

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), max(seconds, 0.0))
        except TimeoutError:
            return
