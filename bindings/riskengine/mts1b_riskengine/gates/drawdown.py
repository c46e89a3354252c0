"""Gate 5: the kill switch. A halt stands until somebody lifts it, and lets what reduces pass."""

from __future__ import annotations

from ..models import Halt, Severity
from .verdict import Verdict

SEVERITIES = (
    Severity.DAILY_LOSS,
    Severity.WEEKLY_LOSS,
    Severity.MONTHLY_LOSS,
    Severity.MANUAL,
    Severity.RECONCILIATION,
)
"""By number."""
REASONS = {
    Severity.DAILY_LOSS: "halted for the loss of the day",
    Severity.WEEKLY_LOSS: "halted for the loss of the week",
    Severity.MONTHLY_LOSS: "halted for the loss of the month",
    Severity.MANUAL: "halted by hand",
    Severity.RECONCILIATION: "halted because the positions are not those of the broker",
}


def explained(verdict: Verdict, halt: Halt | None) -> tuple[str, dict[str, str]]:
    details = verdict.numbers()
    name = verdict.code.removeprefix("HALTED_")
    if name not in Severity.__members__:
        return "a number does not fit, so nothing can be said", details
    reason = REASONS[Severity(name)]
    details["severity"] = name
    if halt is not None:
        details |= {"halt_id": halt.halt_id, "halted": halt.scope}
        if halt.reason:
            reason = f"{reason}: {halt.reason}"[:500]
    return reason, details
