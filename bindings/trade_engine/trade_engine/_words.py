"""The words for the numbers of the native core, which are told to it when the package is imported."""

from __future__ import annotations

from datetime import date
from enum import Enum, StrEnum

from openpit import _openpit

from trade_engine.errors import NotHalted


class Side(Enum):
    """Which way a signal or an order goes. FLAT means no position, and only signals have it."""

    number: int

    BUY = "BUY"
    SELL = "SELL"
    FLAT = "FLAT"


class PositionSide(StrEnum):
    """Which way a position goes; a text, too."""

    number: int

    LONG = "LONG"
    SHORT = "SHORT"


class OrderState(Enum):
    """Where an order stands."""

    CREATED = "CREATED"
    PENDING = "PENDING"
    SUBMITTED = "SUBMITTED"
    PARTIAL_FILL = "PARTIAL_FILL"
    FILLED = "FILLED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    CLOSED = "CLOSED"


class OrderType(Enum):
    """What an order waits for."""

    number: int

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    STOP_LIMIT = "STOP_LIMIT"


class TimeInForce(Enum):
    """How long it waits."""

    number: int

    DAY = "DAY"
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


STATES = tuple(OrderState)
STAGES = {state: number for number, state in enumerate(STATES)}
SIDES = (None, *Side)
POSITION_SIDES = (None, *PositionSide)
ORDER_TYPES = tuple(OrderType)
TIMES_IN_FORCE = tuple(TimeInForce)
SOURCES = (None, "argument", "market", "bar", "reference")
HALTS = (None, "drawdown", "daily_loss", "manual")
REASONS = (
    None,
    "UNKNOWN_SYMBOL",
    "NO_PRICE",
    "INVALID_PRICE",
    "DRAWDOWN_HALT",
    "DAILY_LOSS_HALT",
    "MANUAL_HALT",
    "MAX_POSITIONS",
    "INVALID_QUANTITY",
    "MAX_POSITION_SIZE",
    "SIZE_TOO_SMALL",
    "FLIP_NOT_ALLOWED",
    "STORE_FAILED",
    None,  # as the caller says
    "day order expired",
    "position closed",
    "late",
    "unknown_order",
    "overfill",
    "CORRELATED_EXPOSURE",
    "CORRELATION_UNAVAILABLE",
)
GIVEN = 13

for _words in (SIDES, POSITION_SIDES, ORDER_TYPES, TIMES_IN_FORCE):
    for _number, _member in enumerate(_words):
        if _member is not None:
            _member.number = _number
SOURCE_NUMBERS = {source: number for number, source in enumerate(SOURCES)}

# The exceptions of the statuses that a desk answers and a caller can do something about.
ERRORS = {3: ValueError, 8: MemoryError, 24: ValueError, 121: ValueError, 122: NotHalted}

_openpit.set_trading_words(
    (SIDES, POSITION_SIDES, ORDER_TYPES, TIMES_IN_FORCE, SOURCES, REASONS, HALTS),
    date.fromordinal,
    date.toordinal,
    ERRORS,
)
