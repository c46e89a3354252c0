import COpenPit
import RiskBase
import RiskCore

// MARK: - Groups

extension Status {
    init(_ fault: GroupFault) {
        switch fault.cause {
        case .reservedGroup: self = .reservedGroup
        case .alreadyGrouped: self = .alreadyGrouped
        case .otherGroup: self = .otherGroup
        case .noGroup: self = .noGroup
        case .limitReached: self = .limitReached
        case .broken: self = .internal
        }
    }

    init(_ fault: BlockFault) {
        switch fault {
        case .reservedGroup: self = .reservedGroup
        case .accountNotBlocked: self = .accountNotBlocked
        case .groupNotBlocked: self = .groupNotBlocked
        case .limitReached: self = .limitReached
        case .broken: self = .internal
        }
    }
}

/// Runs a call of the core about a block.
private func blocking(_ call: () throws(BlockFault) -> Void) throws(Status) {
    do throws(BlockFault) { try call() } catch { throw Status(error) }
}

/// Changes the groups of some accounts, and says in `error` which account stood in the way.
private func regroup(
    _ engine: OpaquePointer?, _ accounts: UnsafePointer<openpit_account_id>?, _ count: Int,
    _ error: UnsafeMutablePointer<openpit_error>?,
    _ change: (Engine, UnsafeBufferPointer<AccountId>) throws(GroupFault) -> Void
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let engine = try Engine(engine)
        let accounts = try items(accounts, count)
        do throws(GroupFault) {
            try accounts.withMemoryRebound(to: AccountId.self) { (accounts) throws(GroupFault) in
                try change(engine, accounts)
            }
        } catch let fault {
            detail.message.write(fault.message)
            detail.account = fault.account?.value ?? 0
            detail.accountGroup = fault.currentGroup?.value ?? 0
            throw Status(fault)
        }
    }
}

@c @implementation
public func openpit_engine_register_group(
    _ engine: OpaquePointer?, _ accounts: UnsafePointer<openpit_account_id>?, _ count: Int,
    _ group: openpit_account_group_id, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    regroup(engine, accounts, count, error) { (engine, accounts) throws(GroupFault) in
        try engine.register(accounts, in: AccountGroupId(group))
    }
}

@c @implementation
public func openpit_engine_unregister_group(
    _ engine: OpaquePointer?, _ accounts: UnsafePointer<openpit_account_id>?, _ count: Int,
    _ group: openpit_account_group_id, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    regroup(engine, accounts, count, error) { (engine, accounts) throws(GroupFault) in
        try engine.unregister(accounts, from: AccountGroupId(group))
    }
}

@c @implementation
public func openpit_engine_group_of(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ group: UnsafeMutablePointer<openpit_account_group_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let group = try required(group)
        group.pointee = try using { () throws(EngineError) in try engine.group(of: AccountId(account)) }.value
    }
}

// MARK: - Blocks

@c @implementation
public func openpit_engine_block_account(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ reason: openpit_text
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let reason = try reason.utf8()
        try blocking { () throws(BlockFault) in try engine.block(AccountId(account), reason: reason) }
    }
}

@c @implementation
public func openpit_engine_block_account_with_cause(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ cause: UnsafePointer<openpit_reject>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let cause = try ForeignReject(cause)
        let policy = try cause.policy()
        try blocking { () throws(BlockFault) in
            try engine.block(
                AccountId(account), cause.code, by: policy, reason: cause.reason, details: cause.details,
                userData: cause.userData)
        }
    }
}

@c @implementation
public func openpit_engine_unblock_account(_ engine: OpaquePointer?, _ account: openpit_account_id) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        try blocking { () throws(BlockFault) in try engine.unblock(AccountId(account)) }
    }
}

@c @implementation
public func openpit_engine_unblock_all(_ engine: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        try blocking { () throws(BlockFault) in try engine.unblockEverything() }
    }
}

@c @implementation
public func openpit_engine_read_account_block(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ result: OpaquePointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let findings = try FindingsPointer(behind: result)
        try using { () throws(EngineError) in try engine.readBlock(of: AccountId(account), into: findings) }
    }
}

/// Changes a block, and says in `error` what stood in the way.
private func changeBlock(
    _ engine: OpaquePointer?, account: openpit_account_id = 0, group: openpit_account_group_id = 0,
    _ error: UnsafeMutablePointer<openpit_error>?, _ reason: openpit_text = openpit_text(),
    _ change: (Engine, UnsafeBufferPointer<UInt8>) throws(BlockFault) -> Void
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let engine = try Engine(engine)
        let reason = try reason.utf8()
        do throws(BlockFault) {
            try change(engine, reason)
        } catch let fault {
            detail.message.write(fault.message)
            detail.account = account
            detail.accountGroup = group
            throw Status(fault)
        }
    }
}

@c @implementation
public func openpit_engine_replace_block_reason(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ reason: openpit_text,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    changeBlock(engine, account: account, error, reason) { (engine, reason) throws(BlockFault) in
        try engine.replaceBlockReason(of: AccountId(account), reason)
    }
}

@c @implementation
public func openpit_engine_block_group(
    _ engine: OpaquePointer?, _ group: openpit_account_group_id, _ reason: openpit_text,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    changeBlock(engine, group: group, error, reason) { (engine, reason) throws(BlockFault) in
        try engine.block(AccountGroupId(group), reason: reason)
    }
}

@c @implementation
public func openpit_engine_unblock_group(
    _ engine: OpaquePointer?, _ group: openpit_account_group_id, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    changeBlock(engine, group: group, error) { (engine, _) throws(BlockFault) in
        try engine.unblock(AccountGroupId(group))
    }
}

@c @implementation
public func openpit_engine_replace_group_block_reason(
    _ engine: OpaquePointer?, _ group: openpit_account_group_id, _ reason: openpit_text,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    changeBlock(engine, group: group, error, reason) { (engine, reason) throws(BlockFault) in
        try engine.replaceBlockReason(of: AccountGroupId(group), reason)
    }
}

// MARK: - Currencies

@c @implementation
public func openpit_engine_set_account_currency(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ currency: openpit_asset
) -> openpit_status {
    answer { () throws(Status) in
        let currency: Asset = try currency == 0 ? .none : named(currency)
        let engine = try Engine(engine)
        try using { () throws(EngineError) in try engine.setCurrency(currency, of: AccountId(account)) }
    }
}

@c @implementation
public func openpit_engine_set_group_currency(
    _ engine: OpaquePointer?, _ group: openpit_account_group_id, _ currency: openpit_asset
) -> openpit_status {
    answer { () throws(Status) in
        let currency: Asset = try currency == 0 ? .none : named(currency)
        let engine = try Engine(engine)
        try using { () throws(EngineError) in try engine.setCurrency(currency, of: AccountGroupId(group)) }
    }
}

@c @implementation
public func openpit_engine_account_currency(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ currency: UnsafeMutablePointer<openpit_asset>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let currency = try required(currency)
        currency.pointee = try using { () throws(EngineError) in try engine.currency(of: AccountId(account)) }.id
    }
}
