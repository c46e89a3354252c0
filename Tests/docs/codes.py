#!/usr/bin/env python3
"""The table of reject codes says what the library says."""

import ctypes
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+) \| `(\w+)` \| ([^|]+) \|", re.MULTILINE)


def told_by_the_library() -> list[tuple[int, str, str]]:
    library = ctypes.CDLL(str(ROOT / "build/lib/libopenpit.so"))
    name, message = library.openpit_reject_code_name, library.openpit_reject_code_message
    name.restype = message.restype = ctypes.c_char_p
    return [(code, name(code).decode(), message(code).decode()) for code in range(256) if name(code)]


def main() -> int:
    rows = ROW.findall((ROOT / "docs/reject-codes.md").read_text())
    told_by_the_page = [(int(code), name, meaning.strip()) for code, name, meaning in rows]
    faults = set(told_by_the_page) ^ set(told_by_the_library())
    print(f"{'not ok' if faults else 'ok'} - docs/reject-codes.md lists every code with its name and meaning")
    print("".join(f"    {fault}\n" for fault in sorted(faults)), end="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
