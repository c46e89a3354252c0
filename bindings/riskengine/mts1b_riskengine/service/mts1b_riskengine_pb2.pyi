from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Order(_message.Message):
    __slots__ = ("order_id", "idempotency_key", "fund_id", "strategy_id", "symbol", "side", "quantity", "order_type", "limit_price", "stop_price", "time_in_force", "broker", "locate_id", "purpose", "metadata")
    class MetadataEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    IDEMPOTENCY_KEY_FIELD_NUMBER: _ClassVar[int]
    FUND_ID_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    SYMBOL_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    ORDER_TYPE_FIELD_NUMBER: _ClassVar[int]
    LIMIT_PRICE_FIELD_NUMBER: _ClassVar[int]
    STOP_PRICE_FIELD_NUMBER: _ClassVar[int]
    TIME_IN_FORCE_FIELD_NUMBER: _ClassVar[int]
    BROKER_FIELD_NUMBER: _ClassVar[int]
    LOCATE_ID_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    METADATA_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    idempotency_key: str
    fund_id: str
    strategy_id: str
    symbol: str
    side: str
    quantity: str
    order_type: str
    limit_price: str
    stop_price: str
    time_in_force: str
    broker: str
    locate_id: str
    purpose: str
    metadata: _containers.ScalarMap[str, str]
    def __init__(self, order_id: _Optional[str] = ..., idempotency_key: _Optional[str] = ..., fund_id: _Optional[str] = ..., strategy_id: _Optional[str] = ..., symbol: _Optional[str] = ..., side: _Optional[str] = ..., quantity: _Optional[str] = ..., order_type: _Optional[str] = ..., limit_price: _Optional[str] = ..., stop_price: _Optional[str] = ..., time_in_force: _Optional[str] = ..., broker: _Optional[str] = ..., locate_id: _Optional[str] = ..., purpose: _Optional[str] = ..., metadata: _Optional[_Mapping[str, str]] = ...) -> None: ...

class RiskDecision(_message.Message):
    __slots__ = ("order_id", "approved", "rejecting_gate", "rejection_code", "reason", "details", "envelope_id", "decision_id", "replayed", "decided_at")
    class DetailsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    APPROVED_FIELD_NUMBER: _ClassVar[int]
    REJECTING_GATE_FIELD_NUMBER: _ClassVar[int]
    REJECTION_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DETAILS_FIELD_NUMBER: _ClassVar[int]
    ENVELOPE_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    DECIDED_AT_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    approved: bool
    rejecting_gate: str
    rejection_code: str
    reason: str
    details: _containers.ScalarMap[str, str]
    envelope_id: str
    decision_id: str
    replayed: bool
    decided_at: str
    def __init__(self, order_id: _Optional[str] = ..., approved: _Optional[bool] = ..., rejecting_gate: _Optional[str] = ..., rejection_code: _Optional[str] = ..., reason: _Optional[str] = ..., details: _Optional[_Mapping[str, str]] = ..., envelope_id: _Optional[str] = ..., decision_id: _Optional[str] = ..., replayed: _Optional[bool] = ..., decided_at: _Optional[str] = ...) -> None: ...

class EnvelopeRequest(_message.Message):
    __slots__ = ("fund_id", "strategy_id", "version")
    FUND_ID_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    fund_id: str
    strategy_id: str
    version: int
    def __init__(self, fund_id: _Optional[str] = ..., strategy_id: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class RiskEnvelope(_message.Message):
    __slots__ = ("envelope_id", "fund_id", "strategy_id", "version", "author", "valid_from", "hash", "json")
    ENVELOPE_ID_FIELD_NUMBER: _ClassVar[int]
    FUND_ID_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    JSON_FIELD_NUMBER: _ClassVar[int]
    envelope_id: str
    fund_id: str
    strategy_id: str
    version: int
    author: str
    valid_from: str
    hash: str
    json: str
    def __init__(self, envelope_id: _Optional[str] = ..., fund_id: _Optional[str] = ..., strategy_id: _Optional[str] = ..., version: _Optional[int] = ..., author: _Optional[str] = ..., valid_from: _Optional[str] = ..., hash: _Optional[str] = ..., json: _Optional[str] = ...) -> None: ...

class HaltRequest(_message.Message):
    __slots__ = ("scope", "operator", "reason")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    scope: str
    operator: str
    reason: str
    def __init__(self, scope: _Optional[str] = ..., operator: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ResumeRequest(_message.Message):
    __slots__ = ("scope", "operator", "reason", "severity", "rebase", "approved_by")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    REBASE_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    scope: str
    operator: str
    reason: str
    severity: str
    rebase: bool
    approved_by: str
    def __init__(self, scope: _Optional[str] = ..., operator: _Optional[str] = ..., reason: _Optional[str] = ..., severity: _Optional[str] = ..., rebase: _Optional[bool] = ..., approved_by: _Optional[str] = ...) -> None: ...

class HaltsRequest(_message.Message):
    __slots__ = ("scope",)
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    scope: str
    def __init__(self, scope: _Optional[str] = ...) -> None: ...

class HaltList(_message.Message):
    __slots__ = ("json",)
    JSON_FIELD_NUMBER: _ClassVar[int]
    json: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, json: _Optional[_Iterable[str]] = ...) -> None: ...
