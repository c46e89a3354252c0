#!/usr/bin/env bash
# Programs that were compiled against an older header run on today's library, and programs of a later header do too. Each
# folder of Tests/abi/older is a released header with a program that makes every call of it; see the README there.
source "$(dirname "$0")/check.bash"
flags="-std=c11 -g -O1 -Wall -Wextra -pedantic -Werror -fsanitize=address,undefined -fno-sanitize-recover=all"

# functions_of HEADER: what it declares, as the compiler writes it.
functions_of() {
    gcc -x c -std=c11 -fsyntax-only -aux-info "$scratch/prototypes" "$1"
    sed -nE 's/^.*openpit\.h:.*\*\/ extern ([^;]*);.*/\1/p' "$scratch/prototypes" | sort -u
}

# constants_of HEADER: its enumerators and numeric macros with their numbers. The version may change, and how many bits there
# are.
constants_of() {
    { echo '#include <stdio.h>' && echo "#include \"$PWD/$1\"" && echo 'int main(void) {' &&
        grep -oE '^#define OPENPIT_[A-Z0-9_]+ [0-9U]|\bOPENPIT_[A-Z0-9_]+ =' "$1" | grep -oE 'OPENPIT_[A-Z0-9_]+' |
        sed '/_ALL_FIELDS/d; /_VERSION_/d; s/.*/printf("& %lld\\n", (long long)&);/' &&
        echo '}'; } >"$scratch/constants.c"
    cc "$scratch/constants.c" -o "$scratch/constants" && "$scratch/constants" | sort -u
}

# longer HEADER: a later version of it, in which every struct that has a size has grown.
longer() {
    awk '/^typedef struct openpit_/ { sized = 0 }
         /^    uint32_t struct_size;/ { sized = 1 }
         sized && /^} openpit_/ { print "    uint64_t added[2];"; grown++ }
         { print }
         END { exit grown == 0 }' "$1"
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

functions_of include/openpit.h >"$scratch/new_functions"
constants_of include/openpit.h >"$scratch/new_constants"

for folder in Tests/abi/older/[0-9]*; do
    version=$(basename "$folder")
    program=$folder/every_call.c
    functions_of "$folder/openpit.h" >"$scratch/old_functions"
    constants_of "$folder/openpit.h" >"$scratch/old_constants"
    mkdir -p "$scratch/longer"
    longer "$folder/openpit.h" >"$scratch/longer/openpit.h"
    holds "every function of $version is declared as it was" nothing_lost "$scratch/old_functions" "$scratch/new_functions"
    holds "every constant of $version has its number" nothing_lost "$scratch/old_constants" "$scratch/new_constants"
    holds "a program of $version compiles against its header" compiled "$folder" "$scratch/program"
    holds "a program of $version is answered as it was" "$scratch/program"
    holds "a program of $version calls every function there was" calls_everything
    holds "a program of a longer $version compiles" compiled "$scratch/longer" "$scratch/longer_program"
    holds "a program of a longer $version is answered the same" "$scratch/longer_program"
done
report
