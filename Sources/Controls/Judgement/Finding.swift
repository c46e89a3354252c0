import Decimals
import RiskBase

/// What a metric makes of an order, or of a book.
struct Finding: BitwiseCopyable {
    enum Outcome: BitwiseCopyable {
        /// There is a value to compare with the bounds.
        case measured
        case skipped(Look.Why)
        /// Something the value needs is not there, or is too old.
        case lacking(RejectCode)
        /// The order lacks what the metric is about.
        case missingField
        /// A number does not fit.
        case overflow
        /// The value is no number, which is a breach.
        case undefined
        /// A rule: kept, or broken.
        case kept
        case broken
    }

    var outcome: Outcome
    var judgesUpper = true
    var judgesLower = true
    /// Which of the numbers below are there. A finding is handed on for every limit that an order meets, so it is kept short: what
    /// never comes together shares a place.
    private var parts: Parts = []
    /// Another code than the metric's, where that is to be told.
    var code: RejectCode?
    /// What is compared with the upper bound, and, when there is no other, with the lower one.
    var value = Decimal.zero
    /// The lower value, or what the value is divided by.
    private var second = Decimal.zero
    /// The value without this order and what it adds, or what a reject shows instead.
    private var pair = (Decimal.zero, Decimal.zero)
    private var ownUpper = Decimal.zero
    private var wait: UInt64 = 0

    private struct Parts: OptionSet, BitwiseCopyable {
        let rawValue: UInt8

        static var low: Parts { Parts(rawValue: 1) }
        static var denominator: Parts { Parts(rawValue: 2) }
        static var growth: Parts { Parts(rawValue: 4) }
        static var shown: Parts { Parts(rawValue: 8) }
        static var shownLimit: Parts { Parts(rawValue: 16) }
        static var shownValue: Parts { Parts(rawValue: 32) }
        static var upper: Parts { Parts(rawValue: 64) }
        static var wait: Parts { Parts(rawValue: 128) }
    }

    /// What is compared with the lower bound instead of the value; of a value that is not divided.
    var low: Decimal? {
        @inline(__always) get { parts.contains(.low) ? second : nil }
        set {
            parts.remove(.low)
            guard let newValue else { return }
            second = newValue
            parts.insert(.low)
        }
    }

    /// The value is what it is divided by this; bounds are multiplied with it instead.
    var denominator: Decimal? { @inline(__always) get { parts.contains(.denominator) ? second : nil } }

    /// Without this order, and what it adds; like the value before it is divided.
    var used: Decimal? { parts.contains(.growth) ? pair.0 : nil }
    var asked: Decimal? { parts.contains(.growth) ? pair.1 : nil }

    @inline(__always)
    mutating func grows(from used: Decimal, by asked: Decimal) {
        pair = (used, asked)
        parts.insert(.growth)
    }

    /// What stands in the place of the limit's upper bound, where that is another number.
    var upper: Decimal? {
        @inline(__always) get { parts.contains(.upper) ? ownUpper : nil }
        set {
            parts.remove(.upper)
            guard let newValue else { return }
            ownUpper = newValue
            parts.insert(.upper)
        }
    }

    /// The reject's own numbers, where they are not the value and its bound.
    var shown: (value: Decimal?, limit: Decimal?)? {
        guard parts.contains(.shown) else { return nil }
        return (parts.contains(.shownValue) ? pair.0 : nil, parts.contains(.shownLimit) ? pair.1 : nil)
    }

    mutating func show(_ value: Decimal?, _ limit: Decimal?) {
        parts.insert(.shown)
        if let value {
            pair.0 = value
            parts.insert(.shownValue)
        }
        if let limit {
            pair.1 = limit
            parts.insert(.shownLimit)
        }
    }

    /// When the same would pass, in nanoseconds from now.
    var retryAfter: UInt64? {
        get { parts.contains(.wait) ? wait : nil }
        set {
            parts.remove(.wait)
            guard let newValue else { return }
            wait = newValue
            parts.insert(.wait)
        }
    }

    @inline(__always)
    private init(_ outcome: Outcome) { self.outcome = outcome }

    @inline(__always)
    static func value(_ value: Decimal) -> Finding {
        var finding = Finding(.measured)
        finding.value = value
        return finding
    }

    /// `numerator / denominator`, which is positive.
    @inline(__always)
    static func ratio(_ numerator: Decimal, to denominator: Decimal) -> Finding {
        var finding = Finding.value(numerator)
        finding.second = denominator
        finding.parts.insert(.denominator)
        return finding
    }

    static func skipped(_ why: Look.Why) -> Finding { Finding(.skipped(why)) }
    static func lacking(_ code: RejectCode) -> Finding { Finding(.lacking(code)) }
    static var missingField: Finding { Finding(.missingField) }
    static var overflow: Finding { Finding(.overflow) }
    static var undefined: Finding { Finding(.undefined) }
    static var kept: Finding { Finding(.kept) }
    static func broken(value: Decimal? = nil, limit: Decimal? = nil) -> Finding {
        var finding = Finding(.broken)
        finding.show(value, limit)
        return finding
    }

    static func rule(_ isKept: Bool) -> Finding { isKept ? .kept : .broken() }

    /// Whether there is a value to compare with the bounds.
    var isMeasured: Bool {
        if case .measured = outcome { return true }
        return false
    }
}

/// Which bound it is.
package enum Bound: UInt8, BitwiseCopyable, Sendable {
    case lower = 1, upper
}

// MARK: - Bounds

extension Finding {
    /// The number that is shown; `nil` when it does not fit.
    var shownValue: Decimal? { Self.quotient(value, denominator) }

    var shownLow: Decimal? { low.flatMap { Self.quotient($0, denominator) } ?? shownValue }

    var shownUsed: Decimal? { used.flatMap { Self.quotient($0, denominator) } }

    var shownAsked: Decimal? { asked.flatMap { Self.quotient($0, denominator) } }

    private static func quotient(_ value: Decimal, _ denominator: Decimal?) -> Decimal? {
        guard let denominator else { return value }
        return value.divided(by: denominator)?.rounded12
    }

    /// Which bound is passed; of both the upper one. `nil`: none. An overflow throws.
    @inline(__always)
    func breach(of limit: LimitPointer) throws(Overflow) -> Bound? {
        try breach(
            of: Bounds(
                lower: limit.pointee.limit.lower, upper: upper(of: limit), isStrict: limit.pointee.limit.isStrict))
    }

    @inline(__always)
    func breach(of bounds: Bounds) throws(Overflow) -> Bound? {
        if judgesUpper, let upper = bounds.upper, bounds.isPassed(try scaled(upper), by: value) { return .upper }
        if judgesLower, let lower = bounds.lower, bounds.isPassed(low ?? value, by: try scaled(lower)) { return .lower }
        return nil
    }

    /// Whether nothing speaks against an order that was found so.
    @inline(__always)
    func passes(_ limit: LimitPointer) -> Bool {
        switch outcome {
        case .skipped, .kept: return true
        case .measured:
            if limit.pointee.limit.isUnlimited { return true }
            do throws(Overflow) { return try breach(of: limit) == nil } catch { return false }
        case .lacking, .missingField, .overflow, .undefined, .broken: return false
        }
    }

    struct Overflow: Error {}

    /// The bound that counts.
    @inline(__always)
    func upper(of limit: LimitPointer) -> Decimal? { limit.pointee.limit.upper.map { upper ?? $0 } }

    @inline(__always)
    private func scaled(_ bound: Decimal) throws(Overflow) -> Decimal {
        guard let denominator else { return bound }
        guard let scaled = bound.multiplied(by: denominator) else { throw Overflow() }
        return scaled
    }

    /// How much of the bound is used; of two the larger. `nil` without a bound that can be used in part.
    func utilization(of limit: LimitPointer) -> Decimal? {
        guard case .measured = outcome else { return nil }
        let up = upper(of: limit).flatMap { $0.isZero ? nil : shownValue?.divided(by: $0)?.rounded12 }
        let low = limit.pointee.limit.lower.flatMap { lower -> Decimal? in
            guard !lower.isZero, let value = shownLow else { return nil }
            if lower.isNegative { return value.isNegative ? value.divided(by: lower)?.rounded12 : .zero }
            return value.isPositive ? lower.divided(by: value)?.rounded12 : nil
        }
        guard let up else { return low }
        guard let low else { return up }
        return up < low ? low : up
    }

    /// Whether the share `at` of a bound is reached, by multiplication.
    func reaches(_ at: Decimal, of limit: LimitPointer) -> Bool {
        guard case .measured = outcome else { return false }
        if let upper = upper(of: limit), !upper.isZero, let line = try? scaled(upper).multiplied(by: at) {
            if upper.isNegative ? !(line < value) : !(value < line) { return true }
        }
        if let lower = limit.pointee.limit.lower, !lower.isZero, let bound = try? scaled(lower) {
            let value = low ?? value
            if lower.isNegative {
                if value.isNegative, let line = bound.multiplied(by: at), !(line < value) { return true }
            } else if !value.isPositive {
                return true
            } else if let line = value.multiplied(by: at), !(bound < line) {
                return true
            }
        }
        return false
    }

    /// The distance to the nearer bound, negative when it is passed; `nil` without bounds.
    func headroom(of limit: LimitPointer) -> Decimal? {
        let up = upper(of: limit).flatMap { upper in shownValue.flatMap { upper.subtracting($0) } }
        let low = limit.pointee.limit.lower.flatMap { lower in shownLow.flatMap { $0.subtracting(lower) } }
        let nearer: Decimal?
        if let up, let low { nearer = low < up ? low : up } else { nearer = up ?? low }
        return denominator == nil ? nearer : nearer?.rounded12
    }
}

/// What a value is compared with. Bounds are inclusive unless they are strict.
struct Bounds: BitwiseCopyable {
    let lower: Decimal?
    let upper: Decimal?
    let isStrict: Bool

    /// Whether the larger number is on the wrong side of the smaller one.
    @inline(__always)
    fileprivate func isPassed(_ smaller: Decimal, by larger: Decimal) -> Bool {
        isStrict ? !(larger < smaller) : smaller < larger
    }
}
