#!/usr/bin/env bash
# What the compiler does not say about where things are, looked up in the sources.
source "$(dirname "$0")/check.bash"

# nowhere_but PATTERN FOLDER FILE...: that no other file of the folder has a line with PATTERN.
nowhere_but() {
    local pattern=$1 folder=$2
    shift 2
    ! grep -rnE --include='*.swift' --include='*.c' --include='*.h' "$pattern" "$folder" |
        grep -vE "^($(IFS='|'; echo "${*:-none}"))"
}

holds "the core asks for a release where its rules are chosen, and nowhere else" \
    nowhere_but '\.level7|\.level10|isLater' Sources Sources/RiskCore/Pipeline/Compatibility.swift \
    'Sources/RiskCore/Pipeline/EngineBuilder.swift:[0-9]+:.*compatibility: Compatibility = .level7' \
    'Sources/OpenPit/RiskEngineBuilder.swift:[0-9]+:.*compatibility: Compatibility = .level7' \
    'Sources/OpenPitABI/Engine/Builders.swift:[0-9]+:.*var compatibility = Compatibility.level7'
holds "the extension does so where its own rules are chosen" \
    nowhere_but 'OPENPIT_COMPATIBILITY_|is_later' bindings/python/src bindings/python/src/shared_engine.c \
    'bindings/python/src/builder.c:[0-9]+:.*choices'  'bindings/python/src/builder.c:[0-9]+:.*EngineChoices'
holds "policies are told apart in one file, and the core knows spot funds by name there and in their own folder" \
    nowhere_but '[sS]pot.?[fF]unds' Sources/RiskCore Sources/RiskCore/Funds/ Sources/RiskCore/Pipeline/PolicyKind.swift
holds "no floor below the core knows spot funds, but for the numbers of commands" \
    nowhere_but '[sS]pot.?[fF]unds' Sources/RiskBase Sources/RiskBase/Records/CommandKind.swift
holds "nor do market data and controls" \
    nowhere_but '[sS]pot.?[fF]unds' Sources/Market
holds "texts of the reference package's own language are in its extension" \
    nowhere_but 'openpit::|full_sync' Sources
report
