import CPlatform
import RiskBase

/// Why an account or a group is blocked, with texts of its own.
struct BlockCause: ~Copyable {
    private(set) var reject: Reject
    private(set) var texts = TextArena()

    private init(_ reject: Reject) {
        self.reject = reject
    }

    /// Makes sure that there is room for a text of so many bytes. `false` when memory has run out.
    mutating func reserve(_ textLength: Int) -> Bool { texts.reserve(textLength) }

    /// Keeps a reject, or a block, that a policy gave; its texts are in `texts`. `false` when memory has run out.
    mutating func fill(_ reject: Reject, texts: borrowing TextArena) -> Bool {
        self.texts.removeAll()
        guard self.texts.reserve(reject.textLength) else { return false }
        self.reject = reject.copied(from: texts, to: &self.texts)
        self.reject.scope = .account
        return true
    }
}

// MARK: - Places

extension BlockCause {
    /// What stands for a cause that memory was refused for: the block counts more than its words. Never freed.
    nonisolated(unsafe) static let lost: UnsafeMutablePointer<BlockCause> = {
        let place = UnsafeMutablePointer<BlockCause>.permanent()
        place.initialize(to: BlockCause(Reject(.accountBlocked, .account, by: .engine, .causeLost)))
        return place
    }()

    /// A place for a cause; `nil` when memory has run out.
    static func make() -> UnsafeMutablePointer<BlockCause>? {
        guard let memory = cplatform_allocate(1, MemoryLayout<BlockCause>.stride) else { return nil }
        let place = memory.bindMemory(to: BlockCause.self, capacity: 1)
        place.initialize(to: BlockCause(Reject(.accountBlocked, .account, by: .engine, .causeLost)))
        return place
    }

    /// What an operator wrote: it is the reason and the details alike. `nil` when memory has run out.
    static func make(operatorReason text: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<BlockCause>? {
        guard let place = make() else { return nil }
        guard place.pointee.reserve(text.count) else {
            free(place)
            return nil
        }
        let slice = place.pointee.texts.add(text)
        place.pointee.reject.text = .custom(reason: slice, details: slice)
        return place
    }

    /// What an operator wrote as some policy would give it. `nil` when memory has run out.
    static func make(
        _ code: RejectCode, by policy: UnsafeBufferPointer<UInt8>, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) -> UnsafeMutablePointer<BlockCause>? {
        guard let place = make() else { return nil }
        guard place.pointee.reserve(policy.count + reason.count + details.count) else {
            free(place)
            return nil
        }
        let name = place.pointee.texts.add(policy)
        let reason = place.pointee.texts.add(reason)
        let text = RejectText.custom(reason: reason, details: place.pointee.texts.add(details))
        place.pointee.reject = Reject(code, .account, by: .custom(name), text)
        place.pointee.reject.userData = userData
        return place
    }

    /// Ends a cause and its place; takes `nil`.
    static func free(_ place: UnsafeMutablePointer<BlockCause>?) {
        guard let place, place != lost else { return }
        place.deinitialize(count: 1)
        cplatform_free(place)
    }
}

/// One block's place in memory, while there is one.
struct BlockSlot: BitwiseCopyable {
    private(set) var cause: UnsafeMutablePointer<BlockCause>?
    /// Whether the block goes when the batch is rejected that led to it.
    var isProvisional = false

    var isBlocked: Bool { cause != nil }

    mutating func set(_ new: UnsafeMutablePointer<BlockCause>) {
        clear()
        cause = new
        isProvisional = false
    }

    mutating func clear() {
        BlockCause.free(cause)
        cause = nil
    }
}
