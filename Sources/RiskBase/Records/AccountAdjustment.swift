import Decimals

/// A P&L given by hand: a value, or the reason why there is none.
public enum PnlState: BitwiseCopyable, Sendable {
    case value(Decimal)
    case halted(HaltReason)
}

/// How an adjustment changes one amount.
public enum AmountChange: BitwiseCopyable, Sendable {
    case delta(Decimal)
    case absolute(Decimal)
}

/// The change of one amount and the bounds, both inclusive, that the changed amount must keep.
public struct BoundedChange: BitwiseCopyable, Sendable {
    public var change: AmountChange?
    public package(set) var lower: Decimal?
    public package(set) var upper: Decimal?

    // An optional is not taken from outside: what came to nothing would be no bound.
    package init(_ change: AmountChange?, lower: Decimal?, upper: Decimal?) {
        self.change = change
        self.lower = lower
        self.upper = upper
    }

    public init(_ change: AmountChange? = nil) {
        self.init(change, lower: nil, upper: nil)
    }

    public init(_ change: AmountChange?, lower: Decimal, upper: Decimal) {
        self.init(change, lower: Optional(lower), upper: Optional(upper))
    }

    public init(_ change: AmountChange?, lower: Decimal) {
        self.init(change, lower: lower, upper: nil)
    }

    public init(_ change: AmountChange?, upper: Decimal) {
        self.init(change, lower: nil, upper: upper)
    }
}

/// A correction of what the engine believes an account holds.
public struct AccountAdjustment: BitwiseCopyable {
    public struct Balance: BitwiseCopyable, Sendable {
        public var asset: Asset
        public var averageEntryPrice: Decimal?
        public var realizedPnl: PnlState?

        @inlinable public init(asset: Asset, averageEntryPrice: Decimal? = nil, realizedPnl: PnlState? = nil) {
            self.asset = asset
            self.averageEntryPrice = averageEntryPrice
            self.realizedPnl = realizedPnl
        }
    }

    public struct Position: BitwiseCopyable, Sendable {
        public var instrument: Instrument?
        public var collateral: Asset
        public var averageEntryPrice: Decimal?
        public var mode: PositionMode?
        public var leverage: Leverage?

        @inlinable public init(
            instrument: Instrument?, collateral: Asset, averageEntryPrice: Decimal?, mode: PositionMode?,
            leverage: Leverage? = nil
        ) {
            self.instrument = instrument
            self.collateral = collateral
            self.averageEntryPrice = averageEntryPrice
            self.mode = mode
            self.leverage = leverage
        }
    }

    /// A position of the ledger, whose quantity is the adjustment's balance. Nothing is realised.
    public struct LedgerPosition: BitwiseCopyable, Sendable {
        public var instrument: Instrument?
        public var averageEntryPrice: Decimal?
        public var strategy: Asset
        public var trader: Asset
        public var venue: Asset

        @inlinable public init(
            instrument: Instrument?, averageEntryPrice: Decimal? = nil, strategy: Asset = .none, trader: Asset = .none,
            venue: Asset = .none
        ) {
            self.instrument = instrument
            self.averageEntryPrice = averageEntryPrice
            self.strategy = strategy
            self.trader = trader
            self.venue = venue
        }
    }

    public enum Operation: BitwiseCopyable, Sendable {
        case balance(Balance)
        case position(Position)
        case accountPnl(PnlState)
        /// What is paid into the equity of an account or out of it, in an asset: the adjustment's balance. No P&L.
        case equity(Asset)
        case ledgerPosition(LedgerPosition)
    }

    public var operation: Operation?
    public var balance: BoundedChange
    public var held: BoundedChange
    public var incoming: BoundedChange
    /// Passed through to custom policies.
    public var userData: UnsafeMutableRawPointer?

    @inlinable public init(
        operation: Operation? = nil, balance: BoundedChange = BoundedChange(), held: BoundedChange = BoundedChange(),
        incoming: BoundedChange = BoundedChange(), userData: UnsafeMutableRawPointer? = nil
    ) {
        self.operation = operation
        self.balance = balance
        self.held = held
        self.incoming = incoming
        self.userData = userData
    }
}
