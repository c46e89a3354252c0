"""Plays histories on the importable `openpit` and tells what it saw.

    player.py RELEASE

A history a line of standard input, as JSON; an answer a line of standard output: for each step what it returned or
raised, and the callbacks that ran meanwhile. Runs on the standard library alone, in the environment of either package.
"""

import datetime
import decimal
import gc
import importlib
import json
import sys
import types

from description import describe, describe_error

MODULES = ["openpit", "openpit.param", "openpit.pretrade", "openpit.pretrade.policies", "openpit.core"]
MODULES += ["openpit.marketdata", "openpit.account_adjustment"]

HOOKS = {
    "start": ("check_pre_trade_start", ("ctx", "order")),
    "main": ("perform_pre_trade_check", ("ctx", "order")),
    "dry_start": ("check_pre_trade_start_dry_run", ("ctx", "order")),
    "dry_main": ("perform_pre_trade_check_dry_run", ("ctx", "order")),
    "report": ("apply_execution_report", ("ctx", "report")),
    "adjust": ("apply_account_adjustment", ("ctx", "account_id", "adjustment")),
}

# A hook that calls the engine is called by what it does; beyond this depth it does nothing more.
DEPTH = 2


def public(name: str):
    """What `openpit` publishes under this name, a member of it after each point."""
    first, *rest = name.split(".")
    for module in map(importlib.import_module, MODULES):
        if hasattr(module, first):
            found = getattr(module, first)
            break
    else:
        sys.exit(f"openpit has no {first}")
    for part in rest:
        found = getattr(found, part)
    return found


class Absent(Exception):
    """A step needs what an earlier step did not give."""


class Play:
    """One history on the stage: what has a name, and the callbacks of the step that runs."""

    def __init__(self, release: str):
        self.release = release
        self.names = {}
        self.events = []
        self.depth = 0
        self.is_dry = False

    def step(self, step: dict) -> dict:
        self.events = []
        seen = self.perform(step, {})
        if self.events:
            seen["events"] = self.events
        return seen

    def perform(self, step: dict, scope: dict) -> dict:
        is_dry, self.is_dry = self.is_dry, "dry_run" in step["op"] or self.is_dry and "_trade" not in step["op"]
        try:
            result = self.call(self.operation(step["op"], scope), step.get("args", []), scope)
            seen = {"returns": describe(result)}
            if self.is_dry and step["op"] == "ctx.account_control.block":
                seen["in a dry run"] = True
        except Absent as absent:
            return {"absent": str(absent)}
        except Exception as error:
            return {"raises": describe_error(error)}
        finally:
            self.is_dry = is_dry
        if "as" in step:
            self.names[step["as"]] = result
        return seen

    def operation(self, name: str, scope: dict):
        own = {"build": self.build, "market_data": self.market_data, "drop": self.drop, "text": str, "read": self.read}
        if name in own:
            return own[name]
        first, _, rest = name.partition(".")
        if first in ("accounts", "configure"):
            return getattr(getattr(self.named("engine", scope), first)(), rest)
        return public(name) if first[0].isupper() else self.path(name, scope)

    # --- names ---------------------------------------------------------------------------------------

    def named(self, name: str, scope: dict):
        for names in (scope, self.names):
            if names.get(name) is not None:
                return names[name]
        raise Absent(name)

    def path(self, path: str, scope: dict):
        first, *rest = path.split(".")
        target = self.named(first, scope)
        for part in rest:
            if target is None:
                raise Absent(path)
            target = getattr(target, part)
        return target

    def read(self, path: str):
        """A property, or a method without arguments that later releases made one."""
        found = self.path(path, {})
        return found() if isinstance(found, types.BuiltinMethodType) else found

    def drop(self, name: str):
        self.names.pop(name, None)

    def close(self) -> list:
        """Lets go of everything, in the order it was named; tells the callbacks that this ran."""
        self.events = []
        for name in list(self.names):
            self.drop(name)
        return self.events

    # --- values --------------------------------------------------------------------------------------

    def value(self, spec, scope: dict):
        if isinstance(spec, list):
            return [self.value(item, scope) for item in spec]
        if not isinstance(spec, dict):
            return spec
        ((kind, body),) = spec.items()
        make = getattr(self, f"make_{kind}", None)
        return make(body, scope) if make else self.call(public(kind), body, scope)

    def call(self, target, body, scope: dict):
        """A list gives arguments by position, a dictionary of lower-case keys gives them by name."""
        if isinstance(body, list):
            return target(*(self.value(item, scope) for item in body))
        if isinstance(body, dict) and not any(key[:1].isupper() for key in body):
            return target(**{key: self.value(item, scope) for key, item in body.items()})
        return target(self.value(body, scope))

    def make_Ref(self, body, scope):
        return self.path(body, scope)

    def make_Either(self, body, scope):
        """The first of these that is there."""
        for item in body[:-1]:
            try:
                return self.value(item, scope)
            except Absent:
                pass
        return self.value(body[-1], scope)

    def make_AsIs(self, body, scope):
        return body

    def make_Get(self, body, scope):
        return public(body)

    def make_Tuple(self, body, scope):
        return tuple(self.value(body, scope))

    def make_Generator(self, body, scope):
        return (item for item in self.value(body, scope))

    def make_Decimal(self, body, scope):
        return decimal.Decimal(body)

    def make_Float(self, body, scope):
        return float(body)

    def make_Bytes(self, body, scope):
        return bytes.fromhex(body)

    def make_Seconds(self, body, scope):
        return datetime.timedelta(seconds=body)

    def make_Reader(self, body, scope):
        return types.SimpleNamespace(account_group=self.value(body, scope))

    def make_JsonOf(self, body, scope):
        """The lock after a journey as text."""
        return public("Lock.from_json")(self.value(body, scope).to_json())

    def make_MsgpackOf(self, body, scope):
        return public("Lock.from_msgpack")(self.value(body, scope).to_msgpack())

    # --- engines and their policies --------------------------------------------------------------------

    def build(self, *, sync: str, policies: list):
        builder = public("Engine.builder")()
        if hasattr(builder, "compatibility"):
            builder = builder.compatibility(self.release)
        builder = getattr(builder, sync)()
        for policy in policies:
            builder = self.register(builder, **policy)
        self.names["engine"] = builder.build()

    def register(self, builder, custom=None, builtin=None, calls=()):
        if custom is not None:
            return builder.pre_trade(self.policy(**custom))
        ready = public(f"policies.build_{builtin}")()
        for method, body in calls:
            ready = self.call(getattr(ready, method), body, {})
        return builder.builtin(ready)

    def market_data(self, ttl):
        self.names["quotes"] = public("Engine.builder")().full_sync().market_data(ttl).build()

    def policy(self, name: str, group: int, hooks: dict):
        members = {"name": name, "policy_group_id": group}
        for short, responses in hooks.items():
            hook, parameters = HOOKS[short]
            members[hook] = self.hook(f"{name}.{short}", parameters, responses)
        return type("Scripted", (public("Policy"),), members)()

    def hook(self, label: str, parameters: tuple, responses: list):
        turns = 0

        def respond(policy, *args, **named):
            nonlocal turns
            response = responses[turns % len(responses)] if responses else {}
            turns += 1
            scope = dict(zip(parameters, args, strict=False)) | named
            group = getattr(scope["ctx"], "account_group", None)
            event = {"call": label, "group": describe(group)}
            self.events.append(event)
            return self.respond(event, response, scope)

        return respond

    def respond(self, event: dict, response: dict, scope: dict):
        if self.depth < DEPTH:
            self.depth += 1
            try:
                did = [self.perform(step, scope) for step in response.get("do", ())]
            finally:
                self.depth -= 1
            if did:
                event["did"] = did
        if "raise" in response:
            raise RuntimeError(response["raise"])
        return self.value(response.get("return"), scope)

    def make_Mutation(self, body, scope):
        def callback(which):
            def run():
                event = {"call": f"{body.get('name')}.{which}"}
                self.events.append(event)
                return self.respond(event, body.get(which, {}), {})

            return run

        return public("Mutation")(callback("commit"), callback("rollback"))


def play(history: dict, release: str) -> list:
    stage = Play(release)
    seen = [stage.step(step) for step in history["steps"]]
    return [*seen, {"events": stage.close()}]


def main() -> None:
    gc.disable()  # so that what is let go of ends at once, never at random
    sys.unraisablehook = lambda _: None  # what only it is told, is no answer of the engine
    for number, line in enumerate(sys.stdin):
        print(json.dumps(play(json.loads(line), sys.argv[1])), flush=True)
        if number % 200 == 0:
            gc.collect()


if __name__ == "__main__":
    main()
