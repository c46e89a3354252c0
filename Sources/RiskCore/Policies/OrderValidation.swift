import Decimals

/// An order says how much, and that is not nothing.
enum OrderValidation {
    static func check(_ order: borrowing Order) -> Reject? {
        switch order.amount {
        case nil: .missing(.tradeAmount, by: .orderValidation)
        case .quantity(let quantity) where quantity.isZero:
            Reject(.invalidFieldValue, .order, by: .orderValidation, .zeroQuantity)
        case .volume(let volume) where volume.isZero:
            Reject(.invalidFieldValue, .order, by: .orderValidation, .zeroVolume)
        default: nil
        }
    }
}
