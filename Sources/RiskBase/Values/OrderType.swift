/// How an order is to be priced.
public enum OrderType: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case limit = 1
    case market = 2
    case stop = 3
    case stopLimit = 4
}
