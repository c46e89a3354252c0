import COpenPit
import Decimals
import RiskBase
import RiskCore

// MARK: - Texts and rejects from outside

/// A reject or block that a custom policy or an operator wrote.
struct ForeignReject {
    let code: RejectCode
    let reason: UnsafeBufferPointer<UInt8>
    let details: UnsafeBufferPointer<UInt8>
    let userData: UInt64
    private let reject: openpit_reject

    init(_ reject: UnsafePointer<openpit_reject>?) throws(Status) {
        self.reject = try read(reject)
        guard let code = RejectCode(rawValue: self.reject.code), self.reject.reserved == 0 else {
            throw .invalidArgument
        }
        self.code = code
        reason = try self.reject.reason.utf8()
        details = try self.reject.details.utf8()
        userData = self.reject.user_data
    }

    func scope() throws(Status) -> RejectScope {
        guard let scope = RejectScope(rawValue: reject.scope) else { throw .invalidArgument }
        return scope
    }

    func policy() throws(Status) -> PolicyName { try PolicyName(reject.policy) }
}

extension PolicyName {
    /// The name in a text, interned.
    init(_ text: openpit_text) throws(Status) {
        guard text.length <= NameTable.lengthMax else { throw .nameTooLong }
        let bytes = try text.utf8()
        do throws(NameError) {
            self = .custom(bytes.isEmpty ? .none : try NameTable.shared.intern(bytes, allowingBlank: true))
        } catch {
            throw Status(error)
        }
    }
}

// MARK: - The table of functions

/// A policy's table, kept from registration until the policy is destroyed; the core's functions find it as user data.
private typealias PolicyTable = UnsafeMutablePointer<openpit_policy>

extension CustomPolicy {
    fileprivate init(_ table: PolicyTable) {
        self.init(userData: UnsafeMutableRawPointer(table))
        if table.pointee.check_pre_trade_start != nil {
            checkPreTradeStart = { callCheck(functions($0).pointee.check_pre_trade_start, $0, $1, $2) }
        }
        if table.pointee.perform_pre_trade_check != nil {
            performPreTradeCheck = { callCheck(functions($0).pointee.perform_pre_trade_check, $0, $1, $2) }
        }
        if table.pointee.check_pre_trade_start_dry_run != nil {
            checkPreTradeStartDryRun = { callCheck(functions($0).pointee.check_pre_trade_start_dry_run, $0, $1, $2) }
        }
        if table.pointee.perform_pre_trade_check_dry_run != nil {
            performPreTradeCheckDryRun = {
                callCheck(functions($0).pointee.perform_pre_trade_check_dry_run, $0, $1, $2)
            }
        }
        if table.pointee.apply_execution_report != nil {
            applyExecutionReport = { callReport(functions($0), $1, $2) }
        }
        if table.pointee.apply_account_adjustment != nil {
            applyAccountAdjustment = { callAdjustment(functions($0), $1, $2) }
        }
        destroy = { destroyTable($0) }
    }
}

private func functions(_ userData: UnsafeMutableRawPointer?) -> UnsafePointer<openpit_policy> {
    UnsafePointer(userData.unsafelyUnwrapped.assumingMemoryBound(to: openpit_policy.self))
}

private func callCheck(
    _ check: (@convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<openpit_order>?) -> Int32)?,
    _ userData: UnsafeMutableRawPointer?, _ hook: UnsafeMutableRawPointer, _ order: UnsafeRawPointer
) -> Int32 {
    check.unsafelyUnwrapped(
        functions(userData).pointee.user_data, OpaquePointer(hook), order.assumingMemoryBound(to: openpit_order.self))
}

private func callReport(
    _ policy: UnsafePointer<openpit_policy>, _ hook: UnsafeMutableRawPointer, _ report: UnsafeRawPointer
) -> Int32 {
    policy.pointee.apply_execution_report.unsafelyUnwrapped(
        policy.pointee.user_data, OpaquePointer(hook), report.assumingMemoryBound(to: openpit_report.self))
}

private func callAdjustment(
    _ policy: UnsafePointer<openpit_policy>, _ hook: UnsafeMutableRawPointer, _ adjustment: UnsafeRawPointer
) -> Int32 {
    var adjustment = openpit_adjustment(adjustment.load(as: AccountAdjustment.self))
    let account = hook.load(as: Hook.self).account?.value ?? 0
    return policy.pointee.apply_account_adjustment.unsafelyUnwrapped(
        policy.pointee.user_data, OpaquePointer(hook), account, &adjustment)
}

private func destroyTable(_ userData: UnsafeMutableRawPointer?) {
    let policy = functions(userData).pointee
    userData?.deallocate()
    policy.destroy?(policy.user_data)
}

@c @implementation
public func openpit_engine_builder_add_policy(
    _ builder: OpaquePointer?, _ policy: UnsafePointer<openpit_policy>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let policy = try read(policy)
        guard policy.reserved == 0, policy.reserved_tail.0 | policy.reserved_tail.1 == 0,
            policy.reserved_tail.2 | policy.reserved_tail.3 == 0
        else { throw .invalidArgument }
        let name = try PolicyName(policy.name)
        let table = PolicyTable.allocate(capacity: 1)
        table.initialize(to: policy)
        do throws(EngineBuildFault) {
            try builder.pointee.addPolicy(
                CustomPolicy(table), name: name, group: PolicyGroupId(policy.policy_group))
        } catch {
            table.deallocate()
            throw Status(error)
        }
    }
}

// MARK: - What a hook may say and ask

extension Hook {
    fileprivate init(_ context: OpaquePointer?) throws(Status) {
        self = UnsafeRawPointer(try required(context)).load(as: Hook.self)
    }
}

@c @implementation
public func openpit_context_reject(
    _ context: OpaquePointer?, _ reject: UnsafePointer<openpit_reject>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let reject = try ForeignReject(reject)
        let scope = try reject.scope()
        try using { () throws(EngineError) in
            try hook.reject(
                reject.code, scope, reason: reject.reason, details: reject.details, userData: reject.userData)
        }
    }
}

@c @implementation
public func openpit_context_add_mutation(
    _ context: OpaquePointer?, _ mutation: UnsafePointer<openpit_mutation>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let mutation = try read(mutation)
        guard mutation.reserved == 0 else { throw .invalidArgument }
        try using { () throws(EngineError) in
            try hook.add(
                CustomMutation(
                    userData: mutation.user_data, commit: mutation.commit, rollback: mutation.rollback,
                    release: mutation.release))
        }
    }
}

@c @implementation
public func openpit_context_add_lock_price(_ context: OpaquePointer?, _ price: openpit_decimal) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let price = try Decimal(price)
        try using { () throws(EngineError) in try hook.addLockPrice(price) }
    }
}

@c @implementation
public func openpit_context_add_outcome(
    _ context: OpaquePointer?, _ outcome: UnsafePointer<openpit_outcome>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let outcome = try Outcome(read(outcome))
        try using { () throws(EngineError) in try hook.add(outcome) }
    }
}

@c @implementation
public func openpit_context_add_account_pnl(
    _ context: OpaquePointer?, _ pnl: UnsafePointer<openpit_account_pnl>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let pnl = try AccountPnlOutcome(read(pnl))
        try using { () throws(EngineError) in try hook.add(pnl) }
    }
}

@c @implementation
public func openpit_context_add_block(
    _ context: OpaquePointer?, _ block: UnsafePointer<openpit_reject>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let block = try ForeignReject(block)
        let policy = try block.policy()
        try using { () throws(EngineError) in
            try hook.addBlock(
                block.code, by: policy, reason: block.reason, details: block.details, userData: block.userData)
        }
    }
}

@c @implementation
public func openpit_context_block_account(
    _ context: OpaquePointer?, _ cause: UnsafePointer<openpit_reject>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let cause = try ForeignReject(cause)
        let policy = try cause.policy()
        try using { () throws(EngineError) in
            try hook.blockAccount(
                cause.code, by: policy, reason: cause.reason, details: cause.details, userData: cause.userData)
        }
    }
}

@c @implementation
public func openpit_context_account(
    _ context: OpaquePointer?, _ account: UnsafeMutablePointer<openpit_account_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        let account = try required(account)
        guard let id = hook.account else { throw .notFound }
        account.pointee = id.value
    }
}

@c @implementation
public func openpit_context_account_group(
    _ context: OpaquePointer?, _ group: UnsafeMutablePointer<openpit_account_group_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        try required(group).pointee = hook.accountGroup.value
    }
}

@c @implementation
public func openpit_context_is_dry_run(_ context: OpaquePointer?) -> Int32 {
    guard let hook = try? Hook(context) else { return 0 }
    return hook.isDryRun ? 1 : 0
}

@c @implementation
public func openpit_context_is_drop_copy(_ context: OpaquePointer?) -> Int32 {
    guard let hook = try? Hook(context) else { return 0 }
    return hook.isDropCopy ? 1 : 0
}

@c @implementation
public func openpit_context_engine(_ context: OpaquePointer?) -> OpaquePointer? {
    try? Hook(context).engine.handle
}
