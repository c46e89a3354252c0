"""One module a gate: what each says of an order, in words. What is decided, counted or remembered is in the native part."""

from __future__ import annotations

NAMES = ("", "idempotency", "schema", "static", "position", "drawdown", "short", "cro_veto")
"""The gates in their order, by number."""
