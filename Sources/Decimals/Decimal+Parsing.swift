/// Why a text is not a number.
public enum ParseFailure: Error, Equatable, Sendable {
    /// Empty, without a digit, or with a character that has no business where it stands.
    case unknownCharacter
    /// The digits before the point exceed `Decimal.max`.
    case tooManyDigits
    /// Rounding the digits behind the point carried past `Decimal.max`.
    case carriedTooFar
    /// The exponent has no digit, a stray character, or a value of 2^32 or more.
    case unreadableExponent
    /// The exponent is beyond 28 in either direction.
    case scaleExceeded(UInt32)
    /// The number times its power of ten exceeds `Decimal.max`.
    case tooLarge
}

extension Decimal {
    /// The number a text stands for: `-0.50`, `.5`, `5.`, `1_000`, `12e-3`. Digits that do not fit are rounded half away
    /// from zero; zeros at the end are kept as scale.
    public init?(parsing utf8: UnsafeBufferPointer<UInt8>) {
        do throws(ParseFailure) {
            self = try Decimal.parse(utf8)
        } catch {
            return nil
        }
    }

    /// As `init?(parsing:)`, but says why a text is refused.
    public static func parse(_ utf8: UnsafeBufferPointer<UInt8>) throws(ParseFailure) -> Decimal {
        guard let mark = utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
            return try parsePositional(utf8[...])
        }
        let significand = try parsePositional(utf8[..<mark])
        return try significand.scaled(by: Exponent(parsing: utf8[(mark + 1)...]))
    }

    private static func parsePositional(_ text: Slice<UnsafeBufferPointer<UInt8>>) throws(ParseFailure) -> Decimal {
        var rest = text
        let sign = rest.removeSign()
        var digits = DigitReader()
        for character in rest {
            try digits.read(character)
        }
        return try digits.number(signed: sign ?? .plus)
    }

    private func scaled(by exponent: Exponent) throws(ParseFailure) -> Decimal {
        guard exponent.magnitude <= UInt32(Self.maximumScale) else { throw .scaleExceeded(exponent.magnitude) }
        let shift = UInt8(truncatingIfNeeded: exponent.magnitude)
        switch exponent.sign {
        case .minus:
            let scale = self.scale &+ shift  // At most 56.
            if scale <= Self.maximumScale { return Decimal(mantissa: mantissa, scale: scale, sign: sign) }
            let unit = widePowerOfTen(scale &- Self.maximumScale)
            let (kept, dropped) = mantissa.quotientAndRemainder(dividingBy: unit)
            return Decimal(mantissa: kept &+ (dropped >= unit / 2 ? 1 : 0), scale: Self.maximumScale, sign: sign)
        case .plus:
            if shift <= scale { return Decimal(mantissa: mantissa, scale: scale &- shift, sign: sign) }
            let (product, overflow) = mantissa.multipliedReportingOverflow(by: widePowerOfTen(shift &- scale))
            guard !overflow, product <= Self.maximumMantissa else { throw .tooLarge }
            return Decimal(mantissa: product, scale: 0, sign: sign)
        }
    }
}

/// The digits and the point of a number, read from left to right.
private struct DigitReader {
    private var mantissa: UInt128 = 0
    private var scale: UInt8 = 0
    private var hasDigit = false
    private var hasPoint = false
    /// The first digit that no longer fits; it rounds the ones before it, and those behind it are of no consequence.
    private var roundingDigit: UInt8?

    mutating func read(_ character: UInt8) throws(ParseFailure) {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            try append(character &- UInt8(ascii: "0"))
        case UInt8(ascii: ".") where !hasPoint:
            hasPoint = true
        case UInt8(ascii: "_") where hasDigit:
            break
        default:
            throw .unknownCharacter
        }
    }

    private mutating func append(_ digit: UInt8) throws(ParseFailure) {
        hasDigit = true
        if roundingDigit != nil { return }
        // Below 2^96 · 10 + 10.
        let extended = mantissa &* 10 &+ UInt128(digit)
        guard extended <= Decimal.maximumMantissa, scale < Decimal.maximumScale else {
            guard hasPoint else { throw .tooManyDigits }
            roundingDigit = digit
            return
        }
        mantissa = extended
        if hasPoint { scale &+= 1 }
    }

    func number(signed sign: Decimal.Sign) throws(ParseFailure) -> Decimal {
        guard hasDigit else { throw .unknownCharacter }
        let roundsUp = roundingDigit.map { $0 >= 5 } ?? false
        let rounded = mantissa &+ (roundsUp ? 1 : 0)  // At most 2^96.
        guard let number = Decimal.carrying(mantissa: rounded, scale: scale, sign: rounded == 0 ? .plus : sign) else {
            throw .carriedTooFar
        }
        return number
    }
}

/// The power of ten behind the `e` of a number.
private struct Exponent {
    let sign: Decimal.Sign
    let magnitude: UInt32

    /// Reads an optional `-`, an optional `+`, and digits.
    init(parsing text: Slice<UnsafeBufferPointer<UInt8>>) throws(ParseFailure) {
        var rest = text
        var sign = Decimal.Sign.plus
        if rest.first == UInt8(ascii: "-") {
            sign = .minus
            rest = rest.dropFirst()
        }
        if rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { throw .unreadableExponent }
        var magnitude: UInt32 = 0
        for character in rest {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = character else { throw .unreadableExponent }
            let (shifted, overflowsShifted) = magnitude.multipliedReportingOverflow(by: 10)
            let (extended, overflows) = shifted.addingReportingOverflow(UInt32(character &- UInt8(ascii: "0")))
            guard !overflowsShifted, !overflows else { throw .unreadableExponent }
            magnitude = extended
        }
        self.sign = sign
        self.magnitude = magnitude
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// Takes one leading `+` or `-` off, if there is one.
    fileprivate mutating func removeSign() -> Decimal.Sign? {
        switch first {
        case UInt8(ascii: "-"):
            self = dropFirst()
            return .minus
        case UInt8(ascii: "+"):
            self = dropFirst()
            return .plus
        default:
            return nil
        }
    }
}
