"""Assets, instruments, accounts, groups and enumerations.

An expected "!Type: text" is an exception; without a text only the type counts, because the text is the
interpreter's.
"""

import pytest
from expressions import check


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Asset('AAPL')", "'AAPL'"),
        ("Asset(' USD ')", "' USD '"),
        ("type(Asset('AAPL')).__name__", "'Asset'"),
        ("Asset('USD') == 'USD'", "True"),
        ("Asset('usd') == Asset('USD')", "False"),
        ("hash(Asset('USD')) == hash('USD')", "True"),
        ("type(Asset('USD').lower()).__name__", "'str'"),
        ("Asset('\\u200b') == '\\u200b'", "True"),
        ("len(Asset('a'*1000))", "1000"),
        ("pickle.loads(pickle.dumps(Asset('USD')))", "'USD'"),
        ("Asset('')", "!AssetError: asset must not be empty"),
        ("Asset('\\t ')", "!AssetError: asset must not be empty"),
        ("Asset('\\u3000')", "!AssetError: asset must not be empty"),
        ("Asset(5)", "!TypeError: asset must be str"),
        ("Asset(None)", "!TypeError: asset must be str"),
    ],
)
def test_names_assets(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Instrument('AAPL', 'USD')", 'Instrument(underlying_asset="AAPL", settlement_asset="USD")'),
        ("Instrument(Asset('AAPL'), Asset('USD')).underlying_asset", "'AAPL'"),
        ("type(Instrument(Asset('AAPL'), 'USD').underlying_asset).__name__", "'str'"),
        ("Instrument('AAPL','USD') == Instrument('AAPL','USD')", "True"),
        ("Instrument('aapl','USD') == Instrument('AAPL','USD')", "False"),
        ("Instrument('AAPL','USD') == 'AAPL'", "False"),
        ("hash(Instrument('AAPL','USD')) == hash(('AAPL','USD'))", "True"),
        ("Instrument('A B',' U ').settlement_asset", "' U '"),
        ("Instrument('AAPL', '')", "!ValueError: asset must not be empty"),
        ("Instrument(' ', 'USD')", "!ValueError: asset must not be empty"),
        ("Instrument(5, 'USD')", "!TypeError: asset must be a str"),
        ("Instrument('AAPL')", "!TypeError"),
    ],
)
def test_pairs_assets(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("AccountId.from_int(12345)", "AccountId(value=12345)"),
        ("AccountId.from_int(0)", "AccountId(value=0)"),
        ("AccountId.from_int(2**64-1).value", "18446744073709551615"),
        ("AccountId.from_int(True)", "AccountId(value=1)"),
        ("AccountId(1)", "!TypeError"),
        ("AccountId.from_string('my-account').value", "10756464830480084277"),
        ("AccountId.from_string(value='')", "!AccountIdError: account id string must not be empty"),
        ("AccountId.from_string('\\u00a0')", "!AccountIdError: account id string must not be empty"),
        ("AccountId.from_string(5)", "!TypeError"),
        ("AccountId.from_string('x') == AccountId.from_string('x ')", "False"),
        ("AccountId.from_int(5) == AccountId.from_int(5)", "True"),
        ("AccountId.from_int(5) == 5", "False"),
        ("AccountId.from_int(5) == AccountGroupId.from_int(5)", "False"),
        ("len({AccountId.from_int(5), AccountId.from_int(5), AccountId.from_int(6)})", "2"),
        ("str(AccountId.from_int(5))", "'AccountId(value=5)'"),
        ("AccountGroupId.from_int(7)", "AccountGroupId(value=7)"),
        ("AccountGroupId.from_int(0)", "!ValueError: account group id must not equal the reserved default group"),
        ("AccountGroupId.from_int(-1)", "!OverflowError: account_group_id must be an integer in range 1..=4294967295"),
        (
            "AccountGroupId.from_int(2**32)",
            "!OverflowError: account_group_id must be an integer in range 1..=4294967295",
        ),
        ("AccountGroupId.from_string(' ')", "!ValueError: account group id string must not be empty"),
        ("AccountGroupId.from_string('3u25abs').value", "1"),
        ("AccountGroupId.DEFAULT", "AccountGroupId(value=0)"),
        ("param.DEFAULT_ACCOUNT_GROUP is AccountGroupId.DEFAULT", "True"),
        (
            "AccountId.from_int(-1)",
            "!OverflowError: account id must be a non-negative integer in range 0..=18446744073709551615",
        ),
        (
            "AccountId.from_int('1')",
            "!OverflowError: account id must be a non-negative integer in range 0..=18446744073709551615",
        ),
        (
            "AccountId.from_int(1.0)",
            "!OverflowError: account id must be a non-negative integer in range 0..=18446744073709551615",
        ),
        (
            "AccountId.from_int(5) < AccountId.from_int(6)",
            "!TypeError: '<' not supported between instances of 'openpit.param.AccountId' and 'openpit.param.AccountId'",
        ),
        ("setattr(AccountId.from_int(5), 'value', 3)", "!AttributeError"),
        ("InstrumentId(5)", "InstrumentId(5)"),
        ("InstrumentId(5) == InstrumentId(5)", "True"),
        ("InstrumentId(5) == 5", "False"),
        ("InstrumentId(5).value", "5"),
        ("InstrumentId(-1)", "!OverflowError: can't convert negative int to unsigned"),
        ("InstrumentId('5')", "!TypeError"),
        ("InstrumentId(5) < InstrumentId(6)", "!TypeError: InstrumentId supports only == and !="),
    ],
)
def test_numbers_accounts_and_groups(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Side.BUY", "<Side.BUY: 'BUY'>"),
        ("str(Side.BUY)", "'BUY'"),
        ("f'{Side.BUY}'", "'BUY'"),
        ("Side.BUY == 'BUY'", "True"),
        ("Side.BUY == 'buy'", "False"),
        ("Side.BUY is Side('BUY')", "True"),
        ("Side.BUY.opposite()", "<Side.SELL: 'SELL'>"),
        ("Side.SELL.sign()", "-1"),
        ("Side.BUY.is_buy()", "True"),
        ("isinstance(Side.BUY, str)", "True"),
        ("json.dumps(Side.BUY)", "'\"BUY\"'"),
        ("Side['SELL']", "<Side.SELL: 'SELL'>"),
        ("param.PositionSide.LONG.opposite()", "<PositionSide.SHORT: 'SHORT'>"),
        ("param.PositionSide.SHORT.is_short()", "True"),
        ("param.PositionMode('netting')", "<PositionMode.NETTING: 'netting'>"),
        ("param.PositionMode.HEDGED.value", "'hedged'"),
        ("param.Kind.CASH_FLOW", "<Kind.CASH_FLOW: 'CashFlow'>"),
        ("param.Kind('Quantity')", "<Kind.QUANTITY: 'Quantity'>"),
        ("len(param.FillType)", "5"),
        ("param.FillType.AUTO_DELEVERAGE", "<FillType.AUTO_DELEVERAGE: 'AUTO_DELEVERAGE'>"),
        ("int(PnlHaltReason.MISSING_COST_BASIS)", "4"),
        ("PnlHaltReason.MISSING_FX == 1", "True"),
        ("PnlHaltReason.MISSING_FX", "PnlHaltReason.MISSING_FX"),
        ("PnlHaltReason.MISSING_FX == PnlHaltReason.MISSING_FX", "True"),
        ("Side('buy')", "!ValueError: expected 'BUY' or 'SELL'"),
        ("Side(1)", "!ValueError: expected 'BUY' or 'SELL'"),
        ("param.PositionSide('flat')", "!ValueError: expected 'LONG' or 'SHORT'"),
        ("param.PositionEffect('flip')", "!ValueError: expected 'OPEN' or 'CLOSE'"),
        ("param.PositionMode('NETTING')", "!ValueError: expected 'netting' or 'hedged'"),
        (
            "param.FillType('manual')",
            "!ValueError: expected 'TRADE', 'LIQUIDATION', 'AUTO_DELEVERAGE', 'SETTLEMENT', or 'FUNDING'",
        ),
        ("param.Kind('quantity')", "!ValueError: 'quantity' is not a valid Kind"),
        ("hash(PnlHaltReason.MISSING_FX)", "!TypeError: unhashable type: 'openpit.pretrade.PnlHaltReason'"),
        ("PnlHaltReason(1)", "!TypeError"),
    ],
)
def test_lists_choices(expression, expected):
    check(expression, expected)
