/// What a number means. The kind decides whether it may be negative, and names it in messages.
public enum NumberKind: UInt32, CaseIterable, Sendable, BitwiseCopyable {
    /// Instrument units.
    case quantity = 0
    /// An amount of settlement currency.
    case volume = 1
    /// Exposure in settlement currency.
    case notional = 2
    /// Per unit; negative prices are legal.
    case price = 3
    /// Profit positive, loss negative.
    case pnl = 4
    /// Cost positive, rebate negative.
    case fee = 5
    /// Inflow positive, outflow negative.
    case cashFlow = 6
    /// Long positive, short negative.
    case positionSize = 7

    /// Whether numbers of this kind may be negative.
    public var isSigned: Bool {
        switch self {
        case .quantity, .volume, .notional: false
        case .price, .pnl, .fee, .cashFlow, .positionSize: true
        }
    }

    /// The kind in messages, such as `PositionSize`.
    public var name: StaticString {
        switch self {
        case .quantity: "Quantity"
        case .volume: "Volume"
        case .notional: "Notional"
        case .price: "Price"
        case .pnl: "Pnl"
        case .fee: "Fee"
        case .cashFlow: "CashFlow"
        case .positionSize: "PositionSize"
        }
    }
}
