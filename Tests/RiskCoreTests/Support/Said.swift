import Market
import RiskBase
import RiskCore

/// A reject or a block as a reader sees it, with its words.
struct Said: Equatable, CustomStringConvertible {
    var policy: String
    var code: RejectCode
    var scope: RejectScope
    var reason: String
    var details: String
    var userData: UInt64 = 0

    /// As a line of a scenario spells it.
    var description: String {
        let token = userData == 0 ? "" : " token \(userData)"
        return "\(policy) \(code.text) \(scope == .order ? "order" : "account")\(token) | \(reason) | \(details)"
    }
}

extension RejectCode {
    var text: String { "\(name)" }
}

/// What a call had to say beyond yes and no.
struct Answer: Equatable, CustomStringConvertible {
    var rejects: [Said] = []
    var blocks: [Said] = []
    /// Group and price of each lock entry.
    var lock: [String] = []
    /// Group, asset and changes of each outcome.
    var outcomes: [String] = []
    var accountPnls: [String] = []

    var description: String {
        let parts = [
            rejects.map { "reject \($0)" }, blocks.map { "block \($0)" }, lock.map { "lock \($0)" },
            outcomes.map { "outcome \($0)" }, accountPnls.map { "P&L \($0)" },
        ]
        let lines = parts.flatMap(\.self)
        return lines.isEmpty ? "ok" : lines.joined(separator: "\n")
    }

    /// Details of the rejects, which tell most of them apart.
    var details: [String] { rejects.map(\.details) }
    var reasons: [String] { rejects.map(\.reason) }
}

extension Answer {
    init(_ findings: UnsafeMutablePointer<Findings>) {
        rejects = (0..<findings.pointee.rejectCount).compactMap { findings.pointee.reject(at: $0) }.map {
            Said($0, in: findings)
        }
        blocks = (0..<findings.pointee.blockCount).compactMap { findings.pointee.block(at: $0) }.map {
            Said($0, in: findings)
        }
        lock = (0..<findings.pointee.lockCount).compactMap { findings.pointee.lockEntry(at: $0) }.map {
            "\($0.policyGroup.value) at \($0.price)"
        }
        outcomes = (0..<findings.pointee.outcomeCount).compactMap { findings.pointee.outcome(at: $0) }.map(spelled)
        accountPnls = (0..<findings.pointee.accountPnlCount).compactMap { findings.pointee.accountPnl(at: $0) }.map(
            spelled)
    }
}

extension Said {
    init(_ reject: Reject, in findings: UnsafeMutablePointer<Findings>) {
        let policy = findings.pointee.policyName(of: reject)
        let texts = findings.pointee.texts(of: reject)
        self.init(
            policy: String(decoding: policy, as: UTF8.self), code: reject.code, scope: reject.scope,
            reason: String(decoding: texts.reason, as: UTF8.self),
            details: String(decoding: texts.details, as: UTF8.self), userData: reject.userData)
    }
}

func spelled(_ outcome: Outcome) -> String {
    var parts = ["\(outcome.policyGroup.value)", name(of: outcome.asset)]
    if let change = outcome.balance { parts.append("balance \(change.delta) to \(change.absolute)") }
    if let change = outcome.held { parts.append("held \(change.delta) to \(change.absolute)") }
    if let change = outcome.incoming { parts.append("incoming \(change.delta) to \(change.absolute)") }
    if let pnl = outcome.realizedPnl { parts.append("P&L \(spelled(pnl))") }
    if let average = outcome.averageEntryPrice { parts.append("average \(average)") }
    return parts.joined(separator: " ")
}

func spelled(_ outcome: AccountPnlOutcome) -> String {
    "\(outcome.policyGroup.value) of \(outcome.account.value): \(spelled(outcome.pnl))"
}

private func spelled(_ pnl: ChangedPnl) -> String {
    switch pnl {
    case .changed(let change): "\(change.delta) to \(change.absolute)"
    case .halted(let reason): "halted \(reason)"
    }
}
