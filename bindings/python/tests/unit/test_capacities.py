"""How much an engine keeps at most."""

import pytest
from engine_support import Hooks, order

import openpit
from openpit.param import AccountId
from openpit.pretrade import policies


def engine(*registered, **capacities):
    builder = openpit.Engine.builder().capacities(**capacities).no_sync().builtin(policies.build_order_validation())
    for policy in registered:
        builder = builder.pre_trade(policy)
    return builder.build()


def is_refused(call, *arguments, **named):
    """Whether the call came to what the engine may keep at most."""
    try:
        call(*arguments, **named)
    except MemoryError:
        return True
    return False


@pytest.mark.parametrize("wanted", [2, 3, 4])
def test_so_many_accounts_have_a_place(wanted):
    accounts = engine(accounts=3).accounts()
    for number in range(1, wanted):
        accounts.block(AccountId.from_int(number), "b")
    assert is_refused(accounts.block, AccountId.from_int(wanted), "b") == (wanted > 3)


@pytest.mark.parametrize("wanted", [2, 3, 4])
def test_so_many_orders_are_open(wanted):
    subject = engine(open_orders=3)
    reservations = [subject.execute_pre_trade(order=order()).reservation for _ in range(wanted - 1)]
    assert is_refused(subject.execute_pre_trade, order=order()) == (wanted > 3)
    reservations[0].commit()
    assert subject.execute_pre_trade(order=order()).ok


@pytest.mark.parametrize("wanted", [2, 3, 4])
def test_so_many_custom_policies_have_a_name(wanted):
    hooks = [Hooks(f"P{number}") for number in range(wanted)]
    assert is_refused(engine, *hooks, names=3) == (wanted > 3)


def test_what_is_left_out_is_what_was_said_before():
    builder = openpit.Engine.builder().capacities(open_orders=1).compatibility("0.10").capacities(accounts=9)
    subject = builder.no_sync().builtin(policies.build_order_validation()).build()
    reservation = subject.execute_pre_trade(order=order()).reservation
    assert is_refused(subject.execute_pre_trade, order=order())
    reservation.rollback()


@pytest.mark.parametrize("name", ["accounts", "open_orders", "names"])
@pytest.mark.parametrize(
    ("value", "error"),
    [(-1, OverflowError), (0, ValueError), (1, None), (2**64 - 1, None), (2**64, OverflowError), ("1", TypeError)],
)
def test_a_capacity_is_a_whole_number_from_one_on(name, value, error):
    builder = openpit.Engine.builder()
    if error is None:
        assert type(builder.capacities(**{name: value})) is type(builder)
    else:
        with pytest.raises(error):
            builder.capacities(**{name: value})


def test_capacities_go_by_their_names():
    with pytest.raises(TypeError):
        openpit.Engine.builder().capacities(1)
    with pytest.raises(TypeError):
        openpit.Engine.builder().capacities(open=1)
