"""`mts`: what people and programs read, what it may do beside a running service, and how it fails."""

import json
import re

import pytest
from servers import free_port
from support import WIDE

from mts1b_riskengine import Config, RiskEngine, RiskEnvelope, SqliteStore
from mts1b_riskengine.cli import main


@pytest.fixture
def state(tmp_path):
    path = tmp_path / "state.db"
    engine = RiskEngine(store=SqliteStore(path))
    engine.register_fund("alpha")
    engine.envelopes.publish(RiskEnvelope(fund_id="alpha", author="anna", comment="first", **WIDE))
    engine.close()
    return path


def mts(state, *words):
    return main([*map(str, words), "--state", str(state)])


def test_what_is_halted_is_shown_to_people_and_programs(state, capsys):
    assert mts(state, "cmd", "status") == 0 and capsys.readouterr().out == "nothing is halted\n"
    for scope in ("alpha", "alpha/momo", "firm", "beta"):
        assert mts(state, "cmd", "halt", scope, "--operator", "ben", "--reason", f"about {scope}") == 0
    capsys.readouterr()
    assert mts(state, "cmd", "status", "alpha") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["scope", "severity", "raised", "loss", "operator", "reason"]
    assert [line.split()[0] for line in lines[1:]] == ["alpha", "alpha/momo", "firm"]
    assert mts(state, "cmd", "status", "--json") == 0
    assert [halt["scope"] for halt in json.loads(capsys.readouterr().out)] == ["alpha", "alpha/momo", "firm", "beta"]
    assert mts(state, "cmd", "resume", "alpha", "--operator", "anna", "--reason", "over", "--json") == 0
    (lifted,) = json.loads(capsys.readouterr().out)
    assert (lifted["lifted_by"], lifted["reason"]) == ("anna", "about alpha")
    assert mts(state, "cmd", "resume", "alpha", "--operator", "anna", "--reason", "over", "--severity", "MANUAL") == 3


def test_a_running_service_is_looked_at_and_not_written_to(state, tmp_path, capsys):
    store = SqliteStore(state)
    try:
        for words in (
            ("cmd", "status"),
            ("envelope", "show", "alpha"),
            ("envelope", "history", "alpha"),
            ("audit", "verify"),
        ):
            assert mts(state, *words) == 0
        assert mts(state, "backup", tmp_path / "copy.db") == 0
        assert mts(state, "backup", tmp_path / "copy.db") == 1, "a copy takes no other's place"
        capsys.readouterr()
        assert mts(state, "cmd", "halt", "alpha", "--operator", "ben", "--reason", "x") == 1
        assert "another process writes" in capsys.readouterr().err
    finally:
        store.close()
    assert mts(tmp_path / "copy.db", "audit", "verify") == 0


def test_envelopes_are_shown_approved_and_listed(tmp_path, capsys):
    path, config, file = tmp_path / "s.db", tmp_path / "c.yaml", tmp_path / "e.json"
    config.write_text("envelope: {four_eyes: true}\n")
    file.write_text(
        json.dumps({"author": "anna", "allowed_brokers": ["ib"], "max_order_notional": "1000", "fund_id": "alpha"})
    )
    with_config = ("--config", str(config))
    assert mts(path, "envelope", "publish", file, *with_config) == 0
    assert "pending" in capsys.readouterr().out
    assert mts(path, "envelope", "show", "alpha", *with_config) == 3
    assert mts(path, "envelope", "approve", "alpha", 1, "--approver", "anna", *with_config) == 5
    assert mts(path, "envelope", "approve", "alpha", 2, "--approver", "ben", *with_config) == 3
    assert mts(path, "envelope", "approve", "alpha", 1, "--approver", "ben", *with_config) == 0
    capsys.readouterr()
    assert mts(path, "envelope", "show", "alpha") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("# alpha@1\n") and re.search(r"^max_order_notional +1000$", shown, re.MULTILINE)
    assert mts(path, "envelope", "show", "alpha", "--json") == 0
    assert json.loads(capsys.readouterr().out)["max_position_pct"] == "0.1"
    assert mts(path, "envelope", "history", "alpha", "--json") == 0
    assert [made["approved_by"] for made in json.loads(capsys.readouterr().out)] == ["ben"]
    file.write_text('{"author": "anna", "max_order_notional": 900}')
    assert mts(path, "envelope", "publish", file) == 0
    capsys.readouterr()
    assert mts(path, "envelope", "history", "firm") == 0 and "firm@1" in capsys.readouterr().out
    assert mts(path, "envelope", "history", "alpha", "--strategy", "momo") == 3


@pytest.mark.parametrize(
    "text, words",
    [("fund_id: alpha\n  author: anna", "line 2"), ("- 1", "mapping"), ("fund_id: alpha", "author"), ("author: anna\nfund_id: beta", "allowed_brokers"),
     ("author: anna\nfund_id: alpha\nversion: 9", "next version"), ("author: anna\ncolour: red", "colour")],
)  # fmt: skip
def test_an_envelope_that_cannot_be_is_named_in_one_line(state, tmp_path, capsys, text, words):
    file = tmp_path / "e.yaml"
    file.write_text(text)
    assert mts(state, "envelope", "publish", file) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1 and lines[0].startswith("mts: ") and words in lines[0]


def test_the_chain_is_compared_with_what_was_noted(state, capsys):
    assert mts(state, "audit", "verify", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    seq, digest = told["head"]
    assert told["records"] == seq == 1
    assert mts(state, "audit", "verify", "--head", f"{seq}:{digest}") == 0
    assert mts(state, "audit", "verify", "--head", f"{seq + 1}:{digest}") == 6
    assert "record 2" in capsys.readouterr().err
    assert mts(state, "audit", "verify", "--head", "nonsense") == 2


@pytest.mark.parametrize(
    "words, code",
    [
        ((), 2), (("cmd",), 2), (("envelope", "show"), 2), (("cmd", "status", "--nonsense"), 2), (("--help",), 0),
        (("cmd", "halt", "alpha", "--operator", " ", "--reason", "x"), 2), (("cmd", "resume", "alpha", "--operator", "a", "--reason", "b", "--severity", "BAD"), 2),
        (("envelope", "publish", "/nonexistent/e.yaml"), 1), (("serve", "--config", "/nonexistent/c.yaml"), 2),
        (("backup", "/nonexistent/copy.db"), 1), (("token", "oms", "fly"), 2), (("serve", "--adapters", "no.such:thing"), 2),
    ],
)  # fmt: skip
def test_mistakes_have_a_code_and_no_traceback(state, capsys, words, code):
    assert main([*words, *(["--state", str(state)] if words and words != ("--help",) else [])]) == code
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err and (captured.err or code == 0)


def test_a_store_that_is_not_there_is_not_made_by_looking(tmp_path, capsys):
    assert mts(tmp_path / "none.db", "cmd", "status") == 1
    assert not (tmp_path / "none.db").exists()


def test_a_service_that_does_not_run_is_a_failure(capsys, monkeypatch):
    from mts1b_riskengine.service import client

    monkeypatch.setattr(client._Caller.__init__, "__kwdefaults__", {"token": None, "ca": None, "timeout": 0.2})
    monkeypatch.setattr(client.RiskAdminClient.__init__, "__kwdefaults__", {"token": None, "ca": None, "timeout": 0.2})
    assert main(["cmd", "status", "--address", f"127.0.0.1:{free_port()}"]) == 1
    assert capsys.readouterr().err.startswith("mts: 127.0.0.1")


def test_an_extra_that_is_missing_is_named(state, capsys, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "grpc", None)
    for name in [name for name in sys.modules if name.startswith("mts1b_riskengine.service.")]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["cmd", "status", "--address", "127.0.0.1:1"]) == 1
    assert "extras" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "mts1b_riskengine.adapters.postgres", raising=False)
    config = state.parent / "config.yaml"
    config.write_text("storage: {url: 'postgresql://risk:hunter2@h/x'}")
    assert main(["cmd", "status", "--config", str(config)]) == 2
    err = capsys.readouterr().err
    assert "[postgres]" in err and "hunter2" not in err


def test_operators_use_their_token(make_desk, tmp_path, capsys):
    from mts1b_riskengine.service import tokens
    from mts1b_riskengine.service.grpc import serve

    path, mine, weak = tmp_path / "tokens", tmp_path / "mine", tmp_path / "weak"
    lines = []
    for file, rights in ((mine, ["status", "halt"]), (weak, ["check"])):
        token, line = tokens.made(file.name, rights)
        file.write_text(token + "\n")
        lines.append(line)
    path.write_text("\n".join(lines))
    server = serve(make_desk().engine, admin_port=0, config=Config.parse(f"grpc: {{tokens_file: '{path}'}}"))
    there = ["--address", f"127.0.0.1:{server.admin_port}"]
    who = ["--operator", "anna", "--reason", "drill"]
    try:
        assert main(["cmd", "halt", "alpha", *who, *there, "--token-file", str(mine)]) == 0
        assert main(["cmd", "status", *there, "--token-file", str(mine)]) == 0
        assert main(["cmd", "status", *there, "--token-file", str(weak)]) == 5
        assert main(["cmd", "resume", "alpha", *who, *there, "--token-file", str(mine)]) == 5
        assert main(["cmd", "status", *there]) == 1
    finally:
        server.stop(0)
    assert mine.read_text().strip() not in capsys.readouterr().err


def test_a_token_is_told_once_and_its_line_is_a_line(tmp_path, capsys):
    from mts1b_riskengine.service.tokens import Tokens

    assert main(["token", "oms", "check,read", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (tmp_path / "t").write_text(told["line"])
    holder = Tokens(tmp_path / "t").holder(told["token"])
    assert holder is not None and (holder.name, holder.rights) == ("oms", {"check", "read"})
