import Controls
import RiskBase

/// Orders that are sent together, all or none.
extension Engine {
    /// As many orders as a list can have.
    package static var listCountMax: Int { 64 }

    /// Both stages of each order in turn; each sees those before it as working. When one is rejected all are undone, but for what
    /// was counted. `results` has a place for each order, or none at all, and so has `orderIds`: what reports name orders by.
    package func executeList(
        _ orders: UnsafeBufferPointer<UnsafePointer<Order>>,
        into results: UnsafeBufferPointer<UnsafeMutablePointer<Findings>>,
        orderIds: UnsafeMutableBufferPointer<UInt64>
    ) throws(EngineError) -> ListAnswer {
        try perform(ExecuteList(orders: orders, results: results, orderIds: orderIds)) {
            (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }
}

/// What became of a list.
package struct ListAnswer: BitwiseCopyable {
    /// One for all orders, to be committed or rolled back as any other; `nil` when an order was rejected.
    package var reservation: UInt64?
    /// How many orders were looked at: up to the first that was rejected.
    package var count: Int
}

struct ExecuteList: Command {
    static var kind: CommandKind { .executeList }
    static var needsTime: Bool { true }
    let orders: UnsafeBufferPointer<UnsafePointer<Order>>
    let results: UnsafeBufferPointer<UnsafeMutablePointer<Findings>>
    let orderIds: UnsafeMutableBufferPointer<UInt64>

    func apply(to engine: Engine, at now: UInt64) throws(EngineError) -> ListAnswer {
        guard let first = orders.first, orders.count <= Engine.listCountMax,
            results.isEmpty || results.count >= orders.count, orderIds.isEmpty || orderIds.count >= orders.count
        else { throw .notAllowed }
        for order in orders { try engine.requireOpen(lastAsset: order.lastAsset) }
        // The frame of all of them, beside that of the order that is looked at.
        let list = try engine.begin(first)
        for (index, order) in orders.enumerated() {
            let isAccepted: Bool
            do throws(EngineError) {
                isAccepted = try run(order, index, in: list, by: engine, at: now)
            } catch {
                try engine.undo(list)
                throw error
            }
            guard isAccepted else {
                try engine.undo(list)
                return ListAnswer(reservation: nil, count: index + 1)
            }
        }
        list.findings.pointee.arrangeLock()
        return ListAnswer(reservation: engine.state.pointee.frames.keepReservation(list), count: orders.count)
    }

    /// Runs one order, and has the list keep what it did. Tells whether it was accepted; what throws has left nothing of it.
    private func run(
        _ order: UnsafePointer<Order>, _ index: Int, in list: FramePointer, by engine: Engine, at now: UInt64
    ) throws(EngineError) -> Bool {
        let result = results.isEmpty ? nil : results[index]
        let frame = try engine.begin(order)
        engine.runStartStage(frame, for: .order, at: now)
        if frame.findings.pointee.rejects.isEmpty, !engine.isBlocked(frame) { engine.runMainStage(frame, for: .order) }
        guard frame.findings.pointee.rejects.isEmpty else {
            let isUndone = engine.rollBack(frame.pointee.mutations.contents)
            // One that was accepted before holds what it holds already.
            let passes = frame.pointee.passes
            engine.endRefused(frame, telling: result)
            if passes { return true }
            guard isUndone else { throw .callbackFailed }
            return false
        }
        guard result?.pointee.assign(frame.findings) ?? true,
            list.pointee.mutations.reserve(frame.pointee.mutations.count),
            list.findings.pointee.gather(frame.findings)
        else { throw engine.untold(frame) }
        list.pointee.mutations.append(contentsOf: frame.pointee.mutations.contents)
        if frame.pointee.hasCommits { list.pointee.hasCommits = true }
        let id = engine.state.pointee.frames.spendHandle(of: frame)
        if !orderIds.isEmpty { orderIds[index] = id }
        engine.state.pointee.frames.giveBack(frame)
        return true
    }
}

extension Engine {
    /// Takes back what the orders of a list did.
    fileprivate func undo(_ list: FramePointer) throws(EngineError) {
        let isUndone = rollBack(list.pointee.mutations.contents)
        end(list, telling: nil)
        guard isUndone else { throw .callbackFailed }
    }
}

extension Findings {
    /// What was done besides, behind what is there. `false`, and something of it may be there, when memory has run out.
    fileprivate mutating func gather(_ other: UnsafeMutablePointer<Findings>) -> Bool {
        outcomes.append(contentsOf: other.pointee.outcomes.contents)
            && accountPnls.append(contentsOf: other.pointee.accountPnls.contents)
            && lock.append(contentsOf: other.pointee.lock.contents)
    }
}
