import COpenPit
import CPlatform
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
        var part: StaticString = ""
        try self.init(reject, &part)
    }

    /// Leaves in `part` which part of it was wrong.
    init(_ reject: UnsafePointer<openpit_reject>?, _ part: inout StaticString) throws(Status) {
        self.reject = try read(reject)
        part = "its code"
        guard let code = RejectCode(rawValue: self.reject.code) else { throw .invalidArgument }
        self.code = code
        part = "what is reserved in it"
        guard self.reject.reserved == 0 else { throw .invalidArgument }
        part = "its reason"
        reason = try self.reject.reason.utf8()
        part = "its details"
        details = try self.reject.details.utf8()
        userData = self.reject.user_data
        part = ""
    }

    func scope(_ part: inout StaticString) throws(Status) -> RejectScope {
        part = "its scope"
        guard let scope = RejectScope(rawValue: reject.scope) else { throw .invalidArgument }
        part = ""
        return scope
    }

    func policy(_ part: inout StaticString) throws(Status) -> UnsafeBufferPointer<UInt8> {
        part = "its policy"
        let name = try policy()
        part = ""
        return name
    }

    func policy() throws(Status) -> UnsafeBufferPointer<UInt8> { try reject.policy.name() }
}

extension openpit_text {
    /// The bytes, once they are known to be UTF-8 and no longer than a name. The length is looked at first: no need to read a
    /// megabyte to refuse it.
    func name() throws(Status) -> UnsafeBufferPointer<UInt8> {
        guard length <= NameTable.lengthMax else { throw .nameTooLong }
        return try utf8()
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
    let account = Hook(hook)?.account?.value ?? 0
    return policy.pointee.apply_account_adjustment.unsafelyUnwrapped(
        policy.pointee.user_data, OpaquePointer(hook), account, &adjustment)
}

private func destroyTable(_ userData: UnsafeMutableRawPointer?) {
    let policy = functions(userData).pointee
    cplatform_free(userData)
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
        let name = try policy.name.name()
        guard let memory = cplatform_allocate(1, MemoryLayout<openpit_policy>.stride) else { throw .limitReached }
        let table = memory.bindMemory(to: openpit_policy.self, capacity: 1)
        table.initialize(to: policy)
        do throws(EngineBuildFault) {
            try builder.pointee.addPolicy(
                CustomPolicy(table), name: name, group: PolicyGroupId(policy.policy_group))
        } catch {
            cplatform_free(table)
            throw Status(error)
        }
    }
}

// MARK: - What a hook may say and ask

extension Hook {
    fileprivate init(_ context: OpaquePointer?) throws(Status) {
        guard let hook = Hook(UnsafeRawPointer(try required(context))) else { throw .contextEnded }
        self = hook
    }
}

/// Runs the body of an export by which a hook speaks of `word`. What cannot be taken makes the hook a failed one, whether or
/// not it looks at the status; the body leaves in `part` which part of it that was.
private func say(
    _ context: OpaquePointer?, _ word: StaticString, _ body: (Hook, inout StaticString) throws(Status) -> Void
) -> openpit_status {
    answer { () throws(Status) in
        let hook = try Hook(context)
        var part: StaticString = ""
        do throws(Status) {
            try body(hook, &part)
        } catch {
            hook.refuse(HookFault(word, part, error.message))
            throw error
        }
    }
}

@c @implementation
public func openpit_context_reject(
    _ context: OpaquePointer?, _ reject: UnsafePointer<openpit_reject>?
) -> openpit_status {
    say(context, "a reject") { (hook, part) throws(Status) in
        let reject = try ForeignReject(reject, &part)
        let scope = try reject.scope(&part)
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
    say(context, "a mutation") { (hook, part) throws(Status) in
        let mutation = try read(mutation)
        part = "what is reserved in it"
        guard mutation.reserved == 0 else { throw .invalidArgument }
        part = ""
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
    say(context, "a lock price") { (hook, _) throws(Status) in
        let price = try Decimal(price)
        try using { () throws(EngineError) in try hook.addLockPrice(price) }
    }
}

@c @implementation
public func openpit_context_add_outcome(
    _ context: OpaquePointer?, _ outcome: UnsafePointer<openpit_outcome>?
) -> openpit_status {
    say(context, "an outcome") { (hook, _) throws(Status) in
        let outcome = try Outcome(read(outcome))
        try using { () throws(EngineError) in try hook.add(outcome) }
    }
}

@c @implementation
public func openpit_context_add_account_pnl(
    _ context: OpaquePointer?, _ pnl: UnsafePointer<openpit_account_pnl>?
) -> openpit_status {
    say(context, "an account P&L") { (hook, _) throws(Status) in
        let pnl = try AccountPnlOutcome(read(pnl))
        try using { () throws(EngineError) in try hook.add(pnl) }
    }
}

@c @implementation
public func openpit_context_add_block(
    _ context: OpaquePointer?, _ block: UnsafePointer<openpit_reject>?
) -> openpit_status {
    say(context, "a block") { (hook, part) throws(Status) in
        let block = try ForeignReject(block, &part)
        let policy = try block.policy(&part)
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
    say(context, "a block of the account") { (hook, part) throws(Status) in
        let cause = try ForeignReject(cause, &part)
        let policy = try cause.policy(&part)
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
    var isKnown = true
    let status = say(context, "a question") { (hook, _) throws(Status) in
        let account = try required(account)
        // A call without an account is no mistake of the hook's.
        isKnown = hook.account != nil
        if let id = hook.account { account.pointee = id.value }
    }
    return isKnown ? status : Status.notFound.rawValue
}

@c @implementation
public func openpit_context_account_group(
    _ context: OpaquePointer?, _ group: UnsafeMutablePointer<openpit_account_group_id>?
) -> openpit_status {
    say(context, "a question") { (hook, _) throws(Status) in
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
