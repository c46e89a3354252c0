import COpenPit
import Decimals
import Trading

extension openpit_order_life: SizedStruct { static var firstVersionSize: Int { 72 } }
extension openpit_order_life_view: SizedStruct { static var firstVersionSize: Int { 56 } }

extension OrderLife {
    /// A life as its owner has kept it. `invalidArgument` for numbers that no order comes to.
    fileprivate init(_ given: openpit_order_life) throws(Status) {
        guard let state = OrderState(rawValue: given.state), given.reserved == 0, given.reserved_short == 0,
            given.reserved_word == 0
        else { throw .invalidArgument }
        self.init(quantity: try Decimal(given.quantity))
        self.state = state
        pendingCancels = given.pending_cancels
        pendingReplaces = given.pending_replaces
        fillCount = given.fill_count
        filled = try Decimal(given.filled)
        traded = try Decimal(given.traded)
        if quantity.isNegative || filled.isNegative { throw .invalidArgument }
    }
}

extension openpit_order_life {
    fileprivate mutating func fill(_ life: OrderLife) {
        state = life.state.rawValue
        reserved = 0
        reserved_short = 0
        reserved_word = 0
        pending_cancels = life.pendingCancels
        pending_replaces = life.pendingReplaces
        fill_count = life.fillCount
        quantity.fill(life.quantity)
        filled.fill(life.filled)
        traded.fill(life.traded)
    }
}

extension Status {
    init(_ failure: DeskFailure) {
        switch failure {
        case .invalid: self = .invalidArgument
        case .overflow: self = .arithmeticOverflow
        case .noMemory: self = .limitReached
        case .notFound: self = .notFound
        case .refused: self = .orderState
        case .exceedsRemaining: self = .exceedsRemaining
        case .idle: self = .notHalted
        }
    }
}

@c @implementation
public func openpit_order_life_happen(
    _ life: UnsafeMutablePointer<openpit_order_life>?, _ event: openpit_order_event, _ quantity: openpit_decimal,
    _ price: openpit_decimal, _ effects: UnsafeMutablePointer<UInt32>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(life)
        let effects = try required(effects)
        var known = try OrderLife(try read(UnsafePointer(try required(life))))
        guard let event = OrderEvent(rawValue: event) else { throw .invalidArgument }
        let quantity = try Decimal(quantity)
        let price = try Decimal(price)
        do throws(TradingFailure) {
            effects.pointee = try known.apply(event, quantity: quantity, price: price).rawValue
        } catch {
            throw Status(DeskFailure(error))
        }
        place.fill { $0.fill(known) }
    }
}

@c @implementation
public func openpit_order_life_move(
    _ life: UnsafeMutablePointer<openpit_order_life>?, _ stage: openpit_order_stage
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(life)
        var known = try OrderLife(try read(UnsafePointer(try required(life))))
        guard let stage = OrderStage(rawValue: stage) else { throw .invalidArgument }
        guard known.move(to: stage) else { throw .orderState }
        place.fill { $0.fill(known) }
    }
}

@c @implementation
public func openpit_order_life_view_of(
    _ life: UnsafePointer<openpit_order_life>?, _ view: UnsafeMutablePointer<openpit_order_life_view>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(view)
        let life = try OrderLife(try read(life))
        let average = life.average(places: 10)
        place.fill {
            $0.stage = life.stage.rawValue
            $0.is_terminal = life.state.isTerminal ? 1 : 0
            $0.has_average = average == nil ? 0 : 1
            $0.reserved = 0
            $0.remaining.fill(life.remaining.shortest)
            $0.average.fill(average?.shortest ?? .zero)
            $0.ratio.fill(life.ratio)
        }
    }
}

@c @implementation
public func openpit_order_stage_allows(_ from: openpit_order_stage, _ to: openpit_order_stage) -> Int32 {
    guard let from = OrderStage(rawValue: from), let to = OrderStage(rawValue: to) else { return 0 }
    return from.allows(to) ? 1 : 0
}
