#!/usr/bin/env bash
# Prints the line coverage of Sources by the Swift tests and by the C and C++ programs of Tests/abi, then the files below
# the given percentage.
set -euo pipefail
cd "$(dirname "$0")/.."
threshold=$1
library=.build/coverage/debug
# The tools of the toolchain, because the format of the data changes with the compiler.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

swift test --disable-xctest --enable-code-coverage
swift_data=$(dirname "$(swift test --show-codecov-path)")/default.profdata
tests=$(ls .build/debug/*.xctest | head -n 1)

swift build --scratch-path "${library%/*}" --product openpit -Xswiftc -profile-generate -Xswiftc -profile-coverage-mapping
programs=()
for source in Tests/abi/*.c Tests/abi/*.cpp; do
    program=$scratch/${source##*/}
    cc -Iinclude "$source" -o "$program" -L"$library" -Wl,-rpath,"$PWD/$library" -lopenpit -lstdc++ -pthread
    programs+=("$program")
done
LLVM_PROFILE_FILE=$scratch/%p.profraw Tests/abi/run "${programs[@]}"

"$tools/llvm-profdata" merge "$swift_data" "$scratch"/*.profraw -o "$scratch/profdata"
report=$("$tools/llvm-cov" report "$tests" -object "$library/libopenpit.so" -instr-profile "$scratch/profdata" Sources)
report=${report//"$PWD/"/}

# The columns: file, regions (3), functions (3), lines, missed lines, line coverage, ...
echo "$report" | awk '$10 ~ /%$/ { printf "%8s  %s\n", $10, $1 }'
echo "$report" | awk -v threshold="$threshold" '
    $10 ~ /%$/ && $1 != "TOTAL" && $10 + 0 < threshold { if (!n++) print "below " threshold " %:"; print "  " $1 " " $10 }
    END { if (!n) print "every file has at least " threshold " %" }'
