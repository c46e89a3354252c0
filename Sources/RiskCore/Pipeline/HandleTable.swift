import CPlatform
import RiskBase

/// What the handles of one number stand for now.
struct HandleEntry: BitwiseCopyable {
    enum Kind: UInt64, BitwiseCopyable {
        /// Nothing that somebody outside may name.
        case none
        /// A request or a reservation that is still in the frame of its call.
        case request, reservation
        /// Either of them, in a place of its own.
        case packed
    }

    private static var kindBits: UInt64 { 2 }

    /// The generation and the kind, so that they are compared at once.
    fileprivate(set) var word: UInt64
    /// The frame that has the number, or the place where the order is packed. Of a number that nobody has it is one more than the
    /// number that was given back before; `nil` when there is none.
    var place: UnsafeMutableRawPointer?

    @inline(__always)
    fileprivate static func word(_ generation: UInt64, _ kind: Kind) -> UInt64 {
        generation << kindBits | kind.rawValue
    }

    var generation: UInt64 { word >> Self.kindBits }

    @inline(__always)
    var kind: Kind {
        get { Kind(rawValue: word & (1 << Self.kindBits - 1)).unsafelyUnwrapped }
        set { word = word & ~(1 << Self.kindBits - 1) | newValue.rawValue }
    }

    /// Makes the handle stale.
    @inline(__always)
    mutating func renew() {
        word = (word | (1 << Self.kindBits - 1)) &+ 1
    }

    /// Whether there are generations left for one more use, which takes two when a request becomes a reservation. Old handles must
    /// never be valid again.
    @inline(__always)
    var isFresh: Bool { word < Self.word(Handle.generationLast, .none) }

    /// The frame that has the number.
    @inline(__always)
    var frame: FramePointer { place.unsafelyUnwrapped.assumingMemoryBound(to: Frame.self) }

    /// The order that is packed.
    var order: KeptOrderPointer { place.unsafelyUnwrapped.assumingMemoryBound(to: KeptOrder.self) }
}

typealias HandleEntryPointer = UnsafeMutablePointer<HandleEntry>

/// The numbers of handles, and where what they stand for is. It may move, and the handle stays.
///
/// Entries come in chunks and stay where they are, so that no call pays for all of them when there is one more.
struct HandleTable: ~Copyable {
    /// Entries that were never used are zero, and so stand for nothing.
    private var chunks = Buffer<HandleEntryPointer>()
    private var count = 0
    /// One more than the number that was given back last; `nil` when there is none.
    private var firstVacant: UnsafeMutableRawPointer?
    private let salt: UInt64
    /// The generation that new numbers begin with; tests begin close to the last one.
    private let firstGeneration: UInt64

    init(salt: UInt64, firstGeneration: UInt64) {
        self.salt = salt
        self.firstGeneration = firstGeneration
    }

    deinit {
        for chunk in chunks.contents { cplatform_lazy_free(chunk, Self.chunkBytes, Self.chunkBytes) }
    }

    /// Few enough that a small engine stays small, and that a new chunk takes no time.
    private static var chunkBits: Int { 8 }
    private static var chunkBytes: Int { MemoryLayout<HandleEntry>.stride << chunkBits }

    /// All numbers that were ever taken.
    var numbers: Range<UInt32> { 0..<UInt32(truncatingIfNeeded: count) }
}

// MARK: - Numbers

extension HandleTable {
    /// A number that nobody has; `nil`, and no change, when there is none or memory has run out.
    mutating func takeNumber() -> UInt32? {
        if let vacant = firstVacant {
            guard Int(bitPattern: vacant) <= count, Int(bitPattern: vacant) > 0 else {
                cplatform_contradict()
                return nil
            }
            let number = UInt32(truncatingIfNeeded: Int(bitPattern: vacant) - 1)
            firstVacant = entry(number).pointee.place
            return number
        }
        guard count < Handle.numberCountMax, count < chunks.count << Self.chunkBits || addChunk() else { return nil }
        let number = UInt32(truncatingIfNeeded: count)
        count += 1
        entry(number).initialize(to: HandleEntry(word: HandleEntry.word(firstGeneration, .none), place: nil))
        return number
    }

    private mutating func addChunk() -> Bool {
        guard chunks.reserve(1), let memory = cplatform_lazy_allocate(Self.chunkBytes) else { return false }
        chunks.append(memory.bindMemory(to: HandleEntry.self, capacity: 1 << Self.chunkBits))
        return true
    }

    /// Gives back a number whose handles are stale. One without generations to come is put away for good.
    mutating func giveBack(_ number: UInt32) {
        let entry = self.entry(number)
        entry.pointee.place = nil
        guard entry.pointee.isFresh else { return }
        entry.pointee.place = firstVacant
        firstVacant = UnsafeMutableRawPointer(bitPattern: Int(number) + 1)
    }

    /// What a number stands for.
    @inline(__always)
    func entry(_ number: UInt32) -> HandleEntryPointer {
        chunks[Int(number) >> Self.chunkBits] + (Int(number) & (1 << Self.chunkBits - 1))
    }
}

// MARK: - Handles

extension HandleTable {
    /// Has a number stand for what its frame has, after it stood for nothing, and tells the handle; never 0.
    @inline(__always)
    func issue(_ number: UInt32, _ entry: HandleEntryPointer, _ kind: HandleEntry.Kind) -> UInt64 {
        let generation = entry.pointee.generation
        entry.pointee.word = HandleEntry.word(generation, kind)
        return Handle.pack(generation, number) ^ salt
    }

    /// The handle that will be issued for a number, if it stands for nothing as yet.
    func next(_ number: UInt32, _ entry: HandleEntryPointer) -> UInt64 {
        Handle.pack(entry.pointee.generation, number) ^ salt
    }

    /// The entry of a handle that stands for something of that kind.
    @inline(__always)
    func find(_ handle: UInt64, _ kind: HandleEntry.Kind) -> HandleEntryPointer? {
        let (generation, number) = Handle.unpack(handle ^ salt)
        guard number >> Self.chunkBits < chunks.count else { return nil }
        let entry = self.entry(UInt32(truncatingIfNeeded: number))
        return entry.pointee.word == HandleEntry.word(generation, kind) ? entry : nil
    }

    /// The number of a handle that stands for an order that is packed.
    func findPacked(_ handle: UInt64, _ stage: KeptOrder.Stage) throws(EngineError) -> UInt32 {
        let (generation, number) = Handle.unpack(handle ^ salt)
        guard number < count else { throw .notFound }
        let entry = self.entry(UInt32(truncatingIfNeeded: number)).pointee
        guard entry.generation == generation else {
            // Later generations, and those before the first, were never handed out: by this engine at least.
            throw generation >= firstGeneration && generation < entry.generation ? .alreadyFinalized : .notFound
        }
        guard entry.kind == .packed, entry.order.pointee.stage == stage else { throw .notFound }
        return UInt32(truncatingIfNeeded: number)
    }
}

// MARK: - Invariants

extension HandleTable {
    /// What does not hold together in the table, or `nil`. `visit` is shown each number that somebody has. It looks at everything,
    /// so it is for tests.
    func checkInvariants(_ visit: (UInt32, HandleEntryPointer) -> StaticString?) -> StaticString? {
        if let broken = chunks.checkInvariants() { return broken }
        if count < 0 || count > chunks.count << Self.chunkBits { return "there are more numbers than entries for them" }
        var vacant = 0
        var next = firstVacant
        while let place = next {
            vacant += 1
            let number = Int(bitPattern: place) - 1
            if number >= count || vacant > count { return "the numbers that nobody has lead astray" }
            if entry(UInt32(number)).pointee.kind != .none { return "a number that nobody has stands for something" }
            next = entry(UInt32(number)).pointee.place
        }
        var owned = 0
        var spent = 0
        for number in numbers {
            let entry = entry(number)
            guard let place = entry.pointee.place else {
                if entry.pointee.kind != .none { return "a number stands for something that lies nowhere" }
                if !entry.pointee.isFresh { spent += 1 }
                continue
            }
            // A vacant number leads to the next one, which is no address.
            if Int(bitPattern: place) <= count { continue }
            owned += 1
            if let broken = visit(number, entry) { return broken }
        }
        // The last number of the chain of vacant ones leads nowhere.
        return owned + vacant + spent == count ? nil : "a number is neither somebody's nor known as vacant"
    }
}
