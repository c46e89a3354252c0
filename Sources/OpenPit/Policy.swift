import Decimals
import RiskCore

/// A control of your own. A function left out accepts; one that throws has failed, and what it was asked about is rejected.
///
/// No lock is held while a function runs: it may call the engine. It runs on the thread that called the engine.
public protocol Policy: AnyObject {
    /// Unique in an engine.
    var name: String { get }

    /// Start stage. May reject.
    func checkPreTradeStart(_ order: Order, _ context: PolicyContext) throws
    /// Main stage. May reject, register mutations, publish outcomes and lock prices.
    func performPreTradeCheck(_ order: Order, _ context: PolicyContext) throws
    /// May ask for blocks and publish outcomes and account P&Ls.
    func applyExecutionReport(_ report: ExecutionReport, _ context: PolicyContext) throws
    /// May reject, register mutations, ask for blocks and publish outcomes.
    func applyAccountAdjustment(_ adjustment: AccountAdjustment, _ context: PolicyContext) throws
}

/// A function that is left out accepts.
extension Policy {
    /// Accepts.
    public func checkPreTradeStart(_ order: Order, _ context: PolicyContext) throws {}
    public func performPreTradeCheck(_ order: Order, _ context: PolicyContext) throws {}
    public func applyExecutionReport(_ report: ExecutionReport, _ context: PolicyContext) throws {}
    public func applyAccountAdjustment(_ adjustment: AccountAdjustment, _ context: PolicyContext) throws {}
}

/// What a policy may say and ask while one of its functions runs. One that is kept throws `EngineError.hookEnded`.
///
/// What it says and the engine refuses makes the function a failed one, though it catches the error.
public struct PolicyContext {
    private let hook: Hook

    fileprivate init(_ hook: Hook) {
        self.hook = hook
    }

    /// The account of the call, when it has one.
    public var account: AccountId? { hook.account }

    /// Its group as it was when the first policy was about to be asked.
    public var accountGroup: AccountGroupId { hook.accountGroup }

    public var isDryRun: Bool { hook.isDryRun }

    /// Says no. Its `policy` is filled in by the engine.
    public func reject(_ rejection: Rejection) throws(EngineError) {
        try rejection.withTexts { (reason, details) throws(EngineError) in
            try hook.reject(
                rejection.code, rejection.scope, reason: reason, details: details, userData: rejection.userData)
        }
    }

    /// Registers what to do when the order is kept and when it is undone. One of the two runs, once. One that throws makes
    /// later engines block every account.
    public func onCommit(
        _ commit: @escaping () throws -> Void = {}, onRollback rollback: @escaping () throws -> Void = {}
    ) throws(EngineError) {
        let callbacks = Unmanaged.passRetained(Callbacks(commit, rollback))
        do throws(EngineError) {
            try hook.add(
                CustomMutation(
                    userData: callbacks.toOpaque(), commit: { Callbacks.run($0, \.commit) },
                    rollback: { Callbacks.run($0, \.rollback) },
                    release: { Unmanaged<Callbacks>.fromOpaque($0.unsafelyUnwrapped).release() }))
        } catch {
            callbacks.release()
            throw error
        }
    }

    /// Keeps a price for the reports of this order to bring back, under the policy's group.
    public func addLockPrice(_ price: Decimal) throws(EngineError) { try hook.addLockPrice(price) }

    /// Publishes an outcome: under the group it names in a report, under the policy's own otherwise.
    public func add(_ outcome: Outcome) throws(EngineError) { try hook.add(outcome) }

    /// Publishes an account's P&L. In reports only.
    public func add(_ pnl: AccountPnlOutcome) throws(EngineError) { try hook.add(pnl) }

    /// Asks for a block, to be recorded when the call is done.
    public func addBlock(_ block: Rejection) throws(EngineError) {
        try block.withTexts { (reason, details) throws(EngineError) in
            try hook.addBlock(
                block.code, by: hook.policyName(block.policy), reason: reason, details: details,
                userData: block.userData)
        }
    }

    /// Blocks the account at once and for good. A dry run changes nothing.
    public func blockAccount(_ cause: Rejection) throws(EngineError) {
        try cause.withTexts { (reason, details) throws(EngineError) in
            try hook.blockAccount(
                cause.code, by: hook.policyName(cause.policy), reason: reason, details: details,
                userData: cause.userData)
        }
    }
}

/// The two closures of a mutation, for the functions that C could call.
private final class Callbacks {
    typealias Callback = () throws -> Void

    let commit: Callback
    let rollback: Callback

    init(_ commit: @escaping Callback, _ rollback: @escaping Callback) {
        self.commit = commit
        self.rollback = rollback
    }

    /// Runs one of the two closures at `userData`: 0 when it returned, 1 when it threw.
    static func run(_ userData: UnsafeMutableRawPointer?, _ callback: KeyPath<Callbacks, Callback>) -> Int32 {
        let callbacks = Unmanaged<Callbacks>.fromOpaque(userData.unsafelyUnwrapped).takeUnretainedValue()
        do {
            try callbacks[keyPath: callback]()
            return 0
        } catch {
            return 1
        }
    }
}

/// Keeps a policy for the engine, whose functions know it by address.
private final class PolicyBox {
    let policy: any Policy

    init(_ policy: any Policy) {
        self.policy = policy
    }

    /// Asks the policy at `userData`: 0 when it answered, 1 when it failed.
    static func ask(
        _ userData: UnsafeMutableRawPointer?, _ hook: UnsafeMutableRawPointer,
        _ question: (any Policy, PolicyContext) throws -> Void
    ) -> Int32 {
        let box = Unmanaged<PolicyBox>.fromOpaque(userData.unsafelyUnwrapped).takeUnretainedValue()
        do {
            guard let hook = Hook(hook) else { return 1 }
            try question(box.policy, PolicyContext(hook))
            return 0
        } catch {
            return 1
        }
    }
}

extension CustomPolicy {
    init(_ policy: some Policy) {
        self.init(userData: Unmanaged.passRetained(PolicyBox(policy)).toOpaque())
        checkPreTradeStart = { userData, hook, order in
            PolicyBox.ask(userData, hook) { try $0.checkPreTradeStart(order.load(as: Order.self), $1) }
        }
        performPreTradeCheck = { userData, hook, order in
            PolicyBox.ask(userData, hook) { try $0.performPreTradeCheck(order.load(as: Order.self), $1) }
        }
        applyExecutionReport = { userData, hook, report in
            PolicyBox.ask(userData, hook) { try $0.applyExecutionReport(report.load(as: ExecutionReport.self), $1) }
        }
        applyAccountAdjustment = { userData, hook, adjustment in
            PolicyBox.ask(userData, hook) {
                try $0.applyAccountAdjustment(adjustment.load(as: AccountAdjustment.self), $1)
            }
        }
        destroy = { Unmanaged<PolicyBox>.fromOpaque($0.unsafelyUnwrapped).release() }
    }
}

extension Hook {
    /// The name, which the engine keeps; one that cannot be kept is as good as none.
    fileprivate func policyName(_ name: String) -> PolicyName {
        name.withBytes { (try? engine.policyName($0)) ?? .custom(.none) }
    }
}

extension Rejection {
    fileprivate func withTexts(
        _ body: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) throws(EngineError) -> Void
    ) throws(EngineError) {
        var fault: EngineError?
        reason.withBytes { reason in
            details.withBytes { details in
                do throws(EngineError) { try body(reason, details) } catch { fault = error }
            }
        }
        if let fault { throw fault }
    }
}
