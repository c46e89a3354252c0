"""Bars as they come, checked before the first one is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy
import pandas

from trade_engine.instruments import symbol_of


class Bars:
    """The bars of a symbol."""

    def __init__(self, symbol: str, frame: pandas.DataFrame) -> None:
        self.symbol = symbol_of(symbol)
        if not isinstance(frame, pandas.DataFrame):
            raise ValueError(f"bars of {symbol}: {type(frame).__name__} is not a DataFrame")
        self.index = self._times(frame)
        self.times: list[datetime] = [stamp.to_pydatetime() for stamp in self.index]
        names = {str(name).lower(): name for name in frame.columns}
        if "close" not in names:
            raise ValueError(f"bars of {symbol}: there is no column close")
        close = self._column("close", frame[names["close"]])
        self._check_closes(close)
        self._series: dict[str, pandas.Series[float]] = {"close": close}
        for column in ("open", "high", "low"):
            self._series[column] = self._column(column, frame[names[column]]) if column in names else close
        volume = frame[names["volume"]] if "volume" in names else numpy.zeros(len(self.index))
        self._series["volume"] = self._column("volume", volume)
        self.closes: list[float] = self._series["close"].tolist()
        self.opens: list[float] = self._series["open"].tolist()

    def _times(self, frame: pandas.DataFrame) -> pandas.DatetimeIndex:
        index = frame.index
        if not isinstance(index, pandas.DatetimeIndex):
            raise ValueError(f"bars of {self.symbol}: the index has no times")
        index = index.tz_localize("UTC") if index.tz is None else index.tz_convert("UTC")
        if index.hasnans:
            raise ValueError(f"bars of {self.symbol}: a time is missing")
        for before, after in zip(index[:-1], index[1:], strict=True):
            if not before < after:
                raise ValueError(f"bars of {self.symbol}: {after} does not come after {before}")
        return index

    def _column(self, name: str, given: Any) -> pandas.Series[float]:
        try:
            values = numpy.array(given, dtype="float64", copy=True)
        except (TypeError, ValueError) as error:
            raise ValueError(f"bars of {self.symbol}: {name} is not of numbers") from error
        values.setflags(write=False)
        return pandas.Series(values, index=self.index, copy=False)

    def _check_closes(self, close: pandas.Series[float]) -> None:
        for at, value in zip(self.index, close.tolist(), strict=True):
            if not 0 < value < float("inf"):
                raise ValueError(f"bars of {self.symbol}: the close at {at.isoformat()} is {value}")

    def __len__(self) -> int:
        return len(self.times)

    def until(self, name: str, index: int) -> pandas.Series[float]:
        """A column up to a bar and with it. Writing into it reaches nobody else."""
        return self._series[name].iloc[: index + 1]


def read_bars(bars: Any, symbol: str | None, strategy: Any) -> list[Bars]:
    """What a run was given, by symbol."""
    if isinstance(bars, pandas.DataFrame):
        chosen = symbol if symbol is not None else getattr(strategy, "symbol", None)
        if chosen is None:
            raise ValueError("symbol: bars of one symbol need its name")
        return [Bars(chosen, bars)]
    if isinstance(bars, Mapping):
        return [Bars(name, frame) for name, frame in bars.items()]
    raise ValueError(f"bars: {type(bars).__name__} is neither a DataFrame nor a mapping")
