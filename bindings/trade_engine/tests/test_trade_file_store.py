"""TE-10: the log on disk."""

import hashlib
import json
import os
import signal as signals
import subprocess
import sys
import textwrap

import pytest


@pytest.fixture
def path(tmp_path):
    return tmp_path / "audit" / "events.jsonl"


def trade_a_little(make_engine, store, rounds=3):
    from trade_engine.models import Side, Signal

    engine = make_engine(event_store=store, slippage_bps=5)
    for round_ in range(rounds):
        engine.submit_signal(Signal("ES", Side.BUY, 0.1, metadata={"round": round_}), current_price=4521.25 + round_)
    return engine


def lines(path):
    return path.read_bytes().splitlines(keepends=True)


def test_events_survive_a_reload(make_engine, path, clock):
    from trade_engine import Engine, FileEventStore, RiskManager, SimulatedBroker

    store = FileEventStore(path)
    engine = trade_a_little(make_engine, store)
    events, state = engine.get_events(), engine.state()
    engine.close()
    again = FileEventStore(path)
    assert again.get_all() == events
    restored = Engine.restore(
        again, SimulatedBroker(slippage_bps=5, commission_per_trade=0), RiskManager(), clock=clock
    )
    assert restored.state() == state
    restored.update_price("ES", 4600)
    assert again.get_all()[-1].seq == len(events) + 1
    again.close()
    assert len(FileEventStore(path, read_only=True)) == len(events) + 1


def test_the_format_is_a_chain_of_json_lines(make_engine, path):
    """TE-10.1, checked without the package."""
    from trade_engine import FileEventStore

    store = FileEventStore(path)
    trade_a_little(make_engine, store).close()
    previous = "0" * 64
    for seq, line in enumerate(lines(path), 1):
        record = json.loads(line)
        claimed = record.pop("hash")
        assert set(record) == {"seq", "event_id", "type", "timestamp", "data", "prev"}
        assert (record["seq"], record["prev"]) == (seq, previous)
        canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
        assert hashlib.sha256(canonical).hexdigest() == claimed
        if record["type"] == "PriceUpdated":
            assert isinstance(record["data"]["price"], str)
        previous = claimed
    assert store.head == (seq, previous)


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_torn_tail_is_cut_off(make_engine, path, cut):
    """TE-10.3"""
    from trade_engine import FileEventStore

    trade_a_little(make_engine, FileEventStore(path)).close()
    whole = lines(path)
    path.write_bytes(b"".join(whole)[:-cut])
    store = FileEventStore(path)
    assert len(store) == len(whole) - 1
    assert store.recovered_bytes == len(whole[-1]) - cut
    assert path.read_bytes() == b"".join(whole[:-1])
    store.close()


def damage_edit(records):
    records[4] = records[4].replace(b'"ES"', b'"NQ"', 1)


def damage_delete(records):
    del records[4]


def damage_swap(records):
    records[4], records[5] = records[5], records[4]


def damage_repeat(records):
    records.insert(5, records[4])


def damage_garbage(records):
    records[4] = b"{not json}\n"


@pytest.mark.parametrize("damage", [damage_edit, damage_delete, damage_swap, damage_garbage])
def test_damage_is_found_and_named(make_engine, path, damage):
    from trade_engine import FileEventStore
    from trade_engine.errors import EventStoreCorrupt

    trade_a_little(make_engine, FileEventStore(path)).close()
    records = lines(path)
    damage(records)
    path.write_bytes(b"".join(records))
    with pytest.raises(EventStoreCorrupt) as caught:
        FileEventStore(path)
    assert caught.value.seq == 5
    assert path.read_bytes() == b"".join(records)


def test_a_repeated_record_is_damage_too(make_engine, path):
    from trade_engine import FileEventStore
    from trade_engine.errors import EventStoreCorrupt

    trade_a_little(make_engine, FileEventStore(path)).close()
    records = lines(path)
    damage_repeat(records)
    path.write_bytes(b"".join(records))
    with pytest.raises(EventStoreCorrupt) as caught:
        FileEventStore(path)
    assert caught.value.seq == 6


def test_a_missing_tail_is_found_with_the_known_head(make_engine, path):
    """TE-10.4"""
    from trade_engine import FileEventStore
    from trade_engine.errors import EventStoreCorrupt

    store = FileEventStore(path)
    trade_a_little(make_engine, store).close()
    head = store.head
    path.write_bytes(b"".join(lines(path)[:-2]))
    FileEventStore(path).close()  # a shorter chain is a chain
    with pytest.raises(EventStoreCorrupt):
        FileEventStore(path, expected_head=head)


def test_one_writer_any_number_of_readers(path):
    """TE-10.5"""
    from trade_engine import FileEventStore
    from trade_engine.errors import EventStoreError, EventStoreLocked
    from trade_engine.events import PriceUpdated
    from trade_support import START

    store = FileEventStore(path)
    with pytest.raises(EventStoreLocked):
        FileEventStore(path)
    reader = FileEventStore(path, read_only=True)
    with pytest.raises(EventStoreError):
        reader.append(PriceUpdated(timestamp=START, symbol="ES", price=1, source="market"))
    store.close()
    FileEventStore(path).close()


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_what_was_acknowledged_survives_kill_9(path):
    """TE-10.7: the child prints a number after each append; the parent kills it in the middle."""
    from trade_engine import FileEventStore

    program = textwrap.dedent(
        """
        import sys, datetime
        from decimal import Decimal
        from trade_engine import FileEventStore
        from trade_engine.events import PriceUpdated
        store = FileEventStore(sys.argv[1])
        for number in range(1, 100_000):
            store.append(PriceUpdated(timestamp=datetime.datetime.now(datetime.timezone.utc), symbol="ES", price=Decimal(number), source="market"))
            print(number, flush=True)
        """
    )
    child = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE, text=True)
    acknowledged = 0
    for line in child.stdout:
        acknowledged = int(line)
        if acknowledged == 50:
            break
    child.send_signal(signals.SIGKILL)
    acknowledged = max([acknowledged, *(int(line) for line in child.stdout if line.endswith("\n"))])
    child.wait()
    store = FileEventStore(path)
    assert len(store) >= acknowledged
    assert [int(event.price) for event in store] == list(range(1, len(store) + 1))
    store.close()
