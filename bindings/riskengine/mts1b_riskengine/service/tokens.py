"""Who may call what: a file of token hashes with rights, read anew when it changes.

A line is `SHA256 NAME RIGHT,RIGHT…`; what follows a `#` is a comment. The tokens themselves are in no file of the service.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
from pathlib import Path
from typing import NamedTuple

from ..errors import ConfigError

log = logging.getLogger(__name__)

CHECK, READ, STATUS, HALT, RESUME = RIGHTS = ("check", "read", "status", "halt", "resume")
NEEDED = {
    "/mts.risk.v1.RiskEngine/CheckOrder": CHECK,
    "/mts.risk.v1.RiskEngine/CheckOrders": CHECK,
    "/mts.risk.v1.RiskEngine/GetEnvelope": READ,
    "/mts.risk.v1.RiskAdmin/Halt": HALT,
    "/mts.risk.v1.RiskAdmin/Resume": RESUME,
    "/mts.risk.v1.RiskAdmin/ListHalts": STATUS,
}
# Whether a service answers at all is no secret, and those who watch it have no token.
OPEN = ("/grpc.health.v1.Health/",)
LINE = re.compile(r"([0-9a-f]{64})\s+(\S+)\s+(\S+)", re.ASCII)


class Holder(NamedTuple):
    """Whom a token was given to, and for what."""

    name: str
    rights: frozenset[str]


def hashed(token: str) -> str:
    """What the file has of `token`."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def made(name: str, rights: list[str]) -> tuple[str, str]:
    """A new token and its line for the file."""
    token = secrets.token_urlsafe(32)
    line = f"{hashed(token)} {name} {','.join(rights)}"
    _parsed_line(line, 1)
    return token, line


class Tokens:
    """The tokens in `path`. While the file cannot be read, what it last said counts; a bad file is refused whole."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._holders, self._seen = self._read()

    def holder(self, token: str) -> Holder | None:
        """Whose token this is. Every line is compared, so that the time tells nothing."""
        self._refresh()
        digest, found = hashed(token), None
        for known, holder in self._holders.items():
            if hmac.compare_digest(known, digest):
                found = holder
        return found

    def _refresh(self) -> None:
        try:
            if _stamp(self._path) == self._seen:
                return
            self._holders, self._seen = self._read()
            log.info("the tokens were read anew: %d of them", len(self._holders))
        except (ConfigError, OSError) as error:
            log.error("the tokens could not be read anew, the old ones count: %s", error)
            self._seen = _stamp_or_nothing(self._path)

    def _read(self) -> tuple[dict[str, Holder], tuple[int, ...]]:
        try:
            stamp = _stamp(self._path)
            text = self._path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"grpc.tokens_file: {getattr(error, 'strerror', None) or 'not a text'}") from None
        holders = {}
        for number, line in enumerate(text.splitlines(), 1):
            line = line.partition("#")[0].strip()
            if line:
                digest, holder = _parsed_line(line, number)
                holders[digest] = holder
        return holders, stamp

    def __repr__(self) -> str:
        return f"<Tokens: {len(self._holders)}>"


def _parsed_line(line: str, number: int) -> tuple[str, Holder]:
    match = LINE.fullmatch(line)
    rights = frozenset(match[3].split(",")) if match else frozenset()
    if match is None or not rights <= set(RIGHTS):
        raise ConfigError(
            f"grpc.tokens_file: line {number}: not «sha256 name rights», rights being of {', '.join(RIGHTS)}"
        )
    return match[1], Holder(match[2], rights)


def _stamp(path: Path) -> tuple[int, ...]:
    state = os.stat(path)
    return state.st_mtime_ns, state.st_size, state.st_ino


def _stamp_or_nothing(path: Path) -> tuple[int, ...]:
    try:
        return _stamp(path)
    except OSError:
        return ()
