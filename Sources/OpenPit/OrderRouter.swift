import RiskBase
import RiskCore
import Routing
import Trading

/// Orders joined with an engine: submitting one checks it, reserves what it needs and records it, in one call, and what the venue
/// answers settles both. Nobody has to remember to commit, to roll back or to report.
///
/// Any thread, any time; what the engine allows stays as it is. It keeps its engine open.
public final class OrderRouter: @unchecked Sendable {
    private let router: UnsafeMutablePointer<Router>

    public init(_ engine: RiskEngine) throws(RouteError) {
        var options = Router.Options()
        options.isShared = true
        let made: Router
        do throws(RouteFailure) { made = try Router.make(engine.core, options) } catch { throw RouteError(error) }
        router = .allocate(capacity: 1)
        router.initialize(to: made)
    }

    deinit {
        router.deinitialize(count: 1)
        router.deallocate()
    }

    /// Checks an order, and reserves and records it when every control accepts it. It has an account, an instrument, a side and a
    /// quantity; its client order id names it in its account, and is taken at most once. A rejected order leaves it free.
    public func submit(_ order: Order, clientOrderId: String) throws(RouteError) -> Submission {
        var answer: Result<(Routed, Report), RouteFailure> = .failure(.invalid)
        clientOrderId.withBytes { id in
            var named = order
            named.clientOrderId = id
            do throws(RouteFailure) {
                answer = .success(
                    try reporting { (findings) throws(RouteFailure) in
                        try router.pointee.submit(&named, at: 0, into: findings)
                    })
            } catch {
                answer = .failure(error)
            }
        }
        switch answer {
        case .failure(let failure): throw RouteError(failure)
        case .success((let routed, let report)):
            switch routed.verdict {
            case .rejected: return .rejected(report.rejects)
            case .duplicate: return .duplicate(of: routed.order == 0 ? nil : routed.order)
            case .send, .settled, .known: return .send(routed.order)
            }
        }
    }

    /// Lets something happen to an order, and to what the engine keeps for it. Tells where it stands then.
    @discardableResult
    public func apply(_ news: OrderNews, to order: UInt64) throws(RouteError) -> RoutedState {
        guard case .filled(let fill) = news else { return try apply(RouteEvent(news.event, of: order)) }
        var event = RouteEvent(.filled, of: order)
        event.quantity = fill.quantity
        event.price = fill.price
        event.fee = fill.fee
        event.pnl = fill.pnl
        var answer: Result<RoutedState, RouteError> = .failure(.invalid)
        fill.executionId.withBytes { id in
            event.execution = id
            do throws(RouteError) { answer = .success(try apply(event)) } catch { answer = .failure(error) }
        }
        return try answer.get()
    }

    private func apply(_ event: RouteEvent) throws(RouteError) -> RoutedState {
        do throws(RouteFailure) {
            return RoutedState(try alone { (router) throws(RouteFailure) in try router.apply(event, into: nil) }.state)
        } catch {
            throw RouteError(error)
        }
    }

    /// Where an order stands; `nil` when there is none of that number.
    public func state(of order: UInt64) -> RoutedState? {
        alone { router in router.order(order).map { RoutedState($0.pointee.life.state) } }
    }

    /// The numbers of open orders, oldest first.
    public var openOrders: [UInt64] {
        var numbers: [UInt64] = []
        alone { router in router.forEachOpen { number, _ in numbers.append(number) } }
        return numbers
    }

    private func alone<Result, Failure: Error>(
        _ body: (inout Router) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        router.pointee.lock.acquire()
        defer { router.pointee.lock.release() }
        return try body(&router.pointee)
    }

    private func reporting(
        _ body: (UnsafeMutablePointer<Findings>) throws(RouteFailure) -> Routed
    ) throws(RouteFailure) -> (Routed, Report) {
        var findings = Findings()
        guard findings.reserveRoom() else { throw .noMemory }
        router.pointee.lock.acquire()
        defer { router.pointee.lock.release() }
        return try withUnsafeMutablePointer(to: &findings) { (findings) throws(RouteFailure) in
            (try body(findings), Report(findings))
        }
    }
}

/// What came of an order that was submitted. Orders have numbers, from 1.
public enum Submission: Sendable {
    /// It is checked, reserved and recorded: send it now.
    case send(UInt64)
    /// A control refuses it, and nothing is recorded.
    case rejected([Rejection])
    /// Its client order id is known: that order has it.
    case duplicate(of: UInt64?)
}

/// What a venue says of an order, or what is asked of it.
public enum OrderNews: Sendable {
    case acknowledged
    /// The answer to what was sent is lost. The order may work at the venue, so it keeps its reservation.
    case lost
    case filled(RoutedFill)
    case cancelRequested
    case cancelRejected
    case cancelled
    case rejected
    case expired

    fileprivate var event: OrderEvent {
        switch self {
        case .acknowledged: .acknowledged
        case .lost: .lost
        case .filled: .filled
        case .cancelRequested: .cancelRequested
        case .cancelRejected: .cancelRejected
        case .cancelled: .cancelled
        case .rejected: .rejected
        case .expired: .expired
        }
    }
}

/// A trade of an order.
public struct RoutedFill: Sendable {
    /// The venue's id of it, which comes to something once in its order; none where it is empty.
    public var executionId: String
    public var quantity: Decimal
    public var price: Decimal
    public var fee: ExecutionReport.Fee?
    /// What it earned, before its fee. Controls of P&L ask for it, and block an account of which it is not said.
    public var pnl: Decimal?

    public init(
        _ quantity: Decimal, at price: Decimal, executionId: String = "", fee: ExecutionReport.Fee? = nil,
        pnl: Decimal? = nil
    ) {
        self.executionId = executionId
        self.quantity = quantity
        self.price = price
        self.fee = fee
        self.pnl = pnl
    }
}

/// Where an order stands.
public enum RoutedState: UInt8, Sendable {
    case created = 0
    case pending = 1
    /// Sent; nothing has been heard.
    case submitted = 2
    /// Sent, and the answer is lost.
    case unknown = 3
    /// The venue has it.
    case working = 4
    case partiallyFilled = 5
    case filled = 6
    case cancelled = 7
    case rejected = 8
    case expired = 9
    case closed = 10

    init(_ state: OrderState) { self = RoutedState(rawValue: state.rawValue) ?? .created }
}

/// Why nothing came of a call of a router.
public enum RouteError: Error, Equatable, Sendable {
    /// Something is missing or is not above zero.
    case invalid
    case overflow
    case noMemory
    case unknownOrder
    /// It cannot happen where the order stands.
    case state
    case engine(EngineError)

    init(_ failure: RouteFailure) {
        switch failure {
        case .invalid: self = .invalid
        case .overflow: self = .overflow
        case .noMemory: self = .noMemory
        case .notFound: self = .unknownOrder
        case .state: self = .state
        case .engine(let error): self = .engine(error)
        }
    }
}
