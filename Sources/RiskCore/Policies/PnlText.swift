import Decimals
import RiskBase

/// What the P&L kill switch has to say.
enum PnlText: BitwiseCopyable {
    case breached(Axis, total: Decimal, bounds: PnlBounds, asset: Asset, asOptionals: Bool)
    case reported(total: Decimal, asset: Asset)
    case feeOverflow(pnl: Decimal, fee: Decimal, asset: Asset)
    case totalOverflow(previous: Decimal, increment: Decimal, asset: Asset)
}

// MARK: - Writing

extension PnlText {
    func writeReason(to writer: inout TextWriter) {
        switch self {
        case .breached(let axis, _, _, _, _):
            writer.write("pnl kill switch triggered: ")
            writer.write(axis == .broker ? "broker barrier" : "account + asset barrier")
        case .reported: writer.write("pnl kill switch triggered")
        case .feeOverflow, .totalOverflow: writer.write("pnl accumulation overflow")
        }
    }

    func writeDetails(to writer: inout TextWriter) {
        switch self {
        case .breached(_, let total, let bounds, let asset, let asOptionals):
            writer.write(bounds, breachedBy: total, asOptionals: asOptionals)
            writer.write(settlement: asset)
        case .reported(let total, let asset):
            writer.write("realized pnl ", total)
            writer.write(settlement: asset)
        case .feeOverflow(let pnl, let fee, let asset):
            writer.write("pnl + fee overflow: pnl ", pnl)
            writer.write(", fee ", fee)
            writer.write(settlement: asset)
        case .totalOverflow(let previous, let increment, let asset):
            writer.write("realized pnl + pnl_with_fee overflow: previous ", previous)
            writer.write(", increment ", increment)
            writer.write(settlement: asset)
        }
    }
}

extension TextWriter {
    fileprivate mutating func write(settlement asset: Asset) { write(", settlement asset ", asset) }
}
