"""What spot funds tell, digit by digit."""

import pytest
from engine_support import A, engine, order

import openpit
from openpit.param import Pnl
from openpit.pretrade import policies


def balance(asset, pnl=None, **amounts):
    """An adjustment of an asset: balance, held or incoming to be so much."""
    operation = openpit.AccountAdjustmentBalanceOperation(asset=asset, realized_pnl=pnl)
    amount = {name: openpit.AdjustmentAmount.absolute(value) for name, value in amounts.items()}
    return openpit.AccountAdjustment(operation=operation, amount=openpit.AccountAdjustmentAmount(**amount))


@pytest.mark.parametrize("written", ["0", "0.0", "0.00"])
def test_a_first_pnl_is_told_as_it_was_written(written):
    subject = engine(policies.build_spot_funds())
    (told,) = subject.apply_account_adjustment(A, [balance("USD", Pnl(written), balance=5)]).outcomes
    assert (str(told.entry.realized_pnl.pnl.delta), str(told.entry.realized_pnl.pnl.absolute)) == (written, written)
    (told,) = subject.apply_account_adjustment(A, [balance("USD", Pnl("1.50"))]).outcomes
    assert str(told.entry.realized_pnl.pnl.delta) == "1.50"


def test_a_hold_takes_the_digits_off_an_incoming_of_zero():
    subject = engine(policies.build_spot_funds())
    subject.apply_account_adjustment(A, [balance("USD", balance=100, incoming="0.0")])
    (told,) = subject.apply_account_adjustment(A, [balance("USD", incoming="0.0")]).outcomes
    assert str(told.entry.incoming.delta) == "0.0"
    subject.execute_pre_trade(order("1", "10")).reservation.commit()
    (told,) = subject.apply_account_adjustment(A, [balance("USD", incoming="0.0")]).outcomes
    assert (str(told.entry.incoming.delta), str(told.entry.incoming.absolute)) == ("0", "0.0")
