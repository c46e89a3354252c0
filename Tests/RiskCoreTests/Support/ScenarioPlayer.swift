import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

/// Plays a scenario against an engine.
final class ScenarioPlayer {
    private let clock: Clock
    private var builder: EngineBuilder
    private var made: Engine?
    private let findings: UnsafeMutablePointer<Findings>
    private var request: UInt64 = 0
    private var reservation: UInt64 = 0

    init(_ mode: SyncMode) throws {
        clock = try Clock.makeManual().unwrapped
        builder = EngineBuilder(mode, clock: clock)
        findings = .allocate(capacity: 1)
        findings.initialize(to: Findings())
    }

    deinit {
        made?.release()
        clock.release()
        findings.deinitialize(count: 1)
        findings.deallocate()
    }

    /// The engine; the first step that needs one builds it.
    private func engine() throws -> Engine {
        if let made { return made }
        let engine = try builder.build()
        made = engine
        return engine
    }

    /// What a step says, a line a saying, as the scenario would spell it.
    func play(_ step: Scenario.Step) throws -> [String] {
        do {
            findings.pointee.removeAll()
            try take(step)
            return sayings()
        } catch let fault as EngineBuildFault {
            return ["refused \(fault.status)"]
        } catch PolicyAddFault.refused(let fault) {
            return ["refused \(fault.status)"]
        } catch let fault as ConfigureFault {
            return ["refused \(fault.status)"]
        }
    }

    private func sayings() -> [String] {
        let answer = Answer(findings)
        let lines =
            answer.rejects.map { "reject \($0)" }
            + answer.blocks.map {
                "block \($0.policy) \($0.code.text) | \($0.reason) | \($0.details)"
            }
        return lines.isEmpty ? ["ok"] : lines
    }

    private func take(_ step: Scenario.Step) throws {
        var words = Words(step.words)
        switch try words.next() {
        case "policy": try addPolicy(words, step.items)
        case "build": _ = try engine()
        case "order":
            if let request = try engine().startPreTrade(words.order(), into: findings) {
                try engine().drop(request: request)
            }
        case "dry": _ = try engine().dryRun(words.order(), throughMainStage: false, into: findings)
        case "start": request = try engine().startPreTrade(words.order(), into: findings).unwrapped
        case "request": reservation = try engine().execute(request: request, into: findings) ?? 0
        case "execute": reservation = try engine().executePreTrade(words.order(), into: findings) ?? 0
        case "commit": try engine().commit(reservation)
        case "rollback": try engine().rollback(reservation)
        case "report": try withUnsafePointer(to: words.report()) { try engine().apply($0, into: findings) }
        case "wait": try clock.advance(by: words.nanoseconds())
        case "block":
            if words.skip("group") {
                try engine().block(group: UInt32(words.next()).unwrapped, words.next())
            } else {
                try engine().block(words.account().value, words.next())
            }
        case "unblock":
            if words.skip("group") {
                try engine().unblock(group: UInt32(words.next()).unwrapped)
            } else {
                try engine().unblock(words.account().value)
            }
        case "replace": try engine().replaceBlockReason(of: words.account().value, words.next())
        case "group":
            let group = try UInt32(words.next()).unwrapped
            try engine().register(words.account().value, group: group)
        case "configure": try configure(words, step.items)
        case "pnl":
            let (account, settlement, pnl) = try (words.account(), words.asset(), decimal(words.next()))
            try withBytes(words.skip("of") ? words.next() : "PnlBoundsKillSwitchPolicy") {
                try engine().setAccountPnl($0, of: account, in: settlement, to: pnl)
            }
        default: throw ScenarioFault(text: "line \(step.line): unknown step")
        }
    }

    private func addPolicy(_ words: Words, _ items: [[String]]) throws {
        var words = words
        let kind = try "\(words.next()) \(words.next())"
        let group = words.skip("in") && words.skip("group") ? try UInt16(words.next()).unwrapped : 0
        switch kind {
        case "order validation": try builder.add(.orderValidation(group: group))
        case "rate limit": try builder.add(.rateLimit(items.map { try Words($0).rateLimitBarrier() }, group: group))
        case "order size": try builder.add(.orderSize(items.map { try Words($0).orderSizeBarrier() }, group: group))
        case "kill switch": try builder.add(.killSwitch(items.map { try Words($0).pnlBarrier() }, group: group))
        default: throw ScenarioFault(text: "unknown policy \(kind)")
        }
    }

    private func configure(_ words: Words, _ items: [[String]]) throws {
        var words = words
        var kind = try words.next()
        var name: String?
        if words.skip("as") {
            name = kind
            kind = try words.next()
        }
        kind += try " \(words.next())"
        // `no asset` empties an axis; a barrier replaces what its axis had.
        let emptied = items.filter { $0[0] == "no" }.map { $0.dropFirst().joined(separator: " ") }
        let given = items.filter { $0[0] != "no" }
        switch kind {
        case "rate limit":
            let barriers = try given.map { try Words($0).rateLimitBarrier() }
            let axes: [String: Axis] = [
                "broker": .broker, "asset": .asset, "account": .account, "account asset": .accountAsset,
            ]
            try engine().configure(
                named: name ?? "RateLimitPolicy", barriers.map(\.axis) + emptied.map { try axes[$0].unwrapped },
                barriers)
        case "order size":
            let barriers = try given.map { try Words($0).orderSizeBarrier() }
            let axes: [String: Axis] = ["broker": .broker, "asset": .asset, "account": .accountAsset]
            try engine().configure(
                named: name ?? "OrderSizeLimitPolicy", barriers.map(\.axis) + emptied.map { try axes[$0].unwrapped },
                barriers)
        case "kill switch":
            let barriers = try given.map { try Words($0).pnlBarrier() }
            let axes: [String: Axis] = ["broker": .broker, "account": .accountAsset]
            try engine().configure(
                named: name ?? "PnlBoundsKillSwitchPolicy",
                barriers.map(\.axis) + emptied.map { try axes[$0].unwrapped },
                barriers)
        default: throw ScenarioFault(text: "unknown policy \(kind)")
        }
    }
}

// MARK: - Words

/// The words of a step, read from the left.
private struct Words {
    private var rest: ArraySlice<String>

    init(_ words: [String]) { rest = words[...] }

    mutating func next() throws -> String {
        guard let word = rest.popFirst() else { throw ScenarioFault(text: "a word is missing") }
        return word
    }

    /// Skips `word`, if it is the next one.
    mutating func skip(_ word: String) -> Bool {
        guard rest.first == word else { return false }
        rest.removeFirst()
        return true
    }

    mutating func account() throws -> AccountId { AccountId(try ["A": 1, "B": 2][next()].unwrapped) }

    mutating func asset() throws -> Asset { try RiskCoreTests.asset(next()) }

    mutating func nanoseconds() throws -> UInt64 {
        UInt64((try Double(next().dropLast()).unwrapped * 1e9).rounded())
    }

    /// `A` when nobody is named.
    private mutating func optionalAccount() -> AccountId? {
        if skip("nobody") { return nil }
        return AccountId(skip("B") ? 2 : 1)
    }

    /// `EUR`, `MSFT/USD`, or AAPL/USD when nothing is said.
    private mutating func instrument() -> Instrument {
        let parts = (rest.popFirst() ?? "USD").split(separator: "/").map(String.init)
        return Instrument(
            underlying: RiskCoreTests.asset(parts.count > 1 ? parts[0] : "AAPL"),
            settlement: RiskCoreTests.asset(parts[parts.count - 1]))
    }

    mutating func order() throws -> Order {
        if skip("bare") { return Order() }
        let account = optionalAccount()
        let amount = rest.first?.contains("@") == true ? try next() : "1@10"
        var order = RiskCoreTests.order(amount)
        order.account = account
        order.instrument = instrument()
        return order
    }

    mutating func report() throws -> ExecutionReport {
        if skip("bare") { return ExecutionReport() }
        var report = ExecutionReport(account: optionalAccount(), side: .buy)
        if skip("without") {
            _ = try next()
        } else {
            let pnl = try decimal(next())
            report.financialImpact = .init(pnl: pnl, fee: skip("fee") ? try decimal(next()) : .zero)
        }
        report.instrument = instrument()
        return report
    }

    // Barriers.

    func rateLimitBarrier() throws -> RateLimitBarrier {
        var words = self
        let scope: RateLimitBarrier.Scope
        switch try words.next() {
        case "broker": scope = .broker
        case "asset": scope = .asset(try words.asset())
        case "account":
            let account = try words.account()
            scope = words.rest.count == 4 ? .accountAsset(account, try words.asset()) : .account(account)
        default: throw ScenarioFault(text: "unknown barrier")
        }
        let maxOrders = try UInt64(words.next()).unwrapped
        guard words.skip("in") else { throw ScenarioFault(text: "a window is missing") }
        return RateLimitBarrier(
            scope, RateLimit(maxOrders: maxOrders, windowNanoseconds: try words.nanoseconds()))
    }

    func orderSizeBarrier() throws -> OrderSizeBarrier {
        var words = self
        let scope: OrderSizeBarrier.Scope
        switch try words.next() {
        case "broker": scope = .broker
        case "asset": scope = .asset(try words.asset())
        case "account": scope = .accountAsset(try words.account(), try words.asset())
        default: throw ScenarioFault(text: "unknown barrier")
        }
        let quantity = try words.next()
        guard words.skip("by") else { throw ScenarioFault(text: "a notional is missing") }
        return OrderSizeBarrier(scope, quantity: quantity, notional: try words.next())
    }

    func pnlBarrier() throws -> PnlBarrier {
        var words = self
        let isBroker = try words.next() == "broker"
        let account = isBroker ? nil : try words.account()
        let settlement = try words.next()
        let text = try words.next()
        let dots = try text.firstRange(of: "..").unwrapped
        let (lower, upper) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
        let initial = words.skip("from") ? try decimal(words.next()) : nil
        return PnlBarrier(
            account.map { .account($0, initial: initial) } ?? .broker, lower: lower.isEmpty ? nil : lower,
            upper: upper.isEmpty ? nil : upper, in: settlement)
    }
}

// MARK: - Refusals

extension EngineBuildFault {
    fileprivate var status: String {
        switch self {
        case .noPolicies: "NO_POLICIES"
        case .duplicateName: "DUPLICATE_POLICY_NAME"
        case .duplicateGroup: "DUPLICATE_POLICY_GROUP"
        case .consumed: "BUILDER_CONSUMED"
        case .limitReached: "LIMIT_REACHED"
        }
    }
}

extension PolicyFault {
    fileprivate var status: String {
        switch self {
        case .noBarriers: "NO_BARRIERS"
        case .invalidWindow: "INVALID_WINDOW"
        default: "NO_BOUNDS"
        }
    }
}

extension ConfigureFault {
    fileprivate var status: String {
        switch self {
        case .closed: "ENGINE_CLOSED"
        case .unknownPolicy: "UNKNOWN_POLICY"
        case .typeMismatch: "POLICY_TYPE_MISMATCH"
        case .refused(let fault): fault.status
        default: "\(self)"
        }
    }
}
