"""The configuration file: every key has a default, and what is wrong is named by its path."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from . import _yaml
from .errors import ConfigError
from .models import OrderType
from .numbers import NotNegative


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("not a number")
    return value


Flag = Annotated[bool, Field(strict=True)]
Count = Annotated[int, Field(strict=True, ge=1, le=10**9)]
Seconds = Annotated[float, BeforeValidator(_number), Field(gt=0, le=10**9, allow_inf_nan=False)]
Age = Annotated[float, BeforeValidator(_number), Field(ge=0, le=10**9, allow_inf_nan=False)]
Port = Annotated[int, Field(strict=True, ge=0, le=65535)]
Text = Annotated[str, Field(strict=True, min_length=1)]
# Where a password may stand is never shown.
Secret = Annotated[str, Field(strict=True, min_length=1, repr=False)]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class GrpcConfig(Section):
    host: Text = "127.0.0.1"
    port: Port = 50052
    admin_port: Port | None = None
    reflection: Flag = True
    tls_cert: Text | None = None
    tls_key: Text | None = None
    tokens_file: Text | None = None

    @model_validator(mode="after")
    def _a_pair(self) -> GrpcConfig:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key go together")
        return self


class EnvelopeConfig(Section):
    reload_interval_s: Seconds = 60
    versions_kept: Count = 100
    directory: Text | None = None
    four_eyes: Flag = False
    signing_key_file: Text | None = None


class SyntheticStopConfig(Section):
    enabled: Flag = True
    poll_interval_s: Seconds = 5
    poll_interval_equities_s: Seconds = 60
    order_type: OrderType = OrderType.MARKET
    confirmations: Count = 1

    @field_validator("order_type")
    @classmethod
    def _without_a_price(cls, value: OrderType) -> OrderType:
        if value is not OrderType.MARKET:
            raise ValueError("a stop has no price to give: MARKET")
        return value


class ReconcilerConfig(Section):
    enabled: Flag = True
    interval_s: Seconds = 120
    alert_threshold: Count = 1
    mode: Literal["halt", "auto_reconcile", "alert"] = "halt"
    confirm_runs: Count = 1
    auto_max_notional: NotNegative = Decimal(0)
    max_failures: Count = 3


class SweeperConfig(Section):
    enabled: Flag = True
    interval_s: Seconds = 60


class CroVetoConfig(Section):
    enabled: Flag = False
    timeout_s: Seconds = 5.0
    confidence_threshold: Annotated[float, BeforeValidator(_number), Field(ge=0, le=1)] = 0.85


class IdempotencyConfig(Section):
    window_s: Seconds = 86_400
    max_entries: Count = 1_000_000


class DataConfig(Section):
    max_quote_age_s: dict[Text, Age] = Field(default_factory=lambda: {"default": 60.0, "crypto": 15.0})
    max_mark_age_s: Age = 345_600
    max_nav_age_s: Age = 300
    max_borrow_age_s: Age = 86_400

    @field_validator("max_quote_age_s")
    @classmethod
    def _for_all(cls, value: dict[str, float]) -> dict[str, float]:
        if "default" not in value:
            raise ValueError("default is missing")
        return value

    def quote_age(self, asset_class: str) -> float:
        """The greatest age in seconds at which a quote of `asset_class` is fresh."""
        return self.max_quote_age_s.get(asset_class, self.max_quote_age_s["default"])


class ResumeConfig(Section):
    require_second_person: Flag = False


class StorageConfig(Section):
    url: Secret = "sqlite:///riskengine.db"

    @field_validator("url")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            scheme = urlsplit(value).scheme
        except ValueError:
            scheme = ""
        if scheme not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("sqlite:///PATH or postgresql://…")
        return value


class NatsConfig(Section):
    enabled: Flag = False
    servers: list[Text] = Field(default_factory=lambda: ["nats://127.0.0.1:4222"], min_length=1, repr=False)
    prefix: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$")] = "mts.v1.risk"


class MetricsConfig(Section):
    enabled: Flag = False
    port: Port = 9109


class Config(Section):
    """`Config()` is the defaults; `parse` and `load` read YAML and refuse what they do not know."""

    grpc: GrpcConfig = GrpcConfig()
    envelope: EnvelopeConfig = EnvelopeConfig()
    synthetic_stop: SyntheticStopConfig = SyntheticStopConfig()
    broker_exit_reconciler: ReconcilerConfig = ReconcilerConfig()
    position_arm_sweeper: SweeperConfig = SweeperConfig()
    cro_veto: CroVetoConfig = CroVetoConfig()
    idempotency: IdempotencyConfig = IdempotencyConfig()
    data: DataConfig = DataConfig()
    resume: ResumeConfig = ResumeConfig()
    storage: StorageConfig = StorageConfig()
    nats: NatsConfig = NatsConfig()
    metrics: MetricsConfig = MetricsConfig()

    @classmethod
    def parse(cls, text: str | bytes) -> Config:
        """The configuration that `text` says; ConfigError names the path of what is wrong, never its value."""
        try:
            said = _yaml.parse(text)
        except ValueError as error:
            raise ConfigError(f".: {error}") from None
        if said is None:
            said = {}
        if not isinstance(said, dict):
            raise ConfigError(".: not a mapping")
        # A section with nothing under its name is a section of defaults.
        said = {key: {} if value is None else value for key, value in said.items()}
        try:
            return cls.model_validate(said)
        except ValidationError as error:
            raise ConfigError("; ".join(_named(error))) from None

    @classmethod
    def load(cls, path: str | Path) -> Config:
        """The configuration in the file `path`."""
        try:
            return cls.parse(Path(path).read_bytes())
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from None


def _named(error: ValidationError) -> list[str]:
    lines = []
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(str(part) for part in found["loc"]) or "."
        unknown = found["type"] == "extra_forbidden"
        message = "unknown key" if unknown else str(found["msg"]).removeprefix("Value error, ")
        lines.append(f"{path}: {message}")
    return lines
