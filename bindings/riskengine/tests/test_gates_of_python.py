"""The parts of gates that are Python: keys, shapes, and the veto that fails open."""

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest

from mts1b_riskengine import Order, RiskEnvelope, VetoResult
from mts1b_riskengine.gates import cro_veto, idempotency, schema

RAW = {
    "order_id": "1",
    "idempotency_key": "k",
    "fund_id": "a",
    "symbol": "X",
    "side": "BUY",
    "quantity": "1.0",
    "broker": "b",
}


@pytest.mark.parametrize(
    "key, problem",
    [(None, "MISSING"), ("", "MISSING"), (" \t", "MISSING"), ("k", ""), ("k" * 128, ""), ("k" * 129, "INVALID"), ("a\nb", "INVALID"),
     ("\u202e", "INVALID"), (5, "INVALID"), (b"k", "INVALID"), ([], "INVALID")],
)  # fmt: skip
def test_a_key_is_printable_text_of_some_length(key, problem):
    assert idempotency.problem(key) == (f"IDEMPOTENCY_KEY_{problem}" if problem else "")


@pytest.mark.parametrize(
    "raw",
    [None, 5, "order", [], {}, {1: 2}, {**RAW, 5: 6}, {**RAW, "quantity": object()}, object(), {"a": float("nan")}],
)
def test_whatever_comes_is_an_order_or_has_details(raw):
    order, details = schema.parsed(raw)
    assert order is None and details
    assert all(isinstance(text, str) for pair in details.items() for text in pair)
    assert schema.parsed(RAW) == (Order(**RAW), {})


class Cro:
    def __init__(self, do):
        self.do = do

    async def veto(self, *, order, market_context, envelope, timeout):
        return await self.do()


def ask(do, timeout_s=0.2, cro=None):
    asker = cro_veto.Asker(cro or Cro(do), timeout_s, 0.85)
    return asker.ask(Order(**RAW), {}, RiskEnvelope(author="a"))


def answers(answer):
    async def do():
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return ask(do)


def said(**fields):
    return SimpleNamespace(**{"veto": True, "confidence": 0.9, "reason": "", **fields})


@pytest.mark.parametrize(
    "answer, result",
    [
        (VetoResult(veto=True, confidence=0.8500001), "vetoed"), (VetoResult(veto=True, confidence=0.85), "passed"),
        (VetoResult(veto=True, confidence=0.8499), "passed"), (VetoResult(veto=False, confidence=1.0), "passed"), (said(confidence=1), "vetoed"),
        (said(confidence=0), "passed"), (said(confidence=1.0000001), "malformed"), (said(confidence=-0.1), "malformed"),
        (said(confidence=float("nan")), "malformed"), (said(confidence=True), "malformed"), (said(confidence="0.9"), "malformed"),
        (said(veto=1), "malformed"), (said(veto="yes"), "malformed"), (None, "malformed"), ({"veto": True, "confidence": 1}, "malformed"),
        (said(reason=None), "vetoed"), (RuntimeError("down"), "error"), (SystemExit(3), "error"), (asyncio.CancelledError(), "error"),
    ],
)  # fmt: skip
def test_only_a_proper_and_confident_answer_refuses(answer, result):
    assert answers(answer).result == result


def test_a_model_that_raises_when_it_is_looked_at_is_malformed():
    class Trap:
        @property
        def veto(self):
            raise RuntimeError

    assert answers(Trap()).result == "malformed"
    assert ask(None, cro=SimpleNamespace()).result == "error"


def test_its_words_are_cut():
    assert len(answers(said(reason="x" * 10_000)).reason) == 500


@pytest.mark.parametrize("blocks", [False, True])
def test_who_does_not_answer_in_time_is_not_waited_for(blocks):
    """Also not one that blocks its event loop: nobody shares it."""

    async def do():
        time.sleep(1) if blocks else await asyncio.sleep(60)

    began = time.monotonic()
    assert ask(do, timeout_s=0.05).result == "timeout"
    assert time.monotonic() - began < 0.8


def test_it_may_be_asked_from_within_a_loop_and_by_many():
    async def do():
        await asyncio.sleep(0.05)
        return VetoResult(veto=False, confidence=0)

    async def inside():
        return ask(do, timeout_s=5).result

    assert asyncio.run(inside()) == "passed"
    results = []
    threads = [threading.Thread(target=lambda: results.append(ask(do, timeout_s=5).result)) for _ in range(20)]
    began = time.monotonic()
    [thread.start() for thread in threads]
    [thread.join(10) for thread in threads]
    assert results == ["passed"] * 20 and time.monotonic() - began < 20 * 0.05
