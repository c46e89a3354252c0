import TestSupport
import Testing

@testable import RiskBase

private func written(_ write: (inout TextWriter) -> Void) -> String {
    var writer = TextWriter()
    write(&writer)
    return String(decoding: writer.text(from: 0), as: UTF8.self)
}

@Suite struct `A text writer` {
    @Test(
        arguments: [
            (0, "0"), (9, "9"), (10, "10"), (99, "99"), (100, "100"), (.max, "18446744073709551615"),
        ] as [(UInt64, String)])
    func `writes a count`(value: UInt64, text: String) {
        #expect(written { $0.write(value) } == text)
    }

    @Test(
        arguments: [
            (0, "0ns"), (1, "1ns"), (999, "999ns"), (1000, "1µs"), (1001, "1.001µs"), (1_500_000, "1.5ms"),
            (250_000_000, "250ms"), (999_999_999, "999.999999ms"), (1_000_000_000, "1s"), (1_500_000_000, "1.5s"),
            (1_000_000_001, "1.000000001s"), (60_000_000_000, "60s"), (90_061_000_001_000, "90061.000001s"),
            (86_400_000_000_000, "86400s"), (.max, "18446744073.709551615s"),
        ] as [(UInt64, String)])
    func `writes a span of time in its largest fitting unit`(nanoseconds: UInt64, text: String) {
        #expect(written { $0.write(nanoseconds: nanoseconds) } == text)
    }

    @Test(arguments: [
        "2.000", "6.00000", "-150.500", "0", "79228162514264337593543950335", "0.0000000000000000000000000001",
    ])
    func `writes a number with its own scale`(text: String) {
        #expect(written { $0.write(decimal(text)) } == text)
    }

    @Test func `writes an optional number as the contract spells it`() {
        #expect(written { $0.write(optional: nil, .pnl) } == "None")
        #expect(written { $0.write(optional: decimal("-100.00"), .pnl) } == "Some(Pnl(-100.00))")
        #expect(written { $0.write(optional: decimal("0"), .positionSize) } == "Some(PositionSize(0))")
    }

    @Test func `writes nothing for an asset that nobody named`() {
        #expect(written { $0.write(Asset.none) } == "")
        let dollar = withBytes("USD") { try? NameTable.shared.intern($0) }
        #expect(written { $0.write(dollar ?? .none) } == "USD")
    }

    @Test func `tells what was written after a place`() {
        var writer = TextWriter()
        writer.write("ab")
        let place = writer.count
        writer.write("cd")
        #expect(String(decoding: writer.text(from: place), as: UTF8.self) == "cd")
        writer.removeAll()
        #expect(writer.count == 0)
    }
}
