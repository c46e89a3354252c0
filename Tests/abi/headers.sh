#!/usr/bin/env bash
# Each public header stands alone, in each language and compiler a user may have, without a warning.
source "$(dirname "$0")/check.bash"

# alone HEADER COMPILER LANGUAGE STANDARD
alone() {
    holds "${1#include/} stands alone in $4 with $2" \
        "$2" -x "$3" -std="$4" -Wall -Wextra -pedantic -Wconversion -Wshadow -Werror -Iinclude -fsyntax-only -include "$1" /dev/null
}

for compiler in gcc clang; do
    for header in include/*.h include/openpit/*.h; do
        alone "$header" "$compiler" c c11
    done
    for standard in c++17 c++20; do
        for header in include/*.h include/*.hpp include/openpit/*.h; do
            alone "$header" "$compiler" c++ "$standard"
        done
    done
done
# Each standard is asked with one compiler here; the umbrella above, which has all of them, is asked with both.
for header in include/openpit/*.hpp; do
    alone "$header" gcc c++ c++17
    alone "$header" clang c++ c++20
done

# is_whole SUFFIX: the umbrella includes the headers of the folder, and those only.
is_whole() {
    (cd include && printf '#include "%s"\n' openpit/*"$1") >"$scratch/family"
    grep '^#include' "include/openpit$1" | diff "$scratch/family" -
}
is_listed() {
    for header in include/openpit/*"$1"; do
        grep -q "^ \* ${header#include/}  " "include/openpit$1" || { echo "there is no line for $header"; return 1; }
    done
}
has_a_twin() { [ -e "${1%.h}.hpp" ] && grep -q "^#include \"$(basename "$1")\"" "${1%.h}.hpp"; }

holds "openpit.h includes every header beside it, and nothing else" is_whole .h
holds "openpit.hpp includes every header beside it, and nothing else" is_whole .hpp
holds "openpit.h lists every header beside it" is_listed .h
holds "openpit.hpp lists every header beside it" is_listed .hpp
for header in include/openpit/*.h; do
    holds "${header#include/} has its C++ face beside it" has_a_twin "$header"
done
report
