import Controls
import Decimals
import RiskBase

/// The words of the contract. Each text is asked for twice: once for its reason, once for its details.
extension RejectText {
    func writeReason(to writer: inout TextWriter, texts: borrowing TextArena) {
        switch self {
        case .missingField(let field):
            writer.write("failed to access required field '")
            writer.write(field.label)
            writer.write("'")
        case .accountUnverified: writer.write("account could not be verified as account ID is missing")
        case .everythingBlocked: writer.write("account is blocked due to kill-switch")
        case .finalizerFailed: writer.write("mutation finalizer failed")
        case .engineClosed: writer.write("engine is no longer available")
        case .callbackFailed, .callbackRefused: writer.write("policy callback failed")
        case .dropCopyNeedsAccount: writer.write("drop-copy requires a readable account ID")
        case .memoryRefused: writer.write("memory has run out")
        case .openLimitReached: writer.write("too many orders are open")
        case .causeLost: writer.write("account is blocked")
        case .nothingAsked(let what): writer.write(what.text.reason)
        case .rateLimit(let text): text.writeReason(to: &writer)
        case .orderSize(let text): writer.write(text.reason)
        case .pnl(let text): text.writeReason(to: &writer)
        case .funds(let text): text.writeReason(to: &writer)
        case .limit(let reject): writer.write(reject.text.reason)
        case .custom(let reason, _): writer.write(texts.text(reason))
        }
    }

    func writeDetails(to writer: inout TextWriter, texts: borrowing TextArena) {
        switch self {
        case .missingField(let field):
            writer.write("failed to access field '")
            writer.write(field.path)
            writer.write("'")
        case .accountUnverified: writer.write("unable to check account for blocking")
        case .everythingBlocked: writer.write("kill-switch was previously triggered for this account")
        case .finalizerFailed:
            writer.write("a mutation commit or rollback callback failed; engine state may be inconsistent")
        case .engineClosed: writer.write("request handle outlived engine instance")
        case .callbackFailed: writer.write("policy callback returned an error")
        case .callbackRefused(let fault): fault.write(to: &writer)
        case .dropCopyNeedsAccount:
            writer.write("the account ID routes the drop-copy pipeline and its account control")
        case .memoryRefused: writer.write("what this would change cannot be recorded, so nothing was changed")
        case .openLimitReached: writer.write("as many requests and reservations are open as the engine may have")
        case .causeLost: writer.write("the cause could not be kept: memory had run out")
        case .nothingAsked(let what): writer.write(what.text.details)
        case .rateLimit(let text): text.writeDetails(to: &writer)
        case .orderSize(let text): text.writeDetails(to: &writer)
        case .pnl(let text): text.writeDetails(to: &writer)
        case .funds(let text): text.writeDetails(to: &writer)
        case .limit(let reject): reject.writeDetails(to: &writer)
        case .custom(_, let details): writer.write(texts.text(details))
        }
    }
}

extension LimitReject {
    fileprivate func writeDetails(to writer: inout TextWriter) {
        if let value {
            writer.write("value ")
            writer.write(value)
            if limit != nil { writer.write(", ") }
        }
        if let limit {
            writer.write("limit ")
            writer.write(limit)
        }
        if value == nil && limit == nil { writer.write(text.reason) }
    }
}
