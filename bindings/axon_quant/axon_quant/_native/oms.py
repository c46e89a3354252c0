"""The classes and functions of :mod:`axon_quant.oms`."""

from axon_quant.oms import *  # noqa: F403
