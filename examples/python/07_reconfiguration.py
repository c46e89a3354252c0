"""Live reconfiguration: limits change between two orders, without a new engine.

A configuration is applied as a whole or not at all, and counts from the next order on.
"""

from openpit import Engine, Instrument, Order, OrderOperation, PolicyConfigureError
from openpit.param import AccountId, Price, Quantity, Side, TradeAmount, Volume
from openpit.pretrade import policies

ACCOUNT = AccountId.from_int(7)
AAPL = Instrument("AAPL", "USD")
POLICY = "OrderSizeLimitPolicy"


def limit(quantity: int) -> policies.OrderSizeLimit:
    return policies.OrderSizeLimit(max_quantity=Quantity(quantity), max_notional=Volume(1_000_000))


def send(engine: Engine, quantity: int) -> None:
    operation = OrderOperation(
        instrument=AAPL,
        account_id=ACCOUNT,
        side=Side.BUY,
        trade_amount=TradeAmount.quantity(quantity),
        price=Price(100),
    )
    result = engine.execute_pre_trade(order=Order(operation=operation))
    if result:
        result.reservation.commit()
        print(f"  buy {quantity}: accepted")
    else:
        print(f"  buy {quantity}: {result.rejects[0].reason} ({result.rejects[0].details})")


def main() -> None:
    builder = policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(limit(500)))
    engine = Engine.builder().no_sync().builtin(builder).build()
    configure = engine.configure()

    print("in the morning: 500 for everybody")
    send(engine, 500)
    send(engine, 501)

    print("at noon the limit is halved")
    configure.order_size_limit(POLICY, broker=policies.OrderSizeBrokerBarrier(limit(250)))
    send(engine, 250)
    send(engine, 500)

    print("dollars get a tighter limit of their own; the broker's applies besides")
    dollars = policies.OrderSizeAssetBarrier(limit(100), "USD")
    configure.order_size_limit(POLICY, asset_barriers=[dollars])
    send(engine, 100)
    send(engine, 250)

    print("account 7 is trusted with 200 in its place")
    trusted = policies.OrderSizeAccountAssetBarrier(limit(200), ACCOUNT, "USD")
    configure.order_size_limit(POLICY, account_asset_barriers=[trusted])
    send(engine, 200)

    print("a policy without any barrier would allow everything, so the last one stays")
    try:
        configure.order_size_limit(POLICY, clear_broker=True, asset_barriers=[], account_asset_barriers=[])
    except PolicyConfigureError as error:
        print(f"  {error}")
    send(engine, 200)


if __name__ == "__main__":
    main()
