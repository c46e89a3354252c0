import Decimals
import Market
import RiskBase

@testable import RiskCore

extension FundsModel {
    /// An amount in the account's currency, or why there is none.
    enum Converted {
        case amount(Decimal)
        case missing(HaltReason)

        init(_ compute: () throws(TooLarge) -> Decimal) {
            do throws(TooLarge) { self = .amount(try compute()) } catch { self = .missing(.arithmeticOverflow) }
        }

        /// Both together. Of two reasons the graver one counts.
        static func + (left: Converted, right: Converted) -> Converted {
            switch (left, right) {
            case (.amount(let left), .amount(let right)): return Converted { () throws(TooLarge) in try left + right }
            case (.amount, .missing): return right
            case (.missing, .amount): return left
            case (.missing(let left), .missing(let right)):
                let gravity: [HaltReason] = [
                    .arithmeticOverflow, .missingAccountCurrency, .missingFx, .missingCostBasis, .missingInitialPnl,
                ]
                return .missing(gravity.first { $0 == left || $0 == right } ?? left)
            }
        }
    }

    /// `amount` of `asset` in the account's currency, at marks of any age.
    func convert(_ amount: Decimal, of asset: Asset, for account: AccountId) -> Converted {
        guard let currency = currency(of: account) else { return .missing(.missingAccountCurrency) }
        if asset == currency { return Converted { () throws(TooLarge) in try amount * Decimal(Int64(1)) } }
        if let direct = mark(asset, currency, account) {
            return Converted { () throws(TooLarge) in try amount * direct }
        }
        if let inverse = mark(currency, asset, account), !inverse.isZero {
            return Converted { () throws(TooLarge) in try amount * (Decimal(Int64(1)) / inverse) }
        }
        return .missing(.missingFx)
    }

    private func mark(_ underlying: Asset, _ settlement: Asset, _ account: AccountId) -> Decimal? {
        FundsMarket.id(of: Instrument(underlying: underlying, settlement: settlement))
            .flatMap { market.quote(of: $0, for: account, in: group(of: account)) }?.quote.mark
    }

    /// A fill of a position, seen before it is settled.
    struct PositionFill {
        private enum Kind { case opening, adding, reducing, closing, flipping }

        private let kind: Kind
        private let owned: Decimal
        private let traded: Decimal
        private let price: Converted
        private let average: Decimal?

        /// `traded` is positive for a buy and negative for a sell; `price` is in the account's currency.
        init(of slot: Slot, traded: Decimal, at price: Converted) throws(TooLarge) {
            owned = try slot.owned()
            self.traded = traded
            self.price = price
            average = slot.average
            if owned.isZero {
                kind = .opening
            } else if owned.isNegative == traded.isNegative {
                kind = .adding
            } else if owned.magnitude == traded.magnitude {
                kind = .closing
            } else {
                kind = traded.magnitude < owned.magnitude ? .reducing : .flipping
            }
        }

        private var ends: Bool { kind == .reducing || kind == .closing || kind == .flipping }

        /// What the fill realises.
        var realized: Converted {
            guard ends else { return .amount(.zero) }
            switch (price, average) {
            case (.missing(let reason), _): return .missing(reason)
            case (.amount, nil): return .missing(.missingCostBasis)
            case (.amount(let price), let average?):
                let closed = kind == .flipping ? owned : -traded
                return Converted { () throws(TooLarge) in try (price - average) * closed }
            }
        }

        /// The average after it. Without a price, only what is left of a position keeps its own.
        func newAverage() throws(TooLarge) -> Decimal? {
            let total = try owned + traded
            guard case .amount(let price) = price else { return kind == .reducing ? average : nil }
            switch kind {
            case .opening: return price
            case .adding:
                guard let average else { return nil }
                return try (owned * average + traded * price) / total
            case .reducing: return average
            case .closing: return nil
            case .flipping: return average == nil ? nil : price
            }
        }

        /// The position's own P&L after it.
        func pnl(from old: PnlState?) -> PnlState? {
            if case .halted = old { return old }
            if case .missing(.missingAccountCurrency) = price { return .halted(.missingAccountCurrency) }
            if case .missing = price, !ends { return old }
            switch (realized, old) {
            case (.missing(let reason), _): return .halted(reason)
            case (.amount, nil): return kind == .opening ? .value(.zero) : .halted(.missingInitialPnl)
            case (.amount(let amount), .value(let value)):
                guard let sum = try? value + amount else { return .halted(.arithmeticOverflow) }
                return .value(sum)
            case (.amount, .halted): return old
            }
        }
    }
}
