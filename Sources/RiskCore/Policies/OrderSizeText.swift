import Decimals
import RiskBase

/// What an order size limit has to say.
enum OrderSizeText: BitwiseCopyable {
    case unknown(OrderValueFault)
    case quantity(requested: Decimal, limit: Decimal)
    case notional(requested: Decimal, limit: Decimal)
    case both(quantity: Decimal, quantityLimit: Decimal, notional: Decimal, notionalLimit: Decimal)
    /// The same of caps that were matched by the assets of an instrument.
    case bothOf(Instrument, quantity: Decimal, quantityLimit: Decimal, notional: Decimal, notionalLimit: Decimal)
}

/// Why an order's quantity or notional is not known.
enum OrderValueFault: UInt8, BitwiseCopyable {
    case priceMissing, notionalOverflow, quantityUndefined

    var details: StaticString {
        switch self {
        case .priceMissing: "price not provided for evaluating cash flow/notional/volume"
        case .notionalOverflow: "price or quantity could not be used to evaluate order notional"
        case .quantityUndefined: "price or volume could not be used to evaluate order quantity"
        }
    }
}

// MARK: - Writing

extension OrderSizeText {
    var reason: StaticString {
        switch self {
        case .unknown: "order value calculation failed"
        case .quantity: "order quantity exceeded"
        case .notional: "order notional exceeded"
        case .both, .bothOf: "order size exceeded"
        }
    }

    func writeDetails(to writer: inout TextWriter) {
        switch self {
        case .unknown(let fault): writer.write(fault.details)
        case .quantity(let requested, let limit), .notional(let requested, let limit):
            writer.write("requested ", requested)
            writer.write(maximum: limit)
        case .both(let quantity, let quantityLimit, let notional, let notionalLimit):
            writer.write("requested quantity ", quantity)
            writer.write(maximum: quantityLimit)
            writer.write("; requested notional ", notional)
            writer.write(maximum: notionalLimit)
        case .bothOf(let instrument, let quantity, let quantityLimit, let notional, let notionalLimit):
            writer.write("requested quantity ", quantity)
            writer.write(" for asset ", instrument.underlying)
            writer.write(maximum: quantityLimit)
            writer.write("; requested notional ", notional)
            writer.write(" for asset ", instrument.settlement)
            writer.write(maximum: notionalLimit)
        }
    }
}

extension TextWriter {
    fileprivate mutating func write(maximum limit: Decimal) { write(", max allowed: ", limit) }
}
