#!/usr/bin/env bash
# Each public header stands alone, in each language and compiler a user may have, without a warning.
source "$(dirname "$0")/check.bash"

# alone HEADER COMPILER LANGUAGE STANDARD
alone() {
    holds "$(basename "$1") stands alone in $4 with $2" \
        "$2" -x "$3" -std="$4" -Wall -Wextra -pedantic -Wconversion -Wshadow -Werror -Iinclude -fsyntax-only -include "$1" /dev/null
}

for compiler in gcc clang; do
    for header in include/openpit.h include/openpit/*.h; do
        alone "$header" "$compiler" c c11
    done
    for standard in c++17 c++20; do
        for header in include/*.h* include/openpit/*; do
            alone "$header" "$compiler" c++ "$standard"
        done
    done
done
report
