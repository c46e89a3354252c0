import CPlatform
import RiskBase

/// Places of one size for requests and reservations: this head, and behind it the places.
struct KeptChunk: BitwiseCopyable {
    /// A place that is vacant again, and leads to the next one.
    var firstVacant: KeptOrderPointer?
    /// How many places are taken, and how many ever were. Those beyond are untouched.
    var usedCount = 0
    var touchedCount = 0
    // The neighbours in its chain.
    var next: KeptChunkPointer?
    var previous: KeptChunkPointer?
    let size: PlaceSize
    let placeCount: Int

    init(_ size: PlaceSize) {
        self.size = size
        placeCount = size.placeCount
    }

    /// As large as the head, and aligned as an order.
    static var headSize: Int { (MemoryLayout<KeptChunk>.stride + 15) & ~15 }

    var isFull: Bool { usedCount == placeCount }
}

typealias KeptChunkPointer = UnsafeMutablePointer<KeptChunk>

extension KeptChunkPointer {
    func order(at offset: Int) -> KeptOrderPointer {
        (UnsafeMutableRawPointer(self) + KeptChunk.headSize + offset * pointee.size.bytes)
            .assumingMemoryBound(to: KeptOrder.self)
    }
}

/// Places for the requests and reservations of an engine that are packed.
///
/// Each is in a chunk of places of one size. An order stays where it is; a place is used again; and chunks without orders are given
/// back when there are more of them than of others, and some.
struct KeptOrders: ~Copyable {
    /// All chunks of one size. Each is in one of three chains.
    private struct Room: BitwiseCopyable {
        /// Those with room. Only one without orders may be among them, and is alone there, so that orders that come and go one by
        /// one move no chunk.
        var firstWithRoom: KeptChunkPointer?
        var firstFull: KeptChunkPointer?
        var firstEmpty: KeptChunkPointer?
        var chunkCount = 0
        var emptyCount = 0
    }

    /// By size; none before the first place is taken.
    private var rooms = Buffer<Room>()
    /// How many orders there are.
    private(set) var count = 0

    deinit {
        for room in rooms.contents {
            Self.freeChain(room.firstWithRoom)
            Self.freeChain(room.firstFull)
            Self.freeChain(room.firstEmpty)
        }
    }

    private static func freeChain(_ first: KeptChunkPointer?) {
        var next = first
        while let chunk = next {
            next = chunk.pointee.next
            free(chunk)
        }
    }

    private static func free(_ chunk: KeptChunkPointer) {
        let bytes = chunk.pointee.size.chunkBytes
        cplatform_lazy_free(chunk, bytes, bytes)
    }

    /// Frees an order that has no chunk, at the end of the engine.
    static func freeOutside(_ order: KeptOrderPointer) {
        if order.pointee.chunk == nil { cplatform_free(order) }
    }

    /// How much memory the chunks have, for tests.
    var chunkBytes: Int {
        rooms.contents.enumerated().reduce(0) { $0 + $1.element.chunkCount * PlaceSize(number: $1.offset).chunkBytes }
    }
}

// MARK: - Coming and going

extension KeptOrders {
    /// A place for an order of so many bytes; `nil`, and no change, when memory has run out.
    mutating func take(_ bytes: Int) -> KeptOrderPointer? {
        guard bytes <= PlaceSize.bytesMax else { return takeOutside(bytes) }
        let size = PlaceSize(holding: bytes)
        guard let chunk = chunkWithRoom(size) ?? makeRoom(size) else { return nil }
        let order: KeptOrderPointer
        if let vacant = chunk.pointee.firstVacant {
            order = vacant
            chunk.pointee.firstVacant = order.nextVacant
        } else {
            order = chunk.order(at: chunk.pointee.touchedCount)
            chunk.pointee.touchedCount += 1
        }
        order.initialize(to: KeptOrder(chunk: chunk))
        chunk.pointee.usedCount += 1
        if chunk.pointee.isFull {
            let room = rooms.pointer(at: size.number)
            Self.remove(chunk, from: &room.pointee.firstWithRoom)
            Self.add(chunk, to: &room.pointee.firstFull)
        }
        count += 1
        return order
    }

    private mutating func takeOutside(_ bytes: Int) -> KeptOrderPointer? {
        guard bytes <= KeptOrder.sizeMax, let memory = cplatform_allocate(bytes, 1) else { return nil }
        let order = memory.bindMemory(to: KeptOrder.self, capacity: 1)
        order.initialize(to: KeptOrder(chunk: nil))
        count += 1
        return order
    }

    private func chunkWithRoom(_ size: PlaceSize) -> KeptChunkPointer? {
        rooms.isEmpty ? nil : rooms[size.number].firstWithRoom
    }

    /// Gives back the place of an order.
    mutating func remove(_ order: KeptOrderPointer) {
        guard count > 0, order.pointee.chunk?.pointee.usedCount != 0 else { return cplatform_contradict() }
        count -= 1
        guard let chunk = order.pointee.chunk else { return cplatform_free(order) }
        if chunk.pointee.isFull {
            let room = rooms.pointer(at: chunk.pointee.size.number)
            Self.remove(chunk, from: &room.pointee.firstFull)
            Self.add(chunk, to: &room.pointee.firstWithRoom)
        }
        order.nextVacant = chunk.pointee.firstVacant
        chunk.pointee.firstVacant = order
        chunk.pointee.usedCount -= 1
        if chunk.pointee.usedCount == 0, chunk.pointee.next != nil || chunk.pointee.previous != nil { retire(chunk) }
    }
}

// MARK: - Chunks

extension KeptOrders {
    /// How many chunks of a size without orders are kept in any case.
    private static var emptyCountMin: Int { 2 }

    /// Puts aside a chunk without orders, which is not the only one with room. When there are many, two are given back: one more is
    /// empty now, and one fewer is not.
    @inline(never)
    private func retire(_ chunk: KeptChunkPointer) {
        let room = rooms.pointer(at: chunk.pointee.size.number)
        Self.remove(chunk, from: &room.pointee.firstWithRoom)
        Self.add(chunk, to: &room.pointee.firstEmpty)
        room.pointee.emptyCount += 1
        for _ in 0..<2 {
            let usedCount = room.pointee.chunkCount - room.pointee.emptyCount
            guard room.pointee.emptyCount > usedCount + Self.emptyCountMin, let chunk = takeEmpty(room) else { return }
            room.pointee.chunkCount -= 1
            Self.free(chunk)
        }
    }

    private func takeEmpty(_ room: UnsafeMutablePointer<Room>) -> KeptChunkPointer? {
        guard let chunk = room.pointee.firstEmpty else { return nil }
        Self.remove(chunk, from: &room.pointee.firstEmpty)
        room.pointee.emptyCount -= 1
        return chunk
    }

    /// A chunk with room; `nil`, and no change, when memory has run out.
    @inline(never)
    private mutating func makeRoom(_ size: PlaceSize) -> KeptChunkPointer? {
        guard !rooms.isEmpty || makeRooms() else { return nil }
        let room = rooms.pointer(at: size.number)
        guard let chunk = takeEmpty(room) ?? makeChunk(size) else { return nil }
        Self.add(chunk, to: &room.pointee.firstWithRoom)
        return chunk
    }

    private mutating func makeRooms() -> Bool {
        guard rooms.reserve(PlaceSize.count) else { return false }
        for _ in 0..<PlaceSize.count { rooms.append(Room()) }
        return true
    }

    private func makeChunk(_ size: PlaceSize) -> KeptChunkPointer? {
        guard let memory = cplatform_lazy_allocate(size.chunkBytes) else { return nil }
        let chunk = memory.bindMemory(to: KeptChunk.self, capacity: 1)
        chunk.initialize(to: KeptChunk(size))
        rooms.pointer(at: size.number).pointee.chunkCount += 1
        return chunk
    }

    /// Puts a chunk in front of a chain.
    private static func add(_ chunk: KeptChunkPointer, to first: inout KeptChunkPointer?) {
        chunk.pointee.next = first
        chunk.pointee.previous = nil
        first?.pointee.previous = chunk
        first = chunk
    }

    /// Takes a chunk out of its chain.
    private static func remove(_ chunk: KeptChunkPointer, from first: inout KeptChunkPointer?) {
        chunk.pointee.next?.pointee.previous = chunk.pointee.previous
        if let previous = chunk.pointee.previous {
            previous.pointee.next = chunk.pointee.next
        } else {
            first = chunk.pointee.next
        }
        chunk.pointee.next = nil
        chunk.pointee.previous = nil
    }
}

// MARK: - Invariants

extension KeptOrders {
    /// What does not hold together in the places, or `nil`. `outside` is how many orders have none. It looks at everything, so it
    /// is for tests.
    func checkInvariants(outside: Int) -> StaticString? {
        if let broken = rooms.checkInvariants() { return broken }
        if rooms.count != 0 && rooms.count != PlaceSize.count {
            return "there are not as many sizes of places as there should be"
        }
        var orders = outside
        for (number, room) in rooms.contents.enumerated() {
            var chunks = 0
            for (first, isOf) in [
                (room.firstWithRoom, { !$0.isFull }), (room.firstFull, { $0.isFull }),
                (room.firstEmpty, { $0.usedCount == 0 }),
            ] as [(KeptChunkPointer?, (KeptChunk) -> Bool)] {
                let before = chunks
                if let broken = checkChain(first, number, isOf, atMost: room.chunkCount, &chunks, &orders) {
                    return broken
                }
                if first == room.firstEmpty, first != nil, chunks - before != room.emptyCount {
                    return "the chunks without orders are miscounted"
                }
            }
            if room.firstEmpty == nil && room.emptyCount != 0 { return "the chunks without orders are miscounted" }
            if chunks != room.chunkCount { return "a chunk is in no chain" }
            if let first = room.firstWithRoom, first.pointee.usedCount == 0, first.pointee.next != nil {
                return "a chunk without orders is not put aside"
            }
        }
        return orders == count ? nil : "the orders that are packed are miscounted"
    }

    private func checkChain(
        _ first: KeptChunkPointer?, _ size: Int, _ isOf: (KeptChunk) -> Bool, atMost: Int, _ chunks: inout Int,
        _ orders: inout Int
    ) -> StaticString? {
        var previous: KeptChunkPointer?
        var next = first
        while let chunk = next {
            chunks += 1
            if chunks > atMost { return "there are more chunks in chains than there are" }
            if chunk.pointee.previous != previous { return "a chunk does not know the one before it" }
            if chunk.pointee.size.number != size { return "a chunk is among those of another size" }
            if !isOf(chunk.pointee) { return "a chunk is in the wrong chain" }
            if let broken = checkPlaces(chunk) { return broken }
            orders += chunk.pointee.usedCount
            previous = chunk
            next = chunk.pointee.next
        }
        return nil
    }

    private func checkPlaces(_ chunk: KeptChunkPointer) -> StaticString? {
        let (used, touched) = (chunk.pointee.usedCount, chunk.pointee.touchedCount)
        if used < 0 || used > touched || touched > chunk.pointee.placeCount { return "a chunk miscounts its places" }
        var vacant = 0
        var next = chunk.pointee.firstVacant
        while let place = next {
            vacant += 1
            let offset = UnsafeRawPointer(place) - UnsafeRawPointer(chunk.order(at: 0))
            if offset < 0 || offset % chunk.pointee.size.bytes != 0 || offset / chunk.pointee.size.bytes >= touched
                || vacant > touched
            {
                return "the vacant places of a chunk lead astray"
            }
            next = place.nextVacant
        }
        return vacant == touched - used ? nil : "a place has neither an order nor is it known as vacant"
    }

    /// Whether an order that says it lies in a chunk is one of that chunk's places.
    static func isPlaced(_ order: KeptOrderPointer) -> Bool {
        guard let chunk = order.pointee.chunk else { return true }
        let offset = UnsafeRawPointer(order) - UnsafeRawPointer(chunk.order(at: 0))
        return offset >= 0 && offset % chunk.pointee.size.bytes == 0
            && offset / chunk.pointee.size.bytes < chunk.pointee.touchedCount
    }
}
