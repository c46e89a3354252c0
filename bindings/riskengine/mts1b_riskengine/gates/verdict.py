"""A verdict of the native gates, and how it becomes a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from . import NAMES

IS_REPLAY, IS_PENDING, IS_REDUCING, HAS_NUMBERS = 1, 2, 4, 8
SCOPES = ("", "firm", "fund", "strategy")
CODES = (
    "", "IDEMPOTENCY_KEY_REUSED", "ORDER_ID_REUSED", "IDEMPOTENCY_STORE_FULL", "FUND_UNKNOWN", "ENVELOPE_MISSING",
    "UNKNOWN_INSTRUMENT", "BROKER_NOT_ALLOWED", "ORDER_TYPE_NOT_ALLOWED", "ASSET_CLASS_NOT_ALLOWED", "SYMBOL_RESTRICTED",
    "QUOTE_MISSING", "QUOTE_STALE", "FX_RATE_MISSING", "MAX_ORDER_QUANTITY_EXCEEDED", "MAX_ORDER_NOTIONAL_EXCEEDED",
    "PRICE_COLLAR_EXCEEDED", "NAV_MISSING", "NAV_STALE", "NAV_NOT_POSITIVE", "EXPOSURE_UNAVAILABLE", "MAX_POSITION_EXCEEDED",
    "MAX_GROSS_EXPOSURE_EXCEEDED", "MAX_NET_EXPOSURE_EXCEEDED", "MAX_SECTOR_EXCEEDED", "MAX_ASSET_CLASS_EXCEEDED",
    "HALTED_DAILY_LOSS", "HALTED_WEEKLY_LOSS", "HALTED_MONTHLY_LOSS", "HALTED_MANUAL", "HALTED_RECONCILIATION",
    "SHORTING_DISABLED", "BORROW_FEE_UNKNOWN", "BORROW_FEE_STALE", "BORROW_FEE_EXCEEDED", "NOT_BORROWABLE", "LOCATE_REQUIRED",
    "LOCATE_EXPIRED", "LOCATE_INSUFFICIENT", "MAX_SHORT_EXCEEDED", "GATE_ERROR",
)  # fmt: skip


class Verdict(NamedTuple):
    """What the native gates say; limits as decimal text."""

    number_of_code: int
    number_of_gate: int
    number_of_scope: int
    changed: int
    flags: int
    number: int
    handle: int
    halt: int
    limit: str | None
    observed: str | None
    headroom: str | None
    short: str

    @property
    def code(self) -> str:
        return CODES[self.number_of_code]

    @property
    def gate(self) -> str:
        return NAMES[self.number_of_gate]

    @property
    def scope(self) -> str:
        return SCOPES[self.number_of_scope]

    @property
    def is_reducing(self) -> bool:
        return self.flags & IS_REDUCING != 0

    def numbers(self) -> dict[str, str]:
        """Limit, observed, headroom and scope, as far as there are any."""
        details = {} if self.number_of_scope == 0 else {"scope": self.scope}
        if self.limit is not None and self.observed is not None and self.headroom is not None:
            details |= {"limit": self.limit, "observed": self.observed, "headroom": self.headroom}
        return details


def sentence(reasons: Mapping[str, str], verdict: Verdict) -> str:
    """Why, in a sentence; with the numbers where there are any."""
    reason = reasons.get(verdict.code, "a number does not fit, so nothing can be said")
    if verdict.limit is None:
        return reason
    return f"{reason}: {verdict.observed} with the order, {verdict.limit} allowed, room for {verdict.headroom}"
