"""The shapes that go in and come out: frozen, exact, and closed to unknown fields."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from .numbers import Exact, NotNegative, Positive


def json_text(model: BaseModel) -> str:
    """What `model_dump_json` gives, without the options that it looks at first: decisions are written by the thousand."""
    return model.__pydantic_serializer__.to_json(model).decode()


class Side(StrEnum):
    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    STOP_LIMIT = "STOP_LIMIT"


class TimeInForce(StrEnum):
    DAY = "DAY"
    GTC = "GTC"
    IOC = "IOC"
    FOK = "FOK"


class Purpose(StrEnum):
    NORMAL = "NORMAL"
    SYNTHETIC_STOP = "SYNTHETIC_STOP"
    RECONCILE = "RECONCILE"


class Severity(StrEnum):
    DAILY_LOSS = "DAILY_LOSS"
    WEEKLY_LOSS = "WEEKLY_LOSS"
    MONTHLY_LOSS = "MONTHLY_LOSS"
    MANUAL = "MANUAL"
    RECONCILIATION = "RECONCILIATION"


class StopSide(StrEnum):
    LONG = "LONG"
    SHORT = "SHORT"


class StopState(StrEnum):
    ARMED = "ARMED"
    TRIGGERED = "TRIGGERED"
    SENT = "SENT"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class Model(BaseModel):
    """What all of them share."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# Printable text, and nothing that is turned into one.
PRINTABLE = r"^[^\p{C}\p{Zl}\p{Zp}]*$"
Text = Annotated[str, StringConstraints(strict=True, max_length=256, pattern=PRINTABLE)]
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=128, pattern=PRINTABLE)]
OrderId = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64, pattern=PRINTABLE)]

LIMITED = (OrderType.LIMIT, OrderType.STOP_LIMIT)
STOPPED = (OrderType.STOP, OrderType.STOP_LIMIT)


class Order(Model):
    """An order as the order management system means to send it."""

    order_id: OrderId
    idempotency_key: Name
    fund_id: Name
    symbol: Name
    side: Side
    quantity: Positive
    broker: Name
    strategy_id: Text = ""
    order_type: OrderType = OrderType.MARKET
    limit_price: Positive | None = None
    stop_price: Positive | None = None
    time_in_force: TimeInForce = TimeInForce.DAY
    locate_id: Text = ""
    purpose: Purpose = Purpose.NORMAL
    created_at: AwareDatetime | None = None
    metadata: dict[str, str] = Field(default_factory=dict, max_length=64)

    @model_validator(mode="after")
    def _prices_belong_to_the_type(self) -> Order:
        if (self.limit_price is not None) != (self.order_type in LIMITED):
            raise ValueError(f"limit_price: {_needed(self.limit_price)} a {self.order_type.value} order")
        if (self.stop_price is not None) != (self.order_type in STOPPED):
            raise ValueError(f"stop_price: {_needed(self.stop_price)} a {self.order_type.value} order")
        return self


def _needed(price: Decimal | None) -> str:
    return "needed by" if price is None else "does not belong to"


class RiskDecision(Model):
    """What the gates said of an order."""

    order_id: str
    approved: bool
    rejecting_gate: str = ""
    rejection_code: str = ""
    reason: str = ""
    details: dict[str, str] = {}
    envelope_id: str = ""
    decision_id: str = ""
    replayed: bool = False
    decided_at: datetime | None = None


class Instrument(Model):
    """What is traded. The asset classes `equity`, `crypto`, `future`, `fx` and `option` mean something to the gates."""

    symbol: Name
    asset_class: Name
    sector: Name | None = None
    currency: Name = "USD"
    multiplier: Positive = Decimal(1)


class Quote(Model):
    symbol: Name
    last: Positive
    bid: Positive | None = None
    ask: Positive | None = None
    at: AwareDatetime | None = None


class Position(Model):
    """A signed quantity. What a broker says may leave the fund open."""

    fund_id: Text
    symbol: Name
    quantity: Exact
    average_price: NotNegative | None = None
    strategy_id: Text = ""


class Fill(Model):
    fill_id: Name
    order_id: Name
    fund_id: Name
    symbol: Name
    side: Side
    quantity: Positive
    price: Positive
    strategy_id: Text = ""
    broker: Text = ""


class BorrowInfo(Model):
    """What borrowing a share costs a year, and how many there are; `available=None` is without limit."""

    symbol: Name
    fee_pct: NotNegative
    available: NotNegative | None = None
    at: AwareDatetime | None = None


class Locate(Model):
    locate_id: Name
    fund_id: Name
    symbol: Name
    quantity: Positive
    expires_at: AwareDatetime


class Halt(Model):
    """A halt, standing or lifted. The numbers are those of the loss; a manual halt has none."""

    halt_id: str
    scope: str
    severity: Severity
    raised_at: datetime
    pl_pct: Exact | None = None
    limit: Exact | None = None
    base_nav: Exact | None = None
    nav: Exact | None = None
    envelope_id: str = ""
    operator: str = ""
    reason: str = ""
    lifted_at: datetime | None = None
    lifted_by: str = ""
    lift_reason: str = ""


class SyntheticStop(Model):
    stop_id: str
    fund_id: str
    strategy_id: str = ""
    symbol: str
    side: StopSide
    quantity: Exact
    entry_price: Exact
    stop_price: Exact
    state: StopState = StopState.ARMED
    armed_at: datetime
    triggered_at: datetime | None = None
    trigger_price: Exact | None = None
    attempts: int = 0
    order_id: str = ""


class GateResult(Model):
    gate: str
    passed: bool
    code: str = ""
    reason: str = ""
    details: dict[str, str] = {}


class Alert(Model):
    code: str
    message: str
    details: dict[str, str] = {}
    at: datetime


class VetoResult(Model):
    veto: bool
    confidence: float
    reason: str = ""


class SweepReport(Model):
    """What the sweeper put right; `failed` are the positions that have no price at all."""

    armed: list[SyntheticStop] = []
    cancelled: list[SyntheticStop] = []
    resized: list[SyntheticStop] = []
    failed: list[Position] = []


def schema_details(error: ValidationError) -> dict[str, str]:
    """Field to message, without the values: they may be anything, and go into logs."""
    details: dict[str, str] = {}
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        message = str(found["msg"]).removeprefix("Value error, ")
        path = str(found["loc"][0]) if found["loc"] else message.partition(":")[0]
        if not found["loc"] and path == message:
            path = "order"
        details.setdefault(path[:64], message[:200])
    return details
