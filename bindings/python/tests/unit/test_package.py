"""The package: its version, what it imports, and where its parts are."""

import os
import subprocess
import sys

import pytest

import openpit
from openpit import config


def run(*arguments):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=True).stdout


def test_has_the_version_of_the_library():
    assert run("-m", "openpit.config", "--version").strip() == openpit.__version__


def test_imports_nothing_heavy():
    heavy = {"dataclasses", "inspect", "typing", "decimal", "re", "json", "logging", "asyncio"}
    before = run("-S", "-c", "import sys; print(*sys.modules)").split()
    path = os.path.dirname(os.path.dirname(openpit.__file__))
    code = f"import sys; sys.path.insert(0, {path!r}); import openpit; print(*sys.modules)"
    after = run("-S", "-c", code).split()
    assert heavy & (set(after) - set(before)) == set()


@pytest.mark.skipif(not os.path.isdir(config.include_directory()), reason="not installed from a wheel")
def test_knows_where_its_headers_and_its_library_are():
    include, library = run("-m", "openpit.config", "--include", "--library").split()
    for header in ("openpit.h", "openpit.hpp", "openpit/base.h", "openpit/base.hpp"):
        assert os.path.isfile(os.path.join(include, header))
    assert os.path.isfile(library)
