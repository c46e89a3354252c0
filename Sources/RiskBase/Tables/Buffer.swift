import CPlatform

/// A growing run of plain records that keeps its memory when it is emptied, so that steady use allocates nothing.
///
/// With the other tables the one place where the core touches raw memory. An index outside `0..<count` is a contradiction, in
/// every build: what is read there is zero, what is written is lost, and the call that came to it is answered so.
@usableFromInline package struct Buffer<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline package var storage: UnsafeMutablePointer<Element>?
    @usableFromInline package var capacity = 0
    @usableFromInline package var count = 0

    @inlinable package init() {}

    @inlinable deinit { cplatform_free(storage) }

    @inlinable package var isEmpty: Bool { count == 0 }

    @inlinable package subscript(index: Int) -> Element {
        get { pointer(at: index).pointee }
        nonmutating set { pointer(at: index).pointee = newValue }
    }

    /// The address of one record; valid until the buffer grows.
    @inlinable package func pointer(at index: Int) -> UnsafeMutablePointer<Element> {
        guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return Self.nowhere }
        return storage.unsafelyUnwrapped + index
    }

    @inlinable package var contents: UnsafeBufferPointer<Element> { UnsafeBufferPointer(start: storage, count: count) }

    /// Appends a record, for which there is room. `false`, and no change, when there was none and memory has run out.
    @discardableResult
    @inline(__always)
    @inlinable package mutating func append(_ element: Element) -> Bool {
        if count == capacity, !enlarge(by: 1) { return false }
        (storage.unsafelyUnwrapped + count).initialize(to: element)
        // What has a place in memory can be counted.
        count &+= 1
        return true
    }

    /// Puts a record before that at `index`, or behind all of them, for which there is room.
    @inlinable package mutating func insert(_ element: Element, at index: Int) {
        guard append(element) else { return }
        var place = count - 1
        while place > index {
            self[place] = self[place - 1]
            place -= 1
        }
        self[place] = element
    }

    /// Sorts a few records by insertion; equal ones stay in their order.
    @inlinable package mutating func sort(by isBefore: (Element, Element) -> Bool) {
        for index in 0..<count {
            var place = index
            while place > 0, isBefore(self[place], self[place - 1]) {
                let later = self[place]
                self[place] = self[place - 1]
                self[place - 1] = later
                place -= 1
            }
        }
    }

    /// Takes the first record away.
    @inlinable package mutating func removeFirst() {
        for place in 1..<max(count, 1) { self[place - 1] = self[place] }
        if count > 0 { count -= 1 }
    }

    /// Takes so many of the first records away.
    @inlinable package mutating func removeFirst(_ length: Int) {
        guard UInt(bitPattern: length) <= UInt(bitPattern: count) else { return cplatform_contradict() }
        for place in length..<count { self[place - length] = self[place] }
        count -= length
    }

    /// Puts so many of the first records, which are few, behind all others.
    @inlinable package mutating func putBehind(first length: Int) {
        guard UInt(bitPattern: length) <= UInt(bitPattern: count) else { return cplatform_contradict() }
        for _ in 0..<length {
            let first = self[0]
            for place in 1..<count { self[place - 1] = self[place] }
            self[count - 1] = first
        }
    }

    /// One more record, for which there is room and which the caller writes at once.
    @inline(__always)
    @inlinable package mutating func appendPlace() -> UnsafeMutablePointer<Element> {
        if count == capacity, !enlarge(by: 1) { return Self.nowhere }
        count &+= 1
        return storage.unsafelyUnwrapped + (count &- 1)
    }

    /// Where a record is written that nobody reserved room for, or that is not there. It is lost, and the call contradicted.
    @inline(__always)
    @inlinable static var nowhere: UnsafeMutablePointer<Element> {
        cplatform_nowhere(MemoryLayout<Element>.stride).assumingMemoryBound(to: Element.self)
    }

    /// Appends records, for which there is room. `false`, and no change, when there was none and memory has run out.
    @discardableResult
    @inline(__always)
    @inlinable package mutating func append(contentsOf other: UnsafeBufferPointer<Element>) -> Bool {
        guard let source = other.baseAddress, !other.isEmpty else { return true }
        if capacity &- count < other.count, !enlarge(by: other.count) { return false }
        let place = storage.unsafelyUnwrapped + count
        // Most often there is one, which takes less time than asking for a block.
        if other.count == 1 {
            place.initialize(to: source.pointee)
        } else {
            place.initialize(from: source, count: other.count)
        }
        count += other.count
        return true
    }

    /// Takes the records of `other`, which are there no longer for those who ask afterwards. Where there is no room for them the
    /// two change memory, so none is taken and none is needed: `false` then.
    /// This one is empty.
    @discardableResult
    @inline(__always)
    @inlinable package mutating func take(_ other: inout Buffer) -> Bool {
        if other.isEmpty { return true }
        if !isEmpty { cplatform_contradict() }
        if capacity < other.count {
            swap(&self, &other)
            return false
        }
        let (place, source) = (storage.unsafelyUnwrapped, other.storage.unsafelyUnwrapped)
        // Most often there is one, which takes less time than asking for a block.
        if other.count == 1 {
            place.initialize(to: source.pointee)
        } else {
            place.initialize(from: source, count: other.count)
        }
        count = other.count
        return true
    }

    @inlinable package mutating func removeLast() -> Element {
        guard count > 0 else { return Self.nowhere.pointee }
        count &-= 1
        return storage.unsafelyUnwrapped[count]
    }

    /// Forgets what came after the first `length` records.
    @inlinable package mutating func truncate(to length: Int) {
        guard UInt(bitPattern: length) <= UInt(bitPattern: count) else { return cplatform_contradict() }
        count = length
    }

    @inlinable package mutating func removeAll() { count = 0 }

    /// Makes sure that there is room for so many more records. `false`, and no change, when memory has run out.
    @inline(__always)
    @inlinable package mutating func reserve(_ more: Int) -> Bool {
        capacity &- count >= more || enlarge(by: more)
    }

    @inline(never)
    @inlinable mutating func enlarge(by more: Int) -> Bool {
        let (needed, overflow) = count.addingReportingOverflow(more)
        guard !overflow else { return false }
        let larger = max(needed, capacity * 2, 8)
        guard let memory = cplatform_allocate(larger, MemoryLayout<Element>.stride) else { return false }
        let fresh = memory.bindMemory(to: Element.self, capacity: larger)
        if let storage {
            fresh.moveInitialize(from: storage, count: count)
            cplatform_free(storage)
        }
        storage = fresh
        capacity = larger
        return true
    }
}
