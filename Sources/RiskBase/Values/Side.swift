/// Which way an order trades.
public enum Side: UInt8, Sendable, BitwiseCopyable {
    case buy = 1
    case sell = 2

    public var opposite: Side { self == .buy ? .sell : .buy }
}
