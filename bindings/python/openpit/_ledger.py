"""Between what accounts have as records and the engine: the counterpart of ``src/engine_ledger.c``."""

from __future__ import annotations

from decimal import Decimal

from openpit._limits import _account, _Id
from openpit._openpit import Engine
from openpit.ledger import Holding
from openpit.pretrade import PnlHaltReason


def read_holding(engine: Engine, account_id: _Id, asset: str) -> Holding:
    """What an account has of an asset: zeros where nothing is known."""
    balance, held, incoming, average, pnl, halt = engine._read_holding(_account(account_id).value, asset)
    return Holding(balance, held, incoming, average, pnl if halt is None else halt)


def read_account_pnl(engine: Engine, account_id: _Id) -> Decimal | PnlHaltReason:
    """The P&L of an account over all its assets, or why there is none."""
    return engine._read_account_pnl(_account(account_id).value)
