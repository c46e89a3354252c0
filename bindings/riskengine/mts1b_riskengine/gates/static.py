"""Gate 3: what an order may be whatever is held: fund, envelope, instrument, broker, type, class, symbol, quote, size, price."""

from __future__ import annotations

from ..models import Order
from .verdict import Verdict, sentence

REASONS = {
    "FUND_UNKNOWN": "the fund is not registered",
    "ENVELOPE_MISSING": "no envelope of the fund is active",
    "UNKNOWN_INSTRUMENT": "the instrument is not registered",
    "BROKER_NOT_ALLOWED": "the broker is not among those allowed",
    "ORDER_TYPE_NOT_ALLOWED": "the type of order is not among those allowed",
    "ASSET_CLASS_NOT_ALLOWED": "the asset class is not among those allowed",
    "SYMBOL_RESTRICTED": "the symbol is restricted",
    "QUOTE_MISSING": "there is no quote",
    "QUOTE_STALE": "the quote is too old",
    "FX_RATE_MISSING": "nobody said what the instrument's currency is worth in the fund's",
    "MAX_ORDER_QUANTITY_EXCEEDED": "the order's quantity is above the limit",
    "MAX_ORDER_NOTIONAL_EXCEEDED": "the order's notional is above the limit",
    "PRICE_COLLAR_EXCEEDED": "the limit price is too far from the mark",
}


def explained(verdict: Verdict, order: Order) -> tuple[str, dict[str, str]]:
    details = verdict.numbers()
    named = {
        "BROKER_NOT_ALLOWED": ("broker", order.broker),
        "ORDER_TYPE_NOT_ALLOWED": ("order_type", order.order_type.value),
        "SYMBOL_RESTRICTED": ("symbol", order.symbol),
        "UNKNOWN_INSTRUMENT": ("symbol", order.symbol),
    }.get(verdict.code)
    if named is not None:
        details[named[0]] = named[1]
    return sentence(REASONS, verdict), details
