"""A clock that is driven, and names of events. Shared by the trade engine's acceptance tests."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)  # a Monday


class FakeClock:
    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, **step):
        self.now += timedelta(**step)
        return self.now


def names(events):
    return [type(event).__name__ for event in events]
