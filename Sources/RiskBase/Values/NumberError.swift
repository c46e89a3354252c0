/// Why an operation on numbers has no result.
public enum NumberError: UInt8, Error, Sendable, BitwiseCopyable {
    /// The result is out of range.
    case overflow
    /// A subtraction went below zero where the kind has no sign.
    case underflow
    case divisionByZero
    /// A number is negative where its kind has no sign.
    case negative
    /// A price of zero where one divides by it.
    case invalidPrice
    /// A multiplier that is no tenth, or outside 1 to 3000.
    case invalidLeverage
}
