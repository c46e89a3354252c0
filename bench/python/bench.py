"""What a call costs, in nanoseconds, for the openpit that is importable, or for two of them side by side.

    python bench/python/bench.py                      this interpreter's package
    python bench/python/bench.py OTHER/bin/python     also that interpreter's, and the ratio of the two with its bound

Both run the same program in turns, so that a busy machine slows both. Each figure is the median of all rounds.
"""

import datetime
import importlib
import json
import statistics
import subprocess
import sys
import time

ROUNDS = 7
SECONDS_PER_MEASUREMENT = 0.04

# The most that an operation may cost, compared with the package named openpit 0.7.0.
BOUNDS = {
    "build_order": 0.15,
    "build_report": 0.15,
    "price_from_text": 0.25,
    "execute_and_commit": 0.40,
    "start_execute_and_commit": 0.40,
    "apply_report": 0.50,
    "reject_with_list": 0.45,
    "full_path": 0.16,
    "import_package": 0.60,
}


def engine():
    import openpit
    from openpit.pretrade import policies

    limit = policies.RateLimit(max_orders=10**15, window=datetime.timedelta(seconds=60))
    size = policies.OrderSizeLimit(max_quantity="1000", max_notional="1000000")
    bounds = policies.PnlBoundsBrokerBarrier("USD", lower_bound="-1000000", upper_bound="1000000")
    rate = policies.build_rate_limit().broker_barrier(policies.RateLimitBrokerBarrier(limit))
    largest = policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(size))
    kill_switch = policies.build_pnl_bounds_killswitch().broker_barriers(bounds)
    builder = openpit.Engine.builder().no_sync().builtin(policies.build_order_validation())
    return builder.builtin(rate).builtin(largest).builtin(kill_switch).build()


def workloads():
    """Name and body of each measurement. A body runs its operation n times."""
    import openpit
    from openpit.param import AccountId, Fee, Pnl, Price, Side, TradeAmount

    target = engine()
    instrument = openpit.Instrument("AAPL", "USD")
    account = AccountId.from_int(1)

    def make_order(quantity="10"):
        operation = openpit.OrderOperation(
            instrument=instrument,
            account_id=account,
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(quantity),
            price=Price("100"),
        )
        return openpit.Order(operation=operation)

    def make_report():
        operation = openpit.ExecutionReportOperation(instrument=instrument, account_id=account, side=Side.BUY)
        impact = openpit.FinancialImpact(pnl=Pnl("0"), fee=Fee("0"))
        return openpit.ExecutionReport(operation=operation, financial_impact=impact)

    accepted, refused, report = make_order(), make_order("5000"), make_report()
    start, execute, apply = target.start_pre_trade, target.execute_pre_trade, target.apply_execution_report

    def execute_and_commit(n):
        for _ in range(n):
            execute(order=accepted).reservation.commit()

    def start_execute_and_commit(n):
        for _ in range(n):
            start(order=accepted).request.execute().reservation.commit()

    def apply_report(n):
        for _ in range(n):
            apply(report=report)

    def reject_with_list(n):
        for _ in range(n):
            _ = execute(order=refused).rejects

    def dry_run(n):
        for _ in range(n):
            target.execute_pre_trade_dry_run(order=accepted)

    def build_order(n):
        for _ in range(n):
            make_order()

    def build_report(n):
        for _ in range(n):
            make_report()

    def price_from_text(n):
        for _ in range(n):
            Price("185")

    def full_path(n):
        for _ in range(n):
            execute(order=make_order()).reservation.commit()
            apply(report=make_report())

    bodies = (
        build_order,
        build_report,
        price_from_text,
        execute_and_commit,
        start_execute_and_commit,
        apply_report,
        reject_with_list,
        dry_run,
        full_path,
    )
    return {body.__name__: body for body in bodies}


def measure(body):
    """Nanoseconds per operation, over about SECONDS_PER_MEASUREMENT."""
    count = 100
    while True:
        begin = time.perf_counter_ns()
        body(count)
        elapsed = time.perf_counter_ns() - begin
        if elapsed >= SECONDS_PER_MEASUREMENT * 1e9:
            return elapsed / count
        count = int(count * max(1.5, 1.2 * SECONDS_PER_MEASUREMENT * 1e9 / elapsed))


def measure_import():
    begin = time.perf_counter_ns()
    importlib.import_module("openpit.pretrade.policies")
    importlib.import_module("openpit.marketdata")
    return time.perf_counter_ns() - begin


def run_once():
    imported = measure_import()
    return {name: measure(body) for name, body in workloads().items()} | {"import_package": imported}


def run_in(interpreter):
    """One round, in a process of its own."""
    finished = subprocess.run([interpreter, __file__, "--once"], stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(finished.stdout)


def main():
    if sys.argv[1:] == ["--once"]:
        print(json.dumps(run_once()))
        return
    interpreters = [sys.executable, *sys.argv[1:]]
    rounds = [[run_in(interpreter) for interpreter in interpreters] for _ in range(ROUNDS)]
    for name in rounds[0][0]:
        medians = [statistics.median(one[i][name] for one in rounds) for i in range(len(interpreters))]
        line = f"{name:26}" + "".join(f"{median:11,.0f} ns" for median in medians)
        if len(medians) > 1:
            ratio = statistics.median(one[0][name] / one[1][name] for one in rounds)
            bound = BOUNDS.get(name)
            line += f"{ratio:8.2f}" + (
                f"   bound {bound:.2f}{'' if ratio <= bound else '   EXCEEDED'}" if bound else ""
            )
        print(line)


if __name__ == "__main__":
    main()
