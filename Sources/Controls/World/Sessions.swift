import Decimals
import RiskBase

/// What a session has to do that it is taken for alive, and what becomes of its orders when it is not.
package struct SessionRules: BitwiseCopyable {
    package var name: Asset
    /// In nanoseconds: how long it may be silent, once it was heard of.
    package var heartbeat: UInt64
    /// The state that its orders meet once it has fallen silent; active: none.
    package var stateOnLoss = TradingState.active
    /// Whether the next heartbeat ends that state.
    package var isReleasedByHeartbeat = false

    package init(_ name: Asset, heartbeat: UInt64) {
        self.name = name
        self.heartbeat = heartbeat
    }
}

/// A session as the engine keeps it.
struct Session: BitwiseCopyable {
    var rules: SessionRules
    /// That of its key.
    let node: NodePointer
    /// When it is taken for lost unless it is heard of; never before its first heartbeat, and not twice.
    var lossTime = Int64.max
}

typealias SessionPointer = UnsafeMutablePointer<Session>

/// The sessions that have heartbeats.
struct Sessions: ~Copyable {
    private var rows = RowTable<Session>()
    /// When the next one is taken for lost.
    private(set) var nextLoss = Int64.max

    init() {}

    func find(_ name: Asset) -> SessionPointer? { rows.find(UInt64(name.id)) }

    func forEach(_ visit: (SessionPointer) -> Void) { rows.forEach(visit) }

    /// Adds a session, or gives the one of that name other rules, which count from its next heartbeat on. `false`, and no
    /// change, when memory has run out.
    mutating func add(_ session: Session) -> Bool {
        if let known = find(session.rules.name) {
            known.pointee.rules = session.rules
            return true
        }
        nextLoss = Swift.min(nextLoss, session.lossTime)
        return rows.set(UInt64(session.rules.name.id), session)
    }

    mutating func hear(_ session: SessionPointer, at now: Int64) {
        session.pointee.lossTime = now.addingClamped(session.pointee.rules.heartbeat)
        nextLoss = Swift.min(nextLoss, session.pointee.lossTime)
    }

    /// One that has been silent for too long, and since when it is lost; `nil` when there is none.
    mutating func takeLost(at now: Int64) -> (SessionPointer, since: Int64)? {
        guard now >= nextLoss else { return nil }
        var lost: SessionPointer?
        nextLoss = .max
        rows.forEach { row in
            if row.pointee.lossTime > now { return nextLoss = Swift.min(nextLoss, row.pointee.lossTime) }
            if lost.map({ row.pointee.lossTime < $0.pointee.lossTime }) ?? true { lost = row }
        }
        guard let lost else { return nil }
        let since = lost.pointee.lossTime
        lost.pointee.lossTime = .max
        // There may be more of them.
        nextLoss = Swift.min(nextLoss, now)
        return (lost, since)
    }
}

extension Controls {
    /// Adds a session, or changes what it has to do. `false`, and no change, when memory has run out.
    package mutating func add(_ rules: SessionRules) -> Bool {
        guard let node = node(ofSession: rules.name) else { return false }
        return sessions.add(Session(rules: rules, node: node))
    }

    /// That of a session's key; `nil` when memory has run out.
    mutating func node(ofSession name: Asset) -> NodePointer? {
        var scope = Scope()
        scope.keys = .session
        scope.values[.session] = name.id
        return shape(of: scope)?.pointee.node(of: scope.values)
    }

    /// Hears of a session. One that was lost is alive again. `false` for one that nobody has told of.
    package mutating func heartbeat(_ name: Asset, at now: Int64) -> Bool {
        notice(at: now)
        guard let session = sessions.find(name) else { return false }
        sessions.hear(session, at: now)
        if session.pointee.rules.isReleasedByHeartbeat {
            end(at: session.pointee.node, at: now, isTold: true) { $0.pointee.cause == .rule(.session) }
        }
        return true
    }

    /// Wants the orders of sessions cancelled that have fallen silent. It happens at the time at which they were lost,
    /// whichever call comes next.
    mutating func loseSessions(at now: Int64) {
        while let (session, time) = sessions.takeLost(at: now) {
            var event = Event(.heartbeatLost, at: time)
            event.name = Name(id: session.pointee.rules.name.id)
            event.scope = scope(of: session.pointee.node)
            events.add(event)
            intendCancels(at: session.pointee.node, by: .rule(.session), at: time)
            let state = session.pointee.rules.stateOnLoss
            if state != .active { latch(state, at: session.pointee.node, by: .rule(.session), at: time) }
        }
    }
}
