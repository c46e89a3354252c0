import COpenPit
import Decimals
import Service

extension openpit_gates_stop: SizedStruct { static var firstVersionSize: Int { 128 } }

extension GateStop {
    fileprivate init(_ pointer: UnsafePointer<openpit_gates_stop>?) throws(Status) {
        let given = try read(pointer)
        guard let state = StopState(rawValue: given.state), given.is_short <= 1, given.reserved == 0, given.number != 0
        else { throw .invalidArgument }
        self.init(
            key: given.number, book: given.book, instrument: given.instrument, state: state,
            isShort: given.is_short == 1, quantity: try Decimal(given.quantity), entry: try Decimal(given.entry),
            price: try Decimal(given.price), best: try Decimal(given.best), armedAt: given.armed_at)
        confirmations = given.confirmations
        attempts = given.attempts
        triggeredAt = given.triggered_at
        triggerPrice = try Decimal(given.trigger_price)
    }

    fileprivate func fill(_ place: inout openpit_gates_stop) {
        place.book = book
        place.instrument = instrument
        place.state = state.rawValue
        place.is_short = isShort ? 1 : 0
        place.reserved = 0
        place.number = key
        place.confirmations = confirmations
        place.attempts = attempts
        place.armed_at = armedAt
        place.triggered_at = triggeredAt
        place.quantity.fill(quantity)
        place.entry.fill(entry)
        place.price.fill(price)
        place.best.fill(best)
        place.trigger_price.fill(triggerPrice)
    }
}

@c @implementation
public func openpit_gates_take_stop(
    _ gates: OpaquePointer?, _ stop: UnsafeMutablePointer<openpit_gates_stop>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(stop)
        guard let stop = try GatesPlace(behind: gates).pointee.takeStop() else { throw .notFound }
        place.fill { stop.fill(&$0) }
    }
}

@c @implementation
public func openpit_gates_load_stop(
    _ gates: OpaquePointer?, _ stop: UnsafePointer<openpit_gates_stop>?
) -> openpit_status {
    answer { () throws(Status) in
        let stop = try GateStop(stop)
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.loadStop(stop) }
    }
}

@c @implementation
public func openpit_gates_observe_stop(
    _ gates: OpaquePointer?, _ stop: UInt64, _ last: openpit_decimal, _ confirmations: UInt32,
    _ now: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let last = try Decimal(last)
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.observe(stop, last, confirmations: confirmations, at: now)
        }
    }
}

@c @implementation
public func openpit_gates_miss_stop(_ gates: OpaquePointer?, _ stop: UInt64) -> openpit_status {
    answer { () throws(Status) in
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.miss(stop) }
    }
}

@c @implementation
public func openpit_gates_tell_stop(
    _ gates: OpaquePointer?, _ stop: UInt64, _ event: openpit_gates_stop_event, _ attempt: UInt32
) -> openpit_status {
    answer { () throws(Status) in
        guard let event = Gates.StopEvent(rawValue: event) else { throw .invalidArgument }
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.happen(stop, event, attempt: attempt) }
    }
}

@c @implementation
public func openpit_gates_sweep(
    _ gates: OpaquePointer?, _ now: Int64, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        count.pointee = try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.sweep(at: now)
            return gates.pointee.swept.count
        }
    }
}

@c @implementation
public func openpit_gates_swept_stops(
    _ gates: OpaquePointer?, _ swept: UnsafeMutablePointer<openpit_gates_swept>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        var list = try GateList(swept, capacity)
        let gates = try GatesPlace(behind: gates)
        for index in 0..<gates.pointee.swept.count {
            let row = gates.pointee.swept[index]
            list.add(
                openpit_gates_swept(
                    kind: row.kind.rawValue, reserved: 0, reserved_short: 0, book: row.book,
                    instrument: row.instrument, reserved_word: 0, stop: row.stop))
        }
        count.pointee = list.count
    }
}
