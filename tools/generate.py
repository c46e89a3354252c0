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


# ---- Spellings -------------------------------------------------------------------------------------------------------


def capitals(name: str) -> str:
    """OrderExceedsLimit as ORDER_EXCEEDS_LIMIT."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def words(name: str) -> str:
    """NULL_ARGUMENT as NullArgument."""
    return "".join(word.capitalize() for word in name.split("_"))


def lower_first(name: str) -> str:
    return name[0].lower() + name[1:]


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


def replaced(text: str, region: str, lines: list[str], path: str) -> str:
    """A file with the lines between the marks of a region replaced."""
    marks = re.compile(
        rf"(^[^\n]*generated: {region}, by tools/generate\.py[^\n]*\n)(.*?)(^[^\n]*end of generated\b)",
        re.MULTILINE | re.DOTALL,
    )
    if len(marks.findall(text)) != 1:
        raise Fault(f"{path} has no place, or several, for the {region}")
    return marks.sub(lambda match: match[1] + "".join(f"{line}\n" for line in lines) + match[3], text)


def written(root: Path) -> dict[str, str]:
    """Every file that is made of a list, and what it should say."""
    sections, codes = statuses(root), reject_codes(root)
    files = {
        "Sources/RiskBase/Generated/RejectCode.swift": swift_reject_codes(codes),
        "Sources/OpenPitABI/Generated/Status.swift": swift_statuses(sections),
    }
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
