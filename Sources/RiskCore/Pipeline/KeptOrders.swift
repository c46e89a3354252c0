import CPlatform
import RiskBase

/// The requests and reservations of an engine, by handle.
///
/// Each has a place in a chunk of places of one size. An order stays where it is; a place is used again; and chunks without
/// orders are given back when there are more of them than of others, and some. Of such a chunk the generations remain, so that an
/// old handle is an answer and touches no memory.
struct KeptOrders: ~Copyable {
    fileprivate struct Chunk: BitwiseCopyable {
        /// `nil` when it was given back.
        var memory: UnsafeMutableRawPointer?
        /// The generation that its places begin with. No place of an earlier chunk with this number came as far.
        var firstGeneration: UInt64
        /// Larger than that of every handle of the chunk that became stale.
        var staleGeneration: UInt64
        let size: PlaceSize
        /// The size in bytes.
        let placeBytes: UInt32
        let placeCount: UInt32
        /// How many places are taken, and how many ever were. Those beyond are untouched, and all zeros.
        var usedCount: UInt32 = 0
        var touchedCount: UInt32 = 0
        /// One more than the offset of a place that is vacant again; 0 when there is none.
        var firstVacant: UInt32 = 0
        // One more than the numbers of the neighbours in the chain it is in: of those with room, of those without orders, of
        // those given back.
        var next: UInt32 = 0
        var previous: UInt32 = 0
    }

    /// All places of one size. The chains are named by one more than the number of their first chunk; 0 when there is none.
    private struct Room: BitwiseCopyable {
        /// Those with room. Only one without orders may be among them, and is alone there, so that orders that come and go one by
        /// one move no chunk.
        var firstWithRoom: UInt32 = 0
        var firstEmpty: UInt32 = 0
        var chunkCount: UInt32 = 0
        var emptyCount: UInt32 = 0
    }

    private var chunks = Buffer<Chunk>()
    private var rooms = [34 of Room](repeating: Room())
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
        for chunk in chunks.contents {
            guard let memory = chunk.memory else { continue }
            if count > 0 {
                for offset in 0..<chunk.touchedCount { Self.freeOutside(chunk.order(at: offset)) }
            }
            cplatform_lazy_free(memory, chunk.size.chunkBytes, chunk.size.chunkBytes)
        }
    }
}

/// One of the sizes that places have: 64, 96, 128, and so on to 1024, then 2048, 4096 and 8192 bytes.
struct PlaceSize: BitwiseCopyable {
    /// The number of a place ends with its offset in the chunk, in that many bits.
    static var offsetBits: UInt32 { 9 }
    static var chunkCountMax: Int { Handle.placeCountMax >> Int(offsetBits) }

    private static var stepBits: Int { 5 }
    private static var evenMax: Int { 1024 }
    private static var evenLast: Int { 30 }
    static var bytesMax: Int { 8192 }

    /// What is enough for an order that is elsewhere.
    static var least: PlaceSize { PlaceSize(holding: KeptOrder.leastSize) }

    private let step: UInt32

    /// The smallest size that has room for so many bytes, no more than `bytesMax`.
    @inline(__always)
    init(holding bytes: Int) {
        let steps = (bytes &+ 31) >> Self.stepBits
        if bytes <= Self.evenMax {
            step = UInt32(truncatingIfNeeded: max(steps, 2) &- 2)
        } else {
            step = bytes <= 2048 ? 31 : bytes <= 4096 ? 32 : 33
        }
    }

    @inline(__always)
    var number: Int { Int(step) }

    var bytes: Int {
        number <= Self.evenLast ? (number + 2) << Self.stepBits : Self.evenMax << (number - Self.evenLast)
    }

    /// Fewer of the large ones, so that no chunk is larger than 512 KiB.
    var placeCount: Int { (1 << Int(Self.offsetBits)) >> max(0, number - Self.evenLast) }

    var chunkBytes: Int { placeCount * bytes }
}

extension KeptOrders.Chunk {
    fileprivate init(_ memory: UnsafeMutableRawPointer?, _ size: PlaceSize, firstGeneration: UInt64) {
        self.memory = memory
        self.firstGeneration = firstGeneration
        staleGeneration = firstGeneration
        self.size = size
        placeBytes = UInt32(truncatingIfNeeded: size.bytes)
        placeCount = UInt32(truncatingIfNeeded: size.placeCount)
    }

    /// A place that was touched.
    @inline(__always)
    fileprivate func order(at offset: UInt32) -> KeptOrderPointer {
        (memory.unsafelyUnwrapped + Int(offset) &* Int(placeBytes)).assumingMemoryBound(to: KeptOrder.self)
    }
}

/// An order that was found, and the number of its place.
struct KeptPlace: BitwiseCopyable {
    let number: UInt32
    let order: KeptOrderPointer

    fileprivate var chunk: Int { Int(number >> PlaceSize.offsetBits) }
    fileprivate var offset: UInt32 { number & (1 << PlaceSize.offsetBits - 1) }
}

// MARK: - Coming and going

extension KeptOrders {
    /// A place for an order; `nil`, and no change, when memory or the numbers have run out. Of the order no more is known than how
    /// often the place was used.
    @inline(__always)
    mutating func take(_ size: PlaceSize) -> KeptPlace? {
        var first = rooms[size.number].firstWithRoom
        if first == 0 {
            first = makeRoom(size)
            if first == 0 { return nil }
        }
        let index = first &- 1
        let chunk = chunks.pointer(at: Int(index))
        let offset: UInt32
        let order: KeptOrderPointer
        if chunk.pointee.firstVacant != 0 {
            offset = chunk.pointee.firstVacant &- 1
            order = chunk.pointee.order(at: offset)
            chunk.pointee.firstVacant = order.pointee.nextVacant
        } else {
            offset = chunk.pointee.touchedCount
            chunk.pointee.touchedCount = offset &+ 1
            order = chunk.pointee.order(at: offset)
        }
        chunk.pointee.usedCount &+= 1
        if chunk.pointee.usedCount == chunk.pointee.placeCount { removeFromChain(index) }
        count &+= 1
        return KeptPlace(number: index << PlaceSize.offsetBits | offset, order: order)
    }

    /// What stands for the order in that place outside; never 0.
    @inline(__always)
    func handle(of place: KeptPlace) -> UInt64 {
        let first = chunks.pointer(at: place.chunk).pointee.firstGeneration
        return Handle.pack(first &+ place.order.pointee.uses, place.number) ^ salt
    }

    @inline(__always)
    func find(_ handle: UInt64, in stage: KeptOrder.Stage) throws(EngineError) -> KeptPlace {
        let (generation, number) = Handle.unpack(handle ^ salt)
        let index = number >> Int(PlaceSize.offsetBits)
        guard index < chunks.count else { throw .notFound }
        let chunk = chunks.pointer(at: index)
        let offset = UInt32(truncatingIfNeeded: number) & (1 << PlaceSize.offsetBits - 1)
        guard offset < chunk.pointee.touchedCount else {
            throw fault(of: generation, before: chunk.pointee.firstGeneration)
        }
        let order = chunk.pointee.order(at: offset)
        let current = chunk.pointee.firstGeneration &+ order.pointee.uses
        guard current == generation else { throw fault(of: generation, before: current) }
        guard order.pointee.stage == stage else { throw .notFound }
        return KeptPlace(number: UInt32(truncatingIfNeeded: number), order: order)
    }

    /// Later generations, and those before the first, were never handed out: by this engine at least.
    @inline(never)
    private func fault(of generation: UInt64, before current: UInt64) -> EngineError {
        generation >= firstGeneration && generation < current ? .alreadyFinalized : .notFound
    }

    /// Whether the place has generations left. One that has not is put away for good when it is removed: its old handles must
    /// never be valid again.
    @inline(__always)
    func isFresh(_ place: KeptPlace) -> Bool {
        chunks.pointer(at: place.chunk).pointee.firstGeneration &+ place.order.pointee.uses <= Handle.generationLast
    }

    /// Gives back the place of an order whose handle is stale.
    @inline(__always)
    mutating func remove(_ place: KeptPlace) {
        let chunk = chunks.pointer(at: place.chunk)
        let generation = chunk.pointee.firstGeneration &+ place.order.pointee.uses
        count &-= 1
        guard generation <= Handle.generationLast else { return }
        if generation > chunk.pointee.staleGeneration { chunk.pointee.staleGeneration = generation }
        place.order.pointee.nextVacant = chunk.pointee.firstVacant
        chunk.pointee.firstVacant = place.offset &+ 1
        if chunk.pointee.usedCount == chunk.pointee.placeCount { addToChain(UInt32(truncatingIfNeeded: place.chunk)) }
        chunk.pointee.usedCount &-= 1
        if chunk.pointee.usedCount == 0, chunk.pointee.next | chunk.pointee.previous != 0 {
            retire(UInt32(truncatingIfNeeded: place.chunk))
        }
    }

    /// Frees what an order has elsewhere, at the end of the engine.
    private static func freeOutside(_ order: KeptOrderPointer) {
        switch order.pointee.home {
        case .here: break
        case .elsewhere: cplatform_free(order.outside)
        case .frame: Frame.destroy(order.frame)
        }
    }
}

// MARK: - Chunks

extension KeptOrders {
    /// How many chunks of a size without orders are kept in any case.
    private static var emptyCountMin: UInt32 { 4 }

    /// Puts a chunk without orders aside. When there are many, two are given back: one more is empty now, and one fewer is not.
    @inline(never)
    private mutating func retire(_ index: UInt32) {
        let size = chunks.pointer(at: Int(index)).pointee.size.number
        removeFromChain(index)
        chunks.pointer(at: Int(index)).pointee.next = rooms[size].firstEmpty
        rooms[size].firstEmpty = index + 1
        rooms[size].emptyCount += 1
        for _ in 0..<2 {
            let usedCount = rooms[size].chunkCount - rooms[size].emptyCount
            if rooms[size].emptyCount > usedCount + Self.emptyCountMin { giveBack(takeEmpty(size)) }
        }
    }

    /// Takes a chunk from those without orders; there is one.
    private mutating func takeEmpty(_ size: Int) -> UInt32 {
        let index = rooms[size].firstEmpty - 1
        rooms[size].firstEmpty = chunks.pointer(at: Int(index)).pointee.next
        rooms[size].emptyCount -= 1
        return index
    }

    private mutating func giveBack(_ index: UInt32) {
        let chunk = chunks.pointer(at: Int(index))
        let size = chunk.pointee.size
        cplatform_lazy_free(chunk.pointee.memory, size.chunkBytes, size.chunkBytes)
        chunk.pointee = Chunk(nil, size, firstGeneration: chunk.pointee.staleGeneration)
        chunk.pointee.next = firstGivenBack
        firstGivenBack = index + 1
        rooms[size.number].chunkCount -= 1
    }

    /// Makes a chunk with room the first one, and returns one more than its number; 0, and no change, when memory or the numbers
    /// have run out.
    @inline(never)
    private mutating func makeRoom(_ size: PlaceSize) -> UInt32 {
        if rooms[size.number].firstEmpty != 0 {
            addToChain(takeEmpty(size.number))
            return rooms[size.number].firstWithRoom
        }
        let isNew = firstGivenBack == 0
        guard !isNew || chunks.count < PlaceSize.chunkCountMax && chunks.reserve(1),
            let memory = cplatform_lazy_allocate(size.chunkBytes)
        else { return 0 }
        let index: UInt32
        if isNew {
            index = UInt32(truncatingIfNeeded: chunks.count)
            chunks.append(Chunk(memory, size, firstGeneration: firstGeneration))
        } else {
            index = firstGivenBack - 1
            let chunk = chunks.pointer(at: Int(index))
            firstGivenBack = chunk.pointee.next
            chunk.pointee = Chunk(memory, size, firstGeneration: chunk.pointee.firstGeneration)
        }
        rooms[size.number].chunkCount += 1
        addToChain(index)
        return index + 1
    }

    /// Puts a chunk in front of the chain of those with room.
    @inline(never)
    private mutating func addToChain(_ index: UInt32) {
        let chunk = chunks.pointer(at: Int(index))
        let size = chunk.pointee.size.number
        chunk.pointee.next = rooms[size].firstWithRoom
        chunk.pointee.previous = 0
        if chunk.pointee.next != 0 { chunks.pointer(at: Int(chunk.pointee.next) - 1).pointee.previous = index + 1 }
        rooms[size].firstWithRoom = index + 1
    }

    /// Takes a chunk out of that chain.
    @inline(never)
    private mutating func removeFromChain(_ index: UInt32) {
        let chunk = chunks.pointer(at: Int(index))
        let (next, previous) = (chunk.pointee.next, chunk.pointee.previous)
        if next != 0 { chunks.pointer(at: Int(next) - 1).pointee.previous = previous }
        if previous != 0 {
            chunks.pointer(at: Int(previous) - 1).pointee.next = next
        } else {
            rooms[chunk.pointee.size.number].firstWithRoom = next
        }
        chunk.pointee.next = 0
        chunk.pointee.previous = 0
    }

    /// How much memory the chunks have, for tests.
    var chunkBytes: Int { chunks.contents.reduce(0) { $0 + ($1.memory == nil ? 0 : $1.size.chunkBytes) } }
}
