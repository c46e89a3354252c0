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
        guard let whole = value.whole, take(parameter, whole) else { throw .invalidArgument }
    }
}

extension Decimal {
    /// The number, when it is whole, not below zero, and no larger than 64 bits hold.
    var whole: UInt64? {
        let rounded = rounded(scale: 0, .midpointNearestEven)
        guard rounded == self, !isNegative, rounded.high == 0, rounded.scale == 0 else { return nil }
        return rounded.low
    }
}
