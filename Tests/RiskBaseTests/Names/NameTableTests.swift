import TestSupport
import Testing

@testable import RiskBase

final class NameTableTests: Sendable {
    private let table = NameTable()

    deinit { table.destroy() }

    private func intern(_ name: String) throws(NameError) -> Asset {
        try withBytes(name) { (bytes) throws(NameError) in try table.intern(bytes) }
    }

    private func name(of asset: Asset) -> String? {
        table.name(of: asset).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `equal names have equal ids, counted from 1`() throws {
        #expect(try intern("AAPL") == Asset(id: 1))
        #expect(try intern("USD") == Asset(id: 2))
        #expect(try intern("AAPL") == Asset(id: 1))
        #expect(name(of: Asset(id: 2)) == "USD")
    }

    @Test func `names are compared byte for byte`() throws {
        let names = ["usd", "USD", " USD", "USD\0", "\u{E9}", "e\u{301}", "\u{200B}"]
        #expect(Set(try names.map { try intern($0) }).count == names.count)
        for (index, text) in names.enumerated() { #expect(name(of: Asset(id: UInt32(index + 1))) == text) }
    }

    @Test func `an id nobody was given has no name`() throws {
        _ = try intern("USD")
        #expect(name(of: .none) == nil)
        #expect(name(of: Asset(id: 2)) == nil)
        #expect(name(of: Asset(id: .max)) == nil)
        #expect([0, 1, 2, .max].map(table.knows) == [true, true, false, false])
    }

    @Test(arguments: [(65_535, nil), (65_536, nil), (65_537, NameError.tooLong)])
    func `a name has at most 65536 bytes`(length: Int, error: NameError?) {
        let name = String(repeating: "x", count: length)
        #expect(failure { () throws(NameError) in _ = try intern(name) } == error)
    }

    /// Among small ones, which share memory; the first of all may be a long one.
    @Test(arguments: [0, 1, 2])
    func `long names are kept as well as short ones`(smallOnes: Int) throws {
        var names: [String] = []
        for number in 0..<300 {
            let length =
                number % (smallOnes + 1) == 0 ? [8_189, 8_190, 8_191, 32_759, 32_760, 32_761, 65_536][number % 7] : 7
            let digits = "\(number)"
            names.append(digits + String(repeating: "x", count: length - digits.utf8.count))
        }
        let assets = try names.map { try intern($0) }
        for (asset, text) in zip(assets, names) where name(of: asset) != text { Issue.record("\(text.prefix(3))") }
        for (asset, text) in zip(assets, names) { #expect(try intern(text) == asset) }
    }

    @Test(arguments: ["", " ", "\u{3000}"])
    func `a blank name is none`(name: String) {
        #expect(throws: NameError.blank) { try intern(name) }
    }

    @Test func `a name stays where it is while the table grows`() throws {
        let first = try #require(table.name(of: try intern("first")))
        for index in 2...5_000 { #expect(try intern("name \(index)") == Asset(id: UInt32(index))) }
        #expect(table.name(of: Asset(id: 1))?.baseAddress == first.baseAddress)
        for index in 2...5_000 { #expect(name(of: Asset(id: UInt32(index))) == "name \(index)") }
        #expect(try intern("name 4321") == Asset(id: 4_321))
    }

    /// So many that a few have the key of another one, which is one of 2^32.
    @Test func `names are told apart, and none makes many others move`() throws {
        let count: UInt32 = 300_000
        var pending = 0
        for number in 1...count {
            let before = table.state.pointee.index.pendingCount
            let asset = try intern("\(number)")
            if asset != Asset(id: number) { Issue.record("\(asset.id) for \(number)") }
            pending = max(pending, before - table.state.pointee.index.pendingCount)
        }
        // The buckets of a step, and the run it ends in.
        #expect(pending > 0 && pending <= 8 + 200)
        for number in 1...count where name(of: try intern("\(number)")) != "\(number)" {
            Issue.record("\(number) is lost")
        }
        #expect(table.state.pointee.count.load(ordering: .relaxed) == count)
    }

    @Test func `threads agree on the ids, and see each name as soon as its id`() async throws {
        let ids = try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try (0..<2_000).map { index in
                        let asset = try self.intern("shared \(index)")
                        #expect(self.name(of: asset) == "shared \(index)")
                        return asset.id
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ids.dropFirst().allSatisfy { $0 == ids[0] })
        #expect(Set(ids[0]).count == 2_000)
    }
}
