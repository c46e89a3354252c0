"""What an engine is configured by, and how that changes while it runs."""

from __future__ import annotations

import dataclasses
import threading
from dataclasses import dataclass

from openpit._openpit import Clock, Engine
from openpit.config import _compiled
from openpit.config._change import applied, reverted


@dataclass(frozen=True)
class Waiting:
    """A change that waits for its time; ``before`` is what it found when it is to be taken back, else None."""

    number: int
    at: int
    change: _compiled.Change
    before: _compiled.Document | None = None

    @property
    def key(self) -> tuple[int, bool]:
        return self.number, self.before is not None


class Configuration:
    """The document in force in an engine, and the changes of it that wait for their time.

    The limits themselves are the engine's, which applies each change when its time comes; the document follows what the
    engine says is still waiting.
    """

    def __init__(self, document: _compiled.Document, clock: Clock | None) -> None:
        self._document = document
        # The engine's own; calendars are worked out from its time on.
        self.clock = clock
        self._waiting: list[Waiting] = []
        self.lock = threading.RLock()

    def in_force(self, engine: Engine) -> _compiled.Document:
        """The document that is in force now, by the clock of the engine."""
        with self.lock:
            if self._waiting:
                self._follow(engine)
            return self._document

    def waiting(self, engine: Engine) -> list[Waiting]:
        """What waits, in the order of the times."""
        with self.lock:
            self.in_force(engine)
            return list(self._waiting)

    def replace(self, document: _compiled.Document) -> None:
        """Puts a whole document in the place of that in force."""
        self._document = document

    def take(self, number: int, change: _compiled.Change, is_applied: bool) -> None:
        """Takes down a change that the engine has accepted."""
        if is_applied:
            self._apply(number, change)
        else:
            assert change.effective_from is not None
            self._wait(Waiting(number, change.effective_from, change))

    def _follow(self, engine: Engine) -> None:
        pending = {(number, is_revert) for number, _, is_revert in engine._read_pending_changes()}
        while (due := next((item for item in self._waiting if item.key not in pending), None)) is not None:
            self._waiting.remove(due)
            if due.before is None:
                self._apply(due.number, due.change)
            else:
                self._document = reverted(due.change, due.before, self._document)

    def _apply(self, number: int, change: _compiled.Change) -> None:
        before = self._document
        self._document = applied(change, before)
        if change.revert_at is not None:
            made = dataclasses.replace(change, document=self._document)
            self._wait(Waiting(number, change.revert_at, made, before))

    def _wait(self, item: Waiting) -> None:
        self._waiting.append(item)
        self._waiting.sort(key=lambda waiting: waiting.at)
