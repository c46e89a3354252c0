import Decimals

/// Quantities as whole numbers of lots of 10^-22, which is fine enough for any float from 0.00001 up.
enum LotScale {
    static var digits: Int { 22 }

    /// How many lots a quantity is.
    enum Reading {
        case lots(UInt128)
        /// It is nothing, or less.
        case notPositive
        /// It has digits beyond the 22nd after the point.
        case tooFine
        /// It is more than can be counted.
        case tooLarge
    }

    static func read(_ quantity: Decimal) -> Reading {
        guard quantity.isPositive else { return .notPositive }
        let (digits, scale) = quantity.shortestDigits
        if scale > Self.digits { return .tooFine }
        guard Self.digits - scale <= 38 else { return .tooLarge }
        let (lots, overflow) = digits.multipliedReportingOverflow(
            by: widePowerOfTen(UInt8(truncatingIfNeeded: Self.digits - scale)))
        // The sign bit stays free, so that a difference is a number too.
        return overflow || lots >> 127 != 0 ? .tooLarge : .lots(lots)
    }

    /// The quantity that lots are; a sum of more than 28 digits is rounded half to even.
    static func quantity(_ lots: UInt128) -> Decimal {
        // At most 2^128 · 10^-22, which fits.
        Decimal.fitting(lots, scale: digits) ?? .max
    }
}
