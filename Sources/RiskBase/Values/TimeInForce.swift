/// How long an order stands.
public enum TimeInForce: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case day = 1
    /// Until it is cancelled.
    case goodTillCancel = 2
    /// What is not filled at once is cancelled.
    case immediateOrCancel = 3
    /// Filled whole at once, or not at all.
    case fillOrKill = 4
    /// Until it expires.
    case goodTillDate = 5
    case atOpen = 6
    case atClose = 7
}
