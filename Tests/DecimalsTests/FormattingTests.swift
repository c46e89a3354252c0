import Decimals
import Testing

struct FormattingTests {
    @Test(arguments: [
        "0", "-0", "0.00", "-0.00", "1", "-1", "1.50", "0.5", "-0.05", "10", "1000000000", "9999999999999999999",
        "10000000000000000000", "18446744073709551616", "79228162514264337593543950335",
        "-7.9228162514264337593543950335", "0.0000000000000000000000000001", "-0.0000000000000000000000000000",
    ])
    func `writes as many digits behind the point as the scale says`(text: String) {
        #expect(decimal(text).description == text)
    }

    @Test func `never needs more than its capacity`() {
        let longest = Decimal(low: .max, high: .max, scale: 28, isNegative: true)
        #expect(longest?.description.utf8.count == Decimal.textCapacity)
    }

    @Test(arguments: [(4, 0), (5, 5), (6, 5)])
    func `writes all or nothing`(capacity: Int, written: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 8) { buffer in
            buffer.initialize(repeating: 0x78)
            let count = decimal("-1.50").write(to: UnsafeMutableBufferPointer(rebasing: buffer[..<capacity]))
            #expect(count == written)
            #expect(String(decoding: buffer[..<8], as: UTF8.self) == (written == 0 ? "xxxxxxxx" : "-1.50xxx"))
        }
    }
}
