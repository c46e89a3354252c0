"""The envelopes of the firm, its funds and their strategies: versions, approval, and what is in force when."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from ..calendar import microseconds
from ..config import Config
from ..errors import ApprovalError, EnvelopeConflict, EnvelopeInvalid, EnvelopeNotFound, StoreError
from ..store import Record, Row, Store
from .merge import loosened, merge, missing
from .model import RiskEnvelope, Status, scope
from .signing import Signer

ROW = "envelope"
PUBLISHED = "envelope"
APPROVED = "approval"
Level = tuple[str | None, str | None]
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """What counts for a fund and a strategy from `since` until just before `until`, if nothing is published meanwhile."""

    fund: RiskEnvelope
    """Firm and fund, merged: limits of the fund's book, losses of the fund."""
    strategy: RiskEnvelope
    """Firm, fund and strategy, merged: what an order of this strategy may be, losses of the strategy."""
    own: RiskEnvelope | None
    """The strategy's version as it was published: its position, gross and net limits bind its own book."""
    since: datetime
    until: datetime | None
    envelope_id: str
    """The ids of the parts that were merged."""


class EnvelopeStore:
    """Versions by (fund, strategy), (None, None) being the firm's. Every method may be called from any thread.

    `on_change` is called with a fund, or None for all of them, after another envelope counts.
    """

    def __init__(self, store: Store, *, config: Config | None = None, clock: Clock | None = None) -> None:
        self._store = store
        self._config = config or Config()
        self._clock = clock or wall_clock
        key_file = self._config.envelope.signing_key_file
        self._signer = Signer(key_file) if key_file else None
        self._lock = threading.RLock()
        self._versions: dict[Level, list[RiskEnvelope]] = {}
        self._in_force: dict[tuple[str, str], InForce] = {}
        self.on_change: Callable[[str | None], None] | None = None
        for key, body in store.rows(ROW).items():
            try:
                envelope = RiskEnvelope.model_validate(json.loads(body))
            except (ValueError, ValidationError) as error:
                raise StoreError(f"the envelope {key} in the store cannot be read") from error
            self._versions.setdefault((envelope.fund_id, envelope.strategy_id), []).append(envelope)
        for versions in self._versions.values():
            versions.sort(key=_version)

    # Asking

    def history(self, fund_id: str | None = None, strategy_id: str | None = None) -> list[RiskEnvelope]:
        """The versions that are kept, newest first."""
        with self._lock:
            return self._versions.get((fund_id, strategy_id or None), [])[::-1]

    def get(
        self, fund_id: str | None = None, strategy_id: str | None = None, version: int | None = None
    ) -> RiskEnvelope:
        """One version as it was published; without a number the newest."""
        for envelope in self.history(fund_id, strategy_id):
            if version is None or envelope.version == version:
                return envelope
        named = scope(fund_id, strategy_id)
        raise EnvelopeNotFound(f"no envelope {named}" if version is None else f"no envelope {named}@{version}")

    def levels(self) -> list[Level]:
        """The levels that have an envelope: (fund, strategy), the firm's being (None, None)."""
        with self._lock:
            return sorted(self._versions, key=lambda key: (key[0] or "", key[1] or ""))

    def effective(
        self, fund_id: str | None, strategy_id: str | None = None, at: datetime | None = None
    ) -> RiskEnvelope:
        """What counts for a fund, or one of its strategies, at `at`; for the firm, what it says itself."""
        moment = at or self._clock()
        if moment.tzinfo is None:
            raise ValueError("at: a time without a time zone")
        if fund_id is None:
            with self._lock:
                firm = self._active((None, None), moment)
            if firm is None:
                raise EnvelopeNotFound("no envelope of the firm is active")
            return merge([firm])
        return self.in_force(fund_id, strategy_id or "", moment).strategy

    def in_force(self, fund_id: str, strategy_id: str, at: datetime) -> InForce:
        """What an order of `strategy_id` is judged by at `at`; the same object as long as nothing changes."""
        if strategy_id and (fund_id, strategy_id) not in self._versions:
            strategy_id = ""  # Orders may name any strategy: those without an envelope share what is known of the fund.
        found = self._in_force.get((fund_id, strategy_id))
        if found is not None and found.since <= at and (found.until is None or at < found.until):
            return found
        with self._lock:
            made = self._made(fund_id, strategy_id, at)
            self._in_force[fund_id, strategy_id] = made
            return made

    def _made(self, fund_id: str, strategy_id: str, at: datetime) -> InForce:
        keys = _keys(fund_id, strategy_id)
        firm, fund, *rest = (self._active(key, at) for key in keys)
        own = rest[0] if rest else None
        if fund is None:
            raise EnvelopeNotFound(f"no envelope of {fund_id} is active")
        parts = [fund] if firm is None else [firm, fund]
        merged = merge(parts)
        lacking = missing(merged)
        if lacking:
            raise EnvelopeNotFound(f"{merged.envelope_id} says nothing of {', '.join(lacking)}")
        since, until = _around(at, (v for key in keys for v in self._versions.get(key, [])))
        whole = merge([*parts, own]) if own else merged
        return InForce(merged, whole, own, since, until, whole.envelope_id)

    def _active(self, key: Level, at: datetime) -> RiskEnvelope | None:
        return _active(self._versions.get(key, []), at)

    # Changing

    def publish(self, envelope: RiskEnvelope) -> RiskEnvelope:
        """Keep `envelope` as the next version of its level and give it as it is kept.

        EnvelopeConflict: the version it names is not the next one. EnvelopeInvalid: it leaves a fund without a limit that it
        needs, or a stop without a way out.
        """
        with self._lock:
            versions = self._versions.get((envelope.fund_id, envelope.strategy_id), [])
            following = _version(versions[-1]) + 1 if versions else 1
            if envelope.version is not None and envelope.version != following:
                raise EnvelopeConflict(f"{envelope.scope}: the next version is {following}, not {envelope.version}")
            now = self._clock()
            made = self._judged(
                envelope.model_copy(
                    update={
                        "version": following,
                        "created_at": now,
                        "approved_by": "",
                        "hash": "",
                        "signature": "",
                        "key_id": "",
                    }
                ),
                now,
            )
            made = made.model_copy(update={"hash": made.compute_hash()})
            if self._signer is not None:
                made = made.model_copy(
                    update={"signature": self._signer.sign(made.hash), "key_id": self._signer.key_id}
                )
            self._keep(made, PUBLISHED, now)
        self._changed(made)
        return made

    def accept(self, envelope: RiskEnvelope) -> bool:
        """Keep a version that another node made, if it is newer than all that are here.

        EnvelopeInvalid: its hash or signature is wrong, or it cannot be in force here. EnvelopeConflict: another content
        has its version. With four eyes, what loosens waits for a second person here, whatever the other node says.
        """
        with self._lock:
            if envelope.version is None or envelope.hash != envelope.compute_hash():
                raise EnvelopeInvalid(f"{envelope.envelope_id}: the hash is not that of the content")
            if self._signer is not None and not self._signer.believes(envelope.hash, envelope.signature):
                raise EnvelopeInvalid(f"{envelope.envelope_id}: the signature is missing or wrong")
            versions = self._versions.get((envelope.fund_id, envelope.strategy_id), [])
            for known in versions:
                if known.version == envelope.version and known.hash != envelope.hash:
                    raise EnvelopeConflict(f"{envelope.envelope_id}: another content has this version")
            if versions and envelope.version <= _version(versions[-1]):
                return False
            now = self._clock()
            self._keep(self._judged(envelope.model_copy(update={"approved_by": ""}), now), PUBLISHED, now)
        self._changed(envelope)
        return True

    def approve(self, fund_id: str | None, strategy_id: str | None, version: int, approver: str) -> RiskEnvelope:
        """Let a pending version count. ApprovalError: nobody, the author, or nothing to approve."""
        with self._lock:
            pending = self.get(fund_id, strategy_id, version)
            if not approver.strip() or approver.strip().casefold() == pending.author.strip().casefold():
                raise ApprovalError(f"{pending.envelope_id}: a second person approves")
            if pending.status is Status.ACTIVE:
                raise ApprovalError(f"{pending.envelope_id} is active already")
            now = self._clock()
            made = pending.model_copy(update={"status": Status.ACTIVE, "approved_by": approver})
            self._possible(made, now)
            self._keep(made, APPROVED, now)
        self._changed(made)
        return made

    def _judged(self, envelope: RiskEnvelope, now: datetime) -> RiskEnvelope:
        """`envelope` with the status it gets: pending if a second person has to look at it."""
        self._possible(envelope, now)
        status = Status.ACTIVE
        if self._config.envelope.four_eyes:
            begins = max(envelope.valid_from or now, now)
            known = self._versions.get((envelope.fund_id, envelope.strategy_id), [])
            before = _reachable(known, begins, envelope.valid_until)
            if _active(known, begins) is None or any(loosened(old, envelope) for old in before):
                status = Status.PENDING
        return envelope.model_copy(update={"status": status})

    def _possible(self, envelope: RiskEnvelope, now: datetime) -> None:
        """EnvelopeInvalid if `envelope`, once it counts, leaves any fund without what it needs."""
        made = envelope.model_copy(update={"status": Status.ACTIVE})
        begins = max(made.valid_from or now, now)
        for fund_id, strategy_id in self._concerned(made):
            parts = [
                made if key == (made.fund_id, made.strategy_id) else self._active(key, begins)
                for key in _keys(fund_id, strategy_id)
            ]
            if parts[1] is None and (made.fund_id is None or made.strategy_id is not None):
                continue
            merged = merge([part for part in parts if part is not None])
            lacking = missing(merged)
            if lacking:
                raise EnvelopeInvalid(f"{merged.envelope_id} says nothing of {', '.join(lacking)}")
            stops = self._config.synthetic_stop
            if stops.enabled and stops.order_type not in (merged.allowed_order_types or []):
                raise EnvelopeInvalid(
                    f"{merged.envelope_id} does not allow {stops.order_type.value} orders, by which synthetic stops leave"
                )

    def _concerned(self, made: RiskEnvelope) -> list[tuple[str, str | None]]:
        """The funds and strategies whose merge has `made` in it."""
        own = {(made.fund_id, made.strategy_id)} if made.fund_id is not None else set()
        keys = {*self._versions, *own}
        return [
            (fund, strategy)
            for fund, strategy in sorted(keys, key=lambda key: (key[0] or "", key[1] or ""))
            if fund is not None
            and (made.fund_id is None or made.fund_id == fund)
            and (made.strategy_id is None or made.strategy_id == strategy)
        ]

    def _keep(self, made: RiskEnvelope, kind: str, now: datetime) -> None:
        """Write `made`, forget what is too old to be kept, and let it count; StoreError: nothing has happened."""
        key = (made.fund_id, made.strategy_id)
        versions = [known for known in self._versions.get(key, []) if known.version != made.version]
        versions = sorted([*versions, made], key=_version)
        needed = {id(known) for known in _reachable(versions, now, None)}
        newest = {id(known) for known in versions[-self._config.envelope.versions_kept :]}
        kept = [known for known in versions if id(known) in needed | newest]
        rows = [Row(ROW, known.envelope_id, None) for known in versions if id(known) not in needed | newest]
        rows.append(Row(ROW, made.envelope_id, made.canonical()))
        self._store.write([Record(kind, microseconds(now), made.fund_id or "", made.canonical())], rows)
        self._versions[key] = kept
        self._in_force.clear()

    def _changed(self, made: RiskEnvelope) -> None:
        if self.on_change is not None:
            self.on_change(made.fund_id)


def _version(envelope: RiskEnvelope) -> int:
    return envelope.version or 0


def _keys(fund_id: str, strategy_id: str | None) -> list[Level]:
    keys: list[Level] = [(None, None), (fund_id, None)]
    return [*keys, (fund_id, strategy_id)] if strategy_id else keys


def _active(versions: list[RiskEnvelope], at: datetime) -> RiskEnvelope | None:
    """The highest version that is active at `at`."""
    for envelope in reversed(versions):
        if (
            envelope.status is Status.ACTIVE
            and (envelope.valid_from is None or envelope.valid_from <= at)
            and (envelope.valid_until is None or at < envelope.valid_until)
        ):
            return envelope
    return None


def _edges(versions: Iterable[RiskEnvelope]) -> list[datetime]:
    """The instants at which any of `versions` begins or ends."""
    return [edge for envelope in versions for edge in (envelope.valid_from, envelope.valid_until) if edge is not None]


def _around(at: datetime, versions: Iterable[RiskEnvelope]) -> tuple[datetime, datetime | None]:
    edges = _edges(versions)
    since = max((edge for edge in edges if edge <= at), default=datetime.min.replace(tzinfo=UTC))
    return since, min((edge for edge in edges if edge > at), default=None)


def _reachable(versions: list[RiskEnvelope], since: datetime, until: datetime | None) -> list[RiskEnvelope]:
    """The versions that are active at some time from `since` on, before `until`."""
    moments = [since, *(edge for edge in _edges(versions) if edge > since and (until is None or edge < until))]
    found = [_active(versions, moment) for moment in moments]
    return [envelope for envelope in versions if any(envelope is each for each in found)]
