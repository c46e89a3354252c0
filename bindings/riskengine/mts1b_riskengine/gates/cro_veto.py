"""Gate 7: somebody else's opinion, asked last. It can only refuse, and without a proper answer in time the order passes.

This is the one gate that fails open, because the document asks for it; each time it does is counted and told.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from typing import Any, NamedTuple, Protocol

from ..envelope.model import RiskEnvelope
from ..models import Order

GATE, CODE, UNAVAILABLE = "cro_veto", "CRO_VETO", "CRO_UNAVAILABLE"
REASON_MAX = 500


class Cro(Protocol):
    """Who is asked."""

    async def veto(
        self, *, order: Order, market_context: Mapping[str, Any], envelope: RiskEnvelope, timeout: float
    ) -> Any: ...


class Opinion(NamedTuple):
    """`passed`, `vetoed`, `timeout`, `error` or `malformed`; and what was said of a veto."""

    result: str
    confidence: float = 0.0
    reason: str = ""


class Asker:
    """Asks in a thread of its own, so that nobody who waits keeps others waiting, with an event loop or without one."""

    def __init__(self, cro: Cro, timeout: float, threshold: float) -> None:
        self._cro, self._timeout, self._threshold = cro, timeout, threshold
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def ask(self, order: Order, context: Mapping[str, Any], envelope: RiskEnvelope) -> Opinion:
        """What there is to say of an order; it never raises."""
        asked: Future[Any] | None = None
        try:
            coroutine = self._asked(order, context, envelope)
            asked = asyncio.run_coroutine_threadsafe(coroutine, self._running())
            answer = asked.result(self._timeout)
        except (Late, TimeoutError):
            if asked is not None:
                asked.cancel()
            return Opinion("timeout")
        except Exception:  # Whatever it raises, the order passes.
            return Opinion("error")
        return self._judged(answer)

    async def _asked(self, order: Order, context: Mapping[str, Any], envelope: RiskEnvelope) -> Any:
        asked = self._cro.veto(order=order, market_context=context, envelope=envelope, timeout=self._timeout)
        return await asyncio.wait_for(asked, self._timeout)

    def _judged(self, answer: Any) -> Opinion:
        veto, confidence = getattr(answer, "veto", None), getattr(answer, "confidence", None)
        if not isinstance(veto, bool) or isinstance(confidence, bool) or not isinstance(confidence, int | float):
            return Opinion("malformed")
        if math.isnan(confidence) or not 0 <= confidence <= 1:
            return Opinion("malformed")
        if not veto or confidence <= self._threshold:
            return Opinion("passed")
        reason = getattr(answer, "reason", "")
        return Opinion("vetoed", float(confidence), reason[:REASON_MAX] if isinstance(reason, str) else "")

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="cro_veto", daemon=True)
                self._thread.start()
            return self._loop

    def close(self) -> None:
        with self._starting:
            if self._loop is None or self._thread is None:
                return
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(1)
            if not self._thread.is_alive():
                self._loop.close()
            self._loop = self._thread = None
