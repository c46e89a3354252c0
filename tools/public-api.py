#!/usr/bin/env python3
"""Writes docs/public-api.md from what the compiler says that `import OpenPit` brings along, or with --check tells whether it is so.

The modules have to be built: `swift build --target OpenPit`.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "public-api.md"
BUILD = ROOT / ".build" / "debug"
# From the ground up; what the library adds to those below comes with it.
MODULES = {
    "Decimals": "Numbers",
    "RiskBase": "Values and records",
    "Market": "Market data",
    "RiskCore": "Settings, answers and faults",
    "OpenPit": "The engine",
}
TYPES = ("swift.struct", "swift.enum", "swift.class", "swift.protocol")
INTRODUCTION = """# The Swift library's public names

Everything that `import OpenPit` makes known, and nothing else; the rest of the sources is `package`. The page is written by
`tools/public-api.py` from the compiler's own account of the modules, and `make check` fails while it is not as they are. What a
name means is said where it is declared; [the guide](guides/swift.md) shows how they are used.

What follows from `Equatable`, `Hashable`, `OptionSet` and their like is left out.
"""


def symbol_graphs() -> list[dict]:
    """What each module says of itself, and of what it adds to the types of others."""
    with tempfile.TemporaryDirectory() as folder:
        for module in MODULES:
            command = ["swift", "symbolgraph-extract", "-module-name", module, "-minimum-access-level", "public"]
            command += ["-I", str(BUILD / "Modules"), "-I", str(ROOT / "Sources" / "CPlatform" / "include")]
            command += ["-target", target(), "-skip-synthesized-members", "-output-dir", folder]
            subprocess.run(command, check=True, capture_output=True, text=True)
        return [json.loads(path.read_text()) for path in sorted(Path(folder).glob("*.symbols.json"))]


def target() -> str:
    told = subprocess.run(["swiftc", "-print-target-info"], check=True, capture_output=True, text=True)
    return json.loads(told.stdout)["target"]["unversionedTriple"]


def surface(graphs: list[dict]) -> dict[str, dict[str, list[str]]]:
    """The members of each type by its name, by the module that has it. Functions of no type stand under an empty name."""
    types: dict[str, dict[str, list[str]]] = {module: {} for module in MODULES}
    home: dict[str, str] = {}
    symbols = [(graph["module"]["name"], symbol) for graph in graphs for symbol in graph["symbols"]]
    for module, symbol in symbols:
        if symbol["kind"]["identifier"] in TYPES:
            name = ".".join(symbol["pathComponents"])
            types[module].setdefault(name, [])
            home[name] = module
    for module, symbol in symbols:
        if symbol["kind"]["identifier"] in TYPES:
            continue
        *owner, title = symbol["pathComponents"]
        name = ".".join(owner)
        # What is added to a type of another module, or of the language, stands with that type or with who adds it.
        place = types[home.get(name, module)].setdefault(name, [])
        if not is_implied(symbol, title):
            place.append(title)
    return types


# What a protocol asks for, which goes without saying where a type is said to be of that protocol.
IMPLIED = re.compile(
    r"(==|!=)\(_:_:\)|hash\(into:\)|hashValue|(rawValue|allCases|RawValue|AllCases|Element|ArrayLiteralElement)$"
)


def is_implied(symbol: dict, title: str) -> bool:
    return bool(IMPLIED.match(title)) or title == "init(rawValue:)"


def page(types: dict[str, dict[str, list[str]]]) -> str:
    lines = [INTRODUCTION]
    for module, heading in MODULES.items():
        lines += [f"## {heading}", "", "| type | members |", "|---|---|"]
        for name in sorted(types[module]):
            members = ", ".join(f"`{member}`" for member in sorted(set(types[module][name])))
            lines.append(f"| `{name}` | {members} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    text = page(surface(symbol_graphs()))
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(text)
        return 0
    if PAGE.exists() and PAGE.read_text() == text:
        return 0
    print("docs/public-api.md is not what the modules say: run tools/public-api.py")
    return 1


if __name__ == "__main__":
    sys.exit(main())
