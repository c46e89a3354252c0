import Controls
import Decimals
import RiskBase
import RiskCore

/// A record that bounds one number of one scope.
public struct RiskLimit: Sendable {
    var record: Limit
    var account: AccountId?
    var instrument: Instrument?

    /// A limit of `metric`, with whose name its rejects are signed. Bounds are inclusive.
    public init(
        _ metric: Metric, name: String, scope: LimitScope = LimitScope(), lower: Decimal? = nil, upper: Decimal? = nil,
        action: LimitAction = .reject
    ) throws(NameError) {
        record = Limit(metric, name: try Name(name))
        (record.lower, record.upper, record.action) = (lower, upper, action)
        (record.scope, account, instrument) = (scope.record, scope.account, scope.instrument)
    }

    /// What it bounds.
    public var metric: Metric { record.metric }
    /// With what its rejects are signed.
    public var name: String { record.name.text }

    /// It is measured and shown, and never breached.
    public var isUnlimited: Bool {
        get { record.isUnlimited }
        set { record.isUnlimited = newValue }
    }

    /// A value at a bound breaches it.
    public var isStrict: Bool {
        get { record.isStrict }
        set { record.isStrict = newValue }
    }

    /// No override passes it.
    public var isHard: Bool {
        get { record.isHard }
        set { record.isHard = newValue }
    }

    /// Orders pass where data are missing or too old.
    public var passesWithoutData: Bool {
        get { record.passesWithoutData }
        set { record.passesWithoutData = newValue }
    }

    /// The unit of a metric of money; `.none`: that of the account or group in the scope.
    public var currency: Asset {
        get { record.currency }
        set { record.currency = newValue }
    }

    /// Over how long it counts; a metric with a window has no period.
    public var window: Duration? {
        get { record.window == 0 ? nil : .nanoseconds(Int64(clamping: record.window)) }
        set { record.window = newValue?.wholeNanoseconds ?? 0 }
    }

    /// Since which roll of the calendar it counts.
    public var period: LimitPeriod? {
        get { record.period }
        set { record.period = newValue }
    }

    /// How a state that it has latched ends.
    public var release: LimitRelease {
        get { record.release }
        set { record.release = newValue }
    }

    /// How long after its latch it is released, for `LimitRelease.after`.
    public var releaseAfter: Duration? {
        get { record.releaseAfter == 0 ? nil : .nanoseconds(Int64(clamping: record.releaseAfter)) }
        set { record.releaseAfter = newValue?.wholeNanoseconds ?? 0 }
    }

    /// Who alone may release it; `.none`: anybody.
    public var releaseRole: Asset {
        get { Asset(id: record.releaseRole.id) }
        set { record.releaseRole = Name(id: newValue.id) }
    }

    /// How many observations in a row have to breach it before it latches.
    public var confirm: UInt32 {
        get { record.confirm }
        set { record.confirm = Swift.max(newValue, 1) }
    }

    /// How far back inside its bounds a value has to be before what it entered is left.
    public var hysteresis: Decimal {
        get { record.hysteresis }
        set { record.hysteresis = newValue }
    }

    /// How many orders, in which time, pass while the action or a stage throttles.
    public mutating func throttle(_ upper: UInt64, in window: Duration) {
        record.throttle = Limit.Throttle(upper: upper, window: window.wholeNanoseconds)
    }

    /// Does `action` from a share of the bound on. Four stages at most, each above the one before: `false`, and no change, else.
    public mutating func addStage(at share: Decimal, _ action: LimitAction) -> Bool {
        let count = record.stageCount
        guard count < 4, share.isPositive, count == 0 || record.stages[count - 1].at < share else { return false }
        record.stages[count] = Limit.Stage(at: share, action: action)
        record.stageCount = count + 1
        return true
    }

    /// How old an input may be that it reads.
    public mutating func setMaxAge(_ age: Duration, of input: InputKind) {
        record.maxAges[Int(Source(input).rawValue)] = age.wholeNanoseconds
    }

    /// Which figure a limit of `suppliedFigure` bounds.
    public var figure: Asset {
        get { record.own.input }
        set { record.own.input = newValue }
    }

    /// The least volume of the market that `participation` compares with.
    public var minVolume: Decimal {
        get { record.own.minVolume }
        set { record.own.minVolume = newValue }
    }

    /// What only its metric has: a number, or the raw value of one of the `Parameter...` words or of a set of them. `false`, and no
    /// change, when the parameter takes no such value.
    public mutating func set(_ parameter: LimitParameter, to value: UInt64) -> Bool {
        record.own.take(parameter, value)
    }

    /// The same by a word, such as `ParameterSide.buy`.
    public mutating func set<Word: RawRepresentable<UInt8>>(_ parameter: LimitParameter, to word: Word) -> Bool {
        record.own.take(parameter, UInt64(word.rawValue))
    }
}

/// Which orders a limit is about, and per what it counts: each key has a value, or stands for each value by itself.
public struct LimitScope: Sendable {
    private(set) var record = Scope()
    private(set) var account: AccountId?
    private(set) var instrument: Instrument?

    /// Everything together.
    public init() {}

    /// Each value of these keys by itself; for each class of a kind see `each(class:)`.
    public static func each(_ keys: ScopeKey...) -> LimitScope {
        var scope = LimitScope()
        for key in keys where key != .class { scope.count(each: key) }
        return scope
    }

    /// One account.
    public static func account(_ account: AccountId) -> LimitScope { LimitScope().account(account) }
    /// One instrument.
    public static func instrument(_ instrument: Instrument) -> LimitScope { LimitScope().instrument(instrument) }

    /// Of this account, besides.
    public func account(_ account: AccountId) -> LimitScope {
        var scope = self
        scope.record.keys.insert(KeySet(.account))
        scope.record.each.remove(KeySet(.account))
        scope.account = account
        return scope
    }

    /// Of this group of accounts, besides.
    public func group(_ group: AccountGroupId) -> LimitScope { with(.group, group.value) }

    /// Of this instrument, besides.
    public func instrument(_ instrument: Instrument) -> LimitScope {
        var scope = self
        scope.record.keys.insert(KeySet(.instrument))
        scope.record.each.remove(KeySet(.instrument))
        scope.instrument = instrument
        return scope
    }

    /// Of this strategy, besides.
    public func strategy(_ name: Asset) -> LimitScope { with(.strategy, name.id) }
    /// Of this trader, besides.
    public func trader(_ name: Asset) -> LimitScope { with(.trader, name.id) }
    /// Of this session, besides.
    public func session(_ name: Asset) -> LimitScope { with(.session, name.id) }
    /// At this venue, besides.
    public func venue(_ name: Asset) -> LimitScope { with(.venue, name.id) }
    /// Of all instruments of which this is traded, besides.
    public func underlying(_ asset: Asset) -> LimitScope { with(.underlying, asset.id) }
    /// Of all instruments that are paid in this, besides.
    public func settlement(_ asset: Asset) -> LimitScope { with(.settlement, asset.id) }

    /// A class of a kind, such as the sector technology.
    public func `class`(_ kind: Asset, _ name: Asset) -> LimitScope {
        var scope = with(.class, name.id)
        scope.record.classKind = kind
        return scope
    }

    /// Each value of these keys by itself, besides.
    public func each(_ keys: ScopeKey...) -> LimitScope {
        var scope = self
        for key in keys where key != .class { scope.count(each: key) }
        return scope
    }

    /// Each class of a kind by itself, such as each sector.
    public func each(class kind: Asset) -> LimitScope {
        var scope = self
        scope.count(each: .class)
        scope.record.classKind = kind
        return scope
    }

    private mutating func count(each key: ScopeKey) {
        record.keys.insert(KeySet(key))
        record.each.insert(KeySet(key))
        if key == .account { account = nil }
        if key == .instrument { instrument = nil }
    }

    private func with(_ key: ScopeKey, _ value: UInt32) -> LimitScope {
        var scope = self
        scope.record.keys.insert(KeySet(key))
        scope.record.each.remove(KeySet(key))
        scope.record.values[key] = value
        return scope
    }
}

extension LimitScope {
    /// A scope as an engine tells it: accounts and instruments by their own ids.
    init(_ scope: Scope, in engine: Engine) {
        record = scope
        let valued = scope.keys.subtracting(scope.each)
        if valued.contains(KeySet(.account)) { account = engine.account(ofLimits: scope.values[.account]) }
        if valued.contains(KeySet(.instrument)) { instrument = engine.instrument(ofLimits: scope.values[.instrument]) }
    }

    /// Whether it has the key: one value of it, or each by itself.
    public func has(_ key: ScopeKey) -> Bool { record.keys.contains(KeySet(key)) }
    /// Whether it stands for each value of the key by itself.
    public func isEach(_ key: ScopeKey) -> Bool { record.each.contains(KeySet(key)) }

    /// The account it is about; `nil` without one.
    public var accountId: AccountId? { account }
    /// What it is about of an instrument; `nil` without one.
    public var instrumentId: Instrument? { instrument }

    /// The name that a key has in it, such as that of a strategy; `.none` without one.
    public func name(of key: ScopeKey) -> Asset {
        switch key {
        case .account, .group, .instrument: .none
        default: has(key) && !isEach(key) ? Asset(id: record.values[key]) : .none
        }
    }

    /// The group it is about; `nil` without one.
    public var groupId: AccountGroupId? {
        has(.group) && !isEach(.group) ? AccountGroupId(record.values[.group]) : nil
    }

    var stateKey: StateKey { StateKey(record, account: account, instrument: instrument) }
}

extension Duration {
    /// At least one, and as many as 64 bits hold at most; none for what is not above zero.
    var wholeNanoseconds: UInt64 {
        guard self > .zero else { return 0 }
        let (seconds, attoseconds) = components
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflows) = whole.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return overflow || overflows ? .max : Swift.max(sum, 1)
    }
}
