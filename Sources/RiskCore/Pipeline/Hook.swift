import Decimals
import RiskBase

/// What a custom policy may say and ask while one of its functions runs.
///
/// It writes into the frame of its own call, which no other call touches, so it needs the engine's lock for the accounts
/// only.
public struct Hook {
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
}

extension Hook {
    public var isDryRun: Bool { purpose == .dryRun }

    public var isDropCopy: Bool { purpose == .dropCopy }

    /// Says no.
    public func reject(
        _ code: RejectCode, _ scope: RejectScope, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) throws(EngineError) {
        guard stage != .report else { throw .notAllowed }
        var reject = Reject(code, scope, by: policy.name, text(reason, details))
        reject.userData = userData
        frame.findings.pointee.rejects.add(reject)
    }

    /// The start stage of a drop copy may have something to undo too.
    public func add(_ mutation: CustomMutation) throws(EngineError) {
        guard stage == .main || stage == .adjustment || stage == .start && isDropCopy else { throw .notAllowed }
        frame.pointee.mutations.append(.custom(mutation))
        frame.pointee.hasCommits = true
    }

    public func addLockPrice(_ price: Decimal) throws(EngineError) {
        guard stage == .main else { throw .notAllowed }
        frame.findings.pointee.lock.append(LockEntry(price: price, policyGroup: policy.group))
    }

    /// Publishes an outcome: under the group it names in a report, under the policy's own otherwise.
    public func add(_ outcome: Outcome) throws(EngineError) {
        guard stage != .start else { throw .notAllowed }
        var outcome = outcome
        if stage != .report { outcome.policyGroup = policy.group }
        frame.findings.pointee.outcomes.append(outcome)
    }

    public func add(_ pnl: AccountPnlOutcome) throws(EngineError) {
        guard stage == .report else { throw .notAllowed }
        frame.findings.pointee.accountPnls.append(pnl)
    }

    /// Asks for a block, to be recorded when the call is done.
    public func addBlock(
        _ code: RejectCode, by name: PolicyName, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) throws(EngineError) {
        guard stage == .report || stage == .adjustment else { throw .notAllowed }
        var block = Reject(code, .account, by: name, text(reason, details))
        block.userData = userData
        frame.findings.pointee.blocks.add(block)
    }

    /// Blocks the account at once and for good. A dry run changes nothing.
    public func blockAccount(
        _ code: RejectCode, by name: PolicyName, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) throws(EngineError) {
        guard let account else { throw .notFound }
        guard !isDryRun else { return }
        engine.block(account, code, by: name, reason: reason, details: details, userData: userData)
    }

    /// The account's group as it was when the first hook of the request, or of the call, was about to run.
    public var accountGroup: AccountGroupId { frame.pointee.frozenGroup ?? .default }

    private func text(_ reason: UnsafeBufferPointer<UInt8>, _ details: UnsafeBufferPointer<UInt8>) -> RejectText {
        let reason = frame.findings.pointee.texts.add(reason)
        return .custom(reason: reason, details: frame.findings.pointee.texts.add(details))
    }
}
