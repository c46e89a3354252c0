import COpenPit
import RiskBase
import RiskCore

extension Clock {
    /// The clock behind a handle.
    init(_ handle: OpaquePointer) {
        self.init(address: UnsafeMutableRawPointer(handle))
    }
}

extension Status {
    init(_ error: ClockError) {
        switch error {
        case .overflow: self = .arithmeticOverflow
        case .past, .system: self = .invalidArgument
        }
    }
}

@c @implementation
public func openpit_clock_create(_ clock: UnsafeMutablePointer<OpaquePointer?>?) -> openpit_status {
    answer { () throws(Status) in
        let clock = try required(clock)
        guard let made = Clock.makeManual() else { throw .limitReached }
        clock.pointee = OpaquePointer(made.address)
    }
}

@c @implementation
public func openpit_clock_destroy(_ clock: OpaquePointer?) {
    guard let clock else { return }
    Clock(clock).release()
}

@c @implementation
public func openpit_clock_advance(_ clock: OpaquePointer?, _ nanoseconds: UInt64) -> openpit_status {
    answer { () throws(Status) in
        let clock = Clock(try required(clock))
        do throws(ClockError) { try clock.advance(by: nanoseconds) } catch { throw Status(error) }
    }
}

@c @implementation
public func openpit_clock_set(_ clock: OpaquePointer?, _ nanoseconds: UInt64) -> openpit_status {
    answer { () throws(Status) in
        let clock = Clock(try required(clock))
        do throws(ClockError) { try clock.set(to: nanoseconds) } catch { throw Status(error) }
    }
}

@c @implementation
public func openpit_clock_now(_ clock: OpaquePointer?) -> UInt64 {
    guard let clock else { return 0 }
    return Clock(clock).now()
}
