"""Stores: a file and Postgres keep the same, in one piece or not at all."""

import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from mts1b_riskengine.envelope.audit import GENESIS
from mts1b_riskengine.errors import AuditBroken, ConfigError, StoreError, StoreLocked
from mts1b_riskengine.store import Message, Record, Row, SqliteStore, open_store


def decision(number, fund="alpha"):
    return Record("decision", number, fund, f'{{"number":{number}}}')


@pytest.fixture(params=["file", "postgres"])
def opened(request, tmp_path):
    """Opens the same store again and again."""
    made = []
    if request.param == "file":

        def open_it(**options):
            made.append(SqliteStore(tmp_path / "s.db", **options))
            return made[-1]
    else:
        from mts1b_riskengine.adapters.postgres import PostgresStore

        dsn = request.getfixturevalue("postgres").database()

        def open_it(**options):
            made.append(PostgresStore(dsn, **options))
            return made[-1]

    yield open_it
    for store in made:
        store.close()


def test_what_was_written_is_there_when_the_store_is_opened_again(opened):
    store = opened()
    assert store.head() == (0, GENESIS)
    assert store.write([decision(1), decision(2, "beta")], [Row("order", "O1", "{}")], [Message("a.b", "{}")]) == 2
    head = store.head()
    store.close()
    store = opened()
    assert store.head() == head
    assert [record.body for record in store.decisions()] == ['{"number":1}', '{"number":2}']
    assert store.rows("order") == {"O1": "{}"}
    assert [message for _, message in store.outbox()] == [("a.b", "{}")]
    assert store.verify(head) == 2


def test_rows_are_replaced_and_removed(opened):
    store = opened()
    store.write([], [Row("order", "O1", "1"), Row("order", "O2", "2"), Row("stop", "O1", "3")])
    store.write([], [Row("order", "O1", "4"), Row("order", "O2", None), Row("order", "unknown", None)])
    assert store.rows("order") == {"O1": "4"} and store.rows("stop") == {"O1": "3"} and store.rows("halt") == {}


def test_decisions_are_read_by_fund_and_time(opened):
    store = opened()
    store.write([decision(1), decision(2, "beta"), Record("halt", 2, "alpha", "{}"), decision(3), decision(4)])
    for asked, expected in (
        ({}, [1, 2, 3, 4]),
        ({"fund": "alpha"}, [1, 3, 4]),
        ({"since": 2}, [2, 3, 4]),
        ({"since": 2, "until": 4}, [2, 3]),
        ({"fund": "beta", "since": 3}, []),
        ({"since": 5}, []),
    ):
        assert [record.at for record in store.decisions(**asked)] == expected


def test_more_than_a_page_is_read_in_order(opened):
    store = opened()
    store.write([decision(number) for number in range(2001)])
    assert [record.at for record in store.decisions()] == list(range(2001))
    assert store.verify() == 2001


def test_messages_leave_from_the_front(opened):
    store = opened()
    store.write([], messages=[Message("s", str(number)) for number in range(5)])
    waiting = store.outbox(3)
    assert [message.payload for _, message in waiting] == ["0", "1", "2"]
    store.delivered(waiting[1][0])
    assert [message.payload for _, message in store.outbox()] == ["2", "3", "4"] and store.outbox_size() == 3


def test_a_second_writer_is_refused_and_a_reader_is_not(opened):
    store = opened()
    store.write([decision(1)])
    with pytest.raises(StoreLocked):
        opened()
    reader = opened(read_only=True)
    assert len(list(reader.decisions())) == 1
    store.write([decision(2)])
    assert len(list(reader.decisions())) == 2
    with pytest.raises(StoreError):
        reader.write([decision(3)])
    store.close()
    opened().close()


def test_a_write_that_fails_in_the_middle_leaves_nothing(opened):
    store = opened()
    store.write([decision(1)], [Row("order", "O1", "1")])
    head = store.head()
    with pytest.raises(StoreError):
        store.write([decision(2)], [Row("order", "O1", "2"), Row("order", None, "3")])
    assert store.head() == head and store.rows("order") == {"O1": "1"} and store.verify(head) == 1
    assert store.write([decision(3)]) == 2 and store.verify() == 2


@pytest.mark.parametrize(
    "damage, seq",
    [
        ("update audit set body = '{}' where seq = 2", 2),
        ("update audit set at = 9 where seq = 3", 3),
        ("update audit set fund = 'beta' where seq = 1", 1),
        ("update audit set kind = 'halt' where seq = 2", 2),
        ("delete from audit where seq = 1", 1),
        ("delete from audit where seq = 2", 2),
    ],
)
def test_the_chain_names_the_first_record_that_does_not_hold(tmp_path, damage, seq):
    import sqlite3

    store = SqliteStore(tmp_path / "s.db")
    store.write([decision(number) for number in (1, 2, 3)])
    store.close()
    with sqlite3.connect(tmp_path / "s.db") as connection:
        connection.execute(damage)
    connection.close()
    store = SqliteStore(tmp_path / "s.db")
    with pytest.raises(AuditBroken) as caught:
        store.verify()
    assert caught.value.seq == seq
    store.close()


def test_a_cut_tail_is_seen_by_who_knows_the_head(opened):
    store = opened()
    store.write([decision(1), decision(2)])
    assert store.verify((2, store.head().hash)) == 2
    assert store.verify((0, GENESIS)) == 2
    for anchored in ((3, "0" * 64), (2, "0" * 64), (1, store.head().hash)):
        with pytest.raises(AuditBroken):
            store.verify(anchored)


def test_threads_write_one_after_another(opened):
    store = opened()

    def write():
        for number in range(50):
            store.write([decision(number)])

    threads = [threading.Thread(target=write) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    assert store.verify() == 200


KILLED = textwrap.dedent(
    """
    import sys
    from mts1b_riskengine.store import Message, Record, Row, open_store
    store = open_store(sys.argv[1])
    number = 0
    while True:
        number += 1
        kind = "halt" if number % 7 == 0 else "decision"
        store.write([Record(kind, number, "alpha", str(number))], [Row("order", "last", str(number))], [Message("s", str(number))])
        print(number, flush=True)
    """
)


@pytest.mark.parametrize("kind", ["file", "postgres"])
def test_what_was_answered_survives_kill_9(kind, request, tmp_path):
    url = f"sqlite:///{tmp_path}/s.db" if kind == "file" else request.getfixturevalue("postgres").database()
    told = 0
    for times in range(3):
        child = subprocess.Popen([sys.executable, "-c", KILLED, url], stdout=subprocess.PIPE, text=True)
        first = told
        for line in child.stdout:
            told = first + int(line)
            if int(line) == 30 + times:
                break
        child.send_signal(signal.SIGKILL)
        rest = [int(line) for line in child.stdout if line.endswith("\n")]
        child.wait()
        told = first + rest[-1] if rest else told
        store = _patiently(url)
        count = store.verify()
        assert count in (told, told + 1)
        bodies = [record.body for record in store.records()]
        assert store.rows("order") == {"last": bodies[-1]}
        assert [message.payload for _, message in store.outbox()] == bodies
        told = count
        store.close()


def _patiently(url):
    """A server may take a moment to see that a client has died, and holds its lock until then."""
    for _ in range(100):
        try:
            return open_store(url)
        except StoreLocked:
            time.sleep(0.05)
    return open_store(url)


FULL = textwrap.dedent(
    """
    import resource, signal, sys
    from mts1b_riskengine.errors import StoreError
    from mts1b_riskengine.store import Record, Row, SqliteStore
    store = SqliteStore(sys.argv[1])
    store.write([Record("decision", 0, "alpha", "x")])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    kept, refused = 1, 0
    for number in range(200):
        try:
            store.write([Record("decision", number, "alpha", "x" * 2000)], [Row("order", str(number), "{}")])
            kept += 1
        except StoreError:
            refused += 1
    assert refused > 0 and store.verify() == kept, (kept, refused)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.write([Record("decision", 1, "alpha", "room again")])
    assert store.verify() == kept + 1 and len(store.rows("order")) == kept - 1
    print(kept, refused)
    """
)


def test_a_full_disk_refuses_and_loses_nothing(tmp_path):
    """A limit on the size of files stands in for a disk that is full; there is room again afterwards."""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path / "s.db")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    store = SqliteStore(tmp_path / "s.db")
    assert store.verify() == int(done.stdout.split()[0]) + 1
    store.close()


def test_a_file_that_is_no_store_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be looked at" * 30)
    with pytest.raises(StoreError):
        SqliteStore(tmp_path / "notes.txt")
    with pytest.raises(StoreError):
        SqliteStore(tmp_path / "absent.db", read_only=True)
    with pytest.raises(StoreError):
        SqliteStore(tmp_path / "no" / "such" / "folder.db")
    assert not (tmp_path / "absent.db").exists()


def test_a_store_of_a_later_release_is_left_alone(opened, tmp_path):
    import sqlite3

    path = tmp_path / "later.db"
    SqliteStore(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("update meta set value = '2'")
    connection.close()
    with pytest.raises(StoreError, match="schema 2"):
        SqliteStore(path)


def test_a_backup_is_a_store(tmp_path):
    store = SqliteStore(tmp_path / "s.db")
    store.write([decision(1)], [Row("order", "O1", "{}")])
    store.backup(tmp_path / "copy.db")
    store.write([decision(2)])
    store.close()
    copy = SqliteStore(tmp_path / "copy.db")
    assert copy.verify() == 1 and copy.rows("order") == {"O1": "{}"}
    copy.close()


def test_addresses_of_stores(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///here.db").close()
    assert (tmp_path / "here.db").exists()
    open_store(f"sqlite:///{tmp_path}/there%20.db?synchronous=full").close()
    assert (tmp_path / "there .db").exists()
    open_store("sqlite://").close()
    for wrong in ("sqlite://host/x", "sqlite:///x.db?synchronous=off", "sqlite:///x.db?mode=ro", "mysql:///x"):
        with pytest.raises(ConfigError):
            open_store(wrong)


@pytest.mark.integration
class TestPostgres:
    def test_goes_on_after_the_server_was_restarted(self, postgres):
        from mts1b_riskengine.adapters.postgres import PostgresStore

        store = PostgresStore(postgres.database())
        store.write([decision(1)], [Row("order", "O1", "1")])
        postgres.stop()
        for _ in range(3):
            with pytest.raises(StoreError):
                store.write([decision(2)], [Row("order", "O1", "2")])
        with pytest.raises(StoreError):
            store.rows("order")
        postgres.start()
        assert store.rows("order") == {"O1": "1"}
        assert store.write([decision(3)]) == 2 and store.verify() == 2
        store.close()

    def test_a_server_that_is_killed_keeps_what_was_answered(self, postgres):
        from mts1b_riskengine.adapters.postgres import PostgresStore

        store = PostgresStore(postgres.database())
        for number in range(20):
            store.write([decision(number)])
        os.kill(postgres.process.pid, signal.SIGQUIT)
        postgres.process.wait(20)
        with pytest.raises(StoreError):
            store.write([decision(21)])
        postgres.start()
        assert store.write([decision(22)]) == 21 and store.verify() == 21
        store.close()

    def test_who_lost_the_lock_to_another_does_not_write_again(self, postgres):
        import psycopg

        from mts1b_riskengine.adapters.postgres import PostgresStore

        dsn = postgres.database()
        first = PostgresStore(dsn)
        first.write([decision(1)])
        with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (dsn.rpartition("/")[2],)
            )
        second = _patiently(dsn)
        with pytest.raises(StoreError):
            first.write([decision(2)])
        second.write([decision(3)])
        second.close()
        with pytest.raises(StoreLocked):
            first.write([decision(4)])
        first.close()
        third = PostgresStore(dsn)
        assert [record.at for record in third.decisions()] == [1, 3] and third.verify() == 2
        third.close()

    def test_a_commit_that_nobody_answered_for_is_looked_up(self, postgres, monkeypatch):
        """The server keeps the write and dies before it says so: the answer depends on whether it can be asked again."""
        import psycopg

        from mts1b_riskengine.adapters.postgres import PostgresStore

        store = PostgresStore(postgres.database())
        store.write([decision(1)])

        class Lost:
            def __init__(self, connection):
                self.connection = connection

            def pipeline(self):
                return self.connection.pipeline()

            def execute(self, *words):
                return self.connection.execute(*words)

            def transaction(self):
                outer = self

                class Committed:
                    def __enter__(self):
                        self.inner = outer.connection.transaction()
                        return self.inner.__enter__()

                    def __exit__(self, *error):
                        self.inner.__exit__(*error)
                        outer.connection.pgconn.finish()
                        raise psycopg.OperationalError("the connection is lost")

                return Committed()

            @property
            def closed(self):
                return self.connection.closed

            def close(self):
                self.connection.close()

        store._connection = Lost(store._connection)
        assert store.write([decision(2)]) == 2, "it was kept, and the server says so when asked"
        assert store.verify() == 2

        store._connection = Lost(store._connection)
        monkeypatch.setattr(store, "_opened", lambda: (_ for _ in ()).throw(StoreError("no way to ask")))
        with pytest.raises(StoreError):
            store.write([decision(3)])
        monkeypatch.undo()
        with pytest.raises(StoreError, match="kept after all"):
            store.write([decision(4)])
        store.close()

    def test_a_server_that_hangs_is_one_that_is_away(self, postgres, monkeypatch):
        """Its backend is stopped in the middle, and goes on later: the write it was given may be there then."""
        import psycopg

        from mts1b_riskengine.adapters import postgres as adapter

        monkeypatch.setattr(adapter, "PATIENCE_S", 0.3)
        dsn = postgres.database()
        store = adapter.PostgresStore(dsn)
        store.write([decision(1)])
        with psycopg.connect(dsn, autocommit=True) as beside:
            (backend,) = beside.execute(
                "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            ).fetchone()
        os.kill(backend, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(StoreError):
            store.write([decision(2)])
        assert time.monotonic() - began < 3
        os.kill(backend, signal.SIGCONT)
        store.close()
        store = _patiently(dsn)
        assert store.verify() in (1, 2)
        store.close()

    def test_a_password_is_in_no_message(self, postgres):
        from mts1b_riskengine.adapters.postgres import PostgresStore

        for dsn in (
            "postgresql://risk:hunter2@127.0.0.1:1/none",
            f"postgresql://nobody:hunter2@127.0.0.1:{postgres.port}/none",
            "postgresql://risk:hunter2@127.0.0.1/none?nonsense=hunter2",
        ):
            with pytest.raises(StoreError) as caught:
                PostgresStore(dsn)
            assert "hunter2" not in str(caught.value) and caught.value.__cause__ is None
        store = PostgresStore(postgres.database())
        assert repr(store) == "<PostgresStore>"
        store.close()
