"""How an order is checked. The checks themselves are in the native core; this is what they are told, and what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpit import _openpit

from trade_engine._numbers import POSITIVE, POSITIVE_UNIT, Amount, amount, count, optional_amount
from trade_engine._reasons import reason_of
from trade_engine._times import MICROSECOND, Calendar, now
from trade_engine._words import SIDES, Side
from trade_engine.instruments import InstrumentSpec, terms_of
from trade_engine.models import NOTHING, Position, Signal, nothing
from trade_engine.risk._asking import ask
from trade_engine.risk.rules import Rule, RuleContext

if TYPE_CHECKING:
    from trade_engine.engine import Engine

OPPOSITE = {"close": 0, "reduce": 1, "flip": 2}
STRICT, BARE = 1, 2
RESET_DAY = 4
CODES = {"drawdown": "DRAWDOWN_HALT", "daily_loss": "DAILY_LOSS_HALT", "manual": "MANUAL_HALT"}


@dataclass(frozen=True)
class RiskNotice:
    """A warning."""

    code: str
    message: str
    details: Mapping[str, Any] = field(default_factory=nothing)


@dataclass(frozen=True)
class RiskCheck:
    """What came of a check."""

    approved: bool
    adjusted_quantity: Decimal
    code: str | None
    reason: str | None
    warnings: tuple[RiskNotice, ...]
    details: Mapping[str, Any]


class RiskManager:
    """Limits, and what halts. It belongs to one engine, or works on its own."""

    def __init__(
        self,
        max_position_pct: Amount = 0.05,
        max_drawdown_pct: Amount = 0.10,
        max_daily_loss_pct: Amount = 0.02,
        max_positions: int = 10,
        max_correlation: Amount = 0.80,
        *,
        correlation_lookback: int = 20,
        correlation_min_samples: int = 10,
        correlation_interval: timedelta = timedelta(minutes=1),
        opposite_signal: str = "close",
        halt_confirmations: int = 1,
        day_boundary: time = time(0, 0),
        timezone: str | tzinfo = "UTC",
        extra_rules: Iterable[Rule] = (),
    ) -> None:
        self.max_position_pct = amount(max_position_pct, "max_position_pct", POSITIVE)
        self.max_drawdown_pct = amount(max_drawdown_pct, "max_drawdown_pct", POSITIVE_UNIT)
        self.max_daily_loss_pct = amount(max_daily_loss_pct, "max_daily_loss_pct", POSITIVE_UNIT)
        self.max_positions = count(max_positions, "max_positions")
        self.max_correlation = amount(max_correlation, "max_correlation", POSITIVE_UNIT)
        self.correlation_lookback = count(correlation_lookback, "correlation_lookback")
        self.correlation_min_samples = count(correlation_min_samples, "correlation_min_samples")
        self.halt_confirmations = count(halt_confirmations, "halt_confirmations")
        if not isinstance(correlation_interval, timedelta):
            raise TypeError(f"correlation_interval: {correlation_interval!r} is not a timedelta")
        if correlation_interval < MICROSECOND:
            raise ValueError(f"correlation_interval: {correlation_interval!r} is not above 0")
        self.correlation_interval = correlation_interval
        if opposite_signal not in OPPOSITE:
            raise ValueError(f"opposite_signal: {opposite_signal!r} is none of {', '.join(OPPOSITE)}")
        self.opposite_signal = opposite_signal
        self.day_boundary = day_boundary
        self.timezone = timezone
        self.extra_rules = tuple(extra_rules)
        self._calendar = Calendar(timezone, day_boundary)
        self._engine: Engine | None = None
        self._own = self._make_desk(Decimal(0), BARE)

    def _make_desk(self, capital: Decimal, flags: int) -> Any:
        """A native desk with these limits."""
        most = 2**32 - 1
        return _openpit.TradingDesk(
            capital,
            flags,
            self.max_position_pct,
            self.max_drawdown_pct,
            self.max_daily_loss_pct,
            min(self.max_positions, most),
            OPPOSITE[self.opposite_signal],
            min(self.halt_confirmations, most),
            float(self.max_correlation),
            min(self.correlation_lookback, most),
            min(self.correlation_min_samples, most),
            self.correlation_interval // MICROSECOND * 1000,
        )

    def _bind(self, engine: Engine) -> None:
        if self._engine is not None:
            raise ValueError("the risk manager belongs to another engine")
        self._engine = engine

    @property
    def _desk(self) -> Any:
        return self._own if self._engine is None else self._engine._desk

    # ---- What halts

    @property
    def halts(self) -> tuple[str, ...]:
        """The kinds of halts there are, the first one first."""
        return self._desk.halts  # type: ignore[no-any-return]

    @property
    def is_halted(self) -> bool:
        """Whether nothing opens."""
        return bool(self.halts)

    @property
    def halt_code(self) -> str | None:
        """The code of the first halt."""
        halts = self.halts
        return CODES[halts[0]] if halts else None

    @property
    def halt_reason(self) -> str | None:
        """The same in words."""
        if self._engine is not None and self.is_halted:
            return self._engine._halt_reason()
        code = self.halt_code
        return None if code is None else reason_of(code, {})

    @property
    def peak_equity(self) -> Decimal | None:
        """The highest equity since the start, or since it was resumed; None before one is known."""
        summary = self._desk.summary()
        return summary[17] if summary[0] & 2 else None

    @property
    def day_start_equity(self) -> Decimal | None:
        """The equity with which the day began."""
        summary = self._desk.summary()
        return summary[18] if summary[0] & 2 else None

    @property
    def drawdown(self) -> Decimal:
        """How far below the peak, as a part of it."""
        return self._desk.summary()[19]  # type: ignore[no-any-return]

    @property
    def daily_pnl(self) -> Decimal:
        """What the day has earned so far."""
        return self._desk.summary()[20]  # type: ignore[no-any-return]

    def update_equity(self, equity: Amount) -> None:
        """Observes what the account is worth. An engine does so by itself."""
        equity = amount(equity, "equity")
        if self._engine is not None:
            raise ValueError("the engine of this risk manager observes its own equity")
        self._own.observe(equity)
        self._own.take()

    def reset_daily(self) -> None:
        """The figures of the day begin anew, and a halt for daily loss ends; no other halt does."""
        if self._engine is not None:
            self._engine._reset_day()
        else:
            self._own.act(RESET_DAY)

    # ---- Checks

    def check_signal(
        self,
        signal: Signal,
        account_equity: Amount,
        current_positions: Mapping[str, Position],
        current_price: Amount | None,
        instrument: InstrumentSpec | None = None,
    ) -> RiskCheck:
        """Looks at a signal by what is said here. Halts may come into force; nothing else changes."""
        equity = amount(account_equity, "account_equity")
        price = optional_amount(current_price, "current_price")
        if self._engine is not None:
            with self._engine._asking() as moment:
                return self._check(signal, equity, current_positions, price, instrument, moment)
        try:
            return self._check(signal, equity, current_positions, price, instrument, now())
        finally:
            self._own.take()

    def _check(
        self,
        signal: Signal,
        equity: Decimal,
        positions: Mapping[str, Position],
        price: Decimal | None,
        instrument: InstrumentSpec | None,
        moment: Any,
    ) -> RiskCheck:
        desk = self._desk
        number, spec = self._instrument(signal.symbol, instrument)
        held = positions.get(signal.symbol)
        desk.want(number, signal.side.number, *wish(signal))
        quantity = Decimal(0) if held is None else held.signed_quantity
        verdict = desk.check((equity, price, quantity, Decimal(0), len(positions)))
        code, side, size, reducing, _, _, observed, limit, headroom = verdict
        figures = {"limit": limit, "observed": observed, "headroom": headroom}
        details = {name: value for name, value in figures.items() if value is not None}
        if signal.side is Side.FLAT and held is None:
            return RiskCheck(True, Decimal(0), None, None, (), NOTHING)
        if code is not None:
            return RiskCheck(False, Decimal(0), code, reason_of(code, details), (), details)
        if reducing:
            return RiskCheck(True, size, None, None, (), NOTHING)
        summary = desk.summary()
        known = bool(summary[0] & 2)
        peak, base = (summary[17], summary[18]) if known else (equity, equity)
        ctx = RuleContext(signal, signal.symbol, SIDES[side], size, price, spec, equity, positions, peak, base, moment)
        refusal, said = ask(self.extra_rules, ctx)
        warnings = [RiskNotice(result.code, result.message) for result in said]
        if refusal is not None:
            figures = {"limit": refusal.limit, "observed": refusal.observed, "headroom": refusal.headroom}
            details = {name: value for name, value in figures.items() if value is not None}
            return RiskCheck(False, Decimal(0), refusal.code, refusal.reason, tuple(warnings), details)
        for other in positions:
            if other == signal.symbol:
                continue
            second, _ = self._instrument(other, None)
            found, coefficient, samples = desk.correlate(number, side, second)
            if found is not None:
                about = {"symbol": signal.symbol, "other": other, "correlation": coefficient, "samples": samples}
                warnings.append(RiskNotice(found, reason_of(found, about), about))
        return RiskCheck(True, size, None, None, tuple(warnings), NOTHING)

    def _instrument(self, symbol: str, spec: InstrumentSpec | None) -> tuple[int, InstrumentSpec]:
        """The number of a symbol, with a specification of its own where one is given."""
        if self._engine is not None and spec is None:
            return self._engine._instrument(symbol), self._engine._spec(symbol)
        chosen = spec or InstrumentSpec(symbol)
        key: Any = symbol if spec is None else (symbol, spec)
        known = self._desk.find(key)
        return self._desk.add(key, terms_of(chosen, True)) if known is None else known, chosen


def wish(signal: Signal) -> tuple[Any, ...]:
    """What the native core is told of a signal, but for its instrument and side."""
    return (
        signal.order_type.number,
        signal.time_in_force.number,
        0,
        signal.strength,
        signal.quantity,
        signal.limit_price,
        signal.stop_price,
    )
