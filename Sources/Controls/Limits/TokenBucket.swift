import Decimals
import RiskBase

/// Tokens of one row, exact to the nanosecond. What is missing is counted in parts of a token, of which each nanosecond brings a
/// whole number back.
struct TokenBucket: BitwiseCopyable {
    /// How many parts a token has; 0 where they cannot be counted.
    private(set) var unit: UInt128 = 0
    /// How many come back in a nanosecond.
    private var rate: UInt128 = 0
    /// How many are missing.
    private(set) var debt: UInt128 = 0
    private var time = Int64.min

    init() {}

    /// A full one of a limit: `upper` tokens come back in a `window`.
    init(_ limit: Limit) {
        guard let upper = limit.upper?.shortest else { return }
        var unit = UInt128(limit.window)
        for _ in 0..<upper.scale {
            let (product, overflow) = unit.multipliedReportingOverflow(by: 10)
            if overflow { return }
            unit = product
        }
        self.unit = unit
        if upper.isPositive { rate = UInt128(upper.high) << 64 | UInt128(upper.low) }
    }

    /// As many tokens as are missing from `other`, in parts of its own; never fewer.
    mutating func carry(_ other: TokenBucket) {
        guard unit > 0, other.unit > 0 else { return }
        time = other.time
        let (whole, rest) = other.debt.quotientAndRemainder(dividingBy: other.unit)
        let parts = whole.multipliedReportingOverflow(by: unit)
        let more = rest.multipliedReportingOverflow(by: unit)
        // Where parts cannot be told a token is missing.
        let odd = rest == 0 ? 0 : more.overflow ? unit : (more.partialValue - 1) / other.unit + 1
        let sum = parts.partialValue.addingReportingOverflow(odd)
        debt = parts.overflow || sum.overflow ? .max : sum.partialValue
    }

    /// What has come back by now.
    mutating func refill(at now: Int64) {
        guard now > time else { return }
        let (parts, overflow) = rate.multipliedReportingOverflow(by: UInt128(UInt64(bitPattern: now &- time)))
        debt = overflow || parts >= debt ? 0 : debt - parts
        time = now
    }

    /// What is missing, and one more, in parts; `nil` when that does not fit.
    var debtWithOne: UInt128? {
        let (sum, overflow) = debt.addingReportingOverflow(unit)
        return overflow ? nil : sum
    }

    mutating func takeOne() { debt = debtWithOne ?? .max }

    mutating func giveOneBack() { debt = debt > unit ? debt - unit : 0 }

    /// In how many nanoseconds there is a token again beside `kept` ones, of `size`; `nil`: never, or it cannot be told.
    func wait(for kept: UInt64, of size: Size) -> UInt64? {
        let full: (partialValue: UInt128, overflow: Bool) =
            switch size {
            case .tokens(let count): unit.multipliedReportingOverflow(by: UInt128(count))
            case .window(let length): rate.multipliedReportingOverflow(by: UInt128(length))
            }
        let needed = unit.multipliedReportingOverflow(by: UInt128(kept) + 1)
        guard !full.overflow, !needed.overflow, rate > 0, full.partialValue >= needed.partialValue else { return nil }
        let missing = full.partialValue - needed.partialValue
        guard debt > missing else { return 0 }
        return UInt64(clamping: (debt - missing - 1) / rate + 1)
    }

    enum Size: BitwiseCopyable {
        case tokens(UInt64)
        /// As many as come back in so many nanoseconds.
        case window(UInt64)
    }
}

extension Limit {
    /// How many tokens there are at most.
    var bucketSize: Decimal? { own.burst == 0 ? upper : Decimal(own.burst) }

    var bucket: TokenBucket.Size { own.burst == 0 ? .window(window) : .tokens(own.burst) }
}

extension Decimal {
    /// `nil` when it does not fit.
    init?(parts: UInt128) {
        guard let whole = Int128(exactly: parts) else { return nil }
        self.init(exactly: whole)
    }
}
