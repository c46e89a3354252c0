"""A desk that is killed in the middle of anything is, when it comes back, what it last said it was."""

import multiprocessing
import os
import random
import signal
import time

import chaos
import pytest

from mts1b_riskengine.errors import StoreLocked

ROUNDS = int(os.environ.get("MTS_CHAOS_ROUNDS", "10"))


@pytest.fixture(scope="module")
def processes():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chaos", "mts1b_riskengine.engine"])
    return context


def killed(processes, url, ledger, seed, disturb=None):
    """Let a desk trade for a while, disturb it in the middle, and kill it; what it last said it was."""
    here, there = processes.Pipe(duplex=False)
    child = processes.Process(target=chaos.trade, args=(there, url, ledger, seed), daemon=True)
    child.start()
    there.close()
    said = None
    try:
        count = random.Random(seed).randrange(1, 60)
        for number in range(count):
            if disturb is not None and number == count // 2:
                disturb()
            # A store that has to be read anew makes no more promises, and a desk without one says nothing.
            if not here.poll(30 if said is None else 3):
                assert disturb is not None, "the desk says nothing"
                break
            said = here.recv()
        child.kill()
        while True:
            said = here.recv()  # What was said before the kill, and not heard yet.
    except EOFError:
        pass
    finally:
        child.kill()
        child.join(30)
    assert said is not None and child.exitcode == -9, f"seed {seed}: {child.exitcode}"
    return said


def test_halts_keys_positions_stops_and_envelopes_survive_every_kill(processes, tmp_path):
    url, ledger = f"sqlite:///{tmp_path}/s.db", str(tmp_path / "sent")
    first = random.SystemRandom().randrange(10**6)
    for seed in range(first, first + ROUNDS):
        print("seed", seed)
        chaos.survived(url, killed(processes, url, ledger, seed), ledger)


@pytest.mark.integration
def test_so_they_do_when_postgres_goes_away_in_the_middle(processes, postgres, tmp_path):
    url, ledger = postgres.database(), str(tmp_path / "sent")
    first = random.SystemRandom().randrange(10**6)
    for seed in range(first, first + max(ROUNDS // 5, 1)):
        print("seed", seed)
        said = killed(processes, url, ledger, seed, restarts(postgres, seed))
        patiently(chaos.survived, url, said, ledger)


def restarts(postgres, seed):
    how = random.Random(seed).choice([signal.SIGINT, signal.SIGQUIT])

    def restart():
        postgres.stop(how)
        postgres.start()

    return restart


def patiently(call, *words):
    """A server may take a moment to see that a client has died, and holds its lock until then."""
    for _ in range(100):
        try:
            return call(*words)
        except StoreLocked:
            time.sleep(0.05)
    return call(*words)
