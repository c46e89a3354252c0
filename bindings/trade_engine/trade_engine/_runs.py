"""A strategy on bars: what is shown to it, and what becomes of what it wants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from trade_engine._bars import Bars, read_bars
from trade_engine._numbers import amount
from trade_engine.models import Fill, RunResult, Signal
from trade_engine.strategies.base import Bar

if TYPE_CHECKING:
    from trade_engine.engine import Engine
    from trade_engine.strategies.base import Strategy


class Run:
    """One run of an engine."""

    def __init__(self, engine: Engine, strategy: Strategy, bars: list[Bars], fill_at: str) -> None:
        self.engine = engine
        self.strategy = strategy
        self.bars = bars
        self.at_open = fill_at == "next_open"
        self.seen = 0
        self.signals = 0
        self.waiting: dict[str, list[Signal]] = {}
        self.points: list[tuple[datetime, Decimal]] = []

    def steps(self) -> Iterable[tuple[datetime, list[tuple[Bars, int]]]]:
        """Each time with the bars of it, in the order of the symbols."""
        times: dict[datetime, list[tuple[Bars, int]]] = {}
        for bars in self.bars:
            for index, at in enumerate(bars.times):
                times.setdefault(at, []).append((bars, index))
        return sorted(times.items(), key=lambda step: step[0])

    def show(self, bars: Bars, index: int) -> None:
        """One bar: what waited trades at its open, it is marked, and the strategy looks at it."""
        engine, symbol = self.engine, bars.symbol
        for signal in self.waiting.pop(symbol, ()):
            self.submit(signal, bars.opens[index])
        engine._update({symbol: amount(bars.closes[index], "close")}, "bar")
        self.tell()
        self.seen += 1
        wanted = self.strategy.on_bar(Bar(bars, index), engine.get_all_positions())
        for signal in signals_of(wanted):
            self.signals += 1
            if self.at_open:
                self.waiting.setdefault(signal.symbol, []).append(signal)
            else:
                self.submit(signal, None)

    def submit(self, signal: Signal, price: float | None) -> None:
        """Carries a signal out."""
        self.engine.submit_signal(signal, price)
        self.tell()

    def tell(self) -> None:
        """Lets the strategy hear of what has happened."""
        heard = self.engine._heard
        while heard:
            item = heard.pop(0)
            if isinstance(item, Fill):
                self.hook("on_fill", item)
            else:
                self.hook("on_reject", item)

    def hook(self, name: str, item: Any) -> None:
        """A strategy need not have one."""
        method = getattr(self.strategy, name, None)
        if method is not None:
            method(item)


def signals_of(wanted: Any) -> Iterable[Signal]:
    """What a strategy wants, as signals."""
    if wanted is None:
        return ()
    if isinstance(wanted, Signal):
        return (wanted,)
    found = list(wanted)
    for item in found:
        if not isinstance(item, Signal):
            raise TypeError(f"the strategy answered {item!r}, which is not a Signal")
    return found


def progress_of(steps: list[Any], wanted: bool) -> Iterable[Any]:
    """The steps, with a bar that shows how far they are where somebody wants one and tqdm is there."""
    if not wanted:
        return steps
    try:
        from tqdm import tqdm  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return steps
    return tqdm(steps, unit="bar")  # type: ignore[no-any-return]


def run(
    engine: Engine,
    strategy: Strategy,
    bars: Any,
    symbol: str | None,
    fill_at: str,
    close_at_end: bool,
    progress: bool,
) -> RunResult:
    """Lets a strategy see bars one after the other."""
    if fill_at not in ("close", "next_open"):
        raise ValueError(f"fill_at: {fill_at!r} is neither close nor next_open")
    this = Run(engine, strategy, read_bars(bars, symbol, strategy), fill_at)
    steps = list(this.steps())
    with engine._lock:
        if engine._at is not None and steps and steps[0][0] < engine._at:
            raise ValueError(f"bars: {steps[0][0].isoformat()} is before the last event")
        first_order = len(engine._orders)
        engine._heard = []
        try:
            for at, shown in progress_of(steps, progress):
                engine._bar_time = at
                engine._begin()
                for of_symbol, index in shown:
                    this.show(of_symbol, index)
                this.points.append((at, engine.equity))
            if close_at_end:
                for held in engine.get_all_positions():
                    engine.close_position(held)
                    this.tell()
        finally:
            engine._heard = None
            engine._bar_time = None
        return RunResult(
            bars=this.seen,
            signals=this.signals,
            orders=list(engine._orders.values())[first_order:],
            dropped_signals=len([signal for waiting in this.waiting.values() for signal in waiting]),
            equity_points=this.points,
            metrics=engine.performance(),
            state=engine.state(),
        )
