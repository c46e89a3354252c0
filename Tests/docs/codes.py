#!/usr/bin/env python3
"""The tables of reject codes and statuses say what the library says."""

import ctypes
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| `(\w+)` \| ([^|]+) \|", re.MULTILINE)


def told_by_the_library(kind: str) -> set[tuple[int, str, str]]:
    library = ctypes.CDLL(str(ROOT / "build/lib/libopenpit.so"))
    name, message = getattr(library, f"openpit_{kind}_name"), getattr(library, f"openpit_{kind}_message")
    name.restype = message.restype = ctypes.c_char_p
    told = [(code, name(code), message(code)) for code in range(256)]
    return {(code, word.decode(), sentence.decode()) for code, word, sentence in told if word not in (None, b"UNKNOWN")}


def agrees(page: str, kind: str) -> bool:
    rows = ROW.findall((ROOT / page).read_text())
    faults = {(int(code), name, meaning.strip()) for code, name, meaning in rows} ^ told_by_the_library(kind)
    print(f"{'not ok' if faults else 'ok'} - {page} lists every {kind.replace('_', ' ')} with its name and meaning")
    print("".join(f"    {fault}\n" for fault in sorted(faults)), end="")
    return not faults


def main() -> int:
    good = agrees("docs/reject-codes.md", "reject_code")
    good &= agrees("docs/statuses.md", "status")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
