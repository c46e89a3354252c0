"""A control of your own: a price collar.

An order must not be priced further from the reference price than a given share of it. No reference price and no price to
compare are answers too, and neither of them is "pass".
"""

from collections.abc import Iterable
from decimal import Decimal

from openpit import Engine, Instrument, Order, OrderOperation
from openpit.param import AccountId, Price, Side, TradeAmount
from openpit.pretrade import Context, Policy, PolicyReject, RejectCode, policies

AAPL = Instrument("AAPL", "USD")
MSFT = Instrument("MSFT", "USD")


class PriceCollar(Policy):
    def __init__(self, share: Decimal) -> None:
        self.share = share
        self.references: dict[Instrument, Price] = {}

    @property
    def name(self) -> str:
        return "PriceCollar"

    def check_pre_trade_start(self, ctx: Context, order: Order) -> Iterable[PolicyReject]:
        operation = order.operation
        middle = self.references.get(operation.instrument) if operation else None
        if operation is None or middle is None:
            yield PolicyReject(RejectCode.REFERENCE_DATA_UNAVAILABLE, "no reference price", "instrument is unknown")
            return
        if operation.price is None:
            yield PolicyReject(RejectCode.UNSUPPORTED_ORDER_TYPE, "price required", "a market order has no collar")
            return
        width = middle * self.share
        if not middle - width <= operation.price <= middle + width:
            details = f"requested {operation.price}, allowed: {middle - width} to {middle + width}"
            yield PolicyReject(RejectCode.INVALID_FIELD_VALUE, "price outside collar", details)


def check(engine: Engine, what: str, instrument: Instrument, price: str | None) -> None:
    order = Order(
        operation=OrderOperation(
            instrument=instrument,
            account_id=AccountId.from_int(7),
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(10),
            price=None if price is None else Price(price),
        )
    )
    result = engine.execute_pre_trade(order=order)
    if result:
        print(f"{what}: accepted")
    else:
        reject = result.rejects[0]
        print(f"{what}: {reject.policy}: {reject.reason} ({reject.details})")


def main() -> None:
    collar = PriceCollar(Decimal("0.05"))
    collar.references[AAPL] = Price("200.00")
    engine = Engine.builder().no_sync().builtin(policies.build_order_validation()).pre_trade(collar).build()

    check(engine, "AAPL at market", AAPL, None)
    check(engine, "AAPL at 210.00", AAPL, "210.00")
    check(engine, "AAPL at 210.01", AAPL, "210.01")
    check(engine, "AAPL at 189.99", AAPL, "189.99")
    check(engine, "MSFT at 189.99", MSFT, "189.99")
    collar.references[MSFT] = Price("190.00")
    check(engine, "MSFT at 189.99, now with a reference", MSFT, "189.99")


if __name__ == "__main__":
    main()
