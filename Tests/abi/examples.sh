#!/usr/bin/env bash
# Every example runs and tells the story written down in examples/expected, the same one in each language.
source "$(dirname "$0")/check.bash"

# tells PROGRAM STORY: succeeds when the program ends well and prints just that.
tells() { "$1" >"$scratch/told" && diff -u "$2" "$scratch/told"; }

for source in examples/c/*.c examples/cpp/*.cpp; do
    name=$(basename "${source%.*}")
    holds "$source tells its story" tells "build/examples/$name-${source##*.}" "examples/expected/$name.txt"
done
report
