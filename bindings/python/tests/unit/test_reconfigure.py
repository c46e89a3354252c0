"""Changes of what is in force while an engine runs."""

from __future__ import annotations

import datetime
import json
from decimal import Decimal
from typing import Any

import pytest
from test_limits import SECOND, START, engine_of, order_of

import openpit
from openpit import config

SIZE = {"name": "size", "metric": "order_quantity", "upper": 10}
WIDER = {**SIZE, "upper": 20}


def change(**keys: Any) -> dict[str, Any]:
    return {"openpit": 1, "change": {"actor": "anna", "reason": "test", **keys}}


def upper_of(engine: openpit.Engine) -> Decimal | None:
    return next(status.upper for status in engine.limits() if status.name == "size")


def test_a_change_is_seen_by_the_next_order_and_told() -> None:
    engine = engine_of(SIZE, version="v1")
    assert not engine.execute_pre_trade(order_of("11")).ok
    made = engine.reconfigure(change(set=[WIDER], version="v2", base="v1"))
    assert (made.version, made.applied, made.set, made.removed) == ("v2", True, ("size",), ())
    assert json.loads(json.dumps(made.to_dict()))["set"] == ["size"]
    assert engine.execute_pre_trade(order_of("11")).ok and engine.version == "v2"
    assert engine.pending_changes() == []


@pytest.mark.parametrize("seconds, upper", [(-1, 10), (0, 20), (1, 20)])
def test_the_version_and_the_limits_change_when_the_time_comes(seconds: int, upper: int) -> None:
    clock = openpit.Clock(START)
    engine = engine_of(SIZE, version="v1", clock=clock)
    time = START + 10 * SECOND
    made = engine.reconfigure(change(set=[WIDER], version="v2", effective_from=time.isoformat()))
    assert not made.applied and engine.version == "v1"
    assert engine.pending_changes() == [made]
    clock.set(time + seconds * SECOND)
    assert engine.version == ("v1" if upper == 10 else "v2")
    assert upper_of(engine) == upper and len(engine.pending_changes()) == (upper == 10)


@pytest.mark.parametrize("seconds, upper", [(-1, 20), (0, 10), (1, 10)])
def test_a_change_is_taken_back_when_its_time_comes(seconds: int, upper: int) -> None:
    clock = openpit.Clock(START)
    engine = engine_of(SIZE, version="v1", clock=clock)
    time = START + 10 * SECOND
    engine.reconfigure(change(set=[WIDER], version="v2", revert_at=time.isoformat()))
    assert engine.version == "v2" and [waiting.applied for waiting in engine.pending_changes()] == [True]
    clock.set(time + seconds * SECOND)
    assert upper_of(engine) == upper and engine.version == ("v2" if upper == 20 else "v1")


def test_both_ends_may_have_come_when_somebody_looks() -> None:
    clock = openpit.Clock(START)
    engine = engine_of(SIZE, version="v1", clock=clock)
    ends = {"effective_from": START + SECOND, "revert_at": START + 2 * SECOND}
    engine.reconfigure(
        change(set=[WIDER], remove=[], version="v2", **{key: time.isoformat() for key, time in ends.items()})
    )
    clock.advance(datetime.timedelta(hours=1))
    assert engine.version == "v1" and engine.pending_changes() == [] and upper_of(engine) == 10


def test_with_a_problem_nothing_is_changed() -> None:
    engine = engine_of(SIZE, version="v1")
    with pytest.raises(config.ConfigError) as caught:
        engine.reconfigure(change(set=[WIDER, {"metric": "order_quantity"}]))
    assert [problem.path for problem in caught.value.problems] == ["change.set[1]"]
    assert upper_of(engine) == 10 and engine.version == "v1"


def test_an_engine_without_a_document_has_none_to_change() -> None:
    engine = openpit.Engine.builder().no_sync().limits(openpit.controls.Limit(**SIZE)).build()
    assert engine.version is None
    with pytest.raises(ValueError, match="was not made of a document"):
        engine.reconfigure(change(set=[WIDER]))
