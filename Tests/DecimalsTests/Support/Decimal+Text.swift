import Decimals

/// The number a text stands for; unlike the parser, this keeps the sign of a zero.
func decimal(_ text: String) -> Decimal {
    let number = parsed(text.hasPrefix("-") ? String(text.dropFirst()) : text)
    guard let number else { preconditionFailure("not a number: \(text)") }
    return text.hasPrefix("-") ? number.flipped : number
}

/// What the parser makes of a text.
func parsed(_ text: String) -> Decimal? {
    var text = text
    return text.withUTF8 { Decimal(parsing: $0) }
}

/// Why the parser refuses a text.
func parseFailure(_ text: String) -> ParseFailure? {
    var text = text
    return text.withUTF8 { utf8 in
        do throws(ParseFailure) {
            _ = try Decimal.parse(utf8)
            return nil
        } catch {
            return error
        }
    }
}
