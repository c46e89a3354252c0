"""Limits of one account: eight thresholds, a circuit breaker, metrics and alerts.

Numbers are ``int``, ``float`` or ``Decimal``; a float means the decimal number that its ``repr`` shows, and what is done with
it is exact. Results are floats. Every threshold is one of the engine's own limits; this module gives them their names.
"""

import json
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from decimal import Decimal
from threading import Lock
from typing import Any

from openpit import _openpit
from openpit._lists import METRICS
from openpit._openpit import RiskDesk as _RiskDesk

from axon_quant._errors import AxonError
from axon_quant._statistics import WINDOW, historical_var_95

__all__ = [
    "ERROR_CODES",
    "CircuitBreaker",
    "DefaultRiskEngine",
    "RiskConfig",
    "RiskError",
    "RiskMetrics",
    "RiskReason",
    "RiskResult",
    "make_circuit_breaker",
    "make_order",
    "make_portfolio",
    "make_portfolio_with_positions",
    "make_risk_config",
]

ERROR_CODES = ("CircuitBreakerActive", "OrderRejected", "ConfigInvalid", "Overflow")

# ---- Errors ----------------------------------------------------------------------------------------------------------


class RiskError(AxonError):
    """What a risk engine refuses to do, or an order that it rejects for those who ask for an exception.

    ``reason`` is the :class:`RiskReason` of a rejected order, or None.
    """

    reason: "RiskReason | None" = None


class _RiskValueError(RiskError, ValueError):
    """A refusal of a value."""


class _RiskKeyError(RiskError, KeyError):
    """A refusal for a key that is missing."""


class _RiskTypeError(RiskError, TypeError):
    """A refusal of a type."""


def _error(code: str, builtin: type[Exception] | None, text: str) -> RiskError:
    kinds = {ValueError: _RiskValueError, KeyError: _RiskKeyError, TypeError: _RiskTypeError}
    kind = RiskError if builtin is None else kinds[builtin]
    return kind(code, f"[{code}] {text}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _float(value: Any) -> float:
    """The nearest float, infinite where there is none."""
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, value)


def _is_nan(value: Any) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


def _is_finite(value: Any) -> bool:
    return value.is_finite() if isinstance(value, Decimal) else isinstance(value, int) or math.isfinite(value)


# ---- Results ---------------------------------------------------------------------------------------------------------

_REASONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "OrderTooLarge": ("Order too large", ("max", "actual")),
    "PositionLimitExceeded": ("Position limit exceeded", ("instrument", "limit")),
    "MaxLeverageExceeded": ("Max leverage exceeded", ("max", "actual")),
    "MaxDrawdownExceeded": ("Max drawdown exceeded", ("max_pct", "current_pct")),
    "DailyPnLLimit": ("Daily PnL limit", ("limit", "current")),
    "CircuitBreakerActive": ("Circuit breaker active", ("until",)),
    "ConcentrationTooHigh": ("Concentration too high", ("instrument", "pct")),
    "InsufficientMargin": ("Insufficient margin", ("required", "available")),
}
_FIELDS = tuple(dict.fromkeys(field for _, fields in _REASONS.values() for field in fields))


class RiskReason:
    """Why an order was rejected, or what an alert is about: a kind, and the numbers that belong to it."""

    __slots__ = ("_fields", "_kind")

    _kind: str
    _fields: dict[str, Any]

    @classmethod
    def _of(cls, kind: str, fields: dict[str, Any]) -> "RiskReason":
        reason = cls.__new__(cls)
        reason._kind = kind
        reason._fields = fields
        return reason

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> "RiskReason":
        """A reason from its dict; keys that no reason has are left out."""
        if not isinstance(d, Mapping):
            raise _error("OrderRejected", ValueError, f"invalid reason: {d!r} (expected a dict)")
        if "kind" not in d:
            raise _error("OrderRejected", KeyError, "missing key: kind")
        kind = d["kind"]
        if not isinstance(kind, str) or kind not in _REASONS:
            raise _error("OrderRejected", ValueError, f"invalid kind: {kind!r} (expected one of {', '.join(_REASONS)})")
        return cls._of(kind, {name: cls._field(name, d[name]) for name in _FIELDS if name in d})

    @staticmethod
    def _field(name: str, value: object) -> Any:
        if name == "instrument":
            if isinstance(value, str):
                return value
            raise _error("OrderRejected", ValueError, f"invalid instrument: {value!r} (expected a str)")
        if not _is_number(value):
            raise _error("OrderRejected", ValueError, f"invalid {name}: {value!r} (expected a number)")
        return _float(value)

    @property
    def kind(self) -> str:
        """What it is, such as OrderTooLarge."""
        return self._kind

    def get(self, name: str) -> float | None:
        """The number of that name; None when there is none."""
        value = self._fields.get(name)
        return value if isinstance(value, float) else None

    def get_str(self, name: str) -> str | None:
        """The text of that name; None when there is none."""
        value = self._fields.get(name)
        return value if isinstance(value, str) else None

    def to_dict(self) -> dict[str, Any]:
        """The kind and its fields."""
        return {"kind": self._kind, **self._fields}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RiskReason):
            return NotImplemented
        return self._kind == other._kind and self._fields == other._fields

    def __hash__(self) -> int:
        return hash((self._kind, frozenset(self._fields.items())))

    def __repr__(self) -> str:
        return f"RiskReason.{self._kind}"

    def _text(self) -> str:
        fields = ", ".join(f"{name} {value}" for name, value in self._fields.items())
        return f"{_REASONS[self._kind][0]}: {fields}"


class RiskResult:
    """What an order is answered: Allow, Reject with a reason, or Warn with a message."""

    __slots__ = ("_kind", "_message", "_reason")

    _kind: str
    _reason: RiskReason | None
    _message: str | None

    @classmethod
    def _of(cls, kind: str, reason: RiskReason | None, message: str | None) -> "RiskResult":
        result = cls.__new__(cls)
        result._kind = kind
        result._reason = reason
        result._message = message
        return result

    @classmethod
    def allow(cls) -> "RiskResult":
        """The order passes."""
        return cls._of("Allow", None, None)

    @classmethod
    def reject(cls, reason: RiskReason) -> "RiskResult":
        """The order does not pass."""
        if not isinstance(reason, RiskReason):
            raise TypeError(f"reason must be a RiskReason, not {type(reason).__name__}")
        return cls._of("Reject", reason, None)

    @classmethod
    def warn(cls, message: str) -> "RiskResult":
        """The order passes, and there is something to say."""
        if not isinstance(message, str):
            raise TypeError(f"message must be a str, not {type(message).__name__}")
        return cls._of("Warn", None, message)

    @property
    def kind(self) -> str:
        """Allow, Reject or Warn."""
        return self._kind

    @property
    def is_allow(self) -> bool:
        """Whether the order passes, and there is nothing to say."""
        return self._kind == "Allow"

    @property
    def is_reject(self) -> bool:
        """Whether the order does not pass."""
        return self._kind == "Reject"

    @property
    def is_warn(self) -> bool:
        """Whether the order passes, and there is something to say."""
        return self._kind == "Warn"

    @property
    def reason(self) -> RiskReason | None:
        """Why the order does not pass; None when it does."""
        return self._reason

    @property
    def message(self) -> str | None:
        """What there is to say about an order that passes."""
        return self._message

    def to_dict(self) -> dict[str, Any]:
        """Kind, reason and message."""
        reason = None if self._reason is None else self._reason.to_dict()
        return {"kind": self._kind, "reason": reason, "message": self._message}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RiskResult):
            return NotImplemented
        return (self._kind, self._reason, self._message) == (other._kind, other._reason, other._message)

    def __hash__(self) -> int:
        return hash((self._kind, self._reason, self._message))

    def __repr__(self) -> str:
        if self._reason is not None:
            return f"RiskResult.Reject({self._reason!r})"
        if self._message is not None:
            return f"RiskResult.Warn({json.dumps(self._message, ensure_ascii=False)})"
        return f"RiskResult.{self._kind}"


# ---- Configuration ---------------------------------------------------------------------------------------------------

_THRESHOLDS = (
    "max_position_per_instrument",
    "max_total_exposure",
    "max_order_value",
    "max_leverage",
    "max_drawdown",
    "max_daily_loss",
    "max_concentration",
)


def _threshold(name: str, value: Any) -> None:
    """Whether a threshold can be one; raises otherwise."""
    if not _is_number(value):
        raise _error("ConfigInvalid", TypeError, f"invalid {name}: {value!r} (expected a number)")
    if _is_nan(value) or value < 0:
        raise _error("ConfigInvalid", ValueError, f"invalid {name}: {value!r} (expected a number from 0, or inf)")


def _seconds(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _error("ConfigInvalid", TypeError, f"invalid {name}: {value!r} (expected an int)")
    if value < 0:
        raise _error("ConfigInvalid", ValueError, f"invalid {name}: {value!r} (expected an int from 0)")


class RiskConfig:
    """The thresholds of a risk engine. ``inf`` means no limit."""

    __slots__ = ("_allow_reducing_when_tripped", "_cooldown", "_given", "_unpriced_market_orders")

    def __init__(
        self,
        max_position_per_instrument: float = 100_000.0,
        max_total_exposure: float = 1_000_000.0,
        max_order_value: float = 50_000.0,
        max_leverage: float = 5.0,
        max_drawdown: float = 0.15,
        max_daily_loss: float = 10_000.0,
        max_concentration: float = 0.40,
        circuit_breaker_cooldown_secs: int = 3600,
        *,
        unpriced_market_orders: str = "reject",
        allow_reducing_when_tripped: bool = False,
    ) -> None:
        values = (
            max_position_per_instrument,
            max_total_exposure,
            max_order_value,
            max_leverage,
            max_drawdown,
            max_daily_loss,
            max_concentration,
        )
        for name, value in zip(_THRESHOLDS, values, strict=True):
            _threshold(name, value)
        if _is_finite(max_drawdown) and max_drawdown > 1:
            raise _error(
                "ConfigInvalid", ValueError, f"invalid max_drawdown: {max_drawdown!r} (expected at most 1, or inf)"
            )
        _seconds("circuit_breaker_cooldown_secs", circuit_breaker_cooldown_secs)
        if unpriced_market_orders not in ("reject", "allow"):
            raise _error(
                "ConfigInvalid",
                ValueError,
                f"invalid unpriced_market_orders: {unpriced_market_orders!r} (expected reject or allow)",
            )
        if not isinstance(allow_reducing_when_tripped, bool):
            raise _error(
                "ConfigInvalid",
                TypeError,
                f"invalid allow_reducing_when_tripped: {allow_reducing_when_tripped!r} (expected a bool)",
            )
        self._given = dict(zip(_THRESHOLDS, values, strict=True))
        self._cooldown = circuit_breaker_cooldown_secs
        self._unpriced_market_orders = unpriced_market_orders
        self._allow_reducing_when_tripped = allow_reducing_when_tripped

    @property
    def max_position_per_instrument(self) -> float:
        """The most units of one symbol, long or short."""
        return _float(self._given["max_position_per_instrument"])

    @property
    def max_total_exposure(self) -> float:
        """The most that all positions are worth, without their signs."""
        return _float(self._given["max_total_exposure"])

    @property
    def max_order_value(self) -> float:
        """The most that one order is worth."""
        return _float(self._given["max_order_value"])

    @property
    def max_leverage(self) -> float:
        """The most exposure for each unit of NAV."""
        return _float(self._given["max_leverage"])

    @property
    def max_drawdown(self) -> float:
        """The most that NAV may be below its peak, as a share of it."""
        return _float(self._given["max_drawdown"])

    @property
    def max_daily_loss(self) -> float:
        """The loss of a day that trips the breaker."""
        return _float(self._given["max_daily_loss"])

    @property
    def max_concentration(self) -> float:
        """The most of NAV that one symbol may be."""
        return _float(self._given["max_concentration"])

    @property
    def circuit_breaker_cooldown_secs(self) -> int:
        """How long the breaker stays active at least."""
        return self._cooldown

    @property
    def unpriced_market_orders(self) -> str:
        """What becomes of market orders that nobody can value: reject or allow."""
        return self._unpriced_market_orders

    @property
    def allow_reducing_when_tripped(self) -> bool:
        """Whether orders that reduce pass an active breaker."""
        return self._allow_reducing_when_tripped

    def _values(self) -> tuple[Any, ...]:
        switches = (self._unpriced_market_orders, self._allow_reducing_when_tripped)
        return (*self._given.values(), self._cooldown, *switches)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RiskConfig):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return (
            f"RiskConfig(max_pos={self.max_position_per_instrument:.0f}, max_lev={self.max_leverage}, "
            f"max_dd={self.max_drawdown:.0%}, cb_cooldown={self._cooldown}s)"
        )


make_risk_config = RiskConfig

# ---- Thresholds as limits --------------------------------------------------------------------------------------------

_Record = tuple[str, int, Any, Any, int, int, int, int]
_UNLIMITED, _PASSES_WITHOUT_DATA, _STRICT = 1, 4, 8
_NOTIFY, _REJECT, _REDUCE_ONLY, _HALT = 1, 2, 5, 6
_RELEASE_MANUAL, _RELEASE_AUTO, _RELEASE_AFTER = 1, 2, 4
_NANOSECONDS = 10**9
_LONGEST = 2**62
_WARNING = Decimal("0.8")
# Of a decimal: the largest, and the smallest above zero.
_LARGEST, _SMALLEST = 2**96 - 1, Decimal("1e-28")


def _number(metric: str) -> int:
    return METRICS[metric].number


def _bound(value: Any) -> Any:
    """A threshold as a bound; None when no number can pass it."""
    if _float(value) > _LARGEST:
        return None
    # Nothing lies between zero and the smallest number.
    return 0 if 0 < value < _SMALLEST else value


def _record(name: str, metric: str, lower: Any, upper: Any, flags: int = 0, action: int = _REJECT) -> _Record:
    if lower is None and upper is None:
        flags |= _UNLIMITED
    return (name, _number(metric), lower, upper, flags, action, _RELEASE_MANUAL, 0)


def _breaker_record(loss: Any, cooldown: int, action: int) -> _Record:
    release = _RELEASE_AFTER if cooldown else _RELEASE_AUTO
    duration = min(cooldown * _NANOSECONDS, _LONGEST)
    return ("max_daily_loss", _number("realized_pnl"), -loss, None, _STRICT, action, release, duration)


def _records(config: RiskConfig) -> tuple[_Record, ...]:
    """The limits of a configuration, in the order in which they judge."""
    bounds = {name: _bound(value) for name, value in config._given.items()}
    position, exposure, value = bounds["max_position_per_instrument"], bounds["max_total_exposure"], "max_order_value"
    loss, drawdown = bounds["max_daily_loss"], bounds["max_drawdown"]
    allows = _PASSES_WITHOUT_DATA if config.unpriced_market_orders == "allow" else 0
    records = [
        _record(value, "order_notional", None, bounds[value], allows),
        _record("max_position_per_instrument", "position_net", None if position is None else -position, position),
        _record("margin", "equity", 0, None, _STRICT),
        _record("max_total_exposure", "gross_exposure", None, exposure),
        _record("max_leverage", "leverage", None, bounds["max_leverage"]),
        _record("max_concentration", "concentration", None, bounds["max_concentration"]),
        _record("max_drawdown", "drawdown_ratio", None, drawdown),
    ]
    if drawdown is not None:
        warning = Decimal(str(drawdown)) * _WARNING
        records.append(_record("drawdown_warning", "drawdown_ratio", None, warning, action=_NOTIFY))
    if loss is not None:
        action = _REDUCE_ONLY if config.allow_reducing_when_tripped else _HALT
        records.insert(0, _breaker_record(loss, config.circuit_breaker_cooldown_secs, action))
    return tuple(records)


# Where a field of a reject comes from: the number that was found, the symbol, NAV, the margin it needs, the end of a latch.
_VALUE, _SYMBOL, _NAV, _MARGIN, _END = 1, 2, 3, 4, 5


def _words(name: str, config: RiskConfig) -> tuple[Any, ...]:
    """What a limit's rejects say: their kind, and a name and a source for each field."""
    words: dict[str, tuple[Any, ...]] = {
        "max_daily_loss": ("CircuitBreakerActive", "until", _END),
        "max_order_value": ("OrderTooLarge", "max", config.max_order_value, "actual", _VALUE),
        "max_position_per_instrument": (
            "PositionLimitExceeded",
            *("instrument", _SYMBOL, "limit", config.max_position_per_instrument),
        ),
        "margin": ("InsufficientMargin", "required", _MARGIN, "available", _NAV),
        "max_total_exposure": ("PositionLimitExceeded", "instrument", "*", "limit", config.max_total_exposure),
        "max_leverage": ("MaxLeverageExceeded", "max", config.max_leverage, "actual", _VALUE),
        "max_concentration": ("ConcentrationTooHigh", "instrument", _SYMBOL, "pct", _VALUE),
        "max_drawdown": ("MaxDrawdownExceeded", "max_pct", config.max_drawdown, "current_pct", _VALUE),
    }
    return words.get(name, ())


def _alert(words: tuple[Any, ...], sources: tuple[Any, ...]) -> dict[str, Any]:
    """The same of what is held: a kind, and its fields from these sources."""
    fields = zip(words[1::2], words[2::2], strict=True)
    return {"kind": words[0]} | {name: sources[x] if isinstance(x, int) else x for name, x in fields}


def _refusal(kind: str, fields: dict[str, Any]) -> RiskResult:
    """The answer to an order that a limit refuses."""
    reason = _new(RiskReason)
    reason._kind = kind
    reason._fields = fields
    result = _new(RiskResult)
    result._kind = "Reject"
    result._reason = reason
    result._message = None
    return result


_new = object.__new__


def _notice(drawdown: float) -> RiskResult:
    return RiskResult._of("Warn", None, f"drawdown approaching limit: {drawdown:.1%}")


def _exception(result: RiskResult) -> RiskError:
    reason = result._reason
    assert reason is not None
    code = reason.kind if reason.kind == "CircuitBreakerActive" else "OrderRejected"
    error = _error(code, None, reason._text())
    error.reason = reason
    return error


_openpit.set_risk_words(_error, RiskResult.allow(), _notice, _refusal, _exception)

# ---- Time ------------------------------------------------------------------------------------------------------------

_Clock = Callable[[], float]


def _now(clock: _Clock | None) -> int:
    """Unix nanoseconds."""
    if clock is None:
        return time.time_ns()
    moment: Any = clock()
    if not _is_number(moment) or not _is_finite(moment) or abs(moment) >= _LONGEST // _NANOSECONDS:
        raise _error("ConfigInvalid", ValueError, f"the clock says {moment!r} (expected Unix seconds)")
    whole, part = divmod(moment, 1)
    return int(whole) * _NANOSECONDS + int(round(part * _NANOSECONDS))


def _check_clock(clock: _Clock | None) -> None:
    if clock is not None and not callable(clock):
        raise _error("ConfigInvalid", TypeError, f"invalid clock: {clock!r} (expected a function without arguments)")


def _check_pnl(value: Any, name: str) -> None:
    if not _is_number(value) or not _is_finite(value):
        raise _error("Overflow", ValueError, f"invalid {name}: {value!r} (expected a finite number)")


# ---- Breaker ---------------------------------------------------------------------------------------------------------


class CircuitBreaker:
    """Becomes active at a loss, and closes after a while when the loss is smaller: never by time alone."""

    __slots__ = ("_clock", "_cooldown", "_desk", "_limit")

    def __init__(
        self, daily_loss_limit: float = 10_000.0, cooldown_seconds: int = 3600, *, clock: _Clock | None = None
    ) -> None:
        _threshold("daily_loss_limit", daily_loss_limit)
        _seconds("cooldown_seconds", cooldown_seconds)
        _check_clock(clock)
        self._limit = _float(daily_loss_limit)
        self._cooldown = cooldown_seconds
        self._clock = clock
        self._desk = _RiskDesk()
        bound = _bound(daily_loss_limit)
        if bound is not None:
            self._desk._set_limits((_breaker_record(bound, cooldown_seconds, _HALT),), ((),))

    def check_and_trigger(self, daily_pnl: float) -> None:
        """Looks at the P&L of the day."""
        _check_pnl(daily_pnl, "daily_pnl")
        self._desk._take_pnl(daily_pnl, _now(self._clock), True)

    def reset(self) -> None:
        """Closes it at once."""
        self._desk._reset_day()

    @property
    def is_active(self) -> bool:
        """Whether it is active."""
        return self._desk._latch() is not None

    @property
    def daily_loss_limit(self) -> float:
        """The loss that makes it active."""
        return self._limit

    @property
    def cooldown_seconds(self) -> int:
        """How long it stays active at least."""
        return self._cooldown

    @property
    def activated_at(self) -> float | None:
        """Since when it is active, in Unix seconds; None when it is not."""
        latch = self._desk._latch()
        return None if latch is None else latch[0] / _NANOSECONDS

    @property
    def until(self) -> float | None:
        """Until when it stays active at least, in Unix seconds; None when it is not."""
        latch = self._desk._latch()
        return None if latch is None else latch[1] / _NANOSECONDS

    def __repr__(self) -> str:
        return (
            f"CircuitBreaker(active={self.is_active}, daily_loss_limit={self._limit}, "
            f"cooldown_seconds={self._cooldown})"
        )


make_circuit_breaker = CircuitBreaker

# ---- Metrics ---------------------------------------------------------------------------------------------------------


class RiskMetrics:
    """What :meth:`DefaultRiskEngine.metrics` tells, as an object."""

    __slots__ = (
        "concentration",
        "current_drawdown",
        "daily_realized_pnl",
        "leverage",
        "nav",
        "total_exposure",
        "var_95",
    )

    _NUMBERS = ("total_exposure", "leverage", "current_drawdown", "daily_realized_pnl", "var_95")

    def __init__(
        self,
        total_exposure: float = 0.0,
        leverage: float = 0.0,
        current_drawdown: float = 0.0,
        daily_realized_pnl: float = 0.0,
        var_95: float = 0.0,
        concentration: Mapping[str, float] | None = None,
        *,
        nav: float = 0.0,
    ) -> None:
        self.total_exposure = self._number("total_exposure", total_exposure)
        self.leverage = self._number("leverage", leverage)
        self.current_drawdown = self._number("current_drawdown", current_drawdown)
        self.daily_realized_pnl = self._number("daily_realized_pnl", daily_realized_pnl)
        self.var_95 = self._number("var_95", var_95)
        self.nav = self._number("nav", nav)
        shares = {} if concentration is None else concentration
        if not isinstance(shares, Mapping):
            raise _error("OrderRejected", ValueError, f"invalid concentration: {shares!r} (expected a dict)")
        self.concentration = {symbol: self._number("concentration", share) for symbol, share in shares.items()}

    @staticmethod
    def _number(name: str, value: object) -> float:
        if _is_number(value):
            return _float(value)
        raise _error("OrderRejected", ValueError, f"invalid {name}: {value!r} (expected a number)")

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> "RiskMetrics":
        """The metrics of a dict, such as the one an engine tells."""
        if not isinstance(d, Mapping):
            raise _error("OrderRejected", ValueError, f"invalid metrics: {d!r} (expected a dict)")
        for name in cls._NUMBERS:
            if name not in d:
                raise _error("OrderRejected", KeyError, f"missing key: {name}")
        numbers = {name: d[name] for name in cls._NUMBERS}
        return cls(**numbers, concentration=d.get("concentration"), nav=d.get("nav", 0.0))

    def to_dict(self) -> dict[str, Any]:
        """All of them by name."""
        numbers = {name: getattr(self, name) for name in self._NUMBERS}
        return {"nav": self.nav, **numbers, "concentration": dict(self.concentration)}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RiskMetrics):
            return NotImplemented
        return self.to_dict() == other.to_dict()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"RiskMetrics(nav={self.nav}, total_exposure={self.total_exposure}, leverage={self.leverage})"


# ---- Engine ----------------------------------------------------------------------------------------------------------

# What an alert is about, in the order of alerts, and how severe it is.
_ALERTS = {
    "max_daily_loss": "Emergency",
    "margin": "Emergency",
    "max_drawdown": "Critical",
    "max_leverage": "Critical",
    "max_total_exposure": "Critical",
    "max_position_per_instrument": "Critical",
    "max_concentration": "Warning",
}
_ALERT_ORDER = {name: place for place, name in enumerate(_ALERTS)}


class DefaultRiskEngine(_RiskDesk):
    """Judges orders by a portfolio and eight thresholds, and remembers the day's P&L and the highest NAV."""

    __slots__ = ("_clock", "_config", "_lock", "_names", "_window")

    def __init__(self, config: RiskConfig | None = None, *, clock: _Clock | None = None) -> None:
        if config is None:
            config = RiskConfig()
        if not isinstance(config, RiskConfig):
            raise TypeError(f"config must be a RiskConfig, not {type(config).__name__}")
        _check_clock(clock)
        self._config = config
        self._clock = clock
        self._lock = Lock()
        self._window: deque[float] = deque(maxlen=WINDOW)
        records = _records(config)
        self._names = tuple(record[0] for record in records)
        self._set_limits(records, tuple(_words(name, config) for name in self._names))

    def update_daily_pnl(self, pnl: float) -> None:
        """Adds to the day's P&L, which may trip the breaker, and to what VaR is estimated from."""
        _check_pnl(pnl, "pnl")
        now = _now(self._clock)
        with self._lock:
            self._take_pnl(pnl, now, False)
            self._window.append(float(pnl))

    def reset_daily(self) -> None:
        """Begins a new day: no P&L, and the breaker is closed."""
        self._reset_day()

    def reset_peak(self, value: float | None = None) -> None:
        """Sets the highest NAV, after a deposit or a withdrawal; None forgets it."""
        self._set_peak(value)

    @property
    def is_halted(self) -> bool:
        """Whether the breaker is active."""
        return self._latch() is not None

    def metrics(self, portfolio: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a portfolio, or the bound one, comes to."""
        with self._lock:
            nav, exposure, leverage, drawdown, pnl, concentration = self._metrics(portfolio)
            increments = tuple(self._window)
        return {
            "nav": nav,
            "total_exposure": exposure,
            "leverage": leverage,
            "current_drawdown": drawdown,
            "daily_realized_pnl": pnl,
            "var_95": historical_var_95(increments),
            "var_samples": len(increments),
            "concentration": concentration,
        }

    def check_portfolio(self, portfolio: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """What of a portfolio, or of the bound one, breaches its limits; the most urgent first."""
        now = _now(self._clock) // _NANOSECONDS
        nav, breaches = self._review(portfolio)
        found = [(self._names[place], symbol, value) for place, symbol, value in breaches]
        found = [breach for breach in found if breach[0] in _ALERTS]
        found.sort(key=lambda breach: (_ALERT_ORDER[breach[0]], -breach[2] if breach[0] == "max_concentration" else 0))
        return [
            {"severity": _ALERTS[name], "reason": self._alert(name, symbol, value, nav), "timestamp": now}
            for name, symbol, value in found
        ]

    def _alert(self, name: str, symbol: str, value: float, nav: float) -> dict[str, Any]:
        if name == "max_daily_loss":
            return {"kind": "DailyPnLLimit", "limit": self._config.max_daily_loss, "current": value}
        return _alert(_words(name, self._config), (None, value, symbol, nav, 0.0))

    def __repr__(self) -> str:
        return f"DefaultRiskEngine({self._config!r}, halted={self.is_halted})"


# ---- Dicts -----------------------------------------------------------------------------------------------------------


def make_order(
    id: int,
    symbol: str,
    side: str,
    type: str,
    quantity: float,
    tif: str = "GTC",
    price: float | None = None,
) -> dict[str, Any]:
    """An order as a dict."""
    order: dict[str, Any] = {
        "id": _whole("id", id),
        "symbol": symbol,
        "side": side,
        "type": _word("type", type).lower(),
        "quantity": _amount("quantity", quantity),
        "tif": _word("tif", tif).upper(),
    }
    if price is not None:
        order["price"] = _amount("price", price)
    elif order["type"] == "limit":
        raise _error("OrderRejected", ValueError, "limit order requires 'price'")
    return order


def make_portfolio(
    base_currency: str = "USD", commission_rate: float = 0.0, cash: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """A portfolio as a dict."""
    portfolio: dict[str, Any] = {
        "base_currency": base_currency,
        "commission_rate": _amount("commission_rate", commission_rate),
    }
    if cash is not None:
        portfolio["cash"] = dict(_mapping("cash", cash))
    return portfolio


def make_portfolio_with_positions(
    base_currency: str,
    cash: Mapping[str, float],
    positions: Mapping[str, Mapping[str, float]],
    commission_rate: float = 0.0,
) -> dict[str, Any]:
    """A portfolio with positions as a dict."""
    portfolio = make_portfolio(base_currency, commission_rate, cash)
    portfolio["positions"] = {
        symbol: _position(_mapping("positions", position))
        for symbol, position in _mapping("positions", positions).items()
    }
    return portfolio


def _position(position: Mapping[str, Any]) -> dict[str, float]:
    for name in ("quantity", "avg_cost"):
        if name not in position:
            raise _error("OrderRejected", KeyError, f"missing key: {name}")
    names = ("quantity", "avg_cost", "market_price")
    return {name: _amount(name, position[name]) for name in names if name in position}


def _amount(name: str, value: object) -> float:
    if _is_number(value):
        return _float(value)
    raise _error("OrderRejected", ValueError, f"invalid {name}: {value!r} (expected a number)")


def _whole(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _error("OrderRejected", ValueError, f"invalid {name}: {value!r} (expected an int)")


def _word(name: str, value: object) -> str:
    text = value if isinstance(value, str) else getattr(value, "name", None)
    if isinstance(text, str):
        return text
    raise _error("OrderRejected", ValueError, f"invalid {name}: {value!r} (expected a text)")


def _mapping(name: str, value: object) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise _error("OrderRejected", ValueError, f"invalid {name}: {value!r} (expected a dict)")
