"""Rules of one's own, and the built-in ones by their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


class Rule:
    """A rule. One that raises, or answers anything but a ``RuleResult``, refuses the order."""

    name: str = "rule"

    def evaluate(self, ctx: RuleContext) -> RuleResult:
        """Looks at an order that everything else has let pass."""
        raise NotImplementedError


class _BuiltIn(Rule):
    """A rule that the native core applies to every order that opens; its object says which."""

    codes: tuple[str, ...] = ()

    def evaluate(self, ctx: RuleContext) -> RuleResult:
        """An order that comes here has passed it."""
        return RuleResult(self.codes[0], True)


class MaxPositionsRule(_BuiltIn):
    """How many symbols are held at a time."""

    name = "max_positions"
    codes = ("MAX_POSITIONS",)


class MaxPositionRule(_BuiltIn):
    """How much of the equity one position is worth."""

    name = "max_position_pct"
    codes = ("MAX_POSITION_SIZE", "SIZE_TOO_SMALL", "INVALID_QUANTITY", "FLIP_NOT_ALLOWED")


class MaxDrawdownRule(_BuiltIn):
    """How far the equity falls from its peak before nothing opens any more."""

    name = "max_drawdown_pct"
    codes = ("DRAWDOWN_HALT",)


class MaxDailyLossRule(_BuiltIn):
    """How much a day loses before nothing opens until the next one."""

    name = "max_daily_loss_pct"
    codes = ("DAILY_LOSS_HALT",)


class CorrelationRule(_BuiltIn):
    """Warns of positions that move as a new one would."""

    name = "max_correlation"
    codes = ("CORRELATED_EXPOSURE", "CORRELATION_UNAVAILABLE")
