import COpenPit
import Decimals
import Trading

extension openpit_orders_options: SizedStruct { static var firstVersionSize: Int { 16 } }
extension openpit_new_order: SizedStruct { static var firstVersionSize: Int { 96 } }
extension openpit_order_update: SizedStruct { static var firstVersionSize: Int { 64 } }
extension openpit_order_record: SizedStruct { static var firstVersionSize: Int { 176 } }

private typealias ManagerPlace = UnsafeMutablePointer<OrderManager>

/// Runs what uses a manager, alone where several threads may.
@inline(__always)
private func alone<Result>(
    _ handle: OpaquePointer?, _ body: (ManagerPlace) throws(Status) -> Result
) throws(Status) -> Result {
    let manager = try ManagerPlace(behind: handle)
    manager.pointee.lock.acquire()
    defer { manager.pointee.lock.release() }
    return try body(manager)
}

@inline(__always)
private func ask<Result>(_ body: () throws(OrderFailure) -> Result) throws(Status) -> Result {
    do throws(OrderFailure) { return try body() } catch { throw Status(error) }
}

@c @implementation
public func openpit_order_phase_allows(_ from: openpit_order_phase, _ to: openpit_order_phase) -> Int32 {
    guard let from = OrderPhase(rawValue: from), let to = OrderPhase(rawValue: to) else { return 0 }
    return from == .new && to == .submitted || from.allows(to) ? 1 : 0
}

// MARK: - Making

@c @implementation
public func openpit_orders_create(
    _ options: UnsafePointer<openpit_orders_options>?, _ orders: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let orders = try required(orders)
        let given = try read(options)
        let known = UInt32(OPENPIT_ORDERS_OVERFILL | OPENPIT_ORDERS_SHARED | OPENPIT_ORDERS_HAS_HISTORY_LIMIT)
        guard given.flags & ~known == 0 else { throw .invalidArgument }
        var options = OrderManager.Options()
        options.allowsOverfill = given.flags & UInt32(OPENPIT_ORDERS_OVERFILL) != 0
        options.isShared = given.flags & UInt32(OPENPIT_ORDERS_SHARED) != 0
        if given.flags & UInt32(OPENPIT_ORDERS_HAS_HISTORY_LIMIT) != 0 { options.historyLimit = given.history_limit }
        let made = OrderManager(options)
        guard made.lock.isUsable else { throw .limitReached }
        orders.pointee = try ManagerPlace.make(made)
    }
}

@c @implementation
public func openpit_orders_destroy(_ orders: OpaquePointer?) {
    ManagerPlace.end(orders)
}

// MARK: - Orders

@c @implementation
public func openpit_orders_submit(
    _ orders: OpaquePointer?, _ order: UnsafePointer<openpit_new_order>?,
    _ problem: UnsafeMutablePointer<openpit_order_problem>?
) -> openpit_status {
    answer { () throws(Status) in
        try withReadable(order) { (readable: UnsafePointer<openpit_new_order>) throws(Status) in
            let given = readable.pointee
            guard let side = DeskSide(rawValue: given.side), let type = DeskOrderType(rawValue: given.type),
                given.reserved == 0
            else { throw .invalidArgument }
            var order = NewOrder(
                id: OrderId(given.id), symbol: try given.symbol.utf8(), side: side, type: type,
                quantity: try Decimal(given.quantity), price: try Decimal(given.price))
            order.key = try given.key.utf8()
            order.time = given.time
            try alone(orders) { (manager) throws(Status) in
                try telling(problem) { (told) throws(OrderFailure) in try manager.pointee.submit(order, &told) }
            }
        }
    }
}

@c @implementation
public func openpit_orders_take_back(_ orders: OpaquePointer?, _ count: Int) -> openpit_status {
    answer { () throws(Status) in
        try alone(orders) { (manager) throws(Status) in
            guard count >= 0, count <= manager.pointee.activeCount else { throw .invalidArgument }
            manager.pointee.takeBack(count)
        }
    }
}

extension OrderUpdate {
    fileprivate init(
        _ phase: openpit_order_phase, _ fields: UInt8, _ filled: openpit_decimal, _ average: openpit_decimal,
        _ reason: openpit_text
    ) throws(Status) {
        let known = UInt8(OPENPIT_ORDER_HAS_FILLED | OPENPIT_ORDER_HAS_AVERAGE | OPENPIT_ORDER_HAS_REASON)
        guard let phase = OrderPhase(rawValue: phase), fields & ~known == 0 else { throw .invalidArgument }
        self.init(phase)
        if fields & UInt8(OPENPIT_ORDER_HAS_FILLED) != 0 { self.filled = try Decimal(filled) }
        if fields & UInt8(OPENPIT_ORDER_HAS_AVERAGE) != 0 { self.average = try Decimal(average) }
        if fields & UInt8(OPENPIT_ORDER_HAS_REASON) != 0 { self.reason = try reason.utf8() }
    }
}

@c @implementation
public func openpit_orders_update(
    _ orders: OpaquePointer?, _ id: openpit_uuid, _ update: UnsafePointer<openpit_order_update>?,
    _ problem: UnsafeMutablePointer<openpit_order_problem>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(update)
        guard given.reserved == 0 else { throw .invalidArgument }
        var update = try OrderUpdate(given.phase, given.fields, given.filled, given.average, given.reason)
        update.time = given.time
        try alone(orders) { (manager) throws(Status) in
            try telling(problem) { (told) throws(OrderFailure) in
                try manager.pointee.update(OrderId(id), update, &told)
            }
        }
    }
}

extension NewFill {
    fileprivate init(_ given: openpit_order_fill) throws(Status) {
        guard given.reserved == 0 else { throw .invalidArgument }
        self.init(
            id: try given.id.utf8(), symbol: try given.symbol.utf8(), quantity: try Decimal(given.quantity),
            price: try Decimal(given.price))
        fee = try Decimal(given.fee)
        feeCurrency = try given.currencyOfFee()
        time = given.time
    }
}

@c @implementation
public func openpit_orders_fill(
    _ orders: OpaquePointer?, _ wallet: OpaquePointer?, _ id: openpit_uuid, _ fill: UnsafePointer<openpit_order_fill>?,
    _ isNew: UnsafeMutablePointer<Int32>?, _ problem: UnsafeMutablePointer<openpit_order_problem>?
) -> openpit_status {
    answer { () throws(Status) in
        let fill = try NewFill(try read(fill))
        try alone(orders) { (manager) throws(Status) in
            let wallet = try WalletPlace(behind: wallet)
            let booked = try telling(problem) { (told) throws(OrderFailure) in
                try manager.pointee.fill(OrderId(id), fill, &wallet.pointee, &told)
            }
            isNew?.pointee = booked ? 1 : 0
        }
    }
}

// MARK: - Reading

@c @implementation
public func openpit_orders_find(
    _ orders: OpaquePointer?, _ id: openpit_uuid, _ record: UnsafeMutablePointer<openpit_order_record>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(record)
        try alone(orders) { (manager) throws(Status) in
            let row = try ask { () throws(OrderFailure) in try manager.pointee.order(OrderId(id)) }
            let order = row.pointee
            var fields = 0
            if order.filled != nil { fields |= Int(OPENPIT_ORDER_HAS_FILLED) }
            if order.average != nil { fields |= Int(OPENPIT_ORDER_HAS_AVERAGE) }
            if order.hasReason { fields |= Int(OPENPIT_ORDER_HAS_REASON) }
            place.fill {
                $0.phase = order.phase.rawValue
                $0.side = order.side.rawValue
                $0.type = order.type.rawValue
                $0.fields = UInt8(truncatingIfNeeded: fields)
                $0.id = openpit_uuid(order.id)
                $0.quantity.fill(order.life.quantity)
                $0.price.fill(order.price)
                $0.filled.fill(order.filled ?? .zero)
                $0.average.fill(order.average ?? .zero)
                $0.known.fill(order.known)
                $0.created = order.created
                $0.updated = order.updated
                $0.fill_count = UInt64(order.life.fillCount)
                $0.symbol = openpit_text(row.symbol)
                $0.key = openpit_text(manager.pointee.key(of: order))
                $0.reason = openpit_text(row.reason)
            }
        }
    }
}

@c @implementation
public func openpit_orders_fills(
    _ orders: OpaquePointer?, _ id: openpit_uuid, _ skip: Int, _ fills: UnsafeMutablePointer<openpit_order_fill>?,
    _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        if capacity > 0 {
            let stride = try Output(fills).givenSize
            guard capacity <= Int.max / stride else { throw .invalidArgument }
        }
        guard skip >= 0, capacity >= 0 else { throw .invalidArgument }
        try alone(orders) { (manager) throws(Status) in
            let order = try ask { () throws(OrderFailure) in try manager.pointee.order(OrderId(id)) }.pointee
            var (place, written) = (0, 0)
            var problem: Status?
            manager.pointee.forEachFill(of: order) { key, row in
                defer { place += 1 }
                guard place >= skip, written < capacity, problem == nil, let fills else { return }
                do throws(Status) {
                    let stride = try Output(fills).givenSize
                    let item = (UnsafeMutableRawPointer(fills) + written * stride)
                        .assumingMemoryBound(to: openpit_order_fill.self)
                    let output = try Output(item)
                    guard output.givenSize == stride else { throw .structSize }
                    output.fill { $0.fill(order, key, row, manager) }
                    written += 1
                } catch {
                    problem = error
                }
            }
            if let problem { throw problem }
            count.pointee = written
        }
    }
}

extension openpit_order_fill {
    fileprivate mutating func fill(
        _ order: ManagedOrder, _ key: UnsafeBufferPointer<UInt8>, _ row: UnsafeMutablePointer<ManagedFill>,
        _ manager: ManagerPlace
    ) {
        reserved = 0
        id = openpit_text(key)
        symbol = (try? manager.pointee.order(order.id)).map { openpit_text($0.symbol) } ?? openpit_text()
        quantity.fill(row.pointee.quantity)
        price.fill(row.pointee.price)
        fee.fill(row.pointee.fee)
        fee_currency = row.pointee.hasFeeCurrency ? openpit_text(row.feeCurrency) : openpit_text()
        time = row.pointee.time
        sequence = row.pointee.sequence
    }
}

@c @implementation
public func openpit_orders_list(
    _ orders: OpaquePointer?, _ kind: openpit_orders_kind, _ names: UnsafeMutablePointer<openpit_order_name>?,
    _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        try alone(orders) { (manager) throws(Status) in
            switch Int(kind) {
            case OPENPIT_ORDERS_ACTIVE:
                try list(names, capacity, count, of: manager.pointee.activeCount) { visit in
                    manager.pointee.forEach(.active) { visit(openpit_order_name($0.pointee.id, nil)) }
                }
            case OPENPIT_ORDERS_ENDED:
                try list(names, capacity, count, of: manager.pointee.endedCount) { visit in
                    manager.pointee.forEach(.ended) { visit(openpit_order_name($0.pointee.id, nil)) }
                }
            case OPENPIT_ORDERS_FORGOTTEN:
                try list(names, capacity, count, of: Int(truncatingIfNeeded: manager.pointee.forgottenCount)) { visit in
                    manager.pointee.forEachForgotten { visit(openpit_order_name($0, $1)) }
                }
            default: throw .invalidArgument
            }
        }
    }
}

/// Tells how many there are, and visits them only where somebody wants more than that.
private func list(
    _ names: UnsafeMutablePointer<openpit_order_name>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?,
    of total: Int, _ forEach: ((openpit_order_name) -> Void) -> Void
) throws(Status) {
    let count = try required(count)
    _ = try items(names.map { UnsafePointer($0) }, capacity)
    if capacity > 0 {
        var found = 0
        forEach { name in
            if found < capacity { names?[found] = name }
            found += 1
        }
    }
    count.pointee = total
}

extension openpit_order_name {
    fileprivate init(_ id: OrderId, _ key: UnsafeBufferPointer<UInt8>?) {
        self.init(id: openpit_uuid(id), key: key.map { openpit_text($0) } ?? openpit_text())
    }
}

// MARK: - Restoring

@c @implementation
public func openpit_orders_restore(
    _ orders: OpaquePointer?, _ record: UnsafePointer<openpit_order_record>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(record)
        guard let side = DeskSide(rawValue: given.side), let type = DeskOrderType(rawValue: given.type) else {
            throw .invalidArgument
        }
        var order = NewOrder(
            id: OrderId(given.id), symbol: try given.symbol.utf8(), side: side, type: type,
            quantity: try Decimal(given.quantity), price: try Decimal(given.price))
        order.key = try given.key.utf8()
        order.time = given.created
        let update = try OrderUpdate(given.phase, given.fields, given.filled, given.average, given.reason)
        try alone(orders) { (manager) throws(Status) in
            try ask { () throws(OrderFailure) in
                try manager.pointee.restore(order, update, updated: given.updated)
            }
        }
    }
}

@c @implementation
public func openpit_orders_restore_fill(
    _ orders: OpaquePointer?, _ id: openpit_uuid, _ fill: UnsafePointer<openpit_order_fill>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(fill)
        let fill = try NewFill(given)
        try alone(orders) { (manager) throws(Status) in
            try ask { () throws(OrderFailure) in
                try manager.pointee.restore(fill, of: OrderId(id), sequence: given.sequence)
            }
        }
    }
}

@c @implementation
public func openpit_orders_restore_name(
    _ orders: OpaquePointer?, _ name: UnsafePointer<openpit_order_name>?
) -> openpit_status {
    answer { () throws(Status) in
        let name = try required(name).pointee
        let key = try name.key.utf8()
        try alone(orders) { (manager) throws(Status) in
            try ask { () throws(OrderFailure) in try manager.pointee.restoreForgotten(OrderId(name.id), key) }
        }
    }
}

@c @implementation
public func openpit_orders_verify(_ orders: OpaquePointer?, _ wallet: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in
        try alone(orders) { (manager) throws(Status) in
            let wallet = try WalletPlace(behind: wallet)
            try ask { () throws(OrderFailure) in try manager.pointee.verify(wallet.pointee) }
        }
    }
}
