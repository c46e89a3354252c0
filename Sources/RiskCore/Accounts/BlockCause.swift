import RiskBase

/// Why an account or a group is blocked, with texts of its own.
struct BlockCause: ~Copyable {
    private(set) var reject: Reject
    private(set) var texts = TextArena()

    /// Keeps a reject, or a block, that a policy gave; its texts are in `texts`.
    init(_ reject: Reject, texts: borrowing TextArena) {
        self.reject = reject
        self.reject.scope = .account
        guard case .custom(let reason, let details) = reject.text else { return }
        let ownReason = self.texts.add(texts.text(reason))
        self.reject.text = .custom(reason: ownReason, details: self.texts.add(texts.text(details)))
    }

    /// Keeps what an operator wrote: it is the reason and the details alike.
    init(operatorReason text: UnsafeBufferPointer<UInt8>) {
        let slice = texts.add(text)
        reject = Reject(.accountBlocked, .account, by: .engine, .custom(reason: slice, details: slice))
    }
}

/// One block's place in memory, while there is one.
struct BlockSlot: BitwiseCopyable {
    private(set) var cause: UnsafeMutablePointer<BlockCause>?
    /// Whether the block goes when the batch is rejected that led to it.
    var isProvisional = false

    var isBlocked: Bool { cause != nil }

    mutating func set(_ new: consuming BlockCause) {
        clear()
        let place = UnsafeMutablePointer<BlockCause>.allocate(capacity: 1)
        place.initialize(to: new)
        cause = place
        isProvisional = false
    }

    mutating func clear() {
        guard let cause else { return }
        cause.deinitialize(count: 1)
        cause.deallocate()
        self.cause = nil
    }
}
