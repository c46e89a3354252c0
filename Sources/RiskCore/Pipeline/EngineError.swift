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
    /// A custom policy's hook reported failure.
    case callbackFailed
    /// A batch that is still running has asserted the account's P&L.
    case assertionPending
    /// Not from this hook, or not with these values.
    case notAllowed
}
