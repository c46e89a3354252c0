"""The built-in policies: what they are made of, and the builders that add them to an engine.

A builder goes to ``builtin`` of an engine builder. What it was given is checked there::

    limit = RateLimit(max_orders=100, window=datetime.timedelta(seconds=1))
    policy = build_rate_limit().broker_barrier(RateLimitBrokerBarrier(limit))
    engine = openpit.Engine.builder().no_sync().builtin(policy).build()
"""

from __future__ import annotations

from openpit._openpit import OrderSizeLimit
from openpit._record import record
from openpit.param import AccountId, Asset, Pnl
from openpit.pretrade._group import DEFAULT_POLICY_GROUP_ID

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import decimal
    import typing

    from typing_extensions import Self

    PnlLike = Pnl | decimal.Decimal | str | int | float

__all__ = [
    "OrderSizeLimit",
    "OrderSizeBrokerBarrier",
    "OrderSizeAssetBarrier",
    "OrderSizeAccountAssetBarrier",
    "OrderSizeLimitReadyBuilder",
    "OrderSizeLimitBuilder",
    "build_order_size_limit",
    "PnlBoundsBrokerBarrier",
    "PnlBoundsAccountAssetBarrier",
    "PnlBoundsAccountAssetBarrierUpdate",
    "PnlBoundsKillswitchReadyBuilder",
    "PnlBoundsKillswitchBuilder",
    "build_pnl_bounds_killswitch",
    "RateLimit",
    "RateLimitBrokerBarrier",
    "RateLimitAssetBarrier",
    "RateLimitAccountBarrier",
    "RateLimitAccountAssetBarrier",
    "RateLimitReadyBuilder",
    "RateLimitBuilder",
    "build_rate_limit",
    "OrderValidationBuilder",
    "build_order_validation",
]


class _GroupBuilder:
    """What every policy builder has: the group its policy belongs to."""

    def __init__(self) -> None:
        self._policy_group_id = DEFAULT_POLICY_GROUP_ID

    def with_policy_group_id(self, policy_group_id: int) -> Self:
        """0 is shared; any other number is this policy's own in an engine."""
        self._policy_group_id = policy_group_id
        return self


# --- Order validation --------------------------------------------------------------------------------


class OrderValidationBuilder(_GroupBuilder):
    """Refuses orders without an amount, or with an amount of zero."""

    def _build(self, engine_builder: typing.Any) -> None:
        engine_builder._add_builtin_order_validation(self._policy_group_id)


def build_order_validation() -> OrderValidationBuilder:
    return OrderValidationBuilder()


# --- Rate limit --------------------------------------------------------------------------------------


@record
class RateLimit:
    """At most so many orders in any window."""

    max_orders: int
    window: datetime.timedelta


@record
class RateLimitBrokerBarrier:
    """Counts all orders in fixed windows; rejects the order."""

    limit: RateLimit


@record
class RateLimitAssetBarrier:
    """Counts the orders of one settlement asset in fixed windows; rejects the order."""

    limit: RateLimit
    settlement_asset: Asset | str


@record
class RateLimitAccountBarrier:
    """Counts the orders of one account in a sliding window; blocks the account."""

    limit: RateLimit
    account_id: AccountId


@record
class RateLimitAccountAssetBarrier:
    """Counts the orders of one account in one settlement asset in a sliding window; blocks the account."""

    limit: RateLimit
    account_id: AccountId
    settlement_asset: Asset | str


class RateLimitReadyBuilder(_GroupBuilder):
    """A rate limit with barriers. Of barriers with the same key the last one counts."""

    def __init__(self) -> None:
        super().__init__()
        self._broker: RateLimitBrokerBarrier | None = None
        self._asset: list[RateLimitAssetBarrier] = []
        self._account: list[RateLimitAccountBarrier] = []
        self._account_asset: list[RateLimitAccountAssetBarrier] = []

    def broker_barrier(self, barrier: RateLimitBrokerBarrier | None) -> RateLimitReadyBuilder:
        self._broker = barrier
        return self

    def asset_barriers(self, *barriers: RateLimitAssetBarrier) -> RateLimitReadyBuilder:
        self._asset.extend(barriers)
        return self

    def account_barriers(self, *barriers: RateLimitAccountBarrier) -> RateLimitReadyBuilder:
        self._account.extend(barriers)
        return self

    def account_asset_barriers(self, *barriers: RateLimitAccountAssetBarrier) -> RateLimitReadyBuilder:
        self._account_asset.extend(barriers)
        return self

    def _build(self, engine_builder: typing.Any) -> None:
        engine_builder._add_builtin_rate_limit(
            self._policy_group_id, self._broker, self._asset, self._account, self._account_asset
        )


class RateLimitBuilder:
    """A rate limit that still needs its first barrier."""

    NAME: typing.ClassVar[str] = "RateLimitPolicy"

    def __init__(self) -> None:
        self._ready = RateLimitReadyBuilder()

    def with_policy_group_id(self, policy_group_id: int) -> RateLimitBuilder:
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def broker_barrier(self, barrier: RateLimitBrokerBarrier | None) -> RateLimitReadyBuilder:
        return self._ready.broker_barrier(barrier)

    def asset_barriers(self, *barriers: RateLimitAssetBarrier) -> RateLimitReadyBuilder:
        return self._ready.asset_barriers(*barriers)

    def account_barriers(self, *barriers: RateLimitAccountBarrier) -> RateLimitReadyBuilder:
        return self._ready.account_barriers(*barriers)

    def account_asset_barriers(self, *barriers: RateLimitAccountAssetBarrier) -> RateLimitReadyBuilder:
        return self._ready.account_asset_barriers(*barriers)


def build_rate_limit() -> RateLimitBuilder:
    return RateLimitBuilder()


# --- Order size --------------------------------------------------------------------------------------


@record
class OrderSizeBrokerBarrier:
    """Limits every order; rejects the order."""

    limit: OrderSizeLimit


@record
class OrderSizeAssetBarrier:
    """Limits the orders of one settlement asset; rejects the order."""

    limit: OrderSizeLimit
    settlement_asset: Asset | str


@record
class OrderSizeAccountAssetBarrier:
    """Takes the place of the asset barrier for one account; blocks the account."""

    limit: OrderSizeLimit
    account_id: AccountId
    settlement_asset: Asset | str


class OrderSizeLimitReadyBuilder(_GroupBuilder):
    """An order size limit with barriers. Of barriers with the same key the last one counts."""

    def __init__(self) -> None:
        super().__init__()
        self._broker: OrderSizeBrokerBarrier | None = None
        self._asset: list[OrderSizeAssetBarrier] = []
        self._account_asset: list[OrderSizeAccountAssetBarrier] = []

    def broker_barrier(self, barrier: OrderSizeBrokerBarrier | None) -> OrderSizeLimitReadyBuilder:
        self._broker = barrier
        return self

    def asset_barriers(self, *barriers: OrderSizeAssetBarrier) -> OrderSizeLimitReadyBuilder:
        self._asset.extend(barriers)
        return self

    def account_asset_barriers(self, *barriers: OrderSizeAccountAssetBarrier) -> OrderSizeLimitReadyBuilder:
        self._account_asset.extend(barriers)
        return self

    def _build(self, engine_builder: typing.Any) -> None:
        engine_builder._add_builtin_order_size_limit(
            self._policy_group_id, self._broker, self._asset, self._account_asset
        )


class OrderSizeLimitBuilder:
    """An order size limit that still needs its first barrier."""

    NAME: typing.ClassVar[str] = "OrderSizeLimitPolicy"

    def __init__(self) -> None:
        self._ready = OrderSizeLimitReadyBuilder()

    def with_policy_group_id(self, policy_group_id: int) -> OrderSizeLimitBuilder:
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def broker_barrier(self, barrier: OrderSizeBrokerBarrier | None) -> OrderSizeLimitReadyBuilder:
        return self._ready.broker_barrier(barrier)

    def asset_barriers(self, *barriers: OrderSizeAssetBarrier) -> OrderSizeLimitReadyBuilder:
        return self._ready.asset_barriers(*barriers)

    def account_asset_barriers(self, *barriers: OrderSizeAccountAssetBarrier) -> OrderSizeLimitReadyBuilder:
        return self._ready.account_asset_barriers(*barriers)


def build_order_size_limit() -> OrderSizeLimitBuilder:
    return OrderSizeLimitBuilder()


# --- P&L kill switch ---------------------------------------------------------------------------------


@record
class PnlBoundsBrokerBarrier:
    """How far the realised P&L of each account in one settlement asset may go; blocks the account."""

    settlement_asset: Asset | str
    lower_bound: PnlLike | None = None
    upper_bound: PnlLike | None = None


@record
class PnlBoundsAccountAssetBarrier:
    """A barrier of one account besides that of the broker, and the total the account starts with."""

    barrier: PnlBoundsBrokerBarrier
    account_id: AccountId
    initial_pnl: PnlLike


@record
class PnlBoundsAccountAssetBarrierUpdate:
    """A barrier of one account for a running engine, which knows the total already."""

    barrier: PnlBoundsBrokerBarrier
    account_id: AccountId


class PnlBoundsKillswitchReadyBuilder(_GroupBuilder):
    """A P&L kill switch with barriers. Of barriers with the same key the last one counts."""

    def __init__(self) -> None:
        super().__init__()
        self._broker: list[PnlBoundsBrokerBarrier] = []
        self._account: list[PnlBoundsAccountAssetBarrier] = []

    def broker_barriers(self, *barriers: PnlBoundsBrokerBarrier) -> PnlBoundsKillswitchReadyBuilder:
        self._broker.extend(barriers)
        return self

    def account_barriers(self, *barriers: PnlBoundsAccountAssetBarrier) -> PnlBoundsKillswitchReadyBuilder:
        self._account.extend(barriers)
        return self

    def _build(self, engine_builder: typing.Any) -> None:
        engine_builder._add_builtin_pnl_bounds_killswitch(self._policy_group_id, self._broker, self._account)


class PnlBoundsKillswitchBuilder:
    """A P&L kill switch that still needs its first barrier."""

    NAME: typing.ClassVar[str] = "PnlBoundsKillSwitchPolicy"

    def __init__(self) -> None:
        self._ready = PnlBoundsKillswitchReadyBuilder()

    def with_policy_group_id(self, policy_group_id: int) -> PnlBoundsKillswitchBuilder:
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def broker_barriers(self, *barriers: PnlBoundsBrokerBarrier) -> PnlBoundsKillswitchReadyBuilder:
        return self._ready.broker_barriers(*barriers)

    def account_barriers(self, *barriers: PnlBoundsAccountAssetBarrier) -> PnlBoundsKillswitchReadyBuilder:
        return self._ready.account_barriers(*barriers)


def build_pnl_bounds_killswitch() -> PnlBoundsKillswitchBuilder:
    return PnlBoundsKillswitchBuilder()
