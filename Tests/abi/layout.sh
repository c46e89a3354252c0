#!/usr/bin/env bash
# The size, alignment and field offsets of every struct in the public headers, as the compiler lays them out, are those written
# down in layout.txt. A difference breaks programs that were compiled before: `make record-layout` accepts it, and the
# diff of layout.txt then shows the change to the reviewer.
source "$(dirname "$0")/check.bash"
expected=Tests/abi/layout.txt

# A record of the compiler's dump starts with its name, goes on with a line a field, the fields of a field indented
# further, and ends with its size. Structs without a name are told apart by the file they stand in, which is cut off.
#          0 | struct openpit_decimal
#          8 |   uint32_t flags
#            | [sizeof=16, align=8]
for header in openpit.h $(cd include && ls openpit/*.h); do echo "#include <$header>"; done |
    clang -x c -std=c11 -fsyntax-only -Iinclude -Xclang -fdump-record-layouts-complete - |
    awk -F ' [|] ' '
        { sub(/ at [^)]*\)/, ")", $2) }
        $2 ~ /^(struct|union) openpit_/ { name = $2; fields = ""; next }
        name != "" && $2 ~ /^  [^ ]/ { fields = fields $1 $2 "\n" }
        name != "" && $2 ~ /^\[sizeof/ { print name " " $2; printf "%s", fields; name = "" }
    ' >"$scratch/actual"

if [ "${1-}" = record ]; then
    cp "$scratch/actual" "$expected"
    exit
fi
holds "every public struct is laid out as layout.txt says" diff -u "$expected" "$scratch/actual"
report
