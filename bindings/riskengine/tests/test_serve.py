"""`mts serve` as a process: it starts in an empty folder, ends when it is told, and comes back as it was."""

import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request

import grpc
import pytest

from mts1b_riskengine import Order
from mts1b_riskengine.cli import main
from mts1b_riskengine.service.client import RiskAdminClient, RiskEngineClient

ADAPTERS = textwrap.dedent(
    """
    import asyncio
    from decimal import Decimal
    from mts1b_riskengine import Fill, Instrument, Quote
    from mts1b_riskengine.service.run import Adapters

    class Desk:
        def __init__(self, engine):
            self.engine = engine
        async def active_funds(self):
            return ["alpha"]
        async def get_positions(self, *, fund_id):
            return self.engine.books(fund_id)
        async def submit_order(self, order):
            return self.engine.check_order(order)
        async def cancel_open_orders(self, *, fund_id, symbol):
            pass
        async def adjust_position(self, **_):
            pass
        async def get_quote(self, symbol):
            return Quote(symbol=symbol, last=400)

    class Broker:
        def __init__(self, engine):
            self.engine = engine
        async def get_positions(self):
            return self.engine.books("alpha")

    async def prices(engine):
        engine.register_fund("alpha")
        engine.register_instrument(Instrument(symbol="AAPL", asset_class="equity"))
        while True:
            engine.update_quote(Quote(symbol="AAPL", last=500))
            engine.update_nav("alpha", 1_000_000)
            await asyncio.sleep(0.05)

    async def fills(engine):
        await asyncio.sleep(0.3)
        engine.apply_fill(Fill(fill_id="F1", order_id="X1", fund_id="alpha", symbol="AAPL", side="BUY", quantity=10, price=500, broker="ib"))
        await asyncio.sleep(3600)

    def bring(config):
        return Adapters(oms=Desk, broker=Broker, quotes=Desk, feeds=[prices, fills])
    """
)
ENVELOPE = "fund_id: alpha\nauthor: anna\nallowed_brokers: [ib]\nmax_order_notional: 100000\nmax_position_pct: 1\nmax_sector_pct: 1\n"


class Service:
    """A running `mts serve` in `folder`."""

    def __init__(self, folder, config="", *words):
        (folder / "config.yaml").write_text(config or "grpc: {port: 0, admin_port: 0}\n")
        self.log = folder / f"log{time.monotonic_ns()}"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mts1b_riskengine", "serve", "--config", "config.yaml", *words],
                cwd=folder, stderr=log, stdout=log, env={**os.environ, "PYTHONPATH": f"{folder}:{os.environ.get('PYTHONPATH', '')}"},
            )  # fmt: skip
        found = self.until(r"orders on port (\d+), operators on (\d+)")
        self.target, self.operators = (f"127.0.0.1:{port}" for port in found.groups())

    def until(self, pattern, seconds=20.0):
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            found = re.search(pattern, self.log.read_text())
            if found:
                return found
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.02)
        pytest.fail(f"{pattern} was not logged: {self.log.read_text()}")

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.process.wait(20)


@pytest.fixture
def service(tmp_path):
    running = []

    def start(config="", *words):
        running.append(Service(tmp_path, config, *words))
        return running[-1]

    yield start
    for each in running:
        if each.process.poll() is None:
            each.process.kill()
            each.process.wait(20)


def order(number, quantity=1, **fields):
    name = f"O{number}"
    made = {
        "order_id": name,
        "idempotency_key": name,
        "fund_id": "alpha",
        "symbol": "AAPL",
        "side": "BUY",
        "broker": "ib",
    }
    return Order(**{**made, "quantity": quantity, **fields})


def patiently(client, asked, seconds=10.0):
    """Feeds need a moment after the start; each try has a key of its own."""
    ends, number = time.monotonic() + seconds, 0
    while True:
        number += 1
        decision = client.check_order(order(f"T{number}", asked))
        if decision.approved or time.monotonic() > ends:
            return decision
        time.sleep(0.05)


def test_it_starts_in_an_empty_folder_and_ends_when_told(service, tmp_path):
    running = service()
    with RiskEngineClient(running.target) as client:
        decision = client.check_order(order(1))
        assert (decision.approved, decision.rejection_code) == (False, "FUND_UNKNOWN")
    assert (tmp_path / "riskengine.db").exists()
    assert running.end() == 0
    lines = [json.loads(line) for line in running.log.read_text().splitlines()]
    assert {"at", "level", "logger", "message"} <= set(lines[0])
    (refused,) = [line for line in lines if line.get("code") == "FUND_UNKNOWN"]
    assert refused["decision_id"] == decision.decision_id and refused["gate"] == "static"


def test_what_was_decided_and_halted_is_there_after_kill_9(service, tmp_path):
    (tmp_path / "bring.py").write_text(ADAPTERS)
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "alpha.yaml").write_text(ENVELOPE)
    config = "grpc: {port: 0, admin_port: 0}\nenvelope: {directory: limits}\nsynthetic_stop: {poll_interval_equities_s: 3600}\n"
    running = service(config, "--adapters", "bring:bring")
    with RiskEngineClient(running.target) as client, RiskAdminClient(running.operators) as operators:
        first = patiently(client, 2)
        assert first.approved and first.envelope_id == "alpha@1"
        operators.halt("alpha", "anna", "drill")
    assert running.end(signal.SIGKILL) == -signal.SIGKILL

    running = service(config, "--adapters", "bring:bring")
    with RiskEngineClient(running.target) as client, RiskAdminClient(running.operators) as operators:
        again = client.check_order(order(first.order_id.removeprefix("O"), 2))
        assert again.replayed and again.decision_id == first.decision_id
        assert [halt.operator for halt in operators.halts()] == ["anna"]
        assert client.check_order(order("new")).approved is False
        operators.resume("alpha", "anna", "over")
    assert running.end() == 0
    assert main(["audit", "verify", "--state", str(tmp_path / "riskengine.db")]) == 0


def test_its_workers_close_a_position_that_crossed_its_stop(service, tmp_path):
    (tmp_path / "bring.py").write_text(ADAPTERS)
    (tmp_path / "limits").mkdir()
    (tmp_path / "limits" / "alpha.yaml").write_text(ENVELOPE)
    config = (
        "grpc: {port: 0, admin_port: 0}\nenvelope: {directory: limits}\nmetrics: {enabled: true, port: 0}\n"
        "synthetic_stop: {poll_interval_s: 0.1, poll_interval_equities_s: 0.1}\nposition_arm_sweeper: {interval_s: 0.2}\n"
    )
    running = service(config, "--adapters", "bring:bring")
    page = "http://127.0.0.1:" + running.until(r"metrics on port (\d+)").group(1)

    def metrics():
        with urllib.request.urlopen(f"{page}/metrics", timeout=5) as answer:
            return answer.read().decode()

    ends = time.monotonic() + 15
    while 'riskengine_stops{state="SENT"} 1' not in metrics():
        assert time.monotonic() < ends, running.log.read_text()
        time.sleep(0.1)
    text = metrics()
    workers = (
        "synthetic_stop_runner",
        "broker_exit_reconciler",
        "position_arm_sweeper",
        "envelope_loader",
        "prices",
        "fills",
    )
    for name in (*workers, "store_keeper"):
        assert f'riskengine_worker_lag_seconds{{worker="{name}"}}' in text
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{page}/", timeout=5)
    assert running.end() == 0


def test_a_second_service_on_one_store_does_not_start(service, tmp_path):
    running = service()
    other = subprocess.run(
        [sys.executable, "-m", "mts1b_riskengine", "serve", "--state", "riskengine.db"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert other.returncode == 1 and "another process writes" in other.stderr and "Traceback" not in other.stderr
    with RiskEngineClient(running.target) as client:
        client.check_order(order(1))


@pytest.mark.integration
def test_with_postgres_and_nats_it_ends_when_another_took_its_place(service, postgres, nats):
    import psycopg

    dsn = postgres.database()
    running = service(
        f"grpc: {{port: 0, admin_port: 0}}\nstorage: {{url: '{dsn}'}}\nnats: {{enabled: true, servers: ['{nats.url}']}}\n"
    )
    with RiskAdminClient(running.operators) as operators:
        operators.halt("firm", "anna", "drill")
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        name = dsn.rpartition("/")[2]
        # The lock of a connection that is ended is taken before the service can ask for it again.
        with psycopg.connect(dsn, autocommit=True) as thief:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> %s",
                (name, thief.info.backend_pid),
            )
            from mts1b_riskengine.adapters.postgres import LOCK

            thief.execute("select pg_advisory_lock(%s)", (LOCK,))
            assert running.process.wait(20) == 1
    assert "the store is lost" in running.log.read_text()
    with pytest.raises(grpc.RpcError), RiskEngineClient(running.target, timeout=0.3) as client:
        client.check_order(order(1))
