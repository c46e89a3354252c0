import CPlatform

/// An array whose growth is asked for first, and may be refused.
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
        assert(count < capacity)
        (base.unsafelyUnwrapped + count).initialize(to: element)
        count &+= 1
    }

    subscript(_ index: Int) -> Element {
        get {
            assert(index < count)
            return base.unsafelyUnwrapped[index]
        }
        set {
            assert(index < count)
            base.unsafelyUnwrapped[index] = newValue
        }
    }

    mutating func removeLast() -> Element {
        count &-= 1
        return base.unsafelyUnwrapped[count]
    }

    /// Takes the first elements away.
    mutating func removeFirst(_ removed: Int) {
        count &-= removed
        guard let base else { return }
        base.update(from: base + removed, count: count)
    }

    mutating func removeAll() { count = 0 }

    /// Takes the first `length` elements of its room for its own: somebody has written them.
    mutating func adopt(_ length: Int) {
        assert(length <= capacity)
        count = length
    }

    /// Its elements, good until it grows.
    var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: base, count: count) }

    /// Room for `length` elements from the beginning, whatever is in it; so many have been reserved.
    func room(_ length: Int) -> UnsafeMutableBufferPointer<Element> {
        assert(length <= capacity)
        return UnsafeMutableBufferPointer(start: base, count: length)
    }
}
