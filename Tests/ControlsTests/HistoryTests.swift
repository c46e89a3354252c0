import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import Controls

/// Random histories, in which the engine's sums are compared with a slow model after each step.
@Suite struct `Histories` {
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `leave the sums that are worked out anew`(seed: UInt64) throws {
        var history = try History(seed: seed)
        for step in 0..<120 {
            let said = history.step()
            history.check("seed \(seed), step \(step): \(said)")
            #expect(history.desk.limits.pointee.checkInvariants() == nil, "seed \(seed), step \(step): \(said)")
        }
        history.endAllOrders()
        history.check("seed \(seed), when all orders have ended")
        #expect(history.slow.orders.isEmpty)
    }

    @Test func `cost an order the same with one position or with a thousand`() throws {
        var visits: [Int] = []
        for count in [1, 1000] {
            let desk = try MoneyDesk(equities: [7: "1000000000"])
            for metric in [Metric.grossExposure, .leverage, .totalPnl, .drawdown, .equity] {
                desk.limit(metric, each: .account) { $0.isUnlimited = true }
            }
            desk.limit(.concentration, each: [.account, .instrument], upper: "1000")
            for number in 0..<count {
                desk.quote("10", of: "I\(number)/USD")
                desk.hold("1", at: "10", of: "I\(number)/USD")
            }
            #expect(desk.order(.buy, "1", "10", of: "I0/USD") == [])
            // All that an order looks at is its own cell, and the books of its own nodes, one for each asset.
            var books = 0
            for shape in desk.limits.pointee.shapes.contents {
                var values = KeyValues()
                values[.account] = 7
                values[.instrument] = desk.row("I0/USD").pointee.number
                shape.pointee.find(values)?.forEachBook { _ in books += 1 }
            }
            visits.append(desk.limits.pointee.ledger.found.count + books)
        }
        #expect(visits[0] == visits[1])
    }
}

private struct History {
    var random: SplitMix64
    let desk: MoneyDesk
    var slow = SlowLedger()
    var peaks: [UInt64: Decimal] = [:]
    var count = 0
    var groups: [UInt64: UInt32] = [1: 1, 2: 1, 3: 2]

    static let accounts: [UInt64] = [1, 2, 3]
    static let instruments = ["A/USD", "B/USD", "C/EUR"]
    static let metrics: [Metric] = [
        .grossExposure, .netExposure, .longExposure, .shortExposure, .credit, .workingNotional, .unrealizedPnl, .equity,
        .realizedPnl, .totalPnl, .accumulatedNotional, .workingOrders, .positionCount, .drawdown,
    ]

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        desk = try MoneyDesk(equities: [1: "1000", 2: "2000", 3: "3000"], groups: groups)
        desk.row("B/USD").pointee.multiplier = decimal("50")
        slow.multipliers["B/USD"] = decimal("50")
        // A rate by which nothing is rounded: a sum is rounded once for each asset, and the model adds up differently.
        slow.rates["EUR"] = decimal("2")
        desk.quote("2", of: "EUR/USD")
        for account in Self.accounts {
            slow.deposit(decimal("\(account)000"), account, "USD")
            peaks[account] = decimal("\(account)000")
        }
        for metric in Self.metrics {
            desk.limit(metric, name: "firm \(metric)") { limit in
                limit.isUnlimited = true
                limit.currency = desk.asset("USD")
            }
            desk.limit(metric, each: .account, name: "account \(metric)") { $0.isUnlimited = true }
        }
        for metric in [Metric.grossExposure, .credit, .equity, .workingNotional] {
            desk.limit(metric, each: .group, name: "group \(metric)") { $0.isUnlimited = true }
        }
    }

    // MARK: - Steps

    mutating func step() -> String {
        let account = random.element(of: Self.accounts)
        let key = SlowLedger.Key(account: account, instrument: random.element(of: Self.instruments))
        switch random.next(below: 15) {
        case 0...3: return order(key)
        case 4: return rollBack(key)
        case 5...7: return fill()
        case 8: return unknownFill(key)
        case 9: return cancel()
        case 10: return fee(key)
        case 11: return adjust(key)
        case 12: return deposit(account)
        case 13: return random.once(in: 3) ? move(account) : day()
        default: return quote(key.instrument)
        }
    }

    private mutating func amount(below bound: UInt64 = 2000) -> Decimal {
        Decimal(low: random.next(below: bound) + 1, high: 0, scale: 2, isNegative: false)!
    }

    private mutating func order(_ key: SlowLedger.Key) -> String {
        count += 1
        let (side, quantity, price) = (random.once(in: 2) ? Side.buy : .sell, amount(), amount())
        let refusals = desk.order(
            side, quantity.description, price.description, id: "o\(count)", of: key.instrument, account: key.account)
        if refusals.isEmpty { slow.accept("o\(count)", key, isBuy: side == .buy, quantity, price) }
        return "order \(key) \(side) \(quantity) @ \(price): \(refusals)"
    }

    private mutating func rollBack(_ key: SlowLedger.Key) -> String {
        let before = desk.used("account grossExposure", account: key.account)
        let said = order(key)
        guard slow.orders["o\(count)"] != nil else { return said }
        desk.rollBack("o\(count)")
        slow.end("o\(count)")
        // An account that nobody had seen stands at nothing from now on.
        if let before { #expect(desk.used("account grossExposure", account: key.account) == before) }
        return "\(said), and back"
    }

    private mutating func fill() -> String {
        guard let id = slow.orders.keys.sorted().randomElement(using: &random), let order = slow.orders[id] else {
            return ""
        }
        let quantity = random.once(in: 3) ? order.open : amount()
        let price = amount()
        desk.report(
            id, trade: (price.description, quantity.description), side: order.isBuy ? .buy : .sell,
            of: order.key.instrument,
            account: order.key.account)
        slow.fill(id, order.key, isBuy: order.isBuy, quantity, price)
        return "fill \(id) \(order.key) \(quantity) @ \(price)"
    }

    private mutating func unknownFill(_ key: SlowLedger.Key) -> String {
        let (side, quantity, price) = (random.once(in: 2) ? Side.buy : .sell, amount(), amount())
        let isBust = random.once(in: 4)
        desk.report(
            nil, isBust ? .tradeCancel : nil, trade: (price.description, quantity.description), side: side,
            of: key.instrument, account: key.account)
        slow.fill(nil, key, isBuy: (side == .buy) != isBust, quantity, price, isTrade: !isBust)
        return "\(isBust ? "bust" : "fill") \(key) \(side) \(quantity) @ \(price)"
    }

    private mutating func cancel() -> String {
        guard let id = slow.orders.keys.sorted().randomElement(using: &random) else { return "" }
        end(id)
        return "cancel \(id)"
    }

    private mutating func end(_ id: String) {
        guard let order = slow.orders[id] else { return }
        desk.report(id, .cancelled, of: order.key.instrument, account: order.key.account)
        slow.end(id)
    }

    mutating func endAllOrders() {
        for id in slow.orders.keys.sorted() { end(id) }
    }

    private mutating func fee(_ key: SlowLedger.Key) -> String {
        let (amount, asset) = (amount(below: 100), random.once(in: 2) ? "USD" : "EUR")
        desk.report(fee: (amount.description, asset), of: key.instrument, account: key.account)
        slow.pay(amount, key.account, asset)
        return "fee \(key) \(amount) \(asset)"
    }

    private mutating func adjust(_ key: SlowLedger.Key) -> String {
        let quantity = random.once(in: 3) ? .zero : random.once(in: 2) ? amount() : amount().negated
        let average = amount()
        let good = desk.position(.absolute(quantity), at: average.description, of: key.instrument)
        if random.once(in: 3) {
            let bad = desk.position(.delta(Decimal.max), at: "79", of: key.instrument)
            #expect(desk.adjust(key.account, good, desk.equity(.delta(.one), in: "EUR"), bad) != nil)
            return "a bad batch \(key)"
        }
        desk.adjust(key.account, good)
        slow.set(key, quantity, at: average)
        return "set \(key) to \(quantity) @ \(average)"
    }

    private mutating func deposit(_ account: UInt64) -> String {
        let (amount, asset) = (random.once(in: 2) ? amount() : amount().negated, random.once(in: 2) ? "USD" : "EUR")
        desk.adjust(account, desk.equity(.delta(amount), in: asset))
        slow.deposit(amount, account, asset)
        peaks[account] = peaks[account]!.adding(amount.multiplied(by: slow.rates[asset]!)!)
        return "deposit \(account) \(amount) \(asset)"
    }

    private mutating func move(_ account: UInt64) -> String {
        let group: UInt32 = random.once(in: 2) ? 1 : 2
        #expect(desk.move(account, to: group))
        groups[account] = group
        return "move \(account) to \(group)"
    }

    private mutating func day() -> String {
        desk.advance(86_400_000_000_000)
        slow.beginDay(Self.accounts)
        return "a new day"
    }

    private mutating func quote(_ instrument: String) -> String {
        let mark = amount()
        desk.quote(mark.description, of: instrument)
        slow.marks[instrument] = mark
        return "quote \(instrument) \(mark)"
    }

    // MARK: - Checks

    mutating func check(_ said: String) {
        let told = desk.readAll()
        for account in Self.accounts { check([account], "account", account, told, said) }
        check(Set(Self.accounts), "firm", nil, told, said)
        checkBooks(said)
        checkCells(said)
        checkGroups(told, said)
        checkCash(said)
    }

    private mutating func check(
        _ accounts: Set<UInt64>, _ scope: String, _ account: UInt64?, _ told: [String: Decimal?], _ said: String
    ) {
        let (sums, isValued) = (slow.sums(of: accounts), slow.isValued(accounts))
        func used(_ metric: Metric) -> Decimal? { told["\(scope) \(metric) \(account ?? 0)"] ?? nil }
        func compare(_ metric: Metric, _ value: Decimal, needsMarks: Bool = true) {
            // An account of which nothing was seen has no entry.
            guard told["\(scope) \(metric) \(account ?? 0)"] != nil else { return }
            let expected = isValued || !needsMarks ? value : nil
            #expect(used(metric) == expected, "\(scope) \(account ?? 0) \(metric), \(said)")
        }
        compare(.grossExposure, sums.gross)
        compare(.netExposure, sums.up)
        compare(.longExposure, sums.long)
        compare(.shortExposure, sums.short)
        compare(.credit, sums.credit, needsMarks: false)
        compare(.workingNotional, sums.working, needsMarks: false)
        compare(.unrealizedPnl, sums.unrealized)
        compare(.equity, sums.equity)
        compare(.totalPnl, sums.totalToday)
        compare(.accumulatedNotional, sums.turnover, needsMarks: false)
        compare(.workingOrders, Decimal(Int64(sums.orders)), needsMarks: false)
        compare(.positionCount, Decimal(Int64(sums.cells)), needsMarks: false)
        if isValued, let account, used(.equity) != nil {
            if peaks[account]! < sums.equity { peaks[account] = sums.equity }
            compare(.drawdown, peaks[account]!.subtracting(sums.equity)!)
        }
    }

    /// Each book's sum is that of its cells, exactly; and what is a sum of magnitudes is never negative.
    private func checkBooks(_ said: String) {
        var expected: [BookPointer: Figures] = [:]
        desk.limits.pointee.forEachCell { cell in
            for book in cell.links { expected[book, default: Figures()].add(&cell.pointee.figures) }
        }
        for (book, sums) in expected {
            var figures = sums
            for number in 0..<Figure.count where number != Figure.realized.rawValue {
                let figure = Figure(rawValue: number)!
                #expect(book.pointee.sums[figure] == figures[figure], "\(figure), \(said)")
            }
            for figure in [Figure.held, .long, .short, .working, .gross, .credit, .traded] {
                #expect(!book.pointee.sums[figure].isNegative, "\(figure), \(said)")
            }
        }
    }

    private func checkCells(_ said: String) {
        let cells = slow.cells
        desk.limits.pointee.forEachCell { cell in
            let account = UInt64(cell.pointee.values[.account])
            let name = Self.instruments.first { desk.instrument($0) == cell.pointee.instrument.pointee.instrument }!
            let slow = cells[SlowLedger.Key(account: account, instrument: name)] ?? SlowLedger.CellSums()
            #expect(cell.pointee.position == slow.quantity, "\(said)")
            #expect(cell.pointee.cost == slow.cost, "\(said)")
            #expect(cell.pointee.openBuys == slow.openBuys && cell.pointee.openSells == slow.openSells, "\(said)")
            #expect(cell.pointee.buyNotional == slow.buys && cell.pointee.sellNotional == slow.sells, "\(said)")
            if cell.pointee.isFlat { #expect(cell.pointee.cost.isZero, "\(said)") }
            #expect(cell.pointee.isHolder == !cell.pointee.isFlat, "\(said)")
        }
    }

    private func checkGroups(_ told: [String: Decimal?], _ said: String) {
        for group in [UInt32(1), 2] {
            let members = Set(groups.filter { $0.value == group }.map(\.key))
            let sums = slow.sums(of: members)
            let expected: [(Metric, Decimal)] = [
                (.grossExposure, sums.gross), (.credit, sums.credit), (.equity, sums.equity),
                (.workingNotional, sums.working),
            ]
            for (metric, value) in expected where slow.isValued(members) {
                guard let used = told["group \(metric) \(group)"] else { continue }
                #expect(used == value, "group \(group) \(metric), \(said)")
            }
        }
    }

    /// What was realised, and what positions are worth more than they cost, is what trades and fees brought and positions are worth.
    private func checkCash(_ said: String) {
        for account in Self.accounts {
            for asset in slow.rates.keys {
                let own = slow.cells.filter {
                    $0.key.account == account && SlowLedger.asset($0.key.instrument) == asset
                }
                let cost = own.values.reduce(Decimal.zero) { $0.adding($1.cost)! }
                let realized = slow.realized[account]?[asset] ?? .zero
                let cash = slow.cash[account]?[asset] ?? .zero
                #expect(realized.subtracting(cost)! == cash, "account \(account) \(asset), \(said)")
            }
        }
    }
}
