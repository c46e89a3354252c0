"""A strategy is rehearsed: a market maker quotes around a price that wanders, and the market takes what it likes.

The quotes are the account's, everything else is the market's. What the day was worth is read from the result and its curve.
"""

from axon_quant.backtest import BacktestEngine, BacktestError, limit_order, market_order

SYMBOL = "BTC-USDT"
MILLISECOND = 1_000_000


def quote(order_id: int, side: str, price: float) -> dict[str, object]:
    return {**limit_order(order_id, SYMBOL, side, price, 0.5, tif="GFD"), "owner": "account"}


def taker(order_id: int, side: str, quantity: float) -> dict[str, object]:
    return {**market_order(order_id, SYMBOL, side, quantity), "owner": "market"}


backtest = BacktestEngine(initial_cash=10_000.0, fee_rate=0.0002)

# A day of ten rounds: quotes on both sides, somebody who takes one of them, and the cancel of the other.
wander = [0.0, 0.4, -0.2, 0.1, 0.6, 0.9, 0.5, -0.1, -0.6, 0.0]
takes = ["Buy", "Sell", "Sell", "Buy", "Buy", "Buy", "Sell", "Sell", "Sell", "Buy"]
for number, (offset, side) in enumerate(zip(wander, takes, strict=True)):
    start = number * 100 * MILLISECOND
    bid, ask = 10 * number + 1, 10 * number + 2
    orders = [
        quote(bid, "Buy", round(99.9 + offset, 2)),
        quote(ask, "Sell", round(100.1 + offset, 2)),
        taker(10 * number + 3, side, 0.3),
    ]
    for step, order in enumerate(orders):
        backtest.push_event({"type": "order_submitted", "timestamp_ns": start + step * MILLISECOND, "order": order})
    for order_id in (bid, ask):
        backtest.push_event({"type": "order_cancelled", "timestamp_ns": start + 50 * MILLISECOND, "order_id": order_id})

first = backtest.step()
print(first)
result = backtest.run()
print(result)
print(f"position {result.positions.get(SYMBOL, 0.0)}, realised {result.realized_pnl:.3f}, fees {result.total_fees:.6f}")
print(f"the best moment was worth {max(worth for _, worth in result.equity_curve):.6f}")
print(f"the worst was worth {min(worth for _, worth in result.equity_curve):.6f}")

# What has happened cannot be changed any more.
try:
    backtest.push_event({"type": "order_cancelled", "timestamp_ns": 0, "order_id": 1})
except BacktestError as error:
    print(error)
