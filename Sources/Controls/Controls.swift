import CPlatform
import Decimals
import Market
import RiskBase

/// The limits of an engine, the ledger under them, and what they know of the world. Whoever has it sees to it that one call at a
/// time uses it.
package struct Controls: ~Copyable {
    package var settings = ControlSettings()
    var world = World()
    var ledger = Ledger()
    /// What the document says of accounts, by their slots, and the names it lists, by list and name.
    var accounts = RowTable<AccountData>()
    /// The same of groups, by their values, and what accounts have of assets, by slot and asset.
    var groups = RowTable<GroupData>()
    var assets = RowTable<AccountAsset>()
    /// Whether what some account had at the start may be in no book yet.
    var hasClosedAccounts = false
    var names = RowTable<Bool>()
    var permissions = Permissions()
    /// What the table of permissions was made of, in the order of the document.
    var permissionRecords = Buffer<PermissionPointer>()
    /// Metrics of which an order needs a limit.
    var requirements = Buffer<Requirement>()
    /// The change that the list of them came with.
    var requirementsChangedBy: UInt64 = 0
    var sessions = Sessions()
    var locates = Locates()
    var grants = Grants()
    package var events = Events()
    /// Execution ids that were booked.
    var executions = Executions()
    /// What the engine's limits are, in the order of the document.
    var limits = Buffer<LimitPointer>()
    private(set) var shapes = Buffer<ShapePointer>()
    /// What the last call found: rejects and, for whoever asked why, every look.
    package internal(set) var breaches = Buffer<Breach>()
    /// Whether there was no room for some reject.
    package internal(set) var hasLostBreaches = false
    package internal(set) var looks = Buffer<Look>()
    /// Rows that the order has met and that may have something to do.
    var metRows = Buffer<MetRow>()
    /// Accounts that limits have blocked without an order.
    package internal(set) var blocks = Buffer<AccountBlock>()
    /// How many keys have a state other than active.
    var stateCount = 0
    /// Keys with states that end with a period, and when the first such period may begin.
    var periodNodes = Buffer<NodePointer>()
    var nextLatchEnd = Int64.max
    var intents = Intents()
    /// Changes that wait for their time, the next one first, and how many there were.
    var pending = Buffer<ChangePointer>()
    var changeCount: UInt64 = 0
    /// The most severe state that the last order to be explained meets.
    package internal(set) var explainedState = TradingState.active
    /// What is counted beside judging: by which shapes, where, and tables of what they compare.
    var counts = Counts()
    /// The number of the present look at rows, during which nothing changes that they are measured by; 0 between looks, and while
    /// it is written down what is asked. And that of the last one.
    var look: UInt64 = 0
    private var lastLook: UInt64 = 0
    /// The order being judged, between the stages of one call.
    var subject: SubjectPointer?
    /// Where it lies.
    var subjectPlace = Buffer<Subject>()
    /// When what is being booked has happened, if it may change what is held and gained.
    var bookingTime: Int64?
    /// The first of the nodes that wait to be observed.
    var firstTouched: NodePointer?
    /// When the last push came that was taken notice of.
    var lastPush = Int64.min
    /// Whether some limit counts with margin that somebody else computes.
    private(set) var usesSuppliedMargin = false
    /// What adjustments that may yet be taken back have changed.
    var undos = SlabTable<AdjustmentUndo>()
    var lastUndo: UInt64 = 0

    package init() {}

    /// Makes room for so many events. `false`, and no change, when memory has run out.
    package mutating func reserveEvents(_ capacity: UInt64) -> Bool { events.reserve(Int(clamping: capacity)) }

    /// The engine's time as the limits have it. It never is the end of time, with which what never ends is compared.
    package mutating func unixTime(_ now: UInt64) -> Int64 {
        let (time, isBeyond) = Int64(clamping: now).addingReportingOverflow(settings.clockOffset)
        return isBeyond ? .max - 1 : Swift.min(time, .max - 1)
    }

    /// The instrument, made known if it is not; `nil` when memory has run out.
    package mutating func instrument(_ instrument: Instrument) -> InstrumentPointer? {
        world.instruments.findOrAdd(instrument)
    }

    package mutating func setTicks(_ steps: UnsafeBufferPointer<TickStep>, of instrument: InstrumentPointer) -> Bool {
        world.instruments.setTicks(steps, of: instrument)
    }

    package mutating func setClasses(
        _ classes: UnsafeBufferPointer<InstrumentClass>, of instrument: InstrumentPointer
    ) -> Bool {
        world.instruments.setClasses(classes, of: instrument)
    }

    package mutating func setJurisdictions(
        _ names: UnsafeBufferPointer<Asset>, of instrument: InstrumentPointer
    ) -> Bool {
        world.instruments.setJurisdictions(names, of: instrument)
    }

    /// Puts a name on a list. `false`, and no change, when memory has run out.
    package mutating func list(_ name: Asset, on list: KnownList) -> Bool {
        names.set(UInt64(list.rawValue) << 32 | UInt64(name.id), true)
    }

    /// Takes a service of quotes, of which it becomes a user. `false`, and no change, when the service has too many, or memory has run
    /// out.
    package mutating func setMarket(_ market: MarketData) -> Bool {
        guard let watch = QuoteWatch(market) else { return false }
        world.watch?.end()
        world.watch = watch
        return true
    }

    package mutating func instrument(_ number: UInt32) -> Instrument? {
        number == 0 || Int(number) > world.instruments.count ? nil : world.instruments[number].pointee.instrument
    }

    @inline(__always)
    mutating func beginLook() {
        lastLook &+= 1
        look = world.isRecording ? 0 : lastLook
    }

    @inline(__always)
    mutating func endLook() { look = 0 }

    package var market: MarketData? { world.market }

    /// Takes a number from outside, which was `age` nanoseconds old. `false`, and no change, when memory has run out.
    package mutating func setInput(
        _ value: Decimal, _ source: Source, _ name: Asset, of target: InputTarget, at now: Int64, age: UInt64
    ) -> Bool {
        guard catchUp(at: now), world.inputs.set(value, at: now.subtractingClamped(age), source, name, of: target)
        else {
            return false
        }
        return hear(source, of: target, value, at: now)
    }

    package mutating func clearInput(_ source: Source, _ name: Asset, of target: InputTarget, at now: Int64) {
        guard catchUp(at: now) else { return }
        world.inputs.clear(source, name, of: target)
        _ = hear(source, of: target, nil, at: now)
    }

    /// Makes anew what depends on an input, and looks at it.
    private mutating func hear(_ source: Source, of target: InputTarget, _ value: Decimal?, at now: Int64) -> Bool {
        var isTaken = true
        if case .instrument(let number) = target, settings.positionChain.contains(source) {
            revalue(world.instruments[number], at: now)
        }
        if source == .marginRequired, case .account(let slot) = target, let account = accounts.find(UInt64(slot)) {
            isTaken = supplyMargin(value, for: account)
        }
        touch(target, source)
        observeTouched(at: now)
        return isTaken
    }

    /// Takes notice of what has happened since the last call. `false` when memory has run out.
    package mutating func tick(at now: Int64) -> Bool { catchUp(at: now) }

    /// The account in this place, if the document names it.
    package mutating func account(_ slot: UInt32) -> AccountData? { accounts.find(UInt64(slot))?.pointee }

    deinit {
        for shape in shapes.contents {
            shape.deinitialize(count: 1)
            cplatform_free(shape)
        }
        for limit in limits.contents { cplatform_free(limit) }
        for record in permissionRecords.contents { record.free() }
        for change in pending.contents { free(change) }
        ledger.forEachCell { $0.free() }
    }
}

/// Why a limit was not added.
package enum LimitFault: Error, BitwiseCopyable, Sendable {
    case memoryRefused
    /// The metric is one that this version does not judge.
    case notJudged
    /// So many limits of one shape can meet in one key that a row cannot say which of them stand in its place.
    case tooManyOfOneShape
    /// The multiplier of an instrument that somebody holds was to change, or the currency of an account, or what it began with.
    case immutable
}

// MARK: - Limits

extension Controls {
    /// Adds a limit behind those there are, before the first order. When that fails, it is not there.
    package mutating func add(_ new: Limit) throws(LimitFault) {
        guard new.metric.isJudged else { throw .notJudged }
        let limit = new.completed
        guard limits.reserve(1), let shape = shape(of: limit.scope), shape.pointee.limits.reserve(1),
            keepBooks(for: limit, shape),
            let memory = cplatform_allocate(1, MemoryLayout<LimitRecord>.stride)
        else { throw .memoryRefused }
        let record = memory.bindMemory(to: LimitRecord.self, capacity: 1)
        record.initialize(
            to: LimitRecord(
                limit: limit, position: UInt32(truncatingIfNeeded: limits.count + 1), shape: shape.pointee.number))
        shape.pointee.limits.append(record)
        // Of some keys there may be states, sessions or permissions already, and so nodes.
        guard Shape.canMeet(shape.pointee.limits) else {
            _ = shape.pointee.limits.removeLast()
            cplatform_free(record)
            throw .tooManyOfOneShape
        }
        guard shape.pointee.refreshRows() else {
            _ = shape.pointee.limits.removeLast()
            cplatform_free(record)
            throw .memoryRefused
        }
        limits.append(record)
        shape.pointee.note(record.pointee.limit)
        counts.uses.formUnion(shape.pointee.counts)
    }

    /// Makes sure that what the limit sums over is summed. `false` when memory has run out.
    mutating func keepBooks(for limit: Limit, _ shape: ShapePointer) -> Bool {
        if limit.metric == .selfTrade { return keepCrossings(of: limit.own.owner) }
        guard limit.metric.readsBooks else { return true }
        if limit.metric == .initialMarginExcess && limit.own.model == .supplied { usesSuppliedMargin = true }
        guard ledger.keep(shape.pointee.fineness), giveBooks(to: shape) else { return false }
        // What it is a share of, and what an order's instrument has of it.
        var other = limit.scope
        switch limit.metric {
        case .concentration: other.keys = limit.scope.keys.intersection([.account, .group])
        case .participation: other.keys = limit.scope.keys.union(.instrument)
        default: return true
        }
        guard let companion = self.shape(of: other) else { return false }
        return giveBooks(to: companion)
    }

    /// The shape of a scope, made when there is none; `nil` when memory has run out.
    mutating func shape(of scope: Scope) -> ShapePointer? {
        for shape in shapes.contents
        where shape.pointee.keys == scope.keys && shape.pointee.classKind == scope.classKind {
            return shape
        }
        guard shapes.reserve(1), let memory = cplatform_allocate(1, MemoryLayout<Shape>.stride) else { return nil }
        let shape = memory.bindMemory(to: Shape.self, capacity: 1)
        shape.initialize(to: Shape(UInt32(truncatingIfNeeded: shapes.count), scope.keys, scope.classKind))
        shapes.append(shape)
        return shape
    }
}

extension Shape {
    /// Whether no key can have more limits than a row can know of.
    static func canMeet(_ limits: borrowing Buffer<LimitPointer>) -> Bool {
        if limits.count <= Node.rowCountMax { return true }
        // Limits of one measure that name the same keys exclude each other.
        var different = 0
        for index in 0..<limits.count {
            let limit = limits[index].pointee.limit
            var isFirst = true
            for earlier in 0..<index where isFirst {
                let other = limits[earlier].pointee.limit
                isFirst = !(other.scope.each == limit.scope.each && other.hasMeasure(of: limit))
            }
            if isFirst { different += 1 }
            if different > Node.rowCountMax { return false }
        }
        return true
    }
}

extension Limit {
    /// With what belongs to its metric when nobody says anything else.
    var completed: Limit {
        var limit = withDefaults
        if limit.period == nil && limit.window == 0 { limit.period = limit.metric.usualPeriod }
        let isExcess = metric == .initialMarginExcess || metric == .maintenanceMarginExcess
        if isExcess && !hasBound && !isUnlimited { limit.lower = .zero }
        return limit
    }
}

/// They begin and end here: Embedded Swift has to see what all their tables do at their end, and nobody else does.
extension UnsafeMutablePointer<Controls> {
    package func begin() { initialize(to: Controls()) }
    package func end() { deinitialize(count: 1) }
}
