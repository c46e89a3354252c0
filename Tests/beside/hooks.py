"""Custom policies of random histories: what their hooks return, and what they do to the engine meanwhile."""

CODES = ["OTHER", "RISK_LIMIT_EXCEEDED", "MISSING_REQUIRED_FIELD", "INSUFFICIENT_FUNDS", "CUSTOM"]


class Hooks:
    """The part of a story that makes custom policies."""

    def custom(self, name: str) -> dict:
        hooks = {}
        for hook, often in (
            ("start", 0.6),
            ("main", 0.7),
            ("report", 0.5),
            ("adjust", 0.5),
            ("dry_start", 0.1),
            ("dry_main", 0.1),
        ):
            if self.chance(often):
                kind = hook.removeprefix("dry_")
                hooks[hook] = [
                    self.response(hook, getattr(self, f"{kind}_answer")) for _ in range(self.rng.randint(1, 4))
                ]
        group = self.rng.choice([0, 0, {"P": 5, "Q": 6}[name]])
        return {"custom": {"name": name, "group": group, "hooks": hooks}}

    def response(self, hook: str, answer) -> dict:
        response = {}
        if self.chance(0.15):
            response["do"] = [self.deed(hook)]
        if self.chance(0.03):
            return response | {"raise": self.rng.choice(["first", "second"])}
        return response | {"return": self.wrong_answer() if self.flawed() else answer()}

    def deed(self, hook: str) -> dict:
        """What a hook does besides answering."""
        blocking = {"op": "ctx.account_control.block", "args": [self.block()]}
        deeds = [self.account_step, lambda: self.configure_step(calmly=True)]
        if hook in ("start", "main", "report"):
            deeds += [lambda: {"op": "engine.start_pre_trade_dry_run", "args": [self.order()]}]
        if hook in ("start", "main"):
            deeds += [lambda: blocking, lambda: {"op": "engine.execute_pre_trade", "args": [self.order()]}]
        if hook == "adjust":
            deeds += [lambda: blocking]
        if hook == "start" and self.is_later:
            deeds += [lambda: {"op": "ctx.record_drop_copy_start_mutation", "args": [self.mutation()]}]
        return self.rng.choice(deeds)()

    def wrong_answer(self) -> object:
        wrong = [
            True,
            False,
            0,
            "",
            "text",
            [],
            [1],
            {"Generator": []},
            {"PolicyDecision.reject": [[self.reject()]]},
            self.reject(),
        ]
        return self.rng.choice(wrong)

    def reject(self) -> dict:
        given = {"code": {"Get": f"RejectCode.{self.rng.choice(CODES)}"}, "reason": "no", "details": "because 1.50"}
        if self.chance(0.4):
            given["scope"] = {"Get": "RejectScope.ACCOUNT"}
        if self.chance(0.3):
            given["user_data"] = self.rng.choice([0, 7, 2**64 - 1])
        if self.flawed():
            given[self.rng.choice(["code", "reason", "user_data"])] = self.rng.choice([5, "Nope", -1])
        return {"PolicyReject": given}

    def block(self) -> dict:
        given = {"policy": self.rng.choice(["P", "Q", "desk"]), "code": {"Get": f"RejectCode.{self.rng.choice(CODES)}"}}
        given |= {"reason": "blocked", "details": self.rng.choice(["", "why"])}
        return {"AccountBlock": given | ({"user_data": 9} if self.chance(0.2) else {})}

    def mutation(self) -> dict:
        self.mutations += 1
        body = {"name": f"m{self.mutations}"}
        for which in ("commit", "rollback"):
            if self.chance(0.1):
                body[which] = {"do": [self.account_step()]}
            if self.chance(0.03):
                body[which] = body.get(which, {}) | {"raise": which}
        return {"Mutation": body}

    def mutations_given(self) -> dict:
        return {"mutations": [self.mutation() for _ in range(self.rng.choice([1, 1, 2]))]} if self.chance(0.4) else {}

    def start_answer(self) -> object:
        if self.chance(0.75):
            return self.rng.choice([None, [], {"Tuple": []}])
        rejects = [self.reject() for _ in range(self.rng.choice([1, 1, 2]))]
        return {"Generator": rejects} if self.chance(0.2) else rejects

    def main_answer(self) -> object:
        if self.chance(0.3):
            return None
        given = self.mutations_given()
        if self.chance(0.25):
            rejects = [self.reject() for _ in range(self.rng.choice([1, 1, 2]))]
            return {
                self.rng.choice(["PolicyPreTradeResult.reject", "PolicyDecision.reject"]): {"rejects": rejects, **given}
            }
        if self.chance(0.3):
            given["account_adjustments"] = [self.entry()]
        if self.chance(0.15):
            given["lock_prices"] = [self.number(0.05)]
        return {"PolicyPreTradeResult.accept": given}

    def outcome_amount(self) -> dict:
        return {"OutcomeAmount": {"delta": self.number(0.3), "absolute": self.number(0.3)}}

    def entry(self) -> dict:
        given = self.given(balance=self.outcome_amount, held=self.outcome_amount, average_entry_price=self.number)
        if self.chance(0.3):
            given["realized_pnl"] = {"PnlOutcome": {"halt_reason": {"Get": "PnlHaltReason.MISSING_FX"}}}
        return {"AccountOutcomeEntry": {"asset": self.asset(), **given}}

    def outcome(self) -> dict:
        return {"AccountAdjustmentOutcome": {"policy_group_id": self.rng.choice([0, 5, 9]), "entry": self.entry()}}

    def report_answer(self) -> object:
        if self.chance(0.5):
            return None
        pnl = {"PnlOutcomeAmount": {"delta": self.number(0.3), "absolute": self.number(0.3)}}
        pnls = {"AccountPnlOutcome": {"policy_group_id": 5, "account_id": self.account(), "pnl": pnl}}
        makers = {
            "account_blocks": lambda: [self.block()],
            "account_pnls": lambda: [pnls],
            "account_adjustments": lambda: [self.outcome()],
        }
        return {"PostTradeResult": {name: make() for name, make in makers.items() if self.chance(0.35)}}

    def adjust_answer(self) -> object:
        given = self.mutations_given()
        if self.chance(0.2):
            given["rejects"] = [self.reject()]
        if self.chance(0.3):
            given["account_adjustments"] = [self.entry()]
        if self.chance(0.15):
            given["account_blocks"] = [self.block()]
        return {"PolicyAccountAdjustmentResult": given}
