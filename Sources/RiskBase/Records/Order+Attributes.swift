import Decimals

/// What an order may say besides. Nobody has to, and who knows nothing of it says nothing.
///
/// Texts are borrowed: an order that is kept beyond the call it came with has copies.
extension Order {
    /// The sender's own id of the order.
    @inlinable public var clientOrderId: UnsafeBufferPointer<UInt8>? {
        get { fields.contains(.clientOrderId) ? clientOrderIdText.bytes : nil }
        set { clientOrderIdText = BorrowedText(fields.set(.clientOrderId, newValue)) }
    }

    /// The client order id of the order that this one takes the place of.
    @inlinable public var replaces: UnsafeBufferPointer<UInt8>? {
        get { fields.contains(.replaces) ? replacesText.bytes : nil }
        set { replacesText = BorrowedText(fields.set(.replaces, newValue)) }
    }

    /// What of the quantity others are shown.
    @inlinable public var displayQuantity: Decimal? {
        get { fields.contains(.displayQuantity) ? displayQuantityValue : nil }
        set { displayQuantityValue = fields.set(.displayQuantity, newValue) ?? displayQuantityValue }
    }

    @inlinable public var stopPrice: Decimal? {
        get { fields.contains(.stopPrice) ? stopPriceValue : nil }
        set { stopPriceValue = fields.set(.stopPrice, newValue) ?? stopPriceValue }
    }

    /// The price at which it was decided to trade.
    @inlinable public var decisionPrice: Decimal? {
        get { fields.contains(.decisionPrice) ? decisionPriceValue : nil }
        set { decisionPriceValue = fields.set(.decisionPrice, newValue) ?? decisionPriceValue }
    }

    /// When it ends by itself, in Unix nanoseconds.
    @inlinable public var expireAt: Int64? {
        get { fields.contains(.expireAt) ? expireAtValue : nil }
        set { expireAtValue = fields.set(.expireAt, newValue) ?? expireAtValue }
    }

    /// What was said; `nil` is limit with a price and market without one.
    @inlinable public var orderType: OrderType? {
        get { OrderType(rawValue: orderTypeNumber) }
        set { orderTypeNumber = newValue?.rawValue ?? 0 }
    }

    @inlinable public var timeInForce: TimeInForce? {
        get { TimeInForce(rawValue: timeInForceNumber) }
        set { timeInForceNumber = newValue?.rawValue ?? 0 }
    }

    /// Whether it must not take what others offer.
    @inlinable public var isPostOnly: Bool {
        get { fields.contains(.postOnly) }
        set { fields.set(.postOnly, newValue) }
    }

    /// `nil`: a sell is marked long.
    @inlinable public var shortMark: ShortMark? {
        get { fields.contains(.short) ? .short : fields.contains(.shortExempt) ? .shortExempt : nil }
        set {
            fields.set(.short, newValue == .short)
            fields.set(.shortExempt, newValue == .shortExempt)
        }
    }

    /// The longest text, in bytes, that is kept with an order.
    package static var keptTextLengthMax: Int { 64 }

    /// Whether there is a text that belongs to somebody else.
    @inlinable package var hasTexts: Bool { !fields.isDisjoint(with: [.clientOrderId, .replaces]) }

    /// How many bytes the texts have that are kept.
    package var keptTextLength: Int {
        Self.keptLength(of: clientOrderId) + Self.keptLength(of: replaces)
    }

    private static func keptLength(of text: UnsafeBufferPointer<UInt8>?) -> Int {
        guard let text, text.count <= keptTextLengthMax else { return 0 }
        return text.count
    }

    /// Copies the texts into `room`, which holds `keptTextLength` bytes and lives as long as the order. One that is longer than
    /// those that are kept is absent from now on.
    package mutating func keepTexts(in room: UnsafeMutableRawPointer) {
        var end = room
        clientOrderId = clientOrderId.flatMap { Self.keep($0, at: &end) }
        replaces = replaces.flatMap { Self.keep($0, at: &end) }
    }

    private static func keep(
        _ text: UnsafeBufferPointer<UInt8>, at end: inout UnsafeMutableRawPointer
    ) -> UnsafeBufferPointer<UInt8>? {
        guard text.count <= keptTextLengthMax else { return nil }
        let copy = UnsafeBufferPointer(start: UnsafePointer(end.assumingMemoryBound(to: UInt8.self)), count: text.count)
        if let start = text.baseAddress { end.copyMemory(from: start, byteCount: text.count) }
        end += text.count
        return copy
    }
}
