import RiskBase

/// What is known about instruments for good. Kept for the caller: no check reads it. Safe from any thread.
public struct ReferenceBook: ~Copyable, @unchecked Sendable {
    private let lock = StateLock(.full)
    private let instruments: InstrumentRegistry<SettlementScheme?>

    /// A book without instruments; `nil` when memory has run out.
    public init?() {
        guard lock.isUsable, let instruments = InstrumentRegistry<SettlementScheme?>() else { return nil }
        self.instruments = instruments
    }

    // Said, though there is nothing to do: what other modules end is then ended by this one, which knows its tables; see
    // docs/workarounds.md.
    deinit {}

    /// Registers `instrument` under `id`, or under the next automatic one, which is returned.
    @discardableResult
    public func register(
        _ instrument: Instrument, as id: InstrumentId? = nil
    ) throws(RegistrationFault) -> InstrumentId {
        lock.acquire()
        defer { lock.release() }
        return try instruments.add(instrument, id) { nil }.pointee.id
    }

    /// The id of `instrument`, if it is registered.
    public func resolve(_ instrument: Instrument) -> InstrumentId? {
        instruments.find(instrument)?.pointee.id
    }
}

/// The instrument was never registered in the book.
public struct UnknownInstrument: Error, Equatable, Sendable {}

extension ReferenceBook {
    /// When the instrument settles; `nil` when nobody said, which means at once.
    public func settlementScheme(of id: InstrumentId) throws(UnknownInstrument) -> SettlementScheme? {
        lock.acquire()
        defer { lock.release() }
        guard let row = instruments.find(id) else { throw UnknownInstrument() }
        return row.pointee.details
    }

    /// Sets when the instrument settles, or forgets it.
    public func setSettlementScheme(_ scheme: SettlementScheme?, of id: InstrumentId) throws(UnknownInstrument) {
        lock.acquire()
        defer { lock.release() }
        guard let row = instruments.find(id) else { throw UnknownInstrument() }
        row.pointee.details = scheme
    }
}
