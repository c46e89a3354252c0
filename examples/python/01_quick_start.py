"""Quick start: an engine with four controls, three orders, one bad day. Run it with `make demo`."""

import datetime

from openpit import (
    Engine,
    ExecutionReport,
    ExecutionReportOperation,
    FinancialImpact,
    Instrument,
    Order,
    OrderOperation,
)
from openpit.param import AccountId, Fee, Pnl, Price, Quantity, Side, TradeAmount, Volume
from openpit.pretrade import policies

ACCOUNT = AccountId.from_int(7)
AAPL = Instrument("AAPL", "USD")


def build_engine() -> Engine:
    """Four controls. They run in the order in which they are added."""
    rate = policies.RateLimit(max_orders=100, window=datetime.timedelta(seconds=1))
    size = policies.OrderSizeLimit(max_quantity=Quantity(500), max_notional=Volume(100_000))
    loss = policies.PnlBoundsBrokerBarrier("USD", lower_bound=Pnl(-1000))
    return (
        Engine.builder()
        .no_sync()
        .builtin(policies.build_order_validation())
        .builtin(policies.build_rate_limit().broker_barrier(policies.RateLimitBrokerBarrier(rate)))
        .builtin(policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(size)))
        .builtin(policies.build_pnl_bounds_killswitch().broker_barriers(loss))
        .build()
    )


def buy(quantity: int, price: str) -> Order:
    return Order(
        operation=OrderOperation(
            instrument=AAPL,
            account_id=ACCOUNT,
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(quantity),
            price=Price(price),
        )
    )


def send(engine: Engine, quantity: int, price: str) -> None:
    """Checks an order. The venue takes whatever passes, so what was reserved is committed."""
    result = engine.execute_pre_trade(order=buy(quantity, price))
    if result:
        result.reservation.commit()
        print(f"buy {quantity} AAPL at {price}: accepted and committed")
        return
    print(f"buy {quantity} AAPL at {price}: rejected")
    for reject in result.rejects:
        print(f"  {reject.policy}: {reject.reason} ({reject.details})")


def main() -> None:
    engine = build_engine()
    send(engine, 10, "185.50")
    send(engine, 600, "185.50")
    send(engine, 0, "185.50")

    # The venue reports back. The loss is more than the kill switch allows, so the account is blocked.
    report = ExecutionReport(
        operation=ExecutionReportOperation(instrument=AAPL, account_id=ACCOUNT, side=Side.SELL),
        financial_impact=FinancialImpact(pnl=Pnl(-1200), fee=Fee("0.50")),
    )
    outcome = engine.apply_execution_report(report=report)
    print("the fill lost 1200 USD and cost 0.50 USD")
    for block in outcome.account_blocks:
        print(f"  {block.policy}: {block.reason} ({block.details})")
    send(engine, 1, "185.50")


if __name__ == "__main__":
    main()
