"""Configuration documents: what they may say, and what is made of it. The numbers of rules are those of the contract."""

import datetime
import json
import sys
from decimal import Decimal

import pytest
from config_support import LARGE, compiled_limit, json_with, limit, told

from openpit import _lists, config

HOUR = 3_600_000_000_000


# ---- Reading ----


def test_the_smallest_document_is_a_version():
    assert told({"openpit": 1}) == []


def test_a_large_document_is_valid():
    assert told(LARGE) == []


def test_documents_are_read_from_files(tmp_path):
    (tmp_path / "engine.json").write_text('{"openpit": 1, "limits": [{"metric": "order_quantity", "upper": 0.3}]}')
    for path in (tmp_path / "engine.json", str(tmp_path / "engine.json")):
        assert config._compile(path).limits[0].upper == Decimal("0.3")


@pytest.mark.skipif(sys.version_info < (3, 11), reason="tomllib came with Python 3.11")
def test_toml_says_the_same_as_json(tmp_path):
    (tmp_path / "engine.toml").write_text(
        'openpit = 1\n[[limits]]\nmetric = "order_quantity"\nupper = 0.3\neffective_from = 2026-03-02T20:00:00Z\n'
    )
    made = config._compile(tmp_path / "engine.toml")
    assert made == config._compile(limit(upper="0.3", effective_from="2026-03-02T20:00:00Z"))


@pytest.mark.skipif(sys.version_info >= (3, 11), reason="tomllib is there")
def test_toml_needs_a_python_that_reads_it(tmp_path):
    (tmp_path / "engine.toml").write_text("openpit = 1\n")
    assert told(tmp_path / "engine.toml") == [("", "bad_value")]


@pytest.mark.parametrize(
    "digits", ["0.1", "0.3", "79228162514264337593543950335", "0.0000000000000000000000000001", "1e3"]
)
def test_a_number_is_what_its_digits_say(digits, tmp_path):
    path = tmp_path / "engine.json"
    path.write_text(json_with(digits))
    assert config._compile(path).limits[0].upper == Decimal(digits)
    assert compiled_limit(upper=digits).upper == Decimal(digits)


@pytest.mark.parametrize("value", [10, "10", 10.0, Decimal("10.0"), "+10", "1e1"])
def test_an_amount_may_be_written_in_several_ways(value):
    assert str(compiled_limit(upper=value).upper) == "10"


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1ns", 1),
        ("2us", 2_000),
        ("3ms", 3_000_000),
        ("4s", 4 * 10**9),
        ("5m", 300 * 10**9),
        ("1h", HOUR),
        ("2d", 48 * HOUR),
    ],
)
def test_a_duration_is_a_whole_number_and_a_unit(text, nanoseconds):
    assert compiled_limit(metric="message_rate", upper=1, window=text).window == nanoseconds


@pytest.mark.parametrize(
    "text",
    ["2026-03-02T20:00:00Z", "2026-03-02T15:00:00-05:00", "2026-03-02 20:00Z", "2026-03-02T21:00:00.000000000+0100"],
)
def test_a_civil_time_has_an_offset(text):
    expected = datetime.datetime(2026, 3, 2, 20, tzinfo=datetime.timezone.utc)
    assert compiled_limit(effective_from=text).effective_from == int(expected.timestamp()) * 10**9
    assert compiled_limit(effective_from=expected) == compiled_limit(effective_from=text)


# ---- Limits (C-1 to C-4) ----


def test_a_limit_has_every_default():
    made = compiled_limit()
    assert (made.name, made.number, made.scope, made.only, made.lower, made.upper) == (
        "order_quantity",
        1,
        {},
        {},
        None,
        10,
    )
    assert (made.action, made.stages, made.throttle, made.hysteresis, made.confirm) == ("reject", (), None, 0, 1)
    assert (made.release, made.release_after, made.release_role, made.hard) == ("manual", None, None, False)
    assert (made.max_age, made.max_ages, made.on_missing) == (None, {}, "reject")
    assert (made.effective_from, made.effective_until, made.unlimited, made.currency) == (None, None, False, None)


@pytest.mark.parametrize(
    ("metric", "window", "period"),
    [
        ("client_order_id", 24 * HOUR, None),
        ("order_to_trade", None, "day"),
        ("accumulated_notional", None, "day"),
        ("drawdown", None, "all"),
        ("repeated_executions", None, None),
        ("unrealized_pnl", None, None),
    ],
)
def test_metrics_have_windows_and_periods_of_their_own(metric, window, period):
    bound = {} if metric == "client_order_id" else {"upper": 1}
    made = compiled_limit(metric=metric, scope={"account": "*"}, **bound)
    assert (made.window, made.period) == (window, period)


@pytest.mark.parametrize(
    ("metric", "lower", "upper"),
    [("duplicate_orders", None, 1), ("initial_margin_excess", 0, None), ("maintenance_margin_excess", 0, None)],
)
def test_some_bounds_go_without_saying(metric, lower, upper):
    time = {"window": "10s"} if metric == "duplicate_orders" else {}
    made = compiled_limit(metric=metric, scope={"account": "*"}, **time)
    assert (made.lower, made.upper) == (lower, upper)


def test_a_warning_is_the_first_stage():
    made = compiled_limit(
        warn="0.8", stages=[{"at": "0.9", "action": "throttle"}], throttle={"upper": 1, "window": "1s"}
    )
    assert [(stage.at, stage.action) for stage in made.stages] == [
        (Decimal("0.8"), "notify"),
        (Decimal("0.9"), "throttle"),
    ]
    assert (made.throttle.upper, made.throttle.window) == (1, 10**9)


def test_a_release_may_come_after_some_time():
    made = compiled_limit(release={"after": "1h"})
    assert (made.release, made.release_after) == ("after", HOUR)


def test_an_age_is_for_all_inputs_or_for_each():
    assert compiled_limit(max_age="5s").max_age == 5 * 10**9
    assert compiled_limit(max_age={"last": "5s", "x.mine": "1s"}).max_ages == {"last": 5 * 10**9, "x.mine": 10**9}


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (
            {"metric": "message_rate", "upper": 1, "scope": {"account": "*"}, "window": "1s"},
            "message_rate[account=*]/1s",
        ),
        ({"metric": "order_notional", "upper": 1}, "order_notional"),
        (
            {"metric": "position_net", "upper": 1, "scope": {"instrument": "A/B", "account": 7}},
            "position_net[account=7,instrument=A/B]",
        ),
        ({"metric": "drawdown", "upper": 1, "scope": {"group": "*"}, "period": "week"}, "drawdown[group=*]/week"),
        ({"metric": "drawdown", "upper": 1, "scope": {"group": "*"}}, "drawdown[group=*]"),
        ({"metric": "message_rate", "upper": 1, "window": datetime.timedelta(minutes=1)}, "message_rate/1m"),
    ],
)
def test_a_limit_without_a_name_has_a_canonical_one(record, name):
    assert compiled_limit(**record).name == name


@pytest.mark.parametrize(
    ("record", "parameters"),
    [
        ({"metric": "price_collar"}, {"reference": 0x2741, "side": 1}),
        (
            {"metric": "price_collar", "reference": ["close", "last"], "side": "aggressive"},
            {"reference": 0x12, "side": 2},
        ),
        ({"metric": "decision_drift"}, {"reference": 0x148}),
        ({"metric": "duplicate_orders", "window": "1s", "fields": ["strategy", "account"]}, {"fields": 0b100001}),
        ({"metric": "order_to_trade"}, {"kinds": 0b111, "per": 1, "min_count": 100}),
        ({"metric": "participation", "min_volume": "0.5"}, {"min_volume": Decimal("0.5")}),
        ({"metric": "concentration", "scope": {"class": "sector:*", "account": "*"}, "of": "gross"}, {"of": 2}),
        ({"metric": "reject_rate", "window": "1s", "of": ["venue"]}, {"of": 0b10}),
    ],
)
def test_parameters_have_numbers(record, parameters):
    made = compiled_limit(upper=1, **record)
    assert {parameter.key: parameter.value for parameter in made.parameters} == parameters


def test_a_figure_has_its_name():
    made = compiled_limit(metric="supplied_figure", upper=1, max_age="1s", input="x.dv01")
    assert [(parameter.key, parameter.value, parameter.words) for parameter in made.parameters] == [
        ("input", None, ("x.dv01",))
    ]


@pytest.mark.parametrize("metric", _lists.METRICS.values(), ids=lambda metric: metric.name)
def test_every_metric_can_be_limited(metric):
    side = "lower" if metric.bounds == "lower" else "upper"
    record = {"metric": metric.name, "scope": {"account": "*"}}
    record |= {} if metric.bounds == "none" else {side: 1}
    record |= {"window": "1s"} if "window" in metric.time else {}
    record |= {"max_age": "60s"} if metric.max_age else {}
    record |= {"input": "x.mine"} if "input" in metric.keys else {}
    record["scope"] |= {"instrument": "*"} if metric.scope in ("position", "concentration") else {}
    assert told(limit(**record)) == []
    made = compiled_limit(**record)
    assert (made.number, made.metric) == (metric.number, metric.name)


def test_there_are_51_metrics():
    assert [metric.number for metric in _lists.METRICS.values()] == list(range(1, 52))


# ---- What belongs together ----


def test_limits_of_one_measure_may_have_different_scopes():
    scopes = [{}, {"account": "*"}, {"account": 7}, {"account": "7"}, {"account": 7, "instrument": "*"}]
    limits = [{"metric": "order_quantity", "upper": 1, "scope": scope} for scope in scopes]
    limits[3]["name"] = "of the account whose name is 7"
    assert told({"openpit": 1, "limits": limits}) == []


@pytest.mark.parametrize(
    "other",
    [{"only": {"sides": ["BUY"]}}, {"metric": "order_notional"}, {"scope": {"venue": "*"}}],
)
def test_limits_of_another_measure_may_have_the_same_scope(other):
    first = {"metric": "order_quantity", "upper": 1}
    assert told({"openpit": 1, "limits": [first, {"name": "other", **first, **other}]}) == []


@pytest.mark.parametrize(
    "same",
    [
        {"only": {"sides": ["SELL", "BUY"]}},
        {"only": {"sides": ["BUY", "SELL"], "order_types": ["limit"]}, "action": "halt", "upper": 20},
    ],
)
def test_the_order_of_words_makes_no_other_measure(same):
    first = {**same, "metric": "order_quantity", "upper": 1, "only": {**same["only"], "sides": ["BUY", "SELL"]}}
    document = {"openpit": 1, "limits": [first, {"upper": 1, **same, "metric": "order_quantity", "name": "other"}]}
    assert told(document) == [("limits[1]", "duplicate")]


def test_a_limit_that_is_wrong_is_not_compared():
    good, wrong = {"metric": "order_quantity", "upper": 1}, {"metric": "order_quantity", "upper": 1, "uper": 2}
    assert told({"openpit": 1, "limits": [wrong, good]}) == [("limits[0].uper", "unknown_key")]


def test_what_is_there_twice_is_one_problem():
    document = {"openpit": 1, "limits": [{"metric": "order_quantity", "upper": 1}] * 2}
    assert told(document) == [("limits[1]", "duplicate")]


@pytest.mark.parametrize("name", ["order_form", "known", "session", "jurisdiction", "require", "reduce_only", "Engine"])
def test_names_of_the_engine_are_kept(name):
    assert told(limit(name=name)) == [("limits[0].name", "duplicate")]


# ---- Sections ----


def test_a_document_has_every_default():
    made = config._compile({"openpit": 1})
    assert (made.engine.sync, made.engine.compatibility, made.engine.events) == ("none", "0.7", 65_536)
    assert made.valuation.positions == ("mark", "mid", "last", "close")
    assert (made.valuation.order_chain, made.valuation.order_slippage) == (("touch", "mark", "last"), 0)
    assert (made.ledger.unknown_fill, made.ledger.position_side, made.ledger.retention) == ("notify", "reject", 100_000)
    assert (made.version, made.limits, made.permissions, made.require, made.known) == (None, (), (), (), ())


def test_accounts_have_what_defaults_say():
    document = {
        "openpit": 1,
        "defaults": {"currency": "USD", "equity": "5"},
        "accounts": [{"id": 7}, {"id": "anna", "currency": "EUR", "equity": 9}],
    }
    made = config._compile(document).accounts
    assert [(account.id, account.currency, account.equity) for account in made] == [(7, "USD", 5), ("anna", "EUR", 9)]


def test_an_instrument_is_an_id_or_two_parts():
    document = {"openpit": 1, "instruments": [{"id": "A/B/USD"}, {"underlying": "C", "settlement": "USD"}]}
    made = config._compile(document).instruments
    assert [(item.underlying, item.settlement, item.id) for item in made] == [
        ("A/B", "USD", "A/B/USD"),
        ("C", "USD", "C/USD"),
    ]
    assert (made[0].multiplier, made[0].tick, made[0].lot, made[0].jurisdictions) == (1, (), None, None)


def test_a_tick_is_a_step_or_a_table():
    table = [{"from": 0, "step": "0.0001"}, {"from": 1, "step": "0.01"}]
    document = {"openpit": 1, "instruments": [{"id": "A/B", "tick": "0.05"}, {"id": "C/D", "tick": table}]}
    made = config._compile(document).instruments
    assert made[0].tick == ((0, Decimal("0.05")),)
    assert made[1].tick == ((0, Decimal("0.0001")), (1, Decimal("0.01")))


def test_policies_of_today_are_read():
    document = {
        "openpit": 1,
        "policies": [
            {"policy": "order_validation"},
            {"policy": "rate_limit", "barriers": [{"max_orders": 3, "window": "1s", "account": 7}]},
            {"policy": "order_size", "barriers": [{"max_quantity": 300, "max_notional": 1000000}]},
            {"policy": "pnl_kill_switch", "barriers": [{"asset": "USD", "lower": -5, "initial": 1}]},
            {"policy": "spot_funds", "limit_mode": "track_only", "pricing_source": "book_top", "slippage": "0.01"},
        ],
    }
    made = config._compile(document).policies
    assert (made[1].barriers[0].max_orders, made[1].barriers[0].window, made[1].barriers[0].account) == (3, 10**9, 7)
    assert (made[2].barriers[0].max_quantity, made[3].barriers[0].lower, made[4].slippage) == (300, -5, 100)


def test_aspects_of_permissions_come_in_the_order_they_are_asked_in():
    row = {"name": "p", "deny": {"sides": ["BUY"], "instruments": ["A/B"]}, "allow": {"venues": []}}
    made = config._compile({"openpit": 1, "permissions": [row]}).permissions[0]
    assert list(made.deny) == ["instruments", "sides"]
    assert (made.allow, made.except_reducing, made.reason, made.code) == ({"venues": ()}, False, "", None)


def test_requirements_are_metrics_with_keys():
    document = {"openpit": 1, "require": ["equity", {"metric": "position_net", "keys": ["instrument", "account"]}]}
    made = config._compile(document).require
    assert [(item.number, item.keys) for item in made] == [(44, ()), (20, ("account", "instrument"))]


# ---- Problems ----


def test_a_problem_says_where_what_and_what_was_meant():
    (problem,) = config.validate(limit(upper=10, uper=11))
    assert problem == config.Problem("limits[0].uper", "unknown_key", "nothing is called 'uper' here", "upper")
    assert str(problem) == "limits[0].uper: nothing is called 'uper' here (did you mean 'upper'?) [unknown_key]"


@pytest.mark.parametrize(("word", "meant"), [("uppr", "upper"), ("upprr", "upper"), ("ppr", "upper"), ("uxxxr", None)])
def test_the_word_that_was_meant_is_at_most_two_edits_away(word, meant):
    (problem,) = config.validate(limit(**{word: 11}))
    assert problem.suggestion == meant


def test_the_error_has_every_problem():
    with pytest.raises(config.ConfigError) as caught:
        config._compile(limit(upper=-1, confirm=0))
    assert isinstance(caught.value, ValueError)
    assert sorted(problem.path for problem in caught.value.problems) == ["limits[0].confirm", "limits[0].upper"]
    assert "limits[0].confirm" in str(caught.value)


def test_the_error_shows_the_first_twenty():
    with pytest.raises(config.ConfigError) as caught:
        config._compile({"openpit": 1, **{f"junk{number}": 1 for number in range(25)}})
    assert len(caught.value.problems) == 25
    assert str(caught.value).splitlines()[-1] == "and 5 more"


# ---- Schema ----


def test_the_schema_is_plain_data_and_names_everything():
    schema = config.schema()
    text = json.dumps(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(LARGE) < set(schema["properties"])
    assert not [metric for metric in _lists.METRICS if f'"{metric}"' not in text]
    assert set(schema["$defs"]) == {"change"}


def test_the_schema_says_what_a_metric_needs_and_cannot_have():
    cases = {
        case["if"]["properties"]["metric"]["const"]: case["then"]
        for case in config.schema()["properties"]["limits"]["items"]["allOf"]
    }
    assert len(cases) == 51
    assert cases["price_tick"]["properties"]["upper"] is False
    assert cases["value_at_risk"]["required"] == ["max_age"]
    assert cases["order_quantity"]["anyOf"] == [{"required": [key]} for key in ("lower", "upper", "unlimited")]
