"""What an engine's ledger tells: numbers are :class:`decimal.Decimal`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openpit.pretrade import PnlHaltReason

__all__ = ["Holding"]


@dataclass(frozen=True)
class Holding:
    """What an account has of one asset. Average and P&L are in the account's currency, and None where nobody knows them."""

    balance: Decimal
    held: Decimal
    incoming: Decimal
    average_entry_price: Decimal | None
    realized_pnl: Decimal | PnlHaltReason | None
