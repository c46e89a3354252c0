"""Numbers, names and enumerations: what orders and reports are made of."""

from __future__ import annotations

from openpit._enum import FillType, Kind, PositionEffect, PositionMode, PositionSide, RoundingStrategy, Side
from openpit._openpit import (
    AccountGroupId,
    AccountId,
    AccountIdError,
    AdjustmentAmount,
    AssetError,
    CashFlow,
    Fee,
    Leverage,
    Notional,
    ParamError,
    Pnl,
    PositionSize,
    Price,
    Quantity,
    Trade,
    TradeAmount,
    Volume,
    is_blank,
)
from openpit._record import record

__all__ = [
    "AccountGroupId",
    "AccountId",
    "AccountIdError",
    "AdjustmentAmount",
    "Asset",
    "AssetError",
    "CashFlow",
    "DEFAULT_ACCOUNT_GROUP",
    "Fee",
    "FillType",
    "Kind",
    "Leverage",
    "MonetaryAmount",
    "Notional",
    "ParamError",
    "Pnl",
    "PositionEffect",
    "PositionMode",
    "PositionSide",
    "PositionSize",
    "Price",
    "Quantity",
    "RoundingStrategy",
    "Side",
    "Trade",
    "TradeAmount",
    "Volume",
]

DEFAULT_ACCOUNT_GROUP = AccountGroupId.DEFAULT


class Asset(str):
    """The name of an asset: a str that is not blank."""

    __slots__ = ()

    def __new__(cls, value: str) -> Asset:
        if not isinstance(value, str):
            raise TypeError("asset must be str")
        if is_blank(value):
            raise AssetError("asset must not be empty")
        return super().__new__(cls, value)


@record
class MonetaryAmount:
    """A fee and the asset it is paid in."""

    amount: Fee
    currency: Asset

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Fee):
            raise TypeError("amount must be openpit.param.Fee")
        self.__dict__["currency"] = Asset(self.currency)
