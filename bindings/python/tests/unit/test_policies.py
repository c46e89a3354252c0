"""The built-in policies' builders and barriers, and a walk through each policy."""

import dataclasses
import datetime
import inspect

import pytest
from engine_support import USD, A, B, engine, order, report, validation

import openpit
from openpit.param import Asset, ParamError, Price, Quantity
from openpit.pretrade import policies as p

MINUTE = datetime.timedelta(seconds=60)
EUR = openpit.Instrument("AAPL", "EUR")
NO_RATE_BARRIER = "at least one broker, asset, account, or account+asset barrier must be configured"
NO_SIZE_BARRIER = "at least one broker, asset, or account+asset barrier must be configured"
NO_PNL_BARRIER = "at least one broker or account+asset barrier must be configured"


def rate(max_orders, window=MINUTE):
    return p.RateLimit(max_orders=max_orders, window=window)


def size(quantity, notional):
    return p.OrderSizeLimit(max_quantity=quantity, max_notional=notional)


def answers(checked, *orders):
    """For each order None, or (code, scope, details) of its first reject."""
    found = []
    for given in orders:
        result = checked.start_pre_trade(given)
        first = None if result.ok else result.rejects[0]
        found.append(first and (first.code, first.scope, first.details))
    return found


def test_barriers_are_frozen_values():
    made = [
        rate(1),
        p.RateLimitBrokerBarrier(rate(1)),
        p.RateLimitAssetBarrier(rate(1), "USD"),
        p.RateLimitAccountBarrier(rate(1), A),
        p.RateLimitAccountAssetBarrier(rate(1), A, "USD"),
        p.PnlBoundsBrokerBarrier("USD", -1),
        p.PnlBoundsAccountAssetBarrier(p.PnlBoundsBrokerBarrier("USD", -1), A, 0),
        p.PnlBoundsAccountAssetBarrierUpdate(p.PnlBoundsBrokerBarrier("USD", -1), A),
        p.OrderSizeBrokerBarrier(size(1, 1)),
        p.OrderSizeAssetBarrier(size(1, 1), "USD"),
        p.OrderSizeAccountAssetBarrier(size(1, 1), A, "USD"),
    ]
    for barrier in made:
        assert barrier == dataclasses.replace(barrier) and hash(barrier) == hash(dataclasses.replace(barrier))
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(barrier, dataclasses.fields(barrier)[0].name, 1)
    with pytest.raises(TypeError):
        p.PnlBoundsAccountAssetBarrierUpdate(p.PnlBoundsBrokerBarrier("USD"), A, initial_pnl=0)


@pytest.mark.parametrize(
    ("build", "name", "axes"),
    [
        (
            p.build_rate_limit,
            "RateLimitPolicy",
            ["broker_barrier", "asset_barriers", "account_barriers", "account_asset_barriers"],
        ),
        (
            p.build_order_size_limit,
            "OrderSizeLimitPolicy",
            ["broker_barrier", "asset_barriers", "account_asset_barriers"],
        ),
        (p.build_pnl_bounds_killswitch, "PnlBoundsKillSwitchPolicy", ["broker_barriers", "account_barriers"]),
    ],
)
def test_entry_builders_lead_to_one_ready_builder(build, name, axes):
    entry = build()
    assert type(entry).NAME == name and entry.with_policy_group_id(3) is entry
    ready = [getattr(entry, axis)(*([None] if axis == "broker_barrier" else [])) for axis in axes]
    assert len({id(one) for one in ready}) == 1 and not hasattr(ready[0], "NAME")
    assert ready[0].with_policy_group_id(4) is ready[0]
    with pytest.raises(AttributeError, match="has no attribute '_build'"):
        openpit.Engine.builder().no_sync().builtin(build())


@pytest.mark.parametrize(
    ("ready", "error", "message"),
    [
        (p.RateLimitReadyBuilder(), ValueError, NO_RATE_BARRIER),
        (p.OrderSizeLimitReadyBuilder(), ValueError, NO_SIZE_BARRIER),
        (p.PnlBoundsKillswitchReadyBuilder(), ValueError, NO_PNL_BARRIER),
        (
            p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(1))).broker_barrier(None),
            ValueError,
            NO_RATE_BARRIER,
        ),
        (
            p.build_pnl_bounds_killswitch().broker_barriers(p.PnlBoundsBrokerBarrier("USD")),
            ValueError,
            "at least one of lower_bound or upper_bound must be configured for settlement asset USD",
        ),
        (
            p.build_pnl_bounds_killswitch().account_barriers(
                p.PnlBoundsAccountAssetBarrierUpdate(p.PnlBoundsBrokerBarrier("USD", 1), A)
            ),
            TypeError,
            "expected openpit.pretrade.policies.PnlBoundsAccountAssetBarrier",
        ),
        (
            p.build_pnl_bounds_killswitch().broker_barriers(rate(1)),
            TypeError,
            "expected openpit.pretrade.policies.PnlBoundsBrokerBarrier",
        ),
        (
            p.build_pnl_bounds_killswitch().account_barriers(
                p.PnlBoundsAccountAssetBarrier(p.PnlBoundsBrokerBarrier("USD", 1), 1, 0)
            ),
            TypeError,
            "account_id must be openpit.param.AccountId",
        ),
        (
            p.build_pnl_bounds_killswitch().account_barriers(
                p.PnlBoundsAccountAssetBarrier(p.PnlBoundsBrokerBarrier("USD", 1), A, None)
            ),
            ValueError,
            "Pnl must be a Decimal, str, int, or float",
        ),
        (
            p.build_pnl_bounds_killswitch().broker_barriers(p.PnlBoundsBrokerBarrier("USD", Price(1))),
            TypeError,
            "Pnl must be a Decimal, str, int, or float",
        ),
        (
            p.build_pnl_bounds_killswitch().broker_barriers(p.PnlBoundsBrokerBarrier(5, 1)),
            TypeError,
            "asset must be a str",
        ),
        (
            p.build_pnl_bounds_killswitch().broker_barriers(p.PnlBoundsBrokerBarrier(" ", 1)),
            ValueError,
            "asset must not be empty",
        ),
        (
            p.build_order_size_limit().asset_barriers(p.OrderSizeAssetBarrier(size(1, 1), "")),
            ValueError,
            "asset must not be empty",
        ),
        (
            p.build_order_size_limit().broker_barrier(p.OrderSizeBrokerBarrier(5)),
            TypeError,
            "limit must be OrderSizeLimit",
        ),
        (validation().with_policy_group_id(65536), OverflowError, None),
        (validation().with_policy_group_id(-1), OverflowError, None),
        (validation().with_policy_group_id("a"), TypeError, None),
    ],
)
def test_what_a_builder_was_given_is_checked_when_it_is_added(ready, error, message):
    builder = openpit.Engine.builder().no_sync().builtin(validation())
    with pytest.raises(error) as caught:
        builder.builtin(ready)
    assert message is None or str(caught.value) == message
    assert builder.build()


@pytest.mark.parametrize(
    ("limit", "error"),
    [
        (rate(1, datetime.timedelta(seconds=-1)), OverflowError),
        (rate(1, datetime.timedelta.max), OverflowError),
        (rate(1, 5), TypeError),
        (rate(-1, 5), TypeError),
        (rate(2**64, None), TypeError),
        (rate(-1), OverflowError),
        (rate(2**64), OverflowError),
        (rate(1.0), TypeError),
        (rate(None), TypeError),
        (rate(1, datetime.timedelta(0)), ValueError),
        (object(), AttributeError),
    ],
)
def test_rate_limits_are_checked(limit, error):
    builder = openpit.Engine.builder().no_sync()
    for barrier in (
        p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(limit)),
        p.build_rate_limit().account_barriers(p.RateLimitAccountBarrier(limit, A)),
    ):
        with pytest.raises(error):
            builder.builtin(barrier)


@pytest.mark.parametrize("limit", [rate(-1), rate(1, 5), rate(2**64, datetime.timedelta.max)])
def test_the_kinds_of_a_rate_barrier_come_before_its_values(limit):
    builder = openpit.Engine.builder().no_sync()
    with pytest.raises(AttributeError, match="value"):
        builder.builtin(p.build_rate_limit().account_asset_barriers(p.RateLimitAccountAssetBarrier(limit, 5, "USD")))
    for asset in (5, None):
        with pytest.raises(TypeError):
            builder.builtin(p.build_rate_limit().asset_barriers(p.RateLimitAssetBarrier(limit, asset)))


def test_market_data_come_with_a_slippage():
    builder = openpit.Engine.builder().no_sync()
    quotes = builder.market_data(openpit.marketdata.QuoteTtl.infinite()).build()
    with pytest.raises(ValueError, match="global_slippage_bps is required when market_data is provided"):
        builder.builtin(p.build_spot_funds().market_data(quotes, None))
    assert builder.builtin(p.build_spot_funds().market_data(quotes, 0)).build()


def test_the_largest_rate_limit_fits():
    widest = datetime.timedelta(days=213503, hours=23, minutes=34, seconds=33, microseconds=709551)
    assert engine(p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(2**64 - 1, widest))))
    with pytest.raises(OverflowError):
        engine(
            p.build_rate_limit().broker_barrier(
                p.RateLimitBrokerBarrier(rate(1, widest + datetime.timedelta(microseconds=1)))
            )
        )
    assert engine(p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(True))))


def test_rate_and_size_builders_take_anything_with_the_right_attributes():
    barrier = p.RateLimitAssetBarrier(rate(0), "EUR")
    assert answers(engine(p.build_rate_limit().broker_barrier(barrier)), order())[0][0] == "RateLimitExceeded"
    for build, limit in ((p.build_rate_limit, rate(1)), (p.build_order_size_limit, size(1, 1))):
        kind = p.RateLimitAccountAssetBarrier if limit == rate(1) else p.OrderSizeAccountAssetBarrier
        with pytest.raises(AttributeError, match="value"):
            engine(build().account_asset_barriers(kind(limit, 5, "USD")))


def test_a_ready_builder_serves_many_engines():
    ready = p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(1)))
    first, second = engine(ready), engine(ready)
    assert answers(first, order(), order())[1] is not None
    assert answers(second, order()) == [None]


def test_assets_and_plain_text_are_the_same():
    checked = engine(p.build_rate_limit().asset_barriers(p.RateLimitAssetBarrier(rate(0), Asset("USD"))))
    assert answers(checked, order(), order(instrument=EUR)) == [
        ("RateLimitExceeded", "order", "submitted 1 orders in 60s window, max allowed: 0"),
        None,
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"max_quantity": "-1", "max_notional": 1}, "value must be non-negative for Quantity"),
        ({"max_quantity": 1, "max_notional": "-1"}, "value must be non-negative for Volume"),
        ({"max_quantity": "abc", "max_notional": 1}, "invalid format for Quantity: 'abc'"),
    ],
)
def test_size_limits_are_numbers_without_sign(given, message):
    with pytest.raises(ParamError) as caught:
        p.OrderSizeLimit(**given)
    assert str(caught.value) == message


def test_size_limits_have_one_or_two_caps():
    for arguments in ((1, 1), ()):
        with pytest.raises(TypeError):
            p.OrderSizeLimit(*arguments)
    with pytest.raises(TypeError, match="missing max_quantity, max_notional or both"):
        p.OrderSizeLimit(max_quantity=None, max_notional=None)
    with pytest.raises(TypeError, match="Quantity must be a Decimal"):
        p.OrderSizeLimit(max_quantity=Price(1), max_notional=1)
    assert size(1, 1) != size(1, 1) and hash(size(Quantity(1), 1))
    quantity_only = engine(
        p.build_order_size_limit().broker_barrier(p.OrderSizeBrokerBarrier(p.OrderSizeLimit(max_quantity=5)))
    )
    assert answers(quantity_only, order("5", "99999"), order("6"), order("5", None)) == [
        None,
        ("OrderQtyExceedsLimit", "order", "requested 6, max allowed: 5"),
        None,
    ]


def test_a_cap_of_none_is_left_out():
    def sized(**caps):
        return engine(p.build_order_size_limit().broker_barrier(p.OrderSizeBrokerBarrier(p.OrderSizeLimit(**caps))))

    assert answers(sized(max_quantity=5, max_notional=None), order("5", "99999"), order("6", "1")) == [
        None,
        ("OrderQtyExceedsLimit", "order", "requested 6, max allowed: 5"),
    ]
    assert answers(sized(max_quantity=None, max_notional=100), order("100", "1"), order("101", "1")) == [
        None,
        ("OrderNotionalExceedsLimit", "order", "requested 101, max allowed: 100"),
    ]


def test_validation_by_example():
    checked = engine(validation())
    assert answers(
        checked, order("0"), order("0.0000000000000000000000000001"), order("1", "0"), order("1", "-3"), openpit.Order()
    ) == [
        ("InvalidFieldValue", "order", "requested quantity 0 is not allowed"),
        None,
        None,
        None,
        ("MissingRequiredField", "order", "failed to access field 'operation.trade_amount'"),
    ]


def test_rate_limit_by_example():
    checked = engine(p.build_rate_limit().account_barriers(p.RateLimitAccountBarrier(rate(2), A)))
    assert answers(checked, order(), order(), order(), order(), order(account=B)) == [
        None,
        None,
        ("RateLimitExceeded", "account", "submitted 3 orders in 60s window, max allowed: 2"),
        ("AccountBlocked", "account", "submitted 3 orders in 60s window, max allowed: 2"),
        None,
    ]
    checked.accounts().unblock(A)
    assert answers(checked, order())[0][2] == "submitted 4 orders in 60s window, max allowed: 2"


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (datetime.timedelta(microseconds=1), "1µs"),
        (datetime.timedelta(milliseconds=1.5), "1.5ms"),
        (datetime.timedelta(seconds=1.5), "1.5s"),
        (datetime.timedelta(days=1), "86400s"),
    ],
)
def test_windows_are_told_in_the_shortest_unit(window, text):
    checked = engine(p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(0, window))))
    assert answers(checked, order())[0][2] == f"submitted 1 orders in {text} window, max allowed: 0"


def test_order_size_by_example():
    checked = engine(
        p.build_order_size_limit()
        .broker_barrier(p.OrderSizeBrokerBarrier(size(10, 1000)))
        .account_asset_barriers(p.OrderSizeAccountAssetBarrier(size(50, 5000), B, "USD"))
    )
    assert answers(
        checked,
        order("10", "100"),
        order("11", "100"),
        order("1", None),
        order("20", "1", B),
        order("60", "1", B),
        order("1", "1", B),
    ) == [
        None,
        (
            "OrderExceedsLimit",
            "order",
            "requested quantity 11, max allowed: 10; requested notional 1100, max allowed: 1000",
        ),
        ("OrderValueCalculationFailed", "order", "price not provided for evaluating cash flow/notional/volume"),
        ("OrderQtyExceedsLimit", "order", "requested 20, max allowed: 10"),
        ("OrderQtyExceedsLimit", "account", "requested 60, max allowed: 50"),
        ("AccountBlocked", "account", "requested 60, max allowed: 50"),
    ]


def test_barriers_by_asset_match_each_cap_by_itself():
    named = p.OrderSizeAssetBarrier(limit=size(10, 1000), asset="AAPL")
    plain = p.OrderSizeAssetBarrier(size(10, 1000), "AAPL")
    assert named.asset == named.settlement_asset == plain.asset == "AAPL"
    assert named != plain and named == p.OrderSizeAssetBarrier(named.limit, asset="AAPL") and hash(named)
    checked = engine(p.build_order_size_limit().asset_barriers(named))
    assert answers(checked, order("11", "1"), order("10", "999")) == [
        ("OrderQtyExceedsLimit", "order", "requested 11, max allowed: 10"),
        None,
    ]
    assert answers(engine(p.build_order_size_limit().asset_barriers(plain)), order("11", "1")) == [None]
    mine = p.OrderSizeAccountAssetBarrier(limit=size(10, 1000), account_id=A, asset="AAPL")
    checked = engine(p.build_order_size_limit().account_asset_barriers(mine))
    assert answers(checked, order("11", "1"), order("1", "1")) == [
        ("OrderQtyExceedsLimit", "order", "requested 11, max allowed: 10"),
        None,
    ]
    for wrong in ({}, {"asset": "USD", "settlement_asset": "USD"}):
        with pytest.raises(TypeError):
            p.OrderSizeAssetBarrier(size(1, 1), **wrong)
    checked.configure().order_size_limit("OrderSizeLimitPolicy", asset_barriers=[named])
    assert answers(checked, order("11", "1", B))[0][0] == "OrderQtyExceedsLimit"


def test_kill_switch_by_example():
    ready = p.build_pnl_bounds_killswitch().broker_barriers(
        p.PnlBoundsBrokerBarrier("USD", lower_bound=-100, upper_bound="50")
    )
    checked = engine(
        ready.account_barriers(p.PnlBoundsAccountAssetBarrier(p.PnlBoundsBrokerBarrier("USD", -10), B, "-11"))
    )
    assert checked.apply_execution_report(report("-90", "10")).account_blocks == []
    assert answers(checked, order()) == [None]
    (told,) = checked.apply_execution_report(report("-0.01")).account_blocks
    assert (told.policy, told.code, told.details) == (
        "PnlBoundsKillSwitchPolicy",
        "PnlKillSwitchTriggered",
        "realized pnl -100.01, settlement asset USD",
    )
    assert answers(checked, order(), order(account=B)) == [
        ("PnlKillSwitchTriggered", "account", "realized pnl -100.01, settlement asset USD"),
        (
            "PnlKillSwitchTriggered",
            "account",
            "lower bound breached: realized pnl -11, lower_bound Some(Pnl(-10)), upper_bound None, settlement asset USD",
        ),
    ]


def test_signatures_are_those_of_the_documentation():
    assert str(inspect.signature(p.OrderSizeLimit)) == "(*, max_quantity, max_notional)"
    assert list(inspect.signature(p.OrderSizeAssetBarrier).parameters) == ["limit", "settlement_asset"]
    assert USD.settlement_asset == "USD"
