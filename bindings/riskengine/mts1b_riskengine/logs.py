"""Structured logs: one JSON object a line, with the ids of decisions and never a secret.

What is logged is chosen where it is logged: ids, codes, names of people. Orders, configurations and tokens never are.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import IO

FIELDS = ("decision_id", "gate", "code", "scope", "operator", "alert")
PREFIX = "alert_"


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: str(value) for name, value in vars(record).items() if name in FIELDS or name.startswith(PREFIX)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configure(level: int = logging.INFO, stream: IO[str] | None = None) -> None:
    """Write what this package logs to `stream`, standard error if none is given."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger = logging.getLogger(__package__)
    logger.handlers = [handler]
    logger.setLevel(level)
    logger.propagate = False
