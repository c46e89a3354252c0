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

    @Test(arguments: [2, 3, 4])
    func `has as many orders open as it may, and says when there are no more`(wanted: Int) throws {
        var pool = FramePool(countMax: 3)
        let fault = failure { () throws(EngineError) in
            for _ in 0..<wanted { _ = pool.keepReservation(try pool.takeForOrder()) }
        }
        #expect(fault == (wanted > 3 ? .limitReached : nil))
        #expect(pool.openCount == min(wanted, 3))
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
        }
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
    mutating func finish(_ reservation: UInt64) throws(EngineError) { remove(try claim(reservation: reservation)) }
}
