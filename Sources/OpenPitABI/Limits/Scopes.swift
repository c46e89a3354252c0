import COpenPit
import Controls
import RiskBase
import RiskCore

/// A scope from outside: an account and an instrument get their numbers from the core.
struct GivenScope {
    var scope = Scope()
    var account: AccountId?
    var instrument: Instrument?

    init(_ given: openpit_scope) throws(Status) {
        // A bit for each key, from 1 to the last.
        let all = KeySet(rawValue: 1 << (UInt16(ScopeKey.class.rawValue) + 1) - 2)
        let (keys, each) = (KeySet(rawValue: given.keys), KeySet(rawValue: given.each))
        guard keys.isSubset(of: all), each.isSubset(of: keys) else { throw .invalidArgument }
        scope.keys = keys
        scope.each = each
        let valued = keys.subtracting(each)
        if valued.contains(KeySet(.account)) {
            account = AccountId(given.account)
        } else if given.account != 0 {
            throw .invalidArgument
        }
        if valued.contains(KeySet(.instrument)) {
            instrument = try Instrument(given.instrument_underlying, given.instrument_settlement)
        } else if given.instrument_underlying | given.instrument_settlement != 0 {
            throw .invalidArgument
        }
        if !valued.contains(KeySet(.group)) && given.group != 0 { throw .invalidArgument }
        scope.values[.group] = given.group
        try take(given.strategy, .strategy, valued)
        try take(given.trader, .trader, valued)
        try take(given.session, .session, valued)
        try take(given.venue, .venue, valued)
        try take(given.underlying, .underlying, valued)
        try take(given.settlement, .settlement, valued)
        try take(given.class_name, .class, valued)
        if keys.contains(KeySet(.class)) {
            scope.classKind = try named(given.class_kind)
        } else if given.class_kind != 0 {
            throw .invalidArgument
        }
    }

    /// The name of a key that has one of its own. What belongs to no key has to be 0.
    private mutating func take(_ name: openpit_name, _ key: ScopeKey, _ valued: KeySet) throws(Status) {
        if valued.contains(KeySet(key)) {
            scope.values[key] = try named(name).id
        } else if name != 0 {
            throw .invalidArgument
        }
    }
}

extension openpit_scope {
    /// The scope as the caller knows it: accounts and instruments by their own ids.
    init(_ scope: Scope, in engine: Engine) {
        self.init()
        keys = scope.keys.rawValue
        each = scope.each.rawValue
        let valued = scope.keys.subtracting(scope.each)
        if valued.contains(KeySet(.account)) {
            account = engine.account(ofLimits: scope.values[.account])?.value ?? 0
        }
        if valued.contains(KeySet(.instrument)), let pair = engine.instrument(ofLimits: scope.values[.instrument]) {
            (instrument_underlying, instrument_settlement) = (pair.underlying.id, pair.settlement.id)
        }
        let name = { (key: ScopeKey) in valued.contains(KeySet(key)) ? scope.values[key] : 0 }
        group = name(.group)
        strategy = name(.strategy)
        trader = name(.trader)
        session = name(.session)
        venue = name(.venue)
        underlying = name(.underlying)
        settlement = name(.settlement)
        class_kind = scope.classKind.id
        class_name = name(.class)
    }
}
