import Controls
import Decimals
import Market
import RiskBase
import RiskCore

/// Why a limit was not taken. Nothing has changed.
public enum LimitError: Error, Equatable, Sendable {
    /// What is wrong with the limit of this name, in a sentence.
    case invalid(name: String, problem: String)
    /// The builder was spent.
    case builderConsumed
    /// The quotes are for one thread and the engine is for several.
    case singleThreadedMarket
    /// Memory or places have run out.
    case limitReached
    /// The engine is closed, has no limits, or something of the kind.
    case engine(EngineError)
}

extension LimitError {
    fileprivate init(_ fault: LimitBuildFault, of limit: RiskLimit? = nil) {
        switch fault {
        case .builderConsumed: self = .builderConsumed
        case .refused(let fault): self.init(fault, of: limit)
        case .singleThreadedMarket: self = .singleThreadedMarket
        case .limitReached: self = .limitReached
        }
    }

    fileprivate init(_ fault: LimitFault, of limit: RiskLimit?) {
        switch fault {
        case .memoryRefused: self = .limitReached
        case .notJudged:
            self = .invalid(name: limit?.name ?? "", problem: String(LimitProblem.metricNotJudged.sentence))
        case .tooManyOfOneShape:
            self = .invalid(
                name: limit?.name ?? "",
                problem: "more limits of one shape can meet in one key than can be told apart")
        case .immutable:
            self = .invalid(name: "", problem: "the multiplier of what is held, and what an account began with, stay")
        }
    }
}

extension String {
    fileprivate init(_ text: StaticString) {
        self = text.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
    }
}

extension RiskLimit {
    fileprivate func requireValid() throws(LimitError) {
        if let problem = record.problem { throw .invalid(name: name, problem: String(problem.sentence)) }
    }
}

// MARK: - Before an engine is built

extension RiskEngine.Builder {
    /// Adds limits behind those there are.
    public mutating func add(_ limits: RiskLimit...) throws(LimitError) {
        for limit in limits {
            try limit.requireValid()
            do throws(LimitBuildFault) {
                try core.addLimit(limit.record, account: limit.account, instrument: limit.instrument)
            } catch { throw LimitError(error, of: limit) }
        }
    }

    /// Gives the limits the quotes they read.
    public mutating func setLimitMarket(_ market: MarketData) throws(LimitError) {
        do throws(LimitBuildFault) { try core.setLimitMarket(market) } catch { throw LimitError(error) }
    }

    /// Refuses every order that no limit of this metric matches.
    public mutating func require(_ metric: Metric) throws(LimitError) {
        do throws(LimitBuildFault) { try core.require(Requirement(metric)) } catch { throw LimitError(error) }
    }
}

// MARK: - What limits say

/// A limit in force, for one key, and how much of it is used.
public struct LimitUse: Sendable {
    public let name: String
    public let metric: Metric
    /// That of the limit, with the values of this key.
    public let scope: LimitScope
    public let lower: Decimal?
    public let upper: Decimal?
    public let action: LimitAction
    /// The value now, and the one compared with the lower bound where that is another; `nil` where there is none.
    public let used: Decimal?
    public let usedLow: Decimal?
    public let headroom: Decimal?
    /// The share of the bound that is used.
    public let utilization: Decimal?
    /// The highest stage that is entered.
    public let stage: Decimal?
    public let isBreached: Bool
    /// What it has latched.
    public let state: TradingState
}

/// What a limit made of an order.
public struct LimitLook: Sendable {
    /// What it comes to.
    public enum Verdict: UInt8, Sendable {
        case pass = 1, warn, reject, overridden, skip
    }

    public let name: String
    public let metric: Metric
    public let scope: LimitScope
    public let verdict: Verdict
    public let lower: Decimal?
    public let upper: Decimal?
    /// What was used before, what the order asks for, and what that makes.
    public let used: Decimal?
    public let asked: Decimal?
    public let value: Decimal?
    public let headroom: Decimal?
    public let utilization: Decimal?
    /// The code of its reject.
    public let code: RejectCode?
}

/// What an order would meet now.
public struct OrderExplanation: Sendable {
    public let passes: Bool
    /// The most severe state that matches the order.
    public let state: TradingState
    public let rejects: [Rejection]
    /// What each limit that matches makes of it, in the order in which they are asked.
    public let looks: [LimitLook]
}

/// Something that happened beside the answers of calls.
public struct LimitEvent: Sendable {
    public let sequence: UInt64
    /// Unix nanoseconds.
    public let time: Int64
    public let kind: EventKind
    /// The limit it is about, or what else has a name; empty for what concerns none.
    public let name: String
    public let metric: Metric?
    public let scope: LimitScope
    public let value: Decimal?
    public let limit: Decimal?
}

/// What a release found and left.
public struct StateRelease: Sendable {
    public let was: TradingState
    public let now: TradingState
    /// What had caused the states that ended: limits and rules by their names.
    public let causes: [String]
    /// A latch asks for a role that was not named; nothing has changed.
    public let isRefused: Bool
}

extension RiskEngine {
    /// Every limit in force and how much of it is used, in the order in which they were added: one that stands for each key once for
    /// each that was seen.
    public func limits() throws(EngineError) -> [LimitUse] {
        var statuses: [LimitStatus] = []
        try core.readLimits { statuses.append($0) }
        return statuses.map { LimitUse($0, in: core) }
    }

    /// What `execute` would answer now, and what each limit that matches makes of the order. Nothing changes.
    public func explain(_ order: Order) throws(EngineError) -> OrderExplanation {
        var looks: [Look] = []
        let (explained, report) = try Report.of { (findings) throws(EngineError) in
            try withUnsafePointer(to: order) { (order) throws(EngineError) in
                try core.explain(order, into: findings) { look, _ in looks.append(look) }
            }
        }
        return OrderExplanation(
            passes: explained.passes, state: explained.state, rejects: report.rejects,
            looks: looks.map { LimitLook($0, in: core) })
    }

    /// The oldest event that nobody took yet; `nil` when there is none.
    public func takeEvent() throws(EngineError) -> LimitEvent? {
        try core.takeEvent().map { event in
            LimitEvent(
                sequence: event.sequence, time: event.time, kind: event.kind, name: event.name.text,
                metric: event.metric, scope: LimitScope(event.scope, in: core), value: event.value, limit: event.limit)
        }
    }

    /// How many events found no room.
    public var eventsDropped: UInt64 { core.eventsDropped }
}

extension LimitUse {
    fileprivate init(_ status: LimitStatus, in engine: Engine) {
        (name, metric) = (status.limit.name.text, status.limit.metric)
        scope = LimitScope(status.scope, in: engine)
        (lower, upper, action) = (status.limit.lower, status.limit.upper, status.limit.action)
        (used, usedLow, headroom, utilization) = (status.used, status.usedLow, status.headroom, status.utilization)
        (stage, isBreached, state) = (status.stage, status.isBreached, status.state)
    }
}

extension LimitLook {
    fileprivate init(_ look: Look, in engine: Engine) {
        (name, metric, scope) = (look.name.text, look.metric, LimitScope(look.scope, in: engine))
        verdict = Verdict(rawValue: look.verdict.rawValue) ?? .skip
        (lower, upper, used, asked, value) = (look.lower, look.upper, look.used, look.asked, look.value)
        (headroom, utilization, code) = (look.headroom, look.utilization, look.code)
    }
}

// MARK: - What limits are told

/// What an input is about.
public enum InputTarget: Sendable {
    case firm
    case account(AccountId)
    case group(AccountGroupId)
    case instrument(Instrument)
    case venue(Asset)

    fileprivate var subject: InputSubject {
        switch self {
        case .firm: .firm
        case .account(let id): .account(id)
        case .group(let id): .group(id)
        case .instrument(let instrument): .instrument(instrument)
        case .venue(let name): .venue(name)
        }
    }
}

extension RiskEngine {
    /// Gives a number from outside, which was so old when it came; `figure` names one of your own.
    public func setInput(
        _ input: InputKind, of target: InputTarget, to value: Decimal, figure: Asset = .none, age: Duration = .zero
    ) throws(EngineError) {
        try core.setInput(value, Source(input), figure, of: target.subject, age: age.wholeNanoseconds)
    }

    /// Takes a number from outside away again.
    public func clearInput(_ input: InputKind, of target: InputTarget, figure: Asset = .none) throws(EngineError) {
        try core.clearInput(Source(input), figure, of: target.subject)
    }

    /// Changes limits while the engine runs: those that are set take the place of those of their names or come behind them, those that
    /// are removed go, and with `replacesAll` so do all that are not set. No order sees half of it, and nothing changes when it throws.
    /// From a time on, and back at another, in Unix nanoseconds. Returns whether it is applied, or waits for its time.
    @discardableResult
    public func changeLimits(
        set: [RiskLimit] = [], remove: [String] = [], replacesAll: Bool = false, effectiveFrom: Int64? = nil,
        revertAt: Int64? = nil
    ) throws(LimitError) -> Bool {
        var names: [Name] = []
        for name in remove {
            guard let name = try? Name(name) else { throw .invalid(name: name, problem: "this is no name") }
            names.append(name)
        }
        for limit in set { try limit.requireValid() }
        if let revertAt, revertAt <= effectiveFrom ?? .min {
            throw .invalid(name: "", problem: "what would be taken back before it applies is a mistake")
        }
        let placed = set.map { PlacedLimit($0.record, account: $0.account, instrument: $0.instrument) }
        let answer: Result<ChangeAnswer, LimitChangeFault> = placed.withUnsafeBufferPointer { placed in
            names.withUnsafeBufferPointer { names in
                var request = RequestedChange()
                (request.removed, request.replacesLimits) = (names, replacesAll)
                (request.effectiveFrom, request.revertAt) = (effectiveFrom, revertAt)
                let none = UnsafeBufferPointer<PlacedPermission>(start: nil, count: 0)
                do throws(LimitChangeFault) {
                    return .success(try core.change(set: placed, permissions: none, request))
                } catch { return .failure(error) }
            }
        }
        switch answer {
        case .success(let answer): return answer.isApplied
        case .failure(.engine(let error)): throw .engine(error)
        case .failure(.limit(let fault)): throw LimitError(fault, of: nil)
        }
    }

    /// Takes notice of what time has brought, as any call does.
    public func tick() throws(EngineError) { try core.tick() }

    /// Hears of a session.
    public func heartbeat(_ session: Asset) throws(EngineError) { try core.heartbeat(session) }
}

// MARK: - States

extension RiskEngine {
    /// Sets the state of a key by hand: reducing or halted. Each key of the scope has a value.
    public func setState(_ state: TradingState, of scope: LimitScope = LimitScope()) throws(EngineError) {
        try core.setState(state, of: scope.stateKey)
    }

    /// The most severe state that every order with these values meets.
    public func state(of scope: LimitScope = LimitScope()) throws(EngineError) -> TradingState {
        try core.state(of: scope.stateKey)
    }

    /// Ends the states of exactly this key, or of them what one limit has caused.
    public func release(
        _ scope: LimitScope = LimitScope(), role: Asset = .none, limit: Asset = .none
    ) throws(EngineError) -> StateRelease {
        var causes: [String] = []
        let released = try core.release(
            scope.stateKey, role: Name(id: role.id), limit: Name(id: limit.id)
        ) { speaker in
            switch speaker {
            case .limit(let name): causes.append(name.text)
            case .rule(let rule): causes.append(String(rule.name))
            }
        }
        return StateRelease(was: released.was, now: released.now, causes: causes, isRefused: released.isRefused)
    }
}
