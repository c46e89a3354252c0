"""The audit chain: each record's hash covers the one before, so that nothing is changed or left out unseen.

A cut tail leaves a chain that holds; who anchors `(seq, hash)` outside, from time to time, sees that, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ..errors import AuditBroken

if TYPE_CHECKING:
    from ..store import Stored

GENESIS = "0" * 64


class Head(NamedTuple):
    """The last record: its number and its hash. Before the first record it is `(0, GENESIS)`."""

    seq: int
    hash: str


def link(before: str, seq: int, at: int, kind: str, fund: str, body: str) -> str:
    """The hash of a record that follows one with the hash `before`."""
    return hashlib.sha256("\n".join((before, str(seq), str(at), kind, fund, body)).encode()).hexdigest()


def verify(records: Iterable[Stored], expected_head: tuple[int, str] | None = None) -> int:
    """How many records there are; AuditBroken names the first that does not hold."""
    return verified(records, expected_head).seq


def verified(records: Iterable[Stored], expected_head: tuple[int, str] | None = None) -> Head:
    """The head of a chain that holds, as far as it was read; AuditBroken names the first record that does not."""
    seq, before = 0, GENESIS
    anchored = expected_head is None or tuple(expected_head) == (0, GENESIS)
    for record in records:
        seq += 1
        made = link(before, seq, record.at, record.kind, record.fund, record.body)
        if record.seq != seq or record.hash != made:
            raise AuditBroken(seq)
        if expected_head is not None and seq == expected_head[0]:
            if made != expected_head[1]:
                raise AuditBroken(seq)
            anchored = True
        before = made
    if not anchored:
        raise AuditBroken(seq + 1)
    return Head(seq, before)
