import Decimals
import RiskBase

/// A request that waits or a reservation that is open and has left its frame: this head and, right behind it, what has to be known
/// later, in a block of memory that is hardly larger than that takes.
struct KeptOrder: BitwiseCopyable {
    enum Stage: UInt8, BitwiseCopyable {
        case request, reservation
    }

    /// `nil` for an order that has a block of its own, because it is larger than places are.
    let chunk: KeptChunkPointer?
    var stage = Stage.reservation
    /// Whether there is a mutation that has something to do when it is kept.
    var hasCommits = false
    /// Whether the outcomes are not kept, because they follow from what was noted for taking holds back.
    var tellsHolds = false
    var mutationCount: UInt32 = 0
    var outcomeCount: UInt32 = 0
    var lockCount: UInt32 = 0
    // A drop copy may have asked for blocks. Their texts are there when they are.
    var blockCount: UInt32 = 0
    var textLength: UInt32 = 0

    init(chunk: KeptChunkPointer?) { self.chunk = chunk }
}

/// What is left of the order of a request. Its texts follow it.
struct KeptRequest: BitwiseCopyable {
    var order: Order
    let slot: AccountSlot
    let frozenGroup: AccountGroupId?
}

typealias KeptOrderPointer = UnsafeMutablePointer<KeptOrder>

// MARK: - Sizes

extension KeptOrder {
    /// As large as the head, and aligned as whatever follows.
    static var headSize: Int { (MemoryLayout<KeptOrder>.stride + 15) & ~15 }

    /// What a request takes that has no texts.
    static var requestSize: Int { headSize + MemoryLayout<KeptRequest>.stride }

    /// No more than the counts can count.
    static var sizeMax: Int { 1 << 30 }
}

extension FramePointer {
    /// Whether all there is to tell is of holds, each of another asset, and follows from them.
    fileprivate var tellsHolds: Bool {
        let (outcomes, lock) = (findings.pointee.outcomes.contents, findings.pointee.lock.contents)
        guard findings.pointee.blocks.isEmpty, lock.count == 1, outcomes.count == pointee.mutations.count else {
            return false
        }
        // Outcomes are large, and are read where they are.
        for index in 0..<outcomes.count {
            guard case .cash(.hold(_, let leg, _)) = pointee.mutations[index], leg.asset == outcomes[index].asset,
                outcomes[index].policyGroup == lock[0].policyGroup
            else { return false }
            for earlier in 0..<index where outcomes[earlier].asset == leg.asset { return false }
        }
        return true
    }

    /// What a reservation takes. Texts count when there are blocks, and are left from what was taken back when there are none.
    fileprivate func reservationSize(_ tellsHolds: Bool) -> Int {
        let size =
            KeptOrder.headSize + pointee.mutations.count * MemoryLayout<Mutation>.stride
            + findings.pointee.lock.count * MemoryLayout<LockEntry>.stride
        if tellsHolds { return size }
        let blockCount = findings.pointee.blocks.count
        return size + findings.pointee.outcomes.count * MemoryLayout<Outcome>.stride
            + (blockCount == 0 ? 0 : blockCount * MemoryLayout<Reject>.stride + findings.pointee.texts.count)
    }
}

// MARK: - Packing

extension KeptOrders {
    /// Packs the reservation of a frame, or nothing when there is no memory for it.
    mutating func pack(_ frame: FramePointer) -> KeptOrderPointer? {
        let tellsHolds = frame.tellsHolds
        guard let order = take(frame.reservationSize(tellsHolds)) else { return nil }
        order.pack(frame, tellsHolds)
        return order
    }

    /// The same for a request.
    mutating func pack(requestOf frame: FramePointer) -> KeptOrderPointer? {
        let textLength = frame.order.pointee.keptTextLength
        guard let order = take(KeptOrder.requestSize + textLength) else { return nil }
        order.pointee.stage = .request
        let request = order.rest.bindMemory(to: KeptRequest.self, capacity: 1)
        request.initialize(to: frame.pointee.request)
        if frame.order.pointee.hasTexts { request.pointee.order.keepTexts(in: request + 1) }
        return order
    }
}

extension KeptOrderPointer {
    /// What follows the head.
    @inline(__always)
    var rest: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) + KeptOrder.headSize }

    /// The next place without an order, in one of these.
    @inline(__always)
    var nextVacant: KeptOrderPointer? {
        get { rest.load(as: KeptOrderPointer?.self) }
        nonmutating set { rest.storeBytes(of: newValue, as: KeptOrderPointer?.self) }
    }

    /// What was kept of a request.
    var request: KeptRequest { rest.load(as: KeptRequest.self) }

    /// Takes down what the frame found, for which there is room.
    fileprivate func pack(_ frame: FramePointer, _ tellsHolds: Bool) {
        pointee.hasCommits = frame.pointee.hasCommits
        pointee.tellsHolds = tellsHolds
        var end = rest
        pointee.mutationCount = Self.copy(frame.pointee.mutations.contents, to: &end)
        pointee.lockCount = Self.copy(frame.findings.pointee.lock.contents, to: &end)
        if tellsHolds { return }
        pointee.outcomeCount = Self.copy(frame.findings.pointee.outcomes.contents, to: &end)
        pointee.blockCount = Self.copy(frame.findings.pointee.blocks.contents, to: &end)
        if pointee.blockCount != 0 { pointee.textLength = Self.copy(frame.findings.pointee.texts.contents, to: &end) }
    }

    @inline(__always)
    private static func copy<Item: BitwiseCopyable>(
        _ items: UnsafeBufferPointer<Item>, to end: inout UnsafeMutableRawPointer
    ) -> UInt32 {
        guard let source = items.baseAddress, !items.isEmpty else { return 0 }
        let length = items.count &* MemoryLayout<Item>.stride
        end.copyMemory(from: source, byteCount: length)
        end += length
        return UInt32(truncatingIfNeeded: items.count)
    }

    /// What there is to do when the reservation is finalised.
    @inline(__always)
    var mutations: UnsafeBufferPointer<Mutation> {
        UnsafeBufferPointer(start: rest.assumingMemoryBound(to: Mutation.self), count: Int(pointee.mutationCount))
    }

    /// Tells what the reservation's call told.
    func read(into result: UnsafeMutablePointer<Findings>) -> Bool {
        result.pointee.removeAll()
        let outcomeCount = Int(pointee.tellsHolds ? pointee.mutationCount : pointee.outcomeCount)
        guard result.pointee.lock.reserve(Int(pointee.lockCount)), result.pointee.outcomes.reserve(outcomeCount),
            result.pointee.blocks.reserve(Int(pointee.blockCount)),
            result.pointee.texts.reserve(Int(pointee.textLength))
        else { return false }
        var end = rest + Int(pointee.mutationCount) * MemoryLayout<Mutation>.stride
        result.pointee.lock.append(contentsOf: Self.take(pointee.lockCount, from: &end))
        if pointee.tellsHolds {
            tellHolds(to: result)
            return true
        }
        result.pointee.outcomes.append(contentsOf: Self.take(pointee.outcomeCount, from: &end))
        result.pointee.blocks.append(contentsOf: Self.take(pointee.blockCount, from: &end))
        // The blocks name places in the texts, which begin where they did.
        result.pointee.texts.append(contentsOf: Self.take(pointee.textLength, from: &end))
        return true
    }

    /// The lock price is of the same policy group.
    private func tellHolds(to result: UnsafeMutablePointer<Findings>) {
        guard let group = result.pointee.lockEntry(at: 0)?.policyGroup else { return }
        for mutation in mutations {
            guard case .cash(.hold(_, let leg, let before)) = mutation else { continue }
            result.pointee.outcomes.append(Outcome(of: leg, before, group))
        }
    }

    private static func take<Item: BitwiseCopyable>(
        _ count: UInt32, from end: inout UnsafeMutableRawPointer
    ) -> UnsafeBufferPointer<Item> {
        let items = UnsafeBufferPointer(start: end.assumingMemoryBound(to: Item.self), count: Int(count))
        end += Int(count) * MemoryLayout<Item>.stride
        return items
    }
}

extension Outcome {
    /// What a leg makes of what was there before; it was found to fit when it was set aside.
    fileprivate init(of leg: OrderLeg, _ before: Amounts, _ group: PolicyGroupId) {
        self.init(policyGroup: group, asset: leg.asset)
        switch leg.kind {
        case .incoming:
            incoming = before.incoming.adding(leg.amount).map { ChangedAmount(delta: leg.amount, absolute: $0) }
        case .held:
            balance = before.balance.subtracting(leg.amount).map {
                ChangedAmount(delta: leg.amount.negated, absolute: $0)
            }
            held = before.held.adding(leg.amount).map { ChangedAmount(delta: leg.amount, absolute: $0) }
        }
    }
}
