import CPlatform
import Decimals
import RiskBase
import Synchronization

/// Quotes and how old they may become: a handle to a service that policies read and feeds write. Copies of it are the
/// same service, and `retain` and `release` say how many of them count; it outlives the engines it was given to.
///
/// In the mode `.full` any thread may do anything: a reader never waits, a push to several places is seen as a whole, and
/// writers take turns. In the mode `.none` the caller sees to it that calls do not overlap.
public struct MarketData: @unchecked Sendable, BitwiseCopyable {
    @usableFromInline
    let state: UnsafeMutablePointer<State>

    @usableFromInline
    struct State: ~Copyable {
        let lock: StateLock
        let mode: SyncMode
        let clock: Clock
        let defaultTtl: QuoteTtl
        let instruments: InstrumentRegistry<InstrumentQuotes>
        /// TTLs.
        let accounts = PublishedTable()
        let groups = PublishedTable()
        /// Moves before memory of TTLs is used again, and before the first TTL: while it is 0 readers leave the tables alone.
        let ttlTurn = Atomic<UInt64>(0)
        /// The writer's alone, and not part of what readers look at.
        let memory: UnsafeMutablePointer<QuoteMemory>
        fileprivate let references = Atomic<Int>(1)
        @usableFromInline
        var mark = HandleMark(.marketData)

        fileprivate init(
            _ defaultTtl: QuoteTtl, _ mode: SyncMode, _ clock: Clock,
            _ instruments: consuming InstrumentRegistry<InstrumentQuotes>, _ memory: UnsafeMutablePointer<QuoteMemory>
        ) {
            lock = StateLock(mode)
            self.mode = mode
            self.clock = clock
            self.defaultTtl = defaultTtl
            self.instruments = instruments
            self.memory = memory
            clock.retain()
        }

        deinit {
            memory.deinitialize(count: 1)
            cplatform_free(memory)
            clock.release()
        }
    }
}

// MARK: - Life

extension MarketData {
    /// A service without instruments, with one reference to release; `nil` when memory has run out.
    public static func make(defaultTtl: QuoteTtl, mode: SyncMode = .full, clock: Clock = .system) -> MarketData? {
        guard let instruments = InstrumentRegistry<InstrumentQuotes>(),
            let memory = UnsafeMutablePointer<QuoteMemory>.allocateAligned()
        else { return nil }
        guard let state = UnsafeMutablePointer<State>.allocateAligned() else {
            cplatform_free(memory)
            return nil
        }
        memory.initialize(to: QuoteMemory())
        state.initialize(to: State(defaultTtl, mode, clock, instruments, memory))
        let service = MarketData(state: state)
        if state.pointee.lock.isUsable { return service }
        service.release()
        return nil
    }

    /// One more user.
    public func retain() {
        state.pointee.references.wrappingAdd(1, ordering: .relaxed)
    }

    /// One user less; after the last one the service must not be used any more.
    public func release() {
        let references = state.pointee.references.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue
        guard references == 0 else { return }
        state.deinitialize(count: 1)
        cplatform_free(state)
    }

    /// Whether whoever made the service has it still; also `false` for an address where something else is, as far as that
    /// can be told.
    @inlinable
    public var isOwned: Bool { state.pointee.mark.isSet(to: .marketData) }

    /// Gives back the reference of whoever made the service; a second time nothing happens.
    public func disown() {
        if state.pointee.mark.clear() { release() }
    }

    /// The service as an address, for those who cannot hold a `MarketData`.
    public var address: UnsafeMutableRawPointer { UnsafeMutableRawPointer(state) }

    /// The service that has this `address`.
    @inlinable
    public init(address: UnsafeMutableRawPointer) {
        state = address.assumingMemoryBound(to: State.self)
    }

    /// Not through an access to the state as a whole, which readers look at.
    @inline(__always)
    var memory: UnsafeMutablePointer<QuoteMemory> { state.pointee.memory }

    /// Whether several threads may use the service at once.
    public var isMultiThreaded: Bool { state.pointee.mode != .none }
}

// MARK: - Instruments

extension MarketData {
    /// Registers `instrument` under the next automatic id.
    public func register(_ instrument: Instrument, ttl: QuoteTtl? = nil) throws(RegistrationFault) -> InstrumentId {
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        return try add(instrument, nil, ttl).pointee.id
    }

    /// Registers `instrument` under `id`.
    public func register(
        _ instrument: Instrument, as id: InstrumentId, ttl: QuoteTtl? = nil
    ) throws(RegistrationFault) {
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        _ = try add(instrument, id, ttl)
    }

    /// The id of `instrument`, if it is registered. The swapped pair is another instrument.
    @inline(__always)
    public func resolve(_ instrument: Instrument) -> InstrumentId? {
        state.pointee.instruments.find(instrument)?.pointee.id
    }

    typealias Row = UnsafeMutablePointer<InstrumentRegistry<InstrumentQuotes>.Row>

    private func add(
        _ instrument: Instrument, _ id: InstrumentId?, _ ttl: QuoteTtl?
    ) throws(RegistrationFault) -> Row {
        try state.pointee.instruments.add(instrument, id) { InstrumentQuotes(instrument, ttl: ttl) }
    }
}

// MARK: - Reading

extension MarketData {
    /// The quote in the first of the reader's places that has one, even if it lacks the price the reader is after, unless
    /// it is too old for this reader.
    public func quote(of id: InstrumentId, for reader: QuoteReader, _ resolution: QuoteResolution) -> QuoteAnswer {
        guard let row = state.pointee.instruments.find(id) else { return .unknownInstrument }
        guard let words = row.pointee.details.select(for: reader, resolution) else { return .groupNeeded }
        guard words.isFilled else { return .unavailable }
        switch ttl(of: row, for: reader) {
        case .groupNeeded: return .groupNeeded
        case .ttl(let ttl):
            let isFresh = ttl == .infinite || !ttl.isOver(at: words.seen.age(at: state.pointee.clock.now()))
            return isFresh ? .quote(words.quote) : .expired(words.quote)
        }
    }

    /// The mark of the quote the reader would be given, however old it is; `nil` when there is no such quote or mark.
    public func markIgnoringAge(
        of id: InstrumentId, for reader: QuoteReader, _ resolution: QuoteResolution
    ) -> Decimal? {
        state.pointee.instruments.find(id)?.pointee.details.select(for: reader, resolution)?.quote.mark
    }

    /// The quote the reader would be given, and how old it is; `nil` where nobody pushed one for him.
    package func sight(of id: InstrumentId, for reader: QuoteReader) -> QuoteSight? {
        guard let row = state.pointee.instruments.find(id),
            let words = row.pointee.details.select(for: reader, .accountThenGroupThenDefault), words.isFilled
        else { return nil }
        let age = words.seen.age(at: state.pointee.clock.now())
        return sight(of: words, age: age, row, for: reader)
    }

    /// The same of a quote in hand.
    func sight(of words: QuoteWords, age: UInt64, _ row: Row, for reader: QuoteReader) -> QuoteSight? {
        guard case .ttl(let ttl) = self.ttl(of: row, for: reader) else { return nil }
        return QuoteSight(quote: words.quote, age: age, ttl: ttl)
    }

    private enum EffectiveTtl: BitwiseCopyable {
        case ttl(QuoteTtl)
        case groupNeeded
    }

    /// The first TTL that is set, from the most particular to the most general. It depends on who reads, not on where the
    /// quote was found.
    @inline(__always)
    private func ttl(of row: Row, for reader: QuoteReader) -> EffectiveTtl {
        while true {
            let turn = state.pointee.ttlTurn.load(ordering: .acquiring)
            let ttl = turn == 0 ? ttlForAll(of: row, for: reader) : findTtl(of: row, for: reader)
            if state.pointee.ttlTurn.load(ordering: .relaxed) == turn { return ttl }
        }
    }

    /// As long as no account and no group was ever given a TTL.
    @inline(__always)
    private func ttlForAll(of row: Row, for reader: QuoteReader) -> EffectiveTtl {
        if case .unknown = reader.group { return .groupNeeded }
        return .ttl(row.pointee.details.ttl.load() ?? state.pointee.defaultTtl)
    }

    @inline(never)
    private func findTtl(of row: Row, for reader: QuoteReader) -> EffectiveTtl {
        if let ttl = QuoteTtl(tableValue: row.pointee.details.accountTtls.find(reader.account.value)) {
            return .ttl(ttl)
        }
        let group: AccountGroupId
        switch reader.group {
        case .unknown: return .groupNeeded
        case .none: group = .default
        case .known(let known): group = known
        }
        if let ttl = Self.ttl(of: group, in: row.pointee.details.groupTtls) { return .ttl(ttl) }
        if let ttl = QuoteTtl(tableValue: state.pointee.accounts.find(reader.account.value)) { return .ttl(ttl) }
        if let ttl = Self.ttl(of: group, in: state.pointee.groups) { return .ttl(ttl) }
        return .ttl(row.pointee.details.ttl.load() ?? state.pointee.defaultTtl)
    }

    /// The TTL of a group, or else that of the default group.
    @inline(__always)
    private static func ttl(of group: AccountGroupId, in table: borrowing PublishedTable) -> QuoteTtl? {
        if group != .default, let ttl = QuoteTtl(tableValue: table.find(UInt64(group.value))) { return ttl }
        return QuoteTtl(tableValue: table.find(UInt64(AccountGroupId.default.value)))
    }
}

// MARK: - Publishing

/// Why quotes or TTLs were not changed.
public enum MarketDataFault: Error, Equatable, Sendable, BitwiseCopyable {
    case unknownInstrument
    /// A push that names nobody to push for.
    case noTargets
    /// Memory has run out.
    case limitReached
}

extension MarketData {
    /// Pushes a quote that was `sourceAge` nanoseconds old on arrival, for everybody who has no quote of their own.
    public func push(
        _ quote: Quote, to id: InstrumentId, _ update: QuoteUpdate = .replace, sourceAge: UInt64 = 0
    ) throws(MarketDataFault) {
        let words = words(quote, sourceAge)
        guard let row = state.pointee.instruments.find(id) else { throw .unknownInstrument }
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        pushToEverybody(words, row, update)
    }

    /// Pushes a quote, and registers the instrument under the next automatic id when it is new.
    public func push(
        _ quote: Quote, to instrument: Instrument, _ update: QuoteUpdate = .replace, sourceAge: UInt64 = 0
    ) throws(RegistrationFault) -> InstrumentId {
        let words = words(quote, sourceAge)
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        let row: Row
        if let known = state.pointee.instruments.find(instrument) {
            row = known
        } else {
            row = try add(instrument, nil, nil)
        }
        pushToEverybody(words, row, update)
        return row.pointee.id
    }

    /// Pushes a quote for the accounts and groups named; the default group stands for everybody. Readers see it in all of
    /// these places or in none.
    public func push(
        _ quote: Quote, to id: InstrumentId, accounts: UnsafeBufferPointer<AccountId>,
        groups: UnsafeBufferPointer<AccountGroupId>, _ update: QuoteUpdate = .replace, sourceAge: UInt64 = 0
    ) throws(MarketDataFault) {
        if accounts.isEmpty && groups.isEmpty { throw .noTargets }
        let words = words(quote, sourceAge)
        guard let row = state.pointee.instruments.find(id) else { throw .unknownInstrument }
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        guard row.pointee.details.makeBuckets(accounts: accounts, groups: groups, from: &memory.pointee)
        else {
            throw .limitReached
        }
        row.pointee.details.publish { copy in
            for account in accounts {
                row.pointee.details.withBucket(of: account) { $0.push(words, update, to: copy) }
            }
            for group in groups {
                row.pointee.details.withBucket(of: group) { $0.push(words, update, to: copy) }
            }
        }
        if !isWatched(row) { return }
        for account in accounts {
            row.pointee.details.withBucket(of: account) { tell(row, .account(account), $0.read(.live)) }
        }
        for group in groups {
            let place: QuoteNews.Place = group == .default ? .everybody : .group(group)
            row.pointee.details.withBucket(of: group) { tell(row, place, $0.read(.live)) }
        }
    }

    /// Forgets all quotes of an instrument, but not the instrument and its TTLs. An unknown one has none to forget.
    public func clear(_ id: InstrumentId) {
        guard let row = state.pointee.instruments.find(id) else { return }
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        row.pointee.details.clear(into: &memory.pointee)
        if isWatched(row) { tell(row, .anywhere, .none) }
    }

    /// A quote that was `age` nanoseconds old on arrival, which is now.
    @inline(__always)
    private func words(_ quote: Quote, _ age: UInt64) -> QuoteWords {
        QuoteWords(quote, seen: SourceTime(age, before: state.pointee.clock.now()))
    }

    @inline(__always)
    private func pushToEverybody(_ words: QuoteWords, _ row: Row, _ update: QuoteUpdate) {
        row.pointee.details.publish { row.pointee.details.everybody.push(words, update, to: $0) }
        if !isWatched(row) { return }
        tell(row, .everybody, row.pointee.details.everybody.read(.live))
    }
}

// MARK: - TTLs

extension MarketData {
    /// Sets the TTL of `scope`, or clears it, also for the quotes there are.
    public func setTtl(_ ttl: QuoteTtl?, of scope: TtlScope) throws(MarketDataFault) {
        state.pointee.lock.acquire()
        defer { state.pointee.lock.release() }
        switch scope {
        case .account(let account):
            try set(ttl, for: account.value, in: state.pointee.accounts)
        case .group(let group):
            try set(ttl, for: UInt64(group.value), in: state.pointee.groups)
        case .instrument(let id):
            try row(of: id).pointee.details.ttl.store(ttl)
        case .instrumentAccount(let id, let account):
            try set(ttl, for: account.value, in: row(of: id).pointee.details.accountTtls)
        case .instrumentGroup(let id, let group):
            try set(ttl, for: UInt64(group.value), in: row(of: id).pointee.details.groupTtls)
        }
        memory.pointee.feeds.tellToReadAgain()
    }

    private func row(of id: InstrumentId) throws(MarketDataFault) -> Row {
        guard let row = state.pointee.instruments.find(id) else { throw .unknownInstrument }
        return row
    }

    private func set(
        _ ttl: QuoteTtl?, for key: UInt64, in table: borrowing PublishedTable
    ) throws(MarketDataFault) {
        func overtake() { state.pointee.ttlTurn.wrappingAdd(1, ordering: .releasing) }
        guard let ttl else { return table.remove(key, &memory.pointee.blocks, overtake) }
        if state.pointee.ttlTurn.load(ordering: .relaxed) == 0 { overtake() }
        guard table.reserveOne(&memory.pointee.blocks, overtake) else { throw .limitReached }
        table.set(key, ttl.tableValue, &memory.pointee.blocks, overtake)
    }
}
