#!/usr/bin/env bash
# How many instructions a step of the check path takes, counted by valgrind in two runs of different length, so that start
# and end cancel out. Unlike a time, the count is the same on a busy machine. The bounds are in bench/budgets.json.
source "$(dirname "$0")/check.bash"
short=1000
long=6000

# run_of STEP COUNT: the instructions that a whole run takes.
run_of() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null build/bench/repeat "$1" "$2" 2>&1 |
        sed -n 's/^==[0-9]*== Collected : \([0-9]*\)$/\1/p'
}

# once_of STEP: the instructions that one step takes, counted once.
once_of() { echo $((($(run_of "$1" $long) - $(run_of "$1" $short)) / (long - short))); }

# count_of STEP: the median of five counts. Each process hashes with a secret of its own, so that now and then two keys of the
# workload meet in a table, and a search takes a few instructions more.
count_of() { for _ in 1 2 3 4 5; do once_of "$1"; done | sort -n | sed -n 3p; }

# budget KEY: a bound.
budget() { python3 -c 'import json, sys; print(json.load(open("bench/budgets.json"))["instructions"][sys.argv[1]])' "$1"; }

# at_most NUMBER BOUND: also refuses a count of nothing, which is none.
at_most() { awk -v number="$1" -v bound="$2" 'BEGIN { exit !(0 < number && number <= bound) }'; }

accepted=$(count_of accepted)
rejected=$(count_of rejected)
executed=$(count_of report)
accepted_funds=$(count_of accepted_funds)
filled=$(count_of fill_funds)
limited=$(count_of limits_cancel)
limited_fill=$(count_of limits_fill)
holds "an accepted order, committed, takes $accepted instructions, of $(budget accepted)" \
    at_most "$accepted" "$(budget accepted)"
holds "a rejected order takes $rejected instructions, of $(budget rejected_per_accepted) times an accepted one" \
    at_most "$rejected" "$(awk "BEGIN { print $accepted * $(budget rejected_per_accepted) }")"
holds "an execution report takes $executed instructions, of $(budget report)" at_most "$executed" "$(budget report)"
holds "an order for which funds are set aside takes $accepted_funds instructions, of $(budget accepted_funds)" \
    at_most "$accepted_funds" "$(budget accepted_funds)"
holds "a fill that is settled takes $filled instructions, of $(budget fill_funds)" \
    at_most "$filled" "$(budget fill_funds)"
holds "an order past 20 limits, and its cancel, take $limited instructions, of $(budget limits_cancel)" \
    at_most "$limited" "$(budget limits_cancel)"
holds "an order past 20 limits, and its fill, take $limited_fill instructions, of $(budget limits_fill)" \
    at_most "$limited_fill" "$(budget limits_fill)"
report
