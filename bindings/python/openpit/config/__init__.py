"""The configuration of an engine as a document: checks it, and describes what it may say.

``python -m openpit.config --help`` says where the library and the headers of this package are.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from openpit.config._change import change_schema, read_change, read_replacement
from openpit.config._compiled import Change, Document
from openpit.config._document import document_schema, read_document
from openpit.config._place import include_directory, library_directory, library_path
from openpit.config._problems import ConfigError, Problem, Problems
from openpit.config._reading import plain

__all__ = [
    "ConfigError",
    "Problem",
    "include_directory",
    "library_directory",
    "library_path",
    "schema",
    "validate",
]


def validate(document: dict[str, Any] | str | os.PathLike[str]) -> list[Problem]:
    """Everything that is wrong with a document, or with the document in a .json or .toml file.

    An empty list means that an engine can be built from it. Never raises for what a document says.
    """
    problems = Problems()
    read = plain(document, problems)
    if read is not None:
        read_document(read, problems)
    return problems.found


def schema() -> dict[str, Any]:
    """A JSON Schema, draft 2020-12, of documents.

    It says what can be said of each value by itself and of the keys of each metric. What sections have to do with each other
    is said by :func:`validate` alone. A change is described by the definition ``change``.
    """
    return {**document_schema(), "$defs": {"change": change_schema()}}


def _compile(document: dict[str, Any] | str | os.PathLike[str]) -> Document:
    """A document in the form an engine is built from; raises ConfigError."""
    problems = Problems()
    read = plain(document, problems)
    compiled = None if read is None else read_document(read, problems)
    if compiled is None:
        raise ConfigError(problems.found)
    return compiled


def _compile_change(
    document: dict[str, Any] | str | os.PathLike[str],
    in_force: Document,
    has_position: Callable[[str], bool] = lambda instrument: False,
) -> Document | Change:
    """What a document makes of the one in force: a Document when it is whole, a Change when it is one; raises ConfigError."""
    problems = Problems()
    read = plain(document, problems)
    made: Document | Change | None = None
    if read is not None and "change" in read:
        made = read_change(read, in_force, problems)
    elif read is not None:
        made = read_replacement(read, in_force, problems, has_position)
    if made is None:
        raise ConfigError(problems.found)
    return made
