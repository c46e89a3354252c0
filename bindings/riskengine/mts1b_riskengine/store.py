"""The store: the only durable truth. What was written in one call is there whole, or not at all."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from .envelope import audit
from .envelope.audit import GENESIS, Head
from .errors import ConfigError, StoreError, StoreLocked

SCHEMA = 1
DECISION = "decision"
PAGE = 1000


class Record(NamedTuple):
    """One line of the audit chain; `at` is in microseconds since 1970, `body` is JSON."""

    kind: str
    at: int
    fund: str
    body: str


class Stored(NamedTuple):
    """A record as it was kept."""

    seq: int
    kind: str
    at: int
    fund: str
    body: str
    hash: str


class Row(NamedTuple):
    """State under a kind and a key; a body of None removes it."""

    kind: str
    key: str
    body: str | None


class Message(NamedTuple):
    """What waits to be published."""

    subject: str
    payload: str


class Store(Protocol):
    """What the engine and the envelopes ask of a store. Every method may be called from any thread."""

    local: bool
    """Whether a write never waits for a network."""

    def write(self, records: Sequence[Record], rows: Sequence[Row] = (), messages: Sequence[Message] = ()) -> int:
        """Keep all of it in one transaction and give the number of the last record; StoreError: nothing has happened."""

    def rows(self, kind: str) -> dict[str, str]:
        """Key to body of what is kept of `kind`."""

    def records(self, kind: str | None = None, after: int = 0) -> Iterator[Stored]:
        """The audit chain from record `after` + 1 on, or one kind of it."""

    def decisions(
        self, fund: str | None = None, since: int | None = None, until: int | None = None
    ) -> Iterator[Stored]:
        """Recorded decisions, oldest first; `since` is inclusive, `until` is not."""

    def head(self) -> Head: ...

    def verify(self, expected_head: tuple[int, str] | None = None) -> int: ...

    def outbox(self, limit: int = PAGE) -> list[tuple[int, Message]]:
        """The oldest messages with their numbers."""

    def outbox_size(self) -> int: ...

    def delivered(self, number: int) -> None:
        """Forget every message up to `number`."""

    def close(self) -> None: ...


def chained(head: Head, records: Sequence[Record]) -> tuple[list[tuple[int, int, str, str, str, str]], Head]:
    """The rows that carry `records` on from `head`, and the head they make."""
    seq, before = head
    made = []
    for kind, at, fund, body in records:
        seq += 1
        before = audit.link(before, seq, at, kind, fund, body)
        made.append((seq, at, kind, fund, body, before))
    return made, Head(seq, before)


TABLES = """
create table if not exists meta (name text primary key, value text not null) without rowid;
create table if not exists audit (
    seq integer primary key, at integer not null, kind text not null, fund text not null, body text not null, hash text not null
);
create index if not exists decided on audit (at) where kind = 'decision';
create table if not exists state (kind text not null, key text not null, body text not null, primary key (kind, key)) without rowid;
create table if not exists outbox (number integer primary key autoincrement, subject text not null, payload text not null);
"""
APPEND = "insert into audit (seq, at, kind, fund, body, hash) values (?, ?, ?, ?, ?, ?)"
PUT = "insert into state (kind, key, body) values (?, ?, ?) on conflict (kind, key) do update set body = excluded.body"
REMOVE = "delete from state where kind = ? and key = ?"
SEND = "insert into outbox (subject, payload) values (?, ?)"


class SqliteStore:
    """A store in one file; `":memory:"` for tests and trials.

    Every write survives the end of the process, however it comes. Writes with anything but a decision, and with
    `flush_decisions` those, too, are also flushed to the disk before they return, so that they survive a loss of power.
    A second process that writes is refused; `read_only` looks at the store of a running service.

    A store in memory has nothing to keep from a fall, so it takes note of a write and works it in when somebody reads.
    """

    local = True

    def __init__(self, path: str | Path, *, read_only: bool = False, flush_decisions: bool = False) -> None:
        self._lock = threading.RLock()
        self._guard: int | None = None
        self._flushed = True
        self._flush_decisions = flush_decisions
        in_memory = str(path) == ":memory:"
        self._noted: deque[tuple[Sequence[Record], Sequence[Row], Sequence[Message]]] | None = (
            deque() if in_memory else None
        )
        self._seq = 0
        if read_only and not in_memory and not Path(path).is_file():
            raise StoreError(f"{path}: no such store")
        if not in_memory and not read_only:
            self._guard = _locked(Path(path))
        try:
            self._connection = self._opened(path, in_memory, read_only)
            self._head = self._read_head()
            self._seq = self._head.seq
        except sqlite3.Error as error:
            self._release()
            raise StoreError(f"{path}: {error}") from None
        except StoreError:
            self._release()
            raise

    def _opened(self, path: str | Path, in_memory: bool, read_only: bool) -> sqlite3.Connection:
        place = (
            ":memory:" if in_memory else f"file:{_quoted(Path(path).absolute())}?mode={'ro' if read_only else 'rwc'}"
        )
        connection = sqlite3.connect(
            place, uri=not in_memory, isolation_level=None, check_same_thread=False, timeout=5, cached_statements=32
        )
        if read_only:
            found = connection.execute("select count(*) from sqlite_master where name in ('meta', 'audit')").fetchone()
            if found[0] != 2:
                raise StoreError(f"{path}: not a store of the risk engine")
        else:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.executescript(TABLES)
            connection.execute("insert or ignore into meta values ('schema', ?)", (str(SCHEMA),))
        (version,) = connection.execute("select value from meta where name = 'schema'").fetchone()
        if version != str(SCHEMA):
            raise StoreError(f"{path}: schema {version}, and this release knows {SCHEMA}")
        return connection

    def write(self, records: Sequence[Record], rows: Sequence[Row] = (), messages: Sequence[Message] = ()) -> int:
        with self._lock:
            if self._noted is None:
                self._keep(records, rows, messages)
                return self._head.seq
            self._noted.append((records, rows, messages))
            self._seq += len(records)
            return self._seq

    def _keep(self, records: Sequence[Record], rows: Sequence[Row], messages: Sequence[Message]) -> None:
        flush = self._flush_decisions or any(record.kind != DECISION for record in records)
        made, head = chained(self._head, records)
        run = self._connection.execute
        try:
            if flush != self._flushed:
                run("pragma synchronous = full" if flush else "pragma synchronous = normal")
                self._flushed = flush
            run("begin immediate")
            for entry in made:
                run(APPEND, entry)
            for row in rows:
                if row.body is None:
                    run(REMOVE, row[:2])
                else:
                    run(PUT, row)
            for message in messages:
                run(SEND, message)
            run("commit")
        except (sqlite3.Error, ValueError) as error:
            self._undo()
            raise StoreError(f"the store did not keep it: {error}") from None
        self._head = head

    def _settled(self) -> sqlite3.Connection:
        """The connection, once everything that was noted is in its tables."""
        while self._noted:
            self._keep(*self._noted.popleft())
        return self._connection

    def _undo(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
        except sqlite3.Error:
            pass  # A transaction that cannot even be taken back is gone with its connection.

    def rows(self, kind: str) -> dict[str, str]:
        return dict(self._all("select key, body from state where kind = ? order by key", (kind,)))

    def records(self, kind: str | None = None, after: int = 0) -> Iterator[Stored]:
        return self._pages("1" if kind is None else "kind = ?", () if kind is None else (kind,), after)

    def decisions(
        self, fund: str | None = None, since: int | None = None, until: int | None = None
    ) -> Iterator[Stored]:
        where, values = ["kind = 'decision'"], []
        for condition, value in (("fund = ?", fund), ("at >= ?", since), ("at < ?", until)):
            if value is not None:
                where.append(condition)
                values.append(value)
        first = 0
        if since is not None:
            (lowest,) = self._all("select min(seq) from audit where kind = 'decision' and at >= ?", (since,))[0]
            first = (lowest or 1) - 1
        return self._pages(" and ".join(where), tuple(values), first)

    def _pages(self, where: str, values: tuple[object, ...], after: int) -> Iterator[Stored]:
        query = f"select seq, kind, at, fund, body, hash from audit where {where} and seq > ? order by seq limit {PAGE}"
        while True:
            page = self._all(query, (*values, after))
            for row in page:
                yield Stored(*row)
            if len(page) < PAGE:
                return
            after = page[-1][0]

    def head(self) -> Head:
        with self._lock:
            self._settled()
            return self._head

    def verify(self, expected_head: tuple[int, str] | None = None) -> int:
        return audit.verify(self.records(), expected_head)

    def outbox(self, limit: int = PAGE) -> list[tuple[int, Message]]:
        found = self._all("select number, subject, payload from outbox order by number limit ?", (limit,))
        return [(number, Message(subject, payload)) for number, subject, payload in found]

    def outbox_size(self) -> int:
        return int(self._all("select count(*) from outbox", ())[0][0])

    def delivered(self, number: int) -> None:
        with self._lock:
            try:
                # What is lost here is only sent twice.
                self._settled().execute("pragma synchronous = normal")
                self._flushed = False
                self._connection.execute("delete from outbox where number <= ?", (number,))
            except sqlite3.Error as error:
                raise StoreError(f"the store did not keep it: {error}") from None

    def backup(self, path: str | Path) -> None:
        """A copy of the store as it is now, in one file, while it is written to."""
        if Path(path).exists():
            raise StoreError(f"{path}: there is a file already")
        try:
            target = sqlite3.connect(path)
            try:
                with self._lock:
                    self._settled().backup(target)
            finally:
                target.close()
        except sqlite3.Error as error:
            raise StoreError(f"{path}: {error}") from None

    def close(self) -> None:
        with self._lock:
            self._noted = None
            try:
                self._connection.close()
            finally:
                self._release()

    def _all(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._settled().execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise StoreError(f"the store does not answer: {error}") from None

    def _read_head(self) -> Head:
        found = self._connection.execute("select seq, hash from audit order by seq desc limit 1").fetchone()
        return Head(*found) if found else Head(0, GENESIS)

    def _release(self) -> None:
        if self._guard is not None:
            os.close(self._guard)
            self._guard = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _locked(path: Path) -> int:
    """A descriptor that holds the store's lock; the kernel lets go of it when the process ends, however it ends."""
    try:
        guard = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from None
    try:
        fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(guard)
        raise StoreLocked(f"{path}: another process writes to this store") from None
    return guard


def open_store(url: str, *, read_only: bool = False) -> Store:
    """The store that a configuration's `storage.url` names; a relative path is one of the working directory."""
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres"):
        try:
            from .adapters.postgres import PostgresStore
        except ImportError:
            raise ConfigError("storage.url: the extra [postgres] is not installed") from None
        return PostgresStore(url, read_only=read_only)
    if parts.scheme != "sqlite" or parts.netloc:
        raise ConfigError("storage.url: sqlite:///PATH or postgresql://…")
    asked = parse_qs(parts.query)
    flush = asked.pop("synchronous", ["normal"])[-1]
    if asked or flush not in ("normal", "full"):
        raise ConfigError("storage.url: the only option is synchronous=normal or synchronous=full")
    path = unquote(parts.path).removeprefix("/") or ":memory:"
    return SqliteStore(path, read_only=read_only, flush_decisions=flush == "full")
