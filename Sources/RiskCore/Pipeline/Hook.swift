import Decimals
import RiskBase

/// What a custom policy may say and ask while one of its functions runs. A copy that is kept is told that the hook has ended.
///
/// It writes into the frame of its own call, which no other call touches, so it needs the engine's lock for the accounts
/// only. What it says and the engine cannot take makes the hook a failed one.
public struct Hook: BitwiseCopyable {
    public enum Stage: BitwiseCopyable, Sendable {
        case start, main, report, adjustment
    }

    public let engine: Engine
    let frame: FramePointer
    let policy: PolicyList.Entry
    public let stage: Stage
    let purpose: CheckPurpose
    /// The account of the call, when it has one.
    public let account: AccountId?
    /// The account's group as it was when the first hook of the request, or of the call, was about to run.
    public let accountGroup: AccountGroupId
    /// What stands for it outside.
    var context: UInt = 0

    init(
        engine: Engine, frame: FramePointer, policy: PolicyList.Entry, stage: Stage, purpose: CheckPurpose,
        account: AccountId?
    ) {
        self.engine = engine
        self.frame = frame
        self.policy = policy
        self.stage = stage
        self.purpose = purpose
        self.account = account
        accountGroup = frame.pointee.frozenGroup ?? .default
    }

    /// The hook that a function of a policy was called with; `nil` when that hook has ended.
    public init?(_ context: UnsafeRawPointer) {
        let context = UInt(bitPattern: context)
        // Asked again once it is read, for another thread may end the hook meanwhile.
        guard let hook = HookPlaces.shared.find(context)?.pointee.hook, HookPlaces.shared.find(context) != nil else {
            return nil
        }
        self = hook
    }
}

extension Hook {
    public var isDryRun: Bool { purpose == .dryRun }

    public var isDropCopy: Bool { purpose == .dropCopy }

    /// Makes the hook a failed one. The first fault is the one that is told.
    public func refuse(_ fault: HookFault) {
        guard let place = HookPlaces.shared.find(context), place.pointee.fault == nil else { return }
        place.pointee.fault = fault
    }

    /// Begins to say something that has to be allowed.
    private func speak(_ word: StaticString, _ isAllowed: Bool) throws(EngineError) {
        guard HookPlaces.shared.find(context) != nil else { throw .hookEnded }
        guard isAllowed else {
            refuse(HookFault(word, "", "this hook cannot say it"))
            throw .notAllowed
        }
    }

    /// Says no.
    public func reject(
        _ code: RejectCode, _ scope: RejectScope, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) throws(EngineError) {
        try speak("a reject", stage != .report)
        // The names of policies do not change once the engine is built, so no lock is needed.
        let name = engine.state.pointee.policies.name(of: policy)
        var reject = try self.reject("a reject", code, by: name, reason, details)
        reject.scope = scope
        reject.userData = userData
        try take("a reject", frame.findings.pointee.rejects.append(reject))
    }

    /// The start stage of a drop copy may have something to undo too.
    public func add(_ mutation: CustomMutation) throws(EngineError) {
        try speak("a mutation", stage == .main || stage == .adjustment || stage == .start && isDropCopy)
        // Room for those of the engine's own policies stays.
        try take("a mutation", frame.pointee.mutations.reserve(Frame.roomForMutations + 1))
        frame.pointee.mutations.append(.custom(mutation))
        frame.pointee.hasCommits = true
    }

    public func addLockPrice(_ price: Decimal) throws(EngineError) {
        try speak("a lock price", stage == .main)
        try take("a lock price", frame.findings.pointee.lock.append(LockEntry(price: price, policyGroup: policy.group)))
    }

    /// Publishes an outcome: under the group it names in a report, under the policy's own otherwise.
    public func add(_ outcome: Outcome) throws(EngineError) {
        try speak("an outcome", stage != .start)
        var outcome = outcome
        if stage != .report { outcome.policyGroup = policy.group }
        try take("an outcome", frame.findings.pointee.outcomes.append(outcome))
    }

    public func add(_ pnl: AccountPnlOutcome) throws(EngineError) {
        try speak("an account P&L", stage == .report)
        try take("an account P&L", frame.findings.pointee.accountPnls.append(pnl))
    }

    /// Asks for a block, to be recorded when the call is done.
    public func addBlock(
        _ code: RejectCode, by name: UnsafeBufferPointer<UInt8>, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) throws(EngineError) {
        try speak("a block", stage == .report || stage == .adjustment)
        try tellBlock(code, by: name, reason: reason, details: details, userData: userData)
    }

    private func tellBlock(
        _ code: RejectCode, by name: UnsafeBufferPointer<UInt8>, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) throws(EngineError) {
        var block = try reject("a block", code, by: name, reason, details)
        block.userData = userData
        try take("a block", frame.findings.pointee.blocks.append(block))
    }

    /// Blocks the account at once and for good. A dry run changes nothing; a drop copy tells what it led to.
    public func blockAccount(
        _ code: RejectCode, by name: UnsafeBufferPointer<UInt8>, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) throws(EngineError) {
        try speak("a block of the account", true)
        guard let account else {
            refuse(HookFault("a block of the account", "", "the call has no account"))
            throw .notFound
        }
        guard !isDryRun else { return }
        // What is told of a drop copy that fails is forgotten, so it may be told before it is done, and takes its memory first.
        if isDropCopy { try tellBlock(code, by: name, reason: reason, details: details, userData: userData) }
        do throws(BlockFault) {
            try engine.block(account, code, by: name, reason: reason, details: details, userData: userData)
        } catch {
            // The account is not of the default group's, so it was memory, or the accounts have run out, or the engine is broken.
            if error == .broken { throw .broken }
            try take("a block of the account", false)
        }
    }

    /// Goes on when there was memory for what was said.
    private func take(_ word: StaticString, _ isTaken: Bool) throws(EngineError) {
        if isTaken { return }
        refuse(HookFault(word, "", "memory has run out"))
        throw .limitReached
    }

    /// A reject, or a block, of the account whose texts are kept, also for the block that they may become.
    private func reject(
        _ word: StaticString, _ code: RejectCode, by name: UnsafeBufferPointer<UInt8>,
        _ reason: UnsafeBufferPointer<UInt8>, _ details: UnsafeBufferPointer<UInt8>
    ) throws(EngineError) -> Reject {
        let length = name.count + reason.count + details.count
        try take(word, frame.findings.pointee.texts.reserve(length))
        try take(word, try engine.reserveCause(textLength: length))
        let name = frame.findings.pointee.texts.add(name)
        let reason = frame.findings.pointee.texts.add(reason)
        let details = frame.findings.pointee.texts.add(details)
        return Reject(code, .account, by: .custom(name), .custom(reason: reason, details: details))
    }
}
