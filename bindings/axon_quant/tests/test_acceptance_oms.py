"""contract/axon/oms.md"""

import json
import threading
import uuid
from decimal import Decimal

import pytest

import axon_quant
from axon_quant.oms import (
    OrderManager,
    Order,
    OrderStatus,
    Side,
    OrderType,
    Portfolio,
    Position,
    OmsError,
    limit_order,
    market_order,
    make_order_status,
)

UNKNOWN = "00000000-0000-0000-0000-000000000000"
KINDS = ["New", "Submitted", "Acknowledged", "PartiallyFilled", "Filled", "Cancelled", "Rejected", "Expired"]


def status(kind, qty="1", price="100"):
    if kind == "PartiallyFilled":
        return make_order_status(kind, filled_qty="0.5", avg_price=price)
    if kind == "Filled":
        return make_order_status(kind, filled_qty=qty, avg_price=price)
    if kind == "Rejected":
        return make_order_status(kind, reason="no")
    return make_order_status(kind)


def acknowledged(mgr, order=None):
    oid = mgr.submit(order or limit_order("BTC-USDT", "Buy", 1, 100))
    mgr.update_status(oid, make_order_status("Acknowledged"))
    return oid


def funded(amount=100_000):
    mgr = OrderManager()
    mgr.deposit("USDT", amount)
    return mgr


def fill(mgr, oid, fill_id, price, quantity, fee=0, symbol="BTC-USDT", **more):
    mgr.add_fill(order_id=oid, fill_id=fill_id, symbol=symbol, price=price, quantity=quantity, fee=fee, **more)


def code_of(call, *args, **kwargs):
    with pytest.raises(OmsError) as e:
        call(*args, **kwargs)
    assert e.value.args[1].startswith(f"[{e.value.args[0]}] ")
    return e.value.args[0]


# --- the page's examples -------------------------------------------------------------------------------------------


def test_page_full_lifecycle_and_batches():
    # 1) Create OMS + initial funding
    mgr = OrderManager()
    mgr.deposit("USDT", 100_000)
    # 2) Submit order -> returns order_id (UUID 36 chars)
    oid = mgr.submit(
        limit_order(
            "BTC-USDT",
            "Buy",
            quantity=1,
            price=50_000,
            idempotency_key="my-bot-001",
        )
    )
    assert len(oid) == 36 and mgr.active_count() == 1
    # 3) Advance state machine
    mgr.update_status(oid, make_order_status("Acknowledged"))
    # 4) Push fill event (partial fill) -> portfolio auto-updated
    mgr.add_fill(
        order_id=oid,
        fill_id="f1",
        symbol="BTC-USDT",
        price=50_000,
        quantity=0.6,
        fee=0,
    )
    s = mgr.get_order_status(oid)
    assert s.kind == "PartiallyFilled"
    assert s.filled_qty == "0.6"
    # 5) Query portfolio
    snap = mgr.snapshot_balance()
    assert snap["cash"]["USDT"] == "70000.0"
    pos = snap["positions"]["BTC-USDT"]
    assert pos.quantity == "0.6"
    assert pos.avg_price == "50000"
    # 6) Push completing fill -> terminal state
    mgr.add_fill(
        order_id=oid,
        fill_id="f2",
        symbol="BTC-USDT",
        price=51_000,
        quantity=0.4,
        fee=0,
    )
    assert mgr.get_order_status(oid) is None  # Filled removed from active

    # Idempotency key dedup (re-submit with same key raises DuplicateIdempotencyKey)
    oid_a = mgr.submit(limit_order("BTC-USDT", "Buy", 0.1, 50_000, idempotency_key="batch-1"))
    try:
        oid_a2 = mgr.submit(limit_order("BTC-USDT", "Buy", 0.1, 50_000, idempotency_key="batch-1"))  # noqa: F841
    except OmsError as e:
        assert e.args[0] == "DuplicateIdempotencyKey"
        assert e.existing_order_id == oid_a
    else:
        pytest.fail("the duplicate was accepted")
    # Batch submit (loops submit, throws first error on failure)
    oids = mgr.batch_submit(
        [
            limit_order("ETH-USDT", "Buy", 1, 3_000, idempotency_key="batch-2"),
            limit_order("SOL-USDT", "Buy", 10, 100, idempotency_key="batch-3"),
        ]
    )
    assert len(oids) == 2
    assert mgr.active_count() == 3 and mgr.history_count() == 4

    # what the completing fill left behind (R6.8)
    snap = mgr.snapshot_balance()
    pos = snap["positions"]["BTC-USDT"]
    assert (snap["cash"]["USDT"], pos.quantity, pos.avg_price) == ("49600.0", "1.0", "50400")


def test_page_order_status():
    status = make_order_status("PartiallyFilled", filled_qty=0.6, avg_price=50_000)
    assert status.kind == "PartiallyFilled"
    assert status.filled_qty == "0.6"
    assert status.avg_price == "50000"
    assert status.is_terminal() is False
    # Terminal predicate
    filled = make_order_status("Filled", filled_qty=1, avg_price=50_000)
    assert filled.is_terminal() is True
    cancelled = make_order_status("Cancelled", reason="user_cancelled")
    assert cancelled.is_terminal() is True


def test_page_standalone_portfolio():
    p = Portfolio()
    p.deposit("USDT", 100_000)
    p.deposit("BTC", 1.5)
    p.apply_fill(
        fill_id="f1",
        symbol="BTC-USDT",
        price=50_000,
        quantity=0.6,
        fee=0,
    )
    assert p.cash["USDT"] == "70000.0"
    assert p.positions["BTC-USDT"].quantity == "0.6"
    assert p.position_count() == 1
    # Serialize
    d = p.to_dict()
    assert set(d) == {"cash", "positions", "position_count"} and d["position_count"] == 1
    assert d["cash"] == {"USDT": "70000.0", "BTC": "1.5"} and d["positions"]["BTC-USDT"].avg_price == "50000"


def test_page_decimal_bridge():
    o = limit_order("BTC-USDT", "Buy", Decimal("0.1"), Decimal("50000.5"))
    assert o.quantity == "0.1" and o.price == "50000.5"


def test_page_oms_error():
    mgr = OrderManager()
    caught = None
    try:
        mgr.cancel("not-a-uuid")
    except axon_quant.oms.OmsError as e:  # actually Exception subclass
        code = e.args[0]
        msg = e.args[1]
        caught = (code, msg)
    assert caught[0] == "OrderNotFound" and caught[1].startswith("[OrderNotFound] ") and "not-a-uuid" in caught[1]


# --- types and factories (§1) ------------------------------------------------------------------------------------------


def test_enums():  # R1.1
    assert [int(Side.Buy), int(Side.Sell)] == [0, 1]
    assert [int(t) for t in (OrderType.Limit, OrderType.Market, OrderType.StopLoss, OrderType.StopLimit)] == [
        0,
        1,
        2,
        3,
    ]
    assert (str(Side.Buy), repr(Side.Sell), str(OrderType.Limit), repr(OrderType.StopLimit)) == (
        "Buy",
        "Side.Sell",
        "Limit",
        "OrderType.StopLimit",
    )


def test_limit_order_fields():  # R1.2-R1.6
    o = limit_order("BTC-USDT", "sell", 0.5, 50_000, idempotency_key="k1")
    assert (o.symbol, o.side, o.order_type, o.quantity, o.price, o.idempotency_key) == (
        "BTC-USDT",
        Side.Sell,
        OrderType.Limit,
        "0.5",
        "50000",
        "k1",
    )
    assert uuid.UUID(o.order_id).version == 7 and len(o.order_id) == 36
    assert o.status.kind == "New" and o.status.filled_qty is None
    assert o.to_dict() == {
        "order_id": o.order_id,
        "symbol": "BTC-USDT",
        "side": "Sell",
        "order_type": "Limit",
        "quantity": "0.5",
        "price": "50000",
        "status": "New",
        "idempotency_key": "k1",
    }
    assert (
        repr(limit_order("BTC-USDT", "Buy", "0.1", "50000.5"))
        == "Order(symbol=BTC-USDT, side=Buy, order_type=Limit, qty=0.1, price=50000.5, status=New)"
    )
    assert "idempotency_key" not in limit_order("X", "Buy", 1, 1).to_dict()


def test_market_order_has_price_zero():  # R1.6
    o = market_order("ETH-USDT", "BUY", 5)
    assert (o.order_type, o.price, o.quantity, o.side) == (OrderType.Market, "0", "5", Side.Buy)


def test_order_class_takes_enums_or_text():  # R1.2
    a = Order("BTC-USDT", Side.Buy, OrderType.StopLimit, 1, 2)
    b = Order(
        symbol="BTC-USDT", side="buy", order_type="stoplimit", quantity="1", price=Decimal(2), idempotency_key="k"
    )
    assert (a.side, a.order_type) == (b.side, b.order_type) == (
        Side.Buy,
        OrderType.StopLimit,
    ) and b.idempotency_key == "k"


def test_ids_are_unique_and_ordered_by_time():  # R1.3
    ids = [limit_order("X", "Buy", 1, 1).order_id for _ in range(200)]
    assert len(set(ids)) == 200 and ids == sorted(ids)


@pytest.mark.parametrize(
    "args",
    [
        ("X", "byu", 1, 1),
        ("X", "Buy", 0, 1),
        ("X", "Buy", -1, 1),
        ("X", "Buy", 1, 0),
        ("X", "Buy", 1, -5),
        ("", "Buy", 1, 1),
        ("X", "Buy", "abc", 1),
        ("X", "Buy", None, 1),
        ("X", "Buy", True, 1),
        ("X", "Buy", float("nan"), 1),
        ("X", "Buy", 1, "Infinity"),
        ("X", "Buy", 1, 1, ""),
    ],
)
def test_bad_orders_are_refused(args):  # R1.7
    with pytest.raises(OmsError) as e:
        limit_order(*args)
    assert isinstance(e.value, ValueError) and e.value.args[0] == "Portfolio"


@pytest.mark.parametrize("kind", KINDS)
def test_eight_states(kind):  # R1.8
    s = status(kind)
    assert (
        s.kind == kind
        and s == status(kind)
        and s.is_terminal() is (kind in ("Filled", "Cancelled", "Rejected", "Expired"))
    )
    assert repr(s).startswith(f"OrderStatus.{kind}")
    assert len({s, status(kind)}) == 1


def test_three_ways_to_make_a_status():  # R1.9, R1.10
    a = make_order_status("PartiallyFilled", 0.6, 50_000)
    assert a == OrderStatus.from_dict(
        {"kind": "PartiallyFilled", "filled_qty": Decimal("0.6"), "avg_price": "50000", "noise": 1}
    )
    assert a == OrderStatus(kind="PartiallyFilled", filled_qty="0.6", avg_price=50_000)
    assert repr(a) == "OrderStatus.PartiallyFilled(filled_qty=0.6, avg_price=50000)"
    assert repr(make_order_status("Acknowledged")) == "OrderStatus.Acknowledged"
    assert repr(make_order_status("Rejected", reason="min notional")) == "OrderStatus.Rejected(reason='min notional')"
    assert make_order_status("Cancelled", filled_qty=0.05).filled_qty == "0.05"
    assert make_order_status("Cancelled", reason="user_cancelled").reason == "user_cancelled"
    with pytest.raises(KeyError):
        OrderStatus.from_dict({"filled_qty": "1"})


@pytest.mark.parametrize(
    "kwargs",
    [
        {"kind": "Nope"},
        {"kind": "filled_"},
        {"kind": "Filled"},
        {"kind": "Filled", "filled_qty": 1},
        {"kind": "PartiallyFilled", "avg_price": 1},
        {"kind": "PartiallyFilled", "filled_qty": 0, "avg_price": 1},
        {"kind": "Rejected"},
        {"kind": "Filled", "filled_qty": "x", "avg_price": 1},
    ],
)
def test_incomplete_states_are_errors_not_crashes(kwargs):  # R1.9, D7
    with pytest.raises(OmsError) as e:
        make_order_status(**kwargs)
    assert isinstance(e.value, ValueError) and e.value.args[0] == "InvalidTransition"


# --- the state machine (§3): the full matrix ---------------------------------------------------------------------------------


ALLOWED = {
    "Submitted": {"Acknowledged", "Cancelled", "Rejected", "Expired"},
    "Acknowledged": {"PartiallyFilled", "Filled", "Cancelled", "Rejected", "Expired"},
    "PartiallyFilled": {"PartiallyFilled", "Filled", "Cancelled", "Expired"},
    "Filled": set(),
    "Cancelled": set(),
    "Rejected": set(),
    "Expired": set(),
}


def put(mgr, kind):
    oid = mgr.submit(limit_order("BTC-USDT", "Buy", 1, 100))
    path = {
        "Submitted": [],
        "Acknowledged": ["Acknowledged"],
        "PartiallyFilled": ["Acknowledged", "PartiallyFilled"],
        "Filled": ["Acknowledged", "Filled"],
        "Cancelled": ["Cancelled"],
        "Rejected": ["Rejected"],
        "Expired": ["Expired"],
    }[kind]
    for step in path:
        mgr.update_status(oid, status(step))
    return oid


@pytest.mark.parametrize("target", KINDS)
@pytest.mark.parametrize("start", list(ALLOWED))
def test_transition_matrix(start, target):  # §3
    mgr = OrderManager()
    oid = put(mgr, start)
    if target in ALLOWED[start]:
        mgr.update_status(oid, status(target))
        assert mgr.get_order(oid)["status"] == target
        assert (mgr.get_order_status(oid) is None) is (target in ("Filled", "Cancelled", "Rejected", "Expired"))
    else:
        with pytest.raises(OmsError) as e:
            mgr.update_status(oid, status(target))
        assert e.value.args[0] == "InvalidTransition" and f"{start} -> {target}" in e.value.args[1]
        assert mgr.get_order(oid)["status"] == start


@pytest.mark.parametrize(
    "start,ok",
    [
        ("Submitted", True),
        ("Acknowledged", True),
        ("PartiallyFilled", True),
        ("Filled", False),
        ("Cancelled", False),
        ("Rejected", False),
        ("Expired", False),
    ],
)
def test_cancel_from_every_state(start, ok):  # R2.4, R3.3, AlreadyTerminal
    mgr = OrderManager()
    oid = put(mgr, start)
    if ok:
        mgr.cancel(oid)
        assert mgr.active_count() == 0 and mgr.history_count() == 1 and mgr.get_order_status(oid) is None
    else:
        assert code_of(mgr.cancel, oid) == "AlreadyTerminal"


def test_fills_need_an_acknowledged_order():  # R3.1, R3.3
    mgr = funded()
    oid = put(mgr, "Submitted")
    assert code_of(fill, mgr, oid, "f", 100, 1) == "InvalidTransition"
    for kind in ("Filled", "Cancelled", "Rejected", "Expired"):
        assert code_of(fill, mgr, put(mgr, kind), "f", 100, 1) == "AlreadyTerminal"


def test_quantities_in_status_updates_are_checked():  # R3.4, R3.5
    mgr = funded()
    oid = acknowledged(mgr)
    fill(mgr, oid, "f1", 100, "0.4")
    for bad in (
        make_order_status("PartiallyFilled", "0.3", 100),
        make_order_status("PartiallyFilled", "1", 100),
        make_order_status("Filled", "0.9", 100),
        make_order_status("Cancelled", filled_qty="0.1"),
    ):
        assert code_of(mgr.update_status, oid, bad) == "InvalidTransition"
    mgr.update_status(oid, make_order_status("Cancelled", reason="user"))
    assert mgr.get_order(oid)["filled_qty"] == "0.4"


# --- the manager (§2) ------------------------------------------------------------------------------------------------------------


def test_a_new_manager_is_empty():  # R2.9, R2.11
    mgr = OrderManager()
    assert (mgr.active_count(), mgr.history_count(), mgr.snapshot_positions(), repr(mgr)) == (
        0,
        0,
        [],
        "OrderManager(active=0, history=0)",
    )
    snap = mgr.snapshot_balance()
    assert snap["cash"] == {} and snap["positions"] == {} and snap["as_of"].startswith("20")


def test_submit_gives_submitted_and_copies():  # R2.2, R1.4
    mgr = OrderManager()
    order = limit_order("BTC-USDT", "Buy", 0.1, 50_000)
    oid = mgr.submit(order)
    assert oid == order.order_id and mgr.get_order_status(oid).kind == "Submitted" and order.status.kind == "New"
    assert code_of(mgr.submit, order) == "DuplicateIdempotencyKey"
    assert mgr.history_count() == 1


def test_deposit_and_withdraw():  # R2.1
    mgr = funded("100.00")
    mgr.deposit("USDT", 0.5)
    mgr.withdraw("USDT", "0.50")
    assert mgr.snapshot_balance()["cash"] == {"USDT": "100.00"}
    for call in (lambda: mgr.withdraw("USDT", 200), lambda: mgr.withdraw("EUR", 1), lambda: mgr.deposit("USDT", -1)):
        with pytest.raises(OmsError) as e:
            call()
        assert e.value.args[0] == "Portfolio" and isinstance(e.value, ValueError)


def test_batch_submit_stops_at_the_first_error():  # R2.3
    mgr = OrderManager()
    orders = [limit_order("X", "Buy", 1, 1, idempotency_key=k) for k in ("a", "b", "a", "c")]
    assert code_of(mgr.batch_submit, orders) == "DuplicateIdempotencyKey"
    assert mgr.active_count() == 2
    mgr = OrderManager()
    assert code_of(mgr.batch_submit, orders, atomic=True) == "DuplicateIdempotencyKey"
    assert mgr.active_count() == 0 and len(mgr.batch_submit(orders[:2], atomic=True)) == 2


def test_snapshot_counts_versions():  # R2.10
    mgr = OrderManager()
    oid = mgr.submit(limit_order("X", "Buy", 1, 1))
    assert mgr.snapshot() == {"version": 1, "active_orders": {oid: "Submitted"}, "history_count": 1}
    mgr.snapshot_balance()
    assert mgr.snapshot()["version"] == 2


@pytest.mark.parametrize("call", ["cancel", "update_status", "add_fill", "get_order"])
def test_unknown_and_malformed_ids(call):  # R2.14
    mgr = OrderManager()
    rest = {
        "cancel": (),
        "get_order": (),
        "update_status": (make_order_status("Acknowledged"),),
        "add_fill": ("f", "X", 1, 1, 0),
    }[call]
    assert code_of(getattr(mgr, call), UNKNOWN, *rest) == "OrderNotFound"
    with pytest.raises(ValueError) as e:
        getattr(mgr, call)("not-a-uuid", *rest)
    assert isinstance(e.value, OmsError) and e.value.args[0] == "OrderNotFound"
    with pytest.raises(TypeError):
        getattr(mgr, call)(5, *rest)


def test_status_of_an_unknown_order_is_none():  # R2.6
    assert OrderManager().get_order_status(UNKNOWN) is None


def test_get_order_tells_the_story():  # R2.7
    mgr = funded()
    oid = acknowledged(mgr)
    fill(mgr, oid, "f1", 100, "0.5", fee="0.1", timestamp="2026-01-15T10:00:00Z")
    fill(mgr, oid, "f2", 110, "0.5")
    d = mgr.get_order(oid)
    assert (d["status"], d["filled_qty"], d["symbol"], d["side"]) == ("Filled", "1.0", "BTC-USDT", "Buy")
    assert Decimal(d["avg_price"]) == Decimal("105")
    assert [(f["fill_id"], f["price"], f["quantity"], f["fee"]) for f in d["fills"]] == [
        ("f1", "100", "0.5", "0.1"),
        ("f2", "110", "0.5", "0"),
    ]


def test_history_limit():  # R2.9, D1
    mgr = OrderManager(history_limit=2)
    ids = [mgr.submit(limit_order("X", "Buy", 1, 1)) for _ in range(5)]
    for oid in ids[:4]:
        mgr.cancel(oid)
    assert mgr.active_count() == 1 and mgr.history_count() == 3
    assert code_of(mgr.get_order, ids[0]) == "OrderNotFound" and mgr.get_order(ids[3])["status"] == "Cancelled"


def test_venue_errors():  # R2.15, ExchangeRejected, NetworkError
    mgr = OrderManager()
    oid = acknowledged(mgr)
    assert (
        code_of(mgr.venue_failed, oid, "timeout") == "NetworkError" and mgr.get_order_status(oid).kind == "Acknowledged"
    )
    assert code_of(mgr.venue_rejected, oid, "min notional") == "ExchangeRejected"
    assert mgr.get_order_status(oid) is None and mgr.get_order(oid)["status"] == "Rejected"


def test_dump_and_restore():  # R2.12, SerializationError, RecoveryFailed
    mgr = funded()
    oid = acknowledged(mgr, limit_order("BTC-USDT", "Buy", 2, 100, idempotency_key="k"))
    fill(mgr, oid, "f1", 100, "0.50", fee="0.25")
    again = OrderManager.restore(mgr.dump())
    assert again.get_order(oid) == mgr.get_order(oid)
    assert again.snapshot_balance()["cash"] == mgr.snapshot_balance()["cash"] == {"USDT": "99949.75"}
    assert again.snapshot_positions()[0].to_dict() == mgr.snapshot_positions()[0].to_dict()
    assert code_of(again.submit, limit_order("X", "Buy", 1, 1, idempotency_key="k")) == "DuplicateIdempotencyKey"
    fill(again, oid, "f1", 100, "0.50", fee="0.25")  # known fill: ignored
    assert again.get_order_status(oid).filled_qty == "0.50"
    assert code_of(OrderManager.restore, "{nonsense") == "SerializationError"
    assert code_of(OrderManager.restore, json.dumps({"hello": 1})) == "RecoveryFailed"


# --- fills (§4) -------------------------------------------------------------------------------------------------------------------


def test_status_price_is_the_weighted_average():  # R4.4, D3
    mgr = funded()
    oid = acknowledged(mgr, limit_order("BTC-USDT", "Buy", 10, 100))
    fill(mgr, oid, "f1", 100, 1)
    fill(mgr, oid, "f2", 110, 3)
    s = mgr.get_order_status(oid)
    assert (s.kind, s.filled_qty, s.avg_price) == ("PartiallyFilled", "4", "107.5")


@pytest.mark.parametrize("quantity", ["2", "-2"])
def test_sell_orders_sell_whatever_the_sign(quantity):  # R4.1, D4
    mgr = funded("1000")
    b = acknowledged(mgr, limit_order("BTC-USDT", "Buy", 3, 100))
    fill(mgr, b, "f1", 100, 3)
    s = acknowledged(mgr, limit_order("BTC-USDT", "Sell", 5, 120))
    fill(mgr, s, "f1", 120, quantity)
    assert (mgr.get_order_status(s).kind, mgr.get_order_status(s).filled_qty) == ("PartiallyFilled", "2")
    p = mgr.snapshot_positions()[0]
    assert (p.quantity, p.avg_price, p.realized_pnl, mgr.snapshot_balance()["cash"]["USDT"]) == (
        "1",
        "100",
        "40",
        "940",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": "-1"},
        {"quantity": 0},
        {"quantity": "1.01"},
        {"symbol": "ETH-USDT"},
        {"price": -1},
        {"price": "x"},
        {"fee": "x"},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-01-15T10:00:00"},
    ],
)
def test_bad_fills_change_nothing(change):  # R4.1-R4.3, R4.7
    mgr = funded()
    oid = acknowledged(mgr)
    assert code_of(fill, mgr, oid, "f1", **{"price": 100, "quantity": 1, **change}) == "Portfolio"
    assert (
        mgr.get_order_status(oid).kind == "Acknowledged"
        and mgr.snapshot_balance()["cash"] == {"USDT": "100000"}
        and mgr.snapshot_positions() == []
    )


def test_overfill_only_when_asked():  # R4.3, D5
    mgr = funded()
    oid = acknowledged(mgr)
    fill(mgr, oid, "f1", 100, "0.6")
    with pytest.raises(OmsError, match="exceeds remaining 0.4"):
        fill(mgr, oid, "f2", 100, "0.5")
    mgr = OrderManager(allow_overfill=True)
    mgr.deposit("USDT", 1000)
    oid = acknowledged(mgr)
    fill(mgr, oid, "f1", 100, "1.5")
    assert mgr.get_order(oid)["status"] == "Filled" and mgr.get_order(oid)["filled_qty"] == "1.5"


def test_missing_cash_changes_nothing():  # R4.5, D6, Portfolio
    mgr = funded(150)
    oid = acknowledged(mgr, limit_order("BTC-USDT", "Buy", 2, 100))
    fill(mgr, oid, "f1", 100, 1)
    with pytest.raises(OmsError, match="insufficient cash: need 100 USDT, have 50") as e:
        fill(mgr, oid, "f2", 100, 1)
    assert e.value.args[0] == "Portfolio"
    assert mgr.get_order_status(oid).filled_qty == "1" and mgr.snapshot_balance()["cash"] == {"USDT": "50"}
    mgr.deposit("USDT", 50)
    fill(mgr, oid, "f2", 100, 1)
    assert mgr.get_order_status(oid) is None


def test_repeated_fill_ids():  # R4.6, D5
    mgr = funded()
    oid = acknowledged(mgr, limit_order("BTC-USDT", "Buy", 2, 100))
    fill(mgr, oid, "f1", 100, 1)
    fill(mgr, oid, "f1", "100.0", 1)
    assert mgr.get_order_status(oid).filled_qty == "1"
    assert code_of(fill, mgr, oid, "f1", 101, 1) == "Portfolio"
    fill(mgr, oid, "f2", 100, 1)
    fill(mgr, oid, "f2", 100, 1)  # still harmless when the order is gone
    other = acknowledged(mgr)
    fill(mgr, other, "f1", 100, 1)  # another order, another fill
    assert mgr.snapshot_positions()[0].quantity == "3"


def test_fill_timestamp_becomes_updated_at():  # R4.7
    mgr = funded()
    oid = acknowledged(mgr)
    fill(mgr, oid, "f1", 100, 1, timestamp="2026-01-15T12:00:00+02:00")
    assert mgr.snapshot_positions()[0].updated_at.startswith("2026-01-15T10:00:00")


# --- portfolio (§5) ------------------------------------------------------------------------------------------------------------------


def apply(p, *fills, symbol="X-USDT"):
    for i, (price, quantity, *fee) in enumerate(fills):
        p.apply_fill(fill_id=f"f{i}", symbol=symbol, price=price, quantity=quantity, fee=fee[0] if fee else 0)
    return p.positions[symbol]


def cash(amount="1000000"):
    p = Portfolio()
    p.deposit("USDT", amount)
    return p


def test_average_cost_and_realized_pnl():  # R5.6
    p = cash()
    pos = apply(p, ("100", "2"), ("110", "-3"), ("120", "1"))
    assert (pos.quantity, pos.avg_price, pos.realized_pnl, p.cash["USDT"]) == ("0", "0", "10", "1000010")
    p = cash()
    pos = apply(p, ("100", "-2"), ("90", "1.5"), ("95", "0.5"))
    assert (pos.quantity, pos.realized_pnl, p.cash["USDT"], p.position_count()) == ("0.0", "17.5", "1000017.5", 1)


def test_selling_leaves_the_average_alone():  # R5.6
    pos = apply(cash(), (50_000, 1), (55_000, -0.5))
    assert (pos.quantity, pos.avg_price, pos.realized_pnl) == ("0.5", "50000", "2500.0")


def test_through_zero_reopens_at_the_fill_price():  # R5.6
    pos = apply(cash(), (100, 2), (130, -5))
    assert (pos.quantity, pos.avg_price, pos.realized_pnl) == ("-3", "130", "60")


def test_fees_hit_cash_only():  # R5.4, R5.7
    p = cash()
    pos = apply(p, ("100", "1.0", "0"), ("110", "-1.0", "1.25"))
    assert (p.cash["USDT"], pos.realized_pnl, pos.quantity, pos.avg_price) == ("1000008.75", "10.0", "0.0", "0")
    p = cash("100")
    p.deposit("BNB", 1)
    p.apply_fill(fill_id="f", symbol="X-USDT", price=100, quantity=1, fee="0.01", fee_currency="BNB")
    assert p.cash == {"USDT": "0", "BNB": "0.99"}


def test_money_is_conserved():  # R5.7
    p = cash("5000")
    fees = Decimal(0)
    fills = [
        ("10", "20", "0.3"),
        ("12", "-5", "0.1"),
        ("9.5", "10", "0.2"),
        ("11", "-25", "0.4"),
        ("13", "-8", "0.1"),
        ("12", "3", "0"),
    ]
    for i, (price, qty, fee) in enumerate(fills):
        p.apply_fill(fill_id=f"f{i}", symbol="X-USDT", price=price, quantity=qty, fee=fee)
        fees += Decimal(fee)
        q = p.positions["X-USDT"]
        left = Decimal(p.cash["USDT"]) + Decimal(q.quantity) * Decimal(q.avg_price)
        assert abs(left - (Decimal(5000) + Decimal(q.realized_pnl) - fees)) < Decimal("1e-20")


@pytest.mark.parametrize(
    "symbol,quote",
    [("BTC-EUR", "EUR"), ("BTC/USDC", "USDC"), ("ETH_BTC", "BTC"), ("BTC-PERP-USDT", "USDT"), ("BTCUSDT", "USDT")],
)
def test_quote_currency(symbol, quote):  # R5.3, D9
    p = Portfolio()
    p.deposit(quote, 100)
    p.apply_fill(fill_id="f", symbol=symbol, price=10, quantity=1, fee=0)
    assert p.cash == {quote: "90"}


def test_portfolio_errors_are_value_errors_too():  # R5.2, R5.4
    p = cash("70000.0")
    for kwargs, text in (
        ({"quantity": 60, "price": 50_000}, "insufficient cash: need 3000000 USDT, have 70000.0"),
        ({"quantity": 0, "price": 1}, "zero-quantity fill: f"),
        ({"quantity": 1, "price": "abc"}, "invalid decimal"),
        ({"quantity": 1, "price": 1, "timestamp": "x"}, "invalid"),
    ):
        with pytest.raises(ValueError, match=text) as e:
            p.apply_fill(fill_id="f", symbol="BTC-USDT", fee=0, **kwargs)
        assert isinstance(e.value, OmsError) and e.value.args[0] == "Portfolio"
    assert p.cash == {"USDT": "70000.0"} and p.position_count() == 0


def test_portfolio_side_keyword():  # R5.2
    p = cash()
    p.apply_fill(fill_id="f", symbol="X-USDT", price=10, quantity=2, fee=0, side="Sell")
    assert p.positions["X-USDT"].quantity == "-2"
    with pytest.raises(ValueError):
        p.apply_fill(fill_id="g", symbol="X-USDT", price=10, quantity=-2, fee=0, side="Sell")


def test_empty_portfolio_and_reprs():  # R5.1, R5.5
    p = Portfolio()
    assert p.is_empty() and p.position_count() == 0 and repr(p) == "Portfolio(currencies=0, positions=0)"
    p.deposit("USDT", 100)
    assert not p.is_empty()
    pos = apply(p, ("50", "0.6"))
    assert (
        isinstance(pos, Position) and repr(pos) == "Position(symbol=X-USDT, quantity=0.6, avg_price=50, realized_pnl=0)"
    )
    assert set(pos.to_dict()) == {"symbol", "quantity", "avg_price", "realized_pnl", "updated_at"}


# --- decimal text (§6) -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given,text",
    [
        ("1.50", "1.50"),
        ("007", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        (" 1 ", "1"),
        ("1e-7", "0.0000001"),
        ("1E+2", "100"),
        ("0.00", "0.00"),
        (0.1, "0.1"),
        (1.0, "1.0"),
        (1e-05, "0.00001"),
        (1e16, "10000000000000000"),
        (0.1 + 0.2, "0.30000000000000004"),
        (100_000, "100000"),
        (Decimal("1E+2"), "100"),
        (Decimal("0.10"), "0.10"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("0.1234567890123456789012345678901", "0.1234567890123456789012345679"),
    ],
)
def test_text_in_and_out(given, text):  # R6.1-R6.3, R6.6
    p = Portfolio()
    p.deposit("A", given)
    assert p.cash["A"] == text


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "abc",
        "NaN",
        "Infinity",
        "1..2",
        "1,5",
        "0x10",
        None,
        True,
        [],
        "79228162514264337593543950336",
        float("inf"),
    ],
)
def test_unreadable_numbers(bad):  # R6.6, R6.7
    p = Portfolio()
    with pytest.raises(ValueError) as e:
        p.deposit("A", bad)
    assert isinstance(e.value, OmsError) and p.cash == {}


@pytest.mark.parametrize(
    "fills,avg,usdt",
    [
        ((("100.00", "1.00"),), "100.00", "999900.0000"),
        ((("100", 1), ("101", 2)), "100.66666666666666666666666667", "999698"),
        ((("3", "1"), ("7", "2"), ("11", "3")), None, "999950"),
        ((("0.1", "3"), ("0.2", "3")), "0.15", "999999.1"),
        ((("1.10", "2.50"), ("1.30", "2.50")), "1.20", "999994.0000"),
        ((("33.33", "3"), ("66.67", "7")), "56.668", "999433.32"),
    ],
)
def test_scales_follow_the_arithmetic(fills, avg, usdt):  # R6.4, R6.5
    p = cash()
    pos = apply(p, *fills)
    assert p.cash["USDT"] == usdt
    if avg is not None:
        assert pos.avg_price == avg
    else:
        assert abs(Decimal(pos.avg_price) - Decimal(50) / 6) < Decimal("1e-24")


def test_adding_keeps_the_larger_scale():  # R6.4
    p = Portfolio()
    for given, text in (("1.5", "1.5"), ("1.50", "3.00"), ("0.000", "3.000"), (1, "4.000")):
        p.deposit("A", given)
        assert p.cash["A"] == text


# --- idempotency (§7) --------------------------------------------------------------------------------------------------------------------


def test_a_key_outlives_its_order():  # R7.1
    mgr = OrderManager()
    oid = mgr.submit(limit_order("X", "Buy", 1, 1, idempotency_key="k"))
    mgr.cancel(oid)
    with pytest.raises(OmsError) as e:
        mgr.submit(limit_order("X", "Buy", 1, 1, idempotency_key="k"))
    assert (
        e.value.args == ("DuplicateIdempotencyKey", "[DuplicateIdempotencyKey] duplicate idempotency key: k")
        and e.value.existing_order_id == oid
    )
    mgr.submit(limit_order("X", "Buy", 1, 1, idempotency_key="K"))
    mgr.submit(limit_order("X", "Buy", 1, 1, idempotency_key="k "))
    mgr.submit(limit_order("X", "Buy", 1, 1))
    assert mgr.active_count() == 3


def test_one_key_many_threads_one_order():  # R7.2
    for round_ in range(20):
        mgr = OrderManager()
        start = threading.Barrier(8)
        accepted, refused = [], []

        def work():
            order = limit_order("X", "Buy", 1, 1, idempotency_key="k")
            start.wait()
            try:
                accepted.append(mgr.submit(order))
            except OmsError as e:
                refused.append(e.args[0])

        threads = [threading.Thread(target=work) for _ in range(8)]
        [t.start() for t in threads]
        [t.join() for t in threads]
        assert len(accepted) == 1 and refused == ["DuplicateIdempotencyKey"] * 7 and mgr.active_count() == 1
