"""Envelopes from outside: a directory that is read now and then, and messages of other nodes.

What cannot be trusted is refused aloud, and the last good envelope stays.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from .. import _yaml
from ..alerts import OnAlert, tell
from ..config import Config
from ..errors import EnvelopeConflict, EnvelopeInvalid, RiskEngineError, StoreError
from ..models import Alert, schema_details
from .model import RiskEnvelope
from .store import EnvelopeStore, wall_clock

log = logging.getLogger(__name__)

ENDINGS = (".yaml", ".yml", ".json")
SIZE_MAX = 1 << 20
REFUSED, CONFLICT, SOURCE_FAILED = "ENVELOPE_REFUSED", "ENVELOPE_CONFLICT", "ENVELOPE_SOURCE_FAILED"


class Found(NamedTuple):
    """What a source has under a name: what it says, or why that cannot be read."""

    name: str
    body: Mapping[str, Any] | None
    problem: str = ""


class Source(Protocol):
    """Where envelopes come from."""

    async def fetch(self) -> Sequence[Found]: ...


class DirectorySource:
    """The files `*.yaml`, `*.yml` and `*.json` of a directory, one envelope each, in the order of their names."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    async def fetch(self) -> list[Found]:
        return [
            _read(path)
            for path in sorted(self._path.iterdir())
            if path.suffix in ENDINGS and not path.name.startswith(".")
        ]


def _read(path: Path) -> Found:
    try:
        with path.open("rb") as file:
            text = file.read(SIZE_MAX + 1)
    except OSError as error:
        return Found(path.name, None, error.strerror or "cannot be read")
    return parsed(path.name, text)


def parsed(name: str, text: str | bytes) -> Found:
    """What `text` says, as YAML, of which JSON is a part."""
    try:
        body = _yaml.parse(text)
    except ValueError as error:
        return Found(name, None, str(error))
    if not isinstance(body, dict):
        return Found(name, None, "not a mapping")
    return Found(name, body)


class EnvelopeLoader:
    """Brings envelopes of `source` and of messages into `store`."""

    name = "envelope_loader"

    def __init__(
        self,
        store: EnvelopeStore,
        source: Source | None,
        *,
        config: Config | None = None,
        clock: Callable[[], datetime] | None = None,
        on_alert: OnAlert | None = None,
    ) -> None:
        self._store = store
        self._source = source
        self._clock = clock or wall_clock
        self._on_alert = on_alert
        self.interval = (config or Config()).envelope.reload_interval_s

    async def reload(self) -> int:
        """Read the source; the number of envelopes that were stored."""
        if self._source is None:
            return 0
        try:
            found = await self._source.fetch()
        except Exception as error:  # Whatever a source raises, the last good envelopes stay.
            self._alert(SOURCE_FAILED, "the source of envelopes failed", error=type(error).__name__)
            return 0
        return sum(self._stored(each) for each in found)

    run_once = reload

    def on_message(self, payload: bytes | str) -> bool:
        """Take a version that another node announces; whether it was stored."""
        try:
            if len(payload) > SIZE_MAX:
                raise ValueError(f"more than {SIZE_MAX} bytes")
            message = json.loads(payload)
            if not isinstance(message, dict) or not isinstance(message.get("envelope"), dict):
                raise ValueError("not a message with an envelope")
        except (ValueError, RecursionError) as error:
            why = (
                "no JSON"
                if isinstance(error, (json.JSONDecodeError, UnicodeDecodeError, RecursionError))
                else str(error)
            )
            self._alert(REFUSED, f"a message was refused: {why}")
            return False
        envelope = {name: value for name, value in message["envelope"].items() if name not in ("signature", "key_id")}
        told = {name: message.get(name) for name in ("fund_id", "strategy_id", "version", "hash")}
        return self._taken("a message", envelope | {"hash": told["hash"] or ""}, told, message)

    def _stored(self, found: Found) -> bool:
        if found.body is None:
            self._alert(REFUSED, f"{found.name} was refused: {found.problem}", source=found.name)
            return False
        if found.body.get("version") is None:
            return self._published(found.name, found.body)
        if not found.body.get("hash"):
            self._alert(REFUSED, f"{found.name} was refused: a version without its hash", source=found.name)
            return False
        return self._taken(found.name, found.body, {}, found.body)

    def _published(self, name: str, body: Mapping[str, Any]) -> bool:
        """A file without a version is a publication, unless the newest version says just that."""
        try:
            envelope = RiskEnvelope.model_validate({**body})
            newest = self._store.history(envelope.fund_id, envelope.strategy_id)[:1]
            if newest and newest[0].says_the_same(envelope):
                return False
            made = self._store.publish(envelope)
        except StoreError as error:
            self._alert(SOURCE_FAILED, f"{name} could not be kept: {error}", source=name)
            return False
        except (ValidationError, RiskEngineError) as error:
            self._alert(REFUSED, f"{name} was refused: {_why(error)}", source=name)
            return False
        log.info("%s was published from %s, %s", made.envelope_id, name, made.status.value)
        return True

    def _taken(self, name: str, body: Mapping[str, Any], told: Mapping[str, Any], signed: Mapping[str, Any]) -> bool:
        """A version with its hash is taken as it is, or refused."""
        try:
            envelope = RiskEnvelope.model_validate(
                {**body, "signature": signed.get("signature") or "", "key_id": signed.get("key_id") or ""}
            )
            if told and (envelope.fund_id, envelope.strategy_id, envelope.version) != (
                told["fund_id"],
                told["strategy_id"] or None,
                told["version"],
            ):
                raise EnvelopeInvalid("the message names another envelope than it carries")
            stored = self._store.accept(envelope)
        except EnvelopeConflict as error:
            self._alert(CONFLICT, f"{name} was refused: {error}", source=name)
            return False
        except StoreError as error:
            self._alert(SOURCE_FAILED, f"{name} could not be kept: {error}", source=name)
            return False
        except (ValidationError, RiskEngineError) as error:
            self._alert(REFUSED, f"{name} was refused: {_why(error)}", source=name)
            return False
        if stored:
            log.info("%s came from %s", envelope.envelope_id, name)
        return stored

    def _alert(self, code: str, message: str, **details: str) -> None:
        alert = Alert(code=code, message=message, details=details, at=self._clock())
        if self._on_alert is None:
            log.warning("%s: %s", code, message)
        tell(self._on_alert, alert)


def _why(error: Exception) -> str:
    """What is wrong, without the values."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{field}: {message}" for field, message in schema_details(error).items())
    return str(error)
