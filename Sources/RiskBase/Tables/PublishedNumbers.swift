import CPlatform
import Synchronization

/// Words found by a small number, by any number of readers while one writer at a time adds some. Readers never wait.
///
/// Plain arrays, each twice as long as the one before, so that nothing ever moves and a reader has little to load. Numbers
/// that leave wide gaps have no place here; the caller keeps them elsewhere.
@usableFromInline package struct PublishedNumbers: ~Copyable {
    /// How many arrays there may be. Larger numbers than these hold have no place.
    @inlinable package static var arrayCount: Int { 20 }
    @inlinable package static var firstLength: Int { 64 }

    @usableFromInline let arrays: UnsafeMutablePointer<Atomic<UnsafeMutablePointer<Atomic<UInt64>>?>>

    /// Without arrays; `nil` when memory has run out.
    @inlinable package init?() {
        // Zeroed memory is what places without an array look like.
        guard
            let arrays = UnsafeMutablePointer<Atomic<UnsafeMutablePointer<Atomic<UInt64>>?>>.allocateAligned(
                count: Self.arrayCount)
        else { return nil }
        self.arrays = arrays
    }

    @inlinable deinit {
        for array in 0..<Self.arrayCount {
            let length = Self.length(ofArray: array)
            cplatform_lazy_free(arrays[array].load(ordering: .relaxed), length, length)
        }
        cplatform_free(arrays)
    }

    /// In bytes.
    @inlinable static func length(ofArray array: Int) -> Int {
        (firstLength << array) * MemoryLayout<Atomic<UInt64>>.stride
    }

    /// The value of `number`, or 0.
    @inline(__always)
    @inlinable package func find(_ number: UInt64) -> UInt64 {
        place(of: number)?.pointee.load(ordering: .acquiring) ?? 0
    }

    /// Makes a place for `number`, when there are `count` numbers by now and it leaves no wide gap. `false` when it has none.
    @inlinable package func reserve(_ number: UInt64, count: Int) -> Bool {
        if place(of: number) != nil { return true }
        let (array, _) = Self.position(of: number)
        // What came before must be there, and half in use.
        guard array < Self.arrayCount, array == 0 || arrays[array - 1].load(ordering: .relaxed) != nil,
            count >= (Self.firstLength << array - Self.firstLength) / 2,
            let memory = cplatform_lazy_allocate(Self.length(ofArray: array))
        else { return false }
        // Zeroed memory is what numbers without a value look like.
        arrays[array].store(
            memory.bindMemory(to: Atomic<UInt64>.self, capacity: Self.firstLength << array), ordering: .releasing)
        return true
    }

    /// Gives `number` a value other than 0. `false`, and no change, when it has no place.
    @inlinable package func set(_ number: UInt64, _ value: UInt64) -> Bool {
        guard let place = place(of: number) else { return false }
        place.pointee.store(value, ordering: .releasing)
        return true
    }

    @inline(__always)
    @inlinable func place(of number: UInt64) -> UnsafeMutablePointer<Atomic<UInt64>>? {
        let (array, position) = Self.position(of: number)
        guard array < Self.arrayCount, let start = arrays[array].load(ordering: .acquiring) else {
            return nil
        }
        return start + position
    }

    /// The array and the position there. With the length of the first array added, the highest bit says which array it is.
    @inline(__always)
    @inlinable static func position(of number: UInt64) -> (array: Int, position: Int) {
        // The last few numbers go around, to where there is no array.
        let (sum, overflow) = number.addingReportingOverflow(UInt64(truncatingIfNeeded: firstLength))
        if overflow { return (arrayCount, 0) }
        let bit = UInt64.bitWidth &- 1 &- sum.leadingZeroBitCount
        let array = bit &- firstLength.trailingZeroBitCount
        return (array, Int(truncatingIfNeeded: sum ^ (1 &<< UInt64(truncatingIfNeeded: bit))))
    }
}
