"""Checks what is to change in a document that is in force. Nothing here changes anything: the result is a new document."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from openpit.config._compiled import Change, Document, Limit, Permission
from openpit.config._document import check_format, check_names, is_named, read_document, requirements
from openpit.config._limits import Context, limit_schema, read_limit
from openpit.config._permissions import PERMISSION, read_permission, require_shape
from openpit.config._problems import Problems, joined, shown
from openpit.config._shapes import INVALID, Later, ListOf, Moment, Record, Schema, Text, valid

CHANGE = Record(
    {
        "set": ListOf(Later(limit_schema)),
        "remove": ListOf(Text()),
        "permissions": Record({"set": ListOf(Later(PERMISSION.schema)), "remove": ListOf(Text())}),
        "require": ListOf(require_shape()),
        "base": Text(),
        "version": Text(),
        "effective_from": Moment(),
        "revert_at": Moment(),
        "actor": Text(),
        "reason": Text(),
    },
    ["actor", "reason"],
)
_CHANGE_DOCUMENT = Record({"openpit": Later(lambda: {"const": 1}), "change": CHANGE}, ["openpit"])

_Row = TypeVar("_Row", Limit, Permission)


def change_schema() -> Schema:
    """A document that holds a change."""
    return Record({"openpit": Later(lambda: {"const": 1}), "change": CHANGE}, ["openpit", "change"]).schema()


def _laid_over(
    in_force: tuple[_Row, ...], rows: list[_Row | None], paths: list[str], removed: Collection[str]
) -> list[tuple[str, _Row | None]]:
    """Rows with their paths: a row takes the place of the one of its name, or is added at the end."""
    laid: list[tuple[str, _Row | None]] = [("", row) for row in in_force if row.name not in removed]
    places = {row.name: index for index, (_, row) in enumerate(laid) if row is not None}
    for row, path in zip(rows, paths, strict=True):
        # Of two rows of one name, the second is added, where it is found to be there twice.
        place = places.pop(row.name, None) if row is not None else None
        if place is None:
            laid.append((path, row))
        else:
            laid[place] = (path, row)
    return laid


def _removals(read: Any, path: str, names: Collection[str], what: str, problems: Problems) -> tuple[str, ...]:
    removed: list[str] = []
    for index, name in enumerate(read):
        if name is INVALID:
            continue
        if name not in names:
            problems.unknown_name(f"{path}[{index}]", name, names, what)
        elif name in removed:
            problems.add(f"{path}[{index}]", "duplicate", f"{shown(name)} is removed twice")
        else:
            removed.append(name)
    return tuple(removed)


def _rows(records: Any, path: str, read: Callable[[Any, str], _Row | None]) -> tuple[list[_Row | None], list[str]]:
    paths = [f"{path}[{index}]" for index in range(len(records))]
    return [read(record, place) for record, place in zip(records, paths, strict=True)], paths


def read_change(document: Mapping[str, Any], in_force: Document, problems: Problems) -> Change | None:
    """A change of what is in force, or None with problems."""
    if not check_format(document, problems):
        return None
    given = _CHANGE_DOCUMENT.read({"openpit": 1, **document}, "", problems)
    read = valid(given, "change")
    if read is None:
        return None
    context = Context({group.id for group in in_force.groups})
    base = valid(read, "base")
    if base is not None and base != in_force.version:
        problems.add("change.base", "version", f"the version in force is {shown(in_force.version)}, not {shown(base)}")
    begin, revert = valid(read, "effective_from"), valid(read, "revert_at")
    if begin is not None and revert is not None and revert <= begin:
        problems.add("change.revert_at", "bad_value", "the change would be taken back before it applies")

    records = valid(read, "set", ())
    limits, paths = _rows(records, "change.set", lambda item, path: read_limit(item, path, context, problems))
    names = {limit.name for limit in in_force.limits}
    removed = _removals(valid(read, "remove", ()), "change.remove", names, "limit in force", problems)
    laid = _laid_over(in_force.limits, limits, paths, removed)

    tables = valid(read, "permissions", {})
    permissions, rows = _rows(
        valid(tables, "set", ()),
        "change.permissions.set",
        lambda item, path: read_permission(item, path, context, problems),
    )
    known = {row.name for row in in_force.permissions}
    path = "change.permissions.remove"
    rows_removed = _removals(valid(tables, "remove", ()), path, known, "permission in force", problems)
    laid_rows = _laid_over(in_force.permissions, permissions, rows, rows_removed)

    named = {path for path, record in zip(paths, records, strict=True) if is_named(record)}
    check_names([(path, limit, path in named) for path, limit in laid], laid_rows, problems)
    if len(problems):
        return None
    require = requirements(read["require"]) if "require" in read else None
    after = dataclasses.replace(
        in_force,
        version=read.get("version", in_force.version),
        limits=tuple(limit for _, limit in laid if limit),
        permissions=tuple(row for _, row in laid_rows if row),
        require=in_force.require if require is None else require,
    )
    return Change(
        document=after,
        set=tuple(limit.name for limit in limits if limit),
        removed=removed,
        permissions_set=tuple(row.name for row in permissions if row),
        permissions_removed=rows_removed,
        require=require,
        version=read.get("version"),
        effective_from=begin,
        revert_at=revert,
        actor=read["actor"],
        reason=read["reason"],
    )


def applied(change: Change, in_force: Document) -> Document:
    """What is in force once a change applies, also when others came in between."""

    def rows(now: tuple[_Row, ...], made: tuple[_Row, ...], chosen: Collection[str], removed: Collection[str]) -> Any:
        named = {row.name: row for row in made}
        new: list[_Row | None] = [named[name] for name in chosen]
        return tuple(row for _, row in _laid_over(now, new, [""] * len(new), removed) if row)

    made = change.document
    return dataclasses.replace(
        in_force,
        version=in_force.version if change.version is None else change.version,
        limits=rows(in_force.limits, made.limits, change.set, change.removed),
        permissions=rows(in_force.permissions, made.permissions, change.permissions_set, change.permissions_removed),
        require=in_force.require if change.require is None else change.require,
    )


def reverted(change: Change, before: Document, in_force: Document) -> Document:
    """What is in force once a change is taken back: each record as it was before, unless somebody changed it since."""

    def rows(was: tuple[_Row, ...], made: tuple[_Row, ...], now: tuple[_Row, ...], names: Collection[str]) -> Any:
        old, new = ({row.name: row for row in rows} for rows in (was, made))
        kept: list[_Row] = []
        for row in now:
            if row.name not in names or row != new.get(row.name):
                kept.append(row)
            elif row.name in old:
                kept.append(old[row.name])
        present = {row.name for row in now}
        gone = [row for row in was if row.name in names and row.name not in new and row.name not in present]
        return tuple(kept + gone)

    made = change.document
    touched = {*change.set, *change.removed}
    touched_rows = {*change.permissions_set, *change.permissions_removed}
    is_ours = in_force.version == made.version
    has_our_list = change.require is not None and in_force.require == made.require
    return dataclasses.replace(
        in_force,
        version=before.version if is_ours else in_force.version,
        limits=rows(before.limits, made.limits, in_force.limits, touched),
        permissions=rows(before.permissions, made.permissions, in_force.permissions, touched_rows),
        require=before.require if has_our_list else in_force.require,
    )


# ---- Whole documents ------------------------------------------------------------------------------------------------


def read_replacement(
    document: Mapping[str, Any],
    in_force: Document,
    problems: Problems,
    has_position: Callable[[str], bool] = lambda instrument: False,
) -> Document | None:
    """A whole document that takes the place of what is in force, or None with problems.

    Accounts and instruments that it leaves out stay as they are. ``has_position`` tells whether anybody holds an instrument,
    named as in ``AAPL/USD``, or works on it.
    """
    after = read_document(document, problems)
    if after is None:
        return None
    _check_engine(after, in_force, problems)
    _check_accounts(after, in_force, problems)
    _check_multipliers(after, in_force, has_position, problems)
    if len(problems):
        return None
    groups = {group.id for group in after.groups}
    accounts = {account.id for account in after.accounts}
    instruments = {instrument.id for instrument in after.instruments}
    left_accounts = [
        dataclasses.replace(
            account,
            group=account.group if account.group in groups else None,
            calendar=account.calendar if account.calendar in after.calendars else None,
        )
        for account in in_force.accounts
        if account.id not in accounts
    ]
    left_instruments = [
        dataclasses.replace(item, calendar=item.calendar if item.calendar in after.calendars else None)
        for item in in_force.instruments
        if item.id not in instruments
    ]
    return dataclasses.replace(
        after,
        accounts=(*after.accounts, *left_accounts),
        instruments=(*after.instruments, *left_instruments),
    )


def _check_engine(after: Document, in_force: Document, problems: Problems) -> None:
    """What an engine is made of, and what accounts have that say nothing, stays as it was when the engine was made."""
    parts = {
        "engine": (after.engine, in_force.engine),
        "policies": (after.policies, in_force.policies),
        "defaults.currency": (after.defaults.currency, in_force.defaults.currency),
        "defaults.equity": (after.defaults.equity, in_force.defaults.equity),
        "market_data.ttl": (after.ttl, in_force.ttl),
        "ledger.retention": (after.ledger.retention, in_force.ledger.retention),
    }
    for path, (new, old) in parts.items():
        if new != old:
            problems.add(path, "immutable", f"{path} cannot change while the engine runs")


def _check_accounts(after: Document, in_force: Document, problems: Problems) -> None:
    was = {account.id: account for account in in_force.accounts}
    for index, account in enumerate(after.accounts):
        before = was.get(account.id)
        if before is None:
            continue
        for key in ("currency", "equity"):
            if getattr(account, key) != getattr(before, key):
                path = joined(f"accounts[{index}]", key)
                problems.add(path, "immutable", f"the {key} of an account cannot change while the engine runs")


def _check_multipliers(
    after: Document, in_force: Document, has_position: Callable[[str], bool], problems: Problems
) -> None:
    was = {instrument.id: instrument.multiplier for instrument in in_force.instruments}
    for index, instrument in enumerate(after.instruments):
        if instrument.multiplier != was.get(instrument.id, Decimal(1)) and has_position(instrument.id):
            path = f"instruments[{index}].multiplier"
            problems.add(path, "immutable", "the multiplier of an instrument with a position cannot change")
