"""What an order is checked for before it is sent."""

from trade_engine.risk.manager import RiskCheck, RiskManager

__all__ = ["RiskCheck", "RiskManager"]
