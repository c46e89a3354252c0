"""Outcomes: what the engine, and a policy of one's own, says about holdings and P&L."""

import pytest

from openpit.param import AccountId, Pnl, PositionSize, Price
from openpit.pretrade import (
    AccountAdjustmentOutcome,
    AccountOutcomeEntry,
    AccountPnlOutcome,
    OutcomeAmount,
    PnlHaltReason,
    PnlOutcome,
    PnlOutcomeAmount,
)

ACCOUNT = AccountId.from_int(4)
CHANGE = OutcomeAmount(delta=1, absolute="2.50")
PNL_CHANGE = PnlOutcomeAmount(delta=-1, absolute=Pnl(2))


def test_gives_back_what_it_was_made_of():
    entry = AccountOutcomeEntry(
        asset="USD",
        balance=CHANGE,
        incoming=OutcomeAmount(delta=3, absolute=4),
        realized_pnl=PnlOutcome(pnl=PNL_CHANGE),
        average_entry_price="100.5",
    )
    outcome = AccountAdjustmentOutcome(policy_group_id=9, entry=entry)
    assert outcome.policy_group_id == 9
    assert outcome.entry.asset == "USD"
    assert (outcome.entry.balance.delta, outcome.entry.balance.absolute) == (PositionSize(1), PositionSize("2.50"))
    assert outcome.entry.held is None
    assert outcome.entry.incoming.absolute == PositionSize(4)
    assert outcome.entry.realized_pnl.pnl.delta == Pnl(-1)
    assert outcome.entry.realized_pnl.halt_reason is None
    assert outcome.entry.average_entry_price == Price("100.5")


def test_a_pnl_is_a_change_or_a_reason():
    halted = PnlOutcome(halt_reason=PnlHaltReason.MISSING_FX)
    assert halted.pnl is None
    assert halted.halt_reason == PnlHaltReason.MISSING_FX
    assert AccountOutcomeEntry(asset="USD", realized_pnl=halted).realized_pnl.halt_reason == PnlHaltReason.MISSING_FX
    account = AccountPnlOutcome(policy_group_id=8, account_id=ACCOUNT, halt_reason=PnlHaltReason.MISSING_COST_BASIS)
    assert (account.account_id, account.pnl, account.policy_group_id) == (ACCOUNT, None, 8)


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: PnlOutcome(), ValueError, "PnL outcome requires exactly one of pnl or halt_reason"),
        (
            lambda: PnlOutcome(pnl=PNL_CHANGE, halt_reason=PnlHaltReason.MISSING_FX),
            ValueError,
            "PnL outcome requires exactly one of pnl or halt_reason",
        ),
        (
            lambda: AccountPnlOutcome(policy_group_id=1, account_id=ACCOUNT),
            ValueError,
            "account PnL outcome requires exactly one of pnl or halt_reason",
        ),
        (lambda: PnlOutcome(pnl=CHANGE), TypeError, "'OutcomeAmount' object is not an instance of 'PnlOutcomeAmount'"),
        (lambda: AccountOutcomeEntry(asset=""), ValueError, "asset must not be empty"),
        (lambda: AccountOutcomeEntry(asset=5), TypeError, "asset must be a str"),
        (
            lambda: AccountOutcomeEntry(asset="USD", held=5),
            TypeError,
            "'int' object is not an instance of 'OutcomeAmount'",
        ),
        (
            lambda: AccountAdjustmentOutcome(policy_group_id=65536, entry=AccountOutcomeEntry(asset="USD")),
            ValueError,
            "policy_group_id must be an integer in range 0..=65535",
        ),
    ],
)
def test_says_what_is_wrong(make, error, text):
    with pytest.raises(error) as raised:
        make()
    assert str(raised.value) == text


def test_prints_its_numbers():
    assert repr(CHANGE) == "OutcomeAmount(delta=1, absolute=2.50)"
    assert (
        repr(PnlOutcome(pnl=PNL_CHANGE)) == "PnlOutcome(pnl=PnlOutcomeAmount(delta=-1, absolute=2), halt_reason=None)"
    )


def test_a_halt_reason_is_a_number_without_a_hash():
    assert [int(getattr(PnlHaltReason, name)) for name in dir(PnlHaltReason) if name.isupper()] == [5, 2, 4, 1, 3]
    assert PnlHaltReason.MISSING_FX == 1
    assert PnlHaltReason.MISSING_FX != 2
    assert PnlHaltReason.MISSING_FX != "MISSING_FX"
    with pytest.raises(TypeError):
        hash(PnlHaltReason.MISSING_FX)
