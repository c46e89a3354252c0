"""How commands show things: with colours where somebody looks at a terminal, and as JSON for programs."""

from __future__ import annotations

import json
import os
import sys
from decimal import Decimal
from typing import Any

_COLOURS = {"good": "32", "bad": "31", "changed": "33", "quiet": "2"}


def coloured(text: str, meaning: str) -> str:
    """The text in the colour of what it means, where the output is a terminal that shows colours."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_COLOURS[meaning]}m{text}\x1b[0m"


def print_json(value: Any) -> None:
    """Prints a value; decimals are texts, so that no digit is lost."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{value!r} is nothing that JSON has")
