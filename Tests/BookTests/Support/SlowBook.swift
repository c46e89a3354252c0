@testable import Book

/// An order of the slow book. One that is small is copied without a thought.
struct SlowOrder: Equatable {
    var id: UInt64
    var owner: UInt64
    var sequence: UInt64
    var side: BookSide
    var price: Int64
    var filled: UInt64 = 0
    var visible: UInt64
    var hidden: UInt64 = 0
    var display: UInt64
    var timeInForce: TimeInForce
    var expiry: UInt64
    var selfTrade: SelfTradeMode
    var flags: BookFlags
    /// Only a stop has one, until it has seen it.
    var trigger: Int64?
    var hasLimit: Bool
    /// Which came first of orders with the same expiry.
    var arrival = 0

    var remaining: UInt64 { visible + hidden }
    var rests: Bool { hasLimit && [.untilCancelled, .day, .untilDate].contains(timeInForce) }
}

/// The book once more, in arrays and linear searches, to be compared with the fast one. A side is an array in the order in
/// which it trades.
struct SlowBook {
    var modifyMode = ModifyMode.keepsPlace
    var countsPositions = false
    var orderMax = Int.max
    var buys: [SlowOrder] = []
    var sells: [SlowOrder] = []
    var buyStops: [SlowOrder] = []
    var sellStops: [SlowOrder] = []
    var positions: [UInt64: Int] = [:]
    var isHalted = false
    var time: UInt64 = 0
    var arrivals = 0
    var tradeCount: UInt64 = 0
    var lastPrice: Int64?
    var tradesSinceStops: [Int64] = []
    var reports: [BookReport] = []

    init() {}

    /// What becomes of a message.
    mutating func apply(_ message: BookMessage) -> [BookReport] {
        reports = []
        switch BookMessageKind(rawValue: message.kind) {
        case .new: enter(message)
        case .cancel: cancel(message)
        case .modify: modify(message)
        case .cancelAll, .expire, .endDay: sweep(message)
        case .halt, .resume:
            isHalted = message.kind == BookMessageKind.halt.rawValue
            report(isHalted ? .halted : .resumed, .none, message)
        case nil: report(.rejected, .invalidMessage, message)
        }
        return reports
    }

    var all: [SlowOrder] { buys + sells + buyStops + sellStops }

    private mutating func report(_ kind: BookReportKind, _ reason: BookReason, _ message: BookMessage) {
        reports.append(BookReport(kind, reason, book: 0, sequence: message.sequence, order: message.order))
    }

    mutating func report(
        _ kind: BookReportKind, _ reason: BookReason, _ order: SlowOrder, _ quantity: UInt64,
        remaining: UInt64 = 0, sequence: UInt64? = nil, price: Int64? = nil
    ) {
        reports.append(
            BookReport(
                kind, reason, book: 0, sequence: sequence ?? order.sequence, order: order.id, side: order.side.rawValue,
                price: price ?? order.price, quantity: quantity, remaining: remaining))
    }

    // MARK: - New orders

    private mutating func enter(_ message: BookMessage) {
        let reason = reasonToRefuse(message)
        guard reason == .none else {
            var refused = BookReport(.rejected, reason, book: 0, sequence: message.sequence, order: message.order)
            refused.side = message.side
            refused.price = message.price
            refused.quantity = message.quantity
            return reports.append(refused)
        }
        if countsPositions, message.owner != 0 { positions[message.owner, default: 0] += 0 }
        let order = SlowOrder(message)
        report(.accepted, .none, order, order.remaining, remaining: order.remaining)
        if let trigger = order.trigger, !isTriggered(order.side, trigger) { return rest(order) }
        if order.timeInForce == .fillOrKill, !canFill(order) {
            return report(.cancelled, .unfillable, order, order.remaining)
        }
        order.trigger == nil ? trade(order) : enterMarket(order)
        wakeStops()
    }

    private func reasonToRefuse(_ message: BookMessage) -> BookReason {
        guard let side = BookSide(rawValue: message.side), let type = BookOrderType(rawValue: message.type),
            let tif = TimeInForce(rawValue: message.timeInForce), SelfTradeMode(rawValue: message.selfTrade) != nil,
            message.reserved == 0, message.flags < 4
        else { return .invalidMessage }
        let isStop = type == .stop || type == .stopLimit
        let mayStay = tif == .untilCancelled || tif == .day || tif == .untilDate
        let mayRest = mayStay && type != .market
        let postOnly = message.flags & 1 != 0
        let reduceOnly = message.flags & 2 != 0
        if isStop && !mayStay { return .invalidMessage }
        if postOnly && (type != .limit || !mayRest) { return .invalidMessage }
        if reduceOnly && (message.owner == 0 || message.display != 0) { return .invalidMessage }
        if message.display != 0 && (!mayRest || type == .stop) { return .invalidMessage }
        if message.quantity == 0 || message.display > message.quantity { return .invalidQuantity }
        if isHalted { return .halted }
        if all.contains(where: { $0.id == message.order }) { return .duplicateOrder }
        if tif == .untilDate && type != .market && message.expiry <= time { return .expired }
        if reduceOnly && !countsPositions { return .noPositions }
        if reduceOnly && !isStop && reducible(message.owner, side) == 0 { return .reduceOnly }
        let order = SlowOrder(message)
        if postOnly && crosses(order) { return .wouldTrade }
        let waits = isStop && !isTriggered(side, message.trigger)
        if waits || order.rests {
            if !fits(waits ? stops(side) : makers(side), message.quantity) { return .quantityOverflow }
            if all.count >= orderMax { return .limitReached }
        }
        return .none
    }

    func makers(_ side: BookSide) -> [SlowOrder] { side == .buy ? buys : sells }
    private func stops(_ side: BookSide) -> [SlowOrder] { side == .buy ? buyStops : sellStops }

    private func fits(_ orders: [SlowOrder], _ quantity: UInt64) -> Bool {
        let total = orders.reduce(0) { $0 + $1.remaining }
        return UInt64.max - total >= quantity
    }

    private func isTriggered(_ side: BookSide, _ trigger: Int64) -> Bool {
        guard let lastPrice else { return false }
        return side == .buy ? lastPrice >= trigger : lastPrice <= trigger
    }

    /// How much an owner may still trade that way before the position is nothing.
    private func reducible(_ owner: UInt64, _ side: BookSide) -> UInt64 {
        let position = positions[owner] ?? 0
        return UInt64(max(0, side == .buy ? -position : position))
    }

    private func crosses(_ order: SlowOrder) -> Bool {
        guard let best = makers(order.side.opposite).first else { return false }
        if !order.hasLimit { return true }
        return order.side == .buy ? best.price <= order.price : best.price >= order.price
    }

    /// Puts an order behind all that trade before it.
    private mutating func rest(_ order: SlowOrder) {
        var order = order
        if order.timeInForce == .untilDate {
            arrivals += 1
            order.arrival = arrivals
        }
        if order.trigger == nil, order.display != 0 {
            let all = order.remaining
            order.visible = min(order.display, all)
            order.hidden = all - order.visible
        }
        insert(order)
    }

    private mutating func insert(_ order: SlowOrder) {
        func isWorse(_ other: SlowOrder) -> Bool {
            if let trigger = order.trigger {
                return order.side == .buy ? other.trigger! > trigger : other.trigger! < trigger
            }
            return order.side == .buy ? other.price < order.price : other.price > order.price
        }
        edit(order) { list in list.insert(order, at: list.firstIndex(where: isWorse) ?? list.count) }
    }

    /// Changes the array that an order belongs to.
    private mutating func edit(_ order: SlowOrder, _ change: (inout [SlowOrder]) -> Void) {
        switch (order.side, order.trigger) {
        case (.buy, nil): change(&buys)
        case (.sell, nil): change(&sells)
        case (.buy, _): change(&buyStops)
        case (.sell, _): change(&sellStops)
        }
    }

    private mutating func remove(_ order: SlowOrder) {
        edit(order) { list in list.removeAll { $0.id == order.id } }
    }

    private mutating func update(_ order: SlowOrder) {
        edit(order) { list in list[list.firstIndex { $0.id == order.id }!] = order }
    }

    // MARK: - Trading

    /// Trades what can be traded, then lets the rest stay or go.
    private mutating func trade(_ order: SlowOrder) {
        var taker = order
        match(&taker)
        if taker.remaining == 0 { return }
        if !taker.rests { return report(.cancelled, .immediate, taker, taker.remaining) }
        if taker.flags.contains(.reduceOnly), reducible(taker.owner, taker.side) == 0 {
            return report(.cancelled, .reduceOnly, taker, taker.remaining)
        }
        rest(taker)
    }

    private mutating func match(_ taker: inout SlowOrder) {
        while taker.remaining > 0, crosses(taker) {
            var maker = makers(taker.side.opposite)[0]
            if taker.selfTrade != .allow, taker.owner != 0, maker.owner == taker.owner {
                preventSelfTrade(&taker, maker)
                continue
            }
            var quantity = min(taker.visible, maker.visible)
            if taker.flags.contains(.reduceOnly) {
                quantity = min(quantity, reducible(taker.owner, taker.side))
                if quantity == 0 {
                    report(.cancelled, .reduceOnly, taker, taker.remaining)
                    taker.visible = 0
                    return
                }
            }
            if maker.flags.contains(.reduceOnly) {
                quantity = min(quantity, reducible(maker.owner, maker.side))
                if quantity == 0 {
                    report(.cancelled, .reduceOnly, maker, maker.remaining, sequence: taker.sequence)
                    remove(maker)
                    continue
                }
            }
            taker.visible -= quantity
            taker.filled += quantity
            maker.visible -= quantity
            maker.filled += quantity
            for (owner, side) in [(taker.owner, taker.side), (maker.owner, maker.side)]
            where owner != 0 && countsPositions {
                positions[owner, default: 0] += side == .buy ? Int(quantity) : -Int(quantity)
            }
            tradeCount += 1
            lastPrice = maker.price
            tradesSinceStops.append(maker.price)
            reports.append(
                BookReport(
                    .trade, book: 0, sequence: taker.sequence, order: taker.id, side: taker.side.rawValue,
                    price: maker.price, quantity: quantity, remaining: taker.remaining, maker: maker.id,
                    makerRemaining: maker.remaining))
            putBack(maker, taker.sequence)
        }
    }

    /// A maker after a trade: gone, at the end of its level with another part showing, or where it was.
    private mutating func putBack(_ maker: SlowOrder, _ sequence: UInt64) {
        update(maker)
        guard maker.visible == 0 else { return }
        remove(maker)
        guard maker.hidden > 0 else { return }
        var again = maker
        again.visible = min(maker.display, maker.hidden)
        again.hidden -= again.visible
        insert(again)
        report(.replenished, .none, again, again.visible, remaining: again.remaining, sequence: sequence)
    }

    private mutating func preventSelfTrade(_ taker: inout SlowOrder, _ resting: SlowOrder) {
        var maker = resting
        if taker.selfTrade == .cancelOldest || taker.selfTrade == .cancelBoth {
            report(.cancelled, .selfTrade, maker, maker.remaining, sequence: taker.sequence)
            remove(maker)
        }
        if taker.selfTrade == .cancelNewest || taker.selfTrade == .cancelBoth {
            report(.cancelled, .selfTrade, taker, taker.remaining)
            taker.visible = 0
        }
        if taker.selfTrade == .decrement {
            let quantity = min(taker.visible, maker.visible)
            maker.visible -= quantity
            taker.visible -= quantity
            report(
                .reduced, .selfTrade, maker, quantity, remaining: maker.remaining, sequence: taker.sequence)
            report(.reduced, .selfTrade, taker, quantity, remaining: taker.remaining)
            putBack(maker, taker.sequence)
        }
    }

    /// Whether it would trade completely: it is tried on a copy.
    private func canFill(_ order: SlowOrder) -> Bool {
        var copy = self
        var taker = order
        copy.match(&taker)
        return taker.filled == order.visible
    }

    // MARK: - Stops

    private mutating func wakeStops() {
        while let low = tradesSinceStops.min(), let high = tradesSinceStops.max() {
            let buy = buyStops.first.flatMap { $0.trigger! <= high ? $0 : nil }
            let sell = sellStops.first.flatMap { $0.trigger! >= low ? $0 : nil }
            guard let stop = buy ?? sell else { break }
            remove(stop)
            enterMarket(stop)
        }
        tradesSinceStops = []
    }

    private mutating func enterMarket(_ stop: SlowOrder) {
        var order = stop
        report(.triggered, .none, stop, stop.remaining, remaining: stop.remaining, price: stop.trigger)
        order.trigger = nil
        if order.rests, !fits(makers(order.side), order.remaining) {
            return report(.cancelled, .quantityOverflow, order, order.remaining)
        }
        trade(order)
    }

    // MARK: - Changes

    private mutating func cancel(_ message: BookMessage) {
        guard let order = all.first(where: { $0.id == message.order }) else {
            return report(.cancelRefused, .unknownOrder, message)
        }
        report(.cancelled, .requested, order, order.remaining, sequence: message.sequence)
        remove(order)
    }

    private mutating func modify(_ message: BookMessage) {
        let flags = BookFlags(rawValue: message.flags)
        let setters: BookFlags = [.setsPrice, .setsQuantity, .setsTrigger]
        if flags.isEmpty || !flags.isSubset(of: setters) { return report(.modifyRefused, .invalidMessage, message) }
        if flags.contains(.setsQuantity), message.quantity == 0 {
            return report(.modifyRefused, .invalidQuantity, message)
        }
        if isHalted { return report(.modifyRefused, .halted, message) }
        guard let old = all.first(where: { $0.id == message.order }) else {
            return report(.modifyRefused, .unknownOrder, message)
        }
        let total = flags.contains(.setsQuantity) ? message.quantity : old.filled + old.remaining
        var order = old
        if flags.contains(.setsPrice) { order.price = message.price }
        if flags.contains(.setsTrigger) { order.trigger = message.trigger }
        let reason = reasonToRefuse(old, order, total, flags)
        guard reason == .none else {
            report(.modifyRefused, reason, message)
            reports[reports.count - 1].side = old.side.rawValue
            return
        }
        let left = total - old.filled
        report(.modified, .none, order, total, remaining: left, sequence: message.sequence)
        if left == 0 { return remove(old) }
        if keepsPlace(old, order, left) {
            let unseen = min(old.hidden, old.remaining - left)
            order.hidden -= unseen
            order.visible -= old.remaining - left - unseen
            return update(order)
        }
        remove(old)
        order.visible = left
        order.hidden = 0
        order.sequence = message.sequence
        if let trigger = order.trigger {
            if !isTriggered(order.side, trigger) { return rest(order) }
            enterMarket(order)
        } else {
            trade(order)
        }
        wakeStops()
    }

    private func keepsPlace(_ old: SlowOrder, _ new: SlowOrder, _ left: UInt64) -> Bool {
        modifyMode == .keepsPlace && old.price == new.price && old.trigger == new.trigger && left <= old.remaining
    }

    private func reasonToRefuse(
        _ old: SlowOrder, _ new: SlowOrder, _ total: UInt64, _ flags: BookFlags
    ) -> BookReason {
        if flags.contains(.setsTrigger), old.trigger == nil { return .invalidMessage }
        if flags.contains(.setsPrice), !old.hasLimit { return .invalidMessage }
        if total < old.filled { return .belowFilled }
        let left = total - old.filled
        if left == 0 || keepsPlace(old, new, left) { return .none }
        if old.trigger == nil {
            if old.flags.contains(.postOnly), crosses(new) { return .wouldTrade }
            if old.flags.contains(.reduceOnly), reducible(old.owner, old.side) == 0 { return .reduceOnly }
        }
        let others = (old.trigger == nil ? makers(old.side) : stops(old.side)).filter { $0.id != old.id }
        return fits(others, left) ? .none : .quantityOverflow
    }

    // MARK: - Many at once

    private mutating func sweep(_ message: BookMessage) {
        var victims: [SlowOrder]
        let reason: BookReason
        switch BookMessageKind(rawValue: message.kind) {
        case .endDay:
            victims = all.filter { $0.timeInForce == .day }
            reason = .endOfDay
        case .expire:
            time = max(time, message.expiry)
            victims = all.filter { $0.timeInForce == .untilDate && $0.rests && $0.expiry <= time }
            victims += (buyStops + sellStops).filter { $0.timeInForce == .untilDate && !$0.rests && $0.expiry <= time }
            victims.sort { ($0.expiry, $0.arrival) < ($1.expiry, $1.arrival) }
            reason = .expired
        default:
            guard message.side <= 2 else { return report(.swept, .invalidMessage, message) }
            victims = all.filter {
                (message.owner == 0 || $0.owner == message.owner)
                    && (message.side == 0 || $0.side.rawValue == message.side)
            }
            reason = .cancelAll
        }
        for victim in victims {
            report(.cancelled, reason, victim, victim.remaining, sequence: message.sequence)
            remove(victim)
        }
        var swept = BookReport(.swept, book: 0, sequence: message.sequence, order: 0)
        swept.quantity = UInt64(victims.count)
        reports.append(swept)
    }
}

extension SlowOrder {
    init(_ message: BookMessage) {
        let type = BookOrderType(rawValue: message.type)!
        let isStop = type == .stop || type == .stopLimit
        self.init(
            id: message.order, owner: message.owner, sequence: message.sequence,
            side: BookSide(rawValue: message.side)!,
            price: message.price, visible: message.quantity,
            display: message.display == message.quantity ? 0 : message.display,
            timeInForce: TimeInForce(rawValue: message.timeInForce)!, expiry: message.expiry,
            selfTrade: SelfTradeMode(rawValue: message.selfTrade)!, flags: BookFlags(rawValue: message.flags),
            trigger: isStop ? message.trigger : nil, hasLimit: type == .limit || type == .stopLimit)
    }
}
