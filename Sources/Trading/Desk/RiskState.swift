import Decimals

/// What stops a desk.
package struct RiskLimits: Sendable, BitwiseCopyable {
    package var positionShare = Decimal(1 as UInt64)
    package var drawdownShare = Decimal(1 as UInt64)
    package var dailyLossShare = Decimal(1 as UInt64)
    package var positionsMax: UInt32 = .max
    package var opposite = OppositeSignal.close
    package var confirmations: UInt32 = 1
    /// `nil` where nobody wants to be warned.
    package var correlationMax: Double?
    package var correlationLookback: UInt32 = 20
    package var correlationMinimum: UInt32 = 10
    /// Nanoseconds.
    package var correlationInterval: Int64 = 60_000_000_000

    package init() {}
}

/// What a signal against a position does.
package enum OppositeSignal: UInt8, Sendable, BitwiseCopyable {
    case close = 0
    case reduce = 1
    case flip = 2
}

/// The kinds of halts there are, the first one first.
package struct Halts: Sendable, BitwiseCopyable, Equatable {
    /// Two bits for each, the first one lowest.
    package private(set) var packed: UInt32 = 0

    package init() {}

    package var isEmpty: Bool { packed == 0 }
    package var first: HaltKind? { HaltKind(rawValue: UInt8(packed & 3)) }

    package func contains(_ kind: HaltKind) -> Bool {
        var rest = packed
        while rest != 0 {
            if rest & 3 == UInt32(kind.rawValue) { return true }
            rest >>= 2
        }
        return false
    }

    mutating func add(_ kind: HaltKind) {
        if contains(kind) { return }
        var shift: UInt32 = 0
        while packed >> shift & 3 != 0 { shift += 2 }
        packed |= UInt32(kind.rawValue) << shift
    }

    mutating func remove(_ kind: HaltKind) {
        var (rest, kept, shift) = (packed, UInt32(0), UInt32(0))
        while rest != 0 {
            if rest & 3 != UInt32(kind.rawValue) {
                kept |= (rest & 3) << shift
                shift += 2
            }
            rest >>= 2
        }
        packed = kept
    }

    mutating func removeAll() { packed = 0 }
}

/// What a desk remembers of its equity.
package struct RiskState: Sendable, BitwiseCopyable {
    package var halts = Halts()
    /// The highest observation since the start or the last time it was resumed; `nil` before the first.
    package var peak: Decimal?
    package var dayStart: Decimal?
    package var equity = Decimal.zero
    /// How many observations in a row were beyond a limit.
    var drawdownBreaches: UInt32 = 0
    var dailyLossBreaches: UInt32 = 0

    package init() {}

    func isBeyondDrawdown(_ equity: Decimal, _ peak: Decimal, _ limits: RiskLimits) throws(DeskFailure) -> Bool {
        guard let loss = peak.subtractingExactly(equity) else { throw .overflow }
        return loss.compare(share: limits.drawdownShare, of: peak) > 0
    }

    func hasReachedDailyLoss(_ equity: Decimal, _ base: Decimal, _ limits: RiskLimits) throws(DeskFailure) -> Bool {
        guard let loss = base.subtractingExactly(equity) else { throw .overflow }
        return loss.compare(share: limits.dailyLossShare, of: base) >= 0
    }

    /// Notes what the account is worth.
    mutating func observe(_ equity: Decimal, _ limits: RiskLimits) throws(DeskFailure) {
        var after = self
        after.equity = equity
        if after.peak.map({ $0 < equity }) ?? true { after.peak = equity }
        if after.dayStart == nil { after.dayStart = equity }
        if let peak = after.peak, try isBeyondDrawdown(equity, peak, limits) {
            after.drawdownBreaches = after.drawdownBreaches &+ 1
        } else {
            after.drawdownBreaches = 0
        }
        if let base = after.dayStart, try hasReachedDailyLoss(equity, base, limits) {
            after.dailyLossBreaches = after.dailyLossBreaches &+ 1
        } else {
            after.dailyLossBreaches = 0
        }
        self = after
    }

    /// The kind that has been confirmed often enough and does not halt yet.
    func due(_ limits: RiskLimits) -> HaltKind? {
        if drawdownBreaches >= limits.confirmations, !halts.contains(.drawdown) { return .drawdown }
        if dailyLossBreaches >= limits.confirmations, !halts.contains(.dailyLoss) { return .dailyLoss }
        return nil
    }

    mutating func startDay(_ equity: Decimal) {
        dayStart = equity
        self.equity = equity
        dailyLossBreaches = 0
        halts.remove(.dailyLoss)
    }

    mutating func resume(_ equity: Decimal) {
        halts.removeAll()
        self.equity = equity
        peak = equity
        dayStart = equity
        drawdownBreaches = 0
        dailyLossBreaches = 0
    }

    /// How far the equity is below a peak or a base, as a fraction for display.
    static func fall(from base: Decimal?, to equity: Decimal) -> Decimal {
        guard let base, base.isPositive, let loss = base.subtractingExactly(equity) else { return .zero }
        return loss.divided(by: base, places: 10)?.shortest ?? .zero
    }

    /// What the day has earned so far; `nil` when that does not fit.
    package var dayGain: Decimal? {
        guard let dayStart else { return .zero }
        return equity.subtractingExactly(dayStart)
    }

    package var drawdown: Decimal { Self.fall(from: peak, to: equity) }
}
