"""Gate 7: somebody else's opinion, asked last. It can only refuse, and without a proper answer in time the order passes.

This is the one gate that fails open, because the document asks for it; each time it does is counted and told.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Mapping
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, Protocol

from ..envelope.model import RiskEnvelope
from ..models import Order

GATE, CODE, UNAVAILABLE = "cro_veto", "CRO_VETO", "CRO_UNAVAILABLE"
REASON_MAX = 500
PATIENCE_S = 0.05


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
    """Asks, each time in a thread and an event loop of its own.

    The caller may be in a loop himself, and a model that never lets go of its loop, or ends it, holds up nobody but itself.
    """

    def __init__(self, cro: Cro, timeout: float, threshold: float) -> None:
        self._cro, self._timeout, self._threshold = cro, timeout, threshold

    def ask(self, order: Order, context: Mapping[str, Any], envelope: RiskEnvelope) -> Opinion:
        """What there is to say of an order; it never raises."""
        opinions: SimpleQueue[Opinion] = SimpleQueue()
        words = (opinions, order, context, envelope)
        threading.Thread(target=self._run, args=words, name="cro_veto", daemon=True).start()
        try:
            # A little longer than the loop waits, so that its own answer is the rule.
            return opinions.get(timeout=self._timeout + PATIENCE_S)
        except Empty:
            return Opinion("timeout")

    def _run(
        self, opinions: SimpleQueue[Opinion], order: Order, context: Mapping[str, Any], envelope: RiskEnvelope
    ) -> None:
        try:
            opinions.put(self._judged(asyncio.run(self._asked(order, context, envelope))))
        except TimeoutError:
            opinions.put(Opinion("timeout"))
        except BaseException:  # Whatever it raises, also what would end a process, the order passes.
            opinions.put(Opinion("error"))

    async def _asked(self, order: Order, context: Mapping[str, Any], envelope: RiskEnvelope) -> Any:
        asked = self._cro.veto(order=order, market_context=context, envelope=envelope, timeout=self._timeout)
        return await asyncio.wait_for(asked, self._timeout)

    def _judged(self, answer: Any) -> Opinion:
        try:
            veto, confidence, reason = answer.veto, answer.confidence, getattr(answer, "reason", "")
        except Exception:
            return Opinion("malformed")
        if not isinstance(veto, bool) or isinstance(confidence, bool) or not isinstance(confidence, int | float):
            return Opinion("malformed")
        if math.isnan(confidence) or not 0 <= confidence <= 1:
            return Opinion("malformed")
        if not veto or confidence <= self._threshold:
            return Opinion("passed")
        return Opinion("vetoed", float(confidence), reason[:REASON_MAX] if isinstance(reason, str) else "")
