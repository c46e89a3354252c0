"""Strategies: what a run asks of one, and one that follows momentum."""

from trade_engine.strategies.base import Bar, Strategy
from trade_engine.strategies.momentum import MomentumStrategy

__all__ = ["Bar", "MomentumStrategy", "Strategy"]
