"""The classes and functions of :mod:`axon_quant.backtest`."""

from axon_quant.backtest import *  # noqa: F403
