"""Drop copy: orders that go to the venue past this engine are counted all the same.

A trader works on another desk's screen. The engine is told of each of his orders once it is live, and what it has against
one cannot take it back; but the account's profit and loss is watched, and when it leaves its bounds the account is stopped
here, too. The reference book says when what he trades is due.
"""

from openpit import (
    Engine,
    ExecutionReport,
    ExecutionReportFillDetails,
    ExecutionReportOperation,
    Instrument,
    Order,
    OrderOperation,
)
from openpit.core import ReferenceBook, SettlementScheme
from openpit.param import AccountId, Price, Quantity, Side, Trade, TradeAmount
from openpit.pretrade import AccountAdjustmentOutcome, Lock, policies

ACCOUNT = AccountId.from_int(7)
AAPL = Instrument("AAPL", "USD")


def show(outcomes: list[AccountAdjustmentOutcome]) -> None:
    """What there is now, of that which changed."""
    for outcome in outcomes:
        entry = outcome.entry
        amounts = (("free", entry.balance), ("held", entry.held), ("incoming", entry.incoming))
        changes = [f"{name} {amount.absolute}" for name, amount in amounts if amount is not None]
        print(f"  {entry.asset}: {', '.join(changes)}")


def order(side: Side, quantity: int, price: str) -> Order:
    amount = TradeAmount.quantity(quantity)
    return Order(
        operation=OrderOperation(
            instrument=AAPL, account_id=ACCOUNT, side=side, trade_amount=amount, price=Price(price)
        )
    )


def record(engine: Engine, what: str, live: Order) -> Lock:
    """Counts an order that is live already. The lock is what its reports have to bring back."""
    print(what)
    result = engine.apply_drop_copy(order=live)
    if not result:
        raise RuntimeError(f"no verdict: {result.rejects[0].reason}")
    operation = result.operation
    show(operation.account_adjustments)
    if operation.is_account_blocked:
        print("  the account is stopped")
    lock = operation.lock
    operation.commit()
    return lock


def fill(engine: Engine, what: str, side: Side, lock: Lock, quantity: int, price: str) -> None:
    print(what)
    trade = Trade(price=Price(price), quantity=Quantity(quantity))
    details = ExecutionReportFillDetails(last_trade=trade, leaves_quantity=Quantity(0), is_final=True, lock=lock)
    operation = ExecutionReportOperation(instrument=AAPL, account_id=ACCOUNT, side=side)
    result = engine.apply_execution_report(report=ExecutionReport(operation=operation, fill=details))
    show(result.account_adjustments)
    for pnl in result.account_pnls:
        if pnl.pnl is not None:
            print(f"  P&L of the account: {pnl.pnl.absolute}")
    for block in result.account_blocks:
        print(f"  blocked; {block.reason}")


def main() -> None:
    book = ReferenceBook()
    book.set_settlement_scheme(book.register(AAPL), SettlementScheme.uniform(2))

    watch = policies.build_spot_funds_pnl_bounds_killswitch().global_barrier(
        policies.SpotFundsPnlBoundsBarrier(lower_bound=-50)
    )
    engine = Engine.builder().no_sync().builtin(watch).build()
    engine.accounts().set_currency(ACCOUNT, "USD")

    lock = record(
        engine, "buy 10 at 200.00 is live, though nothing is there to pay with", order(Side.BUY, 10, "200.00")
    )
    fill(engine, "it is filled", Side.BUY, lock, 10, "200.00")
    instrument = book.resolve(AAPL)
    scheme = None if instrument is None else book.settlement_scheme(instrument)
    if scheme is not None:
        print(f"  shares are due after {scheme.delivery.n} days, money after {scheme.payment.n}")
    lock = record(engine, "sell 10 at 194.00 is live", order(Side.SELL, 10, "194.00"))
    fill(engine, "it is filled, 60 below what was paid", Side.SELL, lock, 10, "194.00")

    print("buy 1 at 194.00, asked for here")
    rejected = engine.execute_pre_trade(order=order(Side.BUY, 1, "194.00"))
    print(f"  rejected; {rejected.rejects[0].reason}")
    record(engine, "buy 1 at 194.00 is live over there", order(Side.BUY, 1, "194.00"))


if __name__ == "__main__":
    main()
