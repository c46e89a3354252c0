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
        let removed = try converted(change.removed, change.removed_count, name(behind:))
        let from = change.time(change.effective_from, OPENPIT_LIMIT_CHANGE_HAS_EFFECTIVE_FROM)
        let until = change.time(change.revert_at, OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT)
        // What would be taken back before it applies is a mistake.
        if let until, until <= from ?? .min { throw .invalidArgument }
        let made: ChangeAnswer
        do throws(LimitChangeFault) {
            made = try engine.changeLimits(
                set: set.contents, removed: removed.contents,
                replacesAll: change.fields & UInt32(OPENPIT_LIMIT_CHANGE_REPLACES_ALL) != 0, effectiveFrom: from,
                revertAt: until)
        } catch {
            throw Status(error)
        }
        answered.fill {
            $0 = openpit_limit_change_answer()
            $0.number = made.number
            $0.is_applied = made.isApplied ? 1 : 0
        }
    }
}

extension openpit_limit_change {
    fileprivate func time(_ time: Int64, _ bit: some BinaryInteger) -> Int64? {
        fields & UInt32(bit) == 0 ? nil : time
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
