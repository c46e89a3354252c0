import RiskBase
import Testing

@testable import RiskCore

struct HoldingTests {
    @Test func `a holding costs at most 128 bytes with its place in the index`() {
        // The index is at least a quarter full after it has grown, at four bytes a bucket.
        #expect(MemoryLayout<Holding>.stride + 4 * MemoryLayout<UInt32>.stride <= 128)
    }
}
