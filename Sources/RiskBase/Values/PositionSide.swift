/// Which side of the market a position is on.
public enum PositionSide: UInt8, Sendable, BitwiseCopyable {
    case long = 1
    case short = 2

    public var opposite: PositionSide { self == .long ? .short : .long }
}
