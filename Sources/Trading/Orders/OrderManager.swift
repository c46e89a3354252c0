import CPlatform
import Decimals
import RiskBase

/// Orders by their ids: each submitted once, moved along the table of an order's life, and filled into a wallet.
///
/// A call that fails has changed nothing. One thread at a time, unless it is made for several.
package struct OrderManager: ~Copyable {
    package struct Options: Sendable, BitwiseCopyable {
        /// How many orders that have ended are remembered; `nil`: all of them.
        package var historyLimit: UInt64?
        /// Whether more may trade than was ordered.
        package var allowsOverfill = false
        package var isShared = false
        package init() {}
    }

    private enum Scope: UInt64 { case id = 0, key = 1 }

    package let options: Options
    package let lock: StateLock
    /// The ids and keys of all orders there ever were: an id leads to its order, or to nothing once that is forgotten, a key to the
    /// id.
    var claims = IdempotencyTable()
    /// The ids of fills, each in the scope of its order.
    var fillClaims = IdempotencyTable()
    var orders = ChunkedRows<ManagedOrder>()
    var fills = ChunkedRows<ManagedFill>()
    var firstFree: UInt32 = 0
    var firstFreeFill: UInt32 = 0
    var active = OrderChain()
    var ended = OrderChain()
    package var serial: UInt64 = 0
    package var fillSequence: UInt64 = 0
    /// How many orders were forgotten.
    package var forgottenCount: UInt64 = 0

    package init(_ options: Options) {
        self.options = options
        lock = StateLock(options.isShared ? .full : .none)
    }

    deinit {
        giveBack(active.first)
        giveBack(ended.first)
    }

    /// Gives back what an order and those after it have outside of their rows.
    private func giveBack(_ first: UInt32) {
        var number = first
        while number != 0 {
            let row = place(number)
            row.pointee.symbol.destroy()
            row.pointee.reason.destroy()
            var fill = row.pointee.firstFill
            while fill != 0 {
                fillPlace(fill).pointee.feeCurrency.destroy()
                fill = fillPlace(fill).pointee.next
            }
            number = row.pointee.newer
        }
    }

    package var activeCount: Int { active.count }
    package var endedCount: Int { ended.count }

    // MARK: - Rows

    func place(_ number: UInt32) -> UnsafeMutablePointer<ManagedOrder> { orders.pointer(at: Int(number) - 1) }
    func fillPlace(_ number: UInt32) -> UnsafeMutablePointer<ManagedFill> { fills.pointer(at: Int(number) - 1) }

    /// The number of an order's row. `notFound` for one that is not there, or no longer.
    func number(_ id: OrderId) throws(OrderFailure) -> UInt32 {
        guard let row = id.withBytes({ claims.find(Scope.id.rawValue, $0) }) else { throw .notFound }
        let number = UInt32(truncatingIfNeeded: claims.answer(row).0)
        guard number != 0 else { throw .notFound }
        return number
    }

    /// The order with an id, as long as nothing changes.
    package func order(_ id: OrderId) throws(OrderFailure) -> UnsafeMutablePointer<ManagedOrder> {
        place(try number(id))
    }

    package func key(of order: ManagedOrder) -> UnsafeBufferPointer<UInt8> {
        order.keyRow == 0 ? UnsafeBufferPointer(start: nil, count: 0) : claims.key(order.keyRow)
    }

    package enum Chain: UInt8, Sendable, BitwiseCopyable { case active = 0, ended = 1 }

    /// Every order of a kind, oldest first.
    package func forEach(_ chain: Chain, _ visit: (UnsafeMutablePointer<ManagedOrder>) -> Void) {
        var number = chain == .active ? active.first : ended.first
        while number != 0 {
            let row = place(number)
            number = row.pointee.newer
            visit(row)
        }
    }

    /// Every fill of an order, oldest first, with its id where it lies.
    package func forEachFill(
        of order: ManagedOrder, _ visit: (UnsafeBufferPointer<UInt8>, UnsafeMutablePointer<ManagedFill>) -> Void
    ) {
        var number = order.firstFill
        while number != 0 {
            let row = fillPlace(number)
            number = row.pointee.next
            visit(fillClaims.key(row.pointee.keyRow), row)
        }
    }

    // MARK: - Submission

    /// Takes an order in: its id and its key are claimed, or it is `duplicate` and the problem tells whose they are.
    package mutating func submit(_ order: NewOrder, _ problem: inout OrderProblem) throws(OrderFailure) {
        guard order.side != .flat, !order.symbol.isEmpty, order.quantity.isPositive, !order.price.isNegative,
            order.type == .market || order.price.isPositive
        else { throw .invalid }
        let row = try makeRow(order, &problem)
        var life = OrderLife(quantity: order.quantity)
        do throws(TradingFailure) {
            _ = try life.apply(.accepted)
            _ = try life.apply(.submitted)
        } catch {
            throw OrderFailure(error)
        }
        row.pointee.life = life
    }

    /// Claims what an order needs, and makes its row, the last of the active ones.
    mutating func makeRow(
        _ order: NewOrder, _ problem: inout OrderProblem
    ) throws(OrderFailure) -> UnsafeMutablePointer<ManagedOrder> {
        guard firstFree != 0 || orders.count < Int(UInt32.max) - 1 && orders.reserveOne() else { throw .noMemory }
        let idRow: UInt32
        switch order.id.withBytes({ claims.claim(Scope.id.rawValue, $0) }) {
        case .claimed(let row): idRow = row
        case .known:
            problem.existing = order.id
            throw .duplicate
        case .full, .noMemory: throw .noMemory
        }
        var keyRow: UInt32 = 0
        if !order.key.isEmpty {
            switch claims.claim(Scope.key.rawValue, order.key) {
            case .claimed(let row): keyRow = row
            case .known(let row):
                let (high, low) = claims.answer(row)
                problem.existing = OrderId(high: high, low: low)
                problem.name = order.key
                claims.fail(idRow)
                throw .duplicate
            case .full, .noMemory:
                claims.fail(idRow)
                throw .noMemory
            }
            claims.setAnswer(keyRow, order.id.high, order.id.low)
        }
        guard let symbol = KeptText(order.symbol) else {
            claims.fail(idRow)
            if keyRow != 0 { claims.fail(keyRow) }
            throw .noMemory
        }
        serial &+= 1
        let row = ManagedOrder(
            id: order.id, life: OrderLife(quantity: order.quantity), side: order.side, type: order.type,
            price: order.price, symbol: symbol, created: order.time, updated: order.time, serial: serial, idRow: idRow,
            keyRow: keyRow)
        let number = put(row)
        claims.setAnswer(idRow, UInt64(number))
        append(number, to: .active)
        return place(number)
    }

    private mutating func put(_ row: ManagedOrder) -> UInt32 {
        if firstFree != 0 {
            let number = firstFree
            firstFree = place(number).pointee.newer
            place(number).pointee = row
            return number
        }
        _ = orders.append(row)
        return UInt32(truncatingIfNeeded: orders.count)
    }

    /// Takes back the last orders that were submitted, as if they never had been.
    package mutating func takeBack(_ count: Int) {
        for _ in 0..<count where active.last != 0 {
            let number = active.last
            let row = place(number).pointee
            remove(number, from: .active)
            claims.fail(row.idRow)
            if row.keyRow != 0 { claims.fail(row.keyRow) }
            free(number)
            serial &-= 1
        }
    }

    /// Gives back what a row that is in no chain has, but not its id and its key.
    private mutating func free(_ number: UInt32) {
        let row = place(number)
        row.pointee.symbol.destroy()
        row.pointee.reason.destroy()
        var fill = row.pointee.firstFill
        while fill != 0 {
            let place = fillPlace(fill)
            let next = place.pointee.next
            fillClaims.remove(place.pointee.keyRow)
            place.pointee.feeCurrency.destroy()
            place.pointee.next = firstFreeFill
            firstFreeFill = fill
            fill = next
        }
        row.pointee.newer = firstFree
        firstFree = number
    }

    // MARK: - Chains

    mutating func append(_ number: UInt32, to chain: Chain) {
        let last = chain == .active ? active.last : ended.last
        if last != 0 { place(last).pointee.newer = number }
        place(number).pointee.older = last
        place(number).pointee.newer = 0
        if chain == .active { active.noteAppended(number) } else { ended.noteAppended(number) }
    }

    private mutating func remove(_ number: UInt32, from chain: Chain) {
        let (older, newer) = (place(number).pointee.older, place(number).pointee.newer)
        if older != 0 { place(older).pointee.newer = newer }
        if newer != 0 { place(newer).pointee.older = older }
        if chain == .active { active.noteRemoved(older, newer) } else { ended.noteRemoved(older, newer) }
    }

    /// Moves an order that has ended out of the active ones, and forgets those that ended longest ago.
    mutating func end(_ number: UInt32) {
        remove(number, from: .active)
        append(number, to: .ended)
        guard let limit = options.historyLimit else { return }
        while UInt64(ended.count) > limit {
            forget(ended.first, from: .ended)
        }
    }

    /// Forgets an order, but not its id and its key.
    mutating func forget(_ number: UInt32, from chain: Chain) {
        remove(number, from: chain)
        claims.setAnswer(place(number).pointee.idRow, 0)
        free(number)
        forgottenCount &+= 1
    }

    /// The ids and keys of orders that are forgotten, oldest first.
    package func forEachForgotten(_ visit: (OrderId, UnsafeBufferPointer<UInt8>) -> Void) {
        // The key of an order is claimed right after its id.
        claims.forEach { known, next in
            guard known.scope == Scope.id.rawValue, known.answer.0 == 0, let id = OrderId(bytes: known.key) else {
                return
            }
            let none = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
            let isKeyed = next.map { $0.scope == Scope.key.rawValue && $0.answer == (id.high, id.low) } ?? false
            visit(id, isKeyed ? next?.key ?? none : none)
        }
    }
}

/// The ends of a chain of orders.
struct OrderChain: BitwiseCopyable {
    private(set) var first: UInt32 = 0
    private(set) var last: UInt32 = 0
    private(set) var count = 0

    mutating func noteAppended(_ number: UInt32) {
        if first == 0 { first = number }
        last = number
        count += 1
    }

    mutating func noteRemoved(_ older: UInt32, _ newer: UInt32) {
        if older == 0 { first = newer }
        if newer == 0 { last = older }
        count -= 1
    }
}
