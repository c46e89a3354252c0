import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import Controls

/// A place where limits judge orders, in the words of tests: amounts are texts, ids are texts, and rejects come as lines.
final class Desk {
    var controls: UnsafeMutablePointer<Controls>
    var now: Int64 = 1_000_000_000_000
    private var handle: UInt64 = 1
    let market: TestMarket
    /// Whoever wants to see more of rejects than their lines.
    var onBreaches: (([Breach]) -> Void)?
    /// What does not hold together at the end, in words.
    var brokenAtEnd: String?

    init() throws {
        controls = .allocate(capacity: 1)
        controls.initialize(to: Controls())
        market = try TestMarket()
        controls.pointee.setMarket(market.data)
        let hasRoom = controls.pointee.events.reserve(1024)
        #expect(hasRoom)
    }

    deinit {
        #expect(controls.pointee.checkInvariants().words == brokenAtEnd)
        controls.deinitialize(count: 1)
        controls.deallocate()
    }

    /// The instrument, which is known from then on.
    func known(_ name: String) throws -> InstrumentPointer {
        let row = controls.pointee.instrument(ControlsTests.instrument(name))
        return try #require(row)
    }

    func quote(_ name: String, mark: String? = nil, bid: String? = nil, ask: String? = nil) throws {
        let quote = Quote(mark: mark.map(decimal), bid: bid.map(decimal), ask: ask.map(decimal))
        _ = try market.data.push(quote, to: ControlsTests.instrument(name))
    }

    // MARK: - Limits

    @discardableResult
    func limit(_ metric: Metric, _ name: String? = nil, _ change: (inout Limit) -> Void = { _ in }) throws -> Limit {
        var limit = Limit(metric, name: asset(name ?? "\(metric)"))
        change(&limit)
        try controls.pointee.add(limit)
        return limit
    }

    // MARK: - Orders

    struct Ask {
        var account: UInt32 = 7
        var group: UInt32 = 0
        var instrument = "AAPL/USD"
        var side = Side.buy
        var quantity = "1"
        var volume: String?
        var price: String? = "100"
        var id: String?
        var replaces: String?
        var change: (inout Order) -> Void = { _ in }
    }

    /// Sends an order through all stages. An accepted one works from then on.
    func send(_ ask: Ask = Ask(), for purpose: Purpose = .order) -> [String] {
        return withOrder(ask) { order in
            let party = Party(
                slot: ask.account, account: AccountId(UInt64(ask.account)), group: AccountGroupId(ask.group))
            defer { if purpose != .order { controls.pointee.end() } }
            guard controls.pointee.gate(order, party, at: now, for: purpose) else {
                return rejects(of: order, party, purpose)
            }
            controls.pointee.judgeStart(for: purpose)
            var rejects = rejects(of: order, party, purpose)
            if !rejects.isEmpty && purpose != .explanation { return rejects }
            controls.pointee.forgetBreaches()
            controls.pointee.judgeMain(order, party, at: { self.now }, for: purpose)
            if rejects.isEmpty { rejects = self.rejects(of: order, party, purpose) }
            guard rejects.isEmpty || purpose == .dropCopy, purpose.isReal else {
                controls.pointee.end()
                return rejects
            }
            handle += 1
            let number = controls.pointee.accept(handle: handle)
            #expect(number != nil)
            return []
        }
    }

    func send(_ change: (inout Ask) -> Void) -> [String] {
        var ask = Ask()
        change(&ask)
        return send(ask)
    }

    /// Asks for a cancel of the order with that id.
    func cancel(_ id: String? = nil, account: UInt32 = 7, _ change: (inout Cancel) -> Void = { _ in }) -> [String] {
        let party = Party(slot: account, account: AccountId(UInt64(account)), group: .default)
        return withText(id) { id in
            var cancel = Cancel()
            cancel.clientOrderId = id
            change(&cancel)
            controls.pointee.checkCancel(cancel, party, at: now)
            return rejects()
        }
    }

    /// The number of the order that was accepted last.
    var lastHandle: UInt64 { handle }

    func rollBack(_ handle: UInt64) {
        guard let order = controls.pointee.ledger.order(handle: handle) else { return }
        controls.pointee.rollBack(order.pointee.key)
    }

    private func rejects(of order: UnsafePointer<Order>, _ party: Party, _ purpose: Purpose) -> [String] {
        if purpose == .order { controls.pointee.countReject(order, party, at: now, others: 0) }
        return rejects()
    }

    private func rejects() -> [String] {
        onBreaches?(Array(controls.pointee.breaches.contents))
        return controls.pointee.breaches.contents.map { breach in
            let name: String =
                switch breach.speaker {
                case .limit(let name): text(name)
                case .rule(let rule): "\(rule.name)"
                }
            let numbers = [breach.value, breach.limit].map { $0.map { "\($0.shortest)" } ?? "-" }
            return "\(name) \(breach.code) \(numbers[0]) \(numbers[1])"
        }
    }

    // MARK: - Reports

    struct Told {
        var account: UInt32 = 7
        var id: String?
        var instrument: String?
        var side: Side?
        var trade: (price: String, quantity: String)?
        var event: ReportEvent?
        var leaves: String?
        var isFinal: Bool?
        var execution: String?
        var change: (inout ExecutionReport) -> Void = { _ in }
    }

    @discardableResult
    func report(_ change: (inout Told) -> Void) -> Controls.Settled {
        var told = Told()
        change(&told)
        var report = ExecutionReport(
            account: AccountId(UInt64(told.account)), instrument: told.instrument.map(ControlsTests.instrument),
            side: told.side,
            trade: told.trade.map { ExecutionReport.Trade(price: decimal($0.price), quantity: decimal($0.quantity)) },
            leavesQuantity: told.leaves.map(decimal), isFinal: told.isFinal)
        report.event = told.event
        told.change(&report)
        let party = Party(slot: told.account, account: AccountId(UInt64(told.account)), group: .default)
        return withText(told.id) { id in
            withText(told.execution) { execution in
                report.clientOrderId = id
                report.executionId = execution
                return controls.pointee.report(&report, party, at: now)
            }
        }
    }

    // MARK: - Limits in force

    func status(_ name: String) -> [String] {
        var lines: [String] = []
        controls.pointee.readLimits(at: now) { status in
            guard text(status.limit.name) == name else { return }
            lines.append(
                [status.used, status.usedLow, status.headroom].map { $0.map { "\($0.shortest)" } ?? "-" }.joined(
                    separator: " "))
        }
        return lines
    }

    // MARK: - Words

    private func withOrder<Result>(_ ask: Ask, _ body: (UnsafePointer<Order>) -> Result) -> Result {
        let amount: TradeAmount = ask.volume.map { .volume(decimal($0)) } ?? .quantity(decimal(ask.quantity))
        var order = Order(
            account: AccountId(UInt64(ask.account)), instrument: ControlsTests.instrument(ask.instrument),
            side: ask.side, amount: amount,
            price: ask.price.map(decimal))
        ask.change(&order)
        return withText(ask.id) { id in
            withText(ask.replaces) { replaces in
                order.clientOrderId = id ?? order.clientOrderId
                order.replaces = replaces
                return withUnsafePointer(to: &order, body)
            }
        }
    }
}

func withText<Result>(_ text: String?, _ body: (UnsafeBufferPointer<UInt8>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return Array(text.utf8).withUnsafeBufferPointer { body($0) }
}

func decimal(_ text: String) -> Decimal { Array(text.utf8).withUnsafeBufferPointer { Decimal(parsing: $0)! } }

func asset(_ name: String) -> Asset { Array(name.utf8).withUnsafeBufferPointer { try! NameTable.shared.intern($0) } }

func text(_ name: Asset) -> String { NameTable.shared.name(of: name).map { String(decoding: $0, as: UTF8.self) } ?? "" }

func instrument(_ text: String) -> Instrument {
    let parts = text.split(separator: "/").map(String.init)
    return Instrument(underlying: asset(parts[0]), settlement: asset(parts[1]))
}

extension Desk {
    /// Everything that happened since it was last asked, a line an event.
    func events() -> [String] {
        var lines: [String] = []
        while let event = controls.pointee.events.take() {
            let words: String =
                switch event.text {
                case .none: ""
                case .share(let share): " \(share.shortest)"
                case .state(let state): " \(state.name)"
                case .name(let name): " \(text(name))"
                }
            lines.append("\(event.kind) \(text(event.name))\(event.value.map { " \($0.shortest)" } ?? "")\(words)")
        }
        return lines
    }

    func intents() -> [String] {
        var lines: [String] = []
        while let intent = controls.pointee.takeIntent() {
            let id = intent.clientId.withBytes { String(decoding: $0, as: UTF8.self) }
            lines.append("\(intent.kind) \(id) \(intent.quantity.shortest)")
        }
        return lines
    }
}
