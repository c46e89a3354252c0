import Decimals
import RiskBase

/// What one row, or all rows of one key together, have against orders.
struct Objections: BitwiseCopyable {
    /// Whose lists they are.
    let owner: UInt32
    var denied = WordSet()
    var allowed = WordSet.all
    /// The aspects of which there is a list of names that are denied, a bit each.
    var denyingAspects: UInt16 = 0
    /// How many lists of what is allowed there are of each aspect.
    var allowingCounts: [11 of UInt32] = InlineArray(repeating: 0)
    /// The aspects of which there is any list of names, a bit each.
    var listedAspects: UInt16 = 0

    init(_ owner: UInt32) { self.owner = owner }
}

/// A permission as the engine keeps it.
struct PermissionRow: BitwiseCopyable {
    let permission: Permission
    /// Its place in the document.
    let position: UInt32
    var objections: Objections
    /// The next one of its set.
    var next: PermissionRowPointer?
}

typealias PermissionRowPointer = UnsafeMutablePointer<PermissionRow>

/// All permissions of one key that count in the same phase. An order asks them together, and only where they may have
/// something against it one by one: it does not matter how many there are.
struct PermissionSet: BitwiseCopyable {
    let phase: SessionPhase?
    var objections: Objections
    var first: PermissionRowPointer?
    var next: PermissionSetPointer?
}

typealias PermissionSetPointer = UnsafeMutablePointer<PermissionSet>

/// The sets of one node.
struct PermissionHead: BitwiseCopyable {
    let node: NodePointer
    var first: PermissionSetPointer?
}

/// The table of permissions. It is made as a whole, beside the one in force, and counts once its nodes know their sets.
struct Permissions: ~Copyable {
    private var rows = RowTable<PermissionRow>()
    private var sets = RowTable<PermissionSet>()
    /// By the addresses of their nodes.
    private var heads = RowTable<PermissionHead>()
    /// How many lists have a value, by the owner, the aspect and what the lists do.
    private var values = RowTable<UInt32>()
    /// A number for each class that some list has.
    private var classes = RowTable<UInt32>()
    private var ownerCount: UInt32 = 0
    /// Whether some of them count in one phase only.
    private(set) var havePhases = false
    /// Rows that may have something against the order, in the order of the document.
    private(set) var met = Buffer<PermissionRowPointer>()

    init() {}

    @inline(__always) var isEmpty: Bool { rows.isEmpty }

    private static func key(_ owner: UInt32, _ aspect: PermissionAspect, _ isAllowed: Bool, _ value: UInt32) -> UInt64 {
        // There are far fewer owners than 2^27: each takes memory.
        (UInt64(owner) << 5 | UInt64(aspect.rawValue) << 1 | (isAllowed ? 1 : 0)) << 32 | UInt64(value)
    }

    // MARK: - Rows

    /// Adds a row behind those there are, to the sets of the node. `false` when memory has run out: the row is not
    /// there then.
    mutating func add(_ given: GivenPermission, at node: NodePointer, _ instruments: inout Instruments) -> Bool {
        let permission = given.permission
        guard rows.reserveOne(), met.reserve(rows.count + 1), let set = set(permission.phase, at: node) else {
            return false
        }
        ownerCount += 1
        var own = Objections(ownerCount)
        Self.firstAspect { aspect in
            if permission.allowedAspects & aspect.bit != 0 { own.allow(aspect) }
            return false
        }
        for item in given.items where item.isAllowed && own.allowingCounts[Int(item.aspect.rawValue)] == 0 {
            own.allow(item.aspect)
        }
        // What the set has of a row that is not added after all makes it ask its rows more often, and nothing else.
        for item in given.items {
            guard take(item, &own, set, &instruments) else { return false }
        }
        set.pointee.objections.take(own)
        let new = PermissionRow(
            permission: permission, position: UInt32(truncatingIfNeeded: rows.count), objections: own,
            next: set.pointee.first)
        guard let row = rows.findOrAdd(UInt64(own.owner), initial: new) else { return false }
        set.pointee.first = row
        if permission.phase != nil { havePhases = true }
        return true
    }

    private mutating func set(_ phase: SessionPhase?, at node: NodePointer) -> PermissionSetPointer? {
        let empty = PermissionHead(node: node, first: nil)
        guard let head = heads.findOrAdd(UInt64(UInt(bitPattern: node)), initial: empty) else { return nil }
        var next = head.pointee.first
        while let set = next {
            if set.pointee.phase == phase { return set }
            next = set.pointee.next
        }
        guard sets.reserveOne() else { return nil }
        ownerCount += 1
        let new = PermissionSet(phase: phase, objections: Objections(ownerCount), next: head.pointee.first)
        guard let set = sets.findOrAdd(UInt64(ownerCount), initial: new) else { return nil }
        head.pointee.first = set
        return set
    }

    /// Every node that has some, and the first of its sets.
    func forEachHead(_ visit: (NodePointer, PermissionSetPointer?) -> Void) {
        heads.forEach { visit($0.pointee.node, $0.pointee.first) }
    }

    private mutating func take(
        _ item: PermissionItem, _ own: inout Objections, _ set: PermissionSetPointer, _ instruments: inout Instruments
    ) -> Bool {
        if WordSet.holds(item.aspect) {
            if item.isAllowed {
                own.allowed.add(item.aspect, item.value)
            } else {
                own.denied.add(item.aspect, item.value)
            }
            return true
        }
        own.listedAspects |= item.aspect.bit
        if !item.isAllowed { own.denyingAspects |= item.aspect.bit }
        guard let value = number(of: item, &instruments) else { return false }
        let key = Self.key(own.owner, item.aspect, item.isAllowed, value)
        // A value that the list has twice is in one list.
        if values.find(key) != nil { return true }
        let common = Self.key(set.pointee.objections.owner, item.aspect, item.isAllowed, value)
        guard let count = values.findOrAdd(common, initial: 0), values.set(key, 1) else { return false }
        count.pointee += 1
        return true
    }

    private mutating func number(of item: PermissionItem, _ instruments: inout Instruments) -> UInt32? {
        switch item.aspect {
        case .classes:
            let number = UInt32(truncatingIfNeeded: classes.count + 1)
            return classes.findOrAdd(UInt64(item.kind.id) << 32 | UInt64(item.value), initial: number)?.pointee
        case .instruments:
            let pair = Instrument(underlying: item.kind, settlement: Asset(id: item.value))
            return instruments.findOrAdd(pair)?.pointee.number
        default: return item.value
        }
    }

    // MARK: - Orders

    /// The number of a class; 0 for one that no list has.
    private func number(of item: InstrumentClass) -> UInt32 {
        classes.find(UInt64(item.kind.id) << 32 | UInt64(item.value.id))?.pointee ?? 0
    }

    /// Whether the lists have something against one value.
    @inline(__always)
    private func object(_ objections: Objections, _ aspect: PermissionAspect, _ value: UInt32) -> Bool {
        if objections.denyingAspects & aspect.bit != 0,
            values.find(Self.key(objections.owner, aspect, false, value)) != nil
        {
            return true
        }
        let count = objections.allowingCounts[Int(aspect.rawValue)]
        return count != 0 && values.find(Self.key(objections.owner, aspect, true, value))?.pointee != count
    }

    @inline(__always)
    private func object(_ objections: Objections, _ aspect: PermissionAspect, _ name: Asset) -> Bool {
        !name.isNone && object(objections, aspect, name.id)
    }

    @inline(__always)
    private func object(
        _ objections: Objections, _ aspect: PermissionAspect, _ traits: Traits, _ instruments: borrowing Instruments
    ) -> Bool {
        switch aspect {
        case .instruments: return object(objections, aspect, traits.instrument.pointee.number)
        case .strategies: return object(objections, aspect, traits.order.pointee.strategy)
        case .traders: return object(objections, aspect, traits.order.pointee.trader)
        case .venues: return object(objections, aspect, traits.order.pointee.venue)
        case .classes: return instruments.anyClass(of: traits.instrument) { object(objections, aspect, number(of: $0)) }
        case .orderTypes, .timeInForce, .attributes, .sides, .short:
            let words = traits.words.of(aspect)
            return !words.isDisjoint(with: objections.denied) || !words.isSubset(of: objections.allowed)
        }
    }

    /// Whether some aspect of the order is not permitted.
    @inline(__always)
    func object(_ objections: Objections, _ traits: Traits, _ instruments: borrowing Instruments) -> Bool {
        if !traits.words.isDisjoint(with: objections.denied) || !traits.words.isSubset(of: objections.allowed) {
            return true
        }
        var rest = objections.listedAspects
        while let aspect = PermissionAspect(rawValue: UInt8(truncatingIfNeeded: rest.trailingZeroBitCount)) {
            if object(objections, aspect, traits, instruments) { return true }
            rest &= rest &- 1
        }
        return false
    }

    /// The first aspect of the order that a row does not permit.
    func firstObjection(
        of row: PermissionRowPointer, _ traits: Traits, _ instruments: borrowing Instruments
    ) -> PermissionAspect? {
        Self.firstAspect { object(row.pointee.objections, $0, traits, instruments) }
    }

    /// The first aspect that is such, in the order in which they are asked.
    @discardableResult
    private static func firstAspect(_ isSuch: (PermissionAspect) -> Bool) -> PermissionAspect? {
        for number in PermissionAspect.instruments.rawValue...PermissionAspect.short.rawValue {
            if let aspect = PermissionAspect(rawValue: number), isSuch(aspect) { return aspect }
        }
        return nil
    }

    mutating func forgetMet() { met.removeAll() }

    /// Takes down the rows of a set, for all of which there is room.
    @inline(never)
    mutating func meet(_ set: PermissionSetPointer) {
        var next = set.pointee.first
        while let row = next {
            next = row.pointee.next
            var place = met.count
            while place > 0, row.pointee.position < met[place - 1].pointee.position { place -= 1 }
            met.insert(row, at: place)
        }
    }
}

extension Objections {
    /// Nothing of this aspect is allowed but what is listed.
    fileprivate mutating func allow(_ aspect: PermissionAspect) {
        allowed.removeAll(of: aspect)
        allowingCounts[Int(aspect.rawValue)] = 1
        if !WordSet.holds(aspect) { listedAspects |= aspect.bit }
    }

    /// What others have against orders, too.
    fileprivate mutating func take(_ other: Objections) {
        denied.formUnion(other.denied)
        allowed.formIntersection(other.allowed)
        denyingAspects |= other.denyingAspects
        listedAspects |= other.listedAspects
        for index in 0..<11 { allowingCounts[index] &+= other.allowingCounts[index] }
    }
}
