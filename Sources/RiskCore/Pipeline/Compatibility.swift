/// Which release of the reference interface an engine answers as: which of the rules it follows that differ between releases. It is
/// made once, when a release is chosen, and nobody asks for the release afterwards.
public struct Compatibility: Equatable, Sendable, BitwiseCopyable {
    /// A bit each, so that all of them are handed around in one word.
    enum Rule: UInt32, BitwiseCopyable {
        // The engine.
        /// An account is judged by barriers as soon as they come into force for it, rather than with its next order or report.
        case judgesNewBarriersAtOnce
        /// A mutation's callback that fails makes the call fail, and blocks everybody.
        case failedFinalizerBlocksEverybody
        /// An order without an account that is rejected with account scope blocks everybody.
        case unnamedAccountBlocksEverybody

        // Barriers.
        /// Rate and size limits may have no barrier at all.
        case acceptsNoBarriers
        /// The rate barriers of an account block it, rather than reject the order.
        case rateBlocksAccount
        /// Size limits want every field of an order, rather than what some barrier needs.
        case sizeNeedsEveryField
        /// A volume at a price of zero has no quantity that a size limit could exceed, rather than one that is not known.
        case sizePassesVolumeAtZeroPrice
        /// Bounds of a P&L are written as optional numbers of the reference's language: `Some(Pnl(-50))`.
        case writesBoundsAsOptionals

        // Orders that funds are set aside for.
        /// A volume at a price of zero is refused.
        case fundsRefuseVolumeAtZeroPrice
        /// A volume without a quantity is told as that, rather than as an order without a value.
        case fundsTellUndefinedQuantity
        /// The inverse of a mark of zero stands for nothing, rather than for no rate.
        case zeroMarkConvertsToNothing

        // The P&L of positions and accounts.
        /// What an account's P&L hears of is fills that realise something, rather than all of them.
        case booksRealizingFillsOnly
        /// A fill that realises nothing still has its account looked at.
        case looksAtAccountOfEveryFill
        /// What a position without a cost is added to stops its P&L.
        case addingWithoutCostStopsPnl
        /// A P&L that nobody gave starts at zero where there is a cost.
        case pnlStartsAtZeroWithCost
        /// A fill that needs no price stops the P&L when it has none.
        case everyUnpricedFillStopsPnl
        /// A P&L that some of the position ended for, or a fee was taken off, is told though it is the same.
        case tellsUnchangedPnl
        /// A fee starts the P&L of a position that has none.
        case feeStartsPnl
        /// A fee of a fill that cannot be converted for want of a currency stops the position's P&L.
        case feeWithoutCurrencyStopsPnl
        /// The halt of a P&L that has stopped already takes the average along.
        case repeatedHaltClearsAverage
    }

    private let rules: UInt32

    private init(rules: UInt32) {
        self.rules = rules
    }

    @inline(__always)
    func has(_ rule: Rule) -> Bool { rules & rule.bit != 0 }

    /// As release 0.7 answers, which is what an engine does that nobody tells anything else.
    public static var level7: Compatibility { Compatibility(rules: Rule.onlyOfLevel7) }

    /// As release 0.10 answers.
    public static var level10: Compatibility { Compatibility(rules: Rule.all & ~Rule.onlyOfLevel7) }

    /// The release with that number in openpit.h; `nil` for one that is not known.
    package init?(level: UInt32) {
        switch level {
        case 0: self = .level7
        case 10: self = .level10
        default: return nil
        }
    }
}

extension Compatibility.Rule {
    @inline(__always)
    fileprivate var bit: UInt32 { 1 << rawValue }

    fileprivate static var all: UInt32 { (repeatedHaltClearsAverage.bit << 1) - 1 }

    /// All others are only of release 0.10.
    fileprivate static var onlyOfLevel7: UInt32 {
        unnamedAccountBlocksEverybody.bit | rateBlocksAccount.bit | sizeNeedsEveryField.bit
            | writesBoundsAsOptionals.bit
    }
}
