import Decimals

/// How much an order asks for: so many units, or so much of the settlement asset.
public enum TradeAmount: BitwiseCopyable, Sendable {
    case quantity(Decimal)
    case volume(Decimal)
}

/// An order as a strategy asks for it. What is absent is `nil`; a policy that needs it says so.
///
/// The record has the layout of `openpit_order`, which a test compares: an order that comes from C is looked at where it lies,
/// and a policy written in C gets it back without a copy.
public struct Order: BitwiseCopyable {
    /// The size of the record, for those who read it in C.
    @usableFromInline package var size = UInt32(MemoryLayout<Order>.size)
    @usableFromInline package var fields: Fields = []
    @usableFromInline package var accountValue = AccountId(0)
    @usableFromInline package var underlying = Asset.none
    @usableFromInline package var settlement = Asset.none
    @usableFromInline package var amountValue = Decimal.zero
    @usableFromInline package var priceValue = Decimal.zero
    @usableFromInline package var amountKind: UInt8 = 0
    @usableFromInline package var sideNumber: UInt8 = 0
    @usableFromInline package var positionSideNumber: UInt8 = 0
    @usableFromInline let reservedByte: UInt8 = 0
    @usableFromInline package var leverageTenths: UInt16 = 0
    @usableFromInline let reservedShort: UInt16 = 0
    public var collateral: Asset
    @usableFromInline let reservedWord: UInt32 = 0
    /// Passed through to custom policies.
    public var userData: UnsafeMutableRawPointer?
    @usableFromInline let reserved: [2 of UInt64] = [0, 0]
    @usableFromInline package var clientOrderIdText = BorrowedText()
    @usableFromInline package var replacesText = BorrowedText()
    @usableFromInline package var displayQuantityValue = Decimal.zero
    @usableFromInline package var stopPriceValue = Decimal.zero
    @usableFromInline package var decisionPriceValue = Decimal.zero
    @usableFromInline package var expireAtValue: Int64 = 0
    public var strategy = Asset.none
    public var trader = Asset.none
    public var venue = Asset.none
    public var session = Asset.none
    public var clearingAccount = Asset.none
    public var decisionMaker = Asset.none
    @usableFromInline package var orderTypeNumber: UInt8 = 0
    @usableFromInline package var timeInForceNumber: UInt8 = 0
    @usableFromInline let reservedTailShort: UInt16 = 0
    @usableFromInline let reservedTailWord: UInt32 = 0

    /// Which fields are set, and what is asked for besides.
    @usableFromInline package struct Fields: FieldSet {
        @usableFromInline package let rawValue: UInt32

        @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }

        @inlinable package static var account: Fields { Fields(rawValue: 1 << 0) }
        @inlinable package static var price: Fields { Fields(rawValue: 1 << 1) }
        @inlinable package static var reduceOnly: Fields { Fields(rawValue: 1 << 2) }
        @inlinable package static var closePosition: Fields { Fields(rawValue: 1 << 3) }
        @inlinable package static var autoBorrow: Fields { Fields(rawValue: 1 << 4) }
        @inlinable package static var clientOrderId: Fields { Fields(rawValue: 1 << 5) }
        @inlinable package static var replaces: Fields { Fields(rawValue: 1 << 6) }
        @inlinable package static var expireAt: Fields { Fields(rawValue: 1 << 7) }
        @inlinable package static var displayQuantity: Fields { Fields(rawValue: 1 << 8) }
        @inlinable package static var stopPrice: Fields { Fields(rawValue: 1 << 9) }
        @inlinable package static var decisionPrice: Fields { Fields(rawValue: 1 << 10) }
        @inlinable package static var postOnly: Fields { Fields(rawValue: 1 << 11) }
        @inlinable package static var short: Fields { Fields(rawValue: 1 << 12) }
        @inlinable package static var shortExempt: Fields { Fields(rawValue: 1 << 13) }
    }

    // An optional price is not taken from outside: what came to nothing would be a market order.
    package init(
        account: AccountId? = nil, instrument: Instrument? = nil, side: Side? = nil, amount: TradeAmount? = nil,
        price: Decimal?, positionSide: PositionSide? = nil, leverage: Leverage? = nil, collateral: Asset = .none,
        isReduceOnly: Bool = false, closesPosition: Bool = false, autoBorrows: Bool = false,
        userData: UnsafeMutableRawPointer? = nil
    ) {
        self.collateral = collateral
        self.userData = userData
        self.account = account
        self.instrument = instrument
        self.side = side
        self.amount = amount
        self.price = price
        self.positionSide = positionSide
        self.leverage = leverage
        self.isReduceOnly = isReduceOnly
        self.closesPosition = closesPosition
        self.autoBorrows = autoBorrows
    }

    /// A limit order.
    public init(
        account: AccountId? = nil, instrument: Instrument? = nil, side: Side? = nil, amount: TradeAmount? = nil,
        price: Decimal, positionSide: PositionSide? = nil, leverage: Leverage? = nil, collateral: Asset = .none,
        isReduceOnly: Bool = false, closesPosition: Bool = false, autoBorrows: Bool = false,
        userData: UnsafeMutableRawPointer? = nil
    ) {
        self.init(
            account: account, instrument: instrument, side: side, amount: amount, price: Optional(price),
            positionSide: positionSide, leverage: leverage,
            collateral: collateral, isReduceOnly: isReduceOnly, closesPosition: closesPosition,
            autoBorrows: autoBorrows, userData: userData)
    }

    /// A market order.
    public init(
        account: AccountId? = nil, instrument: Instrument? = nil, side: Side? = nil, amount: TradeAmount? = nil,
        positionSide: PositionSide? = nil, leverage: Leverage? = nil, collateral: Asset = .none,
        isReduceOnly: Bool = false, closesPosition: Bool = false, autoBorrows: Bool = false,
        userData: UnsafeMutableRawPointer? = nil
    ) {
        self.init(
            account: account, instrument: instrument, side: side, amount: amount, price: nil,
            positionSide: positionSide, leverage: leverage,
            collateral: collateral, isReduceOnly: isReduceOnly, closesPosition: closesPosition,
            autoBorrows: autoBorrows, userData: userData)
    }
}

extension Order {
    @inlinable public var account: AccountId? {
        get { fields.contains(.account) ? accountValue : nil }
        set { accountValue = fields.set(.account, newValue) ?? accountValue }
    }

    @inlinable public var instrument: Instrument? {
        get { underlying.isNone ? nil : Instrument(underlying: underlying, settlement: settlement) }
        set {
            underlying = newValue?.underlying ?? .none
            settlement = newValue?.settlement ?? .none
        }
    }

    @inlinable public var side: Side? {
        get { Side(rawValue: sideNumber) }
        set { sideNumber = newValue?.rawValue ?? 0 }
    }

    @inlinable public var amount: TradeAmount? {
        get {
            switch amountKind {
            case AmountKind.quantity.rawValue: .quantity(amountValue)
            case AmountKind.volume.rawValue: .volume(amountValue)
            default: nil
            }
        }
        set {
            switch newValue {
            case nil: amountKind = 0
            case .quantity(let quantity):
                amountKind = AmountKind.quantity.rawValue
                amountValue = quantity
            case .volume(let volume):
                amountKind = AmountKind.volume.rawValue
                amountValue = volume
            }
        }
    }

    /// `nil`: a market order.
    @inlinable public package(set) var price: Decimal? {
        get { fields.contains(.price) ? priceValue : nil }
        set { priceValue = fields.set(.price, newValue) ?? priceValue }
    }

    @inlinable public var positionSide: PositionSide? {
        get { PositionSide(rawValue: positionSideNumber) }
        set { positionSideNumber = newValue?.rawValue ?? 0 }
    }

    @inlinable public var leverage: Leverage? {
        get { Leverage(tenths: leverageTenths) }
        set { leverageTenths = newValue?.tenths ?? 0 }
    }

    @inlinable public var isReduceOnly: Bool {
        get { fields.contains(.reduceOnly) }
        set { fields.set(.reduceOnly, newValue) }
    }

    @inlinable public var closesPosition: Bool {
        get { fields.contains(.closePosition) }
        set { fields.set(.closePosition, newValue) }
    }

    @inlinable public var autoBorrows: Bool {
        get { fields.contains(.autoBorrow) }
        set { fields.set(.autoBorrow, newValue) }
    }
}

extension Order {
    /// Where the names begin, six of them side by side; and the collateral, with zeros behind it.
    @inlinable package static var namesOffset: Int { 184 }
    @inlinable package static var collateralOffset: Int { 64 }
}

// Records are large, and a question to one that lies behind a pointer must not copy it.
extension UnsafePointer<Order> {
    /// The largest id of an asset or another name it speaks of; 0 when it speaks of none. Most orders name their instrument and
    /// nobody else, and pay for that only.
    @inline(__always)
    @inlinable package var lastAsset: UInt32 {
        // Two at a time.
        let record = UnsafeRawPointer(self)
        let others =
            record.load(fromByteOffset: Order.collateralOffset, as: UInt64.self)
            | record.load(fromByteOffset: Order.namesOffset, as: UInt64.self)
            | record.load(fromByteOffset: Order.namesOffset + 8, as: UInt64.self)
            | record.load(fromByteOffset: Order.namesOffset + 16, as: UInt64.self)
        let last = max(pointee.underlying.id, pointee.settlement.id)
        return others == 0 ? last : max(last, lastOther)
    }

    @usableFromInline @inline(never) package var lastOther: UInt32 {
        // Of more than three at once it would make an array.
        max(
            max(pointee.strategy.id, pointee.trader.id, pointee.venue.id),
            max(pointee.session.id, pointee.clearingAccount.id, pointee.decisionMaker.id), pointee.collateral.id)
    }
}
