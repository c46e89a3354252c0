import RiskBase

/// A set of keys. What two limits have in common so that one may stand in for the other is the same set.
package struct KeySet: OptionSet, BitwiseCopyable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package init(_ key: ScopeKey) { rawValue = 1 << UInt16(key.rawValue) }

    static var account: KeySet { KeySet(.account) }
    static var group: KeySet { KeySet(.group) }
    static var strategy: KeySet { KeySet(.strategy) }
    static var trader: KeySet { KeySet(.trader) }
    static var session: KeySet { KeySet(.session) }
    static var venue: KeySet { KeySet(.venue) }
    static var instrument: KeySet { KeySet(.instrument) }
    static var underlying: KeySet { KeySet(.underlying) }
    static var settlement: KeySet { KeySet(.settlement) }
    static var `class`: KeySet { KeySet(.class) }

    /// What an order itself says or leaves out: a limit of each of them cannot judge an order without one.
    static var saidByOrders: KeySet { [.strategy, .trader, .session, .venue] }

    /// What makes a cell finer than account and instrument.
    static var finer: KeySet { [.strategy, .trader, .venue] }
}

/// Keys in canonical order.
struct OrderedKeys: Sequence, IteratorProtocol {
    fileprivate var rest: UInt16

    @inline(__always)
    mutating func next() -> ScopeKey? {
        let key = ScopeKey(rawValue: UInt8(truncatingIfNeeded: rest.trailingZeroBitCount))
        rest &= rest &- 1
        return key
    }
}

extension KeySet {
    var ordered: OrderedKeys { OrderedKeys(rest: rawValue) }
}

/// A number for each key, by the key's number: an account's slot, an instrument's number, a group's value, or the id of a name.
package struct KeyValues: BitwiseCopyable {
    private var values: [11 of UInt32] = InlineArray(repeating: 0)

    package init() {}

    package subscript(key: ScopeKey) -> UInt32 {
        @inline(__always) get { values[Int(key.rawValue)] }
        set { values[Int(key.rawValue)] = newValue }
    }

    /// The numbers of two keys as one; that of no key is 0.
    @inline(__always)
    mutating func pair(_ first: UInt8, _ second: UInt8) -> UInt64 {
        withUnsafeMutableBytes(of: &values) { bytes in
            let numbers = bytes.assumingMemoryBound(to: UInt32.self)
            return UInt64(numbers[Int(first)]) << 32 | UInt64(numbers[Int(second)])
        }
    }

    /// Takes the name down, and that it is there, unless it is none.
    mutating func say(_ key: ScopeKey, _ name: Asset, _ keys: inout KeySet) {
        guard !name.isNone else { return }
        self[key] = name.id
        keys.insert(KeySet(key))
    }

    /// Whether both have the same values for these keys.
    func agree(with other: KeyValues, on keys: KeySet) -> Bool {
        for key in keys.ordered where self[key] != other[key] { return false }
        return true
    }
}

/// Which orders a limit is about, and per what it counts.
package struct Scope: BitwiseCopyable {
    /// The keys it has.
    package var keys: KeySet = []
    /// Those of them that stand for each value by itself.
    package var each: KeySet = []
    package var values = KeyValues()
    /// The kind of class, when it has that key; `values` then has the class itself.
    package var classKind = Asset.none

    package init() {}

    /// The keys that have a value of their own.
    var valued: KeySet { keys.subtracting(each) }

    static func == (left: Scope, right: Scope) -> Bool {
        left.keys == right.keys && left.each == right.each && left.classKind == right.classKind
            && left.values.agree(with: right.values, on: left.valued)
    }
}
