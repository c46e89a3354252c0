"""Reads a whole document: its sections, and what they have to do with each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpit import _lists
from openpit._lists import METRICS
from openpit.config import _compiled as compiled
from openpit.config._calendars import calendar_shape, read_calendars
from openpit.config._limits import (
    CLASS_TEXT,
    INSTRUMENT_TEXT,
    SOURCES,
    Context,
    limit_schema,
    read_limit,
)
from openpit.config._permissions import PERMISSION, read_permission, require_shape
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
    Record,
    Schema,
    Shape,
    Text,
    Whole,
    Word,
    report_twice,
    valid,
)

FORMAT = 1
POLICY_NAMES = {
    "order_validation": "OrderValidationPolicy",
    "rate_limit": "RateLimitPolicy",
    "order_size": "OrderSizeLimitPolicy",
    "pnl_kill_switch": "PnlBoundsKillSwitchPolicy",
    "spot_funds": "SpotFundsPolicy",
}
# Who rejects besides limits and permissions, and so what neither may be called.
RESERVED = frozenset(
    {"order_form", "known", "session", "jurisdiction", "require", "reduce_only", "Engine", *POLICY_NAMES.values()}
)

# ---- Sections -------------------------------------------------------------------------------------------------------

_NAMES = ListOf(Text(), is_set=True)
_CHAIN = ListOf(Word(SOURCES, "source of prices"), least=1, is_set=True)
_HELD_CHAIN = ListOf(
    Word([source for source in SOURCES if source != "touch"], "source of prices"), least=1, is_set=True
)
_RATE = Amount(least=0)

_INSTRUMENT = Record(
    {
        "id": INSTRUMENT_TEXT,
        "underlying": Text(r"[^/\s]+(.*[^/\s])?", "an asset"),
        "settlement": Text(r"[^/\s]+", "an asset"),
        "multiplier": Amount(above=0),
        "tick": Either(
            {
                list: ListOf(Record({"from": Amount(least=0), "step": Amount(above=0)}, ["from", "step"]), least=1),
                object: Amount(above=0),
            },
            "a step, or rows of a table,",
        ),
        "lot": Amount(above=0),
        "calendar": Text(),
        "classes": MapOf(Text(r"[^:*]+", "a class: a text without : and *"), Text(r"[^:*]+", "a kind of classes")),
        "jurisdictions": _NAMES,
        "easy_to_borrow": Flag(),
        "margin": Record({key: _RATE for key in ("long", "short", "maintenance_long", "maintenance_short")}),
    }
)

_ASSET_AND_ACCOUNT: dict[str, Shape] = {"asset": Text(), "account": AccountKey()}


def _barriers(required: Iterable[str] = (), **keys: Shape) -> ListOf:
    return ListOf(Record({**keys, **_ASSET_AND_ACCOUNT}, list(required)))


# The keys of each of the policies beside its name.
POLICIES: dict[str, dict[str, Shape]] = {
    "order_validation": {},
    "rate_limit": {"barriers": _barriers(["max_orders", "window"], max_orders=Whole(0, 2**63 - 1), window=Duration())},
    "order_size": {"barriers": _barriers(max_quantity=Amount(least=0), max_notional=Amount(least=0))},
    "pnl_kill_switch": {"barriers": _barriers(["asset"], lower=Amount(), upper=Amount(), initial=Amount())},
    "spot_funds": {
        "limit_mode": Word(("enforce", "track_only"), "limit mode"),
        "pricing_source": Word(("mark", "book_top"), "pricing source"),
        "slippage": Amount(least=0, most=1),
    },
}


class _PolicyShape:
    """A policy: its name, and the keys of that one."""

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        name = value.get("policy") if isinstance(value, dict) else None
        word = Word(POLICIES, "policy")
        keys = POLICIES.get(name, {}) if isinstance(name, str) else {}
        if isinstance(value, dict) and "policy" in value and name not in (*POLICIES,):
            word.read(name, joined(path, "policy"), problems)
            return INVALID
        return Record({"policy": word, **keys}, ["policy"]).read(value, path, problems)

    def schema(self) -> Schema:
        cases = [Record({"policy": Word([name], "policy"), **keys}, ["policy"]) for name, keys in POLICIES.items()]
        return {"oneOf": [case.schema() for case in cases]}


DOCUMENT = Record(
    {
        "openpit": Later(lambda: {"const": FORMAT}),
        "version": Text(),
        "description": Text(most=1 << 20, may_be_empty=True),
        "engine": Record(
            {
                "sync": Word(("none", "account", "full"), "kind of synchronisation"),
                "compatibility": Word(("0.7", "0.10"), "release an engine answers as"),
                "events": Whole(1),
            }
        ),
        "defaults": Record({"currency": Text(), "equity": Amount(), "calendar": Text()}),
        "known": ListOf(Word(_lists.KNOWN, "list"), is_set=True),
        "assets": _NAMES,
        "strategies": _NAMES,
        "traders": _NAMES,
        "clearing_accounts": _NAMES,
        "venues": ListOf(Record({"id": Text(), "calendar": Text()}, ["id"])),
        "sessions": ListOf(
            Record(
                {
                    "id": Text(),
                    "heartbeat": Duration(),
                    "on_loss": Word(("cancel", "reduce_only", "halt"), "answer to a lost session"),
                    "release": Word(("manual", "auto"), "release"),
                },
                ["id", "heartbeat"],
            )
        ),
        "calendars": MapOf(calendar_shape()),
        "instruments": ListOf(_INSTRUMENT),
        "groups": ListOf(Record({"id": Text(), "currency": Text(), "calendar": Text()}, ["id"])),
        "accounts": ListOf(
            Record(
                {
                    "id": AccountKey(),
                    "group": Text(),
                    "currency": Text(),
                    "equity": Amount(),
                    "calendar": Text(),
                    "jurisdiction": Text(),
                    "wash_group": Text(),
                },
                ["id"],
            )
        ),
        "valuation": Record(
            {
                "positions": _HELD_CHAIN,
                "max_age": Duration(),
                "market_orders": Record({"chain": _CHAIN, "slippage": _RATE, "max_age": Duration()}),
            }
        ),
        "market_data": Record({"ttl": Duration()}),
        "ledger": Record(
            {
                "unknown_fill": Word(("notify", "reduce_only", "halt"), "answer to an unknown fill"),
                "position_side": Word(("reject", "ignore"), "answer to a position side"),
                "retention": Whole(1),
            }
        ),
        "policies": ListOf(_PolicyShape()),
        "limits": ListOf(Later(limit_schema)),
        "permissions": ListOf(Later(PERMISSION.schema)),
        "require": ListOf(require_shape()),
    },
    ["openpit"],
)


def document_schema() -> Schema:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of an OpenPit engine",
        **DOCUMENT.schema(),
    }


# ---- What sections have to do with each other ------------------------------------------------------------------------


def check_format(document: Mapping[str, Any], problems: Problems) -> bool:
    """Whether the document is in the format that is read here. Of another format nothing can be said."""
    report_twice(document, "", problems)
    given = document.get("openpit")
    if "openpit" not in document:
        problems.add("openpit", "missing_key", "openpit, the version of the format, is needed")
    elif isinstance(given, bool) or not isinstance(given, (int, Decimal)):
        problems.add("openpit", "wrong_type", f"the version of the format is the number {FORMAT}, not {shown(given)}")
    elif not Decimal(given).is_finite() or given != FORMAT:
        problems.add("openpit", "version", f"the format {shown(given)} is not known; this one is {FORMAT}")
        return False
    return True


def _check_ids(read: Mapping[str, Any], section: str, problems: Problems) -> dict[Any, int]:
    """The ids of a section, and where they stand."""
    places: dict[Any, int] = {}
    for index, item in enumerate(valid(read, section, ())):
        given = valid(item, "id") if item is not INVALID else None
        if given is None:
            continue
        if given in places:
            problems.add(f"{section}[{index}].id", "duplicate", f"{shown(given)} is there twice")
        places.setdefault(given, index)
    return places


def _instrument_ids(read: Mapping[str, Any], problems: Problems) -> None:
    seen: set[tuple[str, str]] = set()
    for index, item in enumerate(valid(read, "instruments", ())):
        if item is INVALID:
            continue
        path, parts = f"instruments[{index}]", [key for key in ("underlying", "settlement") if key in item]
        if "id" in item and parts:
            problems.add(path, "conflict", "an instrument has an id, or underlying and settlement")
        elif "id" not in item and len(parts) < 2:
            missing = "id" if not parts else ({"underlying", "settlement"} - set(parts)).pop()
            problems.add(joined(path, missing), "missing_key", f"{missing} is needed")
        if valid(item, "id"):
            item["underlying"], item["settlement"] = item["id"].rsplit("/", 1)
        key = (valid(item, "underlying", ""), valid(item, "settlement", ""))
        if "" not in key:
            if key in seen:
                place = joined(path, "id" if "id" in item else "underlying")
                problems.add(place, "duplicate", f"{'/'.join(key)} is there twice")
            seen.add(key)
        rows = valid(item, "tick")
        if isinstance(rows, tuple):
            _check_tick(rows, joined(path, "tick"), problems)


def _check_tick(rows: tuple[Any, ...], path: str, problems: Problems) -> None:
    last: Decimal | None = None
    for index, row in enumerate(rows):
        start = valid(row, "from") if row is not INVALID else None
        if start is None:
            continue
        if index == 0 and start != 0:
            problems.add(f"{path}[0].from", "bad_value", "the first row of the table is from 0")
        elif last is not None and start <= last:
            problems.add(f"{path}[{index}].from", "bad_value", f"rows rise, and {start} is not above {last}")
        last = start


def _check_references(read: Mapping[str, Any], groups: Mapping[Any, int], problems: Problems) -> None:
    calendars = valid(read, "calendars", {})
    places = [("defaults", valid(read, "defaults", {}))]
    for section in ("venues", "instruments", "groups", "accounts"):
        places += [(f"{section}[{index}]", item) for index, item in enumerate(valid(read, section, ()))]
    for path, item in places:
        if item is INVALID:
            continue
        if (calendar := valid(item, "calendar")) is not None and calendar not in calendars:
            problems.unknown_name(joined(path, "calendar"), calendar, calendars, "calendar of the document")
        if (group := valid(item, "group")) is not None and group not in groups:
            problems.unknown_name(joined(path, "group"), group, groups, "group of the document")


def _check_policies(read: Mapping[str, Any], problems: Problems) -> None:
    seen: set[str] = set()
    is_later = valid(valid(read, "engine", {}), "compatibility") == "0.10"
    for index, policy in enumerate(valid(read, "policies", ())):
        name = valid(policy, "policy") if policy is not INVALID else None
        if name is None:
            continue
        path = f"policies[{index}]"
        if name in seen:
            problems.add(joined(path, "policy"), "duplicate", f"{name} is there twice")
        seen.add(name)
        if "barriers" not in POLICIES[name]:
            if (slippage := valid(policy, "slippage")) is not None and slippage * 10_000 % 1 != 0:
                problems.add(joined(path, "slippage"), "bad_value", "the slippage is no whole number of basis points")
            continue
        barriers = policy.get("barriers", ())
        if not barriers and barriers is not INVALID and (not is_later or name == "pnl_kill_switch"):
            problems.add(joined(path, "barriers"), "missing_key", f"{name} needs at least one barrier")
        for place, barrier in enumerate(barriers or ()):
            if barrier is not INVALID:
                _check_barrier(name, barrier, f"{path}.barriers[{place}]", problems)


def _check_barrier(policy: str, barrier: Mapping[str, Any], path: str, problems: Problems) -> None:
    if policy == "order_size":
        if "account" in barrier and "asset" not in barrier:
            problems.add(joined(path, "asset"), "missing_key", "a size barrier of an account needs an asset")
        if "max_quantity" not in barrier and "max_notional" not in barrier:
            problems.add(path, "conflict", "a size barrier needs max_quantity or max_notional")
    elif policy == "pnl_kill_switch":
        lower, upper = valid(barrier, "lower"), valid(barrier, "upper")
        if "lower" not in barrier and "upper" not in barrier:
            problems.add(path, "conflict", "a P&L barrier needs lower or upper")
        elif lower is not None and upper is not None and lower > upper:
            problems.add(path, "conflict", f"the lower bound {lower} is above the upper bound {upper}")


def check_names(
    limits: Sequence[tuple[str, compiled.Limit | None, bool]],
    permissions: Sequence[tuple[str, compiled.Permission | None]],
    problems: Problems,
) -> None:
    """Names, and measures with their scope, that are there twice. What has a problem of its own is not compared.

    Limits come with their path, which is empty for what is in force already, and with whether they were given a name.
    """
    rows = [*((path, limit) for path, limit, _ in limits), *permissions]
    names = {row.name for path, row in rows if row is not None and not path}
    keys = {limit.key: limit.name for path, limit, _ in limits if limit is not None and not path}
    for path, limit, is_named in limits:
        if limit is None or not path:
            continue
        # Without a name of its own, a limit that is there twice has its name twice as well, and one problem is enough.
        if (is_named or limit.key not in keys) and not _take(limit.name, path, names, problems):
            continue
        if limit.key in keys:
            problems.add(path, "duplicate", f"{keys[limit.key]!r} is of the same measure and scope")
        else:
            keys[limit.key] = limit.name
    for path, permission in permissions:
        if permission is not None and path:
            _take(permission.name, path, names, problems)


def _take(name: str, path: str, names: set[str], problems: Problems) -> bool:
    if name in RESERVED:
        problems.add(joined(path, "name"), "duplicate", f"the name {name!r} is kept for the engine's own")
    elif name in names:
        problems.add(joined(path, "name"), "duplicate", f"the name {shown(name)} is there twice")
    else:
        names.add(name)
        return True
    return False


# ---- Documents ------------------------------------------------------------------------------------------------------


def is_named(record: Any) -> bool:
    return isinstance(record, dict) and "name" in record


def read_document(document: Mapping[str, Any], problems: Problems) -> compiled.Document | None:
    """A document that has been read from a file, or None with problems."""
    if not check_format(document, problems):
        return None
    # What is said of the format is said above.
    read = DOCUMENT.read({"openpit": FORMAT, **document}, "", problems)
    calendars = read_calendars(valid(read, "calendars", {}), problems)
    groups = _check_ids(read, "groups", problems)
    for section in ("accounts", "venues", "sessions"):
        _check_ids(read, section, problems)
    _instrument_ids(read, problems)
    _check_references(read, groups, problems)
    _check_policies(read, problems)
    context = Context(groups)
    limits, named = [], []
    for index, item in enumerate(valid(read, "limits", ())):
        path = f"limits[{index}]"
        limit = read_limit(item, path, context, problems)
        limits.append(limit)
        named.append((path, limit, is_named(item)))
    permissions, rows = [], []
    for index, item in enumerate(valid(read, "permissions", ())):
        path = f"permissions[{index}]"
        permission = read_permission(item, path, context, problems)
        permissions.append(permission)
        rows.append((path, permission))
    check_names(named, rows, problems)
    if len(problems):
        return None
    return _document(read, calendars, limits, permissions)


def requirements(read: Iterable[Any]) -> tuple[compiled.Requirement, ...]:
    made = []
    for item in read:
        name, keys = (item, ()) if isinstance(item, str) else (item["metric"], item.get("keys", ()))
        made.append(
            compiled.Requirement(name, METRICS[name].number, tuple(key for key in _lists.SCOPE_KEYS if key in keys))
        )
    return tuple(made)


def _instrument(item: Mapping[str, Any]) -> compiled.Instrument:
    tick = item.get("tick", ())
    rows = tuple((row["from"], row["step"]) for row in tick) if isinstance(tick, tuple) else ((Decimal(0), tick),)
    margin = item.get("margin")
    return compiled.Instrument(
        underlying=item["underlying"],
        settlement=item["settlement"],
        multiplier=item.get("multiplier", Decimal(1)),
        tick=rows,
        lot=item.get("lot"),
        calendar=item.get("calendar"),
        classes=item.get("classes", {}),
        jurisdictions=item.get("jurisdictions"),
        easy_to_borrow=item.get("easy_to_borrow", False),
        margin=None
        if margin is None
        else compiled.Margin(*(margin.get(key) for key in ("long", "short", "maintenance_long", "maintenance_short"))),
    )


def _policy(item: Mapping[str, Any]) -> compiled.Policy:
    slippage = item.get("slippage")
    return compiled.Policy(
        policy=item["policy"],
        barriers=tuple(compiled.Barrier(**barrier) for barrier in item.get("barriers", ())),
        limit_mode=item.get("limit_mode"),
        pricing_source=item.get("pricing_source"),
        slippage=None if slippage is None else int(slippage * 10_000),
    )


def _document(
    read: Mapping[str, Any],
    calendars: Mapping[str, compiled.Calendar],
    limits: Iterable[compiled.Limit | None],
    permissions: Iterable[compiled.Permission | None],
) -> compiled.Document:
    engine, defaults = read.get("engine", {}), read.get("defaults", {})
    valuation, ledger = read.get("valuation", {}), read.get("ledger", {})
    orders = valuation.get("market_orders", {})
    return compiled.Document(
        version=read.get("version"),
        description=read.get("description"),
        engine=compiled.EngineOptions(
            engine.get("sync", "none"), engine.get("compatibility", "0.7"), engine.get("events", 65_536)
        ),
        defaults=compiled.Defaults(defaults.get("currency"), defaults.get("equity"), defaults.get("calendar")),
        known=tuple(name for name in _lists.KNOWN if name in read.get("known", ())),
        assets=read.get("assets", ()),
        strategies=read.get("strategies", ()),
        traders=read.get("traders", ()),
        clearing_accounts=read.get("clearing_accounts", ()),
        venues=tuple(compiled.Venue(item["id"], item.get("calendar")) for item in read.get("venues", ())),
        sessions=tuple(
            compiled.Heartbeat(
                item["id"], item["heartbeat"], item.get("on_loss", "cancel"), item.get("release", "manual")
            )
            for item in read.get("sessions", ())
        ),
        calendars=calendars,
        instruments=tuple(_instrument(item) for item in read.get("instruments", ())),
        groups=tuple(
            compiled.Group(item["id"], item.get("currency"), item.get("calendar")) for item in read.get("groups", ())
        ),
        accounts=tuple(
            compiled.Account(
                id=item["id"],
                group=item.get("group"),
                currency=item.get("currency", defaults.get("currency")),
                equity=item.get("equity", defaults.get("equity")),
                calendar=item.get("calendar"),
                jurisdiction=item.get("jurisdiction"),
                wash_group=item.get("wash_group"),
            )
            for item in read.get("accounts", ())
        ),
        valuation=compiled.Valuation(
            positions=valuation.get("positions", ("mark", "mid", "last", "close")),
            max_age=valuation.get("max_age"),
            order_chain=orders.get("chain", ("touch", "mark", "last")),
            order_slippage=orders.get("slippage", Decimal(0)),
            order_max_age=orders.get("max_age"),
        ),
        ttl=read.get("market_data", {}).get("ttl"),
        ledger=compiled.Ledger(
            ledger.get("unknown_fill", "notify"),
            ledger.get("position_side", "reject"),
            ledger.get("retention", 100_000),
        ),
        policies=tuple(_policy(item) for item in read.get("policies", ())),
        limits=tuple(limit for limit in limits if limit),
        permissions=tuple(permission for permission in permissions if permission),
        require=requirements(read.get("require", ())),
    )
