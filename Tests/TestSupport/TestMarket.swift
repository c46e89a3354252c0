import Decimals
import Market
import RiskBase

/// A service with a clock that is driven, for as long as the test needs it.
package final class TestMarket: @unchecked Sendable {
    package let clock: Clock
    package let data: MarketData

    package init(ttl: QuoteTtl = .infinite, mode: SyncMode = .full) throws {
        clock = try Clock.makeManual().unwrapped
        data = try MarketData.make(defaultTtl: ttl, mode: mode, clock: clock).unwrapped
    }

    deinit {
        data.release()
        clock.release()
    }

    /// Registers the instrument with these assets.
    package func register(_ underlying: UInt32 = 1, _ settlement: UInt32 = 2, ttl: QuoteTtl? = nil) throws
        -> InstrumentId
    {
        try data.register(instrument(underlying, settlement), ttl: ttl)
    }

    package func push(_ quote: Quote, to id: InstrumentId, accounts: [UInt64] = [], groups: [UInt32] = []) throws {
        try accounts.map { AccountId($0) }.withUnsafeBufferPointer { accounts in
            try groups.map { AccountGroupId($0) }.withUnsafeBufferPointer { groups in
                try data.push(quote, to: id, accounts: accounts, groups: groups)
            }
        }
    }

    /// What an account, and perhaps its group, is told.
    package func get(
        _ id: InstrumentId, _ account: UInt64 = 1, group: UInt32? = nil,
        _ resolution: QuoteResolution = .accountThenGroupThenDefault
    ) -> QuoteAnswer {
        data.quote(of: id, for: reader(account, group: group), resolution)
    }
}

package func instrument(_ underlying: UInt32, _ settlement: UInt32) -> Instrument {
    Instrument(underlying: Asset(id: underlying), settlement: Asset(id: settlement))
}

package func reader(_ account: UInt64, group: UInt32? = nil) -> QuoteReader {
    QuoteReader(account: AccountId(account), group: group.map { .known(AccountGroupId($0)) } ?? .none)
}

/// A quote with this mark alone.
package func marked(_ mark: Int64) -> Quote { Quote(mark: Decimal(mark)) }

extension QuoteAnswer {
    /// The answer in a word or two, for comparing.
    package var text: String {
        switch self {
        case .quote(let quote): quote.text
        case .expired(let quote): "expired \(quote.text)"
        case .unavailable: "unavailable"
        case .unknownInstrument: "unknown instrument"
        case .groupNeeded: "group needed"
        }
    }
}

extension Quote {
    /// Mark, bid and ask; "-" for what is absent.
    package var text: String {
        [mark, bid, ask].map { $0.map { $0.description } ?? "-" }.joined(separator: " ")
    }
}
