"""Calendars as instants. The numbers of rules are those of the contract."""

import datetime
import random

import pytest

from openpit import config
from openpit.config import _calendars

UTC = datetime.timezone.utc
SESSIONS = {
    "mon-fri": [
        {"phase": "auction", "from": "09:28", "until": "09:30"},
        {"phase": "continuous", "from": "09:30", "until": "16:00"},
    ]
}


def calendar(**keys):
    document = {"openpit": 1, "calendars": {"c": {"time_zone": "America/New_York", **keys}}}
    return config._compile(document).calendars["c"]


def nanoseconds(text):
    return int(datetime.datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


def instants(start, **keys):
    return _calendars.instants(calendar(**keys), nanoseconds(start))


def told(instant):
    time = datetime.datetime.fromtimestamp(instant.time // 10**9, UTC).strftime("%m-%d %H:%M")
    rolls = "".join(letter for letter in ("day", "week", "month") if getattr(instant, letter))
    return " ".join(filter(None, (time, instant.phase, "late" if instant.is_late else "", rolls)))


def test_a_day_has_its_phases_its_last_entry_and_its_roll():
    # Monday, the second of March; New York is 5 hours behind.
    found = instants("2026-03-02T14:00", horizon=1, sessions=SESSIONS, day_roll="17:00", last_entry="15:59")
    assert [told(instant) for instant in found] == [
        "03-01 22:00 closed dayweek",
        "03-02 14:28 auction",
        "03-02 14:30 continuous",
        "03-02 20:59 continuous late",
        "03-02 21:00 closed late",
        "03-02 22:00 closed day",
    ]


def test_the_first_instant_says_how_things_are_at_the_start():
    for start, phase in (("14:29", "auction"), ("14:30", "continuous"), ("20:59", "continuous"), ("21:00", "closed")):
        assert instants(f"2026-03-02T{start}", horizon=1, sessions=SESSIONS)[0].phase == phase


def test_without_sessions_there_are_rolls_alone():
    found = instants("2026-03-02T12:00", horizon=2)
    assert [told(instant) for instant in found] == ["03-02 05:00 dayweek", "03-03 05:00 day", "03-04 05:00 day"]


@pytest.mark.parametrize(
    ("roll", "date"),
    [
        ("00:00", "2026-03-02"),
        ("11:59", "2026-03-02"),
        ("12:00", "2026-03-02"),
        ("12:01", "2026-03-03"),
        ("17:00", "2026-03-03"),
    ],
)
def test_a_roll_after_noon_begins_the_next_date(roll, date):
    found = instants("2026-03-02T23:00", day_roll=roll, horizon=1)
    assert str(found[0].trading_date) == date


@pytest.mark.parametrize(
    ("start", "rolls"),
    [
        ("2026-03-01T12:00", {"03-02 00:00": "week"}),
        ("2026-03-31T12:00", {"04-01 00:00": "month"}),
        ("2026-12-31T12:00", {"01-01 00:00": "month"}),
        ("2027-01-03T12:00", {"01-04 00:00": "week"}),
    ],
)
def test_weeks_are_those_of_iso_and_months_those_of_the_date(start, rolls):
    found = instants(start, time_zone="UTC", horizon=1)
    assert {told(instant)[:11]: told(instant)[15:] for instant in found[1:]} == rolls


def test_holidays_and_days_take_the_place_of_weekdays():
    days = {"2026-11-27": [{"phase": "continuous", "from": "09:30", "until": "13:00"}]}
    found = instants("2026-11-26T06:00", horizon=2, sessions=SESSIONS, holidays=["2026-11-26"], days=days)
    assert [told(instant) for instant in found if not instant.day] == ["11-27 14:30 continuous", "11-27 18:00 closed"]


def test_a_session_may_end_at_midnight():
    all_day = {"mon-sun": [{"phase": "continuous", "from": "00:00", "until": "24:00"}]}
    assert {instant.phase for instant in instants("2026-03-02T14:00", horizon=20, sessions=all_day)} == {"continuous"}


def test_a_week_may_begin_on_any_day():
    found = calendar(sessions={"sun-thu": SESSIONS["mon-fri"]}).sessions
    assert [bool(day) for day in found] == [True, True, True, True, False, False, True]


def test_a_time_that_a_clock_change_skips_is_the_first_instant_after_it():
    # On the eighth of March New York goes from 02:00 to 03:00, which is 07:00 in UTC.
    for roll in ("02:00", "02:30", "02:59", "03:00"):
        found = instants("2026-03-08T12:00", day_roll=roll, horizon=1)
        assert told(found[0]).startswith("03-08 07:00"), roll


def test_a_time_that_comes_twice_is_the_first():
    # On the first of November New York has the time from 01:00 to 02:00 twice.
    found = instants("2026-11-01T12:00", day_roll="01:30", horizon=1)
    assert told(found[0]).startswith("11-01 05:30")


def test_a_whole_day_that_is_skipped_has_no_roll_of_its_own():
    # Samoa went from the end of the 29th of December 2011 to the 31st.
    found = instants("2011-12-29T12:00", time_zone="Pacific/Apia", horizon=3)
    assert [told(instant)[:11] for instant in found] == ["12-29 10:00", "12-30 10:00", "12-31 10:00", "01-01 10:00"]


def test_a_last_entry_after_a_roll_is_of_the_same_trading_date():
    # The date begins at 17:00 of the day before, and its last entry is three hours later.
    found = instants("2026-03-02T14:00", day_roll="17:00", last_entry="20:00", horizon=1)
    assert [told(instant) for instant in found] == ["03-02 01:00 late", "03-02 22:00 day", "03-03 01:00 late"]


def test_a_horizon_is_in_days_of_24_hours_from_the_start():
    made = calendar(horizon=1)
    start = nanoseconds("2026-03-02T05:00")
    assert _calendars.end(made, start) == nanoseconds("2026-03-03T05:00")
    assert [instant.time for instant in _calendars.instants(made, start)] == [start]
    assert len(_calendars.instants(made, start + 1)) == 2


def test_400_days_go_without_saying():
    made = calendar()
    assert made.horizon == 400
    assert len(_calendars.instants(made, nanoseconds("2026-03-02T05:00"))) == 401


def test_instants_agree_with_a_clock_that_looks_every_minute():
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    made = calendar(sessions=SESSIONS, day_roll="17:00", horizon=20)
    # Twenty days with a clock change in them.
    start = nanoseconds("2026-03-01T12:00")
    found = _calendars.instants(made, start)
    assert [instant.time for instant in found] == sorted({instant.time for instant in found})
    zone = _calendars.zone("America/New_York")
    for _ in range(3_000):
        time = start + chance.randrange(20 * 24 * 60) * 60 * 10**9
        local = datetime.datetime.fromtimestamp(time // 10**9, zone)
        seconds = local.hour * 3600 + local.minute * 60
        rows = made.sessions[local.weekday()]
        phase = next((row.phase for row in rows if row.start <= seconds < row.until), "closed")
        date = local.date() + datetime.timedelta(days=seconds >= 17 * 3600)
        instant = [instant for instant in found if instant.time <= time][-1]
        assert (instant.phase, instant.trading_date) == (phase, date), local


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"phase": "pre", "from": "09:00", "until": "09:00"}], ("[0].until", "bad_value")),
        ([{"phase": "pre", "from": "10:00", "until": "09:00"}], ("[0].until", "bad_value")),
        (
            [{"phase": "pre", "from": "09:00", "until": "10:00"}, {"phase": "post", "from": "09:59", "until": "11:00"}],
            ("[1].from", "bad_value"),
        ),
        ([{"phase": "pree", "from": "09:00", "until": "10:00"}], ("[0].phase", "unknown_name")),
        ([{"phase": "pre", "from": "9:00", "until": "10:00"}], ("[0].from", "bad_value")),
        ([{"phase": "pre", "from": "24:00", "until": "24:00"}], ("[0].from", "bad_value")),
        ([{"phase": "pre", "from": "09:00"}], ("[0].until", "missing_key")),
    ],
)
def test_sessions_that_cannot_be_are_told(rows, expected):
    document = {"openpit": 1, "calendars": {"c": {"time_zone": "UTC", "sessions": {"mon": rows}}}}
    found = [(problem.path, problem.code) for problem in config.validate(document)]
    assert found == [("calendars.c.sessions.mon" + expected[0], expected[1])]


def test_a_slip_in_the_name_of_a_zone_is_told():
    (problem,) = config.validate({"openpit": 1, "calendars": {"c": {"time_zone": "Europe/Berln"}}})
    assert (problem.code, problem.suggestion) == ("unknown_name", "Europe/Berlin")
