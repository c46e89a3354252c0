"""Programs written for the openpit API run unchanged; this is the one its users know best."""

import runpy
from pathlib import Path

import pytest

PROGRAM = str(Path(__file__).with_name("long_example.py"))


def test_the_long_example_runs_when_the_venue_takes_the_order():
    sent = []
    names = runpy.run_path(PROGRAM, init_globals={"send_order_to_venue": sent.append})
    assert sent == [names["order"]]
    with pytest.raises(RuntimeError, match="already been finalized"):
        names["reservation"].commit()


def test_the_long_example_hands_on_what_the_venue_raises():
    def fail(order):
        raise ConnectionError("the venue is gone")

    with pytest.raises(ConnectionError, match="the venue is gone"):
        runpy.run_path(PROGRAM, init_globals={"send_order_to_venue": fail})
