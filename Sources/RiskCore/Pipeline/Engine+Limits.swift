import Controls
import Decimals
import RiskBase

/// Where the way of an order meets the limits.
extension Engine {
    /// Whether an order is one that may be judged. One that is not has its reject, and nobody looks at it.
    @inline(never)
    func passes(
        _ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer, _ purpose: CheckPurpose, at now: UInt64
    ) -> Bool {
        guard let party = party(of: frame) else { return false }
        let passes = limits.pointee.gate(
            frame.order, party, at: limits.pointee.unixTime(now), for: frame.purpose(purpose))
        if limits.pointee.isRepeated {
            answerAgain(limits, frame)
        } else if !passes {
            countReject(limits, frame, purpose, at: now)
            tell(limits, frame)
        }
        return passes
    }

    @inline(never)
    func judgeStart(
        _ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer, _ purpose: CheckPurpose, at now: UInt64
    ) {
        guard let party = party(of: frame) else { return }
        // A hook may have sent an order of its own since the gate.
        limits.pointee.resume(
            frame.order, party, at: { limits.pointee.unixTime(now) }, for: frame.purpose(purpose))
        limits.pointee.judgeStart(for: frame.purpose(purpose))
        countReject(limits, frame, purpose, at: now)
        tell(limits, frame)
        keepAnswer(limits, frame, purpose)
    }

    /// Forgets the order that was looked at last: others may lie now where it has lain.
    @inline(never)
    func forgetOrder(_ limits: UnsafeMutablePointer<Controls>) { limits.pointee.end() }

    /// Judges the order, and when nobody has anything against it takes it down as working.
    @inline(never)
    func judgeMain(_ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer, _ purpose: CheckPurpose) {
        guard let party = party(of: frame) else { return limits.pointee.end() }
        limits.pointee.judgeMain(
            frame.order, party, at: { limits.pointee.unixTime(state.pointee.clock.now()) },
            for: frame.purpose(purpose))
        if purpose != .dropCopy { countReject(limits, frame, purpose, at: nil) }
        tell(limits, frame)
        if purpose != .dropCopy { keepAnswer(limits, frame, purpose) }
        guard purpose != .dryRun, frame.findings.pointee.rejects.isEmpty || purpose == .dropCopy else {
            limits.pointee.end()
            return
        }
        // What does not fit, which has been said, is not taken down.
        guard limits.pointee.isDrafted else { return limits.pointee.end() }
        guard let number = limits.pointee.accept(handle: state.pointee.frames.nextHandle(of: frame)) else {
            frame.findings.pointee.rejects.add(.memoryRefused(.order, by: .engine))
            return limits.pointee.end()
        }
        frame.pointee.mutations.append(.working(number))
    }

    /// Counts a rejected order as one, before what was found is told. Time is read where nobody has.
    private func countReject(
        _ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer, _ purpose: CheckPurpose, at now: UInt64?
    ) {
        let others = frame.findings.pointee.rejects.count
        let isRefused = limits.pointee.breaches.count > 0 || limits.pointee.hasLostBreaches
        guard purpose == .order, others > 0 || isRefused, let party = party(of: frame) else {
            return
        }
        limits.pointee.countReject(
            frame.order, party, at: limits.pointee.unixTime(now ?? state.pointee.clock.now()), others: others)
    }

    /// Whose order it is. An account that has no place gets one.
    func party(of frame: FramePointer) -> Party? {
        let account = frame.order.pointee.account ?? AccountId(0)
        if frame.pointee.slot.isNone {
            guard let slot = state.pointee.accounts.slotAdding(account) else {
                frame.findings.pointee.rejects.add(.memoryRefused(.order, by: .engine))
                return nil
            }
            frame.pointee.slot = slot
        }
        return Party(
            slot: frame.pointee.slot.number, account: account, group: frame.accountGroup(in: state.pointee.accounts))
    }

    /// Says what the limits found. What there is no room for is said in one reject that always has room.
    func tell(_ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer) {
        let count = limits.pointee.breaches.count
        guard count > 0 || limits.pointee.hasLostBreaches else { return }
        guard frame.findings.pointee.rejects.reserve(count), !limits.pointee.hasLostBreaches else {
            frame.findings.pointee.rejects.add(.memoryRefused(.order, by: .engine))
            return
        }
        for breach in limits.pointee.breaches.contents { frame.findings.pointee.rejects.add(Reject(breach)) }
        limits.pointee.forgetBreaches()
    }

    /// Books a report before any policy hears of it.
    @inline(never)
    func book(
        _ report: UnsafePointer<ExecutionReport>, _ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer,
        at now: UInt64
    ) {
        guard let account = report.pointee.account, !frame.pointee.slot.isNone else { return }
        let party = Party(
            slot: frame.pointee.slot.number, account: account, group: frame.accountGroup(in: state.pointee.accounts))
        let now = time(now)
        catchUp(limits, at: now)
        let time = limits.pointee.unixTime(now)
        if !limits.pointee.report(report, party, at: time).isBooked {
            frame.findings.pointee.blocks.add(
                Reject(.arithmeticOverflow, .account, by: .engine, .limit(LimitReject(.overflow))))
        }
        tellBlocks(limits, frame)
    }

    /// Tells which accounts limits have blocked, or halted, because of a report. One that is blocked is not blocked again.
    private func tellBlocks(_ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer) {
        let isBlocked = state.pointee.accounts.blockCause(of: frame.pointee.slot) != nil
        for block in limits.pointee.blocks.contents where !(block.isBlock && isBlocked) {
            guard frame.findings.pointee.blocks.reserve(1) else { continue }
            frame.findings.pointee.blocks.add(Reject(block))
        }
        limits.pointee.forgetBlocks()
    }
}

extension Engine {
    /// Lets the limits take notice of what has happened outside, and blocks the accounts that they want to have blocked.
    /// What memory is refused for waits for the next call.
    @inline(__always)
    func catchUp(_ limits: UnsafeMutablePointer<Controls>, at now: UInt64) {
        _ = limits.pointee.catchUp(at: limits.pointee.unixTime(now))
        if !limits.pointee.blocks.isEmpty { blockAccounts(limits) }
    }

    /// Where nobody asks, an account is blocked that a limit is about; a limit that is about more blocks nobody then.
    @inline(never)
    func blockAccounts(_ limits: UnsafeMutablePointer<Controls>) {
        for block in limits.pointee.blocks.contents where block.isBlock {
            guard let account = limits.pointee.account(of: block) else { continue }
            state.pointee.accounts.block(account, Reject(block).asCause, texts: TextArena())
        }
        limits.pointee.forgetBlocks()
    }

    /// What the limits of the main stage would say of an order that does not get there.
    func explainMain(_ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer) {
        guard let party = party(of: frame) else { return }
        limits.pointee.judgeMain(frame.order, party, at: { 0 }, for: .explanation)
        limits.pointee.forgetBreaches()
        limits.pointee.end()
    }
}

extension Engine {
    /// Tells the limits that accounts have changed their group, which take their positions along: all of them, or none.
    func move(
        _ ids: UnsafeBufferPointer<AccountId>, to group: AccountGroupId, from old: AccountGroupId, at now: UInt64
    ) -> Bool {
        guard let limits = state.pointee.policies.limits else { return true }
        let time = limits.pointee.unixTime(time(now))
        for (index, id) in ids.enumerated() {
            let slot = state.pointee.accounts.slot(of: id)
            if limits.pointee.move(Party(slot: slot.number, account: id, group: old), to: group, at: time) { continue }
            for id in ids[..<index] {
                let slot = state.pointee.accounts.slot(of: id)
                _ = limits.pointee.move(Party(slot: slot.number, account: id, group: group), to: old, at: time)
            }
            return false
        }
        return true
    }
}

extension FramePointer {
    fileprivate func purpose(_ purpose: CheckPurpose) -> Purpose {
        switch purpose {
        case .order: .order
        case .dryRun: pointee.isExplained ? .explanation : .dryRun
        case .dropCopy: .dropCopy
        }
    }
}

extension LimitReject {
    init(_ text: BreachText) {
        self.init(text: text, metric: nil, bound: nil, value: nil, limit: nil, retryAfter: nil)
    }
}

extension Reject {
    fileprivate init(_ breach: Breach) {
        let name: PolicyName =
            switch breach.speaker {
            case .limit(let name): .limit(name)
            case .rule(.engine): .engine
            case .rule(let rule): .rule(rule)
            }
        self.init(
            breach.code, breach.scope, by: name,
            .limit(
                LimitReject(
                    text: breach.text, metric: breach.metric, bound: breach.bound, value: breach.value,
                    limit: breach.limit, retryAfter: breach.retryAfter, blocksAccount: breach.blocksAccount)))
    }

    /// A block that a limit asks for without an order; a halt of the account is told like one, and blocks nothing.
    fileprivate init(_ block: AccountBlock) {
        self.init(
            block.metric.code, .account, by: .limit(block.name),
            .limit(
                LimitReject(
                    text: .aboveLimit, metric: block.metric, bound: nil, value: nil, limit: nil, retryAfter: nil,
                    blocksAccount: block.isBlock)))
    }

    /// What later orders of an account that it has blocked are told.
    var asCause: Reject {
        var cause = self
        cause.code = .accountBlocked
        return cause
    }

    /// Whether a limit, or a rule that limits obey, speaks.
    var isOfLimits: Bool {
        if case .limit = text { return true }
        return false
    }

    /// Whether it blocks the account when it has the account's scope.
    var blocksAccount: Bool {
        if case .limit(let reject) = text { return reject.blocksAccount }
        return true
    }
}
