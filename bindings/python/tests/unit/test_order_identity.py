"""What orders, reports and adjustments say besides reaches those who look; and the ids of orders."""

import gc

import pytest
from engine_support import USD, A, Hooks, engine, order
from expressions import new_year

import openpit
from openpit.account_adjustment import EquityOperation, LedgerPositionOperation
from openpit.param import AdjustmentAmount
from openpit.pretrade import PolicyAccountAdjustmentResult, policies


def named(**attributes):
    return openpit.Order(operation=order().operation, attributes=openpit.OrderAttributes(**attributes))


def texts(length):
    """An id that nobody else holds, so that its memory is free when the order is."""
    return "".join(chr(97 + number % 26) for number in range(length))


@pytest.mark.parametrize("length", [1, 63, 64, 65, 1000])
def test_hooks_see_what_was_given(length):
    seen = []
    checked = engine(
        Hooks(
            start=lambda ctx, order: seen.append(order.attributes),
            main=lambda ctx, order: seen.append(order.attributes),
        )
    )
    attributes = {"client_order_id": texts(length), "replaces": texts(3), "strategy": "s", "expire_at": new_year}
    given = named(**attributes)
    request = checked.start_pre_trade(order=given).request
    assert request.execute().ok
    assert seen == [given.attributes, given.attributes]
    assert {name: getattr(seen[1], name) for name in attributes} == attributes


def test_a_request_outlives_the_texts_of_its_order():
    checked = engine(policies.build_order_validation())
    requests = [
        checked.start_pre_trade(order=named(client_order_id=texts(n), replaces="x")).request for n in range(100)
    ]
    gc.collect()
    assert all(request.execute().ok for request in requests)


def test_an_order_that_is_made_anew_lends_no_texts_that_are_gone():
    checked = engine(policies.build_order_validation())
    given = named(client_order_id=texts(200))
    with pytest.raises(TypeError):
        given.__init__(attributes=None, operation=5)
    with pytest.raises(TypeError):
        given.__init__(operation=given.operation, attributes=5)
    assert checked.execute_pre_trade(order=given).ok
    given.__init__(operation=given.operation, attributes=openpit.OrderAttributes(replaces=texts(200)))
    assert checked.execute_pre_trade(order=given).ok
    given.__init__(operation=given.operation)
    assert given.attributes is None and checked.execute_pre_trade(order=given).ok


def test_reports_are_taken_with_what_they_say_of_their_order():
    seen = []
    checked = engine(Hooks(report=lambda ctx, report: seen.append(report.order)))
    reservation = checked.execute_pre_trade(order=order()).reservation
    reservation.commit()
    said = openpit.ExecutionReportOrder(
        client_order_id=texts(70), order_id=reservation.order_id, execution_id=texts(5), event="cancelled"
    )
    checked.apply_execution_report(report=openpit.ExecutionReport(order=said))
    assert seen == [said] and seen[0].order_id == reservation.order_id


def test_ids_of_orders_are_told_as_long_as_the_reservation_is_there_and_never_twice():
    checked = engine(policies.build_order_validation())
    ids = []
    for end in ("commit", "rollback") * 50:
        reservation = checked.execute_pre_trade(order=order()).reservation
        ids.append(reservation.order_id)
        getattr(reservation, end)()
        assert reservation.order_id == ids[-1]
    for request in [checked.start_pre_trade(order=order()).request for _ in range(50)]:
        ids.append(request.execute().reservation.order_id)
    copy = checked.apply_drop_copy(order=order()).operation
    ids.append(copy.order_id)
    assert len(set(ids)) == 151 and 0 not in ids
    with pytest.raises(AttributeError):
        reservation.order_id = 5


LEDGER = [EquityOperation("USD"), LedgerPositionOperation(USD, None, strategy="s")]


@pytest.mark.parametrize("operation", LEDGER)
@pytest.mark.parametrize("amount", [None, AdjustmentAmount.delta(-5), AdjustmentAmount.absolute(5)])
def test_spot_funds_ignore_adjustments_of_the_ledger(operation, amount):
    checked = engine(policies.build_spot_funds())
    amount = openpit.AccountAdjustmentAmount(balance=amount)
    batch = [openpit.AccountAdjustment(operation=operation, amount=amount)]
    result = checked.apply_account_adjustment(account_id=A, adjustments=batch)
    assert result.ok and list(result.outcomes) == []


@pytest.mark.parametrize("operation", LEDGER)
def test_hooks_see_adjustments_of_the_ledger(operation):
    seen = []
    checked = engine(
        Hooks(
            adjust=lambda ctx, account, adjustment: seen.append(adjustment.operation) or PolicyAccountAdjustmentResult()
        )
    )
    batch = [openpit.AccountAdjustment(operation=operation)]
    assert checked.apply_account_adjustment(account_id=A, adjustments=batch).ok
    assert seen == [operation]
