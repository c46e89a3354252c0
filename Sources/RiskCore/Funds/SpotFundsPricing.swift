import Decimals
import Market
import RiskBase

/// How far from the quote a market order of an instrument is reserved; no slippage takes it back.
public struct SpotFundsOverride: BitwiseCopyable, Sendable {
    public enum Target: BitwiseCopyable, Sendable {
        case instrument(InstrumentId)
        case instrumentAccount(InstrumentId, AccountId)
        case instrumentGroup(InstrumentId, AccountGroupId)
    }

    public var target: Target
    /// At most 10000.
    public var basisPoints: UInt16?

    public init(_ target: Target, basisPoints: UInt16?) {
        self.target = target
        self.basisPoints = basisPoints
    }
}

/// What a market order is worth.
enum MarketPrice: BitwiseCopyable {
    case price(Decimal)
    /// There is no quote, or it is too old, or it lacks the price that counts.
    case unavailable
    /// There is a quote, and one cannot trade at it.
    case unusable
}

/// What a policy knows of prices: the quotes it reads and how far orders may slip from them.
struct SpotFundsPricing: ~Copyable {
    /// `nil` where limit orders are all there is.
    private let market: MarketData?
    private var source = SpotFundsPricingSource.mark
    private var slippage: UInt16 = 0
    /// A dense number for every instrument that has an override, so that it makes one key with an account or a group.
    private var numbers = RowTable<UInt32>()
    private var instruments = RowTable<UInt16?>()
    private var accounts = RowTable<UInt16?>()
    private var groups = RowTable<UInt16?>()

    init(_ market: MarketData?) {
        self.market = market
        market?.retain()
    }

    deinit { market?.release() }

    var hasMarket: Bool { market != nil }
}

// MARK: - Market orders

extension SpotFundsPricing {
    /// The price an order without one is reserved at.
    mutating func price(_ side: Side, _ instrument: Instrument, for reader: PriceReader) -> MarketPrice {
        guard let market, let id = market.resolve(instrument),
            case .quote(let quote) = market.quote(of: id, for: reader.quoteReader, .accountThenGroupThenDefault),
            let base = price(side, in: quote)
        else { return .unavailable }
        if side == .buy && !base.isPositive { return .unusable }
        guard let share = Decimal(UInt64(slippage(of: id, reader))).divided(by: Decimal(10_000 as UInt64)),
            let factor = side == .buy ? Decimal.one.adding(share) : Decimal.one.subtracting(share),
            let price = base.multiplied(by: factor)
        else { return .unusable }
        return side == .sell && !price.isPositive ? .unusable : .price(price)
    }

    private mutating func price(_ side: Side, in quote: Quote) -> Decimal? {
        switch source {
        case .mark: quote.mark
        case .bookTop: side == .buy ? quote.ask : quote.bid
        }
    }

    /// In basis points: that of instrument and account, of instrument and group, of the instrument, or the global one.
    private mutating func slippage(of instrument: InstrumentId, _ reader: PriceReader) -> UInt16 {
        guard let number = numbers.find(instrument.value)?.pointee else { return slippage }
        if !reader.slot.isNone, let own = accounts.find(Self.key(number, reader.slot.number))?.pointee { return own }
        if reader.group != .default, let group = groups.find(Self.key(number, reader.group.value))?.pointee {
            return group
        }
        if let common = instruments.find(UInt64(number))?.pointee { return common }
        return slippage
    }

    private static func key(_ instrument: UInt32, _ other: UInt32) -> UInt64 {
        UInt64(instrument) << 32 | UInt64(other)
    }

    /// Makes a place for all that `update` names: one without a slippage is none. `false` when memory has run out.
    mutating func reserve(_ update: SpotFundsUpdate, in known: inout Accounts) -> Bool {
        for override in update.overrides {
            let next = UInt32(truncatingIfNeeded: numbers.count)
            guard let number = numbers.findOrAdd(override.instrument.value, initial: next)?.pointee else {
                return false
            }
            let place: UnsafeMutablePointer<UInt16?>?
            switch override.target {
            case .instrument: place = instruments.findOrAdd(UInt64(number), initial: nil)
            case .instrumentAccount(_, let account):
                guard let slot = known.slotAdding(account) else { return false }
                place = accounts.findOrAdd(Self.key(number, slot.number), initial: nil)
            case .instrumentGroup(_, let group): place = groups.findOrAdd(Self.key(number, group.value), initial: nil)
            }
            guard place != nil else { return false }
        }
        return true
    }

    /// Changes what `update` names, which has its places; its slippages are valid.
    mutating func update(_ update: SpotFundsUpdate, in known: borrowing Accounts) {
        if let source = update.pricingSource { self.source = source }
        if let slippage = update.slippageBasisPoints { self.slippage = slippage }
        for override in update.overrides {
            guard let number = numbers.find(override.instrument.value)?.pointee else { continue }
            let place: UnsafeMutablePointer<UInt16?>?
            switch override.target {
            case .instrument: place = instruments.find(UInt64(number))
            case .instrumentAccount(_, let account):
                place = accounts.find(Self.key(number, known.slot(of: account).number))
            case .instrumentGroup(_, let group): place = groups.find(Self.key(number, group.value))
            }
            place?.pointee = override.basisPoints
        }
    }
}

extension SpotFundsOverride {
    fileprivate var instrument: InstrumentId {
        switch target {
        case .instrument(let id), .instrumentAccount(let id, _), .instrumentGroup(let id, _): id
        }
    }
}

// MARK: - Invariants

extension SpotFundsPricing {
    func checkInvariants() -> StaticString? {
        if let broken = numbers.checkInvariants() ?? instruments.checkInvariants() { return broken }
        return accounts.checkInvariants() ?? groups.checkInvariants()
    }
}
