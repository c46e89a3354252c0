import COpenPit
import Decimals
import Market
import RiskBase
import RiskCore

// MARK: - Conversion

extension MarketData {
    /// The service behind a handle.
    @inline(__always)
    init(_ handle: OpaquePointer?) throws(Status) {
        self.init(address: UnsafeMutableRawPointer(try required(handle)))
        guard isOwned else { throw .destroyed }
    }
}

extension Instrument {
    /// The instrument of two assets that somebody interned.
    init(_ underlying: openpit_asset, _ settlement: openpit_asset) throws(Status) {
        self.init(underlying: try named(underlying), settlement: try named(settlement))
    }
}

extension QuoteTtl {
    fileprivate init(_ nanoseconds: openpit_quote_ttl) {
        self = nanoseconds == UInt64.max ? .infinite : .within(nanoseconds: nanoseconds)
    }
}

extension Quote {
    @inline(__always)
    fileprivate init(_ pointer: UnsafePointer<openpit_quote>?) throws(Status) {
        self = try withReadable(pointer) { (pointer) throws(Status) in
            let quote = pointer.pointee
            guard quote.fields & ~UInt32(OPENPIT_QUOTE_ALL_FIELDS) == 0 else { throw .invalidArgument }
            return Quote(
                mark: try quote.field(OPENPIT_QUOTE_HAS_MARK, quote.mark),
                bid: try quote.field(OPENPIT_QUOTE_HAS_BID, quote.bid),
                ask: try quote.field(OPENPIT_QUOTE_HAS_ASK, quote.ask))
        }
    }
}

extension openpit_quote {
    @inline(__always)
    fileprivate func field(_ bit: Int, _ price: openpit_decimal) throws(Status) -> Decimal? {
        fields & UInt32(bit) != 0 ? try Decimal(price) : nil
    }

    /// Writes everything but `struct_size`.
    @inline(__always)
    fileprivate mutating func fill(_ quote: Quote) {
        fields =
            Self.bit(OPENPIT_QUOTE_HAS_MARK, quote.mark) | Self.bit(OPENPIT_QUOTE_HAS_BID, quote.bid)
            | Self.bit(OPENPIT_QUOTE_HAS_ASK, quote.ask)
        mark.fill(quote.mark ?? .zero)
        bid.fill(quote.bid ?? .zero)
        ask.fill(quote.ask ?? .zero)
    }

    private static func bit(_ bit: Int, _ price: Decimal?) -> UInt32 { price == nil ? 0 : UInt32(bit) }
}

extension QuoteUpdate {
    fileprivate init(_ update: openpit_quote_update) throws(Status) {
        switch Int(update) {
        case OPENPIT_QUOTE_REPLACE: self = .replace
        case OPENPIT_QUOTE_PATCH: self = .patch
        default: throw .invalidArgument
        }
    }
}

extension QuoteReader {
    fileprivate init(_ reader: openpit_quote_reader) throws(Status) {
        let group: Group
        switch Int(reader.group_state) {
        case OPENPIT_READER_GROUP_NONE: group = .none
        case OPENPIT_READER_GROUP_KNOWN: group = .known(AccountGroupId(reader.group))
        case OPENPIT_READER_GROUP_UNKNOWN: group = .unknown
        default: throw .invalidArgument
        }
        self.init(account: AccountId(reader.account), group: group)
    }
}

extension TtlScope {
    fileprivate init(_ scope: openpit_ttl_scope) throws(Status) {
        let account = AccountId(scope.account)
        let group = AccountGroupId(scope.group)
        let instrument = InstrumentId(scope.instrument)
        switch Int(scope.axis) {
        case OPENPIT_TTL_ACCOUNT: self = .account(account)
        case OPENPIT_TTL_GROUP: self = .group(group)
        case OPENPIT_TTL_INSTRUMENT: self = .instrument(instrument)
        case OPENPIT_TTL_INSTRUMENT_ACCOUNT: self = .instrumentAccount(instrument, account)
        case OPENPIT_TTL_INSTRUMENT_GROUP: self = .instrumentGroup(instrument, group)
        default: throw .invalidArgument
        }
    }
}

extension Status {
    init(_ fault: RegistrationFault) {
        switch fault {
        case .instrumentKnown: self = .instrumentRegistered
        case .idTaken: self = .instrumentIdTaken
        case .limitReached: self = .limitReached
        }
    }

    fileprivate init(_ fault: MarketDataFault) {
        switch fault {
        case .unknownInstrument: self = .unknownInstrument
        case .noTargets: self = .noTargets
        case .limitReached: self = .limitReached
        }
    }
}

// MARK: - Life

@c @implementation
public func openpit_market_data_create(
    _ options: UnsafePointer<openpit_market_data_options>?, _ service: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let service = try required(service)
        var mode = SyncMode.full
        var clock = Clock.system
        var ttl = QuoteTtl.infinite
        if let options {
            let options = try read(options)
            guard let known = SyncMode(rawValue: options.sync_mode),
                options.reserved.0 | options.reserved.1 | options.reserved.2 | options.reserved.3 == 0
            else { throw .invalidArgument }
            mode = known
            ttl = QuoteTtl(options.default_ttl)
            if let handle = options.clock { clock = try Clock(handle) }
        }
        guard let made = MarketData.make(defaultTtl: ttl, mode: mode, clock: clock) else { throw .limitReached }
        service.pointee = OpaquePointer(made.address)
    }
}

@c @implementation
public func openpit_market_data_destroy(_ service: OpaquePointer?) {
    try? MarketData(service).disown()
}

// MARK: - Instruments

@c @implementation
public func openpit_market_data_register(
    _ service: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ ttl: UnsafePointer<openpit_quote_ttl>?, _ instrument: UnsafeMutablePointer<openpit_instrument_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let id = try required(instrument)
        let instrument = try Instrument(underlying, settlement)
        do throws(RegistrationFault) {
            id.pointee = try service.register(instrument, ttl: ttl.map { QuoteTtl($0.pointee) }).value
        } catch {
            throw Status(error)
        }
    }
}

@c @implementation
public func openpit_market_data_register_as(
    _ service: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ instrument: openpit_instrument_id, _ ttl: UnsafePointer<openpit_quote_ttl>?
) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let id = InstrumentId(instrument)
        let instrument = try Instrument(underlying, settlement)
        do throws(RegistrationFault) {
            try service.register(instrument, as: id, ttl: ttl.map { QuoteTtl($0.pointee) })
        } catch {
            throw Status(error)
        }
    }
}

@c @implementation
public func openpit_market_data_resolve(
    _ service: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ instrument: UnsafeMutablePointer<openpit_instrument_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let instrument = try required(instrument)
        guard let id = service.resolve(try Instrument(underlying, settlement)) else { throw .unknownInstrument }
        instrument.pointee = id.value
    }
}

// MARK: - Pushing

/// Nanoseconds at the source; an age from the future counts as none.
private func age(_ nanoseconds: Int64) -> UInt64 { UInt64(max(nanoseconds, 0)) }

@c @implementation
public func openpit_market_data_push(
    _ service: OpaquePointer?, _ instrument: openpit_instrument_id, _ quote: UnsafePointer<openpit_quote>?,
    _ update: openpit_quote_update, _ sourceAge: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let quote = try Quote(quote)
        let update = try QuoteUpdate(update)
        do throws(MarketDataFault) {
            try service.push(quote, to: InstrumentId(instrument), update, sourceAge: age(sourceAge))
        } catch {
            throw Status(error)
        }
    }
}

@c @implementation
public func openpit_market_data_push_by_name(
    _ service: OpaquePointer?, _ underlying: openpit_asset, _ settlement: openpit_asset,
    _ quote: UnsafePointer<openpit_quote>?, _ update: openpit_quote_update, _ sourceAge: Int64,
    _ instrument: UnsafeMutablePointer<openpit_instrument_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let pair = try Instrument(underlying, settlement)
        let quote = try Quote(quote)
        let update = try QuoteUpdate(update)
        do throws(RegistrationFault) {
            let id = try service.push(quote, to: pair, update, sourceAge: age(sourceAge))
            instrument?.pointee = id.value
        } catch {
            throw Status(error)
        }
    }
}

@c @implementation
public func openpit_market_data_push_for(
    _ service: OpaquePointer?, _ instrument: openpit_instrument_id, _ quote: UnsafePointer<openpit_quote>?,
    _ update: openpit_quote_update, _ sourceAge: Int64, _ accounts: UnsafePointer<openpit_account_id>?,
    _ accountCount: Int, _ groups: UnsafePointer<openpit_account_group_id>?, _ groupCount: Int
) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let quote = try Quote(quote)
        let update = try QuoteUpdate(update)
        let accounts = try items(accounts, accountCount)
        let groups = try items(groups, groupCount)
        // An id is its number, so the caller's numbers are read where they lie.
        let fault = accounts.withMemoryRebound(to: AccountId.self) { accounts in
            groups.withMemoryRebound(to: AccountGroupId.self) { groups -> MarketDataFault? in
                do throws(MarketDataFault) {
                    try service.push(
                        quote, to: InstrumentId(instrument), accounts: accounts, groups: groups, update,
                        sourceAge: age(sourceAge))
                    return nil
                } catch {
                    return error
                }
            }
        }
        if let fault { throw Status(fault) }
    }
}

@c @implementation
public func openpit_market_data_clear(
    _ service: OpaquePointer?, _ instrument: openpit_instrument_id
) -> openpit_status {
    answer { () throws(Status) in
        try MarketData(service).clear(InstrumentId(instrument))
    }
}

// MARK: - Reading

@c @implementation
public func openpit_market_data_get(
    _ service: OpaquePointer?, _ instrument: openpit_instrument_id, _ reader: openpit_quote_reader,
    _ resolution: openpit_quote_resolution, _ quote: UnsafeMutablePointer<openpit_quote>?
) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let reader = try QuoteReader(reader)
        guard let resolution = QuoteResolution(rawValue: resolution) else { throw .invalidArgument }
        let quote = try Output(quote)
        switch service.quote(of: InstrumentId(instrument), for: reader, resolution) {
        case .quote(let found): quote.fill { $0.fill(found) }
        case .expired(let found):
            quote.fill { $0.fill(found) }
            throw .quoteExpired
        case .unavailable: throw .quoteUnavailable
        case .unknownInstrument: throw .unknownInstrument
        case .groupNeeded: throw .groupNeeded
        }
    }
}

// MARK: - TTLs

@c @implementation
public func openpit_market_data_set_ttl(
    _ service: OpaquePointer?, _ scope: openpit_ttl_scope, _ ttl: openpit_quote_ttl
) -> openpit_status {
    setTtl(QuoteTtl(ttl), scope, service)
}

@c @implementation
public func openpit_market_data_clear_ttl(_ service: OpaquePointer?, _ scope: openpit_ttl_scope) -> openpit_status {
    setTtl(nil, scope, service)
}

private func setTtl(_ ttl: QuoteTtl?, _ scope: openpit_ttl_scope, _ service: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in
        let service = try MarketData(service)
        let scope = try TtlScope(scope)
        do throws(MarketDataFault) { try service.setTtl(ttl, of: scope) } catch { throw Status(error) }
    }
}
