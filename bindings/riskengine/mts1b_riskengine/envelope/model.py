"""A risk envelope: one version of the limits of the firm, a fund or a strategy."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PrivateAttr, StringConstraints, field_validator
from pydantic import model_validator as validator

from ..models import PRINTABLE, Name, OrderType
from ..numbers import NotNegative, Positive, text

Cap = Annotated[Positive, Field(le=100)]
Loss = Annotated[Positive, Field(le=1)]
Share = Annotated[Positive, Field(lt=1)]
Names = Annotated[list[Name], Field(max_length=10_000)]
Caps = Annotated[dict[Name, Positive], Field(max_length=10_000)]
Person = Annotated[str, StringConstraints(strict=True, max_length=256, pattern=PRINTABLE)]

FIRM = "firm"
UNHASHED = frozenset({"hash", "signature", "key_id", "status", "approved_by"})


class Status(StrEnum):
    ACTIVE = "active"
    PENDING = "pending"


class RiskEnvelope(BaseModel):
    """Limits of which None means «no opinion»; frozen. `EnvelopeStore.effective` gives what all levels come to."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fund_id: Name | None = None
    strategy_id: Name | None = None

    allowed_brokers: Names | None = None
    allowed_order_types: list[OrderType] | None = None
    allowed_asset_classes: Names | None = None
    restricted_symbols: Names = []
    max_order_notional: Positive | None = None
    max_order_quantity: Positive | None = None
    price_collar_pct: Positive | None = None
    max_position_pct: Cap | None = None
    max_gross_exposure_pct: Cap | None = None
    max_net_exposure_pct: Cap | None = None
    max_sector_pct: Positive | None = None
    sector_limits: Caps | None = None
    max_asset_class_pct: Positive | None = None
    asset_class_limits: Caps | None = None
    daily_loss_halt_pct: Loss | None = None
    weekly_loss_halt_pct: Loss | None = None
    monthly_loss_halt_pct: Loss | None = None
    enable_shorting: Annotated[bool, Field(strict=True)] | None = None
    require_locate: Annotated[bool, Field(strict=True)] | None = None
    max_borrow_fee_pct: NotNegative | None = None
    max_short_pct: NotNegative | None = None
    synthetic_stop_pct: Share | None = None
    trailing_stop: Annotated[bool, Field(strict=True)] | None = None

    version: Annotated[int, Field(strict=True, ge=1, lt=2**32)] | None = None
    author: Person
    approved_by: Person = ""
    created_at: AwareDatetime | None = None
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    comment: Annotated[str, StringConstraints(strict=True, max_length=4096)] = ""
    status: Status = Status.ACTIVE
    hash: Annotated[str, Field(max_length=64)] = ""
    signature: Annotated[str, Field(max_length=64)] = ""
    key_id: Annotated[str, Field(max_length=64)] = ""

    _parts: str = PrivateAttr(default="")

    @field_validator("author")
    @classmethod
    def _a_person(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("an envelope has an author")
        return value

    @field_validator("fund_id", "strategy_id")
    @classmethod
    def _joinable(cls, value: str | None) -> str | None:
        if value is not None and any(mark in value for mark in "/@+"):
            raise ValueError("an id without / @ and +, which join ids")
        return value

    @validator(mode="after")
    def _possible(self) -> RiskEnvelope:
        if self.strategy_id is not None and self.fund_id is None:
            raise ValueError("strategy_id: a strategy belongs to a fund")
        if self.fund_id == FIRM:
            raise ValueError("fund_id: firm is the name of the level above all funds")
        if self.valid_from is not None and self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("valid_until: not after valid_from")
        return self

    @property
    def level(self) -> str:
        """`firm`, `fund` or `strategy`."""
        return FIRM if self.fund_id is None else "fund" if self.strategy_id is None else "strategy"

    @property
    def scope(self) -> str:
        """`firm`, the fund, or `fund/strategy`."""
        return scope(self.fund_id, self.strategy_id)

    @property
    def envelope_id(self) -> str:
        """`alpha@5`; of an effective envelope the ids of its parts: `firm@2+alpha@5`."""
        return self._parts or f"{self.scope}@{self.version}"

    def content(self) -> dict[str, Any]:
        """Every field that has a value, as JSON has it: decimals in plain digits, times in UTC."""
        return {
            name: _plain(value)
            for name in type(self).model_fields
            if (value := getattr(self, name)) is not None and not (name in UNHASHED and value == "")
        }

    def canonical(self, without: frozenset[str] = frozenset()) -> str:
        """Canonical JSON: sorted keys, compact, what is None left out."""
        body = {name: value for name, value in self.content().items() if name not in without}
        return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    def compute_hash(self) -> str:
        """SHA-256 over the canonical JSON of all but hash, signature, key_id, status and approved_by."""
        return hashlib.sha256(self.canonical(UNHASHED).encode()).hexdigest()

    def says_the_same(self, other: RiskEnvelope) -> bool:
        """Whether the two differ in nothing but version and time of making."""
        aside = UNHASHED | {"version", "created_at"}
        return self.canonical(aside) == other.canonical(aside)


def scope(fund_id: str | None, strategy_id: str | None) -> str:
    """How a level is named in ids and halts."""
    return FIRM if fund_id is None else f"{fund_id}/{strategy_id}" if strategy_id else fund_id


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return text(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
