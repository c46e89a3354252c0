import Decimals
import RiskBase

/// How far a P&L may go. Bounds are inclusive; their order is not checked, so an inverted pair is always breached.
public struct PnlBounds: BitwiseCopyable, Sendable {
    public package(set) var lower: Decimal?
    public package(set) var upper: Decimal?

    // An optional is not taken from outside: what came to nothing would be no bound.
    package init(lower: Decimal?, upper: Decimal?) {
        self.lower = lower
        self.upper = upper
    }

    public init(lower: Decimal, upper: Decimal) {
        self.init(lower: Optional(lower), upper: Optional(upper))
    }

    public init(lower: Decimal) {
        self.init(lower: lower, upper: nil)
    }

    public init(upper: Decimal) {
        self.init(lower: nil, upper: upper)
    }

    var isEmpty: Bool { lower == nil && upper == nil }

    static func == (left: Self, right: Self) -> Bool { left.lower == right.lower && left.upper == right.upper }

    @inline(__always)
    func areBreached(by pnl: Decimal) -> Bool {
        isBelow(pnl) || isAbove(pnl)
    }

    /// The breached sides as texts name them. Some side must be breached.
    func breachedSides(by pnl: Decimal) -> StaticString {
        if isBelow(pnl) && isAbove(pnl) { return "lower and upper" }
        return isBelow(pnl) ? "lower" : "upper"
    }

    @inline(__always)
    private func isBelow(_ pnl: Decimal) -> Bool {
        guard let lower else { return false }
        return pnl < lower
    }

    @inline(__always)
    private func isAbove(_ pnl: Decimal) -> Bool {
        guard let upper else { return false }
        return pnl > upper
    }
}

extension TextWriter {
    /// Which bound a P&L has left, and what the bounds are: `lower_bound Some(Pnl(-50)), upper_bound None`, or
    /// `lower bound -50` in later engines.
    mutating func write(_ bounds: PnlBounds, breachedBy pnl: Decimal, asOptionals: Bool) {
        write(bounds.breachedSides(by: pnl))
        write(" bound breached: realized pnl ")
        write(pnl)
        if asOptionals {
            write(", lower_bound ")
            write(optional: bounds.lower, .pnl)
            write(", upper_bound ")
            write(optional: bounds.upper, .pnl)
            return
        }
        if let lower = bounds.lower {
            write(", lower bound ")
            write(lower)
        }
        if let upper = bounds.upper {
            write(", upper bound ")
            write(upper)
        }
    }
}

/// One pair of bounds and what it applies to.
public struct PnlBarrier: BitwiseCopyable, Sendable {
    public enum Scope: BitwiseCopyable, Sendable {
        /// Every account by itself.
        case broker
        /// One account, whose total starts at `initial` when the engine is built.
        case account(AccountId, initial: Decimal?)
    }

    public var scope: Scope
    public var settlement: Asset
    public var bounds: PnlBounds

    public init(_ scope: Scope, settlement: Asset, _ bounds: PnlBounds) {
        self.scope = scope
        self.settlement = settlement
        self.bounds = bounds
    }
}

extension PnlBarrier: ScopedBarrier {
    var fault: PolicyFault? { bounds.isEmpty ? .noBounds(settlement) : nil }
    var axis: Axis {
        switch scope {
        case .broker: .broker
        case .account: .accountAsset
        }
    }
}
