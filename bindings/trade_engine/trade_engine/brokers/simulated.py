"""A broker that trades at the prices it is told. What that comes to is decided in the native core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpit import _openpit

from trade_engine._numbers import NOT_NEGATIVE, Amount, amount
from trade_engine._words import SIDES
from trade_engine.brokers.base import Broker
from trade_engine.errors import BrokerRejection
from trade_engine.instruments import InstrumentSpec, symbol_of, terms_of
from trade_engine.models import ZERO, Fill, Order, OrderState, State

#: Quotes for demonstrations, which every use of is recorded as a price of reference.
DEMONSTRATION = {"ES": Decimal("4521.25"), "NQ": Decimal("15800.00"), "CL": Decimal("78.50"), "GC": Decimal("2035.00")}

REFUSALS = (
    None,
    ("INVALID_SYMBOL", "is not traded here"),
    ("MARKET_CLOSED", "has its market closed"),
    ("SIMULATED_REJECTION", "was rejected by the simulation"),
    ("SHORT_NOT_ALLOWED", "cannot be sold short"),
    ("INSUFFICIENT_MARGIN", "needs more margin than there is"),
)


@dataclass(frozen=True)
class CommissionModel:
    """What an order costs."""

    per_order: Decimal = ZERO
    per_unit: Decimal = ZERO
    pct: Decimal = ZERO
    minimum: Decimal = ZERO

    if TYPE_CHECKING:

        def __init__(
            self, per_order: Amount = 0, per_unit: Amount = 0, pct: Amount = 0, minimum: Amount = 0
        ) -> None: ...

    def __post_init__(self) -> None:
        for name in ("per_order", "per_unit", "pct", "minimum"):
            object.__setattr__(self, name, amount(getattr(self, name), name, NOT_NEGATIVE))


_USUAL = Decimal("2.50")


class SimulatedBroker(Broker):
    """Slippage, margin, commissions, partial fills and market hours, with an account of its own."""

    def __init__(
        self,
        initial_capital: Amount = 100_000,
        slippage_bps: Amount = 5,
        commission_per_trade: Amount = _USUAL,
        *,
        commission: CommissionModel | None = None,
        rejection_rate: Amount = 0,
        partial_fill_rate: Amount = 0,
        max_fill_quantity: Amount | None = None,
        seed: int | None = None,
        symbols: Iterable[str] | None = None,
        allow_short: bool = True,
        market_open: Callable[[str, datetime], bool] | None = None,
        prices: Mapping[str, Amount] | None = None,
        name: str = "sim",
    ) -> None:
        if commission is not None and commission_per_trade is not _USUAL:
            raise ValueError("commission: give either a model or commission_per_trade")
        if commission is not None and not isinstance(commission, CommissionModel):
            raise TypeError(f"commission: {commission!r} is not a CommissionModel")
        if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
            raise TypeError(f"seed: {seed!r} is not an int")
        if market_open is not None and not callable(market_open):
            raise TypeError(f"market_open: {market_open!r} cannot be called")
        if isinstance(symbols, str):
            raise TypeError("symbols: a text is no list of symbols")
        model = commission or CommissionModel(amount(commission_per_trade, "commission_per_trade", NOT_NEGATIVE))
        self.name = name
        self._symbols = None if symbols is None else frozenset(symbol_of(symbol) for symbol in symbols)
        self._market_open = market_open
        self._quotes = (
            dict(DEMONSTRATION)
            if prices is None
            else {symbol_of(symbol): amount(price, "prices") for symbol, price in prices.items()}
        )
        self._paper = _openpit.PaperBroker(
            initial_capital,
            slippage_bps,
            model.per_order,
            model.per_unit,
            model.pct,
            model.minimum,
            rejection_rate,
            partial_fill_rate,
            max_fill_quantity,
            bool(allow_short),
            (int.from_bytes(os.urandom(8)) if seed is None else seed) & 0xFFFF_FFFF_FFFF_FFFF,
        )
        self.initial_capital = self._account()[1]

    # ---- The account

    def _account(self) -> tuple[Any, ...]:
        account: tuple[Any, ...] = self._paper.account()
        return account

    @property
    def cash(self) -> Decimal:
        """Capital, what was earned, less commissions."""
        return self._account()[2]  # type: ignore[no-any-return]

    @property
    def equity(self) -> Decimal:
        """Cash, and what positions would earn."""
        return self._account()[3]  # type: ignore[no-any-return]

    @property
    def margin_used(self) -> Decimal:
        """What positions tie up."""
        return self._account()[6]  # type: ignore[no-any-return]

    @property
    def buying_power(self) -> Decimal:
        """What is left of the equity for margin."""
        return self._account()[8]  # type: ignore[no-any-return]

    @property
    def return_pct(self) -> Decimal:
        """What was earned as a part of the initial capital."""
        return self._account()[9]  # type: ignore[no-any-return]

    # ---- Hours

    def open_market(self, symbol: str | None = None) -> None:
        """Opens the market of a symbol, or all of them."""
        self._set_open(symbol, True)

    def close_market(self, symbol: str | None = None) -> None:
        """Closes the market of a symbol, or all of them."""
        self._set_open(symbol, False)

    def _set_open(self, symbol: str | None, is_open: bool) -> None:
        if symbol is not None:
            self._know(symbol_of(symbol), None)
        self._paper.set_open(symbol, is_open)

    def _is_open(self, symbol: str, moment: datetime) -> bool:
        return self._market_open is None or bool(self._market_open(symbol, moment))

    def _know(self, symbol: str, spec: InstrumentSpec | None) -> None:
        if not self._paper.knows(symbol):
            self._paper.add(symbol, terms_of(spec or InstrumentSpec(symbol), spec is not None))

    # ---- Orders

    def submit_order(self, order: Order, current_price: Amount) -> Sequence[Fill]:
        """Fills what it can, and lets the rest wait."""
        symbol = order.symbol
        self._know(symbol, order.instrument)
        answer = self._paper.submit(
            *self._terms(order, ZERO, amount(current_price, "current_price")),
            self._symbols is None or symbol in self._symbols,
            self._is_open(symbol, order.updated_at),
        )
        if isinstance(answer, int):
            code, words = REFUSALS[answer]  # type: ignore[misc]
            raise BrokerRejection(code, f"{symbol} {words}")
        return self._fills(answer, order.updated_at)

    @staticmethod
    def _terms(order: Any, filled: Decimal, price: Any) -> tuple[Any, ...]:
        return (
            order.order_id,
            order.symbol,
            order.side.number,
            order.order_type.number,
            order.time_in_force.number,
            order.quantity,
            filled,
            price,
            order.limit_price,
            order.stop_price,
        )

    @staticmethod
    def _fills(found: list[tuple[Any, ...]], moment: datetime) -> list[Fill]:
        fills = []
        for number, order_id, symbol, side, quantity, price, expected, commission, multiplier in found:
            fill = object.__new__(Fill)
            fill.__dict__.update(
                order_id=order_id,
                symbol=symbol,
                side=SIDES[side],
                quantity=quantity,
                price=price,
                expected_price=expected,
                commission=commission,
                multiplier=multiplier,
                fill_id=f"FILL-{number:03}",
                timestamp=moment,
            )
            fills.append(fill)
        return fills

    def cancel_order(self, order_id: str) -> bool:
        """Withdraws an order that waits."""
        return bool(self._paper.cancel(order_id))

    def on_price(self, symbol: str, price: Amount, timestamp: datetime) -> Sequence[Fill]:
        """Fills orders that wait for such a price."""
        if not self._paper.knows(symbol):
            return ()
        found = self._paper.tell(symbol, price, self._is_open(symbol, timestamp))
        return self._fills(found, timestamp) if found else ()

    def reference_price(self, symbol: str) -> Decimal | None:
        """A quote that was given beforehand."""
        return self._quotes.get(symbol)

    # ---- Restoring

    def restore(self, state: State) -> None:
        """Takes over money, positions, and orders that wait."""
        self._paper.restore(state.fill_count, state.initial_capital, state.cash, state.realized_pnl, state.commissions)
        self.initial_capital = state.initial_capital
        for symbol in {**state.prices, **state.positions}:
            position = state.positions.get(symbol)
            self._know(symbol, state.instruments.get(symbol))
            self._paper.restore_position(
                symbol,
                0 if position is None else position.side.number,
                ZERO if position is None else position.quantity,
                ZERO if position is None else position.cost_basis,
                state.prices.get(symbol, None if position is None else position.current_price),
            )
        for order in state.orders.values():
            if order.state in (OrderState.SUBMITTED, OrderState.PARTIAL_FILL):
                self._know(order.symbol, state.instruments.get(order.symbol))
                price = order.price if order.price is not None else ZERO
                self._paper.restore_order(*self._terms(order, order.filled_quantity, price), True, True)
