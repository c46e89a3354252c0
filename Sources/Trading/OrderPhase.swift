/// The life of an order in the eight words of `axon_quant.oms`, where what is unknown is submitted, and what is closed was
/// cancelled or filled. The numbers are those of `openpit/trading.h`.
package enum OrderPhase: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case new = 0
    case submitted = 1
    case acknowledged = 2
    case partiallyFilled = 3
    case filled = 4
    case cancelled = 5
    case rejected = 6
    case expired = 7

    package var isTerminal: Bool { rawValue >= Self.filled.rawValue }

    package init(_ life: OrderLife) {
        switch life.state {
        case .created, .pending: self = .new
        case .submitted, .unknown: self = .submitted
        case .working: self = .acknowledged
        case .partiallyFilled: self = .partiallyFilled
        case .filled: self = .filled
        case .cancelled: self = .cancelled
        case .rejected: self = .rejected
        case .expired: self = .expired
        case .closed: self = life.filled.isZero ? .cancelled : .filled
        }
    }

    /// The state that the word stands for.
    package var state: OrderState {
        switch self {
        case .new: .created
        case .submitted: .submitted
        case .acknowledged: .working
        case .partiallyFilled: .partiallyFilled
        case .filled: .filled
        case .cancelled: .cancelled
        case .rejected: .rejected
        case .expired: .expired
        }
    }

    /// What has to happen for an order to come here; nothing makes one new, and only sending it makes it submitted.
    private var event: OrderEvent? {
        switch self {
        case .new, .submitted: nil
        case .acknowledged: .acknowledged
        case .partiallyFilled, .filled: .filled
        case .cancelled: .cancelled
        case .rejected: .rejected
        case .expired: .expired
        }
    }

    /// Whether the table of an order's life lets an order go there in one step. What leaves the state as it is is no step, but a
    /// further slice is one; and nothing fills before it was acknowledged.
    package func allows(_ next: OrderPhase) -> Bool {
        guard let event = next.event, !(event == .filled && self == .submitted) else { return false }
        // An order that was only made is cancelled as one that is about to be sent.
        let state: OrderState = self == .new && next == .cancelled ? .pending : state
        switch OrderRule.of(state, event).next {
        case .refused, .same: return false
        case .to(let reached): return reached == next.state
        case .byFilled: return true
        }
    }
}
