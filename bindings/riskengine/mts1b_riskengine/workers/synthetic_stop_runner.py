"""Synthetic stops: quotes are polled, what crosses is closed by exactly one order through the same gates.

Whether a stop was crossed, and that it is closed once, is decided and stored by the engine; this polls, asks and sends.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..alerts import OnAlert
from ..config import Config
from ..models import Alert, Quote, StopState, SyntheticStop
from .protocols import Oms, Quotes

if TYPE_CHECKING:
    from ..engine import RiskEngine

log = logging.getLogger(__name__)

QUOTE_TIMEOUT_S = 5.0
OMS_TIMEOUT_S = 10.0
TICK_S = 1.0
MISSING, STALE, NOT_SENT, REJECTED = "STOP_QUOTE_MISSING", "STOP_QUOTE_STALE", "STOP_NOT_SENT", "STOP_REJECTED"


class SyntheticStopRunner:
    """Polls the symbols that have a stop and sends closing orders. One runner an engine."""

    name = "synthetic_stop_runner"

    def __init__(
        self,
        engine: RiskEngine,
        oms: Oms,
        quotes: Quotes,
        *,
        config: Config | None = None,
        on_alert: OnAlert | None = None,
    ) -> None:
        self._engine = engine
        self._oms = oms
        self._quotes = quotes
        self._config = config or engine.config
        self._on_alert = on_alert
        self._polled: dict[str, datetime] = {}
        self._outages: dict[str, str] = {}
        settings = self._config.synthetic_stop
        self.interval = min(TICK_S, settings.poll_interval_s, settings.poll_interval_equities_s)

    async def run(self, stop_event: asyncio.Event) -> None:
        """Run until `stop_event` is set."""
        while not stop_event.is_set():
            await self.run_once()
            try:
                await asyncio.wait_for(stop_event.wait(), self.interval)
            except TimeoutError:
                continue

    async def run_once(self) -> None:
        """Poll what is due, then send what was triggered, now or in an earlier run."""
        if not self._config.synthetic_stop.enabled:
            return
        now = self._engine.clock()
        symbols = sorted({stop.symbol for stop in self._engine.stops(state=StopState.ARMED)})
        due = [symbol for symbol in symbols if self._is_due(symbol, now)]
        for symbol, quote in zip(due, await asyncio.gather(*map(self._quote, due)), strict=True):
            self._polled[symbol] = now
            if self._is_fresh(symbol, quote) and quote is not None:
                self._engine.poll_stops(symbol, quote, self._config.synthetic_stop.confirmations)
            else:
                self._engine.miss_stops(symbol)
        for symbol in set(self._polled) - set(symbols):
            del self._polled[symbol]
            self._outages.pop(symbol, None)
        # One after another where they would get in each other's way, and side by side elsewhere.
        triggered: dict[tuple[str, str], list[SyntheticStop]] = {}
        for stop in self._engine.stops(state=StopState.TRIGGERED):
            triggered.setdefault((stop.fund_id, stop.symbol), []).append(stop)
        await asyncio.gather(*map(self._close, triggered.values()))

    def _is_due(self, symbol: str, now: datetime) -> bool:
        instrument = self._engine.instrument(symbol)
        settings = self._config.synthetic_stop
        equity = instrument is not None and instrument.asset_class == "equity"
        interval = timedelta(seconds=settings.poll_interval_equities_s if equity else settings.poll_interval_s)
        last = self._polled.get(symbol)
        # A clock that was set back does not put a poll off.
        return last is None or not last <= now < last + interval

    async def _quote(self, symbol: str) -> Quote | None:
        try:
            quote = await asyncio.wait_for(self._quotes.get_quote(symbol), QUOTE_TIMEOUT_S)
        except Exception as error:  # A feed may fail in any way; no quote is no crossing.
            log.warning("no quote of %s: %s", symbol, type(error).__name__)
            return None
        return quote if isinstance(quote, Quote) and quote.symbol == symbol else None

    def _is_fresh(self, symbol: str, quote: Quote | None) -> bool:
        """Whether `quote` counts. A new kind of outage is told once, until there is a quote that counts."""
        if quote is None:
            outage = MISSING
        else:
            now = self._engine.clock()
            instrument = self._engine.instrument(symbol)
            most = self._config.data.quote_age(instrument.asset_class if instrument else "default")
            outage = STALE if abs(now - (quote.at or now)) > timedelta(seconds=most) else ""
        if outage and self._outages.get(symbol) != outage:
            self._alert(outage, f"the stops of {symbol} have no quote to go by", symbol=symbol)
        if outage:
            self._outages[symbol] = outage
        else:
            self._outages.pop(symbol, None)
        return not outage

    async def _close(self, stops: list[SyntheticStop]) -> None:
        for stop in stops:
            order = self._engine.stop_order(stop.stop_id)
            if order is None:
                continue  # The position is gone, and the stop is closed.
            told = {"stop_id": stop.stop_id, "fund_id": stop.fund_id, "symbol": stop.symbol, "order_id": order.order_id}
            try:
                # What rests would fill beside the closing order, so nothing is sent before it is withdrawn.
                await asyncio.wait_for(
                    self._oms.cancel_open_orders(fund_id=stop.fund_id, symbol=stop.symbol), OMS_TIMEOUT_S
                )
                decision = await asyncio.wait_for(self._oms.submit_order(order), OMS_TIMEOUT_S)
                approved = decision.approved
            except Exception as error:  # However it failed, nobody knows whether it arrived: the same key goes again.
                self._alert(
                    NOT_SENT, f"the closing order of {stop.symbol} was not sent", error=type(error).__name__, **told
                )
                continue
            self._engine.stop_answered(stop.stop_id, decision)
            if not approved:
                code = decision.rejection_code
                self._alert(
                    REJECTED, f"the closing order of {stop.symbol} was refused: {code}", rejection_code=code, **told
                )

    def _alert(self, code: str, message: str, **details: str) -> None:
        self._engine.alert(Alert(code=code, message=message, details=details, at=self._engine.clock()), self._on_alert)
