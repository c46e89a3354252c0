"""Between limits as records and the engine: what needs no speed, and so is not C.

The extension calls the functions here that have the names of its methods. What goes into it and comes out of it are plain
tuples, laid out as in ``src/limit_records.c`` and ``src/limit_answers.c``.
"""

from __future__ import annotations

import dataclasses
import datetime
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpit import _lists
from openpit._configuration import Configuration
from openpit._openpit import (
    Clock,
    Engine,
    Instrument,
    MarketDataService,
    Order,
    QuoteTtl,
    ReadyEngineBuilder,
)
from openpit.config import ConfigError, Problem, _calendars, _compile, _compile_change, _compiled, _values
from openpit.config._limits import ORDER_TYPES, SIDES, TIME_IN_FORCE
from openpit.controls import Change, Event, Explanation, InputUse, Limit, LimitStatus, Look
from openpit.param import AccountGroupId, AccountId

# The numbers of OPENPIT_SOURCE_*, from 1.
_SOURCES = (*_lists.PARAMETERS["reference"].values, *_lists.INPUTS[3:])
_FIGURE = len(_SOURCES)
_LOOK_VERDICTS = ("pass", "warn", "reject", "overridden", "skip")
# fmt: off
_LOOK_REASONS = (
    "missing", "shadowed", "filtered", "no_price", "wrong_side", "not_short", "reducing", "not_raising", "too_few",
)
# fmt: on
_INPUT_STATUSES = ("fresh", "stale", "missing")
_INPUT_TARGETS = ("firm", "account", "group", "instrument", "venue")
_METRICS = {metric.number: metric for metric in _lists.METRICS.values()}
_KEY_BITS = {key: 1 << number for number, key in enumerate(_lists.SCOPE_KEYS, 1)}
# fmt: off
_SCOPE_NAMES = (
    "strategy", "trader", "session", "venue", "instrument_underlying", "instrument_settlement", "underlying", "settlement",
    "class_kind", "class",
)
# fmt: on
_ASPECT_WORDS: dict[str, Sequence[str]] = {
    "order_types": ORDER_TYPES,
    "time_in_force": TIME_IN_FORCE,
    "attributes": _lists.ATTRIBUTES,
    "sides": SIDES,
    "short": ("short", "short_exempt"),
}
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

_Id = int | str | AccountId
_Document = dict[str, Any] | str | os.PathLike[str]


# ---- Numbers of words, ids and durations ----


def _number(words: Sequence[str], word: str) -> int:
    return words.index(word) + 1


def _mask(words: Sequence[str], chosen: Iterable[str]) -> int:
    return sum(1 << _number(words, word) for word in chosen)


def _chain(sources: Iterable[str]) -> int:
    """Sources of a price, 4 bits each, the first lowest."""
    return sum(_number(_SOURCES, source) << 4 * place for place, source in enumerate(sources))


def _text(number: Decimal | None) -> str | None:
    return None if number is None else format(number, "f")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _account(account: _Id) -> AccountId:
    if isinstance(account, AccountId):
        return account
    return AccountId.from_int(account) if isinstance(account, int) else AccountId.from_str(account)


def _group(group: str | int | AccountGroupId) -> AccountGroupId:
    if isinstance(group, AccountGroupId):
        return group
    return AccountGroupId.from_int(group) if isinstance(group, int) else AccountGroupId.from_str(group)


def _pair(instrument: str | Instrument) -> tuple[str, str]:
    if isinstance(instrument, Instrument):
        return instrument.underlying_asset, instrument.settlement_asset
    underlying, _, settlement = instrument.rpartition("/")
    if not underlying or not settlement:
        raise ValueError(f"{instrument!r} is no instrument, as in AAPL/USD")
    return underlying, settlement


def _instant(nanoseconds: int) -> datetime.datetime:
    return _EPOCH + datetime.timedelta(microseconds=nanoseconds // 1_000)


def _duration(nanoseconds: int) -> datetime.timedelta:
    return datetime.timedelta(microseconds=nanoseconds / 1_000)


# ---- Into the engine ----


def _scope_record(scope: Mapping[str, int | str]) -> tuple[Any, ...]:
    keys = each = 0
    account = group = 0
    names: dict[str, str | None] = {}
    for key, value in scope.items():
        keys |= _KEY_BITS[key]
        if key == "class":
            names["class_kind"], _, value = str(value).partition(":")
        if value == "*":
            each |= _KEY_BITS[key]
        elif key == "account":
            account = _account(value).value
        elif key == "group":
            group = _group(value).value
        elif key == "instrument":
            names["instrument_underlying"], names["instrument_settlement"] = _pair(str(value))
        else:
            names[key] = str(value)
    return (keys, each, account, group, *(names.get(name) for name in _SCOPE_NAMES))


def _argument(parameter: _compiled.Parameter) -> tuple[int, str | None, str | None]:
    if parameter.value is None:
        return parameter.number, parameter.words[0].removeprefix("x."), None
    return parameter.number, None, _text(parameter.value)


def _ages(limit: _compiled.Limit) -> tuple[tuple[int, int], ...]:
    if limit.max_age is not None:
        return tuple((number, limit.max_age) for number in range(1, _FIGURE + 1))
    return tuple(
        (_FIGURE if name.startswith("x.") else _number(_SOURCES, name), age) for name, age in limit.max_ages.items()
    )


def _limit_record(limit: _compiled.Limit, currency: str | None) -> tuple[Any, ...]:
    only, throttle = limit.only, limit.throttle
    return (
        limit.unlimited | limit.hard << 1 | (limit.on_missing == "notify") << 2,
        limit.number,
        _number(_lists.ACTIONS, limit.action),
        0 if limit.period is None else _number(_lists.PERIODS, limit.period),
        _number(_lists.RELEASES, limit.release),
        _scope_record(limit.scope),
        _text(limit.lower),
        _text(limit.upper),
        limit.name,
        currency,
        limit.window or 0,
        tuple((_text(stage.at), _number(_lists.ACTIONS, stage.action)) for stage in limit.stages),
        limit.confirm,
        _text(limit.hysteresis),
        0 if throttle is None else int(throttle.upper),
        0 if throttle is None else throttle.window,
        limit.release_after or 0,
        limit.release_role,
        _mask(SIDES, only.get("sides", ())),
        _mask(ORDER_TYPES, only.get("order_types", ())),
        _mask(TIME_IN_FORCE, only.get("time_in_force", ())),
        _mask(_lists.PHASES, only.get("phases", ())),
        limit.effective_from,
        limit.effective_until,
        tuple(map(_argument, limit.parameters)),
        _ages(limit),
    )


def add_limits(builder: ReadyEngineBuilder, *limits: Limit) -> ReadyEngineBuilder:
    """Adds limits without a document: they read quotes of a service of the engine's own."""
    for limit in limits:
        if not isinstance(limit, Limit):
            raise TypeError("limits must be openpit.controls.Limit")
    builder._use_market_data(QuoteTtl.infinite())
    for limit in limits:
        compiled: _compiled.Limit = vars(limit)["_compiled"]
        builder._add_limit(_limit_record(compiled, compiled.currency))
    return builder


# ---- A whole document ----


def from_config(
    cls: type[Engine],
    document_or_path: _Document,
    clock: Clock | None = None,
    *,
    market_data: MarketDataService | None = None,
) -> Engine:
    """An engine made of a document; raises openpit.config.ConfigError for one that cannot be."""
    document = _compile(document_or_path)
    options = document.engine
    builder = cls.builder().compatibility("0.10" if options.compatibility == "0.10" else "0.7")
    synced = {"none": builder.no_sync, "full": builder.full_sync, "account": builder.account_sync}[options.sync]()
    ready = synced._on_clock(clock)
    ready._set_configuration(Configuration(document, clock))
    _describe(ready, document, clock)
    ttl = QuoteTtl.infinite() if document.ttl is None else QuoteTtl.within(_duration(document.ttl))
    service = ready._use_market_data(ttl if market_data is None else market_data)
    for permission in document.permissions:
        ready._add_permission(_permission_record(permission))
    for requirement in _requirement_records(document.require):
        ready._require(*requirement)
    for policy in document.policies:
        _add_policy(ready, policy, service)
    for record in _limit_records(document, document.limits):
        ready._add_limit(record)
    engine = ready.build()
    if any(policy.limit_mode == "track_only" for policy in document.policies):
        _only_track_funds(engine)
    return engine


def _options(document: _compiled.Document, calendars: Mapping[str | None, int]) -> tuple[Any, ...]:
    valuation, ledger = document.valuation, document.ledger
    return (
        _mask(_lists.KNOWN, document.known),
        _chain(valuation.order_chain),
        _chain(valuation.positions),
        _text(valuation.order_slippage),
        valuation.order_max_age or 0,
        valuation.max_age or 0,
        ledger.retention,
        document.engine.events,
        _number(_lists.ACTIONS, ledger.unknown_fill),
        ledger.position_side == "ignore",
        document.defaults.currency,
        calendars[document.defaults.calendar],
        _text(document.defaults.equity),
    )


def _currency(
    limit: _compiled.Limit, accounts: Mapping[int | str, str | None], groups: Mapping[str, str | None]
) -> str | None:
    """That of the limit, or of the account or group in its scope; None when each key has one of its own."""
    if limit.currency is not None or not _lists.METRICS[limit.metric].currency:
        return limit.currency
    if "account" in limit.scope:
        return accounts.get(limit.scope["account"])
    return groups.get(str(limit.scope.get("group")))


def _limit_records(document: _compiled.Document, limits: Iterable[_compiled.Limit]) -> tuple[tuple[Any, ...], ...]:
    groups = {group.id: group.currency for group in document.groups}
    accounts = {account.id: account.currency for account in document.accounts}
    return tuple(_limit_record(limit, _currency(limit, accounts, groups)) for limit in limits)


def _add_calendars(
    ready: ReadyEngineBuilder, document: _compiled.Document, clock: Clock | None
) -> dict[str | None, int]:
    """The calendars of the document as instants from now on. Returns what things name them by."""
    start = time.time_ns() if clock is None else clock.unix_nanoseconds
    numbers: dict[str | None, int] = {None: 0}
    for name, calendar in document.calendars.items():
        told = tuple(map(_calendar_instant, _calendars.instants(calendar, start)))
        numbers[name] = ready._add_calendar(told, _calendars.end(calendar, start))
    for venue in document.venues:
        if venue.calendar is not None:
            ready._set_venue_calendar(venue.id, numbers[venue.calendar])
    return numbers


def _calendar_instant(instant: _calendars.Instant) -> tuple[int, int, int]:
    # A calendar without sessions says when days begin, and nothing of the market.
    phase = _number(_lists.PHASES, instant.phase or "continuous")
    return instant.time, phase, instant.day | instant.week << 1 | instant.month << 2 | instant.is_late << 3


def _add_sessions(ready: ReadyEngineBuilder, document: _compiled.Document) -> None:
    for session in document.sessions:
        loss = {"cancel": None, "reduce_only": "REDUCING", "halt": "HALTED"}[session.on_loss]
        state = 0 if loss is None else _number(_lists.STATES, loss)
        ready._add_session((session.id, session.heartbeat, state, session.release == "auto"))


def _requirement_records(required: Iterable[_compiled.Requirement]) -> tuple[tuple[int, int], ...]:
    return tuple((one.number, sum(_KEY_BITS[key] for key in one.keys)) for one in required)


def _permission_record(permission: _compiled.Permission) -> tuple[Any, ...]:
    scope = {key: value for key, value in permission.scope.items() if key != "phase"}
    phase = permission.scope.get("phase")
    return (
        permission.name,
        0 if phase is None else _number(_lists.PHASES, str(phase)),
        permission.code,
        _mask(_lists.ASPECTS, permission.allow),
        _scope_record(scope),
        permission.effective_from,
        permission.effective_until,
        permission.except_reducing,
        tuple(
            _permission_item(aspect, value, is_allowed)
            for is_allowed, table in ((True, permission.allow), (False, permission.deny))
            for aspect, values in table.items()
            for value in values
        ),
    )


def _permission_item(aspect: str, value: str, is_allowed: bool) -> tuple[int, bool, int, str | None, str | None]:
    number = _number(_lists.ASPECTS, aspect)
    if aspect in _ASPECT_WORDS:
        return number, is_allowed, _number(_ASPECT_WORDS[aspect], value), None, None
    if aspect == "instruments":
        return number, is_allowed, 0, *_pair(value)
    if aspect == "classes":
        kind, _, name = value.partition(":")
        return number, is_allowed, 0, kind, name
    return number, is_allowed, 0, value, None


def _describe(ready: ReadyEngineBuilder, document: _compiled.Document, clock: Clock | None) -> None:
    """Tells a builder what the document says of the world."""
    calendars = _add_calendars(ready, document, clock)
    ready._set_limit_options(_options(document, calendars))
    _add_sessions(ready, document)
    for instrument in document.instruments:
        margin = instrument.margin or _compiled.Margin(None, None, None, None)
        ready._describe_instrument(
            (
                instrument.underlying,
                instrument.settlement,
                _text(instrument.multiplier),
                _text(instrument.lot),
                _text(margin.long),
                _text(margin.short),
                _text(margin.maintenance_long),
                _text(margin.maintenance_short),
                instrument.easy_to_borrow,
                tuple((_text(start), _text(step)) for start, step in instrument.tick),
                tuple(instrument.classes.items()),
                tuple(instrument.jurisdictions or ()),
                calendars[instrument.calendar],
            )
        )
    for group in document.groups:
        ready._describe_group((_group(group.id).value, group.currency, calendars[group.calendar]))
    for account in document.accounts:
        ready._describe_account(_account_record(account, calendars))
    lists: dict[str, Iterable[str]] = {
        "venues": (venue.id for venue in document.venues),
        "clearing_accounts": document.clearing_accounts,
        "assets": document.assets,
        "strategies": document.strategies,
        "traders": document.traders,
    }
    for word, names in lists.items():
        for name in names:
            ready._list_name(_number(_lists.KNOWN, word), name)


def _account_record(account: _compiled.Account, calendars: Mapping[str | None, int]) -> tuple[Any, ...]:
    return (
        _account(account.id).value,
        account.currency,
        account.jurisdiction,
        account.wash_group,
        _text(account.equity),
        calendars[account.calendar],
        0 if account.group is None else _group(account.group).value,
    )


def _add_policy(ready: ReadyEngineBuilder, policy: _compiled.Policy, service: MarketDataService) -> None:
    from openpit.pretrade import policies

    barriers = policy.barriers
    if policy.policy == "order_validation":
        ready.builtin(policies.build_order_validation())
    elif policy.policy == "rate_limit":
        _add_rate_limit(ready, barriers)
    elif policy.policy == "order_size":
        _add_order_size(ready, barriers)
    elif policy.policy == "pnl_kill_switch":
        _add_pnl_kill_switch(ready, barriers)
    else:
        _add_spot_funds(ready, policy, service)


def _add_rate_limit(ready: ReadyEngineBuilder, barriers: Iterable[_compiled.Barrier]) -> None:
    from openpit.pretrade import policies

    firm, assets, accounts, pairs = None, [], [], []
    for barrier in barriers:
        assert barrier.max_orders is not None and barrier.window is not None
        limit = policies.RateLimit(max_orders=barrier.max_orders, window=_duration(barrier.window))
        if barrier.account is not None and barrier.asset is not None:
            pairs.append(policies.RateLimitAccountAssetBarrier(limit, _account(barrier.account), barrier.asset))
        elif barrier.account is not None:
            accounts.append(policies.RateLimitAccountBarrier(limit, _account(barrier.account)))
        elif barrier.asset is not None:
            assets.append(policies.RateLimitAssetBarrier(limit, barrier.asset))
        else:
            firm = policies.RateLimitBrokerBarrier(limit)
    policy = policies.build_rate_limit().broker_barrier(firm)
    ready.builtin(policy.asset_barriers(*assets).account_barriers(*accounts).account_asset_barriers(*pairs))


def _add_order_size(ready: ReadyEngineBuilder, barriers: Iterable[_compiled.Barrier]) -> None:
    from openpit.pretrade import policies

    firm, assets, pairs = None, [], []
    for barrier in barriers:
        sizes = {"max_quantity": barrier.max_quantity, "max_notional": barrier.max_notional}
        limit = policies.OrderSizeLimit(**{key: size for key, size in sizes.items() if size is not None})
        if barrier.account is not None and barrier.asset is not None:
            pairs.append(policies.OrderSizeAccountAssetBarrier(limit, _account(barrier.account), barrier.asset))
        elif barrier.asset is not None:
            assets.append(policies.OrderSizeAssetBarrier(limit, barrier.asset))
        else:
            firm = policies.OrderSizeBrokerBarrier(limit)
    policy = policies.build_order_size_limit().broker_barrier(firm)
    ready.builtin(policy.asset_barriers(*assets).account_asset_barriers(*pairs))


def _add_pnl_kill_switch(ready: ReadyEngineBuilder, barriers: Iterable[_compiled.Barrier]) -> None:
    from openpit.pretrade import policies

    firm, accounts = [], []
    for barrier in barriers:
        assert barrier.asset is not None
        bounds = policies.PnlBoundsBrokerBarrier(barrier.asset, barrier.lower, barrier.upper)
        if barrier.account is None:
            firm.append(bounds)
        else:
            initial = Decimal(0) if barrier.initial is None else barrier.initial
            accounts.append(policies.PnlBoundsAccountAssetBarrier(bounds, _account(barrier.account), initial))
    ready.builtin(policies.build_pnl_bounds_killswitch().broker_barriers(*firm).account_barriers(*accounts))


def _add_spot_funds(ready: ReadyEngineBuilder, policy: _compiled.Policy, service: MarketDataService) -> None:
    from openpit.pretrade import policies

    sources = {"mark": policies.SpotFundsPricingSource.MARK, "book_top": policies.SpotFundsPricingSource.BOOK_TOP}
    source = sources[policy.pricing_source or "mark"]
    ready.builtin(policies.build_spot_funds().market_data(service, policy.slippage or 0, source))


def _only_track_funds(engine: Engine) -> None:
    from openpit.pretrade import policies

    name = policies.SpotFundsBuilder.NAME
    engine.configure().spot_funds(name, global_limit_mode=policies.SpotFundsLimitMode.TRACK_ONLY)


# ---- Changes ----


def version(engine: Engine) -> str | None:
    """The version of the document in force; None without one."""
    configuration = engine._configuration
    return None if configuration is None else configuration.in_force(engine).version


def _configuration_of(engine: Engine) -> Configuration:
    if engine._configuration is None:
        raise ValueError("the engine was not made of a document")
    return engine._configuration


def reconfigure(engine: Engine, document_or_path: _Document) -> Change:
    """Makes a whole document of what is in force, or a change of it; raises openpit.config.ConfigError, and changes nothing."""
    configuration = _configuration_of(engine)
    with configuration.lock:
        in_force = configuration.in_force(engine)
        made = _compile_change(document_or_path, in_force, lambda name: engine._has_position(*_pair(name)))
        if isinstance(made, _compiled.Document):
            return _replace(engine, configuration, made, in_force)
        limits = {limit.name: limit for limit in made.document.limits}
        permissions = {permission.name: permission for permission in made.document.permissions}
        number, is_applied = engine._change_limits(
            None,
            _limit_records(made.document, (limits[name] for name in made.set)),
            made.removed,
            tuple(_permission_record(permissions[name]) for name in made.permissions_set),
            made.permissions_removed,
            None if made.require is None else _requirement_records(made.require),
            made.effective_from,
            made.revert_at,
        )
        configuration.take(number, made, is_applied)
        return _change(number, made, is_applied)


def _replace(
    engine: Engine, configuration: Configuration, after: _compiled.Document, in_force: _compiled.Document
) -> Change:
    described = Engine.builder().no_sync()._on_clock(None)
    _describe(described, after, configuration.clock)
    records = _limit_records(after, after.limits)
    permissions = tuple(map(_permission_record, after.permissions))
    number, _ = engine._change_limits(
        described, records, (), permissions, (), _requirement_records(after.require), None, None
    )
    configuration.replace(after)
    was = {limit.name: limit for limit in in_force.limits}
    changed = tuple(limit.name for limit in after.limits if was.get(limit.name) != limit)
    gone = tuple(name for name in was if name not in {limit.name for limit in after.limits})
    return Change(number, after.version, True, None, None, changed, gone)


def pending_changes(engine: Engine) -> list[Change]:
    """The changes that wait for their time, or to be taken back, in the order of the times."""
    waiting = _configuration_of(engine).waiting(engine)
    return [_change(item.number, item.change, item.before is not None) for item in waiting]


def _change(number: int, change: _compiled.Change, is_applied: bool) -> Change:
    return Change(
        number=number,
        version=change.version,
        applied=is_applied,
        effective_from=None if change.effective_from is None else _instant(change.effective_from),
        revert_at=None if change.revert_at is None else _instant(change.revert_at),
        set=change.set,
        removed=change.removed,
    )


# ---- Out of the engine ----


class _Reader:
    """Makes records of what the engine tells: groups by the ids that the document gives them."""

    def __init__(self, engine: Engine) -> None:
        configuration = engine._configuration
        groups = () if configuration is None else configuration.in_force(engine).groups
        self.groups = {_group(group.id).value: group.id for group in groups}

    def scope(self, told: tuple[Any, ...]) -> dict[str, int | str]:
        keys, each, account, group, strategy, trader, session, venue, *rest = told
        underlying, settlement, asset, currency, kind, name = rest
        values = {
            "account": account,
            "group": self.groups.get(group, group),
            "strategy": strategy,
            "trader": trader,
            "session": session,
            "venue": venue,
            "instrument": f"{underlying}/{settlement}",
            "underlying": asset,
            "settlement": currency,
            "class": f"{kind}:{name}",
        }
        scope: dict[str, int | str] = {}
        for key, bit in _KEY_BITS.items():
            if keys & bit:
                star = f"{kind}:*" if key == "class" else "*"
                scope[key] = star if each & bit else values[key]
        return scope

    def status(self, told: tuple[Any, ...]) -> LimitStatus:
        number, action, period, state, name, scope, *numbers, is_breached, currency, window, begin, end = told
        lower, upper, used, used_low, headroom, utilization, stage = map(_decimal, numbers)
        metric = _METRICS[number]
        return LimitStatus(
            name=name,
            metric=metric.name,
            scope=self.scope(scope),
            lower=lower,
            upper=upper,
            used=used,
            used_low=used_low,
            headroom=headroom,
            utilization=utilization,
            unit=metric.unit,
            action=_lists.ACTIONS[action - 1],
            stage="breach" if is_breached else stage,
            state=_lists.STATES[state - 1],
            window=_duration(window) if window else None,
            period=_lists.PERIODS[period - 1] if period else None,
            currency=currency,
            effective_from=None if begin is None else _instant(begin),
            effective_until=None if end is None else _instant(end),
        )

    def look(self, told: tuple[Any, ...]) -> Look:
        number, verdict, why, name, scope, *numbers, code, inputs = told
        lower, upper, used, asked, value, headroom, utilization = map(_decimal, numbers)
        return Look(
            name=name,
            metric=_METRICS[number].name,
            scope=self.scope(scope),
            verdict=_LOOK_VERDICTS[verdict - 1],
            why=_LOOK_REASONS[why - 1] if why else None,
            lower=lower,
            upper=upper,
            used=used,
            asked=asked,
            value=value,
            headroom=headroom,
            utilization=utilization,
            code=code,
            inputs=tuple(map(_input_use, inputs)),
        )

    def event(self, told: tuple[Any, ...]) -> Event:
        kind, number, state, name, sequence, time, scope, value, limit, share, what = told
        text = _lists.STATES[state - 1] if state else share or what or ""
        return Event(
            sequence=sequence,
            time=_instant(time),
            kind=_lists.EVENTS[kind - 1],
            name=name,
            metric=_METRICS[number].name if number else None,
            scope=self.scope(scope),
            value=_decimal(value),
            limit=_decimal(limit),
            text=text,
        )


def _input_use(told: tuple[int, int, str | None, str, int]) -> InputUse:
    source, status, figure, value, age = told
    word = _INPUT_STATUSES[status - 1]
    is_missing = word == "missing"
    return InputUse(
        name=_SOURCES[source - 1] if figure is None else f"x.{figure}",
        value=None if is_missing else Decimal(value),
        age=None if is_missing else _duration(age),
        status=word,
    )


def limits(engine: Engine, **scope: int | str | AccountId) -> list[LimitStatus]:
    """Every limit in force; of one that stands for each key, a row for each key that was seen."""
    if unknown := sorted(set(scope) - set(_lists.SCOPE_KEYS)):
        raise TypeError(f"a scope has no key {unknown[0]!r}")
    reader = _Reader(engine)
    wanted = {key: _account(value).value if key == "account" else value for key, value in scope.items()}
    statuses = [reader.status(told) for told in engine._read_limits()]
    return [status for status in statuses if wanted.items() <= status.scope.items()]


def explain(engine: Engine, order: Order) -> Explanation:
    """What the order would meet now. Nothing changes."""
    passes, state, time, rejects, looks = engine._explain(order)
    reader = _Reader(engine)
    return Explanation(
        verdict="accept" if passes else "reject",
        state=_lists.STATES[state - 1],
        time=_instant(time),
        rejects=tuple(rejects),
        looks=tuple(map(reader.look, looks)),
    )


def events(engine: Engine) -> list[Event]:
    """Takes every event out, the oldest first."""
    reader = _Reader(engine)
    taken: list[Event] = []
    while (told := engine._next_event()) is not None:
        taken.append(reader.event(told))
    return taken


def _input_key(
    name: str,
    instrument: str | Instrument | None,
    account: _Id | None,
    group: str | int | AccountGroupId | None,
    venue: str | None,
) -> tuple[Any, ...]:
    figure = name[2:] if name.startswith("x.") else None
    known = [word for word in _lists.INPUTS if word != "figure"]
    if not figure and name not in known:
        raise ValueError(f"there is no input {name!r}")
    given = {"account": account, "group": group, "instrument": instrument, "venue": venue}
    targets = [word for word, value in given.items() if value is not None]
    if len(targets) > 1:
        raise ValueError(f"an input is of one thing, not of {' and '.join(targets)}")
    underlying, settlement = (None, None) if instrument is None else _pair(instrument)
    return (
        _number(_lists.INPUTS, "figure" if figure else name),
        _INPUT_TARGETS.index(targets[0] if targets else "firm"),
        figure,
        0 if account is None else _account(account).value,
        0 if group is None else _group(group).value,
        underlying,
        settlement,
        venue,
    )


def set_input(
    engine: Engine,
    name: str,
    value: Decimal | int | str | float,
    *,
    instrument: str | Instrument | None = None,
    account: _Id | None = None,
    group: str | int | AccountGroupId | None = None,
    venue: str | None = None,
    source_age: datetime.timedelta = datetime.timedelta(0),
) -> None:
    """Gives a number from outside; a phase is a word."""
    key = _input_key(name, instrument, account, group, venue)
    if name == "phase":
        if value not in _lists.PHASES:
            raise ValueError(f"a phase is one of {', '.join(_lists.PHASES)}, not {value!r}")
        value = _number(_lists.PHASES, str(value))
    if source_age < datetime.timedelta(0):
        raise ValueError("source_age must not be negative")
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"an input is a number, not {number}")
    engine._set_input(key, format(number, "f"), source_age // datetime.timedelta(microseconds=1) * 1_000)


def clear_input(
    engine: Engine,
    name: str,
    *,
    instrument: str | Instrument | None = None,
    account: _Id | None = None,
    group: str | int | AccountGroupId | None = None,
    venue: str | None = None,
) -> None:
    """Takes a number from outside back."""
    engine._clear_input(_input_key(name, instrument, account, group, venue))
