"""Amounts and trades.

An expected "!Type: text" is an exception; without a text only the type counts, because the text is the
interpreter's.
"""

import pytest
from expressions import check


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("TradeAmount.quantity(5)", "TradeAmount.quantity(value=Quantity(5))"),
        ("TradeAmount.quantity('5.50').as_quantity", "Quantity(Decimal('5.50'))"),
        ("TradeAmount.quantity(Quantity('10.5')).is_volume", "False"),
        ("TradeAmount.volume(250).as_volume", "Volume(Decimal('250'))"),
        ("TradeAmount.volume(250).as_quantity", "None"),
        ("TradeAmount(TradeAmount.volume(7))", "TradeAmount.volume(value=Volume(7))"),
        ("TradeAmount.quantity(5) == TradeAmount.quantity(5)", "False"),
        ("TradeAmount.quantity(True)", "!ValueError: Quantity must be a Decimal, str, int, or float"),
        ("TradeAmount.quantity(-5)", "!ParamError: value must be non-negative for Quantity"),
        ("TradeAmount.quantity(Volume(5))", "!TypeError: Quantity must be a Decimal, str, int, or float"),
        ("TradeAmount.volume(Quantity(5))", "!TypeError: Volume must be a Decimal, str, int, or float"),
        ("TradeAmount.quantity('x')", "!ParamError: invalid format for Quantity: 'x'"),
        ("TradeAmount(5)", "!TypeError"),
        ("setattr(TradeAmount.quantity(5), 'is_quantity', 1)", "!AttributeError"),
        ("AdjustmentAmount.delta(PositionSize('-3.50'))", "AdjustmentAmount.delta(value=PositionSize(-3.50))"),
        ("AdjustmentAmount.absolute(8).as_absolute", "PositionSize(Decimal('8'))"),
        ("AdjustmentAmount.delta('5').is_absolute", "False"),
        ("AdjustmentAmount.delta(Quantity(5))", "!TypeError: PositionSize must be a Decimal, str, int, or float"),
        ("AdjustmentAmount.delta(True)", "!ValueError: PositionSize must be a Decimal, str, int, or float"),
        ("openpit.AdjustmentAmount is AdjustmentAmount", "True"),
    ],
)
def test_says_what_an_amount_means(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("trade", "Trade(price=Price(Decimal('102.50')), quantity=Quantity(Decimal('7')))"),
        ("trade.price", "Price(Decimal('102.50'))"),
        ("Trade(price=102, quantity=Quantity(7))", "!TypeError: price must be openpit.param.Price"),
        ("Trade(price=Price(1), quantity=7)", "!TypeError: quantity must be openpit.param.Quantity"),
        ("Trade(price=Quantity(1), quantity=Quantity(7))", "!TypeError: Price must be a Decimal, str, int, or float"),
        ("Trade(Price(1), Quantity(1))", "!TypeError"),
        ("Trade(price=Price(1))", "!TypeError"),
        ("Trade(price=Price(1),quantity=Quantity(1)) == Trade(price=Price(1),quantity=Quantity(1))", "False"),
        ("setattr(trade, 'price', Price(2))", "!AttributeError"),
        ("MonetaryAmount(Fee('0.25'), 'USD')", "MonetaryAmount(amount=Fee(Decimal('0.25')), currency='USD')"),
        ("type(MonetaryAmount(Fee(1), 'USD').currency).__name__", "'Asset'"),
        ("MonetaryAmount(Fee('1.0'), 'USD') == MonetaryAmount(Fee('1.00'), 'USD')", "True"),
        ("MonetaryAmount(Pnl('0.25'), 'USD')", "!TypeError: amount must be openpit.param.Fee"),
        ("MonetaryAmount(0.25, 'USD')", "!TypeError: amount must be openpit.param.Fee"),
        ("MonetaryAmount(Fee(1), '')", "!AssetError: asset must not be empty"),
        ("MonetaryAmount(Fee(1), 5)", "!TypeError: asset must be str"),
        (
            "setattr(MonetaryAmount(Fee(1), 'USD'), 'amount', Fee(2))",
            "!FrozenInstanceError: cannot assign to field 'amount'",
        ),
        ("openpit.Mutation(commit=1, rollback=2)", "Mutation(commit=1, rollback=2)"),
    ],
)
def test_keeps_trades_money_and_mutations(expression, expected):
    check(expression, expected)
