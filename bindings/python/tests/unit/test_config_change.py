"""Changes of a document in force. The numbers of rules are those of the contract."""

import pytest

from openpit import config
from openpit.config import _change

BASE = {
    "openpit": 1,
    "version": "v1",
    "defaults": {"currency": "USD"},
    "groups": [{"id": "north", "currency": "USD"}, {"id": "south"}],
    "accounts": [{"id": 7, "equity": 10000, "group": "north"}, {"id": 8}],
    "instruments": [{"id": "ES/USD", "multiplier": 50}],
    "limits": [
        {"name": "size", "metric": "order_quantity", "upper": 10},
        {"name": "value", "metric": "order_notional", "upper": 5000},
    ],
    "permissions": [{"name": "list", "deny": {"instruments": ["GME/USD"]}}],
    "require": ["order_quantity"],
}
SIZE_20 = {"name": "size", "metric": "order_quantity", "upper": 20}
BUYS = {"name": "buys", "metric": "order_quantity", "only": {"sides": ["BUY"]}, "upper": 15}


def in_force():
    return config._compile(BASE)


def change(**keys):
    return {"openpit": 1, "change": {"actor": "anna", "reason": "test", **keys}}


def checked(document, **keys):
    return config._compile_change(document, in_force(), **keys)


def problems(document, **keys):
    before = in_force()
    with pytest.raises(config.ConfigError) as caught:
        config._compile_change(document, before, **keys)
    assert before == in_force()
    return sorted((problem.path, problem.code, problem.suggestion) for problem in caught.value.problems)


def names(document):
    return [(limit.name, int(limit.upper)) for limit in document.limits]


# ---- Changes (R-2) ----


def test_a_record_takes_the_place_of_its_name_or_is_added_at_the_end():
    made = checked(change(set=[BUYS, SIZE_20], version="v2", base="v1"))
    assert names(made.document) == [("size", 20), ("value", 5000), ("buys", 15)]
    assert (made.set, made.removed, made.version, made.document.version) == (("buys", "size"), (), "v2", "v2")


def test_what_is_removed_is_gone():
    made = checked(change(remove=["size"]))
    assert names(made.document) == [("value", 5000)]
    assert (made.removed, made.document.version) == (("size",), "v1")


def test_what_is_removed_may_come_back_at_the_end():
    assert names(checked(change(remove=["size"], set=[SIZE_20])).document) == [("value", 5000), ("size", 20)]


def test_a_name_may_pass_on_to_another_measure():
    other = {"name": "size", "metric": "order_notional", "upper": 1, "scope": {"account": 7}}
    assert [limit.metric for limit in checked(change(set=[other])).document.limits] == ["order_notional"] * 2


def test_a_measure_may_pass_on_to_another_name():
    other = {**SIZE_20, "name": "size2"}
    assert names(checked(change(set=[other], remove=["size"])).document) == [("value", 5000), ("size2", 20)]


def test_tables_change_the_same_way():
    row = {"name": "sides", "deny": {"sides": ["SELL"]}}
    made = checked(change(permissions={"set": [row], "remove": ["list"]}, require=[]))
    assert [row.name for row in made.document.permissions] == ["sides"]
    assert (made.permissions_set, made.permissions_removed) == (("sides",), ("list",))
    assert (made.require, made.document.require) == ((), ())


def test_a_list_that_is_not_given_stays():
    made = checked(change(set=[]))
    assert made.require is None and made.document == in_force()


def test_times_are_read():
    made = checked(change(effective_from="1970-01-01T00:00:01Z", revert_at="1970-01-01T00:00:02Z"))
    assert (made.effective_from, made.revert_at, made.actor, made.reason) == (10**9, 2 * 10**9, "anna", "test")


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (change(set=[SIZE_20, {"metric": "order_notional", "uper": 5}]), [
            ("change.set[1]", "conflict", None), ("change.set[1].uper", "unknown_key", "upper")]),
        (change(base="v9"), [("change.base", "version", None)]),
        (change(remove=["siz"]), [("change.remove[0]", "unknown_name", "size")]),
        (change(remove=["size", "size"]), [("change.remove[1]", "duplicate", None)]),
        ({"openpit": 1, "change": {"set": []}}, [
            ("change.actor", "missing_key", None), ("change.reason", "missing_key", None)]),
        (change(set=[{**SIZE_20, "name": "size2"}]), [("change.set[0]", "duplicate", None)]),
        (change(set=[SIZE_20, {**BUYS, "name": "size"}]), [("change.set[1].name", "duplicate", None)]),
        (change(set=[{**BUYS, "name": "Engine"}]), [("change.set[0].name", "duplicate", None)]),
        (change(set=[{**BUYS, "name": "list"}]), [("change.set[0].name", "duplicate", None)]),
        (change(set=[{**BUYS, "scope": {"group": "nort"}}]), [("change.set[0].scope.group", "unknown_name", "north")]),
        (change(permissions={"remove": ["lost"]}), [("change.permissions.remove[0]", "unknown_name", "list")]),
        (change(require=["size"]), [("change.require[0]", "unknown_name", None)]),
        (change(effective_from="2026-03-02T20:00Z", revert_at="2026-03-02T20:00Z"), [
            ("change.revert_at", "bad_value", None)]),
        (change(sett=[]), [("change.sett", "unknown_key", "set")]),
        ({"openpit": 1, "change": []}, [("change", "wrong_type", None)]),
        ({**change(), "limits": []}, [("limits", "unknown_key", None)]),
        ({"change": {}}, [("change.actor", "missing_key", None), ("change.reason", "missing_key", None),
                          ("openpit", "missing_key", None)]),
        ({**change(), "openpit": 2}, [("openpit", "version", None)]),
    ],
)  # fmt: skip
def test_one_problem_and_nothing_is_changed(document, expected):
    assert problems(document) == expected


def test_a_change_is_no_document_to_build_from():
    assert [(found.path, found.code) for found in config.validate(change())] == [("change", "unknown_key")]


# ---- Taking back (R-4) ----


def test_what_is_taken_back_is_as_it_was():
    made = checked(
        change(set=[SIZE_20, BUYS], remove=["value"], permissions={"remove": ["list"]}, require=[], version="v2")
    )
    back = _change.reverted(made, in_force(), made.document)
    assert sorted(names(back)) == [("size", 10), ("value", 5000)]
    assert (back.version, back.permissions, back.require) == ("v1", in_force().permissions, in_force().require)


def test_what_somebody_changed_since_stays():
    made = checked(change(set=[SIZE_20, BUYS], version="v2"))
    later = config._compile_change(change(set=[{**SIZE_20, "upper": 30}], version="v3"), made.document)
    back = _change.reverted(made, in_force(), later.document)
    assert (names(back), back.version) == ([("size", 30), ("value", 5000)], "v3")


def test_what_somebody_removed_since_stays_removed():
    made = checked(change(set=[SIZE_20]))
    later = config._compile_change(change(remove=["size"]), made.document)
    assert names(_change.reverted(made, in_force(), later.document)) == [("value", 5000)]


# ---- Whole documents (R-5) ----


def test_a_whole_document_says_how_it_shall_be():
    made = checked({**BASE, "version": "v2", "limits": [SIZE_20], "permissions": [], "require": []})
    assert (names(made), made.permissions, made.require, made.version) == ([("size", 20)], (), (), "v2")


def test_accounts_and_instruments_that_are_left_out_stay():
    made = checked({**BASE, "accounts": [{"id": 7, "equity": 10000, "group": "south"}, {"id": 9}], "instruments": []})
    assert [(account.id, account.group) for account in made.accounts] == [(7, "south"), (9, None), (8, None)]
    assert [(instrument.id, instrument.multiplier) for instrument in made.instruments] == [("ES/USD", 50)]


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        ({"engine": {"sync": "full"}}, "engine"),
        ({"policies": [{"policy": "order_validation"}]}, "policies"),
        ({"accounts": [{"id": 7, "equity": 10000, "currency": "EUR"}]}, "accounts[0].currency"),
        ({"accounts": [{"id": 7, "equity": 9999}]}, "accounts[0].equity"),
        ({"instruments": [{"id": "ES/USD", "multiplier": 49}]}, "instruments[0].multiplier"),
        ({"instruments": [{"id": "AAPL/USD", "multiplier": 2}]}, "instruments[0].multiplier"),
    ],
)
def test_some_things_cannot_change(keys, path):
    assert problems({**BASE, **keys}, has_position=lambda instrument: True) == [(path, "immutable", None)]


def test_the_multiplier_of_what_nobody_holds_may_change():
    asked = []
    made = checked(
        {**BASE, "instruments": [{"id": "ES/USD", "multiplier": 49}]}, has_position=lambda name: asked.append(name)
    )
    assert (made.instruments[0].multiplier, asked) == (49, ["ES/USD"])


def test_what_says_the_default_is_no_change():
    assert checked({**BASE, "engine": {"sync": "none", "events": 65536}, "policies": []}) == in_force()
