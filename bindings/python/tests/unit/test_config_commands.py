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


ORDERS = "account,instrument,side,quantity,price\n7,AAPL/USD,buy,100,185\n7,AAPL/USD,sell,501,185\n7,AAPL/USD,buy,1,1\n7,AAPL/USD,buy,1,1\n"


def test_orders_of_a_file_are_explained_one_after_the_other(write):
    done = run("explain", write("good.json", GOOD), write("orders.csv", ORDERS))
    assert (done.returncode, done.stderr) == (1, "")
    assert [line for line in done.stdout.splitlines() if line.startswith("line")] == [
        "line 2: accept",
        "line 3: reject",
        "line 4: accept",
        "line 5: reject",
    ]
    assert "  reject     size value 501 upper 500 OrderQtyExceedsLimit" in done.stdout
    assert "  reject     working_orders[account=*] [account=7] value 3 upper 2 RiskLimitExceeded" in done.stdout
    told = json.loads(run("explain", "--json", write("a.json", GOOD), write("orders.csv", ORDERS)).stdout)
    assert [(order["line"], order["verdict"]) for order in told] == [
        (2, "accept"),
        (3, "reject"),
        (4, "accept"),
        (5, "reject"),
    ]
    assert told[1]["looks"][0]["value"] == "501"


def test_what_the_orders_of_a_file_use_is_told(write):
    done = run("limits", write("good.json", GOOD), write("orders.csv", ORDERS))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "size: nothing used"
    assert done.stdout.splitlines()[1].startswith("working_orders[account=*] [account=7]: used 2, headroom 0")
    told = json.loads(run("limits", "--json", write("good.json", GOOD), write("orders.csv", ORDERS)).stdout)
    assert told[1]["used"] == "2" and told[1]["scope"] == {"account": 7}


def test_a_price_of_the_market_comes_with_its_order(write):
    document = {"openpit": 1, "limits": [{"metric": "price_collar", "upper": "0.05"}]}
    orders = "account,instrument,side,quantity,price,last\n7,A/USD,buy,1,105,\n7,A/USD,buy,1,105,100\n7,A/USD,buy,1,105.01,\n"
    done = run("explain", write("good.json", document), write("orders.csv", orders))
    verdicts = [line for line in done.stdout.splitlines() if line.startswith("line")]
    assert verdicts == ["line 2: reject", "line 3: accept", "line 4: reject"]


@pytest.mark.parametrize(
    "orders,said",
    [
        ("acount\n7\n", "no column is called 'acount'"),
        ("account,side\n7,buy,1\n", ":2: there are more values than columns"),
        ("account,instrument,side,quantity\n7,A/USD,up,1\n", ":2:"),
        ("account,instrument,side,quantity\n7,A/USD,buy,many\n", ":2:"),
        ("account,instrument,side,quantity\n,A/USD,buy,1\n", ":2:"),
        ("account,instrument,side,quantity\n7,A,buy,1\n", ":2:"),
    ],
)
@pytest.mark.parametrize("command", ["explain", "limits"])
def test_orders_that_cannot_be_read_are_told_by_their_line(write, command, orders, said):
    done = run(command, write("good.json", GOOD), write("orders.csv", orders))
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr


def test_a_document_that_is_wrong_or_a_file_that_is_not_there_is_told(write, tmp_path):
    bad = write("bad.json", {"openpit": 1, "limits": [{"metric": "order_quantity", "uper": 500}]})
    assert run("limits", bad, write("orders.csv", ORDERS)).returncode == 2
    assert run("explain", write("good.json", GOOD), tmp_path / "none.csv").returncode == 2
