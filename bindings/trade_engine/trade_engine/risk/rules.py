"""Rules of one's own, and the built-in ones by their names."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from trade_engine.instruments import InstrumentSpec
from trade_engine.models import Position, Side, Signal


@dataclass(frozen=True)
class RuleContext:
    """What a rule may look at."""

    signal: Signal
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal | None
    instrument: InstrumentSpec
    equity: Decimal
    positions: Mapping[str, Position]
    peak_equity: Decimal
    day_start_equity: Decimal
    now: datetime


@dataclass(frozen=True)
class RuleResult:
    """What a rule says: that an order passes, or why not. A warning refuses nothing."""

    code: str
    passed: bool
    observed: Any = None
    limit: Any = None
    headroom: Any = None
    message: str = ""
    warning: bool = False


class Rule(ABC):
    """A rule. One that raises, or answers anything but a ``RuleResult``, refuses the order."""

    name: str = "rule"

    @abstractmethod
    def evaluate(self, ctx: RuleContext) -> RuleResult:
        """Looks at an order that everything else has let pass."""


class _BuiltIn(Rule):
    """One of the limits of a risk manager as a rule of its own. The native core decides, as it does for an engine."""

    codes: tuple[str, ...] = ()

    def __init__(self, limit: Any) -> None:
        from trade_engine.risk.manager import RiskManager

        loose = {
            "max_position_pct": 10**9,
            "max_drawdown_pct": 1,
            "max_daily_loss_pct": 1,
            "max_positions": 2**31,
            "max_correlation": 1,
        }
        self._options: dict[str, Any] = {**loose, self.name: limit, "opposite_signal": "flip"}
        RiskManager(**self._options)

    def evaluate(self, ctx: RuleContext) -> RuleResult:
        """Looks at the order by this limit alone."""
        from trade_engine.risk.manager import RiskManager

        risk = RiskManager(**self._options)
        risk.update_equity(ctx.day_start_equity)
        risk.update_equity(ctx.peak_equity)
        signal = replace(ctx.signal, side=ctx.side, quantity=ctx.quantity)
        check = risk.check_signal(signal, ctx.equity, ctx.positions, ctx.price, ctx.instrument)
        return RuleResult(
            self.codes[0],
            check.code not in self.codes,
            check.details.get("observed"),
            check.details.get("limit"),
            check.details.get("headroom"),
            message=check.reason or "",
        )


class MaxPositionsRule(_BuiltIn):
    """How many symbols are held at a time."""

    name = "max_positions"
    codes = ("MAX_POSITIONS",)


class MaxPositionRule(_BuiltIn):
    """How much of the equity one position is worth."""

    name = "max_position_pct"
    codes = ("MAX_POSITION_SIZE",)


class MaxDrawdownRule(_BuiltIn):
    """How far the equity may fall from its peak."""

    name = "max_drawdown_pct"
    codes = ("DRAWDOWN_HALT",)


class MaxDailyLossRule(_BuiltIn):
    """How much a day may lose."""

    name = "max_daily_loss_pct"
    codes = ("DAILY_LOSS_HALT",)


class CorrelationRule(_BuiltIn):
    """Warns of positions that move as a new one would: what is not known of them is a warning, too."""

    name = "max_correlation"
    codes = ("CORRELATED_EXPOSURE", "CORRELATION_UNAVAILABLE")

    def evaluate(self, ctx: RuleContext) -> RuleResult:
        """An order passes whatever is found; only an engine has the prices to compare."""
        others = [symbol for symbol in ctx.positions if symbol != ctx.symbol]
        if not others:
            return RuleResult(self.codes[0], True)
        return RuleResult(self.codes[1], True, message=f"the correlation with {others[0]} is not known", warning=True)
