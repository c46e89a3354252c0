"""What the tables of expressions are evaluated with."""

import copy
import json
import math
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import openpit
from openpit import (
    ExecutionReport,
    ExecutionReportFillDetails,
    ExecutionReportOperation,
    ExecutionReportOrder,
    ExecutionReportPositionImpact,
    FinancialImpact,
    Instrument,
    Mutation,
    Order,
    OrderAttributes,
    OrderMargin,
    OrderOperation,
    OrderPosition,
    param,
)
from openpit.account_adjustment import (
    AccountPnlOperation,
    Adjustment,
    Amount,
    BalanceOperation,
    Bounds,
    EquityOperation,
    LedgerPositionOperation,
    PositionOperation,
)
from openpit.core import InstrumentId, SettlementLag, SettlementScheme, SettlementUnit
from openpit.marketdata import Quote, QuoteResolution, QuoteTtl
from openpit.param import (
    AccountGroupId,
    AccountId,
    AdjustmentAmount,
    Asset,
    CashFlow,
    Fee,
    Leverage,
    MonetaryAmount,
    Notional,
    Pnl,
    PositionSize,
    Price,
    Quantity,
    RoundingStrategy,
    Side,
    Trade,
    TradeAmount,
    Volume,
)
from openpit.pretrade import Lock, PnlHaltReason

MAXIMUM = "79228162514264337593543950335"

instrument = Instrument("AAPL", "USD")
account = AccountId.from_int(99224416)
trade = Trade(price=Price("102.50"), quantity=Quantity(7))


def _with_defaults(kind, defaults):
    """A constructor with defaults; an argument given as ... is left out."""

    def make(**named):
        named = defaults | named
        return kind(**{name: value for name, value in named.items() if value is not ...})

    return make


order_operation = _with_defaults(
    OrderOperation,
    {
        "instrument": instrument,
        "side": Side.BUY,
        "trade_amount": TradeAmount.quantity("10.50"),
        "account_id": account,
        "price": Price("185.0"),
    },
)
report_operation = _with_defaults(
    ExecutionReportOperation, {"instrument": instrument, "side": Side.BUY, "account_id": account}
)
position_operation = _with_defaults(
    PositionOperation,
    {"instrument": instrument, "collateral_asset": "USD", "average_entry_price": 100, "mode": "hedged"},
)


attribute_names = ["strategy", "trader", "venue", "session", "clearing_account", "decision_maker"]
new_year = datetime(2026, 1, 1, tzinfo=timezone.utc)


class SubOrder(Order):
    """An order with a tag, which it takes in place of the groups."""

    def __init__(self, tag):
        super().__init__()
        self.tag = tag


class SubImpact(FinancialImpact):
    """An impact with one argument more."""

    def __init__(self, *, pnl, fee, tag):
        pass


def result_of(expression: str) -> str:
    """The repr of an expression's value, or "!", the exception's type and its text."""
    try:
        return repr(eval(expression, globals()))
    except Exception as error:
        return f"!{type(error).__name__}: {error}"


def check(expression: str, expected: str) -> None:
    """Compares a result; of an exception without a text only the type."""
    result = result_of(expression)
    if expected.startswith("!") and ":" not in expected:
        result = result.partition(":")[0]
    assert result == expected
