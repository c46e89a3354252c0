"""What the programs of the contract leave open: exact numbers, odd input, pickles, snapshots, threads, memory."""

import gc
import json
import pickle
import random
import threading
from decimal import Decimal

import pytest

import axon_quant
from axon_quant.backtest import (
    BacktestEngine,
    BacktestError,
    CrossPair,
    DarkOrder,
    ImpactedMatchingEngine,
    ImpactedMatchingEngineBuilder,
    L1MatchingEngine,
    L2MatchingEngine,
    MultiAssetMatchingEngine,
    OrderBookEntry,
    limit_order,
    market_order,
)


def submitted(time, order):
    return {"type": "order_submitted", "timestamp_ns": time, "order": order}


# ---- Numbers ----


@pytest.mark.parametrize("seed", range(5))
def test_floats_of_all_digits_trade_exactly(seed):
    random.seed(seed)
    engine = L2MatchingEngine()
    quantities = [random.uniform(0.001, 10) for _ in range(200)]
    for id, quantity in enumerate(quantities):
        engine.submit(limit_order(id, "X", "Sell", random.uniform(90, 110), quantity))
    total = sum(map(Decimal, map(repr, quantities)))
    result = engine.submit({**market_order(1000, "X", "Buy", 1.0), "quantity": total})
    assert result["is_filled"] and len(result["fills"]) == 200, f"seed {seed}"
    assert sorted(fill["quantity"] for fill in result["fills"]) == sorted(quantities)
    assert engine.active_order_count == 0


@pytest.mark.parametrize("price", [100, 100.0, Decimal("100"), Decimal("100.00")])
def test_one_number_in_many_spellings_is_one_price(price):
    engine = L2MatchingEngine()
    engine.submit(limit_order(1, "X", "Buy", 100.0, 1.0))
    engine.submit({**limit_order(2, "X", "Buy", 1.0, 1.0), "price": price})
    assert engine.depth()["bids"] == [{"price": 100.0, "quantity": 2.0, "order_count": 2}]
    assert engine.volume_at_price("buy", price) == 2.0


@pytest.mark.parametrize("digits,fits", [(16, True), (17, True), (18, False)])
def test_seventeen_digits_of_a_price_fit(digits, fits):
    engine = L1MatchingEngine()
    order = {**limit_order(1, "X", "Buy", 1.0, 1.0), "price": Decimal("1" * digits).scaleb(-9)}
    if fits:
        engine.submit(order)
    else:
        with pytest.raises(BacktestError, match="17 digits"):
            engine.submit(order)
    assert engine.active_order_count == int(fits)


@pytest.mark.parametrize("places,fits", [(21, True), (22, True), (23, False)])
def test_twenty_two_places_of_a_quantity_fit(places, fits):
    engine = L1MatchingEngine()
    order = {**limit_order(1, "X", "Buy", 1.0, 1.0), "quantity": Decimal(1).scaleb(-places)}
    if fits:
        engine.submit(order)
    else:
        with pytest.raises(BacktestError, match="22 digits"):
            engine.submit(order)
    assert engine.active_order_count == int(fits)


@pytest.mark.parametrize("value", [True, "1", None, [], 1j, b"1", object()])
@pytest.mark.parametrize("key", ["price", "quantity"])
def test_what_is_no_number_is_refused(key, value):
    with pytest.raises(BacktestError, match=key):
        L1MatchingEngine().submit({**limit_order(1, "X", "Buy", 1.0, 1.0), key: value})


@pytest.mark.parametrize("value", [1e300, 1e-300, 10**40, Decimal("1e40"), Decimal("NaN"), Decimal("Infinity")])
def test_numbers_beyond_a_decimal_are_refused(value):
    engine = L1MatchingEngine()
    for key in ("price", "quantity"):
        with pytest.raises(BacktestError, match=f"invalid {key}"):
            engine.submit({**limit_order(1, "X", "Buy", 1.0, 1.0), key: value})
    backtest = BacktestEngine(1.0)
    backtest.push_event(submitted(1, {**limit_order(1, "X", "Buy", 1.0, 1.0), "price": value}))
    assert backtest.run().orders_rejected == 1


# ---- Odd input ----

ODD = [
    None,
    True,
    -1,
    2**70,
    1.5,
    float("nan"),
    "",
    "\ud800",
    "text",
    b"x",
    [],
    {},
    {"id": 1},
    (),
    object(),
    Decimal(1),
]


def calls():
    order = limit_order(1, "A", "Buy", 1.0, 1.0)
    engine = MultiAssetMatchingEngine()
    engine.register_asset("A")
    backtest = BacktestEngine(1.0)
    for key in [*order, "owner"]:
        yield lambda odd, key=key: L1MatchingEngine().submit({**order, key: odd})
        yield lambda odd, key=key: backtest.push_event(submitted(1, {**order, key: odd}))
        yield lambda odd, key=key: engine.submit({**order, key: odd})
    for event in ({"order_id": 1}, {"new_price": 1}, {"price": 1}, {"timestamp_ns": 1}, {"type": 1}, {"order": 1}):
        (key,) = event
        for kind in ("order_submitted", "order_cancelled", "order_modified", "fill", "mark"):
            base = {"type": kind, "timestamp_ns": 1, "order": order, "order_id": 1, "price": 1.0, "quantity": 1.0}
            yield lambda odd, base=base, key=key: backtest.push_event({**base, key: odd})
    yield lambda odd: L1MatchingEngine().submit(odd)
    yield lambda odd: L1MatchingEngine().cancel(odd)
    yield lambda odd: L1MatchingEngine().depth(odd)
    yield lambda odd: L1MatchingEngine(odd)
    yield lambda odd: L2MatchingEngine().modify(1, odd)
    yield lambda odd: L2MatchingEngine().modify(odd, 1.0)
    yield lambda odd: L2MatchingEngine().location(odd)
    yield lambda odd: L2MatchingEngine().volume_at_price("buy", odd)
    yield lambda odd: L2MatchingEngine().volume_at_price(odd, 1.0)
    yield lambda odd: L2MatchingEngine.from_entries([odd])
    yield lambda odd: L2MatchingEngine.from_entries(odd)
    yield lambda odd: OrderBookEntry(1, odd, 1.0, 1.0)
    yield lambda odd: OrderBookEntry(1, "buy", odd, 1.0)
    yield lambda odd: limit_order(1, "X", "Buy", odd, 1.0)
    yield lambda odd: limit_order(1, "X", "Buy", 1.0, 1.0, odd)
    yield lambda odd: engine.register_cross_pair(odd)
    yield lambda odd: engine.register_cross_pair(CrossPair("A", odd, 1.0, 1.0))
    yield lambda odd: engine.register_cross_pair(CrossPair("A", "B", odd, 1.0))
    yield lambda odd: engine.execute_arbitrage(CrossPair("A", "A2", 1.0, 1.0), odd, "buy")
    yield lambda odd: engine.set_batch_mode(odd)
    yield lambda odd: engine.best_bid(odd)
    yield lambda odd: engine.cancel(odd, 1)
    yield lambda odd: engine.submit_dark_order(odd)
    yield lambda odd: engine.submit_dark_order(DarkOrder(1, "A", "buy", "limit", odd, "GTC", 1.0, 1.0, 1.0))
    yield lambda odd: engine.submit_dark_order(DarkOrder(1, "A", "buy", "limit", 1.0, "GTC", odd, 1.0, 1.0))
    yield lambda odd: engine.submit_dark_order(DarkOrder(odd, "A", "buy", "limit", 1.0, "GTC", 1.0, 1.0, 1.0))
    yield lambda odd: engine.restore(odd)
    for key in engine.snapshot():
        yield lambda odd, key=key: MultiAssetMatchingEngine().restore({**engine.snapshot(), key: odd})
    yield lambda odd: ImpactedMatchingEngine(odd, 1.0)
    yield lambda odd: ImpactedMatchingEngine("linear", odd)
    yield lambda odd: ImpactedMatchingEngine("linear", 1.0, odd)
    yield lambda odd: ImpactedMatchingEngine("sqrt", 1.0, 1, odd, odd, odd)
    yield lambda odd: ImpactedMatchingEngineBuilder().custom_model(odd).build()
    yield lambda odd: BacktestEngine(odd)
    yield lambda odd: BacktestEngine(1.0, fee_rate=odd)
    yield lambda odd: BacktestEngine(1.0).with_matching_engine(odd)


def test_odd_input_ends_in_an_error_of_the_module_or_in_nothing():  # README R3.6
    for number, call in enumerate(calls()):
        for odd in ODD:
            try:
                call(odd)
            except (BacktestError, TypeError, ValueError):
                pass
            except Exception as error:
                pytest.fail(f"call {number} with {odd!r}: {error!r}")


def test_a_call_that_fails_changes_nothing():  # README R3.7
    engine = MultiAssetMatchingEngine()
    engine.register_asset("A")
    engine.submit(limit_order(1, "A", "Buy", 1.0, 1.0))
    before = engine.snapshot()
    for key in before.keys() - {"timestamp_ns"}:
        with pytest.raises(BacktestError):
            engine.restore({**before, key: object()})
    assert engine.snapshot() == before


# ---- Errors ----


def test_an_error_goes_through_pickle():
    with pytest.raises(BacktestError) as caught:
        L1MatchingEngine().submit({})
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value) and again.args == caught.value.args and again.code == "Matching"
    assert "Matching" in str(again) and isinstance(again, axon_quant.AxonError)


# ---- Models of one's own ----


class Meddling:
    def __init__(self, engine):
        self.engine = engine

    def compute_impact(self, order_quantity, side, order_book):
        self.engine.cancel(1)
        return {}


def test_a_model_may_not_change_the_engine_that_asks_it():
    engine = ImpactedMatchingEngine("linear", 0.1)
    engine.with_custom_model(Meddling(engine))
    engine.submit(limit_order(1, "X", "Sell", 100.0, 1.0))
    with pytest.raises(BacktestError, match="not change it"):
        engine.submit(market_order(2, "X", "Buy", 1.0))
    assert engine.active_order_count() == 1


class Failing:
    def __init__(self):
        self.fails = True

    def compute_impact(self, order_quantity, side, order_book):
        if self.fails:
            raise LookupError("no idea")
        return {"instantaneous": 1}


def test_an_event_whose_model_fails_comes_next_again():
    model = Failing()
    backtest = BacktestEngine(1000.0).with_matching_engine(ImpactedMatchingEngineBuilder().custom_model(model).build())
    backtest.push_event(submitted(1, limit_order(1, "X", "Sell", 100.0, 1.0)))
    backtest.push_event(submitted(2, market_order(2, "X", "Buy", 1.0)))
    with pytest.raises(LookupError, match="no idea"):
        backtest.run()
    assert backtest.pending_events == 1
    model.fails = False
    result = backtest.run()
    assert (result.fills, result.final_nav, result.positions) == (1, 1000.0, {"X": 1.0})


class Slow:
    def __init__(self):
        self.entered, self.may_go = threading.Event(), threading.Event()
        self.times = []

    def compute_impact(self, order_quantity, side, order_book):
        self.times.append(order_book["timestamp_ns"])
        self.entered.set()
        assert self.may_go.wait(30)
        return {}


def test_other_threads_wait_while_a_model_is_asked():  # README R4.9
    model = Slow()
    engine = ImpactedMatchingEngineBuilder().custom_model(model).build()
    engine.submit(limit_order(1, "X", "Sell", 100.0, 2.0))
    fills = []
    threads = [
        threading.Thread(target=lambda id=id: fills.append(engine.submit(market_order(id, "X", "Buy", 1.0))["fills"]))
        for id in (2, 3)
    ]
    threads[0].start()
    assert model.entered.wait(30)
    threads[1].start()
    model.may_go.set()
    for thread in threads:
        thread.join(30)
    assert sorted(fill["quantity"] for each in fills for fill in each) == [1.0, 1.0]
    assert engine.active_order_count() == 0 and model.times == [0, 0]


def test_a_model_is_told_the_time_of_the_event():  # R7.10
    model = Slow()
    model.may_go.set()
    backtest = BacktestEngine(1000.0).with_matching_engine(ImpactedMatchingEngineBuilder().custom_model(model).build())
    backtest.push_event(submitted(1, limit_order(1, "X", "Sell", 100.0, 1.0)))
    backtest.push_event(submitted(2, market_order(2, "X", "Buy", 1.0)))
    backtest.run()
    assert model.times == [2]


def test_a_model_that_knows_its_engine_is_collected():
    engine = ImpactedMatchingEngine("linear", 0.1)
    engine.with_custom_model(Meddling(engine))
    del engine
    gc.collect()
    assert not [object for object in gc.get_objects() if type(object) is Meddling]


def test_a_limit_order_is_displayed_at_its_limit():
    engine = ImpactedMatchingEngine("linear", 0.1, 5)
    engine.submit(limit_order(1, "X", "Sell", 100.0, 10.0))
    engine.submit(market_order(2, "X", "Buy", 4.0))
    engine.submit(limit_order(3, "X", "Buy", 100.0, 1.0))
    assert (engine.best_bid(), engine.best_ask()) == (100.0, 100.012)


# ---- Several assets ----


def test_a_snapshot_keeps_places_days_and_counts():
    engine = MultiAssetMatchingEngine()
    for symbol in ("A", "B"):
        engine.register_asset(symbol)
    engine.submit(limit_order(1, "A", "Sell", 100.0, 2.0, "GFD"))
    engine.submit(limit_order(2, "A", "Sell", 100.0, 1.0))
    engine.submit(limit_order(3, "A", "Buy", 100.0, 0.5))
    engine.set_batch_mode("auction")
    engine.submit(market_order(4, "B", "Sell", 1.0))
    engine.submit(limit_order(5, "B", "Buy", 10.0, 1.0))
    again = MultiAssetMatchingEngine()
    again.restore(json.loads(json.dumps(engine.snapshot())))
    for each in (engine, again):
        assert each.stats_of("A") == {
            "total_fills": 1,
            "total_volume": 0.5,
            "total_turnover": 50.0,
            "matched_orders": 2,
        }
        (fill,) = each.run_auction("B").fills
        assert (fill["taker_order_id"], fill["maker_order_id"], fill["taker_side"]) == (5, 4, "BUY")
        each.set_batch_mode("continuous")
        assert each.submit(limit_order(6, "A", "Buy", 100.0, 1.0))[0]["fill_id"] == 1
        assert each.stats_of("A")["matched_orders"] == 3
        assert each.expire_day() == 1 and each.depth("A")["asks"] == [
            {"price": 100.0, "quantity": 1.0, "order_count": 1}
        ]


def test_an_asset_may_be_registered_after_its_events():
    engine = MultiAssetMatchingEngine()
    backtest = BacktestEngine(100.0).with_matching_engine(engine)
    backtest.push_event(submitted(1, limit_order(1, "A", "Sell", 1.0, 1.0)))
    engine.register_asset("A")
    assert backtest.run().orders_accepted == 1


# ---- Backtests ----


def test_symbols_that_share_a_book_keep_their_own_positions():
    backtest = BacktestEngine(1000.0)
    backtest.push_event(submitted(1, limit_order(1, "A", "Sell", 10.0, 1.0)))
    backtest.push_event(submitted(2, limit_order(2, "B", "Buy", 9.0, 1.0)))
    backtest.push_event({"type": "order_modified", "timestamp_ns": 3, "order_id": 2, "new_price": 10.0})
    assert backtest.run().positions == {"B": 1.0}


def test_a_result_stays_as_it_was_and_goes_through_pickle():
    backtest = BacktestEngine(1000.0)
    backtest.push_event(submitted(1, limit_order(1, "A", "Sell", 10.0, 1.0)))
    first = backtest.run()
    same = backtest.run()
    backtest.push_event({"type": "mark", "timestamp_ns": 2, "symbol": "A", "price": 11.0})
    second = backtest.run()
    assert first.equity_curve == [(1, 1000.0)] and len(second.equity_curve) == 2
    assert first == same and first != second
    assert pickle.loads(pickle.dumps(second)) == second


def test_late_events_find_their_place_among_many():
    random.seed(7)
    times = [random.randrange(1000) for _ in range(5000)]
    backtest = BacktestEngine(1.0)
    for number, time in enumerate(times):
        backtest.push_event({"type": "mark", "timestamp_ns": time, "symbol": str(number % 3), "price": 1.0})
    assert [time for time, _ in backtest.run().equity_curve] == sorted(times)


def test_money_that_no_longer_fits_is_an_error():
    backtest = BacktestEngine(1.0)
    huge = {"price": 7e28, "quantity": 1000.0, "buyer_order_id": 1, "seller_order_id": 2, "symbol": "A", "side": "buy"}
    backtest.push_event({"type": "fill", "timestamp_ns": 1, **huge})
    with pytest.raises(BacktestError, match="overflow"):
        backtest.run()


def test_many_threads_may_use_one_engine():  # README R4.9
    engine = L2MatchingEngine()

    def trade(first):
        for id in range(first, first + 500):
            engine.submit(limit_order(id, "X", "Buy" if id % 2 else "Sell", 100.0, 1.0))

    threads = [threading.Thread(target=trade, args=(1000 * number,)) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.fill_count == 1000 and engine.active_order_count == 0
