import CPlatform
import RiskBase

/// The state of one call on its way, with room for all it may come to say, and of the request or reservation it leaves, for a while:
/// see `FramePool`.
struct Frame: ~Copyable {
    // First, see docs/workarounds.md.
    let findings: UnsafeMutablePointer<Findings>
    /// The order of the call, where its caller has it; policies get its address, for it is too large to hand around. A request
    /// keeps it in the frame, and between calls it is nowhere else.
    var order: UnsafePointer<Order>
    private let ownOrder: UnsafeMutablePointer<Order>
    /// The next frame, in one that no call has.
    var nextSpare: FramePointer?
    /// Where the pool notes that the frame waits.
    var note: UnsafeMutablePointer<FramePointer?>
    /// That of the frame's handle, and what it stands for. No two frames have the same one.
    var number: UInt32
    var entry: HandleEntryPointer
    var slot: AccountSlot = .none
    /// The group that counts from the first hook of the order, or of the call, on.
    var frozenGroup: AccountGroupId?
    var mutations = Buffer<Mutation>()
    /// Whether there is a mutation that has something to do when it is kept.
    var hasCommits = false
    /// Whether every limit is asked what it has to do with the order.
    var isExplained = false
    /// Whether the order was answered before, and is answered again.
    var isRepeated = false
    /// What the ledger has told of the report.
    var settled = SettledReport()
    /// Whether it is not to be used again.
    var isLast = false

    private init(
        _ number: UInt32, _ entry: HandleEntryPointer, _ note: UnsafeMutablePointer<FramePointer?>,
        _ findings: UnsafeMutablePointer<Findings>, _ ownOrder: UnsafeMutablePointer<Order>
    ) {
        self.number = number
        self.entry = entry
        self.note = note
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
    static func make(
        _ number: UInt32, _ entry: HandleEntryPointer, _ note: UnsafeMutablePointer<FramePointer?>
    ) -> FramePointer? {
        let (frame, findings) = (allocate(Frame.self), allocate(Findings.self))
        guard let frame, let findings, let order = allocateOrder() else {
            cplatform_free(findings)
            cplatform_free(frame)
            return nil
        }
        findings.initialize(to: Findings())
        order.initialize(to: Order())
        frame.initialize(to: Frame(number, entry, note, findings, order))
        guard findings.pointee.reserveRoom(), frame.pointee.mutations.reserve(roomForMutations) else {
            destroy(frame)
            return nil
        }
        return frame
    }

    static func destroy(_ frame: FramePointer) {
        frame.deinitialize(count: 1)
        cplatform_free(frame)
    }

    private static func allocate<Value: ~Copyable>(_ type: Value.Type) -> UnsafeMutablePointer<Value>? {
        cplatform_allocate(1, MemoryLayout<Value>.stride)?.bindMemory(to: Value.self, capacity: 1)
    }

    /// Memory for an order, and behind it for the texts that are kept with it.
    private static func allocateOrder() -> UnsafeMutablePointer<Order>? {
        cplatform_allocate(1, MemoryLayout<Order>.stride + 2 * Order.keptTextLengthMax)?
            .bindMemory(to: Order.self, capacity: 1)
    }

    /// The legs of an order, and that it works.
    static var roomForMutations: Int { 3 }

    /// Makes sure that there is room for what one adjustment may say and write. `false` when memory has run out.
    mutating func reserveAdjustment() -> Bool {
        mutations.reserve(3) && findings.pointee.blocks.reserve(Findings.roomForRejects)
            && findings.pointee.outcomes.reserve(Findings.roomForGains)
    }

    /// Copies the order, whose caller is about to leave.
    mutating func keepOrder() {
        guard order != ownOrder else { return }
        keep(order.pointee)
    }

    private mutating func keep(_ other: Order) {
        ownOrder.pointee = other
        ownOrder.pointee.size = UInt32(MemoryLayout<Order>.size)
        if other.hasTexts { ownOrder.pointee.keepTexts(in: ownOrder + 1) }
        order = UnsafePointer(ownOrder)
    }

    /// Goes on with the order of a request.
    mutating func resume(_ request: KeptRequest) {
        keep(request.order)
        slot = request.slot
        frozenGroup = request.frozenGroup
    }

    /// What is to be kept of a request.
    var request: KeptRequest { KeptRequest(order: order.pointee, slot: slot, frozenGroup: frozenGroup) }

    /// Forgets where the caller's order lies, when its caller is about to leave.
    @inline(__always)
    mutating func forgetOrder() { order = UnsafePointer(ownOrder) }
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

// MARK: - Invariants

extension FramePointer {
    /// What does not hold together in the frame, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = pointee.mutations.checkInvariants() ?? findings.pointee.checkInvariants() { return broken }
        if pointee.mutations.capacity < Frame.roomForMutations {
            return "a frame has no room for what an order may change"
        }
        return findings.pointee.hasRoom ? nil : "a frame has no room for what a call may say"
    }
}
