import Decimals

/// What an order costs.
package struct PaperCommission: Sendable, BitwiseCopyable {
    /// Once, with the first fill.
    package var perOrder = Decimal.zero
    package var perUnit = Decimal.zero
    /// Of what was traded is worth.
    package var share = Decimal.zero
    /// The least an order pays, with its first fill.
    package var minimum = Decimal.zero

    package init() {}

    func of(_ quantity: Decimal, worth: Decimal, isFirst: Bool) -> Decimal? {
        guard let units = perUnit.multipliedExactly(by: quantity), let part = share.multipliedExactly(by: worth),
            let sum = units.addingExactly(part)
        else { return nil }
        if !isFirst { return sum }
        guard let first = sum.addingExactly(perOrder) else { return nil }
        return first < minimum ? minimum : first
    }
}

/// How a simulated broker behaves.
package struct PaperOptions: Sendable, BitwiseCopyable {
    package var capital = Decimal.zero
    /// Ten-thousandths of the price.
    package var slippageBps = Decimal.zero
    package var commission = PaperCommission()
    /// 0 to 1.
    package var rejectionRate = Decimal.zero
    package var partialFillRate = Decimal.zero
    /// The most of one order that fills at one price; `nil` for all of it.
    package var fillMax: Decimal?
    package var allowsShort = true
    package var seed: UInt64 = 0

    package init() {}
}

/// Why a simulated broker refuses.
package enum PaperRefusal: UInt8, Sendable, BitwiseCopyable {
    case none = 0
    case invalidSymbol = 1
    case marketClosed = 2
    case simulated = 3
    case shortNotAllowed = 4
    case insufficientMargin = 5
}

/// An order as a simulated broker has it.
package struct PaperOrder: Sendable, BitwiseCopyable {
    /// The caller's number of it.
    package var number: UInt64
    package var instrument: UInt32
    package var side: DeskSide
    package var type: DeskOrderType
    package var timeInForce: DeskTimeInForce
    package var quantity: Decimal
    package var filled = Decimal.zero
    package var limitPrice = Decimal.zero
    package var stopPrice = Decimal.zero
    /// When it came.
    package var price: Decimal
    var isSplit = false
    var isResting = false
    var next: UInt32 = .max
    var previous: UInt32 = .max

    package init(
        number: UInt64, instrument: UInt32, side: DeskSide, type: DeskOrderType, timeInForce: DeskTimeInForce,
        quantity: Decimal, price: Decimal
    ) {
        self.number = number
        self.instrument = instrument
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.quantity = quantity
        self.price = price
    }

    /// Whether a price is as good as its limit.
    func isReached(_ price: Decimal) -> Bool {
        side == .buy ? !(limitPrice < price) : !(price < limitPrice)
    }

    var remaining: Decimal { quantity.subtracting(filled) ?? .zero }
    /// The price it will trade at, as far as anybody can say while it rests.
    var expectedPrice: Decimal { type.hasLimit ? limitPrice : price }
}

/// A trade with a simulated broker.
package struct PaperFill: Sendable, BitwiseCopyable {
    package var number: UInt64
    package var order: UInt64
    package var instrument: UInt32
    package var side: DeskSide
    package var quantity: Decimal
    package var price: Decimal
    package var expectedPrice: Decimal
    package var commission: Decimal
    package var multiplier: Decimal
}

/// Draws that the seed decides: the same seed, the same draws.
struct SeededGenerator: BitwiseCopyable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// A multiple of a millionth, from 0 and below 1, each as likely as any other.
    mutating func drawFraction() -> Decimal {
        let range: UInt64 = 1_000_000
        let limit = UInt64.max - UInt64.max % range
        var word = next()
        while word >= limit { word = next() }
        return Decimal(shortDigits: word % range, scale: 6)
    }
}
