"""Signatures of envelopes: HMAC-SHA256 over the hash, by a key in a file."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

from ..errors import ConfigError


class Signer:
    """Signs with the key in `path`, and believes that key and the one in `path`.previous, for the days of a change."""

    def __init__(self, path: str | Path) -> None:
        self._key = _key(Path(path))
        previous = Path(f"{path}.previous")
        self._believed = [self._key, _key(previous)] if previous.is_file() else [self._key]

    @property
    def key_id(self) -> str:
        """The beginning of the key's hash: it tells keys apart and gives none away."""
        return hashlib.sha256(b"openpit key id\n" + self._key).hexdigest()[:16]

    def sign(self, envelope_hash: str) -> str:
        return _signature(self._key, envelope_hash)

    def believes(self, envelope_hash: str, signature: str) -> bool:
        """Whether `signature` is by a key that counts; every key is tried in the same time."""
        given = signature.encode("ascii", "replace")
        return any([hmac.compare_digest(_signature(key, envelope_hash).encode(), given) for key in self._believed])

    def __repr__(self) -> str:
        return f"<Signer {self.key_id}>"


def _key(path: Path) -> bytes:
    try:
        key = path.read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise ConfigError(f"envelope.signing_key_file: {error.strerror}") from None
    if not key:
        raise ConfigError("envelope.signing_key_file: an empty key")
    return key


def _signature(key: bytes, envelope_hash: str) -> str:
    return hmac.new(key, envelope_hash.encode(), hashlib.sha256).hexdigest()
