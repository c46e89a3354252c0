"""Account groups and an operator's kill switch.

A desk stops one account, then everybody who trades for the same client, and lets them go again. The first cause of a block
is kept; the block of an account is told before that of its group.
"""

from openpit import AccountGroupRegistrationError, Accounts, Engine, Instrument, Order, OrderOperation
from openpit.param import AccountGroupId, AccountId, Price, Side, TradeAmount
from openpit.pretrade import policies

AAPL = Instrument("AAPL", "USD")
ANNA, BEN, CARL = (AccountId.from_str(name) for name in ("anna", "ben", "carl"))
NAMES = {ANNA: "anna", BEN: "ben", CARL: "carl"}
FUND = AccountGroupId.from_str("north fund")


def try_all(engine: Engine) -> None:
    """What each account would be told now. A dry run changes nothing."""
    for account, name in NAMES.items():
        operation = OrderOperation(
            instrument=AAPL,
            account_id=account,
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(1),
            price=Price(185),
        )
        report = engine.execute_pre_trade_dry_run(order=Order(operation=operation))
        if report.rejects is None:
            print(f"  {name}: may trade")
        else:
            reject = report.rejects[0]
            print(f"  {name}: {reject.code}, {reject.reason} ({reject.details})")


def put_in_groups(accounts: Accounts) -> None:
    print("anna and ben trade for the north fund")
    accounts.register_group([ANNA, BEN], FUND)
    print(f"  anna's group is the fund: {accounts.group_of(ANNA) == FUND}; carl's group: {accounts.group_of(CARL)}")
    try:
        accounts.register_group([CARL, ANNA], AccountGroupId.from_str("south fund"))
    except AccountGroupRegistrationError as error:
        print(f"  all or nothing: {error}; carl's group: {accounts.group_of(CARL)}")


def main() -> None:
    engine = Engine.builder().no_sync().builtin(policies.build_order_validation()).build()
    accounts = engine.accounts()
    put_in_groups(accounts)

    print("the operator stops anna")
    accounts.block(ANNA, "order flow looks wrong")
    try_all(engine)

    print("then the whole fund")
    accounts.block_group(FUND, "margin call of the north fund")
    try_all(engine)

    print("anna is cleared, the fund is not")
    accounts.unblock(ANNA)
    try_all(engine)

    print("ben leaves the fund")
    accounts.unregister_group([BEN], FUND)
    try_all(engine)

    print("the margin call is met")
    accounts.unblock_group(FUND)
    try_all(engine)


if __name__ == "__main__":
    main()
