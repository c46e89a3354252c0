"""The same modules under the names that the published page also uses."""

from axon_quant._native import backtest, oms, risk

__all__ = ["backtest", "oms", "risk"]
