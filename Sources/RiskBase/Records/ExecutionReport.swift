import Decimals

/// What became of an order: a fill, a fee, a cancel, a profit or a loss.
///
/// The record has the layout of `openpit_report`, as an `Order` has that of its C struct.
public struct ExecutionReport: BitwiseCopyable {
    public struct FinancialImpact: BitwiseCopyable, Sendable {
        public var pnl: Decimal
        /// Cost positive, rebate negative.
        public var fee: Decimal

        @inlinable public init(pnl: Decimal, fee: Decimal) {
            self.pnl = pnl
            self.fee = fee
        }
    }

    public struct Trade: BitwiseCopyable, Sendable {
        public var price: Decimal
        public var quantity: Decimal

        @inlinable public init(price: Decimal, quantity: Decimal) {
            self.price = price
            self.quantity = quantity
        }
    }

    public struct Fee: BitwiseCopyable, Sendable {
        /// Cost positive, rebate negative.
        public var amount: Decimal
        public var asset: Asset

        @inlinable public init(amount: Decimal, asset: Asset) {
            self.amount = amount
            self.asset = asset
        }
    }

    /// The size of the record, for those who read it in C.
    @usableFromInline package var size = UInt32(MemoryLayout<ExecutionReport>.size)
    @usableFromInline package var fields: Fields = []
    @usableFromInline package var accountValue = AccountId(0)
    @usableFromInline package var underlying = Asset.none
    @usableFromInline package var settlement = Asset.none
    @usableFromInline package var pnlValue = Decimal.zero
    @usableFromInline package var feeValue = Decimal.zero
    @usableFromInline package var tradePrice = Decimal.zero
    @usableFromInline package var tradeQuantity = Decimal.zero
    @usableFromInline package var fillFeeValue = Decimal.zero
    @usableFromInline package var leavesQuantityValue = Decimal.zero
    @usableFromInline package var fillFeeAsset = Asset.none
    @usableFromInline package var sideNumber: UInt8 = 0
    @usableFromInline package var positionEffectNumber: UInt8 = 0
    @usableFromInline package var positionSideNumber: UInt8 = 0
    @usableFromInline package var finality: UInt8 = 0
    @usableFromInline package var lockStart: UnsafePointer<LockEntry>?
    @usableFromInline package var lockCount = 0
    /// Passed through to custom policies.
    public var userData: UnsafeMutableRawPointer?
    @usableFromInline let reserved: [2 of UInt64] = [0, 0]
    @usableFromInline package var clientOrderIdText = BorrowedText()
    @usableFromInline package var orderIdValue: UInt64 = 0
    @usableFromInline package var executionIdText = BorrowedText()
    public var strategy = Asset.none
    public var trader = Asset.none
    public var venue = Asset.none
    @usableFromInline package var eventNumber: UInt8 = 0
    @usableFromInline let reservedTailByte: UInt8 = 0
    @usableFromInline let reservedTailShort: UInt16 = 0

    /// Which fields are set.
    @usableFromInline package struct Fields: FieldSet {
        @usableFromInline package let rawValue: UInt32

        @inlinable package init(rawValue: UInt32) { self.rawValue = rawValue }

        @inlinable package static var account: Fields { Fields(rawValue: 1 << 0) }
        @inlinable package static var financialImpact: Fields { Fields(rawValue: 1 << 1) }
        @inlinable package static var trade: Fields { Fields(rawValue: 1 << 2) }
        @inlinable package static var fillFee: Fields { Fields(rawValue: 1 << 3) }
        @inlinable package static var leavesQuantity: Fields { Fields(rawValue: 1 << 4) }
        @inlinable package static var finality: Fields { Fields(rawValue: 1 << 5) }
        @inlinable package static var lock: Fields { Fields(rawValue: 1 << 6) }
        @inlinable package static var clientOrderId: Fields { Fields(rawValue: 1 << 7) }
        @inlinable package static var orderId: Fields { Fields(rawValue: 1 << 8) }
        @inlinable package static var executionId: Fields { Fields(rawValue: 1 << 9) }
    }

    @inlinable public init(
        account: AccountId? = nil, instrument: Instrument? = nil, side: Side? = nil,
        financialImpact: FinancialImpact? = nil, trade: Trade? = nil, fillFee: Fee? = nil,
        leavesQuantity: Decimal? = nil, isFinal: Bool? = nil, lock: UnsafeBufferPointer<LockEntry>? = nil,
        positionEffect: PositionEffect? = nil, positionSide: PositionSide? = nil,
        userData: UnsafeMutableRawPointer? = nil
    ) {
        self.userData = userData
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
    }
}

extension ExecutionReport {
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

    @inlinable public var financialImpact: FinancialImpact? {
        get { fields.contains(.financialImpact) ? FinancialImpact(pnl: pnlValue, fee: feeValue) : nil }
        set {
            guard let impact = fields.set(.financialImpact, newValue) else { return }
            pnlValue = impact.pnl
            feeValue = impact.fee
        }
    }

    @inlinable public var trade: Trade? {
        get { fields.contains(.trade) ? Trade(price: tradePrice, quantity: tradeQuantity) : nil }
        set {
            guard let trade = fields.set(.trade, newValue) else { return }
            tradePrice = trade.price
            tradeQuantity = trade.quantity
        }
    }

    @inlinable public var fillFee: Fee? {
        get { fields.contains(.fillFee) ? Fee(amount: fillFeeValue, asset: fillFeeAsset) : nil }
        set {
            guard let fee = fields.set(.fillFee, newValue) else { return }
            fillFeeValue = fee.amount
            fillFeeAsset = fee.asset
        }
    }

    @inlinable public var leavesQuantity: Decimal? {
        get { fields.contains(.leavesQuantity) ? leavesQuantityValue : nil }
        set { leavesQuantityValue = fields.set(.leavesQuantity, newValue) ?? leavesQuantityValue }
    }

    @inlinable public var isFinal: Bool? {
        get { fields.contains(.finality) ? finality == 1 : nil }
        set { finality = fields.set(.finality, newValue) == true ? 1 : 0 }
    }

    /// Borrowed from the caller for the call; `nil` is absent, which is not the same as empty.
    @inlinable public var lock: UnsafeBufferPointer<LockEntry>? {
        get { fields.contains(.lock) ? UnsafeBufferPointer(start: lockStart, count: lockCount) : nil }
        set {
            let lock = fields.set(.lock, newValue)
            lockStart = lock?.baseAddress
            lockCount = lock?.count ?? 0
        }
    }

    @inlinable public var positionEffect: PositionEffect? {
        get { PositionEffect(rawValue: positionEffectNumber) }
        set { positionEffectNumber = newValue?.rawValue ?? 0 }
    }

    @inlinable public var positionSide: PositionSide? {
        get { PositionSide(rawValue: positionSideNumber) }
        set { positionSideNumber = newValue?.rawValue ?? 0 }
    }
}

extension ExecutionReport {
    /// Where the names begin, side by side.
    @inlinable package static var namesOffset: Int { 208 }
}

extension UnsafePointer<ExecutionReport> {
    /// The largest id of an asset or another name it speaks of; 0 when it speaks of none.
    @inline(__always)
    @inlinable package var lastAsset: UInt32 {
        let fee = pointee.fields.contains(.fillFee) ? pointee.fillFeeAsset.id : 0
        let last = max(pointee.underlying.id, pointee.settlement.id, fee)
        // Two at a time, and the event with the last.
        let names = UnsafeRawPointer(self) + ExecutionReport.namesOffset
        let others = names.load(as: UInt64.self) | names.load(fromByteOffset: 8, as: UInt64.self)
        return others == 0 ? last : max(last, lastOther)
    }

    @usableFromInline @inline(never) package var lastOther: UInt32 {
        max(pointee.strategy.id, pointee.trader.id, pointee.venue.id)
    }
}
