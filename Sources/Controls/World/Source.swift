import RiskBase

/// Where a number comes from that the engine does not make itself. The first eight are prices.
package enum Source: UInt8, BitwiseCopyable, Sendable {
    // Inputs that are prices, and parts of a quote.
    case last = 1, close, theoretical, mark, bid, ask, mid
    /// The ask for a buy, the bid for a sell.
    case touch
    case bandLow, bandHigh
    case adv, marketVolume, bidDepth, askDepth
    case borrowFee, ssr, halted, phase
    case valueAtRisk, marginRequired
    /// Anything else, which has a name of its own.
    case other

    /// That of an input, which are numbered without those of a quote.
    package init(_ input: InputKind) {
        let number = input.rawValue <= 3 ? input.rawValue : input.rawValue + 5
        self = Source(rawValue: number) ?? .other
    }

    package init(_ reference: ParameterReference) { self = Source(rawValue: reference.rawValue) ?? .last }

    var isOfQuote: Bool {
        switch self {
        case .mark, .bid, .ask, .mid, .touch: true
        default: false
        }
    }
}

/// Sources of which the first fresh one counts.
package struct SourceChain: BitwiseCopyable, Equatable {
    private var numbers: [8 of UInt8] = InlineArray(repeating: 0)
    package private(set) var count = 0

    package init() {}

    /// No list of any length, because that would be an array, for which memory cannot be refused.
    package init(_ first: Source, _ second: Source, _ third: Source, _ fourth: Source? = nil) {
        append(first)
        append(second)
        append(third)
        if let fourth { append(fourth) }
    }

    /// What does not fit, because every price is there already, is not appended.
    package mutating func append(_ source: Source) {
        guard count < 8 else { return }
        numbers[count] = source.rawValue
        count += 1
    }

    func contains(_ source: Source) -> Bool {
        for index in 0..<count where numbers[index] == source.rawValue { return true }
        return false
    }

    package subscript(index: Int) -> Source { Source(rawValue: numbers[index]).unsafelyUnwrapped }

    package static func == (left: SourceChain, right: SourceChain) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left.numbers[index] != right.numbers[index] { return false }
        return true
    }
}
