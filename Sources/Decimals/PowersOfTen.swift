/// 10^exponent; `exponent` is at most 19, the largest power that fits.
///
/// The optimiser turns the switch into a table in read-only memory. A global array would be initialised on first use,
/// behind a lock.
@inlinable
@_noLocks
@inline(__always)
package func powerOfTen(_ exponent: UInt8) -> UInt64 {
    assert(exponent <= 19)
    return switch exponent {
    case 0: 1
    case 1: 10
    case 2: 100
    case 3: 1_000
    case 4: 10_000
    case 5: 100_000
    case 6: 1_000_000
    case 7: 10_000_000
    case 8: 100_000_000
    case 9: 1_000_000_000
    case 10: 10_000_000_000
    case 11: 100_000_000_000
    case 12: 1_000_000_000_000
    case 13: 10_000_000_000_000
    case 14: 100_000_000_000_000
    case 15: 1_000_000_000_000_000
    case 16: 10_000_000_000_000_000
    case 17: 100_000_000_000_000_000
    case 18: 1_000_000_000_000_000_000
    default: 10_000_000_000_000_000_000
    }
}

/// 10^exponent; `exponent` is at most 38, and at most 28 wherever a scale is aligned.
@inlinable
@_noLocks
package func widePowerOfTen(_ exponent: UInt8) -> UInt128 {
    assert(exponent <= 38)
    if exponent <= 19 { return UInt128(powerOfTen(exponent)) }
    // Both factors are below 2^64, so the product fits.
    return UInt128(powerOfTen(19)) &* UInt128(powerOfTen(exponent &- 19))
}
