import COpenPit
import Decimals
import RiskBase
import RiskCore
import Routing
import Trading

extension openpit_router_options: SizedStruct { static var firstVersionSize: Int { 24 } }
extension openpit_routed: SizedStruct { static var firstVersionSize: Int { 24 } }
extension openpit_route_event: SizedStruct { static var firstVersionSize: Int { 104 } }
extension openpit_routed_order: SizedStruct { static var firstVersionSize: Int { 104 } }

private typealias RouterPlace = UnsafeMutablePointer<Router>

extension Status {
    init(_ failure: RouteFailure) {
        switch failure {
        case .invalid: self = .invalidArgument
        case .overflow: self = .arithmeticOverflow
        case .noMemory: self = .limitReached
        case .notFound: self = .notFound
        case .state: self = .orderState
        case .engine(let error): self = Status(error)
        }
    }
}

/// Runs what uses a router, alone where several threads may.
@inline(__always)
private func alone<Result>(
    _ handle: OpaquePointer?, _ body: (RouterPlace) throws(Status) -> Result
) throws(Status) -> Result {
    let router = try RouterPlace(behind: handle)
    router.pointee.lock.acquire()
    defer { router.pointee.lock.release() }
    return try body(router)
}

@inline(__always)
private func ask<Result>(_ body: () throws(RouteFailure) -> Result) throws(Status) -> Result {
    do throws(RouteFailure) { return try body() } catch { throw Status(error) }
}

@c @implementation
public func openpit_router_create(
    _ engine: OpaquePointer?, _ options: UnsafePointer<openpit_router_options>?,
    _ router: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let router = try required(router)
        let given = try read(options)
        let known = UInt32(OPENPIT_ROUTER_SHARED | OPENPIT_ROUTER_FORGETS | OPENPIT_ROUTER_USED_BY_REJECT)
        guard given.flags & ~known == 0, given.reserved == 0, given.id_window >= 0 else { throw .invalidArgument }
        var options = Router.Options()
        options.isShared = given.flags & UInt32(OPENPIT_ROUTER_SHARED) != 0
        options.ids.capacity = given.id_capacity
        options.ids.window = given.id_window
        options.ids.whenFull = given.flags & UInt32(OPENPIT_ROUTER_FORGETS) != 0 ? .forget : .refuse
        options.ids.isUsedByFailure = given.flags & UInt32(OPENPIT_ROUTER_USED_BY_REJECT) != 0
        let made: Router
        do throws(RouteFailure) { made = try Router.make(engine, options) } catch { throw Status(error) }
        router.pointee = try RouterPlace.make(made)
    }
}

@c @implementation
public func openpit_router_destroy(_ router: OpaquePointer?) {
    RouterPlace.end(router)
}

extension openpit_routed {
    fileprivate mutating func fill(_ routed: Routed) {
        effects = routed.effects.rawValue
        verdict = routed.verdict.rawValue
        state = routed.state.rawValue
        reserved_short = 0
        reserved = 0
        order = routed.order
    }
}

@c @implementation
public func openpit_router_submit(
    _ router: OpaquePointer?, _ order: UnsafePointer<openpit_order>?, _ now: Int64, _ result: OpaquePointer?,
    _ routed: UnsafeMutablePointer<openpit_routed>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(routed)
        let findings = try findings(result)
        let router = try RouterPlace(behind: router)
        // What custom policies could reach is copied, as it is for the engine itself.
        let answer = try withOrder(order, copied: router.pointee.runsForeignCode) { (order) throws(EngineError) in
            submit(order, router, now, findings)
        }
        switch answer {
        case .told(let told): place.fill { $0.fill(told) }
        case .failed(let failure): throw Status(failure)
        }
    }
}

/// What came of a submission. It is returned, because a failure of a router is none of the engine's.
private enum Submitted {
    case told(Routed)
    case failed(RouteFailure)
}

private func submit(
    _ order: UnsafePointer<Order>, _ router: RouterPlace, _ now: Int64, _ findings: FindingsPointer?
) -> Submitted {
    router.pointee.lock.acquire()
    defer { router.pointee.lock.release() }
    do throws(RouteFailure) {
        return .told(try router.pointee.submit(order, at: now, into: findings))
    } catch {
        return .failed(error)
    }
}

extension RouteEvent {
    fileprivate init(_ given: openpit_route_event) throws(Status) {
        guard let event = OrderEvent(rawValue: given.event), given.has_pnl <= 1, given.reserved_short == 0,
            given.reserved_word == 0
        else { throw .invalidArgument }
        self.init(event, of: given.order)
        execution = try given.execution_id.utf8()
        quantity = try Decimal(given.quantity)
        price = try Decimal(given.price)
        if given.fee_asset != 0 {
            fee = ExecutionReport.Fee(amount: try Decimal(given.fee), asset: try named(given.fee_asset))
        }
        if given.has_pnl == 1 { pnl = try Decimal(given.pnl) }
    }
}

@c @implementation
public func openpit_router_apply(
    _ router: OpaquePointer?, _ event: UnsafePointer<openpit_route_event>?, _ result: OpaquePointer?,
    _ routed: UnsafeMutablePointer<openpit_routed>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(routed)
        let findings = try findings(result)
        let event = try RouteEvent(try read(event))
        try alone(router) { (router) throws(Status) in
            let told = try ask { () throws(RouteFailure) in try router.pointee.apply(event, into: findings) }
            place.fill { $0.fill(told) }
        }
    }
}

@c @implementation
public func openpit_router_order(
    _ router: OpaquePointer?, _ number: UInt64, _ order: UnsafeMutablePointer<openpit_routed_order>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(order)
        try alone(router) { (router) throws(Status) in
            guard let row = router.pointee.order(number) else { throw .notFound }
            let order = row.pointee
            place.fill {
                $0.state = order.life.state.rawValue
                $0.is_reserved = order.isReserved ? 1 : 0
                $0.side = order.side.rawValue
                $0.reserved = 0
                $0.account = order.account.value
                $0.underlying = order.instrument.underlying.id
                $0.settlement = order.instrument.settlement.id
                $0.reservation = order.reservation
                $0.pending_cancels = order.life.pendingCancels
                $0.fill_count = order.life.fillCount
                $0.quantity.fill(order.life.quantity)
                $0.filled.fill(order.life.filled)
                $0.remaining.fill(order.life.state.isTerminal ? .zero : order.life.remaining)
                $0.client_order_id = openpit_text(router.pointee.clientOrderId(order, number))
            }
        }
    }
}

@c @implementation
public func openpit_router_find(
    _ router: OpaquePointer?, _ account: openpit_account_id, _ clientOrderId: openpit_text,
    _ number: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try required(number)
        let id = try clientOrderId.utf8()
        try alone(router) { (router) throws(Status) in
            guard let number = router.pointee.number(AccountId(account), id), number != 0 else { throw .notFound }
            place.pointee = number
        }
    }
}

@c @implementation
public func openpit_router_open(
    _ router: OpaquePointer?, _ numbers: UnsafeMutablePointer<UInt64>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?, _ reserved: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        _ = try items(numbers.map { UnsafePointer($0) }, capacity)
        try alone(router) { (router) throws(Status) in
            var found = 0
            if capacity > 0 {
                router.pointee.forEachOpen { number, _ in
                    if found < capacity { numbers?[found] = number }
                    found += 1
                }
            }
            count.pointee = router.pointee.openCount
            reserved?.pointee = router.pointee.reservedCount
        }
    }
}
