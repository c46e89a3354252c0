"""Operations whose assets are named, and signatures that keep their word."""

import inspect

import pytest
from expressions import (
    AccountId,
    ExecutionReportOperation,
    OrderOperation,
    PositionOperation,
    Side,
    TradeAmount,
    instrument,
    openpit,
)

OPERATIONS = [
    (OrderOperation, {"account_id": AccountId.from_int(1), "side": Side.BUY, "trade_amount": TradeAmount.quantity(1)}),
    (ExecutionReportOperation, {"account_id": AccountId.from_int(1), "side": Side.BUY}),
    (PositionOperation, {"collateral_asset": "USD", "average_entry_price": 1, "mode": "netting"}),
]


@pytest.mark.parametrize(("kind", "others"), OPERATIONS)
def test_the_assets_of_an_operation_may_be_named_in_place_of_an_instrument(kind, others):
    named = kind(underlying_asset="AAPL", settlement_asset="USD", **others)
    assert named.instrument == instrument and repr(named) == repr(kind(instrument=instrument, **others))
    assert (named.underlying_asset, named.settlement_asset) == ("AAPL", "USD")

    class Derived(kind):
        pass

    assert Derived(underlying_asset="AAPL", settlement_asset="USD", **others).instrument == instrument
    for some in ({}, {"underlying_asset": "AAPL"}, {"settlement_asset": "USD"}):
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'instrument'"):
            kind(**some, **others)
        with pytest.raises(TypeError, match="missing .* required keyword-only arguments: 'instrument'"):
            kind(**some)
    for some in ({"underlying_asset": "AAPL"}, {"settlement_asset": "USD"}):
        with pytest.raises(TypeError, match="instrument and the names of its assets cannot both be given"):
            kind(instrument=instrument, **some, **others)
    with pytest.raises(ValueError, match="asset must not be empty"):
        kind(underlying_asset="AAPL", settlement_asset="", **others)
    with pytest.raises(TypeError):
        kind(underlying_asset=None, settlement_asset="USD", **others)


def test_a_call_takes_every_name_its_signature_lists():
    modules = (openpit, openpit.core, openpit.param, openpit.account_adjustment, openpit.pretrade, openpit.marketdata)
    named = [value for module in (*modules, openpit.pretrade.policies) for value in vars(module).values()]
    checked = 0
    for kind in {kind for kind in named if isinstance(kind, type) and kind.__module__.startswith("openpit")}:
        try:
            parameters = inspect.signature(kind).parameters.values()
        except ValueError:
            continue
        for parameter in parameters:
            if parameter.kind not in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD):
                continue
            checked += 1
            try:
                kind(**{parameter.name: None})
            except Exception as error:
                assert "unexpected keyword" not in str(error), (kind, parameter)
    assert checked > 100
