import Decimals
import RiskBase

/// Orders as somebody kept them. What contradicts itself is refused, and whoever restores begins anew.
extension OrderManager {
    /// Puts an order in, the last of those of its kind, as it was. Its fills follow.
    package mutating func restore(
        _ order: NewOrder, _ update: OrderUpdate, updated: Int64
    ) throws(OrderFailure) {
        guard update.phase != .new else { throw .contradiction }
        var problem = OrderProblem()
        do throws(OrderFailure) {
            try submit(order, &problem)
        } catch {
            throw error == .noMemory ? .noMemory : .contradiction
        }
        let number = active.last
        let row = place(number)
        if let reason = update.reason {
            guard let kept = KeptText(reason) else { throw .noMemory }
            row.pointee.reason = kept
            row.pointee.hasReason = true
        }
        row.pointee.life.state = update.phase.state
        row.pointee.filled = update.filled
        row.pointee.average = update.average
        row.pointee.updated = updated
        guard !(update.filled?.isNegative ?? false), !(update.average?.isNegative ?? false) else {
            throw .contradiction
        }
        if update.phase.isTerminal { end(number) }
    }

    /// Puts a fill to its order, the last of all.
    package mutating func restore(_ fill: NewFill, of id: OrderId, sequence: UInt64) throws(OrderFailure) {
        let order = place(try number(id))
        guard fill.quantity.isPositive, !fill.price.isNegative, !fill.id.isEmpty,
            order.pointee.symbol.equals(fill.symbol), fillClaims.find(order.pointee.serial, fill.id) == nil
        else { throw .contradiction }
        var life = order.pointee.life
        guard let filled = Wallet.arithmetic.sum(life.filled, fill.quantity),
            let worth = Wallet.arithmetic.product(fill.price, fill.quantity),
            let traded = Wallet.arithmetic.sum(life.traded, worth), life.fillCount < .max
        else { throw .contradiction }
        (life.filled, life.traded, life.fillCount) = (filled, traded, life.fillCount + 1)
        let last = fillSequence
        let row = try makeFill(fill, fill.quantity, order.pointee.serial)
        fillPlace(row).pointee.sequence = sequence
        fillSequence = max(last, sequence)
        attach(row, to: order)
        order.pointee.life = life
    }

    /// Claims the id and the key of an order that was forgotten.
    package mutating func restoreForgotten(
        _ id: OrderId, _ key: UnsafeBufferPointer<UInt8>
    ) throws(OrderFailure) {
        var problem = OrderProblem()
        let order = NewOrder(
            id: id, symbol: UnsafeBufferPointer(start: nil, count: 0), side: .buy, type: .market, quantity: .zero,
            price: .zero)
        var forgotten = order
        forgotten.key = key
        do throws(OrderFailure) {
            _ = try makeRow(forgotten, &problem)
        } catch {
            throw error == .noMemory ? .noMemory : .contradiction
        }
        forget(active.last, from: .active)
    }

    /// Whether all that was restored goes together: each order with its fills, and each position of the wallet with the fills of
    /// its symbol, as far as none was forgotten.
    package func verify(_ wallet: borrowing Wallet) throws(OrderFailure) {
        var isRight = true
        forEach(.active) { if !Self.isConsistent($0.pointee) { isRight = false } }
        forEach(.ended) { if !Self.isConsistent($0.pointee) { isRight = false } }
        guard isRight else { throw .contradiction }
        if forgottenCount == 0 { try verifyPositions(wallet) }
    }

    private static func isConsistent(_ order: ManagedOrder) -> Bool {
        let (life, known) = (order.life, order.known)
        if order.life.fillCount > 0, order.filled == nil, order.phase != .acknowledged { return false }
        switch order.phase {
        case .new: return false
        case .submitted, .acknowledged, .rejected: return life.fillCount == 0
        case .partiallyFilled: return known.isPositive && known < life.quantity && order.average != nil
        case .filled: return !(known < life.quantity) && order.average != nil
        case .cancelled, .expired: return known < life.quantity
        }
    }

    /// Plays every fill again, in the order in which they were booked.
    private func verifyPositions(_ wallet: borrowing Wallet) throws(OrderFailure) {
        var played = Buffer<PlayedFill>()
        guard played.reserve(fills.count) else { throw .noMemory }
        collectFills(.active, into: &played)
        collectFills(.ended, into: &played)
        played.sortBySequence()
        var again = try Wallet(quoteCurrency: UnsafeBufferPointer(start: nil, count: 0))
        for index in 0..<played.count { try again.replay(played[index]) }
        guard again.hasSamePositions(as: wallet) else { throw .contradiction }
    }

    private func collectFills(_ chain: Chain, into played: inout Buffer<PlayedFill>) {
        var number = chain == .active ? active.first : ended.first
        while number != 0 {
            let order = place(number)
            var fill = order.pointee.firstFill
            while fill != 0 {
                let row = fillPlace(fill)
                played.append(
                    PlayedFill(
                        symbol: order.symbol, signed: order.pointee.side.signed(row.pointee.quantity),
                        price: row.pointee.price, sequence: row.pointee.sequence))
                fill = row.pointee.next
            }
            number = order.pointee.newer
        }
    }
}

/// A fill that is played again.
struct PlayedFill: BitwiseCopyable {
    var symbol: UnsafeBufferPointer<UInt8>
    var signed: Decimal
    var price: Decimal
    var sequence: UInt64
}

extension Buffer<PlayedFill> {
    /// In place, and in time in proportion whatever the order was: as a heap, whose largest goes to the end.
    fileprivate func sortBySequence() {
        var (start, end) = (count / 2, count)
        while end > 1 {
            if start > 0 {
                start -= 1
            } else {
                end -= 1
                swapAt(0, end)
            }
            var root = start
            while true {
                var child = 2 * root + 1
                if child >= end { break }
                if child + 1 < end, self[child].sequence < self[child + 1].sequence { child += 1 }
                if self[root].sequence >= self[child].sequence { break }
                swapAt(root, child)
                root = child
            }
        }
    }

    private func swapAt(_ left: Int, _ right: Int) {
        let first = self[left]
        self[left] = self[right]
        self[right] = first
    }
}
