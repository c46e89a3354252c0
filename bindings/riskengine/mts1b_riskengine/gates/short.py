"""Gate 6: what is sold and not owned has to be allowed, borrowable at a price, and located."""

from __future__ import annotations

from .verdict import Verdict, sentence

REASONS = {
    "SHORTING_DISABLED": "the order sells what is not held, and shorting is not enabled",
    "BORROW_FEE_UNKNOWN": "nobody said what borrowing costs",
    "BORROW_FEE_STALE": "what borrowing costs was said too long ago",
    "BORROW_FEE_EXCEEDED": "borrowing costs more than the limit",
    "NOT_BORROWABLE": "not enough can be borrowed",
    "LOCATE_REQUIRED": "there is no locate for the order",
    "LOCATE_EXPIRED": "the locate has expired",
    "LOCATE_INSUFFICIENT": "the locate has not enough left",
    "MAX_SHORT_EXCEEDED": "the sum of short positions would be above the limit",
    "NAV_MISSING": "the net asset value is not known",
}
NO_BORROW = frozenset({"future", "fx", "option"})
"""Asset classes that are sold short without anybody lending them."""


def explained(verdict: Verdict) -> tuple[str, dict[str, str]]:
    return sentence(REASONS, verdict), verdict.numbers()
