import COpenPit
import Decimals
import RiskBase
import RiskCore

typealias FindingsPointer = UnsafeMutablePointer<Findings>

/// The findings behind an optional result handle.
@inline(__always)
func findings(_ handle: OpaquePointer?) throws(Status) -> FindingsPointer? {
    guard let handle else { return nil }
    return try FindingsPointer(behind: handle)
}

/// The findings behind a handle whose items are counted. Its mark is not looked at, which would cost as much as the answer:
/// those of a result that was destroyed are zeros.
@inline(__always)
private func counted(_ handle: OpaquePointer?) -> FindingsPointer? {
    UnsafeMutableRawPointer(handle)?.assumingMemoryBound(to: Findings.self)
}

// MARK: - Life

@c @implementation
public func openpit_result_create(_ result: UnsafeMutablePointer<OpaquePointer?>?) -> openpit_status {
    answer { () throws(Status) in
        let result = try required(result)
        var findings = Findings()
        guard findings.reserveRoom() else { throw .limitReached }
        result.pointee = try FindingsPointer.make(findings)
    }
}

@c @implementation
public func openpit_result_destroy(_ result: OpaquePointer?) {
    FindingsPointer.end(result)
}

@c @implementation
public func openpit_result_clear(_ result: OpaquePointer?) {
    FindingsPointer.known(result)?.pointee.removeAll()
}

// MARK: - Rejects and blocks

@c @implementation
public func openpit_result_reject_count(_ result: OpaquePointer?) -> Int {
    counted(result)?.pointee.rejectCount ?? 0
}

@c @implementation
public func openpit_result_reject(
    _ result: OpaquePointer?, _ index: Int, _ reject: UnsafeMutablePointer<openpit_reject>?
) -> openpit_status {
    answer { () throws(Status) in
        let findings = try FindingsPointer(behind: result)
        let reject = try Output(reject)
        guard let found = findings.pointee.reject(at: index) else { throw .notFound }
        reject.fill { $0.fill(found, from: findings) }
    }
}

@c @implementation
public func openpit_result_block_count(_ result: OpaquePointer?) -> Int {
    counted(result)?.pointee.blockCount ?? 0
}

@c @implementation
public func openpit_result_block(
    _ result: OpaquePointer?, _ index: Int, _ block: UnsafeMutablePointer<openpit_reject>?
) -> openpit_status {
    answer { () throws(Status) in
        let findings = try FindingsPointer(behind: result)
        let block = try Output(block)
        guard let found = findings.pointee.block(at: index) else { throw .notFound }
        block.fill { $0.fill(found, from: findings) }
    }
}

@c @implementation
public func openpit_result_block_account(
    _ result: OpaquePointer?, _ index: Int, _ account: UnsafeMutablePointer<openpit_account_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let findings = try FindingsPointer(behind: result)
        let account = try required(account)
        guard let found = findings.pointee.blockedAccount(at: index) else { throw .notFound }
        account.pointee = found.value
    }
}

extension openpit_reject {
    fileprivate mutating func fill(_ reject: Reject, from findings: FindingsPointer) {
        code = reject.code.rawValue
        scope = reject.scope.rawValue
        reserved = 0
        user_data = reject.userData
        policy = openpit_text(findings.pointee.policyName(of: reject))
        let texts = findings.pointee.texts(of: reject)
        reason = openpit_text(texts.reason)
        details = openpit_text(texts.details)
        fill(reject.numbers)
    }

    private mutating func fill(_ numbers: RejectNumbers?) {
        (metric, bound) = (numbers?.metric?.rawValue ?? 0, numbers?.bound?.rawValue ?? 0)
        fields = 0
        reserved_tail = 0
        if numbers?.value != nil { fields |= UInt16(OPENPIT_REJECT_HAS_VALUE) }
        if numbers?.limit != nil { fields |= UInt16(OPENPIT_REJECT_HAS_LIMIT) }
        if numbers?.retryAfter != nil { fields |= UInt16(OPENPIT_REJECT_HAS_RETRY_AFTER) }
        value = openpit_decimal(numbers?.value ?? .zero)
        limit = openpit_decimal(numbers?.limit ?? .zero)
        retry_after = numbers?.retryAfter ?? 0
    }
}

@c @implementation
public func openpit_reject_code_name(_ code: openpit_reject_code) -> UnsafePointer<CChar>? {
    RejectCode(rawValue: code)?.name.cString
}

@c @implementation
public func openpit_reject_code_message(_ code: openpit_reject_code) -> UnsafePointer<CChar>? {
    RejectCode(rawValue: code)?.sentence.cString
}

@c @implementation
public func openpit_reject_code_is_evaluation_failure(_ code: openpit_reject_code) -> Int32 {
    RejectCode(rawValue: code)?.isEvaluationFailure == true ? 1 : 0
}

// MARK: - Outcomes

@c @implementation
public func openpit_result_outcome_count(_ result: OpaquePointer?) -> Int {
    counted(result)?.pointee.outcomeCount ?? 0
}

@c @implementation
public func openpit_result_outcome(
    _ result: OpaquePointer?, _ index: Int, _ outcome: UnsafeMutablePointer<openpit_outcome>?
) -> openpit_status {
    answer { () throws(Status) in
        let findings = try FindingsPointer(behind: result)
        let outcome = try Output(outcome)
        guard let found = findings.pointee.outcome(at: index) else { throw .notFound }
        outcome.fill { $0 = openpit_outcome(found) }
    }
}

@c @implementation
public func openpit_result_account_pnl_count(_ result: OpaquePointer?) -> Int {
    counted(result)?.pointee.accountPnlCount ?? 0
}

@c @implementation
public func openpit_result_account_pnl(
    _ result: OpaquePointer?, _ index: Int, _ pnl: UnsafeMutablePointer<openpit_account_pnl>?
) -> openpit_status {
    answer { () throws(Status) in
        let findings = try FindingsPointer(behind: result)
        let pnl = try Output(pnl)
        guard let found = findings.pointee.accountPnl(at: index) else { throw .notFound }
        pnl.fill { $0 = openpit_account_pnl(found) }
    }
}

@c @implementation
public func openpit_result_lock_count(_ result: OpaquePointer?) -> Int {
    counted(result)?.pointee.lockCount ?? 0
}

@c @implementation
public func openpit_result_lock_entry(
    _ result: OpaquePointer?, _ index: Int, _ entry: UnsafeMutablePointer<openpit_lock_entry>?
) -> openpit_status {
    answer { () throws(Status) in
        let findings = try FindingsPointer(behind: result)
        let entry = try required(entry)
        guard let found = findings.pointee.lockEntry(at: index) else { throw .notFound }
        entry.pointee = openpit_lock_entry(found)
    }
}

// MARK: - Conversion

extension openpit_amount_change {
    init(_ change: ChangedAmount) {
        self.init(delta: openpit_decimal(change.delta), absolute: openpit_decimal(change.absolute))
    }
}

extension ChangedAmount {
    init(_ change: openpit_amount_change) throws(Status) {
        self.init(delta: try Decimal(change.delta), absolute: try Decimal(change.absolute))
    }
}

extension openpit_outcome {
    init(_ outcome: Outcome) {
        self.init()
        asset = outcome.asset.id
        policy_group = outcome.policyGroup.value
        if let change = outcome.balance {
            fields |= UInt32(OPENPIT_OUTCOME_HAS_BALANCE)
            balance = openpit_amount_change(change)
        }
        if let change = outcome.held {
            fields |= UInt32(OPENPIT_OUTCOME_HAS_HELD)
            held = openpit_amount_change(change)
        }
        if let change = outcome.incoming {
            fields |= UInt32(OPENPIT_OUTCOME_HAS_INCOMING)
            incoming = openpit_amount_change(change)
        }
        switch outcome.realizedPnl {
        case nil: break
        case .changed(let change):
            fields |= UInt32(OPENPIT_OUTCOME_HAS_REALIZED_PNL)
            realized_pnl = openpit_amount_change(change)
        case .halted(let reason):
            fields |= UInt32(OPENPIT_OUTCOME_HAS_REALIZED_PNL)
            halt_reason = reason.rawValue
        }
        if let average = outcome.averageEntryPrice {
            fields |= UInt32(OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE)
            average_entry_price = openpit_decimal(average)
        }
    }
}

extension Outcome {
    init(_ outcome: openpit_outcome) throws(Status) {
        let fields = outcome.fields
        guard fields & ~UInt32(OPENPIT_OUTCOME_ALL_FIELDS) == 0, outcome.reserved == 0, outcome.asset != 0 else {
            throw .invalidArgument
        }
        self.init(policyGroup: PolicyGroupId(outcome.policy_group), asset: try named(outcome.asset))
        if fields & UInt32(OPENPIT_OUTCOME_HAS_BALANCE) != 0 { balance = try ChangedAmount(outcome.balance) }
        if fields & UInt32(OPENPIT_OUTCOME_HAS_HELD) != 0 { held = try ChangedAmount(outcome.held) }
        if fields & UInt32(OPENPIT_OUTCOME_HAS_INCOMING) != 0 { incoming = try ChangedAmount(outcome.incoming) }
        if fields & UInt32(OPENPIT_OUTCOME_HAS_REALIZED_PNL) != 0 {
            realizedPnl = try ChangedPnl(outcome.halt_reason, outcome.realized_pnl)
        }
        if fields & UInt32(OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE) != 0 {
            averageEntryPrice = try Decimal(outcome.average_entry_price)
        }
    }
}

extension ChangedPnl {
    fileprivate init(_ reason: openpit_halt_reason, _ change: openpit_amount_change) throws(Status) {
        if let reason: HaltReason = try optional(reason) {
            self = .halted(reason)
        } else {
            self = .changed(try ChangedAmount(change))
        }
    }
}

extension openpit_account_pnl {
    init(_ outcome: AccountPnlOutcome) {
        self.init()
        policy_group = outcome.policyGroup.value
        account = outcome.account.value
        switch outcome.pnl {
        case .changed(let change): pnl = openpit_amount_change(change)
        case .halted(let reason): halt_reason = reason.rawValue
        }
    }
}

extension AccountPnlOutcome {
    init(_ outcome: openpit_account_pnl) throws(Status) {
        guard outcome.reserved == 0 else { throw .invalidArgument }
        self.init(
            policyGroup: PolicyGroupId(outcome.policy_group), account: AccountId(outcome.account),
            pnl: try ChangedPnl(outcome.halt_reason, outcome.pnl))
    }
}
