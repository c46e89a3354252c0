import COpenPit
import RiskBase
import RiskCore

extension Clock {
    /// The clock behind a handle.
    init(_ handle: OpaquePointer?) throws(Status) {
        self.init(address: UnsafeMutableRawPointer(try required(handle)))
        guard isOwned else { throw .destroyed }
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
public func openpit_clock_create_at(
    _ unixNanoseconds: UInt64, _ clock: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let clock = try required(clock)
        guard let made = Clock.makeManual(at: unixNanoseconds) else { throw .limitReached }
        clock.pointee = OpaquePointer(made.address)
    }
}

@c @implementation
public func openpit_clock_destroy(_ clock: OpaquePointer?) {
    try? Clock(clock).disown()
}

@c @implementation
public func openpit_clock_advance(_ clock: OpaquePointer?, _ nanoseconds: UInt64) -> openpit_status {
    answer { () throws(Status) in
        let clock = try Clock(clock)
        do throws(ClockError) { try clock.advance(by: nanoseconds) } catch { throw Status(error) }
    }
}

@c @implementation
public func openpit_clock_set(_ clock: OpaquePointer?, _ nanoseconds: UInt64) -> openpit_status {
    answer { () throws(Status) in
        let clock = try Clock(clock)
        do throws(ClockError) { try clock.set(to: nanoseconds) } catch { throw Status(error) }
    }
}

@c @implementation
public func openpit_clock_now(_ clock: OpaquePointer?) -> UInt64 {
    (try? Clock(clock))?.now() ?? 0
}
