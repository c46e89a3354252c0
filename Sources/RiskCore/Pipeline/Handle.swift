import RiskBase
import Synchronization

/// How the handle of a request or reservation is made of its number in the table of handles and the generation of that:
///
///     bit 63        1, so that no handle is 0
///     bits 26...62  the generation, which grows each time a handle of the number becomes stale
///     bits 0...25   the number
///
/// All of it is mixed with the salt of the engine, so that what one engine handed out means nothing to another one.
enum Handle {
    static var numberBits: UInt64 { 26 }
    /// How many numbers there are.
    static var numberCountMax: Int { 1 << Int(numberBits) }
    /// How many of them requests and reservations can have at once. The rest is for calls on their way.
    static var openCountMax: Int { numberCountMax - 1024 }
    /// The last generation there is.
    static var generationLast: UInt64 { 1 << 37 - 1 }

    @inline(__always)
    static func pack(_ generation: UInt64, _ number: UInt32) -> UInt64 { generation << numberBits | UInt64(number) }

    @inline(__always)
    static func unpack(_ packed: UInt64) -> (generation: UInt64, number: Int) {
        (packed >> numberBits, Int(packed & (1 << numberBits - 1)))
    }

    private static let saltCount = Atomic<UInt64>(0)

    /// A number of which no two are likely to be alike, in this process or in another one. Bit 63 is set.
    static func makeSalt() -> UInt64 {
        // SplitMix64, begun at a place that depends on the time.
        let count = saltCount.wrappingAdd(1, ordering: .relaxed).newValue
        var word = Clock.system.now() &+ count &* 0x9E37_79B9_7F4A_7C15
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31) | 1 << 63
    }
}
