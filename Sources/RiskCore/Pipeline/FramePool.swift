import CPlatform
import RiskBase

/// The frames of an engine's calls, and the orders that wait between calls.
///
/// A frame does not move, so a call may use its own while other calls take frames. There are as many as calls are on their way,
/// one inside the other or in several threads, and a few to spare.
struct FramePool: ~Copyable {
    private var firstSpare: FramePointer?
    private var spareCount = 0
    private var orders: KeptOrders
    private let countMax: Int

    init(salt: UInt64 = Handle.makeSalt(), firstGeneration: UInt64 = 1, countMax: Int = Handle.placeCountMax) {
        orders = KeptOrders(salt: salt, firstGeneration: firstGeneration)
        self.countMax = countMax
    }

    deinit {
        var next = firstSpare
        while let frame = next {
            next = frame.pointee.nextSpare
            Frame.destroy(frame)
        }
    }

    /// Calls on their way, and requests and reservations that are open. Each frame has a place, too.
    @inline(__always)
    var openCount: Int { orders.count &- spareCount }

    /// The memory of requests and reservations, for tests.
    var orderBytes: Int { orders.chunkBytes }
}

// MARK: - Frames

extension FramePool {
    private static var spareCountMax: Int { 8 }
    /// No frame holds on to more room for texts than that.
    private static var textRoomMax: Int { 4096 }

    /// A frame for a call. What may be left to wait of it is certain to find a place.
    @inline(__always)
    mutating func take() throws(EngineError) -> FramePointer {
        guard let frame = firstSpare else { return try add() }
        firstSpare = frame.pointee.nextSpare
        spareCount &-= 1
        return frame
    }

    /// A frame for a new order, which may be left to wait.
    @inline(__always)
    mutating func takeForOrder() throws(EngineError) -> FramePointer {
        guard openCount < countMax else { throw .limitReached }
        return try take()
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
        guard spareCount < Self.spareCountMax else { return destroy(frame) }
        frame.pointee.nextSpare = firstSpare
        firstSpare = frame
        spareCount &+= 1
    }

    @inline(never)
    private mutating func add() throws(EngineError) -> FramePointer {
        guard let order = orders.take(.least) else { throw .limitReached }
        order.pointee.stage = .none
        order.pointee.home = .here
        guard let frame = Frame.make(order) else {
            orders.remove(order)
            throw .limitReached
        }
        return frame
    }

    @inline(never)
    private mutating func destroy(_ frame: FramePointer) {
        orders.remove(frame.pointee.place)
        Frame.destroy(frame)
    }
}

// MARK: - Orders that wait

extension FramePool {
    /// Ends the call of a frame, whose order waits as a reservation under the handle that is returned.
    @inline(__always)
    mutating func keepReservation(_ frame: FramePointer) -> UInt64 {
        guard frame.tellsHolds, let order = takePlace(frame.holdsSize) else { return keepAnyReservation(frame) }
        order.packHolds(frame)
        frame.findings.pointee.forgetHolds()
        return keep(order, as: .reservation, insteadOf: frame)
    }

    @inline(never)
    private mutating func keepAnyReservation(_ frame: FramePointer) -> UInt64 {
        let size = frame.reservationSize
        guard let order = takePlace(size) else { return keepLarge(frame, size) }
        order.pack(frame, into: order.rest)
        return keep(order, as: .reservation, insteadOf: frame)
    }

    /// A place with room for so many bytes behind it, if places are as large as that.
    @inline(__always)
    private mutating func takePlace(_ size: Int) -> KeptOrderPointer? {
        guard size <= PlaceSize.bytesMax, let order = orders.take(PlaceSize(holding: size)) else { return nil }
        order.pointee.home = .here
        return order
    }

    /// The same as a request.
    @inline(never)
    mutating func keepRequest(_ frame: FramePointer) -> UInt64 {
        guard let order = takePlace(KeptOrder.requestSize) else {
            frame.pointee.resume(frame.pointee.request)
            return keepWhole(frame, as: .request)
        }
        order.rest.bindMemory(to: KeptRequest.self, capacity: 1).initialize(to: frame.pointee.request)
        return keep(order, as: .request, insteadOf: frame)
    }

    @inline(__always)
    private mutating func keep(
        _ order: KeptOrderPointer, as stage: KeptOrder.Stage, insteadOf frame: FramePointer
    ) -> UInt64 {
        order.pointee.stage = stage
        giveBack(frame)
        return orders.handle(of: order)
    }

    /// Keeps a reservation that is larger than places are, or for which there is none.
    @inline(never)
    private mutating func keepLarge(_ frame: FramePointer, _ size: Int) -> UInt64 {
        if size <= KeptOrder.sizeMax, let memory = cplatform_allocate(size, 1) {
            if let order = orders.take(.least) {
                order.pointee.home = .elsewhere
                order.outside = memory
                order.pack(frame, into: memory)
                return keep(order, as: .reservation, insteadOf: frame)
            }
            cplatform_free(memory)
        }
        frame.pointee.forgetOrder()
        return keepWhole(frame, as: .reservation)
    }

    /// Has the order wait in its frame, in want of other memory. The next call takes another frame, or is refused.
    private mutating func keepWhole(_ frame: FramePointer, as stage: KeptOrder.Stage) -> UInt64 {
        let order = frame.pointee.place
        order.pointee.home = .frame
        order.outside = UnsafeMutableRawPointer(frame)
        order.pointee.hasCommits = frame.pointee.hasCommits
        order.pointee.stage = stage
        return orders.handle(of: order)
    }

    /// The reservation that is open under `handle`.
    mutating func find(reservation: UInt64) throws(EngineError) -> KeptOrderPointer {
        try orders.find(reservation, in: .reservation)
    }

    /// The same, to be finalised and then removed: from now on the handle is stale.
    @inline(__always)
    mutating func claim(reservation: UInt64) throws(EngineError) -> KeptOrderPointer {
        let order = try orders.find(reservation, in: .reservation)
        order.renew()
        return order
    }

    /// Forgets an order that was claimed.
    @inline(__always)
    mutating func remove(_ order: KeptOrderPointer) {
        guard order.pointee.home == .here else { return removeOutside(order) }
        orders.remove(order)
    }

    /// Goes on with a request, whose handle is stale from now on.
    mutating func resume(request: UInt64) throws(EngineError) -> FramePointer {
        let order = try orders.find(request, in: .request)
        let frame = try take()
        frame.pointee.resume(order.request)
        order.renew()
        remove(order)
        return frame
    }

    /// Forgets a request; any other handle is ignored.
    mutating func drop(request: UInt64) {
        guard let order = try? orders.find(request, in: .request) else { return }
        order.renew()
        remove(order)
    }

    @inline(never)
    private mutating func removeOutside(_ order: KeptOrderPointer) {
        let (home, outside) = (order.pointee.home, order.outside)
        order.pointee.home = .here
        guard home == .frame else {
            cplatform_free(outside)
            return orders.remove(order)
        }
        let frame = outside.assumingMemoryBound(to: Frame.self)
        if order.pointee.isFresh { giveBack(frame) } else { destroy(frame) }
    }
}
