"""Orders, execution reports, and the instruments they are about."""

from openpit import account_adjustment
from openpit._openpit import (
    AccountAdjustmentContext,
    AccountControl,
    ExecutionReport,
    ExecutionReportFillDetails,
    ExecutionReportOperation,
    ExecutionReportOrder,
    ExecutionReportPositionImpact,
    FinancialImpact,
    Instrument,
    InstrumentId,
    Order,
    OrderAttributes,
    OrderMargin,
    OrderOperation,
    OrderPosition,
    ReferenceBook,
    ReferenceBookRegistrationError,
    SettlementLag,
    SettlementScheme,
    SettlementUnit,
    UnknownReferenceBookInstrumentId,
)
from openpit._record import record
from openpit.param import (
    AccountId,
    Asset,
    Fee,
    Leverage,
    MonetaryAmount,
    Pnl,
    PositionEffect,
    PositionSide,
    Price,
    Quantity,
    Side,
    Trade,
    TradeAmount,
)

__all__ = [
    "AccountAdjustment",
    "AccountAdjustmentAccountPnlOperation",
    "AccountAdjustmentAmount",
    "AccountAdjustmentBalanceOperation",
    "AccountAdjustmentBounds",
    "AccountAdjustmentContext",
    "AccountAdjustmentEquityOperation",
    "AccountAdjustmentLedgerPositionOperation",
    "AccountAdjustmentPositionOperation",
    "AccountControl",
    "ExecutionReport",
    "ExecutionReportFillDetails",
    "ExecutionReportOperation",
    "ExecutionReportOrder",
    "ExecutionReportPositionImpact",
    "FinancialImpact",
    "Instrument",
    "InstrumentId",
    "Order",
    "OrderAttributes",
    "OrderMargin",
    "OrderOperation",
    "OrderPosition",
    "ReferenceBook",
    "ReferenceBookRegistrationError",
    "SettlementLag",
    "SettlementScheme",
    "SettlementUnit",
    "UnknownReferenceBookInstrumentId",
]

AccountAdjustment = account_adjustment.Adjustment
AccountAdjustmentAccountPnlOperation = account_adjustment.AccountPnlOperation
AccountAdjustmentAmount = account_adjustment.Amount
AccountAdjustmentBalanceOperation = account_adjustment.BalanceOperation
AccountAdjustmentBounds = account_adjustment.Bounds
AccountAdjustmentEquityOperation = account_adjustment.EquityOperation
AccountAdjustmentLedgerPositionOperation = account_adjustment.LedgerPositionOperation
AccountAdjustmentPositionOperation = account_adjustment.PositionOperation


@record
class Mutation:
    """Something a policy wants done when the order is kept, and something when it is undone."""

    commit: object
    rollback: object
