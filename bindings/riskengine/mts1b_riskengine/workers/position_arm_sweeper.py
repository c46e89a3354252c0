"""Every open position has exactly one live stop of its quantity; what is not so is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..alerts import OnAlert
from ..config import Config
from ..models import Alert, SweepReport

if TYPE_CHECKING:
    from ..engine import RiskEngine

NOT_ARMED = "STOP_NOT_ARMED"


class PositionArmSweeper:
    """Looks every `interval_s`. The engine arms, resizes and cancels; this tells of the positions nobody can price."""

    name = "position_arm_sweeper"

    def __init__(self, engine: RiskEngine, *, config: Config | None = None, on_alert: OnAlert | None = None) -> None:
        self._engine = engine
        self._on_alert = on_alert
        self.interval = (config or engine.config).position_arm_sweeper.interval_s

    async def run_once(self) -> SweepReport:
        report: SweepReport = self._engine.sweep_stops()
        for position in report.failed:
            told = {"fund_id": position.fund_id, "strategy_id": position.strategy_id, "symbol": position.symbol}
            message = f"no stop for {position.symbol} of {position.fund_id}: nobody knows a price"
            self._engine.alert(
                Alert(code=NOT_ARMED, message=message, details=told, at=self._engine.clock()), self._on_alert
            )
        return report
