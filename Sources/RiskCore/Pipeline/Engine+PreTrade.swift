import CPlatform
import RiskBase

/// The way of an order. Where custom policies run, the order must lie where they cannot reach it.
extension Engine {
    /// Runs the start stage. Returns the request, or `nil` for a rejected order.
    public func startPreTrade(
        _ order: UnsafePointer<Order>, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> UInt64? {
        try perform(StartPreTrade(order: order, result: result)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }

    /// Runs the main stage of a request, which is spent. Returns the reservation, or `nil` for a rejected order.
    public func execute(
        request: UInt64, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> UInt64? {
        try perform(ExecuteRequest(request: request, result: result)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }

    /// Both stages.
    public func executePreTrade(
        _ order: UnsafePointer<Order>, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> UInt64? {
        try perform(ExecutePreTrade(order: order, result: result)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }

    /// Forgets a request that was not executed; any other handle is ignored.
    public func drop(request: UInt64) {
        try? perform(DropRequest(request: request)) { (told, now) throws(EngineError) in
            told.apply(to: self, at: now)
        }
    }

    public func commit(_ reservation: UInt64) throws(EngineError) {
        try perform(Commit(reservation: reservation)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }

    public func rollback(_ reservation: UInt64) throws(EngineError) {
        try perform(Rollback(reservation: reservation)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }

    /// Tells the lock prices and outcomes of an open reservation.
    public func read(reservation: UInt64, into result: UnsafeMutablePointer<Findings>) throws(EngineError) {
        try look { () throws(EngineError) in
            try state.pointee.frames.read(reservation: reservation, into: result)
        }
    }

    /// The verdict a real call would give now. `throughMainStage` says how far the order would go.
    public func dryRun(
        _ order: UnsafePointer<Order>, throughMainStage: Bool, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> Bool {
        try look { () throws(EngineError) in
            try requireOpen()
            try requireNames(upTo: order.lastAsset)
            let frame = try begin(order)
            runStartStage(frame, for: .dryRun, at: state.pointee.needsTime ? state.pointee.clock.now() : 0)
            if throughMainStage && frame.findings.pointee.rejects.isEmpty { runMainStage(frame, for: .dryRun) }
            release(frame.pointee.mutations.contents)
            let passed = frame.pointee.passes
            endRefused(frame, telling: result)
            return passed
        }
    }
}

// MARK: - Commands

struct StartPreTrade: Command {
    static var kind: CommandKind { .startPreTrade }
    static var needsOpenEngine: Bool { true }
    static var needsTime: Bool { true }
    let order: UnsafePointer<Order>
    let result: UnsafeMutablePointer<Findings>?

    @inline(__always)
    func apply(to engine: Engine, at now: UInt64) throws(EngineError) -> UInt64? {
        try engine.requireNames(upTo: order.lastAsset)
        let frame = try engine.begin(order)
        engine.runStartStage(frame, for: .order, at: now)
        guard frame.findings.pointee.rejects.isEmpty else {
            engine.endRefused(frame, telling: result)
            return nil
        }
        result?.pointee.removeAll()
        engine.forgetSubject()
        return engine.state.pointee.frames.keepRequest(frame)
    }
}

struct ExecuteRequest: Command {
    static var kind: CommandKind { .executeRequest }
    let request: UInt64
    let result: UnsafeMutablePointer<Findings>?

    @inline(__always)
    func apply(to engine: Engine, at now: UInt64) throws(EngineError) -> UInt64? {
        let frame = try engine.state.pointee.frames.resume(request: request)
        guard !engine.state.pointee.isClosed else {
            frame.findings.pointee.rejects.add(
                Reject(.systemUnavailable, .order, by: .engine, .engineClosed))
            engine.end(frame, telling: result)
            return nil
        }
        if let limits = engine.state.pointee.policies.limits {
            engine.forgetOrder(limits)
            // What has happened since the start stage may have blocked the account.
            engine.catchUp(limits, at: engine.state.pointee.clock.now())
        }
        return try engine.reserve(frame, telling: result)
    }
}

struct ExecutePreTrade: Command {
    static var kind: CommandKind { .executePreTrade }
    static var needsOpenEngine: Bool { true }
    static var provesItself: Bool { true }
    static var needsTime: Bool { true }
    let order: UnsafePointer<Order>
    let result: UnsafeMutablePointer<Findings>?

    @inline(__always)
    func apply(to engine: Engine, at now: UInt64) throws(EngineError) -> UInt64? {
        try engine.requireNames(upTo: order.lastAsset)
        let frame = try engine.begin(order)
        engine.runStartStage(frame, for: .order, at: now)
        guard frame.findings.pointee.rejects.isEmpty else {
            engine.endRefused(frame, telling: result)
            if cplatform_is_contradicted() { throw engine.breakDown() }
            return nil
        }
        return try engine.reserve(frame, telling: result)
    }
}

struct DropRequest: Command {
    static var kind: CommandKind { .dropRequest }
    let request: UInt64

    func apply(to engine: Engine, at now: UInt64) {
        engine.state.pointee.frames.drop(request: request)
    }
}

struct Commit: Command {
    static var kind: CommandKind { .commit }
    static var provesItself: Bool { true }
    let reservation: UInt64

    @inline(__always)
    func apply(to engine: Engine, at now: UInt64) throws(EngineError) {
        guard let frame = engine.state.pointee.frames.claim(reservation, .reservation) else {
            return try engine.commitPacked(reservation)
        }
        guard !frame.pointee.hasCommits else { return try engine.commit(frame) }
        engine.end(frame, telling: nil)
    }
}

struct Rollback: Command {
    static var kind: CommandKind { .rollback }
    let reservation: UInt64

    func apply(to engine: Engine, at now: UInt64) throws(EngineError) {
        try engine.reserveUndo(try engine.state.pointee.frames.mutationCount(of: reservation))
        guard let frame = engine.state.pointee.frames.claim(reservation, .reservation) else {
            return try engine.rollBackPacked(reservation)
        }
        let isClean = engine.rollBack(frame.pointee.mutations.contents)
        engine.end(frame, telling: nil)
        guard isClean else { throw .doneButCallbackFailed }
    }
}

extension Engine {
    /// Commits a reservation of which there is something to do.
    @inline(never)
    fileprivate func commit(_ frame: FramePointer) throws(EngineError) {
        try prove { () throws(EngineError) in
            let isClean = commit(frame.pointee.mutations.contents)
            end(frame, telling: nil)
            guard isClean else { throw .doneButCallbackFailed }
        }
    }

    /// Commits a reservation that has no frame any more.
    @inline(never)
    fileprivate func commitPacked(_ reservation: UInt64) throws(EngineError) {
        try prove { () throws(EngineError) in
            let order = try state.pointee.frames.claimPacked(reservation, .reservation)
            let isClean = !order.pointee.hasCommits || commit(order.mutations)
            state.pointee.frames.remove(order)
            guard isClean else { throw .doneButCallbackFailed }
        }
    }

    /// The same for taking it back.
    @inline(never)
    fileprivate func rollBackPacked(_ reservation: UInt64) throws(EngineError) {
        let order = try state.pointee.frames.claimPacked(reservation, .reservation)
        let isClean = rollBack(order.mutations)
        state.pointee.frames.remove(order)
        guard isClean else { throw .doneButCallbackFailed }
    }
}

// MARK: - Stages

extension Engine {
    /// A frame for a new order.
    @inline(__always)
    func begin(_ order: UnsafePointer<Order>) throws(EngineError) -> FramePointer {
        let frame =
            if !state.pointee.frames.isFull, let spare = state.pointee.frames.takeSpare() { spare } else {
                try makeFrame(forOrder: true)
            }
        frame.pointee.order = order
        return frame
    }

    /// A frame for a call that leaves nothing open.
    @inline(__always)
    func begin() throws(EngineError) -> FramePointer {
        if let spare = state.pointee.frames.takeSpare() { return spare }
        return try makeFrame(forOrder: false)
    }

    /// Out of line: hardly ever is there none to spare.
    @inline(never)
    private func makeFrame(forOrder isOrder: Bool) throws(EngineError) -> FramePointer {
        do throws(EngineError) {
            return isOrder ? try state.pointee.frames.takeForOrder() : try state.pointee.frames.take()
        } catch {
            throw proven(error)
        }
    }

    /// Says what there is to say, and makes the frame free. One that has no room any more for what is to be said is not used again:
    /// a reject must never be lost.
    @inline(__always)
    func end(_ frame: FramePointer, telling result: UnsafeMutablePointer<Findings>?) {
        if let result, !result.pointee.take(frame.findings) { frame.pointee.isLast = true }
        state.pointee.frames.giveBack(frame)
    }

    @_transparent
    func reserve(
        _ frame: FramePointer, telling result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> UInt64? {
        if !isBlocked(frame) { runMainStage(frame, for: .order) }
        guard frame.findings.pointee.rejects.isEmpty else {
            let isUndone = rollBack(frame.pointee.mutations.contents)
            end(frame, telling: result)
            if cplatform_is_contradicted() { throw breakDown() }
            guard isUndone else { throw .callbackFailed }
            return nil
        }
        if let result, !result.pointee.assign(frame.findings) { throw untold(frame) }
        if cplatform_is_contradicted() { throw breakDown() }
        return state.pointee.frames.keepReservation(frame)
    }

    /// Ends a call that has nowhere to put its account.
    @inline(never)
    func unplaced(_ frame: FramePointer) -> EngineError {
        end(frame, telling: nil)
        return proven(.limitReached)
    }

    /// Undoes what cannot be told: custom policies have said more than there is memory for.
    @inline(never)
    func untold(_ frame: FramePointer) -> EngineError {
        let isUndone = rollBack(frame.pointee.mutations.contents)
        end(frame, telling: nil)
        return proven(isUndone ? .limitReached : .callbackFailed)
    }

    /// Rejects the order of a blocked account, and tells whether it did.
    @inline(__always)
    func isBlocked(_ frame: FramePointer) -> Bool {
        frame.pointee.findSlot(in: state.pointee.accounts)
        guard state.pointee.accounts.blockCount > 0 else { return false }
        return state.pointee.accounts.rejectIfBlocked(frame)
    }

    /// Every policy's start check, whoever rejects. One reading of the clock serves all of them.
    @inline(__always)
    func runStartStage(_ frame: FramePointer, for purpose: CheckPurpose, at now: UInt64) {
        if let limits = state.pointee.policies.limits { catchUp(limits, at: now) }
        if !isBlocked(frame) { runStartChecks(frame, for: purpose, at: now) }
    }

    @inline(__always)
    func runStartChecks(_ frame: FramePointer, for purpose: CheckPurpose, at now: UInt64) {
        let order = frame.pointee.order
        for entry in state.pointee.policies.entries.contents {
            switch entry.kind {
            // An order that is live already has its size, and what it lacks keeps nobody from recording it.
            case .orderValidation:
                if purpose == .dropCopy { break }
                OrderValidation.check(order, rejects: &frame.findings.pointee.rejects)
            case .rateLimit(let policy):
                purpose == .dryRun
                    ? policy.pointee.dryRun(
                        order, slot: frame.pointee.slot, now: now,
                        rejects: &frame.findings.pointee.rejects)
                    : policy.pointee.check(
                        order, slot: frame.pointee.slot, now: now,
                        rejects: &frame.findings.pointee.rejects)
            case .orderSizeLimit(let policy):
                if purpose == .dropCopy { break }
                policy.pointee.check(
                    order, slot: frame.pointee.slot, rejects: &frame.findings.pointee.rejects)
            case .pnlKillSwitch(let policy):
                policy.pointee.check(
                    order, slot: frame.pointee.slot, rejects: &frame.findings.pointee.rejects)
            case .spotFunds: break
            case .custom(let policy): runCheck(policy, entry, .start, frame, purpose)
            case .gate(let limits): if !passes(limits, frame, purpose, at: now) { return }
            case .limits(let limits): judgeStart(limits, frame, purpose, at: now)
            }
        }
        latch(frame, purpose)
    }

    /// Every policy's main check, whoever rejects.
    @inline(__always)
    func runMainStage(_ frame: FramePointer, for purpose: CheckPurpose) {
        if !state.pointee.policies.mainStage.isEmpty { runMainChecks(frame, purpose) }
    }

    private func runMainChecks(_ frame: FramePointer, _ purpose: CheckPurpose) {
        for entry in state.pointee.policies.mainStage.contents {
            switch entry.kind {
            case .orderValidation, .rateLimit, .orderSizeLimit, .pnlKillSwitch: break
            case .spotFunds(let policy):
                policy.pointee.check(frame, in: &state.pointee.accounts, for: purpose)
            case .custom(let policy): runCheck(policy, entry, .main, frame, purpose)
            case .gate: break
            case .limits(let limits): judgeMain(limits, frame, purpose)
            }
        }
        frame.findings.pointee.arrangeLock()
        latch(frame, purpose)
    }

    /// Blocks the account of an order that was rejected with account scope: the first such reject is the cause.
    @inline(__always)
    func latch(_ frame: FramePointer, _ purpose: CheckPurpose) {
        if !frame.findings.pointee.rejects.isEmpty { latchFirst(frame, purpose) }
    }

    @inline(never)
    private func latchFirst(_ frame: FramePointer, _ purpose: CheckPurpose) {
        for reject in frame.findings.pointee.rejects.contents where reject.scope == .account && reject.blocksAccount {
            let cause = reject.asCause
            // Later engines do not bar everybody because of an order that names nobody.
            let account = frame.order.pointee.account
            if purpose != .dryRun, account != nil || state.pointee.compatibility.has(.unnamedAccountBlocksEverybody) {
                record(cause, frame, of: account)
            }
            // A real order learns of the block from its reject; the others are told, even of one that came too late.
            if purpose != .order { frame.findings.pointee.blocks.add(cause) }
            return
        }
    }
}

// MARK: - Custom checks

extension Engine {
    /// Runs a custom check. What it has to say it has written into the frame; a failure is answered here.
    @inline(never)
    private func runCheck(
        _ policy: UnsafeMutablePointer<CustomPolicy>, _ entry: PolicyList.Entry, _ stage: Hook.Stage,
        _ frame: FramePointer, _ purpose: CheckPurpose
    ) {
        guard let check = policy.pointee.hook(for: stage, isDryRun: purpose == .dryRun) else { return }
        // What the hook says must not take the room of those who come after it.
        guard frame.findings.pointee.reserveRoom() else {
            return fail(entry, .memoryRefused, frame)
        }
        let marks = frame.findings.pointee.marks
        let failure = run(
            check, policy.pointee.userData, of: entry, stage, purpose, frame, frame.order.pointee.account,
            frame.order.pointee)
        // The hook may have made the account known.
        frame.pointee.findSlot(in: state.pointee.accounts)
        if let failure {
            frame.findings.pointee.truncate(to: marks)
            fail(entry, failure, frame)
        } else if purpose != .dryRun, state.pointee.frames.isFull {
            // Other calls took the last place meanwhile.
            frame.findings.pointee.truncate(to: marks)
            frame.findings.pointee.rejects.add(Reject(.systemUnavailable, .order, by: .engine, .openLimitReached))
        } else if frame.findings.pointee.rejects.count > marks.rejects, purpose != .dropCopy {
            frame.findings.pointee.forgetGains(since: marks)
        }
    }

    /// Calls outside code with the engine's lock free. It is shown a copy of `subject`: what it does to that stays its own
    /// affair. Returns how it failed, or `nil`.
    func run<Subject: BitwiseCopyable>(
        _ function: CustomPolicy.Check, _ userData: UnsafeMutableRawPointer?, of policy: PolicyList.Entry,
        _ stage: Hook.Stage, _ purpose: CheckPurpose, _ frame: FramePointer, _ account: AccountId?, _ subject: Subject
    ) -> RejectText? {
        frame.pointee.freezeGroup(in: state.pointee.accounts)
        let hook = Hook(
            engine: self, frame: frame, policy: policy, stage: stage, purpose: purpose, account: account)
        guard let place = state.pointee.hookPlaces.take() else {
            return .callbackRefused(HookFault("a hook", "", "too many of them run"))
        }
        let context = place.enter(hook)
        let status = withUnsafePointer(to: subject) { subject in
            withoutLock { function(userData, context, UnsafeRawPointer(subject)) }
        }
        let fault = place.leave()
        state.pointee.hookPlaces.giveBack(place)
        if let fault { return .callbackRefused(fault) }
        return status == 0 ? nil : .callbackFailed
    }

    /// Answers that a custom policy has not come to a verdict. Where its name finds no room the engine speaks.
    @inline(never)
    func fail(_ policy: PolicyList.Entry, _ text: RejectText, _ frame: FramePointer) {
        let name = state.pointee.policies.name(of: policy)
        guard frame.findings.pointee.texts.reserve(name.count) else {
            return frame.findings.pointee.rejects.add(.memoryRefused(.order, by: .engine))
        }
        let speaker = PolicyName.custom(frame.findings.pointee.texts.add(name))
        frame.findings.pointee.rejects.add(Reject(.systemUnavailable, .order, by: speaker, text))
    }
}

extension Frame {
    /// Looks the order's account up, unless it was found before.
    @inline(__always)
    mutating func findSlot(in accounts: borrowing Accounts) {
        guard slot.isNone, let account = order.pointee.account else { return }
        slot = accounts.slot(of: account)
    }

    @inline(__always)
    fileprivate mutating func freezeGroup(in accounts: borrowing Accounts) {
        if frozenGroup == nil { frozenGroup = accounts.group(of: slot) }
    }
}

extension Accounts {
    /// Adds the one reject that an order of a blocked account gets, and tells whether it did. Some block is in force.
    @inline(never)
    fileprivate mutating func rejectIfBlocked(_ frame: FramePointer) -> Bool {
        if frame.order.pointee.account == nil {
            frame.findings.pointee.rejects.add(
                Reject(.missingRequiredField, .order, by: .engine, .accountUnverified))
        } else if let cause = blockCause(of: frame.pointee.slot) {
            frame.findings.pointee.addReject(cause.pointee.reject, texts: cause.pointee.texts)
        } else if let blockOfEverything {
            frame.findings.pointee.rejects.add(blockOfEverything)
        } else {
            return false
        }
        return true
    }
}
