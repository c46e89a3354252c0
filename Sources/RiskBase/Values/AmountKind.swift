/// What an order's amount counts: instrument units or settlement currency.
public enum AmountKind: UInt8, Sendable, BitwiseCopyable {
    case quantity = 1
    case volume = 2
}
