"""Trading research on OpenPit: rehearsal of strategies against simulated venues, limits of risk, and orders."""

from importlib.metadata import PackageNotFoundError, version

from axon_quant import _native, backtest, oms, risk
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
from axon_quant.oms import (
    OmsError,
    Order,
    OrderManager,
    OrderStatus,
    Portfolio,
    Position,
    Side,
    limit_order,
    make_order_status,
    market_order,
)
from axon_quant.risk import (
    CircuitBreaker,
    DefaultRiskEngine,
    RiskConfig,
    RiskError,
    RiskMetrics,
    RiskReason,
    RiskResult,
    make_circuit_breaker,
    make_order,
    make_portfolio,
    make_portfolio_with_positions,
    make_risk_config,
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
    "CircuitBreaker",
    "CrossPair",
    "DarkOrder",
    "DefaultRiskEngine",
    "ImpactedMatchingEngine",
    "ImpactedMatchingEngineBuilder",
    "L1MatchingEngine",
    "L2MatchingEngine",
    "MultiAssetMatchingEngine",
    "OmsError",
    "Order",
    "OrderBookEntry",
    "OrderManager",
    "OrderStatus",
    "Portfolio",
    "Position",
    "RiskConfig",
    "RiskError",
    "RiskMetrics",
    "RiskReason",
    "RiskResult",
    "RunResult",
    "RunStats",
    "Side",
    "_native",
    "backtest",
    "limit_order",
    "make_circuit_breaker",
    "make_order",
    "make_order_status",
    "make_portfolio",
    "make_portfolio_with_positions",
    "make_risk_config",
    "market_order",
    "oms",
    "risk",
]
