"""What is wrong with a document, and the error that says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

# How many comparisons of words one document is worth. A document with more mistakes than that has other troubles.
_COMPARISONS = 20_000
_LONGEST_WORD = 64


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a document.

    ``path`` says where, as in ``limits[2].upper``; empty for the document itself. ``code`` is one of the codes of the
    documentation, ``message`` a sentence, and ``suggestion`` the known word that was probably meant, or None.
    """

    path: str
    code: str
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        hint = f" (did you mean {self.suggestion!r}?)" if self.suggestion else ""
        return f"{self.path or 'document'}: {self.message}{hint} [{self.code}]"


class ConfigError(ValueError):
    """A document is wrong; nothing was built, and nothing was changed. ``problems`` has everything that is."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = list(problems)
        shown = [str(problem) for problem in self.problems[:20]]
        if len(self.problems) > len(shown):
            shown.append(f"and {len(self.problems) - len(shown)} more")
        super().__init__("\n".join(shown))

    def __reduce__(self) -> tuple[type[ConfigError], tuple[list[Problem]]]:
        return (type(self), (self.problems,))


def _distance_is_small(left: str, right: str) -> int:
    """The edit distance of two words, or 3 for more than 2."""
    if abs(len(left) - len(right)) > 2:
        return 3
    row = list(range(len(right) + 1))
    for index, letter in enumerate(left, 1):
        above, row = row, [index]
        for column, other in enumerate(right, 1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (letter != other)))
        if min(row) > 2:
            return 3
    return min(row[-1], 3)


class Problems:
    """Collects what is wrong while a document is read."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._comparisons = _COMPARISONS

    def __len__(self) -> int:
        return len(self.found)

    def add(self, path: str, code: str, message: str, suggestion: str | None = None) -> None:
        self.found.append(Problem(path, code, message, suggestion))

    def near(self, word: str, known: Iterable[str]) -> str | None:
        """The known word nearest to one, at a distance of at most 2."""
        best, nearest = 3, None
        if len(word) > _LONGEST_WORD:
            return None
        for candidate in known:
            if abs(len(candidate) - len(word)) > 2:
                continue
            if self._comparisons <= 0:
                return None
            self._comparisons -= 1
            distance = _distance_is_small(word, candidate)
            if distance < best:
                best, nearest = distance, candidate
        return nearest

    def unknown_key(self, path: str, key: str, known: Collection[str]) -> None:
        self.add(path, "unknown_key", f"nothing is called {shown(key)} here", self.near(key, known))

    def unknown_name(self, path: str, word: str, known: Collection[str], what: str) -> None:
        self.add(path, "unknown_name", f"{shown(word)} is no {what}", self.near(word, known))


def shown(value: object) -> str:
    """A value as a message quotes it: short, and never more than one line."""
    try:
        text = str(value) if isinstance(value, Decimal) else repr(value)
    except Exception:  # an object of somebody else's
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def joined(path: str, key: str) -> str:
    """The path of what a record has under a key."""
    return f"{path}.{key}" if path else key
