"""Documents at a prompt."""

import json
import os
import pty
import subprocess
import sys

import pytest

import openpit.config


def run(*arguments, **more):
    command = [sys.executable, "-m", "openpit.config", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **more)


@pytest.fixture
def write(tmp_path):
    def write(name, document):
        path = tmp_path / name
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path

    return write


GOOD = {
    "openpit": 1,
    "limits": [
        {"name": "size", "metric": "order_quantity", "upper": 500},
        {"metric": "working_orders", "scope": {"account": "*"}, "upper": 2},
    ],
}


def test_a_good_document_is_said_to_be_one(write):
    done = run("check", write("good.json", GOOD))
    assert (done.returncode, done.stdout) == (0, "an engine can be built from this document\n")


def test_each_problem_is_told_in_a_line_and_as_json(write):
    path = write("bad.json", {"openpit": 1, "limits": [{"metric": "order_quantity", "uper": 500}]})
    problems = openpit.config.validate(path)
    done = run("check", path)
    assert done.returncode == 1 and done.stdout.splitlines() == [str(problem) for problem in problems]
    told = json.loads(run("check", "--json", path).stdout)
    assert [problem["path"] for problem in told] == [problem.path for problem in problems]
    assert told[0].keys() == {"path", "code", "message", "suggestion"}


@pytest.mark.parametrize("name", ["there.json", "x.txt"])
def test_a_file_that_cannot_be_read_is_a_problem(tmp_path, name):
    assert run("check", tmp_path / name).returncode == 1
    assert run("diff", tmp_path / name, tmp_path / name).returncode == 2


def test_the_schema_is_the_one_of_the_library():
    done = run("schema")
    assert done.returncode == 0 and json.loads(done.stdout) == json.loads(json.dumps(openpit.config.schema()))


def test_what_another_document_says_otherwise_is_found_by_names(write):
    changed = {
        "openpit": 1,
        "version": "2",
        "limits": [
            {"metric": "working_orders", "scope": {"account": "*"}, "upper": 2},
            {"name": "size", "metric": "order_quantity", "upper": 400, "lower": 1},
        ],
        "require": ["order_quantity"],
    }
    before, after = write("a.json", GOOD), write("b.json", changed)
    done = run("diff", before, after)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "~ limits[size].upper: 500 -> 400",
        "+ version: 2",
        "+ limits[size].lower: 1",
        "+ require: ['order_quantity']",
    ]
    told = json.loads(run("diff", "--json", after, before).stdout)
    assert told[-1] == {"path": "require", "kind": "removed", "before": ["order_quantity"]}
    assert run("diff", before, before).stdout == "" and run("diff", before, before).returncode == 0


def test_json_and_toml_that_say_the_same_do_not_differ(write):
    pytest.importorskip("tomllib")
    one = write("a.toml", 'openpit = 1\n[[limits]]\nmetric = "price_collar"\nupper = 0.1\n')
    other = write("b.json", '{"openpit": 1, "limits": [{"metric": "price_collar", "upper": 0.10}]}')
    assert run("diff", one, other).returncode == 0


def in_a_terminal(*arguments, **environment):
    ours, theirs = pty.openpty()
    variables = {**os.environ, "TERM": "xterm", **environment}
    command = [sys.executable, "-m", "openpit.config", *map(str, arguments)]
    subprocess.run(command, stdout=theirs, timeout=60, env=variables)
    os.close(theirs)
    shown = os.read(ours, 65_536).decode()
    os.close(ours)
    return shown


def test_a_terminal_is_shown_colours_unless_it_has_none(write):
    path = write("good.json", GOOD)
    assert in_a_terminal("check", path).startswith("\x1b[32m")
    assert "\x1b" not in in_a_terminal("check", path, NO_COLOR="1")
    assert "\x1b" not in in_a_terminal("check", path, TERM="dumb")
