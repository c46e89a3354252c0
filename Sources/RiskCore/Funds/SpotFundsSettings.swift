import Decimals
import Market
import RiskBase

/// What an order meets when the funds are short.
public enum SpotFundsLimitMode: UInt8, Sendable, BitwiseCopyable {
    /// It is rejected.
    case enforce = 0
    /// It is counted all the same, and the balance goes below zero.
    case trackOnly = 1
}

/// Which price of a quote a market order is reserved at.
public enum SpotFundsPricingSource: UInt8, Sendable, BitwiseCopyable {
    /// The mark, for both sides.
    case mark = 0
    /// The ask for a buy, the bid for a sell.
    case bookTop = 1
}

/// A limit mode of one account or group; no mode takes it back.
public struct SpotFundsModePin: BitwiseCopyable, Sendable {
    public enum Target: BitwiseCopyable, Sendable {
        case account(AccountId)
        case group(AccountGroupId)
    }

    public var target: Target
    public var mode: SpotFundsLimitMode?

    public init(_ target: Target, _ mode: SpotFundsLimitMode?) {
        self.target = target
        self.mode = mode
    }
}

/// How large a position of one account in one asset may become, in either direction; no limit takes it back.
public struct SpotFundsPositionLimit: BitwiseCopyable, Sendable {
    public var account: AccountId
    public var asset: Asset
    public package(set) var limit: Decimal?

    // An optional is not taken from outside: what came to nothing would take the limit back.
    package init(account: AccountId, asset: Asset, limit: Decimal?) {
        self.account = account
        self.asset = asset
        self.limit = limit
    }

    public init(account: AccountId, asset: Asset, limit: Decimal) {
        self.init(account: account, asset: asset, limit: Optional(limit))
    }

    /// Takes the limit back.
    public init(removingFor account: AccountId, asset: Asset) {
        self.init(account: account, asset: asset, limit: nil)
    }
}

/// How far an account's P&L may go. Both bounds are inclusive.
public struct SpotFundsBarrier: BitwiseCopyable, Sendable {
    public var bounds: PnlBounds
    /// The account currency it applies to; none for any.
    public var currency: Asset

    public init(_ bounds: PnlBounds, currency: Asset = .none) {
        self.bounds = bounds
        self.currency = currency
    }

    static func == (left: Self, right: Self) -> Bool {
        left.bounds == right.bounds && left.currency == right.currency
    }
}

/// A barrier and whom it applies to. The account's comes first, then its group's, then the global one.
public struct SpotFundsScopedBarrier: BitwiseCopyable, Sendable {
    public enum Scope: BitwiseCopyable, Sendable {
        case global
        case group(AccountGroupId)
        case account(AccountId)
    }

    public var scope: Scope
    public var barrier: SpotFundsBarrier

    public init(_ scope: Scope, _ barrier: SpotFundsBarrier) {
        self.scope = scope
        self.barrier = barrier
    }
}

/// Which barriers to replace.
public struct SpotFundsBarrierAxes: OptionSet, Sendable, BitwiseCopyable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static var global: Self { Self(rawValue: 1 << 0) }
    public static var groups: Self { Self(rawValue: 1 << 1) }
    public static var accounts: Self { Self(rawValue: 1 << 2) }
    public static var all: Self { [.global, .groups, .accounts] }
}

/// Changes of a spot funds policy. What is absent stays as it is; keys that are not named do too.
public struct SpotFundsUpdate: BitwiseCopyable {
    /// At most 10000.
    public var slippageBasisPoints: UInt16?
    public var pricingSource: SpotFundsPricingSource?
    public var limitMode: SpotFundsLimitMode?
    public var overrides = UnsafeBufferPointer<SpotFundsOverride>(start: nil, count: 0)
    public var modePins = UnsafeBufferPointer<SpotFundsModePin>(start: nil, count: 0)
    public var positionLimits = UnsafeBufferPointer<SpotFundsPositionLimit>(start: nil, count: 0)

    public init() {}
}

extension SpotFundsUpdate {
    func validate() throws(PolicyFault) {
        try Self.validate(slippageBasisPoints)
        for override in overrides { try Self.validate(override.basisPoints) }
    }

    private static func validate(_ slippage: UInt16?) throws(PolicyFault) {
        if let slippage, slippage > 10_000 { throw .invalidSlippage(slippage) }
    }
}

/// How spot funds begin. Without anything said they enforce funds, and take limit orders only.
public struct SpotFundsOptions: BitwiseCopyable {
    /// Where market orders and conversions find quotes; without it there are neither.
    public var market: MarketData?
    public var settings = SpotFundsUpdate()
    public var barriers = UnsafeBufferPointer<SpotFundsScopedBarrier>(start: nil, count: 0)

    public init() {}
}

/// What a policy does with an order, by account and group.
struct SpotFundsLimits: ~Copyable {
    private var mode = SpotFundsLimitMode.enforce
    private var accountModes = RowTable<SpotFundsLimitMode?>()
    private var groupModes = RowTable<SpotFundsLimitMode?>()
    private var positions = RowTable<Decimal?>()

    init() {}

    /// The mode pinned to the account, else to the group it was put in, else the global one.
    @inline(__always)
    mutating func mode(of slot: AccountSlot, _ group: @autoclosure () -> AccountGroupId) -> SpotFundsLimitMode {
        if accountModes.isEmpty && groupModes.isEmpty || slot.isNone { return mode }
        return pinnedMode(of: slot, group()) ?? mode
    }

    private mutating func pinnedMode(of slot: AccountSlot, _ group: AccountGroupId) -> SpotFundsLimitMode? {
        if let pin = accountModes.find(slot.key)?.pointee { return pin }
        return group == .default ? nil : groupModes.find(UInt64(group.value))?.pointee
    }

    var hasPositionLimits: Bool { !positions.isEmpty }

    func positionLimit(_ key: UInt64) -> Decimal? { positions.find(key)?.pointee ?? nil }

    /// Makes a place for all that `update` names: one without a mode or a limit is none. `false` when memory has run out.
    mutating func reserve(_ update: SpotFundsUpdate, in accounts: inout Accounts) -> Bool {
        for pin in update.modePins {
            switch pin.target {
            case .account(let id):
                guard let slot = accounts.slotAdding(id), accountModes.findOrAdd(slot.key, initial: nil) != nil else {
                    return false
                }
            case .group(let group):
                guard groupModes.findOrAdd(UInt64(group.value), initial: nil) != nil else { return false }
            }
        }
        for limit in update.positionLimits {
            guard let slot = accounts.slotAdding(limit.account),
                positions.findOrAdd(slot.key(limit.asset), initial: nil) != nil
            else { return false }
        }
        return true
    }

    /// Changes what `update` names, which has its places.
    mutating func update(_ update: SpotFundsUpdate, in accounts: borrowing Accounts) {
        if let mode = update.limitMode { self.mode = mode }
        for pin in update.modePins {
            switch pin.target {
            case .account(let id): accountModes.find(accounts.slot(of: id).key)?.pointee = pin.mode
            case .group(let group): groupModes.find(UInt64(group.value))?.pointee = pin.mode
            }
        }
        for limit in update.positionLimits {
            positions.find(accounts.slot(of: limit.account).key(limit.asset))?.pointee = limit.limit
        }
    }
}

/// The P&L barriers of a policy.
struct SpotFundsBarriers: ~Copyable {
    private var global: SpotFundsBarrier?
    private var groups = RowTable<SpotFundsBarrier>()
    private var accounts = RowTable<SpotFundsBarrier>()

    init() {}

    var isEmpty: Bool { global == nil && groups.isEmpty && accounts.isEmpty }

    /// Which barrier judges the account.
    enum Choice: BitwiseCopyable {
        case none
        case barrier(SpotFundsBarrier)
        /// The account's own barrier is in another currency than the account.
        case mismatch(account: Asset, barrier: SpotFundsBarrier)

        static func == (left: Self, right: Self) -> Bool {
            switch (left, right) {
            case (.none, .none): true
            case (.barrier(let left), .barrier(let right)):
                left == right
            case (.mismatch(let account, let barrier), .mismatch(account: let otherAccount, barrier: let otherBarrier)):
                account == otherAccount && barrier == otherBarrier
            default: false
            }
        }
    }

    mutating func choose(for slot: AccountSlot, in known: inout Accounts) -> Choice {
        choose(for: FundsOwner(slot, known.group(of: slot)), in: &known)
    }

    mutating func choose(for owner: FundsOwner, in known: inout Accounts) -> Choice {
        let (slot, group) = (owner.slot, owner.group)
        let currency = known.currency(of: slot)
        if !slot.isNone, let own = accounts.find(slot.key)?.pointee {
            guard own.matches(currency) else { return .mismatch(account: currency, barrier: own) }
            return .barrier(own)
        }
        if group != .default, let barrier = groups.find(UInt64(group.value))?.pointee, barrier.matches(currency) {
            return .barrier(barrier)
        }
        if let global, global.matches(currency) { return .barrier(global) }
        return .none
    }

    /// Takes in the barriers of the axes in `axes`. `false` when memory has run out.
    mutating func add(
        _ axes: SpotFundsBarrierAxes, _ barriers: UnsafeBufferPointer<SpotFundsScopedBarrier>,
        in known: inout Accounts
    ) -> Bool {
        for barrier in barriers {
            switch barrier.scope {
            case .global where axes.contains(.global): global = barrier.barrier
            case .group(let group) where axes.contains(.groups):
                guard groups.set(UInt64(group.value), barrier.barrier) else { return false }
            case .account(let id) where axes.contains(.accounts):
                guard let slot = known.slotAdding(id), accounts.set(slot.key, barrier.barrier) else { return false }
            default: break
            }
        }
        return true
    }

    /// Exchanges the barriers of the axes in `axes`; doing so again takes it back.
    mutating func exchange(_ axes: SpotFundsBarrierAxes, with other: inout SpotFundsBarriers) {
        if axes.contains(.global) { swap(&global, &other.global) }
        if axes.contains(.groups) { swap(&groups, &other.groups) }
        if axes.contains(.accounts) { swap(&accounts, &other.accounts) }
    }
}

extension SpotFundsBarrier {
    /// An account without a currency is judged by any barrier.
    fileprivate func matches(_ accountCurrency: Asset) -> Bool {
        currency.isNone || accountCurrency.isNone || currency == accountCurrency
    }
}

// MARK: - Invariants

extension SpotFundsLimits {
    func checkInvariants() -> StaticString? {
        accountModes.checkInvariants() ?? groupModes.checkInvariants() ?? positions.checkInvariants()
    }
}

extension SpotFundsBarriers {
    func checkInvariants() -> StaticString? { groups.checkInvariants() ?? accounts.checkInvariants() }
}
