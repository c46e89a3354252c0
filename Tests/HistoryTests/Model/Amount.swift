import Decimals

/// Exact numbers, which a history keeps so small that they always fit.
typealias Amount = Decimal

func + (left: Amount, right: Amount) -> Amount { left.adding(right)! }
func - (left: Amount, right: Amount) -> Amount { left.subtracting(right)! }
func * (left: Amount, right: Amount) -> Amount { left.multiplied(by: right)! }
func += (left: inout Amount, right: Amount) { left = left + right }
func -= (left: inout Amount, right: Amount) { left = left - right }
prefix func - (amount: Amount) -> Amount { amount.negated }

func amount(_ text: String) -> Amount { Array(text.utf8).withUnsafeBufferPointer { Amount(parsing: $0)! } }

/// Money as the ledger keeps it, and quotients as they are shown.
func r12(_ amount: Amount) -> Amount { amount.rounded(scale: 12, .midpointNearestEven) }

func positivePart(_ amount: Amount) -> Amount { amount.isPositive ? amount : .zero }

func larger(_ left: Amount, _ right: Amount) -> Amount { left < right ? right : left }
