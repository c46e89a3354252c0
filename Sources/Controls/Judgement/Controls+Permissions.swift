import Decimals
import RiskBase

/// What permissions look at in an order.
struct Traits: BitwiseCopyable {
    let order: UnsafePointer<Order>
    let instrument: InstrumentPointer
    let words: WordSet

    init(_ subject: SubjectPointer) {
        order = subject.pointee.order
        instrument = subject.pointee.instrument
        var words = WordSet()
        words.add(.orderTypes, UInt32(subject.pointee.type.rawValue))
        words.add(.sides, UInt32(subject.pointee.side.rawValue))
        if let time = order.pointee.timeInForce { words.add(.timeInForce, UInt32(time.rawValue)) }
        if let mark = order.pointee.shortMark { words.add(.short, mark == .short ? 1 : 2) }
        func say(_ attribute: OrderAttribute, _ isSaid: Bool) {
            if isSaid { words.add(.attributes, UInt32(attribute.rawValue)) }
        }
        say(.postOnly, order.pointee.isPostOnly)
        say(.displayQuantity, order.pointee.displayQuantity != nil)
        say(.reduceOnly, order.pointee.isReduceOnly)
        say(.closePosition, order.pointee.closesPosition)
        say(.autoBorrow, order.pointee.autoBorrows)
        self.words = words
    }
}

extension Controls {
    /// Adds a permission behind those there are, before the first order. `false`, and no change, when memory has run out.
    package mutating func add(_ permission: GivenPermission) -> Bool {
        guard let node = node(of: permission), permissionRecords.keep(permission, changedBy: 0) else { return false }
        guard permissions.add(permission, at: node, &world.instruments) else {
            permissionRecords.removeLast().free()
            return false
        }
        askPermissions()
        return true
    }

    /// What has the key of a permission; `nil` when memory has run out.
    private mutating func node(of given: GivenPermission) -> NodePointer? {
        shape(of: given.permission.scope)?.pointee.node(of: given.permission.scope.values)
    }

    /// A table of these permissions, which counts nowhere yet; `nil` when memory has run out.
    mutating func permissionTable(of records: borrowing Buffer<PermissionPointer>) -> Permissions? {
        var table = Permissions()
        for record in records.contents {
            guard let node = node(of: record.given), table.add(record.given, at: node, &world.instruments) else {
                return nil
            }
        }
        return table
    }

    /// Puts a table in the place of the one in force.
    mutating func take(_ table: consuming Permissions) {
        permissions.forEachHead { node, _ in node.pointee.permissions = nil }
        permissions = table
        askPermissions()
    }

    /// Lets every node know its permissions, and every shape whether some node of it has any.
    private mutating func askPermissions() {
        for shape in shapes.contents { shape.pointee.hasPermissions = false }
        permissions.forEachHead { node, first in
            node.pointee.permissions = first
            shapes[Int(node.pointee.shape)].pointee.hasPermissions = true
        }
    }

    @inline(__always)
    mutating func judgePermissions(_ subject: SubjectPointer) {
        if !permissions.isEmpty { judgeSets(subject) }
    }

    private mutating func judgeSets(_ subject: SubjectPointer) {
        let traits = Traits(subject)
        let phase = permissions.havePhases ? phase(of: subject) : .continuous
        permissions.forgetMet()
        for shape in shapes.contents where shape.pointee.hasPermissions {
            let values = shape.pointee.complete(
                subject.pointee.values, subject.pointee.keys, subject.pointee.instrument, world.instruments)
            guard let values, let node = shape.pointee.find(values) else { continue }
            var next = node.pointee.permissions
            while let set = next {
                next = set.pointee.next
                if let only = set.pointee.phase, only != phase { continue }
                if permissions.object(set.pointee.objections, traits, world.instruments) { permissions.meet(set) }
            }
        }
        if !permissions.met.isEmpty { refuseMet(subject, traits) }
    }

    /// One reject a row, for its first aspect.
    @inline(never)
    private mutating func refuseMet(_ subject: SubjectPointer, _ traits: Traits) {
        for row in permissions.met.contents {
            let permission = row.pointee.permission
            guard permission.effectiveFrom <= subject.pointee.now, subject.pointee.now < permission.effectiveUntil,
                !(permission.exceptsReducing && subject.pointee.isReducing),
                let aspect = permissions.firstObjection(of: row, traits, world.instruments)
            else { continue }
            refuse(permission.code ?? aspect.code, by: .limit(permission.name), .notPermitted)
        }
    }
}
