import COpenPit
import RiskBase
import RiskCore

// MARK: - Handles

extension Engine {
    /// The engine behind a handle.
    @inline(__always)
    init(_ handle: OpaquePointer?) throws(Status) {
        self.init(address: UnsafeMutableRawPointer(try required(handle)))
        guard isThere else { throw .destroyed }
    }

    var handle: OpaquePointer { OpaquePointer(address) }
}

extension Status {
    init(_ error: EngineError) {
        switch error {
        case .notFound, .unknownAsset: self = .notFound
        case .alreadyFinalized: self = .alreadyFinalized
        case .closed: self = .engineClosed
        case .callbackFailed: self = .callbackFailed
        case .assertionPending: self = .assertionPending
        case .notAllowed: self = .invalidArgument
        }
    }
}

/// Runs a call of the core that may find a mistake in the use of the engine.
@inline(__always)
func using<Result>(_ call: () throws(EngineError) -> Result) throws(Status) -> Result {
    do throws(EngineError) { return try call() } catch { throw Status(error) }
}

@c @implementation
public func openpit_engine_destroy(_ engine: OpaquePointer?) {
    try? Engine(engine).release()
}

@c @implementation
public func openpit_engine_retain(_ engine: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        try using { () throws(EngineError) in try engine.retain() }
    }
}

@c @implementation
public func openpit_engine_retain_weak(_ engine: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in try Engine(engine).retainWeak() }
}

@c @implementation
public func openpit_engine_release_weak(_ engine: OpaquePointer?) {
    try? Engine(engine).releaseWeak()
}

// MARK: - The way of an order

@c @implementation
public func openpit_engine_start_pre_trade(
    _ engine: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, _ result: OpaquePointer?,
    _ request: UnsafeMutablePointer<openpit_request>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let request = try required(request)
        let findings = try findings(result)
        request.pointee = try withValidated(order) { (order) throws(EngineError) in
            try engine.startPreTrade(order, into: findings) ?? 0
        }
    }
}

@c @implementation
public func openpit_engine_execute_request(
    _ engine: OpaquePointer?, _ request: openpit_request, _ result: OpaquePointer?,
    _ reservation: UnsafeMutablePointer<openpit_reservation>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let reservation = try required(reservation)
        let findings = try findings(result)
        reservation.pointee = try using { () throws(EngineError) in
            try engine.execute(request: request, into: findings) ?? 0
        }
    }
}

@c @implementation
public func openpit_engine_drop_request(_ engine: OpaquePointer?, _ request: openpit_request) {
    try? Engine(engine).drop(request: request)
}

@c @implementation
public func openpit_engine_execute_pre_trade(
    _ engine: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, _ result: OpaquePointer?,
    _ reservation: UnsafeMutablePointer<openpit_reservation>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let reservation = try required(reservation)
        let findings = try findings(result)
        reservation.pointee = try withValidated(order) { (order) throws(EngineError) in
            try engine.executePreTrade(order, into: findings) ?? 0
        }
    }
}

@c @implementation
public func openpit_engine_commit(_ engine: OpaquePointer?, _ reservation: openpit_reservation) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        try using { () throws(EngineError) in try engine.commit(reservation) }
    }
}

@c @implementation
public func openpit_engine_rollback(_ engine: OpaquePointer?, _ reservation: openpit_reservation) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        try using { () throws(EngineError) in try engine.rollback(reservation) }
    }
}

@c @implementation
public func openpit_engine_drop_reservation(_ engine: OpaquePointer?, _ reservation: openpit_reservation) {
    try? Engine(engine).rollback(reservation)
}

@c @implementation
public func openpit_engine_read_reservation(
    _ engine: OpaquePointer?, _ reservation: openpit_reservation, _ result: OpaquePointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let findings = try FindingsPointer(behind: result)
        try using { () throws(EngineError) in try engine.read(reservation: reservation, into: findings) }
    }
}

@c @implementation
public func openpit_engine_apply_drop_copy(
    _ engine: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, _ result: OpaquePointer?,
    _ reservation: UnsafeMutablePointer<openpit_reservation>?, _ isAccountBlocked: UnsafeMutablePointer<UInt8>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let reservation = try required(reservation)
        let isAccountBlocked = try required(isAccountBlocked)
        let findings = try findings(result)
        let copy = try withValidated(order) { (order) throws(EngineError) in
            try engine.applyDropCopy(order, into: findings)
        }
        reservation.pointee = copy?.reservation ?? 0
        isAccountBlocked.pointee = copy?.isAccountBlocked == true ? 1 : 0
    }
}

@c @implementation
public func openpit_engine_start_pre_trade_dry_run(
    _ engine: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, _ result: OpaquePointer?,
    _ passed: UnsafeMutablePointer<UInt8>?
) -> openpit_status {
    dryRun(engine, order, throughMainStage: false, result, passed)
}

@c @implementation
public func openpit_engine_execute_pre_trade_dry_run(
    _ engine: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, _ result: OpaquePointer?,
    _ passed: UnsafeMutablePointer<UInt8>?
) -> openpit_status {
    dryRun(engine, order, throughMainStage: true, result, passed)
}

private func dryRun(
    _ engine: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, throughMainStage: Bool,
    _ result: OpaquePointer?, _ passed: UnsafeMutablePointer<UInt8>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let passed = try required(passed)
        let findings = try findings(result)
        let verdict = try withValidated(order) { (order) throws(EngineError) in
            try engine.dryRun(order, throughMainStage: throughMainStage, into: findings)
        }
        passed.pointee = verdict ? 1 : 0
    }
}

// MARK: - Reports and adjustments

@c @implementation
public func openpit_engine_apply_execution_report(
    _ engine: OpaquePointer?, _ report: UnsafePointer<openpit_report>?, _ result: OpaquePointer?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let findings = try findings(result)
        try withValidated(report) { (report) throws(EngineError) in try engine.apply(report, into: findings) }
    }
}

/// The adjustments of a batch.
private func batch(
    _ adjustments: UnsafePointer<openpit_adjustment>?, _ count: Int
) throws(Status) -> [AccountAdjustment] {
    var converted: [AccountAdjustment] = []
    try forEach(adjustments, count) { (adjustment) throws(Status) in
        converted.append(try AccountAdjustment(adjustment))
    }
    return converted
}

@c @implementation
public func openpit_engine_apply_account_adjustment(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ adjustments: UnsafePointer<openpit_adjustment>?,
    _ count: Int, _ result: OpaquePointer?, _ failedIndex: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let failedIndex = try required(failedIndex)
        let findings = try findings(result)
        let converted = try batch(adjustments, count)
        failedIndex.pointee = try converted.withUnsafeBufferPointer { (converted) throws(Status) in
            try using { () throws(EngineError) in
                try engine.apply(converted, to: AccountId(account), into: findings) ?? count
            }
        }
    }
}
