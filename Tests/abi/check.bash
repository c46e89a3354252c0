# What the test scripts in this directory share. They run in the root of the repository.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
library=build/lib/libopenpit.so
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failures=0

# holds SENTENCE COMMAND...: one test, which passes when the command succeeds.
holds() {
    local sentence=$1
    shift
    if output=$("$@" 2>&1); then
        echo "ok - $sentence"
    else
        echo "not ok - $sentence"
        sed 's/^/    /' <<<"$output"
        failures=$((failures + 1))
    fi
}

# report: how a script ends.
report() { [ "$failures" -eq 0 ]; }
