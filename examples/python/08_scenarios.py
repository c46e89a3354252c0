"""Scenarios as tables: reads CSV files, runs each against an engine of its own, and reports line by line.

    python examples/python/08_scenarios.py [FOLDER]

Lines that begin with "limit" configure the engine; the others are what happens to it. The column `expected` holds the code
of the reject or block a line leads to, "accepted", or nothing. examples/cpp/08_scenarios.cpp runs the same tables.
"""

import csv
import datetime
import sys
from pathlib import Path

from openpit import (
    Engine,
    ExecutionReport,
    ExecutionReportOperation,
    FinancialImpact,
    Instrument,
    Order,
    OrderOperation,
    ReadyEngineBuilder,
)
from openpit.param import AccountId, Fee, Pnl, Price, Side, TradeAmount
from openpit.pretrade import policies

Row = dict[str, str]

# Far more than anything in the tables, where a table says nothing.
UNLIMITED = "1_000_000_000_000"


def instrument(row: Row) -> Instrument:
    return Instrument(*row["instrument"].split("/"))


def account(row: Row) -> AccountId:
    return AccountId.from_int(int(row["account"]))


def build(limits: list[Row]) -> Engine:
    """Validation always, and the limits that the table asks for."""
    by_name = {row["action"].removeprefix("limit "): row for row in limits}
    builder: ReadyEngineBuilder = Engine.builder().no_sync().builtin(policies.build_order_validation())
    if "rate" in by_name:
        limit = policies.RateLimit(int(by_name["rate"]["quantity"]), datetime.timedelta(hours=1))
        builder.builtin(policies.build_rate_limit().broker_barrier(policies.RateLimitBrokerBarrier(limit)))
    if "quantity" in by_name or "notional" in by_name:
        size = policies.OrderSizeLimit(
            max_quantity=by_name.get("quantity", {}).get("quantity", UNLIMITED),
            max_notional=by_name.get("notional", {}).get("quantity", UNLIMITED),
        )
        builder.builtin(policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(size)))
    if "loss" in by_name:
        row = by_name["loss"]
        barrier = policies.PnlBoundsBrokerBarrier(instrument(row).settlement_asset, lower_bound=Pnl(row["pnl"]))
        builder.builtin(policies.build_pnl_bounds_killswitch().broker_barriers(barrier))
    return builder.build()


def send(engine: Engine, row: Row) -> tuple[str, str]:
    operation = OrderOperation(
        instrument=instrument(row),
        account_id=account(row),
        side=Side(row["side"].upper()),
        trade_amount=TradeAmount.quantity(row["quantity"]),
        price=Price(row["price"]) if row["price"] else None,
    )
    result = engine.execute_pre_trade(order=Order(operation=operation))
    if result:
        result.reservation.commit()
        return "accepted", ""
    return result.rejects[0].code, result.rejects[0].details


def report(engine: Engine, row: Row) -> tuple[str, str]:
    result = engine.apply_execution_report(
        report=ExecutionReport(
            operation=ExecutionReportOperation(
                instrument=instrument(row), account_id=account(row), side=Side(row["side"].upper())
            ),
            financial_impact=FinancialImpact(pnl=Pnl(row["pnl"]), fee=Fee(row["fee"])),
        )
    )
    blocks = result.account_blocks
    return (blocks[0].code, blocks[0].details) if blocks else ("", "")


def happen(engine: Engine, row: Row) -> tuple[str, str]:
    """What a line leads to, and the details of it."""
    match row["action"]:
        case "order":
            return send(engine, row)
        case "report":
            return report(engine, row)
        case "block":
            engine.accounts().block(account(row), "stopped by the table")
        case "unblock":
            engine.accounts().unblock(account(row))
        case "set pnl":
            asset = instrument(row).settlement_asset
            engine.configure().set_account_pnl(
                "PnlBoundsKillSwitchPolicy", account=account(row), settlement_asset=asset, pnl=Pnl(row["pnl"])
            )
        case unknown:
            raise ValueError(f"there is no action {unknown!r}")
    return "", ""


def what(row: Row) -> str:
    """A line in words."""
    columns = ("action", "account", "side", "quantity", "instrument")
    words = [row[column] for column in columns if row[column]]
    words += [
        f"{label} {row[column]}" for column, label in (("price", "at"), ("pnl", "pnl"), ("fee", "fee")) if row[column]
    ]
    return " ".join(words)


def run(table: Path) -> bool:
    """Runs one table and prints its report. True when every line led to what it expected."""
    with table.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    limits = [row for row in rows if row["action"].startswith("limit ")]
    engine = build(limits)
    print(table.stem)
    for row in limits:
        print(f"        {what(row)}")
    failures = 0
    for row in rows:
        if row in limits:
            continue
        code, details = happen(engine, row)
        is_expected = code == row["expected"]
        failures += not is_expected
        print(
            f"  {'ok  ' if is_expected else 'FAIL'}  {what(row):<42} {code}{f' ({details})' if details else ''}".rstrip()
        )
        if not is_expected:
            print(f"        expected {row['expected'] or 'nothing'}")
    return failures == 0


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples/scenarios")
    results = [run(table) for table in sorted(folder.glob("*.csv"))]
    print(f"{sum(results)} of {len(results)} tables as expected")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
