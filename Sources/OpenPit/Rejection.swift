import RiskCore

/// Why somebody said no, or why an account is blocked.
public struct Rejection: Hashable, Sendable {
    public var code: RejectCode
    public var scope: RejectScope
    /// The policy that speaks, or `Engine`.
    public var policy: String
    public var reason: String
    public var details: String
    /// 0 unless a custom policy set it.
    public var userData: UInt64

    public init(
        _ code: RejectCode, scope: RejectScope = .order, policy: String = "", reason: String, details: String = "",
        userData: UInt64 = 0
    ) {
        self.code = code
        self.scope = scope
        self.policy = policy
        self.reason = reason
        self.details = details
        self.userData = userData
    }

    init(_ reject: Reject, in findings: UnsafeMutablePointer<Findings>) {
        let policy = findings.pointee.policyName(of: reject)
        let texts = findings.pointee.texts(of: reject)
        self.init(
            reject.code, scope: reject.scope, policy: String(decoding: policy, as: UTF8.self),
            reason: String(decoding: texts.reason, as: UTF8.self),
            details: String(decoding: texts.details, as: UTF8.self), userData: reject.userData)
    }
}

/// What a call had to say beyond yes and no.
public struct Report: Sendable {
    public var rejects: [Rejection] = []
    /// Blocks that were asked for; in a dry run the one a real call would have made.
    public var blocks: [Rejection] = []
    public var outcomes: [Outcome] = []
    public var accountPnls: [AccountPnlOutcome] = []
    /// Group 0 first, then group by group as each was first used.
    public var lock: [LockEntry] = []

    init(_ findings: UnsafeMutablePointer<Findings>) {
        for index in 0..<findings.pointee.rejectCount {
            if let reject = findings.pointee.reject(at: index) { rejects.append(Rejection(reject, in: findings)) }
        }
        for index in 0..<findings.pointee.blockCount {
            if let block = findings.pointee.block(at: index) { blocks.append(Rejection(block, in: findings)) }
        }
        for index in 0..<findings.pointee.outcomeCount {
            if let outcome = findings.pointee.outcome(at: index) { outcomes.append(outcome) }
        }
        for index in 0..<findings.pointee.accountPnlCount {
            if let pnl = findings.pointee.accountPnl(at: index) { accountPnls.append(pnl) }
        }
        for index in 0..<findings.pointee.lockCount {
            if let entry = findings.pointee.lockEntry(at: index) { lock.append(entry) }
        }
    }

    /// What `call` writes into the findings it is given.
    static func of<Result, Failure: Error>(
        _ call: (UnsafeMutablePointer<Findings>) throws(Failure) -> Result
    ) throws(Failure) -> (result: Result, report: Report) {
        let findings = UnsafeMutablePointer<Findings>.allocate(capacity: 1)
        findings.initialize(to: Findings())
        defer {
            findings.deinitialize(count: 1)
            findings.deallocate()
        }
        let result = try call(findings)
        return (result, Report(findings))
    }
}
