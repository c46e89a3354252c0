"""Changing the settings of policies that run."""

import collections
import datetime

import pytest
from engine_support import A, B, Hooks, engine, order, report, validation
from test_policies import NO_PNL_BARRIER, NO_RATE_BARRIER, NO_SIZE_BARRIER, answers, rate, size

import openpit
from openpit import ConfigureErrorKind, PolicyConfigureError
from openpit.pretrade import policies as p

RATE, SIZE, PNL = "RateLimitPolicy", "OrderSizeLimitPolicy", "PnlBoundsKillSwitchPolicy"
BOUNDS = p.PnlBoundsBrokerBarrier


def everything():
    return engine(
        validation(),
        p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(5))),
        p.build_order_size_limit().broker_barrier(p.OrderSizeBrokerBarrier(size(10, 1000))),
        p.build_pnl_bounds_killswitch().broker_barriers(BOUNDS("USD", -100)),
    )


def refused(call, kind, message=None):
    with pytest.raises(PolicyConfigureError) as caught:
        call()
    assert caught.value.kind == kind
    assert message is None or str(caught.value) == message


def test_kinds_are_numbers():
    kinds = ConfigureErrorKind
    members = [kinds.UNKNOWN, kinds.TYPE_MISMATCH, kinds.VALIDATION, kinds.NESTED_CONFIGURATION]
    assert [int(member) for member in members] == [0, 1, 2, 3] and members == [0, 1, 2, 3]
    assert repr(kinds.UNKNOWN) == str(kinds.UNKNOWN) == "ConfigureErrorKind.UNKNOWN"
    assert kinds.UNKNOWN != kinds.VALIDATION and kinds.UNKNOWN != "UNKNOWN" and kinds.UNKNOWN != 2**80
    with pytest.raises(TypeError, match="unhashable"):
        hash(kinds.UNKNOWN)
    with pytest.raises(TypeError, match="cannot create"):
        kinds(1)
    with pytest.raises(TypeError):
        kinds.UNKNOWN < kinds.VALIDATION  # noqa: B015
    assert not hasattr(PolicyConfigureError("x"), "kind")


def test_unknown_policies_and_other_types():
    configure = everything().configure()
    for name in ("nope", "OrderValidationPolicy", ""):
        refused(
            lambda name=name: configure.rate_limit(name),
            ConfigureErrorKind.UNKNOWN,
            f"no configurable policy named {name}",
        )
    cell = "openpit::storage::config_cell::ArcSwapConfigCell<openpit::pretrade::policies::{}>".format
    kinds = {
        RATE: cell("rate_limit::RateLimitSettings"),
        SIZE: cell("order_size_limit::OrderSizeLimitSettings"),
        PNL: cell("pnl_bounds_killswitch::PnlBoundsKillSwitchSettings"),
    }
    calls = {
        RATE: configure.rate_limit,
        SIZE: configure.order_size_limit,
        PNL: lambda name: configure.set_account_pnl(name, account=A, settlement_asset="USD", pnl=0),
    }
    for name, found in kinds.items():
        for other, expected in kinds.items():
            if name == other:
                continue
            refused(
                lambda call=calls[other], name=name: call(name),
                ConfigureErrorKind.TYPE_MISMATCH,
                f"policy {name} has settings type {found}, not {expected}",
            )
    assert configure.rate_limit(RATE) is None and configure.rate_limit(name=RATE) is None


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda c: c.rate_limit(), TypeError, None),
        (lambda c: c.rate_limit(5), TypeError, None),
        (lambda c: c.rate_limit(RATE, None), TypeError, None),
        (lambda c: c.rate_limit(RATE, nope=1), TypeError, None),
        (
            lambda c: c.rate_limit(RATE, broker=p.RateLimitBrokerBarrier(rate(1)), clear_broker=True),
            ValueError,
            "broker and clear_broker cannot both be provided",
        ),
        (lambda c: c.rate_limit(RATE, clear_broker=1), TypeError, None),
        (
            lambda c: c.rate_limit(RATE, broker="x"),
            TypeError,
            "expected openpit.pretrade.policies.RateLimitBrokerBarrier",
        ),
        (
            lambda c: c.rate_limit(RATE, asset_barriers=[5]),
            TypeError,
            "expected openpit.pretrade.policies.RateLimitAssetBarrier",
        ),
        (
            lambda c: c.rate_limit(RATE, broker=p.RateLimitBrokerBarrier(5)),
            TypeError,
            "expected openpit.pretrade.policies.RateLimit",
        ),
        (
            lambda c: c.rate_limit(RATE, broker=p.RateLimitBrokerBarrier(rate(1, datetime.timedelta(-1)))),
            ValueError,
            "RateLimit.window must not be negative",
        ),
        (
            lambda c: c.rate_limit(RATE, broker=p.RateLimitBrokerBarrier(rate(1, 5))),
            TypeError,
            "RateLimit.window must be datetime.timedelta",
        ),
        (lambda c: c.rate_limit(RATE, broker=p.RateLimitBrokerBarrier(rate(-1))), OverflowError, None),
        (
            lambda c: c.rate_limit(RATE, account_barriers=[p.RateLimitAccountBarrier(rate(1), 5)]),
            TypeError,
            "account_id must be openpit.param.AccountId",
        ),
        (
            lambda c: c.rate_limit(RATE, asset_barriers=[p.RateLimitAssetBarrier(rate(1), 5)]),
            TypeError,
            "asset must be a str",
        ),
        (
            lambda c: c.order_size_limit(SIZE, broker=p.OrderSizeBrokerBarrier(5)),
            TypeError,
            "limit must be OrderSizeLimit",
        ),
        (
            lambda c: c.pnl_bounds_killswitch(
                PNL, account_barriers=[p.PnlBoundsAccountAssetBarrier(BOUNDS("USD", 1), A, 0)]
            ),
            TypeError,
            "expected openpit.pretrade.policies.PnlBoundsAccountAssetBarrierUpdate",
        ),
        (
            lambda c: c.set_account_pnl(PNL, account=1, settlement_asset="USD", pnl=0),
            TypeError,
            "account_id must be openpit.param.AccountId",
        ),
        (lambda c: c.set_account_pnl(PNL, account=A, settlement_asset="USD"), TypeError, None),
        (lambda c: c.set_account_pnl(PNL, account=A, settlement_asset="USD", pnl=None), ValueError, None),
    ],
)
def test_arguments_are_checked_before_the_name(call, error, message):
    configure = engine(Hooks()).configure()
    with pytest.raises(error) as caught:
        call(configure)
    assert message is None or str(caught.value) == message


@pytest.mark.parametrize(
    "given", [iter([]), set(), {}, "ab", (x for x in ()), 5, p.RateLimitAssetBarrier(rate(1), "USD")]
)
def test_barriers_come_in_a_sequence(given):
    with pytest.raises(TypeError):
        everything().configure().rate_limit(RATE, asset_barriers=given)


@pytest.mark.parametrize("kind", [list, tuple, collections.deque])
def test_any_sequence_of_barriers_will_do(kind):
    checked = everything()
    checked.configure().rate_limit(RATE, asset_barriers=kind([p.RateLimitAssetBarrier(rate(0), "USD")]))
    assert answers(checked, order())[0][0] == "RateLimitExceeded"


def test_axes_are_replaced_or_left_alone():
    checked = everything()
    configure = checked.configure()
    configure.rate_limit(RATE, broker=p.RateLimitBrokerBarrier(rate(0)))
    assert answers(checked, order())[0][2] == "submitted 1 orders in 60s window, max allowed: 0"
    configure.rate_limit(RATE, broker=None, asset_barriers=None)
    assert answers(checked, order())[0] is not None
    configure.rate_limit(RATE, asset_barriers=[p.RateLimitAssetBarrier(rate(1), "EUR")])
    configure.rate_limit(RATE, clear_broker=True)
    assert answers(checked, order()) == [None]
    configure.order_size_limit(SIZE, account_asset_barriers=[p.OrderSizeAccountAssetBarrier(size(1, 1), B, "USD")])
    configure.order_size_limit(SIZE, clear_broker=True)
    assert answers(checked, order("1000")) == [None]


def test_something_has_to_be_left_after_each_axis():
    checked = everything()
    configure = checked.configure()
    message = "policy {} rejected the update: {}"
    kind = ConfigureErrorKind.VALIDATION
    refused(lambda: configure.rate_limit(RATE, clear_broker=True), kind, message.format(RATE, NO_RATE_BARRIER))
    moved = [p.RateLimitAssetBarrier(rate(0), "USD")]
    refused(lambda: configure.rate_limit(RATE, clear_broker=True, asset_barriers=moved), kind)
    assert answers(checked, order()) == [None]
    refused(lambda: configure.order_size_limit(SIZE, clear_broker=True), kind, message.format(SIZE, NO_SIZE_BARRIER))
    refused(lambda: configure.pnl_bounds_killswitch(PNL, broker_barriers=[]), kind, message.format(PNL, NO_PNL_BARRIER))
    refused(
        lambda: configure.pnl_bounds_killswitch(PNL, broker_barriers=[BOUNDS("USD")]),
        kind,
        message.format(PNL, "at least one of lower_bound or upper_bound must be configured for settlement asset USD"),
    )
    # Each axis is looked at after the one before: none is left before there is an invalid one.
    boundless = p.PnlBoundsAccountAssetBarrierUpdate(BOUNDS("USD"), A)
    refused(
        lambda: configure.pnl_bounds_killswitch(PNL, broker_barriers=[], account_barriers=[boundless]),
        kind,
        message.format(PNL, NO_PNL_BARRIER),
    )


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (datetime.timedelta(0), "0ns"),
        (datetime.timedelta.max, "86399999999999.999999s"),
        (datetime.timedelta(days=300000), "25920000000s"),
        (datetime.timedelta(days=300000, microseconds=10), "25920000000.00001s"),
    ],
)
def test_windows_out_of_range_are_invalid_settings(window, text):
    configure = everything().configure()

    def call(name):
        return configure.rate_limit(name, broker=p.RateLimitBrokerBarrier(rate(1, window)))

    message = (
        f"policy {RATE} rejected the update: rate limit window must be positive and fit in u64 nanoseconds, got {text}"
    )
    refused(lambda: call(RATE), ConfigureErrorKind.VALIDATION, message)
    refused(lambda: call("nope"), ConfigureErrorKind.UNKNOWN)
    refused(lambda: call(SIZE), ConfigureErrorKind.TYPE_MISMATCH)


def test_totals_are_kept_and_can_be_set():
    checked = everything()
    configure = checked.configure()
    checked.apply_execution_report(report("-60"))
    configure.pnl_bounds_killswitch(PNL, account_barriers=[p.PnlBoundsAccountAssetBarrierUpdate(BOUNDS("USD", -50), A)])
    assert answers(checked, order())[0][2].startswith("lower bound breached: realized pnl -60")
    checked.accounts().unblock(A)
    assert configure.set_account_pnl(PNL, account=A, settlement_asset="USD", pnl="-50") is None
    assert answers(checked, order()) == [None]


def test_a_hook_may_configure_the_policies_after_it():
    holder = []

    def start(ctx, order):
        holder[0].configure().rate_limit(RATE, broker=p.RateLimitBrokerBarrier(rate(0)))

    limit = p.build_rate_limit().broker_barrier(p.RateLimitBrokerBarrier(rate(5)))
    holder.append(engine(Hooks(start=start), limit))
    assert answers(holder[0], order())[0][0] == "RateLimitExceeded"
    holder[0] = None
    assert openpit.Engine
