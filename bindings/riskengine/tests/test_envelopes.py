"""Envelopes: merging, four eyes, what is in force when, signatures, and what a store keeps of them."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D

import pytest
from pydantic import ValidationError
from support import START, WIDE, announced, envelope

from mts1b_riskengine import Config, EnvelopeStore, RiskEnvelope, SqliteStore
from mts1b_riskengine.envelope.loader import DirectorySource, EnvelopeLoader
from mts1b_riskengine.envelope.merge import KEYED, RULES, loosened, merge
from mts1b_riskengine.envelope.model import UNHASHED
from mts1b_riskengine.errors import ApprovalError, ConfigError, EnvelopeInvalid, EnvelopeNotFound, StoreError


@pytest.fixture
def envelopes(clock):
    return EnvelopeStore(SqliteStore(":memory:"), clock=clock)


def four_eyes(clock, store=None):
    return EnvelopeStore(
        store or SqliteStore(":memory:"), config=Config.parse("envelope: {four_eyes: true}"), clock=clock
    )


def test_every_limit_has_a_rule():
    meta = {
        "fund_id",
        "strategy_id",
        "version",
        "author",
        "created_at",
        "valid_from",
        "valid_until",
        "comment",
    } | UNHASHED
    general = {name for name, _ in KEYED.values()}
    assert {*RULES, *KEYED, *general} == set(RiskEnvelope.model_fields) - meta


@pytest.mark.parametrize(
    "firm, fund, merged",
    [
        ({}, {}, (D("0.30"), {})),
        ({"max_sector_pct": "0.2"}, {}, (D("0.2"), {})),
        ({}, {"sector_limits": {"tech": "0.5"}}, (D("0.30"), {"tech": D("0.5")})),
        ({"max_sector_pct": "0.2"}, {"sector_limits": {"tech": "0.5"}}, (D("0.2"), {"tech": D("0.2")})),
        ({"sector_limits": {"tech": "0.6"}}, {"max_sector_pct": "0.4"}, (D("0.4"), {"tech": D("0.4")})),
        (
            {"sector_limits": {"tech": "0.1"}},
            {"sector_limits": {"oil": "0.2"}},
            (D("0.30"), {"oil": D("0.2"), "tech": D("0.1")}),
        ),
    ],
)
def test_a_sector_s_limit_is_the_least_of_its_own_or_the_general_one_of_each_level(firm, fund, merged):
    limits = {**WIDE, "max_sector_pct": None}
    made = merge([RiskEnvelope(author="a", **firm), RiskEnvelope(author="a", fund_id="alpha", **{**limits, **fund})])
    assert (made.max_sector_pct, made.sector_limits) == merged


def test_a_strategy_s_own_book_limits_are_kept_apart(envelopes):
    envelopes.publish(envelope(max_position_pct="0.10", max_gross_exposure_pct=2))
    envelopes.publish(RiskEnvelope(fund_id="alpha", strategy_id="momo", author="ben", max_position_pct="0.5"))
    found = envelopes.in_force("alpha", "momo", START)
    assert (found.fund.max_position_pct, found.own.max_position_pct, found.own.max_gross_exposure_pct) == (
        D("0.10"),
        D("0.5"),
        None,
    )
    assert (found.strategy.max_position_pct, found.strategy.max_gross_exposure_pct) == (D("0.5"), 2)
    assert (found.envelope_id, found.strategy.author) == ("alpha@1+alpha/momo@1", "ben")
    other = envelopes.in_force("alpha", "value", START)
    assert other.own is None and other.strategy is other.fund


BASE = {
    **WIDE, "allowed_brokers": ["ib"], "max_order_notional": 2000, "enable_shorting": False, "require_locate": True,
    "restricted_symbols": ["GME"], "sector_limits": {"tech": "0.2"}, "max_sector_pct": "0.3", "trailing_stop": True,
    "allowed_asset_classes": ["equity"], "max_short_pct": "0.1", "price_collar_pct": "0.05",
}  # fmt: skip


@pytest.mark.parametrize(
    "change, fields",
    [
        ({}, []),
        ({"max_order_notional": 1999}, []),
        ({"max_order_notional": 2000}, []),
        ({"max_order_notional": 2001}, ["max_order_notional"]),
        ({"max_order_notional": None}, ["max_order_notional"]),
        ({"max_order_quantity": 5}, []),
        ({"allowed_brokers": []}, []),
        ({"allowed_brokers": ["kraken"]}, ["allowed_brokers"]),
        ({"allowed_asset_classes": None}, ["allowed_asset_classes"]),
        ({"allowed_order_types": None}, ["allowed_order_types"]),
        ({"restricted_symbols": ["AMC"]}, ["restricted_symbols"]),
        ({"enable_shorting": None}, ["enable_shorting"]),
        ({"enable_shorting": True}, ["enable_shorting"]),
        ({"require_locate": None}, ["require_locate"]),
        ({"trailing_stop": False}, ["trailing_stop"]),
        ({"sector_limits": {"tech": "0.1"}}, []),
        ({"sector_limits": {"tech": "0.2", "oil": "0.3"}}, []),
        ({"sector_limits": {"tech": "0.2", "oil": "0.31"}}, ["sector_limits.oil"]),
        ({"sector_limits": None}, ["sector_limits.tech"]),
        ({"max_sector_pct": "0.31"}, ["max_sector_pct"]),
        ({"max_sector_pct": None}, ["max_sector_pct"]),
        ({"synthetic_stop_pct": "0.10"}, []),
        ({"synthetic_stop_pct": "0.11"}, ["synthetic_stop_pct"]),
        ({"comment": "another"}, []),
    ],
)
def test_what_loosens_is_named(change, fields):
    """An opinion that is wider than the default loosens, too, as nobody may have had one before."""
    assert loosened(envelope(**BASE), envelope(**{**BASE, **change})) == fields


def test_a_version_is_compared_with_all_that_it_takes_the_place_of(clock):
    """One of tomorrow is tighter than today's; a third that only repeats today's would undo it."""
    envelopes = four_eyes(clock)
    envelopes.publish(envelope(max_order_notional=2000))
    envelopes.approve("alpha", None, 1, "ben")
    tomorrow = START + timedelta(days=1)
    assert envelopes.publish(envelope(max_order_notional=500, valid_from=tomorrow)).status == "active"
    assert envelopes.publish(envelope(max_order_notional=2000)).status == "pending"
    assert envelopes.publish(envelope(max_order_notional=2000, valid_until=tomorrow)).status == "active"
    assert envelopes.publish(envelope(max_order_notional=400)).status == "active"


def test_a_first_envelope_waits_even_behind_one_of_tomorrow(clock):
    envelopes = four_eyes(clock)
    envelopes.publish(envelope(valid_from=START + timedelta(days=1)))
    envelopes.approve("alpha", None, 1, "ben")
    assert envelopes.publish(envelope()).status == "pending"


@pytest.mark.parametrize("approver", ["anna", " Anna ", "ANNA", "", "  "])
def test_an_author_does_not_approve_in_other_letters(clock, approver):
    envelopes = four_eyes(clock)
    envelopes.publish(envelope())
    with pytest.raises(ApprovalError):
        envelopes.approve("alpha", None, 1, approver)


def test_what_is_active_needs_no_approval(envelopes):
    envelopes.publish(envelope())
    with pytest.raises(ApprovalError, match="active already"):
        envelopes.approve("alpha", None, 1, "ben")
    with pytest.raises(EnvelopeNotFound):
        envelopes.approve("alpha", None, 2, "ben")


def test_nobody_approves_in_advance(clock):
    envelopes = four_eyes(clock)
    made = envelopes.publish(envelope().model_copy(update={"approved_by": "ben", "status": "active"}))
    assert (made.status, made.approved_by) == ("pending", "")


def test_another_node_s_word_is_no_approval_here(clock):
    """Status and approver are not covered by the hash: a replica that loosens waits for a second person here."""
    envelopes = four_eyes(clock)
    loose = envelope(version=3).model_copy(update={"status": "active", "approved_by": "ben"})
    assert envelopes.accept(loose.model_copy(update={"hash": loose.compute_hash()})) is True
    assert (envelopes.get("alpha").status, envelopes.get("alpha").approved_by) == ("pending", "")


def test_what_is_in_force_is_asked_once_and_ends_to_the_instant(envelopes):
    second = timedelta(seconds=1)
    envelopes.publish(envelope(max_order_notional=2000))
    envelopes.publish(envelope(max_order_notional=1000, valid_from=START + 5 * second, valid_until=START + 9 * second))
    asked = [envelopes.in_force("alpha", "", START + number * second) for number in range(12)]
    assert [found.fund.max_order_notional for found in asked] == [2000] * 5 + [1000] * 4 + [2000] * 3
    assert asked[0] is asked[4] and asked[5] is asked[8] and asked[5].until == START + 9 * second
    just = timedelta(microseconds=1)
    assert envelopes.in_force("alpha", "", START + 9 * second - just).fund.max_order_notional == 1000
    back = envelopes.in_force("alpha", "", START)
    assert back.fund.max_order_notional == 2000, "a clock that was set back finds what was in force then"


def test_strategies_without_an_envelope_take_no_room(envelopes):
    envelopes.publish(envelope())
    found = {envelopes.in_force("alpha", f"s{number}", START) for number in range(1000)}
    assert len(found) == 1 and len(envelopes._in_force) == 1
    envelopes.publish(RiskEnvelope(fund_id="alpha", strategy_id="s5", author="anna", max_order_notional=5))
    assert envelopes.effective("alpha", "s5").max_order_notional == 5
    assert envelopes.effective("alpha", "s6").max_order_notional == 10**9


def test_a_moment_without_a_zone_is_no_moment(envelopes):
    envelopes.publish(envelope())
    with pytest.raises(ValueError, match="time zone"):
        envelopes.effective("alpha", at=datetime(2026, 3, 4))


def test_a_change_is_told_and_counts_at_once(envelopes):
    told = []
    envelopes.on_change = lambda fund: told.append((fund, envelopes.effective("alpha").max_order_notional))
    envelopes.publish(envelope(max_order_notional=2000))
    before = envelopes.in_force("alpha", "", START)
    envelopes.publish(RiskEnvelope(author="anna", max_order_notional=1500))
    assert told == [("alpha", 2000), (None, 1500)]
    assert envelopes.in_force("alpha", "", START) is not before


def test_without_what_a_fund_needs_nothing_is_in_force(envelopes):
    """The firm's opinion ends at four, and nobody else has one: then no order passes."""
    envelopes.publish(RiskEnvelope(author="anna", allowed_brokers=["ib"], valid_until=START + timedelta(hours=1)))
    envelopes.publish(RiskEnvelope(author="anna", fund_id="alpha", max_order_notional=5))
    assert envelopes.effective("alpha").allowed_brokers == ["ib"]
    with pytest.raises(EnvelopeNotFound, match="allowed_brokers"):
        envelopes.effective("alpha", at=START + timedelta(hours=1))


def test_the_firm_cannot_take_away_what_its_funds_need(envelopes):
    envelopes.publish(RiskEnvelope(author="anna", allowed_brokers=["ib"], max_order_notional=10))
    envelopes.publish(RiskEnvelope(author="anna", fund_id="alpha"))
    with pytest.raises(EnvelopeInvalid, match="max_order_notional"):
        envelopes.publish(RiskEnvelope(author="anna", allowed_brokers=["ib"]))
    with pytest.raises(EnvelopeInvalid, match="MARKET"):
        envelopes.publish(
            RiskEnvelope(author="anna", allowed_brokers=["ib"], max_order_notional=10, allowed_order_types=["LIMIT"])
        )
    with pytest.raises(EnvelopeInvalid, match="MARKET"):
        envelopes.publish(
            RiskEnvelope(author="anna", fund_id="alpha", strategy_id="momo", allowed_order_types=["LIMIT"])
        )
    assert len(envelopes.history()) == 1 and envelopes.history("alpha", "momo") == []


def test_versions_that_will_count_again_are_never_dropped(clock):
    """The one that returns when a temporary one ends is kept, however many came after it."""
    envelopes = EnvelopeStore(SqliteStore(":memory:"), config=Config.parse("envelope: {versions_kept: 2}"), clock=clock)
    envelopes.publish(envelope(max_order_notional=1))
    envelopes.publish(envelope(max_order_notional=2, valid_until=START + timedelta(hours=1)))
    for _ in range(5):
        envelopes.publish(envelope(max_order_notional=3, valid_from=START + timedelta(days=9)))
    assert [kept.version for kept in envelopes.history("alpha")] == [7, 6, 2, 1]
    clock.advance(hours=1)
    assert envelopes.effective("alpha").max_order_notional == 1


def test_a_write_that_fails_publishes_nothing(envelopes):
    envelopes.publish(envelope())
    told = []
    envelopes.on_change = told.append
    envelopes._store.close()
    with pytest.raises(StoreError):
        envelopes.publish(envelope(max_order_notional=1))
    assert envelopes.effective("alpha").max_order_notional == 10**9 and told == []


def test_all_of_it_is_read_back(clock, tmp_path):
    store = SqliteStore(tmp_path / "s.db")
    envelopes = four_eyes(clock, store)
    envelopes.publish(RiskEnvelope(author="anna", allowed_brokers=["ib"], max_order_notional=10, comment="ü"))
    envelopes.approve(None, None, 1, "ben")
    envelopes.publish(envelope(sector_limits={"tech": "0.10"}, valid_until=START + timedelta(days=1)))
    kept = [envelopes.history(*level) for level in envelopes.levels()]
    store.close()
    store = SqliteStore(tmp_path / "s.db")
    again = four_eyes(clock, store)
    assert [again.history(*level) for level in again.levels()] == kept
    assert again.get(None).approved_by == "ben" and again.get("alpha").status == "pending"
    assert [record.kind for record in store.records()] == ["envelope", "approval", "envelope"]
    store.close()


@pytest.mark.parametrize("stray", ["a/b", "a@1", "a+b", "firm", "a\nb", "", "x" * 129])
def test_ids_that_would_be_mistaken_are_refused(stray):
    with pytest.raises(ValidationError):
        RiskEnvelope(fund_id=stray, author="anna")


@pytest.mark.parametrize(
    "pct, fine", [("0", False), ("0.0001", True), ("100", True), ("100.0001", False), (True, False)]
)
def test_a_cap_lies_in_its_range(pct, fine):
    try:
        RiskEnvelope(author="anna", max_position_pct=pct)
    except ValidationError:
        assert not fine
    else:
        assert fine


def test_times_without_a_zone_and_backwards_are_refused():
    with pytest.raises(ValidationError):
        envelope(valid_from=datetime(2026, 3, 4))
    with pytest.raises(ValidationError):
        envelope(valid_from=START, valid_until=START)


def test_the_hash_is_one_of_instants_and_values_not_of_spellings():
    there = datetime.fromisoformat("2026-03-04T10:00:00-05:00")
    assert envelope(valid_from=START).compute_hash() == envelope(valid_from=there).compute_hash()
    one, two = envelope(max_order_notional="1e3"), envelope(max_order_notional=1000.0)
    assert one.compute_hash() == two.compute_hash() != envelope(max_order_notional=1001).compute_hash()
    signed = one.model_copy(
        update={"hash": "x", "signature": "y", "key_id": "z", "approved_by": "b", "status": "pending"}
    )
    assert signed.compute_hash() == one.compute_hash()
    assert json.loads(one.canonical())["max_order_notional"] == "1000"


# keys


def test_a_key_is_changed_without_a_pause(clock, tmp_path):
    key, previous = tmp_path / "key", tmp_path / "key.previous"
    config = Config.parse(f"envelope: {{signing_key_file: '{key}'}}")

    def node():
        return EnvelopeStore(SqliteStore(":memory:"), config=config, clock=clock)

    key.write_bytes(b"old\n")
    old = node().publish(envelope())
    key.write_bytes(b"new")
    with pytest.raises(EnvelopeInvalid, match="signature"):
        node().accept(old)
    previous.write_bytes(b"old")
    here = node()
    assert here.accept(old) is True
    made = here.publish(envelope())
    assert made.key_id != old.key_id and "new" not in made.key_id
    assert "new" not in repr(here._signer) and b"new" not in repr(vars(here)).encode()


@pytest.mark.parametrize("content", [None, b"", b"\n"])
def test_a_key_that_is_missing_or_empty_is_a_mistake_in_the_configuration(tmp_path, content):
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match="signing_key_file"):
        EnvelopeStore(SqliteStore(":memory:"), config=Config.parse(f"envelope: {{signing_key_file: '{path}'}}"))


# from outside


def loader(envelopes, clock, source=None):
    alerts = []
    return EnvelopeLoader(envelopes, source, config=None, clock=clock, on_alert=alerts.append), alerts


def test_what_one_node_announces_another_takes(clock, envelopes):
    made = envelopes.publish(envelope(sector_limits={"tech": "0.10"}))
    other = EnvelopeStore(SqliteStore(":memory:"), clock=clock)
    handler, alerts = loader(other, clock)
    assert handler.on_message(json.dumps(announced(made))) is True
    assert other.get("alpha") == made and alerts == []


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"{}", b'{"envelope": 5}', b'{"envelope": {}}', b'{"envelope": {"author": "a", "version": "1"}}', b"[" * 100_000,
     b'{"envelope": {"author": "a"}, "hash": 5}', b'{"envelope": {"author": "a"}, "signature": []}', b"x" * (1 << 20 | 1)],
)  # fmt: skip
def test_a_message_of_any_shape_is_refused_aloud_and_harms_nothing(clock, envelopes, payload):
    handler, alerts = loader(envelopes, clock)
    assert handler.on_message(payload) is False
    assert [alert.code for alert in alerts] == ["ENVELOPE_REFUSED"] and envelopes.levels() == []


def test_a_replica_in_a_file_is_taken_with_its_hash_only(clock, envelopes, tmp_path):
    made = envelopes.publish(envelope(max_order_notional=7))
    (tmp_path / "a.json").write_text(made.canonical())
    body = json.loads(made.canonical())
    (tmp_path / "b.yaml").write_text(json.dumps({**body, "fund_id": "beta"}))
    (tmp_path / "c.yml").write_text(json.dumps({**body, "hash": ""}))
    other = EnvelopeStore(SqliteStore(":memory:"), clock=clock)
    handler, alerts = loader(other, clock, DirectorySource(tmp_path))
    import asyncio

    assert asyncio.run(handler.reload()) == 1
    assert other.levels() == [("alpha", None)] and other.get("alpha") == made
    assert [alert.details["source"] for alert in alerts] == ["b.yaml", "c.yml"]
    assert asyncio.run(handler.reload()) == 0


@pytest.mark.parametrize(
    "text",
    ["", "- a", "fund_id: alpha\nfund_id: beta\nauthor: anna", "{author: anna, max_order_notional: .nan}", "author: [", "1: 2",
     "author: anna\nvalid_from: 2026-03-04", "!!python/object:os.system {}", "author: anna\nfund_id: alpha", "\xff", "a: &a [*a]"],
)  # fmt: skip
def test_a_bad_file_is_refused_by_name(clock, envelopes, tmp_path, text):
    import asyncio

    (tmp_path / "x.yaml").write_text(text, encoding="latin-1")
    handler, alerts = loader(envelopes, clock, DirectorySource(tmp_path))
    assert asyncio.run(handler.reload()) == 0
    assert [(alert.code, alert.details["source"]) for alert in alerts] == [("ENVELOPE_REFUSED", "x.yaml")]


def test_a_directory_that_is_gone_leaves_what_was_good(clock, envelopes, tmp_path):
    import asyncio

    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.yaml").write_text(
        "fund_id: alpha\nauthor: anna\nallowed_brokers: [ib]\nmax_order_notional: 5\n"
    )
    handler, alerts = loader(envelopes, clock, DirectorySource(tmp_path / "d"))
    assert asyncio.run(handler.reload()) == 1
    (tmp_path / "d" / "a.yaml").unlink()
    assert asyncio.run(handler.reload()) == 0 and envelopes.effective("alpha").max_order_notional == 5 and alerts == []
    (tmp_path / "d").rmdir()
    assert asyncio.run(handler.reload()) == 0 and [alert.code for alert in alerts] == ["ENVELOPE_SOURCE_FAILED"]


def test_a_listener_that_fails_does_not_stop_the_loader(clock, envelopes):
    def fail(alert):
        raise RuntimeError("pager down")

    handler = EnvelopeLoader(envelopes, None, clock=clock, on_alert=fail)
    assert handler.on_message(b"{") is False


def test_random_versions_are_in_force_as_a_slow_reading_says(clock):
    """Seeded histories of overlapping versions, asked at every instant that could matter."""
    import random

    for seed in range(30):
        rng = random.Random(seed)
        envelopes = EnvelopeStore(
            SqliteStore(":memory:"), config=Config.parse("envelope: {versions_kept: 3}"), clock=clock
        )
        published = []
        for _ in range(rng.randrange(1, 12)):
            first, length = rng.choice([None, *range(8)]), rng.randrange(1, 5)
            begins = None if first is None else START + timedelta(hours=first)
            ends = rng.choice([None, (begins or START) + timedelta(hours=length)])
            published.append(
                envelopes.publish(
                    envelope(max_order_notional=rng.randrange(1, 99), valid_from=begins, valid_until=ends)
                )
            )
        for hour in range(14):
            at = START + timedelta(hours=hour)
            fitting = [
                made
                for made in published
                if (made.valid_from or at) <= at and (made.valid_until is None or at < made.valid_until)
            ]
            expected = fitting[-1].envelope_id if fitting else None
            try:
                found = envelopes.effective("alpha", at=at).envelope_id
            except EnvelopeNotFound:
                found = None
            assert found == expected, (seed, hour)


def test_moments_far_away_are_no_trouble(envelopes):
    envelopes.publish(
        envelope(valid_from=datetime(1, 1, 1, tzinfo=UTC), valid_until=datetime(9999, 12, 31, tzinfo=UTC))
    )
    assert envelopes.effective("alpha").version == 1
