"""The built-in policies: what they are made of, and the builders that add them to an engine.

A builder goes to ``builtin`` of an engine builder. What it was given is checked there::

    limit = RateLimit(max_orders=100, window=datetime.timedelta(seconds=1))
    policy = build_rate_limit().broker_barrier(RateLimitBrokerBarrier(limit))
    engine = openpit.Engine.builder().no_sync().builtin(policy).build()
"""

from __future__ import annotations

import datetime

from openpit._enum import StrEnum
from openpit._openpit import InstrumentId, MarketDataService, OrderSizeLimit
from openpit._record import DataclassAttribute, Deferred, record
from openpit.param import AccountGroupId, AccountId, Asset, Pnl, Quantity
from openpit.pretrade._group import DEFAULT_POLICY_GROUP_ID

TYPE_CHECKING = False
if TYPE_CHECKING:
    import decimal
    import typing
    from typing import overload

    from typing_extensions import Self
else:
    decimal, typing = Deferred("decimal"), Deferred("typing")
    Self = "_GroupBuilder"  # at least that

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
    "SpotFundsPricingSource",
    "SpotFundsLimitMode",
    "SpotFundsOverride",
    "SpotFundsOverrideTargetInstrument",
    "SpotFundsOverrideTargetInstrumentAccount",
    "SpotFundsOverrideTargetInstrumentAccountGroup",
    "SpotFundsOverrideTarget",
    "SpotFundsOverrideEntry",
    "SpotFundsLimitModeAccountEntry",
    "SpotFundsLimitModeAccountGroupEntry",
    "SpotFundsPositionLimitEntry",
    "SpotFundsReadyBuilder",
    "SpotFundsBuilder",
    "build_spot_funds",
    "SpotFundsPnlBoundsBarrier",
    "SpotFundsPnlBoundsAccountBarrier",
    "SpotFundsPnlBoundsAccountGroupBarrier",
    "SpotFundsPnlBoundsKillswitchReadyBuilder",
    "SpotFundsPnlBoundsKillswitchBuilder",
    "build_spot_funds_pnl_bounds_killswitch",
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
    """An order validation, which needs nothing more."""
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
        """The barrier for all orders; None takes it away."""
        self._broker = barrier
        return self

    def asset_barriers(self, *barriers: RateLimitAssetBarrier) -> RateLimitReadyBuilder:
        """More barriers, each of one settlement asset."""
        self._asset.extend(barriers)
        return self

    def account_barriers(self, *barriers: RateLimitAccountBarrier) -> RateLimitReadyBuilder:
        """More barriers, each of one account."""
        self._account.extend(barriers)
        return self

    def account_asset_barriers(self, *barriers: RateLimitAccountAssetBarrier) -> RateLimitReadyBuilder:
        """More barriers, each of one account in one settlement asset."""
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
        """0 is shared; any other number is this policy's own in an engine."""
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def broker_barrier(self, barrier: RateLimitBrokerBarrier | None) -> RateLimitReadyBuilder:
        """The barrier for all orders; None takes it away."""
        return self._ready.broker_barrier(barrier)

    def asset_barriers(self, *barriers: RateLimitAssetBarrier) -> RateLimitReadyBuilder:
        """More barriers, each of one settlement asset."""
        return self._ready.asset_barriers(*barriers)

    def account_barriers(self, *barriers: RateLimitAccountBarrier) -> RateLimitReadyBuilder:
        """More barriers, each of one account."""
        return self._ready.account_barriers(*barriers)

    def account_asset_barriers(self, *barriers: RateLimitAccountAssetBarrier) -> RateLimitReadyBuilder:
        """More barriers, each of one account in one settlement asset."""
        return self._ready.account_asset_barriers(*barriers)


def build_rate_limit() -> RateLimitBuilder:
    """A rate limit, which needs a barrier."""
    return RateLimitBuilder()


# --- Order size --------------------------------------------------------------------------------------


@record
class OrderSizeBrokerBarrier:
    """Limits every order; rejects the order."""

    limit: OrderSizeLimit


def _accepts_asset(cls: typing.Any) -> typing.Any:
    """Lets a barrier name its asset `asset`, too.

    Such a barrier caps the quantity of orders in that underlying asset and the notional of orders in that settlement
    asset, each cap by itself, and never blocks the account. Its last field is called `asset` then: whatever is made of
    its fields, a replacement or a copy, means the same. Either kind answers to both names.
    """
    plain, first = cls.__init__, cls.__match_args__[:-1]
    other_names = {"asset": "settlement_asset", "settlement_asset": "asset"}

    def __init__(self: typing.Any, *args: typing.Any, **named: typing.Any) -> None:
        if "asset" in named and "settlement_asset" not in named:
            plain(self, *args, settlement_asset=named.pop("asset"), **named)
            self.__dict__["asset"] = self.__dict__.pop("settlement_asset")
        else:
            plain(self, *args, **named)

    def __getattr__(self: typing.Any, name: str) -> typing.Any:
        other = other_names.get(name)
        if other not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return self.__dict__[other]

    def __repr__(self: typing.Any) -> str:
        names = (*first, "asset" if self._per_metric else "settlement_asset")
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def __eq__(self: typing.Any, other: typing.Any) -> typing.Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self._per_metric == other._per_metric and equal(self, other)

    equal = cls.__eq__
    __init__.__wrapped__, __init__.__annotations__ = plain, plain.__annotations__  # type: ignore[attr-defined]
    cls.__init__, cls.__getattr__, cls.__repr__, cls.__eq__ = __init__, __getattr__, __repr__, __eq__
    cls._field_names = (*cls._field_names, "asset")
    cls.__dataclass_fields__ = _FieldsAsNamed(cls)
    cls._per_metric = property(lambda self: "asset" in self.__dict__)
    return cls


class _FieldsAsNamed:
    """The fields of a barrier by the name its asset was given; those of the class by the older one."""

    def __init__(self, cls: type) -> None:
        self.older = cls.__dict__["__dataclass_fields__"]
        self.newer = DataclassAttribute("__dataclass_fields__", cls, {"settlement_asset": "asset"})

    def __get__(self, instance: typing.Any, cls: type) -> typing.Any:
        is_newer = instance is not None and instance._per_metric
        return (self.newer if is_newer else self.older).__get__(instance, cls)


@_accepts_asset
@record
class OrderSizeAssetBarrier:
    """Limits the orders of one settlement asset; rejects the order.

    With `asset` by keyword it caps the quantity of orders in that underlying asset and the notional of orders in that
    settlement asset.
    """

    limit: OrderSizeLimit
    settlement_asset: Asset | str

    if TYPE_CHECKING:

        @overload
        def __init__(self, limit: OrderSizeLimit, settlement_asset: Asset | str) -> None: ...
        @overload
        def __init__(self, limit: OrderSizeLimit, *, asset: Asset | str) -> None: ...
        def __init__(self, *args: typing.Any, **named: typing.Any) -> None: ...

        @property
        def asset(self) -> Asset | str: ...


@_accepts_asset
@record
class OrderSizeAccountAssetBarrier:
    """Takes the place of the asset barrier for one account; blocks the account.

    With `asset` by keyword it takes that place cap by cap, and rejects the order.
    """

    limit: OrderSizeLimit
    account_id: AccountId
    settlement_asset: Asset | str

    if TYPE_CHECKING:

        @overload
        def __init__(self, limit: OrderSizeLimit, account_id: AccountId, settlement_asset: Asset | str) -> None: ...
        @overload
        def __init__(self, limit: OrderSizeLimit, account_id: AccountId, *, asset: Asset | str) -> None: ...
        def __init__(self, *args: typing.Any, **named: typing.Any) -> None: ...

        @property
        def asset(self) -> Asset | str: ...


class OrderSizeLimitReadyBuilder(_GroupBuilder):
    """An order size limit with barriers. Of barriers with the same key the last one counts."""

    def __init__(self) -> None:
        super().__init__()
        self._broker: OrderSizeBrokerBarrier | None = None
        self._asset: list[OrderSizeAssetBarrier] = []
        self._account_asset: list[OrderSizeAccountAssetBarrier] = []

    def broker_barrier(self, barrier: OrderSizeBrokerBarrier | None) -> OrderSizeLimitReadyBuilder:
        """The barrier for all orders; None takes it away."""
        self._broker = barrier
        return self

    def asset_barriers(self, *barriers: OrderSizeAssetBarrier) -> OrderSizeLimitReadyBuilder:
        """More barriers, each of one settlement asset."""
        self._asset.extend(barriers)
        return self

    def account_asset_barriers(self, *barriers: OrderSizeAccountAssetBarrier) -> OrderSizeLimitReadyBuilder:
        """More barriers, each of one account in one settlement asset."""
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
        """0 is shared; any other number is this policy's own in an engine."""
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def broker_barrier(self, barrier: OrderSizeBrokerBarrier | None) -> OrderSizeLimitReadyBuilder:
        """The barrier for all orders; None takes it away."""
        return self._ready.broker_barrier(barrier)

    def asset_barriers(self, *barriers: OrderSizeAssetBarrier) -> OrderSizeLimitReadyBuilder:
        """More barriers, each of one settlement asset."""
        return self._ready.asset_barriers(*barriers)

    def account_asset_barriers(self, *barriers: OrderSizeAccountAssetBarrier) -> OrderSizeLimitReadyBuilder:
        """More barriers, each of one account in one settlement asset."""
        return self._ready.account_asset_barriers(*barriers)


def build_order_size_limit() -> OrderSizeLimitBuilder:
    """An order size limit, which needs a barrier."""
    return OrderSizeLimitBuilder()


# --- P&L kill switch ---------------------------------------------------------------------------------


@record
class PnlBoundsBrokerBarrier:
    """How far the realised P&L of each account in one settlement asset may go; blocks the account."""

    settlement_asset: Asset | str
    lower_bound: Pnl | decimal.Decimal | str | int | float | None = None
    upper_bound: Pnl | decimal.Decimal | str | int | float | None = None


@record
class PnlBoundsAccountAssetBarrier:
    """A barrier of one account besides that of the broker, and the total the account starts with."""

    barrier: PnlBoundsBrokerBarrier
    account_id: AccountId
    initial_pnl: Pnl | decimal.Decimal | str | int | float


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
        """More barriers for every account, each of one settlement asset."""
        self._broker.extend(barriers)
        return self

    def account_barriers(self, *barriers: PnlBoundsAccountAssetBarrier) -> PnlBoundsKillswitchReadyBuilder:
        """More barriers, each of one account."""
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
        """0 is shared; any other number is this policy's own in an engine."""
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def broker_barriers(self, *barriers: PnlBoundsBrokerBarrier) -> PnlBoundsKillswitchReadyBuilder:
        """More barriers for every account, each of one settlement asset."""
        return self._ready.broker_barriers(*barriers)

    def account_barriers(self, *barriers: PnlBoundsAccountAssetBarrier) -> PnlBoundsKillswitchReadyBuilder:
        """More barriers, each of one account."""
        return self._ready.account_barriers(*barriers)


def build_pnl_bounds_killswitch() -> PnlBoundsKillswitchBuilder:
    """A P&L kill switch, which needs a barrier."""
    return PnlBoundsKillswitchBuilder()


# --- Spot funds --------------------------------------------------------------------------------------


class SpotFundsPricingSource(StrEnum):
    """Which price of a quote a market order is reserved at."""

    MARK = "Mark"
    BOOK_TOP = "BookTop"


class SpotFundsLimitMode(StrEnum):
    """What an order meets when the funds are short: a reject, or a balance below zero."""

    ENFORCE = "Enforce"
    TRACK_ONLY = "TrackOnly"


@record
class SpotFundsOverride:
    """How far from the quote market orders are reserved, in basis points; None takes an override back."""

    slippage_bps: int | None = None


@record
class SpotFundsOverrideTargetInstrument:
    """Market orders of one instrument."""

    instrument: InstrumentId


@record
class SpotFundsOverrideTargetInstrumentAccount:
    """Market orders of one instrument and account."""

    instrument: InstrumentId
    account_id: AccountId


@record
class SpotFundsOverrideTargetInstrumentAccountGroup:
    """Market orders of one instrument and the accounts of a group."""

    instrument: InstrumentId
    account_group_id: AccountGroupId


SpotFundsOverrideTarget = (
    SpotFundsOverrideTargetInstrument
    | SpotFundsOverrideTargetInstrumentAccount
    | SpotFundsOverrideTargetInstrumentAccountGroup
)


@record
class SpotFundsOverrideEntry:
    """An override and what it is for."""

    target: SpotFundsOverrideTarget
    override: SpotFundsOverride


@record
class SpotFundsLimitModeAccountEntry:
    """The limit mode of one account; None takes it back."""

    account_id: AccountId
    mode: SpotFundsLimitMode | None = None


@record
class SpotFundsLimitModeAccountGroupEntry:
    """The limit mode of the accounts of a group; None takes it back."""

    account_group_id: AccountGroupId
    mode: SpotFundsLimitMode | None = None


@record
class SpotFundsPositionLimitEntry:
    """How large a position of one account may become in either direction; None takes the limit back."""

    account_id: AccountId
    asset: Asset | str
    limit: Quantity | None


class SpotFundsReadyBuilder(_GroupBuilder):
    """Spot funds with market data."""

    def __init__(self) -> None:
        super().__init__()
        self._service: MarketDataService | None = None
        self._slippage_bps = 0
        self._pricing_source = SpotFundsPricingSource.MARK
        self._overrides: tuple[SpotFundsOverrideEntry, ...] = ()

    def market_data(
        self,
        service: MarketDataService,
        global_slippage_bps: int,
        pricing_source: SpotFundsPricingSource = SpotFundsPricingSource.MARK,
        overrides: typing.Iterable[SpotFundsOverrideEntry] = (),
    ) -> SpotFundsReadyBuilder:
        """Where market orders and conversions find quotes. Replaces what an earlier call said."""
        self._service = service
        self._slippage_bps = global_slippage_bps
        self._pricing_source = SpotFundsPricingSource(pricing_source)
        self._overrides = tuple(overrides)
        return self

    def _build(self, engine_builder: typing.Any) -> None:
        engine_builder._add_builtin_spot_funds(
            self._policy_group_id, self._service, self._slippage_bps, self._pricing_source, self._overrides
        )


class SpotFundsBuilder:
    """Spot funds, which take limit orders only until they are given market data."""

    NAME: typing.ClassVar[str] = "SpotFundsPolicy"

    def __init__(self) -> None:
        self._ready = SpotFundsReadyBuilder()

    def with_policy_group_id(self, policy_group_id: int) -> SpotFundsBuilder:
        """0 is shared; any other number is this policy's own in an engine."""
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def market_data(
        self,
        service: MarketDataService,
        global_slippage_bps: int,
        pricing_source: SpotFundsPricingSource = SpotFundsPricingSource.MARK,
        overrides: typing.Iterable[SpotFundsOverrideEntry] = (),
    ) -> SpotFundsReadyBuilder:
        """Where market orders and conversions find quotes."""
        return self._ready.market_data(service, global_slippage_bps, pricing_source, overrides)

    def _build(self, engine_builder: typing.Any) -> None:
        self._ready._build(engine_builder)


def build_spot_funds() -> SpotFundsBuilder:
    """Spot funds: limit orders at once, market orders with market data."""
    return SpotFundsBuilder()


# --- P&L bounds of spot funds ------------------------------------------------------------------------


class _BarrierSignature:
    """Shows the bounds alone: the currency came later and has no place of its own among them."""

    def __get__(self, instance: object, owner: type) -> typing.Any:
        from inspect import Parameter, Signature

        kind = Parameter.POSITIONAL_OR_KEYWORD
        return Signature([Parameter(name, kind, default=None) for name in ("lower_bound", "upper_bound")])


def _is_currency(value: object) -> bool:
    """Whether this is a name rather than a number, which may be text too."""
    return isinstance(value, str) and not any(character.isdigit() for character in value)


@record
class SpotFundsPnlBoundsBarrier:
    """How far the realised P&L of an account may go.

    With a currency, by keyword or before the bounds, it judges only accounts in that currency, or in none.
    """

    lower_bound: Pnl | decimal.Decimal | str | int | float | None = None
    upper_bound: Pnl | decimal.Decimal | str | int | float | None = None
    currency: Asset | str | None = None

    __signature__ = _BarrierSignature()

    if TYPE_CHECKING:

        @overload
        def __init__(
            self,
            lower_bound: Pnl | decimal.Decimal | str | int | float | None = None,
            upper_bound: Pnl | decimal.Decimal | str | int | float | None = None,
            currency: Asset | str | None = None,
        ) -> None: ...
        @overload
        def __init__(
            self,
            currency: Asset | str,
            lower_bound: Pnl | decimal.Decimal | str | int | float | None = None,
            upper_bound: Pnl | decimal.Decimal | str | int | float | None = None,
        ) -> None: ...
        def __init__(self, *args: typing.Any, **named: typing.Any) -> None: ...


def _make_barrier(self: SpotFundsPnlBoundsBarrier, *bounds: typing.Any, **named: typing.Any) -> None:
    if bounds and _is_currency(bounds[0]):
        currency, bounds = bounds[0], bounds[1:]
        if "currency" in named:
            raise TypeError("SpotFundsPnlBoundsBarrier.__init__() got multiple values for argument 'currency'")
        named["currency"] = currency
    _fill_barrier(self, *bounds, **named)


_fill_barrier: typing.Any = SpotFundsPnlBoundsBarrier.__init__
SpotFundsPnlBoundsBarrier.__init__ = _make_barrier  # type: ignore[method-assign]


@record
class SpotFundsPnlBoundsAccountBarrier:
    """The barrier of one account, in place of all others."""

    barrier: SpotFundsPnlBoundsBarrier
    account_id: AccountId


@record
class SpotFundsPnlBoundsAccountGroupBarrier:
    """The barrier of the accounts of a group, in place of the global one."""

    barrier: SpotFundsPnlBoundsBarrier
    account_group_id: AccountGroupId


class SpotFundsPnlBoundsKillswitchReadyBuilder(_GroupBuilder):
    """Spot funds that let every order through until the account's P&L has left its bounds."""

    def __init__(self) -> None:
        super().__init__()
        self._service: MarketDataService | None = None
        self._global: SpotFundsPnlBoundsBarrier | None = None
        self._groups: list[SpotFundsPnlBoundsAccountGroupBarrier] = []
        self._accounts: list[SpotFundsPnlBoundsAccountBarrier] = []

    def market_data(self, service: MarketDataService) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """Where conversions into the account currency come from."""
        self._service = service
        return self

    def global_barrier(self, barrier: SpotFundsPnlBoundsBarrier) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """The barrier of every account that has none of its own or of its group."""
        self._global = barrier
        return self

    def account_group_barriers(
        self, *barriers: SpotFundsPnlBoundsAccountGroupBarrier
    ) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """More barriers, each of one group."""
        self._groups.extend(barriers)
        return self

    def account_barriers(self, *barriers: SpotFundsPnlBoundsAccountBarrier) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """More barriers, each of one account."""
        self._accounts.extend(barriers)
        return self

    def _build(self, engine_builder: typing.Any) -> None:
        engine_builder._add_builtin_spot_funds_pnl_bounds_killswitch(
            self._policy_group_id, self._service, self._global, self._groups, self._accounts
        )


class SpotFundsPnlBoundsKillswitchBuilder:
    """P&L bounds that still need their first barrier."""

    NAME: typing.ClassVar[str] = "SpotFundsPolicy"

    def __init__(self) -> None:
        self._ready = SpotFundsPnlBoundsKillswitchReadyBuilder()

    def with_policy_group_id(self, policy_group_id: int) -> SpotFundsPnlBoundsKillswitchBuilder:
        """0 is shared; any other number is this policy's own in an engine."""
        self._ready.with_policy_group_id(policy_group_id)
        return self

    def market_data(self, service: MarketDataService) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """Where conversions into the account currency come from."""
        return self._ready.market_data(service)

    def global_barrier(self, barrier: SpotFundsPnlBoundsBarrier) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """The barrier of every account that has none of its own or of its group."""
        return self._ready.global_barrier(barrier)

    def account_group_barriers(
        self, *barriers: SpotFundsPnlBoundsAccountGroupBarrier
    ) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """More barriers, each of one group."""
        return self._ready.account_group_barriers(*barriers)

    def account_barriers(self, *barriers: SpotFundsPnlBoundsAccountBarrier) -> SpotFundsPnlBoundsKillswitchReadyBuilder:
        """More barriers, each of one account."""
        return self._ready.account_barriers(*barriers)

    def _build(self, engine_builder: typing.Any) -> None:
        self._ready._build(engine_builder)


def build_spot_funds_pnl_bounds_killswitch() -> SpotFundsPnlBoundsKillswitchBuilder:
    """Spot funds that refuse nothing and watch the P&L of accounts; they need a barrier."""
    return SpotFundsPnlBoundsKillswitchBuilder()
