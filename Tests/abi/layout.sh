#!/usr/bin/env bash
# The size, alignment and field offsets of every struct behind openpit.h, as the compiler lays them out, are those written
# down in layout.txt: `make record-layout` accepts a difference, and the diff of layout.txt then shows the change to the
# reviewer. Beside each older header lies the layout.txt it had, and what that says holds for ever.
source "$(dirname "$0")/check.bash"
expected=Tests/abi/layout.txt
for header in openpit.h $(cd include && ls openpit/*.h); do echo "#include <$header>"; done >"$scratch/all.h"

# A record of the compiler's dump starts with its name, goes on with a line a field, the fields of a field indented
# further, and ends with its size. Structs without a name are told apart by the file they stand in, which is cut off.
#          0 | struct openpit_decimal
#          8 |   uint32_t flags
#            | [sizeof=16, align=8]
layout_of() {
    clang -x c -std=c11 -fsyntax-only -Iinclude -Xclang -fdump-record-layouts-complete "$1" |
        awk -F ' [|] ' '
            { sub(/ at [^)]*\)/, ")", $2) }
            $2 ~ /^(struct|union) openpit_/ { name = $2; fields = ""; next }
            name != "" && $2 ~ /^  [^ ]/ { fields = fields $1 $2 "\n" }
            name != "" && $2 ~ /^\[sizeof/ { print name " " $2; printf "%s", fields; name = "" }
        '
}

# kept OLD NEW: every struct of the one is in the other as it was, but that one with a struct_size may have new fields
# behind what it had. Behind means where its caller's struct ends: padding would hold what nobody has set.
kept() {
    awk '
        FNR == 1 { file++ }
        /^struct / { name = $2; match($0, /sizeof=[0-9]+/); size[file, name] = substr($0, RSTART + 7, RLENGTH - 7); next }
        { fields[file, name] = fields[file, name] $0 "\n" }
        function breaks(why) { print name ": " why; broken = 1 }
        END {
            for (key in size) {
                split(key, part, SUBSEP); name = part[2]
                if (part[1] != 1) continue
                old = fields[1, name]; new = fields[2, name]; added = substr(new, length(old) + 1)
                if (!((2, name) in size)) breaks("is gone")
                else if (index(new, old) != 1) breaks("has other fields")
                else if (added == "" && size[1, name] != size[2, name]) breaks("is padded")
                else if (added != "" && old !~ /^ *0 *uint32_t struct_size\n/) breaks("has grown, and nothing says its size")
                else if (added != "" && added + 0 != size[1, name]) breaks("has a new field where padding was")
                else checked++
            }
            exit broken || !checked
        }' "$1" "$2"
}

layout_of "$scratch/all.h" >"$scratch/actual"
if [ "${1-}" = record ]; then
    cp "$scratch/actual" "$expected"
    exit
fi
holds "every public struct is laid out as layout.txt says" diff -u "$expected" "$scratch/actual"
holds "no public struct has padding" clang -x c -std=c11 -fsyntax-only -Iinclude -Wpadded -Werror "$scratch/all.h"
for folder in Tests/abi/older/[0-9]*; do
    version=$(basename "$folder")
    layout_of "$folder/openpit.h" >"$scratch/old"
    holds "the layout of $version is that of its header" diff -u "$folder/layout.txt" "$scratch/old"
    holds "what the structs of $version had is where it was" kept "$scratch/old" "$scratch/actual"
done
report
