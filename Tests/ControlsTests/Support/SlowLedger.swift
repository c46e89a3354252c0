import Decimals
import RiskBase

@testable import Controls

/// The ledger as the contract tells it: everything is worked out anew from what there is whenever somebody asks. It shares nothing
/// with the engine but decimals.
struct SlowLedger {
    struct Key: Hashable {
        var account: UInt64
        var instrument: String
    }

    struct Position {
        var quantity = Decimal.zero
        var cost = Decimal.zero
    }

    struct Working {
        var key: Key
        var isBuy: Bool
        var price: Decimal
        var open: Decimal
        var notional: Decimal
    }

    var multipliers: [String: Decimal] = [:]
    var marks: [String: Decimal] = [:]
    var rates: [String: Decimal] = ["USD": Decimal(1 as UInt64)]
    var positions: [Key: Position] = [:]
    var orders: [String: Working] = [:]
    /// By account and asset.
    var realized: [UInt64: [String: Decimal]] = [:]
    var deposits: [UInt64: [String: Decimal]] = [:]
    /// Cash that trades and fees brought, by account and asset, for the sixth invariant.
    var cash: [UInt64: [String: Decimal]] = [:]
    var traded: [UInt64: [String: Decimal]] = [:]
    /// What stood when the day began.
    var dayTotal: [UInt64: [String: Decimal]] = [:]
    var dayTraded: [UInt64: [String: Decimal]] = [:]

    static func asset(_ instrument: String) -> String { String(instrument.split(separator: "/")[1]) }

    // MARK: - What happens

    mutating func accept(_ id: String, _ key: Key, isBuy: Bool, _ quantity: Decimal, _ price: Decimal) {
        let notional = times(quantity, price.magnitude, multiplier(key.instrument)).rounded12
        orders[id] = Working(key: key, isBuy: isBuy, price: price, open: quantity, notional: notional)
    }

    mutating func end(_ id: String) { orders[id] = nil }

    mutating func fill(
        _ id: String?, _ key: Key, isBuy: Bool, _ quantity: Decimal, _ price: Decimal, isTrade: Bool = true
    ) {
        if let id, var order = orders[id] {
            let rest = minus(order.open, quantity)
            order.open = rest.isPositive ? rest : .zero
            order.notional = times(order.open, order.price.magnitude, multiplier(key.instrument)).rounded12
            orders[id] = order.open.isZero ? nil : order
        }
        let (asset, unit) = (Self.asset(key.instrument), times(price, multiplier(key.instrument)))
        let signed = isBuy ? quantity : quantity.negated
        var position = positions[key] ?? Position()
        var rest = signed
        if !position.quantity.isZero && position.quantity.isNegative != signed.isNegative {
            let closesAll = !(quantity < position.quantity.magnitude)
            let closed = closesAll ? position.quantity.magnitude : quantity
            let share =
                closesAll
                ? position.cost
                : times(position.cost, closed).divided(by: position.quantity.magnitude)!.rounded12
            let proceeds = times(unit, closed).rounded12
            let gain = minus(position.quantity.isNegative ? proceeds.negated : proceeds, share)
            add(gain, to: &realized, key.account, asset)
            position.cost = minus(position.cost, share)
            let moved = position.quantity.isNegative ? closed : closed.negated
            position.quantity = plus(position.quantity, moved)
            rest = minus(rest, moved)
        }
        position.quantity = plus(position.quantity, rest)
        position.cost = plus(position.cost, times(unit, rest).rounded12)
        positions[key] = position
        // Each part is paid by itself, as it is booked.
        let closedPart = minus(signed, rest)
        let paid = plus(times(unit, closedPart).rounded12, times(unit, rest).rounded12)
        add(paid.negated, to: &cash, key.account, asset)
        if isTrade {
            add(times(quantity, price.magnitude, multiplier(key.instrument)).rounded12, to: &traded, key.account, asset)
        }
    }

    mutating func pay(_ fee: Decimal, _ account: UInt64, _ asset: String) {
        add(fee.negated, to: &realized, account, asset)
        add(fee.negated, to: &cash, account, asset)
    }

    mutating func set(_ key: Key, _ quantity: Decimal, at average: Decimal) {
        let old = positions[key] ?? Position()
        let cost = quantity.isZero ? .zero : times(quantity, average, multiplier(key.instrument)).rounded12
        positions[key] = Position(quantity: quantity, cost: cost)
        // Set by hand, so it was paid for elsewhere.
        add(minus(old.cost, cost), to: &cash, key.account, Self.asset(key.instrument))
    }

    mutating func deposit(_ amount: Decimal, _ account: UInt64, _ asset: String) {
        add(amount, to: &deposits, account, asset)
    }

    mutating func beginDay(_ accounts: [UInt64]) {
        for account in accounts {
            dayTotal[account] = [:]
            for asset in rates.keys {
                let unrealized = sum(
                    positions.filter { $0.key.account == account && Self.asset($0.key.instrument) == asset }
                ) {
                    minus(value($0.key), $0.value.cost)
                }
                dayTotal[account]![asset] = plus(unrealized, realized[account]?[asset] ?? .zero)
            }
            dayTraded[account] = traded[account] ?? [:]
        }
    }

    // MARK: - What it comes to

    func isValued(_ accounts: Set<UInt64>) -> Bool {
        positions.allSatisfy {
            !accounts.contains($0.key.account) || $0.value.quantity.isZero || marks[$0.key.instrument] != nil
        }
    }

    /// Of a position; one that was never worth anything known is worth what it cost.
    func value(_ key: Key) -> Decimal {
        guard let position = positions[key], !position.quantity.isZero else { return .zero }
        guard let mark = marks[key.instrument] else { return position.cost }
        return times(position.quantity, mark, multiplier(key.instrument)).rounded12
    }

    struct Sums {
        var gross = Decimal.zero
        var up = Decimal.zero
        var down = Decimal.zero
        var long = Decimal.zero
        var short = Decimal.zero
        var credit = Decimal.zero
        var working = Decimal.zero
        var unrealized = Decimal.zero
        var equity = Decimal.zero
        var realizedToday = Decimal.zero
        var totalToday = Decimal.zero
        var turnover = Decimal.zero
        var held = Decimal.zero
        var cells = 0
        var orders = 0
    }

    func sums(of accounts: Set<UInt64>) -> Sums {
        var sums = Sums()
        for (key, cell) in cells where accounts.contains(key.account) {
            let rate = rates[Self.asset(key.instrument)]!
            func add(_ amount: Decimal, _ place: WritableKeyPath<Sums, Decimal>) {
                sums[keyPath: place] = plus(sums[keyPath: place], times(amount, rate))
            }
            let (up, down) = (plus(cell.value, cell.buys), minus(cell.value, cell.sells))
            add(larger(up.magnitude, down.magnitude), \.gross)
            add(up, \.up)
            add(down, \.down)
            add(up.isPositive ? up : .zero, \.long)
            add(down.isNegative ? down.negated : .zero, \.short)
            let costs = (plus(cell.cost, cell.buys), minus(cell.cost, cell.sells))
            add(larger(costs.0.magnitude, costs.1.magnitude), \.credit)
            add(plus(cell.buys, cell.sells), \.working)
            add(minus(cell.value, cell.cost), \.unrealized)
            sums.held = plus(sums.held, cell.quantity.magnitude)
            if !cell.isEmpty { sums.cells += 1 }
            sums.orders += cell.orders
        }
        for account in accounts {
            for (asset, rate) in rates {
                let gained = realized[account]?[asset] ?? .zero
                let start = dayTotal[account]?[asset] ?? .zero
                let unrealized = self.sum(
                    cells.filter { $0.key.account == account && Self.asset($0.key.instrument) == asset }
                ) {
                    minus($0.value.value, $0.value.cost)
                }
                let total = minus(plus(unrealized, gained), start)
                sums.totalToday = plus(sums.totalToday, times(total, rate))
                sums.equity = plus(
                    sums.equity, times(plus(plus(unrealized, gained), deposits[account]?[asset] ?? .zero), rate))
                let turnover = minus(traded[account]?[asset] ?? .zero, dayTraded[account]?[asset] ?? .zero)
                sums.turnover = plus(sums.turnover, times(turnover, rate))
            }
        }
        sums.turnover = plus(sums.turnover, sums.working)
        return sums
    }

    struct CellSums {
        var quantity = Decimal.zero
        var cost = Decimal.zero
        var value = Decimal.zero
        var buys = Decimal.zero
        var sells = Decimal.zero
        var openBuys = Decimal.zero
        var openSells = Decimal.zero
        var orders = 0

        var isEmpty: Bool { quantity.isZero && openBuys.isZero && openSells.isZero }
    }

    var cells: [Key: CellSums] {
        var cells: [Key: CellSums] = [:]
        for (key, position) in positions {
            cells[key, default: CellSums()].quantity = position.quantity
            cells[key]!.cost = position.cost
            cells[key]!.value = value(key)
        }
        for order in orders.values {
            var cell = cells[order.key] ?? CellSums()
            cell.orders += 1
            if order.isBuy {
                cell.buys = plus(cell.buys, order.notional)
                cell.openBuys = plus(cell.openBuys, order.open)
            } else {
                cell.sells = plus(cell.sells, order.notional)
                cell.openSells = plus(cell.openSells, order.open)
            }
            cells[order.key] = cell
        }
        return cells
    }

    // MARK: - Numbers

    private func multiplier(_ instrument: String) -> Decimal { multipliers[instrument] ?? Decimal(1 as UInt64) }

    private func sum<Item>(_ items: some Sequence<Item>, _ amount: (Item) -> Decimal) -> Decimal {
        items.reduce(.zero) { plus($0, amount($1)) }
    }

    private func add(_ amount: Decimal, to table: inout [UInt64: [String: Decimal]], _ account: UInt64, _ asset: String)
    {
        table[account, default: [:]][asset] = plus(table[account]?[asset] ?? .zero, amount)
    }
}

private func plus(_ left: Decimal, _ right: Decimal) -> Decimal { left.adding(right)! }
private func minus(_ left: Decimal, _ right: Decimal) -> Decimal { left.subtracting(right)! }
private func times(_ factors: Decimal...) -> Decimal {
    factors.dropFirst().reduce(factors[0]) { $0.multiplied(by: $1)! }
}
private func larger(_ left: Decimal, _ right: Decimal) -> Decimal { left < right ? right : left }
