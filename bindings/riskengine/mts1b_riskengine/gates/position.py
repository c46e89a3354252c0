"""Gate 4: exposure of the fund and of the strategy, orders in flight included."""

from __future__ import annotations

from collections.abc import Iterable

from .verdict import Verdict, sentence

REASONS = {
    "NAV_MISSING": "the net asset value is not known",
    "NAV_STALE": "the net asset value is too old",
    "NAV_NOT_POSITIVE": "the net asset value is not above zero",
    "EXPOSURE_UNAVAILABLE": "something that is held or ordered cannot be valued",
    "MAX_POSITION_EXCEEDED": "the position would be above the limit",
    "MAX_GROSS_EXPOSURE_EXCEEDED": "the gross exposure would be above the limit",
    "MAX_NET_EXPOSURE_EXCEEDED": "the net exposure would be above the limit",
    "MAX_SECTOR_EXCEEDED": "the exposure to the sector would be above the limit",
    "MAX_ASSET_CLASS_EXCEEDED": "the exposure to the asset class would be above the limit",
}
UNAVAILABLE = "EXPOSURE_UNAVAILABLE"


def explained(verdict: Verdict, unvalued: Iterable[str]) -> tuple[str, dict[str, str]]:
    details = verdict.numbers()
    if verdict.code == UNAVAILABLE:
        details["symbols"] = ",".join(sorted(unvalued))
    return sentence(REASONS, verdict), details
