#!/usr/bin/env bash
# The file VERSION is the one source of the version; every other place that has to state it says the same.
source "$(dirname "$0")/check.bash"
version=$(<VERSION)

# number NAME: the number that openpit/base.h defines NAME as.
number() { sed -n "s/^#define OPENPIT_VERSION_$1  *\([0-9][0-9]*\).*/\1/p" include/openpit/base.h; }

# stated PATTERN FILE: the version in the first line of FILE that PATTERN matches.
stated() { sed -n "s/$1/\1/p" "$2" | head -n 1; }

holds "openpit/base.h states the version" test "$(number MAJOR).$(number MINOR).$(number PATCH)" = "$version"
holds "CHANGELOG.md has a section for it" test "$(stated '^## \[\([0-9].*\)\].*' CHANGELOG.md)" = "$version"
holds "the Python package takes it from there" grep -q '(ROOT / "VERSION").read_text()' bindings/python/setup.py
holds "the facades take it from there" grep -q "VERSION" bindings/axon_quant/setup.py bindings/riskengine/setup.py bindings/trade_engine/setup.py
report
