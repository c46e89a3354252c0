"""Asking rules of one's own about an order. What they answer is kept; what refuses, and that errors refuse, is decided here once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trade_engine._numbers import amount
from trade_engine.risk.rules import Rule, RuleContext, RuleResult


@dataclass(frozen=True)
class Refusal:
    """Why an order does not pass."""

    code: str
    reason: str
    limit: Decimal | None = None
    observed: Decimal | None = None
    headroom: Decimal | None = None


def figure(value: Any) -> Decimal | None:
    """A figure that a rule tells, where it is a number."""
    try:
        return None if value is None else amount(value, "figure")
    except (TypeError, ValueError):
        return None


def ask(rules: Iterable[Rule], ctx: RuleContext) -> tuple[Refusal | None, list[RuleResult]]:
    """The first refusal, if any, and the warnings before it."""
    warnings: list[RuleResult] = []
    for rule in rules:
        name = str(getattr(rule, "name", type(rule).__name__))
        try:
            result = rule.evaluate(ctx)
        except Exception as error:
            return Refusal("RULE_ERROR", f"{name}: {type(error).__name__}: {error}"), warnings
        if not isinstance(result, RuleResult):
            return Refusal("RULE_ERROR", f"{name} answered {result!r}"), warnings
        if result.warning:
            warnings.append(result)
        elif not result.passed:
            refusal = Refusal(
                str(result.code),
                result.message or f"{name} does not let it pass",
                figure(result.limit),
                figure(result.observed),
                figure(result.headroom),
            )
            return refusal, warnings
    return None, warnings
