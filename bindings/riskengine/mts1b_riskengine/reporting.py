"""Records for whoever asks later: one row a decision. It writes records; it files nothing."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .calendar import microseconds, moment

if TYPE_CHECKING:
    from .engine import RiskEngine
    from .store import Store

COLUMNS = (
    "decided_at", "decision_id", "order_id", "fund_id", "strategy_id", "symbol", "side", "quantity", "order_type", "limit_price",
    "approved", "gate", "code", "envelope_id", "envelope_hash", "author",
)  # fmt: skip
FORMATS = ("csv", "jsonl")


def export(
    engine: RiskEngine,
    path: str | Path,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    format: str = "csv",
) -> int:
    """Write the decisions from `since` until just before `until` into `path`; the number of rows.

    The file is there whole or not at all. ValueError: another format, or a time without a zone.
    """
    if format not in FORMATS:
        raise ValueError(f"format: one of {', '.join(FORMATS)}")
    rows = _rows(engine.store, since, until)
    partial = Path(f"{path}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            count = _as_csv(file, rows) if format == "csv" else _as_lines(file, rows)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return count


def _rows(store: Store, since: datetime | None, until: datetime | None) -> Iterator[dict[str, str]]:
    published = {}
    for record in store.records("envelope"):
        body = json.loads(record.body)
        scope = "/".join(part for part in (body.get("fund_id"), body.get("strategy_id")) if part) or "firm"
        published[f"{scope}@{body['version']}"] = (body["hash"], body["author"])
    after = None if since is None else microseconds(since)
    before = None if until is None else microseconds(until)
    for record in store.decisions(since=after, until=before):
        body = json.loads(record.body)
        order, decision = body["order"], body["decision"]
        parts = [published.get(part, ("", "")) for part in decision["envelope_id"].split("+")]
        yield {
            "decided_at": moment(record.at).isoformat(timespec="microseconds"),
            "decision_id": decision["decision_id"],
            **{name: _text(order.get(name)) for name in COLUMNS[2:10]},
            "approved": "true" if decision["approved"] else "false",
            "gate": decision["rejecting_gate"],
            "code": decision["rejection_code"],
            "envelope_id": decision["envelope_id"],
            "envelope_hash": "+".join(digest for digest, _ in parts),
            "author": "+".join(author for _, author in parts),
        }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _as_csv(file: IO[str], rows: Iterator[dict[str, str]]) -> int:
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in rows:
        writer.writerow(row)
        count += 1
    return count


def _as_lines(file: IO[str], rows: Iterator[dict[str, str]]) -> int:
    count = 0
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        count += 1
    return count
