"""Trades and events as CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from trade_engine._numbers import plain
from trade_engine.events import Event, PositionClosed, PositionOpened

TRADE_COLUMNS = (
    "TradeNumber,Symbol,Side,Quantity,EntryTime,ExitTime,EntryPrice,ExitPrice,PnL,Commission,HoldDurationSeconds"
).split(",")
EVENT_COLUMNS = "Seq,EventID,EventType,Timestamp,OrderID,Details".split(",")


def _write(path: Path, columns: list[str], rows: Iterable[list[Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path


def write_trades(events: Iterable[Event], path: Path) -> Path:
    """One row for each position that has ended."""
    return _write(path, TRADE_COLUMNS, _trades(events))


def _trades(events: Iterable[Event]) -> Iterable[list[Any]]:
    opened: dict[str, datetime] = {}
    number = 1
    for event in events:
        if isinstance(event, PositionOpened):
            opened[event.symbol] = event.timestamp
        elif isinstance(event, PositionClosed):
            began = opened.pop(event.symbol, event.timestamp)
            yield [
                number,
                event.symbol,
                event.side.value,
                plain(event.qty),
                began.isoformat(),
                event.timestamp.isoformat(),
                plain(event.entry_price),
                plain(event.exit_price),
                plain(event.realized_pnl),
                plain(event.commission),
                plain(event.hold_duration_seconds),
            ]
            number += 1


def write_events(events: Iterable[Event], path: Path) -> Path:
    """One row for each event."""
    return _write(path, EVENT_COLUMNS, _events(events))


def _events(events: Iterable[Event]) -> Iterable[list[Any]]:
    for event in events:
        told = event.to_dict()
        order_id = getattr(event, "order_id", None)
        details = json.dumps(told["data"], sort_keys=True)
        yield [told["seq"], told["event_id"], told["type"], told["timestamp"], order_id or "", details]
