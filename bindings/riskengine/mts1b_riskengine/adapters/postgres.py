"""The store in Postgres: the same interface as in a file, one writer by an advisory lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import psycopg

from ..envelope import audit
from ..envelope.audit import GENESIS, Head
from ..errors import StoreError, StoreLocked
from ..store import PAGE, SCHEMA, Message, Record, Row, Stored, chained

T = TypeVar("T")
PATIENCE_S = 5.0
CONNECT_S = 3
LOCK_S = 1.0
LOCK = 0x6D747331623A7273  # One writer a database: any number that nobody else has chosen.
TABLES = """
create table if not exists meta (name text primary key, value text not null);
create table if not exists audit (
    seq bigint primary key, at bigint not null, kind text not null, fund text not null, body text not null, hash text not null
);
create index if not exists decided on audit (at) where kind = 'decision';
create table if not exists state (kind text not null, key text not null, body text not null, primary key (kind, key));
create table if not exists outbox (number bigint generated always as identity primary key, subject text not null, payload text not null);
"""
APPEND = "insert into audit (seq, at, kind, fund, body, hash) values (%s, %s, %s, %s, %s, %s)"
PUT = (
    "insert into state (kind, key, body) values (%s, %s, %s) on conflict (kind, key) do update set body = excluded.body"
)
REMOVE = "delete from state where kind = %s and key = %s"
SEND = "insert into outbox (subject, payload) values (%s, %s)"
HEAD = "select seq, hash from audit order by seq desc limit 1"


class _Connection(psycopg.Connection[Any]):
    """A connection on which nobody is waited for longer than `PATIENCE_S`: a server that hangs is one that is away."""

    def wait(self, gen: Generator[Any, Any, T], interval: float = 0.1, timeout: float | None = None) -> T:
        ends = time.monotonic() + (PATIENCE_S if timeout is None else min(timeout, PATIENCE_S))
        try:
            return super().wait(_timed(gen, ends), min(interval, PATIENCE_S))
        except TimeoutError:
            self.close()
            raise psycopg.OperationalError("the server does not answer") from None


def _timed(gen: Generator[Any, Any, T], ends: float) -> Generator[Any, Any, T]:
    """`gen`, which is asked again and again until something comes, until the time is over."""
    try:
        asked = next(gen)
        while True:
            ready = yield asked
            if not ready and time.monotonic() > ends:
                gen.close()
                raise TimeoutError
            asked = gen.send(ready)
    except StopIteration as over:
        result: T = over.value
        return result


class PostgresStore:
    """A store in the database that `dsn` names; its tables are made when they are missing.

    A connection that is lost is made anew at the next call, with the lock. A write whose commit nobody answered for is
    looked up then: if it is there although it was said not to be, the store stays closed until the process reads it anew.
    """

    local = False

    def __init__(self, dsn: str, *, read_only: bool = False) -> None:
        self._dsn = dsn
        self._read_only = read_only
        self._lock = threading.RLock()
        self._connection: _Connection | None = None
        self._head: Head | None = None
        self._doubt: Head | None = None
        self._closed = False
        with self._lock:
            self._connected()

    def write(self, records: Sequence[Record], rows: Sequence[Row] = (), messages: Sequence[Message] = ()) -> int:
        with self._lock:
            connection = self._connected()
            before = self._known_head()
            made, head = chained(before, records)
            try:
                # One round trip carries all of it.
                with connection.pipeline(), connection.transaction():
                    for entry in made:
                        connection.execute(APPEND, entry)
                    for row in rows:
                        if row.body is None:
                            connection.execute(REMOVE, row[:2])
                        else:
                            connection.execute(PUT, row)
                    for message in messages:
                        connection.execute(SEND, message)
            except (psycopg.Error, ValueError) as error:
                if not self._landed(before, head):
                    raise StoreError(f"the store did not keep it: {_told(error)}") from None
            self._head, self._doubt = head, None
            return head.seq

    def _landed(self, before: Head, head: Head) -> bool:
        """Whether a write that failed is there all the same, because its connection broke after the commit."""
        if self._connection is not None and not self._connection.closed:
            return False
        if before == head:
            return False  # No record to look for; what carries none may be written again.
        self._doubt = head
        try:
            found = self._claim(self._opened(), believed=(before, head))
        except StoreError:
            self._drop()
            return False
        self._doubt = None
        return found == head

    def rows(self, kind: str) -> dict[str, str]:
        return dict(self._all("select key, body from state where kind = %s order by key", (kind,)))

    def records(self, kind: str | None = None, after: int = 0) -> Iterator[Stored]:
        return self._pages("true" if kind is None else "kind = %s", () if kind is None else (kind,), after)

    def decisions(
        self, fund: str | None = None, since: int | None = None, until: int | None = None
    ) -> Iterator[Stored]:
        where, values = ["kind = 'decision'"], []
        for condition, value in (("fund = %s", fund), ("at >= %s", since), ("at < %s", until)):
            if value is not None:
                where.append(condition)
                values.append(value)
        first = 0
        if since is not None:
            (lowest,) = self._all("select min(seq) from audit where kind = 'decision' and at >= %s", (since,))[0]
            first = (lowest or 1) - 1
        return self._pages(" and ".join(where), tuple(values), first)

    def _pages(self, where: str, values: tuple[object, ...], after: int) -> Iterator[Stored]:
        query = (
            f"select seq, kind, at, fund, body, hash from audit where {where} and seq > %s order by seq limit {PAGE}"
        )
        while True:
            page = self._all(query, (*values, after))
            for row in page:
                yield Stored(*row)
            if len(page) < PAGE:
                return
            after = page[-1][0]

    def head(self) -> Head:
        with self._lock:
            if self._head is None:
                self._connected()
            return self._known_head()

    def verify(self, expected_head: tuple[int, str] | None = None) -> int:
        return audit.verify(self.records(), expected_head)

    def outbox(self, limit: int = PAGE) -> list[tuple[int, Message]]:
        found = self._all("select number, subject, payload from outbox order by number limit %s", (limit,))
        return [(number, Message(subject, payload)) for number, subject, payload in found]

    def outbox_size(self) -> int:
        return int(self._all("select count(*) from outbox", ())[0][0])

    def delivered(self, number: int) -> None:
        self._run("delete from outbox where number <= %s", (number,))

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._drop()

    def _all(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connected().execute(query, values).fetchall()
            except psycopg.Error as error:
                raise StoreError(f"the store does not answer: {_told(error)}") from None

    def _run(self, query: str, values: tuple[object, ...]) -> None:
        with self._lock:
            try:
                self._connected().execute(query, values)
            except psycopg.Error as error:
                raise StoreError(f"the store did not keep it: {_told(error)}") from None

    def _connected(self) -> _Connection:
        """A connection that holds the lock and stands where this process believes the chain to stand."""
        if self._closed:
            raise StoreError("the store is closed")
        if self._connection is not None and not self._connection.closed:
            return self._connection
        connection = self._opened()
        try:
            self._head = self._claim(
                connection, believed=() if self._head is None or self._read_only else (self._head,)
            )
        except StoreError:
            self._drop()
            raise
        self._doubt = None
        return connection

    def _opened(self) -> _Connection:
        try:
            self._connection = _Connection.connect(self._dsn, autocommit=True, connect_timeout=CONNECT_S)
        except psycopg.Error as error:
            raise StoreError(f"the store cannot be reached: {_told(error)}") from None
        return self._connection

    def _claim(self, connection: _Connection, believed: tuple[Head, ...]) -> Head:
        """Take the lock and give the head of the chain, which has to be one of `believed`, if any are."""
        try:
            if not self._read_only:
                # The server may still hold the lock for a connection of ours that it does not know to be lost.
                ends = time.monotonic() + (LOCK_S if believed else 0)
                while not self._locked(connection):
                    if time.monotonic() >= ends:
                        raise StoreLocked("another process writes to this store")
                    time.sleep(0.05)
                connection.execute(TABLES)
                connection.execute("insert into meta values ('schema', %s) on conflict do nothing", (str(SCHEMA),))
            version = connection.execute("select value from meta where name = 'schema'").fetchone()
            found = connection.execute(HEAD).fetchone()
        except psycopg.Error as error:
            raise StoreError(f"the store does not answer: {_told(error)}") from None
        if version is None or version[0] != str(SCHEMA):
            raise StoreError(f"schema {version and version[0]}, and this release knows {SCHEMA}")
        head = Head(*found) if found else Head(0, GENESIS)
        if not believed or head in believed:
            return head
        if head == self._doubt:
            raise StoreLocked("a write that nobody answered for was kept after all: start anew to read it")
        raise StoreLocked("another process has written to this store meanwhile: start anew to read it")

    def _locked(self, connection: _Connection) -> bool:
        answer = connection.execute("select pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        return answer is not None and bool(answer[0])

    def _known_head(self) -> Head:
        return self._head if self._head is not None else Head(0, GENESIS)

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def _told(error: Exception) -> str:
    """What the server says, in one line. It names hosts and users, never a password."""
    if isinstance(error, psycopg.Error):
        primary = error.diag.message_primary
        if primary:
            return primary
    return type(error).__name__
