#!/usr/bin/env bash
# Prints the line coverage of Sources by the Swift tests, then the files below the given percentage.
set -euo pipefail
cd "$(dirname "$0")/.."
threshold=$1

swift test --disable-xctest --enable-code-coverage
data=$(dirname "$(swift test --show-codecov-path)")/default.profdata
tests=$(ls .build/debug/*.xctest | head -n 1)
# The one of the toolchain, because the format of the data changes with the compiler.
llvm_cov=$(dirname "$(readlink -f "$(command -v swift)")")/llvm-cov
report=$("$llvm_cov" report "$tests" -instr-profile "$data" Sources)
report=${report//"$PWD/"/}

# The columns: file, regions (3), functions (3), lines, missed lines, line coverage, ...
echo "$report" | awk '$10 ~ /%$/ { printf "%8s  %s\n", $10, $1 }'
echo "$report" | awk -v threshold="$threshold" '
    $10 ~ /%$/ && $1 != "TOTAL" && $10 + 0 < threshold { if (!n++) print "below " threshold " %:"; print "  " $1 " " $10 }
    END { if (!n) print "every file has at least " threshold " %" }'
