/// Whether long and short positions of an account offset each other or stand side by side.
public enum PositionMode: UInt8, Sendable, BitwiseCopyable {
    case netting = 1
    case hedged = 2
}
