"""The command line `mts`: on the store itself with --state, on a running service with --address."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from .config import Config
from .envelope.audit import verified
from .envelope.loader import parsed
from .envelope.model import FIRM, RiskEnvelope
from .envelope.store import EnvelopeStore
from .errors import (
    ApprovalError,
    AuditBroken,
    EnvelopeNotFound,
    NotHalted,
    RiskEngineError,
    StillInBreach,
    StoreError,
)
from .models import Halt, Severity, schema_details
from .store import SqliteStore, Store, open_store

if TYPE_CHECKING:
    from .engine import RiskEngine

DONE, FAILED, USAGE, NOT_FOUND, IN_BREACH, UNAPPROVED, BROKEN = 0, 1, 2, 3, 4, 5, 6
STATUSES = {
    "NOT_FOUND": NOT_FOUND, "FAILED_PRECONDITION": IN_BREACH, "PERMISSION_DENIED": UNAPPROVED, "INVALID_ARGUMENT": USAGE,
}  # fmt: skip


def run() -> None:
    """What the console script calls."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str] | None = None) -> int:
    """Do what `argv` says; the exit code. Errors are one line on standard error."""
    try:
        words = _parser().parse_args(argv)
    except SystemExit as over:
        return int(over.code or 0)
    try:
        return int(words.do(words))
    except (NotHalted, EnvelopeNotFound) as error:
        return _failed(error, NOT_FOUND)
    except StillInBreach as error:
        return _failed(error, IN_BREACH)
    except ApprovalError as error:
        return _failed(error, UNAPPROVED)
    except AuditBroken as error:
        return _failed(error, BROKEN)
    except StoreError as error:
        return _failed(error, FAILED)
    except ValidationError as error:
        return _failed("; ".join(f"{field}: {message}" for field, message in schema_details(error).items()), USAGE)
    except (RiskEngineError, ValueError) as error:
        return _failed(error, USAGE)
    except ModuleNotFoundError as error:
        return _failed(f"{error.name} is not installed; the extras are grpc, nats and postgres", FAILED)
    except OSError as error:
        return _failed(f"{error.filename or 'the system'}: {error.strerror}", FAILED)


def _failed(error: object, code: int) -> int:
    print("mts: " + " ".join(str(error).split()), file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--config", metavar="FILE", help="the configuration of the service")
    where.add_argument("--state", metavar="PATH", help="the store to work on, when no service runs")
    where.add_argument("--json", action="store_true", help="for programs")
    there = argparse.ArgumentParser(add_help=False)
    there.add_argument("--address", metavar="HOST:ADMIN_PORT", help="a running service")
    there.add_argument("--token-file", metavar="FILE", help="a file with the token for it")
    there.add_argument("--ca", metavar="FILE", help="whom to believe that it is the service")
    who = argparse.ArgumentParser(add_help=False)
    who.add_argument("--operator", required=True)
    who.add_argument("--reason", required=True)
    of = argparse.ArgumentParser(add_help=False)
    of.add_argument("--strategy", metavar="STRATEGY_ID")

    parser = argparse.ArgumentParser(prog="mts", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    operators = verbs.add_parser("cmd", help="halts").add_subparsers(required=True, metavar="ACTION")
    resume = _command(operators, "resume", _resume, "lift halts", where, there, who)
    resume.add_argument("scope", metavar="fund_id")
    resume.add_argument("--severity", choices=[severity.value for severity in Severity])
    resume.add_argument(
        "--rebase", action="store_true", help="take the present NAV for the base of the breached periods"
    )
    resume.add_argument("--approved-by", metavar="PERSON")
    _command(operators, "halt", _halt, "halt a fund, «fund/strategy» or «firm»", where, there, who).add_argument(
        "scope"
    )
    _command(operators, "status", _status, "what is halted", where, there).add_argument(
        "scope", metavar="fund_id", nargs="?"
    )

    envelopes = verbs.add_parser("envelope", help="limits").add_subparsers(required=True, metavar="ACTION")
    _command(envelopes, "show", _show, "what is in force", where, of).add_argument("fund_id", help="or «firm»")
    _command(envelopes, "history", _history, "the versions, newest first", where, of).add_argument(
        "fund_id", help="or «firm»"
    )
    _command(envelopes, "publish", _publish, "a new version", where).add_argument("file", type=Path)
    approve = _command(envelopes, "approve", _approve, "let a pending version count", where, of)
    approve.add_argument("fund_id", help="or «firm»")
    approve.add_argument("version", type=int)
    approve.add_argument("--approver", required=True)

    chain = verbs.add_parser("audit", help="the record").add_subparsers(required=True, metavar="ACTION")
    verify = _command(chain, "verify", _verify, "look for gaps and changes", where)
    verify.add_argument("--head", metavar="SEQ:HASH", help="what an earlier run said")

    _command(verbs, "backup", _backup, "copy a store, running or not, into a file", where).add_argument(
        "file", type=Path
    )
    token = _command(verbs, "token", _token, "make a token and its line for grpc.tokens_file", where)
    token.add_argument("name")
    token.add_argument("rights", help="check,read,status,halt,resume")
    serve = _command(verbs, "serve", _serve, "gRPC, workers and loader", where)
    serve.add_argument("--adapters", metavar="MODULE:FUNCTION", help="what brings oms, broker, quotes and feeds")
    return parser


def _command(
    to: Any, name: str, do: Callable[[argparse.Namespace], int], help: str, *parents: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = to.add_parser(name, help=help, parents=parents)
    parser.set_defaults(do=do)
    return parser


# Where the state is


def _config(words: argparse.Namespace) -> Config:
    return Config.load(words.config) if words.config else Config()


def _store(words: argparse.Namespace, *, read_only: bool) -> Store:
    if words.state:
        return SqliteStore(words.state, read_only=read_only)
    return open_store(_config(words).storage.url, read_only=read_only)


@contextmanager
def _looking(words: argparse.Namespace) -> Iterator[Store]:
    """The store to look at, which a running service may be writing to."""
    store = _store(words, read_only=True)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _working(words: argparse.Namespace) -> Iterator[RiskEngine]:
    """An engine on the store, which nobody else has meanwhile."""
    from .engine import RiskEngine

    engine = RiskEngine(_config(words), store=_store(words, read_only=False))
    try:
        yield engine
    finally:
        engine.close()


def _level(words: argparse.Namespace) -> tuple[str | None, str | None]:
    return (None if words.fund_id == FIRM else words.fund_id), words.strategy


def _asked(words: argparse.Namespace, ask: Callable[[Any], list[Halt]]) -> list[Halt] | int:
    """What a running service answers, or the exit code of its refusal."""
    import grpc

    from .service.client import RiskAdminClient

    token = Path(words.token_file).read_text("utf-8").strip() if words.token_file else None
    with RiskAdminClient(words.address, token=token, ca=words.ca) as client:
        try:
            return ask(client)
        except grpc.RpcError as error:
            return _failed(f"{words.address}: {error.details()}", STATUSES.get(error.code().name, FAILED))


# Halts


def _resume(words: argparse.Namespace) -> int:
    options: dict[str, Any] = {
        "severity": Severity(words.severity) if words.severity else None,
        "rebase": words.rebase,
        "approved_by": words.approved_by,
    }
    if words.address:
        lifted = _asked(words, lambda client: client.resume(words.scope, words.operator, words.reason, **options))
        return lifted if isinstance(lifted, int) else _print_halts(words, lifted)
    with _working(words) as engine:
        return _print_halts(words, engine.resume(words.scope, words.operator, words.reason, **options))


def _halt(words: argparse.Namespace) -> int:
    if words.address:
        made = _asked(words, lambda client: client.halt(words.scope, words.operator, words.reason))
        return made if isinstance(made, int) else _print_halts(words, made)
    with _working(words) as engine:
        return _print_halts(words, [engine.halt(words.scope, words.operator, words.reason)])


def _status(words: argparse.Namespace) -> int:
    if words.address:
        asked = _asked(words, lambda client: client.halts())
        if isinstance(asked, int):
            return asked
        halts = asked
    else:
        with _looking(words) as store:
            kept = [Halt.model_validate_json(body) for body in store.rows("halt").values()]
        halts = sorted(
            (halt for halt in kept if halt.lifted_at is None), key=lambda halt: (halt.raised_at, halt.halt_id)
        )
    if words.scope:
        halts = [
            halt for halt in halts if halt.scope in (words.scope, FIRM) or halt.scope.startswith(f"{words.scope}/")
        ]
    return _print_halts(words, halts)


def _print_halts(words: argparse.Namespace, halts: list[Halt]) -> int:
    if words.json:
        print(json.dumps([halt.model_dump(mode="json") for halt in halts]))
    elif not halts:
        print("nothing is halted")
    else:
        rows = [("scope", "severity", "raised", "loss", "operator", "reason")]
        for halt in halts:
            loss = "" if halt.pl_pct is None else f"{halt.pl_pct:.2%}"
            told = f"{halt.reason} (lifted by {halt.lifted_by})" if halt.lifted_by else halt.reason
            rows.append(
                (
                    halt.scope,
                    halt.severity.value,
                    halt.raised_at.isoformat(timespec="seconds"),
                    loss,
                    halt.operator,
                    told,
                )
            )
        _print_table(rows)
    return DONE


def _print_table(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


# Envelopes


def _show(words: argparse.Namespace) -> int:
    with _looking(words) as store:
        envelope = EnvelopeStore(store, config=_unsigned(words)).effective(*_level(words))
    if words.json:
        print(envelope.canonical())
    else:
        print(f"# {envelope.envelope_id}")
        _print_table([(name, _shown(value)) for name, value in envelope.content().items()])
    return DONE


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _unsigned(words: argparse.Namespace) -> Config:
    """The configuration for those who only look: they need no key."""
    config = _config(words)
    return config.model_copy(update={"envelope": config.envelope.model_copy(update={"signing_key_file": None})})


def _history(words: argparse.Namespace) -> int:
    with _looking(words) as store:
        versions = EnvelopeStore(store, config=_unsigned(words)).history(*_level(words))
    if not versions:
        raise EnvelopeNotFound(f"no envelope {words.fund_id}")
    if words.json:
        print(json.dumps([envelope.content() for envelope in versions]))
    else:
        rows = []
        for made in versions:
            when = made.created_at.isoformat(timespec="seconds") if made.created_at else ""
            approved = f"approved by {made.approved_by}" if made.approved_by else ""
            rows.append(
                (made.envelope_id, made.status.value, made.author, when, made.hash[:12], approved, made.comment)
            )
        _print_table(rows)
    return DONE


def _publish(words: argparse.Namespace) -> int:
    found = parsed(words.file.name, words.file.read_bytes())
    if found.body is None:
        raise ValueError(f"{found.name}: {found.problem}")
    envelope = RiskEnvelope.model_validate({**found.body})
    with _working(words) as engine:
        return _print_envelope(words, engine.envelopes.publish(envelope))


def _approve(words: argparse.Namespace) -> int:
    with _working(words) as engine:
        return _print_envelope(words, engine.envelopes.approve(*_level(words), words.version, words.approver))


def _print_envelope(words: argparse.Namespace, envelope: RiskEnvelope) -> int:
    print(envelope.canonical() if words.json else f"{envelope.envelope_id} {envelope.status.value} {envelope.hash}")
    return DONE


# The rest


def _verify(words: argparse.Namespace) -> int:
    expected = None
    if words.head:
        seq, _, digest = words.head.partition(":")
        if not seq.isdecimal() or len(digest) != 64:
            raise ValueError("--head: not SEQ:HASH")
        expected = (int(seq), digest)
    with _looking(words) as store:
        # The service may write meanwhile: what was looked at is what is told.
        head = verified(store.records(), expected)
    if words.json:
        print(json.dumps({"records": head.seq, "head": list(head)}))
    else:
        print(f"{head.seq} records hold; head {head.seq}:{head.hash}")
    return DONE


def _backup(words: argparse.Namespace) -> int:
    with _looking(words) as store:
        if not isinstance(store, SqliteStore):
            raise ValueError("a Postgres store is copied with pg_dump")
        store.backup(words.file)
    copy = SqliteStore(words.file, read_only=True)
    try:
        print(f"{copy.verify()} records hold in {words.file}")
    finally:
        copy.close()
    return DONE


def _token(words: argparse.Namespace) -> int:
    from .service.tokens import made

    token, line = made(words.name, words.rights.split(","))
    print(json.dumps({"token": token, "line": line}) if words.json else f"token: {token}\nline:  {line}")
    return DONE


def _serve(words: argparse.Namespace) -> int:
    from . import logs
    from .service import run as service

    config = _config(words)
    if words.state:
        storage = config.storage.model_copy(update={"url": f"sqlite:///{words.state}"})
        config = config.model_copy(update={"storage": storage})
    logs.configure()
    brought = service.adapters(words.adapters, config) if words.adapters else None
    return service.run(config, brought)
