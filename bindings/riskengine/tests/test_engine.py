"""The engine between the native gates and the store: what a failure leaves behind, and what a restart finds."""

import asyncio
import threading
from datetime import timedelta
from decimal import Decimal as D

import pytest
from support import Desk

from mts1b_riskengine import BorrowInfo, Config, Fill, Locate, Quote, SqliteStore, VetoResult
from mts1b_riskengine.errors import NotHalted, StillInBreach, StoreError


class Breaking(SqliteStore):
    """A store that keeps nothing as long as it is broken."""

    broken = False

    def write(self, *args, **kwargs):
        if self.broken:
            raise StoreError("disk full")
        return super().write(*args, **kwargs)


@pytest.fixture
def store():
    return Breaking(":memory:")


def refused(decision):
    return (decision.approved, decision.rejecting_gate, decision.rejection_code)


UNAVAILABLE = (False, "idempotency", "STORE_UNAVAILABLE")


def fill(fill_id="F", **fields):
    made = {"order_id": "X", "fund_id": "alpha", "symbol": "AAPL", "side": "BUY", "quantity": 10, "price": 500}
    return Fill(**{"fill_id": fill_id, **made, **fields})


def test_a_fill_that_was_not_kept_is_kept_before_anything_is_approved(clock, store):
    desk = Desk(clock, store=store)
    store.broken = True
    with pytest.raises(StoreError):
        desk.engine.apply_fill(fill())
    assert refused(desk.engine.check_order(desk.order())) == UNAVAILABLE
    assert store.rows("book") == {} and store.rows("fill") == {}
    store.broken = False
    assert desk.engine.check_order(desk.order()).approved
    assert list(store.rows("fill")) == ["F"] and len(store.rows("book")) == 1
    desk.engine.apply_fill(fill())
    assert desk.engine.positions("alpha")["AAPL"].quantity == 10


def test_a_resume_that_was_not_kept_has_not_happened(clock, store):
    desk = Desk(clock, store=store, limits={"daily_loss_halt_pct": "0.02"})
    desk.engine.update_nav("alpha", 970_000)
    store.broken = True
    with pytest.raises(StoreError):
        desk.engine.resume("alpha", "anna", "looked", rebase=True)
    store.broken = False
    assert desk.engine.is_halted("alpha") and len(store.rows("halt")) == 1
    assert desk.engine.check_order(desk.order()).rejection_code == "HALTED_DAILY_LOSS"
    with pytest.raises(StillInBreach):
        desk.engine.resume("alpha", "anna", "looked")
    desk.engine.resume("alpha", "anna", "looked", rebase=True)
    with pytest.raises(NotHalted):
        desk.engine.resume("alpha", "anna", "looked")
    assert desk.engine.check_order(desk.order()).approved and store.rows("halt") == {}


def test_a_loss_that_an_order_brings_to_light_halts_even_if_the_order_is_not_kept(clock, store):
    desk = Desk(clock, store=store)
    desk.engine.update_nav("alpha", 985_000)
    desk.engine.envelopes.publish(
        desk.engine.envelopes.get("alpha").model_copy(update={"version": None, "daily_loss_halt_pct": D("0.015")})
    )
    order = desk.order()
    desk.engine._write(type(desk.engine._pending)())
    write, calls = store.write, []
    store.write = lambda *args, **kwargs: calls.append(args) or (_ for _ in ()).throw(StoreError("disk full"))
    assert refused(desk.engine.check_order(order)) == UNAVAILABLE and len(calls) == 1
    store.write = write
    assert [halt.severity.value for halt in desk.engine.halts("alpha")] == ["DAILY_LOSS"]
    assert desk.engine.check_order(order).rejection_code == "HALTED_DAILY_LOSS"
    assert len(store.rows("halt")) == 1 and len(desk.engine.decisions()) == 1


def test_an_order_that_is_being_decided_is_named_to_those_who_use_its_key(clock):
    asked, go_on = threading.Event(), threading.Event()

    class Slow:
        async def veto(self, **_):
            asked.set()
            await asyncio.to_thread(go_on.wait)
            return VetoResult(veto=False, confidence=0.1)

    desk = Desk(clock, config=Config.parse("cro_veto: {enabled: true}"), cro=Slow())
    first = desk.order()
    thread = threading.Thread(target=desk.engine.check_order, args=(first,))
    thread.start()
    asked.wait(5)
    other = desk.engine.check_order(desk.order(quantity=2, idempotency_key=first.idempotency_key))
    go_on.set()
    thread.join(5)
    assert other.details == {"first_order_id": first.order_id, "changed": "quantity"}
    desk.engine.close()


def test_the_veto_is_asked_from_inside_an_event_loop_too(clock):
    class Cro:
        async def veto(self, **_):
            return VetoResult(veto=True, confidence=1.0, reason="no")

    desk = Desk(clock, config=Config.parse("cro_veto: {enabled: true}"), cro=Cro())

    async def inside():
        return desk.engine.check_order(desk.order())

    decision = asyncio.run(inside())
    assert (decision.rejection_code, decision.reason) == ("CRO_VETO", "no")
    assert decision.details["confidence"] == "1.0" and desk.engine.open_orders("alpha") == {}
    desk.engine.close()


def test_an_enabled_veto_that_nobody_gives_is_told(clock):
    desk = Desk(clock, config=Config.parse("cro_veto: {enabled: true}"))
    assert desk.engine.check_order(desk.order()).details["cro_veto"] == "error"
    assert [alert.code for alert in desk.alerts] == ["CRO_UNAVAILABLE"]


def test_a_failure_inside_refuses_and_keeps_nobody_waiting(clock, monkeypatch):
    desk = Desk(clock)
    order = desk.order()
    with monkeypatch.context() as patch:
        patch.setattr(desk.engine, "_decision", lambda *_: 1 / 0)
        assert refused(desk.engine.check_order(order)) == (False, "static", "GATE_ERROR")
    assert desk.engine.open_orders("alpha") == {} and desk.engine.decisions() == []
    decision = desk.engine.check_order(order)
    assert decision.approved and not decision.replayed


def test_what_is_not_remembered_any_more_is_read_again(clock, monkeypatch):
    monkeypatch.setattr("mts1b_riskengine.engine.RECENT", 1)
    desk = Desk(clock)
    orders = [desk.order() for _ in range(5)]
    first = [desk.engine.check_order(order) for order in orders]
    again = [desk.engine.check_order(order) for order in orders]
    assert [decision.decision_id for decision in again] == [decision.decision_id for decision in first]
    assert all(decision.replayed for decision in again)


def test_a_decision_that_took_longer_is_found_all_the_same(clock):
    desk = Desk(clock)
    desk.engine.remember(7, 70)
    desk.engine.remember(5, 50)
    desk.engine.remember(8, 80)
    records, first = desk.engine._records, desk.engine._first_record
    assert [records[number - first] for number in (5, 6, 7, 8)] == [50, 0, 70, 80]


def test_a_restart_finds_locates_as_they_were(clock, tmp_path):
    def located(engine, order_id):
        return engine._holds(order_id)

    desk = Desk(clock, store=SqliteStore(tmp_path / "s.db"), limits={"require_locate": True})
    desk.engine.update_borrow(BorrowInfo(symbol="AAPL", fee_pct=0))
    expires = clock.now + timedelta(hours=8)
    desk.engine.add_locate(Locate(locate_id="L", fund_id="alpha", symbol="AAPL", quantity=100, expires_at=expires))
    order = desk.order("SELL", quantity=70)
    assert desk.engine.check_order(order).approved
    desk.engine.apply_fill(fill("F1", order_id=order.order_id, side="SELL", quantity=20))
    assert located(desk.engine, order.order_id) == [("L", "50")]
    desk.engine.close()
    again = Desk(clock, store=SqliteStore(tmp_path / "s.db"), published=False, nav=None)
    again.count = 100
    again.engine.update_borrow(BorrowInfo(symbol="AAPL", fee_pct=0))
    assert located(again.engine, order.order_id) == [("L", "50")]
    assert again.engine.check_order(again.order("SELL", quantity=31)).rejection_code == "LOCATE_INSUFFICIENT"
    assert again.engine.check_order(again.order("SELL", quantity=30)).approved
    again.engine.apply_fill(fill("F2", order_id=order.order_id, side="SELL", quantity=50))
    assert again.engine.native.raw.locate_left(again.engine.native.locates["alpha", "L"], 1) == 30
    again.engine.close()


def test_a_restart_finds_numbers_where_they_ended(clock, tmp_path):
    ids, stops, halts = set(), set(), set()
    for _ in range(3):
        desk = Desk(clock, store=SqliteStore(tmp_path / "s.db"), published=not ids)
        desk.count = 100 * len(ids)
        for _ in range(3):
            decision = desk.engine.check_order(desk.order())
            assert decision.approved and decision.decision_id not in ids
            ids.add(decision.decision_id)
        desk.hold("AAPL", 1, 500)
        desk.hold("AAPL", -1, 500)
        stops |= {stop.stop_id for stop in desk.engine.stops()}
        halts.add(desk.engine.halt("alpha", "ops", "test").halt_id)
        desk.engine.resume("alpha", "ops", "over")
        desk.engine.close()
        clock.advance(days=2)
    assert len(stops) == 3 and len(halts) == 3


def test_a_closing_order_that_ended_unseen_is_sent_anew_under_another_key(clock):
    desk = Desk(clock)
    desk.hold("AAPL", 10, 500)
    (stop,) = desk.engine.poll_stops("AAPL", Quote(symbol="AAPL", last=440), 1)
    order = desk.engine.stop_order(stop.stop_id)
    assert desk.engine.check_order(order).approved
    assert desk.engine.stop_order(stop.stop_id) == order  # the answer got lost: the same again
    assert desk.engine.order_closed(order.order_id, "venue cancelled it")
    following = desk.engine.stop_order(stop.stop_id)
    assert following.order_id != order.order_id and following.quantity == 10
    assert desk.engine.stop_answered(stop.stop_id, desk.engine.check_order(following)).state.value == "SENT"


def test_a_fill_of_an_order_goes_to_its_strategy(clock):
    desk = Desk(clock)
    order = desk.order(strategy_id="momo", quantity=10)
    assert desk.engine.check_order(order).approved
    desk.engine.apply_fill(fill(order_id=order.order_id))
    assert [(held.strategy_id, held.quantity) for held in desk.engine.books("alpha")] == [("momo", 10)]
    assert desk.engine.open_orders("alpha") == {}


def test_a_fill_that_is_not_of_its_order_is_booked_by_itself(clock):
    desk = Desk(clock)
    order = desk.order(strategy_id="momo", quantity=10)
    assert desk.engine.check_order(order).approved
    desk.engine.apply_fill(fill(order_id=order.order_id, symbol="MSFT"))
    assert desk.engine.positions("alpha")["MSFT"].quantity == 10
    assert desk.engine.open_orders("alpha") == {order.order_id: 10}


def test_a_flow_before_the_first_value_of_a_day_is_one_of_that_day(clock):
    desk = Desk(clock, limits={"daily_loss_halt_pct": "0.02"})
    clock.advance(days=1)
    desk.engine.apply_cash_flow("alpha", -500_000)
    desk.engine.update_nav("alpha", 500_000)
    assert not desk.engine.is_halted("alpha")
    desk.engine.update_nav("alpha", 480_000)
    assert desk.engine.is_halted("alpha")


def test_an_envelope_that_ends_is_not_judged_by_any_more(clock):
    desk = Desk(clock)
    tight = desk.engine.envelopes.get("alpha").model_copy(
        update={"version": None, "max_order_notional": D(100), "valid_until": clock.now + timedelta(seconds=10)}
    )
    desk.engine.envelopes.publish(tight)
    assert desk.engine.check_order(desk.order()).rejection_code == "MAX_ORDER_NOTIONAL_EXCEEDED"
    clock.advance(seconds=10)
    assert desk.engine.check_order(desk.order()).approved
