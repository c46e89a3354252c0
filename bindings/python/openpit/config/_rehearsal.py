"""What a document makes of orders in a file: ``python -m openpit.config explain`` and ``limits``."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import Any

import openpit
from openpit.config._problems import ConfigError
from openpit.config._shown import coloured, print_json
from openpit.controls import Explanation, LimitStatus, Look
from openpit.param import AccountId, Price, Quantity, Side, TradeAmount, Volume

_WORDS = (
    *("client_order_id", "order_type", "time_in_force", "strategy", "trader", "venue", "session"),
    *("clearing_account", "short", "stop_price"),
)
# `last` is no word of an order: it is what the instrument traded at when the order came.
_COLUMNS = ("account", "instrument", "side", "quantity", "volume", "price", "last", *_WORDS)


class Trouble(Exception):
    """Something that cannot be read, and where it is."""


def rows(path: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a file with a line of column names, each with the number of its line. What is empty is not there."""
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            unknown = [name for name in reader.fieldnames or () if name not in _COLUMNS]
            if unknown:
                raise Trouble(f"{path}: no column is called {unknown[0]!r}; there are {', '.join(_COLUMNS)}")
            for row in reader:
                if None in row:
                    raise Trouble(f"{path}:{reader.line_num}: there are more values than columns")
                yield reader.line_num, {name: value for name, value in row.items() if value}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Trouble(f"{path}: {error}") from None


def _order(row: dict[str, str]) -> openpit.Order:
    amount = None
    if "quantity" in row:
        amount = TradeAmount.quantity(Quantity(row["quantity"]))
    elif "volume" in row:
        amount = TradeAmount.volume(Volume(row["volume"]))
    account = row.get("account", "")
    words: dict[str, Any] = {name: row[name] for name in _WORDS if name in row}
    return openpit.Order(
        operation=openpit.OrderOperation(
            instrument=openpit.Instrument(*row.get("instrument", "").split("/", 1)),
            account_id=AccountId.from_int(int(account)) if account.isdigit() else AccountId.from_str(account),
            side=Side(row.get("side", "").upper()),
            trade_amount=amount,
            price=Price(row["price"]) if "price" in row else None,
        ),
        attributes=openpit.OrderAttributes(**words) if words else None,
    )


def _play(options: Any) -> Iterator[tuple[int, openpit.Engine, Explanation | None]]:
    """Each order with what it meets, told before it is sent; what passes works from then on. First the engine alone."""
    try:
        engine = openpit.Engine.from_config(options.document)
    except ConfigError as error:
        raise Trouble(f"{options.document}: {error}") from None
    yield 0, engine, None
    for line, row in rows(options.orders):
        try:
            if "last" in row:
                engine.set_input("last", row["last"], instrument=row.get("instrument", ""))
            order = _order(row)
            explanation = engine.explain(order)
            result = engine.execute_pre_trade(order=order)
        except (ValueError, TypeError) as error:
            raise Trouble(f"{options.orders}:{line}: {error}") from None
        if result:
            result.reservation.commit()
        yield line, engine, explanation


_MEANINGS = {"accept": "good", "pass": "good", "warn": "changed", "overridden": "changed", "skip": "quiet"}


def _look_line(look: Look) -> str:
    scope = ",".join(f"{key}={value}" for key, value in look.scope.items())
    words = [f"  {look.verdict:10}", look.name, f"[{scope}]" if scope else ""]
    if look.value is not None:
        words.append(f"value {look.value}")
    words += [
        f"{bound} {number}" for bound, number in (("lower", look.lower), ("upper", look.upper)) if number is not None
    ]
    words += [word for word in (look.code, look.why) if word]
    return coloured(" ".join(word for word in words if word), _MEANINGS.get(look.verdict, "bad"))


def explain(options: Any) -> int:
    """Tells of each order what it meets, and why."""
    told = []
    is_refused = False
    for line, _, explanation in _play(options):
        if explanation is None:
            continue
        is_refused = is_refused or explanation.verdict == "reject"
        if options.json:
            told.append({"line": line, **explanation.to_dict()})
            continue
        print(coloured(f"line {line}: {explanation.verdict}", _MEANINGS.get(explanation.verdict, "bad")))
        for look in explanation.looks:
            print(_look_line(look))
        limits = {look.name for look in explanation.looks}
        for reject in explanation.rejects:
            if reject.policy not in limits:
                print(coloured(f"  reject     {reject.policy} {reject.code}: {reject.reason}", "bad"))
    if options.json:
        print_json(told)
    return 1 if is_refused else 0


def _status_line(status: LimitStatus) -> str:
    scope = ",".join(f"{key}={value}" for key, value in status.scope.items())
    name = f"{status.name} [{scope}]" if scope else status.name
    numbers = ("used", status.used), ("headroom", status.headroom), ("utilization", status.utilization)
    words = [f"{word} {number}" for word, number in numbers if number is not None]
    words += [str(word) for word in (status.stage, status.state) if word not in (None, "ACTIVE")]
    meaning = "bad" if status.stage == "breach" or status.state != "ACTIVE" else "changed" if status.stage else "good"
    return coloured(f"{name}: {', '.join(words) or 'nothing used'}", meaning)


def limits(options: Any) -> int:
    """Tells how much of each limit is used once all orders that pass are working."""
    _, engine, _ = deque(_play(options), maxlen=1)[0]
    statuses = engine.limits()
    if options.json:
        print_json([status.to_dict() for status in statuses])
    for status in () if options.json else statuses:
        print(_status_line(status))
    return 0
