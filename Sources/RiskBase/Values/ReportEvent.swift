/// What a report says became of its order.
public enum ReportEvent: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case accepted = 1
    case rejected = 2
    case replaced = 3
    case replaceRejected = 4
    case cancelled = 5
    case expired = 6
    case done = 7
    case fill = 8
    case restated = 9
    case tradeCancel = 10
}
