import Controls
import Decimals
import RiskBase

/// What an order, a position or a report is found by: a number for each key, 0 where it has none. Keys are numbered as in scopes.
typealias Traits = [UInt32]

extension Traits {
    static var nothing: Traits { Traits(repeating: 0, count: 11) }

    subscript(key: ScopeKey) -> UInt32 {
        get { self[Int(key.rawValue)] }
        set { self[Int(key.rawValue)] = newValue }
    }

    /// Only what these keys are about.
    func restricted(to keys: UInt16) -> Traits {
        var traits = Traits.nothing
        for index in indices where keys & 1 << UInt16(index) != 0 { traits[index] = self[index] }
        return traits
    }

    /// Whether both say the same of these keys.
    func agrees(with other: Traits, on keys: UInt16) -> Bool {
        for index in indices where keys & 1 << UInt16(index) != 0 && self[index] != other[index] { return false }
        return true
    }
}

extension UInt16 {
    init(_ keys: ScopeKey...) { self = keys.reduce(0) { $0 | 1 << UInt16($1.rawValue) } }

    func has(_ key: ScopeKey) -> Bool { self & 1 << UInt16(key.rawValue) != 0 }

    static var finer: UInt16 { UInt16(.strategy, .trader, .venue) }
}

/// What is traded.
struct SlowInstrument {
    let name: Instrument
    let multiplier: Amount
    let sector: UInt32
    var lot: Amount?
    var tick: Amount?
    var marginLong: Amount?
    var marginShort: Amount?
    var keepingLong: Amount?
    var keepingShort: Amount?
}

/// A number from outside, and when it was true.
struct SlowInput {
    let value: Amount
    let time: Int64
}

/// Prices and figures, as they were told.
struct SlowWorld {
    var instruments: [SlowInstrument] = []
    var marks: [Int: SlowInput] = [:]
    var bids: [Int: SlowInput] = [:]
    var asks: [Int: SlowInput] = [:]
    var inputs: [String: SlowInput] = [:]
    /// What one EUR is worth in USD.
    var rate: Amount?
    var usd = Asset.none
    var eur = Asset.none

    static func key(_ source: Source, _ target: String) -> String { "\(source) \(target)" }

    /// The value of a source, if somebody said it and it is not `maxAge` old.
    func read(_ source: Source, _ instrument: Int, isBuy: Bool, maxAge: UInt64, at now: Int64) -> Amount? {
        let found: SlowInput?
        switch source {
        case .mark: found = marks[instrument]
        case .bid: found = bids[instrument]
        case .ask: found = asks[instrument]
        case .touch: found = isBuy ? asks[instrument] : bids[instrument]
        case .mid:
            guard let bid = bids[instrument], let ask = asks[instrument] else { return nil }
            found = SlowInput(value: (bid.value + ask.value) * amount("0.5"), time: bid.time)
        default: found = inputs[Self.key(source, "instrument \(instrument)")]
        }
        return found.flatMap { fresh($0, maxAge, now) }
    }

    func figure(_ source: Source, _ target: String, maxAge: UInt64, at now: Int64) -> Amount? {
        inputs[Self.key(source, target)].flatMap { fresh($0, maxAge, now) }
    }

    private func fresh(_ input: SlowInput, _ maxAge: UInt64, _ now: Int64) -> Amount? {
        maxAge != 0 && now - input.time >= Int64(maxAge) ? nil : input.value
    }

    /// What a unit of a position is worth.
    func valuation(_ instrument: Int) -> Amount? {
        for source in [Source.mark, .mid, .last, .close] {
            if let price = read(source, instrument, isBuy: true, maxAge: 0, at: 0) { return price }
        }
        return nil
    }

    func convert(_ amount: Amount, from asset: Asset, to currency: Asset) -> Amount? {
        if asset == currency || amount.isZero { return amount }
        guard let rate else { return nil }
        if asset == eur { return r12(amount * rate) }
        return rate.isZero ? nil : r12(amount.divided(by: rate)!)
    }
}
