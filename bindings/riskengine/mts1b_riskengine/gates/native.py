"""The native gates by names: what a fund, a symbol or a broker is called is known here, and what there is to know of it there."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from openpit._openpit import RiskGates

from ..calendar import microseconds, moment
from ..config import Config
from ..envelope.model import RiskEnvelope, scope
from ..envelope.store import InForce
from ..models import Instrument, Order, OrderType, Purpose, Side, TimeInForce
from .short import NO_BORROW
from .verdict import Verdict

NOTHING = 2**32 - 1
UNKNOWN_SECTOR = "UNKNOWN"
FIRM = 0
SIDES = {Side.BUY: 1, Side.SELL: 2}
TYPES = {OrderType.LIMIT: 1, OrderType.MARKET: 2, OrderType.STOP: 3, OrderType.STOP_LIMIT: 4}
TIMES = {TimeInForce.DAY: 1, TimeInForce.GTC: 2, TimeInForce.IOC: 3, TimeInForce.FOK: 4}
PURPOSES = {Purpose.NORMAL: 0, Purpose.SYNTHETIC_STOP: 1, Purpose.RECONCILE: 2}
SHORTING, LOCATES, TRAILING = 1, 2, 4
LIMITS = (
    "max_order_notional", "max_order_quantity", "price_collar_pct", "max_position_pct", "max_gross_exposure_pct",
    "max_net_exposure_pct", "max_sector_pct", "max_asset_class_pct", "daily_loss_halt_pct", "weekly_loss_halt_pct",
    "monthly_loss_halt_pct", "max_borrow_fee_pct", "max_short_pct", "synthetic_stop_pct",
)  # fmt: skip
OWN = ("max_position_pct", "max_gross_exposure_pct", "max_net_exposure_pct")
ANSWERED, REFUSED, FORGOTTEN = 0, 1, 2


def nanoseconds(at: datetime) -> int:
    return microseconds(at) * 1000


def instant(time: int) -> datetime:
    return moment(time // 1000)


class Book(NamedTuple):
    """A fund, or a strategy of it."""

    fund: str
    strategy: str | None

    @property
    def scope(self) -> str:
        return scope(self.fund, self.strategy)


class Names:
    """Numbers of names, from 1, in the order in which they came."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.names: list[str] = [""]

    def number(self, name: str) -> int:
        found = self.numbers.get(name)
        if found is None:
            found = self.numbers[name] = len(self.names)
            self.names.append(name)
        return found


class NativeGates:
    """Under the engine's lock. `raw` is the native part."""

    def __init__(self, config: Config, last_order: int, last_halt: int, last_stop: int) -> None:
        data, keys = config.data, config.idempotency
        ages = (data.max_mark_age_s, data.max_nav_age_s, data.max_borrow_age_s, keys.window_s)
        self.raw = RiskGates(
            *(round(age * 1_000_000_000) for age in ages), keys.max_entries, last_order, last_halt, last_stop
        )
        self._data = data
        self.books: dict[int, Book] = {}
        self.funds: dict[str, int] = {}
        self.strategies: dict[tuple[str, str], int] = {}
        self.symbols: dict[str, int] = {}
        self.symbol_names: list[str] = []
        self.brokers = Names()
        self._classes = Names()
        self._sectors = Names()
        self._currencies = Names()
        self.locates: dict[tuple[str, str], int] = {}
        self.locate_names: list[str] = [""]
        self._told: dict[tuple[str, str], InForce | None] = {}

    # Names

    def fund(self, fund_id: str) -> int:
        """The number of a fund, which is new when need be and then not registered."""
        found = self.funds.get(fund_id)
        if found is None:
            found = self.funds[fund_id] = self.raw.add_fund()
            self.books[found] = Book(fund_id, None)
        return found

    def strategy(self, fund_id: str, strategy_id: str) -> int:
        found = self.strategies.get((fund_id, strategy_id))
        if found is None:
            found = self.strategies[fund_id, strategy_id] = self.raw.add_strategy(self.fund(fund_id))
            self.books[found] = Book(fund_id, strategy_id)
        return found

    def symbol(self, name: str) -> int:
        found = self.symbols.get(name)
        if found is None:
            found = self.symbols[name] = self.raw.add_instrument()
            self.symbol_names.append(name)
        return found

    def locate(self, fund_id: str, locate_id: str) -> int:
        found = self.locates.get((fund_id, locate_id))
        if found is None:
            found = self.locates[fund_id, locate_id] = len(self.locate_names)
            self.locate_names.append(locate_id)
        return found

    def scoped(self, name: str) -> int:
        """The number of what a halt is about: `firm`, a fund, or `fund/strategy`."""
        if name == "firm":
            return FIRM
        fund_id, _, strategy_id = name.partition("/")
        return self.strategy(fund_id, strategy_id) if strategy_id else self.fund(fund_id)

    def register_fund(self, fund_id: str, currency: str) -> None:
        self.raw.register_fund(self.fund(fund_id), self._currencies.number(currency))
        self.strategy(fund_id, "")

    def register_instrument(self, instrument: Instrument) -> None:
        self.raw.register_instrument(
            self.symbol(instrument.symbol),
            self._classes.number(instrument.asset_class),
            self._sectors.number(instrument.sector or UNKNOWN_SECTOR),
            self._currencies.number(instrument.currency),
            instrument.asset_class not in NO_BORROW,
            round(self._data.quote_age(instrument.asset_class) * 1_000_000_000),
            instrument.multiplier,
        )

    def rate(self, source: str, into: str, rate: Decimal) -> None:
        self.raw.rate(self._currencies.number(source), self._currencies.number(into), rate)

    # Envelopes

    def tell(self, fund_id: str, strategy_id: str, found: InForce | None) -> bool:
        """Puts in force what counts for a fund (strategy "") or a strategy; whether that was anything new."""
        key = (fund_id, strategy_id)
        if self._told.get(key, self) is found:
            return False
        if not strategy_id:
            book = self.fund(fund_id)
            if found is None:
                self.raw.clear_limits(book)
            else:
                self._put(book, found.fund, None)
        else:
            book = self.strategy(fund_id, strategy_id)
            if found is None or found.own is None:
                self.raw.clear_limits(book)
            else:
                self._put(book, found.strategy, found.own)
        self._told[key] = found
        return True

    def _put(self, book: int, envelope: RiskEnvelope, own: RiskEnvelope | None) -> None:
        flags = (
            (SHORTING if envelope.enable_shorting else 0)
            | (LOCATES if envelope.require_locate else 0)
            | (TRAILING if envelope.trailing_stop else 0)
        )
        types = sum({1 << TYPES[kind] for kind in envelope.allowed_order_types or ()})
        classes = envelope.allowed_asset_classes
        self.raw.set_limits(
            book,
            types,
            flags,
            (
                *(getattr(envelope, name) for name in LIMITS),
                *(None if own is None else getattr(own, name) for name in OWN),
            ),
            sorted({self.brokers.number(name) for name in envelope.allowed_brokers or ()}),
            None if classes is None else sorted({self._classes.number(name) for name in classes}),
            sorted({self.symbol(name) for name in envelope.restricted_symbols}),
            sorted((self._sectors.number(name), share) for name, share in (envelope.sector_limits or {}).items()),
            sorted((self._classes.number(name), share) for name, share in (envelope.asset_class_limits or {}).items()),
        )

    # Orders

    def order(self, order: Order) -> tuple[Any, ...]:
        """An order as the native part reads it."""
        fund_id, strategy_id, symbol = order.fund_id, order.strategy_id, order.symbol
        fund = self.funds.get(fund_id, NOTHING)
        locate_id = order.locate_id
        return (
            fund,
            NOTHING if fund == NOTHING else self.strategy(fund_id, strategy_id),
            self.symbols.get(symbol, NOTHING),
            self.brokers.numbers.get(order.broker, NOTHING),
            self.locates.get((fund_id, locate_id), NOTHING) if locate_id else 0,
            SIDES[order.side],
            TYPES[order.order_type],
            TIMES[order.time_in_force],
            PURPOSES[order.purpose],
            order.quantity,
            order.limit_price,
            order.stop_price,
            order.idempotency_key,
            order.order_id,
            fund_id,
            symbol,
            order.broker,
            strategy_id,
            locate_id,
        )

    def check(self, order: tuple[Any, ...], now: int) -> Verdict:
        return Verdict._make(self.raw.check(order, now))

    def explain(self, order: tuple[Any, ...], now: int) -> list[Verdict]:
        return [Verdict._make(verdict) for verdict in self.raw.explain(order, now)]

    def broker(self, number: int) -> str:
        return "" if number == NOTHING else self.brokers.names[number]


def key(*names: str) -> str:
    """One key of several names, whatever is in them."""
    return json.dumps(names, ensure_ascii=False, separators=(",", ":"))
