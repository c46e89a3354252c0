"""What a run asks of a strategy, and what it shows it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from trade_engine.models import Fill, Order, Position, Signal

if TYPE_CHECKING:
    import pandas

    from trade_engine._bars import Bars


class Bar:
    """A bar, and all before it: Series that end with the present."""

    def __init__(self, bars: Bars, index: int) -> None:
        self._bars = bars
        self._seen: dict[str, pandas.Series[float]] = {}
        self.symbol: str = bars.symbol
        self.index = index
        self.timestamp: datetime = bars.times[index]

    def _column(self, name: str) -> pandas.Series[float]:
        series = self._seen.get(name)
        if series is None:
            series = self._seen[name] = self._bars.until(name, self.index)
        return series

    @property
    def open(self) -> pandas.Series[float]:
        """The first price of each bar."""
        return self._column("open")

    @property
    def high(self) -> pandas.Series[float]:
        """The highest price of each bar."""
        return self._column("high")

    @property
    def low(self) -> pandas.Series[float]:
        """The lowest price of each bar."""
        return self._column("low")

    @property
    def close(self) -> pandas.Series[float]:
        """The last price of each bar."""
        return self._column("close")

    @property
    def volume(self) -> pandas.Series[float]:
        """What traded in each bar."""
        return self._column("volume")


class Strategy(ABC):
    """What decides. A class of your own needs no ``__init__``, and need not call this one's."""

    @abstractmethod
    def on_bar(self, bar: Bar, positions: Mapping[str, Position]) -> Signal | Iterable[Signal] | None:
        """Looks at a bar and at what is held; what it wants, if anything."""

    def on_fill(self, fill: Fill) -> None:  # noqa: B027  nobody need listen
        """Hears of a trade."""

    def on_reject(self, order: Order) -> None:  # noqa: B027
        """Hears that an order was refused."""
