"""What a policy of your own implements, and what its hooks return."""

from __future__ import annotations

import abc
from collections.abc import Iterable

from openpit._openpit import (
    AccountAdjustmentContext,
    AccountBlock,
    AccountOutcomeEntry,
    Context,
    PostTradeContext,
    PostTradeResult,
)
from openpit._record import record
from openpit.core import AccountAdjustment, ExecutionReport, Mutation, Order
from openpit.param import AccountId, Price
from openpit.pretrade._codes import RejectCode, RejectScope


@record
class PolicyReject:
    """One reason to say no. The engine adds the policy's name."""

    code: RejectCode | str
    reason: str
    details: str
    scope: RejectScope = RejectScope.ORDER
    user_data: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.scope, RejectScope):
            raise TypeError("scope must be openpit.pretrade.RejectScope")


@record
class PolicyDecision:
    """The answer of a main-stage check: rejects, or none for yes, and what to do about it later."""

    rejects: tuple[PolicyReject, ...] = ()
    mutations: tuple[Mutation, ...] = ()

    @classmethod
    def accept(cls, mutations: Iterable[Mutation] = ()) -> PolicyDecision:
        """Yes."""
        return cls(mutations=tuple(mutations))

    @classmethod
    def reject(cls, rejects: Iterable[PolicyReject], mutations: Iterable[Mutation] = ()) -> PolicyDecision:
        """No. The mutations are undone with those of the others."""
        return cls(rejects=tuple(rejects), mutations=tuple(mutations))


@record
class PolicyPreTradeResult:
    """The answer of a main-stage check that also publishes outcomes and lock prices."""

    rejects: tuple[PolicyReject, ...] = ()
    mutations: tuple[Mutation, ...] = ()
    account_adjustments: tuple[AccountOutcomeEntry, ...] = ()
    lock_prices: tuple[Price, ...] = ()

    @classmethod
    def accept(
        cls,
        mutations: Iterable[Mutation] = (),
        account_adjustments: Iterable[AccountOutcomeEntry] = (),
        lock_prices: Iterable[Price] = (),
    ) -> PolicyPreTradeResult:
        """Yes."""
        return cls((), tuple(mutations), tuple(account_adjustments), tuple(lock_prices))

    @classmethod
    def reject(
        cls,
        rejects: Iterable[PolicyReject],
        mutations: Iterable[Mutation] = (),
        account_adjustments: Iterable[AccountOutcomeEntry] = (),
        lock_prices: Iterable[Price] = (),
    ) -> PolicyPreTradeResult:
        """No. The mutations are undone with those of the others."""
        return cls(tuple(rejects), tuple(mutations), tuple(account_adjustments), tuple(lock_prices))


@record
class PolicyAccountAdjustmentResult:
    """The answer to one account adjustment."""

    rejects: tuple[PolicyReject, ...] = ()
    mutations: tuple[Mutation, ...] = ()
    account_adjustments: tuple[AccountOutcomeEntry, ...] = ()
    account_blocks: tuple[AccountBlock, ...] = ()


class Policy(abc.ABC):
    """A control of your own. Override the hooks you need; the others accept.

    The hooks run on the thread that called the engine, in the order in which policies were added,
    and may call the engine themselves.
    """

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """Unique in an engine; read once, when the policy is added."""

    @property
    def policy_group_id(self) -> int:
        """0 is shared; any other number is this policy's own. Read once, when the policy is added."""
        return 0

    def check_pre_trade_start(self, ctx: Context, order: Order) -> Iterable[PolicyReject] | None:
        """Start stage: says yes with nothing, or gives the reasons to say no."""
        return ()

    def perform_pre_trade_check(self, ctx: Context, order: Order) -> PolicyPreTradeResult | PolicyDecision | None:
        """Main stage: says yes or no, and registers what to do when the order is kept or undone."""
        return PolicyPreTradeResult.accept()

    def apply_execution_report(self, ctx: PostTradeContext, report: ExecutionReport) -> PostTradeResult | None:
        """Learns what became of an order. Called with keywords, so the parameter names matter."""
        return None

    def apply_account_adjustment(
        self, ctx: AccountAdjustmentContext, account_id: AccountId, adjustment: AccountAdjustment
    ) -> PolicyAccountAdjustmentResult:
        """Says yes or no to one adjustment of a batch."""
        return PolicyAccountAdjustmentResult()
