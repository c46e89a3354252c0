"""What an instrument is, as far as money depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from openpit import _openpit

from trade_engine._numbers import POSITIVE, POSITIVE_UNIT, Amount, amount, optional_amount


def symbol_of(value: Any, name: str = "symbol") -> str:
    """A name without blanks around it."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: {value!r} is not a text")
    if not value or value != value.strip():
        raise ValueError(f"{name}: {value!r} is empty or has blanks around it")
    return value


@dataclass(frozen=True)
class InstrumentSpec:
    """The specification of an instrument."""

    symbol: str
    multiplier: Decimal = Decimal(1)
    quantity_step: Decimal = Decimal("0.0001")
    min_quantity: Decimal | None = None
    max_quantity: Decimal | None = None
    tick_size: Decimal | None = None
    margin_rate: Decimal = Decimal(1)
    currency: str = "USD"

    if TYPE_CHECKING:

        def __init__(
            self,
            symbol: str,
            multiplier: Amount = 1,
            quantity_step: Amount = "0.0001",
            min_quantity: Amount | None = None,
            max_quantity: Amount | None = None,
            tick_size: Amount | None = None,
            margin_rate: Amount = 1,
            currency: str = "USD",
        ) -> None: ...

    def __post_init__(self) -> None:
        step = amount(self.quantity_step, "quantity_step", POSITIVE)
        least = step if self.min_quantity is None else amount(self.min_quantity, "min_quantity", POSITIVE)
        most = optional_amount(self.max_quantity, "max_quantity", POSITIVE)
        if most is not None and _openpit.amount_order(least, most) > 0:
            raise ValueError(f"max_quantity: {most} is below min_quantity, {least}")
        fields: dict[str, Any] = {
            "symbol": symbol_of(self.symbol),
            "multiplier": amount(self.multiplier, "multiplier", POSITIVE),
            "quantity_step": step,
            "min_quantity": least,
            "max_quantity": most,
            "tick_size": optional_amount(self.tick_size, "tick_size", POSITIVE),
            "margin_rate": amount(self.margin_rate, "margin_rate", POSITIVE_UNIT),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)


def terms_of(spec: InstrumentSpec, listed: bool) -> tuple[Any, ...]:
    """What the native core is told of a specification."""
    return (
        spec.multiplier,
        spec.quantity_step,
        spec.min_quantity,
        spec.max_quantity,
        spec.tick_size,
        spec.margin_rate,
        listed,
    )


def listing(instruments: Mapping[str, InstrumentSpec] | Iterable[InstrumentSpec] | None) -> dict[str, InstrumentSpec]:
    """The specifications by symbol."""
    if instruments is None:
        return {}
    pairs = (
        list(instruments.items())
        if isinstance(instruments, Mapping)
        else [(getattr(spec, "symbol", None), spec) for spec in instruments]
    )
    for symbol, spec in pairs:
        if not isinstance(spec, InstrumentSpec):
            raise TypeError(f"instruments: {spec!r} is not an InstrumentSpec")
        symbol_of(symbol)
    return {str(symbol): spec for symbol, spec in pairs}


def _future(symbol: str, multiplier: Amount, tick: str) -> InstrumentSpec:
    return InstrumentSpec(symbol, multiplier, quantity_step=Decimal(1), tick_size=Decimal(tick))


#: Futures in whole contracts, for those who ask for them; nothing is guessed from a symbol.
CME_FUTURES: Mapping[str, InstrumentSpec] = MappingProxyType(
    {
        spec.symbol: spec
        for spec in (
            _future("ES", 50, "0.25"),
            _future("NQ", 20, "0.25"),
            _future("CL", 1000, "0.01"),
            _future("GC", 100, "0.10"),
            _future("MES", 5, "0.25"),
            _future("MNQ", 2, "0.25"),
            _future("MCL", 100, "0.01"),
            _future("MGC", 10, "0.10"),
        )
    }
)
