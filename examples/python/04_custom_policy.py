"""A control of your own: a price collar from market data.

An order must not be priced further from the mark than a given share of it. No quote, an old quote and no price to compare
are answers too, and none of them is "pass".
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal

from openpit import Engine, Instrument, Order, OrderOperation
from openpit.marketdata import (
    MarketDataService,
    Quote,
    QuoteExpired,
    QuoteResolution,
    QuoteTtl,
    QuoteUnavailable,
)
from openpit.param import AccountId, Price, Side, TradeAmount
from openpit.pretrade import Context, Policy, PolicyReject, RejectCode, policies

AAPL = Instrument("AAPL", "USD")
MSFT = Instrument("MSFT", "USD")
ACCOUNT = AccountId.from_int(7)


class PriceCollar(Policy):
    def __init__(self, quotes: MarketDataService, share: Decimal) -> None:
        self.quotes = quotes
        self.share = share

    @property
    def name(self) -> str:
        return "PriceCollar"

    def check_pre_trade_start(self, ctx: Context, order: Order) -> Iterable[PolicyReject]:
        operation = order.operation
        if operation is None or operation.price is None:
            yield PolicyReject(RejectCode.UNSUPPORTED_ORDER_TYPE, "price required", "a market order has no collar")
            return
        middle, problem = self.mark(ctx, operation)
        if middle is None:
            yield PolicyReject(RejectCode.MARK_PRICE_UNAVAILABLE, "no mark price", problem)
            return
        width = middle * self.share
        if not middle - width <= operation.price <= middle + width:
            details = f"requested {operation.price}, allowed: {middle - width} to {middle + width}"
            yield PolicyReject(RejectCode.INVALID_FIELD_VALUE, "price outside collar", details)

    def mark(self, ctx: Context, operation: OrderOperation) -> tuple[Price | None, str]:
        """The mark that this account sees, or what is wrong with it."""
        instrument = self.quotes.resolve(operation.instrument)
        if instrument is None:
            return None, "the instrument is unknown"
        if operation.account_id is None:
            return None, "the account is unknown"
        try:
            quote = self.quotes.get(
                instrument, operation.account_id, ctx, QuoteResolution.ACCOUNT_THEN_GROUP_THEN_DEFAULT
            )
        except QuoteUnavailable:
            return None, "there is no quote"
        except QuoteExpired:
            return None, "the quote is too old"
        return quote.mark, "the quote has no mark"


def check(engine: Engine, what: str, instrument: Instrument, price: str | None) -> None:
    order = Order(
        operation=OrderOperation(
            instrument=instrument,
            account_id=ACCOUNT,
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(10),
            price=None if price is None else Price(price),
        )
    )
    result = engine.execute_pre_trade(order=order)
    if result:
        print(f"{what}: accepted")
    else:
        reject = result.rejects[0]
        print(f"{what}: {reject.policy}: {reject.reason} ({reject.details})")


def main() -> None:
    builder = Engine.builder().no_sync()
    quotes = builder.market_data(QuoteTtl.within(datetime.timedelta(minutes=1))).build()
    collar = PriceCollar(quotes, Decimal("0.05"))
    engine = builder.builtin(policies.build_order_validation()).pre_trade(collar).build()

    aapl = quotes.register(AAPL)
    check(engine, "AAPL at 200.00, before the first quote", AAPL, "200.00")
    quotes.push(aapl, Quote(mark="200.00"))
    check(engine, "AAPL at market", AAPL, None)
    check(engine, "AAPL at 210.00", AAPL, "210.00")
    check(engine, "AAPL at 210.01", AAPL, "210.01")
    check(engine, "AAPL at 189.99", AAPL, "189.99")
    quotes.push(aapl, Quote(mark="201.00"))
    check(engine, "AAPL at 210.01, with the mark at 201.00", AAPL, "210.01")
    quotes.push(aapl, Quote(mark="202.00"), datetime.timedelta(minutes=1))
    check(engine, "AAPL at 202.00, with a mark that is a minute old", AAPL, "202.00")
    check(engine, "MSFT at 190.00", MSFT, "190.00")


if __name__ == "__main__":
    main()
