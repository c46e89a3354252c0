"""A supervisor over a live feed.

A strategy trades on every price; the engine limits its rate and its loss; the supervisor decides what happens when the
engine says no. The feed is simulated, so the story is the same in every run.
"""

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
from openpit.param import AccountId, Fee, Pnl, Price, Quantity, Side, TradeAmount
from openpit.pretrade import AccountBlock, Reject, RejectCode, policies

ACCOUNT = AccountId.from_int(7)
BITCOIN = Instrument("BTC", "USD")
SIZE = Quantity("0.1")

# A quiet market, a burst, a fall, and the calm after it.
FEED = (60_000, 60_040, 60_020, 60_080, 60_050, 59_500, 59_000, 58_600, 58_500, 58_490, 58_550)


class Strategy:
    """Buys one tenth at every price and sells it at the next one."""

    def __init__(self) -> None:
        self.entry: Price | None = None

    def order_at(self, price: Price) -> Order:
        return Order(
            operation=OrderOperation(
                instrument=BITCOIN,
                account_id=ACCOUNT,
                side=Side.BUY,
                trade_amount=TradeAmount.quantity(SIZE),
                price=price,
            )
        )

    def sold_at(self, price: Price) -> FinancialImpact | None:
        """What the open trade earned and cost, once there is a next price."""
        if self.entry is None:
            return None
        earned = Pnl((price - self.entry).decimal * SIZE.decimal)
        self.entry = None
        return FinancialImpact(pnl=earned, fee=Fee("0.50"))


class Supervisor:
    """Grants more orders when the limit stops a strategy that earns, and ends a block when the market is calm."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.max_orders = 4
        self.last_price: Price | None = None
        self.has_seen_block = False

    def look(self, price: Price) -> None:
        """Once per price. Calm is a move of less than 20 dollars."""
        is_calm = self.last_price is not None and abs((price - self.last_price).decimal) < 20
        self.last_price = price
        if not is_calm or not self.has_seen_block:
            return
        self.has_seen_block = False
        # The total and the block are two things: a total that stays outside would block the account again.
        self.engine.configure().set_account_pnl(
            "PnlBoundsKillSwitchPolicy", account=ACCOUNT, settlement_asset="USD", pnl=Pnl(0)
        )
        self.engine.accounts().unblock(ACCOUNT)
        print("  supervisor: calm again, the account may trade")

    def blocked(self) -> None:
        self.has_seen_block = True

    def rejected(self, reject: Reject) -> None:
        if reject.code != RejectCode.RATE_LIMIT_EXCEEDED:
            return
        self.max_orders += 10
        self.engine.configure().rate_limit("RateLimitPolicy", broker=rate_barrier(self.max_orders))
        print(f"  supervisor: {self.max_orders} orders an hour from now on")


def sale(impact: FinancialImpact) -> ExecutionReport:
    operation = ExecutionReportOperation(instrument=BITCOIN, account_id=ACCOUNT, side=Side.SELL)
    return ExecutionReport(operation=operation, financial_impact=impact)


def rate_barrier(max_orders: int) -> policies.RateLimitBrokerBarrier:
    return policies.RateLimitBrokerBarrier(policies.RateLimit(max_orders, datetime.timedelta(hours=1)))


def text(reason: Reject | AccountBlock) -> str:
    return f"{reason.policy}: {reason.reason} ({reason.details})"


def main() -> None:
    loss = policies.PnlBoundsBrokerBarrier("USD", lower_bound=Pnl(-80))
    engine = (
        Engine.builder()
        .no_sync()
        .builtin(policies.build_rate_limit().broker_barrier(rate_barrier(4)))
        .builtin(policies.build_pnl_bounds_killswitch().broker_barriers(loss))
        .build()
    )
    strategy = Strategy()
    supervisor = Supervisor(engine)

    for price in map(Price, FEED):
        print(price)
        supervisor.look(price)

        impact = strategy.sold_at(price)
        if impact is not None:
            print(f"  sold, {impact.pnl} less a fee of {impact.fee}")
            for block in engine.apply_execution_report(report=sale(impact)).account_blocks:
                print(f"  {text(block)}")
                supervisor.blocked()

        result = engine.execute_pre_trade(order=strategy.order_at(price))
        if result:
            result.reservation.commit()
            strategy.entry = price
            print("  bought")
        else:
            print(f"  not bought; {text(result.rejects[0])}")
            supervisor.rejected(result.rejects[0])


if __name__ == "__main__":
    main()
