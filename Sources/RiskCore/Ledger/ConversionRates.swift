import Decimals
import Market
import RiskBase

/// Who asks for a price.
struct PriceReader {
    let account: AccountId
    let slot: AccountSlot
    let group: AccountGroupId

    var quoteReader: QuoteReader {
        QuoteReader(account: account, group: group == .default ? .none : .known(group))
    }
}

/// The quotes that amounts are converted by. Without any, an amount is worth something in its own currency only.
struct ConversionRates: ~Copyable {
    private let market: MarketData?

    init(_ market: MarketData?) {
        self.market = market
        market?.retain()
    }

    deinit { market?.release() }

    func checkInvariants() -> StaticString? { market?.checkInvariants() }
}

extension ConversionRates {
    /// What one unit of `asset` is worth in `currency`: the mark of their pair, however old, or the inverse of the mark of
    /// the swapped pair. A swapped mark of zero has none, or stands for nothing in later engines.
    mutating func factor(
        from asset: Asset, to currency: Asset, for reader: PriceReader, _ compatibility: Compatibility
    ) -> Decimal? {
        guard let market else { return nil }
        let direct = Instrument(underlying: asset, settlement: currency)
        if let mark = market.mark(of: direct, for: reader) { return mark }
        let inverse = Instrument(underlying: currency, settlement: asset)
        guard let mark = market.mark(of: inverse, for: reader) else { return nil }
        return mark.isZero && compatibility.has(.zeroMarkConvertsToNothing) ? .zero : Decimal.one.divided(by: mark)
    }
}

extension MarketData {
    /// The mark that the reader is given, however old.
    fileprivate func mark(of instrument: Instrument, for reader: PriceReader) -> Decimal? {
        guard let id = resolve(instrument) else { return nil }
        return markIgnoringAge(of: id, for: reader.quoteReader, .accountThenGroupThenDefault)
    }
}

extension Decimal {
    static var one: Decimal { Decimal(1 as UInt64) }
}
