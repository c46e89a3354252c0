"""The engine's answers: rejects, reservations, outcomes and locks."""

from openpit._openpit import (
    AccountAdjustmentOutcome,
    AccountOutcomeEntry,
    AccountPnlOutcome,
    Lock,
    OutcomeAmount,
    PnlHaltReason,
    PnlOutcome,
    PnlOutcomeAmount,
    Price,
)

__all__ = [
    "AccountAdjustmentOutcome",
    "AccountOutcomeEntry",
    "AccountPnlOutcome",
    "Lock",
    "OutcomeAmount",
    "PnlHaltReason",
    "PnlOutcome",
    "PnlOutcomeAmount",
]
