import Decimals

/// What is submitted to an order manager.
package struct NewOrder: BitwiseCopyable {
    package var id: OrderId
    package var symbol: UnsafeBufferPointer<UInt8>
    package var side: DeskSide
    package var type: DeskOrderType
    package var quantity: Decimal
    package var price: Decimal
    /// Names the submission; there is none where it is empty.
    package var key = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var time: Int64 = 0

    package init(
        id: OrderId, symbol: UnsafeBufferPointer<UInt8>, side: DeskSide, type: DeskOrderType, quantity: Decimal,
        price: Decimal
    ) {
        self.id = id
        self.symbol = symbol
        self.side = side
        self.type = type
        self.quantity = quantity
        self.price = price
    }
}

/// What somebody says an order has become.
package struct OrderUpdate: BitwiseCopyable {
    package var phase: OrderPhase
    package var filled: Decimal?
    package var average: Decimal?
    package var reason: UnsafeBufferPointer<UInt8>?
    package var time: Int64 = 0

    package init(_ phase: OrderPhase) { self.phase = phase }
}

/// A trade of an order.
package struct NewFill: BitwiseCopyable {
    package var id: UnsafeBufferPointer<UInt8>
    package var symbol: UnsafeBufferPointer<UInt8>
    /// Positive, or below zero of an order that sells, which is the same.
    package var quantity: Decimal
    package var price: Decimal
    package var fee = Decimal.zero
    package var feeCurrency: UnsafeBufferPointer<UInt8>?
    package var time: Int64 = 0

    package init(
        id: UnsafeBufferPointer<UInt8>, symbol: UnsafeBufferPointer<UInt8>, quantity: Decimal, price: Decimal
    ) {
        self.id = id
        self.symbol = symbol
        self.quantity = quantity
        self.price = price
    }
}

/// An order of a manager.
package struct ManagedOrder: BitwiseCopyable {
    package var id: OrderId
    package var life: OrderLife
    package var side: DeskSide
    package var type: DeskOrderType
    package var price: Decimal
    /// What was said of it last, by a fill or by somebody.
    package var filled: Decimal?
    package var average: Decimal?
    package var hasReason = false
    package var symbol: KeptText
    package var reason = KeptText()
    package var created: Int64
    package var updated: Int64
    /// How many were submitted before it, and 1.
    package var serial: UInt64
    /// The rows of its id and of its key; 0: it has none.
    var idRow: UInt32
    var keyRow: UInt32
    /// Its fills, oldest first, and its neighbours among those that are active, or have ended; one more than their numbers.
    var firstFill: UInt32 = 0
    var lastFill: UInt32 = 0
    var older: UInt32 = 0
    var newer: UInt32 = 0

    package var phase: OrderPhase { OrderPhase(life) }

    /// How much of it has traded, as far as is known.
    package var known: Decimal {
        switch phase {
        case .new, .submitted, .acknowledged, .rejected: life.filled
        case .partiallyFilled, .filled, .cancelled, .expired: filled ?? life.filled
        }
    }
}

/// A fill of an order of a manager.
package struct ManagedFill: BitwiseCopyable {
    package var quantity: Decimal
    package var price: Decimal
    package var fee: Decimal
    package var feeCurrency: KeptText
    package var hasFeeCurrency: Bool
    package var time: Int64
    /// How many fills were booked before it, and 1.
    package var sequence: UInt64
    var keyRow: UInt32
    var next: UInt32 = 0
}

extension UnsafeMutablePointer<ManagedOrder> {
    /// Its texts where they lie, as long as it is there.
    package var symbol: UnsafeBufferPointer<UInt8> { withUnsafeMutablePointer(to: &pointee.symbol) { $0.bytes } }
    package var reason: UnsafeBufferPointer<UInt8> { withUnsafeMutablePointer(to: &pointee.reason) { $0.bytes } }
}

extension UnsafeMutablePointer<ManagedFill> {
    /// What its fee was paid in, where it lies.
    package var feeCurrency: UnsafeBufferPointer<UInt8> {
        withUnsafeMutablePointer(to: &pointee.feeCurrency) { $0.bytes }
    }
}
