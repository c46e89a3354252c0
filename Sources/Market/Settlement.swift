import RiskBase

/// What a settlement lag counts.
public enum SettlementUnit: UInt32, Sendable, BitwiseCopyable {
    case businessDays = 0
    case calendarDays = 1
}

/// How long after the trade something is due: T+`count`.
public struct SettlementLag: Equatable, Sendable, BitwiseCopyable {
    public var count: UInt64
    public var unit: SettlementUnit

    public init(count: UInt64, unit: SettlementUnit) {
        self.count = count
        self.unit = unit
    }
}

/// When the two sides of a trade are due.
public struct SettlementScheme: Equatable, Sendable, BitwiseCopyable {
    public var delivery: SettlementLag
    public var payment: SettlementLag

    public init(delivery: SettlementLag, payment: SettlementLag) {
        self.delivery = delivery
        self.payment = payment
    }
}
