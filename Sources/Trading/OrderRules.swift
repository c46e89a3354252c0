/// What a table of the life of an order says about a state and an event.
package struct OrderRule: Sendable, BitwiseCopyable {
    package enum Next: Sendable, BitwiseCopyable {
        /// It cannot happen.
        case refused
        /// The state stays as it is.
        case same
        case to(OrderState)
        /// Filled, partially filled or working, as what has traded compares with what was ordered.
        case byFilled
    }

    package let next: Next
    package let effects: OrderEffects

    private init(_ next: Next, _ effects: OrderEffects = .nothing) {
        self.next = next
        self.effects = effects
    }

    private static var no: OrderRule { OrderRule(.refused, .refused) }
    private static var same: OrderRule { OrderRule(.same) }

    /// The table: all that can happen to an order, and what then has to be done. Requests that are under way are counted beside
    /// the state, so a fill between a request and its answer loses neither.
    package static func of(_ state: OrderState, _ event: OrderEvent) -> OrderRule {
        switch event {
        case .accepted: state == .created ? OrderRule(.to(.pending)) : no
        case .submitted: state == .pending ? OrderRule(.to(.submitted), .send) : no
        case .acknowledged:
            switch state {
            case .submitted, .unknown: OrderRule(.to(.working))
            // A fill may overtake the acknowledgement, and so may the end.
            case .working, .partiallyFilled, .filled, .cancelled, .expired: same
            case .created, .pending, .rejected, .closed: no
            }
        case .lost: state == .submitted ? OrderRule(.to(.unknown)) : no
        case .filled:
            switch state {
            case .submitted, .unknown, .working, .partiallyFilled: OrderRule(.byFilled, .settle)
            // The market has traded: money follows, and the state stays.
            case .filled, .cancelled, .rejected, .expired, .closed: OrderRule(.same, [.settle, .late])
            case .created, .pending: no
            }
        case .busted:
            switch state {
            case .partiallyFilled, .filled: OrderRule(.byFilled, [.settle, .resize])
            case .cancelled, .rejected, .expired, .closed: OrderRule(.same, .settle)
            case .created, .pending, .submitted, .unknown, .working: no
            }
        case .cancelRequested:
            switch state {
            case .submitted, .unknown, .working, .partiallyFilled: OrderRule(.same, .sendCancel)
            case .created, .pending, .filled, .cancelled, .rejected, .expired, .closed: no
            }
        case .replaceRequested:
            switch state {
            case .submitted, .unknown, .working, .partiallyFilled: OrderRule(.same, .sendReplace)
            case .created, .pending, .filled, .cancelled, .rejected, .expired, .closed: no
            }
        // An answer needs a request that waits for it, which is looked at beside the table.
        case .cancelRejected, .replaceRejected:
            switch state {
            case .created, .pending: no
            default: same
            }
        case .replaced:
            switch state {
            // A replacement that crossed the last fill may leave a rest again.
            case .submitted, .unknown, .working, .partiallyFilled, .filled: OrderRule(.byFilled, .resize)
            case .created, .pending, .cancelled, .rejected, .expired, .closed: no
            }
        case .cancelled:
            switch state {
            case .pending, .submitted, .unknown, .working, .partiallyFilled: OrderRule(.to(.cancelled), .release)
            case .created, .filled, .cancelled, .rejected, .expired, .closed: no
            }
        case .rejected:
            switch state {
            case .created, .pending, .submitted, .unknown, .working: OrderRule(.to(.rejected), .release)
            case .partiallyFilled, .filled, .cancelled, .rejected, .expired, .closed: no
            }
        case .expired:
            switch state {
            case .submitted, .unknown, .working, .partiallyFilled: OrderRule(.to(.expired), .release)
            case .created, .pending, .filled, .cancelled, .rejected, .expired, .closed: no
            }
        case .closed:
            switch state {
            case .pending: OrderRule(.to(.closed), .release)
            case .filled: OrderRule(.to(.closed))
            case .created, .submitted, .unknown, .working, .partiallyFilled, .cancelled, .rejected, .expired, .closed:
                no
            }
        }
    }
}
