"""Short names for what the engine's tests say again and again."""

import openpit
from openpit.param import AccountId, Fee, Pnl, Price, Side, TradeAmount
from openpit.pretrade import Policy, PolicyPreTradeResult, PolicyReject, RejectCode, RejectScope, policies

USD = openpit.Instrument("AAPL", "USD")
A = AccountId.from_int(1)
B = AccountId.from_int(2)


def order(quantity="1", price="10", account=A, instrument=USD):
    """A buy order of account A."""
    return openpit.Order(
        operation=openpit.OrderOperation(
            instrument=instrument,
            account_id=account,
            side=Side.BUY,
            trade_amount=TradeAmount.quantity(quantity),
            price=None if price is None else Price(price),
        )
    )


def report(pnl="0", fee="0", account=A, instrument=USD):
    return openpit.ExecutionReport(
        operation=openpit.ExecutionReportOperation(instrument=instrument, account_id=account, side=Side.BUY),
        financial_impact=openpit.FinancialImpact(pnl=Pnl(pnl), fee=Fee(fee)),
    )


def adjustment(asset="USD"):
    return openpit.AccountAdjustment(operation=openpit.AccountAdjustmentBalanceOperation(asset=asset))


def reject(reason="r", scope=RejectScope.ORDER, code=RejectCode.OTHER, details="d", user_data=0):
    return PolicyReject(code=code, reason=reason, details=details, scope=scope, user_data=user_data)


def account_reject(reason="r", **named):
    return reject(reason, scope=RejectScope.ACCOUNT, **named)


def block(reason="b", policy="P", code=RejectCode.OTHER):
    return openpit.pretrade.AccountBlock(policy=policy, code=code, reason=reason, details="d")


class Hooks(Policy):
    """A policy made of functions: Hooks("A", start=lambda ctx, order: ...)."""

    name = None
    HOOKS = {
        "start": "check_pre_trade_start",
        "main": "perform_pre_trade_check",
        "report": "apply_execution_report",
        "adjust": "apply_account_adjustment",
        "dry_start": "check_pre_trade_start_dry_run",
        "dry_main": "perform_pre_trade_check_dry_run",
    }

    def __init__(self, name="A", group=0, **hooks):
        self.name = name
        self.group = group
        for short, hook in hooks.items():
            setattr(self, self.HOOKS[short], hook)

    @property
    def policy_group_id(self):
        return self.group


def engine(*registered, sync="no_sync", compatibility="0.7"):
    """An engine of Python policies and of builders of built-in ones, in this order."""
    builder = getattr(openpit.Engine.builder().compatibility(compatibility), sync)()
    for policy in registered:
        builder = builder.builtin(policy) if hasattr(policy, "_build") else builder.pre_trade(policy)
    return builder.build()


def mutation(log, name):
    return openpit.Mutation(
        commit=lambda: log.append(f"commit {name}"), rollback=lambda: log.append(f"rollback {name}")
    )


def accept(*mutations, **named):
    return PolicyPreTradeResult.accept(mutations=mutations, **named)


def refuse(*rejects, **named):
    return PolicyPreTradeResult.reject(rejects, **named)


def raising(error):
    def hook(*_args, **_named):
        raise error

    return hook


def seen(rejects):
    """(policy, code, reason, scope) of each reject."""
    return [(item.policy, item.code, item.reason, item.scope) for item in rejects]


def validation():
    return policies.build_order_validation()
