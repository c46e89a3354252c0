"""Corrections of what the engine believes an account holds."""

from openpit._openpit import (
    AccountPnlOperation,
    Adjustment,
    AdjustmentAmount,
    Amount,
    BalanceOperation,
    Bounds,
    EquityOperation,
    Instrument,
    LedgerPositionOperation,
    Leverage,
    Pnl,
    PnlHaltReason,
    PositionOperation,
    PositionSize,
    Price,
)
from openpit.param import Asset, PositionMode

__all__ = [
    "AccountPnlOperation",
    "Adjustment",
    "Amount",
    "BalanceOperation",
    "Bounds",
    "EquityOperation",
    "LedgerPositionOperation",
    "PositionOperation",
]
