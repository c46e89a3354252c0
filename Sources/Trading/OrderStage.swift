import Decimals

/// The life of an order in eight words, for those who keep no more: what the venue has acknowledged and what is unknown there is
/// submitted, and what has expired is cancelled. The numbers are those of `openpit/trading.h`.
package enum OrderStage: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case created = 0
    case pending = 1
    case submitted = 2
    case partiallyFilled = 3
    case filled = 4
    case cancelled = 5
    case rejected = 6
    case closed = 7

    package init(_ state: OrderState) {
        switch state {
        case .created: self = .created
        case .pending: self = .pending
        case .submitted, .unknown, .working: self = .submitted
        case .partiallyFilled: self = .partiallyFilled
        case .filled: self = .filled
        case .cancelled, .expired: self = .cancelled
        case .rejected: self = .rejected
        case .closed: self = .closed
        }
    }

    /// What has to happen for an order to come to this stage; nothing makes one created.
    private var event: OrderEvent? {
        switch self {
        case .created: nil
        case .pending: .accepted
        case .submitted: .submitted
        case .partiallyFilled, .filled: .filled
        case .cancelled: .cancelled
        case .rejected: .rejected
        case .closed: .closed
        }
    }

    private var state: OrderState {
        switch self {
        case .created: .created
        case .pending: .pending
        case .submitted: .submitted
        case .partiallyFilled: .partiallyFilled
        case .filled: .filled
        case .cancelled: .cancelled
        case .rejected: .rejected
        case .closed: .closed
        }
    }

    /// Whether the table of an order's life lets an order go there in one step. What leaves the state as it is is no step, but a
    /// further slice is one.
    package func allows(_ next: OrderStage) -> Bool {
        guard let event = next.event else { return false }
        switch OrderRule.of(state, event).next {
        case .refused, .same: return false
        case .to(let reached): return OrderStage(reached) == next
        case .byFilled: return true
        }
    }
}

extension OrderLife {
    package var stage: OrderStage { OrderStage(state) }

    /// Takes the step that its owner says has happened, without numbers of what has traded. `false`, and no change, where the
    /// table does not allow it.
    package mutating func move(to next: OrderStage) -> Bool {
        guard stage.allows(next) else { return false }
        switch next {
        case .created: return false
        case .pending: state = .pending
        case .submitted: state = .submitted
        case .partiallyFilled: state = .partiallyFilled
        case .filled: state = .filled
        case .cancelled: state = .cancelled
        case .rejected: state = .rejected
        case .closed: state = .closed
        }
        return true
    }
}

extension OrderLife {
    /// How much of it has traded, from 0 to 1, to ten places; nothing of an order of nothing.
    package var ratio: Decimal {
        if quantity.isZero { return .zero }
        let part = filled < quantity ? filled : quantity
        return part.divided(by: quantity, places: 10)?.shortest ?? .zero
    }
}
