/// Whose report it is, and what it says became of the order. Texts are borrowed for the call.
extension ExecutionReport {
    /// The sender's own id of the order.
    @inlinable public var clientOrderId: UnsafeBufferPointer<UInt8>? {
        get { fields.contains(.clientOrderId) ? clientOrderIdText.bytes : nil }
        set { clientOrderIdText = BorrowedText(fields.set(.clientOrderId, newValue)) }
    }

    /// The engine's number of the order, which is the handle of its reservation.
    @inlinable public var orderId: UInt64? {
        get { fields.contains(.orderId) ? orderIdValue : nil }
        set { orderIdValue = fields.set(.orderId, newValue) ?? orderIdValue }
    }

    /// The venue's id of what is reported.
    @inlinable public var executionId: UnsafeBufferPointer<UInt8>? {
        get { fields.contains(.executionId) ? executionIdText.bytes : nil }
        set { executionIdText = BorrowedText(fields.set(.executionId, newValue)) }
    }

    /// What was said; `nil` is a fill with a trade, else done if it is final, else accepted.
    @inlinable public var event: ReportEvent? {
        get { ReportEvent(rawValue: eventNumber) }
        set { eventNumber = newValue?.rawValue ?? 0 }
    }

    /// Whether there is a text that belongs to somebody else.
    @inlinable package var hasTexts: Bool { !fields.isDisjoint(with: [.clientOrderId, .executionId]) }
}
