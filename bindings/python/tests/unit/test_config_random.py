"""Random documents: the validator and the JSON Schema agree about them, and neither of them crashes.

``OPENPIT_RANDOM_DOCUMENTS=100000`` tries more than every day; a document that was found is told with its seed.
"""

import copy
import os
import random
from decimal import Decimal

import jsonschema
import pytest
from config_support import LARGE

from openpit import config

COUNT = int(os.environ.get("OPENPIT_RANDOM_DOCUMENTS", "1000"))
SCHEMA = config.schema()
# A schema takes 7.0 for a whole number; a document that means one writes it as one.
WHOLE = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
)
VALIDATOR = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=WHOLE)(SCHEMA)

#: What a schema can see: the shape of a document. The rest is about how its parts fit together.
STRUCTURAL = {"unknown_key", "wrong_type"}

#: Everything a problem may be.
CODES = STRUCTURAL | {
    "missing_key", "bad_value", "unknown_name", "duplicate", "conflict", "not_allowed", "version", "immutable",
}  # fmt: skip

METRICS = SCHEMA["properties"]["limits"]["items"]["properties"]["metric"]["enum"]
SCOPES = [
    "account",
    "group",
    "strategy",
    "trader",
    "session",
    "venue",
    "instrument",
    "underlying",
    "settlement",
    "class",
]


def anything(random, depth=0):
    """A value that may stand anywhere, and mostly should not."""
    choices = [
        lambda: None,
        lambda: random.choice([True, False]),
        lambda: random.choice([0, 1, -1, 7, 10**30, -(2**63), 2**64]),
        lambda: random.choice([0.5, -0.0, 1e-300, 1e300, float("nan"), float("inf")]),
        lambda: random.choice(["", " ", "*", "1", "-1.5", "1e3", "NaN", "5s", "0s", "09:30", "25:00", "2026-02-29"]),
        lambda: random.choice(["AAPL/USD", "USD", "north", "xnys", "sector:*", "sector:tech", "\x00", "é", "x" * 70]),
        lambda: random.choice(
            ["2026-03-02T20:00:00Z", "2026-03-02T20:00:00", "order_quantity", "reject", "day", "mark"]
        ),
        lambda: [] if depth > 2 else [anything(random, depth + 1) for _ in range(random.randrange(3))],
        lambda: {} if depth > 2 else {random.choice(["at", "upper", "x", "id"]): anything(random, depth + 1)},
        lambda: Decimal("0.1"),
    ]
    return random.choice(choices)()


def limit(random, index):
    """A limit that may be right."""
    record = {"metric": random.choice(METRICS)}
    if random.random() < 0.5:
        record["name"] = f"l{index}"
    if random.random() < 0.6:
        keys = random.sample(SCOPES, random.randrange(3))
        record["scope"] = {key: random.choice(["*", "sector:*" if key == "class" else "*", 7, "north"]) for key in keys}
    for key, values in {
        "upper": [1, "0.5", 100],
        "lower": [-1, "0", "-0.5"],
        "currency": ["USD"],
        "window": ["1s", "1d"],
        "period": ["day", "week", "all"],
        "action": ["notify", "reject", "throttle", "block_account", "reduce_only", "halt"],
        "warn": ["0.8", 1, 2],
        "throttle": [{"upper": 1, "window": "1s"}],
        "confirm": [1, 3, 0],
        "hysteresis": ["0.1"],
        "release": ["manual", "auto", "next_period", {"after": "5m"}],
        "unlimited": [True, False],
        "max_age": ["5s", {"last": "5s"}, {"nothing": "5s"}],
        "on_missing": ["reject", "notify"],
        "stages": [[], [{"at": "0.8", "action": "notify"}], [{"at": "0.8", "action": "halt"}]],
        "only": [{"sides": ["buy"]}, {"phases": ["auction"]}, {}],
        "hard": [True],
        "kinds": [["new"], ["cancel", "new"]],
        "reference": [["mark", "last"]],
        "input": ["x.dv01"],
        "mode": ["cancel_oldest"],
    }.items():
        if random.random() < (0.6 if key == "upper" else 0.12):
            record[key] = random.choice(values)
    return record


def places(value, path=()):
    """Every place of a document that has something in it."""
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


def document(random):
    """A document that is right, or nearly so, or not at all."""
    made = copy.deepcopy(LARGE) if random.random() < 0.5 else {"openpit": 1}
    if random.random() < 0.6:
        made["limits"] = [limit(random, index) for index in range(random.randrange(4))]
    for _ in range(random.choice([0, 0, 1, 1, 2, 4])):
        path = random.choice(list(places(made)))
        if not path:
            made[random.choice(["limits", "limts", "engine", "ledger", "valuation", "version"])] = anything(random)
            continue
        parent = made
        for step in path[:-1]:
            parent = parent[step]
        change = random.randrange(4)
        if change == 0:
            parent[path[-1]] = anything(random)
        elif change == 1:
            del parent[path[-1]]
        elif change == 2 and isinstance(parent, dict):
            parent[random.choice(["uper", "names", "at", "id", "from"])] = anything(random)
        elif isinstance(parent, list):
            parent.append(copy.deepcopy(parent[path[-1]]))
    return made


def plain(value):
    """The document as JSON has it: a decimal is a number."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("part", range(4))
def test_validator_and_schema_agree_about_random_documents(part):
    right = 0
    for seed in range(part, COUNT, 4):
        made = document(random.Random(seed))
        problems = config.validate(copy.deepcopy(made))
        error = next(VALIDATOR.iter_errors(plain(made)), None)
        if not problems:
            right += 1
            assert error is None, f"seed {seed}: only the schema refuses {error.json_path}: {error.message}"
        structural = [problem for problem in problems if problem.code in STRUCTURAL]
        assert not structural or error is not None, f"seed {seed}: the schema takes what is {structural[0]}"
        assert {problem.code for problem in problems} <= CODES, f"seed {seed}: {problems}"
    assert right * 20 > COUNT // 4, "there are documents that are right"
