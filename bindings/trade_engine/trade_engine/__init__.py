"""From a strategy's signal to a sized order, through a broker to positions and P&L, with every change recorded.

from trade_engine import Engine, RiskManager, SimulatedBroker
from trade_engine.models import Side, Signal

engine = Engine(broker=SimulatedBroker(), risk_manager=RiskManager())
engine.submit_signal(Signal("ES", Side.BUY, strength=0.8))
engine.close_position("ES")
"""

from importlib.metadata import PackageNotFoundError, version

from trade_engine._replay import replay
from trade_engine.brokers import Broker, BrokerRejection, SimulatedBroker
from trade_engine.engine import Engine
from trade_engine.event_store import EventStore, FileEventStore
from trade_engine.instruments import InstrumentSpec
from trade_engine.risk import RiskManager

try:
    __version__ = version("openpit-trade-engine")
except PackageNotFoundError:  # from a folder of sources
    __version__ = "0"

__all__ = [
    "Broker",
    "BrokerRejection",
    "Engine",
    "EventStore",
    "FileEventStore",
    "InstrumentSpec",
    "RiskManager",
    "SimulatedBroker",
    "__version__",
    "replay",
]
