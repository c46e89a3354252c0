#!/usr/bin/env python3
"""Runs every code block of README.md and the pages in docs, as printed.

The blocks of one language on one page are one program, in the order in which they are read. In C and C++ a block with a
`main` of its own is a program by itself; of the others, those that begin with an include, a type or a function stand
before `main`, and the rest is the body of it. A `text` block right after a code block is what that block prints.

Prints "ok - sentence" or "not ok - sentence" for each block that says what it prints, and for each program.
"""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = ROOT / "build/lib"
SWIFT_SCRATCH = ROOT / "build/docs-swift"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LANGUAGES = ("python", "c", "cpp", "swift")
FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
# Printed after each block, so that its output can be told from that of the next one.
MARK = "\x1e"
# What a C or C++ block begins with that belongs before `main`.
FILE_LEVEL = re.compile(r"#include|static |struct |class |typedef |namespace |using namespace |template")


@dataclass
class Block:
    language: str
    line: int
    code: str
    prints: str | None


def blocks(page: Path) -> list[Block]:
    text = page.read_text()
    found: list[Block] = []
    end_of_last = 0
    for fence in FENCE.finditer(text):
        indent, language, body = fence.groups()
        code = re.sub(f"^{indent}", "", body, flags=re.MULTILINE)
        if language == "text" and found and not text[end_of_last : fence.start()].strip():
            found[-1].prints = code
        elif language in LANGUAGES:
            found.append(Block(language, text.count("\n", 0, fence.start()) + 1, code, None))
        end_of_last = fence.end() if language in LANGUAGES else -1
    return found


def python_program(page: list[Block]) -> str:
    return "".join(block.code + f"print(end={MARK!r})\n" for block in page)


def swift_program(page: list[Block]) -> str:
    return "".join(block.code + 'print("\\u{1e}", terminator: "")\n' for block in page)


def c_programs(page: list[Block]) -> list[tuple[list[Block], str]]:
    """Each program with the blocks it prints for."""
    programs = [([block], block.code) for block in page if re.search(r"\bmain\(", block.code)]
    before = [block for block in page if FILE_LEVEL.match(block.code) and not re.search(r"\bmain\(", block.code)]
    body = [block for block in page if not FILE_LEVEL.match(block.code) and not re.search(r"\bmain\(", block.code)]
    if before or body:
        lines = ["#include <stdio.h>\n", *(block.code for block in before), "int main() {\n"]
        lines += [block.code + 'fputs("\\x1e", stdout), fflush(stdout);\n' for block in body] + ["return 0;\n}\n"]
        programs.append((body, "".join(lines)))
    return programs


def run(command: list[str], cwd: Path = ROOT) -> tuple[bool, str]:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600)
    return done.returncode == 0, done.stdout if done.returncode == 0 else done.stdout + done.stderr


def run_c(language: str, code: str, directory: Path) -> tuple[bool, str]:
    source, program = directory / f"program.{language}", directory / "program"
    source.write_text(code)
    compiler = (
        [os.environ.get("CC", "cc"), "-std=c11"] if language == "c" else [os.environ.get("CXX", "c++"), "-std=c++17"]
    )
    flags = [
        "-Wall",
        "-Wextra",
        "-pedantic",
        "-Werror",
        "-Iinclude",
        f"-L{LIBRARY}",
        "-lopenpit",
        f"-Wl,-rpath,{LIBRARY}",
    ]
    compiled, log = run(
        [*compiler, "-fsanitize=address,undefined", "-pthread", str(source), "-o", str(program), *flags]
    )
    return run([str(program)]) if compiled else (False, log)


def run_python(code: str, directory: Path) -> tuple[bool, str]:
    source = directory / "program.py"
    source.write_text(code)
    return run([sys.executable, str(source)], directory)


def run_swift(programs: dict[str, str]) -> dict[str, tuple[bool, str]]:
    """Builds a package that depends on this one, with an executable per page."""
    package = SWIFT_SCRATCH / "package"
    targets = []
    for name, code in programs.items():
        (package / "Sources" / name).mkdir(parents=True, exist_ok=True)
        source = package / "Sources" / name / "main.swift"
        if not source.exists() or source.read_text() != code:
            source.write_text(code)
        targets.append(
            f'.executableTarget(name: "{name}", dependencies: [.product(name: "OpenPit", package: "openpit")])'
        )
    dependency = SWIFT_SCRATCH / "openpit"
    if not dependency.exists():
        dependency.symlink_to(ROOT)
    (package / "Package.swift").write_text(
        "// swift-tools-version: 6.2\nimport PackageDescription\n"
        'let package = Package(name: "pages", dependencies: [.package(path: "../openpit")], targets: [\n    '
        + ",\n    ".join(targets)
        + "\n])\n"
    )
    built, log = run(["swift", "build", "--quiet", "--scratch-path", str(SWIFT_SCRATCH / "build")], package)
    if not built:
        return dict.fromkeys(programs, (False, log))
    return {name: run([str(SWIFT_SCRATCH / "build/debug" / name)]) for name in programs}


def tell(sentence: str, holds: bool, details: str = "") -> bool:
    print(f"{'ok' if holds else 'not ok'} - {sentence}", flush=True)
    if not holds:
        print("".join(f"    {line}\n" for line in details.splitlines()), end="", flush=True)
    return holds


def judge(page: str, language: str, of: list[Block], outcome: tuple[bool, str]) -> bool:
    holds, output = outcome
    lines = ", ".join(str(block.line) for block in of)
    good = tell(f"{page}: the {language} of line {lines} runs", holds, output)
    if not holds:
        return False
    for block, printed in zip(of, output.split(MARK), strict=False):
        if block.prints is not None:
            details = f"printed:\n{printed}\nshown:\n{block.prints}"
            good &= tell(f"{page}: line {block.line} prints what the page shows", printed == block.prints, details)
    return good


def main() -> int:
    good = True
    swift: dict[str, tuple[str, list[Block]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        for path in PAGES:
            page = str(path.relative_to(ROOT))
            found = blocks(path)
            by_language = {language: [block for block in found if block.language == language] for language in LANGUAGES}
            if by_language["python"]:
                code = python_program(by_language["python"])
                good &= judge(page, "python", by_language["python"], run_python(code, directory))
            for language in ("c", "cpp"):
                for of, code in c_programs(by_language[language]):
                    good &= judge(page, language, of, run_c(language, code, directory))
            if by_language["swift"]:
                swift[page] = (re.sub(r"\W", "_", page), by_language["swift"])
    outcomes = run_swift({name: swift_program(of) for name, of in swift.values()}) if swift else {}
    for page, (name, of) in swift.items():
        good &= judge(page, "swift", of, outcomes[name])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
