import Decimals

@testable import Book

/// A matcher as one would explain it: a list of orders in the order in which they came, searched from end to end.
struct SlowMatcher {
    struct Resting: Equatable {
        var id: UInt64
        var side: BookSide
        var price: Decimal
        var total: Decimal
        var left: Decimal
        var isOfDay: Bool
    }

    struct Trade: Equatable {
        var taker: UInt64
        var maker: UInt64
        var price: Decimal
        var quantity: Decimal
    }

    var resting: [Resting] = []

    /// The orders a taker would meet, in the order in which it meets them.
    private func makers(_ side: BookSide, _ limit: Decimal?) -> [Int] {
        resting.indices
            .filter { index in
                let order = resting[index]
                guard order.side != side else { return false }
                guard let limit else { return true }
                return side == .buy ? !(limit < order.price) : !(order.price < limit)
            }
            .sorted { left, right in
                let (one, other) = (resting[left].price, resting[right].price)
                if one == other { return left < right }
                return side == .buy ? one < other : other < one
            }
    }

    private mutating func trade(_ order: Resting, limit: Decimal?) -> (left: Decimal, trades: [Trade]) {
        var left = order.left
        var trades: [Trade] = []
        for index in makers(order.side, limit) where !left.isZero {
            let quantity = left < resting[index].left ? left : resting[index].left
            left = left.subtracting(quantity)!
            resting[index].left = resting[index].left.subtracting(quantity)!
            trades.append(
                Trade(taker: order.id, maker: resting[index].id, price: resting[index].price, quantity: quantity))
        }
        resting.removeAll { $0.left.isZero }
        return (left, trades)
    }

    /// What a new order trades; `nil` when it is refused for its number.
    mutating func submit(_ order: MatcherOrder) -> [Trade]? {
        guard !resting.contains(where: { $0.id == order.id }) else { return nil }
        let limit = order.type == .limit ? order.price : nil
        if order.timeInForce == .fillOrKill {
            let offered = makers(order.side, limit).reduce(Decimal.zero) { $0.adding(resting[$1].left)! }
            if offered < order.quantity { return [] }
        }
        var new = Resting(
            id: order.id, side: order.side, price: order.price, total: order.quantity, left: order.quantity,
            isOfDay: order.timeInForce == .day)
        let (left, trades) = trade(new, limit: limit)
        if !left.isZero, order.type == .limit, order.timeInForce.rests {
            new.left = left
            resting.append(new)
        }
        return trades
    }

    /// What a changed order trades; `nil` when it is refused.
    mutating func modify(_ id: UInt64, price: Decimal?, quantity: Decimal?) -> [Trade]? {
        guard let index = resting.firstIndex(where: { $0.id == id }) else { return nil }
        var order = resting[index]
        let filled = order.total.subtracting(order.left)!
        let total = quantity ?? order.total
        guard !(total < filled) else { return nil }
        let keepsPlace = (price ?? order.price) == order.price && !(order.total < total)
        order.price = price ?? order.price
        order.total = total
        order.left = total.subtracting(filled)!
        if order.left.isZero {
            resting.remove(at: index)
            return []
        }
        if keepsPlace {
            resting[index] = order
            return []
        }
        resting.remove(at: index)
        let (left, trades) = trade(order, limit: order.price)
        order.left = left
        if !left.isZero { resting.append(order) }
        return trades
    }

    mutating func cancel(_ id: UInt64) -> Bool {
        let before = resting.count
        resting.removeAll { $0.id == id }
        return resting.count < before
    }

    mutating func expireDay() -> Int {
        let before = resting.count
        resting.removeAll { $0.isOfDay }
        return before - resting.count
    }

    /// What rests of a side, best first and oldest first at a price.
    func queue(_ side: BookSide) -> [Resting] { makers(side.opposite, nil).map { resting[$0] } }
}
