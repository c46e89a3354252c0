import Decimals
import RiskBase

/// An order says how much, and that is not nothing.
enum OrderValidation {
    static func check(_ order: UnsafePointer<Order>, rejects: inout Buffer<Reject>) {
        switch order.pointee.amount {
        case nil: rejects.add(.missing(.tradeAmount, by: .orderValidation))
        case .quantity(let quantity) where quantity.isZero: rejects.add(.invalid(.zeroQuantity))
        case .volume(let volume) where volume.isZero: rejects.add(.invalid(.zeroVolume))
        default: break
        }
    }
}

extension Reject {
    fileprivate static func invalid(_ text: RejectText) -> Reject {
        Reject(.invalidFieldValue, .order, by: .orderValidation, text)
    }
}
