import CPlatform
import Decimals
import RiskBase
import Testing

@testable import Controls

struct TallyTests {
    /// A limit of messages as the engine keeps it.
    private func record(_ upper: String, window: UInt64 = second, _ change: (inout Limit) -> Void = { _ in })
        -> LimitPointer
    {
        var limit = Limit(.messageRate, name: named("rate"))
        (limit.upper, limit.window) = (decimal(upper), window)
        change(&limit)
        let place = LimitPointer.allocate(capacity: 1)
        place.initialize(to: LimitRecord(limit: limit.withDefaults, position: 0, shape: 0))
        return place
    }

    private func set(_ limits: [LimitPointer], in node: NodePointer) -> Bool {
        limits.withUnsafeBufferPointer { node.puts($0) }
    }

    @Test func `keeps what was counted when a bound changes, and not when the measure does`() throws {
        let node = try #require(NodePointer.make(0, KeyValues()))
        let limits = [record("5"), record("2"), record("9"), record("9", window: second + 1)]
        defer {
            node.free()
            for limit in limits { limit.deallocate() }
        }
        #expect(set([limits[0]], in: node))
        for time in 0..<3 as Range<Int64> {
            let row = try #require(node.rows.baseAddress)
            let hasRoom = row.reserveCount()
            #expect(hasRoom)
            row.count(at: time)
        }
        for index in 1...2 {
            #expect(set([limits[index]], in: node))
            #expect(node.rows[0].tally?.pointee.times.count == 3)
        }
        #expect(set([limits[3]], in: node))
        #expect(node.rows[0].tally?.pointee.times.count == 0)
    }

    @Test func `keeps a tally that nobody counts with as long as an order may take something back`() throws {
        let node = try #require(NodePointer.make(0, KeyValues()))
        let limit = record("5")
        defer {
            node.free()
            limit.deallocate()
        }
        #expect(set([limit], in: node))
        let tally = try #require(node.rows[0].tally)
        tally.pointee.chargeCount = 1
        #expect(set([], in: node))
        #expect(node.pointee.tallies == tally)
        tally.pointee.chargeCount = 0
        #expect(set([], in: node))
        #expect(node.pointee.tallies == nil)
    }

    @Test(arguments: [("2", "2", 4), ("2", "1.5", 40), ("1.5", "2", 2)])
    func `carries missing tokens over to a bucket of another size`(old: String, new: String, parts: UInt128) throws {
        let tokens: (inout Limit) -> Void = { $0.own.algorithm = .tokenBucket }
        let limits = [record(old, window: 2, tokens), record(new, window: 2, tokens)]
        defer { for limit in limits { limit.deallocate() } }
        var (bucket, other) = (TokenBucket(limits[0].pointee.limit), TokenBucket(limits[1].pointee.limit))
        bucket.refill(at: 0)
        for _ in 0..<(old == "2" ? 2 : 1) { bucket.takeOne() }
        other.carry(bucket)
        #expect(other.debt == parts)
    }

    @Test func `takes back the newest of equal times, wherever it lies in the ring`() {
        var window = SlidingWindow()
        defer { window.free() }
        for time in [1, 2, 3, 4, 5, 6] as [Int64] {
            let hasRoom = window.reserveOne(atMost: 4)
            #expect(hasRoom)
            window.add(time)
        }
        window.remove(4)
        #expect((0..<window.count).map { window.time(at: $0) } == [3, 5, 6])
        window.remove(4)
        window.remove(6)
        #expect((0..<window.count).map { window.time(at: $0) } == [3, 5])
    }
}

extension NodePointer {
    /// Has the rows of these limits. Tells whether there was memory for them.
    fileprivate func puts(_ limits: UnsafeBufferPointer<LimitPointer>) -> Bool {
        guard let new = newRows(limits) else { return false }
        take(new.rows, new.count)
        return true
    }
}
