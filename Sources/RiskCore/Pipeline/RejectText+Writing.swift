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
        case .zeroQuantity: writer.write("order quantity must be non-zero")
        case .zeroVolume: writer.write("order volume must be non-zero")
        case .rateLimit(let axis, _, _):
            writer.write("rate limit exceeded: ")
            writer.write(axis.barrierName)
        case .orderValue: writer.write("order value calculation failed")
        case .quantityExceeded: writer.write("order quantity exceeded")
        case .notionalExceeded: writer.write("order notional exceeded")
        case .sizeExceeded, .sizeExceededOfAssets: writer.write("order size exceeded")
        case .pnlBreached(let axis, _, _, _, _):
            writer.write("pnl kill switch triggered: ")
            writer.write(axis == .broker ? "broker barrier" : "account + asset barrier")
        case .pnlReported: writer.write("pnl kill switch triggered")
        case .pnlFeeOverflow, .pnlTotalOverflow: writer.write("pnl accumulation overflow")
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
        case .zeroQuantity: writer.write("requested quantity 0 is not allowed")
        case .zeroVolume: writer.write("requested volume 0 is not allowed")
        case .rateLimit(_, let submitted, let limit):
            writer.write("submitted ")
            writer.write(submitted)
            writer.write(" orders in ")
            writer.write(nanoseconds: limit.windowNanoseconds)
            writer.write(" window, max allowed: ")
            writer.write(limit.maxOrders)
        case .orderValue(let fault): writer.write(fault.details)
        case .quantityExceeded(let requested, let limit), .notionalExceeded(let requested, let limit):
            writer.write("requested ")
            writer.write(requested)
            writer.write(", max allowed: ")
            writer.write(limit)
        case .sizeExceeded(let quantity, let quantityLimit, let notional, let notionalLimit):
            writer.write("requested quantity ")
            writer.write(quantity)
            writer.write(", max allowed: ")
            writer.write(quantityLimit)
            writer.write("; requested notional ")
            writer.write(notional)
            writer.write(", max allowed: ")
            writer.write(notionalLimit)
        case .sizeExceededOfAssets(let instrument, let quantity, let quantityLimit, let notional, let notionalLimit):
            writer.write("requested quantity ")
            writer.write(quantity)
            writer.write(" for asset ")
            writer.write(instrument.underlying)
            writer.write(", max allowed: ")
            writer.write(quantityLimit)
            writer.write("; requested notional ")
            writer.write(notional)
            writer.write(" for asset ")
            writer.write(instrument.settlement)
            writer.write(", max allowed: ")
            writer.write(notionalLimit)
        case .pnlBreached(_, let total, let bounds, let asset, let asOptionals):
            writer.write(bounds, breachedBy: total, asOptionals: asOptionals)
            writer.write(", settlement asset ")
            writer.write(asset)
        case .pnlReported(let total, let asset):
            writer.write("realized pnl ")
            writer.write(total)
            writer.write(", settlement asset ")
            writer.write(asset)
        case .pnlFeeOverflow(let pnl, let fee, let asset):
            writer.write("pnl + fee overflow: pnl ")
            writer.write(pnl)
            writer.write(", fee ")
            writer.write(fee)
            writer.write(", settlement asset ")
            writer.write(asset)
        case .pnlTotalOverflow(let previous, let increment, let asset):
            writer.write("realized pnl + pnl_with_fee overflow: previous ")
            writer.write(previous)
            writer.write(", increment ")
            writer.write(increment)
            writer.write(", settlement asset ")
            writer.write(asset)
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

extension Axis {
    fileprivate var barrierName: StaticString {
        switch self {
        case .broker: "broker barrier"
        case .asset: "asset barrier"
        case .account: "account barrier"
        case .accountAsset: "account+asset barrier"
        }
    }
}
