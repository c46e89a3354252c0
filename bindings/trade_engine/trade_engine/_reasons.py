"""Codes in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from trade_engine._numbers import plain

SENTENCES = {
    "UNKNOWN_SYMBOL": "the symbol is not listed",
    "NO_PRICE": "there is no price for the symbol",
    "INVALID_PRICE": "nothing opens at a price that is not above 0",
    "DRAWDOWN_HALT": "the drawdown exceeds its limit",
    "DAILY_LOSS_HALT": "the loss of the day has reached its limit",
    "MANUAL_HALT": "an operator has halted the engine",
    "MAX_POSITIONS": "there are as many positions as there may be",
    "INVALID_QUANTITY": "the quantity is none that the instrument has",
    "MAX_POSITION_SIZE": "the position would be worth more than it may",
    "SIZE_TOO_SMALL": "what the strength asks for is less than the smallest order",
    "FLIP_NOT_ALLOWED": "the quantity is more than what is held",
    "STORE_FAILED": "events could not be kept, so nothing opens until the engine is restored",
    "CORRELATED_EXPOSURE": "moves as a position that is held",
    "CORRELATION_UNAVAILABLE": "the correlation with a position that is held is not known",
}


def reason_of(code: str, details: Mapping[str, Any]) -> str:
    """A sentence for a code, with the figures there are."""
    figures = ", ".join(
        f"{name} {plain(value) if isinstance(value, Decimal) else value}" for name, value in details.items()
    )
    sentence = SENTENCES.get(code, code)
    return f"{sentence} ({figures})" if figures else sentence
