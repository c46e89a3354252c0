"""The classes and functions of :mod:`axon_quant.risk`."""

from axon_quant.risk import *  # noqa: F403
