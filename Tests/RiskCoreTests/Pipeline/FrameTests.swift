import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `A pool of frames` {
    @Test func `uses a frame again`() throws {
        var pool = FramePool()
        let first = try pool.take()
        pool.giveBack(first)
        #expect(try pool.take() == first)
        #expect(try pool.take() != first)
    }

    @Test func `counts calls on their way and what is open`() throws {
        var pool = FramePool()
        let frames = try (0..<100).map { _ in try pool.takeForOrder() }
        #expect(pool.openCount == 100)
        #expect(Set(frames).count == 100)
        let handles = frames.map { pool.keepReservation($0) }
        #expect(pool.openCount == 100)
        for handle in handles { try pool.finish(handle) }
        #expect(pool.openCount == 0)
    }

    @Test(arguments: [3, 33, 100], [-1, 0, 1])
    func `has as many orders open as it may, and says when there are no more`(most: Int, more: Int) throws {
        var pool = FramePool(openCountMax: most)
        let wanted = most + more
        let fault = failure { () throws(EngineError) in
            for _ in 0..<wanted { _ = pool.keepReservation(try pool.takeForOrder()) }
        }
        #expect(fault == (wanted > most ? .limitReached : nil))
        #expect(pool.openCount == min(wanted, most))
        // What leaves nothing open goes on.
        pool.giveBack(try pool.take())
    }

    @Test func `keeps nothing of its caller's order`() throws {
        var pool = FramePool()
        let frame = try pool.take()
        let own = frame.pointee.order
        try withUnsafePointer(to: order()) { order in
            frame.pointee.order = order
            pool.giveBack(frame)
            #expect(frame.pointee.order == own)
            let again = try pool.take()
            again.pointee.order = order
            let request = pool.keepRequest(again)
            #expect(try pool.resume(request: request).pointee.order == own)
            let last = try pool.take()
            let lastOwn = last.pointee.order
            last.pointee.order = order
            let packed = pool.keepRequest(last)
            pool.packWaiting()
            #expect(try pool.resume(request: packed) == last)
            #expect(last.pointee.order == lastOwn && last.pointee.order.pointee.size == order.pointee.size)
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1000], [false, true])
    func `keeps the texts of a request, but for those that are too long`(length: Int, isPacked: Bool) throws {
        var pool = FramePool()
        let requests = try [true, false].map { hasId throws in
            var (id, replaces) = ([UInt8](repeating: 1, count: length), [UInt8](repeating: 2, count: 64))
            return try id.withUnsafeMutableBufferPointer { id throws in
                try replaces.withUnsafeMutableBufferPointer { replaces throws in
                    var order = order()
                    order.clientOrderId = hasId ? UnsafeBufferPointer(id) : nil
                    order.replaces = UnsafeBufferPointer(replaces)
                    return try withUnsafePointer(to: order) { order in
                        let frame = try pool.takeForOrder()
                        frame.pointee.order = order
                        let request = pool.keepRequest(frame)
                        // The caller goes on with its memory.
                        id.update(repeating: 3)
                        replaces.update(repeating: 3)
                        return request
                    }
                }
            }
        }
        if isPacked {
            pool.packWaiting()
            // Others come into the frames.
            let others = try (0..<2).map { _ in try pool.takeForOrder() }
            for other in others { pool.giveBack(other) }
        }
        for (request, hasId) in zip(requests, [true, false]) {
            let frame = try pool.resume(request: request)
            let kept = frame.order.pointee
            let expected = hasId && length <= 64 ? [UInt8](repeating: 1, count: length) : nil
            #expect(kept.clientOrderId.map { Array($0) } == expected)
            #expect(kept.replaces.map { Array($0) } == [UInt8](repeating: 2, count: 64))
            pool.giveBack(frame)
        }
        #expect(pool.openCount == 0)
    }

    @Test func `gives a frame back with nothing left in it`() throws {
        var pool = FramePool()
        let frame = try pool.take()
        frame.pointee.slot = AccountSlot(number: 5)
        frame.pointee.frozenGroup = AccountGroupId(5)
        frame.findings.pointee.rejects.add(Reject(.other, .order, by: .engine, .engineClosed))
        _ = frame.findings.pointee.texts.add("left over")
        pool.giveBack(frame)
        #expect(frame.pointee.slot.isNone && frame.pointee.frozenGroup == nil)
        #expect(frame.findings.pointee.isEmpty && frame.pointee.mutations.isEmpty)
    }

    @Test(arguments: [31, 32, 33])
    func `leaves an order in its frame until so many more have begun to wait`(more: Int) throws {
        var pool = FramePool()
        let handle = try pool.open()
        // Those that come and go count, too.
        for _ in 0..<more { try pool.finish(try pool.open()) }
        #expect((pool.orderBytes > 0) == (more >= 32))
        try pool.finish(handle)
        #expect(pool.openCount == 0)
    }

    @Test(arguments: [39, 40, 41])
    func `keeps as many frames as wait, and some`(count: Int) throws {
        var pool = FramePool()
        let frames = try (0..<count).map { _ in try pool.take() }
        for frame in frames.reversed() { pool.giveBack(frame) }
        let again = try (0..<count).map { _ in try pool.take() }
        #expect(Set(again).isSuperset(of: frames.prefix(40)))
        for frame in again { pool.giveBack(frame) }
        #expect(pool.openCount == 0)
    }

    @Test(arguments: [4095, 4096, 4097])
    func `holds on to room for short texts and not for long ones`(length: Int) throws {
        var pool = FramePool()
        let frame = try pool.take()
        _ = frame.findings.pointee.texts.add(String(repeating: "x", count: length))
        pool.giveBack(frame)
        #expect((frame.findings.pointee.texts.capacity > 0) == (length <= 4096))
    }
}

extension FramePool {
    /// Makes a reservation of an order, of which nothing is known.
    mutating func open() throws(EngineError) -> UInt64 { keepReservation(try takeForOrder()) }

    /// Finalises a reservation.
    mutating func finish(_ reservation: UInt64) throws(EngineError) {
        if let frame = claim(reservation, .reservation) { return giveBack(frame) }
        remove(try claimPacked(reservation, .reservation))
    }
}
