#!/usr/bin/env bash
# The scenario in which memory is refused touches every function there is.
source "$(dirname "$0")/check.bash"
scenario=Tests/memory/refused.c

# missing: the functions that the headers declare and the scenario does not call.
missing() {
    comm -23 <(cat include/openpit/*.h | sed -n '/^OPENPIT_API/{:more;/;/!{N;b more};p}' | grep -oE '\bopenpit_[a-z0-9_]+\(' | sort -u) \
        <(grep -oE '\bopenpit_[a-z0-9_]+\(' "$scenario" | sort -u)
}

none_missing() { [ -z "$(missing)" ] || { missing && false; }; }

holds "memory is refused in every function of the headers" none_missing
report
