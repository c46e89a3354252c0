import COpenPit
import Market
import RiskBase
import RiskCore

/// The book behind a handle.
private func book(_ handle: OpaquePointer?) throws(Status) -> UnsafeMutablePointer<ReferenceBook> {
    try UnsafeMutablePointer(behind: handle)
}

extension SettlementLag {
    fileprivate init(_ lag: openpit_settlement_lag) throws(Status) {
        guard let unit = SettlementUnit(rawValue: lag.unit), lag.reserved == 0 else { throw .invalidArgument }
        self.init(count: lag.count, unit: unit)
    }
}

extension openpit_settlement_lag {
    fileprivate init(_ lag: SettlementLag) {
        self.init(count: lag.count, unit: lag.unit.rawValue, reserved: 0)
    }
}

@c @implementation
public func openpit_reference_book_create(_ handle: UnsafeMutablePointer<OpaquePointer?>?) -> openpit_status {
    answer { () throws(Status) in
        let handle = try required(handle)
        guard let book = ReferenceBook() else { throw .limitReached }
        handle.pointee = try UnsafeMutablePointer.make(book)
    }
}

@c @implementation
public func openpit_reference_book_destroy(_ handle: OpaquePointer?) {
    UnsafeMutablePointer<ReferenceBook>.end(handle)
}

@c @implementation
public func openpit_reference_book_register(
    _ handle: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ instrument: UnsafeMutablePointer<openpit_instrument_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let book = try book(handle)
        let id = try required(instrument)
        let instrument = try Instrument(underlying, settlement)
        do throws(RegistrationFault) { id.pointee = try book.pointee.register(instrument).value } catch {
            throw Status(error)
        }
    }
}

@c @implementation
public func openpit_reference_book_register_as(
    _ handle: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ instrument: openpit_instrument_id
) -> openpit_status {
    answer { () throws(Status) in
        let book = try book(handle)
        let id = InstrumentId(instrument)
        let instrument = try Instrument(underlying, settlement)
        do throws(RegistrationFault) { try book.pointee.register(instrument, as: id) } catch { throw Status(error) }
    }
}

@c @implementation
public func openpit_reference_book_resolve(
    _ handle: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ instrument: UnsafeMutablePointer<openpit_instrument_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let book = try book(handle)
        let instrument = try required(instrument)
        guard let id = book.pointee.resolve(try Instrument(underlying, settlement)) else { throw .unknownInstrument }
        instrument.pointee = id.value
    }
}

@c @implementation
public func openpit_reference_book_set_settlement_scheme(
    _ handle: OpaquePointer?, _ instrument: openpit_instrument_id,
    _ scheme: UnsafePointer<openpit_settlement_scheme>?
) -> openpit_status {
    answer { () throws(Status) in
        let book = try book(handle)
        let given = try required(scheme).pointee
        let scheme = SettlementScheme(
            delivery: try SettlementLag(given.delivery), payment: try SettlementLag(given.payment))
        try setScheme(scheme, of: instrument, in: book)
    }
}

@c @implementation
public func openpit_reference_book_clear_settlement_scheme(
    _ handle: OpaquePointer?, _ instrument: openpit_instrument_id
) -> openpit_status {
    answer { () throws(Status) in try setScheme(nil, of: instrument, in: try book(handle)) }
}

private func setScheme(
    _ scheme: SettlementScheme?, of instrument: openpit_instrument_id, in book: UnsafeMutablePointer<ReferenceBook>
) throws(Status) {
    do throws(UnknownInstrument) {
        try book.pointee.setSettlementScheme(scheme, of: InstrumentId(instrument))
    } catch {
        throw .unknownInstrument
    }
}

@c @implementation
public func openpit_reference_book_settlement_scheme(
    _ handle: OpaquePointer?, _ instrument: openpit_instrument_id,
    _ scheme: UnsafeMutablePointer<openpit_settlement_scheme>?
) -> openpit_status {
    answer { () throws(Status) in
        let book = try book(handle)
        let scheme = try required(scheme)
        let found: SettlementScheme?
        do throws(UnknownInstrument) {
            found = try book.pointee.settlementScheme(of: InstrumentId(instrument))
        } catch {
            throw .unknownInstrument
        }
        guard let found else { throw .notFound }
        scheme.pointee = openpit_settlement_scheme(
            delivery: openpit_settlement_lag(found.delivery), payment: openpit_settlement_lag(found.payment))
    }
}
