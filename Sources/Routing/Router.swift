import CPlatform
import Decimals
import RiskBase
import RiskCore
import Trading

/// Orders joined with an engine. One call checks an order, reserves what it needs, records it and says that it is to be sent; what
/// the venue answers settles engine and order together, so that nobody has to remember to commit, to roll back or to report.
///
/// An order whose answer is lost keeps what is reserved for it, until the venue says what became of it. One thread at a time,
/// unless it is made for several.
package struct Router: ~Copyable {
    package struct Options: Sendable, BitwiseCopyable {
        /// How client order ids are remembered, each in its account.
        package var ids = IdempotencyTable.Options()
        package var isShared = false
        package init() {}
    }

    let engine: Engine
    package let lock: StateLock
    var ids: IdempotencyTable
    /// The venue's ids of fills, each in the scope of its order.
    var executions = IdempotencyTable()
    var orders = ChunkedRows<RoutedOrder>()
    let findings: UnsafeMutablePointer<Findings>
    var firstOpen: UInt64 = 0
    var lastOpen: UInt64 = 0
    package var openCount = 0
    /// How many reservations wait to be committed or rolled back.
    package var reservedCount = 0

    /// A router of an engine, which it keeps open as long as it is there.
    package static func make(_ engine: Engine, _ options: Options) throws(RouteFailure) -> Router {
        guard let memory = cplatform_allocate(1, MemoryLayout<Findings>.stride) else { throw .noMemory }
        let findings = memory.bindMemory(to: Findings.self, capacity: 1)
        findings.initialize(to: Findings())
        do throws(EngineError) {
            guard findings.pointee.reserveRoom() else { throw EngineError.limitReached }
            try engine.retain()
        } catch {
            findings.deinitialize(count: 1)
            cplatform_free(findings)
            throw .engine(error)
        }
        let router = Router(engine, findings, options)
        guard router.lock.isUsable else { throw .noMemory }
        return router
    }

    /// Takes over what is found in, and one of the engine's references.
    private init(_ engine: Engine, _ findings: UnsafeMutablePointer<Findings>, _ options: Options) {
        self.engine = engine
        self.findings = findings
        lock = StateLock(options.isShared ? .full : .none)
        ids = IdempotencyTable(options.ids)
    }

    deinit {
        orders.forEach { $0.pointee.lock.destroy() }
        findings.deinitialize(count: 1)
        cplatform_free(findings)
        engine.release()
    }

    // MARK: - Rows

    package var orderCount: Int { orders.count }

    /// Whether code of others runs while an order is checked.
    package var runsForeignCode: Bool { engine.runsForeignCode }

    package func order(_ number: UInt64) -> UnsafeMutablePointer<RoutedOrder>? {
        guard number > 0, number <= UInt64(orders.count) else { return nil }
        return orders.pointer(at: Int(truncatingIfNeeded: number) - 1)
    }

    /// The number of an order by its sender's id.
    package func number(_ account: AccountId, _ clientOrderId: UnsafeBufferPointer<UInt8>) -> UInt64? {
        guard let row = ids.find(account.value, clientOrderId) else { return nil }
        return ids.answer(row).0
    }

    /// The sender's id of an order, as long as nothing changes; none of one whose id is forgotten.
    package func clientOrderId(_ order: RoutedOrder, _ number: UInt64) -> UnsafeBufferPointer<UInt8> {
        guard ids.answer(order.claim).0 == number else { return UnsafeBufferPointer(start: nil, count: 0) }
        return ids.key(order.claim)
    }

    /// Every order that is open, oldest first.
    package func forEachOpen(_ visit: (UInt64, RoutedOrder) -> Void) {
        var number = firstOpen
        while let row = order(number) {
            visit(number, row.pointee)
            number = row.pointee.newer
        }
    }

    // MARK: - Submission

    /// Checks an order, reserves and records it. The order has an account, an instrument, a side, a quantity, and a client order id that
    /// names it for as long as the options say.
    package mutating func submit(
        _ order: UnsafePointer<Order>, at now: Int64, into result: UnsafeMutablePointer<Findings>?
    ) throws(RouteFailure) -> Routed {
        guard let account = order.pointee.account, let instrument = order.pointee.instrument,
            let side = order.pointee.side, case .quantity(let quantity)? = order.pointee.amount, quantity.isPositive,
            let id = order.pointee.clientOrderId, !id.isEmpty
        else { throw .invalid }
        guard orders.reserveOne() else { throw .noMemory }
        let claim: UInt32
        switch ids.claim(account.value, id, at: now) {
        case .claimed(let row): claim = row
        case .known(let row): return duplicate(ids.answer(row).0)
        case .full, .noMemory: throw .noMemory
        }
        let found = result ?? findings
        var made = RoutedOrder(
            life: OrderLife(quantity: quantity), account: account, instrument: instrument, side: side,
            price: order.pointee.price, reservation: 0, lock: KeptLock(), claim: claim)
        do throws(RouteFailure) {
            guard let reservation = try reserve(order, found, &made) else {
                ids.fail(claim)
                return Routed(.rejected)
            }
            made.reservation = reservation
        } catch {
            ids.fail(claim)
            throw error
        }
        let number = UInt64(orders.count) + 1
        ids.setAnswer(claim, number)
        made.older = lastOpen
        self.order(lastOpen)?.pointee.newer = number
        if firstOpen == 0 { firstOpen = number }
        lastOpen = number
        _ = orders.append(made)
        openCount += 1
        reservedCount += 1
        return told(.send, number, made, .send)
    }

    /// Asks the engine, and lets the order begin its life. `nil` when it is rejected.
    private mutating func reserve(
        _ order: UnsafePointer<Order>, _ found: UnsafeMutablePointer<Findings>, _ made: inout RoutedOrder
    ) throws(RouteFailure) -> UInt64? {
        do throws(TradingFailure) {
            _ = try made.life.apply(.accepted)
            _ = try made.life.apply(.submitted)
        } catch {
            throw RouteFailure(error)
        }
        let answer: UInt64?
        do throws(EngineError) {
            answer = try engine.executePreTrade(order, into: found)
        } catch {
            throw .engine(error)
        }
        guard let reservation = answer else { return nil }
        guard let lock = KeptLock(found) else {
            try? engine.rollback(reservation)
            throw .noMemory
        }
        made.lock = lock
        return reservation
    }

    private func duplicate(_ number: UInt64) -> Routed {
        guard let row = order(number) else { return Routed(.duplicate) }
        return told(.duplicate, number, row.pointee, .nothing)
    }

    func told(_ verdict: RouteVerdict, _ number: UInt64, _ order: RoutedOrder, _ effects: OrderEffects) -> Routed {
        var routed = Routed(verdict)
        routed.order = number
        routed.state = order.life.state
        routed.effects = effects
        return routed
    }

    // MARK: - Ends

    /// Takes an order that is over out of the open ones.
    mutating func unlink(_ row: UnsafeMutablePointer<RoutedOrder>) {
        let (older, newer) = (row.pointee.older, row.pointee.newer)
        if let before = order(older) { before.pointee.newer = newer } else { firstOpen = newer }
        if let after = order(newer) { after.pointee.older = older } else { lastOpen = older }
        openCount -= 1
    }
}
