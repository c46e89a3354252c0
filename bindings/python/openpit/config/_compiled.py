"""A document that has been checked: every default applied, every value in the units of the engine.

Amounts are decimals, durations nanoseconds, times Unix nanoseconds, times of day seconds since local midnight.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Stage:
    """What happens before a bound is reached: at a fraction of it."""

    at: Decimal
    action: str


@dataclass(frozen=True)
class Throttle:
    """How many orders a throttled limit lets through, and in which time."""

    upper: Decimal
    window: int


@dataclass(frozen=True)
class Parameter:
    """What the limits of one metric say besides.

    ``value`` is what C takes: the number of a choice, the bits of a set, 4 bits a number of a chain with the first lowest,
    or the number itself; None for an input, which has its name in ``words``.
    """

    number: int
    name: str
    key: str
    value: Decimal | None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limit:
    """One record that bounds one metric for one scope.

    ``scope`` and ``only`` have their keys in canonical order; ``currency`` None is that of the account or group of a row, or
    the settlement asset of the order. A ``warn`` is the first of ``stages``.
    """

    name: str
    metric: str
    number: int
    scope: Mapping[str, int | str]
    only: Mapping[str, tuple[str, ...]]
    lower: Decimal | None
    upper: Decimal | None
    unlimited: bool
    currency: str | None
    window: int | None
    period: str | None
    action: str
    stages: tuple[Stage, ...]
    throttle: Throttle | None
    hysteresis: Decimal
    confirm: int
    release: str
    release_after: int | None
    release_role: str | None
    hard: bool
    max_age: int | None
    max_ages: Mapping[str, int]
    on_missing: str
    effective_from: int | None
    effective_until: int | None
    parameters: tuple[Parameter, ...]

    @property
    def measure(self) -> tuple[object, ...]:
        """What it has in common with limits that may shadow it."""
        only = tuple((key, tuple(sorted(words))) for key, words in self.only.items())
        return (self.metric, only, self.window, self.period, self.currency, self.parameters)

    @property
    def key(self) -> tuple[object, ...]:
        """Its measure and its scope, which no two limits have in common."""
        return (*self.measure, tuple((key, type(value), value) for key, value in self.scope.items()))


@dataclass(frozen=True)
class Permission:
    """A row that allows or denies. Aspects stand in the order in which they are asked."""

    name: str
    scope: Mapping[str, int | str]
    allow: Mapping[str, tuple[str, ...]]
    deny: Mapping[str, tuple[str, ...]]
    effective_from: int | None
    effective_until: int | None
    except_reducing: bool
    reason: str
    code: str | None


@dataclass(frozen=True)
class Requirement:
    """A metric that has to have a limit, in a shape with these keys."""

    metric: str
    number: int
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """A part of a day with a phase."""

    phase: str
    start: int
    until: int


@dataclass(frozen=True)
class Calendar:
    """When days begin, and when a market is in which phase. ``sessions`` is None for one that has rolls only."""

    id: str
    time_zone: str
    day_roll: int
    horizon: int
    last_entry: int | None
    sessions: tuple[tuple[Session, ...], ...] | None
    days: Mapping[datetime.date, tuple[Session, ...]]


@dataclass(frozen=True)
class Margin:
    """Rates of the margin of an instrument."""

    long: Decimal | None
    short: Decimal | None
    maintenance_long: Decimal | None
    maintenance_short: Decimal | None


@dataclass(frozen=True)
class Instrument:
    """What is known of an instrument. ``tick`` has rows of the price from which on a step counts, and the step."""

    underlying: str
    settlement: str
    multiplier: Decimal
    tick: tuple[tuple[Decimal, Decimal], ...]
    lot: Decimal | None
    calendar: str | None
    classes: Mapping[str, str]
    jurisdictions: tuple[str, ...] | None
    easy_to_borrow: bool
    margin: Margin | None

    @property
    def id(self) -> str:
        return f"{self.underlying}/{self.settlement}"


@dataclass(frozen=True)
class Group:
    """A group of accounts."""

    id: str
    currency: str | None
    calendar: str | None


@dataclass(frozen=True)
class Account:
    """An account; currency and equity are those of ``defaults`` where it does not say."""

    id: int | str
    group: str | None
    currency: str | None
    equity: Decimal | None
    calendar: str | None
    jurisdiction: str | None
    wash_group: str | None


@dataclass(frozen=True)
class Venue:
    """Where orders go."""

    id: str
    calendar: str | None


@dataclass(frozen=True)
class Heartbeat:
    """A session that has to show signs of life."""

    id: str
    heartbeat: int
    on_loss: str
    release: str


@dataclass(frozen=True)
class Valuation:
    """Where prices come from: of what is held, and of orders without one."""

    positions: tuple[str, ...]
    max_age: int | None
    order_chain: tuple[str, ...]
    order_slippage: Decimal
    order_max_age: int | None


@dataclass(frozen=True)
class Ledger:
    """How the ledger treats what it does not know."""

    unknown_fill: str
    position_side: str
    retention: int


@dataclass(frozen=True)
class EngineOptions:
    """How an engine is made."""

    sync: str
    compatibility: str
    events: int


@dataclass(frozen=True)
class Defaults:
    """Of accounts that do not say."""

    currency: str | None
    equity: Decimal | None
    calendar: str | None


@dataclass(frozen=True)
class Barrier:
    """A barrier of one of the policies; what a policy has no word for is None."""

    asset: str | None = None
    account: int | str | None = None
    max_orders: int | None = None
    window: int | None = None
    max_quantity: Decimal | None = None
    max_notional: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    initial: Decimal | None = None


@dataclass(frozen=True)
class Policy:
    """One of the built-in policies. ``slippage`` is in basis points."""

    policy: str
    barriers: tuple[Barrier, ...] = ()
    limit_mode: str | None = None
    pricing_source: str | None = None
    slippage: int | None = None


@dataclass(frozen=True)
class Document:
    """A document that may be built, or is in force."""

    version: str | None
    description: str | None
    engine: EngineOptions
    defaults: Defaults
    known: tuple[str, ...]
    assets: tuple[str, ...]
    strategies: tuple[str, ...]
    traders: tuple[str, ...]
    clearing_accounts: tuple[str, ...]
    venues: tuple[Venue, ...]
    sessions: tuple[Heartbeat, ...]
    calendars: Mapping[str, Calendar]
    instruments: tuple[Instrument, ...]
    groups: tuple[Group, ...]
    accounts: tuple[Account, ...]
    valuation: Valuation
    ttl: int | None
    ledger: Ledger
    policies: tuple[Policy, ...]
    limits: tuple[Limit, ...]
    permissions: tuple[Permission, ...]
    require: tuple[Requirement, ...]


@dataclass(frozen=True)
class Change:
    """A change that has been checked, and the document as it is once the change applies.

    ``set`` and ``removed`` name the limits it is about; the permissions likewise. ``require`` is None when the list stays.
    """

    document: Document
    set: tuple[str, ...]
    removed: tuple[str, ...]
    permissions_set: tuple[str, ...]
    permissions_removed: tuple[str, ...]
    require: tuple[Requirement, ...] | None
    version: str | None
    effective_from: int | None
    revert_at: int | None
    actor: str
    reason: str
