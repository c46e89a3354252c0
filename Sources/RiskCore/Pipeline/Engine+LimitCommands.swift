import Controls
import Decimals
import Market
import RiskBase

/// What limits are asked, and told, besides orders and reports.
extension Engine {
    /// What a real call would answer now, and what every limit that matches has to do with it. Nothing changes. `look` is told
    /// each limit in the order in which they are asked, with what it asked of the world.
    package func explain(
        _ order: UnsafePointer<Order>, into result: UnsafeMutablePointer<Findings>?,
        _ look: (Look, UnsafeBufferPointer<InputUse>) -> Void
    ) throws(EngineError) -> Explanation {
        try self.look { () throws(EngineError) in
            try requireOpen(lastAsset: order.lastAsset)
            let frame = try begin(order)
            frame.pointee.isExplained = true
            state.pointee.policies.limits?.pointee.forgetExplanation()
            let now = state.pointee.needsTime ? state.pointee.clock.now() : 0
            runStartStage(frame, for: .dryRun, at: now)
            let passesStart = frame.findings.pointee.rejects.isEmpty
            if passesStart {
                runMainStage(frame, for: .dryRun)
            } else if let limits = state.pointee.policies.limits, limits.pointee.isJudging, !frame.pointee.isRepeated {
                // The call would end here; what the rest of the limits would say is told all the same.
                explainMain(limits, frame)
            }
            release(frame.pointee.mutations.contents)
            var explanation = Explanation()
            if let limits = state.pointee.policies.limits {
                limits.pointee.tellLooks(look)
                explanation.state = limits.pointee.explainedState
                explanation.time = limits.pointee.unixTime(now)
            }
            frame.pointee.isExplained = false
            explanation.passes = frame.pointee.passes
            endRefused(frame, telling: result)
            return explanation
        }
    }

    /// Tells every limit in force and how much of it is used.
    package func readLimits(_ tell: (LimitStatus) -> Void) throws(EngineError) {
        try look { () throws(EngineError) in
            try requireOpen()
            guard let limits = state.pointee.policies.limits else { return }
            let now = state.pointee.clock.now()
            catchUp(limits, at: now)
            limits.pointee.readLimits(at: limits.pointee.unixTime(now), tell)
        }
    }

    /// Gives a number from outside, which was `age` nanoseconds old on arrival.
    package func setInput(
        _ value: Decimal, _ source: Source, _ name: Asset, of target: InputSubject, age: UInt64
    ) throws(EngineError) {
        try perform(SetInput(value: value, source: source, name: name, target: target, age: age)) {
            (told, now) throws(EngineError) in
            let limits = try requireLimits()
            let now = limits.pointee.unixTime(time(now))
            guard let target = place(told.target, limits),
                limits.pointee.setInput(told.value, told.source, told.name, of: target, at: now, age: told.age)
            else { throw .limitReached }
            blockAccounts(limits)
        }
    }

    package func clearInput(_ source: Source, _ name: Asset, of target: InputSubject) throws(EngineError) {
        try perform(ClearInput(source: source, name: name, target: target)) { (told, now) throws(EngineError) in
            let limits = try requireLimits()
            guard let target = place(told.target, limits) else { throw .limitReached }
            limits.pointee.clearInput(told.source, told.name, of: target, at: limits.pointee.unixTime(time(now)))
            blockAccounts(limits)
        }
    }

    /// The oldest event that nobody took yet; `nil` when there is none.
    package func takeEvent() throws(EngineError) -> Event? {
        try look { () throws(EngineError) in
            try requireOpen()
            guard let limits = state.pointee.policies.limits else { return nil }
            catchUp(limits, at: state.pointee.clock.now())
            return limits.pointee.events.take()
        }
    }

    /// How many events found no room.
    package var eventsDropped: UInt64 {
        attend { state.pointee.policies.limits?.pointee.events.dropped ?? 0 }
    }

    /// The account that limits have in this place.
    package func account(ofLimits slot: UInt32) -> AccountId? {
        attend {
            guard Int(slot) < state.pointee.accounts.count else { return nil }
            return state.pointee.accounts.account(AccountSlot(number: slot)).pointee.id
        }
    }

    /// The instrument that limits have under this number.
    package func instrument(ofLimits number: UInt32) -> Instrument? {
        attend { state.pointee.policies.limits?.pointee.instrument(number) }
    }

    /// The quotes the limits read; `nil` without limits.
    package var limitMarket: MarketData? { attend { state.pointee.policies.limits?.pointee.market } }
}

/// What an order would meet.
package struct Explanation: BitwiseCopyable {
    package fileprivate(set) var passes = false
    /// The most severe that matches the order.
    package fileprivate(set) var state = TradingState.active
    /// When that was so, in Unix nanoseconds; 0 in an engine without limits.
    package fileprivate(set) var time: Int64 = 0
}

/// What an input is about, as its giver knows it.
package enum InputSubject: BitwiseCopyable {
    case firm
    case account(AccountId)
    case group(AccountGroupId)
    case instrument(Instrument)
    case venue(Asset)
}

extension Engine {
    /// Refuses what a closed engine does not do, and what speaks of a name that nobody has.
    func requireOpen(lastAsset: UInt32) throws(EngineError) {
        try requireOpen()
        try requireNames(upTo: lastAsset)
    }

    func requireLimits() throws(EngineError) -> UnsafeMutablePointer<Controls> {
        try requireOpen()
        guard let limits = state.pointee.policies.limits else { throw .notFound }
        return limits
    }

    /// The time of a command that is told none when nobody needs it.
    func time(_ now: UInt64) -> UInt64 { now == 0 ? state.pointee.clock.now() : now }

    /// `nil` when memory has run out.
    fileprivate func place(_ subject: InputSubject, _ limits: UnsafeMutablePointer<Controls>) -> InputTarget? {
        switch subject {
        case .firm: .firm
        case .account(let id): state.pointee.accounts.slotAdding(id).map { .account($0.number) }
        case .group(let id): .group(id.value)
        case .instrument(let pair): limits.pointee.instrument(pair).map { .instrument($0.pointee.number) }
        case .venue(let name): .venue(name)
        }
    }
}

struct SetInput: Command {
    static var kind: CommandKind { .setInput }
    let value: Decimal
    let source: Source
    let name: Asset
    let target: InputSubject
    let age: UInt64
}

struct ClearInput: Command {
    static var kind: CommandKind { .clearInput }
    let source: Source
    let name: Asset
    let target: InputSubject
}
