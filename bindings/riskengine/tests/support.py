"""A driven clock and envelopes that are wide enough for tests to tighten one thing."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # a Wednesday

WIDE = {
    "allowed_brokers": ["ib", "kraken"],
    "allowed_order_types": ["MARKET", "LIMIT", "STOP", "STOP_LIMIT"],
    "max_order_notional": 10**9,
    "max_position_pct": 100,
    "max_gross_exposure_pct": 100,
    "max_net_exposure_pct": 100,
    "max_sector_pct": 100,
    "max_asset_class_pct": 100,
    "daily_loss_halt_pct": 1,
    "weekly_loss_halt_pct": 1,
    "monthly_loss_halt_pct": 1,
    "enable_shorting": True,
    "max_borrow_fee_pct": 1,
}


class Clock:
    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, **step):
        self.now += timedelta(**step)
        return self.now


def envelope(fund_id="alpha", author="anna", **limits):
    from mts1b_riskengine import RiskEnvelope

    return RiskEnvelope(fund_id=fund_id, author=author, **{**WIDE, **limits})


def announced(made):
    """The message by which a node tells others of an envelope."""
    names = ("fund_id", "strategy_id", "version", "hash", "signature", "key_id")
    return {**{name: getattr(made, name) for name in names}, "envelope": made.content()}


PRICES = {"AAPL": 500, "MSFT": 400, "BTC": 50_000}


class Desk:
    """An engine with one fund, three instruments and fresh prices."""

    def __init__(self, clock, *, config=None, store=None, nav=1_000_000, limits=None, published=True, **options):
        from mts1b_riskengine import Instrument, Quote, RiskEngine

        self.clock = clock
        self.alerts = []
        self.count = 0
        self.engine = RiskEngine(config, store=store, clock=clock, on_alert=self.alerts.append, **options)
        self.engine.register_fund("alpha")
        for symbol, price in PRICES.items():
            asset_class = "crypto" if symbol == "BTC" else "equity"
            self.engine.register_instrument(Instrument(symbol=symbol, asset_class=asset_class))
            self.engine.update_quote(Quote(symbol=symbol, last=price))
        if published:
            self.engine.envelopes.publish(envelope(**(limits or {})))
        if nav is not None:
            self.engine.update_nav("alpha", nav)

    def order(self, side="BUY", symbol="AAPL", quantity=1, **fields):
        from mts1b_riskengine import Order

        self.count += 1
        made = {"order_id": f"O{self.count}", "idempotency_key": f"K{self.count}", "fund_id": "alpha", "broker": "ib"}
        return Order(**{**made, "symbol": symbol, "side": side, "quantity": quantity, **fields})

    def hold(self, symbol, quantity, price=None, **fields):
        from mts1b_riskengine import Fill

        self.count += 1
        made = {"fill_id": f"F{self.count}", "order_id": f"X{self.count}", "fund_id": "alpha", "broker": "ib"}
        side = "BUY" if quantity > 0 else "SELL"
        price = PRICES[symbol] if price is None else price
        self.engine.apply_fill(
            Fill(**{**made, "symbol": symbol, "side": side, "quantity": abs(quantity), "price": price, **fields})
        )

    def codes(self):
        return [alert.code for alert in self.alerts]


class Oms:
    """Sends every order through the engine's gates; `fails` says how it fails."""

    def __init__(self, engine):
        self.engine = engine
        self.sent, self.cancelled, self.adjusted = [], [], []
        self.funds = ["alpha"]
        self.fails = None

    async def _answer(self):
        import asyncio

        if self.fails == "hangs":
            await asyncio.sleep(60)
        if self.fails:
            raise ConnectionError(self.fails)

    async def active_funds(self):
        await self._answer()
        return self.funds

    async def get_positions(self, *, fund_id):
        await self._answer()
        return self.engine.books(fund_id)

    async def submit_order(self, order):
        await self._answer()
        decision = self.engine.check_order(order)
        self.sent.append((order, decision))
        return decision

    async def cancel_open_orders(self, *, fund_id, symbol):
        await self._answer()
        self.cancelled.append((fund_id, symbol))

    async def adjust_position(self, *, fund_id, symbol, quantity, reason):
        await self._answer()
        self.adjusted.append((fund_id, symbol, quantity))


class Broker:
    def __init__(self, positions=()):
        self.positions = list(positions)

    async def get_positions(self):
        return self.positions


class Quotes:
    def __init__(self, **prices):
        self.prices = prices

    async def get_quote(self, symbol):
        from mts1b_riskengine import Quote

        price = self.prices.get(symbol)
        if isinstance(price, BaseException):
            raise price
        return None if price is None else price if isinstance(price, Quote) else Quote(symbol=symbol, last=price)
