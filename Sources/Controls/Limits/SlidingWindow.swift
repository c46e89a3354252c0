import CPlatform

/// Times of what happened in a window that ends now. It keeps no more of them than it was made for, the newest ones, and takes
/// memory as they come.
struct SlidingWindow: BitwiseCopyable {
    private var times: UnsafeMutablePointer<Int64>?
    private var capacity = 0
    private var first = 0
    private(set) var count = 0

    /// Whether both keep their times in the same place.
    func isSame(as other: SlidingWindow) -> Bool { times != nil && times == other.times }

    func free() { cplatform_free(times) }

    /// How many are younger than `window` nanoseconds. One that is exactly as old is out.
    mutating func count(at now: Int64, window: UInt64) -> Int {
        while count > 0, isOver(oldest, at: now, window) {
            first = first + 1 == capacity ? 0 : first + 1
            count -= 1
        }
        return count
    }

    private func isOver(_ time: Int64, at now: Int64, _ window: UInt64) -> Bool {
        now > time && UInt64(now &- time) >= window
    }

    private var oldest: Int64 { time(at: 0) }

    /// The time at the place `index`, the oldest one at 0.
    func time(at index: Int) -> Int64 { address(of: index).pointee }

    /// Where that time is. What would lie outside of the memory is a contradiction: there is zero there, and nothing stays.
    private func address(of index: Int) -> UnsafeMutablePointer<Int64> {
        let place = place(index)
        guard let times, UInt(bitPattern: place) < UInt(bitPattern: capacity) else {
            return cplatform_nowhere(MemoryLayout<Int64>.stride).assumingMemoryBound(to: Int64.self)
        }
        return times + place
    }

    /// Makes sure that there is room for one more, of at most `most`. `false`, and no change, when memory has run out.
    mutating func reserveOne(atMost most: Int) -> Bool {
        count < capacity || capacity >= most && capacity > 0 || grow(to: min(max(4, capacity * 2), max(most, 1)))
    }

    /// Adds a time, for which there is room; where there is none, in the place of the oldest one.
    mutating func add(_ time: Int64) {
        if count == capacity {
            first = first + 1 == capacity ? 0 : first + 1
            count -= 1
        }
        address(of: count).pointee = time
        count &+= 1
    }

    /// Takes the newest time back.
    mutating func removeLast() { if count > 0 { count -= 1 } }

    /// Takes back the newest of those that are this time, if there is one still.
    mutating func remove(_ time: Int64) {
        var index = count - 1
        while index >= 0, self.time(at: index) != time { index -= 1 }
        guard index >= 0 else { return }
        for later in index + 1..<Swift.max(count, index + 1) {
            address(of: later - 1).pointee = address(of: later).pointee
        }
        count -= 1
    }

    mutating func removeAll() { (first, count) = (0, 0) }

    private func place(_ index: Int) -> Int {
        let place = first &+ index
        return place < capacity ? place : place &- capacity
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if (times == nil) != (capacity == 0) { return "a window does not know whether it has memory" }
        return count >= 0 && count <= capacity && first >= 0 && first <= Swift.max(capacity - 1, 0)
            ? nil : "a window has times outside of its memory"
    }

    private mutating func grow(to capacity: Int) -> Bool {
        guard let memory = cplatform_allocate(capacity, MemoryLayout<Int64>.stride) else { return false }
        let new = memory.bindMemory(to: Int64.self, capacity: capacity)
        for index in 0..<count { (new + index).initialize(to: time(at: index)) }
        cplatform_free(times)
        (times, self.capacity, first) = (new, capacity, 0)
        return true
    }
}
