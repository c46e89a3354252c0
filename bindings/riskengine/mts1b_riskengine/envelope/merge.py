"""What firm, fund and strategy come to together, and whether one version loosens another: one table for both.

A rule names how the opinions of several levels become one and which of two opinions is the wider. Nothing is computed
here but the smaller of two limits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from .model import RiskEnvelope


class Rule(NamedTuple):
    """How the opinions on a field are joined, when `new` is wider than `old`, and what nobody's opinion means."""

    join: Callable[[list[Any]], Any]
    wider: Callable[[Any, Any], bool]
    default: Any = None
    widest: Any = None
    """What one level's missing opinion leaves to the others at most; None: everything."""


def _smallest(default: Any = None) -> Rule:
    return Rule(min, lambda old, new: new > old, default)


def _common(lists: list[list[Any]]) -> list[Any]:
    return [item for item in lists[0] if all(item in other for other in lists[1:])]


def _joined(lists: list[list[Any]]) -> list[Any]:
    return sorted({item for each in lists for item in each})


def _subset(default: Any = None) -> Rule:
    return Rule(_common, lambda old, new: not set(new) <= set(old), default)


ALL = Rule(all, lambda old, new: new and not old, default=False, widest=True)
ANY = Rule(any, lambda old, new: old and not new, default=False, widest=False)

RULES: dict[str, Rule] = {
    "allowed_brokers": _subset(),
    "allowed_order_types": _subset(["MARKET", "LIMIT"]),
    "allowed_asset_classes": _subset(),
    "restricted_symbols": Rule(_joined, lambda old, new: not set(old) <= set(new), []),
    "max_order_notional": _smallest(),
    "max_order_quantity": _smallest(),
    "price_collar_pct": _smallest(),
    "max_position_pct": _smallest(Decimal("0.10")),
    "max_gross_exposure_pct": _smallest(Decimal(1)),
    "max_net_exposure_pct": _smallest(Decimal(1)),
    "daily_loss_halt_pct": _smallest(Decimal("0.02")),
    "weekly_loss_halt_pct": _smallest(Decimal("0.05")),
    "monthly_loss_halt_pct": _smallest(Decimal("0.08")),
    "enable_shorting": ALL,
    "require_locate": ANY,
    "max_borrow_fee_pct": _smallest(Decimal("0.05")),
    "max_short_pct": _smallest(),
    "synthetic_stop_pct": _smallest(Decimal("0.10")),
    "trailing_stop": ANY,
}
# A general limit and the ones of single keys, which take its place where they are given.
KEYED: dict[str, tuple[str, Decimal]] = {
    "sector_limits": ("max_sector_pct", Decimal("0.30")),
    "asset_class_limits": ("max_asset_class_pct", Decimal(1)),
}
# A strategy's own values of these bind its own book, beside the fund's.
OWN_BOOK = ("max_position_pct", "max_gross_exposure_pct", "max_net_exposure_pct")
# Without these a fund cannot trade, and nobody but its owners can know them.
REQUIRED = ("allowed_brokers", "max_order_notional")


def merge(levels: Sequence[RiskEnvelope]) -> RiskEnvelope:
    """One envelope of `levels`, widest first, with defaults where none has an opinion.

    Author, version, hash and times are those of the last level. On the own-book limits the last opinion stands.
    """
    values: dict[str, Any] = {}
    for name, rule in RULES.items():
        opinions = [opinion for level in levels if (opinion := getattr(level, name)) is not None]
        if not opinions:
            values[name] = rule.default
        elif name in OWN_BOOK and levels[-1].strategy_id is not None and getattr(levels[-1], name) is not None:
            values[name] = opinions[-1]
        else:
            values[name] = rule.join(opinions)
    for name, (general, default) in KEYED.items():
        own = [(getattr(level, name) or {}, getattr(level, general)) for level in levels]
        values[name] = {
            key: min(limit for keys, rest in own if (limit := keys.get(key, rest)) is not None)
            for key in sorted({key for keys, _ in own for key in keys})
        }
        values[general] = min((rest for _, rest in own if rest is not None), default=default)
    merged = levels[-1].model_copy(update=values)
    merged._parts = "+".join(level.envelope_id for level in levels)
    return merged


def missing(merged: RiskEnvelope) -> list[str]:
    """What a fund needs and no level has an opinion on."""
    return [name for name in REQUIRED if getattr(merged, name) is None]


def loosened(old: RiskEnvelope, new: RiskEnvelope) -> list[str]:
    """The fields in which `new` may let through what `old` did not.

    An opinion that is dropped loosens, and so does one that is wider than what counts while nobody has any.
    """
    found = [name for name, rule in RULES.items() if _loosens(getattr(old, name), getattr(new, name), rule)]
    for name, (general, default) in KEYED.items():
        before, after = getattr(old, name) or {}, getattr(new, name) or {}
        rest_before, rest_after = getattr(old, general), getattr(new, general)
        rule = _smallest(default)
        found += [
            f"{name}.{key}"
            for key in sorted({*before, *after})
            if _loosens(before.get(key, rest_before), after.get(key, rest_after), rule)
        ]
        if _loosens(rest_before, rest_after, rule):
            found.append(general)
    return found


def _loosens(old: Any, new: Any, rule: Rule) -> bool:
    if new is None:
        if old is None or rule.widest is None:
            return old is not None
        new = rule.widest
    if old is None:
        old = rule.default
    return old is not None and bool(rule.wider(old, new))
