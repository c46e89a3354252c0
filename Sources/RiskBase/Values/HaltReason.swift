/// Why a P&L ledger stopped computing.
public enum HaltReason: UInt8, Sendable, BitwiseCopyable {
    case missingFx = 1
    case missingAccountCurrency = 2
    case missingInitialPnl = 3
    case missingCostBasis = 4
    case arithmeticOverflow = 5
}
