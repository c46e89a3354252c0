"""Locks: prices by policy group, and their three wire formats."""

import copy
import operator

import pytest

from openpit.param import ParamError, Price
from openpit.pretrade import Lock

WIRE = [
    ([], "[]", "90", "80"),
    ([(0, 185)], '[["185"]]', "9191a3313835", "818163313835"),
    ([(7, 200)], '[[],[7,"200"]]', "92909207a3323030", "8280820763323030"),
    (
        [(0, 185), (7, 200), (7, 201)],
        '[["185"],[7,"200","201"]]',
        "9291a33138359307a3323030a3323031",
        "82816331383583076332303063323031",
    ),
    (
        [(300, "0.000000000000000000000001")],
        '[[],[300,"0.000000000000000000000001"]]',
        "929092cd012cba" + b"0.000000000000000000000001".hex(),
        "82808219012c781a" + b"0.000000000000000000000001".hex(),
    ),
]


@pytest.mark.parametrize(("entries", "json", "msgpack", "cbor"), WIRE)
def test_travels_in_three_formats(entries, json, msgpack, cbor):
    lock = Lock(entries)
    assert lock.to_json() == json
    assert lock.to_msgpack().hex() == msgpack
    assert lock.to_cbor().hex() == cbor
    assert (
        Lock.from_json(json) == Lock.from_msgpack(bytes.fromhex(msgpack)) == Lock.from_cbor(bytes.fromhex(cbor)) == lock
    )


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("[[1,2.5,1e3]]", [(0, 1), (0, "2.5"), (0, 1000)]),
        ('[["1e3"]]', [(0, 1000)]),
        ('[["1"],[7]]', [(0, 1)]),
        ("[[]]", []),
        ('[[],[7,"1"],[8,"2"],[7,"3"]]', [(7, 1), (7, 3), (8, 2)]),
        (' [ [ "1" ] ] ', [(0, 1)]),
    ],
)
def test_reads_what_others_write(text, entries):
    assert Lock.from_json(text).entries() == [(group, Price(price)) for group, price in entries]


@pytest.mark.parametrize(
    "text", ["", "{", "{}", "null", "1", '[["x"]]', '[[],[0,"1"]]', "[[],[]]", '[[],[65536,"1"]]', "[] x"]
)
def test_refuses_other_json(text):
    with pytest.raises(ValueError, match="^lock json decode failed: "):
        Lock.from_json(text)


@pytest.mark.parametrize(
    ("text", "json"),
    [
        ("[[1.50]]", '[["1.5"]]'),
        ("[[100.00]]", '[["100"]]'),
        ("[[-0.0]]", '[["0"]]'),
        ("[[1.10e0]]", '[["1.1"]]'),
        ("[[-2.50e-2]]", '[["-0.025"]]'),
        ("[[1.1234567890123456789]]", '[["1.1234567890123456789"]]'),
        ('[["1.50"],[7,"100.00",100.00]]', '[["1.50"],[7,"100.00","100"]]'),
    ],
)
def test_a_number_has_no_zeros_at_its_end_and_a_text_keeps_them(text, json):
    assert Lock.from_json(text).to_json() == json


@pytest.mark.parametrize("name", ["json", "msgpack", "cbor"])
def test_says_once_that_it_cannot_be_read(name):
    with pytest.raises(ValueError) as caught:
        getattr(Lock, f"from_{name}")("x" if name == "json" else b"xx")
    assert str(caught.value).count("decode failed") == 1


@pytest.mark.parametrize("name", ["msgpack", "cbor"])
@pytest.mark.parametrize("data", [b"", b"\xff", b"\xa0", b"\xc0", b"\xf6"])
def test_refuses_other_bytes(name, data):
    with pytest.raises(ValueError, match=f"^lock {name} decode failed: "):
        getattr(Lock, f"from_{name}")(data)


# Prices that begin with no zero and end with none: no other text spells the same numbers.
WHOLE = Lock([(0, "185"), (7, "1.5"), (7, "-2"), (200, "31.25")])
WAYS = {
    "json": (lambda lock: lock.to_json().encode(), lambda data: Lock.from_json(data.decode("latin-1"))),
    "msgpack": (Lock.to_msgpack, Lock.from_msgpack),
    "cbor": (Lock.to_cbor, Lock.from_cbor),
}


@pytest.mark.parametrize("name", WAYS)
def test_refuses_what_was_cut(name):
    write, read = WAYS[name]
    whole = write(WHOLE)
    assert read(whole) == WHOLE
    for length in range(len(whole)):
        with pytest.raises(ValueError, match=f"^lock {name} decode failed: "):
            read(whole[:length])


@pytest.mark.parametrize("name", WAYS)
def test_refuses_what_was_altered_or_reads_another_lock(name):
    write, read = WAYS[name]
    whole = write(WHOLE)
    for place in range(len(whole)):
        for change in range(1, 256):
            damaged = bytearray(whole)
            damaged[place] ^= change
            try:
                assert read(bytes(damaged)) != WHOLE
            except ValueError as error:
                assert str(error).startswith(f"lock {name} decode failed: ")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("json", b'[2,["185"]]'),
        ("json", b'{"version":2,"lock":[["185"]]}'),
        ("json", b'2[["185"]]'),
        ("json", b'[[{"price":"185"}]]'),
        ("msgpack", b"\x92\x02\x91\xa3185"),
        ("msgpack", b"\x02\x91\x91\xa3185"),
        ("msgpack", b"\x81\xa1v\x02"),
        ("cbor", b"\x82\x02\x81\x63185"),
        ("cbor", b"\xd9\xd9\xf7\x81\x81\x63185"),
        ("cbor", b"\xa1\x61v\x02"),
    ],
)
def test_refuses_other_versions(name, data):
    with pytest.raises(ValueError, match=f"^lock {name} decode failed: "):
        WAYS[name][1](data)


@pytest.mark.parametrize("written", WAYS)
@pytest.mark.parametrize("read", WAYS)
def test_reads_a_lock_in_its_own_format_only(written, read):
    data = WAYS[written][0](WHOLE)
    if written == read:
        assert WAYS[read][1](data) == WHOLE
    else:
        with pytest.raises(ValueError, match=f"^lock {read} decode failed: "):
            WAYS[read][1](data)


@pytest.mark.parametrize("data", ["", bytearray(b"\x90"), memoryview(b"\x90"), None])
def test_reads_only_bytes(data):
    for read in (Lock.from_msgpack, Lock.from_cbor):
        with pytest.raises(TypeError):
            read(data)


def test_lists_the_default_group_first_and_others_as_first_seen():
    lock = Lock()
    for group, price in [(9, 1), (7, 2), (0, 3), (9, 4), (0, 5)]:
        lock.push(group, price)
    assert lock.entries() == [(0, Price(3)), (0, Price(5)), (9, Price(1)), (9, Price(4)), (7, Price(2))]
    assert lock.prices_of(9) == [Price(1), Price(4)]
    assert lock.prices_of(8) == []
    assert len(lock) == 5


def test_adds_in_four_ways():
    lock = Lock([(0, "1")])
    lock.push(policy_group_id=7, price="2")
    lock.push_many(7, [3, "4.50"])
    lock.extend([(0, 5)])
    lock.merge(Lock([(8, 6)]))
    assert repr(lock) == "Lock([(0, 1), (0, 5), (7, 2), (7, 3), (7, 4.50), (8, 6)])"


def test_merges_into_itself():
    lock = Lock([(0, 1), (7, 2)])
    lock.merge(lock)
    assert lock == Lock([(0, 1), (0, 1), (7, 2), (7, 2)])


def test_adds_everything_or_nothing():
    lock = Lock([(0, 1)])
    with pytest.raises(ParamError):
        lock.push_many(0, [2, "x"])
    with pytest.raises(TypeError):
        lock.extend([(0, 2), 3])
    assert lock == Lock([(0, 1)])


def test_compares_by_value_and_by_the_order_of_groups():
    assert Lock([(0, 1)]) == Lock([(0, "1.0")])
    assert Lock([(7, 1), (8, 2)]) != Lock([(8, 2), (7, 1)])
    assert Lock() != []
    assert not Lock()
    with pytest.raises(TypeError, match="^Lock supports only == and !=$"):
        operator.lt(Lock(), Lock())


def test_copies_a_lock_and_calling_it_gives_it_back():
    lock = Lock([(0, 1)])
    duplicate = Lock(lock)
    duplicate.push(0, 2)
    assert len(lock) == 1
    assert lock() is lock


@pytest.mark.parametrize("action", [hash, copy.copy, copy.deepcopy])
def test_has_no_hash_and_no_copies(action):
    with pytest.raises(TypeError):
        action(Lock())


@pytest.mark.parametrize(
    ("action", "error", "text"),
    [
        (lambda lock: lock.push(-1, 1), ValueError, "policy_group_id must be an integer in range 0..=65535"),
        (lambda lock: lock.push(65536, 1), ValueError, "policy_group_id must be an integer in range 0..=65535"),
        (lambda lock: lock.push(0.5, 1), ValueError, "policy_group_id must be an integer in range 0..=65535"),
        (lambda lock: lock.extend([1]), TypeError, "each entry must be a (policy_group_id, price) two-element tuple"),
        (
            lambda lock: lock.extend([(0, 1, 2)]),
            TypeError,
            "each entry must be a (policy_group_id, price) two-element tuple",
        ),
        (lambda lock: lock.extend(1), TypeError, "entries must be an iterable of (policy_group_id, price) pairs"),
        (lambda lock: lock.push_many(0, 1), TypeError, "prices must be an iterable of Price values"),
    ],
)
def test_says_what_is_wrong(action, error, text):
    with pytest.raises(error) as raised:
        action(Lock())
    assert str(raised.value) == text


def test_passes_on_what_an_iterable_raises():
    def entries():
        yield (0, 1)
        raise KeyError("x")

    with pytest.raises(KeyError):
        Lock(entries())
