import Decimals
import RiskBase

/// An order says how much, and that is not nothing.
enum OrderValidation {
    /// What of an order is zero.
    enum Nothing: UInt8, BitwiseCopyable {
        case quantity, volume

        var text: (reason: StaticString, details: StaticString) {
            switch self {
            case .quantity: ("order quantity must be non-zero", "requested quantity 0 is not allowed")
            case .volume: ("order volume must be non-zero", "requested volume 0 is not allowed")
            }
        }
    }

    static func check(_ order: UnsafePointer<Order>, rejects: inout Buffer<Reject>) {
        switch order.pointee.amount {
        case nil: rejects.add(.missing(.tradeAmount, by: .orderValidation))
        case .quantity(let quantity) where quantity.isZero: rejects.add(.invalid(.quantity))
        case .volume(let volume) where volume.isZero: rejects.add(.invalid(.volume))
        default: break
        }
    }
}

extension Reject {
    fileprivate static func invalid(_ what: OrderValidation.Nothing) -> Reject {
        Reject(.invalidFieldValue, .order, by: .builtin(.orderValidation), .nothingAsked(what))
    }
}
