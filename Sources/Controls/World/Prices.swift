import Decimals
import Market
import RiskBase

/// What a source said when it was asked.
package struct InputUse: BitwiseCopyable {
    package enum Status: UInt8, BitwiseCopyable, Sendable {
        case fresh = 1, stale, missing
    }

    package var source: Source
    /// The name of one of the kind `other`.
    package var name = Asset.none
    package var status: Status
    /// Nothing when it is missing.
    package var value = Decimal.zero
    /// In nanoseconds.
    package var age: UInt64 = 0

    package var isFresh: Bool { status == .fresh }
}

/// Who asks for a price or another input, and how old it may be.
struct Asker: BitwiseCopyable {
    let party: Party
    /// Unix nanoseconds.
    let now: Int64
    var side = Side.buy
}

/// What the engine knows from outside: quotes, inputs, and what it wrote down of the answers for whoever wants an explanation.
struct World: ~Copyable {
    var instruments = Instruments()
    var inputs = Inputs()
    /// The engine's own quotes; `nil` without them.
    var market: MarketData? { watch?.market }
    /// What is heard of them.
    var watch: QuoteWatch?
    /// Whether every source that is asked is written down.
    var isRecording = false
    var uses = Buffer<InputUse>()
    var calendars = Calendars()
    /// One more than the number of the calendar of each venue that has one.
    var venues = RowTable<UInt32>()
    var markEnds = MarkEnds()

    init() {}

    deinit { watch?.end() }
}

extension World {
    /// What `source` says of an instrument; `maxAge` 0: it may be as old as it likes.
    mutating func read(_ source: Source, of instrument: InstrumentPointer, for asker: Asker, maxAge: UInt64) -> InputUse
    {
        let use =
            source.isOfQuote
            ? readQuote(source, of: instrument, for: asker, maxAge: maxAge)
            : input(source, of: .instrument(instrument.pointee.number), at: asker.now, maxAge: maxAge)
        if isRecording { uses.append(use) }
        return use
    }

    /// An input that belongs to no instrument, or that has a name of its own.
    mutating func read(
        _ source: Source, _ name: Asset = .none, of target: InputTarget, at now: Int64, maxAge: UInt64
    ) -> InputUse {
        let use = input(source, name, of: target, at: now, maxAge: maxAge)
        if isRecording { uses.append(use) }
        return use
    }

    /// The first fresh source of a chain; `nil` when there is none.
    mutating func read(
        first chain: SourceChain, of instrument: InstrumentPointer, for asker: Asker, maxAge: (Source) -> UInt64
    ) -> InputUse? {
        for index in 0..<chain.count {
            let use = read(chain[index], of: instrument, for: asker, maxAge: maxAge(chain[index]))
            if use.isFresh { return use }
        }
        return nil
    }

    private mutating func input(
        _ source: Source, _ name: Asset = .none, of target: InputTarget, at now: Int64, maxAge: UInt64
    ) -> InputUse {
        guard let input = inputs.find(source, name, of: target) else {
            return InputUse(source: source, name: name, status: .missing)
        }
        let age = now > input.time ? UInt64(now &- input.time) : 0
        let isStale = maxAge != 0 && age >= maxAge
        return InputUse(
            source: source, name: name, status: isStale ? .stale : .fresh, value: input.value, age: age)
    }

    private mutating func readQuote(
        _ source: Source, of instrument: InstrumentPointer, for asker: Asker, maxAge: UInt64
    ) -> InputUse {
        guard let sight = sight(of: instrument, for: asker.party),
            let price = sight.quote.price(source, asker.side)
        else { return InputUse(source: source, status: .missing) }
        let isStale = sight.isExpired || maxAge != 0 && sight.age >= maxAge
        return InputUse(source: source, status: isStale ? .stale : .fresh, value: price, age: sight.age)
    }

    mutating func sight(of instrument: InstrumentPointer, for party: Party) -> QuoteSight? {
        guard let market else { return nil }
        if instrument.pointee.quoteId == nil {
            instrument.pointee.quoteId = market.resolve(instrument.pointee.instrument)
        }
        guard let id = instrument.pointee.quoteId else { return nil }
        return market.sight(of: id, for: party.reader)
    }
}

extension Quote {
    func price(_ source: Source, _ side: Side) -> Decimal? {
        switch source {
        case .mark: return mark
        case .bid: return bid
        case .ask: return ask
        case .touch: return side == .buy ? ask : bid
        case .mid:
            guard let bid, let ask else { return nil }
            return bid.adding(ask)?.multiplied(by: .half)
        default: return nil
        }
    }
}

extension Decimal {
    static var one: Decimal { Decimal(1 as UInt64) }
    static var half: Decimal { Decimal(low: 5, high: 0, scale: 1, isNegative: false) ?? .zero }

    /// Money as the ledger keeps it, and ratios as they are shown: half-even to twelve decimal places.
    var rounded12: Decimal { @inline(__always) get { scale <= 12 ? self : rounded(scale: 12, .midpointNearestEven) } }
}
