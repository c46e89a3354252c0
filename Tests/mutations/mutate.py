#!/usr/bin/env python3
"""Makes each mistake of mutations.toml in a copy of the sources, and shows that a test fails.

Tests/mutations/mutate.py SCRATCH           tries all of them in the folder SCRATCH, which is made
Tests/mutations/mutate.py SCRATCH 3 7       tries these, counted from 1
Tests/mutations/mutate.py --check           only looks whether each mistake can still be made in one place

Only the limits and what tests them are built there, so that a mistake takes a compilation of one file.
"""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = "Sources/Controls"
TESTS = ["ControlsTests", "HistoryTests"]


def mutations() -> list[dict[str, str]]:
    return tomllib.loads((ROOT / "Tests/mutations/mutations.toml").read_text())["mutation"]


def misplaced(items: list[dict[str, str]]) -> list[str]:
    """What is wrong with the list: each line is one mistake, in one place."""
    faults = []
    for number, item in enumerate(items, 1):
        found = (ROOT / SOURCES / item["file"]).read_text().count(item["was"])
        if found != 1 or item["was"] == item["becomes"]:
            faults.append(f"{number}: {item['file']} has {found} times: {item['was']}")
    return faults


def prepare(scratch: Path) -> None:
    """A copy with the limits, the core on them, and their tests."""
    for folder in ["Sources", "include", *(f"Tests/{name}" for name in [*TESTS, "TestSupport"])]:
        shutil.copytree(ROOT / folder, scratch / folder, dirs_exist_ok=True)
    package = (ROOT / "Package.swift").read_text()
    # Other tests, and what only they need, stay away.
    others = [name for name in re.findall(r'\.testTarget\(\s*name: "(\w+)"', package) if name not in TESTS]
    for name in others:
        package = re.sub(rf'\s*\.testTarget\(\s*name: "{name}",[^)]*\),', "", package)
    (scratch / "Package.swift").write_text(package)


def run(scratch: Path, *command: str) -> bool:
    return subprocess.run(command, cwd=scratch, capture_output=True, check=False).returncode == 0


def survives(scratch: Path) -> str | None:
    """Whether no test sees what was changed; a mistake that does not compile is none."""
    if not run(scratch, "swift", "build", "--build-tests"):
        return "does not compile"
    for name in TESTS:
        if not run(scratch, "swift", "test", "--skip-build", "--disable-xctest", "--filter", name):
            return None
    return "survives"


def main(arguments: list[str]) -> int:
    items = mutations()
    faults = misplaced(items)
    if faults or arguments == ["--check"]:
        print("\n".join(faults) or f"{len(items)} mistakes, each in one place")
        return 1 if faults else 0
    scratch = Path(arguments[0])
    prepare(scratch)
    wanted = [int(number) for number in arguments[1:]] or range(1, len(items) + 1)
    seen = 0
    for number in wanted:
        item = items[number - 1]
        file = scratch / SOURCES / item["file"]
        right = (ROOT / SOURCES / item["file"]).read_text()
        file.write_text(right.replace(item["was"], item["becomes"]))
        answer = survives(scratch)
        file.write_text(right)
        seen += answer is None
        print(f"{number:3} {answer or 'caught'}: {item['file']}: {item['becomes'].strip() or 'nothing'}", flush=True)
    print(f"{seen} of {len(wanted)} caught")
    return 0 if seen == len(wanted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
