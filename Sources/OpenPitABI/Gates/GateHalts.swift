import COpenPit
import Decimals
import Service

extension openpit_gates_value: SizedStruct { static var firstVersionSize: Int { 152 } }
extension openpit_gates_raised_halt: SizedStruct { static var firstVersionSize: Int { 96 } }

private func instants(_ starts: UnsafePointer<Int64>?) throws(Status) -> [3 of Int64] {
    let starts = try required(starts)
    return [starts[0], starts[1], starts[2]]
}

extension HaltSeverity {
    fileprivate init(_ given: openpit_gates_severity) throws(Status) {
        guard let severity = HaltSeverity(rawValue: given) else { throw .invalidArgument }
        self = severity
    }
}

@c @implementation
public func openpit_gates_note_value(
    _ gates: OpaquePointer?, _ book: UInt32, _ nav: openpit_decimal, _ now: Int64, _ starts: UnsafePointer<Int64>?
) -> openpit_status {
    answer { () throws(Status) in
        let (nav, starts) = (try Decimal(nav), try instants(starts))
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.note(book, nav, at: now, starts: starts)
        }
    }
}

@c @implementation
public func openpit_gates_note_flow(
    _ gates: OpaquePointer?, _ book: UInt32, _ amount: openpit_decimal, _ starts: UnsafePointer<Int64>?
) -> openpit_status {
    answer { () throws(Status) in
        let (amount, starts) = (try Decimal(amount), try instants(starts))
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.flow(book, amount, starts: starts) }
    }
}

@c @implementation
public func openpit_gates_value_of(
    _ gates: OpaquePointer?, _ book: UInt32, _ value: UnsafeMutablePointer<openpit_gates_value>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(value)
        let found = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.value(book) }
        place.fill {
            $0.fields = found.nav == nil ? 0 : UInt32(OPENPIT_GATES_HAS_NAV)
            $0.time = found.at
            $0.nav.fill(found.nav ?? .zero)
            let periods = found.periods
            $0.starts = (periods[0].start, periods[1].start, periods[2].start)
            $0.bases = (
                openpit_decimal(periods[0].base), openpit_decimal(periods[1].base), openpit_decimal(periods[2].base)
            )
            $0.flows = (
                openpit_decimal(periods[0].flows), openpit_decimal(periods[1].flows), openpit_decimal(periods[2].flows)
            )
        }
    }
}

@c @implementation
public func openpit_gates_load_value(
    _ gates: OpaquePointer?, _ book: UInt32, _ value: UnsafePointer<openpit_gates_value>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(value)
        guard given.fields == UInt32(OPENPIT_GATES_HAS_NAV) else { throw .invalidArgument }
        let nav = try Decimal(given.nav)
        let periods: [3 of GatePeriod] = [
            GatePeriod(start: given.starts.0, base: try Decimal(given.bases.0), flows: try Decimal(given.flows.0)),
            GatePeriod(start: given.starts.1, base: try Decimal(given.bases.1), flows: try Decimal(given.flows.1)),
            GatePeriod(start: given.starts.2, base: try Decimal(given.bases.2), flows: try Decimal(given.flows.2)),
        ]
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.loadValue(book, nav, at: given.time, periods)
        }
    }
}

@c @implementation
public func openpit_gates_halt(
    _ gates: OpaquePointer?, _ book: UInt32, _ severity: openpit_gates_severity, _ now: Int64,
    _ number: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let number = try required(number)
        let severity = try HaltSeverity(severity)
        number.pointee = try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.halt(book, severity, at: now)
        }
    }
}

@c @implementation
public func openpit_gates_load_halt(
    _ gates: OpaquePointer?, _ book: UInt32, _ severity: openpit_gates_severity, _ number: UInt64
) -> openpit_status {
    answer { () throws(Status) in
        let severity = try HaltSeverity(severity)
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.loadHalt(book, severity, number: number) }
    }
}

@c @implementation
public func openpit_gates_resume(
    _ gates: OpaquePointer?, _ book: UInt32, _ severity: openpit_gates_severity, _ flags: UInt32,
    _ lifted: UnsafeMutablePointer<UInt8>?
) -> openpit_status {
    answer { () throws(Status) in
        let lifted = try required(lifted)
        let isAll = Int(severity) == OPENPIT_GATES_ALL_SEVERITIES
        let severity = isAll ? nil : try HaltSeverity(severity)
        guard flags & ~UInt32(OPENPIT_GATES_REBASES | OPENPIT_GATES_IS_TRIAL) == 0 else { throw .invalidArgument }
        lifted.pointee = try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.resume(
                book, severity, rebases: flags & UInt32(OPENPIT_GATES_REBASES) != 0,
                isTrial: flags & UInt32(OPENPIT_GATES_IS_TRIAL) != 0)
        }
    }
}

@c @implementation
public func openpit_gates_take_halt(
    _ gates: OpaquePointer?, _ halt: UnsafeMutablePointer<openpit_gates_raised_halt>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(halt)
        guard let halt = try GatesPlace(behind: gates).pointee.takeHalt() else { throw .notFound }
        place.fill {
            $0.book = halt.book
            $0.number = halt.number
            $0.time = halt.time
            $0.severity = halt.severity.rawValue
            $0.reserved = 0
            $0.reserved_short = 0
            $0.reserved_word = 0
            $0.share.fill(halt.share)
            $0.limit.fill(halt.limit)
            $0.base.fill(halt.base)
            $0.nav.fill(halt.nav)
        }
    }
}
