import COpenPit
import Controls
import Decimals
import RiskBase

/// What belongs to single metrics comes as pairs, each a parameter and its value.
extension OwnKeys {
    mutating func take(_ argument: openpit_limit_argument) throws(Status) {
        let reserved = argument.reserved.0 | argument.reserved.1 | argument.reserved.2
        guard reserved == 0, let parameter = LimitParameter(rawValue: argument.parameter),
            (argument.name != 0) == (parameter == .input)
        else { throw .invalidArgument }
        if parameter == .input {
            input = try named(argument.name)
            return
        }
        let value = try unsigned(argument.value)
        if parameter == .minVolume {
            minVolume = value
            return
        }
        guard let whole = value.whole else { throw .invalidArgument }
        try take(parameter, whole)
    }

    private mutating func take(_ parameter: LimitParameter, _ value: UInt64) throws(Status) {
        switch parameter {
        case .reference: reference = try SourceChain(bits: value)
        case .side: side = try choice(value)
        case .capacity: capacity = value
        case .onRepeat: onRepeat = try choice(value)
        case .fields: fields = ParameterFields(rawValue: try bits(value))
        case .kinds: kinds = ParameterKinds(rawValue: try bits(value))
        case .algorithm: algorithm = try choice(value)
        case .burst: burst = value
        case .countMessages: countsMessages = try choice(value)
        case .cancelReserve: cancelReserve = value
        case .countExecutions: countsExecutions = try choice(value)
        case .ofRejects: rejectsOf = ParameterOfRejects(rawValue: try bits(value))
        case .per: per = try choice(value)
        case .minCount: minCount = value
        case .ofTotal: total = try choice(value)
        case .model: model = try choice(value)
        case .owner: owner = try choice(value)
        case .mode: mode = try choice(value)
        case .minVolume, .input: break
        }
    }
}

extension SourceChain {
    /// Sources of prices, 4 bits each, the first lowest. One that is there twice, or a gap, is none.
    init(bits: UInt64) throws(Status) {
        self.init()
        var (rest, seen) = (bits, 0)
        while rest != 0 {
            guard let source = ParameterReference(rawValue: UInt8(rest & 15)), seen & 1 << source.rawValue == 0 else {
                throw .invalidArgument
            }
            append(Source(source))
            seen |= 1 << source.rawValue
            rest >>= 4
        }
    }
}

/// One of the numbers of a choice.
private func choice<Choice: RawRepresentable<UInt8>>(_ value: UInt64) throws(Status) -> Choice {
    guard let number = UInt8(exactly: value), let choice = Choice(rawValue: number) else { throw .invalidArgument }
    return choice
}

/// The bits of a set, which has one at least.
private func bits<Bits: FixedWidthInteger>(_ value: UInt64) throws(Status) -> Bits {
    guard value != 0, let bits = Bits(exactly: value) else { throw .invalidArgument }
    return bits
}

extension Decimal {
    /// The number, when it is whole, not below zero, and no larger than 64 bits hold.
    var whole: UInt64? {
        let rounded = rounded(scale: 0, .midpointNearestEven)
        guard rounded == self, !isNegative, rounded.high == 0, rounded.scale == 0 else { return nil }
        return rounded.low
    }
}
