#!/usr/bin/env bash
# Programs that were compiled against an older header run on today's library, and programs of a later header do too. Each
# folder of Tests/abi/older is a released header with a program that makes every call of it; see the README there.
source "$(dirname "$0")/check.bash"
flags="-std=c11 -g -O1 -Wall -Wextra -pedantic -Werror -fsanitize=address,undefined -fno-sanitize-recover=all"

# headers_of FOLDER: openpit.h, and the headers it includes since it is an umbrella.
headers_of() { find "$1" -name '*.h' | sort; }

# functions_of FOLDER: what its openpit.h declares, as the compiler writes it.
functions_of() {
    gcc -x c -std=c11 -fsyntax-only -aux-info "$scratch/prototypes" "$1/openpit.h"
    sed -nE 's/^.*openpit[^ :]*\.h:.*\*\/ extern ([^;]*);.*/\1/p' "$scratch/prototypes" | sort -u
}

# constants_of FOLDER: its enumerators and numeric macros with their numbers. The version may change, and how many bits there
# are.
constants_of() {
    { echo '#include <stdio.h>' && echo "#include \"$PWD/$1/openpit.h\"" && echo 'int main(void) {' &&
        headers_of "$1" | xargs grep -ohE '^#define OPENPIT_[A-Z0-9_]+ [0-9U]|\bOPENPIT_[A-Z0-9_]+ =' | grep -oE 'OPENPIT_[A-Z0-9_]+' |
        sed '/_ALL_FIELDS/d; /_VERSION_/d; s/.*/printf("& %lld\\n", (long long)&);/' &&
        echo '}'; } >"$scratch/constants.c"
    cc "$scratch/constants.c" -o "$scratch/constants" && "$scratch/constants" | sort -u
}

# longer FOLDER TARGET: a later version of its headers, in which every struct that has a size has grown.
longer() {
    local header
    for header in $(cd "$1" && headers_of .); do
        mkdir -p "$(dirname "$2/$header")"
        awk '/^typedef struct openpit_/ { sized = 0 }
             /^    uint32_t struct_size;/ { sized = 1 }
             sized && /^} openpit_/ { print "    uint64_t added[2];" }
             { print }' "$1/$header" >"$2/$header"
    done
    grep -rqF "added[2];" "$2"
}

# nothing_lost OLD NEW: every line of the one stands in the other.
nothing_lost() { [ -s "$1" ] && ! comm -23 "$1" "$2" | grep .; }

# compiled FOLDER PROGRAM: the program of a header in a folder. Functions are bound when they are called first.
compiled() {
    cc $flags -I"$1" "$program" -o "$2" -Wl,-z,lazy -Lbuild/lib -lopenpit -Wl,-rpath,"$PWD/build/lib"
}

# calls_everything: whether the older program calls what its header declares; shows what it does not.
calls_everything() {
    LD_DEBUG=bindings LD_DEBUG_OUTPUT="$scratch/bindings" "$scratch/program" >/dev/null || return 1
    grep -hoE "symbol .openpit_[a-z0-9_]+" "$scratch"/bindings.* | grep -oE 'openpit_[a-z0-9_]+' | sort -u >"$scratch/called"
    grep -oE 'openpit_[a-z0-9_]+ \(' "$scratch/old_functions" | tr -d ' (' | sort -u >"$scratch/declared"
    nothing_lost "$scratch/declared" "$scratch/called"
}

functions_of include >"$scratch/new_functions"
constants_of include >"$scratch/new_constants"

for folder in Tests/abi/older/[0-9]*; do
    version=$(basename "$folder")
    program=$folder/every_call.c
    functions_of "$folder" >"$scratch/old_functions"
    constants_of "$folder" >"$scratch/old_constants"
    rm -rf "$scratch/longer"
    longer "$folder" "$scratch/longer" || exit 1
    holds "every function of $version is declared as it was" nothing_lost "$scratch/old_functions" "$scratch/new_functions"
    holds "every constant of $version has its number" nothing_lost "$scratch/old_constants" "$scratch/new_constants"
    holds "a program of $version compiles against its header" compiled "$folder" "$scratch/program"
    holds "a program of $version is answered as it was" "$scratch/program"
    holds "a program of $version calls every function there was" calls_everything
    holds "a program of a longer $version compiles" compiled "$scratch/longer" "$scratch/longer_program"
    holds "a program of a longer $version is answered the same" "$scratch/longer_program"
done
report
