import CPlatform
import Decimals

/// What an order that trades does to prices, decided before it trades.
struct ImpactStep: BitwiseCopyable {
    var moves: ImpactMoves
    /// What is displayed while it trades.
    var impact: Impact
    var after: ImpactTotals
}

extension Matcher {
    /// Makes room for what an order that meets so many may lead to.
    func reserve(_ place: UnsafeMutablePointer<DecimalBook>, _ met: Int) throws(MatcherFailure) {
        state.pointee.reports.removeAll()
        guard state.pointee.reports.reserve(reportCount(met)), state.pointee.fills.reserve(met),
            place.pointee.marks.reserve(met + 1)
        else { throw .noMemory }
    }

    /// A report for each trade, one for the order, one for its rest; and a book begins no step without room for the longest.
    private func reportCount(_ met: Int) -> Int { met + 2 + BookReportRoom<UInt128>.capacityMin }

    /// Hands a book a message, for all of whose reports there is room, and tells why it was refused.
    func apply(
        _ message: BookMessageRecord<UInt128>, to book: UnsafeMutablePointer<WideBook>, _ met: Int
    ) -> BookReason {
        let memory = state.pointee.reports.room(reportCount(met))
        guard var room = BookReportRoom<UInt128>(memory) else { return .limitReached }
        let isDone = book.pointee.apply(message, &room)
        if !isDone { cplatform_contradict() }
        state.pointee.reports.adopt(room.count)
        let first = memory[0]
        let isRefused =
            first.kind == BookReportKind.rejected.rawValue || first.kind == BookReportKind.modifyRefused.rawValue
        return isRefused ? BookReason(rawValue: first.reason) ?? .invalidMessage : .none
    }

    /// What a book's refusal is to those outside.
    func refused(_ reason: BookReason) throws(MatcherFailure) -> MatcherOutcome {
        switch reason {
        case .duplicateOrder: return .refused(.duplicateOrder)
        case .quantityOverflow: return .refused(.quantityTooLarge)
        case .unknownOrder: return .refused(.unknownOrder)
        case .belowFilled: return .refused(.belowFilled)
        case .invalidQuantity: return .refused(.invalidQuantity)
        case .limitReached: throw .noMemory
        default: throw .invalid
        }
    }

    /// Turns the reports of trades into fills, counts them, moves prices, and tells what is left of `lots`.
    func collect(
        _ place: UnsafeMutablePointer<DecimalBook>, _ pool: MatcherPool, _ lots: UInt128, _ step: ImpactStep?,
        limit: Decimal?
    ) -> UInt128 {
        var left = lots
        for index in 0..<state.pointee.reports.count {
            let report = state.pointee.reports[index]
            guard report.kind == BookReportKind.trade.rawValue else { continue }
            left &-= report.quantity
            var price = PriceKey.price(report.price)
            if let step, let side = BookSide(rawValue: report.side) {
                price = step.impact.executed(step.impact.displayed(price), step.moves, side, limit: limit)
            }
            let quantity = LotScale.quantity(report.quantity)
            let id: UInt64
            if pool == .dark {
                id = state.pointee.totals.darkFills
                state.pointee.totals.darkFills &+= 1
            } else {
                id = place.pointee.count(price, quantity, report.order, report.maker)
            }
            state.pointee.fills.append(
                MatcherFill(
                    id: id, taker: report.order, maker: report.maker, price: price, quantity: quantity,
                    takerSide: report.side))
        }
        if let step {
            state.pointee.impact.totals = step.after
            state.pointee.impact.totals.fills &+= UInt64(state.pointee.fills.count)
        }
        return left
    }

    // MARK: - Impact

    /// What an order that would trade so much does to prices; `nil` where orders do not move them.
    func step(
        _ number: UInt32, _ book: UnsafeMutablePointer<WideBook>, _ side: BookSide, _ lots: UInt128, _ pool: MatcherPool
    ) throws(MatcherFailure) -> ImpactStep? {
        let impact = state.pointee.impact
        guard impact.isOn, pool == .continuous else { return nil }
        let quantity = LotScale.quantity(lots)
        var moves = ImpactMoves.none
        if lots > 0 {
            if impact.options.model == .custom {
                moves = try ask(
                    ImpactQuestion(
                        quantity: quantity, time: state.pointee.totals.time, book: number, side: side.rawValue))
            } else {
                let depth = book.pointee.offered(side.opposite, levels: Int(impact.options.depthLevels))
                guard let known = impact.moves(quantity: quantity, depth: LotScale.quantity(depth)) else {
                    throw .overflow
                }
                moves = known
            }
        }
        guard let after = impact.totals(after: moves, side, quantity) else { throw .overflow }
        return ImpactStep(moves: moves, impact: impact, after: after)
    }

    /// Asks the caller's own model. It may read the books, and change nothing.
    private func ask(_ question: ImpactQuestion) throws(MatcherFailure) -> ImpactMoves {
        guard let function = state.pointee.impact.options.function else { throw .invalid }
        // The function may call another matcher, which would think that it was its own.
        if cplatform_is_contradicted() { throw .broken }
        var question = question
        var answer = ImpactMoves.none
        state.pointee.isAsking = true
        let failed = function(state.pointee.impact.options.userData, &question, &answer)
        state.pointee.isAsking = false
        guard failed == 0 else { throw .modelFailed }
        guard Decimal(words: answer.instantaneous.words.0, answer.instantaneous.words.1) != nil,
            Decimal(words: answer.permanent.words.0, answer.permanent.words.1) != nil
        else { throw .invalid }
        return answer
    }

    /// Where a model has moved prices to, and what it has counted.
    package var impact: (options: ImpactOptions, totals: ImpactTotals) {
        (state.pointee.impact.options, state.pointee.impact.totals)
    }

    /// Puts prices back, and begins to count anew; the books stay.
    package func resetImpact() throws(MatcherFailure) {
        if state.pointee.isAsking { throw .isBusy }
        state.pointee.impact.totals = ImpactTotals()
    }
}

extension Book {
    /// What shows at the first levels of a side.
    func offered(_ side: BookSide, levels: Int) -> Lots {
        var sum: Lots = 0
        var left = levels
        var page = ladders[Ladders.resting(side)].first
        while let here = page, left > 0 {
            var bits = here.pointee.occupied
            while bits != 0, left > 0 {
                sum &+= here.level(slot: bits.trailingZeroBitCount).pointee.visible
                bits &= bits &- 1
                left &-= 1
            }
            page = here.following()
        }
        return sum
    }
}
