import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import Controls

/// Limits with a clock and quotes of their own, spoken to in texts.
final class MoneyDesk {
    let limits: UnsafeMutablePointer<Controls>
    let market: TestMarket
    private(set) var names: [String: UInt32] = [:]
    private var handles: UInt64 = 0
    private(set) var accepted: [String: UInt64] = [:]
    private var executions = 0
    /// What does not hold together at the end, in words.
    var brokenAtEnd: String?

    /// Accounts in USD, described with these equities.
    init(ttl: QuoteTtl = .infinite, equities: [UInt64: String] = [:], groups: [UInt64: UInt32] = [:]) throws {
        market = try TestMarket(ttl: ttl)
        limits = .allocate(capacity: 1)
        limits.initialize(to: Controls())
        limits.pointee.settings.defaultCurrency = asset("USD")
        precondition(limits.pointee.setMarket(market.data))
        for (id, equity) in equities.sorted(by: { $0.key < $1.key }) {
            var data = AccountData(AccountId(id))
            data.equity = decimal(equity)
            data.group = AccountGroupId(groups[id] ?? AccountGroupId.default.value)
            precondition(limits.pointee.set(data, slot: UInt32(id)))
        }
    }

    deinit {
        #expect(limits.pointee.checkInvariants().words == brokenAtEnd)
        limits.deinitialize(count: 1)
        limits.deallocate()
    }

    var now: Int64 { Int64(market.clock.now()) }

    func advance(_ nanoseconds: UInt64) { try! market.clock.advance(by: nanoseconds) }

    func asset(_ name: String) -> Asset {
        let id = names[name] ?? UInt32(names.count + 1)
        names[name] = id
        return Asset(id: id)
    }

    func instrument(_ name: String) -> Instrument {
        let parts = name.split(separator: "/").map(String.init)
        return Instrument(underlying: asset(parts[0]), settlement: asset(parts[1]))
    }

    func row(_ name: String) -> InstrumentPointer { limits.pointee.instrument(instrument(name))! }

    // MARK: - Limits

    @discardableResult
    func limit(
        _ metric: Metric, each: KeySet = [], lower: String? = nil, upper: String? = nil, name: String? = nil,
        _ change: (inout Limit) -> Void = { _ in }
    ) -> String {
        let name = name ?? "\(metric)"
        var limit = Limit(metric, name: asset(name))
        (limit.scope.keys, limit.scope.each) = (each, each)
        (limit.lower, limit.upper) = (lower.map(decimal), upper.map(decimal))
        change(&limit)
        try! limits.pointee.add(limit)
        return name
    }

    /// What a limit stands at for the key of an account, or for the only one there is.
    func used(_ name: String, account: UInt64? = nil) -> Decimal? { status(name, account: account)?.used }

    func status(_ name: String, account: UInt64? = nil) -> LimitStatus? {
        var found: LimitStatus?
        let id = asset(name)
        limits.pointee.readLimits(at: now) { status in
            guard status.limit.name == id else { return }
            if let account, status.scope.values[.account] != UInt32(account) { return }
            found = status
        }
        return found
    }

    /// What every limit stands at, by its name and its key.
    func readAll() -> [String: Decimal?] {
        let texts = Dictionary(uniqueKeysWithValues: names.map { ($0.value, $0.key) })
        var all: [String: Decimal?] = [:]
        limits.pointee.readLimits(at: now) { status in
            guard status.scope.each.isEmpty, let name = texts[status.limit.name.id] else { return }
            let key = status.scope.values
            let place = status.scope.keys.contains(.group) ? key[.group] : key[.account]
            all["\(name) \(place)"] = .some(status.used)
        }
        return all
    }

    func reserveEvents() { precondition(limits.pointee.events.reserve(64)) }

    func takeEvent() -> Event? { limits.pointee.events.take() }

    // MARK: - Orders

    func party(_ account: UInt64) -> Party {
        let group = limits.pointee.account(UInt32(account))?.group ?? .default
        return Party(slot: UInt32(account), account: AccountId(account), group: group)
    }

    /// The codes an order meets with their values; none when it was accepted, and works under that id.
    @discardableResult
    func order(
        _ side: Side = .buy, _ quantity: String, _ price: String?, id: String = "", of name: String = "AAPL/USD",
        account: UInt64 = 7, strategy: String? = nil, purpose: Purpose = .order, replaces: String? = nil
    ) -> [Refusal] {
        withBytes(id) { idBytes in
            withBytes(replaces ?? "") { replacesBytes in
                var order = Order(
                    account: AccountId(account), instrument: instrument(name), side: side,
                    amount: .quantity(decimal(quantity)), price: price.map(decimal))
                if !id.isEmpty { order.clientOrderId = idBytes }
                if replaces != nil { order.replaces = replacesBytes }
                if let strategy { order.strategy = asset(strategy) }
                return judge(&order, id, purpose, account)
            }
        }
    }

    private func judge(_ order: inout Order, _ id: String, _ purpose: Purpose, _ account: UInt64) -> [Refusal] {
        withUnsafePointer(to: order) { order in
            let party = party(account)
            guard limits.pointee.gate(order, party, at: now, for: purpose) else { return takeRefusals() }
            limits.pointee.judgeStart(for: purpose)
            var refusals = takeRefusals()
            if refusals.isEmpty {
                limits.pointee.judgeMain(order, party, at: { now }, for: purpose)
                refusals = takeRefusals()
            }
            guard refusals.isEmpty, purpose == .order else {
                limits.pointee.end()
                return refusals
            }
            handles += 1
            accepted[id] = limits.pointee.accept(handle: handles)
            return []
        }
    }

    func rollBack(_ id: String) {
        if let number = accepted[id] { limits.pointee.rollBack(number) }
    }

    private func takeRefusals() -> [Refusal] {
        let refusals = limits.pointee.breaches.contents.map { Refusal(code: $0.code, value: $0.value, limit: $0.limit) }
        limits.pointee.forgetBreaches()
        return Array(refusals)
    }

    // MARK: - Reports

    @discardableResult
    func report(
        _ id: String? = nil, _ event: ReportEvent? = nil, trade: (String, String)? = nil, fee: (String, String)? = nil,
        pnl: (String, String)? = nil, side: Side = .buy, of name: String = "AAPL/USD", account: UInt64 = 7,
        strategy: String? = nil, leaves: String? = nil
    ) -> Bool {
        withBytes(id ?? "") { idBytes in
            var report = ExecutionReport(account: AccountId(account), instrument: instrument(name), side: side)
            if id != nil { report.clientOrderId = idBytes }
            report.event = event
            report.trade = trade.map { .init(price: decimal($0.0), quantity: decimal($0.1)) }
            report.fillFee = fee.map { .init(amount: decimal($0.0), asset: asset($0.1)) }
            report.financialImpact = pnl.map { .init(pnl: decimal($0.0), fee: decimal($0.1)) }
            report.leavesQuantity = leaves.map(decimal)
            if let strategy { report.strategy = asset(strategy) }
            return withUnsafePointer(to: report) {
                limits.pointee.report($0, party(account), at: now).isBooked
            }
        }
    }

    /// Buys or sells at once.
    func trade(_ side: Side, _ quantity: String, _ price: String, of name: String = "AAPL/USD", account: UInt64 = 7) {
        report(trade: (price, quantity), side: side, of: name, account: account)
    }

    // MARK: - Adjustments

    /// Applies a batch, all or none. Returns why it was refused.
    @discardableResult
    func adjust(_ account: UInt64 = 7, _ batch: AccountAdjustment...) -> Controls.AdjustmentFault? {
        var steps: [UInt64] = []
        for adjustment in batch {
            do throws(Controls.AdjustmentFault) {
                try limits.pointee.adjust(adjustment, of: party(account), at: now) { steps.append($0) }
            } catch {
                for step in steps.reversed() { limits.pointee.undoAdjustment(step, at: now) }
                limits.pointee.forgetTouched()
                return error
            }
        }
        for step in steps { limits.pointee.keepAdjustment(step) }
        limits.pointee.finishAdjustments(at: now)
        return nil
    }

    func position(
        _ change: AmountChange, at average: String?, of name: String = "AAPL/USD", strategy: String? = nil
    ) -> AccountAdjustment {
        let operation = AccountAdjustment.LedgerPosition(
            instrument: instrument(name), averageEntryPrice: average.map(decimal),
            strategy: strategy.map(asset) ?? .none)
        return AccountAdjustment(operation: .ledgerPosition(operation), balance: BoundedChange(change))
    }

    func equity(_ change: AmountChange, in name: String = "USD") -> AccountAdjustment {
        AccountAdjustment(operation: .equity(asset(name)), balance: BoundedChange(change))
    }

    /// Sets the position to so many units that cost so much each.
    func hold(_ quantity: String, at average: String, of name: String = "AAPL/USD", account: UInt64 = 7) {
        adjust(account, position(.absolute(decimal(quantity)), at: average, of: name))
    }

    func move(_ account: UInt64, to group: UInt32?) -> Bool {
        limits.pointee.move(party(account), to: group.map { AccountGroupId($0) } ?? .default, at: now)
    }

    func rebase(_ part: RebasedPart, _ account: UInt64) -> Bool {
        limits.pointee.rebase(part, of: party(account), at: now)
    }

    func describe(group: UInt32, _ change: (inout GroupData) -> Void) {
        var data = GroupData(AccountGroupId(group))
        change(&data)
        precondition(limits.pointee.set(data))
    }

    // MARK: - Quotes and inputs

    func quote(_ mark: String, of name: String = "AAPL/USD") {
        _ = try! market.data.push(Quote(mark: decimal(mark)), to: instrument(name))
    }

    func input(_ source: Source, _ value: String, _ target: InputTarget, name: String? = nil) {
        precondition(
            limits.pointee.setInput(decimal(value), source, name.map(asset) ?? .none, of: target, at: now, age: 0))
    }
}

/// What an order was refused for.
struct Refusal: Equatable, CustomStringConvertible {
    let code: RejectCode
    var value: Decimal?
    var limit: Decimal?

    var description: String { "\(code) \(value?.description ?? "-") \(limit?.description ?? "-")" }
}

func refused(_ code: RejectCode, _ value: String? = nil, _ limit: String? = nil) -> [Refusal] {
    [Refusal(code: code, value: value.map(decimal), limit: limit.map(decimal))]
}
