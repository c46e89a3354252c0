import Decimals
import Market
import RiskBase

@testable import RiskCore

/// The instruments of the histories. All but the last are known to the market, each under its place in the list.
enum FundsMarket {
    static let instruments = [
        ("AAPL", "USD"), ("MSFT", "USD"), ("AAPL", "EUR"), ("EUR", "USD"), ("USD", "EUR"), ("BNB", "USD"),
        ("MSFT", "EUR"),
    ].map { Instrument(underlying: asset($0.0), settlement: asset($0.1)) }

    static let known = instruments.dropLast()

    static func id(of instrument: Instrument) -> InstrumentId? {
        known.firstIndex(of: instrument).map { InstrumentId(UInt64($0)) }
    }

    /// The quotes of this instrument never expire; those of all others do.
    static let ageless = InstrumentId(3)
    static let ttl = UInt64(100)
}

/// Quotes as a reader would keep them on paper.
struct FundsModelMarket {
    private enum Place: Hashable {
        case account(AccountId)
        case group(AccountGroupId)
    }

    private struct Entry {
        var quote: Quote
        var pushedAt: UInt64
    }

    private var quotes: [InstrumentId: [Place: Entry]] = [:]
    private var now: UInt64 = 0

    mutating func wait(_ nanoseconds: UInt64) { now += nanoseconds }

    mutating func push(
        _ quote: Quote, to id: InstrumentId, _ update: QuoteUpdate, accounts: [AccountId], groups: [AccountGroupId]
    ) {
        for place in accounts.map(Place.account) + groups.map(Place.group) {
            var merged = quote
            if case .patch = update, let old = quotes[id]?[place]?.quote {
                merged = Quote(mark: quote.mark ?? old.mark, bid: quote.bid ?? old.bid, ask: quote.ask ?? old.ask)
            }
            quotes[id, default: [:]][place] = Entry(quote: merged, pushedAt: now)
        }
    }

    mutating func clear(_ id: InstrumentId) { quotes[id] = nil }

    /// The first quote among the account's, its group's and everybody's.
    func quote(of id: InstrumentId, for account: AccountId, in group: AccountGroupId) -> (quote: Quote, isFresh: Bool)?
    {
        let places = quotes[id] ?? [:]
        guard let entry = places[.account(account)] ?? places[.group(group)] ?? places[.group(.default)] else {
            return nil
        }
        return (entry.quote, id == FundsMarket.ageless || now - entry.pushedAt < FundsMarket.ttl)
    }
}
