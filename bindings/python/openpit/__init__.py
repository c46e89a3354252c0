"""OpenPit: an embeddable pre-trade risk engine."""

from openpit import account_adjustment, core, param, pretrade
from openpit._openpit import version as __version__
from openpit.core import (
    AccountAdjustment,
    AccountAdjustmentAccountPnlOperation,
    AccountAdjustmentAmount,
    AccountAdjustmentBalanceOperation,
    AccountAdjustmentBounds,
    AccountAdjustmentPositionOperation,
    ExecutionReport,
    ExecutionReportFillDetails,
    ExecutionReportOperation,
    ExecutionReportPositionImpact,
    FinancialImpact,
    Instrument,
    Mutation,
    Order,
    OrderMargin,
    OrderOperation,
    OrderPosition,
)
from openpit.param import AdjustmentAmount, Leverage, MonetaryAmount, PositionMode

__all__ = [
    "AccountAdjustment",
    "AccountAdjustmentAccountPnlOperation",
    "AccountAdjustmentAmount",
    "AccountAdjustmentBalanceOperation",
    "AccountAdjustmentBounds",
    "AccountAdjustmentPositionOperation",
    "AdjustmentAmount",
    "ExecutionReport",
    "ExecutionReportFillDetails",
    "ExecutionReportOperation",
    "ExecutionReportPositionImpact",
    "FinancialImpact",
    "Instrument",
    "Leverage",
    "MonetaryAmount",
    "Mutation",
    "Order",
    "OrderMargin",
    "OrderOperation",
    "OrderPosition",
    "PositionMode",
]
