#!/usr/bin/env bash
# Modules import downwards only. Each is compiled here with nothing but the modules below it in reach, and each of them is then made to
# import the one above, which must not compile.
source "$(dirname "$0")/check.bash"
modules=(Decimals RiskBase Market Controls RiskCore)
flags=(-swift-version 6 -package-name openpit -parse-as-library -I Sources/CPlatform/include -I "$scratch")

# emit MODULE: makes the module for those above it.
emit() {
    find "Sources/$1" -name '*.swift' -print0 | xargs -0 swiftc "${flags[@]}" -module-name "$1" \
        -emit-module -emit-module-path "$scratch/$1.swiftmodule"
}

# upwards MODULE OTHER: that a file of MODULE which imports OTHER is refused, and for that reason.
upwards() {
    echo "import $2" >"$scratch/upwards.swift"
    ! said=$(swiftc "${flags[@]}" -module-name "$1" -typecheck "$scratch/upwards.swift" 2>&1) && grep -q "no such module '$2'" <<<"$said"
}

for ((floor = 0; floor + 1 < ${#modules[@]}; floor++)); do
    holds "${modules[floor]} does not import ${modules[floor + 1]}" upwards "${modules[floor]}" "${modules[floor + 1]}"
    [ "$floor" -lt 3 ] || break # nobody above is asked, so nobody needs the module
    holds "${modules[floor]} compiles with what is below it" emit "${modules[floor]}"
done
report
