import Decimals

/// Numbers as texts and as operands: what is read is written as it was read, and the operations agree with each other.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDecimal(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: size)
    if let number = Decimal(parsing: bytes) {
        // A small number with an exponent may be rounded to a negative zero, which no text without one stands for.
        precondition(reread(number) == number && reread(number).scale == number.scale)
        if let double = Decimal(shortest: number.double) { precondition(double.double == number.double) }
    }
    guard size >= 33, let left = number(bytes, at: 0), let right = number(bytes, at: 16) else { return 0 }
    precondition(reread(left) == left)
    checkOrder(left, right)
    checkSum(left, right)
    checkProduct(left, right)
    checkRemainder(left, right)
    checkRounding(left, to: UInt32(bytes[32]))
    return 0
}

private func number(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Decimal? {
    var (low, upper) = UnsafeRawPointer(bytes.baseAddress! + offset).loadUnaligned(as: (UInt64, UInt64).self)
    // Most of what comes is no number: its scale and sign are made to fit.
    let scale = (upper >> 32 & 0xFF) % 29
    let sign = upper >> 63
    // Half of the numbers are short, as nearly all in practice are.
    if upper >> 62 & 1 == 1 { (low, upper) = (low & 0xFFFF_FFFF, 0) }
    upper = upper & 0xFFFF_FFFF | scale << 32 | sign << 40
    return Decimal(words: low, upper)
}

private func reread(_ number: Decimal) -> Decimal {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.textCapacity) { buffer in
        let length = number.write(to: buffer)
        precondition(length > 0 && length <= Decimal.textCapacity)
        return Decimal(parsing: UnsafeBufferPointer(rebasing: buffer[..<length]))!
    }
}

private func checkOrder(_ left: Decimal, _ right: Decimal) {
    precondition(left.compare(right) == -right.compare(left))
    precondition((left == right) == (left.compare(right) == 0))
    if left == right { precondition(left.stableHash == right.stableHash) }
}

private func checkSum(_ left: Decimal, _ right: Decimal) {
    let sum = left.adding(right)
    precondition(sum == right.adding(left))
    precondition(sum == left.subtracting(right.negated))
    // A difference is rounded, but never to the other side of zero.
    if let difference = left.subtracting(right), !difference.isZero {
        precondition(difference.isNegative == (left < right))
    }
    if let sum, !right.isNegative { precondition(sum >= left || reaches(sum, left)) }
}

/// Whether rounding alone can have made `sum` smaller than `part`: the sum has fewer digits behind the point.
private func reaches(_ sum: Decimal, _ part: Decimal) -> Bool { sum.scale < part.scale }

private func checkProduct(_ left: Decimal, _ right: Decimal) {
    let product = left.multiplied(by: right)
    precondition(product == right.multiplied(by: left))
    if let product, !product.isZero { precondition(product.isNegative == (left.isNegative != right.isNegative)) }
    guard !right.isZero else { return precondition(left.divided(by: right) == nil) }
    guard let quotient = left.divided(by: right), !quotient.isZero else { return }
    precondition(quotient.isNegative == (left.isNegative != right.isNegative))
}

private func checkRemainder(_ left: Decimal, _ right: Decimal) {
    guard let remainder = left.remainder(dividingBy: right) else { return }
    precondition(!right.isZero)
    precondition(remainder.magnitude < right.magnitude)
    if !remainder.isZero { precondition(remainder.isNegative == left.isNegative) }
}

private func checkRounding(_ number: Decimal, to scale: UInt32) {
    let up = number.rounded(scale: scale, .up)
    let down = number.rounded(scale: scale, .down)
    precondition(up >= number && up.scale <= number.scale)
    precondition(down <= number && down.scale <= number.scale)
    for strategy in [RoundingStrategy.midpointNearestEven, .midpointAwayFromZero] {
        let nearest = number.rounded(scale: scale, strategy)
        precondition(nearest == up || nearest == down)
    }
}
