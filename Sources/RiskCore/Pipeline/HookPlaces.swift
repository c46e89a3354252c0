import CPlatform
import RiskBase
import Synchronization

/// Where a hook is while it runs.
struct HookPlace: ~Copyable {
    // First, see docs/workarounds.md.
    /// What runs here, or ran here last.
    var hook: Hook?
    /// The first thing that the engine could not take of what the hook said.
    var fault: HookFault?
    let number: UInt
    /// Odd while a hook runs here. It grows and grows, so that a context which was kept never means another hook.
    let generation = Atomic<UInt>(0)

    init(number: UInt) {
        self.number = number
    }
}

typealias HookPlacePointer = UnsafeMutablePointer<HookPlace>

extension HookPlacePointer {
    /// Lets `hook` in, which is known as the context returned until it leaves.
    func enter(_ hook: Hook) -> UnsafeMutableRawPointer {
        let generation = pointee.generation.load(ordering: .relaxed) &+ 1
        var hook = hook
        hook.context = HookPlaces.pack(generation, pointee.number)
        pointee.hook = hook
        pointee.fault = nil
        pointee.generation.store(generation, ordering: .releasing)
        // Odd, and therefore not 0.
        return UnsafeMutableRawPointer(bitPattern: hook.context).unsafelyUnwrapped
    }

    /// Ends the hook, whose context means nothing any more. Tells what the engine could not take.
    func leave() -> HookFault? {
        pointee.generation.store(pointee.generation.load(ordering: .relaxed) &+ 1, ordering: .releasing)
        return pointee.fault
    }

    /// Whether the place has generations left for one more hook.
    var isFresh: Bool { pointee.generation.load(ordering: .relaxed) < HookPlaces.generationLast - 2 }
}

/// The places of all hooks that run in this process. A context is not an address but a place's number and generation: the low
/// 21 bits are the number. Places are used again and never freed, so that one can ask about any context at any time, even
/// when its engine is gone.
struct HookPlaces: @unchecked Sendable, BitwiseCopyable {
    static let shared = HookPlaces()

    private static var numberBits: UInt { 21 }
    static var generationLast: UInt { .max >> numberBits }
    /// Chunk n holds 64 · 2^n places, and 15 of them no more than there are numbers.
    private static var chunkCount: Int { 15 }
    private static var firstChunkSize: UInt { 64 }

    private typealias Chunk = Atomic<UnsafeMutableRawPointer?>

    private struct State: ~Copyable {
        // What the lock guards comes first, see docs/workarounds.md.
        var count: UInt = 0
        var free = Buffer<HookPlacePointer>()
        let lock = StateLock.permanent()
    }

    private let state: UnsafeMutablePointer<State>
    private let chunks: UnsafeMutablePointer<Chunk>

    private init() {
        state = .permanent()
        state.initialize(to: State())
        chunks = .permanent(count: Self.chunkCount)
        for index in 0..<Self.chunkCount { (chunks + index).initialize(to: Chunk(nil)) }
    }

    static func pack(_ generation: UInt, _ number: UInt) -> UInt { generation << numberBits | number }

    /// The place of the hook that is known as `context`, while that hook runs.
    func find(_ context: UInt) -> HookPlacePointer? {
        let (chunk, offset) = Self.locate(context & (1 << Self.numberBits - 1))
        guard chunk < Self.chunkCount, let memory = chunks[chunk].load(ordering: .acquiring) else { return nil }
        let place = memory.assumingMemoryBound(to: HookPlace.self) + offset
        let generation = place.pointee.generation.load(ordering: .acquiring)
        return generation & 1 == 1 && generation == context >> Self.numberBits ? place : nil
    }

    /// A place for somebody's hooks; `nil` when there is no more room.
    func take() -> HookPlacePointer? {
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        return state.pointee.free.isEmpty ? add() : state.pointee.free.removeLast()
    }

    /// There is room for it since it was made.
    func giveBack(_ place: HookPlacePointer) {
        state.pointee.lock.acquire()
        state.pointee.free.append(place)
        state.pointee.lock.release()
    }

    private func add() -> HookPlacePointer? {
        let number = state.pointee.count
        let (chunk, offset) = Self.locate(number)
        // Room among the free places for this one and all before it.
        guard chunk < Self.chunkCount, state.pointee.free.reserve(Int(number) + 1) else { return nil }
        if chunks[chunk].load(ordering: .relaxed) == nil {
            let size = Int(Self.firstChunkSize << UInt(chunk))
            let stride = MemoryLayout<HookPlace>.stride
            guard let memory = cplatform_allocate_zeroed(size, stride, 16) else { return nil }
            let places = memory.bindMemory(to: HookPlace.self, capacity: size)
            for index in 0..<size { (places + index).initialize(to: HookPlace(number: number + UInt(index))) }
            chunks[chunk].store(memory, ordering: .releasing)
        }
        state.pointee.count += 1
        let memory = chunks[chunk].load(ordering: .relaxed)
        return memory.map { $0.assumingMemoryBound(to: HookPlace.self) + offset }
    }

    /// Where the place with that number lies. Shifted by the size of the first chunk, numbers of one chunk share their top
    /// bit.
    private static func locate(_ number: UInt) -> (chunk: Int, offset: Int) {
        let shifted = number + firstChunkSize
        let topBit = UInt.bitWidth - 1 - shifted.leadingZeroBitCount
        return (topBit - firstChunkSize.trailingZeroBitCount, Int(shifted ^ (1 << UInt(topBit))))
    }
}

/// The places that one engine has taken for its hooks: as many as ever ran at once.
struct HookPlaceCache: ~Copyable {
    private var free = Buffer<HookPlacePointer>()
    /// There is room for so many free ones.
    private var takenCount = 0

    init() {}

    deinit {
        for place in free.contents { HookPlaces.shared.giveBack(place) }
    }

    /// A place; `nil` when there is no more room, or memory has run out.
    mutating func take() -> HookPlacePointer? {
        if !free.isEmpty { return free.removeLast() }
        guard free.reserve(takenCount + 1), let place = HookPlaces.shared.take() else { return nil }
        takenCount += 1
        return place
    }

    /// A place without generations to come is put away for good.
    mutating func giveBack(_ place: HookPlacePointer) {
        if place.isFresh { free.append(place) }
    }
}

extension HookPlaceCache {
    func checkInvariants() -> StaticString? {
        free.checkInvariants()
            ?? (free.count <= takenCount ? nil : "there are more free places of hooks than were taken")
    }
}
