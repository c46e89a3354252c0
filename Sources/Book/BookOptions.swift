import CPlatform

/// What a modification does to an order's place in its queue.
public enum ModifyMode: UInt8, Sendable, BitwiseCopyable {
    /// The same price and no more quantity keep the place; anything else goes to the end as a new arrival.
    case keepsPlace = 0
    /// Every modification goes to the end.
    case losesPlace = 1
}

/// How a book is made.
public struct BookOptions: BitwiseCopyable, Sendable {
    public var modifyMode = ModifyMode.keepsPlace
    /// Whether positions of owners are counted, which reduce-only orders need.
    public var countsPositions = false
    /// Room that is made at once, so that so many orders never wait for memory.
    public var orderCapacity: UInt32 = 0
    /// How many orders may rest and wait; 0 for as many as can be numbered.
    public var orderMax: UInt32 = 0
    /// How much memory the book may take, in bytes; 0 for as much as there is.
    public var memoryMax: UInt64 = 0

    public init() {}
}

/// How much memory a book may still take. Everything a book holds is asked for here, and a refusal is an answer.
struct MemoryBudget: BitwiseCopyable {
    private(set) var left: UInt64

    init(max: UInt64) { left = max == 0 ? .max : max }

    /// Memory whose contents are anything, on cache lines of its own; `nil` when it is refused.
    mutating func allocate(_ length: Int) -> UnsafeMutableRawPointer? {
        guard UInt64(length) <= left, let memory = cplatform_allocate_aligned(length, Int(cplatform_cache_line_size))
        else {
            return nil
        }
        left -= UInt64(length)
        return memory
    }

    mutating func free(_ memory: UnsafeMutableRawPointer, _ length: Int) {
        cplatform_free(memory)
        left += UInt64(length)
    }

    /// Pages that are zero and that the system provides when they are first touched, so that a large table costs no pause.
    mutating func map(_ length: Int) -> UnsafeMutableRawPointer? {
        guard UInt64(length) <= left, let memory = cplatform_map(length) else { return nil }
        left -= UInt64(length)
        return memory
    }

    mutating func unmap(_ memory: UnsafeMutableRawPointer, _ length: Int) {
        cplatform_unmap(memory, length)
        left += UInt64(length)
    }
}
