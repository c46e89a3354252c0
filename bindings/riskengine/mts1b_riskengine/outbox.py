"""What is to be published: written with what it tells, delivered in order, forgotten when it arrived.

Who dies between the delivery and the forgetting delivers again: at least once, never out of order.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

from .errors import StoreError
from .store import Message, Store

log = logging.getLogger(__name__)


class Publisher(Protocol):
    """Where messages go; an exception means that this one did not arrive."""

    def publish(self, subject: str, payload: dict[str, Any]) -> None: ...


class Outbox:
    """The messages of one store. `wanted` says whether anybody will ever read them; nobody writes them otherwise."""

    def __init__(self, store: Store, publisher: Publisher | None = None, prefix: str = "mts.v1.risk") -> None:
        self._store = store
        self._publisher = publisher
        self._prefix = prefix
        self._pumping = threading.Lock()
        self._listener: Callable[[], None] | None = None
        self.wanted = publisher is not None

    def message(self, name: str, payload: str) -> Message:
        """A message of the kind `name`, like `halt.raised`; `payload` is JSON."""
        return Message(f"{self._prefix}.{name}", payload)

    def written(self) -> None:
        """Messages were written: deliver them, or tell the one who does."""
        if self._listener is not None:
            self._listener()
        if self._publisher is not None:
            try:
                self.flush()
            except StoreError:
                log.warning("the outbox cannot be read; what waits in it is sent later")

    def flush(self) -> int:
        """Deliver what waits, in order, until something does not arrive; the number of what did."""
        if self._publisher is None or not self._pumping.acquire(blocking=False):
            return 0  # Somebody else is at it, and looks again before going.
        try:
            return self._pump(self._publisher)
        finally:
            self._pumping.release()

    def _pump(self, publisher: Publisher) -> int:
        count = 0
        while waiting := self._store.outbox():
            arrived = 0
            try:
                for number, (subject, payload) in waiting:
                    publisher.publish(subject, json.loads(payload))
                    arrived = number
                    count += 1
            except Exception as error:  # Whatever a publisher raises changes no decision.
                log.warning("a message waits in the outbox: %s", type(error).__name__)
                return count
            finally:
                if arrived:
                    self._store.delivered(arrived)
        return count

    # A bridge reads and forgets by itself.

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Call `listener` after each write, from whichever thread wrote; None ends it."""
        self._listener = listener
        self.wanted = self.wanted or listener is not None

    def waiting(self, limit: int) -> list[tuple[int, Message]]:
        return self._store.outbox(limit)

    def delivered(self, number: int) -> None:
        self._store.delivered(number)

    def size(self) -> int:
        return self._store.outbox_size()
