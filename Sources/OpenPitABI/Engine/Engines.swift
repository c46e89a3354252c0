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
        case .doneButCallbackFailed: self = .doneCallbackFailed
        case .hookEnded: self = .contextEnded
        case .limitReached: self = .limitReached
        case .assertionPending: self = .assertionPending
        case .notAllowed: self = .invalidArgument
        case .broken: self = .internal
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

// MARK: - What foreign code must not reach

/// Runs a call about an order. Where it lies it could be changed by custom policies, or by whoever owns it while a request
/// waits: then what is checked, and what is read from then on, is a copy.
@inline(__always)
func withOrder<Result>(
    _ order: UnsafePointer<openpit_order>?, copied: Bool, _ call: (UnsafePointer<Order>) throws(EngineError) -> Result
) throws(Status) -> Result {
    copied ? try withCopy(of: order, call) : try withValidated(order, call)
}

@inline(never)
private func withCopy<Result>(
    of order: UnsafePointer<openpit_order>?, _ call: (UnsafePointer<Order>) throws(EngineError) -> Result
) throws(Status) -> Result {
    var copy = try read(order)
    if copy.fields & UInt32(OPENPIT_ORDER_HAS_CLIENT_ORDER_ID) == 0 { copy.client_order_id = openpit_text() }
    if copy.fields & UInt32(OPENPIT_ORDER_HAS_REPLACES) == 0 { copy.replaces = openpit_text() }
    return try withCopies(of: copy.client_order_id, copy.replaces) { (id, replaces) throws(Status) in
        (copy.client_order_id, copy.replaces) = (id, replaces)
        return try withUnsafePointer(to: copy) { (copy) throws(Status) in try withValidated(copy, call) }
    }
}

/// Runs a call about a report, of which custom policies are not to reach the lock and the texts either.
@inline(never)
private func withCopy(
    of report: UnsafePointer<openpit_report>?, _ call: (UnsafePointer<ExecutionReport>) throws(EngineError) -> Void
) throws(Status) {
    var copy = try read(report)
    let hasLock = copy.fields & UInt32(OPENPIT_REPORT_HAS_LOCK) != 0
    let lock = try items(copy.lock, hasLock ? copy.lock_count : 0)
    var entries = Buffer<openpit_lock_entry>()
    guard entries.append(contentsOf: lock) else { throw .limitReached }
    copy.lock = UnsafePointer(entries.contents.baseAddress)
    copy.lock_count = lock.count
    if copy.fields & UInt32(OPENPIT_REPORT_HAS_CLIENT_ORDER_ID) == 0 { copy.client_order_id = openpit_text() }
    if copy.fields & UInt32(OPENPIT_REPORT_HAS_EXECUTION_ID) == 0 { copy.execution_id = openpit_text() }
    try withCopies(of: copy.client_order_id, copy.execution_id) { (id, execution) throws(Status) in
        (copy.client_order_id, copy.execution_id) = (id, execution)
        try withUnsafePointer(to: copy) { (copy) throws(Status) in try withValidated(copy, call) }
    }
}

/// Shows `body` copies of two texts: beside the call when they are as short as they should be, and elsewhere when not.
@inline(__always)
private func withCopies<Result>(
    of first: openpit_text, _ second: openpit_text,
    _ body: (_ first: openpit_text, _ second: openpit_text) throws(Status) -> Result
) throws(Status) -> Result {
    let (first, second) = (try first.bytes(), try second.bytes())
    let (count, isTooMuch) = first.count.addingReportingOverflow(second.count)
    if isTooMuch { throw .invalidArgument }
    if count == 0 { return try body(openpit_text(), openpit_text()) }
    let capacity = 2 * Int(OPENPIT_ORDER_TEXT_LENGTH_MAX)
    var elsewhere = Buffer<UInt8>()
    if count > capacity {
        guard elsewhere.append(contentsOf: first), elsewhere.append(contentsOf: second) else { throw .limitReached }
    }
    return try _withUnprotectedUnsafeTemporaryAllocation(
        of: UInt8.self, capacity: capacity
    ) { (room) throws(Status) -> Result in
        var copy = elsewhere.contents
        if count <= capacity {
            let end = room.update(fromContentsOf: first)
            _ = room[end...].update(fromContentsOf: second)
            copy = UnsafeBufferPointer(room)
        }
        let firstCopy = UnsafeBufferPointer(rebasing: copy[..<first.count])
        let secondCopy = UnsafeBufferPointer(rebasing: copy[first.count..<count])
        return try body(openpit_text(firstCopy), openpit_text(secondCopy))
    }
}

/// Writes the handle that a call came to. A call whose callbacks failed, and which came to nothing, has come to none; and neither
/// has one of a broken engine.
@inline(__always)
private func write(
    _ handle: UnsafeMutablePointer<UInt64>, _ call: () throws(EngineError) -> UInt64?
) throws(EngineError) {
    do throws(EngineError) {
        handle.pointee = try call() ?? 0
    } catch {
        if error == .callbackFailed || error == .broken { handle.pointee = 0 }
        throw error
    }
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
        try withOrder(order, copied: true) { (order) throws(EngineError) in
            try write(request) { () throws(EngineError) in
                try engine.startPreTrade(order, into: findings)
            }
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
        try using { () throws(EngineError) in
            try write(reservation) { () throws(EngineError) in
                try engine.execute(request: request, into: findings)
            }
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
        try withOrder(order, copied: engine.runsForeignCode) { (order) throws(EngineError) in
            try write(reservation) { () throws(EngineError) in
                try engine.executePreTrade(order, into: findings)
            }
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
        try withOrder(order, copied: engine.runsForeignCode) { (order) throws(EngineError) in
            do throws(EngineError) {
                let copy = try engine.applyDropCopy(order, into: findings)
                reservation.pointee = copy.reservation ?? 0
                isAccountBlocked.pointee = copy.isAccountBlocked ? 1 : 0
            } catch {
                // A rollback that failed has blocked everybody.
                if error == .callbackFailed || error == .broken {
                    (reservation.pointee, isAccountBlocked.pointee) = (0, 1)
                }
                throw error
            }
        }
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
        let verdict = try withOrder(order, copied: engine.runsForeignCode) { (order) throws(EngineError) in
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
        if engine.runsForeignCode {
            return try withCopy(of: report) { (report) throws(EngineError) in try engine.apply(report, into: findings) }
        }
        try withValidated(report) { (report) throws(EngineError) in try engine.apply(report, into: findings) }
    }
}

/// The adjustments of a batch. `index` is left at the one that is wrong.
private func batch(
    _ adjustments: UnsafePointer<openpit_adjustment>?, _ count: Int, _ index: inout Int
) throws(Status) -> Buffer<AccountAdjustment> {
    var converted = Buffer<AccountAdjustment>()
    index = 0
    try forEach(adjustments, count) { (adjustment) throws(Status) in
        let adjustment = try AccountAdjustment(adjustment)
        guard converted.append(adjustment) else { throw .limitReached }
        index += 1
    }
    index = count
    return converted
}

@c @implementation
public func openpit_engine_apply_account_adjustment(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ adjustments: UnsafePointer<openpit_adjustment>?,
    _ count: Int, _ result: OpaquePointer?, _ failedIndex: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let failedIndex = try required(failedIndex)
        failedIndex.pointee = count
        let engine = try Engine(engine)
        let findings = try findings(result)
        let converted = try batch(adjustments, count, &failedIndex.pointee)
        var failed: Int?
        defer { failedIndex.pointee = failed ?? count }
        try using { () throws(EngineError) in
            try engine.apply(converted.contents, to: AccountId(account), failedIndex: &failed, into: findings)
        }
    }
}
