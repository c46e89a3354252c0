#!/usr/bin/env bash
# A number that came to nothing is no limit, no bound and no price: the Swift library takes no optional in their place.
source "$(dirname "$0")/../abi/check.bash"

swift build --quiet --target OpenPit
modules=$(swift build --show-bin-path)/Modules

# typechecks EXPRESSION: does it compile in a program that uses the package?
typechecks() {
    cat >"$scratch/program.swift" <<PROGRAM
import OpenPit
func use(_ number: Decimal, _ optional: Decimal?, _ account: AccountId, _ asset: Asset) throws {
    var limit = OrderSizeLimit(quantityMax: 1), bounds = PnlBounds(lower: 1), order = Order(price: 1)
    _ = (limit, bounds, order)
    (limit, bounds, order) = (limit, bounds, order)
    $1
}
PROGRAM
    swiftc -swift-version 6 -typecheck -suppress-warnings -I "$modules" -I Sources/CPlatform/include "$scratch/program.swift"
}

# takes_no_optional CALL: the call, with NUMBER for a number, takes one, and not an optional one.
takes_no_optional() {
    local calls="" call
    for call in "$@"; do calls+="_ = ${call//NUMBER/number}"$'\n'; done
    holds "limits, bounds and prices are numbers" typechecks "$calls"
    for call in "$@"; do
        holds "${call//NUMBER/an optional} does not compile" refuses "_ = ${call//NUMBER/optional}"
    done
}

refuses() { ! typechecks "$1"; }

takes_no_optional 'OrderSizeLimit(quantityMax: NUMBER)' 'OrderSizeLimit(notionalMax: NUMBER)' \
    'OrderSizeLimit(quantityMax: NUMBER, notionalMax: 1)' 'PnlBounds(lower: NUMBER)' 'PnlBounds(upper: NUMBER)' \
    'Order(price: NUMBER)' 'BoundedChange(.delta(1), lower: NUMBER)' \
    'SpotFundsPositionLimit(account: account, asset: asset, limit: NUMBER)'
holds "a price cannot be taken away from an order" refuses 'order.price = optional'
holds "a text is no number before somebody asked" refuses '_ = Order(price: Decimal("185,50"))'
holds "a text cannot be tried in the place of a price" refuses '_ = Order(price: try? Decimal(parsing: "185,50"))'
report
