import Controls
import Decimals
import RiskBase
import TestSupport

@testable import RiskCore

/// An engine with limits and a clock that is driven, whose answers are lines: a policy, a code and the numbers of each reject.
final class LimitedEngine {
    let engine: Engine
    let clock: Clock
    let findings: [UnsafeMutablePointer<Findings>]

    init(_ limits: [Limit], _ policies: [TestPolicy] = []) throws {
        clock = try Clock.makeManual().unwrapped
        var builder = EngineBuilder(.none, clock: clock)
        for policy in policies { try builder.add(policy) }
        for limit in limits { try builder.addLimit(limit) }
        engine = try builder.build()
        findings = (0..<Engine.listCountMax).map { _ in
            let place = UnsafeMutablePointer<Findings>.allocate(capacity: 1)
            place.initialize(to: Findings())
            return place
        }
    }

    deinit {
        engine.release()
        clock.release()
        for place in findings {
            place.deinitialize(count: 1)
            place.deallocate()
        }
    }

    func rejects(_ place: Int = 0) -> [String] {
        (0..<findings[place].pointee.rejectCount).compactMap { findings[place].pointee.reject(at: $0) }.map { reject in
            let name = String(decoding: findings[place].pointee.policyName(of: reject), as: UTF8.self)
            let numbers = [reject.numbers?.value, reject.numbers?.limit].compactMap { $0.map { " \($0.shortest)" } }
            return "\(name) \(reject.code)\(numbers.joined())"
        }
    }

    var isRepeated: Bool { findings[0].pointee.isRepeated }

    /// Sends an order; an accepted one works from then on.
    func send(_ amount: String = "1@10", id: StaticString? = nil) throws -> [String] {
        let order = limited(amount, id)
        _ = try withUnsafePointer(to: order) { try engine.executePreTrade($0, into: findings[0]) }
        return rejects()
    }

    /// Sends orders as a list, all of them well-formed.
    func send(list amounts: [String], ids: UnsafeMutableBufferPointer<UInt64>? = nil) throws -> ListAnswer {
        let orders = UnsafeMutableBufferPointer<Order>.allocate(capacity: amounts.count)
        _ = orders.initialize(from: amounts.map { limited($0, nil) })
        defer { orders.deallocate() }
        let places = orders.indices.map { UnsafePointer(orders.baseAddress! + $0) }
        return try places.withUnsafeBufferPointer { places in
            try findings.withUnsafeBufferPointer {
                try engine.executeList(
                    places, into: $0, orderIds: ids ?? UnsafeMutableBufferPointer(start: nil, count: 0))
            }
        }
    }

    /// What of a limit is used.
    func used(_ limit: String) throws -> String {
        var used = "-"
        try engine.readLimits { if name(of: $0.limit.name) == limit { used = $0.used.map { "\($0.shortest)" } ?? "-" } }
        return used
    }
}

/// An order of account 1, which buys AAPL for USD.
func limited(_ amount: String, _ id: StaticString?) -> Order {
    var order = order(amount)
    if let id { order.clientOrderId = UnsafeBufferPointer(start: id.utf8Start, count: id.utf8CodeUnitCount) }
    return order
}

func limit(_ metric: Metric, _ name: String, upper: String? = nil, _ change: (inout Limit) -> Void = { _ in }) -> Limit
{
    var limit = Limit(metric, name: named(name))
    limit.upper = upper.map(decimal)
    limit.window = metric.family == .count ? 3_600_000_000_000 : 0
    change(&limit)
    return limit
}
