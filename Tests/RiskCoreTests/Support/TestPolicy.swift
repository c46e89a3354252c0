import Decimals
import Market
import RiskBase
import RiskCore
import TestSupport

/// A policy to build a `TestEngine` with.
enum TestPolicy: Sendable {
    case orderValidation(group: UInt16 = 0)
    case rateLimit([RateLimitBarrier], group: UInt16 = 0)
    case orderSize([OrderSizeBarrier], group: UInt16 = 0)
    case killSwitch([PnlBarrier], group: UInt16 = 0)
    case spotFunds([SpotFundsScopedBarrier] = [], group: UInt16 = 0)
    case custom(Hooks)

    /// Order validation in the default group.
    static var validation: TestPolicy { .orderValidation() }
}

/// A custom policy made of closures. One that throws says that the hook failed.
final class Hooks: @unchecked Sendable {
    typealias Check = (Hook, Order) throws -> Void

    let name: String
    let group: UInt16
    var start: Check?
    var main: Check?
    var startDryRun: Check?
    var mainDryRun: Check?
    var report: ((Hook, ExecutionReport) throws -> Void)?
    var adjust: ((Hook, AccountAdjustment) throws -> Void)?
    var onDestroy: (() -> Void)?

    init(
        _ name: String, group: UInt16 = 0, start: Check? = nil, main: Check? = nil,
        report: ((Hook, ExecutionReport) throws -> Void)? = nil,
        adjust: ((Hook, AccountAdjustment) throws -> Void)? = nil
    ) {
        self.name = name
        self.group = group
        self.start = start
        self.main = main
        self.report = report
        self.adjust = adjust
    }

    /// The table of functions the core takes; its user data owns this object until it is destroyed.
    func table() -> CustomPolicy {
        var table = CustomPolicy(userData: Unmanaged.passRetained(self).toOpaque())
        if start != nil { table.checkPreTradeStart = { userData, hook, order in call(userData, hook, order, \.start) } }
        if main != nil { table.performPreTradeCheck = { userData, hook, order in call(userData, hook, order, \.main) } }
        if startDryRun != nil {
            table.checkPreTradeStartDryRun = { userData, hook, order in call(userData, hook, order, \.startDryRun) }
        }
        if mainDryRun != nil {
            table.performPreTradeCheckDryRun = { userData, hook, order in call(userData, hook, order, \.mainDryRun) }
        }
        if report != nil {
            table.applyExecutionReport = { userData, hook, report in call(userData, hook, report, \.report) }
        }
        if adjust != nil {
            table.applyAccountAdjustment = { userData, hook, adjustment in call(userData, hook, adjustment, \.adjust) }
        }
        table.destroy = { userData in
            guard let userData else { return }
            let hooks = Unmanaged<Hooks>.fromOpaque(userData).takeRetainedValue()
            hooks.onDestroy?()
        }
        return table
    }
}

private func call<Subject: BitwiseCopyable>(
    _ userData: UnsafeMutableRawPointer?, _ hook: UnsafeMutableRawPointer, _ subject: UnsafeRawPointer,
    _ function: KeyPath<Hooks, ((Hook, Subject) throws -> Void)?>
) -> Int32 {
    guard let userData else { return 1 }
    let hooks = Unmanaged<Hooks>.fromOpaque(userData).takeUnretainedValue()
    do {
        guard let hook = Hook(hook) else { return 1 }
        try hooks[keyPath: function]?(hook, subject.load(as: Subject.self))
        return 0
    } catch {
        return 1
    }
}

/// What a hook throws to fail.
struct HookFailure: Error {}

extension Hook {
    func reject(
        _ reason: String = "r", _ details: String = "d", _ scope: RejectScope = .order, code: RejectCode = .other,
        userData: UInt64 = 0
    ) throws(EngineError) {
        try withBytes(reason) { (reason) throws(EngineError) in
            try withBytes(details) { (details) throws(EngineError) in
                try self.reject(code, scope, reason: reason, details: details, userData: userData)
            }
        }
    }

    func addBlock(
        _ reason: String, _ details: String = "d", by policy: String = "P", code: RejectCode = .other,
        userData: UInt64 = 0
    ) throws(EngineError) {
        try withBytes(policy) { (policy) throws(EngineError) in
            try withBytes(reason) { (reason) throws(EngineError) in
                try withBytes(details) { (details) throws(EngineError) in
                    try addBlock(code, by: policy, reason: reason, details: details, userData: userData)
                }
            }
        }
    }

    func blockAccount(
        _ reason: String, _ details: String = "d", by policy: String = "P", code: RejectCode = .other,
        userData: UInt64 = 0
    ) throws(EngineError) {
        try withBytes(policy) { (policy) throws(EngineError) in
            try withBytes(reason) { (reason) throws(EngineError) in
                try withBytes(details) { (details) throws(EngineError) in
                    try blockAccount(code, by: policy, reason: reason, details: details, userData: userData)
                }
            }
        }
    }

    /// Registers a mutation that tells `log` what became of it: `c1`, `r1` and, in the end, `x1`.
    func addMutation(_ label: String, _ log: Log, tellsRelease: Bool = false) throws(EngineError) {
        try addMutation(
            commit: { log.add("c\(label)") }, rollback: { log.add("r\(label)") },
            release: { if tellsRelease { log.add("x\(label)") } })
    }

    func addMutation(
        commit: @escaping () throws -> Void = {}, rollback: @escaping () throws -> Void = {},
        release: @escaping () -> Void = {}
    ) throws(EngineError) {
        let steps = Unmanaged.passRetained(MutationSteps(commit: commit, rollback: rollback, release: release))
        do throws(EngineError) {
            try add(
                CustomMutation(
                    userData: steps.toOpaque(), commit: { MutationSteps.run($0, \.commit) },
                    rollback: { MutationSteps.run($0, \.rollback) },
                    release: { userData in
                        guard let userData else { return }
                        Unmanaged<MutationSteps>.fromOpaque(userData).takeRetainedValue().release()
                    }))
        } catch {
            steps.release()
            throw error
        }
    }

    func addLockPrice(_ price: String) throws(EngineError) { try addLockPrice(decimal(price)) }

    /// Publishes a balance that grew by 1.
    func addOutcome(_ name: String = "USD", group: UInt16 = 9) throws(EngineError) {
        try add(
            Outcome(
                policyGroup: PolicyGroupId(group), asset: asset(name),
                balance: ChangedAmount(delta: decimal("1"), absolute: decimal("2"))))
    }
}

private final class MutationSteps {
    typealias Step = () throws -> Void

    let commit: Step
    let rollback: Step
    let release: () -> Void

    init(commit: @escaping Step, rollback: @escaping Step, release: @escaping () -> Void) {
        self.commit = commit
        self.rollback = rollback
        self.release = release
    }

    static func run(_ userData: UnsafeMutableRawPointer?, _ step: KeyPath<MutationSteps, Step>) -> Int32 {
        guard let userData else { return 1 }
        do {
            try Unmanaged<MutationSteps>.fromOpaque(userData).takeUnretainedValue()[keyPath: step]()
            return 0
        } catch {
            return 1
        }
    }
}

/// What happened, in order.
final class Log: @unchecked Sendable {
    private(set) var lines: [String] = []

    func add(_ line: String) { lines.append(line) }

    /// Everything so far, which is then forgotten.
    func take() -> [String] {
        defer { lines = [] }
        return lines
    }
}
