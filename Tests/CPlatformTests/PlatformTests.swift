import CPlatform
import Dispatch
import Testing

struct PlatformTests {
    @Test func `the clock never goes backwards`() {
        var last = cplatform_monotonic_nanoseconds()
        for _ in 0..<1_000 {
            let now = cplatform_monotonic_nanoseconds()
            #expect(now >= last)
            last = now
        }
    }

    @Test(arguments: [8, 64, 4096])
    func `memory arrives zeroed and aligned`(alignment: Int) throws {
        let memory = try #require(cplatform_allocate_zeroed(3, 40, alignment))
        defer { cplatform_free(memory) }
        #expect(UInt(bitPattern: memory) % UInt(alignment) == 0)
        #expect(UnsafeRawBufferPointer(start: memory, count: 120).allSatisfy { $0 == 0 })
    }

    @Test func `memory of a size that overflows is refused`() {
        #expect(cplatform_allocate_zeroed(.max, 2, 64) == nil)
    }

    @Test func `memory that nobody has is refused`() {
        #expect(cplatform_allocate_zeroed(Int.max / 2, 1, 64) == nil)
    }

    @Test func `freeing nothing is allowed`() {
        cplatform_free(nil)
    }

    @Test func `memory that is not cleared is aligned, and refused when there cannot be so much`() throws {
        let memory = try #require(cplatform_allocate_aligned(100, 64))
        #expect(UInt(bitPattern: memory) % 64 == 0)
        cplatform_free(memory)
        #expect(cplatform_allocate_aligned(Int.max, 64) == nil)
    }

    @Test func `mapped memory is zero, and refused when there cannot be so much`() throws {
        let length = 1 << 20
        let memory = try #require(cplatform_map(length))
        #expect(UnsafeRawBufferPointer(start: memory, count: length).allSatisfy { $0 == 0 })
        cplatform_unmap(memory, length)
        #expect(cplatform_map(Int.max) == nil)
    }

    @Test func `random numbers differ`() {
        var numbers: [UInt64] = [0, 0]
        #expect(cplatform_random(&numbers, 16))
        #expect(numbers[0] != numbers[1])
    }

    @Test func `a lock lets one thread in at a time`() {
        let guarded = Guarded()
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<1_000 { guarded.increment() }
        }
        #expect(guarded.count == 4_000)
    }
}

/// A counter that is right only when its lock works.
private final class Guarded: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<cplatform_lock>.allocate(capacity: 1)
    private(set) var count = 0

    init() { precondition(cplatform_lock_initialize(lock)) }

    deinit {
        cplatform_lock_deinitialize(lock)
        lock.deallocate()
    }

    func increment() {
        cplatform_lock_acquire(lock)
        defer { cplatform_lock_release(lock) }
        count += 1
    }
}
