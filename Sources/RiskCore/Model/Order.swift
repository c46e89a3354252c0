import Decimals

/// How much an order asks for: so many units, or so much of the settlement asset.
public enum TradeAmount: BitwiseCopyable, Sendable {
    case quantity(Decimal)
    case volume(Decimal)
}

/// An order as a strategy asks for it. What is absent is `nil`; a policy that needs it says so.
public struct Order: BitwiseCopyable {
    public var account: AccountId?
    public var instrument: Instrument?
    public var side: Side?
    public var amount: TradeAmount?
    /// `nil`: a market order.
    public var price: Decimal?
    public var positionSide: PositionSide?
    public var leverage: Leverage?
    public var collateral: Asset
    public var isReduceOnly: Bool
    public var closesPosition: Bool
    public var autoBorrows: Bool
    /// Passed through to custom policies.
    public var userData: UnsafeMutableRawPointer?

    @inlinable
    public init(
        account: AccountId? = nil, instrument: Instrument? = nil, side: Side? = nil, amount: TradeAmount? = nil,
        price: Decimal? = nil, positionSide: PositionSide? = nil, leverage: Leverage? = nil, collateral: Asset = .none,
        isReduceOnly: Bool = false, closesPosition: Bool = false, autoBorrows: Bool = false,
        userData: UnsafeMutableRawPointer? = nil
    ) {
        self.account = account
        self.instrument = instrument
        self.side = side
        self.amount = amount
        self.price = price
        self.positionSide = positionSide
        self.leverage = leverage
        self.collateral = collateral
        self.isReduceOnly = isReduceOnly
        self.closesPosition = closesPosition
        self.autoBorrows = autoBorrows
        self.userData = userData
    }
}
