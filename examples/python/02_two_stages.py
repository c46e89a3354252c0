"""Two stages and a venue that fails.

The start stage is cheap and turns hopeless orders away; the main stage reserves. What was reserved is kept when the venue
took the order, and given back when it did not.
"""

from openpit import Engine, Instrument, Mutation, Order, OrderOperation
from openpit.param import AccountId, Price, Side, TradeAmount
from openpit.pretrade import (
    Context,
    Policy,
    PolicyPreTradeResult,
    PolicyReject,
    Reject,
    RejectCode,
    policies,
)

AAPL = Instrument("AAPL", "USD")


class OpenOrders(Policy):
    """A control with something to reserve: at most so many orders may be open."""

    def __init__(self, max_open: int) -> None:
        self.max_open = max_open
        self.open = 0

    @property
    def name(self) -> str:
        return "OpenOrders"

    def perform_pre_trade_check(self, ctx: Context, order: Order) -> PolicyPreTradeResult:
        if self.open == self.max_open:
            details = f"open {self.open}, max allowed: {self.max_open}"
            reject = PolicyReject(RejectCode.RISK_LIMIT_EXCEEDED, "too many open orders", details)
            return PolicyPreTradeResult.reject([reject])
        # Count first, so that the next order sees this one, and say how to undo it.
        self.open += 1
        return PolicyPreTradeResult.accept([Mutation(commit=lambda: None, rollback=self.close_one)])

    def close_one(self) -> None:
        self.open -= 1


def send_to_venue(number: int) -> None:
    """The venue of this example loses its connection with the second order."""
    if number == 2:
        raise ConnectionError("connection reset")


def text(reject: Reject) -> str:
    return f"{reject.policy}: {reject.reason} ({reject.details})"


def send(engine: Engine, open_orders: OpenOrders, number: int, order: Order) -> str:
    """What became of an order."""
    # Stage one. A request holds nothing yet and may simply be forgotten.
    start = engine.start_pre_trade(order=order)
    if not start:
        return f"turned away at the start; {text(start.rejects[0])}"

    # Stage two. From here on the order counts.
    result = start.request.execute()
    if not result:
        return f"rejected; {text(result.rejects[0])}"

    try:
        send_to_venue(number)
    except ConnectionError as failure:
        # Forgetting the reservation would have rolled back as well, as soon as nobody refers to it.
        result.reservation.rollback()
        return f"the venue failed, {failure}; {open_orders.open} open"
    result.reservation.commit()
    return f"the venue took it; {open_orders.open} open"


def main() -> None:
    open_orders = OpenOrders(max_open=2)
    size = policies.OrderSizeLimit(max_quantity=500, max_notional=1_000_000)
    engine = (
        Engine.builder()
        .no_sync()
        .builtin(policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(size)))
        .pre_trade(open_orders)
        .build()
    )
    for number, quantity in enumerate((10, 20, 30, 40, 5000), start=1):
        operation = OrderOperation(
            instrument=AAPL,
            account_id=AccountId.from_int(7),
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(quantity),
            price=Price("185.50"),
        )
        print(f"order {number}: {send(engine, open_orders, number, Order(operation=operation))}")


if __name__ == "__main__":
    main()
