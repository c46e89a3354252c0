import CPlatform
import RiskBase

/// A request that waits or a reservation that is open, as long as no call works on it: this head and, right behind it, what has
/// to be known later, in a block of memory that is hardly larger than that takes.
///
/// All zeros is a place that was never used.
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

    /// How often handles of the place became stale since its chunk was made.
    var uses: UInt64
    var stage: Stage
    var home: Home
    /// Whether there is a mutation that has something to do when it is kept.
    var hasCommits: Bool
    var mutationCount: UInt32
    var outcomeCount: UInt32
    var lockCount: UInt32
    // A drop copy may have asked for blocks. Their texts are there when they are.
    var blockCount: UInt32
    var textLength: UInt32
    /// One more than the offset of the next place without an order, in one of these; 0 when there is none.
    var nextVacant: UInt32
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
    /// What a reservation takes of what was found.
    @inline(__always)
    var reservationSize: Int {
        let size = KeptOrder.headSize
            &+ pointee.mutations.count &* MemoryLayout<Mutation>.stride
            &+ findings.pointee.outcomes.count &* MemoryLayout<Outcome>.stride
            &+ findings.pointee.lock.count &* MemoryLayout<LockEntry>.stride
        return findings.pointee.blocks.isEmpty ? size : size &+ sizeOfBlocks
    }

    private var sizeOfBlocks: Int {
        findings.pointee.blocks.count * MemoryLayout<Reject>.stride + findings.pointee.texts.count
    }
}

// MARK: - Packing

extension KeptOrderPointer {
    /// Makes the handle of the order stale.
    @inline(__always)
    func renew() {
        pointee.uses &+= 1
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

    /// The frame that has the order.
    var frame: FramePointer { outside.assumingMemoryBound(to: Frame.self) }

    /// What was kept of a request.
    var request: KeptRequest {
        pointee.home == .frame ? frame.pointee.request : rest.load(as: KeptRequest.self)
    }

    /// Where the parts of a reservation lie, whose frame has them no more.
    @inline(__always)
    private var parts: UnsafeMutableRawPointer { pointee.home == .here ? rest : outside }

    /// Takes down what the frame found, of which there is as much as fits `memory`.
    @inline(__always)
    func pack(_ frame: FramePointer, into memory: UnsafeMutableRawPointer) {
        pointee.hasCommits = frame.pointee.hasCommits
        var end = memory
        pointee.mutationCount = Self.copy(frame.pointee.mutations.contents, to: &end)
        pointee.outcomeCount = Self.copy(frame.findings.pointee.outcomes.contents, to: &end)
        pointee.lockCount = Self.copy(frame.findings.pointee.lock.contents, to: &end)
        pointee.blockCount = 0
        pointee.textLength = 0
        if !frame.findings.pointee.blocks.isEmpty { packBlocks(frame, to: end) }
    }

    @inline(never)
    private func packBlocks(_ frame: FramePointer, to end: UnsafeMutableRawPointer) {
        var end = end
        pointee.blockCount = Self.copy(frame.findings.pointee.blocks.contents, to: &end)
        pointee.textLength = Self.copy(frame.findings.pointee.texts.contents, to: &end)
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
        result.pointee.outcomes.append(contentsOf: Self.take(pointee.outcomeCount, from: &end))
        result.pointee.lock.append(contentsOf: Self.take(pointee.lockCount, from: &end))
        result.pointee.blocks.append(contentsOf: Self.take(pointee.blockCount, from: &end))
        // The blocks name places in the texts, which begin where they did.
        result.pointee.texts.append(contentsOf: Self.take(pointee.textLength, from: &end))
    }

    private static func take<Item: BitwiseCopyable>(
        _ count: UInt32, from end: inout UnsafeMutableRawPointer
    ) -> UnsafeBufferPointer<Item> {
        let items = UnsafeBufferPointer(start: end.assumingMemoryBound(to: Item.self), count: Int(count))
        end += Int(count) * MemoryLayout<Item>.stride
        return items
    }
}
