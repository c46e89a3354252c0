"""A picture of a run. Its figures are floats: what is drawn is a statistic, and nothing is decided by it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from trade_engine.events import Event, OrderFilled, OrderPartialFill
from trade_engine.models import RunResult, Side


def plot_run(result: RunResult, path: str | os.PathLike[str], events: Iterable[Event] = ()) -> Path:
    """Draws equity, drawdown, and the fills among ``events`` into a PNG, and tells where it is. It needs matplotlib."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError('matplotlib is missing: pip install "openpit-trade-engine[plot]"') from error
    figure = Figure(figsize=(10, 7), layout="constrained")
    FigureCanvasAgg(figure)
    equity, drawdown, prices = figure.subplots(3, 1, sharex=True, height_ratios=(3, 1, 2))
    curve = result.equity_curve
    equity.plot(curve.index, curve.to_numpy())
    equity.set_ylabel("equity")
    fall = curve / curve.cummax() - 1
    drawdown.fill_between(fall.index, fall.to_numpy(), 0, alpha=0.4)
    drawdown.set_ylabel("drawdown")
    for side, marker, colour in ((Side.BUY, "^", "tab:green"), (Side.SELL, "v", "tab:red")):
        points = [(event.timestamp, float(event.fill_price)) for event in fills(events) if event.side is side]
        if points:
            times, levels = zip(*points, strict=True)
            prices.scatter(times, levels, marker=marker, color=colour, label=side.name)
    if prices.collections:
        prices.legend()
    prices.set_ylabel("fills")
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, format="png")
    return target


def fills(events: Iterable[Event]) -> list[Any]:
    """The fills among events."""
    return [event for event in events if isinstance(event, (OrderFilled, OrderPartialFill))]
