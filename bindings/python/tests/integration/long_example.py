# The long example that users of the openpit API know, statement by statement. Whoever runs it supplies
# send_order_to_venue. It is kept as it is: see test_long_example.py.
import datetime

import openpit
import openpit.pretrade.policies

pnl_policy = openpit.pretrade.policies.build_pnl_bounds_killswitch().broker_barriers(
    openpit.pretrade.policies.PnlBoundsBrokerBarrier(
        settlement_asset="USD",
        lower_bound=openpit.param.Pnl("-1000"),
    ),
)

rate_limit_policy = openpit.pretrade.policies.build_rate_limit().broker_barrier(
    openpit.pretrade.policies.RateLimitBrokerBarrier(
        limit=openpit.pretrade.policies.RateLimit(
            max_orders=100,
            window=datetime.timedelta(seconds=1),
        ),
    ),
)

order_size_policy = openpit.pretrade.policies.build_order_size_limit().asset_barriers(
    openpit.pretrade.policies.OrderSizeAssetBarrier(
        limit=openpit.pretrade.policies.OrderSizeLimit(
            max_quantity=openpit.param.Quantity("500"),
            max_notional=openpit.param.Volume("100000"),
        ),
        settlement_asset="USD",
    ),
)

engine = (
    openpit.Engine.builder()
    .no_sync()
    .builtin(openpit.pretrade.policies.build_order_validation())
    .builtin(pnl_policy)
    .builtin(rate_limit_policy)
    .builtin(order_size_policy)
    .build()
)

order = openpit.Order(
    operation=openpit.OrderOperation(
        instrument=openpit.Instrument("AAPL", "USD"),
        account_id=openpit.param.AccountId.from_u64(99224416),
        side=openpit.param.Side.BUY,
        trade_amount=openpit.param.TradeAmount.quantity(100.0),
        price=openpit.param.Price(185.0),
    ),
)
start_result = engine.start_pre_trade(order=order)
if not start_result:
    messages = ", ".join(f"{r.policy} [{r.code}]: {r.reason}: {r.details}" for r in start_result.rejects)
    raise RuntimeError(messages)
request = start_result.request

execute_result = request.execute()
if not execute_result:
    messages = ", ".join(
        f"{reject.policy} [{reject.code}]: {reject.reason}: {reject.details}" for reject in execute_result.rejects
    )
    raise RuntimeError(messages)
reservation = execute_result.reservation

try:
    send_order_to_venue(order)  # noqa: F821
except Exception:
    reservation.rollback()
    raise
reservation.commit()

report = openpit.ExecutionReport(
    operation=openpit.ExecutionReportOperation(
        instrument=openpit.Instrument("AAPL", "USD"),
        account_id=openpit.param.AccountId.from_u64(99224416),
        side=openpit.param.Side.BUY,
    ),
    financial_impact=openpit.FinancialImpact(
        pnl=openpit.param.Pnl("-50"),
        fee=openpit.param.Fee("3.4"),
    ),
)
result = engine.apply_execution_report(report=report)

assert not result.account_blocks
