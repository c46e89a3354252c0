/// What a reject stops: one order, or every order of the account until somebody lifts the block.
public enum RejectScope: UInt8, Sendable, BitwiseCopyable {
    case order = 1
    case account = 2
}
