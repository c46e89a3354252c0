#!/usr/bin/env bash
# Every example runs and tells the story written down in examples/expected: NAME.txt, the same in each language, unless a
# language has a story of its own in NAME-LANGUAGE.txt.
source "$(dirname "$0")/../abi/check.bash"

# tells STORY COMMAND...: succeeds when the command ends well and prints just that.
tells() {
    local story=$1
    shift
    "$@" >"$scratch/told" && diff -u "$story" "$scratch/told"
}

# story SOURCE: where the story of an example is written down.
story() {
    local name=${1##*/} own
    own=examples/expected/${name%.*}-${name##*.}.txt
    if [ -e "$own" ]; then echo "$own"; else echo "examples/expected/${name%.*}.txt"; fi
}

for source in examples/c/*.c examples/cpp/*.cpp; do
    name=$(basename "${source%.*}")
    holds "$source tells its story" tells "$(story "$source")" "build/examples/$name-${source##*.}"
done
for source in examples/python/[0-9]*.py; do
    holds "$source tells its story" tells "$(story "$source")" .venv/bin/python "$source"
done
report
