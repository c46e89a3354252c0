"""What accounts have, told by an engine that keeps a ledger, with and without spot funds."""

from decimal import Decimal

import pytest

import openpit
from openpit import pretrade
from openpit.core import ExecutionReport, ExecutionReportFillDetails, ExecutionReportOperation, Instrument
from openpit.ledger import Holding
from openpit.marketdata import Quote, QuoteTtl
from openpit.param import AccountId, Fee, MonetaryAmount, Pnl, Price, Quantity, Side, Trade
from openpit.pretrade import PnlHaltReason, policies

ACCOUNT = AccountId.from_int(1)
AAPL = Instrument("AAPL", "USD")


def ready():
    return openpit.Engine.builder().no_sync().builtin(policies.build_order_validation())


def report(side, quantity, price, fee=None, instrument=AAPL):
    return ExecutionReport(
        operation=ExecutionReportOperation(instrument=instrument, account_id=ACCOUNT, side=side),
        fill=ExecutionReportFillDetails(
            last_trade=Trade(price=Price(price), quantity=Quantity(quantity)),
            fee=None if fee is None else MonetaryAmount(amount=Fee(fee), currency="USD"),
            leaves_quantity=Quantity(0),
            lock=pretrade.Lock(),
            is_final=True,
        ),
    )


def deposit(engine, asset, amount):
    amount = openpit.AccountAdjustmentAmount(balance=openpit.AdjustmentAmount.delta(amount))
    operation = openpit.AccountAdjustmentBalanceOperation(asset=asset)
    adjustment = openpit.AccountAdjustment(operation=operation, amount=amount)
    return engine.apply_account_adjustment(ACCOUNT, [adjustment])


def test_an_engine_without_a_ledger_has_nothing_to_tell():
    engine = ready().build()
    for read in (lambda: engine.read_holding(1, "USD"), lambda: engine.read_account_pnl(1)):
        with pytest.raises(ValueError, match="the engine keeps no ledger"):
            read()


@pytest.mark.parametrize("account", [1, ACCOUNT])
def test_a_holding_that_nobody_knows_is_zero(account):
    engine = ready().keep_ledger().build()
    assert engine.read_holding(account, "USD") == Holding(Decimal(0), Decimal(0), Decimal(0), None, None)
    assert engine.read_account_pnl(account) == 0


def test_deposits_and_fills_are_kept_without_spot_funds():
    engine = ready().keep_ledger().build()
    engine.accounts().set_currency(ACCOUNT, "USD")
    assert deposit(engine, "USD", "100").ok
    engine.apply_execution_report(report(Side.BUY, "2", "10"))
    result = engine.apply_execution_report(report(Side.SELL, "1", "15", fee="1"))
    assert [str(entry.pnl.absolute) for entry in result.account_pnls] == ["4"]
    assert engine.read_holding(1, "USD").balance == Decimal("94")
    assert engine.read_holding(asset="AAPL", account_id=1) == Holding(
        Decimal(1), Decimal(0), Decimal(0), Decimal(10), Decimal(4)
    )
    assert engine.read_account_pnl(1) == Decimal(4)


def test_a_pnl_that_has_stopped_is_its_reason():
    engine = ready().keep_ledger().build()
    state = openpit.AccountAdjustmentAccountPnlOperation(state=PnlHaltReason.MISSING_FX)
    assert engine.apply_account_adjustment(ACCOUNT, [openpit.AccountAdjustment(operation=state)]).ok
    assert engine.read_account_pnl(1) is PnlHaltReason.MISSING_FX
    state = openpit.AccountAdjustmentAccountPnlOperation(state=Pnl("5"))
    assert engine.apply_account_adjustment(ACCOUNT, [openpit.AccountAdjustment(operation=state)]).ok
    assert engine.read_account_pnl(1) == 5


def test_amounts_are_converted_by_the_quotes_that_were_given():
    builder = ready()
    market = builder.market_data(QuoteTtl.infinite()).build()
    market.push_by_instrument(Instrument("EUR", "USD"), Quote(mark="2"))
    engine = builder.keep_ledger(market_data=market).build()
    engine.accounts().set_currency(ACCOUNT, "USD")
    engine.apply_execution_report(report(Side.BUY, "1", "10", instrument=Instrument("AAPL", "EUR")))
    assert engine.read_holding(1, "AAPL").average_entry_price == 20


def test_spot_funds_set_aside_in_the_same_ledger():
    engine = openpit.Engine.builder().no_sync().builtin(policies.build_spot_funds()).keep_ledger().build()
    assert deposit(engine, "USD", "100").ok
    order = openpit.Order(
        operation=openpit.OrderOperation(
            instrument=AAPL,
            account_id=ACCOUNT,
            side=Side.BUY,
            trade_amount=openpit.param.TradeAmount.quantity("2"),
            price=Price("10"),
        )
    )
    engine.execute_pre_trade(order).reservation.commit()
    holding = engine.read_holding(1, "USD")
    assert (holding.balance, holding.held) == (80, 20)


def test_quotes_of_another_kind_are_refused():
    with pytest.raises(TypeError):
        ready().keep_ledger("quotes")


def test_a_builder_that_is_spent_keeps_nothing():
    builder = ready()
    builder.build()
    with pytest.raises(ValueError, match="no longer available"):
        builder.keep_ledger()
