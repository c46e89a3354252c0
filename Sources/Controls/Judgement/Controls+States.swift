import Decimals
import RiskBase

/// States of keys: what orders meet there, and how they come and go.
extension Controls {
    /// Refuses an order that a state does not let through, before all else that may be said of it. Tells whether it is let through.
    mutating func passesStates(
        _ order: UnsafePointer<Order>, _ party: Party, _ subject: SubjectPointer?, at now: Int64, for purpose: Purpose
    ) -> Bool {
        if stateCount == 0 { return true }
        let (values, keys, instrument) = keys(of: order, party, subject)
        if purpose == .order { endInside(keys, values, instrument, at: now) }
        guard let (node, latch) = worstLatch(keys, values, instrument, at: now),
            latch.pointee.state == .halted || !(subject?.pointee.isReducing ?? false)
        else { return true }
        let scopeKeys = shapes[Int(node.pointee.shape)].pointee.keys
        let isHalted = latch.pointee.state == .halted
        var breach = Breach(scopeKeys.stateCode, by: latch.pointee.cause, isHalted ? .stateIsHalted : .stateIsReducing)
        if isHalted && [KeySet.account, .group, []].contains(scopeKeys) { breach.scope = .account }
        breaches.removeAll()
        tell(breach)
        return false
    }

    /// What an order has to be found by, even one that is malformed and so no subject.
    private mutating func keys(
        of order: UnsafePointer<Order>, _ party: Party, _ subject: SubjectPointer?
    ) -> (values: KeyValues, keys: KeySet, instrument: InstrumentPointer?) {
        if let subject { return (subject.pointee.values, subject.pointee.keys, subject.pointee.instrument) }
        var (values, keys) = order.pointee.keys(party)
        guard let instrument = order.pointee.instrument.flatMap({ world.instruments.find($0) }) else {
            return (values, keys, nil)
        }
        values.take(instrument, &keys)
        return (values, keys, instrument)
    }

    /// The most severe state that an order would meet.
    mutating func state(
        of order: UnsafePointer<Order>, _ party: Party, _ subject: SubjectPointer?, at now: Int64
    ) -> TradingState {
        let (values, keys, instrument) = keys(of: order, party, subject)
        return worstLatch(keys, values, instrument, at: now)?.latch.pointee.state ?? .active
    }

    /// The most severe latch that something with these keys meets. An order, which looks at values, does not meet one that its
    /// look would end; a reading is no look, and has no `now`.
    private mutating func worstLatch(
        _ keys: KeySet, _ values: KeyValues, _ instrument: InstrumentPointer?, at now: Int64?
    ) -> (node: NodePointer, latch: LatchPointer)? {
        var worst: (node: NodePointer, latch: LatchPointer)?
        for index in 0..<shapes.count {
            guard let node = latched(shapes[index], keys, values, instrument),
                let latch = node.latch(butThose: { latch in
                    now.map { endsInside(latch, node, at: $0, raises: false) } ?? false
                })
            else { continue }
            if worst.map({ $0.latch.pointee.state.rawValue < latch.pointee.state.rawValue }) ?? true {
                worst = (node, latch)
            }
        }
        return worst
    }

    /// The node of a shape that something with these keys meets, if there is a state.
    private mutating func latched(
        _ shape: ShapePointer, _ keys: KeySet, _ values: KeyValues, _ instrument: InstrumentPointer?
    ) -> NodePointer? {
        guard shape.pointee.stateCount > 0,
            let values = shape.pointee.complete(values, keys, instrument, world.instruments)
        else { return nil }
        return shape.pointee.find(values)
    }

    /// Ends what was to last for some time and has, where the order finds the value inside.
    private mutating func endInside(
        _ keys: KeySet, _ values: KeyValues, _ instrument: InstrumentPointer?, at now: Int64
    ) {
        for index in 0..<shapes.count {
            guard let node = latched(shapes[index], keys, values, instrument) else { continue }
            while let over = node.latch(butThose: { !endsInside($0, node, at: now, raises: true) }) {
                end(at: node, at: now, isTold: true) { $0 == over }
            }
        }
    }

    /// Whether a latch has lasted long enough, and the value is inside now.
    private mutating func endsInside(
        _ latch: LatchPointer, _ node: NodePointer, at now: Int64, raises: Bool
    ) -> Bool {
        guard latch.pointee.mayEndInside(at: now) else { return false }
        for index in 0..<node.pointee.rowCount {
            let row = node.rows.baseAddress.unsafelyUnwrapped + index
            let limit = row.pointee.limit
            guard latch.pointee.cause == .limit(limit.pointee.limit.name) else { continue }
            return standing(row.pointee.limit, node, at: now, raises: raises).map { $0.isInside(limit) } ?? false
        }
        return false
    }

    /// Latches a state at the key of a node. `false`, and no change, when memory has run out.
    @discardableResult
    mutating func latch(
        _ state: TradingState, at node: NodePointer, by cause: Speaker, of limit: LimitPointer? = nil, at now: Int64
    ) -> Bool {
        if node.hasLatch(state, by: cause) { return true }
        let before = node.state
        var latch = Latch(state: state, cause: cause, since: now)
        latch.take(releaseOf: limit?.pointee.limit)
        guard node.add(latch) else { return false }
        if latch.release == .nextPeriod { awaitPeriod(of: node, at: now) }
        noteState(of: node, before: before, cause, limit, at: now)
        if state == .halted { intendCancels(at: node, by: cause, at: now) }
        return true
    }

    /// Counts, and tells, what has become of the state of a key.
    private mutating func noteState(
        of node: NodePointer, before: TradingState, _ cause: Speaker, _ limit: LimitPointer?, at now: Int64
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
    mutating func event(_ kind: EventKind, of limit: LimitPointer?, at node: NodePointer, _ now: Int64) -> Event {
        var event = Event(kind, at: now)
        event.scope = scope(of: node)
        if let limit {
            event.name = limit.pointee.limit.name
            event.metric = limit.pointee.limit.metric
        }
        return event
    }

    /// The key of a node, as a scope.
    mutating func scope(of node: NodePointer) -> Scope {
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
    package mutating func state(of scope: Scope) -> TradingState {
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
        return worstLatch(keys, values, instrument, at: nil)?.latch.pointee.state ?? .active
    }

    /// What a release did.
    package struct Released: BitwiseCopyable {
        package var was = TradingState.active
        package var now = TradingState.active
        /// Whether a latch that was to be ended asks for a role that was not named: then nothing was changed.
        package var isRefused = false

        package init(was: TradingState = .active, now: TradingState = .active, isRefused: Bool = false) {
            self.was = was
            self.now = now
            self.isRefused = isRefused
        }
    }

    /// Whether somebody in this role may release what a limit has caused. One that is there no longer asks for none.
    package mutating func mayRelease(_ limit: Name, _ role: Name) -> Bool {
        for record in limits.contents where record.pointee.limit.name == limit {
            return record.pointee.limit.releaseRole.isNone || record.pointee.limit.releaseRole == role
        }
        return true
    }

    /// Ends the states of exactly this key, or those that one limit has caused, and hands each cause to `tell`.
    package mutating func release(
        _ scope: Scope, role: Name, limit name: Name, at now: Int64, _ tell: (Speaker) -> Void
    ) -> Released {
        var released = Released()
        guard let node = shape(of: scope)?.pointee.node(of: scope.values) else { return released }
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
        end(at: node, at: now, isTold: false, { $0.pointee.isCaused(by: name) }, tell)
        for index in 0..<node.pointee.rowCount { rearm(node.rows.baseAddress.unsafelyUnwrapped + index, name) }
        released.now = node.state
        tellRelease(of: name, at: node, at: now)
        return released
    }

    private mutating func tellRelease(of name: Name, at node: NodePointer, at now: Int64) {
        var event = event(.release, of: nil, at: node, now)
        event.name = name
        event.text = .state(node.state)
        events.add(event)
    }

    /// Ends the latches that `ends` says, and has those that nobody ended by hand told as released.
    mutating func end(
        at node: NodePointer, at now: Int64, isTold: Bool, _ ends: (LatchPointer) -> Bool,
        _ tell: (Speaker) -> Void = { _ in }
    ) {
        let before = node.state
        var last: Speaker?
        node.removeLatches(ends) { latch in
            tell(latch.cause)
            last = latch.cause
        }
        guard let last else { return }
        noteState(of: node, before: before, last, nil, at: now)
        if isTold, case .limit(let name) = last { tellRelease(of: name, at: node, at: now) }
    }

    /// A row whose latch was ended by hand begins anew.
    private mutating func rearm(_ row: RowPointer, _ name: Name) {
        guard name.isNone || row.pointee.limit.pointee.limit.name == name else { return }
        (row.pointee.isBreached, row.pointee.confirmed) = (false, 0)
        if row.pointee.limit.pointee.limit.metric == .repeatedExecutions { row.pointee.tally?.pointee.beginAnew() }
    }
}

// MARK: - The next period

extension Controls {
    /// Ends what was to last until the next period of its limit, where that has come.
    @inline(never)
    mutating func endPeriods(at now: Int64) {
        nextLatchEnd = .max
        var kept = 0
        for index in 0..<periodNodes.count {
            let node = periodNodes[index]
            if let starts = world.calendars.periods(of: calendar(of: node), at: now) {
                end(at: node, at: now, isTold: true) { latch in
                    latch.pointee.release == .nextPeriod
                        && starts.start(of: latch.pointee.period) > latch.pointee.since
                }
                nextLatchEnd = Swift.min(nextLatchEnd, starts.next)
            }
            guard node.isUntilPeriod else { continue }
            periodNodes[kept] = node
            kept += 1
        }
        periodNodes.truncate(to: kept)
    }

    /// Has the next period looked for that may end a state of the node. Where the calendar has no answer none does, nor where there
    /// is no memory: a person may.
    mutating func awaitPeriod(of node: NodePointer, at now: Int64) {
        guard let starts = world.calendars.periods(of: calendar(of: node), at: now), periodNodes.append(node) else {
            return
        }
        nextLatchEnd = Swift.min(nextLatchEnd, starts.next)
    }
}

extension NodePointer {
    /// Whether it has a state that ends with a period.
    fileprivate var isUntilPeriod: Bool {
        var next = pointee.latches
        while let latch = next {
            if latch.pointee.release == .nextPeriod { return true }
            next = latch.pointee.next
        }
        return false
    }
}

extension Latch {
    fileprivate func isCaused(by name: Name) -> Bool { name.isNone || cause == .limit(name) }
}
