import Decimals

/// A text that is no number, and why.
public struct NumberFormatError: Error, Equatable, Sendable, CustomStringConvertible {
    public let text: String
    public let cause: ParseFailure

    /// Such as `"5OO" is no number: a character is no part of a number, or there is no digit`.
    public var description: String { "\"\(text)\" is no number: \(cause.sentence)" }
}

extension ParseFailure {
    fileprivate var sentence: String {
        switch self {
        case .unknownCharacter: "a character is no part of a number, or there is no digit"
        case .tooManyDigits, .carriedTooFar: "there are more digits before the point than fit"
        case .unreadableExponent: "the exponent cannot be read"
        case .scaleExceeded(let exponent): "the exponent \(exponent) is beyond 28"
        case .tooLarge: "it is larger than any decimal"
        }
    }
}

extension Decimal {
    /// The number a text spells, such as `try Decimal(parsing: "185.50")`. It throws rather than come to nothing, because
    /// nothing means no limit, or a market order, to whoever takes it.
    public init(parsing text: String) throws(NumberFormatError) {
        let number: Result<Decimal, ParseFailure> = text.withBytes { bytes in
            do throws(ParseFailure) { return .success(try Decimal.parse(bytes)) } catch { return .failure(error) }
        }
        do throws(ParseFailure) { self = try number.get() } catch {
            throw NumberFormatError(text: text, cause: error)
        }
    }

    public init(_ value: Int) {
        self.init(Int64(value))
    }
}

/// Whole numbers are written as they are: `quantityMax: 500`. The compiler refuses one that does not fit. There is no literal
/// with a point: the compiler would make a binary fraction of it first.
extension Decimal: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int64) {
        self.init(value)
    }
}
