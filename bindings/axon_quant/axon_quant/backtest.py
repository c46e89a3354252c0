"""Order books, matching, market impact, and backtests driven by events.

Numbers are ``int``, ``float`` or ``Decimal``; a float means the decimal number that its ``repr`` shows, and what is done with
it is exact. Results are floats.
"""

from collections.abc import Iterable, KeysView, Mapping
from decimal import Decimal
from time import perf_counter
from typing import Any, Literal, Protocol, SupportsIndex, overload

from openpit import _openpit
from openpit._openpit import Matcher as _Matcher
from openpit._openpit import Simulation as _Simulation
from openpit._openpit import backtest_limit_order as limit_order
from openpit._openpit import backtest_market_order as market_order

from axon_quant._errors import AxonError

__all__ = [
    "ERROR_CODES",
    "ArbitrageOpportunity",
    "AuctionResult",
    "BacktestEngine",
    "BacktestError",
    "CrossPair",
    "DarkOrder",
    "ImpactedMatchingEngine",
    "ImpactedMatchingEngineBuilder",
    "L1MatchingEngine",
    "L2MatchingEngine",
    "MultiAssetMatchingEngine",
    "OrderBookEntry",
    "RunResult",
    "RunStats",
    "limit_order",
    "market_order",
]

ERROR_CODES = ("Matching", "MatchingL3")


class BacktestError(AxonError):
    """What a matching engine or a backtest refuses: ``Matching``, or ``MatchingL3`` for several assets."""


class _BacktestValueError(BacktestError, ValueError):
    """A refusal of a value."""


class _BacktestKeyError(BacktestError, KeyError):
    """A refusal for a key that is missing."""


def _error(code: str, builtin: type[Exception] | None, text: str) -> BacktestError:
    kind = _BacktestValueError if builtin is ValueError else _BacktestKeyError if builtin is KeyError else BacktestError
    return kind(code, f"[{code}] {text}")


_openpit.set_backtest_errors(_error)


def _builtin(error: BacktestError) -> type[Exception]:
    return KeyError if isinstance(error, KeyError) else ValueError


_CONTINUOUS, _AUCTION, _DARK = range(3)
_STATISTICS = ("total_fills", "matched_orders", "total_volume", "total_turnover")

# ---- One book --------------------------------------------------------------------------------------------------------


class L1MatchingEngine(_Matcher):
    """Price-time priority in one book; with a symbol, for that symbol only."""

    __slots__ = ()

    def __init__(self, symbol: str | None = None) -> None:
        self._bind(symbol)

    def depth(self, levels: int = 10) -> dict[str, list[dict[str, Any]]]:
        """What shows at the best prices of both sides, best first."""
        return self._depth_of(0, levels)

    @property
    def best_bid(self) -> float | None:
        """The highest bid, or None."""
        return self._bid_of(0)

    @property
    def best_ask(self) -> float | None:
        """The lowest ask, or None."""
        return self._ask_of(0)

    @property
    def spread(self) -> float | None:
        """The lowest ask less the highest bid, or None when a side is empty."""
        return self._spread_of(0)

    @property
    def active_order_count(self) -> int:
        """How many orders rest."""
        return self._counts_of(0)[0]

    @property
    def fill_count(self) -> int:
        """How many trades there were."""
        return self._counts_of(0)[3]

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(active_orders={self.active_order_count}, "
            f"best_bid={self.best_bid}, best_ask={self.best_ask})"
        )


class OrderBookEntry:
    """An order as it rests in a book."""

    __slots__ = ("filled_quantity", "order_id", "price", "quantity", "side")

    def __init__(self, order_id: int, side: str, price: float, quantity: float, filled_quantity: float = 0.0) -> None:
        self.order_id = order_id
        self.side = _side(side)
        self.price = _number(price, "price")
        self.quantity = _number(quantity, "quantity")
        self.filled_quantity = _number(filled_quantity, "filled_quantity")

    def __repr__(self) -> str:
        return (
            f"OrderBookEntry(id={self.order_id}, side={self.side}, price={self.price}, "
            f"quantity={self.quantity}, filled={self.filled_quantity})"
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OrderBookEntry):
            return NotImplemented
        return _fields(self) == _fields(other)

    def __hash__(self) -> int:
        return hash(tuple(_fields(self).values()))


def _number(value: object, name: str) -> float:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return float(value)
    raise _error("Matching", ValueError, f"invalid {name}: {value!r} (expected a number)")


def _fields(entry: OrderBookEntry) -> dict[str, Any]:
    return {
        "order_id": entry.order_id,
        "side": entry.side.upper(),
        "price": entry.price,
        "quantity": entry.quantity,
        "filled_quantity": entry.filled_quantity,
    }


def _side(side: object) -> str:
    text = side if isinstance(side, str) else getattr(side, "name", None)
    if isinstance(text, str) and text.lower() in ("buy", "sell"):
        return text.lower()
    raise _error("Matching", ValueError, f"invalid side: {side} (expected buy or sell)")


class L2MatchingEngine(L1MatchingEngine):
    """A book that also knows where each order is, changes orders, and goes in and out as a list."""

    __slots__ = ()

    def contains(self, order_id: int) -> bool:
        """Whether the order rests."""
        return self._contains(order_id)

    def location(self, order_id: int) -> dict[str, Any] | None:
        """Side, price, and how many orders are ahead at that price; None when it does not rest."""
        place = self._location_of(0, order_id)
        return None if place is None else {"side": place[0], "price": place[1], "offset": place[2]}

    def volume_at_price(self, side: str, price: float) -> float:
        """What the orders at a price of a side have left."""
        return self._volume_of(0, side, price)

    @property
    def stats(self) -> dict[str, Any]:
        """Trades, their volume and turnover, and how many orders they were of."""
        return _statistics(self, 0)

    def modify(
        self, order_id: int, new_price: float | None = None, new_quantity: float | None = None
    ) -> dict[str, Any]:
        """Changes the price, the total quantity, or both, of an order that rests."""
        return self._modify_in(0, order_id, new_price, new_quantity)

    @classmethod
    def from_entries(cls, entries: Iterable[OrderBookEntry | Mapping[str, Any]]) -> "L2MatchingEngine":
        """A book of orders that rest, those of a price oldest first."""
        engine = cls()
        for entry in entries:
            engine._restore_order(0, _CONTINUOUS, _fields(entry) if isinstance(entry, OrderBookEntry) else entry)
        return engine

    def export_entries(self) -> list[dict[str, Any]]:
        """All orders that rest: bids best first, then asks best first, oldest first at a price."""
        return _entries(self, 0)


def _statistics(engine: _Matcher, book: int) -> dict[str, Any]:
    counts = engine._counts_of(book)
    return {
        "total_fills": counts[3],
        "total_volume": counts[5],
        "total_turnover": counts[6],
        "matched_orders": counts[4],
    }


def _entries(engine: _Matcher, book: int) -> list[dict[str, Any]]:
    return [
        {"order_id": id, "side": side, "price": price, "quantity": quantity, "filled_quantity": filled}
        for id, side, price, quantity, filled, _, _ in engine._orders_of(book, _CONTINUOUS)
    ]


# ---- Several books ---------------------------------------------------------------------------------------------------


class _Fills(list[dict[str, Any]]):
    """The fills of an order, which also answers as the dict that one book gives."""

    __slots__ = ("_result",)

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__(result["fills"])
        self._result = result

    def keys(self) -> KeysView[str]:
        return self._result.keys()

    @overload
    def __getitem__(self, key: SupportsIndex) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, key: slice) -> list[dict[str, Any]]: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self, key: Any) -> Any:
        return self._result[key] if isinstance(key, str) else super().__getitem__(key)


class AuctionResult:
    """What came of an auction."""

    __slots__ = ("clearing_price", "clearing_volume", "fills", "unfilled_order_count", "unfilled_orders")

    def __init__(
        self, clearing_price: float, clearing_volume: float, fills: list[dict[str, Any]], unfilled: list[int]
    ) -> None:
        self.clearing_price = clearing_price
        self.clearing_volume = clearing_volume
        self.fills = fills
        self.unfilled_orders = unfilled
        self.unfilled_order_count = len(unfilled)

    def has_trades(self) -> bool:
        """Whether anything traded."""
        return bool(self.fills)

    def __repr__(self) -> str:
        return (
            f"AuctionResult(price={self.clearing_price}, volume={self.clearing_volume}, "
            f"fills={len(self.fills)}, unfilled={self.unfilled_order_count})"
        )


class CrossPair:
    """Two assets of which one unit of the first should be worth ``ratio`` units of the second."""

    __slots__ = ("leg1", "leg2", "max_quantity", "ratio")

    def __init__(self, leg1: str, leg2: str, ratio: float, max_quantity: float) -> None:
        self.leg1 = leg1
        self.leg2 = leg2
        self.ratio = ratio
        self.max_quantity = max_quantity

    def __repr__(self) -> str:
        return f"CrossPair({self.leg1}/{self.leg2}, ratio={self.ratio}, max_qty={self.max_quantity})"


class ArbitrageOpportunity:
    """What a pair is worth just now."""

    __slots__ = (
        "deviation",
        "direction",
        "estimated_profit",
        "executable_profit",
        "implied_ratio",
        "leg1",
        "leg1_mid",
        "leg2",
        "leg2_mid",
        "max_quantity",
        "ratio",
    )

    def __init__(self, pair: CrossPair, view: tuple[Any, ...]) -> None:
        self.leg1 = pair.leg1
        self.leg2 = pair.leg2
        self.ratio = pair.ratio
        self.max_quantity = pair.max_quantity
        self.leg1_mid: float | None = view[0]
        self.leg2_mid: float | None = view[1]
        self.implied_ratio: float | None = view[2]
        self.deviation: float = view[3]
        self.estimated_profit: float = view[4]
        self.executable_profit: float = view[5]
        self.direction: Literal["buy", "sell"] | None = view[6]

    def __repr__(self) -> str:
        return (
            f"ArbitrageOpportunity({self.leg1}/{self.leg2}, implied_ratio={self.implied_ratio}, "
            f"direction={self.direction}, executable_profit={self.executable_profit})"
        )


class DarkOrder:
    """An order for the dark pool, which shows to nobody."""

    __slots__ = (
        "hidden_quantity",
        "order_id",
        "order_type",
        "price",
        "quantity",
        "side",
        "symbol",
        "tif",
        "visible_quantity",
    )

    def __init__(
        self,
        order_id: int,
        symbol: str,
        side: str,
        order_type: str,
        quantity: float,
        tif: str,
        visible_quantity: float,
        hidden_quantity: float,
        price: float | None = None,
    ) -> None:
        self.order_id = order_id
        self.symbol = symbol
        self.side = _side(side)
        self.order_type = str(order_type).lower()
        if self.order_type == "limit" and price is None:
            raise _error("MatchingL3", ValueError, "limit order requires 'price'")
        self.quantity = quantity
        self.tif = str(tif).upper()
        self.visible_quantity = visible_quantity
        self.hidden_quantity = hidden_quantity
        self.price = price

    def __repr__(self) -> str:
        return (
            f"DarkOrder(id={self.order_id}, {self.symbol}, {self.side}, {self.order_type}, "
            f"price={self.price}, quantity={self.quantity}, tif={self.tif})"
        )


_MODES = {"continuous": _CONTINUOUS, "auction": _AUCTION, "dark_pool": _DARK, "darkpool": _DARK}
_MODE_NAMES = ("continuous", "auction", "dark_pool")


def _l3_error(text: str) -> BacktestError:
    return _error("MatchingL3", ValueError, text)


class MultiAssetMatchingEngine(_Matcher):
    """A book for each asset, with auctions, a dark pool and pairs of assets."""

    __slots__ = ("_pairs",)

    def __init__(self) -> None:
        self._pairs: list[CrossPair] = []

    # Assets

    def register_asset(self, symbol: str) -> None:
        """Adds a book for a symbol that has none."""
        if not isinstance(symbol, str):
            raise _l3_error(f"invalid symbol: {symbol!r} (expected a str)")
        self._register(symbol)

    @property
    def asset_count(self) -> int:
        """How many assets there are."""
        return len(self._symbols)

    def _book(self, symbol: str) -> int:
        try:
            return self._symbols[symbol]
        except (KeyError, TypeError):
            raise _l3_error(f"asset not registered: {symbol}") from None

    # Orders

    @property
    def batch_mode(self) -> str:
        """Where orders go that are submitted: continuous, auction or dark_pool."""
        return _MODE_NAMES[self._pool]

    def set_batch_mode(self, mode: str) -> None:
        """Says where orders go from now on. What is pending stays."""
        try:
            self._set_pool(_MODES[mode.lower()])
        except (KeyError, AttributeError):
            raise _l3_error(f"invalid batch mode: {mode} (expected continuous, auction or dark_pool)") from None

    def submit(self, order: dict[str, Any]) -> _Fills:  # type: ignore[override]
        """Takes an order in: its fills, which also answer as a dict."""
        return _Fills(super().submit(order))

    def submit_batch(self, orders: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """Submits orders one after the other, once none of them is malformed: all their fills."""
        batch = list(orders)
        for order in batch:
            self._book(self._check_order(order))
        return [fill for order in batch for fill in self.submit(order)]

    def cancel(self, symbol: str, order_id: int) -> bool:  # type: ignore[override]
        """Ends an order that rests, waits for an auction, or is in the dark; False when there is none."""
        return self._cancel_in(self._book(symbol), order_id)

    def modify(
        self, symbol: str, order_id: int, new_price: float | None = None, new_quantity: float | None = None
    ) -> _Fills:
        """Changes the price, the total quantity, or both, of an order that rests."""
        return _Fills(self._modify_in(self._book(symbol), order_id, new_price, new_quantity))

    def submit_dark_order(self, order: DarkOrder) -> _Fills:
        """Takes an order into the dark pool, whatever the mode."""
        if not isinstance(order, DarkOrder):
            raise _l3_error(f"invalid dark order: {order!r} (expected a DarkOrder)")
        if order.order_type != "limit":
            raise _l3_error("the dark pool takes limit orders only")
        try:
            shows_more = order.visible_quantity > order.hidden_quantity
        except TypeError:
            raise _l3_error("invalid visible_quantity or hidden_quantity (expected numbers)") from None
        if shows_more:
            raise _l3_error(
                f"visible_quantity {order.visible_quantity} is above hidden_quantity {order.hidden_quantity}"
            )
        self._book(order.symbol)
        result = self._submit_to(
            _DARK,
            {
                "id": order.order_id,
                "symbol": order.symbol,
                "side": order.side,
                "type": order.order_type,
                "price": order.price,
                "quantity": order.quantity,
                "tif": order.tif,
            },
        )
        return _Fills(result)

    def run_auction(self, symbol: str) -> AuctionResult:
        """Lets the orders of an asset that wait trade at one price."""
        return AuctionResult(*self._auction_of(self._book(symbol)))

    # Reading

    def best_bid(self, symbol: str) -> float | None:
        """The highest bid of an asset, or None."""
        return self._bid_of(self._book(symbol))

    def best_ask(self, symbol: str) -> float | None:
        """The lowest ask of an asset, or None."""
        return self._ask_of(self._book(symbol))

    def spread(self, symbol: str) -> float | None:
        """The lowest ask of an asset less its highest bid, or None when a side is empty."""
        return self._spread_of(self._book(symbol))

    def depth(self, symbol: str, levels: int = 10) -> dict[str, list[dict[str, Any]]]:
        """What shows at the best prices of both sides of an asset, best first."""
        return self._depth_of(self._book(symbol), levels)

    def active_order_count(self, symbol: str) -> int:
        """How many orders of an asset rest."""
        return self._counts_of(self._book(symbol))[0]

    def fill_count(self, symbol: str) -> int:
        """How many trades of an asset there were, those in the dark not counted."""
        return self._counts_of(self._book(symbol))[3]

    def stats_of(self, symbol: str) -> dict[str, Any]:
        """Trades of an asset, their volume and turnover, and how many orders they were of."""
        return _statistics(self, self._book(symbol))

    @property
    def stats(self) -> dict[str, Any]:
        """Counts over all assets."""
        auction, dark, cross, profit, _ = self._totals()
        return {
            "total_assets": self.asset_count,
            "total_cross_fills": cross,
            "total_batch_fills": auction,
            "total_dark_fills": dark,
            "total_arbitrage_profit": profit,
        }

    # Pairs

    @property
    def cross_pair_count(self) -> int:
        """How many pairs are registered."""
        return len(self._pairs)

    def register_cross_pair(self, pair: CrossPair | Mapping[str, Any]) -> None:
        """Adds a pair, and books for those of its legs that have none."""
        checked = _pair(pair)
        for leg in (checked.leg1, checked.leg2):
            self.register_asset(leg)
        self._pairs.append(checked)

    def detect_arbitrage(self) -> list[ArbitrageOpportunity]:
        """What each registered pair is worth just now, in the order in which they were registered."""
        return [
            ArbitrageOpportunity(
                pair,
                self._view_pair(self._book(pair.leg1), self._book(pair.leg2), pair.ratio, pair.max_quantity),
            )
            for pair in self._pairs
        ]

    def execute_arbitrage(
        self, pair: CrossPair | Mapping[str, Any], quantity: float, side_leg1: str
    ) -> list[dict[str, Any]]:
        """Trades both legs of a pair completely, or none: all fills, the first leg's first."""
        checked = _pair(pair)
        legs = self._book(checked.leg1), self._book(checked.leg2)
        _check_positive("quantity", quantity)
        return self._trade_pair(*legs, checked.ratio, checked.max_quantity, quantity, side_leg1)

    # Snapshots

    def snapshot(self) -> dict[str, Any]:
        """All there is, in a form that JSON can hold."""
        pending: list[tuple[int, dict[str, Any]]] = []
        dark: list[dict[str, Any]] = []
        day_orders: dict[str, list[int]] = {}
        for symbol, book in self._symbols.items():
            pending += [(order[6], _pending(symbol, order)) for order in self._orders_of(book, _AUCTION)]
            dark += [_pending(symbol, order) for order in self._orders_of(book, _DARK)]
            of_day = [order[0] for order in self._orders_of(book, _CONTINUOUS) if order[5] == "GFD"]
            if of_day:
                day_orders[symbol] = of_day
        pending.sort(key=lambda order: (order[1]["symbol"], order[0]))
        return {
            "batch_mode": self.batch_mode,
            "timestamp_ns": self._totals()[4],
            "engines": {symbol: self._engine_snapshot(symbol, book) for symbol, book in self._symbols.items()},
            "cross_pairs": [
                {"leg1": pair.leg1, "leg2": pair.leg2, "ratio": pair.ratio, "max_quantity": pair.max_quantity}
                for pair in self._pairs
            ],
            "orders": {symbol: _entries(self, book) for symbol, book in self._symbols.items()},
            "day_orders": day_orders,
            "pending": [order for _, order in pending],
            "dark": dark,
            "statistics": {symbol: _statistics(self, book) for symbol, book in self._symbols.items()},
            "totals": list(self._totals()),
        }

    def _engine_snapshot(self, symbol: str, book: int) -> dict[str, Any]:
        depth = self._depth_of(book, 20)
        return {
            "symbol": symbol,
            "best_bid": self._bid_of(book),
            "best_ask": self._ask_of(book),
            "bid_depth": depth["bids"],
            "ask_depth": depth["asks"],
            "trade_count": self._counts_of(book)[3],
        }

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Becomes what a snapshot tells; one that is none changes nothing."""
        restored = MultiAssetMatchingEngine()
        try:
            restored._read_snapshot(snapshot)
        except BacktestError as wrong:
            raise _error("MatchingL3", _builtin(wrong), f"not a snapshot: {wrong.message}") from None
        except KeyError as missing:
            raise _error("MatchingL3", KeyError, f"missing key: {missing.args[0]}") from None
        except (AttributeError, TypeError, ValueError, IndexError) as wrong:
            raise _l3_error(f"not a snapshot: {wrong}") from None
        self._exchange(restored)
        self._pairs = restored._pairs
        self._set_pool(restored._pool)

    def _read_snapshot(self, snapshot: Mapping[str, Any]) -> None:
        for symbol in snapshot["engines"]:
            self.register_asset(symbol)
        for pair in snapshot["cross_pairs"]:
            self.register_cross_pair(pair)
        for symbol, entries in snapshot["orders"].items():
            of_day = set(snapshot.get("day_orders", {}).get(symbol, ()))
            for entry in entries:
                tif = "GFD" if entry["order_id"] in of_day else "GTC"
                self._restore_order(self._book(symbol), _CONTINUOUS, {**entry, "tif": tif})
        for pool, name in ((_AUCTION, "pending"), (_DARK, "dark")):
            for entry in snapshot[name]:
                self._restore_order(self._book(entry["symbol"]), pool, entry)
        for symbol, counts in snapshot.get("statistics", {}).items():
            self._restore_counts(self._book(symbol), *(counts[name] for name in _STATISTICS))
        if "totals" in snapshot:
            self._restore_totals(*snapshot["totals"])
        self.set_batch_mode(snapshot["batch_mode"])

    def __repr__(self) -> str:
        return f"MultiAssetMatchingEngine(assets={self.asset_count}, mode={self.batch_mode})"


def _pair(pair: object) -> CrossPair:
    if isinstance(pair, Mapping):
        try:
            pair = CrossPair(pair["leg1"], pair["leg2"], pair["ratio"], pair["max_quantity"])
        except KeyError as missing:
            raise _error("MatchingL3", KeyError, f"missing key: {missing.args[0]}") from None
    if not isinstance(pair, CrossPair):
        raise _l3_error(f"invalid pair: {pair!r} (expected a CrossPair or a dict)")
    if not isinstance(pair.leg1, str) or not isinstance(pair.leg2, str) or pair.leg1 == pair.leg2:
        raise _l3_error(f"invalid legs: {pair.leg1!r} and {pair.leg2!r} (expected two different symbols)")
    for name in ("ratio", "max_quantity"):
        _check_positive(name, getattr(pair, name))
    return pair


def _check_positive(name: str, value: Any) -> None:
    try:
        is_sound = not isinstance(value, bool) and 0 < value < float("inf")
    except (TypeError, ArithmeticError):
        is_sound = False
    if not is_sound:
        raise _l3_error(f"invalid {name}: {value!r} (expected a finite number above 0)")


def _pending(symbol: str, order: tuple[Any, ...]) -> dict[str, Any]:
    id, side, price, quantity, filled, tif, _ = order
    return {
        "order_id": id,
        "symbol": symbol,
        "side": side,
        "type": "market" if price is None else "limit",
        "price": price,
        "quantity": quantity,
        "filled_quantity": filled,
        "tif": tif,
    }


# ---- Impact ----------------------------------------------------------------------------------------------------------


class _ImpactModel(Protocol):
    def compute_impact(self, order_quantity: float, side: str, order_book: dict[str, Any]) -> dict[str, float]: ...


_MODELS = {"linear": 1, "power_law": 2, "powerlaw": 2, "sqrt": 2}
_MODEL_NAMES = {1: "LinearImpact", 2: "PowerLawImpact", 3: "PythonImpactModel"}


class ImpactedMatchingEngine(_Matcher):
    """A book whose prices orders move, at once and for good."""

    __slots__ = ("_kind", "_parameters")

    def __init__(
        self,
        model_type: str,
        coefficient: float,
        depth_levels: int = 10,
        instantaneous_ratio: float = 0.7,
        exponent: float = 0.5,
        permanent_decay: float = 0.0,
    ) -> None:
        kind = _MODELS.get(model_type.lower()) if isinstance(model_type, str) else None
        if kind is None:
            raise _error(
                "Matching", ValueError, f"invalid model_type: {model_type} (expected linear, power_law or sqrt)"
            )
        self._bind(None)
        self._parameters = (coefficient, depth_levels, instantaneous_ratio, exponent, permanent_decay)
        self._set_impact(kind, *self._parameters, None)
        self._kind = kind

    def with_custom_model(self, model: _ImpactModel) -> "ImpactedMatchingEngine":
        """Asks ``model.compute_impact`` from now on; returns the engine itself."""
        if not callable(getattr(model, "compute_impact", None)):
            raise _error("Matching", ValueError, f"invalid model: {model!r} (expected an object with compute_impact)")
        self._set_impact(3, *self._parameters, model)
        self._kind = 3
        return self

    def permanent_offset(self) -> float:
        """How far all displayed prices have moved."""
        return self._impact_state()[0]

    def best_bid(self) -> float | None:
        """The highest displayed bid, or None."""
        return self._bid_of(0)

    def best_ask(self) -> float | None:
        """The lowest displayed ask, or None."""
        return self._ask_of(0)

    def mid_price(self) -> float | None:
        """What lies in the middle between the two, or None when a side is empty."""
        return self._mid_of(0)

    def depth(self, levels: int = 10) -> dict[str, list[dict[str, Any]]]:
        """What is displayed at the best prices of both sides, best first."""
        return self._depth_of(0, levels)

    def active_order_count(self) -> int:
        """How many orders rest."""
        return self._counts_of(0)[0]

    def stats(self) -> dict[str, Any]:
        """What impact has cost, and how many orders came and traded."""
        _, instantaneous, permanent, total, submitted, filled, fills = self._impact_state()
        return {
            "cumulative_instantaneous": instantaneous,
            "cumulative_permanent": permanent,
            "cumulative_total": total,
            "submitted_orders": submitted,
            "filled_orders": filled,
            "total_fills": fills,
        }

    def model_name(self) -> str:
        """LinearImpact, PowerLawImpact or PythonImpactModel."""
        return _MODEL_NAMES[self._kind]

    def permanent_decay(self) -> float:
        """Which part of the offset an order lets go that trades."""
        return float(self._parameters[4])

    def reset_impact_state(self) -> None:
        """Puts prices back and begins to count anew; the book stays."""
        self._reset_impact()

    def __repr__(self) -> str:
        return f"ImpactedMatchingEngine({self.model_name()}, offset={self.permanent_offset()})"


class ImpactedMatchingEngineBuilder:
    """Sets the parameters of an engine with impact one by one."""

    __slots__ = ("_model", "_parameters")

    def __init__(self) -> None:
        self._parameters: dict[str, Any] = {"model_type": "linear", "coefficient": 0.0}
        self._model: _ImpactModel | None = None

    def _set(self, name: str, value: object) -> "ImpactedMatchingEngineBuilder":
        self._parameters[name] = value
        return self

    def model_type(self, model_type: str) -> "ImpactedMatchingEngineBuilder":
        """linear, power_law or sqrt."""
        return self._set("model_type", model_type)

    def coefficient(self, coefficient: float) -> "ImpactedMatchingEngineBuilder":
        """The move of an order that takes all of the depth, in price units."""
        return self._set("coefficient", coefficient)

    def depth_levels(self, depth_levels: int) -> "ImpactedMatchingEngineBuilder":
        """How many levels count as depth."""
        return self._set("depth_levels", depth_levels)

    def instantaneous_ratio(self, instantaneous_ratio: float) -> "ImpactedMatchingEngineBuilder":
        """Which part of a move is instantaneous; the rest is permanent."""
        return self._set("instantaneous_ratio", instantaneous_ratio)

    def exponent(self, exponent: float) -> "ImpactedMatchingEngineBuilder":
        """The power of a power law."""
        return self._set("exponent", exponent)

    def permanent_decay(self, permanent_decay: float) -> "ImpactedMatchingEngineBuilder":
        """Which part of the offset an order lets go that trades."""
        return self._set("permanent_decay", permanent_decay)

    def custom_model(self, model: _ImpactModel) -> "ImpactedMatchingEngineBuilder":
        """An object of your own, whose ``compute_impact`` is asked."""
        self._model = model
        return self

    def build(self) -> ImpactedMatchingEngine:
        """The engine."""
        engine = ImpactedMatchingEngine(**self._parameters)
        return engine if self._model is None else engine.with_custom_model(self._model)


# ---- Events ----------------------------------------------------------------------------------------------------------

_COUNTERS = (
    "events_processed",
    "orders_accepted",
    "orders_rejected",
    "fills",
    "orders_cancelled",
    "orders_modified",
)


class RunStats:
    """Counts after an event."""

    __slots__ = (*_COUNTERS, "pnl_peak", "total_pnl")

    def __init__(self, outcome: tuple[Any, ...]) -> None:
        (
            self.events_processed,
            self.orders_accepted,
            self.orders_rejected,
            self.fills,
            self.orders_cancelled,
            self.orders_modified,
        ) = outcome[:6]
        self.total_pnl: float = outcome[11]
        self.pnl_peak: float = outcome[12]

    def __repr__(self) -> str:
        return f"RunStats(events={self.events_processed}, fills={self.fills}, pnl={self.total_pnl:.2f})"


class RunResult:
    """What came of a backtest."""

    __slots__ = (
        *_COUNTERS,
        "_curve",
        "_engine",
        "cancel_misses",
        "duration_secs",
        "final_nav",
        "final_time_ns",
        "initial_cash",
        "max_drawdown",
        "modify_misses",
        "positions",
        "realized_pnl",
        "total_fees",
        "total_pnl",
    )

    def __init__(self, engine: _Simulation, duration_secs: float) -> None:
        (
            self.events_processed,
            self.orders_accepted,
            self.orders_rejected,
            self.fills,
            self.orders_cancelled,
            self.orders_modified,
            self.cancel_misses,
            self.modify_misses,
            self.final_time_ns,
            self.initial_cash,
            self.final_nav,
            self.total_pnl,
            _,
            self.max_drawdown,
            self.realized_pnl,
            self.total_fees,
        ) = engine._outcome()
        self.duration_secs = duration_secs
        self.positions: dict[str, float] = engine._positions()
        self._engine: _Simulation | None = engine
        self._curve: list[tuple[int, float]] | None = None

    @property
    def equity_curve(self) -> list[tuple[int, float]]:
        """What the account was worth after each event, with the time of the event."""
        if self._curve is None:
            # Events only ever follow, so the beginning of the curve stays what it is.
            self._curve = [] if self._engine is None else self._engine._curve(self.events_processed)
            self._engine = None
        return self._curve

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        # The curve is looked at first: it is in the engine as long as nobody does.
        curve = self.equity_curve
        state = {name: getattr(self, name) for name in self.__slots__ if name not in ("_curve", "_engine")}
        return None, {**state, "_curve": curve, "_engine": None}

    def to_dict(self) -> dict[str, Any]:
        """The results that the published page lists."""
        names = ("total_pnl", "max_drawdown", "final_nav", "duration_secs", "final_time_ns")
        return {name: getattr(self, name) for name in (*_COUNTERS, *names)}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RunResult):
            return NotImplemented
        return self._comparable() == other._comparable()

    __hash__ = None  # type: ignore[assignment]

    def _comparable(self) -> dict[str, Any]:
        others = (
            "initial_cash",
            "realized_pnl",
            "total_fees",
            "positions",
            "cancel_misses",
            "modify_misses",
            "equity_curve",
        )
        return {**self.to_dict(), **{name: getattr(self, name) for name in others}, "duration_secs": None}

    def __repr__(self) -> str:
        return (
            f"RunResult(events={self.events_processed}, accepted={self.orders_accepted}, "
            f"rejected={self.orders_rejected}, fills={self.fills}, pnl={self.total_pnl:.2f}, "
            f"drawdown={self.max_drawdown:.2f}, nav={self.final_nav:.2f})"
        )


def _is_empty(engine: _Matcher) -> bool:
    books = engine._symbols.values() if isinstance(engine, MultiAssetMatchingEngine) else (0,)
    return not any(any(engine._counts_of(book)[:4]) for book in books) and not any(engine._totals())


_ALL = 2**63 - 1


class BacktestEngine(_Simulation):
    """Lets events happen to a book and to an account."""

    __slots__ = ("_cash", "_duration", "_fee_rate")

    def __init__(self, initial_cash: float, *, fee_rate: float = 0.0) -> None:
        self._cash = initial_cash
        self._fee_rate = fee_rate
        self._duration = 0.0
        self._begin(L2MatchingEngine(), initial_cash, fee_rate)

    def with_matching_engine(
        self, engine: L1MatchingEngine | MultiAssetMatchingEngine | ImpactedMatchingEngine
    ) -> "BacktestEngine":
        """Lets the events happen to an empty engine of one's own; returns the backtest itself."""
        if not isinstance(engine, (L1MatchingEngine, MultiAssetMatchingEngine, ImpactedMatchingEngine)):
            raise ValueError(f"{engine!r} is not one of the matching engines of axon_quant.backtest")
        if self.pending_events or self._happened_events:
            raise ValueError("the matching engine has to be set before the first event")
        if not _is_empty(engine):
            raise ValueError("the matching engine has to be empty")
        self._begin(engine, self._cash, self._fee_rate)
        return self

    @property
    def is_finished(self) -> bool:
        """Whether nothing is still to happen."""
        return self.pending_events == 0

    def run(self) -> RunResult:
        """Lets all events happen that are pending."""
        start = perf_counter()
        self._run_events(_ALL)
        self._duration += perf_counter() - start
        return RunResult(self, self._duration)

    def step(self) -> RunStats | None:
        """Lets the next event happen; None when there is none."""
        start = perf_counter()
        done = self._run_events(1)
        self._duration += perf_counter() - start
        return RunStats(self._outcome()) if done else None

    def __repr__(self) -> str:
        return f"BacktestEngine(pending={self.pending_events}, finished={self.is_finished})"
