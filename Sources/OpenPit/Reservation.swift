import RiskCore

/// An order that passed the start stage and waits to be executed, once. Dropping it forgets it.
public final class Request: Sendable {
    private let core: Engine
    private let handle: UInt64

    init(_ core: Engine, _ handle: UInt64) {
        core.retainWeak()
        self.core = core
        self.handle = handle
    }

    deinit {
        core.drop(request: handle)
        core.releaseWeak()
    }

    /// Runs the main stage. The request is spent, whatever comes of it; on an engine that has closed the order is rejected.
    public func execute() throws(EngineError) -> Decision<Reservation> {
        let (reservation, report) = try Report.of { (findings) throws(EngineError) in
            try core.execute(request: handle, into: findings)
        }
        guard let reservation else { return .rejected(report.rejects) }
        return .accepted(Reservation(core, reservation, report))
    }
}

/// What an accepted order holds until it is committed or rolled back, once. Dropping it rolls back.
public final class Reservation: Sendable {
    private let core: Engine
    private let handle: UInt64
    /// The engine's number of the order, by which reports name it. No two orders of an engine ever have the same one.
    public var orderId: UInt64 { handle }
    /// The prices its policies reserved at; a report brings them back.
    public let lock: [LockEntry]
    /// What the order did to the account's assets.
    public let outcomes: [Outcome]

    init(_ core: Engine, _ handle: UInt64, _ report: Report) {
        core.retainWeak()
        self.core = core
        self.handle = handle
        lock = report.lock
        outcomes = report.outcomes
    }

    deinit {
        // An open reservation is given back; a finalised one answers that it is.
        try? core.rollback(handle)
        core.releaseWeak()
    }

    /// Keeps what was reserved: the venue took the order.
    public func commit() throws(EngineError) { try core.commit(handle) }

    /// Gives back what was reserved: the venue did not take it.
    public func rollback() throws(EngineError) { try core.rollback(handle) }
}
