"""The risk service beside an echo service of the same stack: orders at a steady rate, on loopback, seven gates, twenty limits.

    bench/python/risk_service.py [--seconds 60] [--rate 2000]

Orders are sent when their time has come, whether or not earlier ones were answered, and the time until the answer counts from then.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import grpc
from mts1b_riskengine import Instrument, Order, Quote, RiskEngine, RiskEnvelope, SqliteStore
from mts1b_riskengine.service import mts1b_riskengine_pb2 as pb
from mts1b_riskengine.service import mts1b_riskengine_pb2_grpc as rpc
from mts1b_riskengine.service.grpc import OPTIONS, serve

MARGIN_MS = 0.5
SYMBOLS = [f"S{number}" for number in range(20)]
TWENTY = {
    "allowed_brokers": ["ib"], "allowed_order_types": ["MARKET", "LIMIT"], "allowed_asset_classes": ["equity"],
    "restricted_symbols": ["GME"], "max_order_notional": 10**9, "max_order_quantity": 10**6, "price_collar_pct": "0.5",
    "max_position_pct": 100, "max_gross_exposure_pct": 100, "max_net_exposure_pct": 100, "max_sector_pct": 100,
    "max_asset_class_pct": 100, "daily_loss_halt_pct": "0.5", "weekly_loss_halt_pct": "0.5", "monthly_loss_halt_pct": "0.5",
    "enable_shorting": True, "max_borrow_fee_pct": 1, "max_short_pct": 1, "synthetic_stop_pct": "0.1", "sector_limits": {"tech": 100},
}  # fmt: skip


def engine_on(store: SqliteStore) -> RiskEngine:
    engine = RiskEngine(store=store)
    engine.register_fund("alpha")
    engine.envelopes.publish(RiskEnvelope.model_validate({"fund_id": "alpha", "author": "anna", **TWENTY}))
    for symbol in SYMBOLS:
        engine.register_instrument(Instrument(symbol=symbol, asset_class="equity", sector="tech"))
    refresh(engine)
    return engine


def refresh(engine: RiskEngine) -> None:
    for symbol in SYMBOLS:
        engine.update_quote(Quote.model_validate({"symbol": symbol, "last": 100}))
    engine.update_nav("alpha", 10**9)


def risk_service(pipe: Connection, path: str) -> None:
    engine = engine_on(SqliteStore(path))
    server = serve(engine)
    pipe.send(server.port)
    while not pipe.poll(10):
        refresh(engine)
    server.stop(0)
    engine.close()


def echo_service(pipe: Connection, path: str) -> None:
    class Echo(rpc.RiskEngineServicer):
        async def CheckOrder(self, request: pb.Order, context: Any) -> pb.RiskDecision:
            return pb.RiskDecision(order_id=request.order_id, approved=True)

        async def CheckOrders(self, request_iterator: Any, context: Any) -> Any:
            async for request in request_iterator:
                yield pb.RiskDecision(order_id=request.order_id, approved=True)

    async def run() -> None:
        server = grpc.aio.server(options=OPTIONS)
        rpc.add_RiskEngineServicer_to_server(Echo(), server)
        pipe.send(server.add_insecure_port("127.0.0.1:0"))
        await server.start()
        await asyncio.to_thread(pipe.poll, None)
        await server.stop(0)

    asyncio.run(run())


def wire(number: int) -> pb.Order:
    name = f"B{number}"
    return pb.Order(
        order_id=name, idempotency_key=name, fund_id="alpha", symbol=SYMBOLS[number % 20], side="BUY" if number % 2 else "SELL",
        quantity="1", broker="ib", order_type="LIMIT", limit_price="100",
    )  # fmt: skip


async def unary(port: int, count: int, rate: float) -> list[float]:
    took: list[float] = []
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = rpc.RiskEngineStub(channel).CheckOrder

        async def one(number: int, due: float) -> None:
            decision = await call(wire(number))
            took.append(time.perf_counter() - due)
            assert decision.order_id == f"B{number}"

        for number in range(100):
            await one(-number - 1, time.perf_counter())
        took.clear()
        began, tasks = time.perf_counter(), []
        for number in range(count):
            due = began + number / rate
            if (left := due - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            tasks.append(asyncio.ensure_future(one(number, due)))
        await asyncio.gather(*tasks)
    return took


async def stream(port: int, count: int, rate: float) -> list[float]:
    took: list[float] = []
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        call = rpc.RiskEngineStub(channel).CheckOrders()
        began = time.perf_counter()

        async def send() -> None:
            for number in range(count):
                if (left := began + number / rate - time.perf_counter()) > 0:
                    await asyncio.sleep(left)
                await call.write(wire(10**9 + number))
            await call.done_writing()

        sending = asyncio.ensure_future(send())
        number = 0
        async for _ in call:
            took.append(time.perf_counter() - began - number / rate)
            number += 1
        await sending
    return took


def measured(service: Any, seconds: float, rate: float, way: Any, path: str) -> list[float]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=service, args=(there, path))
    process.start()
    try:
        return sorted(asyncio.run(way(here.recv(), int(seconds * rate), rate)))
    finally:
        here.send(None)
        process.join(20)


def shown(name: str, took: list[float]) -> float:
    at = {part: took[min(int(len(took) * part), len(took) - 1)] * 1e3 for part in (0.5, 0.99, 0.999)}
    print(f"{name:34} p50 {at[0.5]:8.3f} ms   p99 {at[0.99]:8.3f} ms   p99.9 {at[0.999]:8.3f} ms")
    return at[0.99]


def in_process(name: str, path: str, count: int = 20_000) -> None:
    engine = engine_on(SqliteStore(path))
    orders = []
    for number in range(count):
        made = {
            "order_id": f"P{number}",
            "idempotency_key": f"P{number}",
            "fund_id": "alpha",
            "symbol": SYMBOLS[number % 20],
        }
        orders.append(
            Order.model_validate({**made, "side": "BUY" if number % 2 else "SELL", "quantity": 1, "broker": "ib"})
        )
    took = []
    for order in orders:
        began = time.perf_counter()
        engine.check_order(order)
        took.append(time.perf_counter() - began)
    took.sort()
    print(f"{name:34} p50 {took[count // 2] * 1e6:8.1f} us   p99 {took[count * 99 // 100] * 1e6:8.1f} us")
    engine.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=2000)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        in_process("check_order, store in memory", ":memory:")
        in_process("check_order, store in a file", str(Path(folder, "p.db")))
        for way in (unary, stream):
            echo = shown(f"echo, {way.__name__}", measured(echo_service, words.seconds, words.rate, way, ""))
            path = str(Path(folder, f"{way.__name__}.db"))
            risk = shown(f"risk service, {way.__name__}", measured(risk_service, words.seconds, words.rate, way, path))
            exceeded = "   EXCEEDED" if risk > echo + MARGIN_MS else ""
            print(f"{'p99 beside the echo':34} {risk - echo:+12.3f} ms   bound {MARGIN_MS:+.3f} ms{exceeded}")


if __name__ == "__main__":
    main()
