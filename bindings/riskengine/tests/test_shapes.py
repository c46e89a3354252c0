"""Numbers, models, configuration, calendars, metrics and records: what goes in and what comes out."""

import csv
import io
import json
import logging
import random
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from mts1b_riskengine import (
    Config,
    Fill,
    Locate,
    Order,
    OrderType,
    Position,
    Quote,
    RiskDecision,
    logs,
    numbers,
    reporting,
)
from mts1b_riskengine.calendar import FundCalendar, microseconds, moment
from mts1b_riskengine.errors import ConfigError
from mts1b_riskengine.models import schema_details

MOST = str(2**96 - 1)


# numbers


@pytest.mark.parametrize(
    "value, plain",
    [(0, "0"), ("-0", "0"), (1, "1"), ("1.00", "1"), (0.1, "0.1"), ("1e3", "1000"), (" 5 ", "5"), ("+.5", "0.5"), ("5.", "5"),
     (D("1E+27"), "1" + "0" * 27), ("1e-28", "0." + "0" * 27 + "1"), ("0e999", "0"), (MOST, MOST), (f"-{MOST}", f"-{MOST}"),
     ("1" + "0" * 40 + "e-40", "1"), ("0.10" + "0" * 60, "0.1"), (1e22, "1" + "0" * 22), (10**27, "1" + "0" * 27)],
)  # fmt: skip
def test_a_number_is_taken_by_value(value, plain):
    assert numbers.text(numbers.exact(value)) == plain
    assert numbers.exact(value) == numbers.exact(plain)


@pytest.mark.parametrize(
    "value",
    [str(2**96), "1e29", "1e-29", "1e999", "1e-999", "1e99999", "9" * 200, "0." + "1" * 30, float("nan"), float("inf"), D("NaN"),
     D("sNaN"), D("-Infinity"), "nan", "inf", "", " ", ".", "e5", "1_0", "1,5", "0x10", "٣", "１", "1 2", "--1", True, None, [], {},
     b"1", 1j, 10**29],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_what_the_native_part_does_not_hold_is_refused(value):
    with pytest.raises(ValueError):
        numbers.exact(value)


def test_random_numbers_survive_their_text():
    rng = random.Random(7)
    for _ in range(2000):
        number = D(rng.randrange(2**96)).scaleb(-rng.randrange(29)) * rng.choice([1, -1])
        assert numbers.exact(numbers.text(numbers.exact(number))) == number


# models


def order(**fields):
    made = {
        "order_id": "1",
        "idempotency_key": "1",
        "fund_id": "a",
        "symbol": "X",
        "side": "BUY",
        "quantity": 1,
        "broker": "b",
    }
    return {**made, **fields}


@pytest.mark.parametrize(
    "fields, at",
    [({"quantity": "0"}, "quantity"), ({"order_id": ""}, "order_id"), ({"order_id": "x" * 65}, "order_id"), ({"order_id": 5}, "order_id"),
     ({"symbol": "A\u202eB"}, "symbol"), ({"symbol": "A\x00"}, "symbol"), ({"broker": ""}, "broker"), ({"side": "buy"}, "side"),
     ({"limit_price": 1}, "limit_price"), ({"order_type": "LIMIT"}, "limit_price"), ({"order_type": "STOP_LIMIT", "limit_price": 1}, "stop_price"),
     ({"order_type": "STOP", "stop_price": 0}, "stop_price"), ({"created_at": datetime(2026, 1, 1)}, "created_at"), ({"metadata": {"a": 1}}, "metadata"),
     ({"metadata": {str(n): "" for n in range(65)}}, "metadata"), ({"colour": 1}, "colour"), ({"strategy_id": None}, "strategy_id")],
)  # fmt: skip
def test_an_order_that_cannot_be_names_the_field(fields, at):
    with pytest.raises(ValidationError) as caught:
        Order.model_validate(order(**fields))
    assert list(schema_details(caught.value)) == [at]


def test_details_of_a_bad_order_do_not_repeat_what_it_said():
    with pytest.raises(ValidationError) as caught:
        Order.model_validate(order(quantity="hunter2", side="hunter2", **{"x" * 500: "hunter2"}))
    details = schema_details(caught.value)
    assert "hunter2" not in json.dumps(details) and max(map(len, [*details, *details.values()])) <= 200


@pytest.mark.parametrize(
    "made",
    [Order(**order(quantity="0.10", order_type=OrderType.LIMIT, limit_price=0.5, metadata={"a": "b"})),
     RiskDecision(order_id="1", approved=True, decided_at=datetime(2026, 1, 1, tzinfo=UTC)), Quote(symbol="X", last=1),
     Fill(fill_id="1", order_id="1", fund_id="a", symbol="X", side="SELL", quantity=1, price="0.01"), Position(fund_id="", symbol="X", quantity=-1)],
    ids=lambda made: type(made).__name__,
)  # fmt: skip
def test_models_survive_their_json_and_do_not_change(made):
    assert type(made).model_validate_json(made.model_dump_json()) == made
    assert type(made).model_validate(made.model_dump()) == made
    with pytest.raises(ValidationError):
        made.symbol = "Y"


def test_a_time_without_a_zone_is_no_time():
    with pytest.raises(ValidationError):
        Quote(symbol="X", last=1, at=datetime(2026, 1, 1))
    with pytest.raises(ValidationError):
        Locate(locate_id="L", fund_id="a", symbol="X", quantity=1, expires_at=datetime(2026, 1, 1))
    with pytest.raises(ValueError):
        microseconds(datetime(2026, 1, 1))
    now = datetime(2026, 3, 4, 15, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert moment(microseconds(now)) == now


# configuration


@pytest.mark.parametrize(
    "text, message",
    [("storage: {url: 5}", "storage.url"), ("storage: {url: 'mysql://h'}", "storage.url"), ("grpc: {tls_cert: a}", "tls_key"),
     ("nats: {servers: []}", "nats.servers"), ("nats: {prefix: 'a.*'}", "nats.prefix"), ("data: {max_quote_age_s: {crypto: 5}}", "default is missing"),
     ("data: {max_nav_age_s: -1}", "max_nav_age_s"), ("data: {max_nav_age_s: .inf}", "max_nav_age_s"), ("data: {max_nav_age_s: true}", "max_nav_age_s"),
     ("synthetic_stop: {order_type: LIMIT}", "order_type"), ("idempotency: {max_entries: 0}", "max_entries"), ("grpc: {port: 1, port: 2}", "twice"),
     ("metrics: {port: '9109'}", "metrics.port"), ("envelope: {four_eyes: 1}", "four_eyes"), ("grpc: {host: ''}", "grpc.host")],
)  # fmt: skip
def test_a_configuration_that_cannot_be_names_the_key(text, message):
    with pytest.raises(ConfigError, match=message):
        Config.parse(text)


def test_a_section_may_be_empty_and_a_file_may_be_missing(tmp_path):
    assert Config.parse("grpc:\nstorage:\n") == Config()
    with pytest.raises(ConfigError, match=r"none\.yaml"):
        Config.load(tmp_path / "none.yaml")
    with pytest.raises(ConfigError):
        Config.parse(b"\x80")
    with pytest.raises(ConfigError):
        Config.parse("a: 1\n" * 300_000)


def test_every_key_of_the_page_is_a_key_and_every_key_is_on_the_page():
    from pathlib import Path

    page = Path(__file__).resolve().parents[3] / "docs" / "risk-service.md"
    listed = set()
    for line in page.read_text().partition("## Configuration")[2].partition("\n## ")[0].splitlines():
        if line.startswith("| `"):
            listed.add(line.split("`")[1])
    assert listed == {f"{section}.{key}" for section, made in Config() for key in type(made).model_fields}


def test_the_package_needs_pydantic_and_yaml_only():
    import subprocess
    import sys

    program = "import sys, mts1b_riskengine, mts1b_riskengine.cli; mts1b_riskengine.RiskEngine(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    roots = {name.partition(".")[0] for name in done.stdout.split()}
    assert {"pydantic", "yaml"} <= roots and not roots & {"grpc", "google", "nats", "psycopg", "numpy"}


# calendars

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "zone, boundary, at, day, week, month",
    [
        ("UTC", time(0), "2026-03-04T15:00+00:00", "2026-03-04T00:00+00:00", "2026-03-02T00:00+00:00", "2026-03-01T00:00+00:00"),
        ("UTC", time(0), "2026-03-01T00:00+00:00", "2026-03-01T00:00+00:00", "2026-02-23T00:00+00:00", "2026-03-01T00:00+00:00"),
        ("UTC", time(17), "2026-03-01T16:59+00:00", "2026-02-28T17:00+00:00", "2026-02-23T17:00+00:00", "2026-02-01T17:00+00:00"),
        ("America/New_York", time(17), "2026-03-09T20:59+00:00", "2026-03-08T21:00+00:00", "2026-03-02T22:00+00:00", "2026-03-01T22:00+00:00"),
        ("America/New_York", time(17), "2026-03-09T21:00+00:00", "2026-03-09T21:00+00:00", "2026-03-09T21:00+00:00", "2026-03-01T22:00+00:00"),
        ("Asia/Tokyo", time(0), "2026-12-31T15:00+00:00", "2026-12-31T15:00+00:00", "2026-12-27T15:00+00:00", "2026-12-31T15:00+00:00"),
    ],
)  # fmt: skip
def test_periods_begin_where_the_fund_is(zone, boundary, at, day, week, month):
    periods = FundCalendar(zone, boundary).periods(datetime.fromisoformat(at))
    assert [span.start for span in periods] == [datetime.fromisoformat(text) for text in (day, week, month)]


@pytest.mark.parametrize("boundary", [time(0), time(2, 30), time(17)])
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_days_follow_one_another_without_gap_or_overlap(zone, boundary):
    """A year of half hours, clock changes included; weeks and months begin with a day."""
    calendar = FundCalendar(zone, boundary)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    last, starts = None, set()
    while now < datetime(2027, 1, 1, tzinfo=UTC):
        periods = calendar.periods(now)
        for span in periods:
            assert span.start <= now < span.end
        assert timedelta(hours=22) < periods.day.end - periods.day.start < timedelta(hours=26)
        if last is not None and periods.day != last.day:
            assert periods.day.start == last.day.end
        starts.add(periods.day.start)
        assert periods.week.start in starts or periods.week.start < min(starts)
        assert periods.month.start in starts or periods.month.start < min(starts)
        last, now = periods, now + timedelta(minutes=30)
    assert 365 <= len(starts) <= 366


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "/etc/localtime"])
def test_a_zone_that_is_none_is_refused(zone):
    with pytest.raises(ValueError, match="time zone"):
        FundCalendar(zone)


# records and metrics


def test_records_are_written_whole_or_not_at_all(make_desk, tmp_path):
    desk = make_desk()
    desk.engine.check_order(desk.order(symbol="AAPL", metadata={"a": "b"}, strategy_id='momo, "x"'))
    path = tmp_path / "records.csv"
    path.write_text("of yesterday")
    with pytest.raises(ValueError, match="format"):
        reporting.export(desk.engine, path, format="xml")
    with pytest.raises(ValueError):
        reporting.export(desk.engine, path, since=datetime(2026, 1, 1))
    desk.engine.store.decisions, kept = lambda **_: iter([None]), desk.engine.store.decisions
    with pytest.raises(AttributeError):
        reporting.export(desk.engine, path)
    desk.engine.store.decisions = kept
    assert path.read_text() == "of yesterday" and list(tmp_path.iterdir()) == [path]
    assert reporting.export(desk.engine, path) == 1
    (row,) = csv.DictReader(io.StringIO(path.read_text()))
    assert row["strategy_id"] == 'momo, "x"' and row["limit_price"] == ""


def test_a_record_names_every_envelope_that_judged(make_desk, tmp_path):
    from mts1b_riskengine import RiskEnvelope

    desk = make_desk()
    firm = desk.engine.envelopes.publish(RiskEnvelope(author="carl", max_order_notional=10**6))
    desk.engine.check_order(desk.order())
    assert reporting.export(desk.engine, tmp_path / "r.jsonl", format="jsonl") == 1
    row = json.loads((tmp_path / "r.jsonl").read_text())
    assert (row["envelope_id"], row["author"]) == ("firm@1+alpha@1", "carl+anna")
    assert row["envelope_hash"] == f"{firm.hash}+{desk.engine.envelopes.get('alpha').hash}"


FAMILIES = {
    "decisions_total": "counter", "check_seconds": "histogram", "halted": "gauge", "limit_utilisation": "gauge", "stops": "gauge",
    "reconcile_discrepancies": "gauge", "envelope_version": "gauge", "envelope_errors_total": "counter", "cro_total": "counter",
    "outbox": "gauge", "idempotency_entries": "gauge", "alerts_total": "counter", "worker_lag_seconds": "gauge",
    "worker_restarts_total": "counter",
}  # fmt: skip


def test_the_metrics_page_can_be_read_by_a_machine(make_desk):
    import re

    desk = make_desk()
    desk.engine.check_order(desk.order())
    desk.engine.check_order(desk.order(broker="lynx"))
    desk.engine.halt('odd "scope"\\', "ops", "test")
    lines = desk.engine.metrics_text().splitlines()
    found = {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE ")}
    assert found == {f"riskengine_{name}": kind for name, kind in FAMILIES.items()}
    sample = re.compile(r'(riskengine_\w+)(\{(\w+="([^"\\\n]|\\["\\n])*"(,|(?=\})))+\})? (NaN|-?[0-9.e+-]+)')
    assert all(sample.fullmatch(line) for line in lines if not line.startswith("#"))
    assert 'riskengine_halted{scope="odd \\"scope\\"\\\\",severity="MANUAL"} 1' in lines
    buckets = [int(line.rpartition(" ")[2]) for line in lines if line.startswith("riskengine_check_seconds_bucket")]
    assert buckets == sorted(buckets) and buckets[-1] == 2 and "riskengine_check_seconds_count 2" in lines


def test_the_board_shows_what_the_page_has():
    import re
    from pathlib import Path

    board = json.loads((Path(__file__).parents[1] / "operations" / "grafana.json").read_text())
    text = json.dumps(board)
    used = {name.removesuffix("_bucket") for name in re.findall(r"riskengine_(\w+)", text)}
    assert used == set(FAMILIES)


def test_a_log_line_is_an_object_with_what_may_be_told():
    stream = io.StringIO()
    logs.configure(stream=stream)
    try:
        log = logging.getLogger("mts1b_riskengine.trial")
        log.info("refused", extra={"decision_id": "D1", "gate": "static", "token": "hunter2", "alert_symbol": "AAPL"})
        try:
            raise ValueError("it broke")
        except ValueError:
            log.exception("an error\nin two lines")
    finally:
        logging.getLogger("mts1b_riskengine").handlers = []
        logging.getLogger("mts1b_riskengine").propagate = True
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["decision_id"], first["gate"], first["alert_symbol"]) == ("D1", "static", "AAPL")
    assert "hunter2" not in stream.getvalue() and "it broke" in second["error"]
