import RiskBase
import Testing

@testable import Controls

/// What is to become of the tables beside the limits.
struct TableChange {
    var permissions: [(Permission, [PermissionItem])] = []
    var removed: [String] = []
    var replaces = false
    var required: [Requirement]?
}

extension Desk {
    @discardableResult
    func change(
        set: [Limit] = [], removed: [String] = [], all: Bool = false, from: Int64? = nil, revertAt: Int64? = nil,
        tables: TableChange = TableChange()
    ) throws -> ChangeAnswer {
        var request = RequestedChange()
        (request.replacesLimits, request.effectiveFrom, request.revertAt) = (all, from, revertAt)
        request.replacesPermissions = tables.replaces
        let (limits, names, rows, gone) = (
            memory(set), memory(removed.map(named)),
            memory(tables.permissions.map { GivenPermission($0.0, memory($0.1)) }), memory(tables.removed.map(named))
        )
        (request.set, request.removed, request.permissions, request.removedPermissions) = (limits, names, rows, gone)
        request.required = tables.required.map { memory($0) }
        defer {
            for row in rows { row.items.deallocate() }
            limits.deallocate()
            names.deallocate()
            rows.deallocate()
            gone.deallocate()
            request.required?.deallocate()
        }
        return try controls.pointee.change(request, at: now)
    }
}

/// A copy that stays where it is until it is given back.
private func memory<Element>(_ elements: [Element]) -> UnsafeBufferPointer<Element> {
    let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = copy.initialize(from: elements)
    return UnsafeBufferPointer(copy)
}
