#!/usr/bin/env python3
"""Every public name is documented: in the C and C++ headers, the Swift library, and the Python package."""

import importlib
import inspect
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PYTHON_MODULES = [
    "openpit",
    "openpit.account_adjustment",
    "openpit.config",
    "openpit.controls",
    "openpit.core",
    "openpit.ledger",
    "openpit.marketdata",
    "openpit.param",
    "openpit.pretrade",
    "openpit.pretrade.policies",
]


def undocumented_in_c(text: str) -> list[str]:
    """Functions and types without a comment. Those that stand together share the one above them, and a paragraph that is
    nothing but a comment, and no heading, is about the next one."""
    found = []
    is_introduced = False
    for paragraph in re.split(r"\n\s*\n", text):
        is_documented, is_introduced = is_introduced, bool(re.fullmatch(r"/\*(?! ----).*\*/", paragraph, re.DOTALL))
        for part in re.split(r"(/\*.*?\*/)", paragraph, flags=re.DOTALL):
            if part.startswith("/*"):
                is_documented = True
            elif not is_documented:
                found += re.findall(r"^OPENPIT_API [^;]*?\b(openpit_\w+)\(", part, re.MULTILINE)
                found += re.findall(r"^typedef (?:struct|u?int\d+_t) (openpit_\w+)", part, re.MULTILINE)
    return found


def undocumented_in_cpp(text: str) -> list[str]:
    """Types of the namespace without a comment above them."""
    public = re.sub(r"namespace (detail|std) \{.*?\n\} // namespace \1", "", text, flags=re.DOTALL)
    lines = public.splitlines()
    found = []
    for index, line in enumerate(lines):
        declared = re.match(
            r"(?:template <.*> )?(?:class|struct|enum class) (?:\[\[nodiscard\]\] )?(?!std::)(\w+)\b[^;]*$", line
        )
        if declared and not lines[index - 1].startswith("///") and not lines[index - 1].endswith("*/"):
            found.append(declared.group(1))
    return found


def undocumented_in_swift(path: Path) -> list[str]:
    """Public types and functions without a comment above them. Values and initialisers may speak for themselves."""
    lines = path.read_text().splitlines()
    found = []
    for index, line in enumerate(lines):
        declared = re.match(r"\s*public (?:\w+ )*(?:struct|class|enum|protocol|func) (\w+)", line)
        above = lines[index - 1].strip() if index else ""
        while above.startswith("@"):
            index -= 1
            above = lines[index - 1].strip()
        # Overloads and one-line neighbours share a comment.
        if declared and not above.startswith(("///", "public func")):
            found.append(f"{path.name}: {declared.group(1)}")
    return found


def undocumented_in_python(module_name: str) -> list[str]:
    """What a module lists and what its classes define."""
    module = importlib.import_module(module_name)
    found = [] if module.__doc__ else [module_name]
    for name in module.__all__:
        thing = getattr(module, name)
        is_ours = getattr(thing, "__module__", "").startswith("openpit")
        if not is_ours or not (inspect.isclass(thing) or inspect.isroutine(thing)):
            continue
        # A dataclass writes a docstring of its own when it has none, which begins with its name.
        if not thing.__doc__ or thing.__doc__.startswith(f"{thing.__name__}("):
            found.append(f"{module_name}.{name}")
        for member, value in vars(thing).items() if inspect.isclass(thing) else ():
            if not member.startswith("_") and inspect.isroutine(value) and not inspect.getdoc(value):
                found.append(f"{module_name}.{name}.{member}")
    return found


def headers(suffix: str) -> list[Path]:
    """The umbrella and the family below it."""
    return sorted((ROOT / "include").rglob(f"*.{suffix}"))


def tell(sentence: str, faults: list[str]) -> bool:
    print(f"{'not ok' if faults else 'ok'} - {sentence}")
    print("".join(f"    {fault}\n" for fault in faults), end="")
    return not faults


def main() -> int:
    c = [name for path in headers("h") for name in undocumented_in_c(path.read_text())]
    cpp = [name for path in headers("hpp") for name in undocumented_in_cpp(path.read_text())]
    swift = [
        fault for path in sorted((ROOT / "Sources/OpenPit").glob("*.swift")) for fault in undocumented_in_swift(path)
    ]
    python = [fault for module in PYTHON_MODULES for fault in undocumented_in_python(module)]
    good = tell("every function and type of the C headers is documented", c)
    good &= tell("every type of the C++ headers is documented", cpp)
    good &= tell("every public type and function of the Swift library is documented", swift)
    good &= tell("every public class and function of the Python package is documented", python)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
