"""The caller's side: models in and out, and the same key again when the service was not to be had."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from ..envelope.model import RiskEnvelope
from ..models import Halt, Order, RiskDecision, Severity
from . import mts1b_riskengine_pb2 as pb
from . import mts1b_riskengine_pb2_grpc as rpc
from . import wire

T = TypeVar("T")
OPTIONS = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 1000)]


class _Caller:
    """A channel with a token, and calls that are repeated while nobody answers.

    Repeating is safe: the key makes the second call find the first one's decision.
    """

    def __init__(
        self, target: str, *, token: str | None = None, ca: str | Path | None = None, timeout: float = 5.0
    ) -> None:
        self._timeout = timeout
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        if ca is None:
            self._channel = grpc.insecure_channel(target, OPTIONS)
        else:
            credentials = grpc.ssl_channel_credentials(Path(ca).read_bytes())
            self._channel = grpc.secure_channel(target, credentials, OPTIONS)

    def _asked(self, call: Callable[..., T], request: Any) -> T:
        """The answer within the time; the last error once the time is over."""
        ends = time.monotonic() + self._timeout
        pause = 0.02
        while True:
            left = max(ends - time.monotonic(), 0.001)
            try:
                return call(request, timeout=left, metadata=self._metadata)
            except grpc.RpcError as error:
                if error.code() is not grpc.StatusCode.UNAVAILABLE or time.monotonic() + pause >= ends:
                    raise
            time.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, 0.5)

    def close(self) -> None:
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class RiskEngineClient(_Caller):
    """What an order management system calls: `RiskEngineClient("127.0.0.1:50052")`."""

    def __init__(
        self, target: str, *, token: str | None = None, ca: str | Path | None = None, timeout: float = 5.0
    ) -> None:
        super().__init__(target, token=token, ca=ca, timeout=timeout)
        self._calls = rpc.RiskEngineStub(self._channel)

    def check_order(self, order: Order) -> RiskDecision:
        """What the gates say. grpc.RpcError: nobody said anything, and the order must not be sent."""
        return wire.decision(self._asked(self._calls.CheckOrder, wire.order_message(order)))

    def check_orders(self, orders: Iterable[Order]) -> Iterator[RiskDecision]:
        """One decision an order, on one call; it is not repeated when it breaks off."""
        for message in self._calls.CheckOrders(map(wire.order_message, orders), metadata=self._metadata):
            yield wire.decision(message)

    def get_envelope(self, fund_id: str, strategy_id: str = "", version: int = 0) -> RiskEnvelope:
        """A version, or with 0 what is in force."""
        request = pb.EnvelopeRequest(fund_id=fund_id, strategy_id=strategy_id, version=version)
        return wire.envelope(self._asked(self._calls.GetEnvelope, request))


class RiskAdminClient(_Caller):
    """What operators call, on the port that is theirs."""

    def __init__(
        self, target: str, *, token: str | None = None, ca: str | Path | None = None, timeout: float = 5.0
    ) -> None:
        super().__init__(target, token=token, ca=ca, timeout=timeout)
        self._calls = rpc.RiskAdminStub(self._channel)

    def halt(self, scope: str, operator: str, reason: str) -> list[Halt]:
        return _halts(self._asked(self._calls.Halt, pb.HaltRequest(scope=scope, operator=operator, reason=reason)))

    def resume(
        self,
        scope: str,
        operator: str,
        reason: str,
        *,
        severity: Severity | None = None,
        rebase: bool = False,
        approved_by: str | None = None,
    ) -> list[Halt]:
        request = pb.ResumeRequest(
            scope=scope,
            operator=operator,
            reason=reason,
            severity=severity or "",
            rebase=rebase,
            approved_by=approved_by or "",
        )
        return _halts(self._asked(self._calls.Resume, request))

    def halts(self, scope: str | None = None) -> list[Halt]:
        return _halts(self._asked(self._calls.ListHalts, pb.HaltsRequest(scope=scope or "")))


def _halts(answer: pb.HaltList) -> list[Halt]:
    return [Halt.model_validate_json(halt) for halt in answer.json]
