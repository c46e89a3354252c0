"""What is to be written, and how the native part is rebuilt from what was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .calendar import FundCalendar, moment
from .errors import StoreError
from .gates.drawdown import SEVERITIES
from .gates.native import NOTHING, PURPOSES, SIDES, TIMES, TYPES, key, nanoseconds
from .models import Halt, Order, OrderType, Purpose, Side, StopSide, StopState, SyntheticStop, TimeInForce
from .store import Message, Record, Row

if TYPE_CHECKING:
    from .engine import RiskEngine

STOP_STATES = {
    StopState.ARMED: 1,
    StopState.TRIGGERED: 2,
    StopState.SENT: 3,
    StopState.CLOSED: 4,
    StopState.CANCELLED: 5,
}
LIVE = (StopState.ARMED, StopState.TRIGGERED, StopState.SENT)
FINISHED_STOPS_KEPT = 1000


@dataclass(slots=True)
class Change:
    """What one command wants to have written, all of it or nothing."""

    records: list[Record] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.records or self.rows or self.messages)

    def then(self, other: Change) -> Change:
        return Change(self.records + other.records, self.rows + other.rows, self.messages + other.messages)


def number_of(identifier: str) -> int:
    """The number behind the letter of an id, such as `S7`."""
    return int(identifier[1:])


def order_tuple(engine: RiskEngine, order: dict[str, Any]) -> tuple[Any, ...]:
    """An order as it was kept, as the native part reads it: what was valid once is not looked at again."""
    native = engine.native
    fund_id, strategy_id, locate_id = order["fund_id"], order.get("strategy_id", ""), order.get("locate_id", "")
    return (
        native.fund(fund_id),
        native.strategy(fund_id, strategy_id),
        native.symbol(order["symbol"]),
        native.brokers.numbers.get(order["broker"], NOTHING),
        native.locates.get((fund_id, locate_id), NOTHING) if locate_id else 0,
        SIDES[Side(order["side"])],
        TYPES[OrderType(order["order_type"])],
        TIMES[TimeInForce(order["time_in_force"])],
        PURPOSES[Purpose(order["purpose"])],
        order["quantity"],
        order.get("limit_price"),
        order.get("stop_price"),
        order["idempotency_key"],
        order["order_id"],
        fund_id,
        order["symbol"],
        order["broker"],
        strategy_id,
        locate_id,
    )


def restore(engine: RiskEngine) -> None:
    """Rebuilds the native part; StoreError when what is kept makes no sense."""
    try:
        for part in (_funds, _positions, _locates, _values, _halts, _stops, _orders, _keys):
            part(engine)
        for fill_id in engine.store.rows("fill"):
            engine.native.raw.load_fill(fill_id)
    except (ValueError, LookupError, TypeError, OverflowError) as error:
        raise StoreError(f"what the store has kept cannot be loaded: {error}") from error


def _bodies(engine: RiskEngine, kind: str) -> Iterator[tuple[list[str], Any]]:
    for name, body in engine.store.rows(kind).items():
        yield json.loads(name), json.loads(body)


def _funds(engine: RiskEngine) -> None:
    for fund_id, text in engine.store.rows("fund").items():
        body = json.loads(text)
        boundary = time.fromisoformat(body["day_boundary"])
        engine.know_fund(fund_id, body["currency"], FundCalendar(body["timezone"], boundary))


def _positions(engine: RiskEngine) -> None:
    native = engine.native
    for (fund_id, strategy_id, symbol), body in _bodies(engine, "book"):
        broker = native.brokers.number(body["broker"]) if body["broker"] else NOTHING
        book = native.strategy(fund_id, strategy_id)
        native.raw.set_position(book, native.symbol(symbol), body["quantity"], body["average"], broker)
    for (fund_id, symbol), body in _bodies(engine, "net"):
        native.raw.set_average(native.fund(fund_id), native.symbol(symbol), body["average"])


def _locates(engine: RiskEngine) -> None:
    native = engine.native
    for (fund_id, locate_id), body in _bodies(engine, "locate"):
        fund, symbol = native.fund(fund_id), native.symbol(body["symbol"])
        native.raw.add_locate(
            native.locate(fund_id, locate_id), body["quantity"], fund, symbol, nanoseconds(moment(body["expires"]))
        )


def _values(engine: RiskEngine) -> None:
    for name, text in engine.store.rows("value").items():
        engine.native.raw.load_value(engine.native.scoped(name), tuple(json.loads(text)))


def _halts(engine: RiskEngine) -> None:
    halts = [Halt.model_validate_json(body) for body in engine.store.rows("halt").values()]
    for halt in sorted(halts, key=lambda halt: number_of(halt.halt_id)):
        book, severity = engine.native.scoped(halt.scope), SEVERITIES.index(halt.severity)
        engine.native.raw.load_halt(book, severity, number_of(halt.halt_id))
        engine.standing[halt.scope, halt.severity] = halt


def _stops(engine: RiskEngine) -> None:
    native = engine.native
    best = {name: json.loads(body) for name, body in engine.store.rows("watch").items()}
    stops = [SyntheticStop.model_validate_json(body) for body in engine.store.rows("stop").values()]
    for stop in sorted(stops, key=lambda stop: number_of(stop.stop_id)):
        engine.known_stops[number_of(stop.stop_id)] = stop
        if stop.state not in LIVE:
            continue
        triggered = 0 if stop.triggered_at is None else nanoseconds(stop.triggered_at)
        native.raw.load_stop(
            (
                number_of(stop.stop_id),
                native.strategy(stop.fund_id, stop.strategy_id),
                native.symbol(stop.symbol),
                STOP_STATES[stop.state],
                1 if stop.side is StopSide.SHORT else 0,
                0,
                stop.attempts,
                nanoseconds(stop.armed_at),
                triggered,
                stop.quantity,
                stop.entry_price,
                stop.stop_price,
                best.get(stop.stop_id, stop.entry_price),
                stop.trigger_price or Decimal(0),
            )
        )


def _orders(engine: RiskEngine) -> None:
    kept = [json.loads(body) for body in engine.store.rows("order").values()]
    for body in sorted(kept, key=lambda body: int(body["number"])):
        order = body["order"]
        holds = [(engine.native.locate(order["fund_id"], name), amount) for name, amount in body["holds"]]
        engine.native.raw.load_order(order_tuple(engine, order), body["number"], body["open"], body["short"], holds)
        engine.open_ids[body["number"]] = order["order_id"]
        engine.open_texts[order["order_id"]] = json.dumps(order, ensure_ascii=False, separators=(",", ":"))


def _keys(engine: RiskEngine) -> None:
    """The keys in the window, from the decisions themselves, under the numbers that their open orders have."""
    for record in engine.store.decisions(since=engine.window_start()):
        body = json.loads(record.body)
        order, decision = body["order"], body["decision"]
        number = int(decision["decision_id"].rpartition("-")[2])
        engine.native.raw.load_key(order_tuple(engine, order), number, record.at * 1000)
        engine.remember(number, record.seq)
        if order["order_id"].startswith("STOP-"):
            engine.stop_orders[order["order_id"]] = Order.model_validate(order)


def stop_rows(stop: SyntheticStop, best: Decimal) -> list[Row]:
    name = stop.stop_id
    live = stop.state in LIVE
    return [
        Row("stop", name, stop.model_dump_json()),
        Row("watch", name, json.dumps(str(best)) if live else None),
    ]


def position_rows(engine: RiskEngine, strategy: int, instrument: int) -> list[Row]:
    """What is held of an instrument by a strategy, and by its fund."""
    native = engine.native
    book, symbol = native.books[strategy], native.symbol_names[instrument]
    rows = []
    own = native.raw.position(strategy, instrument)
    if own is not None:
        _, quantity, average, broker, _ = own
        body = {"quantity": str(quantity), "average": _text(average), "broker": native.broker(broker)}
        kept = json.dumps(body) if quantity else None
        rows.append(Row("book", key(book.fund, book.strategy or "", symbol), kept))
    net = native.raw.position(native.funds[book.fund], instrument)
    if net is not None:
        gone = net[2] is None
        rows.append(Row("net", key(book.fund, symbol), None if gone else json.dumps({"average": _text(net[2])})))
    return rows


def value_row(engine: RiskEngine, scope: str) -> Row:
    value = engine.native.raw.value(engine.native.scoped(scope))
    body = None if value is None else json.dumps([str(part) if isinstance(part, Decimal) else part for part in value])
    return Row("value", scope, body)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)
