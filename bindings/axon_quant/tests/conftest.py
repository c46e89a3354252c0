"""Shared helpers of the tests of axon_quant. They run against an installed package, offline, in temporary folders only."""

import pytest


class FakeClock:
    """Unix seconds that only move when told to."""

    def __init__(self, now=1_800_000_000.0):
        self.now = float(now)

    def __call__(self):
        return self.now

    def advance(self, seconds):
        self.now += seconds


@pytest.fixture
def clock():
    return FakeClock()


def check_shape(error, code):
    """The shape every module error has: (code, "[code] ...")."""
    assert error.args[0] == code, error.args
    assert len(error.args) == 2
    assert error.args[1].startswith(f"[{code}] "), error.args
    assert error.code == code and error.message == error.args[1]
    return error.args[1]


@pytest.fixture(name="check_shape")
def _check_shape():
    return check_shape
