"""Reads permissions, and what has to have a limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpit import _lists
from openpit._lists import METRICS
from openpit.config._compiled import Permission
from openpit.config._limits import CLASS, INSTRUMENT_TEXT, ORDER_TYPES, SIDES, TIME_IN_FORCE, Context, scope_shape
from openpit.config._problems import Problems, joined
from openpit.config._shapes import INVALID, Either, Flag, ListOf, Moment, Record, Shape, Text, Word, valid

# An aspect has a code of its own, or one of these.
CODES = ("InstrumentRestricted", "AccountNotAuthorized", "ComplianceRestriction", "JurisdictionRestriction")
_CLASS_VALUE = Text(CLASS.replace("[^:]+", "[^:*]+"), "a class, as in sector:tech")

_ASPECTS: dict[str, Shape] = {
    "instruments": INSTRUMENT_TEXT,
    "classes": _CLASS_VALUE,
    "order_types": Word(ORDER_TYPES, "order type"),
    "time_in_force": Word(TIME_IN_FORCE, "time in force"),
    "attributes": Word(_lists.ATTRIBUTES, "attribute"),
    "strategies": Text(),
    "traders": Text(),
    "venues": Text(),
    "sides": Word(SIDES, "side"),
    "short": Word(("short", "short_exempt"), "mark of a short sale"),
}
_TABLE = Record({name: ListOf(_ASPECTS[name], is_set=True) for name in _lists.ASPECTS})
_SCOPE = Record(
    {
        **{key: scope_shape(key) for key in _lists.SCOPE_KEYS},
        "class": _CLASS_VALUE,
        "phase": Word(_lists.PHASES, "phase"),
    }
)

PERMISSION = Record(
    {
        "name": Text(most=255),
        "scope": _SCOPE,
        "allow": _TABLE,
        "deny": _TABLE,
        "effective_from": Moment(),
        "effective_until": Moment(),
        "except_reducing": Flag(),
        "reason": Text(),
        "code": Word(CODES, "code that a permission may have"),
    },
    ["name"],
)


def require_shape() -> Shape:
    """A metric, or a metric with keys."""
    metric = Word(METRICS, "metric")
    keys = ListOf(Word(_lists.SCOPE_KEYS, "key of a scope"), is_set=True)
    return Either(
        {str: metric, dict: Record({"metric": metric, "keys": keys}, ["metric"])}, "a metric, or one with keys,"
    )


def read_permission(given: Any, path: str, context: Context, problems: Problems) -> Permission | None:
    """A permission, or None with problems."""
    before = len(problems)
    read = PERMISSION.read(given, path, problems)
    if read is INVALID:
        return None
    scope = valid(read, "scope", {})
    for key, value in scope.items():
        if value == "*":
            problems.add(
                joined(path, f"scope.{key}"), "bad_value", "a permission is for a value, not for each by itself"
            )
    group = valid(scope, "group")
    if context.groups is not None and group not in (None, "*") and group not in context.groups:
        problems.unknown_name(joined(path, "scope.group"), group, context.groups, "group of the document")
    allow, deny = valid(read, "allow", {}), valid(read, "deny", {})
    if all(given.get(key, {}) == {} for key in ("allow", "deny")):
        problems.add(path, "conflict", "a permission allows something or denies something")
    begin, end = valid(read, "effective_from"), valid(read, "effective_until")
    if begin is not None and end is not None and end <= begin:
        problems.add(joined(path, "effective_until"), "bad_value", "the row would end before it begins")
    if len(problems) > before:
        return None
    return Permission(
        name=read["name"],
        scope={key: scope[key] for key in (*_lists.SCOPE_KEYS, "phase") if key in scope},
        allow=_in_order(allow),
        deny=_in_order(deny),
        effective_from=begin,
        effective_until=end,
        except_reducing=read.get("except_reducing", False),
        reason=read.get("reason", ""),
        code=read.get("code"),
    )


def _in_order(table: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {aspect: table[aspect] for aspect in _lists.ASPECTS if aspect in table}
