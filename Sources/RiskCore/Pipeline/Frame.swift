import RiskBase

/// The state of one order on its way: while a call runs, while a request waits, while a reservation is open.
///
/// Frames are made once and used again. A handle is a frame's number and generation, so an old handle is an answer.
struct Frame: ~Copyable {
    enum Stage: BitwiseCopyable {
        case free, running, request, reservation
    }

    // First, see docs/workarounds.md.
    let findings = Self.place(Findings())
    let number: UInt32
    var generation: UInt32 = 1
    var stage = Stage.free
    /// The order of the call, where its caller has it; policies get its address, for it is too large to hand around. A request
    /// keeps it in the frame.
    var order: UnsafePointer<Order>
    private let ownOrder: UnsafeMutablePointer<Order>
    var slot: AccountSlot = .none
    /// The group that custom policies see, from the first hook on.
    var frozenGroup: AccountGroupId?
    var mutations = Buffer<Mutation>()
    /// Whether there is a mutation that has something to do when it is kept.
    var hasCommits = false

    init(number: UInt32) {
        self.number = number
        ownOrder = Self.place(Order())
        order = UnsafePointer(ownOrder)
    }

    deinit {
        ownOrder.deallocate()
        findings.deinitialize(count: 1)
        findings.deallocate()
    }

    private static func place<Value: ~Copyable>(_ value: consuming Value) -> UnsafeMutablePointer<Value> {
        let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
        place.initialize(to: value)
        return place
    }

    /// Copies the order, whose caller is about to leave.
    mutating func keepOrder() {
        guard order != ownOrder else { return }
        ownOrder.pointee = order.pointee
        ownOrder.pointee.size = UInt32(MemoryLayout<Order>.size)
        order = UnsafePointer(ownOrder)
    }

    /// What stands for this frame outside; never 0.
    var handle: UInt64 { UInt64(generation) << 32 | UInt64(number) }

    /// Makes the handles given out so far stale.
    @inline(__always)
    mutating func renew() {
        generation = generation == .max ? 1 : generation + 1
    }
}

typealias FramePointer = UnsafeMutablePointer<Frame>

extension FramePointer {
    /// What the call has to say.
    @inline(__always)
    var findings: UnsafeMutablePointer<Findings> { pointee.findings }

    /// The order of the call.
    @inline(__always)
    var order: UnsafePointer<Order> { pointee.order }
}

/// Frames by number. They do not move, so a call may hold its frame's address while other calls take frames.
struct FramePool: ~Copyable {
    private var frames = Buffer<FramePointer>()
    private var freeNumbers = Buffer<UInt32>()

    init() {}

    deinit {
        for frame in frames.contents {
            frame.deinitialize(count: 1)
            frame.deallocate()
        }
    }

    var openCount: Int { frames.count - freeNumbers.count }

    @inline(__always)
    mutating func take() -> FramePointer {
        let frame = freeNumbers.isEmpty ? add() : frames[Int(freeNumbers.removeLast())]
        frame.pointee.stage = .running
        return frame
    }

    /// Makes the frame free again and its handle stale.
    @inline(__always)
    mutating func giveBack(_ frame: FramePointer) {
        frame.pointee.stage = .free
        frame.pointee.renew()
        frame.pointee.slot = .none
        frame.pointee.frozenGroup = nil
        if !frame.findings.pointee.isEmpty { frame.findings.pointee.removeAll() }
        frame.pointee.mutations.removeAll()
        frame.pointee.hasCommits = false
        freeNumbers.append(frame.pointee.number)
    }

    /// The frame that waits under `handle` in that stage. From now on the handle is stale.
    @inline(__always)
    func claim(_ handle: UInt64, in stage: Frame.Stage) throws(EngineError) -> FramePointer {
        let frame = try find(handle, in: stage)
        frame.pointee.stage = .running
        frame.pointee.renew()
        return frame
    }

    @inline(__always)
    func find(_ handle: UInt64, in stage: Frame.Stage) throws(EngineError) -> FramePointer {
        let number = Int(UInt32(truncatingIfNeeded: handle))
        let generation = UInt32(truncatingIfNeeded: handle >> 32)
        guard generation != 0, number < frames.count else { throw .notFound }
        let frame = frames[number]
        guard frame.pointee.generation == generation else { throw .alreadyFinalized }
        guard frame.pointee.stage == stage else { throw .notFound }
        return frame
    }

    @inline(never)
    private mutating func add() -> FramePointer {
        let frame = FramePointer.allocate(capacity: 1)
        frame.initialize(to: Frame(number: UInt32(frames.count)))
        frames.append(frame)
        return frame
    }
}
