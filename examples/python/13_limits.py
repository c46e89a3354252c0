"""Limits: why an order would be refused, and how much of each limit is used."""

from openpit import Engine, Instrument, Order, OrderOperation
from openpit.param import AccountId, Price, Side, TradeAmount

engine = Engine.from_config(
    {
        "openpit": 1,
        "limits": [
            {"name": "fat finger", "metric": "order_quantity", "upper": 500},
            {
                "name": "open orders",
                "metric": "working_notional",
                "scope": {"account": "*"},
                "currency": "USD",
                "upper": 100_000,
            },
        ],
    }
)
order = Order(
    operation=OrderOperation(
        instrument=Instrument("AAPL", "USD"),
        account_id=AccountId.from_int(7),
        side=Side.BUY,
        trade_amount=TradeAmount.quantity(400),
        price=Price(185),
    )
)
engine.execute_pre_trade(order=order).reservation.commit()

explanation = engine.explain(order)
for look in explanation.looks:
    print(f"{look.name}: {look.verdict}, value {look.value} of {look.upper}")
print(f"the same order again: {explanation.verdict}")

for row in engine.limits():
    account = f" of account {row.scope['account']}" if row.scope else ""
    use = "" if row.used is None else f": used {row.used}, left {row.headroom}"
    print(f"{row.name}{account}{use}")
