#!/usr/bin/env bash
# Every example runs and tells the story written down in examples/expected, the same one in each language.
source "$(dirname "$0")/../abi/check.bash"

# tells STORY COMMAND...: succeeds when the command ends well and prints just that.
tells() {
    local story=$1
    shift
    "$@" >"$scratch/told" && diff -u "$story" "$scratch/told"
}

for source in examples/c/*.c examples/cpp/*.cpp; do
    name=$(basename "${source%.*}")
    holds "$source tells its story" tells "examples/expected/$name.txt" "build/examples/$name-${source##*.}"
done
for source in examples/python/[0-9]*.py; do
    holds "$source tells its story" \
        tells "examples/expected/$(basename "${source%.py}").txt" .venv/bin/python "$source"
done
report
