import CPlatform
import RiskBase

/// A row of the table of permissions: what orders of some scope may be, and ask for.
package struct Permission: BitwiseCopyable {
    /// What its rejects are signed with.
    package var name: Name
    /// Which orders it is about; each of its keys has a value.
    package var scope = Scope()
    /// The phase in which it counts; `nil`: always.
    package var phase: SessionPhase?
    /// The aspects of which it has a list of what is allowed, which may be empty: a bit for each number of an aspect.
    package var allowedAspects: UInt16 = 0
    /// Unix nanoseconds: from when on, and until when, it exists.
    package var effectiveFrom = Int64.min
    package var effectiveUntil = Int64.max
    /// Whether it lets orders that reduce pass.
    package var exceptsReducing = false
    /// What takes the place of the code of the aspect.
    package var code: RejectCode?

    package init(name: Name) { self.name = name }
}

/// What a permission allows, or denies.
package struct PermissionItem: BitwiseCopyable {
    package let aspect: PermissionAspect
    package let isAllowed: Bool
    /// Of a class its kind, of an instrument what is traded.
    let kind: Asset
    /// The number of a word, or the id of a name.
    let value: UInt32

    private init(_ aspect: PermissionAspect, isAllowed: Bool, kind: Asset = .none, _ value: UInt32) {
        self.aspect = aspect
        self.isAllowed = isAllowed
        self.kind = kind
        self.value = value
    }

    package static func instrument(_ instrument: Instrument, isAllowed: Bool) -> PermissionItem {
        PermissionItem(
            .instruments, isAllowed: isAllowed, kind: instrument.underlying, instrument.settlement.id)
    }

    package static func `class`(_ item: InstrumentClass, isAllowed: Bool) -> PermissionItem {
        PermissionItem(.classes, isAllowed: isAllowed, kind: item.kind, item.value.id)
    }

    package static func type(_ type: OrderType, isAllowed: Bool) -> PermissionItem {
        PermissionItem(.orderTypes, isAllowed: isAllowed, UInt32(type.rawValue))
    }

    package static func timeInForce(_ time: TimeInForce, isAllowed: Bool) -> PermissionItem {
        PermissionItem(.timeInForce, isAllowed: isAllowed, UInt32(time.rawValue))
    }

    package static func attribute(_ attribute: OrderAttribute, isAllowed: Bool) -> PermissionItem {
        PermissionItem(.attributes, isAllowed: isAllowed, UInt32(attribute.rawValue))
    }

    package static func side(_ side: Side, isAllowed: Bool) -> PermissionItem {
        PermissionItem(.sides, isAllowed: isAllowed, UInt32(side.rawValue))
    }

    package static func short(_ mark: ShortMark, isAllowed: Bool) -> PermissionItem {
        PermissionItem(.short, isAllowed: isAllowed, mark == .short ? 1 : 2)
    }

    /// A strategy, a trader or a venue.
    package static func name(_ aspect: PermissionAspect, _ name: Asset, isAllowed: Bool) -> PermissionItem {
        PermissionItem(aspect, isAllowed: isAllowed, name.id)
    }
}

/// A permission and its lists, as somebody gives them.
package struct GivenPermission: BitwiseCopyable {
    package var permission: Permission
    package var items: UnsafeBufferPointer<PermissionItem>

    package init(_ permission: Permission, _ items: UnsafeBufferPointer<PermissionItem>) {
        self.permission = permission
        self.items = items
    }
}

/// A permission as the document has it.
struct PermissionRecord: ~Copyable {
    let permission: Permission
    /// The change that it came with; 0: it was there from the start.
    let changedBy: UInt64
    fileprivate(set) var items = Buffer<PermissionItem>()

    fileprivate init(_ permission: Permission, _ change: UInt64) {
        self.permission = permission
        changedBy = change
    }
}

typealias PermissionPointer = UnsafeMutablePointer<PermissionRecord>

extension PermissionPointer {
    /// A record that keeps the lists; `nil` when memory has run out.
    static func make(_ given: GivenPermission, changedBy change: UInt64) -> PermissionPointer? {
        guard let memory = cplatform_allocate(1, MemoryLayout<PermissionRecord>.stride) else { return nil }
        let record = memory.bindMemory(to: PermissionRecord.self, capacity: 1)
        record.initialize(to: PermissionRecord(given.permission, change))
        if record.pointee.items.append(contentsOf: given.items) { return record }
        record.free()
        return nil
    }

    var given: GivenPermission { GivenPermission(pointee.permission, pointee.items.contents) }

    func free() {
        deinitialize(count: 1)
        cplatform_free(self)
    }
}

extension Buffer where Element == PermissionPointer {
    /// Keeps a copy. `false`, and no change, when memory has run out.
    mutating func keep(_ given: GivenPermission, changedBy change: UInt64) -> Bool {
        guard reserve(1), let record = PermissionPointer.make(given, changedBy: change) else { return false }
        return append(record)
    }

    func has(_ name: Name) -> Bool { contents.contains { $0.pointee.permission.name == name } }

    /// Gives back the records.
    mutating func free() {
        for record in contents { record.free() }
        removeAll()
    }
}

/// Words of orders, a bit each: of every aspect whose words can be numbered below eight.
struct WordSet: BitwiseCopyable {
    private(set) var bits: UInt64 = 0

    static var all: WordSet {
        var set = WordSet()
        set.bits = .max
        return set
    }

    /// Where the words of an aspect begin; `nil` for one that has names instead.
    private static func place(_ aspect: PermissionAspect) -> UInt64? {
        switch aspect {
        case .orderTypes: 0
        case .timeInForce: 8
        case .attributes: 16
        case .sides: 24
        case .short: 32
        case .instruments, .classes, .strategies, .traders, .venues: nil
        }
    }

    static func holds(_ aspect: PermissionAspect) -> Bool { place(aspect) != nil }

    @inline(__always)
    mutating func add(_ aspect: PermissionAspect, _ number: UInt32) {
        if let place = Self.place(aspect) { bits |= 1 << (place + UInt64(number & 7)) }
    }

    mutating func removeAll(of aspect: PermissionAspect) { bits &= ~Self.words(of: aspect) }

    private static func words(of aspect: PermissionAspect) -> UInt64 { place(aspect).map { 0xFF << $0 } ?? 0 }

    @inline(__always)
    func isDisjoint(with other: WordSet) -> Bool { bits & other.bits == 0 }

    @inline(__always)
    func isSubset(of other: WordSet) -> Bool { bits & ~other.bits == 0 }

    /// Those of one aspect.
    func of(_ aspect: PermissionAspect) -> WordSet {
        var set = WordSet()
        set.bits = bits & Self.words(of: aspect)
        return set
    }

    mutating func formUnion(_ other: WordSet) { bits |= other.bits }
    mutating func formIntersection(_ other: WordSet) { bits &= other.bits }
}

extension PermissionAspect {
    /// What an order is refused with that is not permitted because of it.
    var code: RejectCode {
        switch self {
        case .instruments, .classes: .instrumentRestricted
        case .orderTypes: .unsupportedOrderType
        case .timeInForce: .unsupportedTimeInForce
        case .attributes: .unsupportedOrderAttribute
        case .strategies, .traders: .accountNotAuthorized
        case .venues, .sides: .complianceRestriction
        case .short: .shortSaleRestriction
        }
    }

    var bit: UInt16 { 1 << UInt16(rawValue) }
}
