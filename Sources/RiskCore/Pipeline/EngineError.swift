import RiskBase

/// A mistake in the use of an engine.
public enum EngineError: Error, BitwiseCopyable {
    /// No such request or reservation.
    case notFound
    /// The request was executed, or the reservation finalised.
    case alreadyFinalized
    /// An asset that nobody interned: it would be counted apart from all others, and have no name to tell.
    case unknownAsset
    case closed
    /// A callback of a custom policy failed, and the call came to nothing: what it had done is undone.
    case callbackFailed
    /// The call was carried out, and what it did stands, although a callback of a custom policy failed.
    case doneButCallbackFailed
    /// The hook that this was said in has ended.
    case hookEnded
    /// As many requests and reservations are open as there can be.
    case limitReached
    /// A batch that is still running has asserted the account's P&L.
    case assertionPending
    /// Not from this hook, or not with these values.
    case notAllowed
    /// An invariant of the engine does not hold. Nothing that it knows can be relied on any more, and it refuses every call.
    case broken
}
