"""What an engine of release 0.10 answers, next to one of 0.7: the answers of the reference packages."""

import datetime
import gc

import pytest
from engine_support import A, B, Hooks, accept, engine, order, raising, refuse, reject

import openpit
from openpit.param import AccountGroupId, Pnl, Price, Side, TradeAmount
from openpit.pretrade import policies

BOTH = ["0.7", "0.10"]
FAILED = ("SystemUnavailable", "mutation finalizer failed")


def said(result):
    """(scope, code, details) of each reject."""
    return [(str(item.scope), str(item.code), item.details) for item in result.rejects]


def size_limit(quantity, **notional):
    return policies.OrderSizeLimit(max_quantity=quantity, **notional)


def bounds(lower=None, upper=None):
    return policies.SpotFundsPnlBoundsBarrier(lower_bound=lower, upper_bound=upper)


def set_pnl(subject, value):
    subject.configure().set_spot_funds_account_pnl("SpotFundsPolicy", account=A, state=Pnl(value))


@pytest.mark.parametrize("release", ["0.8", "", "10"])
def test_only_two_releases_are_known(release):
    with pytest.raises(ValueError, match="compatibility must be '0.7' or '0.10'"):
        openpit.Engine.builder().compatibility(release)


@pytest.mark.parametrize(("release", "scopes"), [("0.7", ["account", "account"]), ("0.10", ["order", "order"])])
def test_an_account_rate_limit_blocks_in_0_7_only(release, scopes):
    limit = policies.RateLimit(max_orders=1, window=datetime.timedelta(minutes=1))
    barrier = policies.RateLimitAccountBarrier(limit=limit, account_id=A)
    subject = engine(policies.build_rate_limit().account_barriers(barrier), compatibility=release)
    assert subject.start_pre_trade(order())
    answers = [said(subject.start_pre_trade(order()))[0] for _ in scopes]
    assert [scope for scope, _, _ in answers] == scopes
    last = {"0.7": "AccountBlocked", "0.10": "RateLimitExceeded"}[release]
    assert answers[-1][1] == last


def size_policy(barriers, *, configured, release):
    """An engine with these size barriers, from the beginning or by configuration."""
    barriers = {kind: [item for item in barriers if type(item) is kind] for kind in {type(item) for item in barriers}}
    assets = barriers.get(policies.OrderSizeAssetBarrier, [])
    accounts = barriers.get(policies.OrderSizeAccountAssetBarrier, [])
    builder = policies.build_order_size_limit()
    if not configured:
        ready = builder.asset_barriers(*assets).account_asset_barriers(*accounts)
        return engine(ready, compatibility=release)
    broker = policies.OrderSizeBrokerBarrier(size_limit("999999"))
    subject = engine(builder.broker_barrier(broker), compatibility=release)
    subject.configure().order_size_limit(
        "OrderSizeLimitPolicy", asset_barriers=assets, account_asset_barriers=accounts, clear_broker=release == "0.10"
    )
    return subject


EURO = openpit.Instrument("AAPL", "EUR")
MSFT = openpit.Instrument("MSFT", "USD")
SPELLINGS = {
    "settlement_asset": lambda kind, *first: kind(*first, settlement_asset="USD"),
    "position": lambda kind, *first: kind(*first, "USD"),
    "asset": lambda kind, *first: kind(*first, asset="AAPL"),
}


@pytest.mark.parametrize("release", BOTH)
@pytest.mark.parametrize("configured", [False, True])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_size_barrier_matches_as_it_is_spelled(release, configured, spelling):
    barrier = SPELLINGS[spelling](policies.OrderSizeAssetBarrier, size_limit("5"))
    subject = size_policy([barrier], configured=configured, release=release)
    other = MSFT if spelling == "asset" else EURO
    assert [bool(subject.start_pre_trade(order(quantity))) for quantity in ("4", "5", "6", "1000")] == [
        True,
        True,
        False,
        False,
    ]
    assert subject.start_pre_trade(order("1000", instrument=other))
    assert said(subject.start_pre_trade(order("6"))) == [
        ("order", "OrderQtyExceedsLimit", "requested 6, max allowed: 5")
    ]


@pytest.mark.parametrize("release", BOTH)
@pytest.mark.parametrize("configured", [False, True])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_size_barrier_of_an_account_has_the_scope_of_its_spelling(release, configured, spelling):
    everybody = SPELLINGS[spelling](policies.OrderSizeAssetBarrier, size_limit("5"))
    own = SPELLINGS[spelling](policies.OrderSizeAccountAssetBarrier, size_limit("50"), A)
    subject = size_policy([everybody, own], configured=configured, release=release)
    assert said(subject.start_pre_trade(order("6", account=B)))[0][0] == "order"
    assert subject.start_pre_trade(order("50"))
    scope = "order" if spelling == "asset" else "account"
    assert said(subject.start_pre_trade(order("51"))) == [
        (scope, "OrderQtyExceedsLimit", "requested 51, max allowed: 50")
    ]
    assert bool(subject.start_pre_trade(order("1"))) == (spelling == "asset")


@pytest.mark.parametrize("release", BOTH)
@pytest.mark.parametrize("configured", [False, True])
def test_size_barriers_of_both_spellings_apply(release, configured):
    barriers = [
        policies.OrderSizeAssetBarrier(size_limit("10"), settlement_asset="USD"),
        policies.OrderSizeAssetBarrier(size_limit("5"), asset="AAPL"),
    ]
    for listed in (barriers, barriers[::-1]):
        subject = size_policy(listed, configured=configured, release=release)
        sizes = {instrument: ("5", "6", "10", "11") for instrument in (None, MSFT, EURO)}
        passed = [
            [
                bool(subject.start_pre_trade(order(size, instrument=instrument or openpit.Instrument("AAPL", "USD"))))
                for size in of
            ]
            for instrument, of in sizes.items()
        ]
        assert passed == [[True, False, False, False], [True, True, True, False], [True, False, False, False]]


@pytest.mark.parametrize("release", BOTH)
def test_a_size_limit_may_be_taken_away_as_a_whole_in_0_10(release):
    broker = policies.OrderSizeBrokerBarrier(limit=size_limit("3"))
    subject = engine(policies.build_order_size_limit().broker_barrier(broker), compatibility=release)
    if release == "0.7":
        with pytest.raises(openpit.PolicyConfigureError):
            subject.configure().order_size_limit("OrderSizeLimitPolicy", clear_broker=True)
    else:
        subject.configure().order_size_limit("OrderSizeLimitPolicy", clear_broker=True)
    assert bool(subject.start_pre_trade(order("4"))) == (release == "0.10")


@pytest.mark.parametrize(
    ("release", "details"),
    [
        ("0.7", "lower_bound Some(Pnl(-10)), upper_bound None"),
        ("0.10", "lower bound -10"),
    ],
)
def test_a_kill_switch_prints_its_bounds(release, details):
    barrier = policies.PnlBoundsBrokerBarrier(settlement_asset="USD", lower_bound="-10")
    subject = engine(policies.build_pnl_bounds_killswitch().broker_barriers(barrier), compatibility=release)
    subject.configure().set_account_pnl("PnlBoundsKillSwitchPolicy", account=A, settlement_asset="USD", pnl="-51")
    expected = f"lower bound breached: realized pnl -51, {details}, settlement asset USD"
    assert said(subject.start_pre_trade(order()))[0][2] == expected


# ---- Mutations and hooks that fail ----


def failing(what):
    """A policy whose mutation fails to do `what`."""
    callbacks = {"commit": lambda: None, "rollback": lambda: None, what: raising(KeyError(what))}
    return Hooks(main=lambda ctx, order: accept(openpit.Mutation(**callbacks)))


@pytest.mark.parametrize("what", ["commit", "rollback"])
def test_a_mutation_that_fails_stops_everybody_in_0_10(what):
    subject = engine(failing(what), compatibility="0.10")
    reservation = subject.execute_pre_trade(order()).reservation
    with pytest.raises(KeyError, match=what):
        getattr(reservation, what)()
    answer = subject.execute_pre_trade(order(account=B)).rejects[0]
    assert (answer.code, answer.reason) == FAILED
    subject.accounts().unblock_all()
    assert subject.execute_pre_trade(order(account=B))


@pytest.mark.parametrize("what", ["commit", "rollback"])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_mutation_that_fails_stops_nobody_in_0_7(what):
    subject = engine(failing(what))
    getattr(subject.execute_pre_trade(order()).reservation, what)()
    assert subject.execute_pre_trade(order(account=B))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("release", "stops"), [("0.7", False), ("0.10", True)])
def test_a_collected_reservation_cannot_raise_but_may_stop_everybody(release, stops):
    subject = engine(failing("rollback"), compatibility=release)
    subject.execute_pre_trade(order())
    gc.collect()
    assert bool(subject.execute_pre_trade(order(account=B)).rejects) == stops


def test_a_rejected_order_tells_of_the_rollback_that_failed_in_0_10():
    refusing = Hooks("B", main=lambda ctx, order: refuse(reject()))
    subject = engine(failing("rollback"), refusing, compatibility="0.10")
    with pytest.raises(KeyError, match="rollback"):
        subject.execute_pre_trade(order())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("release", "raised"), [("0.7", "second"), ("0.10", "first")])
@pytest.mark.parametrize("hook", ["start", "main"])
def test_of_two_hooks_that_fail_one_is_raised(release, raised, hook):
    failing_hooks = [
        Hooks("A", **{hook: raising(ValueError("first"))}),
        Hooks("B", **{hook: raising(ValueError("second"))}),
    ]
    subject = engine(*failing_hooks, compatibility=release)
    with pytest.raises(ValueError, match=raised):
        subject.execute_pre_trade(order())


# ---- Spot funds ----


@pytest.mark.parametrize("release", BOTH)
def test_a_volume_at_a_price_of_zero_is_no_order_in_0_10(release):
    free = openpit.Order(
        operation=openpit.OrderOperation(
            instrument=openpit.Instrument("AAPL", "USD"),
            account_id=A,
            side=Side.BUY,
            trade_amount=TradeAmount.volume("10"),
            price=Price("0"),
        )
    )
    result = engine(policies.build_spot_funds(), compatibility=release).execute_pre_trade(free)
    details = "price or volume could not be used to evaluate order quantity"
    assert said(result) == ([] if release == "0.7" else [("order", "OrderValueCalculationFailed", details)])


@pytest.mark.parametrize("release", BOTH)
def test_barriers_that_come_into_force_judge_at_once_in_0_10(release):
    subject = engine(policies.build_spot_funds(), compatibility=release)
    set_pnl(subject, "-6")
    outcomes = subject.configure().spot_funds_pnl_bounds_killswitch("SpotFundsPolicy", global_barrier=bounds("-5"))
    if release == "0.7":
        assert outcomes is None
        return
    assert repr(outcomes) == "AccountBlockOutcomes(account_blocks=1)"
    (outcome,) = outcomes.account_blocks
    assert outcome.account_id == A
    assert outcome.block.details == "lower bound breached: realized pnl -6, lower bound -5"
    again = subject.configure().spot_funds_pnl_bounds_killswitch("SpotFundsPolicy", global_barrier=bounds("-5"))
    assert again.account_blocks == []
    cleared = subject.configure().spot_funds_pnl_bounds_killswitch("SpotFundsPolicy", global_barrier=None)
    assert cleared.account_blocks == []
    assert said(subject.execute_pre_trade(order()))[0][1] == "PnlKillSwitchTriggered"


@pytest.mark.parametrize(("release", "is_blocked"), [("0.7", False), ("0.10", True)])
def test_a_group_that_is_joined_judges_at_once_in_0_10(release, is_blocked):
    group = AccountGroupId.from_int(7)
    barrier = policies.SpotFundsPnlBoundsAccountGroupBarrier(barrier=bounds("-5"), account_group_id=group)
    builder = policies.build_spot_funds_pnl_bounds_killswitch().account_group_barriers(barrier)
    subject = engine(builder, compatibility=release)
    set_pnl(subject, "-6")
    assert subject.accounts().register_group([A], group) is None
    subject.configure().spot_funds_pnl_bounds_killswitch("SpotFundsPolicy", account_group_barriers=[])
    assert bool(subject.execute_pre_trade(order()).rejects) == is_blocked


# --- What later engines hold against a barrier -----------------------------------------------------------

FUNDS = "SpotFundsPolicy"


def guarded(currency="USD", **bounds):
    """An engine of 0.10 whose account A is in dollars and has a barrier of its own."""
    barrier = policies.SpotFundsPnlBoundsBarrier(currency=currency, **bounds)
    own = policies.SpotFundsPnlBoundsAccountBarrier(barrier, A)
    subject = engine(policies.build_spot_funds_pnl_bounds_killswitch().account_barriers(own), compatibility="0.10")
    subject.accounts().set_currency(A, "USD")
    return subject


def fill(quantity=None, fee=None, currency="USD", release=0):
    details = {"lock": openpit.pretrade.Lock([(0, 1)]), "is_final": bool(release), "leaves_quantity": release}
    if quantity is not None:
        details["last_trade"] = openpit.param.Trade(price=Price(1), quantity=openpit.param.Quantity(quantity))
    if fee is not None:
        details["fee"] = openpit.param.MonetaryAmount(openpit.param.Fee(fee), currency)
    operation = openpit.ExecutionReportOperation(
        instrument=openpit.Instrument("AAPL", "USD"), account_id=A, side=Side.BUY
    )
    return openpit.ExecutionReport(operation=operation, fill=openpit.ExecutionReportFillDetails(**details))


FILLS = {
    "a fill": fill(1),
    "a fill of nothing": fill(0),
    "a fee": fill(fee=1),
    "a fee of nothing": fill(fee=0),
    "a release": fill(release=1),
}


@pytest.mark.parametrize(
    ("state", "answered"),
    [
        ("mismatch", ["a fill", "a fill of nothing", "a fee"]),
        ("halted", ["a fill", "a fee"]),
        ("breached", ["a fee"]),
    ],
)
def test_what_a_report_is_held_against_although_it_realises_nothing(state, answered):
    seen = []
    for name, report in FILLS.items():
        subject = guarded(currency="EUR" if state == "mismatch" else "USD", lower_bound=-5)
        if state != "mismatch":
            pnl = Pnl(-10) if state == "breached" else openpit.pretrade.PnlHaltReason.MISSING_FX
            subject.configure().set_spot_funds_account_pnl(FUNDS, account=A, state=pnl)
        if subject.apply_execution_report(report).account_blocks:
            seen.append(name)
    assert seen == answered


def told_pnl(subject, report):
    (entry, *_) = [item.entry for item in subject.apply_execution_report(report).account_adjustments]
    return entry.asset, entry.realized_pnl


def test_a_fee_of_a_fill_of_nothing_stops_the_position_of_an_account_without_a_currency():
    subject = engine(policies.build_spot_funds(), compatibility="0.10")
    asset, pnl = told_pnl(subject, fill(0, fee=1))
    assert (asset, pnl.halt_reason) == ("AAPL", openpit.pretrade.PnlHaltReason.MISSING_ACCOUNT_CURRENCY)


def test_a_fee_that_is_worth_nothing_is_told():
    quotes = openpit.Engine.builder().no_sync().market_data(openpit.marketdata.QuoteTtl.infinite()).build()
    quotes.push_by_instrument(openpit.Instrument("EUR", "USD"), openpit.marketdata.Quote(mark=0))
    subject = engine(policies.build_spot_funds().market_data(quotes, 0), compatibility="0.10")
    subject.accounts().set_currency(A, "USD")
    asset, pnl = told_pnl(subject, fill(fee=1, currency="EUR"))
    assert (asset, pnl.pnl.delta, pnl.pnl.absolute) == ("AAPL", Pnl(0), Pnl(0))


def test_a_barrier_in_another_currency_is_answered_again_when_it_changes():
    subject = guarded(currency="EUR", lower_bound=-5)
    barrier = policies.SpotFundsPnlBoundsBarrier(currency="EUR", lower_bound=-6)
    own = policies.SpotFundsPnlBoundsAccountBarrier(barrier, A)
    changed = subject.configure().spot_funds_pnl_bounds_killswitch(FUNDS, account_barriers=[own])
    assert [item.block.reason for item in changed.account_blocks] == ["pnl barrier currency mismatch"]


@pytest.mark.parametrize(("release", "others"), [("0.7", False), ("0.10", True)])
def test_an_order_that_names_nobody_bars_everybody_in_0_7_only(release, others):
    answers = iter([refuse(reject(scope=openpit.pretrade.RejectScope.ACCOUNT)), accept()])
    subject = engine(Hooks(main=lambda *args: next(answers)), compatibility=release)
    assert not subject.execute_pre_trade(openpit.Order())
    assert bool(subject.execute_pre_trade(order())) is others


@pytest.mark.parametrize(
    ("release", "details"), [("0.7", ""), ("0.10", "price or volume could not be used to evaluate order quantity")]
)
def test_later_engines_tell_that_a_volume_has_no_quantity(release, details):
    subject = engine(policies.build_spot_funds(), compatibility=release)
    (answer,) = subject.execute_pre_trade(volume_order(str(2**96 - 1), "0.01")).rejects
    assert answer.details == details


def volume_order(volume, price):
    operation = openpit.OrderOperation(
        instrument=openpit.Instrument("AAPL", "USD"),
        account_id=A,
        side=Side.BUY,
        trade_amount=TradeAmount.volume(volume),
        price=Price(price),
    )
    return openpit.Order(operation=operation)
