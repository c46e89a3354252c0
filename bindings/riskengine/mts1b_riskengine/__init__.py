"""Enforcement between an order management system and its brokers: seven gates, envelopes, halts and synthetic stops."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from .config import Config
from .envelope.model import RiskEnvelope
from .envelope.store import EnvelopeStore
from .models import (
    Alert,
    BorrowInfo,
    Fill,
    GateResult,
    Halt,
    Instrument,
    Locate,
    Order,
    OrderType,
    Position,
    Purpose,
    Quote,
    RiskDecision,
    Severity,
    Side,
    StopSide,
    StopState,
    SweepReport,
    SyntheticStop,
    TimeInForce,
    VetoResult,
)
from .store import SqliteStore

if TYPE_CHECKING:
    from .engine import RiskEngine

__all__ = [
    "Alert",
    "BorrowInfo",
    "Config",
    "EnvelopeStore",
    "Fill",
    "GateResult",
    "Halt",
    "Instrument",
    "Locate",
    "Order",
    "OrderType",
    "Position",
    "Purpose",
    "Quote",
    "RiskDecision",
    "RiskEngine",
    "RiskEnvelope",
    "Severity",
    "Side",
    "SqliteStore",
    "StopSide",
    "StopState",
    "SweepReport",
    "SyntheticStop",
    "TimeInForce",
    "VetoResult",
]

# Who embeds the engine says where its log goes; `mts serve` does.
logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> object:
    # The engine is loaded when it is used: models, stores and the client do without the native part.
    if name == "RiskEngine":
        from .engine import RiskEngine

        return RiskEngine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
