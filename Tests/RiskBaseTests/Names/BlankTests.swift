import RiskBase
import TestSupport
import Testing

struct BlankTests {
    @Test func `agrees with Unicode about every character`() {
        for code in UInt32(0)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let isBlank = withBytes(String(Character(scalar))) { $0.isBlank }
            #expect(isBlank == scalar.properties.isWhitespace, "U+\(String(code, radix: 16))")
        }
    }

    @Test(arguments: [("", true), (" \u{3000}\u{85}\u{2028} ", true), (" \u{3000}x", false), ("\u{200B} ", false)])
    func `a text is blank when all of it is`(text: String, isBlank: Bool) {
        #expect(withBytes(text) { $0.isBlank } == isBlank)
    }

    @Test(arguments: [[0xC2], [0x20, 0xE2, 0x80], [0xE3], [0xE2], [0xE1, 0x9A], [0xFF]] as [[UInt8]])
    func `a character cut short is not blank`(bytes: [UInt8]) {
        #expect(!bytes.withUnsafeBufferPointer { $0.isBlank })
    }
}
