import Testing

@testable import RiskCore

@Suite struct `A release` {
    @Test func `has rules of which each is followed by one release and not by the other`() {
        var count: UInt32 = 0
        while let rule = Compatibility.Rule(rawValue: count) {
            #expect(Compatibility.level7.has(rule) != Compatibility.level10.has(rule), "\(rule)")
            count += 1
        }
        #expect(count == 20)
    }

    @Test(arguments: [(UInt32(0), Compatibility.level7), (10, .level10), (1, nil), (7, nil), (9, nil), (11, nil)])
    func `is that of a known release, or none`(level: UInt32, expected: Compatibility?) {
        #expect(Compatibility(level: level) == expected)
    }
}
