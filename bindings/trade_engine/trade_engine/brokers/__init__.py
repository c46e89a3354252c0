"""Brokers: what an engine asks of one, and one that is simulated."""

from trade_engine.brokers.base import Broker
from trade_engine.brokers.simulated import CommissionModel, SimulatedBroker
from trade_engine.errors import BrokerRejection

__all__ = ["Broker", "BrokerRejection", "CommissionModel", "SimulatedBroker"]
