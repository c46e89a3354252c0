"""The enumerations of ``openpit.param``, which the extension needs before that module is there."""

from __future__ import annotations

import enum
import sys

if sys.version_info >= (3, 11):
    StrEnum = enum.StrEnum
else:

    class StrEnum(str, enum.Enum):
        """A member is its text; ``str()`` and formatting give that text."""

        __str__ = str.__str__
        __format__ = str.__format__


class _Choice(StrEnum):
    """An enum whose unknown values are answered with the known ones."""

    @classmethod
    def _missing_(cls, value: object) -> None:
        *first, last = (f"'{member.value}'" for member in cls)
        comma = "," if len(first) > 1 else ""
        raise ValueError(f"expected {', '.join(first)}{comma} or {last}")


class Side(_Choice):
    """What an order does: buy or sell."""

    __module__ = "openpit.param"

    BUY = "BUY"
    SELL = "SELL"

    def is_buy(self) -> bool:
        """Whether this is BUY."""
        return self is Side.BUY

    def is_sell(self) -> bool:
        """Whether this is SELL."""
        return self is Side.SELL

    def opposite(self) -> Side:
        """SELL for BUY, BUY for SELL."""
        return Side.SELL if self is Side.BUY else Side.BUY

    def sign(self) -> int:
        """1 for BUY, -1 for SELL."""
        return 1 if self is Side.BUY else -1


class PositionSide(_Choice):
    """Which way a position goes."""

    __module__ = "openpit.param"

    LONG = "LONG"
    SHORT = "SHORT"

    def is_long(self) -> bool:
        """Whether this is LONG."""
        return self is PositionSide.LONG

    def is_short(self) -> bool:
        """Whether this is SHORT."""
        return self is PositionSide.SHORT

    def opposite(self) -> PositionSide:
        """SHORT for LONG, LONG for SHORT."""
        return PositionSide.SHORT if self is PositionSide.LONG else PositionSide.LONG


class PositionEffect(_Choice):
    """What a trade does to a position."""

    __module__ = "openpit.param"

    OPEN = "OPEN"
    CLOSE = "CLOSE"


class PositionMode(_Choice):
    """Whether long and short positions in one instrument net out or stand side by side."""

    __module__ = "openpit.param"

    NETTING = "netting"
    HEDGED = "hedged"


class FillType(_Choice):
    """Why a fill happened."""

    __module__ = "openpit.param"

    TRADE = "TRADE"
    LIQUIDATION = "LIQUIDATION"
    AUTO_DELEVERAGE = "AUTO_DELEVERAGE"
    SETTLEMENT = "SETTLEMENT"
    FUNDING = "FUNDING"


class Kind(StrEnum):
    """The numeric classes, by name."""

    __module__ = "openpit.param"

    QUANTITY = "Quantity"
    VOLUME = "Volume"
    NOTIONAL = "Notional"
    PRICE = "Price"
    PNL = "Pnl"
    CASH_FLOW = "CashFlow"
    POSITION_SIZE = "PositionSize"
    FEE = "Fee"
    LEVERAGE = "Leverage"


class RoundingStrategy(StrEnum):
    """How rounding to fewer digits chooses."""

    __module__ = "openpit.param"

    MIDPOINT_NEAREST_EVEN = "MidpointNearestEven"
    MIDPOINT_AWAY_FROM_ZERO = "MidpointAwayFromZero"
    UP = "Up"
    DOWN = "Down"


RoundingStrategy.DEFAULT = RoundingStrategy.BANKER = RoundingStrategy.MIDPOINT_NEAREST_EVEN  # type: ignore[attr-defined]
RoundingStrategy.CONSERVATIVE_PROFIT = RoundingStrategy.CONSERVATIVE_LOSS = RoundingStrategy.DOWN  # type: ignore[attr-defined]
