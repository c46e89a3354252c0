"""Random histories of an engine, made of a seed and a number, as JSON that a player understands.

A history is a list of steps. A step has an `op`, which is a method of a thing that has a name (`engine.start_pre_trade`),
`args` for it, and perhaps `as`, a name for what it returns. `{"Price": "5"}` makes a price, `{"Ref": "r3"}` is what a
step before named r3; `player.py` knows the rest. A history says all it does, so a step may be taken out of it.
"""

import random

from hooks import Hooks
from numbers_at_random import magnitude, taste

ACCOUNTS = [1, 2, 3]
GROUPS = [7, 8]
INSTRUMENTS = ["AAPL/USD", "AAPL/USD", "AAPL/USD", "AAPL/EUR", "MSFT/USD", "EUR/USD", "USD/EUR", "USD/USD"]
ASSETS = ["USD", "USD", "AAPL", "AAPL", "EUR", "MSFT"]
CONFIGURABLE = ["RateLimitPolicy", "OrderSizeLimitPolicy", "PnlBoundsKillSwitchPolicy", "SpotFundsPolicy"]
HALTS = ["MISSING_FX", "MISSING_ACCOUNT_CURRENCY", "MISSING_INITIAL_PNL", "MISSING_COST_BASIS", "ARITHMETIC_OVERFLOW"]
# What a hook may not do inside of a batch: the reference waits for itself.
FUNDS_BOUNDS = ["spot_funds_pnl_bounds_killswitch", "set_spot_funds_account_pnl"]
WRONG = ["", "abc", "-1", "1,5", None, True, {"Float": "nan"}, str(2**96), {"Decimal": "NaN"}]
UNUSUAL = ["1e2", f"0.{'3' * 30}"]
AN_HOUR = 3600
AN_INSTANT = 0.000001


class Histories:
    """The histories of one seed, for programs of one release."""

    def __init__(self, seed: int, release: str):
        self.seed = seed
        self.release = release

    def __getitem__(self, number: int) -> dict:
        rng = random.Random(f"{self.seed}/{self.release}/{number}")
        return {"number": number, "steps": Story(rng, self.release).steps()}


class Story(Hooks):
    """One history while it is made up."""

    def __init__(self, rng: random.Random, release: str):
        self.rng = rng
        self.is_later = release == "0.10"
        self.taste = taste(rng)
        self.flaws = rng.choice([0, 0, 0, 0.02, 0.1])  # how often something is malformed
        self.has_flaw = False
        self.accounts = ACCOUNTS[: rng.choice([1, 1, 2, 3])]
        self.orders = []  # what was ordered under which name, so that reports may be about it
        self.mutations = 0

    # --- choices -------------------------------------------------------------------------------------

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def flawed(self) -> bool:
        """Whether to malform an argument: one of a step, for which one is named first is nobody's promise."""
        is_flawed = self.flaws > 0 and not self.has_flaw and self.rng.random() < self.flaws
        self.has_flaw |= is_flawed
        return is_flawed

    def lacks(self) -> bool:
        """Whether to leave out a field: of several that lack, the order is a promise."""
        return self.flaws > 0 and self.rng.random() < self.flaws

    def some(self, make, most: int = 2) -> list:
        return [make() for _ in range(self.rng.randint(0, most))]

    def number(self, signed: float = 0) -> object:
        """A number as a program may give it."""
        if self.flawed():
            return self.rng.choice(UNUSUAL if self.chance(0.1) else WRONG)
        text = magnitude(self.rng, self.taste)
        if self.chance(signed):
            text = f"-{text}"
        if text.isdigit() and self.chance(0.2):
            return int(text) if int(text) < 2**60 else text
        return {"Decimal": text} if self.chance(0.1) and len(text) < 28 else text

    def limit(self) -> object:
        """A number that many orders keep to."""
        return self.number() if self.chance(0.3) else self.rng.choice([5, 20, "100.5", 500, 5000, 100000])

    def account(self) -> object:
        if self.flawed():
            return self.rng.choice([None, 1, "1"])
        return {"AccountId.from_int": self.rng.choice(self.accounts)}

    def group(self) -> object:
        if self.flawed():
            return self.rng.choice([0, -1, {"Get": "AccountGroupId.DEFAULT"}, "7"])
        return {"AccountGroupId.from_int": self.rng.choice(GROUPS)}

    def asset(self) -> object:
        return self.rng.choice(["", " ", 5, None]) if self.flawed() else self.rng.choice(ASSETS)

    def instrument(self, name=None) -> object:
        if self.flawed():
            return self.rng.choice([None, "AAPL/USD", {"Instrument": ["", "USD"]}])
        return {"Instrument": (name or self.rng.choice(INSTRUMENTS)).split("/")}

    def instrument_id(self) -> object:
        return {"InstrumentId": 99 if self.chance(0.05) else self.rng.randint(0, 4)}

    def maybe(self, value, probability: float = 0.5) -> object:
        return value() if self.chance(probability) else None

    def given(self, **makers) -> dict:
        """Some of these arguments."""
        return {name: make() for name, make in makers.items() if self.chance(0.6)}

    # --- orders and reports --------------------------------------------------------------------------

    def amount(self) -> object:
        if self.lacks():
            return None
        kind = "TradeAmount.volume" if self.chance(0.2) else "TradeAmount.quantity"
        return {kind: self.number()}

    def order(self) -> dict:
        facts = {
            "instrument": self.rng.choice(INSTRUMENTS),
            "account": self.rng.choice(self.accounts),
            "side": self.rng.choice(["BUY", "BUY", "SELL"]),
            "price": self.number(0.05),
            "amount": self.amount(),
        }
        # A report about it is well formed, whatever the order was.
        usual = {"price": "10", "amount": {"TradeAmount.quantity": "5"}} if self.has_flaw else {}
        self.last = facts | usual
        if self.flawed() and self.chance(0.3):
            return self.rng.choice([{"Order": {}}, None, {"ExecutionReport": {}}])
        operation = {
            "instrument": self.instrument(facts["instrument"]),
            "account_id": None if self.lacks() else {"AccountId.from_int": facts["account"]},
            "side": None if self.lacks() else {"Get": f"Side.{facts['side']}"},
            "trade_amount": facts["amount"],
            "price": None if self.chance(0.08) else facts["price"],
        }
        return {"Order": {"operation": {"OrderOperation": operation}}}

    def lock(self, name=None) -> object:
        """A lock for a report: the one of an order when there was one, perhaps after a journey, or a made-up one."""
        price = self.number(0.05)
        made = {"Lock": [[{"Tuple": [self.rng.choice([0, 0, 0, 5]), price]}]]} if self.chance(0.8) else {"Lock": []}
        if name is None:
            return made
        found = {"Either": [{"Ref": f"l{name}"}, made]}
        return self.rng.choice([found, found, found, {"JsonOf": found}, {"MsgpackOf": found}])

    def report(self) -> dict:
        if self.flawed() and self.chance(0.2):
            return self.rng.choice([{"ExecutionReport": {}}, None, {"Order": {}}])
        name, facts = self.rng.choice(self.orders) if self.orders and self.chance(0.85) else (None, None)
        if facts is None:
            facts = {"instrument": self.rng.choice(INSTRUMENTS), "account": self.rng.choice(self.accounts)}
            facts |= {"side": self.rng.choice(["BUY", "SELL"]), "price": self.number(), "amount": None}
        operation = {
            "instrument": self.instrument(facts["instrument"]),
            "account_id": None if self.lacks() and self.chance(0.2) else {"AccountId.from_int": facts["account"]},
            "side": None if self.lacks() else {"Get": f"Side.{facts['side']}"},
        }
        parts = {"operation": {"ExecutionReportOperation": operation}}
        if self.chance(0.5):
            parts["financial_impact"] = {"FinancialImpact": {"pnl": self.number(0.5), "fee": self.number(0.3)}}
        if self.chance(0.85):
            parts["fill"] = {"ExecutionReportFillDetails": self.fill(name, facts)}
        return {"ExecutionReport": parts}

    def fill(self, name, facts: dict) -> dict:
        remaining = "remaining_reserved_quantity" if self.is_later else "leaves_quantity"
        fill = {"lock": self.lock(name), "is_final": None if self.lacks() else self.chance(0.4)}
        if self.chance(0.8):
            price = facts["price"] if self.chance(0.5) else self.number(0.03)
            quantity = self.number()
            if isinstance(facts["amount"], dict) and "TradeAmount.quantity" in facts["amount"] and self.chance(0.5):
                quantity = facts["amount"]["TradeAmount.quantity"]
            fill["last_trade"] = {"Trade": {"price": {"Price": price}, "quantity": {"Quantity": quantity}}}
        if self.chance(0.25):
            fill["fee"] = {"MonetaryAmount": [{"Fee": self.number(0.2)}, self.asset()]}
        if not self.lacks():
            fill[remaining] = self.rng.choice(["0", "0", self.number()])
        return fill

    # --- adjustments ---------------------------------------------------------------------------------

    def change(self) -> object:
        kind = self.rng.choice(["AdjustmentAmount.absolute", "AdjustmentAmount.delta"])
        return {kind: self.number(0.2)}

    def state(self) -> object:
        return {"Get": f"PnlHaltReason.{self.rng.choice(HALTS)}"} if self.chance(0.15) else self.number(0.5)

    def balance_operation(self) -> dict:
        operation = {"asset": self.asset()}
        if self.chance(0.25):
            operation["average_entry_price"] = self.number(0.05)
        if self.chance(0.2):
            operation["realized_pnl"] = self.state()
        return {"account_adjustment.BalanceOperation": operation}

    def adjustment(self) -> object:
        if self.flawed() and self.chance(0.4):
            return self.rng.choice([{"AccountAdjustment": {}}, None, 5])
        if self.chance(0.1):
            return {
                "AccountAdjustment": {"operation": {"account_adjustment.AccountPnlOperation": {"state": self.state()}}}
            }
        parts = {"operation": self.balance_operation()}
        amounts = {
            name: self.change()
            for name, often in (("balance", 0.8), ("held", 0.15), ("incoming", 0.1))
            if self.chance(often)
        }
        if amounts or self.chance(0.1):
            parts["amount"] = {"account_adjustment.Amount": amounts}
        if self.chance(0.15):
            ends = ["balance_lower", "balance_upper", "held_lower", "held_upper", "incoming_lower", "incoming_upper"]
            bounds = {name: self.number(0.3) for name in self.rng.sample(ends, self.rng.randint(1, 2))}
            parts["bounds"] = {"account_adjustment.Bounds": bounds}
        return {"AccountAdjustment": parts}

    def batch(self) -> list:
        return [self.account(), [self.adjustment() for _ in range(self.rng.choice([1, 1, 1, 2, 3, 0]))]]

    def funds(self) -> dict:
        """A batch that lets an account trade."""
        items = []
        for asset, amount in (("USD", 10000), ("AAPL", 50), ("EUR", 3000)):
            if self.chance(0.7):
                operation = {"asset": asset}
                if asset == "AAPL" and self.chance(0.6):
                    operation["average_entry_price"] = self.number()
                if asset == "AAPL" and self.chance(0.5):
                    operation["realized_pnl"] = self.number(0.5)
                value = {"AdjustmentAmount.absolute": amount if self.chance(0.7) else self.number()}
                parts = {"operation": {"account_adjustment.BalanceOperation": operation}}
                items.append(
                    {"AccountAdjustment": parts | {"amount": {"account_adjustment.Amount": {"balance": value}}}}
                )
        account = {"AccountId.from_int": self.rng.choice(self.accounts)}
        return {"op": "engine.apply_account_adjustment", "args": [account, items]}

    # --- policies ------------------------------------------------------------------------------------

    def rate(self) -> dict:
        if self.flawed():
            wrong = [{"max_orders": -1, "window": {"Seconds": AN_HOUR}}, {"max_orders": 1, "window": 5}]
            wrong += [{"max_orders": 1, "window": {"Seconds": seconds}} for seconds in (0, -1)]
            return {"policies.RateLimit": self.rng.choice(wrong)}
        # An instant has always passed when the next order comes, and an hour never, so that no clock decides a history.
        window = self.rng.choice([AN_HOUR, AN_HOUR, AN_HOUR, 24 * AN_HOUR, AN_INSTANT])
        most = self.rng.choice([0, 1, 2, 3, 4, 5, 6, 8])
        return {"policies.RateLimit": {"max_orders": most, "window": {"Seconds": window}}}

    def rate_barrier(self, kind: str) -> dict:
        barrier = {"limit": self.rate()}
        if "Account" in kind:
            barrier["account_id"] = self.account()
        if "Asset" in kind:
            barrier["settlement_asset"] = self.asset()
        return {f"policies.RateLimit{kind}Barrier": barrier}

    def size(self) -> object:
        if self.flawed():
            return self.rng.choice([None, {"OrderSizeLimit": {}}, {"OrderSizeLimit": {"max_quantity": 1}}])
        caps = {"max_quantity": self.limit(), "max_notional": self.limit()}
        if self.is_later and self.chance(0.4):
            del caps[self.rng.choice(list(caps))]
        return {"OrderSizeLimit": caps}

    def size_barrier(self, kind: str) -> dict:
        barrier = {"limit": self.size()}
        if "Account" in kind:
            barrier["account_id"] = self.account()
        if "Asset" in kind:
            barrier["asset" if self.is_later else "settlement_asset"] = self.asset()
        return {f"policies.OrderSize{kind}Barrier": barrier}

    def bounds(self) -> dict:
        bounds = {}
        if self.chance(0.75):
            bounds["lower_bound"] = self.negative()
        if self.chance(0.4) or (not bounds and self.chance(0.9)):
            bounds["upper_bound"] = self.limit()
        return bounds

    def negative(self) -> object:
        number = self.limit()
        if isinstance(number, int) and number is not True:
            number = str(number)
        return f"-{number}" if isinstance(number, str) and number[:1].isdigit() else number

    def switch_barrier(self) -> dict:
        return {"policies.PnlBoundsBrokerBarrier": {"settlement_asset": self.asset(), **self.bounds()}}

    def switch_account_barrier(self, kind: str) -> dict:
        barrier = {"barrier": self.switch_barrier(), "account_id": self.account()}
        if not kind:
            barrier["initial_pnl"] = self.number(0.5)
        return {f"policies.PnlBoundsAccountAssetBarrier{kind}": barrier}

    def funds_barrier(self) -> dict:
        currency = {"currency": self.rng.choice(["USD", "USD", "EUR"])} if self.is_later else {}
        return {"policies.SpotFundsPnlBoundsBarrier": currency | self.bounds()}

    def funds_account_barrier(self) -> dict:
        barrier = {"barrier": self.funds_barrier(), "account_id": self.account()}
        return {"policies.SpotFundsPnlBoundsAccountBarrier": barrier}

    def funds_group_barrier(self) -> dict:
        barrier = {"barrier": self.funds_barrier(), "account_group_id": self.group()}
        return {"policies.SpotFundsPnlBoundsAccountGroupBarrier": barrier}

    def override(self) -> dict:
        target = {"instrument": self.instrument_id()}
        kind = self.rng.choice(["", "Account", "AccountGroup"])
        if kind == "Account":
            target["account_id"] = self.account()
        if kind == "AccountGroup":
            target["account_group_id"] = self.group()
        override = {"policies.SpotFundsOverride": {"slippage_bps": self.rng.choice([0, 50, 100, 10000, None])}}
        target = {f"policies.SpotFundsOverrideTargetInstrument{kind}": target}
        return {"policies.SpotFundsOverrideEntry": {"target": target, "override": override}}

    def mode(self) -> object:
        return {"Get": f"policies.SpotFundsLimitMode.{self.rng.choice(['ENFORCE', 'TRACK_ONLY'])}"}

    def source(self) -> object:
        return {"Get": f"policies.SpotFundsPricingSource.{self.rng.choice(['MARK', 'BOOK_TOP'])}"}

    def rate_limit(self) -> dict:
        calls = []
        if self.chance(0.4):
            calls.append(["broker_barrier", [self.rate_barrier("Broker")]])
        for axis, kind in (("asset", "Asset"), ("account", "Account"), ("account_asset", "AccountAsset")):
            if self.chance(0.4):
                calls.append([f"{axis}_barriers", [self.rate_barrier(kind) for _ in range(self.rng.choice([1, 1, 2]))]])
        return {"builtin": "rate_limit", "calls": calls or [["broker_barrier", [self.rate_barrier("Broker")]]]}

    def order_size_limit(self) -> dict:
        calls = []
        if self.chance(0.4):
            calls.append(["broker_barrier", [self.size_barrier("Broker")]])
        for axis, kind in (("asset", "Asset"), ("account_asset", "AccountAsset")):
            if self.chance(0.5):
                calls.append([f"{axis}_barriers", [self.size_barrier(kind) for _ in range(self.rng.choice([1, 1, 2]))]])
        return {"builtin": "order_size_limit", "calls": calls or [["broker_barrier", [self.size_barrier("Broker")]]]}

    def pnl_bounds_killswitch(self) -> dict:
        calls = [["broker_barriers", [self.switch_barrier() for _ in range(self.rng.choice([1, 1, 2]))]]]
        if self.chance(0.5):
            calls.append(["account_barriers", [self.switch_account_barrier("")]])
        return {"builtin": "pnl_bounds_killswitch", "calls": calls}

    def order_validation(self) -> dict:
        return {"builtin": "order_validation"}

    def spot_funds(self) -> dict:
        calls = []
        if self.with_quotes and self.chance(0.9):
            given = {
                "service": {"Ref": "quotes"},
                "global_slippage_bps": self.rng.choice([0, 0, 50, 10001 if self.flawed() else 10000]),
            }
            calls.append(
                [
                    "market_data",
                    given | self.given(pricing_source=self.source, overrides=lambda: self.some(self.override)),
                ]
            )
        if self.chance(0.15):
            calls.append(["with_policy_group_id", [self.rng.choice([5, 7, 70000 if self.flawed() else 6])]])
        return {"builtin": "spot_funds", "calls": calls}

    def spot_funds_pnl_bounds_killswitch(self) -> dict:
        calls = [["global_barrier", [self.funds_barrier()]]] if self.chance(0.7) else []
        if self.chance(0.4) or not calls:
            calls.append(["account_barriers", [self.funds_account_barrier()]])
        if self.chance(0.4):
            calls.append(["account_group_barriers", [self.funds_group_barrier()]])
        if self.with_quotes and self.chance(0.9):
            calls.append(["market_data", [{"Ref": "quotes"}]])
        return {"builtin": "spot_funds_pnl_bounds_killswitch", "calls": calls}

    def policies(self) -> list:
        self.registered = chosen = []
        chosen += [
            make() for make in (self.order_validation, self.rate_limit, self.order_size_limit) if self.chance(0.25)
        ]
        if self.chance(0.3):
            chosen.append(self.pnl_bounds_killswitch())
        if self.chance(0.7):
            chosen.append(self.spot_funds() if self.chance(0.6) else self.spot_funds_pnl_bounds_killswitch())
        chosen += [self.custom(name) for name in self.rng.sample(["P", "Q"], self.rng.choice([0, 0, 1, 1, 2]))]
        self.rng.shuffle(chosen)
        return chosen or [self.order_validation()]

    # --- quotes --------------------------------------------------------------------------------------

    def ttl(self) -> dict:
        long, none = {"QuoteTtl.within": {"Seconds": AN_HOUR}}, {"QuoteTtl.within": {"Seconds": 0}}
        return self.rng.choice([{"QuoteTtl.infinite": []}, {"QuoteTtl.infinite": []}, long, long, none])

    def quote(self) -> dict:
        return {"Quote": {name: self.number(0.05) for name in ("mark", "bid", "ask") if self.chance(0.75)}}

    def age(self) -> list:
        """How old a quote was when it came, which later releases ask for."""
        return [{"Seconds": self.rng.choice([0, 0, 0, 10, 2 * AN_HOUR, -5])}] if self.is_later else []

    def targets(self) -> list:
        return [self.some(self.account), self.some(self.group)]

    def quote_step(self) -> dict:
        id, quote = self.instrument_id(), self.quote()
        steps = [
            ("push", [id, quote, *self.age()]),
            ("push", [id, quote, *self.age()]),
            ("push_by_instrument", [self.instrument(), quote, *self.age()]),
            ("push_for", [id, quote, *self.age(), *self.targets()]),
            ("clear", [id]),
            ("resolve", [self.instrument()]),
            ("register", [self.instrument()]),
            ("set_account_ttl", [self.account(), self.ttl()]),
            ("clear_account_ttl", [self.account()]),
            ("set_account_group_ttl", [self.group(), self.ttl()]),
            ("set_instrument_ttl", [id, self.ttl()]),
            ("clear_instrument_ttl", [id]),
            ("set_instrument_account_ttl", [id, self.account(), self.ttl()]),
            ("set_instrument_account_group_ttl", [id, self.group(), self.ttl()]),
        ]
        if not self.is_later:
            steps += [("push_patch", [id, quote]), ("push_for_patch", [id, quote, *self.targets()])]
        resolution = self.rng.choice(["ACCOUNT_ONLY", "ACCOUNT_THEN_GROUP", "ACCOUNT_THEN_GROUP_THEN_DEFAULT"])
        reader = {"Reader": self.maybe(self.group)}
        reading = [id, self.account(), reader, {"Get": f"QuoteResolution.{resolution}"}]
        steps += [("get", reading), ("get_optional", reading)]
        name, args = self.rng.choice(steps)
        return {"op": f"quotes.{name}", "args": args}

    # --- steps ---------------------------------------------------------------------------------------

    def account_step(self) -> dict:
        group, account, text = self.group(), self.account(), self.rng.choice(["stop", "ops", ""])
        steps = [
            ("register_group", [self.some(self.account), group]),
            ("register_group", [[account], group]),
            ("unregister_group", [[account], group]),
            ("group_of", [account]),
            ("block", [account, text]),
            ("unblock", [account]),
            ("unblock", [account]),
            ("unblock", [account]),
            ("replace_block_reason", [account, text]),
            ("block_group", [group, text]),
            ("unblock_group", [group]),
            ("unblock_group", [group]),
            ("replace_group_block_reason", [group, text]),
            ("set_currency", [account, self.rng.choice(["USD", "EUR"])]),
            ("set_currency", [account, "USD"]),
            ("clear_currency", [account]),
            ("set_group_currency", [group, self.asset()]),
            ("set_group_currency", [0, "USD"]),
            ("clear_group_currency", [group]),
        ]
        if self.is_later:
            steps += [("unblock_all", []), ("block_with_cause", [account, self.block()])]
        name, args = self.rng.choice(steps)
        return {"op": f"accounts.{name}", "args": args}

    def configure_step(self, calmly: bool = False) -> dict:
        """A change of a running policy; calmly, one that a hook may make inside of a batch."""
        names = {policy["builtin"] for policy in self.registered if "builtin" in policy}
        kinds = [kind for kind in ("rate_limit", "order_size_limit", "pnl_bounds_killswitch") if kind in names]
        kinds += ["set_account_pnl"] if "pnl_bounds_killswitch" in names else []
        if names & {"spot_funds", "spot_funds_pnl_bounds_killswitch"}:
            kinds += ["spot_funds"] if calmly else ["spot_funds", *FUNDS_BOUNDS]
        if not kinds or self.chance(0.05):
            kinds = ["rate_limit", "order_size_limit", "pnl_bounds_killswitch", "set_account_pnl", "spot_funds"]
        kind = self.rng.choice(kinds)
        given = getattr(self, f"configure_{kind}")()
        index = {"rate_limit": 0, "order_size_limit": 1, "pnl_bounds_killswitch": 2, "set_account_pnl": 2}.get(kind, 3)
        name = self.rng.choice([*CONFIGURABLE, "nobody", "P"]) if self.flawed() else CONFIGURABLE[index]
        return {"op": f"configure.{kind}", "args": {"name": name, **given}}

    def configure_rate_limit(self) -> dict:
        given = self.given(
            broker=lambda: self.rate_barrier("Broker"),
            asset_barriers=lambda: self.some(lambda: self.rate_barrier("Asset")),
            account_barriers=lambda: self.some(lambda: self.rate_barrier("Account")),
            account_asset_barriers=lambda: self.some(lambda: self.rate_barrier("AccountAsset")),
        )
        return given | ({"clear_broker": True} if self.chance(0.15) else {})

    def configure_order_size_limit(self) -> dict:
        given = self.given(
            broker=lambda: self.size_barrier("Broker"),
            asset_barriers=lambda: self.some(lambda: self.size_barrier("Asset")),
            account_asset_barriers=lambda: self.some(lambda: self.size_barrier("AccountAsset")),
        )
        return given | ({"clear_broker": True} if self.chance(0.15) else {})

    def configure_pnl_bounds_killswitch(self) -> dict:
        return self.given(
            broker_barriers=lambda: self.some(self.switch_barrier),
            account_barriers=lambda: self.some(lambda: self.switch_account_barrier("Update")),
        )

    def configure_set_account_pnl(self) -> dict:
        return {"account": self.account(), "settlement_asset": self.asset(), "pnl": self.number(0.5)}

    def configure_spot_funds(self) -> dict:
        makers = {
            "global_slippage_bps": lambda: self.rng.choice([0, 50, 10000, 10001]),
            "pricing_source": self.source,
            "overrides": lambda: self.some(self.override),
            "global_limit_mode": self.mode,
            "account_limit_modes": lambda: self.some(self.account_mode),
            "account_group_limit_modes": lambda: self.some(self.group_mode),
        }
        if self.is_later:
            makers["position_limits"] = lambda: self.some(self.position_limit)
        return self.given(**{name: makers[name] for name in self.rng.sample(sorted(makers), 2)})

    def account_mode(self) -> dict:
        return {
            "policies.SpotFundsLimitModeAccountEntry": {
                "account_id": self.account(),
                "mode": self.maybe(self.mode, 0.8),
            }
        }

    def group_mode(self) -> dict:
        entry = {"account_group_id": self.group(), "mode": self.maybe(self.mode, 0.8)}
        return {"policies.SpotFundsLimitModeAccountGroupEntry": entry}

    def position_limit(self) -> dict:
        limit = None if self.chance(0.15) else {"Quantity": self.number()}
        return {
            "policies.SpotFundsPositionLimitEntry": {
                "account_id": self.account(),
                "asset": self.asset(),
                "limit": limit,
            }
        }

    def configure_spot_funds_pnl_bounds_killswitch(self) -> dict:
        return self.given(
            global_barrier=lambda: None if self.chance(0.2) else self.funds_barrier(),
            account_group_barriers=lambda: self.some(self.funds_group_barrier),
            account_barriers=lambda: self.some(self.funds_account_barrier),
        )

    def configure_set_spot_funds_account_pnl(self) -> dict:
        return {"account": self.account(), "state": self.state()}

    def trade(self) -> list:
        """An order with what a program does with it, or the beginning of it."""
        name = str(len(self.orders))
        kind = self.rng.choices(["execute", "start", "dry_execute", "dry_start", "drop_copy"], [60, 20, 8, 4, 8])[0]
        if kind == "drop_copy" and not self.is_later:
            kind = "execute"
        order = self.order()
        if kind.startswith("dry"):
            return [{"op": f"engine.{kind[4:]}_pre_trade_dry_run", "args": [order]}]
        self.orders.append((name, self.last))
        steps = [{"op": f"engine.{kind}_pre_trade", "args": [order], "as": f"r{name}"}]
        if kind == "drop_copy":
            steps[0]["op"] = "engine.apply_drop_copy"
        if kind == "start":
            steps[0]["as"] = f"s{name}"
            self.started.append(name)
            return steps
        return [*steps, *self.handle(name, "operation" if kind == "drop_copy" else "reservation")]

    def handle(self, name: str, what: str) -> list:
        self.handles.append((name, what))
        steps = [
            {"op": "read", "args": [f"r{name}.{what}.lock"], "as": f"l{name}"},
            {"op": "read", "args": [f"r{name}.{what}.account_adjustments"]},
        ]
        return steps if what == "reservation" else [*steps, {"op": "read", "args": [f"r{name}.{what}.account_block"]}]

    def finish(self) -> list:
        """Something with what is open, or was."""
        if self.started and self.chance(0.5):
            name = self.rng.choice(self.started)
            return [{"op": f"s{name}.request.execute", "as": f"r{name}"}, *self.handle(name, "reservation")]
        if not self.handles:
            return []
        name, what = self.rng.choice(self.handles)
        if self.chance(0.2):
            return [{"op": "drop", "args": [f"r{name}"]}]
        action = self.rng.choice(["commit", "commit", "rollback"])
        return [{"op": f"r{name}.{what}.{action}"}]

    def lock_step(self) -> dict:
        name = f"l{self.rng.choice(self.orders)[0]}" if self.orders else "l0"
        broken = [
            '[["x"]]',
            "[[1.5]]",
            "{}",
            '[["1"],[7]]',
            '[["1"],[0,"2"]]',
            '[[],[7,"2","3"]]',
            "[[]]",
            '[["1"]] ',
            "",
            '[["1e2"]]',
        ]
        steps = [
            {"op": f"{name}.to_json"},
            {"op": f"{name}.to_msgpack"},
            {"op": f"{name}.to_cbor"},
            {"op": f"{name}.prices_of", "args": [self.rng.choice([0, 5, 7])]},
            {"op": "Lock.from_json", "args": [self.rng.choice(broken)]},
            {
                "op": "Lock.from_msgpack",
                "args": [{"Bytes": self.rng.choice(["90", "9191a3313835", "91", "ff", "9191c0"])}],
            },
            {
                "op": "Lock.from_cbor",
                "args": [{"Bytes": self.rng.choice(["80", "818163313835", "81", "ff", "8181f6"])}],
            },
            {"op": "Lock", "args": [[{"Tuple": [self.rng.choice([0, 7]), self.number(0.1)]} for _ in range(2)]]},
        ]
        return self.rng.choice(steps)

    def steps(self) -> list:
        self.started, self.handles, self.last = [], [], None
        self.with_quotes = self.chance(0.6)
        steps = [{"op": "market_data", "args": {"ttl": self.ttl()}}] if self.with_quotes else []
        names = sorted(set(INSTRUMENTS), key=INSTRUMENTS.index)
        for number, name in enumerate(names[:5]) if self.with_quotes else ():
            id = {"InstrumentId": number}
            steps.append({"op": "quotes.register_with_id", "args": [{"Instrument": name.split("/")}, id]})
            if self.chance(0.7):
                steps.append({"op": "quotes.push", "args": [id, self.quote(), *self.age()]})
        sync = self.rng.choice(["no_sync", "no_sync", "full_sync", "account_sync"])
        self.has_flaw = False
        self.flaws, flaws = self.flaws / 5, self.flaws  # of an engine that cannot be built there is little to tell
        steps.append({"op": "build", "args": {"sync": sync, "policies": {"AsIs": self.policies()}}})
        self.flaws = flaws
        if self.chance(0.6):
            steps.append({"op": "accounts.set_group_currency", "args": [0, "USD"]})
        if self.chance(0.3):
            steps.append({"op": "accounts.register_group", "args": [[self.account()], self.group()]})
        steps += [self.funds() for _ in range(self.rng.randint(0, 3))]
        for _ in range(self.rng.randint(4, 22)):
            self.has_flaw = False
            steps += self.anything()
        return steps

    def anything(self) -> list:
        what = self.rng.choices(
            ["trade", "report", "finish", "batch", "account", "configure", "quote", "lock"],
            [30, 25, 14, 10, 9, 8, 8, 3],
        )[0]
        if what in ("trade", "finish"):
            return getattr(self, what)()
        if what == "report":
            return [{"op": "engine.apply_execution_report", "args": [self.report()]}]
        if what == "batch":
            return [{"op": "engine.apply_account_adjustment", "args": self.batch()}]
        if what == "quote" and not self.with_quotes:
            return []
        return [getattr(self, f"{what}_step")()]
