"""Commands for documents, and where the library and the headers of this package are: ``python -m openpit.config --help``."""

from __future__ import annotations

import os
import sys

from openpit.config._place import include_directory, library_directory, library_path


def _main(arguments: list[str]) -> int:
    import argparse

    from openpit import __version__
    from openpit.config import _commands

    if arguments and arguments[0] in _commands.COMMANDS:
        return _commands.run(arguments)

    parser = argparse.ArgumentParser(
        prog="python -m openpit.config",
        description="Prints what compiling and linking against this package needs.",
        epilog="Documents have commands of their own: check, schema, diff, explain, limits; --help behind each says more.",
    )
    parser.add_argument("--version", action="store_true", help="the version")
    parser.add_argument("--include", action="store_true", help="the directory with the headers")
    parser.add_argument("--library", action="store_true", help="the shared library")
    parser.add_argument("--cflags", action="store_true", help="flags for the compiler")
    parser.add_argument("--libs", action="store_true", help="flags for the linker")
    options = parser.parse_args(arguments)
    lines = []
    if options.version:
        lines.append(__version__)
    if options.include:
        lines.append(include_directory())
    if options.library:
        lines.append(library_path())
    if options.cflags:
        lines.append(f"-I{include_directory()}")
    if options.libs:
        directory = library_directory()
        lines.append(f"-L{directory} -Wl,-rpath,{directory} -l:{os.path.basename(library_path())}")
    if not lines:
        parser.print_help()
        return 2
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
