import CPlatform
import RiskBase

/// The frames of an engine's calls, and the orders that wait between calls.
///
/// A frame does not move, so a call may use its own while other calls take frames. An order that has begun to wait stays in the
/// frame of its call, which is cheapest when it is finalised soon. When `waitingCountMax` more have begun to wait, what has to
/// be known of it later is packed in a place of its own, and the frame is free.
struct FramePool: ~Copyable {
    private var firstSpare: FramePointer?
    private var handles: HandleTable
    /// Frames whose orders wait, in a ring in the order in which they began to; `nil` where one has gone on. Behind the ring is one
    /// more, where frames note their going that are not in the ring. Every frame finds it; `nil` before the first one.
    private var ring: UnsafeMutablePointer<FramePointer?>?
    /// Where the next one comes.
    private var nextWaiting = 0
    private var frameCount = 0
    private let openCountMax: Int
    private var orders = KeptOrders()

    init(salt: UInt64 = Handle.makeSalt(), firstGeneration: UInt64 = 1, openCountMax: Int = Handle.openCountMax) {
        handles = HandleTable(salt: salt, firstGeneration: firstGeneration)
        self.openCountMax = openCountMax
    }

    deinit {
        for number in handles.numbers {
            let entry = handles.entry(number).pointee
            switch entry.kind {
            case .none: break
            case .request, .reservation: Frame.destroy(entry.frame)
            case .packed: KeptOrders.freeOutside(entry.order)
            }
        }
        var next = firstSpare
        while let frame = next {
            next = frame.pointee.nextSpare
            Frame.destroy(frame)
        }
        cplatform_free(ring)
    }

    /// Calls on their way, and requests and reservations that are open.
    var openCount: Int {
        var count = frameCount + orders.count
        var spare = firstSpare
        while let frame = spare {
            count -= 1
            spare = frame.pointee.nextSpare
        }
        return count
    }

    /// The memory of requests and reservations that are packed, for tests.
    var orderBytes: Int { orders.chunkBytes }
}

// MARK: - Frames

extension FramePool {
    /// A power of two.
    static var waitingCountMax: Int { 32 }
    /// As many frames are used again: more than wait, so that even then calls inside of calls take no memory.
    private static var frameCountMax: Int { waitingCountMax + 8 }
    /// No frame holds on to more room for texts than that.
    private static var textRoomMax: Int { 4096 }

    /// A frame for a call that leaves nothing open.
    @inline(__always)
    mutating func take() throws(EngineError) -> FramePointer {
        guard let frame = firstSpare else { return try add(Handle.numberCountMax) }
        firstSpare = frame.pointee.nextSpare
        return frame
    }

    /// A frame for a new order, which may be left to wait.
    @inline(__always)
    mutating func takeForOrder() throws(EngineError) -> FramePointer {
        guard let frame = firstSpare else { return try add(openCountMax) }
        firstSpare = frame.pointee.nextSpare
        return frame
    }

    /// Ends the call of a frame, which is empty afterwards.
    @inline(__always)
    mutating func giveBack(_ frame: FramePointer) {
        frame.pointee.forgetOrder()
        frame.pointee.slot = .none
        frame.pointee.frozenGroup = nil
        if !frame.findings.pointee.isEmpty { frame.findings.pointee.removeAll(keepingTexts: Self.textRoomMax) }
        frame.pointee.mutations.removeAll()
        frame.pointee.hasCommits = false
        guard !frame.pointee.isLast else { return destroy(frame) }
        frame.pointee.nextSpare = firstSpare
        firstSpare = frame
    }

    @inline(never)
    private mutating func add(_ numberCountMax: Int) throws(EngineError) -> FramePointer {
        guard ring != nil || makeRing(), let number = handles.takeNumber(of: numberCountMax) else {
            throw .limitReached
        }
        let entry = handles.entry(number)
        guard let frame = Frame.make(number, entry, waiting + Self.waitingCountMax) else {
            handles.giveBack(number)
            throw .limitReached
        }
        entry.pointee.place = UnsafeMutableRawPointer(frame)
        frameCount += 1
        frame.pointee.isLast = frameCount > Self.frameCountMax
        return frame
    }

    private mutating func makeRing() -> Bool {
        let count = Self.waitingCountMax + 1
        guard let memory = cplatform_allocate(count, MemoryLayout<FramePointer?>.stride) else { return false }
        let ring = memory.bindMemory(to: FramePointer?.self, capacity: count)
        ring.initialize(repeating: nil, count: count)
        self.ring = ring
        return true
    }

    @inline(__always)
    private var waiting: UnsafeMutablePointer<FramePointer?> { ring.unsafelyUnwrapped }

    @inline(never)
    private mutating func destroy(_ frame: FramePointer) {
        frameCount -= 1
        handles.giveBack(frame.pointee.number)
        Frame.destroy(frame)
    }
}

// MARK: - Orders that wait in their frames

extension FramePool {
    /// Ends the call of a frame, whose order waits as a reservation under the handle that is returned.
    @inline(__always)
    mutating func keepReservation(_ frame: FramePointer) -> UInt64 {
        frame.pointee.forgetOrder()
        return keep(frame, .reservation)
    }

    /// The same as a request.
    @inline(__always)
    mutating func keepRequest(_ frame: FramePointer) -> UInt64 {
        frame.pointee.keepOrder()
        return keep(frame, .request)
    }

    /// The handle that the order of a frame will have when it is kept.
    func nextHandle(of frame: FramePointer) -> UInt64 { handles.next(frame.pointee.number, frame.pointee.entry) }

    /// The same, which stands for nothing outside from now on: the order is one of several that are kept together.
    func spendHandle(of frame: FramePointer) -> UInt64 {
        let handle = nextHandle(of: frame)
        frame.pointee.entry.pointee.renew()
        if !frame.pointee.entry.pointee.isFresh { frame.pointee.isLast = true }
        return handle
    }

    @inline(__always)
    private mutating func keep(_ frame: FramePointer, _ kind: HandleEntry.Kind) -> UInt64 {
        let note = waiting + nextWaiting
        if let oldest = note.pointee { pack(oldest) }
        note.pointee = frame
        frame.pointee.note = note
        nextWaiting = (nextWaiting &+ 1) & (Self.waitingCountMax - 1)
        return handles.issue(frame.pointee.number, frame.pointee.entry, kind)
    }

    /// Goes on with an order that is still in its frame; `nil` when there is none of that kind. From now on the handle is stale.
    @inline(__always)
    mutating func claim(_ handle: UInt64, _ kind: HandleEntry.Kind) -> FramePointer? {
        guard let entry = handles.find(handle, kind) else { return nil }
        entry.pointee.renew()
        let frame = entry.pointee.frame
        frame.pointee.note.pointee = nil
        if !entry.pointee.isFresh { frame.pointee.isLast = true }
        return frame
    }

    /// Tells what the call of an open reservation told.
    mutating func read(
        reservation: UInt64, into result: UnsafeMutablePointer<Findings>
    ) throws(EngineError) {
        if let entry = handles.find(reservation, .reservation) {
            guard result.pointee.assign(entry.pointee.frame.findings) else { throw .limitReached }
            return
        }
        let order = handles.entry(try handles.findPacked(reservation, .reservation)).pointee.order
        guard order.read(into: result) else { throw .limitReached }
    }

    /// How many mutations a rollback of the reservation would undo.
    func mutationCount(of reservation: UInt64) throws(EngineError) -> Int {
        if let entry = handles.find(reservation, .reservation) { return entry.pointee.frame.pointee.mutations.count }
        return handles.entry(try handles.findPacked(reservation, .reservation)).pointee.order.mutations.count
    }

    /// Goes on with a request, whose handle is stale from now on.
    @inline(__always)
    mutating func resume(request: UInt64) throws(EngineError) -> FramePointer {
        guard let frame = claim(request, .request) else { return try resumePacked(request) }
        return frame
    }

    /// Forgets a request; any other handle is ignored.
    mutating func drop(request: UInt64) {
        if let frame = claim(request, .request) { return giveBack(frame) }
        guard let order = try? claimPacked(request, .request) else { return }
        remove(order)
    }
}

// MARK: - Orders that are packed

extension FramePool {
    /// Packs the order of a frame that waits. It stays in the frame when there is no memory for it.
    @inline(never)
    private mutating func pack(_ frame: FramePointer) {
        let entry = frame.pointee.entry
        let order = entry.pointee.kind == .request ? orders.pack(requestOf: frame) : orders.pack(frame)
        guard let order, let number = handles.takeNumber(of: openCountMax) else {
            if let order { orders.remove(order) }
            frame.pointee.note = waiting + Self.waitingCountMax
            return
        }
        // The number goes with the order, and the frame gets another one.
        entry.pointee.kind = .packed
        entry.pointee.place = UnsafeMutableRawPointer(order)
        frame.pointee.number = number
        frame.pointee.entry = handles.entry(number)
        frame.pointee.entry.pointee.place = UnsafeMutableRawPointer(frame)
        giveBack(frame)
    }

    /// Packs all that waits in frames, for tests.
    mutating func packWaiting() {
        guard ring != nil else { return }
        for note in UnsafeMutableBufferPointer(start: waiting, count: Self.waitingCountMax) {
            if let note { pack(note) }
        }
        waiting.update(repeating: nil, count: Self.waitingCountMax)
    }

    /// Takes over an order that is packed, to be finalised and then removed: from now on its handle is stale.
    mutating func claimPacked(_ handle: UInt64, _ stage: KeptOrder.Stage) throws(EngineError) -> KeptOrderPointer {
        let number = try handles.findPacked(handle, stage)
        let entry = handles.entry(number)
        let order = entry.pointee.order
        entry.pointee.renew()
        handles.giveBack(number)
        return order
    }

    /// Forgets an order that was claimed.
    mutating func remove(_ order: KeptOrderPointer) { orders.remove(order) }

    @inline(never)
    private mutating func resumePacked(_ request: UInt64) throws(EngineError) -> FramePointer {
        _ = try handles.findPacked(request, .request)
        let frame = try take()
        let order = try claimPacked(request, .request)
        frame.pointee.resume(order.request)
        remove(order)
        return frame
    }
}
