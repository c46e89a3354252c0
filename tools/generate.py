#!/usr/bin/env python3
"""Writes what is made of the lists in tools/lists: whole files, and marked places in files written by hand.

tools/generate.py          writes what is not as the lists say
tools/generate.py --check  writes nothing, and fails when there is such a file
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path

WIDTH = 120


class Fault(Exception):
    """What is wrong with a list, or with a file that has a place for it."""


# ---- Lists -----------------------------------------------------------------------------------------------------------


def read(path: Path, key: str) -> list[dict]:
    """The one array of a list."""
    content = tomllib.loads(path.read_text())
    if set(content) != {key}:
        raise Fault(f"{path.name} has {', '.join(content) or 'nothing'} where only {key} is read")
    return content[key]


def checked(path: Path, items: list[dict], spelling: str, **keys: type) -> list[dict]:
    """The items of a list, each with every key; those whose name ends in `optional` may be missing and are then empty."""
    types = {key.removesuffix("_optional"): (kind, key.endswith("_optional")) for key, kind in keys.items()}
    last = -1
    names = set()
    for item in items:
        name = item.get("name", "an item without a name")
        for key, value in item.items():
            if key not in types or type(value) is not types[key][0]:
                raise Fault(f"{path.name}: {name}: what is {key} = {value!r}?")
        for key, (kind, is_optional) in types.items():
            if key not in item and not is_optional:
                raise Fault(f"{path.name}: {name} has no {key}")
            item.setdefault(key, kind())
        if item["number"] <= last or name in names or not re.fullmatch(spelling, name):
            raise Fault(f"{path.name}: {item['number']} {name}: numbers rise, and names are words that differ")
        last = item["number"]
        names.add(name)
    return items


def statuses(root: Path) -> list[tuple[str, list[dict]]]:
    """Sections with a title, and the statuses of each."""
    path = root / "tools/lists/statuses.toml"
    sections = read(path, "section")
    for section in sections:
        if "status" not in section or not set(section) <= {"title", "status"}:
            raise Fault(f"{path.name}: a section is a title and its statuses, not {', '.join(section)}")
    every = [item for section in sections for item in section["status"]]
    checked(
        path, every, "[A-Z0-9_]+",
        number=int, name=str, sentence=str, note_optional=str, raises_optional=str, says_optional=str,
    )  # fmt: skip
    return [(section.get("title", ""), section["status"]) for section in sections]


def reject_codes(root: Path) -> list[dict]:
    path = root / "tools/lists/reject-codes.toml"
    return checked(
        path, read(path, "code"), "([A-Z][a-z0-9]+)+",
        number=int, name=str, meaning=str, used_by_optional=str, evaluation_failure_optional=bool, note_optional=str,
    )  # fmt: skip


BOUNDS = ("none", "upper", "lower", "both")
TIMES = ("", "window", "period", "window or period")
SCOPES = ("any", "book", "position", "equity", "concentration", "figure")
PARAMETER_TYPES = ("choice", "set", "chain", "amount", "whole", "input")


def word_lists(root: Path) -> list[dict]:
    """Lists of words with their names in each language."""
    path = root / "tools/lists/words.toml"
    lists = read(path, "list")
    for one in lists:
        if not {"name", "swift", "sentence", "word"} <= set(one) <= {"name", "c", "swift", "sentence", "word"}:
            raise Fault(
                f"{path.name}: a list is a name, its names elsewhere, a sentence and words, not {', '.join(one)}"
            )
        checked(path, one["word"], "[A-Za-z_]+", number=int, name=str, note_optional=str)
    return lists


def parameters(root: Path) -> list[dict]:
    path = root / "tools/lists/parameters.toml"
    items = checked(
        path, read(path, "parameter"), "[a-z_]+",
        number=int, name=str, key_optional=str, type=str, values_optional=list, default_optional=list, least_optional=int,
        needed_optional=bool, meaning=str,
    )  # fmt: skip
    for item in items:
        item["key"] = item["key"] or item["name"]
        has_words = item["type"] in ("choice", "set", "chain")
        if item["type"] not in PARAMETER_TYPES or has_words != bool(item["values"]):
            raise Fault(
                f"{path.name}: {item['name']}: the type is one of {', '.join(PARAMETER_TYPES)}, some with values"
            )
        if has_words and not set(item["default"]) <= set(item["values"]):
            raise Fault(f"{path.name}: {item['name']}: the default is none of the values")
    return items


def metrics(root: Path, codes: list[dict], every_parameter: list[dict]) -> list[dict]:
    path = root / "tools/lists/metrics.toml"
    items = checked(
        path, read(path, "metric"), "[a-z_]+",
        number=int, name=str, unit=str, family=str, main_optional=bool, bounds=str, least_optional=str,
        two_sided_optional=bool, signed_optional=bool, currency_optional=str, time_optional=str, time_default_optional=str,
        scope=str, keys_optional=list, defaults_optional=dict, max_age_optional=bool, code=str, value=str,
    )  # fmt: skip
    families = [word["name"] for one in word_lists(root) if one["name"] == "FAMILIES" for word in one["word"]]
    known = {
        "family": families,
        "bounds": BOUNDS,
        "currency": ("", "needed", "optional"),
        "time": TIMES,
        "scope": SCOPES,
        "code": [code["name"] for code in codes],
    }
    names = {item["name"] for item in every_parameter}
    for item in items:
        for key, values in known.items():
            if item[key] not in values:
                raise Fault(f"{path.name}: {item['name']}: {item[key]} is no {key}")
        if not set(item["keys"]) <= names or not set(item["defaults"]) <= set(item["keys"]):
            raise Fault(f"{path.name}: {item['name']}: a key is not in parameters.toml, or a default has no key")
        item["main"] = item["main"] or item["family"] in ("book", "condition")
    return items


# ---- Spellings -------------------------------------------------------------------------------------------------------


def capitals(name: str) -> str:
    """OrderExceedsLimit as ORDER_EXCEEDS_LIMIT."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def words(name: str) -> str:
    """NULL_ARGUMENT as NullArgument."""
    return "".join(word.capitalize() for word in name.split("_"))


def lower_first(name: str) -> str:
    return name[0].lower() + name[1:]


def camel(name: str) -> str:
    """block_account as blockAccount, ACTIVE as active."""
    return lower_first(words(name))


def quoted(text: str) -> str:
    """A text of C or Swift."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# ---- Shapes ----------------------------------------------------------------------------------------------------------


def c_enumerators(prefix: str, items: list[tuple[str, int, str]], is_last: bool = False) -> list[str]:
    """Lines of a C enumeration; comments that follow each other stand in one column, as clang-format puts them."""
    lines = []
    for position, (name, number, note) in enumerate(items):
        comma = "" if is_last and position == len(items) - 1 else ","
        lines.append((f"    {prefix}{name} = {number}{comma}", note))
    aligned = []
    for position, (line, note) in enumerate(lines):
        first, last = position, position
        while first > 0 and lines[first - 1][1]:
            first -= 1
        while last + 1 < len(lines) and lines[last + 1][1]:
            last += 1
        column = max(len(text) for text, _ in lines[first : last + 1] if _) if note else 0
        aligned.append(f"{line:{column}} /* {note} */" if note else line)
    for line in aligned:
        if len(line) > WIDTH:
            raise Fault(f"the note is too long for its line: {line.strip()}")
    return aligned


def swift_switch(doc: str, declaration: str, pairs: list[tuple[str, str]]) -> list[str]:
    return [
        f"    /// {doc}",
        f"    {declaration}: StaticString {{",
        "        switch self {",
        *(f"        case .{case}: {quoted(text)}" for case, text in pairs),
        "        }",
        "    }",
    ]


def wrapped(first: str, following: str, items: list[str], end: str) -> list[str]:
    """Items with commas between, as many on a line as fit."""
    lines, line = [], first
    for position, item in enumerate(items):
        text = item + (end if position == len(items) - 1 else ",")
        if len(line) + 1 + len(text) > WIDTH:
            lines.append(line)
            line = following + text
        else:
            line += " " + text
    return [*lines, line]


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cells).replace("|  |", "| |").rstrip() + " |"

    return ["", line(head), "|" + "---|" * len(head), *(line(row).replace("|  |", "| |") for row in rows), ""]


# ---- What is written -------------------------------------------------------------------------------------------------


def swift_reject_codes(codes: list[dict]) -> str:
    cases = [(lower_first(code["name"]), code) for code in codes]
    lines = [
        "// Written by tools/generate.py from tools/lists/reject-codes.toml.",
        "",
        "/// Why somebody said no.",
        "public enum RejectCode: UInt16, CaseIterable, Sendable, BitwiseCopyable {",
    ]
    for case, code in cases:
        if code["note"]:
            lines.append(f"    /// {code['note'][0].upper() + code['note'][1:]}.")
        lines.append(f"    case {case} = {code['number']}")
    failures = [f".{case}" for case, code in cases if code["evaluation_failure"]]
    lines += [
        "}",
        "",
        "extension RejectCode {",
        "    /// Whether it says that a control could not come to a verdict, rather than what its verdict was.",
        "    public var isEvaluationFailure: Bool {",
        "        switch self {",
        *wrapped("        case", "            ", failures, ":"),
        "            true",
        "        default: false",
        "        }",
        "    }",
        "",
        *swift_switch(
            "The code as a word, such as `OrderQtyExceedsLimit`.",
            "public var name",
            [(case, code["name"]) for case, code in cases],
        ),
        "",
        *swift_switch(
            "What the code means, in a sentence without a full stop.",
            "public var sentence",
            [(case, code["meaning"]) for case, code in cases],
        ),
        "}",
    ]
    return "\n".join(lines) + "\n"


def swift_statuses(sections: list[tuple[str, list[dict]]]) -> str:
    items = [(lower_first(words(item["name"])), item) for _, section in sections for item in section]
    lines = [
        "// Written by tools/generate.py from tools/lists/statuses.toml.",
        "",
        "import COpenPit",
        "",
        "/// What a call came to, as openpit.h numbers it.",
        "enum Status: openpit_status, Error, CaseIterable {",
        *(f"    case {'`internal`' if case == 'internal' else case} = {item['number']}" for case, item in items),
        "}",
        "",
        "extension Status {",
        *swift_switch("The status as a word.", "var name", [(case, item["name"]) for case, item in items]),
        "",
        *swift_switch(
            "The status as a sentence without a full stop.",
            "var message",
            [(case, item["sentence"]) for case, item in items],
        ),
        "}",
    ]
    return "\n".join(lines) + "\n"


def c_statuses(sections: list[tuple[str, list[dict]]]) -> list[str]:
    lines = []
    for position, (title, section) in enumerate(sections):
        if title:
            lines.append(f"    /* {title} */")
        items = [(item["name"], item["number"], item["note"]) for item in section]
        lines += c_enumerators("OPENPIT_STATUS_", items, is_last=position == len(sections) - 1)
    return lines


def cpp_statuses(sections: list[tuple[str, list[dict]]]) -> list[str]:
    names = [item["name"] for _, section in sections for item in section]
    return [f"    {words(name)} = OPENPIT_STATUS_{name}," for name in names]


EXCEPTIONS = {
    "": "RUNTIME_ERROR",
    "ParamError": "PARAM_ERROR",
    "ValueError": "VALUE_ERROR",
    "MemoryError": "MEMORY_ERROR",
    "SystemError": "SYSTEM_ERROR",
}


def exceptions(sections: list[tuple[str, list[dict]]]) -> list[str]:
    """Rows of the extension's table: statuses that raise another exception, or with another text, than most do."""
    rows = []
    for item in (item for _, section in sections for item in section if item["raises"] or item["says"]):
        if item["raises"] not in EXCEPTIONS:
            raise Fault(f"statuses.toml: {item['name']}: the extension cannot raise {item['raises']}")
        text = quoted(item["says"]) if item["says"] else "NULL"
        rows.append(f"    {{OPENPIT_STATUS_{item['name']}, {EXCEPTIONS[item['raises']]}, {text}}},")
    return rows


def status_table(sections: list[tuple[str, list[dict]]]) -> list[str]:
    return table(
        ["number", "name", "sentence", "more"],
        [
            [
                str(item["number"]),
                f"`{item['name']}`",
                item["sentence"],
                item["note"] * (item["note"] != item["sentence"]),
            ]
            for _, section in sections
            for item in section
        ],
    )


def c_reject_codes(codes: list[dict]) -> list[str]:
    items = [(capitals(code["name"]), code["number"], code["note"]) for code in codes]
    return c_enumerators("OPENPIT_REJECT_", items, is_last=True)


def cpp_reject_codes(codes: list[dict]) -> list[str]:
    return [f"    {code['name']} = OPENPIT_REJECT_{capitals(code['name'])}," for code in codes]


def python_reject_codes(codes: list[dict]) -> list[str]:
    return [f'    {capitals(code["name"])} = "{code["name"]}"' for code in codes]


def python_evaluation_failures(codes: list[dict]) -> list[str]:
    return [f"        RejectCode.{capitals(code['name'])}," for code in codes if code["evaluation_failure"]]


def reject_code_table(codes: list[dict]) -> list[str]:
    rows = [[str(code["number"]), f"`{code['name']}`", code["meaning"], code["used_by"]] for code in codes]
    return table(["number", "name", "meaning", "used by"], rows)


def swift_enum(doc: str, name: str, cases: list[tuple[str, int, str]]) -> list[str]:
    lines = [f"/// {doc}", f"public enum {name}: UInt8, CaseIterable, Sendable, BitwiseCopyable {{"]
    for case, number, note in cases:
        if note:
            lines.append(f"    /// {note[0].upper() + note[1:]}.")
        lines.append(f"    case {'`' * (case in SWIFT_WORDS)}{case}{'`' * (case in SWIFT_WORDS)} = {number}")
    return [*lines, "}"]


# Words that Swift keeps for itself, and that some list has.
SWIFT_WORDS = {"class", "var"}


def swift_words(lists: list[dict]) -> str:
    lines = ["// Written by tools/generate.py from tools/lists/words.toml."]
    for one in lists:
        cases = [(camel(word["name"]), word["number"], word["note"]) for word in one["word"]]
        lines += ["", *swift_enum(one["sentence"], one["swift"], cases), "", f"extension {one['swift']} {{"]
        names = [(case, word["name"]) for (case, _, _), word in zip(cases, one["word"], strict=True)]
        lines += [*swift_switch("The word, as documents and texts have it.", "public var name", names), "}"]
    return "\n".join(lines) + "\n"


def swift_predicate(doc: str, name: str, cases: list[str]) -> list[str]:
    return [
        f"    /// {doc}",
        "    @inlinable",
        f"    public var {name}: Bool {{",
        "        switch self {",
        *wrapped("        case", "            ", [f".{case}" for case in cases], ":"),
        "            true",
        "        default: false",
        "        }",
        "    }",
    ]


def swift_groups(doc: str, name: str, type_name: str, groups: dict[str, list[str]]) -> list[str]:
    """A property with one of a few values."""
    lines = [f"    /// {doc}", "    @inlinable", f"    public var {name}: {type_name} {{", "        switch self {"]
    for value, cases in groups.items():
        head = wrapped("        case", "            ", [f".{case}" for case in cases], ":")
        lines += [*head, f"            .{value}"]
    return [*lines, "        }", "    }"]


def grouped(items: list[dict], key: str) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for item in items:
        groups.setdefault(lower_first(item[key]), []).append(camel(item["name"]))
    return groups


def swift_metrics(items: list[dict]) -> str:
    def those(key: str, *values: object) -> list[str]:
        return [camel(item["name"]) for item in items if item[key] in values]

    lines = [
        "// Written by tools/generate.py from tools/lists/metrics.toml.",
        "",
        *swift_enum(
            "A number the engine can compute for an order or a book.",
            "Metric",
            [(camel(item["name"]), item["number"], item["value"]) for item in items],
        ),
        "",
        "extension Metric {",
        *swift_groups("When it is judged.", "family", "MetricFamily", grouped(items, "family")),
        "",
        *swift_predicate("Whether it is judged in the main stage.", "isMainStage", those("main", True)),
        "",
        *swift_predicate(
            "Whether buys are judged against the upper bound, and sells against the lower.",
            "isTwoSided",
            those("two_sided", True),
        ),
        "",
        *swift_predicate("Whether its limits may have an upper bound.", "hasUpper", those("bounds", "upper", "both")),
        "",
        *swift_predicate("Whether its limits may have a lower bound.", "hasLower", those("bounds", "lower", "both")),
        "",
        *swift_predicate(
            "Whether it is money, or needs a currency to be reckoned in.", "needsCurrency", those("currency", "needed")
        ),
        "",
        *swift_groups("What a breach is rejected with.", "code", "RejectCode", grouped(items, "code")),
        "",
        *swift_switch(
            "The metric as a word, such as `order_quantity`.",
            "public var name",
            [(camel(item["name"]), item["name"]) for item in items],
        ),
        "}",
    ]
    return "\n".join(lines) + "\n"


def swift_parameters(items: list[dict]) -> str:
    cases = [(camel(item["name"]), item["number"], "") for item in items]
    keys = [(camel(item["name"]), item["key"]) for item in items]
    lines = [
        "// Written by tools/generate.py from tools/lists/parameters.toml.",
        "",
        *swift_enum("What the limits of single metrics say besides.", "LimitParameter", cases),
        "",
        "extension LimitParameter {",
        *swift_switch("The key, as documents have it.", "public var key", keys),
        "}",
    ]
    for item in items:
        name = "Parameter" + words(item["name"])
        values = [(camel(value), index + 1, "") for index, value in enumerate(item["values"])]
        if item["type"] in ("choice", "chain"):
            sentence = item["meaning"].replace("`", "")
            lines += ["", *swift_enum(sentence[0].upper() + sentence[1:] + ".", name, values)]
        elif item["type"] == "set":
            lines += [
                "",
                f"/// {item['meaning'][0].upper() + item['meaning'][1:]}.",
                f"public struct {name}: OptionSet, Sendable, BitwiseCopyable {{",
                "    public var rawValue: UInt16",
                "    @inlinable",
                "    public init(rawValue: UInt16) { self.rawValue = rawValue }",
                *(f"    public static let {case} = {name}(rawValue: 1 << {number - 1})" for case, number, _ in values),
                "}",
            ]
    return "\n".join(lines) + "\n"


def c_enum(enumerators: list[str]) -> list[str]:
    """On one line where it fits and nothing is said about a name, as clang-format has it."""
    line = f"enum {{ {' '.join(text.strip() for text in enumerators)} }};"
    return [line] if len(line) <= WIDTH and "/*" not in line else ["enum {", *enumerators, "};"]


def c_type(doc: str, name: str, prefix: str, items: list[tuple[str, int, str]], width: str = "uint8_t") -> list[str]:
    enumerators = c_enumerators(prefix, items, is_last=True)
    return [f"/** {doc} */", f"typedef {width} openpit_{name};", *c_enum(enumerators), ""]


def c_metrics(items: list[dict]) -> list[str]:
    numbered = [(item["name"].upper(), item["number"], item["value"]) for item in items]
    return c_type("A number the engine can compute for an order or a book.", "metric", "OPENPIT_METRIC_", numbered)[:-1]


def c_words(lists: list[dict]) -> list[str]:
    lines = []
    for one in lists:
        if "c" in one:
            numbered = [(word["name"].upper(), word["number"], word["note"]) for word in one["word"]]
            lines += c_type(one["sentence"], one["c"].lower(), f"OPENPIT_{one['c']}_", numbered)
    return lines[:-1]


def c_parameters(items: list[dict]) -> list[str]:
    numbered = [(item["name"].upper(), item["number"], item["meaning"].replace("`", "")) for item in items]
    lines = c_type("What the limits of single metrics say besides.", "limit_parameter", "OPENPIT_PARAMETER_", numbered)
    for item in items:
        prefix = f"    OPENPIT_PARAMETER_{item['name'].upper()}_"
        values = [
            f"{value.upper()} = {f'1u << {index}' if item['type'] == 'set' else index + 1}"
            for index, value in enumerate(item["values"])
        ]
        if values:
            enumerators = [prefix + value + "," * (index < len(values) - 1) for index, value in enumerate(values)]
            meaning = item["meaning"].replace("`", "")
            lines += [f"/** {meaning[0].upper() + meaning[1:]}. */", *c_enum(enumerators), ""]
    return lines[:-1]


def cpp_names(items: list[dict], prefix: str) -> list[str]:
    return [f"    {words(item['name'])} = {prefix}{item['name'].upper()}," for item in items]


def cpp_words(lists: list[dict]) -> list[str]:
    lines = []
    for one in lists:
        if "c" in one:
            lines += [f"/// {one['sentence']}", f"enum class {one['swift']} : openpit_{one['c'].lower()} {{"]
            lines += [*cpp_names(one["word"], f"OPENPIT_{one['c']}_"), "};", ""]
    return lines[:-1]


def python_literal(value: object) -> str:
    """As ruff spells it."""
    if isinstance(value, (list, tuple)):
        inner = ", ".join(python_literal(item) for item in value)
        return f"({inner}{',' * (len(value) == 1)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{python_literal(key)}: {python_literal(item)}" for key, item in value.items()) + "}"
    return quoted(value) if isinstance(value, str) else repr(value)


def python_records(kind: str, items: list[dict], *left_out: str) -> list[str]:
    """A line a record, without what it says by default."""
    lines = []
    for item in items:
        given = {key: value for key, value in item.items() if key not in left_out and (value or key == "number")}
        lines.append(f"    {kind}({', '.join(f'{key}={python_literal(value)}' for key, value in given.items())}),")
    return lines


def python_words(lists: list[dict]) -> list[str]:
    """Tuples of words whose place is their number less one."""
    lines = []
    for one in lists:
        names = [word["name"] for word in one["word"]]
        if [word["number"] for word in one["word"]] != list(range(1, len(names) + 1)):
            raise Fault(f"words.toml: {one['name']}: numbers go up by one")
        lines.append(f"{one['name']} = {python_literal(tuple(names))}")
    return lines


TIME_NOTES = {
    "": "",
    "none": "",
    "1d": ", `1d` unless said",
    "day": ", `day` unless said",
    "all": ", `all` unless said",
}
SCOPE_NOTES = {
    "any": "any",
    "book": "any but `session`",
    "position": "any but `session`; `instrument` or `underlying` needed",
    "equity": "`account` `group`",
    "concentration": "`account` `group`, and one of `instrument` `underlying` `class`",
    "figure": "one of `account` `group` `instrument`, or none",
}


def metric_table(items: list[dict], every_parameter: list[dict]) -> list[str]:
    keys = {item["name"]: item["key"] for item in every_parameter}
    rows = []
    for item in items:
        bounds = {"none": "", "both": "`lower` `upper`"}.get(item["bounds"], f"`{item['bounds']}`")
        if item["least"]:
            bounds += f", {item['least'].split()[1]} unless said"
        time = f"{item['time']}{TIME_NOTES[item['time_default']]}" if item["time"] else ""
        own = [f"`{keys[key]}`" for key in item["keys"]] + ["`max_age` needed"] * item["max_age"]
        rows.append(
            [
                str(item["number"]),
                f"[`{item['name']}`](controls/metrics/{item['name']}.md)",
                item["value"],
                item["unit"],
                item["family"],
                bounds,
                SCOPE_NOTES[item["scope"]],
                time,
                " ".join(own),
                f"`{item['code']}`",
            ]
        )
    return table(["№", "id", "value", "unit", "family", "bounds", "scope", "time", "keys of its own", "code"], rows)


def parameter_table(items: list[dict], every_metric: list[dict]) -> list[str]:
    rows = []
    for item in items:
        of = [metric for metric in every_metric if item["name"] in metric["keys"]]
        allowed = (
            " ".join(f"`{value}`" for value in item["values"])
            or {
                "amount": f"a number, at least {item['least']}",
                "whole": f"a whole number, at least {item['least']}",
                "input": "a text `x.<name>`",
            }[item["type"]]
        )
        default = " ".join(f"`{value}`" for value in item["default"])
        for metric in of:
            if item["name"] in metric["defaults"]:
                default += f"; of `{metric['name']}` " + " ".join(
                    f"`{value}`" for value in metric["defaults"][item["name"]]
                )
        metrics = " ".join(f"`{metric['name']}`" for metric in of)
        rows.append([f"`{item['key']}`", metrics, allowed, "needed" if item["needed"] else default, item["meaning"]])
    return table(["key", "metrics", "values", "default", "meaning"], rows)


def replaced(text: str, region: str, lines: list[str], path: str) -> str:
    """A file with the lines between the marks of a region replaced."""
    marks = re.compile(
        rf"(^[^\n]*generated: {region}, by tools/generate\.py[^\n]*\n)(.*?)(^[^\n]*end of generated\b)",
        re.MULTILINE | re.DOTALL,
    )
    if len(marks.findall(text)) != 1:
        raise Fault(f"{path} has no place, or several, for the {region}")
    return marks.sub(lambda match: match[1] + "".join(f"{line}\n" for line in lines) + match[3], text)


# ---- A page a metric ----------------------------------------------------------------------------------------------------

JUDGED = {
    "order": "Every order is judged, also one that reduces a position.",
    "count": "Every order is judged, also one that reduces a position.",
    "book": "An order is judged when it raises the value and does not reduce a position.",
    "condition": "Every order is judged that does not reduce a position, whatever it adds.",
}


def metric_pages(root: Path, every_metric: list[dict], every_parameter: list[dict]) -> dict[str, str]:
    """The pages of all metrics, by path."""
    path = root / "tools/lists/metric-pages.toml"
    pages = {page["name"]: page for page in read(path, "page")}
    if list(pages) != [item["name"] for item in every_metric]:
        raise Fault(f"{path.name}: it has the metrics of metrics.toml in their order, each once")
    for page in pages.values():
        if not {"name", "formula", "given", "numbers"} <= set(page) <= PAGE_KEYS:
            raise Fault(f"{path.name}: {page['name']}: what are {', '.join(page)}?")
    parameters = {item["name"]: item for item in every_parameter}
    return {
        f"docs/controls/metrics/{item['name']}.md": metric_page(item, pages[item["name"]], parameters)
        for item in every_metric
    }


PAGE_KEYS = {"name", "formula", "inputs", "given", "numbers", "without", "note"}


def metric_page(item: dict, page: dict, parameters: dict[str, dict]) -> str:
    name = item["name"]
    bounds = {"none": "none", "both": "`lower` and `upper`"}.get(item["bounds"], f"`{item['bounds']}`")
    if item["least"]:
        bounds += f", {item['least'].split()[1]} unless said"
    facts = [
        ["family", item["family"]],
        ["unit", item["unit"]],
        ["bounds", bounds],
        ["scope", SCOPE_NOTES[item["scope"]]],
        ["code of a breach", f"`{item['code']}`"],
        ["needs", page.get("inputs") or "nothing but the order and the ledger"],
    ]
    if item["time"]:
        facts.insert(4, ["time", f"{item['time']}{TIME_NOTES[item['time_default']]}"])
    lines = [
        "<!-- Written by tools/generate.py from tools/lists/metrics.toml and metric-pages.toml. -->",
        "",
        f"# {name}",
        "",
        f"{item['value'][0].upper()}{item['value'][1:]}: **{page['formula']}**.",
        "",
        *([page["note"], ""] if "note" in page else []),
        *table(["it is", ""], facts),
        "",
        "## In numbers",
        "",
        f"Given {page['given']}. A pair is the value and the limit that the reject carries.",
        "",
        *table(["case", "answer"], page["numbers"]),
        "",
        "## Who is judged, and what happens without data",
        "",
        JUDGED[item["family"]],
    ]
    if page.get("without"):
        lines.append(
            f"What the metric needs is not there, or as old as `max_age`: the order is rejected with `{page['without']}`. "
            "An order that reduces a position passes, and so does every order of a limit with `on_missing: notify`; "
            "an event `missing` says so."
        )
    elif item["time"]:
        lines.append("Beyond the horizon of its calendar a limit of a period rejects with `ReferenceDataUnavailable`.")
    else:
        lines.append("Nothing it needs can be missing.")
    if item["keys"]:
        lines += ["", "## Keys of its own", ""]
        rows = []
        for key in item["keys"]:
            known = parameters[key]
            default = item["defaults"].get(key, known["default"])
            shown = " ".join(f"`{value}`" for value in default)
            rows.append([f"`{known['key']}`", known["meaning"], shown])
        lines += table(["key", "meaning", "unless said"], rows)
    lines += ["", "All metrics: [the list](../../metrics.md). How a limit is written: [limits](../../limits.md)."]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def written(root: Path) -> dict[str, str]:
    """Every file that is made of a list, and what it should say."""
    sections, codes, lists, own = statuses(root), reject_codes(root), word_lists(root), parameters(root)
    every_metric = metrics(root, codes, own)
    files = {
        "Sources/RiskBase/Generated/RejectCode.swift": swift_reject_codes(codes),
        "Sources/RiskBase/Generated/Metric.swift": swift_metrics(every_metric),
        "Sources/RiskBase/Generated/LimitParameter.swift": swift_parameters(own),
        "Sources/RiskBase/Generated/Words.swift": swift_words(lists),
        "Sources/OpenPitABI/Generated/Status.swift": swift_statuses(sections),
    }
    files |= metric_pages(root, every_metric, own)
    regions = [
        ("include/openpit/base.h", "statuses", c_statuses(sections)),
        ("include/openpit/base.hpp", "statuses", cpp_statuses(sections)),
        ("include/openpit/results.h", "reject codes", c_reject_codes(codes)),
        ("include/openpit/results.hpp", "reject codes", cpp_reject_codes(codes)),
        ("bindings/python/src/errors.c", "statuses", exceptions(sections)),
        ("bindings/python/openpit/pretrade/_codes.py", "reject codes", python_reject_codes(codes)),
        ("bindings/python/openpit/pretrade/_codes.py", "evaluation failures", python_evaluation_failures(codes)),
        ("docs/statuses.md", "statuses", status_table(sections)),
        ("docs/reject-codes.md", "reject codes", reject_code_table(codes)),
        ("include/openpit/limits.h", "metrics", c_metrics(every_metric)),
        ("include/openpit/limits.h", "words", c_words(lists)),
        ("include/openpit/limits.h", "parameters", c_parameters(own)),
        ("include/openpit/limits.hpp", "metrics", cpp_names(every_metric, "OPENPIT_METRIC_")),
        ("include/openpit/limits.hpp", "words", cpp_words(lists)),
        ("include/openpit/limits.hpp", "parameters", cpp_names(own, "OPENPIT_PARAMETER_")),
        ("bindings/python/openpit/_lists.py", "metrics", python_records("Metric", every_metric, "value")),
        ("bindings/python/openpit/_lists.py", "parameters", python_records("Parameter", own)),
        ("bindings/python/openpit/_lists.py", "words", python_words(lists)),
        ("docs/metrics.md", "metrics", metric_table(every_metric, own)),
        ("docs/metrics.md", "parameters", parameter_table(own, every_metric)),
    ]
    for path, region, lines in regions:
        files[path] = replaced(files.get(path) or (root / path).read_text(), region, lines, path)
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a file is not as the lists say")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1], help="the checkout")
    options = parser.parse_args()
    try:
        files = written(options.root)
    except (Fault, tomllib.TOMLDecodeError) as fault:
        print(fault)
        return 1
    stale = [
        path
        for path, text in files.items()
        if not (options.root / path).exists() or (options.root / path).read_text() != text
    ]
    for path in stale:
        if options.check:
            print(f"{path} is not what tools/lists says: run tools/generate.py")
        else:
            (options.root / path).parent.mkdir(parents=True, exist_ok=True)
            (options.root / path).write_text(files[path])
            print(f"wrote {path}")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
