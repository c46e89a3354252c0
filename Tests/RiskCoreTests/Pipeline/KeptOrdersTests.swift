import Decimals
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `Orders that wait` {
    private static let salt: UInt64 = 1 << 63

    private func fault(_ pool: inout FramePool, _ reservation: UInt64) -> EngineError? {
        var findings = Findings()
        return withUnsafeMutablePointer(to: &findings) { findings in
            failure { () throws(EngineError) in try pool.read(reservation: reservation, into: findings) }
        }
    }

    @Test func `never have the handle 0`() throws {
        var pool = FramePool()
        #expect(try pool.open() != 0)
        #expect(fault(&pool, 0) == .notFound)
    }

    private func number(_ handle: UInt64) -> Int { Handle.unpack(handle ^ Self.salt).number }

    @Test(arguments: [false, true])
    func `use a number again and make old handles stale`(isPacked: Bool) throws {
        var pool = FramePool(salt: Self.salt)
        let old = try pool.open()
        if isPacked { pool.packWaiting() }
        #expect(fault(&pool, old) == nil)
        try pool.finish(old)
        #expect(fault(&pool, old) == .alreadyFinalized)
        var new = [try pool.open(), try pool.open()]
        if isPacked { pool.packWaiting() }
        new.append(try pool.open())
        #expect(new.map(number).contains(number(old)))
        #expect(fault(&pool, old) == .alreadyFinalized)
        for handle in new { #expect(fault(&pool, handle) == nil) }
        #expect(failure { () throws(EngineError) in try pool.finish(old) } == .alreadyFinalized)
    }

    @Test func `are stale while they are being finalised`() throws {
        var pool = FramePool()
        let handle = try pool.open()
        let claimed = pool.claim(handle, .reservation)
        let frame = try #require(claimed)
        #expect(fault(&pool, handle) == .alreadyFinalized)
        #expect(pool.openCount == 1)
        pool.giveBack(frame)
        #expect(pool.openCount == 0)
    }

    @Test func `are stale while they are being finalised, when they are packed`() throws {
        var pool = FramePool()
        let handle = try pool.open()
        pool.packWaiting()
        let claimed = pool.claim(handle, .reservation)
        #expect(claimed == nil)
        let order = try pool.claimPacked(handle, .reservation)
        #expect(fault(&pool, handle) == .alreadyFinalized)
        #expect(pool.openCount == 1)
        pool.remove(order)
        #expect(pool.openCount == 0)
    }

    @Test func `keep their handles when they are packed, while their frames get others`() throws {
        var pool = FramePool()
        let handles = try (0..<100).map { _ in try pool.open() }
        #expect(Set(handles).count == 100)
        for handle in handles { #expect(fault(&pool, handle) == nil) }
        pool.packWaiting()
        for handle in handles {
            #expect(fault(&pool, handle) == nil)
            try pool.finish(handle)
            #expect(fault(&pool, handle) == .alreadyFinalized)
        }
        #expect(pool.openCount == 0)
    }

    @Test(arguments: [false, true])
    func `are no reservation as a request, and no request as a reservation`(isPacked: Bool) throws {
        var pool = FramePool()
        let request = pool.keepRequest(try pool.takeForOrder())
        let reservation = try pool.open()
        if isPacked { pool.packWaiting() }
        #expect(fault(&pool, request) == .notFound)
        #expect(failure { () throws(EngineError) in _ = try pool.resume(request: reservation) } == .notFound)
        pool.drop(request: reservation)
        #expect(fault(&pool, reservation) == nil)
        pool.drop(request: request)
        #expect(failure { () throws(EngineError) in _ = try pool.resume(request: request) } == .alreadyFinalized)
    }

    @Test(arguments: [1, 7, 511, 512, 1 << 26 - 1] as [UInt32])
    func `know no place that was never made`(number: UInt32) throws {
        var pool = FramePool(salt: Self.salt)
        pool.giveBack(try pool.take())
        #expect(fault(&pool, Self.salt | Handle.pack(1, number)) == .notFound)
    }

    @Test(
        arguments: [(0, .notFound), (1, .notFound), (7, .notFound), (8, .alreadyFinalized), (9, nil), (10, .notFound)]
            as [(UInt64, EngineError?)])
    func `tell handles that were spent from those that never were`(generation: UInt64, expected: EngineError?) throws {
        var pool = FramePool(salt: Self.salt, firstGeneration: 8)
        try pool.finish(try pool.open())
        let number = Handle.unpack(try pool.open() ^ Self.salt).number
        #expect(fault(&pool, Self.salt | Handle.pack(generation, UInt32(number))) == expected)
    }

    @Test(arguments: [1, 2, 3] as [UInt64], [false, true])
    func `put a number away before its generation wraps`(beforeLast: UInt64, isPacked: Bool) throws {
        var pool = FramePool(salt: Self.salt, firstGeneration: Handle.generationLast - beforeLast)
        var handles: [UInt64] = []
        for _ in 0..<20 {
            // A use may take two generations.
            let request = pool.keepRequest(try pool.takeForOrder())
            if isPacked { pool.packWaiting() }
            let reservation = pool.keepReservation(try pool.resume(request: request))
            if isPacked { pool.packWaiting() }
            try pool.finish(reservation)
            handles += [request, reservation]
        }
        #expect(Set(handles).count == handles.count)
        for handle in handles { #expect(Handle.unpack(handle ^ Self.salt).generation <= Handle.generationLast) }
        let next = try pool.open()
        #expect(fault(&pool, next) == nil)
        for handle in handles { #expect(fault(&pool, handle) == .alreadyFinalized) }
        #expect(pool.openCount == 1)
    }

    @Test func `are not those of another pool`() throws {
        var mine = FramePool()
        var other = FramePool()
        for _ in 0..<1000 {
            let handle = try mine.open()
            _ = try other.open()
            #expect(fault(&mine, handle) == nil)
            #expect(fault(&other, handle) == .notFound)
        }
    }

    @Test func `give memory back after a burst, and old handles stay answers`() throws {
        var pool = FramePool()
        let plenty = 100_000
        let least = 4 * PlaceSize(holding: 1).chunkBytes
        var old: [UInt64] = []
        var settled = 0
        for burst in 1...3 {
            let handles = try (0..<plenty).map { _ in try pool.open() }
            let most = pool.orderBytes
            for handle in handles { try pool.finish(handle) }
            #expect(pool.openCount == 0)
            #expect(pool.orderBytes <= least && least * 16 < most, "burst \(burst): \(pool.orderBytes) of \(most)")
            if burst == 1 { settled = pool.orderBytes }
            #expect(pool.orderBytes == settled)
            old += handles
            for handle in old { #expect(fault(&pool, handle) == .alreadyFinalized) }
        }
        #expect(Set(old).count == old.count)
    }

    @Test func `hold on to no more than about twice what is in use`() throws {
        var pool = FramePool()
        var dice = SplitMix64(seed: 19)
        var open: [UInt64] = []
        for _ in 0..<50_000 { open.append(try pool.open()) }
        open.shuffle(using: &dice)
        let most = pool.orderBytes
        while open.count > 100 { try pool.finish(open.removeLast()) }
        #expect(pool.orderBytes <= most)
        for handle in open {
            #expect(fault(&pool, handle) == nil)
            try pool.finish(handle)
        }
        #expect(pool.orderBytes * 8 < most)
    }

    @Test func `take no chunk and give none back when they come and go`() throws {
        var pool = FramePool()
        var open = try (0..<2000).map { _ in try pool.open() }
        let bytes = pool.orderBytes
        for step in 0..<20_000 {
            let index = step * 7 % open.count
            try pool.finish(open[index])
            open[index] = try pool.open()
            #expect(pool.orderBytes == bytes)
        }
    }

    @Test(arguments: [0, 1, 2, 20, 500], [false, true])
    func `tell what their call told, however much it was`(count: Int, isPacked: Bool) throws {
        var pool = FramePool()
        let frame = try pool.takeForOrder()
        for index in 0..<count {
            let group = PolicyGroupId(UInt16(truncatingIfNeeded: index))
            frame.findings.pointee.outcomes.append(
                Outcome(policyGroup: group, asset: Asset(id: 1), averageEntryPrice: Decimal(Int64(index))))
            frame.findings.pointee.lock.append(LockEntry(price: Decimal(Int64(index)), policyGroup: group))
            frame.findings.pointee.addBlock(
                Reject(.other, .account, by: .engine, .engineClosed), texts: TextArena())
        }
        var texts = TextArena()
        let reason = texts.add("why")
        frame.findings.pointee.addBlock(
            Reject(.other, .account, by: .engine, .custom(reason: reason, details: texts.add("because"))), texts: texts)
        let handle = pool.keepReservation(frame)
        if isPacked { pool.packWaiting() }
        var findings = Findings()
        try withUnsafeMutablePointer(to: &findings) { result in
            try pool.read(reservation: handle, into: result)
            let counts = (result.pointee.outcomeCount, result.pointee.lockCount, result.pointee.blockCount)
            #expect(counts == (count, count, count + 1))
            for index in 0..<count {
                let (outcome, entry) = (result.pointee.outcome(at: index), result.pointee.lockEntry(at: index))
                #expect(outcome?.averageEntryPrice == Decimal(Int64(index)))
                #expect(entry?.price == Decimal(Int64(index)))
            }
            let found = result.pointee.block(at: count)
            let block = try #require(found)
            let said = result.pointee.texts(of: block)
            #expect(String(decoding: said.reason, as: UTF8.self) == "why")
            #expect(String(decoding: said.details, as: UTF8.self) == "because")
        }
        try pool.finish(handle)
        #expect(pool.openCount == 0)
    }
}
