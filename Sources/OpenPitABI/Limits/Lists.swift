import COpenPit
import Controls
import RiskBase
import RiskCore

// MARK: - Lists

@c @implementation
public func openpit_engine_execute_list(
    _ engine: OpaquePointer?, _ orders: UnsafePointer<UnsafePointer<openpit_order>?>?, _ count: Int,
    _ results: UnsafePointer<OpaquePointer?>?, _ orderIds: UnsafeMutablePointer<UInt64>?,
    _ reservation: UnsafeMutablePointer<openpit_reservation>?, _ lookedAt: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let (reservation, lookedAt) = (try required(reservation), try required(lookedAt))
        let given = try items(orders, count)
        guard count > 0, count <= Engine.listCountMax else { throw .invalidArgument }
        var list = GivenList(engine: engine, orders: given)
        list.orderIds = UnsafeMutableBufferPointer(start: orderIds, count: orderIds == nil ? 0 : count)
        if let results {
            guard list.results.reserve(count) else { throw .limitReached }
            for result in try items(results, count) {
                guard let findings = try findings(result) else { throw .nullArgument }
                list.results.append(findings)
            }
        }
        guard list.validated.reserve(count) else { throw .limitReached }
        let made = try list.run()
        reservation.pointee = made.reservation ?? 0
        lookedAt.pointee = made.count
    }
}

/// Orders on their way into the engine together.
private struct GivenList: ~Copyable {
    let engine: Engine
    let orders: UnsafeBufferPointer<UnsafePointer<openpit_order>?>
    var results = Buffer<FindingsPointer>()
    var validated = Buffer<UnsafePointer<Order>>()
    var orderIds = UnsafeMutableBufferPointer<UInt64>(start: nil, count: 0)

    init(engine: Engine, orders: UnsafeBufferPointer<UnsafePointer<openpit_order>?>) {
        self.engine = engine
        self.orders = orders
    }

    /// Checks the orders one within the other, so that each lies where it is until all have been run.
    mutating func run() throws(Status) -> ListAnswer {
        guard validated.count < orders.count else {
            return try using { () throws(EngineError) in
                try engine.executeList(validated.contents, into: results.contents, orderIds: orderIds)
            }
        }
        var answer: ListAnswer?
        var fault: Status?
        try withOrder(orders[validated.count], copied: engine.runsForeignCode) { (order) throws(EngineError) in
            validated.append(order)
            do throws(Status) { answer = try run() } catch { fault = error }
        }
        if let fault { throw fault }
        guard let answer else { throw .internal }
        return answer
    }
}

@c @implementation
public func openpit_result_is_repeated(_ result: OpaquePointer?) -> UInt8 {
    FindingsPointer.known(result).map { $0.pointee.isRepeated ? 1 : 0 } ?? 0
}

// MARK: - Cancels

@c @implementation
public func openpit_engine_check_cancel(
    _ engine: OpaquePointer?, _ cancel: UnsafePointer<openpit_cancel>?, _ result: OpaquePointer?,
    _ passed: UnsafeMutablePointer<UInt8>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let given = try read(cancel)
        let passed = try required(passed)
        let findings = try findings(result)
        let cancel = try Cancel(given)
        let passes = try using { () throws(EngineError) in
            try engine.checkCancel(cancel, of: AccountId(given.account), into: findings)
        }
        passed.pointee = passes ? 1 : 0
    }
}

extension Cancel {
    fileprivate init(_ given: openpit_cancel) throws(Status) {
        self.init()
        guard given.reserved == 0 else { throw .invalidArgument }
        let id = try given.client_order_id.utf8()
        if !id.isEmpty { clientOrderId = id }
        if given.order_id != 0 { orderId = given.order_id }
        if given.underlying | given.settlement != 0 { instrument = try Instrument(given.underlying, given.settlement) }
        strategy = try optionallyNamed(given.strategy)
        trader = try optionallyNamed(given.trader)
        session = try optionallyNamed(given.session)
        venue = try optionallyNamed(given.venue)
    }
}
