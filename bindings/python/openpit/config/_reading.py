"""Reads a document: a file, or what a program has made. Numbers come from their digits, never through a binary fraction."""

from __future__ import annotations

import json
import os
from decimal import Decimal, InvalidOperation
from typing import Any

from openpit.config._problems import Problems, shown

# A document of a hundred thousand accounts has a fifth of this. TOML is read slowly, and is meant for smaller ones.
_LARGEST = {".json": 64 * 1024 * 1024, ".toml": 8 * 1024 * 1024}
# A TOML key of so many parts takes tomllib the square of them.
_DOTS = 2_000
# Longer numbers cannot be right, and would take long to read.
_DIGITS = 100


class Object(dict[str, Any]):
    """A JSON object that remembers which keys it was given twice."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> Object:
    made = Object(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        # A set of what was seen, because an object may have a million keys.
        made.twice = tuple({key: None for key, _ in pairs if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
    return made


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= _DIGITS else Decimal(digits)


def _fraction(digits: str) -> Decimal | str:
    """A number, or its text when there is no such number, so that it is told where it stands."""
    try:
        return Decimal(digits)
    except InvalidOperation:
        return digits


def _json(text: str) -> Any:
    return json.loads(
        text, object_pairs_hook=_object, parse_float=_fraction, parse_int=_integer, parse_constant=Decimal
    )


def _toml(text: str) -> Any:
    try:
        import tomllib
    except ModuleNotFoundError:
        raise ValueError("TOML is read by Python 3.11 and later; write the document as JSON") from None
    if any(line.count(".") > _DOTS for line in text.splitlines()):
        raise ValueError(f"a line has more than {_DOTS} dots")
    return tomllib.loads(text, parse_float=_fraction)


_READERS = {".json": _json, ".toml": _toml}


def plain(document: object, problems: Problems) -> Any:
    """A document as dicts, lists, texts and numbers, or None with a problem."""
    if isinstance(document, dict):
        return document
    if not isinstance(document, (str, os.PathLike)):
        problems.add("", "wrong_type", f"a document is a dict or the path of a file, not {shown(document)}")
        return None
    try:
        path = os.fsdecode(document)
    except TypeError as error:
        problems.add("", "wrong_type", f"the path is none: {error}")
        return None
    suffix = os.path.splitext(path)[1].lower()
    if suffix not in _LARGEST:
        problems.add("", "bad_value", f"a document is a .json or a .toml file, which {shown(path)} is not")
        return None
    try:
        # Opened without waiting, so that a pipe nobody writes to cannot hold up the program.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            content = file.read(_LARGEST[suffix] + 1)
    except (OSError, ValueError) as error:
        problems.add("", "bad_value", f"the file cannot be read: {error}")
        return None
    if content is None or len(content) > _LARGEST[suffix]:
        problems.add("", "bad_value", f"the file is larger than {_LARGEST[suffix] // 2**20} MiB, or no file")
        return None
    try:
        read = _READERS[suffix](content.decode("utf-8"))
    except UnicodeDecodeError as error:
        problems.add("", "bad_value", f"the file is not UTF-8: byte {error.start} is none")
    except RecursionError:
        problems.add("", "bad_value", "lists and objects are nested too deep")
    except ValueError as error:
        problems.add("", "bad_value", f"the file is not {suffix[1:].upper()}: {str(error)[:200]}")
    else:
        if isinstance(read, dict):
            return read
        problems.add("", "wrong_type", f"a document is one object, not {shown(type(read).__name__)}")
    return None
