import CPlatform
import Decimals
import RiskBase

/// A request that waits or a reservation that is open, as long as no call works on it: this head and, right behind it, what has
/// to be known later, in a block of memory that is hardly larger than that takes.
struct KeptOrder: BitwiseCopyable {
    enum Stage: UInt8, BitwiseCopyable {
        case none, request, reservation
    }

    /// Where the rest is.
    enum Home: UInt8, BitwiseCopyable {
        /// Right behind the head.
        case here
        /// In memory of its own, whose address is behind the head, because it is larger than a place.
        case elsewhere
        /// In the frame that its call had, whose address is behind the head, because there was no memory for it.
        case frame
    }

    /// That of the handle. It grows when the handle becomes stale.
    var generation: UInt64
    let chunk: KeptChunkPointer
    let number: UInt32
    var stage = Stage.none
    var home = Home.here
    /// Whether there is a mutation that has something to do when it is kept.
    var hasCommits = false
    /// Whether the outcomes are not kept, because they follow from what spot funds have noted for taking them back.
    var tellsHolds = false
    var mutationCount: UInt32 = 0
    var outcomeCount: UInt32 = 0
    var lockCount: UInt32 = 0
    // A drop copy may have asked for blocks. Their texts are there when they are.
    var blockCount: UInt32 = 0
    var textLength: UInt32 = 0

    init(chunk: KeptChunkPointer, number: UInt32, generation: UInt64) {
        self.chunk = chunk
        self.number = number
        self.generation = generation
    }

    /// Whether there are generations left. Old handles must never be valid again.
    @inline(__always)
    var isFresh: Bool { generation <= Handle.generationLast }
}

/// What is left of the order of a request.
struct KeptRequest: BitwiseCopyable {
    let order: Order
    let slot: AccountSlot
    let frozenGroup: AccountGroupId?
}

typealias KeptOrderPointer = UnsafeMutablePointer<KeptOrder>

// MARK: - Sizes

extension KeptOrder {
    /// As large as the head, and aligned as whatever follows.
    static var headSize: Int { (MemoryLayout<KeptOrder>.stride + 15) & ~15 }

    /// What a request takes.
    static var requestSize: Int { headSize + MemoryLayout<KeptRequest>.stride }

    /// What is enough for an order that is elsewhere.
    static var leastSize: Int { headSize + MemoryLayout<UnsafeMutableRawPointer>.stride }

    /// No more than the counts can count.
    static var sizeMax: Int { 1 << 30 }
}

extension FramePointer {
    /// Whether all there is to tell is of holds of spot funds, each of another asset. Whoever else tells an outcome has none.
    @inline(__always)
    var tellsHolds: Bool {
        !pointee.hasCommits && findings.pointee.outcomes.count == pointee.mutations.count
            && findings.pointee.lock.count <= 1 && findings.pointee.blocks.isEmpty
            && order.pointee.underlying != order.pointee.settlement
    }

    /// What a reservation takes that tells holds.
    @inline(__always)
    var holdsSize: Int {
        KeptOrder.headSize
            &+ pointee.mutations.count &* MemoryLayout<Mutation>.stride
            &+ findings.pointee.lock.count &* MemoryLayout<LockEntry>.stride
    }

    /// What any reservation takes. Texts count when there are blocks, and are left from what was taken back when there are none.
    var reservationSize: Int {
        let size = holdsSize + findings.pointee.outcomes.count * MemoryLayout<Outcome>.stride
        guard !findings.pointee.blocks.isEmpty else { return size }
        return size + findings.pointee.blocks.count * MemoryLayout<Reject>.stride + findings.pointee.texts.count
    }
}

// MARK: - Packing

extension KeptOrderPointer {
    /// Makes the handle of the order stale.
    @inline(__always)
    func renew() {
        pointee.generation &+= 1
        pointee.stage = .none
    }

    /// What follows the head.
    @inline(__always)
    var rest: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self) + KeptOrder.headSize }

    /// The address behind the head of an order that is not here.
    var outside: UnsafeMutableRawPointer {
        get { rest.load(as: UnsafeMutableRawPointer.self) }
        nonmutating set { rest.storeBytes(of: newValue, as: UnsafeMutableRawPointer.self) }
    }

    /// The next place without an order, in one of these.
    @inline(__always)
    var nextVacant: KeptOrderPointer? {
        get { rest.load(as: KeptOrderPointer?.self) }
        nonmutating set { rest.storeBytes(of: newValue, as: KeptOrderPointer?.self) }
    }

    /// Frees what the order has elsewhere, at the end of the engine.
    func freeOutside() {
        switch pointee.home {
        case .here: break
        case .elsewhere: cplatform_free(outside)
        case .frame: Frame.destroy(frame)
        }
    }

    /// The frame that has the order.
    var frame: FramePointer { outside.assumingMemoryBound(to: Frame.self) }

    /// What was kept of a request.
    var request: KeptRequest {
        pointee.home == .frame ? frame.pointee.request : rest.load(as: KeptRequest.self)
    }

    /// Where the parts of a reservation lie, whose frame has them no more.
    @inline(__always)
    private var parts: UnsafeMutableRawPointer { pointee.home == .here ? rest : outside }

    /// Takes down holds, which the frame tells.
    @inline(__always)
    func packHolds(_ frame: FramePointer) {
        pointee.hasCommits = false
        pointee.tellsHolds = true
        var end = rest
        pointee.mutationCount = Self.copy(frame.pointee.mutations.contents, to: &end)
        pointee.lockCount = UInt32(truncatingIfNeeded: frame.findings.pointee.lock.count)
        guard pointee.lockCount != 0 else { return }
        end.assumingMemoryBound(to: LockEntry.self).initialize(to: frame.findings.pointee.lock[0])
    }

    /// Takes down what the frame found, of which there is as much as fits `memory`.
    func pack(_ frame: FramePointer, into memory: UnsafeMutableRawPointer) {
        pointee.hasCommits = frame.pointee.hasCommits
        pointee.tellsHolds = false
        var end = memory
        pointee.mutationCount = Self.copy(frame.pointee.mutations.contents, to: &end)
        pointee.lockCount = Self.copy(frame.findings.pointee.lock.contents, to: &end)
        pointee.outcomeCount = Self.copy(frame.findings.pointee.outcomes.contents, to: &end)
        pointee.blockCount = Self.copy(frame.findings.pointee.blocks.contents, to: &end)
        pointee.textLength = pointee.blockCount == 0 ? 0 : Self.copy(frame.findings.pointee.texts.contents, to: &end)
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
        if pointee.home == .frame { return frame.pointee.mutations.contents }
        return UnsafeBufferPointer(
            start: parts.assumingMemoryBound(to: Mutation.self), count: Int(pointee.mutationCount))
    }

    /// Tells what the reservation's call told.
    func read(into result: UnsafeMutablePointer<Findings>) {
        if pointee.home == .frame { return result.pointee.assign(frame.findings) }
        result.pointee.removeAll()
        var end = parts + Int(pointee.mutationCount) * MemoryLayout<Mutation>.stride
        result.pointee.lock.append(contentsOf: Self.take(pointee.lockCount, from: &end))
        if pointee.tellsHolds { return tellHolds(to: result) }
        result.pointee.outcomes.append(contentsOf: Self.take(pointee.outcomeCount, from: &end))
        result.pointee.blocks.append(contentsOf: Self.take(pointee.blockCount, from: &end))
        // The blocks name places in the texts, which begin where they did.
        result.pointee.texts.append(contentsOf: Self.take(pointee.textLength, from: &end))
    }

    /// The lock price is that of spot funds, too.
    private func tellHolds(to result: UnsafeMutablePointer<Findings>) {
        guard let group = result.pointee.lockEntry(at: 0)?.policyGroup else { return }
        for mutation in mutations {
            guard case .funds(.hold(_, let leg, let before)) = mutation else { continue }
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
