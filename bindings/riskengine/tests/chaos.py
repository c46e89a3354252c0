"""A desk that trades at random until it is killed, and what it was when it last said so."""

import asyncio
import os
import random
import resource
import signal
from datetime import timedelta
from pathlib import Path

from support import START, Clock, Desk, Quotes, envelope

from mts1b_riskengine.errors import RiskEngineError
from mts1b_riskengine.store import open_store
from mts1b_riskengine.workers.synthetic_stop_runner import SyntheticStopRunner

UNLIMITED = resource.RLIM_INFINITY


def snapshot(engine):
    """What must be the same after a restart, as plain values."""
    live = ("ARMED", "TRIGGERED", "SENT")
    return {
        "head": engine.audit_head()[0],
        "halts": sorted((halt.scope, halt.severity.value, halt.operator) for halt in engine.halts()),
        "positions": {
            symbol: str(held.quantity.normalize()) for symbol, held in sorted(engine.positions("alpha").items())
        },
        "orders": {name: str(rest.normalize()) for name, rest in sorted(engine.open_orders("alpha").items())},
        "stops": sorted(
            (stop.stop_id, stop.state.value, str(stop.quantity.normalize()), str(stop.stop_price.normalize()))
            for stop in engine.stops("alpha")
            if stop.state in live
        ),
        "envelope": engine.envelopes.get("alpha").version,
    }


class Oms:
    """Sends each key once, and remembers what it sent where no kill reaches it."""

    def __init__(self, engine, path):
        self.engine, self.path = engine, Path(path)
        self.fails = False

    def sent(self):
        return self.path.read_text().split() if self.path.exists() else []

    async def submit_order(self, order):
        decision = self.engine.check_order(order)
        if decision.approved and order.order_id not in self.sent():
            with self.path.open("a") as file:
                file.write(order.order_id + "\n")
        if self.fails:
            raise TimeoutError("no answer")
        return decision

    async def cancel_open_orders(self, *, fund_id, symbol):
        for name in list(self.engine.open_orders(fund_id)):
            if not name.startswith("STOP-"):
                self.engine.order_closed(name, "withdrawn for a stop")


def desk_on(url, hours=0):
    """The desk as it is in the store; the first envelope is published if there is none."""
    store = open_store(url)
    known = bool(store.rows("envelope"))
    return Desk(Clock(START + timedelta(hours=hours)), store=store, published=not known)


def trade(pipe, url, ledger, seed):
    """Trade until somebody ends it; each thing that was done is told with what the desk is then."""
    random_ = random.Random(seed)
    desk = desk_on(url, hours=seed % 7)
    oms, quotes = Oms(desk.engine, ledger), Quotes(AAPL=500, MSFT=400, BTC=50_000)
    runner = SyntheticStopRunner(desk.engine, oms, quotes)
    desk.count = seed * 10_000
    done = Deeds(desk, oms, quotes, runner, random_)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    pipe.send((snapshot(desk.engine), None))
    while True:
        try:
            random_.choice(done.all)()
        except RiskEngineError:
            pass  # A store that is full, or a halt that is not there: nothing was promised.
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))
        try:
            order = desk.order(quantity=1, broker="nobody")
            decision = desk.engine.check_order(order)
            if decision.decision_id:
                pipe.send((snapshot(desk.engine), (order, decision)))
        except RiskEngineError:
            continue


class Deeds:
    def __init__(self, desk, oms, quotes, runner, random_):
        self.desk, self.oms, self.quotes, self.runner, self.random = desk, oms, quotes, runner, random_
        self.approved = []
        self.all = [
            self.order,
            self.order,
            self.order,
            self.fill,
            self.fill,
            self.again,
            self.close,
            self.halt,
            self.resume,
        ]
        self.all += [self.publish, self.clock, self.crash, self.lost, self.full, self.sweep]

    def order(self):
        side = self.random.choice(["BUY", "SELL"])
        symbol = self.random.choice(["AAPL", "MSFT"])
        order = self.desk.order(side, symbol, self.random.randrange(1, 20))
        if self.desk.engine.check_order(order).approved:
            self.approved.append(order)

    def again(self):
        if self.approved:
            order = self.random.choice(self.approved[-20:])
            decision = self.desk.engine.check_order(order)
            assert decision.approved and decision.replayed

    def fill(self):
        if self.approved:
            order = self.approved.pop(self.random.randrange(len(self.approved)))
            part = self.random.randrange(1, int(order.quantity) + 1)
            signed = part if order.side == "BUY" else -part
            self.desk.hold(order.symbol, signed, order_id=order.order_id)

    def close(self):
        if self.approved:
            self.desk.engine.order_closed(self.approved.pop().order_id, "cancelled")

    def halt(self):
        self.desk.engine.halt(
            self.random.choice(["alpha", "firm", "alpha/momo"]), f"ops{self.random.randrange(9)}", "drill"
        )

    def resume(self):
        halts = self.desk.engine.halts()
        if halts:
            self.desk.engine.resume(halts[0].scope, "anna", "over")

    def publish(self):
        self.desk.engine.envelopes.publish(envelope(max_order_notional=self.random.randrange(5000, 10**6)))

    def clock(self):
        self.desk.clock.advance(hours=self.random.randrange(-3, 4))

    def sweep(self):
        self.desk.engine.sweep_stops()

    def crash(self, price=0.5):
        """The market falls through every stop of a long position; the closing orders are filled at once, or later, or never."""
        for symbol, full in (("AAPL", 500), ("MSFT", 400)):
            self.quotes.prices[symbol] = full * self.random.choice([price, 1.0, 1.6])
        self.desk.clock.advance(seconds=61)
        asyncio.run(self.runner.run_once())
        for stop in self.desk.engine.stops("alpha"):
            if stop.state == "SENT" and self.random.random() < 0.7:
                side = -1 if stop.side == "LONG" else 1
                self.desk.hold(stop.symbol, side * int(stop.quantity), order_id=stop.order_id)

    def lost(self):
        """The order arrives, its answer does not."""
        self.oms.fails = True
        try:
            self.crash()
        finally:
            self.oms.fails = False

    def full(self):
        """The disk is full for what comes next."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.random.randrange(1, 60_000), UNLIMITED))
        deed = self.random.choice([self.order, self.fill, self.halt, self.publish, self.crash])
        try:
            deed()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (UNLIMITED, UNLIMITED))


def survived(url, said, ledger):
    """Open the store as a new process would, and compare."""
    desk = desk_on(url)
    said, last = said
    try:
        engine = desk.engine
        found = snapshot(engine)
        assert engine.verify_audit() >= said["head"]
        if found["head"] == said["head"]:
            # Nothing was written after the desk last said what it was.
            assert found == said, {name: (said[name], found[name]) for name in said if said[name] != found[name]}
        assert found["envelope"] >= said["envelope"]
        if last is not None:
            order, decision = last
            assert engine.check_order(order) == decision.model_copy(update={"replayed": True})
        for symbol, quantity in found["positions"].items():
            live = [
                stop
                for stop in engine.stops("alpha")
                if stop.symbol == symbol and stop.state in ("ARMED", "TRIGGERED", "SENT")
            ]
            assert len(live) == 1, (symbol, quantity, live)
        sent = Path(ledger).read_text().split() if os.path.exists(ledger) else []
        assert len(sent) == len(set(sent)), "no key is sent twice"
        assert set(sent) <= {order.order_id for order, _ in engine.decisions()}, "nothing is sent that was not approved"
        crossings = [name.rsplit("-", 1)[0] for name in sent]
        assert len(crossings) == len(set(crossings)), "one closing order a crossing"
    finally:
        desk.engine.close()
