import Decimals
import RiskBase
import RiskCore
import Trading

/// What a venue says, and what the engine is told of it.
extension Router {
    /// Lets something happen to an order, and to what the engine keeps for it. `state` where the table of an order's life has no
    /// place for it.
    package mutating func apply(
        _ event: RouteEvent, into result: UnsafeMutablePointer<Findings>?
    ) throws(RouteFailure) -> Routed {
        guard let row = order(event.order) else { throw .notFound }
        switch event.event {
        case .acknowledged, .lost, .filled, .cancelRequested, .cancelRejected, .cancelled, .rejected, .expired: break
        // Whoever submits makes the others, and what is replaced or taken back changes what was reserved in ways of its own.
        case .accepted, .submitted, .replaceRequested, .replaceRejected, .replaced, .busted, .closed: throw .invalid
        }
        var claim: UInt32 = 0
        if event.event == .filled, !event.execution.isEmpty {
            switch executions.claim(event.order, event.execution) {
            case .claimed(let new): claim = new
            case .known: return told(.known, event.order, row.pointee, .nothing)
            case .full, .noMemory: throw .noMemory
            }
        }
        do throws(RouteFailure) {
            return try happen(event, row, result)
        } catch {
            if claim != 0, !error.wasDone { executions.fail(claim) }
            throw error
        }
    }

    private mutating func happen(
        _ event: RouteEvent, _ row: UnsafeMutablePointer<RoutedOrder>, _ result: UnsafeMutablePointer<Findings>?
    ) throws(RouteFailure) -> Routed {
        let before = row.pointee.life
        var life = before
        let effects: OrderEffects
        do throws(TradingFailure) {
            effects = try life.apply(event.event, quantity: event.quantity, price: event.price)
        } catch {
            throw RouteFailure(error)
        }
        guard !effects.contains(.refused) else { throw .state }
        var fault: RouteFailure?
        do throws(RouteFailure) {
            switch event.event {
            case .acknowledged: try commit(row)
            case .filled: try settle(event, row, before, result)
            case .rejected, .cancelled, .expired: try release(event.event, row, before, result)
            default: break
            }
        } catch {
            // A hook that fails is told; what was asked for was done all the same.
            guard error.wasDone else { throw error }
            fault = error
        }
        row.pointee.life = life
        if !before.state.isTerminal, life.state.isTerminal { unlink(row) }
        if let fault { throw fault }
        return told(.settled, event.order, row.pointee, effects)
    }

    // MARK: - Reservations

    private mutating func commit(_ row: UnsafeMutablePointer<RoutedOrder>) throws(RouteFailure) {
        try finalize(row) { (engine, reservation) throws(EngineError) in try engine.commit(reservation) }
    }

    private mutating func finalize(
        _ row: UnsafeMutablePointer<RoutedOrder>, _ body: (Engine, UInt64) throws(EngineError) -> Void
    ) throws(RouteFailure) {
        guard row.pointee.isReserved else { return }
        do throws(EngineError) {
            try body(engine, row.pointee.reservation)
        } catch {
            if error == .doneButCallbackFailed { noteFinalized(row) }
            throw .engine(error)
        }
        noteFinalized(row)
    }

    private mutating func noteFinalized(_ row: UnsafeMutablePointer<RoutedOrder>) {
        row.pointee.isReserved = false
        reservedCount -= 1
    }

    /// Gives back what is reserved for what is left: all of it where nothing was committed, else by a report.
    private mutating func release(
        _ event: OrderEvent, _ row: UnsafeMutablePointer<RoutedOrder>, _ before: OrderLife,
        _ result: UnsafeMutablePointer<Findings>?
    ) throws(RouteFailure) {
        if before.state.isTerminal { return }
        if row.pointee.isReserved {
            return try finalize(row) { (engine, reservation) throws(EngineError) in try engine.rollback(reservation) }
        }
        var report = report(of: row.pointee)
        // What ends without a trade has neither earned nor lost.
        report.financialImpact = ExecutionReport.FinancialImpact(pnl: .zero, fee: .zero)
        report.leavesQuantity = before.remaining
        report.isFinal = true
        report.event =
            switch event {
            case .rejected: .rejected
            case .expired: .expired
            default: .cancelled
            }
        try tell(&report, row, result)
    }

    // MARK: - Fills

    /// Tells the engine of a trade. What no reservation is left for, because the order was over or too small, is recorded first as an
    /// order that is live elsewhere, so that it has one.
    private mutating func settle(
        _ event: RouteEvent, _ row: UnsafeMutablePointer<RoutedOrder>, _ before: OrderLife,
        _ result: UnsafeMutablePointer<Findings>?
    ) throws(RouteFailure) {
        let open = before.state.isTerminal ? Decimal.zero : before.remaining
        let expected = event.quantity < open ? event.quantity : open
        guard let rest = open.subtracting(expected), let excess = event.quantity.subtracting(expected) else {
            throw .overflow
        }
        // A venue that trades has the order, whether it said so or not.
        if !before.state.isTerminal { try commit(row) }
        if !expected.isZero {
            var report = report(of: row.pointee)
            report.trade = ExecutionReport.Trade(price: event.price, quantity: expected)
            report.fillFee = event.fee
            report.financialImpact = event.impact
            report.leavesQuantity = rest
            report.isFinal = rest.isZero
            report.event = .fill
            if !event.execution.isEmpty { report.executionId = event.execution }
            try tell(&report, row, result)
        }
        if excess.isPositive { try settleExcess(excess, event, row, hasPart: !expected.isZero, result) }
    }

    private mutating func settleExcess(
        _ quantity: Decimal, _ event: RouteEvent, _ row: UnsafeMutablePointer<RoutedOrder>, hasPart: Bool,
        _ result: UnsafeMutablePointer<Findings>?
    ) throws(RouteFailure) {
        var order = Order(
            account: row.pointee.account, instrument: row.pointee.instrument, side: row.pointee.side,
            amount: .quantity(quantity), price: row.pointee.price ?? event.price)
        order.clientOrderId = nil
        var report = report(of: row.pointee)
        report.trade = ExecutionReport.Trade(price: event.price, quantity: quantity)
        let nothing = ExecutionReport.FinancialImpact(pnl: .zero, fee: .zero)
        report.financialImpact = hasPart ? event.impact.map { _ in nothing } : event.impact
        if !hasPart { report.fillFee = event.fee }
        report.leavesQuantity = .zero
        report.isFinal = true
        report.event = .fill
        report.clientOrderId = nil
        report.orderId = nil
        if !hasPart, !event.execution.isEmpty { report.executionId = event.execution }
        do throws(EngineError) {
            let copy = try engine.applyDropCopy(&order, into: findings)
            guard let reservation = copy.reservation else {
                // It could not be recorded, so it is settled against what the order itself was reserved at.
                return try row.pointee.lock.withEntries { (entries) throws(EngineError) in
                    report.lock = entries
                    try engine.apply(&report, into: result)
                }
            }
            report.orderId = reservation
            try engine.commit(reservation)
            guard let lock = KeptLock(findings) else { throw EngineError.limitReached }
            defer { lock.destroy() }
            try lock.withEntries { (entries) throws(EngineError) in
                report.lock = entries
                try engine.apply(&report, into: result)
            }
        } catch {
            throw .engine(error)
        }
    }

    private func report(of order: RoutedOrder) -> ExecutionReport {
        var report = ExecutionReport(account: order.account, instrument: order.instrument, side: order.side)
        report.orderId = order.reservation
        return report
    }

    private func tell(
        _ report: inout ExecutionReport, _ row: UnsafeMutablePointer<RoutedOrder>,
        _ result: UnsafeMutablePointer<Findings>?
    ) throws(RouteFailure) {
        do throws(EngineError) {
            try row.pointee.lock.withEntries { (entries) throws(EngineError) in
                report.lock = entries
                try engine.apply(&report, into: result)
            }
        } catch {
            throw .engine(error)
        }
    }
}

extension RouteFailure {
    /// Whether it happened, although a hook failed.
    package var wasDone: Bool {
        if case .engine(.doneButCallbackFailed) = self { true } else { false }
    }
}
