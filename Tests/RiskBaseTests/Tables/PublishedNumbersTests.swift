import Synchronization
import TestSupport
import Testing

@testable import RiskBase

@Suite struct `Published numbers` {
    private final class Numbers: @unchecked Sendable {
        private let numbers: PublishedNumbers
        /// For threads to tell each other how far they are.
        let count = Atomic<Int>(0)

        init() throws {
            guard let numbers = PublishedNumbers() else { throw NothingThere() }
            self.numbers = numbers
        }

        func find(_ number: UInt64) -> UInt64 { numbers.find(number) }

        func set(_ number: UInt64, _ value: UInt64) -> Bool { numbers.set(number, value) }

        /// Gives the number itself plus one as its value, and tells whether it had a place.
        func add(_ number: UInt64, count: Int) -> Bool {
            let hasPlace = numbers.reserve(number, count: count)
            return numbers.set(number, number &+ 1) && hasPlace
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, .max - 64, .max - 63, .max - 1, .max] as [UInt64])
    func `have no value while there are none`(number: UInt64) throws {
        let numbers = try Numbers()
        #expect(!numbers.set(number, 1) && numbers.find(number) == 0)
    }

    @Test func `that leave no gaps all have a place`() throws {
        let numbers = try Numbers()
        for number in 0..<5_000 where numbers.find(UInt64(number)) != 0 || !numbers.add(UInt64(number), count: number) {
            Issue.record("number \(number)")
        }
        for number in 0..<5_000 as Range<UInt64> where numbers.find(number) != number + 1 {
            Issue.record("\(numbers.find(number)) for number \(number)")
        }
        #expect(numbers.find(5_000) == 0)
    }

    /// The second array holds 64 to 191, and 32 numbers are half of the first one.
    @Test(arguments: [
        (63, 31, true), (63, 32, true), (64, 31, false), (64, 32, true), (191, 33, true), (192, 33, false),
    ])
    func `have a place when what came before is half in use`(number: UInt64, count: Int, hasPlace: Bool) throws {
        let numbers = try Numbers()
        #expect(numbers.add(0, count: 0))
        #expect(numbers.add(number, count: count) == hasPlace)
        #expect(numbers.find(number) == (hasPlace ? number + 1 : 0) && numbers.find(0) == 1)
    }

    /// However many there are: those from 64 * 2^20 - 64 on have no place, and are not mistaken for small ones.
    @Test(arguments: [67_108_799, 67_108_800, 67_108_801, 1 << 63, .max - 64, .max - 63, .max] as [UInt64])
    func `that are too large have no place`(number: UInt64) throws {
        let numbers = try Numbers()
        for number in 0..<64 as Range<UInt64> { #expect(numbers.add(number, count: 0)) }
        #expect(!numbers.add(number, count: .max) && numbers.find(number) == 0)
    }

    @Test func `are found while another thread adds some`() async throws {
        let numbers = try Numbers()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 0..<20_000 {
                    if !numbers.add(UInt64(number), count: number) { Issue.record("no place for \(number)") }
                    numbers.count.store(number + 1, ordering: .releasing)
                }
            }
            group.addTask {
                var known = 0
                while known < 20_000 {
                    known = numbers.count.load(ordering: .acquiring)
                    for number in max(0, known - 3)..<known where numbers.find(UInt64(number)) != UInt64(number) + 1 {
                        Issue.record("number \(number) is missing")
                    }
                    // It may be there by now; nothing else may.
                    let next = numbers.find(UInt64(known))
                    if next != 0 && next != UInt64(known) + 1 { Issue.record("\(next) for number \(known)") }
                }
            }
        }
    }
}
