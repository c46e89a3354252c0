"""Trading research on OpenPit: rehearsal of strategies against simulated venues."""

from importlib.metadata import PackageNotFoundError, version

from axon_quant import _native, backtest
from axon_quant._errors import AxonError
from axon_quant.backtest import (
    ArbitrageOpportunity,
    AuctionResult,
    BacktestEngine,
    BacktestError,
    CrossPair,
    DarkOrder,
    ImpactedMatchingEngine,
    ImpactedMatchingEngineBuilder,
    L1MatchingEngine,
    L2MatchingEngine,
    MultiAssetMatchingEngine,
    OrderBookEntry,
    RunResult,
    RunStats,
)

__version__ = "0.2.0"
try:
    __build__ = version("openpit-axon-quant")
except PackageNotFoundError:
    __build__ = "unknown"

__all__ = [
    "ArbitrageOpportunity",
    "AuctionResult",
    "AxonError",
    "BacktestEngine",
    "BacktestError",
    "CrossPair",
    "DarkOrder",
    "ImpactedMatchingEngine",
    "ImpactedMatchingEngineBuilder",
    "L1MatchingEngine",
    "L2MatchingEngine",
    "MultiAssetMatchingEngine",
    "OrderBookEntry",
    "RunResult",
    "RunStats",
    "_native",
    "backtest",
]
