"""A strategy that follows momentum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trade_engine.models import Position, Side, Signal
from trade_engine.strategies.base import Strategy


class MomentumStrategy(Strategy):
    """Buys what has risen by more than a threshold, and sells it when it has fallen by more than that."""

    def __init__(self, lookback: int = 20, threshold: float = 0.02, symbol: str = "ES") -> None:
        self.lookback = lookback
        self.threshold = threshold
        self.symbol = symbol

    def on_bar(self, bar: Any, positions: Mapping[str, Position]) -> Signal | None:
        """Compares the last close with that ``lookback`` bars before."""
        if len(bar.close) <= self.lookback:
            return None
        # The same return as pct_change(lookback) has last, without those of all bars before.
        change = float(bar.close.iloc[-1]) / float(bar.close.iloc[-1 - self.lookback]) - 1
        is_held = self.symbol in positions
        if change > self.threshold and not is_held:
            return self._signal(Side.BUY, change)
        if change < -self.threshold and is_held:
            return self._signal(Side.SELL, -change)
        return None

    def _signal(self, side: Side, change: float) -> Signal:
        return Signal(
            self.symbol,
            side,
            min(change, 1.0),
            strategy_id="momentum",
            metadata={"return": change if side is Side.BUY else -change},
        )
