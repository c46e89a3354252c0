"""What we think we hold and what the broker says. An outage is never read as an empty account."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from ..alerts import OnAlert
from ..config import Config
from ..models import Alert, Position, Severity
from ..numbers import text
from .protocols import Broker, Oms

if TYPE_CHECKING:
    from ..engine import RiskEngine

log = logging.getLogger(__name__)

DRIFT, UNAVAILABLE = "POSITION_DRIFT", "RECONCILE_UNAVAILABLE"
OPERATOR = "reconciler"
CALL_TIMEOUT_S = 30.0
EXACT = Context(prec=100)


class Kind(StrEnum):
    MISSING_AT_BROKER = "MISSING_AT_BROKER"
    MISSING_AT_OMS = "MISSING_AT_OMS"
    SIGN = "SIGN"
    QUANTITY = "QUANTITY"


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A symbol of which broker and OMS hold different quantities; delta is what the broker has more."""

    fund_id: str
    symbol: str
    oms_quantity: Decimal
    broker_quantity: Decimal
    delta: Decimal
    kind: Kind


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What a run found, what was done, and the funds that it concerns.

    The action is `none`, `alerted`, `reconciled`, `halted` or `unavailable`.
    """

    discrepancies: list[Discrepancy]
    action: str
    funds: list[str]


def diff(oms_positions: Iterable[Position], broker_positions: Iterable[Position]) -> list[Discrepancy]:
    """What differs, by fund and symbol. Strategies of a fund are added up; a position of zero is none."""
    ours, theirs = _added(oms_positions), _added(broker_positions)
    found = []
    for key in sorted({*ours, *theirs}):
        mine, other = ours.get(key, Decimal(0)), theirs.get(key, Decimal(0))
        if mine != other:
            found.append(Discrepancy(*key, mine, other, EXACT.subtract(other, mine), _kind(mine, other)))
    return found


def _added(positions: Iterable[Position]) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for position in positions:
        key = (position.fund_id, position.symbol)
        sums[key] = EXACT.add(sums.get(key, Decimal(0)), position.quantity)
    return sums


def _kind(ours: Decimal, theirs: Decimal) -> Kind:
    if theirs == 0:
        return Kind.MISSING_AT_BROKER
    if ours == 0:
        return Kind.MISSING_AT_OMS
    return Kind.SIGN if (ours < 0) != (theirs < 0) else Kind.QUANTITY


class BrokerExitReconciler:
    """Compares every `interval_s`, and alerts, puts right or halts, as configured. It lifts no halt."""

    name = "broker_exit_reconciler"

    def __init__(
        self,
        engine: RiskEngine,
        oms: Oms,
        broker: Broker,
        *,
        config: Config | None = None,
        on_alert: OnAlert | None = None,
    ) -> None:
        self._engine = engine
        self._oms = oms
        self._broker = broker
        self._settings = (config or engine.config).broker_exit_reconciler
        self._on_alert = on_alert
        self._failures = 0
        self._confirmed = 0
        self._funds: list[str] = []
        self.interval = self._settings.interval_s

    async def run_once(self) -> ReconcileReport:
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                self._funds = sorted(await self._oms.active_funds())
                ours = [p for fund in self._funds for p in await self._oms.get_positions(fund_id=fund)]
                theirs = list(await self._broker.get_positions())
                found, concerned = self._compared(ours, theirs)
        except Exception as error:  # However it fails, it says nothing of positions.
            return self._unavailable(error)
        self._failures = 0
        self._engine.metrics.reconciled(len(found))
        if len(found) < self._settings.alert_threshold:
            self._confirmed = 0
            return ReconcileReport(found, "none", [])
        self._confirmed += 1
        if self._confirmed < self._settings.confirm_runs:
            return ReconcileReport(found, "none", concerned)
        return await self._acted(found, concerned)

    def _compared(self, ours: Sequence[Position], theirs: Sequence[Position]) -> tuple[list[Discrepancy], list[str]]:
        """The discrepancies and the funds they concern.

        Funds that the broker names are compared one by one. If it holds something for nobody in particular, that is compared
        with what all the other funds hold together.
        """
        named = {position.fund_id for position in theirs if position.fund_id}
        pooled = any(not position.fund_id and position.quantity for position in theirs)
        pool = [fund for fund in self._funds if fund not in named] if pooled else []
        found = diff([_pooled(position) if position.fund_id in pool else position for position in ours], theirs)
        concerned: set[str] = set()
        for discrepancy in found:
            if discrepancy.fund_id:
                concerned.add(discrepancy.fund_id)
            else:
                holders = {
                    p.fund_id for p in ours if p.symbol == discrepancy.symbol and p.quantity and p.fund_id in pool
                }
                concerned |= holders or set(pool or self._funds)
        return found, sorted(concerned)

    async def _acted(self, found: list[Discrepancy], concerned: list[str]) -> ReconcileReport:
        shown = "; ".join(
            f"{d.fund_id or '*'} {d.symbol} {text(d.oms_quantity)}/{text(d.broker_quantity)}" for d in found[:20]
        )
        self._alert(DRIFT, f"{len(found)} positions differ: {shown}", funds=",".join(concerned), count=str(len(found)))
        action, halted = "alerted", concerned
        if self._settings.mode == "auto_reconcile":
            rest = [discrepancy for discrepancy in found if not await self._put_right(discrepancy)]
            action = "reconciled"
            unclear = any(not discrepancy.fund_id for discrepancy in rest)
            halted = concerned if unclear else sorted({discrepancy.fund_id for discrepancy in rest})
        if self._settings.mode != "alert" and halted:
            action = "halted"
            self._halt(halted, f"positions differ from the broker's: {shown}")
        body = {
            "action": action,
            "funds": concerned,
            "discrepancies": [
                {
                    "fund_id": d.fund_id,
                    "symbol": d.symbol,
                    "oms_quantity": text(d.oms_quantity),
                    "broker_quantity": text(d.broker_quantity),
                    "kind": d.kind.value,
                }
                for d in found
            ],
        }
        self._engine.record("reconciliation", body)
        return ReconcileReport(found, action, concerned)

    async def _put_right(self, found: Discrepancy) -> bool:
        """Take the broker's figure for ours, if it is small enough and clear whose it is."""
        if not found.fund_id:
            return False
        notional = self._engine.notional(found.fund_id, found.symbol, found.delta)
        if notional is None or notional > self._settings.auto_max_notional:
            return False
        books = [book for book in self._engine.books(found.fund_id) if book.symbol == found.symbol]
        if len({book.strategy_id for book in books}) > 1:
            return False  # Nobody can say which strategy's it is.
        book = books[0] if books else None
        kept = book is not None and (book.quantity < 0) == (found.broker_quantity < 0)
        reason = "reconciled with the broker"
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S):
                await self._oms.adjust_position(
                    fund_id=found.fund_id, symbol=found.symbol, quantity=found.broker_quantity, reason=reason
                )
        except Exception as error:
            log.warning("a position was not adjusted: %s", type(error).__name__)
            return False
        self._engine.set_position(
            found.fund_id,
            found.symbol,
            found.broker_quantity,
            book.average_price if book is not None and kept else None,
            strategy_id=book.strategy_id if book is not None else "",
            reason=reason,
        )
        return True

    def _unavailable(self, error: Exception) -> ReconcileReport:
        self._failures += 1
        self._confirmed = 0
        self._alert(
            UNAVAILABLE, "positions cannot be compared", error=type(error).__name__, failures=str(self._failures)
        )
        funds = self._funds or self._engine.funds()
        if self._failures < self._settings.max_failures:
            return ReconcileReport([], "unavailable", funds)
        self._halt(funds, f"positions could not be compared {self._failures} times in a row")
        self._engine.record("reconciliation", {"action": "halted", "funds": funds, "discrepancies": []})
        return ReconcileReport([], "halted", funds)

    def _halt(self, funds: Iterable[str], reason: str) -> None:
        for fund in funds:
            if not any(
                halt.scope == fund and halt.severity is Severity.RECONCILIATION for halt in self._engine.halts(fund)
            ):
                self._engine.halt(fund, OPERATOR, reason[:500], severity=Severity.RECONCILIATION)

    def _alert(self, code: str, message: str, **details: str) -> None:
        alert = Alert(code=code, message=message[:2000], details=details, at=self._engine.clock())
        self._engine.alert(alert, self._on_alert)


def _pooled(position: Position) -> Position:
    return position.model_copy(update={"fund_id": ""})
