"""Orders, execution reports and account adjustments.

An expected "!Type: text" is an exception; without a text only the type counts, because the text is the
interpreter's.
"""

import pytest
from expressions import check


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
