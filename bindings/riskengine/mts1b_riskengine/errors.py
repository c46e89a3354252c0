"""What can go wrong outside an order: a refused order is an answer and raises nothing."""

from __future__ import annotations


class RiskEngineError(Exception):
    """Every error of this package."""


class ConfigError(RiskEngineError, ValueError):
    """A configuration that cannot be right; the message begins with the path of the key."""


class EnvelopeInvalid(RiskEngineError, ValueError):
    """An envelope that must not be published, or may not be believed."""


class EnvelopeNotFound(RiskEngineError, LookupError):
    """No such envelope, or none that is active."""


class EnvelopeConflict(RiskEngineError):
    """Two editors, or two contents under one version."""


class ApprovalError(RiskEngineError, ValueError):
    """The second person is missing, or is the first."""


class NotHalted(RiskEngineError, ValueError):
    """There is no such halt to lift."""


class StillInBreach(RiskEngineError, ValueError):
    """The loss that halted still stands."""


class StoreError(RiskEngineError):
    """The store did not keep what it was given; nothing has happened."""


class StoreLocked(StoreError):
    """Another process writes to the store."""


class AuditBroken(StoreError):
    """The audit chain does not hold from record `seq` on."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"the audit chain is broken at record {seq}")
        self.seq = seq
