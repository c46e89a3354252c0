"""Limits as records, and what an engine tells of them."""

import copy
import dataclasses
import datetime
import json
import pickle
from decimal import Decimal

import pytest

from openpit import config, controls

NOW = datetime.datetime(2026, 3, 2, 14, 30, tzinfo=datetime.timezone.utc)


def test_a_limit_is_the_record_of_a_document():
    record = {"metric": "message_rate", "scope": {"account": "*"}, "upper": 100, "window": "1s", "count": "passed"}
    made = controls.Limit(**record)
    assert made._compiled == config._compile({"openpit": 1, "limits": [record]}).limits[0]
    assert made.upper == Decimal(100) and isinstance(made.upper, Decimal)
    assert made.name == "message_rate[account=*]/1s"


def test_a_limit_that_cannot_be_says_why():
    with pytest.raises(config.ConfigError) as caught:
        controls.Limit(metric="order_quantity", upper=-1, scope={"acount": 7})
    found = sorted((problem.path, problem.code, problem.suggestion) for problem in caught.value.problems)
    assert found == [("scope.acount", "unknown_key", "account"), ("upper", "bad_value", None)]


def test_a_limit_takes_names_alone():
    with pytest.raises(TypeError):
        controls.Limit("order_quantity")
    with pytest.raises(TypeError):
        controls.Limit(metric="order_quantity", uper=1)


def test_a_limit_does_not_change():
    scope = {"account": 7}
    made = controls.Limit(metric="order_quantity", upper=1, scope=scope)
    scope["account"] = 8
    assert made.scope == {"account": 7}
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.upper = 2


def test_a_limit_is_plain_data_that_makes_it_again():
    made = controls.Limit(
        metric="total_pnl",
        scope={"account": "*"},
        lower=Decimal("-0.50"),
        effective_from="2026-03-02T20:00:00.000000001+01:00",
        max_age={"last": datetime.timedelta(seconds=5)},
        action="throttle",
        throttle={"upper": 1, "window": "1s"},
        release={"after": "1h"},
        stages=[{"at": 0.5, "action": "notify"}],
    )
    told = json.loads(json.dumps(made.to_dict()))
    assert told == {
        "metric": "total_pnl",
        "name": "total_pnl[account=*]",
        "scope": {"account": "*"},
        "lower": "-0.5",
        "action": "throttle",
        "stages": [{"at": "0.5", "action": "notify"}],
        "throttle": {"upper": 1, "window": "1000000000ns"},
        "release": {"after": "3600000000000ns"},
        "max_age": {"last": "5000000000ns"},
        "effective_from": "2026-03-02T19:00:00.000000001Z",
    }
    assert controls.Limit(**told)._compiled == made._compiled


def test_limits_are_equal_when_their_records_are():
    first, second = (controls.Limit(metric="order_quantity", upper=upper) for upper in (10, "10.0"))
    assert first == second and hash(first) == hash(second)
    assert first != controls.Limit(metric="order_quantity", upper=11)
    assert pickle.loads(pickle.dumps(first)) == copy.deepcopy(first) == first
    assert repr(first) == "Limit(metric='order_quantity', name='order_quantity', upper=Decimal('10'))"


def test_what_an_engine_tells_is_plain_data():
    use = controls.InputUse("last", Decimal("1E+2"), datetime.timedelta(seconds=1), "fresh")
    look = controls.Look(
        "collar", "price_collar", {"account": 7}, "reject", None, None, Decimal("0.05"), None, None, Decimal("0.06"),
        Decimal("-0.01"), Decimal("1.2"), "RiskLimitExceeded", (use,),
    )  # fmt: skip
    told = controls.Explanation("reject", "ACTIVE", NOW, (), (look,)).to_dict()
    assert json.loads(json.dumps(told)) == told
    assert (told["verdict"], told["time"], told["rejects"]) == ("reject", "2026-03-02T14:30:00Z", [])
    assert told["looks"][0]["scope"] == {"account": 7}
    assert told["looks"][0]["inputs"] == [{"name": "last", "value": "100", "age": 1_000_000_000, "status": "fresh"}]


def test_times_are_told_in_utc():
    berlin = NOW.astimezone(datetime.timezone(datetime.timedelta(hours=1)))
    event = controls.Event(1, berlin, "warn", "size", "order_quantity", {}, Decimal(5), Decimal(10), "0.5")
    assert event.to_dict()["time"] == "2026-03-02T14:30:00Z"


@pytest.mark.parametrize("name", [name for name in controls.__all__ if name not in ("Limit", "ReleaseRefused")])
def test_records_are_frozen_and_plain(name):
    kind = getattr(controls, name)
    sample = kind(*(None for _ in dataclasses.fields(kind)))
    assert sample.to_dict() == dict.fromkeys(field.name for field in dataclasses.fields(kind))
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(sample, dataclasses.fields(kind)[0].name, 1)


def test_an_answer_to_a_cancel_is_true_when_it_may_be_sent():
    assert controls.CancelResult(True, ()) and not controls.CancelResult(False, ())
