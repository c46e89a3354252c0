import Testing

/// What `make fuzz` does for hours, for a few seconds and always the same.
struct CallSequenceTests {
    @Test(arguments: 0..<8)
    func `survives whatever is called, in whatever order`(batch: UInt64) {
        for seed in batch * 500..<batch * 500 + 500 {
            let failures = CallSequence(Self.bytes(seed)).run()
            #expect(failures.isEmpty, "seed \(seed)")
        }
    }

    /// Bytes that a linear congruential generator makes of a seed.
    private static func bytes(_ seed: UInt64) -> [UInt8] {
        var state = seed &* 2 &+ 1
        return (0..<200 + Int(seed % 7) * 300).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
    }
}
