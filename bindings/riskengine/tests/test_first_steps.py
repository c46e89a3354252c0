"""What a new user is told works as it is told: the steps of the README, and the example day."""

import os
import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_steps_of_the_readme_lead_to_a_refused_order_and_a_lifted_halt(tmp_path):
    blocks = FENCE.findall(README.read_text())
    (tmp_path / "alpha.yaml").write_text(next(body for kind, body in blocks if kind == "yaml"))
    (tmp_path / "desk.py").write_text(next(body for kind, body in blocks if kind == "python"))
    printed = next(body for kind, body in blocks if kind == "text").splitlines()
    commands = [
        line for kind, body in blocks if kind == "sh" for line in body.splitlines() if not line.startswith("pip ")
    ]
    # As the console script of an installed package would be found, and its interpreter.
    for name, words in (("mts", " -m mts1b_riskengine"), ("python", "")):
        (tmp_path / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{words} "$@"\n')
        (tmp_path / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    said = {}
    for number, command in enumerate(commands):
        done = subprocess.run(command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
        said[number, command] = done.stdout
    runs = [lines.splitlines() for (_, command), lines in said.items() if command.startswith("python desk.py")]
    assert runs[0] + runs[1] == printed
    assert runs[2][1] == "10 approved"
    (status,) = [text for (_, command), text in said.items() if command.startswith("mts cmd status")]
    assert "DAILY_LOSS" in status and "-2.10%" in status
    (verified,) = [text for (_, command), text in said.items() if command.startswith("mts audit")]
    assert "records hold" in verified


DAY = """\
14:30  anna publishes alpha@1
14:30  BUY 150 AAPL: approved under alpha@1
14:30  BUY 201 AAPL: refused by static, MAX_ORDER_NOTIONAL_EXCEEDED (limit 100000, asked 100500)
15:00  anna publishes alpha@2
15:00  BUY 150 MSFT: refused by static, MAX_ORDER_NOTIONAL_EXCEEDED (limit 50000, asked 60000)
15:00  BUY 100 MSFT: approved under alpha@2
16:00  alpha is halted: DAILY_LOSS, -2.10% of 1000000
16:00  BUY 10 AAPL: refused by drawdown, HALTED_DAILY_LOSS
16:00  SELL 50 AAPL: approved under alpha@2
16:00  SELL 100 MSFT: approved under alpha@2
16:00  held: {'AAPL': '100'}
"""


def test_the_example_day_has_a_halt_a_stop_that_fires_and_a_resume():
    done = subprocess.run([sys.executable, "-m", "mts1b_riskengine.example"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(DAY)
    last = done.stdout.removeprefix(DAY).splitlines()
    assert last[0].startswith("17:00  not resumed: ") and last[1] == "17:00  alpha is resumed by anna"
    assert last[2] == "17:00  BUY 10 AAPL: approved under alpha@2" and last[3].endswith("records, and the chain holds")


def test_the_unit_names_what_is_there():
    from mts1b_riskengine.cli import main

    unit = (README.parent / "operations" / "mts-riskengine.service").read_text()
    (command,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert command.split()[1:3] == ["serve", "--config"] and main(["serve", "--help"]) == 0
