import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `A pool of frames` {
    @Test func `never gives out the handle 0`() {
        var pool = FramePool()
        #expect(pool.take().pointee.handle != 0)
        #expect(failure { () throws(EngineError) in _ = try pool.find(0, in: .running) } == .notFound)
    }

    @Test func `uses a frame again and makes old handles stale`() throws {
        var pool = FramePool()
        let first = pool.take()
        first.pointee.stage = .request
        let old = first.pointee.handle
        let frame = try pool.claim(old, in: .request)
        #expect(frame == first && frame.pointee.stage == .running)
        #expect(failure { () throws(EngineError) in _ = try pool.claim(old, in: .request) } == .alreadyFinalized)
        pool.giveBack(frame)
        #expect(failure { () throws(EngineError) in _ = try pool.find(old, in: .request) } == .alreadyFinalized)
        let again = pool.take()
        again.pointee.stage = .request
        #expect(again == first)
        #expect(failure { () throws(EngineError) in _ = try pool.find(old, in: .request) } == .alreadyFinalized)
        #expect(try pool.find(again.pointee.handle, in: .request) == again)
    }

    @Test func `does not take a request for a reservation`() throws {
        var pool = FramePool()
        let frame = pool.take()
        frame.pointee.stage = .request
        let handle = frame.pointee.handle
        #expect(failure { () throws(EngineError) in _ = try pool.claim(handle, in: .reservation) } == .notFound)
        frame.pointee.stage = .reservation
        #expect(failure { () throws(EngineError) in _ = try pool.claim(handle, in: .request) } == .notFound)
        #expect(try pool.claim(handle, in: .reservation) == frame)
    }

    @Test(arguments: [1, 7, .max] as [UInt32])
    func `knows no frame it did not make`(number: UInt32) {
        var pool = FramePool()
        _ = pool.take()
        let handle = 1 << 32 | UInt64(number)
        #expect(failure { () throws(EngineError) in _ = try pool.find(handle, in: .running) } == .notFound)
    }

    @Test func `goes on after the last generation`() {
        var frame = Frame(number: 3)
        frame.generation = .max - 1
        frame.renew()
        #expect(frame.handle == UInt64(UInt32.max) << 32 | 3)
        frame.renew()
        #expect(frame.handle == 1 << 32 | 3)
    }

    @Test func `counts the frames in use`() {
        var pool = FramePool()
        let frames = (0..<100).map { _ in pool.take() }
        #expect(pool.openCount == 100)
        #expect(Set(frames).count == 100)
        for frame in frames { pool.giveBack(frame) }
        #expect(pool.openCount == 0)
        #expect(frames.contains(pool.take()))
    }

    @Test func `gives a frame back with nothing left in it`() {
        var pool = FramePool()
        let frame = pool.take()
        frame.pointee.slot = AccountSlot(number: 5)
        frame.pointee.frozenGroup = AccountGroupId(5)
        frame.pointee.findings.pointee.rejects.add(Reject(.other, .order, by: .engine, .engineClosed))
        _ = frame.pointee.findings.pointee.texts.add("left over")
        pool.giveBack(frame)
        #expect(frame.pointee.slot.isNone && frame.pointee.frozenGroup == nil)
        #expect(frame.pointee.findings.pointee.isEmpty && frame.pointee.mutations.isEmpty)
    }
}
