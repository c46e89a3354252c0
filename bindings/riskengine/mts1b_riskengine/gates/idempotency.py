"""Gate 1: an order that was decided before is answered as it was, and no other one takes its key.

The table of keys is native: `RiskGates.check` looks into it first.
"""

from __future__ import annotations

from typing import Any

from .verdict import Verdict, sentence

MISSING, INVALID, UNAVAILABLE = "IDEMPOTENCY_KEY_MISSING", "IDEMPOTENCY_KEY_INVALID", "STORE_UNAVAILABLE"
KEY_MAX = 128

REASONS = {
    MISSING: "an order needs an idempotency key",
    INVALID: "an idempotency key is a text of 1 to 128 printable characters",
    UNAVAILABLE: "the store does not answer, so nothing can be approved",
    "IDEMPOTENCY_KEY_REUSED": "another order was decided under this key",
    "ORDER_ID_REUSED": "the order id is that of an order under another key",
    "IDEMPOTENCY_STORE_FULL": "no more keys can be remembered until older ones age out",
}
FIELDS = (
    "symbol", "side", "quantity", "broker", "strategy_id", "order_type", "limit_price", "stop_price", "time_in_force", "locate_id",
    "purpose",
)  # fmt: skip
"""What two orders under one key may differ in, by bit."""


def problem(key: Any) -> str:
    """The code of what is wrong with a key; "" when nothing is."""
    if key is None or (isinstance(key, str) and not key.strip()):
        return MISSING
    if not isinstance(key, str) or len(key) > KEY_MAX or not key.isprintable():
        return INVALID
    return ""


def explained(verdict: Verdict, first_order_id: str) -> tuple[str, dict[str, str]]:
    details = {}
    if verdict.code == "IDEMPOTENCY_KEY_REUSED":
        changed = sorted(name for bit, name in enumerate(FIELDS) if verdict.changed >> bit & 1)
        details = {"first_order_id": first_order_id, "changed": ",".join(changed)}
    return sentence(REASONS, verdict), details
