"""Fixtures of the trade engine's acceptance tests: a driven clock, an engine without costs, a scripted broker.

Rule numbers (TE-n.m) in the tests refer to contract/trade-engine.md. Nothing here reads the wall clock or leaves tmp_path.
"""

import pytest
from trade_support import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def make_engine(clock):
    """An engine whose broker costs nothing unless a test says so; keyword arguments go where they belong."""
    from trade_engine import Engine, RiskManager, SimulatedBroker

    engine_names = {"event_store", "instruments", "strict_instruments"}
    broker_names = {
        "initial_capital",
        "slippage_bps",
        "commission_per_trade",
        "commission",
        "rejection_rate",
        "partial_fill_rate",
        "max_fill_quantity",
        "seed",
        "symbols",
        "allow_short",
        "market_open",
        "prices",
        "name",
    }

    def make(broker=None, **options):
        for_engine = {name: options.pop(name) for name in list(options) if name in engine_names}
        for_broker = {name: options.pop(name) for name in list(options) if name in broker_names}
        if broker is None:
            costs = {"slippage_bps": 0, "prices": {}}
            if "commission" not in for_broker:
                costs["commission_per_trade"] = 0
            broker = SimulatedBroker(**{**costs, **for_broker})
        limits = {"max_position_pct": 1, "max_drawdown_pct": 1, "max_daily_loss_pct": 1, **options}
        return Engine(broker=broker, risk_manager=RiskManager(**limits), clock=clock, **for_engine)

    return make


@pytest.fixture
def scripted_broker():
    """A broker that answers what the test put into `answers`, and counts what reached it."""
    from trade_engine import Broker

    class Scripted(Broker):
        name = "scripted"
        initial_capital = 100_000

        def __init__(self):
            self.answers = []
            self.received = []
            self.cancels = True

        def submit_order(self, order, current_price):
            self.received.append(order.order_id)
            answer = self.answers.pop(0) if self.answers else ()
            if isinstance(answer, BaseException):
                raise answer
            return answer

        def cancel_order(self, order_id):
            return self.cancels

    return Scripted()
