"""What people do with documents at a prompt: ``python -m openpit.config check``, ``schema``, ``diff``, ``explain``, ``limits``."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Callable, Iterator
from typing import Any

from openpit.config import schema, validate
from openpit.config._problems import Problem, Problems
from openpit.config._reading import plain
from openpit.config._shown import coloured, print_json

# By what a record of a list is known, the first of them it has.
_IDENTITIES = ("name", "id", "policy", "metric")


def _told(problems: list[Problem], path: str) -> int:
    for problem in problems:
        print(f"{path}: {coloured(str(problem), 'bad')}", file=sys.stderr)
    return 2


def _check(options: argparse.Namespace) -> int:
    problems = validate(options.file)
    if options.json:
        print_json([dataclasses.asdict(problem) for problem in problems])
    for problem in () if options.json else problems:
        print(coloured(str(problem), "bad"))
    if not problems and not options.json:
        print(coloured("an engine can be built from this document", "good"))
    return 1 if problems else 0


def _schema(options: argparse.Namespace) -> int:
    print_json(schema())
    return 0


def _parts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Everything a document says, each thing with its place. Records of a list are found by their names, not by their order."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _parts(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        seen: dict[str, int] = {}
        for item in value:
            word = _identity(item)
            seen[word] = seen.get(word, 0) + 1
            nth = f"#{seen[word]}" if seen[word] > 1 else ""
            yield from _parts(item, f"{path}[{word}{nth}]")
    else:
        yield path, value


def _identity(record: dict[str, Any]) -> str:
    known = next((key for key in _IDENTITIES if key in record), None)
    if known is None:
        return ""
    scope = record.get("scope") if known == "metric" else None
    keys = ",".join(f"{key}={value}" for key, value in sorted(scope.items())) if isinstance(scope, dict) else ""
    return f"{record[known]}[{keys}]" if keys else str(record[known])


def _differences(left: Any, right: Any) -> list[dict[str, Any]]:
    before, after = dict(_parts(left)), dict(_parts(right))
    found = []
    for path in [*before, *(path for path in after if path not in before)]:
        if path not in after:
            found.append({"path": path, "kind": "removed", "before": before[path]})
        elif path not in before:
            found.append({"path": path, "kind": "added", "after": after[path]})
        elif before[path] != after[path]:
            found.append({"path": path, "kind": "changed", "before": before[path], "after": after[path]})
    return found


def _diff(options: argparse.Namespace) -> int:
    read = []
    for path in (options.before, options.after):
        problems = Problems()
        document = plain(path, problems)
        if document is None:
            return _told(problems.found, path)
        read.append(document)
    differences = _differences(*read)
    if options.json:
        print_json(differences)
        return 1 if differences else 0
    for difference in differences:
        path = difference["path"]
        if difference["kind"] == "removed":
            print(coloured(f"- {path}: {difference['before']}", "bad"))
        elif difference["kind"] == "added":
            print(coloured(f"+ {path}: {difference['after']}", "good"))
        else:
            print(coloured(f"~ {path}: {difference['before']} -> {difference['after']}", "changed"))
    return 1 if differences else 0


def _rehearse(options: argparse.Namespace) -> int:
    from openpit.config import _rehearsal

    try:
        code: int = getattr(_rehearsal, options.rehearsal)(options)
    except _rehearsal.Trouble as trouble:
        print(coloured(str(trouble), "bad"), file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m openpit.config")
    commands = parser.add_subparsers(required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=help, description=help)
        command.set_defaults(run=run)
        return command

    check = add("check", _check, "tells everything that is wrong with a document; ends with 1 when something is")
    check.add_argument("file", help="a .json or .toml file")
    check.add_argument("--json", action="store_true", help="problems as a list of objects")
    add("schema", _schema, "prints a JSON Schema of documents")
    diff = add("diff", _diff, "tells what another document says otherwise; ends with 1 when it does")
    diff.add_argument("before", help="a .json or .toml file")
    diff.add_argument("after", help="another")
    diff.add_argument("--json", action="store_true", help="differences as a list of objects")
    for name, help in (
        ("explain", "tells what orders in a file meet, one after the other, and why; ends with 1 when one is refused"),
        ("limits", "tells how much of each limit is used once the orders in a file that pass are working"),
    ):
        rehearse = add(name, _rehearse, help)
        rehearse.set_defaults(rehearsal=name)
        rehearse.add_argument("document", help="a .json or .toml file")
        rehearse.add_argument("orders", help="a .csv file whose first line names its columns")
        rehearse.add_argument("--json", action="store_true", help="a list of objects")
    return parser


COMMANDS = ("check", "schema", "diff", "explain", "limits")


def run(arguments: list[str]) -> int:
    """Carries a command out and tells how the process is to end: 0, 1 where something was found, 2 for what cannot be read."""
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code
