"""The way of an order: requests, reservations, rejects, policies, and what the engine says about them."""

from openpit._openpit import (
    AccountAdjustmentBatchResult,
    AccountAdjustmentOutcome,
    AccountBlock,
    AccountControl,
    AccountOutcomeEntry,
    AccountPnlOutcome,
    Context,
    DryRunReport,
    ExecuteResult,
    Lock,
    OutcomeAmount,
    PnlHaltReason,
    PnlOutcome,
    PnlOutcomeAmount,
    PolicyConfigurationResult,
    PostTradeContext,
    PostTradeResult,
    Price,
    Reject,
    Request,
    Reservation,
    StartResult,
)
from openpit.pretrade import policies
from openpit.pretrade._codes import RejectCode, RejectScope
from openpit.pretrade._group import DEFAULT_POLICY_GROUP_ID, PolicyGroupId
from openpit.pretrade.policy import (
    Policy,
    PolicyAccountAdjustmentResult,
    PolicyDecision,
    PolicyPreTradeResult,
    PolicyReject,
)

__all__ = [
    "AccountAdjustmentBatchResult",
    "AccountAdjustmentOutcome",
    "AccountBlock",
    "AccountControl",
    "AccountOutcomeEntry",
    "AccountPnlOutcome",
    "Context",
    "DEFAULT_POLICY_GROUP_ID",
    "DryRunReport",
    "ExecuteResult",
    "Lock",
    "OutcomeAmount",
    "PnlHaltReason",
    "PnlOutcome",
    "PnlOutcomeAmount",
    "Policy",
    "PolicyAccountAdjustmentResult",
    "PolicyConfigurationResult",
    "PolicyDecision",
    "PolicyGroupId",
    "PolicyPreTradeResult",
    "PolicyReject",
    "PostTradeContext",
    "PostTradeResult",
    "Reject",
    "RejectCode",
    "RejectScope",
    "Rejects",
    "Request",
    "Reservation",
    "StartResult",
    "policies",
]

Rejects = list[Reject]
