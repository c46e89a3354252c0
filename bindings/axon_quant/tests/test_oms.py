"""What the contract's programs leave out: bad input of every kind, arithmetic and histories beside slow models, threads, restarts."""

import copy
import json
import os
import pickle
import random
import threading
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction

import pytest

from axon_quant.oms import (
    OmsError,
    Order,
    OrderManager,
    OrderStatus,
    OrderType,
    Portfolio,
    Side,
    limit_order,
    make_order_status,
    market_order,
)

TERMINAL = ("Filled", "Cancelled", "Rejected", "Expired")
HISTORIES = int(os.environ.get("OPENPIT_OMS_HISTORIES", "40"))
KEYS = int(os.environ.get("OPENPIT_OMS_KEYS", "3000"))


def code(call, *args, **kwargs):
    with pytest.raises(OmsError) as caught:
        call(*args, **kwargs)
    error = caught.value
    assert error.args == (error.code, error.message) and error.message.startswith(f"[{error.code}] ")
    return error.code


def funded(amount=1_000_000, **options):
    manager = OrderManager(**options)
    manager.deposit("USDT", amount)
    return manager


def acknowledged(manager, quantity=10, side="Buy", key=None):
    order_id = manager.submit(limit_order("BTC-USDT", side, quantity, 100, idempotency_key=key))
    manager.update_status(order_id, make_order_status("Acknowledged"))
    return order_id


def state_of(manager):
    """Everything that can be read, but the time."""
    ids = [order_id for kind in range(2) for order_id, _ in manager._list(kind)]
    balance = manager.snapshot_balance()
    return (
        [manager.get_order(order_id) for order_id in ids],
        balance["cash"],
        {symbol: position.to_dict() for symbol, position in balance["positions"].items()},
        (manager.active_count(), manager.history_count()),
    )


# ---- Bad input -------------------------------------------------------------------------------------------------------


class Hostile:
    """Answers every question with an error."""

    def _fail(self, *args):
        raise RuntimeError("no")

    __str__ = __repr__ = __index__ = __float__ = __int__ = __len__ = __iter__ = __bool__ = __hash__ = __eq__ = _fail


NO_NUMBERS = [
    None, True, False, "", " ", "abc", "1..2", "1,5", "0x10", "--1", "1e", "e5", "NaN", "-inf", "٣x", b"1", [], {}, (), object(), Hostile(),
    float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), Decimal("sNaN"), "79228162514264337593543950336", "1e29", 10**29, 1e300,
    "\ud800", 1j, complex(1), type, len,
]  # fmt: skip
NO_TEXTS = [None, "", 5, b"x", [], object(), Hostile(), "\ud800", True, 1.5]
NO_TIMES = [
    "yesterday", "", 5, b"x", object(), Hostile(), "2026-01-15", "2026-01-15T10:00:00", "2026-13-15T10:00:00Z", "2026-02-29T10:00:00Z",
    "2026-01-15T24:00:00Z", "2026-01-15T10:60:00Z", "2026-01-15T10:00:60Z", "2026-01-15T10:00:00.Z", "2026-01-15T10:00:00+25:00",
    "2026-01-15T10:00:00+0200", "2026-01-15T10:00:00Zz", "1500-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "２026-01-15T10:00:00Z", "\ud800",
]  # fmt: skip


def bad_calls(manager, order_id):
    """Calls that are wrong in one place each, with the codes they may have."""
    portfolio = {"Portfolio"}
    for bad in NO_NUMBERS:
        yield portfolio, lambda bad=bad: limit_order("X", "Buy", bad, 1)
        yield portfolio, lambda bad=bad: limit_order("X", "Buy", 1, bad)
        yield portfolio, lambda bad=bad: market_order("X", "Buy", bad)
        yield portfolio, lambda bad=bad: manager.deposit("USDT", bad)
        yield portfolio, lambda bad=bad: manager.withdraw("USDT", bad)
        yield portfolio, lambda bad=bad: manager.add_fill(order_id, "g", "BTC-USDT", bad, 1, 0)
        yield portfolio, lambda bad=bad: manager.add_fill(order_id, "g", "BTC-USDT", 1, bad, 0)
        yield portfolio, lambda bad=bad: manager.add_fill(order_id, "g", "BTC-USDT", 1, 1, bad)
        if bad is not None:
            yield {"InvalidTransition"}, lambda bad=bad: make_order_status("Filled", bad, 1)
            yield {"InvalidTransition"}, lambda bad=bad: make_order_status("Filled", 1, bad)
    for bad in NO_TEXTS:
        yield portfolio, lambda bad=bad: limit_order(bad, "Buy", 1, 1)
        yield portfolio, lambda bad=bad: limit_order("X", bad, 1, 1)
        yield portfolio, lambda bad=bad: Order("X", "Buy", bad, 1, 1)
        yield portfolio, lambda bad=bad: manager.deposit(bad, 1)
        yield portfolio, lambda bad=bad: manager.add_fill(order_id, bad, "BTC-USDT", 1, 1, 0)
        yield portfolio, lambda bad=bad: manager.add_fill(order_id, "g", bad, 1, 1, 0)
        yield {"OrderNotFound"}, lambda bad=bad: manager.cancel(bad)
        yield {"OrderNotFound"}, lambda bad=bad: manager.get_order(bad)
        yield {"OrderNotFound"}, lambda bad=bad: manager.get_order_status(bad)
        yield {"OrderNotFound"}, lambda bad=bad: manager.venue_failed(bad, "x")
        yield {"InvalidTransition"}, lambda bad=bad: make_order_status(bad)
        yield {"InvalidTransition"}, lambda bad=bad: manager.update_status(order_id, bad)
        yield {"InvalidTransition"}, lambda bad=bad: manager.venue_rejected(order_id, bad)
        yield portfolio, lambda bad=bad: manager.submit(bad)
        if bad is not None:
            yield portfolio, lambda bad=bad: limit_order("X", "Buy", 1, 1, bad)
            yield portfolio, lambda bad=bad: manager.add_fill(order_id, "g", "BTC-USDT", 1, 1, 0, fee_currency=bad)
    for bad in NO_TIMES:
        yield portfolio, lambda bad=bad: manager.add_fill(order_id, "g", "BTC-USDT", 1, 1, 0, bad)


def test_bad_input_is_an_error_of_the_contract_and_changes_nothing():
    manager = funded()
    order_id = acknowledged(manager)
    before, count = state_of(manager), 0
    for codes, call in bad_calls(manager, order_id):
        assert code(call) in codes
        count += 1
    assert count > 400 and state_of(manager) == before


@pytest.mark.parametrize(
    "call",
    [
        lambda: limit_order(),
        lambda: limit_order("X", "Buy", 1),
        lambda: limit_order("X", "Buy", 1, 1, "k", 5),
        lambda: limit_order("X", "Buy", 1, 1, colour="red"),
        lambda: OrderManager("USDT"),
        lambda: OrderManager(colour="red"),
        lambda: OrderManager().add_fill("x"),
        lambda: Portfolio(1),
        lambda: pickle.dumps(OrderManager()),
        lambda: copy.copy(limit_order("X", "Buy", 1, 1)),
    ],
)
def test_a_call_of_another_form_is_a_type_error(call):
    with pytest.raises(TypeError):
        call()


@pytest.mark.parametrize("limit", [-1, 1.5, "2", True, 2**70])
def test_a_history_limit_is_none_or_a_number_of_orders(limit):
    assert code(OrderManager, history_limit=limit) == "Portfolio"


def test_ids_are_read_in_any_case_and_in_braces():
    manager = OrderManager()
    order_id = manager.submit(limit_order("X", "Buy", 1, 1))
    assert manager.get_order_status("{" + order_id.upper() + "}").kind == "Submitted"
    for bad in (order_id[:-1], order_id + "0", order_id.replace("-", ""), "{" + order_id, order_id.replace("-", "+")):
        assert code(manager.cancel, bad) == "OrderNotFound"


def test_words_are_taken_as_members_and_as_text():
    for side in (Side.Sell, "sell", "SELL", "Sell"):
        for kind in (OrderType.StopLimit, "StopLimit", "stoplimit"):
            order = Order("X", side, kind, 1, 2)
            assert (order.side, order.order_type) == (Side.Sell, OrderType.StopLimit)
    assert make_order_status("partiallyfilled", 1, 2).kind == "PartiallyFilled"


def test_a_status_keeps_what_its_kind_does_not_use():
    status = make_order_status("Acknowledged", filled_qty="0.50", reason="slow")
    assert (status.filled_qty, status.avg_price, status.reason) == ("0.50", None, "slow")
    manager = OrderManager()
    order_id = manager.submit(limit_order("X", "Buy", 1, 1))
    manager.update_status(order_id, status)
    assert manager.get_order_status(order_id) == status
    manager.update_status(order_id, make_order_status("PartiallyFilled", "0.25", 1))
    assert manager.get_order_status(order_id).filled_qty == "0.25"


def test_statuses_compare_by_value():
    assert make_order_status("Filled", "1.0", "2") == make_order_status("Filled", 1, "2.00")
    assert hash(make_order_status("Filled", "1.0", "2")) == hash(make_order_status("Filled", 1, "2.00"))
    assert make_order_status("Filled", 1, 2) != make_order_status("Filled", 1, 3)
    assert make_order_status("Cancelled") != make_order_status("Cancelled", reason="x")
    assert make_order_status("Cancelled") != "Cancelled"


def test_a_failed_submission_does_not_use_its_key_up():
    manager = OrderManager()
    first = limit_order("X", "Buy", 1, 1, idempotency_key="a")
    manager.submit(first)
    both = limit_order("X", "Buy", 1, 1, idempotency_key="b")
    assert code(manager.batch_submit, [both, first], atomic=True) == "DuplicateIdempotencyKey"
    assert code(manager.batch_submit, [both, "no order"], atomic=True) == "Portfolio"
    assert manager.active_count() == manager.history_count() == 1
    assert manager.submit(both) == both.order_id and manager.submit(limit_order("X", "Buy", 1, 1)) != both.order_id


def test_a_forgotten_order_keeps_its_id_and_its_key():
    manager = OrderManager(history_limit=0)
    order = limit_order("X", "Buy", 1, 1, idempotency_key="k" * 40)
    manager.cancel(manager.submit(order))
    assert manager.history_count() == 0 and code(manager.cancel, order.order_id) == "OrderNotFound"
    for kept in (manager, OrderManager.restore(manager.dump())):
        assert code(kept.submit, order) == "DuplicateIdempotencyKey"
        with pytest.raises(OmsError) as caught:
            kept.submit(limit_order("Y", "Buy", 1, 1, idempotency_key="k" * 40))
        assert caught.value.existing_order_id == order.order_id


@pytest.mark.parametrize(("rest", "kind"), [("0.39", "PartiallyFilled"), ("0.4", None), ("0.41", "refused")])
def test_a_fill_below_of_and_above_what_is_left(rest, kind):
    manager = funded()
    order_id = acknowledged(manager, quantity=1)
    manager.add_fill(order_id, "a", "BTC-USDT", 100, "0.6", 0)
    if kind == "refused":
        assert code(manager.add_fill, order_id, "b", "BTC-USDT", 100, rest, 0) == "Portfolio"
    else:
        manager.add_fill(order_id, "b", "BTC-USDT", 100, rest, 0)
        status = manager.get_order_status(order_id)
        assert (status and status.kind) == kind


def test_the_fee_of_a_sale_may_not_exceed_what_there_is():
    manager = OrderManager()
    order_id = acknowledged(manager, side="Sell")
    with pytest.raises(OmsError, match="insufficient cash: need 1 USDT, have 0"):
        manager.add_fill(order_id, "a", "BTC-USDT", 100, 1, 101)
    manager.add_fill(order_id, "a", "BTC-USDT", 100, 1, 100)
    assert manager.snapshot_balance()["cash"] == {"USDT": "0"}


def test_a_clock_tells_every_time():
    times = iter(range(1_800_000_000, 1_800_000_100))
    manager = OrderManager(clock=lambda: next(times) + 0.25)
    order_id = manager.submit(limit_order("X", "Buy", 1, 1))
    manager.cancel(order_id)
    order = manager.get_order(order_id)
    assert (order["created_at"], order["updated_at"]) == ("2027-01-15T08:00:00.25Z", "2027-01-15T08:00:01.25Z")
    broken = OrderManager(clock=lambda: "noon")
    assert code(broken.submit, limit_order("X", "Buy", 1, 1)) == "Portfolio" and broken.history_count() == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z"),
        ("2024-02-29T23:30:00-01:30", "2024-03-01T01:00:00Z"),
        ("2026-01-15t10:00:00.1234567899z", "2026-01-15T10:00:00.123456789Z"),
    ],
)
def test_times_are_told_in_utc(given, told):
    portfolio = Portfolio()
    portfolio.apply_fill("f", "X", 1, -1, 0, given)
    assert portfolio.positions["X"].updated_at == told


# ---- Arithmetic ------------------------------------------------------------------------------------------------------


MODEL = Context(prec=200, rounding=ROUND_HALF_EVEN)
LARGEST = 2**96 - 1


def fit(value, scale):
    """`value` with so many places or as many as fit; None when it is too large."""
    for places in range(min(scale, 28), -1, -1):
        rounded = value.quantize(Decimal(1).scaleb(-places), context=MODEL)
        if abs(int(rounded.scaleb(places, context=MODEL))) <= LARGEST:
            return f"{abs(rounded) if not rounded else rounded:f}"
    return None


def places_of(text):
    return len(text.partition(".")[2])


def model_sum(left, right):
    return fit(MODEL.add(Decimal(left), Decimal(right)), max(places_of(left), places_of(right)))


def model_product(left, right):
    return fit(MODEL.multiply(Decimal(left), Decimal(right)), places_of(left) + places_of(right))


def model_quotient(left, right):
    ideal = max(0, places_of(left) - places_of(right))
    exact = Fraction(left) / Fraction(right)
    for places in range(ideal, 29):
        scaled = exact * 10**places
        if scaled.denominator == 1 and abs(scaled) <= LARGEST:
            return fit(Decimal(int(scaled)).scaleb(-places, context=MODEL), places)
    return fit(MODEL.divide(Decimal(left), Decimal(right)), 28)


def random_number(dice, most=10**12):
    digits = dice.randrange(1, most) if dice.random() < 0.9 else dice.randrange(1, 10 ** dice.randrange(1, 29))
    scale = dice.choice((0, 0, 1, 2, 2, 8, dice.randrange(29)))
    text = str(digits).rjust(scale + 1, "0")
    return f"{text[:-scale]}.{text[-scale:]}" if scale else text


@pytest.mark.parametrize("seed", range(3))
def test_sums_products_and_quotients_are_those_of_the_number_model(seed):
    dice = random.Random(seed)
    for _ in range(1500):
        price, quantity, more = (random_number(dice) for _ in range(3))
        portfolio = Portfolio()
        worth = model_product(price, quantity)
        average = None if worth is None else model_quotient(worth, quantity)
        cash = None if worth is None else model_sum(worth, more)
        left = None if cash is None else model_sum(cash, f"-{worth}")
        try:
            portfolio.deposit("USDT", worth if worth is not None else price)
            portfolio.deposit("USDT", more)
            portfolio.apply_fill("f", "X", price, quantity, 0)
        except OmsError as error:
            assert error.code == "Portfolio"
            # The sum that a deposit makes may round below what is needed.
            assert None in (worth, average, cash, left) or Decimal(cash) < Decimal(worth), (seed, price, quantity, more)
            continue
        position = portfolio.positions["X"]
        told = (position.avg_price, position.quantity, portfolio.cash["USDT"])
        assert told == (average, quantity, left), (seed, price, quantity, more)


@pytest.mark.parametrize("seed", range(2))
def test_numbers_are_read_as_the_model_reads_them(seed):
    dice = random.Random(seed)
    for _ in range(3000):
        digits = "".join(dice.choices("0123456789", k=dice.randrange(1, 45)))
        point = dice.randrange(len(digits) + 1)
        text = dice.choice(("", "+", "")) + digits[:point] + dice.choice((".", "")) + digits[point:]
        if dice.random() < 0.3:
            text += f"e{dice.randrange(-40, 40)}"
        with localcontext(MODEL):
            value = Decimal(text)
            expected = fit(value, max(0, -value.as_tuple().exponent))
        portfolio = Portfolio()
        if expected is None:
            with pytest.raises(ValueError, match="overflow"):
                portfolio.deposit("A", text)
        else:
            portfolio.deposit("A", text)
            assert portfolio.cash["A"] == expected, (seed, text)


@pytest.mark.parametrize("seed", range(2))
def test_floats_are_their_repr(seed):
    dice = random.Random(seed)
    for _ in range(3000):
        number = dice.choice((dice.random, lambda: dice.uniform(0, 1e6), lambda: float(dice.randrange(10**17))))()
        number = round(number, dice.randrange(17)) if dice.random() < 0.5 else number
        one, other = Portfolio(), Portfolio()
        one.deposit("A", number)
        other.deposit("A", repr(number))
        assert one.cash == other.cash, (seed, number)


# ---- Histories -------------------------------------------------------------------------------------------------------

STEPS = {
    "Submitted": {"Acknowledged", "Cancelled", "Rejected", "Expired"},
    "Acknowledged": {"PartiallyFilled", "Filled", "Cancelled", "Rejected", "Expired"},
    "PartiallyFilled": {"PartiallyFilled", "Filled", "Cancelled", "Expired"},
}


class Model:
    """A slow and obvious order manager, in fractions."""

    def __init__(self, cash):
        self.orders, self.keys, self.cash, self.fees = {}, {}, Fraction(cash), Fraction(0)
        self.positions, self.deposited = {}, Fraction(cash)

    def submit(self, order):
        key = order.idempotency_key
        if order.order_id in self.orders or key in self.keys:
            return "DuplicateIdempotencyKey"
        if key is not None:
            self.keys[key] = order.order_id
        self.orders[order.order_id] = {
            "kind": "Submitted", "quantity": Fraction(order.quantity), "side": 1 if order.side == Side.Buy else -1,
            "symbol": order.symbol, "fills": {}, "told": Fraction(0),
        }  # fmt: skip
        return None

    def update(self, order_id, kind, filled=None):
        order = self.orders[order_id]
        if kind not in STEPS.get(order["kind"], ()):
            return "InvalidTransition"
        if kind == "PartiallyFilled" and not order["told"] <= filled < order["quantity"]:
            return "InvalidTransition"
        if kind == "Filled" and filled != order["quantity"]:
            return "InvalidTransition"
        if kind in ("PartiallyFilled", "Filled"):
            order["told"] = filled
        order["kind"] = kind
        return None

    def cancel(self, order_id):
        return "AlreadyTerminal" if self.orders[order_id]["kind"] in TERMINAL else self.update(order_id, "Cancelled")

    def fill(self, order_id, fill_id, price, quantity, fee):
        order = self.orders[order_id]
        said = (price, quantity, fee)
        if fill_id in order["fills"]:
            return None if order["fills"][fill_id] == said else "Portfolio"
        if order["kind"] in TERMINAL:
            return "AlreadyTerminal"
        if order["kind"] == "Submitted":
            return "InvalidTransition"
        filled = sum(fill[1] for fill in order["fills"].values())
        if quantity > order["quantity"] - filled:
            return "Portfolio"
        cash = self.cash - order["side"] * price * quantity - fee
        if cash < 0:
            return "Portfolio"
        self.cash, self.fees = cash, self.fees + fee
        order["fills"][fill_id] = said
        order["told"] = filled + quantity
        order["kind"] = "Filled" if order["told"] == order["quantity"] else "PartiallyFilled"
        self.positions[order["symbol"]] = self.positions.get(order["symbol"], 0) + order["side"] * quantity
        return None


def compare(manager, model, where):
    assert manager.history_count() == len(model.orders), where
    active = {order_id for order_id, order in model.orders.items() if order["kind"] not in TERMINAL}
    snapshot = manager.snapshot()
    assert set(snapshot["active_orders"]) == active and manager.active_count() == len(active), where
    for order_id, order in model.orders.items():
        told = manager.get_order(order_id)
        assert told["status"] == order["kind"] and Fraction(told["filled_qty"]) == order["told"], where
        assert {fill["fill_id"] for fill in told["fills"]} == set(order["fills"]), where
    balance = manager.snapshot_balance()
    assert Fraction(balance["cash"]["USDT"]) == model.cash, where
    held = {symbol: Fraction(position.quantity) for symbol, position in balance["positions"].items()}
    assert held == model.positions, where
    worth = sum(Fraction(p.quantity) * Fraction(p.avg_price) for p in balance["positions"].values())
    realized = sum(Fraction(p.realized_pnl) for p in balance["positions"].values())
    assert abs(model.cash + worth - (model.deposited + realized - model.fees)) < Fraction(1, 10**18), where


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_random_histories_are_those_of_a_slow_model(seed):
    dice = random.Random(seed)
    manager, model = funded(5_000), Model(5_000)
    orders = []
    for step in range(150):
        where = (seed, step)
        action = dice.random()
        if action < 0.25 or not orders:
            key = dice.choice((None, f"key-{dice.randrange(30)}"))
            order = limit_order(
                dice.choice(("A-USDT", "B-USDT")), dice.choice(("Buy", "Sell")), dice.randrange(1, 9), 5, key
            )
            if orders and dice.random() < 0.1:
                order = dice.choice(orders)
            call = lambda: manager.submit(order)  # noqa: B023, E731
            expected = model.submit(order)
            if expected is None:
                orders.append(order)
        else:
            order = dice.choice(orders)
            order_id = order.order_id
            if action < 0.75:
                number = dice.randrange(6)
                price, quantity, fee = dice.randrange(100), dice.choice(("1", "0.5", "2.25")), dice.choice((0, 1, -1))
                call = lambda: manager.add_fill(order_id, f"f{number}", order.symbol, price, quantity, fee)  # noqa: B023, E731
                expected = model.fill(order_id, f"f{number}", Fraction(price), Fraction(quantity), Fraction(fee))
            elif action < 0.8:
                call = lambda: manager.cancel(order_id)  # noqa: B023, E731
                expected = model.cancel(order_id)
            else:
                kind = dice.choice(("Acknowledged",) * 6 + ("Submitted", "PartiallyFilled", "Filled", *TERMINAL))
                filled = Fraction(dice.choice((1, 2, order.quantity)))
                said = {"filled_qty": str(filled), "avg_price": 5} if kind in ("PartiallyFilled", "Filled") else {}
                if kind == "Rejected":
                    said = {"reason": "no"}
                status = make_order_status(kind, **said)
                call = lambda: manager.update_status(order_id, status)  # noqa: B023, E731
                expected = model.update(order_id, kind, filled)
        before = state_of(manager) if step % 10 == 0 else None
        if expected is None:
            call()
        else:
            assert code(call) == expected, where
            assert before is None or state_of(manager) == before, where
        if dice.random() < 0.03:
            manager = OrderManager.restore(manager.dump())
        if step % 15 == 14:
            compare(manager, model, where)
    again = OrderManager.restore(manager.dump())
    assert state_of(again) == state_of(manager)


# ---- Threads and restarts --------------------------------------------------------------------------------------------


def test_of_two_threads_that_submit_a_key_one_succeeds_each_time():
    manager = OrderManager()
    accepted, refused = [[], []], [0, 0]
    start = threading.Barrier(2)

    def work(thread):
        orders = [limit_order("X", "Buy", 1, 1, f"key-{number}") for number in range(KEYS)]
        start.wait()
        for order in orders:
            try:
                accepted[thread].append(manager.submit(order))
            except OmsError as error:
                assert error.code == "DuplicateIdempotencyKey"
                refused[thread] += 1

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accepted[0]) + len(accepted[1]) == manager.active_count() == KEYS == sum(refused)


def dumped():
    manager = funded(1_000, history_limit=2, quote_currency="EUR")
    first = acknowledged(manager, key="one")
    manager.add_fill(first, "a", "BTC-USDT", 3, "0.7", "0.01", "2026-01-15T10:00:00Z")
    manager.add_fill(first, "b", "BTC-USDT", 7, "2", 0, fee_currency="USDT")
    ended = acknowledged(manager, side="Sell", key="two")
    manager.add_fill(ended, "a", "BTC-USDT", 5, "-1.3", 0)
    manager.update_status(ended, make_order_status("Cancelled", reason="user"))
    return manager


def test_a_dump_is_restored_to_the_last_answer():
    manager = dumped()
    manager.snapshot()
    again = OrderManager.restore(manager.dump())
    assert state_of(again) == state_of(manager) and again.dump() == manager.dump()
    assert again.snapshot()["version"] == 2 and repr(again) == repr(manager)


def changed(path, value):
    dump = json.loads(dumped().dump())
    place = dump
    for name in path[:-1]:
        place = place[name]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(dump)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "other"),
        (("format_version",), 2),
        (("options",), {"colour": "red"}),
        (("options", "history_limit"), -1),
        (("version",), "x"),
        (("version",), -1),
        (("active",), KeyError),
        (("active",), 5),
        (("active", 0, "order_id"), "no id"),
        (("active", 0, "status"), "Filled"),
        (("active", 0, "status"), "Submitted"),
        (("active", 0, "status"), "New"),
        (("active", 0, "status"), "Nope"),
        (("active", 0, "quantity"), "-1"),
        (("active", 0, "quantity"), "2"),
        (("active", 0, "quantity"), "2.7"),
        (("active", 0, "filled_qty"), None),
        (("active", 0, "filled_qty"), "-1"),
        (("active", 0, "side"), 2),
        (("active", 0, "order_type"), 9),
        (("active", 0, "symbol"), ""),
        (("active", 0, "symbol"), "ETH-USDT"),
        (("active", 0, "fills"), []),
        (("active", 0, "fills", 0, "quantity"), "0.8"),
        (("active", 0, "fills", 0, "price"), "4"),
        (("active", 0, "fills", 0, "price"), "x"),
        (("active", 0, "fills", 0, "sequence"), 9),
        (("active", 0, "fills", 1, "fill_id"), "a"),
        (("active", 0, "idempotency_key"), "two"),
        (("ended", 0, "side"), 0),
        (("ended", 0, "fills", 0, "quantity"), "1"),
        (("forgotten",), [["no id", None]]),
        (("forgotten",), 7),
        (("cash", "USDT"), "-1"),
        (("cash", ""), "1"),
        (("cash",), []),
        (("positions", 0, "quantity"), "1.5"),
        (("positions", 0, "avg_price"), "5"),
        (("positions", 0, "realized_pnl"), "0"),
        (("positions",), []),
        (("positions", 0, "symbol"), "ETH-USDT"),
    ],
)
def test_a_dump_that_contradicts_itself_is_refused(path, value):
    assert code(OrderManager.restore, changed(path, value)) == "RecoveryFailed"


@pytest.mark.parametrize("text", ["", "{", "nonsense", "{'a': 1}", None, 5, b"\xff", [], "[" * 100_000])
def test_what_is_no_json_is_told_so(text):
    assert code(OrderManager.restore, text) == "SerializationError"


@pytest.mark.parametrize("text", ["null", "5", "[]", '"x"', "{}", '{"format": "axon_quant.oms"}'])
def test_json_that_is_no_dump_is_told_so(text):
    assert code(OrderManager.restore, text) == "RecoveryFailed"


def test_statuses_come_from_dicts_of_any_kind():
    assert OrderStatus.from_dict({"kind": "Rejected", "reason": "no", "noise": object()}).reason == "no"
    for bad in (None, 5, [], "kind"):
        assert code(OrderStatus.from_dict, bad) == "InvalidTransition"
