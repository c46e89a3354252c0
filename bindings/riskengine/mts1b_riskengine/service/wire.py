"""Between messages and models: an empty text is an absent value, and numbers stay text until a gate reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ..envelope.model import RiskEnvelope
from ..models import Order, RiskDecision
from ..numbers import text
from . import mts1b_riskengine_pb2 as pb

TEXTS = (
    "order_id", "idempotency_key", "fund_id", "strategy_id", "symbol", "side", "quantity", "order_type", "limit_price",
    "stop_price", "time_in_force", "broker", "locate_id", "purpose",
)  # fmt: skip


def order_fields(message: pb.Order) -> dict[str, Any]:
    """What a message says, as the gates read it."""
    fields: dict[str, Any] = {name: value for name in TEXTS if (value := getattr(message, name))}
    if message.metadata:
        fields["metadata"] = dict(message.metadata)
    return fields


def order_message(order: Order) -> pb.Order:
    """An order on its way; `created_at` does not travel."""
    return pb.Order(
        order_id=order.order_id,
        idempotency_key=order.idempotency_key,
        fund_id=order.fund_id,
        strategy_id=order.strategy_id,
        symbol=order.symbol,
        side=order.side.value,
        quantity=text(order.quantity),
        order_type=order.order_type.value,
        limit_price="" if order.limit_price is None else text(order.limit_price),
        stop_price="" if order.stop_price is None else text(order.stop_price),
        time_in_force=order.time_in_force.value,
        broker=order.broker,
        locate_id=order.locate_id,
        purpose=order.purpose.value,
        metadata=order.metadata,
    )


def decision_message(decision: RiskDecision) -> pb.RiskDecision:
    return pb.RiskDecision(
        order_id=decision.order_id,
        approved=decision.approved,
        rejecting_gate=decision.rejecting_gate,
        rejection_code=decision.rejection_code,
        reason=decision.reason,
        details=decision.details,
        envelope_id=decision.envelope_id,
        decision_id=decision.decision_id,
        replayed=decision.replayed,
        decided_at="" if decision.decided_at is None else decision.decided_at.isoformat(),
    )


def decision(message: pb.RiskDecision) -> RiskDecision:
    return RiskDecision(
        order_id=message.order_id,
        approved=message.approved,
        rejecting_gate=message.rejecting_gate,
        rejection_code=message.rejection_code,
        reason=message.reason,
        details=dict(message.details),
        envelope_id=message.envelope_id,
        decision_id=message.decision_id,
        replayed=message.replayed,
        decided_at=datetime.fromisoformat(message.decided_at) if message.decided_at else None,
    )


def envelope_message(envelope: RiskEnvelope) -> pb.RiskEnvelope:
    return pb.RiskEnvelope(
        envelope_id=envelope.envelope_id,
        fund_id=envelope.fund_id or "",
        strategy_id=envelope.strategy_id or "",
        version=envelope.version or 0,
        author=envelope.author,
        valid_from="" if envelope.valid_from is None else envelope.valid_from.isoformat(),
        hash=envelope.hash,
        json=envelope.canonical(),
    )


def envelope(message: pb.RiskEnvelope) -> RiskEnvelope:
    made = RiskEnvelope.model_validate_json(message.json)
    made._parts = message.envelope_id
    return made
