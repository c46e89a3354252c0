"""Spellings that the pages teach; mypy has to accept each as it stands."""

import dataclasses
import datetime

import openpit
from openpit.account_adjustment import PositionOperation
from openpit.param import AccountId, Asset, Pnl, Price, Side, TradeAmount
from openpit.pretrade import policies

account = AccountId.from_int(7)
cap = policies.OrderSizeLimit(max_quantity=5)

policies.OrderSizeAssetBarrier(cap, "USD")
policies.OrderSizeAssetBarrier(limit=cap, settlement_asset=Asset("USD"))
by_asset = policies.OrderSizeAssetBarrier(cap, asset="AAPL")
policies.OrderSizeAssetBarrier(cap)  # type: ignore[call-overload]
policies.OrderSizeAssetBarrier(cap, "USD", asset="AAPL")  # type: ignore[call-overload]
policies.OrderSizeAccountAssetBarrier(cap, account, "USD")
policies.OrderSizeAccountAssetBarrier(cap, account_id=account, settlement_asset="USD")
policies.OrderSizeAccountAssetBarrier(cap, account, asset="AAPL")
names: list[str] = [by_asset.asset, by_asset.settlement_asset]
again: policies.OrderSizeAssetBarrier = dataclasses.replace(by_asset, limit=cap)

policies.SpotFundsPnlBoundsBarrier(-5, 5)
policies.SpotFundsPnlBoundsBarrier(lower_bound=Pnl(-5), currency="USD")
policies.SpotFundsPnlBoundsBarrier("USD", -5, "5")
policies.SpotFundsPnlBoundsBarrier(Asset("USD"), upper_bound=5)
policies.RateLimit(max_orders=5, window=datetime.timedelta(seconds=1))

openpit.OrderOperation(
    instrument=openpit.Instrument("AAPL", "USD"),
    account_id=account,
    side=Side.BUY.opposite(),
    trade_amount=TradeAmount.quantity(1),
)
openpit.OrderOperation(
    underlying_asset="AAPL",
    settlement_asset="USD",
    account_id=account,
    side=Side.BUY,
    trade_amount=TradeAmount.quantity(1),
    price=Price(1),
)
openpit.ExecutionReportOperation(underlying_asset="AAPL", settlement_asset="USD", account_id=account, side=Side.BUY)
PositionOperation(
    underlying_asset="AAPL", settlement_asset="USD", collateral_asset="USD", average_entry_price=1, mode="netting"
)
version: str = openpit.__version__

attributes = openpit.OrderAttributes(
    client_order_id="id",
    order_type="stop_limit",
    time_in_force="gtd",
    expire_at=datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
    strategy="s",
    short="short_exempt",
    post_only=True,
    display_quantity=1,
    stop_price=Price(1),
)
openpit.OrderAttributes(order_type="stop limit")  # type: ignore[arg-type]
openpit.OrderAttributes(short=True)  # type: ignore[arg-type]
openpit.Order(attributes=attributes)
client_order_id: str | None = attributes.client_order_id
openpit.ExecutionReport(order=openpit.ExecutionReportOrder(client_order_id="id", order_id=5, event="trade_cancel"))
openpit.ExecutionReportOrder(event="filled")  # type: ignore[arg-type]
openpit.AccountAdjustment(operation=openpit.account_adjustment.EquityOperation("USD"))
openpit.AccountAdjustment(
    operation=openpit.AccountAdjustmentLedgerPositionOperation(openpit.Instrument("AAPL", "USD"), 5, strategy="s")
)
