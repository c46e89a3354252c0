"""Spot funds: an account spends what it owns.

Money comes by adjustment. A limit order sets aside what it costs, a market order what the quote says plus slippage; fills
settle at the traded price and give the difference back; a cancel releases the rest.
"""

import datetime

from openpit import (
    AccountAdjustment,
    AccountAdjustmentAmount,
    AccountAdjustmentBalanceOperation,
    Engine,
    ExecutionReport,
    ExecutionReportFillDetails,
    ExecutionReportOperation,
    Instrument,
    Order,
    OrderOperation,
)
from openpit.marketdata import Quote, QuoteTtl
from openpit.param import AccountId, AdjustmentAmount, Price, Quantity, Side, Trade, TradeAmount
from openpit.pretrade import AccountAdjustmentOutcome, Lock, policies

ACCOUNT = AccountId.from_int(7)
AAPL = Instrument("AAPL", "USD")


def show(outcomes: list[AccountAdjustmentOutcome]) -> None:
    """What changed, and what there is now."""
    for outcome in outcomes:
        entry = outcome.entry
        amounts = (("free", entry.balance), ("held", entry.held), ("incoming", entry.incoming))
        changes = [f"{name} {amount.absolute}" for name, amount in amounts if amount is not None]
        print(f"  {entry.asset}: {', '.join(changes)}")


def deposit(engine: Engine, asset: str, amount: int) -> None:
    print(f"deposit {amount} {asset}")
    adjustment = AccountAdjustment(
        operation=AccountAdjustmentBalanceOperation(asset=asset),
        amount=AccountAdjustmentAmount(balance=AdjustmentAmount.delta(amount)),
    )
    show(engine.apply_account_adjustment(account_id=ACCOUNT, adjustments=[adjustment]).outcomes)


def send(engine: Engine, what: str, side: Side, quantity: int, price: str | None) -> Lock | None:
    """Checks an order and commits it. The lock is what its reports have to bring back."""
    print(what)
    operation = OrderOperation(
        instrument=AAPL,
        account_id=ACCOUNT,
        side=side,
        trade_amount=TradeAmount.quantity(quantity),
        price=None if price is None else Price(price),
    )
    result = engine.execute_pre_trade(order=Order(operation=operation))
    if not result:
        reject = result.rejects[0]
        print(f"  rejected; {reject.reason} ({reject.details})")
        return None
    show(result.reservation.account_adjustments())
    lock = result.reservation.lock()
    result.reservation.commit()
    return lock


def report(engine: Engine, what: str, side: Side, lock: Lock | None, trade: Trade | None, leaves: int) -> None:
    """A fill, or with no trade the end of what is left."""
    print(what)
    if lock is None:
        raise ValueError("there is no order to report about")
    fill = ExecutionReportFillDetails(
        last_trade=trade, leaves_quantity=Quantity(leaves), is_final=trade is None or leaves == 0, lock=lock
    )
    operation = ExecutionReportOperation(instrument=AAPL, account_id=ACCOUNT, side=side)
    result = engine.apply_execution_report(report=ExecutionReport(operation=operation, fill=fill))
    show(result.account_adjustments)
    for pnl in result.account_pnls:
        if pnl.pnl is not None:
            print(f"  P&L of the account: {pnl.pnl.absolute}")


def main() -> None:
    builder = Engine.builder().no_sync()
    quotes = builder.market_data(QuoteTtl.within(datetime.timedelta(minutes=1))).build()
    funds = policies.build_spot_funds().market_data(
        quotes, global_slippage_bps=100, pricing_source=policies.SpotFundsPricingSource.BOOK_TOP
    )
    engine = builder.builtin(funds).build()
    engine.accounts().set_currency(ACCOUNT, "USD")

    send(engine, "buy 5 at 185.00, with nothing", Side.BUY, 5, "185.00")
    deposit(engine, "USD", 2000)
    lock = send(engine, "buy 8 at 185.00", Side.BUY, 8, "185.00")
    send(engine, "buy 3 at 185.00, with what is left", Side.BUY, 3, "185.00")
    fill = Trade(price=Price("184.50"), quantity=Quantity(6))
    report(engine, "6 are filled at 184.50, better than reserved", Side.BUY, lock, fill, leaves=2)
    report(engine, "the other 2 are cancelled", Side.BUY, lock, None, leaves=2)

    send(engine, "sell 6 at market, without a quote", Side.SELL, 6, None)
    quotes.push_by_instrument(AAPL, Quote(bid="186.00", ask="186.10"))
    lock = send(engine, "sell 6 at market: the bid less 1 %", Side.SELL, 6, None)
    fill = Trade(price=Price("185.90"), quantity=Quantity(6))
    report(engine, "6 are filled at 185.90", Side.SELL, lock, fill, leaves=0)


if __name__ == "__main__":
    main()
