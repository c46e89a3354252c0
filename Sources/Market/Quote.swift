import Decimals
import RiskBase

/// What an instrument is worth, as far as somebody said. Prices may have any sign, and the book may be crossed.
public struct Quote: Sendable, BitwiseCopyable {
    public var mark: Decimal?
    public var bid: Decimal?
    public var ask: Decimal?

    public init(mark: Decimal? = nil, bid: Decimal? = nil, ask: Decimal? = nil) {
        self.mark = mark
        self.bid = bid
        self.ask = ask
    }

    /// The quote with the fields of `older` where it has none.
    func completed(by older: Quote) -> Quote {
        Quote(mark: mark ?? older.mark, bid: bid ?? older.bid, ask: ask ?? older.ask)
    }
}

/// What becomes of the fields that a new quote does not have.
public enum QuoteUpdate: Sendable, BitwiseCopyable {
    /// They are gone.
    case replace
    /// They keep their value.
    case patch
}

/// Where a reader looks for a quote. The first place that has one is where the search ends.
public enum QuoteResolution: UInt32, Sendable, BitwiseCopyable {
    case accountOnly = 0
    case accountThenGroup = 1
    case accountThenGroupThenDefault = 2
}

/// Who reads a quote.
public struct QuoteReader: Sendable, BitwiseCopyable {
    public enum Group: Sendable, BitwiseCopyable {
        case none
        case known(AccountGroupId)
        /// To be found out, at a price, when the answer depends on it.
        case unknown
    }

    public var account: AccountId
    public var group: Group

    public init(account: AccountId, group: Group) {
        self.account = account
        self.group = group
    }
}

/// What a reader is told.
public enum QuoteAnswer: Sendable, BitwiseCopyable {
    case quote(Quote)
    /// There is a quote, but it is too old.
    case expired(Quote)
    /// Nobody pushed a quote to the places where the reader looks.
    case unavailable
    case unknownInstrument
    /// Ask again with the reader's group: the answer depends on it.
    case groupNeeded
}

/// A quote as its reader sees it, whether or not he may use it.
package struct QuoteSight: BitwiseCopyable {
    package let quote: Quote
    /// In nanoseconds.
    package let age: UInt64
    /// How old it may become.
    let ttl: QuoteTtl

    /// Whether it is too old for this reader.
    package var isExpired: Bool { ttl.isOver(at: age) }

    /// At what age it is too old; `nil` when it never is.
    package var ageMax: UInt64? { ttl == .infinite ? nil : ttl.nanoseconds }
}
