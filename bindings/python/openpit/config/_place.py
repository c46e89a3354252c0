"""Where the library and the headers of this package are."""

from __future__ import annotations

import os

_DIRECTORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def include_directory() -> str:
    """The directory with openpit.h and openpit.hpp."""
    return os.path.join(_DIRECTORY, "include")


def library_directory() -> str:
    """The directory with libopenpit."""
    return _DIRECTORY


def library_path() -> str:
    """The shared library itself."""
    names = [name for name in os.listdir(_DIRECTORY) if name.startswith("libopenpit.so.")]
    if len(names) != 1:
        raise FileNotFoundError("this copy of openpit has no libopenpit of its own")
    return os.path.join(_DIRECTORY, names[0])
