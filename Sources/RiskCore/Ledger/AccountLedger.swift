import Decimals
import RiskBase

/// The P&L of one account over all its assets. It starts at zero and is never forgotten.
struct AccountLedger: BitwiseCopyable {
    var state = PnlState.value(.zero)
    /// The batch that has asserted this ledger and is still running: its frame's number plus one, or 0.
    var assertingBatch: UInt32 = 0

    /// Books what a report brought; `nil` when the ledger had stopped before.
    mutating func book(_ contribution: ConvertedAmount) -> ChangedPnl? {
        guard case .value(let value) = state else { return nil }
        switch contribution {
        case .missing(let reason): return stop(reason)
        case .value(let delta):
            guard let sum = value.adding(delta) else { return stop(.arithmeticOverflow) }
            state = .value(sum)
            return .changed(ChangedAmount(delta: delta, absolute: sum))
        }
    }

    private mutating func stop(_ reason: HaltReason) -> ChangedPnl {
        state = .halted(reason)
        return .halted(reason)
    }

    /// Takes an assertion back: what was booked since stays booked.
    mutating func restore(_ previous: PnlState, asserted: PnlState) {
        guard case .value(let asserted) = asserted else {
            state = previous
            return
        }
        switch (previous, state) {
        case (.value(let previous), .value(let current)):
            guard let restored = current.subtracting(asserted)?.adding(previous) else {
                state = .halted(.arithmeticOverflow)
                return
            }
            state = .value(restored)
        // It stopped in the meantime, and would have stopped without the assertion too.
        case (.value, .halted): break
        case (.halted, _): state = previous
        }
    }
}

extension ConvertedAmount {
    /// Both amounts together; of two reasons the one that weighs more.
    func adding(_ other: ConvertedAmount) -> ConvertedAmount {
        switch (self, other) {
        case (.value(let left), .value(let right)):
            guard let sum = left.adding(right) else { return .missing(.arithmeticOverflow) }
            return .value(sum)
        case (.missing(let left), .missing(let right)): return .missing(left.rank <= right.rank ? left : right)
        case (.missing, .value): return self
        case (.value, .missing): return other
        }
    }
}

extension HaltReason {
    /// Which reason is told when there are several: the smallest rank.
    var rank: Int {
        switch self {
        case .arithmeticOverflow: 0
        case .missingAccountCurrency: 1
        case .missingFx: 2
        case .missingCostBasis: 3
        case .missingInitialPnl: 4
        }
    }

    /// The reason as texts spell it.
    var name: StaticString {
        switch self {
        case .missingFx: "MissingFx"
        case .missingAccountCurrency: "MissingAccountCurrency"
        case .missingInitialPnl: "MissingInitialPnl"
        case .missingCostBasis: "MissingCostBasis"
        case .arithmeticOverflow: "ArithmeticOverflow"
        }
    }
}
