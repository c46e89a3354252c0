"""Quotes, and how old they may become."""

from openpit._openpit import (
    AlreadyRegistered,
    MarketDataBuilder,
    MarketDataError,
    MarketDataService,
    Quote,
    QuoteExpired,
    QuoteResolution,
    QuoteTtl,
    QuoteUnavailable,
    RegistrationError,
    UnknownInstrument,
    UnknownInstrumentId,
)
from openpit.core import InstrumentId

__all__ = [
    "AlreadyRegistered",
    "InstrumentId",
    "MarketDataBuilder",
    "MarketDataError",
    "MarketDataService",
    "Quote",
    "QuoteExpired",
    "QuoteResolution",
    "QuoteTtl",
    "QuoteUnavailable",
    "RegistrationError",
    "UnknownInstrument",
    "UnknownInstrumentId",
]
