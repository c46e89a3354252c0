"""Raising an alert: counted, logged, put into the outbox, and told to whoever listens."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from .errors import StoreError
from .models import Alert

if TYPE_CHECKING:
    from .engine import RiskEngine

log = logging.getLogger(__name__)
OnAlert = Callable[[Alert], None]


def raise_alert(engine: RiskEngine, alert: Alert, on_alert: OnAlert | None) -> None:
    """Tell the world of `alert`. Neither a full disk nor a listener that fails keeps the others from hearing of it."""
    engine.metrics.alerted(alert.code)
    log.warning("%s: %s", alert.code, alert.message, extra={"alert": alert.code, **_shown(alert)})
    if engine.outbox.wanted:
        try:
            engine.store.write([], messages=[engine.outbox.message("alert", alert.model_dump_json())])
            engine.outbox.written()
        except StoreError:
            log.error("%s could not be put into the outbox", alert.code)
    tell(on_alert, alert)


def tell(on_alert: OnAlert | None, alert: Alert) -> None:
    """Call `on_alert`; what it raises is its own affair."""
    if on_alert is not None:
        try:
            on_alert(alert)
        except Exception:
            log.exception("the listener for alerts failed at %s", alert.code)


def _shown(alert: Alert) -> dict[str, str]:
    return {f"alert_{name}": text for name, text in alert.details.items()}
