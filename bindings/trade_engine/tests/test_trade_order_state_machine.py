"""TE-4: the full matrix, and what fills do to an order."""

from decimal import Decimal as D

import pytest

STATES = ["CREATED", "PENDING", "SUBMITTED", "PARTIAL_FILL", "FILLED", "CANCELLED", "REJECTED", "CLOSED"]
ALLOWED = {
    ("CREATED", "PENDING"),
    ("CREATED", "REJECTED"),
    ("PENDING", "SUBMITTED"),
    ("PENDING", "CANCELLED"),
    ("PENDING", "REJECTED"),
    ("PENDING", "CLOSED"),
    ("SUBMITTED", "PARTIAL_FILL"),
    ("SUBMITTED", "FILLED"),
    ("SUBMITTED", "CANCELLED"),
    ("SUBMITTED", "REJECTED"),
    ("PARTIAL_FILL", "PARTIAL_FILL"),
    ("PARTIAL_FILL", "FILLED"),
    ("PARTIAL_FILL", "CANCELLED"),
    ("FILLED", "CLOSED"),
}
PATHS = {
    "CREATED": [],
    "PENDING": ["PENDING"],
    "SUBMITTED": ["PENDING", "SUBMITTED"],
    "PARTIAL_FILL": ["PENDING", "SUBMITTED", "PARTIAL_FILL"],
    "FILLED": ["PENDING", "SUBMITTED", "FILLED"],
    "CANCELLED": ["PENDING", "SUBMITTED", "CANCELLED"],
    "REJECTED": ["PENDING", "REJECTED"],
    "CLOSED": ["PENDING", "SUBMITTED", "FILLED", "CLOSED"],
}


def order_in(state, quantity=10):
    from trade_engine.models import Order, OrderState, Side

    order = Order("ES", Side.BUY, quantity)
    for step in PATHS[state]:
        order.transition_to(OrderState[step])
    return order


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("source", STATES)
def test_every_pair_of_states(source, target):
    from trade_engine.errors import InvalidTransition
    from trade_engine.models import OrderState

    order = order_in(source)
    if (source, target) in ALLOWED:
        order.transition_to(OrderState[target])
        assert order.state is OrderState[target]
        return
    with pytest.raises(InvalidTransition) as caught:
        order.transition_to(OrderState[target])
    assert order.state is OrderState[source]
    assert (caught.value.order_id, caught.value.current, caught.value.requested) == (
        order.order_id,
        OrderState[source],
        OrderState[target],
    )
    assert str(caught.value).startswith(f"Cannot transition order {order.order_id} from {source} to {target}")


def test_the_matrix_is_public_and_read_only():
    from trade_engine.models import VALID_TRANSITIONS, OrderState

    assert {(a.name, b.name) for a, targets in VALID_TRANSITIONS.items() for b in targets} == ALLOWED
    assert set(VALID_TRANSITIONS) == set(OrderState)
    with pytest.raises(TypeError):
        VALID_TRANSITIONS[OrderState.FILLED] = frozenset({OrderState.PENDING})


def test_state_cannot_be_assigned():
    from trade_engine.models import OrderState

    order = order_in("CANCELLED")
    with pytest.raises(AttributeError):
        order.state = OrderState.FILLED
    assert order.state is OrderState.CANCELLED


@pytest.mark.parametrize("state", STATES)
def test_terminal_states(state):
    order = order_in(state)
    assert order.is_terminal == (state in {"FILLED", "CANCELLED", "REJECTED", "CLOSED"})
    assert order.is_open is not order.is_terminal


def test_history_begins_with_created():
    assert [state.name for state, _ in order_in("FILLED").history] == ["CREATED", "PENDING", "SUBMITTED", "FILLED"]


def test_rejection_keeps_code_and_reason():
    from trade_engine.models import OrderState

    order = order_in("SUBMITTED")
    order.transition_to(OrderState.REJECTED, reason="market closed", code="MARKET_CLOSED")
    assert (order.rejection_code, order.rejection_reason) == ("MARKET_CLOSED", "market closed")


def test_partial_fills_and_the_average_price():
    from trade_engine.models import OrderState

    order = order_in("SUBMITTED")
    assert order.average_fill_price is None
    order.apply_fill(100, 3)
    assert (order.state, order.remaining_quantity, order.fill_ratio) == (OrderState.PARTIAL_FILL, 7, D("0.3"))
    order.apply_fill(101, 3)
    order.apply_fill("102.5", 4)
    assert order.state is OrderState.FILLED
    assert (order.filled_quantity, order.fill_count) == (10, 3)
    assert order.average_fill_price == D("101.3")  # (300 + 303 + 410) / 10


def test_an_average_that_does_not_end_is_rounded_to_ten_places():
    order = order_in("SUBMITTED", quantity=3)
    order.apply_fill(100, 1)
    order.apply_fill(101, 2)
    assert order.average_fill_price == D("100.6666666667")


@pytest.mark.parametrize("quantity", [5, "10.0000001"])
def test_an_order_cannot_be_overfilled_not_even_a_little(quantity):
    order = order_in("SUBMITTED")
    order.apply_fill(100, "5.0001") if quantity == 5 else None
    with pytest.raises(ValueError, match="exceeds remaining"):
        order.apply_fill(100, quantity)
    assert order.state.name == ("PARTIAL_FILL" if quantity == 5 else "SUBMITTED")


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_fill_has_a_positive_quantity(quantity):
    with pytest.raises(ValueError):
        order_in("SUBMITTED").apply_fill(100, quantity)


@pytest.mark.parametrize("state", ["CREATED", "PENDING", "FILLED", "CANCELLED", "REJECTED", "CLOSED"])
def test_only_a_working_order_takes_fills(state):
    from trade_engine.errors import InvalidTransition

    with pytest.raises(InvalidTransition):
        order_in(state).apply_fill(100, 1)


def test_free_standing_orders_have_ids_of_their_own():
    first, second = order_in("CREATED"), order_in("CREATED")
    assert first.order_id != second.order_id
    assert first.order_id.startswith("ORD-")


def test_engine_orders_are_numbered_and_pass_through_pending(make_engine):
    from trade_engine.models import Side, Signal

    engine = make_engine(max_positions=1)
    first = engine.submit_signal(Signal("AAA", Side.BUY, 0.1), current_price=10)
    second = engine.submit_signal(Signal("BBB", Side.BUY, 0.1), current_price=10)
    assert (first.order_id, second.order_id) == ("ORD-001", "ORD-002")
    assert [state.name for state, _ in first.history] == ["CREATED", "PENDING", "SUBMITTED", "FILLED"]
    assert [state.name for state, _ in second.history] == ["CREATED", "PENDING", "REJECTED"]


def test_an_order_needs_a_direction_and_no_negative_quantity():
    from trade_engine.models import Order, Side

    with pytest.raises(ValueError):
        Order("ES", Side.FLAT, 1)
    with pytest.raises(ValueError):
        Order("ES", Side.BUY, -1)


def test_the_order_manager_alone(clock):
    from trade_engine import EventStore
    from trade_engine.errors import UnknownOrder
    from trade_engine.models import OrderState, Side
    from trade_engine.order_manager import OrderManager

    store = EventStore()
    manager = OrderManager(store, clock=clock)
    order = manager.create_order("ES", Side.BUY, 2)
    manager.submit(order.order_id)
    manager.cancel(order.order_id)
    assert order.state is OrderState.CANCELLED and order.cancel_reason == "User requested"
    assert manager.get_open_orders() == [] and manager.total_orders == 1
    assert manager.get_orders_by_state(OrderState.CANCELLED) == [order]
    assert manager.get_order("ORD-999") is None
    with pytest.raises(UnknownOrder, match="Order ORD-999 not found"):
        manager.submit("ORD-999")
    assert [type(event).__name__ for event in store] == ["OrderCreated", "OrderSubmitted", "OrderCancelled"]
