"""Counters and the Prometheus text. No order, key or account ever becomes a label."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from .errors import EnvelopeNotFound, StoreError
from .models import StopState

if TYPE_CHECKING:
    from .engine import RiskEngine

BUCKETS = (0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1.0, 10.0)


class Metrics:
    """What is counted as it happens; the rest is asked of the engine when somebody reads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._decisions: Counter[tuple[str, str, bool]] = Counter()
        self._buckets = [0] * (len(BUCKETS) + 1)
        self._seconds = 0.0
        self._cro: Counter[str] = Counter()
        self._alerts: Counter[str] = Counter()
        self._envelope_errors = 0
        self._discrepancies = 0
        self._workers: dict[str, tuple[datetime, float]] = {}
        self._restarts: Counter[str] = Counter()

    def decided(self, gate: str, code: str, approved: bool, seconds: float) -> None:
        with self._lock:
            self._decisions[gate, code, approved] += 1
            self._buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds

    def cro(self, result: str) -> None:
        with self._lock:
            self._cro[result] += 1

    def alerted(self, code: str) -> None:
        with self._lock:
            self._alerts[code] += 1
            if code.startswith("ENVELOPE_"):
                self._envelope_errors += 1

    def reconciled(self, discrepancies: int) -> None:
        with self._lock:
            self._discrepancies = discrepancies

    def worker(self, name: str, at: datetime, interval: float) -> None:
        """A run of the worker `name` ended at `at`; the next is due `interval` seconds later."""
        with self._lock:
            self._workers[name] = (at, interval)

    def restarted(self, name: str) -> None:
        with self._lock:
            self._restarts[name] += 1

    def text(self, engine: RiskEngine) -> str:
        """Everything in the text format of Prometheus."""
        page = _Page()
        with self._lock:
            self._counted(page, engine.clock())
        _asked(page, engine)
        return page.text()

    def _counted(self, page: _Page, now: datetime) -> None:
        page.family("decisions_total", "counter", "Orders decided, by the gate and code of the refusal.")
        for (gate, code, approved), count in sorted(self._decisions.items()):
            page.sample("decisions_total", {"gate": gate, "code": code, "approved": str(approved).lower()}, count)
        page.family("check_seconds", "histogram", "Time in which an order was decided.")
        total = 0
        for bound, count in zip((*BUCKETS, float("inf")), self._buckets, strict=True):
            total += count
            page.sample("check_seconds_bucket", {"le": "+Inf" if bound == float("inf") else _number(bound)}, total)
        page.sample("check_seconds_sum", {}, self._seconds)
        page.sample("check_seconds_count", {}, total)
        page.family("cro_total", "counter", "Answers of the advisory veto, and the lack of them.")
        for result, count in sorted(self._cro.items()):
            page.sample("cro_total", {"result": result}, count)
        page.family("alerts_total", "counter", "Alerts raised.")
        for code, count in sorted(self._alerts.items()):
            page.sample("alerts_total", {"code": code}, count)
        page.family("envelope_errors_total", "counter", "Envelopes refused, in conflict, or not to be had.")
        page.sample("envelope_errors_total", {}, self._envelope_errors)
        page.family("reconcile_discrepancies", "gauge", "Discrepancies that the last reconciliation found.")
        page.sample("reconcile_discrepancies", {}, self._discrepancies)
        page.family("worker_lag_seconds", "gauge", "How much later than due a worker is.")
        for name, (at, interval) in sorted(self._workers.items()):
            page.sample("worker_lag_seconds", {"worker": name}, max(0.0, (now - at).total_seconds() - interval))
        page.family("worker_restarts_total", "counter", "How often a worker fell and was started again.")
        for name, count in sorted(self._restarts.items()):
            page.sample("worker_restarts_total", {"worker": name}, count)


def _asked(page: _Page, engine: RiskEngine) -> None:
    page.family("halted", "gauge", "Halts that stand.")
    for (scope, severity), count in sorted(Counter((h.scope, h.severity.value) for h in engine.halts()).items()):
        page.sample("halted", {"scope": scope, "severity": severity}, min(count, 1))
    page.family("limit_utilisation", "gauge", "Share of a limit that is used.")
    for fund, limit, used in engine.utilisation():
        page.sample("limit_utilisation", {"fund": fund, "limit": limit}, used)
    page.family("stops", "gauge", "Synthetic stops by state.")
    states = Counter(stop.state.value for stop in engine.stops())
    for state in StopState:
        page.sample("stops", {"state": state.value}, states[state.value])
    page.family("envelope_version", "gauge", "The version of the fund's envelope in force.")
    for level, strategy in engine.envelopes.levels():
        if level is not None and strategy is None:
            try:
                page.sample("envelope_version", {"fund": level}, engine.envelopes.effective(level).version or 0)
            except EnvelopeNotFound:
                page.sample("envelope_version", {"fund": level}, 0)
    page.family("outbox", "gauge", "Messages that wait to be published.")
    try:
        page.sample("outbox", {}, engine.outbox.size())
    except StoreError:
        page.sample("outbox", {}, float("nan"))
    page.family("idempotency_entries", "gauge", "Keys that are remembered.")
    page.sample("idempotency_entries", {}, engine.idempotency_entries())


class _Page:
    def __init__(self) -> None:
        self._lines: list[str] = []

    def family(self, name: str, kind: str, help: str) -> None:
        self._lines += [f"# HELP riskengine_{name} {help}", f"# TYPE riskengine_{name} {kind}"]

    def sample(self, name: str, labels: Mapping[str, str], value: float) -> None:
        shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        self._lines.append(f"riskengine_{name}{'{' + shown + '}' if shown else ''} {_number(value)}")

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return "NaN" if value != value else str(int(value)) if value == int(value) else repr(value)
