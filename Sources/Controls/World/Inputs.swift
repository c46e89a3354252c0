import Decimals
import RiskBase

/// What an input is about.
package enum InputTarget: BitwiseCopyable {
    case firm
    case account(UInt32)
    case group(UInt32)
    case instrument(UInt32)
    case venue(Asset)

    fileprivate var words: (kind: UInt64, value: UInt64) {
        switch self {
        case .firm: (0, 0)
        case .account(let slot): (1, UInt64(slot))
        case .group(let value): (2, UInt64(value))
        case .instrument(let number): (3, UInt64(number))
        case .venue(let name): (4, UInt64(name.id))
        }
    }
}

/// A number that somebody gave, and when.
package struct InputValue: BitwiseCopyable {
    package var value: Decimal
    /// Unix nanoseconds at its source.
    package var time: Int64
    /// Whether it is there still.
    package var isGiven: Bool
}

/// The numbers from outside.
struct Inputs: ~Copyable {
    private var rows = RowTable<InputValue>()
    /// Whether somebody has ever said where in its day a market is, or that it is halted.
    private(set) var haveSessions = false

    init() {}

    /// `name` is that of an input of the kind `other`.
    private static func key(_ source: Source, _ name: Asset, _ target: InputTarget) -> UInt64 {
        let (kind, value) = target.words
        // A name has fewer than 2^28 neighbours: the table of names ends before.
        let what = source == .other ? UInt64(name.id) << 4 | 8 : UInt64(source.rawValue) << 4
        return (what | kind) << 32 | value
    }

    func find(_ source: Source, _ name: Asset = .none, of target: InputTarget) -> InputValue? {
        guard let row = rows.find(Self.key(source, name, target)), row.pointee.isGiven else { return nil }
        return row.pointee
    }

    /// `false`, and no change, when memory has run out.
    mutating func set(
        _ value: Decimal, at time: Int64, _ source: Source, _ name: Asset, of target: InputTarget
    ) -> Bool {
        if source == .phase || source == .halted { haveSessions = true }
        return rows.set(Self.key(source, name, target), InputValue(value: value, time: time, isGiven: true))
    }

    func clear(_ source: Source, _ name: Asset, of target: InputTarget) {
        rows.find(Self.key(source, name, target))?.pointee.isGiven = false
    }
}

extension Int64 {
    /// So many nanoseconds before; never before the first time there is.
    func subtractingClamped(_ age: UInt64) -> Int64 {
        let (time, overflow) = subtractingReportingOverflow(Int64(clamping: age))
        return overflow ? .min : time
    }
}
