"""An asyncio order gateway: several clients, one engine, venues that answer when they like.

A check takes less than a microsecond, so it is made inside the event loop, between two awaits: no thread, no lock. While
the venue thinks about an order its reservation stays open, and other orders see what it holds. The venue answers in the
order given here, so the story is the same in every run.
"""

import asyncio
from dataclasses import dataclass, field

from openpit import Engine, Instrument, Mutation, Order, OrderOperation
from openpit.param import AccountId, Price, Quantity, Side, TradeAmount
from openpit.pretrade import Context, Policy, PolicyPreTradeResult, PolicyReject, RejectCode, policies

AAPL = Instrument("AAPL", "USD")


class OpenQuantity(Policy):
    """At most so many shares may be with the venue at any time, over all accounts."""

    def __init__(self, most: Quantity) -> None:
        self.most = most
        self.open = Quantity(0)

    @property
    def name(self) -> str:
        return "OpenQuantity"

    def perform_pre_trade_check(self, ctx: Context, order: Order) -> PolicyPreTradeResult:
        amount = order.operation.trade_amount if order.operation else None
        wanted = amount.as_quantity if amount else None
        if wanted is None:
            reject = PolicyReject(
                RejectCode.UNSUPPORTED_ORDER_TYPE, "quantity required", "an order of a volume is open-ended"
            )
            return PolicyPreTradeResult.reject([reject])
        if self.open + wanted > self.most:
            details = f"open {self.open}, requested {wanted}, max allowed: {self.most}"
            return PolicyPreTradeResult.reject([PolicyReject(RejectCode.RISK_LIMIT_EXCEEDED, "venue is busy", details)])
        self.open += wanted
        # Whatever the venue says, the order is no longer with it: both ways out give the shares back.
        return PolicyPreTradeResult.accept(
            [Mutation(commit=lambda: self.give_back(wanted), rollback=lambda: self.give_back(wanted))]
        )

    def give_back(self, quantity: Quantity) -> None:
        self.open -= quantity


@dataclass
class Venue:
    """Answers an order when it is told to."""

    waiting: dict[str, asyncio.Future[str]] = field(default_factory=dict)

    async def send(self, name: str) -> str:
        self.waiting[name] = asyncio.get_running_loop().create_future()
        return await self.waiting[name]

    async def answer(self, name: str, text: str) -> None:
        self.waiting.pop(name).set_result(text)
        await asyncio.sleep(0)


class Gateway:
    def __init__(self, engine: Engine, venue: Venue) -> None:
        self.engine = engine
        self.venue = venue

    async def submit(self, name: str, order: Order) -> None:
        result = self.engine.execute_pre_trade(order=order)
        if not result:
            reject = result.rejects[0]
            print(f"{name}: rejected; {reject.policy}: {reject.reason} ({reject.details})")
            return
        print(f"{name}: passed, on its way to the venue")
        try:
            answer = await self.venue.send(name)
        except BaseException:
            # A client that went away is no reason to keep its shares.
            result.reservation.rollback()
            print(f"{name}: given up, rolled back")
            raise
        if answer == "taken":
            result.reservation.commit()
        else:
            result.reservation.rollback()
        print(f"{name}: {answer} by the venue")


def buy(account: int, quantity: int) -> Order:
    return Order(
        operation=OrderOperation(
            instrument=AAPL,
            account_id=AccountId.from_int(account),
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(quantity),
            price=Price("185.50"),
        )
    )


async def main() -> None:
    open_quantity = OpenQuantity(Quantity(100))
    engine = Engine.builder().no_sync().builtin(policies.build_order_validation()).pre_trade(open_quantity).build()
    venue = Venue()
    gateway = Gateway(engine, venue)

    async with asyncio.TaskGroup() as clients:
        clients.create_task(gateway.submit("anna 1", buy(1, 60)))
        clients.create_task(gateway.submit("ben 1", buy(2, 30)))
        clients.create_task(gateway.submit("carl 1", buy(3, 20)))
        await asyncio.sleep(0)
        print(f"open: {open_quantity.open}")

        await venue.answer("anna 1", "taken")
        impatient = clients.create_task(gateway.submit("carl 2", buy(3, 20)))
        await asyncio.sleep(0)
        print(f"open: {open_quantity.open}")

        await venue.answer("ben 1", "refused")
        impatient.cancel()
    print(f"open: {open_quantity.open}")


if __name__ == "__main__":
    asyncio.run(main())
