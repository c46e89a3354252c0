import CPlatform
import Controls
import RiskBase

/// A policy of an engine by what it is. This file alone tells the kinds apart: whoever adds one extends the switches below, which
/// the compiler names, and leaves the pipeline alone.
enum PolicyKind: BitwiseCopyable {
    case orderValidation
    case rateLimit(UnsafeMutablePointer<RateLimitPolicy>)
    case orderSizeLimit(UnsafeMutablePointer<OrderSizeLimitPolicy>)
    case pnlKillSwitch(UnsafeMutablePointer<PnlKillSwitchPolicy>)
    case spotFunds(UnsafeMutablePointer<SpotFundsPolicy>)
    case custom(UnsafeMutablePointer<CustomPolicy>)
    /// What comes before all policies when there are limits, and the limits, which come behind them.
    case gate(UnsafeMutablePointer<Controls>)
    case limits(UnsafeMutablePointer<Controls>)
}

/// The built-in policies, as rejects and faults name them.
public enum BuiltinPolicy: UInt8, Sendable, BitwiseCopyable {
    case orderValidation, rateLimit, orderSizeLimit, pnlKillSwitch, spotFunds

    package var name: UnsafeBufferPointer<UInt8> {
        let name: StaticString =
            switch self {
            case .orderValidation: "OrderValidationPolicy"
            case .rateLimit: "RateLimitPolicy"
            case .orderSizeLimit: "OrderSizeLimitPolicy"
            case .pnlKillSwitch: "PnlBoundsKillSwitchPolicy"
            case .spotFunds: "SpotFundsPolicy"
            }
        return PolicyName.bytes(name)
    }
}

// MARK: - Stages

extension PolicyKind {
    /// Whether it has something to do in the main stage; all have in the start stage.
    var isOfMainStage: Bool {
        switch self {
        case .orderValidation, .rateLimit, .orderSizeLimit, .pnlKillSwitch: false
        case .spotFunds, .custom, .gate, .limits: true
        }
    }
}

extension Engine {
    /// The start check of one policy. `false` when nobody behind it may look.
    @inline(__always)
    func startCheck(_ entry: PolicyList.Entry, _ frame: FramePointer, for purpose: CheckPurpose, at now: UInt64) -> Bool
    {
        let order = frame.pointee.order
        let slot = frame.pointee.slot
        switch entry.kind {
        // An order that is live already has its size, and what it lacks keeps nobody from recording it.
        case .orderValidation:
            if purpose != .dropCopy { OrderValidation.check(order, rejects: &frame.findings.pointee.rejects) }
        case .rateLimit(let policy):
            purpose == .dryRun
                ? policy.pointee.dryRun(order, slot: slot, now: now, rejects: &frame.findings.pointee.rejects)
                : policy.pointee.check(order, slot: slot, now: now, rejects: &frame.findings.pointee.rejects)
        case .orderSizeLimit(let policy):
            if purpose != .dropCopy {
                policy.pointee.check(order, slot: slot, rejects: &frame.findings.pointee.rejects)
            }
        case .pnlKillSwitch(let policy):
            policy.pointee.check(order, slot: slot, rejects: &frame.findings.pointee.rejects)
        case .spotFunds: break
        case .custom(let policy): runCheck(policy, entry, .start, frame, purpose)
        case .gate(let limits): return passes(limits, frame, purpose, at: now)
        case .limits(let limits): judgeStart(limits, frame, purpose, at: now)
        }
        return true
    }

    /// The main check of one policy of the main stage.
    @inline(__always)
    func mainCheck(_ entry: PolicyList.Entry, _ frame: FramePointer, for purpose: CheckPurpose) {
        switch entry.kind {
        case .orderValidation, .rateLimit, .orderSizeLimit, .pnlKillSwitch, .gate: break
        case .spotFunds(let policy):
            policy.pointee.check(frame, in: &state.pointee.accounts, &state.pointee.ledger, for: purpose)
        case .custom(let policy): runCheck(policy, entry, .main, frame, purpose)
        case .limits(let limits): judgeMain(limits, frame, purpose)
        }
    }

    /// Tells one policy of a report. `false` when it has failed.
    @inline(__always)
    func settle(
        _ report: UnsafePointer<ExecutionReport>, _ entry: PolicyList.Entry, _ frame: FramePointer, at now: UInt64
    ) -> Bool {
        switch entry.kind {
        case .orderValidation, .rateLimit, .orderSizeLimit, .limits: break
        case .pnlKillSwitch(let policy):
            policy.pointee.apply(report, slot: frame.pointee.slot, blocks: &frame.findings.pointee.blocks)
        case .spotFunds(let policy):
            frame.tellSettled()
            policy.pointee.judge(frame, in: &state.pointee.accounts, state.pointee.ledger)
        case .custom(let policy): return runReport(policy, entry, frame, report)
        case .gate(let limits): book(report, limits, frame, at: now)
        }
        return true
    }

    /// Tells one policy of an adjustment. `false` when it has failed.
    func adjust(
        _ adjustment: AccountAdjustment, _ entry: PolicyList.Entry, _ frame: FramePointer, _ account: AccountId
    ) throws(EngineError) -> Bool {
        switch entry.kind {
        case .orderValidation, .rateLimit, .orderSizeLimit, .pnlKillSwitch, .limits: break
        case .spotFunds: try adjustCash(adjustment, frame)
        case .custom(let policy): return runAdjustment(policy, entry, frame, account, adjustment)
        case .gate(let limits): try adjust(adjustment, limits, frame, account)
        }
        return true
    }
}

// MARK: - The P&L of accounts

extension PolicyKind {
    /// What it has against an account that has earned so much over all.
    func breach(by pnl: PnlState, of owner: FundsOwner, in accounts: inout Accounts) -> Reject? {
        switch self {
        case .orderValidation, .rateLimit, .orderSizeLimit, .pnlKillSwitch, .custom, .gate, .limits: nil
        case .spotFunds(let policy): policy.pointee.breach(by: pnl, of: owner, in: &accounts)
        }
    }
}

// MARK: - Policies that others ask for

extension PolicyList {
    /// Those that others ask for, when they are among the policies.
    struct Known: Equatable, BitwiseCopyable {
        var spotFunds: UnsafeMutablePointer<SpotFundsPolicy>?
        var limits: UnsafeMutablePointer<Controls>?
        var killSwitch: UnsafeMutablePointer<PnlKillSwitchPolicy>?
    }

    var spotFunds: UnsafeMutablePointer<SpotFundsPolicy>? { known.spotFunds }
}

extension PolicyList.Known {
    /// Takes note of a policy that others ask for.
    mutating func note(_ kind: PolicyKind) {
        switch kind {
        case .orderValidation, .rateLimit, .orderSizeLimit, .custom, .gate: break
        case .pnlKillSwitch(let policy): killSwitch = policy
        case .spotFunds(let policy): spotFunds = policy
        case .limits(let policy): limits = policy
        }
    }
}

extension RateLimitPolicy: ConfigurablePolicy {
    static var builtin: BuiltinPolicy { .rateLimit }
    static func find(in kind: PolicyKind) -> Place? { if case .rateLimit(let place) = kind { place } else { nil } }
}

extension OrderSizeLimitPolicy: ConfigurablePolicy {
    static var builtin: BuiltinPolicy { .orderSizeLimit }
    static func find(in kind: PolicyKind) -> Place? { if case .orderSizeLimit(let place) = kind { place } else { nil } }
}

extension PnlKillSwitchPolicy: ConfigurablePolicy {
    static var builtin: BuiltinPolicy { .pnlKillSwitch }
    static func find(in kind: PolicyKind) -> Place? { if case .pnlKillSwitch(let place) = kind { place } else { nil } }
}

extension SpotFundsPolicy: ConfigurablePolicy {
    static var builtin: BuiltinPolicy { .spotFunds }
    static func find(in kind: PolicyKind) -> Place? { if case .spotFunds(let place) = kind { place } else { nil } }
}

// MARK: - Life and invariants

extension PolicyKind {
    /// A place for a policy's state; `nil` when memory has run out.
    static func place<Policy: ~Copyable>(of type: Policy.Type) -> UnsafeMutablePointer<Policy>? {
        cplatform_allocate_zeroed(1, MemoryLayout<Policy>.stride, 16)?.bindMemory(to: Policy.self, capacity: 1)
    }

    /// Ends what outside hands gave, and gives the memory back.
    func deallocate() {
        abandon()
        switch self {
        case .orderValidation, .gate: break
        case .rateLimit(let policy): Self.unbox(policy)
        case .orderSizeLimit(let policy): Self.unbox(policy)
        case .pnlKillSwitch(let policy): Self.unbox(policy)
        case .spotFunds(let policy): Self.unbox(policy)
        case .custom(let policy): Self.unbox(policy)
        case .limits(let limits):
            limits.end()
            cplatform_free(limits)
        }
    }

    private static func unbox<Policy: ~Copyable>(_ policy: UnsafeMutablePointer<Policy>) {
        policy.deinitialize(count: 1)
        cplatform_free(policy)
    }

    /// Ends what outside hands gave, and leaves the memory alone.
    func abandon() {
        if case .custom(let policy) = self { policy.pointee.destroy?(policy.pointee.userData) }
    }

    func checkInvariants() -> StaticString? {
        switch self {
        case .orderValidation, .custom, .gate: nil
        case .rateLimit(let policy): policy.pointee.checkInvariants()
        case .orderSizeLimit(let policy): policy.pointee.checkInvariants()
        case .pnlKillSwitch(let policy): policy.pointee.checkInvariants()
        case .spotFunds(let policy): policy.pointee.checkInvariants()
        case .limits(let limits): limits.pointee.checkInvariants()
        }
    }
}
