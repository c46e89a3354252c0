"""Classes derived from the models: their own attributes, and what they leave out."""

import gc
import weakref

import pytest
from expressions import instrument, order_operation, report_operation

from openpit import (
    AccountAdjustment,
    AccountAdjustmentBounds,
    ExecutionReport,
    ExecutionReportFillDetails,
    ExecutionReportOrder,
    FinancialImpact,
    Instrument,
    Order,
    OrderAttributes,
    OrderMargin,
    OrderPosition,
)
from openpit.param import TradeAmount
from openpit.pretrade import Lock

MODELS = [
    lambda: Instrument("AAPL", "USD"),
    lambda: TradeAmount.quantity(1),
    lambda: Lock(),
    Order,
    OrderPosition,
    OrderMargin,
    lambda: OrderAttributes(client_order_id="id"),
    lambda: ExecutionReportOrder(execution_id="id"),
    order_operation,
    report_operation,
    lambda: FinancialImpact(pnl=1, fee=1),
    lambda: ExecutionReportFillDetails(lock=Lock()),
    ExecutionReport,
    AccountAdjustment,
    AccountAdjustmentBounds,
]


@pytest.mark.parametrize("make", MODELS)
def test_takes_attributes_of_ones_own(make):
    model = make()
    model.tag = "x"
    assert model.__dict__ == {"tag": "x"}


@pytest.mark.parametrize("make", MODELS)
def test_is_collected_with_a_cycle_through_itself(make):
    model = make()
    model.itself = model
    reference = weakref.ref(model)
    del model
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize("base", [Order, ExecutionReport, AccountAdjustment])
def test_an_aggregate_without_init_has_no_groups(base):
    class Tagged(base):
        def __init__(self, tag):
            self.tag = tag

    tagged = Tagged("x")
    assert tagged.tag == "x"
    assert tagged.operation is None


def test_keeps_the_very_group_objects():
    class TaggedPosition(OrderPosition):
        pass

    position = TaggedPosition(reduce_only=True)
    position.tag = "x"
    order = Order(position=position)
    assert order.position is position
    assert order.position.tag == "x"


def test_a_renamed_asset_leaves_the_instrument_alone():
    operation = order_operation()
    operation.settlement_asset = "EUR"
    assert operation.settlement_asset == "EUR"
    assert operation.instrument is instrument
    assert instrument.settlement_asset == "USD"


def test_a_subclass_may_take_its_arguments_in_new():
    class Free(FinancialImpact):
        def __new__(cls, amount):
            return super().__new__(cls, pnl=amount, fee=0)

    assert str(Free("2.5").pnl) == "2.5"


def test_factories_make_the_base_class_and_a_copy_makes_the_subclass():
    class Mine(TradeAmount):
        pass

    assert type(Mine.quantity(1)) is TradeAmount
    assert type(Mine(TradeAmount.quantity(1))) is Mine


def test_a_quantity_has_one_of_two_names():
    fill = ExecutionReportFillDetails(lock=Lock(), remaining_reserved_quantity=5)
    assert fill.leaves_quantity == fill.remaining_reserved_quantity
    with pytest.raises(TypeError):
        ExecutionReportFillDetails(lock=Lock(), leaves_quantity=5, remaining_reserved_quantity=5)
