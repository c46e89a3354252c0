import CPlatform
import RiskBase

/// Places of one size for requests and reservations: this head, and behind it the places.
struct KeptChunk: BitwiseCopyable {
    /// A place that is vacant again, and leads to the next one.
    var firstVacant: KeptOrderPointer?
    /// Larger than that of every handle of the chunk that became stale.
    var staleGeneration: UInt64
    /// How many places are taken, and how many ever were. Those beyond are untouched.
    var usedCount: UInt32 = 0
    var touchedCount: UInt32 = 0
    let placeCount: UInt32
    let placeBytes: UInt32
    // The neighbours in the chain of chunks with room, or of those without orders.
    var next: KeptChunkPointer?
    var previous: KeptChunkPointer?
    let number: UInt32
    let size: PlaceSize

    /// As large as the head, and aligned as an order.
    static var headSize: Int { 64 }

    init(_ number: UInt32, _ size: PlaceSize, firstGeneration: UInt64) {
        self.number = number
        self.size = size
        staleGeneration = firstGeneration
        placeCount = UInt32(truncatingIfNeeded: size.placeCount)
        placeBytes = UInt32(truncatingIfNeeded: size.bytes)
    }
}

typealias KeptChunkPointer = UnsafeMutablePointer<KeptChunk>

extension KeptChunkPointer {
    @inline(__always)
    func order(at offset: UInt32) -> KeptOrderPointer {
        (UnsafeMutableRawPointer(self) + KeptChunk.headSize + Int(offset) &* Int(pointee.placeBytes))
            .assumingMemoryBound(to: KeptOrder.self)
    }
}

/// The requests and reservations of an engine, by handle.
///
/// Each has a place in a chunk of places of one size. An order stays where it is; a place is used again; and chunks without
/// orders are given back when there are more of them than of others, and some. Of such a chunk the generations remain, so that an
/// old handle is an answer and touches no memory.
struct KeptOrders: ~Copyable {
    /// The chunk of a number. It is `nil` when it was given back, and the number waits for the next one.
    private struct Entry: BitwiseCopyable {
        var chunk: KeptChunkPointer?
        /// The generation that places begin with. No place of an earlier chunk with this number came as far.
        var firstGeneration: UInt64
        /// One more than the number that was given back before; 0 when there is none.
        var nextGivenBack: UInt32 = 0
    }

    /// All chunks of one size.
    private struct Room: BitwiseCopyable {
        /// Those with room. Only one without orders may be among them, and is alone there, so that orders that come and go one by
        /// one move no chunk.
        var firstWithRoom: KeptChunkPointer?
        var firstEmpty: KeptChunkPointer?
        var chunkCount: UInt32 = 0
        var emptyCount: UInt32 = 0
    }

    private var entries = Buffer<Entry>()
    /// By size; none before the first place is taken.
    private var rooms = Buffer<Room>()
    private var firstGivenBack: UInt32 = 0
    /// How many places are taken.
    private(set) var count = 0
    private let salt: UInt64
    /// The generation that new places begin with; tests begin close to the last one.
    private let firstGeneration: UInt64

    init(salt: UInt64, firstGeneration: UInt64) {
        self.salt = salt
        self.firstGeneration = firstGeneration
    }

    deinit {
        for entry in entries.contents {
            guard let chunk = entry.chunk else { continue }
            for offset in 0..<(count > 0 ? chunk.pointee.touchedCount : 0) { chunk.order(at: offset).freeOutside() }
            Self.free(chunk)
        }
    }

    private static func free(_ chunk: KeptChunkPointer) {
        let bytes = chunk.pointee.size.chunkBytes
        cplatform_lazy_free(chunk, bytes, bytes)
    }

    /// How much memory the chunks have, for tests.
    var chunkBytes: Int { entries.contents.reduce(0) { $0 + ($1.chunk?.pointee.size.chunkBytes ?? 0) } }
}

// MARK: - Coming and going

extension KeptOrders {
    /// A place for an order; `nil`, and no change, when memory or the numbers have run out. What it says of an order is left from
    /// an earlier one.
    @inline(__always)
    mutating func take(_ size: PlaceSize) -> KeptOrderPointer? {
        guard let chunk = chunkWithRoom(size) ?? makeRoom(size) else { return nil }
        let order: KeptOrderPointer
        if let vacant = chunk.pointee.firstVacant {
            order = vacant
            chunk.pointee.firstVacant = order.nextVacant
        } else {
            order = touch(chunk)
        }
        chunk.pointee.usedCount &+= 1
        if chunk.pointee.usedCount == chunk.pointee.placeCount { removeFromChain(chunk) }
        count &+= 1
        return order
    }

    @inline(__always)
    private func chunkWithRoom(_ size: PlaceSize) -> KeptChunkPointer? {
        rooms.isEmpty ? nil : rooms.pointer(at: size.number).pointee.firstWithRoom
    }

    /// Takes a place for the first time.
    @inline(never)
    private func touch(_ chunk: KeptChunkPointer) -> KeptOrderPointer {
        let offset = chunk.pointee.touchedCount
        chunk.pointee.touchedCount = offset + 1
        let number = chunk.pointee.number
        let order = chunk.order(at: offset)
        order.initialize(
            to: KeptOrder(
                chunk: chunk, number: number << PlaceSize.offsetBits | offset,
                generation: entries[Int(number)].firstGeneration))
        return order
    }

    /// What stands for the order outside; never 0.
    @inline(__always)
    func handle(of order: KeptOrderPointer) -> UInt64 {
        Handle.pack(order.pointee.generation, order.pointee.number) ^ salt
    }

    // Mutating, see docs/workarounds.md.
    @inline(__always)
    mutating func find(_ handle: UInt64, in stage: KeptOrder.Stage) throws(EngineError) -> KeptOrderPointer {
        let (generation, number) = Handle.unpack(handle ^ salt)
        let index = number >> Int(PlaceSize.offsetBits)
        guard index < entries.count else { throw .notFound }
        let entry = entries.pointer(at: index)
        let offset = UInt32(truncatingIfNeeded: number) & (1 << PlaceSize.offsetBits - 1)
        guard let chunk = entry.pointee.chunk, offset < chunk.pointee.touchedCount else {
            throw fault(of: generation, before: entry.pointee.firstGeneration)
        }
        let order = chunk.order(at: offset)
        guard order.pointee.generation == generation else {
            throw fault(of: generation, before: order.pointee.generation)
        }
        guard order.pointee.stage == stage else { throw .notFound }
        return order
    }

    /// Later generations, and those before the first, were never handed out: by this engine at least.
    @inline(never)
    private mutating func fault(of generation: UInt64, before current: UInt64) -> EngineError {
        generation >= firstGeneration && generation < current ? .alreadyFinalized : .notFound
    }

    /// Gives back the place of an order whose handle is stale. One without generations to come is put away for good.
    @inline(__always)
    mutating func remove(_ order: KeptOrderPointer) {
        count &-= 1
        guard order.pointee.isFresh else { return }
        let chunk = order.pointee.chunk
        if order.pointee.generation > chunk.pointee.staleGeneration {
            chunk.pointee.staleGeneration = order.pointee.generation
        }
        order.nextVacant = chunk.pointee.firstVacant
        chunk.pointee.firstVacant = order
        if chunk.pointee.usedCount == chunk.pointee.placeCount { addToChain(chunk) }
        chunk.pointee.usedCount &-= 1
        if chunk.pointee.usedCount == 0, chunk.pointee.next != nil || chunk.pointee.previous != nil { retire(chunk) }
    }
}

// MARK: - Chunks

extension KeptOrders {
    /// How many chunks of a size without orders are kept in any case.
    private static var emptyCountMin: UInt32 { 2 }

    /// Puts aside a chunk without orders, which is not the only one with room. When there are many, two are given back: one more is
    /// empty now, and one fewer is not.
    @inline(never)
    private mutating func retire(_ chunk: KeptChunkPointer) {
        let room = rooms.pointer(at: chunk.pointee.size.number)
        removeFromChain(chunk)
        chunk.pointee.next = room.pointee.firstEmpty
        room.pointee.firstEmpty = chunk
        room.pointee.emptyCount += 1
        for _ in 0..<2 {
            let usedCount = room.pointee.chunkCount - room.pointee.emptyCount
            guard room.pointee.emptyCount > usedCount + Self.emptyCountMin, let chunk = takeEmpty(room) else { return }
            room.pointee.chunkCount -= 1
            giveBack(chunk)
        }
    }

    private func takeEmpty(_ room: UnsafeMutablePointer<Room>) -> KeptChunkPointer? {
        guard let chunk = room.pointee.firstEmpty else { return nil }
        room.pointee.firstEmpty = chunk.pointee.next
        room.pointee.emptyCount -= 1
        return chunk
    }

    private mutating func giveBack(_ chunk: KeptChunkPointer) {
        let number = chunk.pointee.number
        entries[Int(number)] = Entry(
            chunk: nil, firstGeneration: chunk.pointee.staleGeneration, nextGivenBack: firstGivenBack)
        firstGivenBack = number + 1
        Self.free(chunk)
    }

    /// A chunk with room; `nil`, and no change, when memory or the numbers have run out.
    @inline(never)
    private mutating func makeRoom(_ size: PlaceSize) -> KeptChunkPointer? {
        guard !rooms.isEmpty || makeRooms() else { return nil }
        let room = rooms.pointer(at: size.number)
        guard let chunk = takeEmpty(room) ?? makeChunk(size) else { return nil }
        addToChain(chunk)
        return chunk
    }

    private mutating func makeRooms() -> Bool {
        guard rooms.reserve(PlaceSize.count) else { return false }
        for _ in 0..<PlaceSize.count { rooms.append(Room()) }
        return true
    }

    private mutating func makeChunk(_ size: PlaceSize) -> KeptChunkPointer? {
        guard firstGivenBack != 0 || entries.count < PlaceSize.chunkCountMax && entries.reserve(1),
            let memory = cplatform_lazy_allocate(size.chunkBytes)
        else { return nil }
        let chunk = memory.bindMemory(to: KeptChunk.self, capacity: 1)
        if firstGivenBack == 0 {
            firstGivenBack = UInt32(truncatingIfNeeded: entries.count) + 1
            entries.append(Entry(chunk: nil, firstGeneration: firstGeneration))
        }
        let number = firstGivenBack - 1
        let entry = entries.pointer(at: Int(number))
        firstGivenBack = entry.pointee.nextGivenBack
        entry.pointee.chunk = chunk
        chunk.initialize(to: KeptChunk(number, size, firstGeneration: entry.pointee.firstGeneration))
        rooms.pointer(at: size.number).pointee.chunkCount += 1
        return chunk
    }

    /// Puts a chunk in front of the chain of those with room.
    @inline(never)
    private mutating func addToChain(_ chunk: KeptChunkPointer) {
        let room = rooms.pointer(at: chunk.pointee.size.number)
        chunk.pointee.next = room.pointee.firstWithRoom
        chunk.pointee.previous = nil
        room.pointee.firstWithRoom?.pointee.previous = chunk
        room.pointee.firstWithRoom = chunk
    }

    /// Takes a chunk out of that chain.
    @inline(never)
    private mutating func removeFromChain(_ chunk: KeptChunkPointer) {
        chunk.pointee.next?.pointee.previous = chunk.pointee.previous
        if let previous = chunk.pointee.previous {
            previous.pointee.next = chunk.pointee.next
        } else {
            rooms.pointer(at: chunk.pointee.size.number).pointee.firstWithRoom = chunk.pointee.next
        }
        chunk.pointee.next = nil
        chunk.pointee.previous = nil
    }
}
