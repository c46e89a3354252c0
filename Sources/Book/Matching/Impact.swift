import CPlatform
import Decimals

/// How much an order moves prices.
package enum ImpactModel: UInt8, BitwiseCopyable, Sendable {
    case none = 0
    /// In proportion to the part of the depth it takes.
    case linear = 1
    /// As a power of that part.
    case powerLaw = 2
    /// As a function of the caller's says.
    case custom = 3
}

/// The question and the answer of a caller's own model; their bytes are those of `openpit_impact_question` and
/// `openpit_impact_answer`.
package struct ImpactQuestion: BitwiseCopyable {
    package var quantity: Decimal
    package var time: UInt64
    package var book: UInt32
    package var side: UInt8
    package var reserved: UInt8 = 0
    package var reservedShort: UInt16 = 0
}

package struct ImpactMoves: BitwiseCopyable {
    /// What the order pays beyond the displayed price.
    package var instantaneous: Decimal
    /// How far it moves all prices.
    package var permanent: Decimal

    static var none: ImpactMoves { ImpactMoves(instantaneous: .zero, permanent: .zero) }
}

/// What a model is told to be.
package struct ImpactOptions: BitwiseCopyable {
    package typealias Function =
        @convention(c) (UnsafeMutableRawPointer?, UnsafeRawPointer, UnsafeMutableRawPointer) -> Int32

    package var model = ImpactModel.none
    package var coefficient = Decimal.zero
    package var depthLevels: UInt32 = 10
    /// Which part of a move is instantaneous; the rest is permanent.
    package var instantaneousRatio = Decimal.zero
    package var exponent = 0.5
    /// Which part of the offset an order that trades lets go.
    package var permanentDecay = Decimal.zero
    package var function: Function?
    package var userData: UnsafeMutableRawPointer?

    package init() {}

    /// Whether every number is one that a model can have.
    var isSound: Bool {
        let one = Decimal(UInt64(1))
        func isPart(_ number: Decimal) -> Bool { !number.isNegative && !(one < number) }
        return !coefficient.isNegative && isPart(instantaneousRatio) && isPart(permanentDecay) && depthLevels > 0
            && exponent > 0 && exponent <= 2 && (model != .custom || function != nil)
    }
}

/// What is counted of a model's moves.
package struct ImpactTotals: BitwiseCopyable {
    package var offset = Decimal.zero
    package var instantaneous = Decimal.zero
    package var permanent = Decimal.zero
    package var submittedOrders: UInt64 = 0
    package var filledOrders: UInt64 = 0
    package var fills: UInt64 = 0
}

/// A model and where it has moved prices to: all displayed prices are those of the book and `offset`.
struct Impact: BitwiseCopyable {
    var options = ImpactOptions()
    var totals = ImpactTotals()

    var isOn: Bool { options.model != .none }
    var isMoved: Bool { !totals.offset.isZero }

    /// What an order comes to that trades `quantity` where `depth` is offered; `nil` when that no longer fits.
    func moves(quantity: Decimal, depth: Decimal) -> ImpactMoves? {
        let move: Decimal?
        switch options.model {
        case .none, .custom: return ImpactMoves.none
        case .linear: move = options.coefficient.multiplied(by: quantity)?.divided(by: depth)
        case .powerLaw:
            guard let part = quantity.divided(by: depth),
                let power = Decimal(shortest: cplatform_power(part.double, options.exponent))
            else { return nil }
            move = options.coefficient.multiplied(by: power)
        }
        guard let move, let instantaneous = move.multiplied(by: options.instantaneousRatio),
            let permanent = move.subtracting(instantaneous)
        else { return nil }
        return ImpactMoves(instantaneous: instantaneous, permanent: permanent)
    }

    /// The totals after an order that makes such moves and trades `quantity`; `nil` when they no longer fit.
    func totals(after moves: ImpactMoves, _ side: BookSide, _ quantity: Decimal) -> ImpactTotals? {
        var after = totals
        after.submittedOrders &+= 1
        if quantity.isZero { return after }
        after.filledOrders &+= 1
        let kept = Decimal(UInt64(1)).subtracting(options.permanentDecay)
        let signed = side == .buy ? moves.permanent : moves.permanent.negated
        guard let kept, let offset = totals.offset.multiplied(by: kept)?.adding(signed),
            let instantaneous = moves.instantaneous.multiplied(by: quantity)?.adding(totals.instantaneous),
            let permanent = moves.permanent.multiplied(by: quantity)?.adding(totals.permanent)
        else { return nil }
        after.offset = offset
        after.instantaneous = instantaneous
        after.permanent = permanent
        return after
    }

    /// What is displayed for a price of the book.
    func displayed(_ price: Decimal) -> Decimal {
        isMoved ? price.adding(totals.offset) ?? price : price
    }

    /// What a taker pays or gets: never beyond its limit, never below nothing.
    func executed(_ displayed: Decimal, _ moves: ImpactMoves, _ side: BookSide, limit: Decimal?) -> Decimal {
        let moved =
            side == .buy
            ? displayed.adding(moves.instantaneous) : displayed.subtracting(moves.instantaneous)
        var price = moved ?? displayed
        if let limit, side == .buy ? limit < price : price < limit { price = limit }
        return price.isNegative ? .zero : price
    }
}
