/// A small random number generator with a seed, so that a failure can be repeated.
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    package mutating func next(below bound: UInt64) -> UInt64 { next() % bound }

    package mutating func element<Element>(of elements: [Element]) -> Element {
        elements[Int(next(below: UInt64(elements.count)))]
    }

    /// True once in `count` times.
    package mutating func once(in count: UInt64) -> Bool { next(below: count) == 0 }
}
