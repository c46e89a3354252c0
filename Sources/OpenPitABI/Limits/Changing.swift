import COpenPit
import Controls
import RiskBase
import RiskCore

@c @implementation
public func openpit_engine_change_limits(
    _ engine: OpaquePointer?, _ change: UnsafePointer<openpit_limit_change>?,
    _ answered: UnsafeMutablePointer<openpit_limit_change_answer>?, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let engine = try Engine(engine)
        let change = try read(change)
        let answered = try Output(answered)
        guard change.fields & ~UInt32(OPENPIT_LIMIT_CHANGE_ALL_FIELDS) == 0 else { throw .invalidArgument }
        var set = Buffer<PlacedLimit>()
        try forEach(change.set, change.set_count) { (limit) throws(Status) in
            let given = try GivenLimit(limit, place: set.count, &detail)
            guard set.append(PlacedLimit(given.limit, account: given.account, instrument: given.instrument)) else {
                throw .limitReached
            }
        }
        var items = Buffer<PermissionItem>()
        var permissions = Buffer<PlacedPermission>()
        var itemCounts = Buffer<Int>()
        try forEach(change.permissions, change.permission_count) { (given) throws(Status) in
            guard permissions.append(try PlacedPermission(given, &items)), itemCounts.append(given.item_count) else {
                throw .limitReached
            }
        }
        // The items stay where they are from here on.
        var place = 0
        for (index, count) in itemCounts.contents.enumerated() {
            let own = UnsafeBufferPointer(rebasing: items.contents[place..<place + count])
            permissions[index] = permissions[index].with(own)
            place += count
        }
        let removed = try converted(change.removed, change.removed_count, name(behind:))
        let removedPermissions = try converted(
            change.removed_permissions, change.removed_permission_count, name(behind:))
        let required = try converted(change.required, change.required_count, Requirement.init)
        let has = { (bit: Int) in change.fields & UInt32(bit) != 0 }
        var request = RequestedChange()
        request.removed = removed.contents
        request.removedPermissions = removedPermissions.contents
        request.replacesLimits = has(OPENPIT_LIMIT_CHANGE_REPLACES_ALL)
        request.replacesPermissions = has(OPENPIT_LIMIT_CHANGE_REPLACES_PERMISSIONS)
        if has(OPENPIT_LIMIT_CHANGE_SETS_REQUIRED) {
            request.required = required.contents
        } else if change.required_count != 0 {
            throw .invalidArgument
        }
        if has(OPENPIT_LIMIT_CHANGE_HAS_EFFECTIVE_FROM) { request.effectiveFrom = change.effective_from }
        if has(OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT) { request.revertAt = change.revert_at }
        let builder = try change.described.map { (builder) throws(Status) in try BuilderPointer(behind: builder) }
        if let builder {
            guard request.effectiveFrom == nil, request.revertAt == nil,
                let draft = try building({ () throws(LimitBuildFault) in try builder.pointee.draft() })
            else { throw .invalidArgument }
            request.draft = draft
        }
        // What would be taken back before it applies is a mistake.
        if let until = request.revertAt, until <= request.effectiveFrom ?? .min { throw .invalidArgument }
        let made: ChangeAnswer
        do throws(LimitChangeFault) {
            made = try engine.change(set: set.contents, permissions: permissions.contents, request)
        } catch {
            throw Status(error)
        }
        builder?.pointee.spend()
        answered.fill {
            $0 = openpit_limit_change_answer()
            $0.number = made.number
            $0.is_applied = made.isApplied ? 1 : 0
        }
    }
}

extension Status {
    fileprivate init(_ fault: LimitChangeFault) {
        switch fault {
        case .engine(let error): self = Status(error)
        case .limit(let fault): self = Status(LimitBuildFault.refused(fault))
        }
    }
}

@c @implementation
public func openpit_engine_read_pending_changes(
    _ engine: OpaquePointer?,
    _ visit: (@convention(c) (UnsafeMutableRawPointer?, UnsafePointer<openpit_pending_change>?) -> Void)?,
    _ userData: UnsafeMutableRawPointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let visit = try required(visit)
        var pending = Buffer<PendingChange>()
        var isTakenDown = true
        try using { () throws(EngineError) in
            try engine.readPendingChanges { isTakenDown = pending.append($0) && isTakenDown }
        }
        guard isTakenDown else { throw .limitReached }
        for change in pending.contents {
            var told = openpit_pending_change()
            told.struct_size = UInt32(MemoryLayout<openpit_pending_change>.size)
            told.is_revert = change.isRevert ? 1 : 0
            told.number = change.number
            told.at = change.at
            visit(userData, &told)
        }
    }
}

@c @implementation
public func openpit_engine_set_account(
    _ engine: OpaquePointer?, _ description: UnsafePointer<openpit_account_description>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let data = try AccountData(try read(description))
        try using { () throws(EngineError) in try engine.describe(data) }
    }
}

@c @implementation
public func openpit_engine_has_position(
    _ engine: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ answered: UnsafeMutablePointer<UInt8>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let answered = try required(answered)
        let instrument = try Instrument(underlying, settlement)
        let isThere = try using { () throws(EngineError) in try engine.hasPosition(in: instrument) }
        answered.pointee = isThere ? 1 : 0
    }
}
