import CPlatform

/// An array whose growth is asked for first, and may be refused. A place that is not there is a contradiction: what is read there
/// is zero, and what is written is lost.
struct Growing<Element: BitwiseCopyable>: ~Copyable {
    private(set) var count = 0
    private var capacity = 0
    private var base: UnsafeMutablePointer<Element>?

    init() {}

    deinit { cplatform_free(base) }

    /// Makes room for `more` elements. `false`, and no change, when memory is refused.
    mutating func reserve(_ more: Int = 1) -> Bool {
        if capacity - count >= more { return true }
        let larger = max(16, capacity * 2, count + more)
        guard let memory = cplatform_allocate(larger, MemoryLayout<Element>.stride) else { return false }
        let fresh = memory.bindMemory(to: Element.self, capacity: larger)
        if let base { fresh.initialize(from: base, count: count) }
        cplatform_free(base)
        base = fresh
        capacity = larger
        return true
    }

    /// Adds an element, for which there is room.
    mutating func append(_ element: Element) {
        guard count < capacity else { return cplatform_contradict() }
        (base.unsafelyUnwrapped + count).initialize(to: element)
        count &+= 1
    }

    subscript(_ index: Int) -> Element {
        get { place(index).pointee }
        set { place(index).pointee = newValue }
    }

    @inline(__always)
    private func place(_ index: Int) -> UnsafeMutablePointer<Element> {
        guard UInt(bitPattern: index) < UInt(bitPattern: count), let base else {
            return cplatform_nowhere(MemoryLayout<Element>.stride).assumingMemoryBound(to: Element.self)
        }
        return base + index
    }

    mutating func removeLast() -> Element {
        let last = self[count - 1]
        if count > 0 { count &-= 1 }
        return last
    }

    /// Takes the first elements away.
    mutating func removeFirst(_ removed: Int) {
        guard let base, removed >= 0, removed <= count else { return cplatform_contradict() }
        count &-= removed
        base.update(from: base + removed, count: count)
    }

    mutating func removeAll() { count = 0 }

    /// Takes the first `length` elements of its room for its own: somebody has written them.
    mutating func adopt(_ length: Int) {
        guard length <= capacity else { return cplatform_contradict() }
        count = length
    }

    /// Whether it knows what memory it has.
    var isSound: Bool { count >= 0 && count <= capacity && (base == nil) == (capacity == 0) }

    /// Its elements, good until it grows.
    var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    /// Room for `length` elements from the beginning, whatever is in it; so many have been reserved.
    func room(_ length: Int) -> UnsafeMutableBufferPointer<Element> {
        guard length <= capacity else {
            cplatform_contradict()
            return UnsafeMutableBufferPointer(start: nil, count: 0)
        }
        return UnsafeMutableBufferPointer(start: base, count: length)
    }
}
