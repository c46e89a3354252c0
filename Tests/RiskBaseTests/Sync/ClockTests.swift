import RiskBase
import TestSupport
import Testing

struct ClockTests {
    @Test func `a clock that is driven starts at 0 and stands still`() throws {
        let clock = try #require(Clock.makeManual())
        defer { clock.release() }
        #expect(clock.now() == 0)
        try clock.advance(by: 5)
        try clock.advance(by: 0)
        #expect(clock.now() == 5)
    }

    @Test(arguments: [(9, ClockError.past), (10, nil), (11, nil)] as [(UInt64, ClockError?)])
    func `time never goes backwards`(time: UInt64, error: ClockError?) throws {
        let clock = try #require(Clock.makeManual())
        defer { clock.release() }
        try clock.set(to: 10)
        #expect(failure { () throws(ClockError) in try clock.set(to: time) } == error)
        #expect(clock.now() == max(time, 10))
    }

    @Test func `time ends, and does not begin again`() throws {
        let clock = try #require(Clock.makeManual())
        defer { clock.release() }
        try clock.set(to: .max - 1)
        #expect(throws: ClockError.overflow) { try clock.advance(by: 2) }
        #expect(clock.now() == UInt64.max - 1)
        try clock.advance(by: 1)
        #expect(throws: ClockError.overflow) { try clock.advance(by: 1) }
        #expect(clock.now() == UInt64.max)
    }

    @Test func `lives as long as somebody uses it`() throws {
        let clock = try #require(Clock.makeManual())
        let other = Clock(address: clock.address)
        other.retain()
        clock.release()
        try other.advance(by: 1)
        #expect(other.now() == 1)
        other.release()
    }

    @Test func `the clock of the system goes by itself and cannot be driven`() {
        let clock = Clock.system
        let before = clock.now()
        #expect(clock.now() >= before)
        #expect(before > 0)
        #expect(throws: ClockError.system) { try clock.advance(by: 1) }
        #expect(throws: ClockError.system) { try clock.set(to: .max) }
        clock.retain()
        clock.release()
        #expect(clock.address == nil)
    }

    @Test func `no step is lost between threads`() async throws {
        let clock = try #require(Clock.makeManual())
        defer { clock.release() }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask { for _ in 0..<1_000 { try? clock.advance(by: 1) } }
            }
        }
        #expect(clock.now() == 4_000)
    }
}
