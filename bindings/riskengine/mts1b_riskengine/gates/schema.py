"""Gate 2: an order is what the model says, or it is refused with one entry a bad field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..models import Order, schema_details

CODE = "SCHEMA_INVALID"


def parsed(raw: Any) -> tuple[Order | None, dict[str, str]]:
    """The order, or what is wrong with it."""
    if not isinstance(raw, Mapping):
        return None, {"order": "not an order"}
    try:
        return Order.model_validate(dict(raw)), {}
    except ValidationError as error:
        return None, schema_details(error)


def reason(details: Mapping[str, str]) -> str:
    return f"the order cannot be read: {', '.join(sorted(details))}"[:500]
