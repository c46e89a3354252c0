import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `A pool of frames` {
    @Test func `never gives out the handle 0`() throws {
        var pool = FramePool()
        #expect(try pool.take().pointee.handle != 0)
        #expect(failure { () throws(EngineError) in _ = try pool.find(0, in: .running) } == .notFound)
    }

    @Test func `uses a frame again and makes old handles stale`() throws {
        var pool = FramePool()
        let first = try pool.take()
        first.pointee.stage = .request
        let old = first.pointee.handle
        let frame = try pool.claim(old, in: .request)
        #expect(frame == first && frame.pointee.stage == .running)
        #expect(failure { () throws(EngineError) in _ = try pool.claim(old, in: .request) } == .alreadyFinalized)
        pool.giveBack(frame)
        #expect(failure { () throws(EngineError) in _ = try pool.find(old, in: .request) } == .alreadyFinalized)
        let again = try pool.take()
        again.pointee.stage = .request
        #expect(again == first)
        #expect(failure { () throws(EngineError) in _ = try pool.find(old, in: .request) } == .alreadyFinalized)
        #expect(try pool.find(again.pointee.handle, in: .request) == again)
    }

    @Test func `does not take a request for a reservation`() throws {
        var pool = FramePool()
        let frame = try pool.take()
        frame.pointee.stage = .request
        let handle = frame.pointee.handle
        #expect(failure { () throws(EngineError) in _ = try pool.claim(handle, in: .reservation) } == .notFound)
        frame.pointee.stage = .reservation
        #expect(failure { () throws(EngineError) in _ = try pool.claim(handle, in: .request) } == .notFound)
        #expect(try pool.claim(handle, in: .reservation) == frame)
    }

    @Test(arguments: [1, 7, 1 << 26 - 1] as [UInt32])
    func `knows no frame it did not make`(number: UInt32) throws {
        var pool = FramePool(salt: 1 << 63)
        _ = try pool.take()
        #expect(
            failure { () throws(EngineError) in _ = try pool.find(1 << 63 | Handle.pack(1, number), in: .running) }
                == .notFound)
    }

    @Test(
        arguments: [(0, .notFound), (1, .notFound), (7, .notFound), (8, .alreadyFinalized), (9, nil), (10, .notFound)]
            as [(UInt64, EngineError?)])
    func `tells handles that were spent from those that never were`(generation: UInt64, expected: EngineError?) throws {
        var pool = FramePool(salt: 1 << 63, firstGeneration: 8)
        let frame = try pool.take()
        frame.pointee.stage = .request
        try pool.claim(frame.pointee.handle, in: .request).pointee.stage = .reservation
        let handle = 1 << 63 | Handle.pack(generation, 0)
        #expect(failure { () throws(EngineError) in _ = try pool.find(handle, in: .reservation) } == expected)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `puts a frame away before its generation wraps`(beforeLast: UInt64) throws {
        var pool = FramePool(firstGeneration: Handle.generationLast - beforeLast)
        let frame = try pool.take()
        frame.pointee.stage = .request
        let request = frame.pointee.handle
        try pool.claim(request, in: .request).pointee.stage = .reservation
        let reservation = frame.pointee.handle
        pool.giveBack(try pool.claim(reservation, in: .reservation))
        #expect(pool.openCount == 0)
        let next = try pool.take()
        #expect((next == frame) == (beforeLast > 2), "\(beforeLast) generations are left")
        #expect(pool.openCount == 1)
        for (handle, stage) in [(request, Frame.Stage.request), (reservation, .reservation)] {
            #expect(failure { () throws(EngineError) in _ = try pool.find(handle, in: stage) } == .alreadyFinalized)
        }
        pool.giveBack(next)
    }

    @Test func `takes no handle of another pool`() throws {
        var mine = FramePool()
        var other = FramePool()
        for _ in 0..<1000 {
            let frame = try mine.take()
            frame.pointee.stage = .reservation
            try other.take().pointee.stage = .reservation
            let handle = frame.pointee.handle
            #expect(try mine.find(handle, in: .reservation) == frame)
            #expect(failure { () throws(EngineError) in _ = try other.find(handle, in: .reservation) } == .notFound)
        }
    }

    @Test(arguments: [2, 3, 4])
    func `makes as many frames as it may, and says when there are no more`(wanted: Int) throws {
        var pool = FramePool(countMax: 3)
        let fault = failure { () throws(EngineError) in
            for _ in 0..<wanted { _ = try pool.take() }
        }
        #expect(fault == (wanted > 3 ? .limitReached : nil))
        #expect(pool.openCount == min(wanted, 3))
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
            again.pointee.keepOrder()
            #expect(again.pointee.order == own)
        }
    }

    @Test func `counts the frames in use`() throws {
        var pool = FramePool()
        let frames = try (0..<100).map { _ in try pool.take() }
        #expect(pool.openCount == 100)
        #expect(Set(frames).count == 100)
        for frame in frames { pool.giveBack(frame) }
        #expect(pool.openCount == 0)
        #expect(frames.contains(try pool.take()))
    }

    @Test func `gives a frame back with nothing left in it`() throws {
        var pool = FramePool()
        let frame = try pool.take()
        frame.pointee.slot = AccountSlot(number: 5)
        frame.pointee.frozenGroup = AccountGroupId(5)
        frame.pointee.findings.pointee.rejects.add(Reject(.other, .order, by: .engine, .engineClosed))
        _ = frame.pointee.findings.pointee.texts.add("left over")
        pool.giveBack(frame)
        #expect(frame.pointee.slot.isNone && frame.pointee.frozenGroup == nil)
        #expect(frame.pointee.findings.pointee.isEmpty && frame.pointee.mutations.isEmpty)
    }
}
