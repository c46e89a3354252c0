import CPlatform
import RiskBase

/// The state of one order on its way: while a call runs, while a request waits, while a reservation is open.
///
/// Frames are made once and used again. A handle is a frame's number and generation, see `Handle`, so an old handle is an
/// answer.
struct Frame: ~Copyable {
    enum Stage: BitwiseCopyable {
        case free, running, request, reservation
    }

    // First, see docs/workarounds.md.
    let findings: UnsafeMutablePointer<Findings>
    let number: UInt32
    private let salt: UInt64
    private(set) var generation: UInt64
    var stage = Stage.free
    /// The order of the call, where its caller has it; policies get its address, for it is too large to hand around. A request
    /// keeps it in the frame, and between calls it is nowhere else.
    var order: UnsafePointer<Order>
    private let ownOrder: UnsafeMutablePointer<Order>
    var slot: AccountSlot = .none
    /// The group that counts from the first hook of the order, or of the call, on.
    var frozenGroup: AccountGroupId?
    var mutations = Buffer<Mutation>()
    /// Whether there is a mutation that has something to do when it is kept.
    var hasCommits = false

    private init(
        number: UInt32, salt: UInt64, generation: UInt64, findings: UnsafeMutablePointer<Findings>,
        ownOrder: UnsafeMutablePointer<Order>
    ) {
        self.number = number
        self.salt = salt
        self.generation = generation
        self.findings = findings
        self.ownOrder = ownOrder
        order = UnsafePointer(ownOrder)
    }

    deinit {
        cplatform_free(ownOrder)
        findings.deinitialize(count: 1)
        cplatform_free(findings)
    }

    /// A frame with room for whatever a call of an order may say and write, so that none is asked for on the way; `nil` when
    /// memory has run out.
    static func make(number: UInt32, salt: UInt64, generation: UInt64) -> FramePointer? {
        let findings = place(of: Findings.self)
        let ownOrder = place(of: Order.self)
        guard let frame = place(of: Frame.self), let findings, let ownOrder else {
            cplatform_free(findings)
            cplatform_free(ownOrder)
            return nil
        }
        findings.initialize(to: Findings())
        ownOrder.initialize(to: Order())
        frame.initialize(
            to: Frame(number: number, salt: salt, generation: generation, findings: findings, ownOrder: ownOrder))
        guard findings.pointee.reserveRoom(), frame.pointee.mutations.reserve(roomForMutations) else {
            free(frame)
            return nil
        }
        return frame
    }

    static func free(_ frame: FramePointer) {
        frame.deinitialize(count: 1)
        cplatform_free(frame)
    }

    private static func place<Value: ~Copyable>(of type: Value.Type) -> UnsafeMutablePointer<Value>? {
        cplatform_allocate_zeroed(1, MemoryLayout<Value>.stride, 16)?.bindMemory(to: Value.self, capacity: 1)
    }

    /// The legs of an order.
    static var roomForMutations: Int { 2 }

    /// Makes sure that there is room for what one adjustment may say and write. `false` when memory has run out.
    mutating func reserveAdjustment() -> Bool {
        mutations.reserve(3) && findings.pointee.blocks.reserve(Findings.roomForRejects)
            && findings.pointee.outcomes.reserve(Findings.roomForGains)
    }

    /// Copies the order, whose caller is about to leave.
    mutating func keepOrder() {
        guard order != ownOrder else { return }
        ownOrder.pointee = order.pointee
        ownOrder.pointee.size = UInt32(MemoryLayout<Order>.size)
        order = UnsafePointer(ownOrder)
    }

    /// Forgets where the caller's order lies, when its caller is about to leave.
    @inline(__always)
    mutating func forgetOrder() { order = UnsafePointer(ownOrder) }

    /// What stands for this frame outside; never 0.
    @inline(__always)
    var handle: UInt64 { Handle.pack(generation, number) ^ salt }

    /// Makes the handle that was given out stale.
    @inline(__always)
    mutating func renew() { generation &+= 1 }

    /// Whether the frame has generations left for one more use. One that has not is put away for good: its old handles
    /// must never be valid again.
    @inline(__always)
    var isFresh: Bool { generation < Handle.generationLast }
}

typealias FramePointer = UnsafeMutablePointer<Frame>

extension FramePointer {
    /// What the call has to say.
    @inline(__always)
    var findings: UnsafeMutablePointer<Findings> { pointee.findings }

    /// The order of the call.
    @inline(__always)
    var order: UnsafePointer<Order> { pointee.order }

    /// The account's group as the first hook found it, so that all that judge one order judge the same; without hooks, as it
    /// is now.
    @inline(__always)
    func accountGroup(in accounts: borrowing Accounts) -> AccountGroupId {
        pointee.frozenGroup ?? accounts.group(of: pointee.slot)
    }
}

/// Frames by number. They do not move, so a call may hold its frame's address while other calls take frames.
struct FramePool: ~Copyable {
    private var frames = Buffer<FramePointer>()
    private var freeNumbers = Buffer<UInt32>()
    private var retiredCount = 0
    private let salt: UInt64
    /// The generation that new frames begin with; tests begin close to the last one.
    private let firstGeneration: UInt64
    private let countMax: Int

    init(salt: UInt64 = Handle.makeSalt(), firstGeneration: UInt64 = 1, countMax: Int = Handle.frameCountMax) {
        self.salt = salt
        self.firstGeneration = firstGeneration
        self.countMax = countMax
    }

    deinit {
        for frame in frames.contents { Frame.free(frame) }
    }

    var openCount: Int { frames.count - freeNumbers.count - retiredCount }

    @inline(__always)
    mutating func take() throws(EngineError) -> FramePointer {
        let frame = freeNumbers.isEmpty ? try add() : frames[Int(freeNumbers.removeLast())]
        frame.pointee.stage = .running
        return frame
    }

    /// Makes the frame free again. A handle of it that was given out is stale since it was claimed.
    @inline(__always)
    mutating func giveBack(_ frame: FramePointer) {
        frame.pointee.stage = .free
        frame.pointee.forgetOrder()
        frame.pointee.slot = .none
        frame.pointee.frozenGroup = nil
        if !frame.findings.pointee.isEmpty { frame.findings.pointee.removeAll() }
        frame.pointee.mutations.removeAll()
        frame.pointee.hasCommits = false
        guard frame.pointee.isFresh else { return retiredCount += 1 }
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
        let (generation, number) = Handle.unpack(handle ^ salt)
        guard number < frames.count else { throw .notFound }
        let frame = frames[number]
        guard frame.pointee.generation == generation else {
            // Later generations, and those before the first, were never handed out: by this engine at least.
            throw (firstGeneration..<frame.pointee.generation).contains(generation) ? .alreadyFinalized : .notFound
        }
        guard frame.pointee.stage == stage else { throw .notFound }
        return frame
    }

    @inline(never)
    private mutating func add() throws(EngineError) -> FramePointer {
        // There are no free ones, so there is room for as many as there will be.
        guard frames.count < countMax, frames.reserve(1), freeNumbers.reserve(frames.count + 1),
            let frame = Frame.make(number: UInt32(frames.count), salt: salt, generation: firstGeneration)
        else { throw .limitReached }
        frames.append(frame)
        return frame
    }
}
