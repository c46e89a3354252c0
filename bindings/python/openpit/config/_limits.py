"""Reads limits: what each metric needs, can have and cannot have."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpit import _lists
from openpit._lists import METRICS, PARAMETERS, Metric
from openpit.config import _values
from openpit.config._compiled import Limit, Parameter, Stage, Throttle
from openpit.config._problems import Problems, joined, shown
from openpit.config._shapes import (
    INVALID,
    AccountKey,
    Amount,
    Duration,
    Either,
    Flag,
    Later,
    ListOf,
    MapOf,
    Moment,
    Record,
    Schema,
    Shape,
    Text,
    Whole,
    Word,
    report_twice,
    valid,
)

SIDES = ("BUY", "SELL")
ORDER_TYPES = ("limit", "market", "stop", "stop_limit")
TIME_IN_FORCE = ("day", "gtc", "ioc", "fok", "gtd", "at_open", "at_close")
SOURCES = PARAMETERS["reference"].values
FIGURE = r"x\.[A-Za-z0-9_.-]{1,64}"
INSTRUMENT = r"[^/\s](.*[^/\s])?/[^/\s]+"
CLASS = r"[^:*]+:[^:]+"

INSTRUMENT_TEXT = Text(INSTRUMENT, "an instrument, as in AAPL/USD")
CLASS_TEXT = Text(CLASS, "a class, as in sector:tech or sector:*")


class _Input:
    """The name of an input, of a source of prices, or of a figure of the user's own."""

    names = tuple(dict.fromkeys((*(name for name in _lists.INPUTS if name not in ("phase", "figure")), *SOURCES)))

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if isinstance(value, str) and (value in self.names or (value.startswith("x.") and len(value) > 2)):
            return value
        problems.unknown_key(path, str(value), self.names)
        return INVALID

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(self.names)}, {"type": "string", "pattern": f"^{FIGURE}$"}]}


def scope_shape(key: str) -> Shape:
    """What the value of a scope key may be."""
    shapes: dict[str, Shape] = {"account": AccountKey(), "instrument": INSTRUMENT_TEXT, "class": CLASS_TEXT}
    return shapes.get(key) or Text()


def _scope_schema() -> Schema:
    return {
        "type": "object",
        "properties": {
            key: {"anyOf": [{"const": "*"}, scope_shape(key).schema()]} if key != "class" else CLASS_TEXT.schema()
            for key in _lists.SCOPE_KEYS
        },
        "additionalProperties": False,
    }


def parameter_shape(name: str) -> Shape:
    """What the value of a parameter may be."""
    parameter = PARAMETERS[name]
    word = Word(parameter.values, f"{parameter.key} of this metric")
    shapes: dict[str, Shape] = {
        "choice": word,
        "set": ListOf(word, least=1, is_set=True),
        "chain": ListOf(word, least=1, is_set=True),
        "amount": Amount(least=parameter.least),
        "whole": Whole(parameter.least),
        "input": Text(FIGURE, "the name of a figure: x. and letters, digits or _.-"),
    }
    return shapes[parameter.type]


STAGE = Record(
    {"at": Amount(above=0), "action": Word(("notify", "throttle", "reduce_only"), "action of a stage")},
    ["at", "action"],
)
THROTTLE = Record({"upper": Amount(least=0), "window": Duration()}, ["upper", "window"])
RELEASE = Either(
    {str: Word(("manual", "auto", "next_period"), "release"), dict: Record({"after": Duration()}, ["after"])},
    "a word, or an object with `after`,",
)
MAX_AGE = Either({str: Duration(), dict: MapOf(Duration(), _Input()), object: Duration()}, "a duration")
ONLY = Record(
    {
        "sides": ListOf(Word(SIDES, "side"), least=1, is_set=True),
        "order_types": ListOf(Word(ORDER_TYPES, "order type"), least=1, is_set=True),
        "time_in_force": ListOf(Word(TIME_IN_FORCE, "time in force"), least=1, is_set=True),
        "phases": ListOf(Word(_lists.PHASES, "phase"), least=1, is_set=True),
    }
)

# What every limit may say; what a single metric has besides is in the lists.
COMMON = Record(
    {
        "metric": Word(METRICS, "metric"),
        "name": Text(most=255),
        "scope": Later(_scope_schema),
        "only": ONLY,
        "lower": Amount(),
        "upper": Amount(),
        "unlimited": Flag(),
        "currency": Text(),
        "window": Duration(),
        "period": Word(_lists.PERIODS, "period"),
        "action": Word(_lists.ACTIONS, "action"),
        "warn": Amount(above=0, most=1),
        "stages": ListOf(STAGE, most=4),
        "throttle": THROTTLE,
        "hysteresis": Amount(least=0, most=1),
        "confirm": Whole(1),
        "release": RELEASE,
        "release_role": Text(),
        "hard": Flag(),
        "max_age": MAX_AGE,
        "on_missing": Word(("reject", "notify"), "answer to missing data"),
        "effective_from": Moment(),
        "effective_until": Moment(),
    },
    ["metric"],
)
OWN_KEYS = tuple(dict.fromkeys(parameter.key for parameter in PARAMETERS.values()))
KEYS = (*COMMON.keys, *OWN_KEYS)

_SCOPES: dict[str, tuple[str, ...]] = {
    "any": _lists.SCOPE_KEYS,
    "book": tuple(key for key in _lists.SCOPE_KEYS if key != "session"),
    "position": tuple(key for key in _lists.SCOPE_KEYS if key != "session"),
    "equity": ("account", "group"),
    "concentration": ("account", "group", "instrument", "underlying", "class"),
    "figure": ("account", "group", "instrument"),
}


@dataclass(frozen=True)
class Context:
    """What a document has that its limits may refer to; None where nobody knows, as of a limit made by itself."""

    groups: Collection[str] | None = None


def own_keys(metric: Metric) -> dict[str, str]:
    """The keys of a metric's own, and the parameters that they are."""
    return {PARAMETERS[name].key: name for name in metric.keys}


def not_allowed_keys(metric: Metric) -> dict[str, str]:
    """Keys that other limits have, and why limits of this metric have not."""
    why: dict[str, str] = {}
    for side in ("lower", "upper"):
        if metric.bounds not in (side, "both"):
            why[side] = f"{metric.name} has no {side} bound"
    if metric.bounds == "none":
        why["unlimited"] = why["warn"] = why["stages"] = f"{metric.name} is a rule without bounds"
    if metric.family not in ("order", "count"):
        why["only"] = "this is for metrics of orders and of counts"
    if not metric.currency:
        why["currency"] = f"{metric.name} is no money"
    for key in ("window", "period"):
        if key not in metric.time.split(" or "):
            why[key] = f"{metric.name} has no {key}"
    if metric.name == "message_rate":
        why["throttle"] = "to throttle messages is to reject them"
    mine = own_keys(metric)
    why.update({key: f"{metric.name} has no {key}" for key in OWN_KEYS if key not in mine})
    return why


class _Rules:
    """What a metric's limits may say besides, made once."""

    def __init__(self, metric: Metric) -> None:
        self.own = own_keys(metric)
        self.forbidden = not_allowed_keys(metric)
        self.shapes = {key: parameter_shape(name) for key, name in self.own.items()}


_RULES = {name: _Rules(metric) for name, metric in METRICS.items()}


class _Reader:
    """Reads one limit of a known metric."""

    def __init__(self, record: dict[str, Any], metric: Metric, path: str, context: Context, problems: Problems) -> None:
        self.record, self.metric, self.path = record, metric, path
        self.context, self.problems = context, problems

    def add(self, key: str, code: str, message: str) -> None:
        self.problems.add(joined(self.path, key) if key else self.path, code, message)

    def limit(self, given: Mapping[str, Any], before: int) -> Limit | None:
        """The limit, unless there are more problems than before it was looked at."""
        record, metric = self.record, self.metric
        scope = self._scope()
        lower, upper = self._bounds()
        self._currency(scope)
        window, period = self._time()
        stages = self._stages(lower, upper)
        throttle = self._throttle(stages)
        max_age, max_ages = self._max_age()
        given_release = valid(record, "release", "manual")
        after = valid(given_release, "after") if isinstance(given_release, dict) else None
        release = "after" if isinstance(given_release, dict) else given_release
        if release == "next_period" and period is None and "period" not in record:
            self.add("release", "not_allowed", "the limit has no period")
        begin, end = valid(record, "effective_from"), valid(record, "effective_until")
        if begin is not None and end is not None and end <= begin:
            self.add("effective_until", "bad_value", "the limit would end before it begins")
        only, parameters = self._only(), self._parameters()
        if len(self.problems) > before:
            return None
        return Limit(
            name=record.get("name") or _canonical(metric.name, scope, given),
            metric=metric.name,
            number=metric.number,
            scope=scope,
            only=only,
            lower=lower,
            upper=upper,
            unlimited=valid(record, "unlimited", False),
            currency=valid(record, "currency"),
            window=window,
            period=period,
            action=valid(record, "action", "reject"),
            stages=stages,
            throttle=throttle,
            hysteresis=valid(record, "hysteresis", Decimal(0)),
            confirm=valid(record, "confirm", 1),
            release=release,
            release_after=after,
            release_role=valid(record, "release_role"),
            hard=valid(record, "hard", False),
            max_age=max_age,
            max_ages=max_ages,
            on_missing=valid(record, "on_missing", "reject"),
            effective_from=begin,
            effective_until=end,
            parameters=parameters,
        )

    def _only(self) -> dict[str, tuple[str, ...]]:
        only = valid(self.record, "only", {})
        return {key: tuple(only[key]) for key in ONLY.keys if valid(only, key)}

    def _scope(self) -> dict[str, int | str]:
        given = self.record.get("scope", {})
        path, before = joined(self.path, "scope"), len(self.problems)
        if not isinstance(given, dict):
            self.add("scope", "wrong_type", f"an object is wanted, not {shown(given)}")
            return {}
        allowed = _SCOPES[self.metric.scope]
        report_twice(given, path, self.problems)
        read: dict[str, Any] = {}
        for key, value in given.items():
            if key not in _lists.SCOPE_KEYS:
                self.problems.unknown_key(joined(path, str(key)), str(key), _lists.SCOPE_KEYS)
            elif key not in allowed:
                self.problems.add(joined(path, key), "not_allowed", f"{self.metric.name} has no {key} in its scope")
            elif value == "*" and key != "class":
                read[key] = "*"
            else:
                read[key] = scope_shape(key).read(value, joined(path, key), self.problems)
        groups, group = self.context.groups, read.get("group", "*")
        if groups is not None and group != "*" and group is not INVALID and group not in groups:
            self.problems.unknown_name(joined(path, "group"), str(group), groups, "group of the document")
        if len(self.problems) == before:
            self._what_scope_needs(read)
        return {key: read[key] for key in _lists.SCOPE_KEYS if key in read and read[key] is not INVALID}

    def _what_scope_needs(self, scope: Mapping[str, int | str]) -> None:
        kind, name = self.metric.scope, self.metric.name
        things = [key for key in ("instrument", "underlying", "class") if key in scope]
        if kind == "position" and "instrument" not in scope and "underlying" not in scope:
            self.add("scope", "not_allowed", f"{name} needs an instrument or an underlying in its scope")
        elif kind == "concentration" and len(things) != 1:
            self.add("scope", "not_allowed", f"{name} needs one of instrument, underlying and class in its scope")
        elif kind == "figure" and len(scope) > 1:
            self.add("scope", "not_allowed", f"{name} has at most one key in its scope")

    def _bounds(self) -> tuple[Decimal | None, Decimal | None]:
        record, metric = self.record, self.metric
        bounds: dict[str, Decimal | None] = {}
        for side in ("lower", "upper"):
            bound = valid(record, side)
            if bound is not None and bound < 0 and not metric.signed:
                self.add(side, "bad_value", f"{metric.name} is never below zero, so a bound of {bound} is none")
                bound, record[side] = None, INVALID
            bounds[side] = bound if metric.bounds in (side, "both") else None
        lower, upper = bounds["lower"], bounds["upper"]
        is_given = "lower" in record or "upper" in record
        if valid(record, "unlimited") and metric.bounds != "none":
            if is_given:
                self.add("", "conflict", "a limit is unlimited, or it has a bound")
            return None, None
        if not is_given and metric.bounds != "none":
            if metric.least:
                side, bound = metric.least.split()
                return (Decimal(bound), None) if side == "lower" else (None, Decimal(bound))
            if record.get("unlimited") is not INVALID:
                self.add("", "conflict", f"a limit of {metric.name} needs a bound; `unlimited` says that it has none")
        if lower is not None and upper is not None and lower > upper:
            self.add("", "conflict", f"the lower bound {lower} is above the upper bound {upper}")
        return lower, upper

    def _currency(self, scope: Mapping[str, int | str]) -> None:
        given = self.record.get("scope", {})
        has_owner = isinstance(given, dict) and ("account" in given or "group" in given)
        if self.metric.currency == "needed" and "currency" not in self.record and not has_owner:
            self.add("currency", "missing_key", "without an account or group in scope a currency is needed")

    def _time(self) -> tuple[int | None, str | None]:
        record, metric = self.record, self.metric
        window, period = valid(record, "window"), valid(record, "period")
        is_given = "window" in record or "period" in record
        if "window" in record and "period" in record and metric.time == "window or period":
            self.add("", "conflict", "a limit has a window or a period")
        elif not is_given and metric.time and not metric.time_default:
            self.add("window", "missing_key", f"{metric.name} needs a {metric.time}")
        elif not is_given and metric.time_default in _lists.PERIODS:
            period = metric.time_default
        elif not is_given and metric.time_default not in ("", "none"):
            window = _values.duration(metric.time_default)
        return window, period

    def _stages(self, lower: Decimal | None, upper: Decimal | None) -> tuple[Stage, ...]:
        record = self.record
        read = [Stage(warn, "notify")] if (warn := valid(record, "warn")) is not None else []
        last = warn
        for index, stage in enumerate(valid(record, "stages", ())):
            if stage is INVALID or (at := valid(stage, "at")) is None:
                continue
            if last is not None and at <= last:
                self.add(f"stages[{index}].at", "bad_value", f"stages rise, and {at} is not above {last}")
            last = at
            if action := valid(stage, "action"):
                read.append(Stage(at, action))
        if len(read) > 4:
            self.add("stages", "bad_value", "a limit has at most 4 stages, a `warn` included")
        if self.metric.bounds != "none" and ("lower" in record or "upper" in record or self.metric.least):
            if not lower and not upper and not any(record.get(side) is INVALID for side in ("lower", "upper")):
                for key in ("warn", "stages"):
                    if record.get(key):
                        self.add(key, "not_allowed", "there is no fraction of a bound of 0")
        elif valid(record, "unlimited"):
            for key in ("warn", "stages"):
                if record.get(key):
                    self.add(key, "not_allowed", "there is no fraction of no bound")
        return tuple(read)

    def _throttle(self, stages: tuple[Stage, ...]) -> Throttle | None:
        record = self.record
        is_used = valid(record, "action") == "throttle" or any(stage.action == "throttle" for stage in stages)
        if self.metric.name == "message_rate":
            return None
        if is_used and "throttle" not in record:
            self.add("throttle", "missing_key", "an action `throttle` needs to know how much passes, and in which time")
        if not is_used and "throttle" in record and record.get("action") is not INVALID and "stages" not in record:
            self.add("throttle", "conflict", "neither the action nor a stage is `throttle`")
        throttle = valid(record, "throttle")
        if not throttle or valid(throttle, "upper") is None or valid(throttle, "window") is None:
            return None
        return Throttle(throttle["upper"], throttle["window"])

    def _max_age(self) -> tuple[int | None, dict[str, int]]:
        given = self.record.get("max_age")
        if given is None and self.metric.max_age:
            self.add("max_age", "missing_key", f"{self.metric.name} needs to know how old its input may be")
        if isinstance(given, dict):
            return None, {key: age for key, age in given.items() if age is not INVALID}
        return (None if given is INVALID else given), {}

    def _parameters(self) -> tuple[Parameter, ...]:
        made: list[Parameter] = []
        values: dict[str, Any] = {}
        for key, name in _RULES[self.metric.name].own.items():
            parameter = PARAMETERS[name]
            value = self.record.get(key)
            if value is None and parameter.needed:
                self.add(key, "missing_key", f"{self.metric.name} needs {key}")
            if value is None:
                default = self.metric.defaults.get(name, parameter.default)
                if not default:
                    continue
                value = default[0] if parameter.type in ("choice", "amount", "whole") else default
            elif value is INVALID:
                continue
            values[key] = value
            made.append(_parameter(name, value))
        self._token_bucket(values)
        return tuple(made)

    def _token_bucket(self, values: Mapping[str, Any]) -> None:
        """Some keys of a message rate are for one of its algorithms."""
        if self.metric.name != "message_rate" or "algorithm" not in values:
            return
        is_bucket = values["algorithm"] == "token_bucket"
        if is_bucket and "period" in self.record:
            self.add("period", "not_allowed", "tokens are refilled by a window")
        if is_bucket and self.record.get("count") == "all":
            self.add("count", "not_allowed", "of tokens, only messages that pass take one")
        if not is_bucket and "burst" in self.record:
            self.add("burst", "not_allowed", "this is for the algorithm `token_bucket`")


def _parameter(name: str, value: Any) -> Parameter:
    parameter = PARAMETERS[name]
    words: tuple[str, ...] = ()
    number: int | Decimal | None = None
    if parameter.type in ("choice", "set", "chain"):
        words = (value,) if isinstance(value, str) else tuple(value)
        places = [parameter.values.index(word) for word in words]
        if parameter.type == "choice":
            number = places[0] + 1
        elif parameter.type == "set":
            number = sum(1 << place for place in places)
            words = tuple(word for word in parameter.values if word in words)
        else:
            number = sum((place + 1) << 4 * index for index, place in enumerate(places))
    elif parameter.type == "input":
        words = (value,)
    else:
        number = value
    return Parameter(parameter.number, name, parameter.key, None if number is None else Decimal(number), words)


def _canonical(metric: str, scope: Mapping[str, int | str], given: Mapping[str, Any]) -> str:
    keys = f"[{','.join(f'{key}={value}' for key, value in scope.items())}]" if scope else ""
    time = given.get("window", given.get("period"))
    if isinstance(time, datetime.timedelta):
        time = _values.duration_text(_values.duration(time))
    return f"{metric}{keys}/{time}" if time else f"{metric}{keys}"


def read_limit(given: Any, path: str, context: Context, problems: Problems) -> Limit | None:
    """A limit, or None with problems."""
    before = len(problems)
    if not isinstance(given, dict):
        problems.add(path, "wrong_type", f"a limit is an object, not {shown(given)}")
        return None
    report_twice(given, path, problems)
    if "metric" not in given:
        problems.add(joined(path, "metric"), "missing_key", "metric is needed")
        metric = None
    else:
        name = COMMON.keys["metric"].read(given["metric"], joined(path, "metric"), problems)
        metric = None if name is INVALID else METRICS[name]
    rules = _RULES[metric.name] if metric else None
    record: dict[str, Any] = {}
    for key, value in given.items():
        place = joined(path, str(key))
        if key == "metric":
            continue
        if key not in KEYS:
            problems.unknown_key(place, str(key), [*COMMON.keys, *rules.own] if rules else KEYS)
        elif rules and key in rules.forbidden:
            problems.add(place, "not_allowed", rules.forbidden[key])
            record[key] = INVALID
        elif key in COMMON.keys:
            record[key] = COMMON.keys[key].read(value, place, problems)
        elif rules and key in rules.shapes:
            record[key] = rules.shapes[key].read(value, place, problems)
    if metric is None:
        return None
    return _Reader(record, metric, path, context, problems).limit(given, before)


def limit_schema() -> Schema:
    """Limits as a JSON Schema: the keys of all metrics, and for each metric what it needs and cannot have."""
    properties: Schema = {key: shape.schema() for key, shape in COMMON.keys.items()}
    properties.update({key: True for key in OWN_KEYS})
    cases = []
    for metric in METRICS.values():
        own = {key: parameter_shape(name).schema() for key, name in own_keys(metric).items()}
        then: Schema = {"properties": {**own, **{key: False for key in not_allowed_keys(metric)}}}
        needed = [key for key, name in own_keys(metric).items() if PARAMETERS[name].needed]
        needed += ["max_age"] if metric.max_age else []
        needed += [metric.time] if metric.time in ("window", "period") and not metric.time_default else []
        if needed:
            then["required"] = needed
        if metric.bounds != "none" and not metric.least:
            sides = ["lower", "upper"] if metric.bounds == "both" else [metric.bounds]
            then["anyOf"] = [{"required": [key]} for key in (*sides, "unlimited")]
        cases.append({"if": {"properties": {"metric": {"const": metric.name}}, "required": ["metric"]}, "then": then})
    return {
        "type": "object",
        "properties": properties,
        "required": ["metric"],
        "additionalProperties": False,
        "allOf": cases,
    }
