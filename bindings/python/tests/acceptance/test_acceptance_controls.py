"""Plays the scenarios beside this file through the installed `openpit`. Rules are those of contract/controls.md.

    python -m pytest test_acceptance_controls.py                 every *.json here
    python -m pytest test_acceptance_controls.py -k self_trade   one family

Each scenario is played twice: as it stands, and once more with `explain` and a dry run before every order, which must say what the order will
meet and change nothing. Nothing is skipped; an entry point that is missing fails the scenarios that need it, by name.

Format of a file
----------------
{"format": 1, "family": "name",
 "base":     {document},            defaults of the documents below, whole keys
 "order":    {fields},              defaults of orders, reports and cancels
 "scenarios": [{
   "id": "kebab-case", "title": "what it shows", "rules": ["C-3", "4.1/5"],
   "start":   "2026-03-02T14:30:00Z",   the driven clock at the beginning; this is the default
   "config":  {document},               laid over base, whole keys; a key that is null is taken out
   "order":   {fields},                 laid over the file's
   "problems": [problem, ...],          instead of steps: from_config must refuse with exactly these, in any order
   "steps": [{"<kind>": ..., "expect": ...}, ...]}]}

Amounts are texts or integers and are compared by value. Times end in Z, durations are like "250ms". What a dict expects is a subset: keys that are
not named are not looked at. A null removes a default. One kind a step:

  order        fields: account instrument side quantity volume price reduce_only close_position position_side collateral_asset auto_borrow, and those of
               OrderAttributes; with "mode" execute (default) | start | dry_run | drop_copy, "finish" commit (default) | rollback | drop | open, "as": name of
               an open reservation. expect: "accept" | {"rejects": [{code scope policy metric bound value limit retry_after}, ...]} (all of them, in order)
               | {"repeated": bool, "ok": bool}
  orders       {"list": [fields, ...], "finish"}; expect: "accept" | {"rejects": [...], "count": results}
  finish       {"name", "how": commit | rollback}
  cancel       fields; expect: "accept" | {"rejects": [...]}
  report       account instrument side client_order_id execution_id event final leaves trade: [price, quantity] fee: [amount, asset] pnl: [pnl, fee];
               expect: {"blocks": [{policy code}, ...]} (all of them)
  quote        instrument mark bid ask age        input / clear_input   name value instrument account group venue age
  clock        {"advance": duration} | {"set": time}                    tick   {}
  adjust       account, [{"equity": asset, "delta" | "absolute": amount} | {"position": instrument, "delta" | "absolute", "average", "strategy" ...}];
               expect: "accept" | {"failed": index}
  reconfigure  document or change; expect: "applied" | "pending" | {"problems": [...]}
  validate     document; expect: [problem, ...]       block / unblock   {"account", "reason"}
  state        {scope}; expect: "ACTIVE" ...          set_state         {"state", "scope", "actor", "reason"}
  release      {"scope", "actor", "reason", "role", "limit"}; expect: {"was", "now", "causes"} | {"error": class name}
  rebase       {"account", "what", "actor", "reason"}
  grant        {"account", "client_order_id", "limits", "expires", "actors", "reason"}; expect: "granted" | {"error"}
  locate       {"account", "instrument", "quantity", "id", "expires"}; expect: {"error"}           heartbeat   session
  limits       {"name", "scope"}; expect: {fields of LimitStatus} | "absent"
  explain      order fields; expect: {"verdict", "state", "looks": [{name ...}, ...] (each found by name), "inputs of a look": list by position}
  events       {"kinds": [...]}; takes all events out, those of the kinds must be exactly expect: [{fields}, ...]
  intents      {}; expect: [{fields}, ...] exactly    pending   {}; expect: [{fields}, ...] exactly
  schema       {}; expect: list of top-level keys it must describe
  version      {}; expect: text
"""

import datetime
import importlib
import json
import pathlib
from decimal import Decimal, InvalidOperation

import pytest

HERE = pathlib.Path(__file__).resolve().parent
START = "2026-03-02T14:30:00Z"
ORDER_FIELDS = "account instrument side quantity volume price reduce_only close_position position_side collateral_asset auto_borrow".split()
ATTRIBUTES = (
    "client_order_id replaces order_type time_in_force expire_at strategy trader venue session clearing_account decision_maker short post_only"
    " display_quantity stop_price decision_price"
).split()
REPORT_FIELDS = "account instrument side client_order_id order_id execution_id event final leaves trade fee pnl".split()
KINDS = {
    "order": {"mode", "finish", "as"},
    "orders": set(),
    "finish": set(),
    "cancel": set(),
    "report": set(),
    "quote": set(),
    "input": set(),
    "clear_input": set(),
    "clock": set(),
    "tick": set(),
    "adjust": set(),
    "reconfigure": set(),
    "validate": set(),
    "block": set(),
    "unblock": set(),
    "state": set(),
    "set_state": set(),
    "release": set(),
    "rebase": set(),
    "grant": set(),
    "locate": set(),
    "heartbeat": set(),
    "limits": set(),
    "explain": set(),
    "events": set(),
    "intents": set(),
    "pending": set(),
    "schema": set(),
    "version": set(),
}
UNITS = {"us": 1, "ms": 1000, "s": 10**6, "m": 60 * 10**6, "h": 3600 * 10**6, "d": 86400 * 10**6}


# ---- format ----


def check_format(data, where):
    """Says what is wrong with a file, in the words of the docstring above."""

    def need(condition, what):
        if not condition:
            raise ValueError(f"{where}: {what}")

    need(data.get("format") == 1, "format 1")
    need(set(data) <= {"format", "family", "base", "order", "scenarios"}, f"unknown keys {sorted(data)}")
    need(isinstance(data.get("family"), str) and isinstance(data.get("scenarios"), list), "family and scenarios")
    seen = set()
    for scenario in data["scenarios"]:
        name = scenario.get("id")
        need(isinstance(name, str) and name not in seen, f"id {name!r} is missing or used twice")
        seen.add(name)
        need(
            set(scenario) <= {"id", "title", "rules", "start", "config", "order", "problems", "steps"},
            f"{name}: unknown keys {sorted(scenario)}",
        )
        need(
            isinstance(scenario.get("title"), str) and isinstance(scenario.get("rules"), list),
            f"{name}: title and rules",
        )
        need(("problems" in scenario) != ("steps" in scenario), f"{name}: problems or steps")
        for number, step in enumerate(scenario.get("steps", [])):
            kinds = [key for key in step if key in KINDS]
            need(len(kinds) >= 1, f"{name} step {number}: no kind in {sorted(step)}")
            kind = next(iter(step))
            need(kind in KINDS, f"{name} step {number}: the kind comes first")
            extra = set(step) - {kind, "expect"} - KINDS[kind]
            need(not extra, f"{name} step {number}: unknown keys {sorted(extra)}")
            known = {
                "order": ORDER_FIELDS + ATTRIBUTES,
                "explain": ORDER_FIELDS + ATTRIBUTES,
                "report": REPORT_FIELDS,
            }.get(kind)
            need(
                known is None or set(step[kind]) <= set(known),
                f"{name} step {number}: unknown fields {sorted(step[kind])}",
            )
    return data


def load(path):
    return check_format(json.loads(path.read_text(encoding="utf-8")), path.name)


# ---- values ----


def duration(text):
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return datetime.timedelta(microseconds=int(digits) * UNITS[text[len(digits) :]])


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def plain(value):
    """A library's number as a Decimal, its enums as texts."""
    inner = getattr(value, "decimal", value)
    if isinstance(inner, Decimal):
        return inner
    if isinstance(value, datetime.timedelta):
        return value
    return getattr(value, "value", value) if not isinstance(value, (str, int, Decimal)) else value


def number(value):
    if isinstance(value, bool) or value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def same(expected, actual):
    actual = plain(actual)
    if expected is None or isinstance(expected, bool):
        return actual is expected or (isinstance(expected, bool) and actual == expected and isinstance(actual, bool))
    if isinstance(expected, dict):
        if isinstance(actual, dict):
            return set(expected) == set(actual) and all(same(expected[key], actual[key]) for key in expected)
        return all(same(value, getattr(actual, key)) for key, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(list(actual)) and all(same(a, b) for a, b in zip(expected, actual, strict=True))
    if isinstance(actual, datetime.timedelta):
        return duration(expected) == actual
    if isinstance(actual, datetime.datetime):
        return moment(expected) == actual
    left, right = number(expected), number(actual)
    if left is not None and right is not None:
        return left == right
    return str(expected) == str(actual)


def shown(item, keys):
    return {key: getattr(item, key, "<no such attribute>") for key in keys}


# ---- the player ----


class Missing(AssertionError):
    pass


def entry(owner, name):
    """An entry point of the library, or a failure that names it."""
    if not hasattr(owner, name):
        label = getattr(owner, "__name__", type(owner).__name__)
        raise Missing(f"the installed openpit has no {label}.{name}")
    return getattr(owner, name)


class Player:
    def __init__(self, data, scenario, rehearse=False):
        self.scenario, self.rehearse = scenario, rehearse
        self.openpit = importlib.import_module("openpit")
        self.param = importlib.import_module("openpit.param")
        self.config = importlib.import_module("openpit.config")
        self.defaults = {**data.get("order", {}), **scenario.get("order", {})}
        document = {**data.get("base", {}), **scenario.get("config", {})}
        self.document = {key: value for key, value in document.items() if value is not None}
        self.open = {}

    def start(self):
        clock_class = entry(self.openpit, "Clock")
        self.clock = clock_class(moment(self.scenario.get("start", START)))
        from_config = entry(entry(self.openpit, "Engine"), "from_config")
        return from_config(self.document, clock=self.clock)

    def run(self):
        if "problems" in self.scenario:
            error = entry(self.config, "ConfigError")
            with pytest.raises(error) as caught:
                self.start()
            assert issubclass(error, ValueError)
            self.problems(caught.value.problems, self.scenario["problems"])
            self.problems(entry(self.config, "validate")(self.document), self.scenario["problems"])
            return
        self.engine = self.start()
        for index, step in enumerate(self.scenario["steps"]):
            kind = next(iter(step))
            self.where = f"{self.scenario['id']}, step {index} {json.dumps(step)}"
            getattr(self, "do_" + kind)(step[kind], step.get("expect"), step)

    def check(self, condition, got):
        assert condition, f"{self.where}\n  got {got}"

    def equal(self, expected, actual):
        self.check(same(expected, actual), actual)

    def items(self, actual, expected):
        """A list of dict-like things, all of them, in order; of each the keys that are named."""
        actual = list(actual)
        got = [
            shown(
                item,
                sorted(set().union(*(e.keys() for e in expected)) if expected else ["name", "kind", "code", "policy"]),
            )
            for item in actual
        ]
        self.check(len(actual) == len(expected), got)
        for want, item in zip(expected, actual, strict=True):
            for key, value in want.items():
                self.check(hasattr(item, key) and same(value, getattr(item, key)), got)

    def problems(self, actual, expected):
        def key(problem):
            return (problem["path"], problem["code"])

        got = sorted(
            ({"path": p.path, "code": p.code, "suggestion": p.suggestion, "message": p.message} for p in actual),
            key=key,
        )
        want = sorted(expected, key=key)
        assert [key(p) for p in got] == [key(p) for p in want], f"{self.scenario['id']}: {got}"
        for problem, wish in zip(got, want, strict=True):
            assert problem["message"], got
            if "suggestion" in wish:
                assert problem["suggestion"] == wish["suggestion"], got

    # -- building --

    def account(self, value):
        kind = self.param.AccountId
        return kind.from_int(value) if isinstance(value, int) else kind.from_str(value)

    def instrument(self, text):
        return self.openpit.Instrument(*text.rsplit("/", 1))

    def fields(self, spec):
        merged = {**self.defaults, **spec}
        return {key: value for key, value in merged.items() if value is not None}

    def order(self, spec):
        f, op = self.fields(spec), self.openpit
        amount = self.param.TradeAmount.quantity(Decimal(str(f["quantity"]))) if "quantity" in f else None
        if "volume" in f:
            amount = self.param.TradeAmount.volume(Decimal(str(f["volume"])))
        groups = {}
        operation = op.OrderOperation(
            instrument=self.instrument(f["instrument"]),
            side=f.get("side"),
            trade_amount=amount,
            account_id=self.account(f["account"]) if "account" in f else None,
            price=Decimal(str(f["price"])) if "price" in f else None,
        )
        position = {key: f[key] for key in ("reduce_only", "close_position", "position_side") if key in f}
        margin = {key: f[key] for key in ("collateral_asset", "auto_borrow") if key in f}
        attributes = {key: f[key] for key in ATTRIBUTES if key in f}
        for key in ("display_quantity", "stop_price", "decision_price"):
            if key in attributes:
                attributes[key] = Decimal(str(attributes[key]))
        if "expire_at" in attributes:
            attributes["expire_at"] = moment(attributes["expire_at"])
        if position:
            groups["position"] = op.OrderPosition(**position)
        if margin:
            groups["margin"] = op.OrderMargin(**margin)
        if attributes:
            groups["attributes"] = entry(op, "OrderAttributes")(**attributes)
        return op.Order(operation=operation, **groups)

    def place(self, spec):
        """Keys that say what an input or a state is for."""
        out = {key: spec[key] for key in ("instrument", "group", "venue") if key in spec}
        if "account" in spec:
            out["account"] = spec["account"]
        return out

    # -- orders --

    def verdict(self, rejects, expect):
        if expect == "accept":
            self.check(not rejects, [shown(r, ("code", "policy", "scope", "value", "limit")) for r in rejects])
        elif "rejects" in expect:
            self.items(rejects, expect["rejects"])

    def rehearsal(self, order):
        """What explain and a dry run say now; they must change nothing."""
        explanation = entry(self.engine, "explain")(order)
        json.dumps(explanation.to_dict())
        dry = self.engine.execute_pre_trade_dry_run(order=order)
        return (
            explanation,
            [(str(r.code), r.policy) for r in explanation.rejects],
            [(str(r.code), r.policy) for r in dry.rejects or []],
        )

    def do_order(self, spec, expect, step):
        order, mode = self.order(spec), step.get("mode", "execute")
        told = self.rehearsal(order) if self.rehearse and mode == "execute" else None
        if mode == "dry_run":
            report = self.engine.execute_pre_trade_dry_run(order=order)
            self.verdict(report.rejects or [], expect)
            return
        if mode == "start":
            result = self.engine.start_pre_trade(order=order)
            self.verdict(result.rejects, expect)
            return
        if mode == "drop_copy":
            result = self.engine.apply_drop_copy(order=order)
            self.verdict(result.rejects, expect or "accept")
            result.operation.commit()
            return
        result = self.engine.execute_pre_trade(order=order)
        if expect is not None:
            self.verdict(result.rejects, expect)
            for key in ("repeated", "ok"):
                if isinstance(expect, dict) and key in expect:
                    self.check(getattr(result, key) is expect[key], getattr(result, key))
        if told is not None:
            explanation, explained, dry = told
            real = [(str(r.code), r.policy) for r in result.rejects]
            self.check(explained == real and dry == real, {"explain": explained, "dry run": dry, "real": real})
            self.check((explanation.verdict == "accept") == result.ok, explanation.verdict)
        if result.ok and result.reservation is not None:
            how = step.get("finish", "commit")
            if how == "open":
                self.open[step["as"]] = result.reservation
            elif how == "drop":
                del result
            else:
                getattr(result.reservation, how)()

    def do_orders(self, spec, expect, step):
        result = entry(self.engine, "execute_pre_trade_list")([self.order(one) for one in spec["list"]])
        self.verdict(result.rejects, expect)
        if isinstance(expect, dict) and "count" in expect:
            self.check(len(result.results) == expect["count"], len(result.results))
        if result.ok:
            getattr(result.reservation, spec.get("finish", "commit"))()

    def do_finish(self, spec, expect, step):
        getattr(self.open.pop(spec["name"]), spec["how"])()

    def do_cancel(self, spec, expect, step):
        f = self.fields(spec)
        keys = {key: f[key] for key in ("venue", "session", "strategy", "trader") if key in f}
        result = entry(self.engine, "check_cancel")(
            self.account(f["account"]), client_order_id=f.get("client_order_id"), **keys
        )
        self.verdict(result.rejects, expect or "accept")

    def do_report(self, spec, expect, step):
        f, op, param = self.fields(spec), self.openpit, self.param
        lock = importlib.import_module("openpit.pretrade").Lock()
        groups = {}
        if "trade" in f or "fee" in f or "final" in f or "leaves" in f:
            fill = {"lock": lock, "is_final": f.get("final", False)}
            if "trade" in f:
                fill["last_trade"] = param.Trade(
                    price=param.Price(Decimal(str(f["trade"][0]))), quantity=param.Quantity(Decimal(str(f["trade"][1])))
                )
            if "fee" in f:
                fill["fee"] = param.MonetaryAmount(amount=param.Fee(Decimal(str(f["fee"][0]))), currency=f["fee"][1])
            if "leaves" in f:
                fill["leaves_quantity"] = param.Quantity(Decimal(str(f["leaves"])))
            groups["fill"] = op.ExecutionReportFillDetails(**fill)
        if "pnl" in f:
            groups["financial_impact"] = op.FinancialImpact(
                pnl=param.Pnl(Decimal(str(f["pnl"][0]))), fee=param.Fee(Decimal(str(f["pnl"][1])))
            )
        names = {key: f[key] for key in ("client_order_id", "execution_id", "event") if key in f}
        if names:
            groups["order"] = entry(op, "ExecutionReportOrder")(**names)
        operation = op.ExecutionReportOperation(
            instrument=self.instrument(f["instrument"]), side=f["side"], account_id=self.account(f["account"])
        )
        result = self.engine.apply_execution_report(report=op.ExecutionReport(operation=operation, **groups))
        if expect is not None:
            self.items(result.account_blocks, expect["blocks"])

    # -- the world --

    def do_quote(self, spec, expect, step):
        prices = {key: Decimal(str(spec[key])) for key in ("mark", "bid", "ask") if key in spec}
        quote = importlib.import_module("openpit.marketdata").Quote(**prices)
        service = entry(self.engine, "market_data")()
        service.push_by_instrument(self.instrument(spec["instrument"]), quote, duration(spec.get("age", "0s")))

    def do_input(self, spec, expect, step):
        value = spec["value"] if spec["name"] == "phase" else Decimal(str(spec["value"]))
        entry(self.engine, "set_input")(
            spec["name"], value, source_age=duration(spec.get("age", "0s")), **self.place(spec)
        )

    def do_clear_input(self, spec, expect, step):
        entry(self.engine, "clear_input")(spec["name"], **self.place(spec))

    def do_clock(self, spec, expect, step):
        if "advance" in spec:
            self.clock.advance(duration(spec["advance"]))
        else:
            self.clock.set(moment(spec["set"]))

    def do_tick(self, spec, expect, step):
        entry(self.engine, "tick")()

    def do_heartbeat(self, spec, expect, step):
        entry(self.engine, "heartbeat")(spec)

    def do_adjust(self, spec, expect, step):
        op, param = self.openpit, self.param
        account, items = spec["account"], []
        for item in spec["items"]:
            way = "delta" if "delta" in item else "absolute"
            amount = op.AccountAdjustmentAmount(balance=getattr(param.AdjustmentAmount, way)(Decimal(str(item[way]))))
            if "equity" in item:
                operation = entry(op, "AccountAdjustmentEquityOperation")(asset=item["equity"])
            else:
                keys = {key: item[key] for key in ("strategy", "trader", "venue") if key in item}
                average = Decimal(str(item["average"])) if "average" in item else None
                kind = entry(op, "AccountAdjustmentLedgerPositionOperation")
                operation = kind(instrument=self.instrument(item["position"]), average_entry_price=average, **keys)
            items.append(op.AccountAdjustment(operation=operation, amount=amount))
        result = self.engine.apply_account_adjustment(account_id=self.account(account), adjustments=items)
        if isinstance(expect, dict):
            self.equal(expect["failed"], result.failed_index)
        else:
            self.check(result.ok, [shown(r, ("code", "policy")) for r in result.rejects])

    def do_locate(self, spec, expect, step):
        call = entry(self.engine, "add_locate")
        expires = moment(spec["expires"]) if "expires" in spec else None
        self.refused(
            expect,
            lambda: call(
                self.account(spec["account"]),
                spec["instrument"],
                Decimal(str(spec["quantity"])),
                spec["id"],
                expires=expires,
            ),
        )

    # -- configuration --

    def do_reconfigure(self, spec, expect, step):
        call = entry(self.engine, "reconfigure")
        if isinstance(expect, dict):
            with pytest.raises(entry(self.config, "ConfigError")) as caught:
                call(spec)
            self.problems(caught.value.problems, expect["problems"])
        else:
            change = call(spec)
            json.dumps(change.to_dict())
            if expect is not None:
                self.check(change.applied is (expect == "applied"), change)

    def do_validate(self, spec, expect, step):
        self.problems(entry(self.config, "validate")(spec), expect)

    def do_schema(self, spec, expect, step):
        schema = entry(self.config, "schema")()
        json.dumps(schema)
        self.check(
            "$schema" in schema and set(expect) <= set(schema["properties"]), sorted(schema.get("properties", {}))
        )

    def do_version(self, spec, expect, step):
        self.equal(expect, entry(self.engine, "version"))

    # -- states --

    def do_block(self, spec, expect, step):
        self.engine.accounts().block(self.account(spec["account"]), spec["reason"])

    def do_unblock(self, spec, expect, step):
        self.engine.accounts().unblock(self.account(spec["account"]))

    def do_state(self, spec, expect, step):
        self.equal(expect, entry(self.engine, "state")(**spec))

    def do_set_state(self, spec, expect, step):
        entry(self.engine, "set_state")(
            spec["state"], actor=spec["actor"], reason=spec["reason"], **spec.get("scope", {})
        )

    def refused(self, expect, call):
        if isinstance(expect, dict) and "error" in expect:
            with pytest.raises(Exception) as caught:
                call()
            names = [kind.__name__ for kind in type(caught.value).__mro__]
            self.check(expect["error"] in names, repr(caught.value))
            return None
        return call()

    def do_release(self, spec, expect, step):
        call = entry(self.engine, "release")
        extra = {key: spec[key] for key in ("role", "limit") if key in spec}
        done = self.refused(
            expect, lambda: call(actor=spec["actor"], reason=spec["reason"], **extra, **spec.get("scope", {}))
        )
        if done is not None and expect is not None:
            json.dumps(done.to_dict())
            for key, value in expect.items():
                self.equal(value, getattr(done, key))

    def do_rebase(self, spec, expect, step):
        entry(self.engine, "rebase")(
            self.account(spec["account"]), spec["what"], actor=spec["actor"], reason=spec["reason"]
        )

    def do_grant(self, spec, expect, step):
        call = entry(self.engine, "grant")
        self.refused(
            expect,
            lambda: call(
                self.account(spec["account"]),
                spec["client_order_id"],
                spec["limits"],
                moment(spec["expires"]),
                spec["actors"],
                spec["reason"],
            ),
        )

    # -- what the engine tells --

    def do_limits(self, spec, expect, step):
        found = [
            one
            for one in entry(self.engine, "limits")()
            if one.name == spec["name"] and ("scope" not in spec or same(spec["scope"], one.scope))
        ]
        json.dumps([one.to_dict() for one in found])
        if expect == "absent":
            self.check(not found, found)
            return
        self.check(len(found) == 1, found)
        for key, value in expect.items():
            self.check(hasattr(found[0], key) and same(value, getattr(found[0], key)), shown(found[0], expect))

    def do_explain(self, spec, expect, step):
        explanation = entry(self.engine, "explain")(self.order(spec))
        json.dumps(explanation.to_dict())
        for key in ("verdict", "state"):
            if key in expect:
                self.equal(expect[key], getattr(explanation, key))
        if "rejects" in expect:
            self.items(explanation.rejects, expect["rejects"])
        for want in expect.get("looks", []):
            found = [look for look in explanation.looks if look.name == want["name"]]
            self.check(len(found) == 1, [look.name for look in explanation.looks])
            for key, value in want.items():
                if key == "inputs":
                    self.items(found[0].inputs, value)
                else:
                    self.check(hasattr(found[0], key) and same(value, getattr(found[0], key)), shown(found[0], want))

    def do_events(self, spec, expect, step):
        events = entry(self.engine, "events")()
        json.dumps([event.to_dict() for event in events])
        self.items([event for event in events if event.kind in spec["kinds"]], expect)

    def do_intents(self, spec, expect, step):
        self.items(entry(self.engine, "cancel_intents")(), expect)

    def do_pending(self, spec, expect, step):
        self.items(entry(self.engine, "pending_cancels")(), expect)


# ---- tests ----


def scenarios(folder):
    out = []
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        data = load(path)
        for scenario in data["scenarios"]:
            out.append(pytest.param(data, scenario, id=f"{data['family']}-{scenario['id']}"))
    return out


def play(data, scenario, rehearse=False):
    Player(data, scenario, rehearse).run()


CASES = scenarios(HERE)


@pytest.mark.parametrize("data, scenario", CASES)
def test_scenario(data, scenario):
    play(data, scenario)


@pytest.mark.parametrize(
    "data, scenario",
    [case for case in CASES if "steps" in case.values[1] and any("order" in step for step in case.values[1]["steps"])],
)
def test_scenario_with_explain_and_dry_run_before_each_order(data, scenario):
    play(data, scenario, rehearse=True)


METRICS = """order_quantity order_notional price_tick quantity_step price_collar price_collar_absolute price_band market_order_spread decision_drift
order_adv_ratio order_depth_ratio client_order_id duplicate_orders message_rate repeated_executions reject_rate order_to_trade working_orders
working_notional position_net position_long position_short position_count position_held gross_exposure net_exposure long_exposure short_exposure leverage
concentration credit initial_margin_excess maintenance_margin_excess accumulated_notional accumulated_quantity participation realized_pnl
realized_pnl_ratio total_pnl total_pnl_ratio unrealized_pnl drawdown drawdown_ratio equity value_at_risk supplied_figure self_trade short_marking
short_locate borrow_fee short_price_test""".split()


def configured(case):
    data, scenario = case.values
    documents = [{**data.get("base", {}), **scenario.get("config", {})}]
    documents += [step["reconfigure"] for step in scenario.get("steps", []) if "reconfigure" in step]
    for document in documents:
        yield from document.get("limits") or document.get("change", {}).get("set", [])


def test_every_metric_has_scenarios():
    """Guards the files: a metric without a scenario is a metric nobody checks."""
    assert len(METRICS) == 51 and len(CASES) >= 120
    counted = {
        metric: sum(any(limit.get("metric") == metric for limit in configured(case)) for case in CASES)
        for metric in METRICS
    }
    assert min(counted.values()) >= 1, sorted(metric for metric in METRICS if not counted[metric])


def test_every_reject_code_but_custom_is_expected_somewhere():
    text = json.dumps([case.values for case in CASES])
    codes = {str(getattr(code, "value", code)) for code in importlib.import_module("openpit.pretrade").RejectCode}
    kept = {
        "Custom",
        "Other",
        "SystemUnavailable",
        "InsufficientFunds",
        "AccountAdjustmentBoundsExceeded",
        "OrderExceedsLimit",
    }
    assert not sorted(code for code in codes - kept if f'"{code}"' not in text)


# ---- what a scenario cannot say ----


def engine_of(limits, start=START, **document):
    openpit = importlib.import_module("openpit")
    clock = entry(openpit, "Clock")(moment(start))
    return entry(openpit.Engine, "from_config")(
        {"openpit": 1, "defaults": {"currency": "USD"}, "limits": limits, **document}, clock=clock
    )


def order_of(**fields):
    player = Player({}, {"id": "-"})
    return player.order(
        {"account": 7, "instrument": "AAPL/USD", "side": "BUY", "quantity": "1", "price": "100", **fields}
    )


def test_documents_are_read_from_json_and_toml_files(tmp_path):
    openpit = importlib.import_module("openpit")
    (tmp_path / "engine.json").write_text('{"openpit": 1, "limits": [{"metric": "order_quantity", "upper": 0.3}]}')
    (tmp_path / "engine.toml").write_text('openpit = 1\n[[limits]]\nmetric = "order_quantity"\nupper = 0.3\n')
    for path in (tmp_path / "engine.json", str(tmp_path / "engine.json"), tmp_path / "engine.toml"):
        engine = entry(openpit.Engine, "from_config")(path)
        assert engine.execute_pre_trade(order=order_of(quantity="0.3")).ok
        rejects = engine.execute_pre_trade(order=order_of(quantity="0.3000000001")).rejects
        assert [str(reject.code) for reject in rejects] == ["OrderQtyExceedsLimit"]
        assert entry(openpit.config, "validate")(path) == []


def test_schema_names_every_metric_and_every_top_level_key():
    schema = entry(importlib.import_module("openpit.config"), "schema")()
    text = json.dumps(schema)
    assert "2020-12" in schema["$schema"]
    for key in (
        "openpit",
        "version",
        "engine",
        "defaults",
        "known",
        "calendars",
        "instruments",
        "groups",
        "accounts",
        "valuation",
        "policies",
        "limits",
    ):
        assert key in schema["properties"], key
    assert not [metric for metric in METRICS if f'"{metric}"' not in text]


def test_what_the_engine_tells_is_plain_data():
    engine = engine_of([{"metric": "order_quantity", "upper": 10, "warn": "0.5"}])
    explanation = engine.explain(order_of(quantity="11"))
    told = json.loads(json.dumps(explanation.to_dict()))
    assert told["verdict"] == "reject" and told["time"].startswith("2026-03-02T14:30:00")
    assert {key: told["looks"][0][key] for key in ("name", "value", "upper", "headroom")} == {
        "name": "order_quantity",
        "value": "11",
        "upper": "10",
        "headroom": "-1",
    }
    with pytest.raises(AttributeError):
        explanation.verdict = "accept"
    engine.execute_pre_trade(order=order_of(quantity="5"))
    event = next(event for event in engine.events() if event.kind == "warn").to_dict()
    assert json.loads(json.dumps(event))["value"] == "5"
    assert engine.limits()[0].to_dict()["metric"] == "order_quantity"


def test_texts_name_no_account():
    engine = engine_of([{"metric": "order_quantity", "scope": {"account": 4711}, "upper": 10}])
    reject = engine.execute_pre_trade(order=order_of(account=4711, quantity="11")).rejects[0]
    assert "4711" not in reject.reason + reject.details


def test_engines_without_a_document_know_nothing_of_all_this():
    openpit = importlib.import_module("openpit")
    policies = importlib.import_module("openpit.pretrade.policies")
    engine = openpit.Engine.builder().no_sync().builtin(policies.build_order_validation()).build()
    result = engine.execute_pre_trade(order=order_of(client_order_id="a", strategy="s", quantity="1000000"))
    assert result.ok
    result.reservation.commit()


def test_a_limit_made_in_python_is_the_same_record():
    openpit = importlib.import_module("openpit")
    controls = importlib.import_module("openpit.controls")
    limit = entry(controls, "Limit")(metric="order_quantity", name="size", upper=10)
    engine = entry(openpit.Engine.builder().no_sync(), "limits")(limit).build()
    assert engine.execute_pre_trade(order=order_of(quantity="10")).ok
    assert engine.execute_pre_trade(order=order_of(quantity="11")).rejects[0].policy == "size"


def test_of_two_threads_with_one_id_one_is_first():
    import threading

    engine = engine_of([{"metric": "client_order_id"}], engine={"sync": "full"})
    orders = [order_of(client_order_id=f"id{number}") for number in range(200)]
    accepted, gate = [], threading.Barrier(4)

    def run():
        gate.wait()
        for number, order in enumerate(orders):
            result = engine.execute_pre_trade(order=order)
            if result.ok:
                accepted.append(number)
                result.reservation.commit()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(accepted) == list(range(200))


def test_an_order_costs_the_same_with_many_positions():
    """Sums are kept, not made: 3,000 further positions of the account may not double the price of a check."""
    import time

    limits = [
        {"metric": "gross_exposure", "scope": {"account": "*"}, "upper": 10**12},
        {"metric": "leverage", "scope": {"account": "*"}, "upper": 10**6},
        {"metric": "drawdown_ratio", "scope": {"account": "*"}, "upper": 1},
        {"metric": "total_pnl", "scope": {"account": "*"}, "lower": -(10**12)},
        {"metric": "concentration", "scope": {"account": "*", "instrument": "*"}, "upper": 10**6},
        {"metric": "position_count", "scope": {"account": "*"}, "upper": 10**6},
    ]
    player = Player({}, {"id": "-"})
    medians = []
    for count in (10, 3000):
        player.engine = engine_of(limits, accounts=[{"id": 7, "equity": 10**9}])
        player.where = "setting up"
        for number in range(count):
            player.do_quote({"instrument": f"I{number}/USD", "mark": "10"}, None, {})
            player.do_adjust(
                {"account": 7, "items": [{"position": f"I{number}/USD", "absolute": "1", "average": "10"}]}, None, {}
            )
        order, times = order_of(instrument="I1/USD"), []
        for _ in range(300):
            begin = time.perf_counter_ns()
            result = player.engine.execute_pre_trade(order=order)
            times.append(time.perf_counter_ns() - begin)
            assert result.ok
            result.reservation.rollback()
        medians.append(sorted(times)[len(times) // 2])
    assert medians[1] < 2 * medians[0] + 2000, medians
