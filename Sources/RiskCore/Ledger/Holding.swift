import Decimals
import RiskBase

/// What an account has of one asset, and what it earned there. Amounts have no lower limit.
public struct Holding: KeyedRow, Sendable {
    @usableFromInline package let key: UInt64
    var amounts = Amounts()
    /// Per unit, in the account's currency; `nil` when it is not known.
    public internal(set) var average: Decimal?
    public internal(set) var pnl = PositionPnl.absent

    init(key: UInt64) {
        self.key = key
    }

    /// What is free to be used.
    public var balance: Decimal { amounts.balance }
    /// What open orders have set aside.
    public var held: Decimal { amounts.held }
    /// What open orders will bring in. It is never spendable.
    public var incoming: Decimal { amounts.incoming }

    /// Whether the holding says no more than one that is not there.
    @inline(__always)
    var isEmpty: Bool { amounts.isZero && average == nil && pnl.isEmpty }
}

/// What is free, set aside and on its way: of a holding, or of a change of one.
struct Amounts: BitwiseCopyable, Sendable {
    var balance = Decimal.zero
    var held = Decimal.zero
    var incoming = Decimal.zero

    var isZero: Bool { balance.isZero && held.isZero && incoming.isZero }

    /// What belongs to the account; `nil` when the sum does not fit.
    var owned: Decimal? { balance.adding(held) }

    /// What a new order may use. A negative held is a debt, and takes away from it.
    @inline(__always)
    var spendable: Decimal? { held.isNegative ? balance.adding(held) : balance }

    /// `nil` when one of the sums does not fit. What does not change keeps its digits, even behind the point of a zero.
    @inline(__always)
    func adding(_ other: Amounts) -> Amounts? {
        var sum = self
        if !other.balance.isZero {
            guard let balance = balance.adding(other.balance) else { return nil }
            sum.balance = balance
        }
        if !other.held.isZero {
            guard let held = held.adding(other.held) else { return nil }
            sum.held = held
        }
        if !other.incoming.isZero {
            guard let incoming = incoming.adding(other.incoming) else { return nil }
            sum.incoming = incoming
        }
        return sum
    }
}

extension Amounts {
    /// What makes `new` of these; `nil` when it does not fit.
    func change(to new: Amounts) -> Amounts? {
        guard let balance = balance.change(to: new.balance), let held = held.change(to: new.held),
            let incoming = incoming.change(to: new.incoming)
        else { return nil }
        return Amounts(balance: balance, held: held, incoming: incoming)
    }

    /// What is left without a change that had made `new` of `old`; `nil` when it does not fit. The change itself is taken
    /// back, for others may have come in between; where none has, rounding takes no digit.
    func without(_ change: Amounts, from old: Amounts, to new: Amounts) -> Amounts? {
        guard let balance = balance.without(change.balance, from: old.balance, to: new.balance),
            let held = held.without(change.held, from: old.held, to: new.held),
            let incoming = incoming.without(change.incoming, from: old.incoming, to: new.incoming)
        else { return nil }
        return Amounts(balance: balance, held: held, incoming: incoming)
    }
}

extension Decimal {
    /// A change of nothing has no digits, not even behind the point.
    fileprivate func change(to new: Decimal) -> Decimal? { words == new.words ? .zero : new.subtracting(self) }

    fileprivate func without(_ change: Decimal, from old: Decimal, to new: Decimal) -> Decimal? {
        let rest = subtracting(change)
        // Equal numbers are left as they are written after taking back.
        return self == new && rest != old ? old : rest
    }
}

/// The realised P&L of one position, in the account's currency.
public enum PositionPnl: BitwiseCopyable, Sendable {
    /// Nobody said where it starts.
    case absent
    case value(Decimal)
    case halted(HaltReason)

    var isHalted: Bool {
        if case .halted = self { return true }
        return false
    }

    fileprivate var isEmpty: Bool {
        switch self {
        case .absent: true
        case .value(let value): value.isZero
        case .halted: false
        }
    }

    /// The number it stands for when something is added to it.
    var valueOrZero: Decimal {
        if case .value(let value) = self { return value }
        return .zero
    }

    static func == (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.absent, .absent): true
        case (.value(let left), .value(let right)): left == right
        case (.halted(let left), .halted(let right)): left == right
        default: false
        }
    }
}

/// The holdings of all accounts. A holding that says nothing is not kept.
struct Holdings: ~Copyable {
    private var rows = SlabTable<Holding>()
    /// How many may come before one has to ask for room again.
    private var room = 0

    init() {}

    @inline(__always)
    func find(_ key: UInt64) -> UnsafeMutablePointer<Holding>? { rows.find(key) }

    /// What is there under `key`, or an empty holding.
    @inline(__always)
    func read(_ key: UInt64) -> Holding { rows.find(key)?.pointee ?? Holding(key: key) }

    /// Makes sure that there is room for a few more. `false`, and no change, when memory has run out.
    @inline(__always)
    mutating func reserve(_ more: Int) -> Bool { room >= more || makeRoom(more) }

    @inline(never)
    private mutating func makeRoom(_ more: Int) -> Bool {
        let plenty = more + 8
        guard rows.reserve(plenty) else { return false }
        room = plenty
        return true
    }

    /// The holding of `key`, made when there is none; `nil` when there is no room and memory has run out. Whoever asks for it
    /// prunes it when he is done.
    @inline(__always)
    mutating func place(of key: UInt64) -> UnsafeMutablePointer<Holding>? {
        rows.find(key) ?? add(key)
    }

    @inline(never)
    private mutating func add(_ key: UInt64) -> UnsafeMutablePointer<Holding>? {
        room = max(0, room - 1)
        return rows.add(Holding(key: key))
    }

    /// Forgets a holding that says nothing.
    @inline(__always)
    mutating func prune(_ holding: UnsafeMutablePointer<Holding>) {
        if holding.pointee.isEmpty { rows.remove(holding.pointee.key) }
    }
}

// MARK: - Invariants

extension Holdings {
    /// What does not hold together, or `nil`. `accountCount` is how many accounts there are. It looks at everything, so it is for
    /// tests.
    func checkInvariants(accountCount: Int) -> StaticString? {
        if let broken = rows.checkInvariants() { return broken }
        var broken: StaticString?
        rows.forEach { holding in
            if holding.pointee.isEmpty { broken = "a holding that says nothing is kept" }
            if Int(AccountSlot(of: holding.pointee.key).number) >= accountCount { broken = "a holding is of nobody" }
        }
        return broken
    }
}
