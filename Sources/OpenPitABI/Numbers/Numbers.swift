import COpenPit
import Decimals
import RiskBase
import RiskCore

// MARK: - Conversion

extension Decimal {
    /// The number of a struct that came from outside.
    @inline(__always)
    init(_ decimal: openpit_decimal) throws(Status) {
        // Both types are the same two words.
        let words = unsafeBitCast(decimal, to: (UInt64, UInt64).self)
        guard let number = Decimal(words: words.0, words.1) else { throw .invalidDecimal }
        self = number
    }
}

extension openpit_decimal {
    @inline(__always)
    init(_ number: Decimal) {
        self = unsafeBitCast(number.words, to: openpit_decimal.self)
    }

    /// Writes the number as two words, where an assignment writes field by field.
    @inline(__always)
    mutating func fill(_ number: Decimal) {
        withUnsafeMutableBytes(of: &self) { $0.storeBytes(of: number.words, as: (UInt64, UInt64).self) }
    }
}

extension NumberKind {
    init(_ kind: openpit_kind) throws(Status) {
        guard let kind = NumberKind(rawValue: kind) else { throw .invalidArgument }
        self = kind
    }
}

extension Status {
    init(_ error: NumberError) {
        switch error {
        case .overflow: self = .arithmeticOverflow
        case .underflow: self = .arithmeticUnderflow
        case .divisionByZero: self = .divisionByZero
        case .negative: self = .negativeValue
        case .invalidPrice: self = .invalidPrice
        case .invalidLeverage: self = .invalidLeverage
        }
    }
}

/// Writes what `operation` comes to.
@inline(__always)
private func write<Value>(
    _ result: UnsafeMutablePointer<Value>?, _ operation: () throws(NumberError) -> Value
) throws(Status) {
    let result = try required(result)
    do throws(NumberError) {
        result.pointee = try operation()
    } catch {
        throw Status(error)
    }
}

/// Writes the number `operation` comes to.
@inline(__always)
private func write(
    _ result: UnsafeMutablePointer<openpit_decimal>?, _ operation: () throws(NumberError) -> Decimal
) throws(Status) {
    try write(result) { () throws(NumberError) in openpit_decimal(try operation()) }
}

// MARK: - Making and showing

@c @implementation
public func openpit_kind_name(_ kind: openpit_kind) -> UnsafePointer<CChar>? {
    NumberKind(rawValue: kind)?.name.cString
}

@c @implementation
public func openpit_decimal_from_int64(_ value: Int64) -> openpit_decimal {
    openpit_decimal(Decimal(value))
}

@c @implementation
public func openpit_decimal_from_uint64(_ value: UInt64) -> openpit_decimal {
    openpit_decimal(Decimal(value))
}

@c @implementation
public func openpit_decimal_parse(
    _ kind: openpit_kind, _ text: openpit_text, _ value: UnsafeMutablePointer<openpit_decimal>?,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let kind = try NumberKind(kind)
        let bytes = try text.bytes()
        let value = try required(value)
        let number: Decimal
        do throws(ParseFailure) {
            number = try Decimal.parse(bytes)
        } catch {
            guard bytes.isUTF8 else { throw .invalidUtf8 }
            detail = ErrorDetail(parsing: bytes, as: kind, error)
            throw .invalidFormat
        }
        value.pointee = openpit_decimal(try detail.checking(number, kind))
    }
}

@c @implementation
public func openpit_decimal_from_double(
    _ kind: openpit_kind, _ value: Double, _ result: UnsafeMutablePointer<openpit_decimal>?,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let kind = try NumberKind(kind)
        let result = try required(result)
        guard let number = Decimal(shortest: value) else {
            Decimal.withShortestText(of: value) { detail.message.write(noNumber: $0, as: kind) }
            throw .invalidFloat
        }
        result.pointee = openpit_decimal(try detail.checking(number, kind))
    }
}

@c @implementation
public func openpit_decimal_from_double_rounded(
    _ kind: openpit_kind, _ value: Double, _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let kind = try NumberKind(kind)
        guard let number = Decimal(numeric: value) else { throw .invalidFloat }
        try write(result) { () throws(NumberError) in try kind.checked(number) }
    }
}

@c @implementation
public func openpit_decimal_format(
    _ value: openpit_decimal, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int,
    _ length: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let number = try Decimal(value)
        let buffer = try required(buffer)
        let length = try required(length)
        // More than any number needs is of no use, and may be more than there is.
        let usable = min(UInt(bitPattern: capacity), UInt(Decimal.textCapacity))
        let written = UnsafeMutableRawPointer(buffer).withMemoryRebound(to: UInt8.self, capacity: Int(usable)) {
            number.write(to: UnsafeMutableBufferPointer(start: $0, count: Int(usable)))
        }
        if written == 0 { throw .bufferTooSmall }
        length.pointee = written
    }
}

@c @implementation
public func openpit_decimal_to_double(_ value: openpit_decimal) -> Double {
    (try? Decimal(value))?.double ?? .nan
}

@c @implementation
public func openpit_decimal_validate(_ kind: openpit_kind, _ value: openpit_decimal) -> openpit_status {
    answer { () throws(Status) in
        let kind = try NumberKind(kind)
        let number = try Decimal(value)
        if (try? kind.checked(number)) == nil { throw .negativeValue }
    }
}

@c @implementation
public func openpit_decimal_compare(_ left: openpit_decimal, _ right: openpit_decimal) -> Int32 {
    guard let left = try? Decimal(left), let right = try? Decimal(right) else { return 0 }
    return Int32(left.compare(right))
}

@c @implementation
public func openpit_decimal_hash(_ value: openpit_decimal) -> UInt64 {
    (try? Decimal(value))?.stableHash ?? 0
}

extension ErrorDetail {
    /// Says that a text is no number, quoting as much of it as a message holds.
    fileprivate init(parsing text: UnsafeBufferPointer<UInt8>, as kind: NumberKind, _ failure: ParseFailure) {
        let quotable = text.prefix(Int(OPENPIT_ERROR_MESSAGE_CAPACITY))
        message.write(noNumber: UnsafeBufferPointer(rebasing: quotable), as: kind)
        switch failure {
        case .unknownCharacter, .unreadableExponent: cause = UInt32(OPENPIT_PARSE_CAUSE_CHARACTER)
        case .tooManyDigits, .carriedTooFar: cause = UInt32(OPENPIT_PARSE_CAUSE_DIGITS)
        case .scaleExceeded(let exponent):
            cause = UInt32(OPENPIT_PARSE_CAUSE_SCALE)
            value = UInt64(exponent)
        case .tooLarge: cause = UInt32(OPENPIT_PARSE_CAUSE_MAGNITUDE)
        }
    }

    /// `number`, unless its sign does not suit `kind`; then says so.
    fileprivate mutating func checking(_ number: Decimal, _ kind: NumberKind) throws(Status) -> Decimal {
        do throws(NumberError) {
            return try kind.checked(number)
        } catch {
            message.write("value must be non-negative for ")
            message.write(kind.name)
            throw Status(error)
        }
    }
}

extension Message {
    fileprivate mutating func write(noNumber text: UnsafeBufferPointer<UInt8>, as kind: NumberKind) {
        write("invalid format for ")
        write(kind.name)
        write(": '", text, "'")
    }
}

// MARK: - Arithmetic

@c @implementation
public func openpit_decimal_add(
    _ kind: openpit_kind, _ left: openpit_decimal, _ right: openpit_decimal,
    _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (kind, left, right) = (try NumberKind(kind), try Decimal(left), try Decimal(right))
        try write(result) { () throws(NumberError) in try kind.add(left, right) }
    }
}

@c @implementation
public func openpit_decimal_subtract(
    _ kind: openpit_kind, _ left: openpit_decimal, _ right: openpit_decimal,
    _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (kind, left, right) = (try NumberKind(kind), try Decimal(left), try Decimal(right))
        try write(result) { () throws(NumberError) in try kind.subtract(left, right) }
    }
}

@c @implementation
public func openpit_decimal_multiply(
    _ kind: openpit_kind, _ left: openpit_decimal, _ scalar: openpit_decimal,
    _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (kind, left, scalar) = (try NumberKind(kind), try Decimal(left), try Decimal(scalar))
        try write(result) { () throws(NumberError) in try kind.multiply(left, by: scalar) }
    }
}

@c @implementation
public func openpit_decimal_divide(
    _ kind: openpit_kind, _ left: openpit_decimal, _ scalar: openpit_decimal,
    _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (kind, left, scalar) = (try NumberKind(kind), try Decimal(left), try Decimal(scalar))
        try write(result) { () throws(NumberError) in try kind.divide(left, by: scalar) }
    }
}

@c @implementation
public func openpit_decimal_remainder(
    _ kind: openpit_kind, _ left: openpit_decimal, _ scalar: openpit_decimal,
    _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (kind, left, scalar) = (try NumberKind(kind), try Decimal(left), try Decimal(scalar))
        try write(result) { () throws(NumberError) in try kind.remainder(of: left, dividedBy: scalar) }
    }
}

@c @implementation
public func openpit_decimal_negate(
    _ kind: openpit_kind, _ value: openpit_decimal, _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (kind, number) = (try NumberKind(kind), try Decimal(value))
        try write(result) { () throws(NumberError) in try kind.negate(number) }
    }
}

@c @implementation
public func openpit_decimal_round(
    _ kind: openpit_kind, _ value: openpit_decimal, _ scale: UInt32, _ rounding: openpit_rounding,
    _ result: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (kind, number) = (try NumberKind(kind), try Decimal(value))
        guard let rounding = UInt8(exactly: rounding).flatMap(RoundingStrategy.init(rawValue:)) else {
            throw .invalidArgument
        }
        try write(result) { () throws(NumberError) in try kind.round(number, scale: scale, rounding) }
    }
}

// MARK: - Formulas

@c @implementation
public func openpit_calculate_volume(
    _ price: openpit_decimal, _ quantity: openpit_decimal, _ volume: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (price, quantity) = (try Decimal(price), try Decimal(quantity))
        try write(volume) { () throws(NumberError) in try Formulas.volume(price: price, quantity: quantity) }
    }
}

@c @implementation
public func openpit_calculate_quantity(
    _ volume: openpit_decimal, _ price: openpit_decimal, _ quantity: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (volume, price) = (try Decimal(volume), try Decimal(price))
        try write(quantity) { () throws(NumberError) in try Formulas.quantity(volume: volume, price: price) }
    }
}

@c @implementation
public func openpit_calculate_position_size(
    _ price: openpit_decimal, _ quantity: openpit_decimal, _ positionSize: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let (price, quantity) = (try Decimal(price), try Decimal(quantity))
        try write(positionSize) { () throws(NumberError) in
            try Formulas.positionSize(price: price, quantity: quantity)
        }
    }
}

@c @implementation
public func openpit_calculate_margin(
    _ notional: openpit_decimal, _ leverage: UInt16, _ margin: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let notional = try Decimal(notional)
        guard let leverage = Leverage(tenths: leverage) else { throw .invalidLeverage }
        try write(margin) { () throws(NumberError) in
            try Formulas.margin(notional: notional, leverage: leverage)
        }
    }
}

// An invalid decimal is handed back as it is, so that the next call can refuse it.

@c @implementation
public func openpit_decimal_flip(_ value: openpit_decimal) -> openpit_decimal {
    guard let number = try? Decimal(value) else { return value }
    return openpit_decimal(number.flipped)
}

@c @implementation
public func openpit_decimal_magnitude(_ value: openpit_decimal) -> openpit_decimal {
    guard let number = try? Decimal(value) else { return value }
    return openpit_decimal(number.magnitude)
}

// MARK: - Leverage

@c @implementation
public func openpit_leverage_from_integer(
    _ multiplier: UInt64, _ leverage: UnsafeMutablePointer<UInt16>?
) -> openpit_status {
    answer { () throws(Status) in
        try write(leverage) { () throws(NumberError) in try Leverage(multiplier: multiplier).tenths }
    }
}

@c @implementation
public func openpit_leverage_from_double(
    _ multiplier: Double, _ leverage: UnsafeMutablePointer<UInt16>?
) -> openpit_status {
    answer { () throws(Status) in
        try write(leverage) { () throws(NumberError) in try Leverage(multiplier: multiplier).tenths }
    }
}
