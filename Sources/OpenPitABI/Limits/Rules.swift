import COpenPit
import Controls
import RiskBase
import RiskCore

// MARK: - Calendars

@c @implementation
public func openpit_engine_builder_add_calendar(
    _ builder: OpaquePointer?, _ instants: UnsafePointer<openpit_calendar_instant>?, _ count: Int, _ end: Int64,
    _ calendar: UnsafeMutablePointer<UInt32>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let calendar = try required(calendar)
        let steps = try converted(instants, count, CalendarStep.init)
        guard let last = steps.contents.last, last.instant < end else { throw .invalidArgument }
        for index in 1..<steps.count where steps[index].instant <= steps[index - 1].instant { throw .invalidArgument }
        try building { () throws(LimitBuildFault) in
            calendar.pointee = try builder.pointee.addCalendar(steps.contents, until: end)
        }
    }
}

extension CalendarStep {
    fileprivate init(_ given: openpit_calendar_instant) throws(Status) {
        let reserved = given.reserved
        guard let phase = SessionPhase(rawValue: given.phase), given.flags & ~UInt8(OPENPIT_CALENDAR_ALL_FLAGS) == 0,
            reserved.0 | reserved.1 | reserved.2 | reserved.3 | reserved.4 | reserved.5 == 0
        else { throw .invalidArgument }
        self.init(given.time)
        self.phase = phase
        let has = { (bit: Int) in given.flags & UInt8(bit) != 0 }
        isPastLastEntry = has(OPENPIT_CALENDAR_IS_PAST_LAST_ENTRY)
        if has(OPENPIT_CALENDAR_DAY_BEGINS) { rolls.insert(.day) }
        if has(OPENPIT_CALENDAR_WEEK_BEGINS) { rolls.insert(.week) }
        if has(OPENPIT_CALENDAR_MONTH_BEGINS) { rolls.insert(.month) }
        guard rolls.isEmpty || rolls.contains(.day) else { throw .invalidArgument }
    }
}

@c @implementation
public func openpit_engine_builder_set_venue_calendar(
    _ builder: OpaquePointer?, _ venue: openpit_name, _ calendar: UInt32
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let venue = try named(venue)
        try building { () throws(LimitBuildFault) in try builder.pointee.setCalendar(calendar, ofVenue: venue) }
    }
}

// MARK: - Sessions

@c @implementation
public func openpit_engine_builder_add_session(
    _ builder: OpaquePointer?, _ session: UnsafePointer<openpit_session>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let rules = try SessionRules(try read(session))
        try building { () throws(LimitBuildFault) in try builder.pointee.addSession(rules) }
    }
}

extension SessionRules {
    fileprivate init(_ given: openpit_session) throws(Status) {
        let reserved = given.reserved
        guard given.heartbeat != 0, given.is_released_by_heartbeat <= 1,
            reserved.0 | reserved.1 | reserved.2 | reserved.3 | reserved.4 | reserved.5 == 0
        else { throw .invalidArgument }
        self.init(try named(given.name), heartbeat: given.heartbeat)
        stateOnLoss = try optional(given.on_loss) ?? .active
        isReleasedByHeartbeat = given.is_released_by_heartbeat == 1
    }
}

// MARK: - Permissions

@c @implementation
public func openpit_engine_builder_add_permission(
    _ builder: OpaquePointer?, _ permission: UnsafePointer<openpit_permission>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        var items = Buffer<PermissionItem>()
        let placed = try PlacedPermission(try read(permission), &items)
        try building { () throws(LimitBuildFault) in try builder.pointee.addPermission(placed.with(items.contents)) }
    }
}

extension PlacedPermission {
    /// A permission without its items, which come behind those there are.
    init(_ given: openpit_permission, _ items: inout Buffer<PermissionItem>) throws(Status) {
        let scope = try GivenScope(given.scope)
        guard scope.scope.each.isEmpty else { throw .invalidArgument }
        var permission = try Permission(given)
        permission.scope = scope.scope
        let own = try converted(given.items, given.item_count, PermissionItem.init)
        guard items.append(contentsOf: own.contents) else { throw .limitReached }
        let none = UnsafeBufferPointer<PermissionItem>(start: nil, count: 0)
        self.init(GivenPermission(permission, none), account: scope.account, instrument: scope.instrument)
    }

    func with(_ items: UnsafeBufferPointer<PermissionItem>) -> PlacedPermission {
        var placed = self
        placed.given.items = items
        return placed
    }
}

extension Permission {
    fileprivate init(_ given: openpit_permission) throws(Status) {
        // A bit for each aspect, from 1 to the last.
        let aspects = UInt32(1) << (UInt32(PermissionAspect.short.rawValue) + 1) - 2
        guard given.fields & ~UInt32(OPENPIT_PERMISSION_ALL_FIELDS) == 0, given.reserved == 0, given.reserved_word == 0,
            given.allowed_aspects & ~aspects == 0
        else { throw .invalidArgument }
        self.init(name: try OpenPitABI.name(behind: given.name))
        phase = try optional(given.phase)
        allowedAspects = UInt16(given.allowed_aspects)
        let has = { (bit: Int) in given.fields & UInt32(bit) != 0 }
        if has(OPENPIT_PERMISSION_HAS_EFFECTIVE_FROM) { effectiveFrom = given.effective_from }
        if has(OPENPIT_PERMISSION_HAS_EFFECTIVE_UNTIL) { effectiveUntil = given.effective_until }
        guard effectiveFrom < effectiveUntil else { throw .invalidArgument }
        exceptsReducing = has(OPENPIT_PERMISSION_EXCEPTS_REDUCING)
        if given.code == 0 { return }
        guard let code = RejectCode(rawValue: given.code) else { throw .invalidArgument }
        self.code = code
    }
}

extension PermissionItem {
    fileprivate init(_ item: openpit_permission_item) throws(Status) {
        guard let aspect = PermissionAspect(rawValue: item.aspect), item.is_allowed <= 1, item.reserved == 0,
            (item.word != 0) == aspect.hasWords, (item.name != 0) != aspect.hasWords,
            (item.name_of != 0) == aspect.hasPairs
        else { throw .invalidArgument }
        let isAllowed = item.is_allowed == 1
        switch aspect {
        case .instruments:
            self = .instrument(try Instrument(item.name, item.name_of), isAllowed: isAllowed)
        case .classes:
            let item = InstrumentClass(kind: try named(item.name), value: try named(item.name_of))
            self = .class(item, isAllowed: isAllowed)
        case .orderTypes: self = .type(try word(item.word), isAllowed: isAllowed)
        case .timeInForce: self = .timeInForce(try word(item.word), isAllowed: isAllowed)
        case .attributes: self = .attribute(try word(item.word), isAllowed: isAllowed)
        case .sides: self = .side(try word(item.word), isAllowed: isAllowed)
        case .short:
            guard item.word <= 2 else { throw .invalidArgument }
            self = .short(item.word == 1 ? .short : .shortExempt, isAllowed: isAllowed)
        case .strategies, .traders, .venues: self = .name(aspect, try named(item.name), isAllowed: isAllowed)
        }
    }
}

private func word<Word: RawRepresentable<UInt8>>(_ number: UInt8) throws(Status) -> Word {
    guard let word = Word(rawValue: number) else { throw .invalidArgument }
    return word
}

extension PermissionAspect {
    fileprivate var hasWords: Bool {
        switch self {
        case .orderTypes, .timeInForce, .attributes, .sides, .short: true
        case .instruments, .classes, .strategies, .traders, .venues: false
        }
    }

    /// Whether it takes two names to say what it is about.
    fileprivate var hasPairs: Bool { self == .instruments || self == .classes }
}

@c @implementation
public func openpit_engine_builder_require(
    _ builder: OpaquePointer?, _ metric: openpit_metric, _ keys: UInt16
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let requirement = try Requirement(openpit_requirement(metric: metric, reserved: 0, keys: keys))
        try building { () throws(LimitBuildFault) in try builder.pointee.require(requirement) }
    }
}

extension Requirement {
    init(_ given: openpit_requirement) throws(Status) {
        // A bit for each key, from 1 to the last.
        let all = KeySet(rawValue: 1 << (UInt16(ScopeKey.class.rawValue) + 1) - 2)
        let keys = KeySet(rawValue: given.keys)
        guard given.reserved == 0, let metric = Metric(rawValue: given.metric), keys.isSubset(of: all) else {
            throw .invalidArgument
        }
        self.init(metric, keys: keys)
    }
}
