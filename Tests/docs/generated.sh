#!/usr/bin/env bash
# What is made of the lists in tools/lists is as they say, and a list that cannot be right is refused.
source "$(dirname "$0")/../abi/check.bash"
made="include/openpit Sources/RiskBase/Generated Sources/OpenPitABI/Generated bindings/python/src/errors.c
      bindings/python/openpit/pretrade/_codes.py bindings/python/openpit/_lists.py docs/reject-codes.md docs/statuses.md
      docs/metrics.md docs/controls/metrics"

# with LIST EXPRESSION: a copy of the lists and of what is made of them, one list edited.
with() {
    rm -rf "$scratch/copy" && mkdir "$scratch/copy" && cp -r --parents tools/lists $made "$scratch/copy" &&
        sed -i "$2" "$scratch/copy/tools/lists/$1.toml" && ! diff -q "tools/lists/$1.toml" "$scratch/copy/tools/lists/$1.toml"
}
generate() { tools/generate.py --root "$scratch/copy" "$@"; }

# reaches WORD...: writes what is stale, and then each word stands in some file and nothing is stale.
reaches() {
    ! generate --check && generate && generate --check || return 1
    for word in "$@"; do grep -rqF -e "$word" "$scratch/copy" --exclude-dir=lists || { echo "nowhere: $word"; return 1; }; done
}
new_code() {
    with reject-codes '/number = 42,/a { number = 43, name = "TooManyLegs", meaning = "the order has \\"legs\\"", evaluation_failure = true },' &&
        reaches 'OPENPIT_REJECT_TOO_MANY_LEGS = 43,' 'TooManyLegs = OPENPIT_REJECT_TOO_MANY_LEGS,' 'case tooManyLegs = 43' \
            '.tooManyLegs: "the order has \"legs\""' 'TOO_MANY_LEGS = "TooManyLegs"' 'RejectCode.TOO_MANY_LEGS,' '| 43 | `TooManyLegs` |'
}
new_status() {
    with statuses '/number = 86,/a { number = 87, name = "TOO_QUIET", sentence = "it is too quiet", note = "why", raises = "ValueError" },' &&
        reaches 'OPENPIT_STATUS_TOO_QUIET = 87, ' 'TooQuiet = OPENPIT_STATUS_TOO_QUIET,' 'case tooQuiet = 87' \
            '.tooQuiet: "it is too quiet"' '{OPENPIT_STATUS_TOO_QUIET, VALUE_ERROR, NULL},' '| 87 | `TOO_QUIET` |'
}
new_metric() {
    with metrics '/number = 51,/a { number = 52, name = "order_legs", unit = "orders", family = "order", bounds = "upper", scope = "any", code = "OrderExceedsLimit", value = "legs" },' &&
        ! generate --check &&
        sed -i '$i { name = "order_legs", formula = "legs", given = "2", numbers = [["3", "(3, 2)"]] },' "$scratch/copy/tools/lists/metric-pages.toml" &&
        reaches 'OPENPIT_METRIC_ORDER_LEGS = 52' 'OrderLegs = OPENPIT_METRIC_ORDER_LEGS,' 'case orderLegs = 52' '.orderLegs: "order_legs"' \
            'Metric(number=52, name="order_legs"' '| 52 | [`order_legs`](controls/metrics/order_legs.md) |' '# order_legs'
}
new_word() {
    with words '/name = "halt", note/a { number = 7, name = "call_home" },' &&
        reaches 'OPENPIT_LIMIT_ACTION_CALL_HOME = 7' 'CallHome = OPENPIT_LIMIT_ACTION_CALL_HOME,' 'case callHome = 7' '"halt", "call_home")'
}
edited_by_hand() {
    with statuses '1i #' && sed -i 's/OPENPIT_STATUS_DESTROYED = 15/OPENPIT_STATUS_DESTROYED = 16/' "$scratch/copy/include/openpit/base.h" &&
        ! generate --check
}
is_refused() { with "$1" "$2" && ! generate && ! generate --check; }

# missing: nothing is written when a file has lost its place.
missing() {
    with statuses 's/success/nothing went wrong/' && sed -i '/generated: statuses/d' "$scratch/copy/include/openpit/base.h" &&
        ! generate && ! grep -rq 'nothing went wrong' "$scratch/copy" --exclude-dir=lists
}

holds "what is made of the lists is as they say" tools/generate.py --check
holds "a new reject code is one line, and reaches every language" new_code
holds "a new status is one line, and reaches every language" new_status
holds "a new metric is one line and a page, and reaches every language" new_metric
holds "a new word is one line, and reaches every language" new_word
holds "what somebody edited by hand is stale" edited_by_hand
holds "a number that is used twice is refused" is_refused reject-codes 's/number = 42,/number = 41,/'
holds "a name that is used twice is refused" is_refused reject-codes 's/"TooLateToEnter"/"ExchangeClosed"/'
holds "a name in another spelling is refused" is_refused statuses 's/"NOT_FOUND"/"NotFound"/'
holds "a code without a meaning is refused" is_refused reject-codes 's/, meaning = "the exchange is closed"//'
holds "a key that nobody knows is refused" is_refused reject-codes 's/used_by = "rate limit"/usedby = "rate limit"/'
holds "a value of another type is refused" is_refused reject-codes 's/evaluation_failure = true/evaluation_failure = 1/'
holds "an exception that the extension cannot raise is refused" is_refused statuses 's/"MemoryError"/"OSError"/'
holds "a metric without a page is refused" is_refused metric-pages '/name = "price_tick"/d'
holds "a page with a key that nobody knows is refused" is_refused metric-pages 's/formula = "quantity"/formla = "quantity"/'
holds "a metric of a family that is not there is refused" is_refused metrics 's/family = "count"/family = "counts"/'
holds "a metric with a parameter that is not there is refused" is_refused metrics 's/keys = \["model"\]/keys = ["modl"]/'
holds "a metric with a code that is not there is refused" is_refused metrics 's/code = "InsufficientMargin"/code = "InsufficientMargins"/'
holds "a parameter whose default is none of its values is refused" is_refused parameters 's/default = \["sliding"\]/default = ["slide"]/'
holds "a section with a key that nobody knows is refused" is_refused statuses 's/^title = "Names."/titel = "Names."/'
holds "a list under another key is refused" is_refused reject-codes 's/^code = /codes = /'
holds "a note that is too long for its line is refused" is_refused statuses 's/note = "not finite/note = "not finite at all, in any of the ways in which a number of this kind may be so, or not a number, or infinite/'
holds "a list that is cut off is refused" is_refused statuses '$d'
holds "a file that has lost its place is refused, and nothing is written" missing
report
