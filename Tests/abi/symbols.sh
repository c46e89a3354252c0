#!/usr/bin/env bash
# The library exports what the public headers declare: nothing less, nothing more.
source "$(dirname "$0")/check.bash"

nm --dynamic --defined-only --extern-only --format=posix "$library" | awk '{ print $1 }' | sort >"$scratch/exported"

# The compiler's own list of prototypes, so that no layout of the header can mislead us.
gcc -x c -std=c11 -fsyntax-only -aux-info "$scratch/prototypes" include/openpit.h
sed -nE '/include\/openpit[^ :]*\.h:.*\*\/ extern /s/^.*\*\/ extern [^(]*\b(openpit_[a-z0-9_]+) \(.*/\1/p' \
    "$scratch/prototypes" | sort -u >"$scratch/declared"

# empty FILE: succeeds for an empty file, shows it otherwise.
empty() { ! grep . "$1"; }

comm -13 "$scratch/exported" "$scratch/declared" >"$scratch/missing"
comm -23 "$scratch/exported" "$scratch/declared" >"$scratch/private"
holds "the headers declare functions" test -s "$scratch/declared"
holds "every function that the headers declare is exported" empty "$scratch/missing"
holds "nothing is exported that the headers do not declare" empty "$scratch/private"
report
