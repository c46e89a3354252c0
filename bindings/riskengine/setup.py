"""The version is that of the repository around this directory; a source distribution has a copy of it."""

from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent
CARRIED = HERE / "VERSION"
VERSION = (CARRIED if CARRIED.is_file() else HERE.parents[1] / "VERSION").read_text().strip()

setup(version=VERSION, install_requires=[f"openpit=={VERSION}", "pydantic>=2.14", "PyYAML>=6.0.2"])
