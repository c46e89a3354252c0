import Decimals
import RiskBase

/// States of keys: what orders meet there, and how they come and go.
extension Controls {
    /// Refuses an order that a state does not let through, before all else that may be said of it. Tells whether it is let through.
    mutating func passesStates(_ order: UnsafePointer<Order>, _ party: Party, _ subject: Subject?) -> Bool {
        if stateCount == 0 { return true }
        let (values, keys) = Self.keys(of: order, party, subject)
        guard let (node, latch) = worstLatch(keys, values, subject?.instrument),
            latch.pointee.state == .halted || !(subject?.isReducing ?? false)
        else { return true }
        let scopeKeys = shapes[Int(node.pointee.shape)].pointee.keys
        let isHalted = latch.pointee.state == .halted
        var breach = Breach(scopeKeys.stateCode, by: latch.pointee.cause, isHalted ? .stateIsHalted : .stateIsReducing)
        if isHalted && [KeySet.account, .group, []].contains(scopeKeys) { breach.scope = .account }
        breach.isState = true
        breaches.removeAll()
        tell(breach)
        return false
    }

    /// What an order has to be found by, even one that is malformed and so no subject.
    private static func keys(
        of order: UnsafePointer<Order>, _ party: Party, _ subject: Subject?
    ) -> (values: KeyValues, keys: KeySet) {
        subject.map { ($0.values, $0.keys) } ?? order.pointee.keys(party)
    }

    /// The most severe state that an order meets.
    func state(of order: UnsafePointer<Order>, _ party: Party, _ subject: Subject?) -> TradingState {
        let (values, keys) = Self.keys(of: order, party, subject)
        return state(keys, values, subject?.instrument)
    }

    /// The most severe state that something with these keys meets.
    func state(_ keys: KeySet, _ values: KeyValues, _ instrument: InstrumentPointer?) -> TradingState {
        worstLatch(keys, values, instrument)?.latch.pointee.state ?? .active
    }

    private func worstLatch(
        _ keys: KeySet, _ values: KeyValues, _ instrument: InstrumentPointer?
    ) -> (node: NodePointer, latch: LatchPointer)? {
        var worst: (node: NodePointer, latch: LatchPointer)?
        for shape in shapes.contents where shape.pointee.stateCount > 0 {
            guard let values = shape.pointee.complete(values, keys, instrument, world.instruments),
                let node = shape.pointee.find(values), let latch = node.latch
            else { continue }
            if worst.map({ $0.latch.pointee.state.rawValue < latch.pointee.state.rawValue }) ?? true {
                worst = (node, latch)
            }
        }
        return worst
    }

    /// Latches a state at the key of a node. `false`, and no change, when memory has run out.
    @discardableResult
    mutating func latch(
        _ state: TradingState, at node: NodePointer, by cause: Speaker, of limit: Limit? = nil, at now: Int64
    ) -> Bool {
        if node.hasLatch(state, by: cause) { return true }
        let before = node.state
        var latch = Latch(state: state, cause: cause, since: now)
        if let limit {
            (latch.release, latch.releaseAfter, latch.role) = (limit.release, limit.releaseAfter, limit.releaseRole)
        }
        guard node.add(latch) else { return false }
        noteState(of: node, before: before, cause, limit, at: now)
        if state == .halted { intendCancels(at: node, by: cause, at: now) }
        return true
    }

    /// Counts, and tells, what has become of the state of a key.
    private mutating func noteState(
        of node: NodePointer, before: TradingState, _ cause: Speaker, _ limit: Limit?, at now: Int64
    ) {
        let after = node.state
        guard after != before else { return }
        let change = (after == .active ? 0 : 1) - (before == .active ? 0 : 1)
        shapes[Int(node.pointee.shape)].pointee.stateCount += change
        stateCount += change
        var event = event(.state, of: limit, at: node, now)
        if case .limit(let name) = cause { event.name = name }
        event.text = .state(after)
        events.add(event)
    }

    /// An event about a limit and the key of a node.
    func event(_ kind: EventKind, of limit: Limit?, at node: NodePointer, _ now: Int64) -> Event {
        var event = Event(kind, at: now)
        event.scope = scope(of: node)
        if let limit {
            event.name = limit.name
            event.metric = limit.metric
        }
        return event
    }

    /// The key of a node, as a scope.
    func scope(of node: NodePointer) -> Scope {
        let shape = shapes[Int(node.pointee.shape)]
        var scope = Scope()
        scope.keys = shape.pointee.keys
        scope.classKind = shape.pointee.classKind
        scope.values = node.pointee.values
        return scope
    }
}

extension Order {
    /// What is known of an order that has not the form of one.
    func keys(_ party: Party) -> (KeyValues, KeySet) {
        var (values, keys) = (KeyValues(), KeySet.account)
        values[.account] = party.slot
        if party.group != .default {
            values[.group] = party.group.value
            keys.insert(.group)
        }
        values.say(.strategy, strategy, &keys)
        values.say(.trader, trader, &keys)
        values.say(.session, session, &keys)
        values.say(.venue, venue, &keys)
        return (values, keys)
    }
}

extension KeySet {
    /// What an order is refused with that meets a state of such a key.
    fileprivate var stateCode: RejectCode {
        if !isDisjoint(with: [.instrument, .underlying, .class]) { return .instrumentRestricted }
        if contains(.venue) { return .exchangeClosed }
        if !isDisjoint(with: [.strategy, .trader, .session]) { return .accountNotAuthorized }
        return .accountBlocked
    }
}

// MARK: - By hand

extension Controls {
    /// Sets the state of a key by hand: reducing or halted. `false`, and no change, when memory has run out.
    package mutating func setState(_ state: TradingState, of scope: Scope, at now: Int64) -> Bool {
        guard let shape = shape(of: scope), let node = shape.pointee.node(of: scope.values) else { return false }
        return latch(state, at: node, by: .rule(.engine), at: now)
    }

    /// The most severe state that every order with these values meets.
    package func state(of scope: Scope) -> TradingState {
        var (keys, values) = (scope.keys, scope.values)
        var instrument: InstrumentPointer?
        if keys.contains(.instrument) {
            instrument = world.instruments[values[.instrument]]
            keys.formUnion([.underlying, .settlement])
            values[.underlying] = world.instruments[values[.instrument]].pointee.instrument.underlying.id
            values[.settlement] = world.instruments[values[.instrument]].pointee.instrument.settlement.id
        }
        if keys.contains(.account), !keys.contains(.group), let account = accounts.find(UInt64(values[.account])),
            account.pointee.group != .default
        {
            keys.insert(.group)
            values[.group] = account.pointee.group.value
        }
        return state(keys, values, instrument)
    }

    /// What a release did.
    package struct Released: BitwiseCopyable {
        package var was = TradingState.active
        package var now = TradingState.active
        /// Whether a latch that was to be ended asks for a role that was not named: then nothing was changed.
        package var isRefused = false
    }

    /// Ends the states of exactly this key, or those that one limit has caused, and hands each cause to `tell`.
    package mutating func release(
        _ scope: Scope, role: Asset, limit name: Asset, at now: Int64, _ tell: (Speaker) -> Void
    ) -> Released {
        var released = Released()
        guard let node = shape(of: scope)?.pointee.find(scope.values) else { return released }
        released.was = node.state
        var next = node.pointee.latches
        while let latch = next {
            if latch.pointee.isCaused(by: name), !latch.pointee.role.isNone, latch.pointee.role != role {
                released.isRefused = true
                released.now = released.was
                return released
            }
            next = latch.pointee.next
        }
        end(at: node, at: now, { $0.pointee.isCaused(by: name) }, tell)
        for index in 0..<node.pointee.rowCount { rearm(node.rows.baseAddress.unsafelyUnwrapped + index, name) }
        released.now = node.state
        var event = event(.release, of: nil, at: node, now)
        event.name = name
        event.text = .state(released.now)
        events.add(event)
        return released
    }

    /// Ends the latches that `ends` says.
    mutating func end(
        at node: NodePointer, at now: Int64, _ ends: (LatchPointer) -> Bool, _ tell: (Speaker) -> Void = { _ in }
    ) {
        let before = node.state
        var last: Speaker?
        node.removeLatches(ends) { latch in
            tell(latch.cause)
            last = latch.cause
        }
        if let last { noteState(of: node, before: before, last, nil, at: now) }
    }

    /// A row whose latch was ended by hand begins anew.
    private func rearm(_ row: RowPointer, _ name: Asset) {
        guard name.isNone || row.pointee.limit.pointee.limit.name == name else { return }
        (row.pointee.isBreached, row.pointee.confirmed) = (false, 0)
        if row.pointee.limit.pointee.limit.metric == .repeatedExecutions { row.pointee.tally?.pointee.beginAnew() }
    }
}

extension Latch {
    fileprivate func isCaused(by name: Asset) -> Bool { name.isNone || cause == .limit(name) }
}
