"""What a value of a document may look like. A shape reads values, and says the same as a JSON Schema."""

from __future__ import annotations

import datetime
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from openpit.config import _values
from openpit.config._problems import Problems, joined, shown

Schema = dict[str, Any]


class _Invalid:
    """Stands for a value that was there and wrong, so that nothing else is said about it."""

    def __repr__(self) -> str:
        return "INVALID"

    def __bool__(self) -> bool:
        return False


INVALID = _Invalid()


class Shape(Protocol):
    """How a kind of value is read, and described."""

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        """The value as the engine wants it, or INVALID with a problem."""

    def schema(self) -> Schema:
        """The same as a JSON Schema."""


def _wrong(value: Any, path: str, problems: Problems, wanted: str) -> _Invalid:
    problems.add(path, "wrong_type", f"{wanted} is wanted, not {shown(value)}")
    return INVALID


class Text:
    """A text of one line; a name unless it may be empty."""

    def __init__(self, pattern: str = "", what: str = "", *, most: int = 1024, may_be_empty: bool = False) -> None:
        self.pattern, self.what, self.most, self.may_be_empty = pattern, what, most, may_be_empty

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, str):
            return _wrong(value, path, problems, "a text")
        try:
            length = len(value.encode("utf-8"))
        except UnicodeEncodeError:
            problems.add(path, "bad_value", "the text is no Unicode: it has half of a pair of surrogates")
            return INVALID
        if not value and not self.may_be_empty:
            problems.add(path, "bad_value", "the text is empty")
        elif length > self.most:
            problems.add(path, "bad_value", f"the text is longer than {self.most} bytes")
        elif any(character < " " or character == "\x7f" for character in value) and not self.may_be_empty:
            problems.add(path, "bad_value", "the text has control characters")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            problems.add(path, "bad_value", f"{shown(value)} is not {self.what}")
        else:
            return str(value)
        return INVALID

    def schema(self) -> Schema:
        made: Schema = {"type": "string"}
        if not self.may_be_empty:
            made["minLength"] = 1
        if self.pattern:
            made["pattern"] = f"^{self.pattern}$"
        return made


class Amount:
    """A decimal number: a text, an integer, or a number read from its digits."""

    def __init__(self, *, least: int | None = None, above: int | None = None, most: int | None = None) -> None:
        self.least, self.above, self.most = least, above, most

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
            return _wrong(value, path, problems, "a number")
        try:
            number = _values.amount(value)
        except _values.BadValue as error:
            problems.add(path, "bad_value", f"{shown(value)} {error}")
            return INVALID
        if self.least is not None and number < self.least:
            problems.add(path, "bad_value", f"{shown(value)} is below {self.least}")
        elif self.above is not None and number <= self.above:
            problems.add(path, "bad_value", f"{shown(value)} is not above {self.above}")
        elif self.most is not None and number > self.most:
            problems.add(path, "bad_value", f"{shown(value)} is above {self.most}")
        else:
            return number
        return INVALID

    def schema(self) -> Schema:
        number: Schema = {"type": "number"}
        for key, bound in (("minimum", self.least), ("exclusiveMinimum", self.above), ("maximum", self.most)):
            if bound is not None:
                number[key] = bound
        return {
            "anyOf": [number, {"type": "string", "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"}]
        }


class Whole:
    """A whole number that counts something."""

    def __init__(self, least: int = 0, most: int = 2**31 - 1) -> None:
        self.least, self.most = least, most

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            return _wrong(value, path, problems, "a whole number")
        try:
            number = _values.amount(value)
        except _values.BadValue as error:
            problems.add(path, "bad_value", f"{shown(value)} {error}")
            return INVALID
        if number != int(number):
            return _wrong(value, path, problems, "a whole number")
        if not self.least <= number <= self.most:
            problems.add(path, "bad_value", f"{shown(value)} is not between {self.least} and {self.most}")
            return INVALID
        return int(number)

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Flag:
    """true or false."""

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        return value if isinstance(value, bool) else _wrong(value, path, problems, "true or false")

    def schema(self) -> Schema:
        return {"type": "boolean"}


class Word:
    """One of a few words."""

    def __init__(self, words: Collection[str], what: str) -> None:
        self.words, self.what = tuple(words), what

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, str):
            return _wrong(value, path, problems, f"a text, the name of a {self.what},")
        if value not in self.words:
            problems.unknown_name(path, value, self.words, self.what)
            return INVALID
        return str(value)

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


class _Parsed(ABC):
    """A text that stands for something else."""

    kinds: tuple[type, ...] = (str,)
    wanted = ""
    pattern = ""

    @abstractmethod
    def parse(self, value: Any) -> Any:
        """What the text stands for; BadValue when it stands for nothing."""

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, self.kinds):
            return _wrong(value, path, problems, self.wanted)
        try:
            return self.parse(value)
        except _values.BadValue as error:
            problems.add(path, "bad_value", f"{shown(value)} {error}")
            return INVALID

    def schema(self) -> Schema:
        return {"type": "string", "pattern": self.pattern}


class Duration(_Parsed):
    """A whole number and a unit, above 0; nanoseconds."""

    kinds = (str, datetime.timedelta)
    wanted = "a duration such as 250ms"
    pattern = "^[0-9]+(ns|us|ms|s|m|h|d)$"

    def parse(self, value: Any) -> int:
        return _values.duration(value)


class Moment(_Parsed):
    """A civil time with an offset; Unix nanoseconds."""

    kinds = (str, datetime.datetime)
    wanted = "a time such as 2026-03-02T20:00:00Z"
    pattern = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d(:?\d\d)?)$"

    def parse(self, value: Any) -> int:
        return _values.moment(value)


class Date(_Parsed):
    """A date."""

    kinds = (str, datetime.date)
    wanted = "a date such as 2026-03-02"
    pattern = r"^\d{4}-\d\d-\d\d$"

    def parse(self, value: Any) -> datetime.date:
        return _values.date(value)


class ClockTime(_Parsed):
    """A local time of day; seconds since midnight."""

    kinds = (str, datetime.time)
    wanted = "a time of day such as 09:30"
    pattern = r"^\d\d:\d\d(:\d\d)?$"

    def __init__(self, *, is_end: bool = False) -> None:
        self.is_end = is_end

    def parse(self, value: Any) -> int:
        return _values.clock(value, is_end=self.is_end)


class AccountKey:
    """A whole number, or a text that stands for one."""

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if isinstance(value, int) and not isinstance(value, bool):
            return Whole(0, 2**64 - 1).read(value, path, problems)
        if not isinstance(value, str):
            return _wrong(value, path, problems, "an account, a whole number or a text,")
        return Text().read(value, path, problems)

    def schema(self) -> Schema:
        return {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "minLength": 1}]}


class ListOf:
    """A list; wrong items are left out of what is read."""

    def __init__(self, item: Shape, *, least: int = 0, most: int | None = None, is_set: bool = False) -> None:
        self.item, self.least, self.most, self.is_set = item, least, most, is_set

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, (list, tuple)):
            return _wrong(value, path, problems, "a list")
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            bound = f"at least {self.least}" if len(value) < self.least else f"at most {self.most}"
            problems.add(path, "bad_value", f"the list has {bound} items, not {len(value)}")
            return INVALID
        before = len(problems)
        read: list[Any] = []
        seen: set[Any] = set()
        for index, item in enumerate(value):
            made = self.item.read(item, f"{path}[{index}]", problems)
            if self.is_set and made is not INVALID:
                if made in seen:
                    problems.add(f"{path}[{index}]", "duplicate", f"{shown(item)} is in the list twice")
                seen.add(made)
            read.append(made)
        return INVALID if self.is_set and len(problems) > before else tuple(read)

    def schema(self) -> Schema:
        made: Schema = {"type": "array", "items": self.item.schema()}
        for key, bound in (
            ("minItems", self.least or None),
            ("maxItems", self.most),
            ("uniqueItems", self.is_set or None),
        ):
            if bound is not None:
                made[key] = bound
        return made


class MapOf:
    """A dict whose keys are the document's own; wrong values are INVALID in what is read."""

    def __init__(self, item: Shape, key: Shape | None = None) -> None:
        self.item, self.key = item, key or Text()

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return _wrong(value, path, problems, "an object")
        report_twice(value, path, problems)
        read: dict[Any, Any] = {}
        for key, item in value.items():
            made = self.key.read(key, joined(path, str(key)), problems)
            if made is not INVALID:
                read[made] = self.item.read(item, joined(path, str(key)), problems)
        return read

    def schema(self) -> Schema:
        return {"type": "object", "propertyNames": self.key.schema(), "additionalProperties": self.item.schema()}


def report_twice(value: Mapping[Any, Any], path: str, problems: Problems) -> None:
    for key in getattr(value, "twice", ()):
        problems.add(joined(path, key), "duplicate", f"{shown(key)} is there twice")


class Record:
    """A dict with known keys. Keys that are not there are not in what is read; wrong values are INVALID in it."""

    def __init__(self, keys: Mapping[str, Shape], required: Sequence[str] = ()) -> None:
        self.keys, self.required = dict(keys), tuple(required)

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        if not isinstance(value, dict):
            return _wrong(value, path, problems, "an object")
        report_twice(value, path, problems)
        read: dict[str, Any] = {}
        for key, item in value.items():
            shape = self.keys.get(key) if isinstance(key, str) else None
            if shape is None:
                problems.unknown_key(joined(path, str(key)), str(key), self.keys)
            else:
                read[key] = shape.read(item, joined(path, key), problems)
        for key in self.required:
            if key not in value:
                problems.add(joined(path, key), "missing_key", f"{key} is needed")
                read[key] = INVALID
        return read

    def schema(self) -> Schema:
        made: Schema = {"type": "object", "properties": {key: shape.schema() for key, shape in self.keys.items()}}
        if self.required:
            made["required"] = list(self.required)
        return {**made, "additionalProperties": False}


class Either:
    """One of several shapes, by the type of the value."""

    def __init__(self, by_type: Mapping[type, Shape], wanted: str) -> None:
        self.by_type, self.wanted = dict(by_type), wanted

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        for kind, shape in self.by_type.items():
            if isinstance(value, kind) and not isinstance(value, bool):
                return shape.read(value, path, problems)
        return _wrong(value, path, problems, self.wanted)

    def schema(self) -> Schema:
        schemas: list[Schema] = []
        for shape in self.by_type.values():
            if shape.schema() not in schemas:
                schemas.append(shape.schema())
        return {"anyOf": schemas}


class Later:
    """A shape that is read by a function, because what it may be depends on what is beside it."""

    def __init__(self, describe: Callable[[], Schema]) -> None:
        self.describe = describe

    def read(self, value: Any, path: str, problems: Problems) -> Any:
        return value

    def schema(self) -> Schema:
        return self.describe()


def valid(record: Mapping[str, Any], key: str, default: Any = None) -> Any:
    """What a record has under a key, or the default when that is not there or wrong."""
    value = record.get(key, default)
    return default if value is INVALID else value
