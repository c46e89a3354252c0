"""What an engine says of orders that are sent together."""

from __future__ import annotations

from dataclasses import dataclass

from openpit.pretrade import ExecuteResult, Reject, Reservation


@dataclass(frozen=True)
class ListResult:
    """Whether all orders of a list were accepted.

    ``results`` has one for each order up to the first that was rejected; ``reservation`` is that of them all, and None when
    one was rejected.
    """

    ok: bool
    rejects: list[Reject]
    results: list[ExecuteResult]
    reservation: Reservation | None

    def __bool__(self) -> bool:
        return self.ok
