extension Decimal: CustomStringConvertible {
    /// The length of the longest text: a sign, 29 digits and a point.
    public static var textCapacity: Int { 31 }

    /// Writes the number as `-0.50`: a sign if the stored one is minus, even on a zero, at least one digit before the
    /// point, and exactly `scale` digits behind it. Never an exponent.
    ///
    /// Returns how many bytes were written; nothing is written, and 0 returned, if they do not fit in `buffer`.
    /// `textCapacity` bytes always suffice.
    @_noLocks
    public func write(to buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        let scale = Int(self.scale)
        let digits = Swift.max(digitCount, scale &+ 1)
        let signLength = sign == .minus ? 1 : 0
        let pointLength = scale > 0 ? 1 : 0
        let length = signLength &+ digits &+ pointLength  // At most 31.
        guard length <= buffer.count else { return 0 }

        var position = length
        // 2^96 / 10^19 < 2^33, so both parts fit.
        let (upper, lower) = mantissa.quotientAndRemainder(dividingBy: UInt128(powerOfTen(19)))
        var rest = UInt64(truncatingIfNeeded: lower)
        for index in 0..<digits {
            if index == 19 { rest = UInt64(truncatingIfNeeded: upper) }
            if index == scale, scale > 0 {
                position &-= 1
                buffer[position] = UInt8(ascii: ".")
            }
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            rest = quotient
            position &-= 1
            buffer[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
        }
        if sign == .minus { buffer[0] = UInt8(ascii: "-") }
        return length
    }

    /// The text `write(to:)` writes.
    public var description: String {
        String(unsafeUninitializedCapacity: Self.textCapacity) { buffer in
            write(to: buffer)
        }
    }

    /// How many digits the mantissa has; zero has none.
    private var digitCount: Int {
        let mantissa = mantissa
        // 77/256 is just under log10(2), so this is the count or one less than it.
        var count = (128 &- mantissa.leadingZeroBitCount) &* 77 / 256
        while count < 29, mantissa >= widePowerOfTen(UInt8(truncatingIfNeeded: count)) { count &+= 1 }
        return count
    }
}
