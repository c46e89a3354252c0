"""Documents that are wrong: each is told with its place, by a code, in bounded time, and nothing is raised."""

import copy
import datetime
import functools
import os
import random
import time
from decimal import Decimal

import pytest
from config_support import LARGE, json_with, limit, told

from openpit import config

SCOPE = {"account": "*", "instrument": "*"}


def with_(**sections):
    return {"openpit": 1, **sections}


WRONG = {
    "no version": ({}, [("openpit", "missing_key")]),
    "another version": ({"openpit": 2, "limts": []}, [("openpit", "version")]),
    "a version that is a text": ({"openpit": "1"}, [("openpit", "wrong_type")]),
    "a version that is true": ({"openpit": True}, [("openpit", "wrong_type")]),
    "a list": ([], [("", "wrong_type")]),
    "nothing": (None, [("", "wrong_type")]),
    "an unknown key": (with_(limts=[]), [("limts", "unknown_key")]),
    "a key that is no text": (with_(**{}) | {7: 1}, [("7", "unknown_key")]),
    "a section of another type": (with_(limits={}), [("limits", "wrong_type")]),
    "a limit of another type": (with_(limits=[7]), [("limits[0]", "wrong_type")]),
    "no metric": (with_(limits=[{"upper": 1}]), [("limits[0].metric", "missing_key")]),
    "an unknown metric": (with_(limits=[{"metric": "size", "upper": 1}]), [("limits[0].metric", "unknown_name")]),
    "a metric of another type": (with_(limits=[{"metric": 1}]), [("limits[0].metric", "wrong_type")]),
    "an unknown key of a limit": (limit(uper=1), [("limits[0].uper", "unknown_key")]),
    "a key of another metric": (limit(kinds=["new"]), [("limits[0].kinds", "not_allowed")]),
    "no bound": (with_(limits=[{"metric": "order_quantity"}]), [("limits[0]", "conflict")]),
    "a bound of a rule": (limit(metric="price_tick", upper=1), [("limits[0].upper", "not_allowed")]),
    "a bound a metric has not": (limit(metric="price_collar", upper=1, lower=0), [("limits[0].lower", "not_allowed")]),
    "bounds the wrong way round": (limit(lower=11), [("limits[0]", "conflict")]),
    "a bound of what has none": (limit(unlimited=True), [("limits[0]", "conflict")]),
    "a negative limit": (limit(upper=-1), [("limits[0].upper", "bad_value")]),
    "a word for a number": (limit(upper="ten"), [("limits[0].upper", "bad_value")]),
    "true for a number": (limit(upper=True), [("limits[0].upper", "wrong_type")]),
    "null for a number": (
        with_(limits=[{"metric": "order_quantity", "upper": None}]),
        [("limits[0].upper", "wrong_type")],
    ),
    "a list for a number": (limit(upper=[1]), [("limits[0].upper", "wrong_type")]),
    "not a number": (limit(upper=float("nan")), [("limits[0].upper", "bad_value")]),
    "a signalling one": (limit(upper=Decimal("sNaN")), [("limits[0].upper", "bad_value")]),
    "infinity": (limit(upper="Infinity"), [("limits[0].upper", "bad_value")]),
    "97 bits": (limit(upper=2**96), [("limits[0].upper", "bad_value")]),
    "97 bits as text": (limit(upper=str(2**96)), [("limits[0].upper", "bad_value")]),
    "29 places": (limit(upper="0." + "0" * 28 + "1"), [("limits[0].upper", "bad_value")]),
    "an exponent out of this world": (limit(upper=Decimal("1e999999")), [("limits[0].upper", "bad_value")]),
    "digits of another script": (limit(upper="١٠"), [("limits[0].upper", "bad_value")]),
    "a duration with a space": (limit(max_age="5 s"), [("limits[0].max_age", "bad_value")]),
    "a duration of nothing": (limit(max_age="0s"), [("limits[0].max_age", "bad_value")]),
    "a duration of a number": (limit(max_age=5), [("limits[0].max_age", "wrong_type")]),
    "an age of an unknown input": (limit(max_age={"lst": "5s"}), [("limits[0].max_age.lst", "unknown_key")]),
    "a time without an offset": (
        limit(effective_from="2026-03-02T00:00:00"),
        [("limits[0].effective_from", "bad_value")],
    ),
    "a datetime without one": (
        limit(effective_from=datetime.datetime(2026, 3, 2)),
        [("limits[0].effective_from", "bad_value")],
    ),
    "a date for a time": (limit(effective_from="2026-03-02"), [("limits[0].effective_from", "bad_value")]),
    "the 30th of February": (limit(effective_from="2026-02-30T00:00Z"), [("limits[0].effective_from", "bad_value")]),
    "an end before the beginning": (
        limit(effective_from="2026-03-02T00:00Z", effective_until="2026-03-02T00:00Z"),
        [("limits[0].effective_until", "bad_value")],
    ),
    "no confirmation": (limit(confirm=0), [("limits[0].confirm", "bad_value")]),
    "half a confirmation": (limit(confirm=Decimal("1.5")), [("limits[0].confirm", "wrong_type")]),
    "an unknown action": (limit(action="explode"), [("limits[0].action", "unknown_name")]),
    "an unknown release": (limit(release="later"), [("limits[0].release", "unknown_name")]),
    "a release after nothing": (limit(release={}), [("limits[0].release.after", "missing_key")]),
    "a next period of none": (limit(release="next_period"), [("limits[0].release", "not_allowed")]),
    "a warning above the bound": (limit(warn="1.01"), [("limits[0].warn", "bad_value")]),
    "a warning at nothing": (limit(warn=0), [("limits[0].warn", "bad_value")]),
    "a warning of a bound of 0": (limit(upper=0, warn="0.8"), [("limits[0].warn", "not_allowed")]),
    "a warning of a rule": (limit(metric="price_tick", warn="0.8"), [("limits[0].warn", "not_allowed")]),
    "stages that fall": (
        limit(stages=[{"at": "0.9", "action": "notify"}, {"at": "0.8", "action": "notify"}]),
        [("limits[0].stages[1].at", "bad_value")],
    ),
    "a stage below the warning": (
        limit(warn="0.9", stages=[{"at": "0.9", "action": "notify"}]),
        [("limits[0].stages[0].at", "bad_value")],
    ),
    "a stage that halts": (
        limit(stages=[{"at": "0.9", "action": "halt"}]),
        [("limits[0].stages[0].action", "unknown_name")],
    ),
    "five stages": (
        limit(stages=[{"at": f"0.{digit}", "action": "notify"} for digit in range(1, 6)]),
        [("limits[0].stages", "bad_value")],
    ),
    "a throttle that nothing uses": (
        limit(throttle={"upper": 1, "window": "1s"}),
        [("limits[0].throttle", "conflict")],
    ),
    "no throttle": (limit(action="throttle"), [("limits[0].throttle", "missing_key")]),
    "a throttle without a window": (
        limit(action="throttle", throttle={"upper": 1}),
        [("limits[0].throttle.window", "missing_key")],
    ),
    "no window": (limit(metric="message_rate", upper=1), [("limits[0].window", "missing_key")]),
    "a window and a period": (
        limit(metric="message_rate", upper=1, window="1s", period="day"),
        [("limits[0]", "conflict")],
    ),
    "a window of an order": (limit(window="1s"), [("limits[0].window", "not_allowed")]),
    "no currency": (limit(metric="gross_exposure", upper=1), [("limits[0].currency", "missing_key")]),
    "a currency of a quantity": (limit(currency="USD"), [("limits[0].currency", "not_allowed")]),
    "no age": (limit(metric="value_at_risk", upper=1), [("limits[0].max_age", "missing_key")]),
    "no figure": (limit(metric="supplied_figure", upper=1, max_age="1s"), [("limits[0].input", "missing_key")]),
    "a figure of the engine's": (
        limit(metric="supplied_figure", upper=1, max_age="1s", input="last"),
        [("limits[0].input", "bad_value")],
    ),
    "tokens of a day": (
        limit(metric="message_rate", upper=1, period="day", algorithm="token_bucket"),
        [("limits[0].period", "not_allowed")],
    ),
    "a burst without tokens": (
        limit(metric="message_rate", upper=1, window="1s", burst=3),
        [("limits[0].burst", "not_allowed")],
    ),
    "only, of a book": (
        limit(metric="working_orders", upper=5, only={"sides": ["BUY"]}),
        [("limits[0].only", "not_allowed")],
    ),
    "only, of nothing": (limit(only={"sides": []}), [("limits[0].only.sides", "bad_value")]),
    "a phase there is not": (limit(only={"phases": ["opening"]}), [("limits[0].only.phases[0]", "unknown_name")]),
    "a source twice": (
        limit(metric="price_collar", upper=1, reference=["last", "last"]),
        [("limits[0].reference[1]", "duplicate")],
    ),
    "a scope of another type": (limit(scope="firm"), [("limits[0].scope", "wrong_type")]),
    "an unknown key of a scope": (limit(scope={"acount": 7}), [("limits[0].scope.acount", "unknown_key")]),
    "a group there is not": (limit(scope={"group": "nort"}), [("limits[0].scope.group", "unknown_name")]),
    "an instrument without a currency": (
        limit(scope={"instrument": "AAPL"}),
        [("limits[0].scope.instrument", "bad_value")],
    ),
    "a class of no kind": (limit(scope={"class": "*"}), [("limits[0].scope.class", "bad_value")]),
    "a session of a book": (
        limit(metric="gross_exposure", upper=1, scope={"session": "*", "account": 1}),
        [("limits[0].scope.session", "not_allowed")],
    ),
    "leverage in an instrument": (
        limit(metric="leverage", upper=1, scope=SCOPE),
        [("limits[0].scope.instrument", "not_allowed")],
    ),
    "a position in everything": (
        limit(metric="position_net", upper=1, scope={"account": "*"}),
        [("limits[0].scope", "not_allowed")],
    ),
    "a concentration in nothing": (
        limit(metric="concentration", upper=1, scope={"account": "*"}),
        [("limits[0].scope", "not_allowed")],
    ),
    "a figure of two": (
        limit(metric="supplied_figure", upper=1, max_age="1s", input="x.a", scope=SCOPE),
        [("limits[0].scope", "not_allowed")],
    ),
    "an empty name": (limit(name=""), [("limits[0].name", "bad_value")]),
    "half a surrogate": (limit(name="\ud800"), [("limits[0].name", "bad_value")]),
    "a name with a control character": (limit(name="a\nb"), [("limits[0].name", "bad_value")]),
    "a name twice": (
        with_(limits=[{"metric": m, "upper": 1, "name": "x"} for m in ("order_quantity", "order_notional")]),
        [("limits[1].name", "duplicate")],
    ),
    "a measure and scope twice": (
        with_(limits=[{"metric": "order_quantity", "upper": 1, "name": name} for name in ("x", "y")]),
        [("limits[1]", "duplicate")],
    ),
    "an account twice": (with_(accounts=[{"id": 7}, {"id": 7}]), [("accounts[1].id", "duplicate")]),
    "an account below 0": (with_(accounts=[{"id": -1}]), [("accounts[0].id", "bad_value")]),
    "an account that is true": (with_(accounts=[{"id": True}]), [("accounts[0].id", "wrong_type")]),
    "an account in no group": (with_(accounts=[{"id": 7, "group": "x"}]), [("accounts[0].group", "unknown_name")]),
    "an instrument twice": (
        with_(instruments=[{"id": "A/B"}, {"underlying": "A", "settlement": "B"}]),
        [("instruments[1].underlying", "duplicate")],
    ),
    "an instrument by both names": (
        with_(instruments=[{"id": "A/B", "underlying": "A"}]),
        [("instruments[0]", "conflict")],
    ),
    "half an instrument": (with_(instruments=[{"underlying": "A"}]), [("instruments[0].settlement", "missing_key")]),
    "a multiplier of 0": (
        with_(instruments=[{"id": "A/B", "multiplier": 0}]),
        [("instruments[0].multiplier", "bad_value")],
    ),
    "a tick table that falls": (
        with_(instruments=[{"id": "A/B", "tick": [{"from": 0, "step": 1}, {"from": 0, "step": 1}]}]),
        [("instruments[0].tick[1].from", "bad_value")],
    ),
    "a tick table from 1": (
        with_(instruments=[{"id": "A/B", "tick": [{"from": 1, "step": 1}]}]),
        [("instruments[0].tick[0].from", "bad_value")],
    ),
    "a permission of nothing": (with_(permissions=[{"name": "p"}]), [("permissions[0]", "conflict")]),
    "a permission for each": (
        with_(permissions=[{"name": "p", "scope": {"account": "*"}, "deny": {"sides": ["BUY"]}}]),
        [("permissions[0].scope.account", "bad_value")],
    ),
    "a permission with a limit's name": (
        with_(limits=limit(name="p")["limits"], permissions=[{"name": "p", "deny": {"sides": ["BUY"]}}]),
        [("permissions[0].name", "duplicate")],
    ),
    "a code of no permission": (
        with_(permissions=[{"name": "p", "deny": {"sides": ["BUY"]}, "code": "Custom"}]),
        [("permissions[0].code", "unknown_name")],
    ),
    "a requirement of nothing": (with_(require=["order_quantiti"]), [("require[0]", "unknown_name")]),
    "a policy there is not": (with_(policies=[{"policy": "order_valid"}]), [("policies[0].policy", "unknown_name")]),
    "a policy twice": (with_(policies=[{"policy": "order_validation"}] * 2), [("policies[1].policy", "duplicate")]),
    "a policy without barriers": (
        with_(policies=[{"policy": "rate_limit"}]),
        [("policies[0].barriers", "missing_key")],
    ),
    "a release of the engine": (with_(engine={"compatibility": "0.8"}), [("engine.compatibility", "unknown_name")]),
    "a time zone there is not": (
        with_(calendars={"c": {"time_zone": "Mars/Olympus"}}),
        [("calendars.c.time_zone", "unknown_name")],
    ),
    "a time zone that is a path": (
        with_(calendars={"c": {"time_zone": "../../../etc/passwd"}}),
        [("calendars.c.time_zone", "unknown_name")],
    ),
    "25 o'clock": (
        with_(calendars={"c": {"time_zone": "UTC", "day_roll": "25:00"}}),
        [("calendars.c.day_roll", "bad_value")],
    ),
    "a calendar there is not": (with_(defaults={"calendar": "c"}), [("defaults.calendar", "unknown_name")]),
    "a day of no week": (
        with_(calendars={"c": {"time_zone": "UTC", "sessions": {"mun": []}}}),
        [("calendars.c.sessions.mun", "unknown_key")],
    ),
    "a day twice": (
        with_(calendars={"c": {"time_zone": "UTC", "sessions": {"mon-wed": [], "wed": []}}}),
        [("calendars.c.sessions.wed", "duplicate")],
    ),
    "a holiday without sessions": (
        with_(calendars={"c": {"time_zone": "UTC", "holidays": ["2026-07-03"]}}),
        [("calendars.c.holidays", "conflict")],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_with_its_place(name):
    document, expected = WRONG[name]
    before = repr(document)
    assert told(document) == sorted(expected)
    assert all(problem.message for problem in config.validate(document))
    assert repr(document) == before


def test_everything_that_is_wrong_is_told_at_once():
    limits = [{"metric": "order_quantity", "upper": "ten"}, {"metric": "size", "upper": 1}, {"metric": "equity"}]
    assert [path for path, _ in told(with_(limits=limits, limts=[]))] == [
        "limits[0].upper",
        "limits[1].metric",
        "limits[2]",
        "limits[2].currency",
        "limts",
    ]


# ---- Files ----

FILES = {
    "cut": b'{"openpit": 1, "limits": [{"metr',
    "empty": b"",
    "a list": b"[1]",
    "null": b"null",
    "no UTF-8": b'{"openpit": 1, "version": "\xff\xfe"}',
    "10 MB of brackets": b"[" * 10_000_000,
    "10 MB of objects": b'{"a":' * 2_000_000,
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_document_is_one_problem(name, tmp_path):
    path = tmp_path / "engine.json"
    path.write_bytes(FILES[name])
    started = time.monotonic()
    (problem,) = config.validate(path)
    assert problem.path == "" and problem.code in ("bad_value", "wrong_type") and problem.message
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e99999999999999999999", "9" * 5000, "0." + "1" * 5000])
def test_a_number_in_a_file_that_is_none_is_told_with_its_place(number, tmp_path):
    path = tmp_path / "engine.json"
    path.write_text(json_with(number))
    assert told(path) == [("limits[0].upper", "bad_value")]


def test_a_key_that_is_there_twice_is_told(tmp_path):
    path = tmp_path / "engine.json"
    path.write_text(
        '{"openpit": 1, "version": "a", "version": "b", "limits": [{"metric": "order_quantity", "upper": 1, "upper": 2}]}'
    )
    assert told(path) == [("limits[0].upper", "duplicate"), ("version", "duplicate")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_what_cannot_be_read_is_told(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "folder.json").mkdir()
    for path in (
        tmp_path / "missing.json",
        tmp_path / "pipe.json",
        tmp_path / "folder.json",
        "a\0b.json",
        "",
        "engine.yaml",
    ):
        assert told(path) == [("", "bad_value")], path


@pytest.mark.parametrize(
    "text", ["=", "a = " + "[" * 100_000, ".".join("a" * 5_000) + " = 1", "a = 1\na = 2", "a = 1e"]
)
def test_a_toml_file_that_is_none_is_one_problem(text, tmp_path):
    (tmp_path / "engine.toml").write_text(text)
    assert told(tmp_path / "engine.toml") == [("", "bad_value")]


def test_a_document_that_holds_itself_is_read_to_its_known_depth():
    document = {"openpit": 1, "engine": {}}
    document["engine"]["engine"] = document
    document["limits"] = [document]
    assert told(document)


def test_mistakes_by_the_hundred_thousand_are_told_in_time():
    started = time.monotonic()
    document = with_(limits=[{"metric": f"order_quantit{number}"} for number in range(20_000)])
    assert len(config.validate(document)) == 20_000
    assert time.monotonic() - started < 20


# ---- Anything ----

JUNK = [
    None, True, 0, -1, 10**400, 1.5, float("nan"), float("inf"), Decimal("sNaN"), Decimal("1E+999999"), "", "*", "x" * 10_000,
    "\ud800", "\x00", [], {}, [[]], {"a": 1}, {7: 8}, [None], "1s", "day", "last", b"x", object(), datetime.time(1),
    datetime.date(2026, 1, 1), datetime.datetime(2026, 1, 1), datetime.timedelta(0), (1, 2), {"after": None}, ["BUY", "BUY"],
    "sector:*", "A/B", "mon-fri", "25:00", 2**96, {(1,): 2}, frozenset(),
]  # fmt: skip


def places(value, path=()):
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def test_whatever_a_document_holds_is_answered_with_problems():
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    in_force = config._compile(LARGE)
    for _ in range(2_000):
        document = copy.deepcopy(LARGE)
        for _ in range(chance.randint(1, 3)):
            *path, last = chance.choice(list(places(document)))
            holder = document
            for key in path:
                holder = holder[key]
            holder[last] = copy.deepcopy(chance.choice(JUNK))
        problems = config.validate(document)
        assert all(isinstance(str(problem), str) for problem in problems)
        for call in (config._compile, functools.partial(config._compile_change, in_force=in_force)):
            try:
                call(document)
            except config.ConfigError as error:
                assert error.problems
            else:
                assert not problems
