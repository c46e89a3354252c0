"""Builds the extension together with the library it wraps, and carries both in one wheel.

The Swift sources are those of the repository around this directory; a source distribution has a copy of them in
``native``. Set OPENPIT_LIBRARY_DIR to use a libopenpit that is already built.
"""

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent
CARRIED = HERE / "native"
ROOT = CARRIED if CARRIED.is_dir() else HERE.parents[1]
NATIVE_SOURCES = ("Makefile", "Package.swift", "VERSION", "LICENSE", "Sources", "Tests", "include", "packaging")

HEADERS = sorted(path.relative_to(ROOT / "include") for path in (ROOT / "include").rglob("*.h*"))
VERSION = (ROOT / "VERSION").read_text().strip()


def library() -> Path:
    """The directory with libopenpit, built now unless the caller has one."""
    if directory := os.environ.get("OPENPIT_LIBRARY_DIR"):
        return Path(directory)
    subprocess.run(["make", "-C", str(ROOT), "build"], check=True)
    return ROOT / "build" / "lib"


def soname(directory: Path) -> str:
    """The name the library is loaded by: libopenpit.so and the ABI's number."""
    return os.readlink(directory / "libopenpit.so")


class BuildExtension(build_ext):
    """Links the extension against libopenpit and puts that library, and its headers, next to it."""

    def build_extension(self, extension: Extension) -> None:
        directory = library()
        extension.include_dirs.append(str(ROOT / "include"))
        extension.library_dirs.append(str(directory))
        extension.extra_link_args.append(f"-l:{soname(directory)}")
        super().build_extension(extension)
        package = Path(self.get_ext_fullpath(extension.name)).parent
        shutil.copyfile(directory / soname(directory), package / soname(directory))
        for header in HEADERS:
            target = package / "include" / header
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "include" / header, target)


class SourceDistribution(sdist):
    """Takes the Swift sources along."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        for name in NATIVE_SOURCES:
            source, target = ROOT / name, Path(base_dir, "native", name)
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, target)


setup(
    version=VERSION,
    ext_modules=[
        Extension(
            "openpit._openpit",
            sources=sorted(str(path.relative_to(HERE)) for path in (HERE / "src").glob("*.c")),
            depends=[str(path) for path in (HERE / "src").glob("*.h")]
            + [str(ROOT / "include" / path) for path in HEADERS],
            extra_compile_args=["-std=c11", "-O3", "-fvisibility=hidden", "-Wall", "-Wextra"]
            + ["-Wno-missing-field-initializers", "-Wno-cast-function-type", "-Werror=implicit-function-declaration"],
            extra_link_args=["-Wl,-rpath,$ORIGIN", "-Wl,-s"],
        )
    ],
    cmdclass={"build_ext": BuildExtension, "sdist": SourceDistribution},
)
