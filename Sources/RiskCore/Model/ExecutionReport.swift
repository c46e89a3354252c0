import Decimals

/// What became of an order: a fill, a fee, a cancel, a profit or a loss.
public struct ExecutionReport: BitwiseCopyable {
    public struct FinancialImpact: BitwiseCopyable, Sendable {
        public var pnl: Decimal
        /// Cost positive, rebate negative.
        public var fee: Decimal

        @inlinable
        public init(pnl: Decimal, fee: Decimal) {
            self.pnl = pnl
            self.fee = fee
        }
    }

    public struct Trade: BitwiseCopyable, Sendable {
        public var price: Decimal
        public var quantity: Decimal

        @inlinable
        public init(price: Decimal, quantity: Decimal) {
            self.price = price
            self.quantity = quantity
        }
    }

    public struct Fee: BitwiseCopyable, Sendable {
        /// Cost positive, rebate negative.
        public var amount: Decimal
        public var asset: Asset

        @inlinable
        public init(amount: Decimal, asset: Asset) {
            self.amount = amount
            self.asset = asset
        }
    }

    public var account: AccountId?
    public var instrument: Instrument?
    public var side: Side?
    public var financialImpact: FinancialImpact?
    public var trade: Trade?
    public var fillFee: Fee?
    public var leavesQuantity: Decimal?
    public var isFinal: Bool?
    /// Borrowed from the caller for the call; `nil` is absent, which is not the same as empty.
    public var lock: UnsafeBufferPointer<LockEntry>?
    public var positionEffect: PositionEffect?
    public var positionSide: PositionSide?
    /// Passed through to custom policies.
    public var userData: UnsafeMutableRawPointer?

    @inlinable
    public init(
        account: AccountId? = nil, instrument: Instrument? = nil, side: Side? = nil,
        financialImpact: FinancialImpact? = nil, trade: Trade? = nil, fillFee: Fee? = nil,
        leavesQuantity: Decimal? = nil, isFinal: Bool? = nil, lock: UnsafeBufferPointer<LockEntry>? = nil,
        positionEffect: PositionEffect? = nil, positionSide: PositionSide? = nil,
        userData: UnsafeMutableRawPointer? = nil
    ) {
        self.account = account
        self.instrument = instrument
        self.side = side
        self.financialImpact = financialImpact
        self.trade = trade
        self.fillFee = fillFee
        self.leavesQuantity = leavesQuantity
        self.isFinal = isFinal
        self.lock = lock
        self.positionEffect = positionEffect
        self.positionSide = positionSide
        self.userData = userData
    }
}
