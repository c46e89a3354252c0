"""Where events are kept: in memory, or in a file that survives."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from trade_engine._times import aware
from trade_engine.errors import EventStoreCorrupt, EventStoreError, EventStoreLocked
from trade_engine.events import Event, numbered

NO_HASH = "0" * 64


class EventStore:
    """Events in memory. They are added, and never changed or taken away."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._orders: dict[str, list[Event]] = {}

    def append(self, event: Event) -> Event:
        """Keeps an event, and tells it with its number and id."""
        stored = self._numbered(event)
        self._keep(stored)
        return stored

    def _numbered(self, event: Event) -> Event:
        if not isinstance(event, Event):
            raise TypeError(f"{event!r} is not an Event")
        following = len(self._events) + 1
        if event.seq == following and event.event_id:
            return event
        if event.seq not in (0, following):
            raise EventStoreError(f"event {event.seq} cannot follow event {following - 1}")
        return numbered(event, following)

    def _keep(self, event: Event) -> None:
        self._events.append(event)
        order_id = getattr(event, "order_id", None)
        if order_id is not None:
            self._orders.setdefault(order_id, []).append(event)

    def get_all(self) -> list[Event]:
        """All of them, oldest first."""
        return list(self._events)

    def get_by_order(self, order_id: str) -> list[Event]:
        """Those that name an order."""
        return list(self._orders.get(order_id, ()))

    def get_by_symbol(self, symbol: str) -> list[Event]:
        """Those that name a symbol."""
        return [event for event in self._events if getattr(event, "symbol", None) == symbol]

    def get_by_type(self, kind: type[Event]) -> list[Event]:
        """Those of a class."""
        return [event for event in self._events if isinstance(event, kind)]

    def get_since(self, moment: datetime) -> list[Event]:
        """Those of a time or later."""
        aware(moment, "since")
        return [event for event in self._events if event.timestamp >= moment]

    def get_between(self, first: datetime, last: datetime) -> list[Event]:
        """Those from one time to another, both included."""
        aware(first, "first"), aware(last, "last")
        return [event for event in self._events if first <= event.timestamp <= last]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._events)

    def __len__(self) -> int:
        return len(self._events)

    def __iter__(self) -> Iterator[Event]:
        return iter(list(self._events))

    def flush(self) -> None:
        """Makes sure that what was added survives."""

    def close(self) -> None:
        """Ends the work with it."""


def canonical(record: dict[str, Any]) -> bytes:
    """The bytes that a hash is of."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


class FileEventStore(EventStore):
    """Events in a file of JSON lines, each of which names the hash of the one before."""

    #: How long what was added may wait to be flushed with fsync="batch".
    BATCH_SECONDS = 0.1

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        fsync: str = "always",
        read_only: bool = False,
        expected_head: tuple[int, str] | None = None,
    ) -> None:
        super().__init__()
        if fsync not in ("always", "batch", "never"):
            raise ValueError(f"fsync: {fsync!r} is none of always, batch, never")
        self.path = Path(path)
        self.recovered_bytes = 0
        self._fsync = fsync
        self._read_only = read_only
        self._hash = NO_HASH
        self._size = 0
        self._guard = threading.RLock()
        self._timer: threading.Timer | None = None
        self._failed = False
        self._file: int | None = self._open()
        try:
            self._load(expected_head)
        except BaseException:
            self._release()
            raise

    # ---- Opening

    def _open(self) -> int:
        try:
            if self._read_only:
                return os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            is_new = not self.path.exists()
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise EventStoreError(f"{self.path}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise EventStoreLocked(f"{self.path}: somebody else writes to it") from error
        if is_new:
            self._sync_folder()
        return file

    def _sync_folder(self) -> None:
        """A file that is new survives once its folder knows of it."""
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _load(self, expected_head: tuple[int, str] | None) -> None:
        data = self.path.read_bytes()
        lines = [line + b"\n" for line in data.split(b"\n")]
        lines[-1] = lines[-1][:-1]
        if not lines[-1]:
            lines.pop()
        found = expected_head is None or tuple(expected_head) == (0, NO_HASH)
        for number, line in enumerate(lines, 1):
            if number == len(lines) and is_torn(line):
                self.recovered_bytes = len(line)
                break
            event, digest = self._read(number, line)
            self._keep(event)
            self._hash = digest
            self._size += len(line)
            if expected_head is not None and (number, digest) == tuple(expected_head):
                found = True
        if not found:
            raise EventStoreCorrupt(len(self._events) + 1, "the known head is not in the file")
        if self.recovered_bytes and not self._read_only and self._file is not None:
            os.ftruncate(self._file, self._size)
            os.fsync(self._file)

    def _read(self, number: int, line: bytes) -> tuple[Event, str]:
        try:
            record = json.loads(line)
            digest = record.pop("hash")
            if hashlib.sha256(canonical(record)).hexdigest() != digest:
                raise EventStoreCorrupt(number, "its hash is another")
            if record["seq"] != number or record["prev"] != self._hash:
                raise EventStoreCorrupt(number, "it does not follow the one before")
            return Event.from_dict(record), digest
        except EventStoreCorrupt:
            raise
        except Exception as error:
            raise EventStoreCorrupt(number, str(error)) from error

    # ---- Adding

    def append(self, event: Event) -> Event:
        """Keeps an event: it is in the file when this returns, and as safe as ``fsync`` says."""
        with self._guard:
            if self._read_only:
                raise EventStoreError(f"{self.path}: it was opened to be read")
            if self._file is None or self._failed:
                raise EventStoreError(f"{self.path}: it is closed" if self._file is None else f"{self.path}: it failed")
            stored = self._numbered(event)
            record = stored.to_dict()
            record["prev"] = self._hash
            digest = hashlib.sha256(canonical(record)).hexdigest()
            record["hash"] = digest
            line = canonical(record) + b"\n"
            self._write(line)
            self._size += len(line)
            self._hash = digest
            self._keep(stored)
            return stored

    def _write(self, line: bytes) -> None:
        file = self._file
        assert file is not None
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(file, rest) :]
            if self._fsync == "always":
                os.fsync(file)
            elif self._fsync == "batch":
                self._flush_soon()
        except OSError as error:
            self._take_back()
            raise EventStoreError(f"{self.path}: {error.strerror}") from error

    def _take_back(self) -> None:
        """Half of a line would spoil all that follow."""
        try:
            assert self._file is not None
            os.ftruncate(self._file, self._size)
        except OSError:
            self._failed = True

    def _flush_soon(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(self.BATCH_SECONDS, self._flush_now)
            self._timer.daemon = True
            self._timer.start()

    def _flush_now(self) -> None:
        with self._guard:
            self._timer = None
            if self._file is not None:
                try:
                    os.fsync(self._file)
                except OSError:
                    self._failed = True

    # ---- Ending

    @property
    def head(self) -> tuple[int, str]:
        """The number and the hash of the last event."""
        return len(self._events), self._hash

    def flush(self) -> None:
        """Makes sure that everything survives a loss of power."""
        with self._guard:
            if self._file is not None and not self._read_only:
                try:
                    os.fsync(self._file)
                except OSError as error:
                    raise EventStoreError(f"{self.path}: {error.strerror}") from error

    def close(self) -> None:
        """Flushes, and lets others write."""
        with self._guard:
            if self._file is None:
                return
            try:
                if self._fsync != "never":
                    self.flush()
            finally:
                self._release()

    def _release(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> FileEventStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_torn(line: bytes) -> bool:
    """Whether a last line is half of one: without its end, or cut before it."""
    if not line.endswith(b"\n"):
        return True
    text = line.rstrip(b"\n\x00")
    if text.endswith(b"}"):
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False
