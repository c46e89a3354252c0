"""What orders cost from Python, in nanoseconds of the processor: the median of all rounds.

    python bench/python/oms.py

The bounds are those of the package's contract, on a machine of its own.
"""

import statistics
import time

from axon_quant.oms import OrderManager, limit_order, make_order_status

ROUNDS = 9
COUNT = 20_000


def cost_of_limit_order():
    start = time.process_time_ns()
    for _ in range(COUNT):
        limit_order("BTC-USDT", "Buy", 0.5, 50_000.25)
    return (time.process_time_ns() - start) / COUNT


def cost_of_submit():
    manager = OrderManager()
    orders = [limit_order("BTC-USDT", "Buy", 0.5, 50_000.25, f"key-{number}") for number in range(COUNT)]
    start = time.process_time_ns()
    for order in orders:
        manager.submit(order)
    return (time.process_time_ns() - start) / COUNT


def cost_of_a_life():
    manager = OrderManager(history_limit=1_000)
    manager.deposit("USDT", 10**15)
    acknowledged = make_order_status("Acknowledged")
    start = time.process_time_ns()
    for _ in range(COUNT):
        order_id = manager.submit(limit_order("BTC-USDT", "Buy", 0.5, 50_000.25))
        manager.update_status(order_id, acknowledged)
        manager.add_fill(order_id, "f1", "BTC-USDT", 50_000, 0.5, 0)
    return (time.process_time_ns() - start) / COUNT


def tell(name, step, bound):
    median = statistics.median(step() for _ in range(ROUNDS))
    told = "" if bound is None else f"   bound {bound:,}{'' if median <= bound else '   EXCEEDED'}"
    print(f"{name:34}{median:11,.0f} ns{told}")


def main():
    tell("limit_order", cost_of_limit_order, 1_500)
    tell("submit, with a key", cost_of_submit, 800)
    tell("made, submitted, filled", cost_of_a_life, None)


if __name__ == "__main__":
    main()
