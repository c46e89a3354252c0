#!/usr/bin/env python3
"""Makes the Python modules of the risk service's messages, which are checked in.

tools/proto.py [--check]
"""

import re
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

from grpc_tools import protoc

FOLDER = Path(__file__).resolve().parents[1] / "bindings/riskengine/mts1b_riskengine/service"
NAME = "mts1b_riskengine"


def generated() -> dict[str, str]:
    """File name to text."""
    with tempfile.TemporaryDirectory() as made:
        words = ["protoc", f"-I{FOLDER}", f"-I{files('grpc_tools') / '_proto'}"]
        words += [f"--{kind}_out={made}" for kind in ("python", "pyi", "grpc_python")]
        if protoc.main([*words, f"{NAME}.proto"]) != 0:
            sys.exit("proto: the messages do not compile")
        texts = {path.name: path.read_text() for path in sorted(Path(made).iterdir())}
    # The modules stand in a package, which the compiler of messages knows nothing of.
    texts[f"{NAME}_pb2_grpc.py"] = re.sub(
        rf"(?m)^import {NAME}_pb2", f"from . import {NAME}_pb2", texts[f"{NAME}_pb2_grpc.py"]
    )
    return texts


def main() -> int:
    stale = [name for name, text in generated().items() if not _same(FOLDER / name, text)]
    if "--check" in sys.argv:
        for name in stale:
            print(f"proto: {name} is not what the messages say; run tools/proto.py", file=sys.stderr)
        return 1 if stale else 0
    for name, text in generated().items():
        (FOLDER / name).write_text(text)
    return 0


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text() == text


if __name__ == "__main__":
    sys.exit(main())
