#!/usr/bin/env python3
"""Plays random histories on this package and on the reference package, and compares what both say, step by step.

    beside.py OURS REFERENCE RELEASE [--histories N] [--seed S] [--history NUMBER] [--from NUMBER]

OURS and REFERENCE are the Python interpreters of two environments. Every difference is a row of `rows.py`, or the run
fails and shows the shortest history that differs.
"""

import argparse
import collections
import json
import pathlib
import subprocess
import sys
import threading
import time

import rows
from comparison import differences
from histories import Histories
from shrinking import shrunk

SECONDS_PER_HISTORY = 20


class Player:
    """A process that plays histories on the package of its interpreter; started again when it ended."""

    def __init__(self, python: str, release: str):
        self.command = [python, str(pathlib.Path(__file__).with_name("player.py")), release]
        self.process = None

    def send(self, line: str) -> None:
        if self.process is None or self.process.poll() is not None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            self.process = subprocess.Popen(self.command, text=True, **pipes)
        self.process.stdin.write(line)
        self.process.stdin.flush()

    def receive(self) -> list:
        """What was seen, or how the process ended."""
        watch = threading.Timer(SECONDS_PER_HISTORY, self.process.kill)
        watch.start()
        line = self.process.stdout.readline()
        watch.cancel()
        return json.loads(line) if line else [{"ended": self.process.wait()}]


class Duel:
    """Two players, and what they say of the same history."""

    def __init__(self, ours: str, reference: str, release: str):
        self.players = [Player(reference, release), Player(ours, release)]

    def play(self, history: dict) -> tuple:
        line = json.dumps(history) + "\n"
        for player in self.players:
            player.send(line)
        reference, ours = (player.receive() for player in self.players)
        return reference, ours

    def verdict(self, history: dict, release: str) -> tuple:
        """The rows that explain differences, the first difference that none explains, and the steps compared."""
        reference, ours = self.play(history)
        found = []
        for difference in differences(history, release, reference, ours):
            row = rows.explain(difference)
            if row is None:
                return found, difference, difference.number
            if row not in found:
                found.append(row)
            if row.parts:
                return found, None, difference.number
        return found, None, len(history["steps"])


def missing_rows() -> list:
    """Rules whose row the page does not have."""
    page = (pathlib.Path(__file__).parents[2] / "docs/migration.md").read_text(encoding="utf-8")
    return [row.name for row in rows.ROWS if row.name not in page]


def show(history: dict) -> None:
    for number, step in enumerate(history["steps"], 1):
        print(f"  {number:3} {json.dumps(step)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ours")
    parser.add_argument("reference")
    parser.add_argument("release", choices=["0.7", "0.10"])
    parser.add_argument("--histories", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="NUMBER")
    parser.add_argument("--history", type=int, metavar="NUMBER", help="play this one alone, and show both answers")
    parser.add_argument("--failures", type=int, default=3, help="how many histories that differ are shrunk and shown")
    options = parser.parse_args()
    if missing := missing_rows():
        sys.exit(f"docs/migration.md has no such rows: {missing}")
    duel = Duel(options.ours, options.reference, options.release)
    histories = Histories(options.seed, options.release)
    print(f"release {options.release}, seed {options.seed}")
    if options.history is not None:
        return show_one(duel, histories[options.history], options.release)
    return compare(duel, histories, options)


def show_one(duel: Duel, history: dict, release: str) -> int:
    reference, ours = duel.play(history)
    for step, theirs, mine in zip(history["steps"], reference, ours, strict=False):
        print(json.dumps(step), f"  reference {json.dumps(theirs)}", sep="\n")
        if theirs != mine:
            print(f"  ours      {json.dumps(mine)}")
    found, difference, _ = duel.verdict(history, release)
    print(f"rows: {[row.name for row in found]}; {difference or 'nothing else'}")
    return difference is not None


def compare(duel: Duel, histories: Histories, options: argparse.Namespace) -> int:
    begun = time.monotonic()
    counts, failures, parted, compared, total = collections.Counter(), [], 0, 0, 0
    for number in range(options.first, options.first + options.histories):
        history = histories[number]
        found, difference, steps = duel.verdict(history, options.release)
        counts.update(row.name for row in found)
        parted += any(row.parts for row in found)
        compared, total = compared + steps, total + len(history["steps"])
        if difference:
            failures.append(history)
            if len(failures) <= options.failures:
                report(duel, history, options.release, difference)
    print(f"{options.histories} histories, {compared} of {total} steps compared, {time.monotonic() - begun:.0f} s")
    print(f"{sum(counts.values())} differences of a row, in {parted} histories the ways part there:")
    for row in rows.of(options.release):
        print(f"  {counts[row.name]:6}  {row.name}" + ("" if counts[row.name] else "  <- never matched"))
    print(
        f"{len(failures)} histories differ otherwise"
        + (f": {[item['number'] for item in failures[:20]]}" if failures else "")
    )
    return bool(failures)


def report(duel: Duel, history: dict, release: str, difference) -> None:
    short = shrunk(history, lambda trial: (other := duel.verdict(trial, release)[1]) and other.kind == difference.kind)
    print(f"history {history['number']} differs; shortest:")
    show(short)
    print(f"  {duel.verdict(short, release)[1]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
