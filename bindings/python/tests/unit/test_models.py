"""Orders, execution reports and account adjustments.

An expected "!Type: text" is an exception; without a text only the type counts, because the text is the
interpreter's.
"""

import pytest
from expressions import attribute_names, check


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("order_operation().side", "<Side.BUY: 'BUY'>"),
        ("order_operation(side=' sell ').side", "<Side.SELL: 'SELL'>"),
        ("order_operation(side='BUY').side is Side.BUY", "True"),
        ("order_operation().instrument is instrument", "True"),
        (
            "order_operation(instrument=..., underlying_asset='AAPL', settlement_asset='USD').instrument == instrument",
            "True",
        ),
        ("order_operation(underlying_asset='AAPL')", "!TypeError"),
        ("order_operation().account_id == account", "True"),
        ("order_operation().account_id is account", "False"),
        ("order_operation().trade_amount.as_quantity", "Quantity(Decimal('10.50'))"),
        ("order_operation().trade_amount", "TradeAmount.quantity(value=Quantity(10.50))"),
        ("order_operation(price='10.50').price", "Price(Decimal('10.50'))"),
        ("order_operation(price=-5).price", "Price(Decimal('-5'))"),
        ("order_operation(price=...).price", "None"),
        ("order_operation(side=None).side", "None"),
        ("order_operation(trade_amount=None).trade_amount", "None"),
        ("order_operation(account_id=None).account_id", "None"),
        ("order_operation().underlying_asset", "'AAPL'"),
        ("order_operation(trade_amount=order_operation().trade_amount).trade_amount.is_quantity", "True"),
        ("order_operation() == order_operation()", "False"),
        ("order_operation(side='hold')", "!TypeError: ValueError: invalid side \"hold\"; expected 'buy' or 'sell'"),
        ("order_operation(side=1)", "!TypeError: side must be a str or openpit.Side"),
        ("order_operation(trade_amount=5)", "!TypeError: trade_amount must be openpit.param.TradeAmount"),
        ("order_operation(trade_amount=Quantity(5))", "!TypeError: trade_amount must be openpit.param.TradeAmount"),
        ("order_operation(account_id=5)", "!TypeError: account_id must be openpit.param.AccountId"),
        ("order_operation(account_id='x')", "!TypeError: account_id must be openpit.param.AccountId"),
        ("order_operation(price=True)", "!ValueError: Price must be a Decimal, str, int, or float"),
        ("order_operation(price='x')", "!ParamError: invalid format for Price: 'x'"),
        ("order_operation(price=Quantity(1))", "!TypeError: Price must be a Decimal, str, int, or float"),
        ("order_operation(instrument='AAPL/USD')", "!TypeError: instrument must be openpit.core.Instrument"),
        ("order_operation(instrument=None)", "!AttributeError: 'NoneType' object has no attribute 'underlying_asset'"),
        ("order_operation(foo=1)", "!TypeError"),
        ("OrderPosition()", "OrderPosition(position_side=None, reduce_only=False, close_position=False)"),
        ("OrderPosition(position_side='long').position_side", "<PositionSide.LONG: 'LONG'>"),
        ("OrderPosition(position_side=5)", "!TypeError: position_side must be a str or openpit.PositionSide"),
        ("OrderPosition(reduce_only=1)", "!TypeError"),
        ("OrderPosition(close_position=True).close_position", "True"),
        ("OrderPosition(True)", "!TypeError"),
        ("OrderMargin()", "OrderMargin(leverage=None, collateral_asset=None, auto_borrow=False)"),
        ("OrderMargin(leverage=10).leverage", "Leverage(value=10.0)"),
        ("OrderMargin(leverage=10.15)", "!ValueError: invalid leverage value"),
        ("OrderMargin(leverage=True)", "!ValueError: leverage must be openpit.param.Leverage, int, or float"),
        ("OrderMargin(collateral_asset='')", "!ValueError: asset must not be empty"),
        ("OrderMargin(collateral_asset=5)", "!TypeError: asset must be a str"),
        ("OrderMargin(auto_borrow=None)", "!TypeError"),
        ("Order()", "Order(operation=None, position=None, margin=None)"),
        ("Order(operation=None).operation", "None"),
        ("(lambda o: Order(operation=o).operation is o)(order_operation())", "True"),
        ("Order(operation=object())", "!TypeError: operation must be openpit.core.OrderOperation"),
        ("Order(position=OrderMargin())", "!TypeError: position must be openpit.core.OrderPosition"),
        ("Order(margin=OrderPosition())", "!TypeError: margin must be openpit.core.OrderMargin"),
        ("Order('operation')", "!TypeError"),
        ("copy.copy(Order())", "!TypeError"),
        (
            "order_operation(side=param.PositionSide.LONG)",
            "!TypeError: ValueError: invalid side \"long\"; expected 'buy' or 'sell'",
        ),
        ("order_operation(side=...)", "!TypeError"),
        ("order_operation(account_id=...)", "!TypeError"),
        ("setattr(order_operation(), 'side', Side.SELL)", "!AttributeError"),
        ("setattr(order_operation(), 'instrument', instrument)", "!AttributeError"),
        (
            "OrderPosition(position_side='flat')",
            "!TypeError: ValueError: invalid position side \"flat\"; expected 'long' or 'short'",
        ),
        (
            "OrderMargin(leverage=10.1, collateral_asset='USD', auto_borrow=True)",
            "OrderMargin(leverage=Leverage(value=10.1), collateral_asset='USD', auto_borrow=True)",
        ),
        ("setattr(Order(), 'operation', order_operation())", "!AttributeError"),
    ],
)
def test_makes_orders(expression, expected):
    check(expression, expected)


NOTHING_SAID = (
    "OrderAttributes(client_order_id=None, replaces=None, order_type=None, time_in_force=None, expire_at=None, "
    "strategy=None, trader=None, venue=None, session=None, clearing_account=None, decision_maker=None, short=None, "
    "post_only=False, display_quantity=None, stop_price=None, decision_price=None)"
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("OrderAttributes()", NOTHING_SAID),
        (
            "Order(attributes=OrderAttributes())",
            f"Order(operation=None, position=None, margin=None, attributes={NOTHING_SAID})",
        ),
        ("(lambda a: Order(attributes=a).attributes is a)(OrderAttributes())", "True"),
        ("Order().attributes", "None"),
        ("Order(attributes=OrderMargin())", "!TypeError: attributes must be openpit.core.OrderAttributes"),
        ("OrderAttributes('id')", "!TypeError"),
        ("OrderAttributes(client_order_id='id').client_order_id", "'id'"),
        ("OrderAttributes(replaces='id').replaces", "'id'"),
        # What an id may be is a rule of the engine's, for those who set it.
        ("OrderAttributes(client_order_id='').client_order_id", "''"),
        ("len(OrderAttributes(client_order_id='x' * 65).client_order_id)", "65"),
        ("OrderAttributes(client_order_id=5)", "!TypeError: client_order_id must be a str"),
        ("OrderAttributes(replaces=b'id')", "!TypeError: replaces must be a str"),
        ("OrderAttributes(client_order_id='\\ud800')", "!UnicodeEncodeError"),
        ("type(OrderAttributes(client_order_id=Asset('id')).client_order_id)", "<class 'str'>"),
        (
            "OrderAttributes(order_type='LIMIT')",
            "!ValueError: invalid order_type 'LIMIT'; expected 'limit', 'market', 'stop' or 'stop_limit'",
        ),
        ("OrderAttributes(order_type=1)", "!TypeError: order_type must be a str"),
        (
            "OrderAttributes(time_in_force='gfd')",
            "!ValueError: invalid time_in_force 'gfd'; expected 'day', 'gtc', 'ioc', 'fok', 'gtd', 'at_open' or 'at_close'",
        ),
        ("OrderAttributes(short=True)", "!TypeError: short must be a str"),
        ("OrderAttributes(short='long')", "!ValueError: invalid short 'long'; expected 'short' or 'short_exempt'"),
        ("OrderAttributes(post_only=1)", "!TypeError"),
        ("OrderAttributes(post_only=True).post_only", "True"),
        ("OrderAttributes(expire_at=new_year).expire_at is new_year", "True"),
        ("OrderAttributes(expire_at=new_year.replace(tzinfo=None))", "!ValueError: expire_at must have a time zone"),
        ("OrderAttributes(expire_at=new_year.date())", "!TypeError: expire_at must be datetime.datetime"),
        ("OrderAttributes(expire_at=new_year.replace(year=1678)).expire_at.year", "1678"),
        (
            "OrderAttributes(expire_at=new_year.replace(year=1677))",
            "!ValueError: expire_at must be between the years 1678 and 2261",
        ),
        ("OrderAttributes(expire_at=new_year.replace(year=2262)).expire_at.year", "2262"),
        (
            "OrderAttributes(expire_at=new_year.replace(year=2263))",
            "!ValueError: expire_at must be between the years 1678 and 2261",
        ),
        ("OrderAttributes(display_quantity='1.50').display_quantity", "Quantity(Decimal('1.50'))"),
        ("OrderAttributes(display_quantity=-1)", "!ParamError: value must be non-negative for Quantity"),
        ("OrderAttributes(stop_price=-2).stop_price", "Price(Decimal('-2'))"),
        ("OrderAttributes(decision_price=3).decision_price", "Price(Decimal('3'))"),
        ("OrderAttributes(decision_price=Quantity(3))", "!TypeError: Price must be a Decimal, str, int, or float"),
        ("setattr(OrderAttributes(), 'strategy', 'x')", "!AttributeError"),
        ("setattr(OrderAttributes(), 'client_order_id', 'x')", "!AttributeError"),
        ("OrderAttributes() == OrderAttributes()", "False"),
        ("copy.copy(OrderAttributes())", "!TypeError"),
        ("pickle.dumps(OrderAttributes())", "!TypeError"),
    ],
)
def test_makes_attributes(expression, expected):
    check(expression, expected)


WORDS = {
    "order_type": ["limit", "market", "stop", "stop_limit"],
    "time_in_force": ["day", "gtc", "ioc", "fok", "gtd", "at_open", "at_close"],
    "short": ["short", "short_exempt"],
}
EVENTS = "accepted rejected replaced replace_rejected cancelled expired done fill restated trade_cancel".split()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [(f"OrderAttributes({name}='x').{name}", "'x'") for name in attribute_names]
    + [
        (f"[n for n in attribute_names if getattr(OrderAttributes({name}='x'), n)]", f"['{name}']")
        for name in attribute_names
    ]
    + [(f"OrderAttributes({name}='')", f"!ValueError: {name} must not be empty") for name in attribute_names]
    + [(f"OrderAttributes({name}=5)", f"!TypeError: {name} must be a str") for name in attribute_names]
    + [(f"OrderAttributes({name}={word!r}).{name}", repr(word)) for name, words in WORDS.items() for word in words]
    + [(f"ExecutionReportOrder(event={event!r}).event", repr(event)) for event in EVENTS],
)
def test_reads_names_and_words_back(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "ExecutionReportOrder()",
            "ExecutionReportOrder(client_order_id=None, order_id=None, execution_id=None, event=None)",
        ),
        (
            "ExecutionReportOrder(client_order_id='id', execution_id='trade')",
            "ExecutionReportOrder(client_order_id='id', order_id=None, execution_id='trade', event=None)",
        ),
        ("ExecutionReportOrder(order_id=0).order_id", "0"),
        ("ExecutionReportOrder(order_id=2**64 - 1).order_id", "18446744073709551615"),
        (
            "ExecutionReportOrder(order_id=2**64)",
            "!ValueError: order_id must be an integer in range 0..=18446744073709551615",
        ),
        (
            "ExecutionReportOrder(order_id=-1)",
            "!ValueError: order_id must be an integer in range 0..=18446744073709551615",
        ),
        ("ExecutionReportOrder(order_id='1')", "!TypeError: order_id must be an integer"),
        ("ExecutionReportOrder(order_id=True)", "!TypeError: order_id must be an integer"),
        ("ExecutionReportOrder(execution_id=1)", "!TypeError: execution_id must be a str"),
        (
            "ExecutionReportOrder(event='filled')",
            "!ValueError: invalid event 'filled'; expected 'accepted', 'rejected', 'replaced', 'replace_rejected', 'cancelled', 'expired', 'done', 'fill', 'restated' or 'trade_cancel'",
        ),
        ("ExecutionReportOrder('id')", "!TypeError"),
        ("setattr(ExecutionReportOrder(), 'event', 'fill')", "!AttributeError"),
        ("pickle.dumps(ExecutionReportOrder())", "!TypeError"),
        ("(lambda o: ExecutionReport(order=o).order is o)(ExecutionReportOrder())", "True"),
        ("ExecutionReport().order", "None"),
        ("ExecutionReport(order=Order())", "!TypeError: order must be openpit.core.ExecutionReportOrder"),
        ("'order=ExecutionReportOrder(' in repr(ExecutionReport(order=ExecutionReportOrder()))", "True"),
        ("'order' in repr(ExecutionReport())", "False"),
        ("EquityOperation('USD')", "AccountAdjustmentEquityOperation(asset='USD')"),
        ("EquityOperation(asset='USD').asset", "'USD'"),
        ("EquityOperation()", "!TypeError"),
        ("EquityOperation(None)", "!TypeError: asset must be a str"),
        ("EquityOperation('')", "!ValueError: asset must not be empty"),
        (
            "LedgerPositionOperation(instrument, 5, strategy='s', trader='t', venue='v')",
            "AccountAdjustmentLedgerPositionOperation(instrument=Instrument(underlying_asset=\"AAPL\", settlement_asset=\"USD\"), average_entry_price=Price(Decimal('5')), strategy='s', trader='t', venue='v')",
        ),
        ("LedgerPositionOperation(instrument=instrument, average_entry_price=None).average_entry_price", "None"),
        ("LedgerPositionOperation(instrument, 5).strategy", "None"),
        ("LedgerPositionOperation(instrument, 5, 'strategy')", "!TypeError"),
        ("LedgerPositionOperation(instrument)", "!TypeError"),
        ("LedgerPositionOperation('AAPL/USD', 5)", "!TypeError: instrument must be openpit.core.Instrument"),
        ("LedgerPositionOperation(instrument, 5, venue='')", "!ValueError: venue must not be empty"),
        ("LedgerPositionOperation(instrument, 5, trader=1)", "!TypeError: trader must be a str"),
        ("(lambda o: Adjustment(operation=o).operation is o)(EquityOperation('USD'))", "True"),
        ("(lambda o: Adjustment(operation=o).operation is o)(LedgerPositionOperation(instrument, 5))", "True"),
        (
            "openpit.AccountAdjustmentEquityOperation is openpit.core.AccountAdjustmentEquityOperation is EquityOperation",
            "True",
        ),
        ("openpit.AccountAdjustmentLedgerPositionOperation is LedgerPositionOperation", "True"),
    ],
)
def test_makes_what_reports_and_adjustments_say_besides(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("report_operation(side='sell').side", "<Side.SELL: 'SELL'>"),
        ("report_operation().account_id == account", "True"),
        ("report_operation(account_id=1)", "!TypeError: account_id must be openpit.param.AccountId"),
        ("report_operation(side='x')", "!TypeError: ValueError: invalid side \"x\"; expected 'buy' or 'sell'"),
        ("FinancialImpact(pnl=5, fee='0.10')", "FinancialImpact(pnl=Pnl(Decimal('5')), fee=Fee(Decimal('0.10')))"),
        ("FinancialImpact(pnl='5.50', fee=0).pnl", "Pnl(Decimal('5.50'))"),
        ("FinancialImpact(pnl=Fee(1), fee=1)", "!TypeError: Pnl must be a Decimal, str, int, or float"),
        ("FinancialImpact(pnl=None, fee=1)", "!ValueError: Pnl must be a Decimal, str, int, or float"),
        ("FinancialImpact(pnl=True, fee=1)", "!ValueError: Pnl must be a Decimal, str, int, or float"),
        ("FinancialImpact(pnl=5)", "!TypeError"),
        ("ExecutionReportFillDetails(lock=None)", "!TypeError"),
        ("ExecutionReportFillDetails(lock=[])", "!TypeError"),
        ("ExecutionReportFillDetails(last_trade=trade, lock=Lock()).last_trade is trade", "False"),
        ("ExecutionReportFillDetails(last_trade=5, lock=Lock())", "!TypeError"),
        (
            "ExecutionReportFillDetails(fee=MonetaryAmount(Fee('0.25'),'USD'), lock=Lock()).fee == MonetaryAmount(Fee('0.25'),'USD')",
            "True",
        ),
        ("ExecutionReportFillDetails(fee=Fee(1), lock=Lock())", "!TypeError: fee must be openpit.param.MonetaryAmount"),
        (
            "ExecutionReportFillDetails(leaves_quantity='3.50', lock=Lock()).leaves_quantity",
            "Quantity(Decimal('3.50'))",
        ),
        (
            "ExecutionReportFillDetails(leaves_quantity=-1, lock=Lock())",
            "!ParamError: value must be non-negative for Quantity",
        ),
        ("ExecutionReportFillDetails(is_final=False, lock=Lock()).is_final", "False"),
        ("ExecutionReportFillDetails(lock=Lock()).is_final", "None"),
        ("ExecutionReportFillDetails(is_final=1, lock=Lock())", "!TypeError"),
        ("ExecutionReportFillDetails(lock=Lock([(0,101)])).lock", "Lock([(0, 101)])"),
        ("ExecutionReportFillDetails(lock=Lock([(0,101)])).lock == Lock([(0,101)])", "True"),
        (
            "ExecutionReportPositionImpact(position_effect=5)",
            "!TypeError: position_effect must be a str or openpit.PositionEffect",
        ),
        (
            "ExecutionReport()",
            "ExecutionReport(operation=None, financial_impact=None, fill=None, position_impact=None)",
        ),
        ("(lambda f: ExecutionReport(fill=f).fill is f)(ExecutionReportFillDetails(lock=Lock()))", "True"),
        ("ExecutionReport(fill=object())", "!TypeError: fill must be openpit.core.ExecutionReportFillDetails"),
        (
            "ExecutionReport(operation=order_operation())",
            "!TypeError: operation must be openpit.core.ExecutionReportOperation",
        ),
        ("ExecutionReportOperation()", "!TypeError"),
        ("FinancialImpact(Pnl(1), Fee(1))", "!TypeError"),
        (
            "ExecutionReportFillDetails(lock=Lock())",
            "ExecutionReportFillDetails(last_trade=None, fee=None, leaves_quantity=None, lock=Lock([]), is_final=None)",
        ),
        ("ExecutionReportFillDetails()", "!TypeError"),
        (
            "ExecutionReportFillDetails(last_trade=trade, lock=Lock()).last_trade",
            "Trade(price=Price(Decimal('102.50')), quantity=Quantity(Decimal('7')))",
        ),
        (
            "ExecutionReportPositionImpact(position_effect='close', position_side='SHORT').position_effect",
            "<PositionEffect.CLOSE: 'CLOSE'>",
        ),
        (
            "ExecutionReportPositionImpact(position_effect='x')",
            "!TypeError: ValueError: invalid position effect \"x\"; expected 'open' or 'close'",
        ),
        ("ExecutionReport('operation')", "!TypeError"),
        ("setattr(ExecutionReport(), 'fill', None)", "!AttributeError"),
    ],
)
def test_makes_reports(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Amount(balance=AdjustmentAmount.delta(5)).balance", "AdjustmentAmount.delta(value=PositionSize(5))"),
        ("type(Amount(balance=AdjustmentAmount.delta(5)).balance) is AdjustmentAmount", "True"),
        ("Amount().held", "None"),
        ("Amount(balance=5)", "!TypeError: value must be openpit.param.AdjustmentAmount"),
        ("Amount(AdjustmentAmount.delta(5))", "!TypeError"),
        (
            "BalanceOperation(asset='USD', realized_pnl=PnlHaltReason.MISSING_FX).realized_pnl",
            "PnlHaltReason.MISSING_FX",
        ),
        (
            "BalanceOperation(asset='USD', realized_pnl=PnlHaltReason.MISSING_FX).realized_pnl == PnlHaltReason.MISSING_FX",
            "True",
        ),
        ("BalanceOperation(asset='USD', realized_pnl=12).realized_pnl", "Pnl(Decimal('12'))"),
        ("BalanceOperation(asset='USD', average_entry_price=-1).average_entry_price", "Price(Decimal('-1'))"),
        ("BalanceOperation(asset=None).asset", "None"),
        ("BalanceOperation()", "!TypeError"),
        ("BalanceOperation(asset='')", "!ValueError: asset must not be empty"),
        ("BalanceOperation(asset=5)", "!TypeError: asset must be a str"),
        ("BalanceOperation(asset='USD', realized_pnl=Fee(1))", "!TypeError: Pnl must be a Decimal, str, int, or float"),
        ("position_operation(mode='NETTING').mode", "<PositionMode.NETTING: 'netting'>"),
        ("position_operation(leverage=10).leverage", "Leverage(value=10.0)"),
        ("position_operation().instrument is instrument", "True"),
        ("position_operation(average_entry_price=None).average_entry_price", "None"),
        (
            "position_operation(mode='x')",
            "!TypeError: ValueError: invalid position mode \"x\"; expected 'netting' or 'hedged'",
        ),
        ("position_operation(mode=5)", "!TypeError: mode must be a str or openpit.param.PositionMode"),
        ("position_operation(leverage=True)", "!ValueError: leverage must be openpit.param.Leverage, int, or float"),
        ("position_operation(instrument=object())", "!TypeError: instrument must be openpit.core.Instrument"),
        ("AccountPnlOperation(state=Pnl('12.5'))", "AccountAdjustmentAccountPnlOperation(state=Pnl(Decimal('12.5')))"),
        (
            "AccountPnlOperation(state=PnlHaltReason.MISSING_FX)",
            "AccountAdjustmentAccountPnlOperation(state=PnlHaltReason.MISSING_FX)",
        ),
        ("AccountPnlOperation(state=5).state", "Pnl(Decimal('5'))"),
        ("AccountPnlOperation(state=None)", "!ValueError: Pnl must be a Decimal, str, int, or float"),
        ("AccountPnlOperation(state=Fee(1))", "!TypeError: Pnl must be a Decimal, str, int, or float"),
        ("Bounds(incoming_lower=PositionSize(-2)).incoming_lower", "PositionSize(Decimal('-2'))"),
        ("Bounds(balance_lower=5, balance_upper=1).balance_lower", "PositionSize(Decimal('5'))"),
        ("Bounds(balance_upper=Quantity(5))", "!TypeError: PositionSize must be a Decimal, str, int, or float"),
        ("Bounds(balance_upper=True)", "!ValueError: PositionSize must be a Decimal, str, int, or float"),
        ("Adjustment()", "AccountAdjustment(operation=None, amount=None, bounds=None)"),
        ("(lambda o: Adjustment(operation=o).operation is o)(BalanceOperation(asset='USD'))", "True"),
        ("Adjustment(amount=OrderMargin())", "!TypeError: amount must be openpit.account_adjustment.Amount"),
        ("Adjustment(bounds=OrderPosition())", "!TypeError: bounds must be openpit.account_adjustment.Bounds"),
        (
            "BalanceOperation(asset='USD', average_entry_price='1.50', realized_pnl='12.5')",
            "AccountAdjustmentBalanceOperation(asset='USD', average_entry_price=Price(Decimal('1.50')), realized_pnl=Pnl(Decimal('12.5')))",
        ),
        ("position_operation(mode=...)", "!TypeError"),
        ("AccountPnlOperation(pnl=Pnl(1))", "!TypeError"),
        (
            "Adjustment(operation=Order())",
            "!TypeError: operation must be openpit.account_adjustment.BalanceOperation, openpit.account_adjustment.PositionOperation, or openpit.account_adjustment.AccountPnlOperation",
        ),
        (
            "(openpit.AccountAdjustment is Adjustment, openpit.core.AccountAdjustmentAmount is Amount, Adjustment.__name__, Adjustment.__module__)",
            "(True, True, 'Adjustment', 'openpit.account_adjustment')",
        ),
    ],
)
def test_makes_adjustments(expression, expected):
    check(expression, expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("SubOrder('x').tag", "'x'"),
        ("SubOrder('x').operation", "None"),
        ("isinstance(SubOrder('x'), openpit.Order)", "True"),
        ("SubImpact(pnl=1, fee=1, tag='x')", "!TypeError"),
    ],
)
def test_may_be_derived_from(expression, expected):
    check(expression, expected)
