import Decimals

/// A change and what it led to.
public struct ChangedAmount: BitwiseCopyable, Sendable {
    public var delta: Decimal
    public var absolute: Decimal

    @inlinable public init(delta: Decimal, absolute: Decimal) {
        self.delta = delta
        self.absolute = absolute
    }
}

/// A change of a P&L ledger, or the reason why it stopped.
public enum ChangedPnl: BitwiseCopyable, Sendable {
    case changed(ChangedAmount)
    case halted(HaltReason)
}

/// What happened to one asset of an account.
public struct Outcome: BitwiseCopyable, Sendable {
    public var policyGroup: PolicyGroupId
    public var asset: Asset
    public var balance: ChangedAmount?
    public var held: ChangedAmount?
    public var incoming: ChangedAmount?
    public var realizedPnl: ChangedPnl?
    public var averageEntryPrice: Decimal?

    @inlinable public init(
        policyGroup: PolicyGroupId, asset: Asset, balance: ChangedAmount? = nil, held: ChangedAmount? = nil,
        incoming: ChangedAmount? = nil, realizedPnl: ChangedPnl? = nil, averageEntryPrice: Decimal? = nil
    ) {
        self.policyGroup = policyGroup
        self.asset = asset
        self.balance = balance
        self.held = held
        self.incoming = incoming
        self.realizedPnl = realizedPnl
        self.averageEntryPrice = averageEntryPrice
    }
}

/// What happened to an account's own P&L.
public struct AccountPnlOutcome: BitwiseCopyable, Sendable {
    public var policyGroup: PolicyGroupId
    public var account: AccountId
    public var pnl: ChangedPnl

    @inlinable public init(policyGroup: PolicyGroupId, account: AccountId, pnl: ChangedPnl) {
        self.policyGroup = policyGroup
        self.account = account
        self.pnl = pnl
    }
}
