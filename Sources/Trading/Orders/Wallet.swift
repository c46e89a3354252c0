import Decimals
import RiskBase

/// Why nothing came of a call about orders or wallets. Nothing has changed then.
package enum OrderFailure: Error, Sendable, BitwiseCopyable {
    case invalid
    case overflow
    case noMemory
    case notFound
    /// The order's state does not allow it.
    case state
    /// The key, or the order itself, was submitted before.
    case duplicate
    /// More than is left of the order.
    case exceedsRemaining
    /// The wallet has less than is needed.
    case insufficient
    /// A fill of that id was booked before, and said something else.
    case reused
    /// What was restored contradicts itself.
    case contradiction

    init(_ failure: TradingFailure) {
        switch failure {
        case .invalid: self = .invalid
        case .overflow: self = .overflow
        }
    }
}

/// What there is to say about a failure. Texts are those of the call, or the wallet's own.
package struct OrderProblem: BitwiseCopyable {
    package var from = OrderPhase.new
    package var to = OrderPhase.new
    /// The order that has the key.
    package var existing = OrderId(high: 0, low: 0)
    /// What is needed of a currency, or filled, and what there is of it, or left.
    package var need = Decimal.zero
    package var have = Decimal.zero
    package var name = UnsafeBufferPointer<UInt8>(start: nil, count: 0)

    package init() {}
}

/// A trade as a wallet sees it.
package struct WalletFill: BitwiseCopyable {
    package var symbol: UnsafeBufferPointer<UInt8>
    /// Positive when it buys.
    package var signed: Decimal
    package var price: Decimal
    package var fee = Decimal.zero
    /// What the fee is paid in; the symbol's quote currency when there is none.
    package var feeCurrency: UnsafeBufferPointer<UInt8>?
    package var time: Int64 = 0

    package init(symbol: UnsafeBufferPointer<UInt8>, signed: Decimal, price: Decimal) {
        self.symbol = symbol
        self.signed = signed
        self.price = price
    }
}

/// Cash by currency and positions by symbol, in arithmetic as on paper, that rounds where it has to: see `Arithmetic.fitting`.
package struct Wallet: ~Copyable {
    package struct Cash: BitwiseCopyable {
        package var amount = Decimal.zero
        var name: UInt32
        /// Whether there ever was any.
        package var isThere = false
    }

    package struct Holding: BitwiseCopyable {
        package var position = Position(multiplier: Decimal(1 as UInt64))
        package var updated: Int64 = 0
        var name: UInt32
        package var isThere = false
    }

    /// Whatever a fill changes, worked out before anything does.
    struct Plan: BitwiseCopyable {
        var cash: UnsafeMutablePointer<Cash>
        var amount: Decimal
        var feeCash: UnsafeMutablePointer<Cash>?
        var feeAmount = Decimal.zero
        var holding: UnsafeMutablePointer<Holding>
        var position: Position
        var time: Int64
    }

    private enum Scope: UInt64 { case currency = 0, symbol = 1, quote = 2 }

    private var names: IdempotencyTable
    private var cashes = ChunkedRows<Cash>()
    private var holdings = ChunkedRows<Holding>()
    /// The row of the name of what is paid for symbols that name nothing.
    private let quoteName: UInt32
    package private(set) var cashCount = 0
    package private(set) var holdingCount = 0

    package static var arithmetic: Arithmetic { .fitting }

    package init(quoteCurrency: UnsafeBufferPointer<UInt8>) throws(OrderFailure) {
        var names = IdempotencyTable()
        guard case .claimed(let name) = names.claim(Scope.quote.rawValue, quoteCurrency) else { throw .noMemory }
        quoteName = name
        self.names = names
    }

    package var quoteCurrency: UnsafeBufferPointer<UInt8> { names.key(quoteName) }

    // MARK: - Rows

    package func cash(_ currency: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<Cash>? {
        guard let name = names.find(Scope.currency.rawValue, currency) else { return nil }
        return cashes.pointer(at: Int(names.answer(name).0))
    }

    package func holding(_ symbol: UnsafeBufferPointer<UInt8>) -> UnsafeMutablePointer<Holding>? {
        guard let name = names.find(Scope.symbol.rawValue, symbol) else { return nil }
        return holdings.pointer(at: Int(names.answer(name).0))
    }

    private func amount(_ currency: UnsafeBufferPointer<UInt8>) -> Decimal { cash(currency)?.pointee.amount ?? .zero }

    private mutating func makeCash(
        _ currency: UnsafeBufferPointer<UInt8>
    ) throws(OrderFailure) -> UnsafeMutablePointer<Cash> {
        if let known = cash(currency) { return known }
        guard cashes.reserveOne(), case .claimed(let name) = names.claim(Scope.currency.rawValue, currency) else {
            throw .noMemory
        }
        names.setAnswer(name, UInt64(cashes.count))
        return cashes.append(Cash(name: name))
    }

    private mutating func makeHolding(
        _ symbol: UnsafeBufferPointer<UInt8>
    ) throws(OrderFailure) -> UnsafeMutablePointer<Holding> {
        if let known = holding(symbol) { return known }
        guard holdings.reserveOne(), case .claimed(let name) = names.claim(Scope.symbol.rawValue, symbol) else {
            throw .noMemory
        }
        names.setAnswer(name, UInt64(holdings.count))
        return holdings.append(Holding(name: name))
    }

    /// How many rows there are, whether or not there is anything behind them.
    package var cashRows: Int { cashes.count }
    package var holdingRows: Int { holdings.count }

    /// What there is of a currency, by its row in the order of first appearance, with its name where it lies; `nil` where there never
    /// was any.
    package func cash(at row: Int) -> (name: UnsafeBufferPointer<UInt8>, cash: Cash)? {
        let cash = cashes.pointer(at: row).pointee
        return cash.isThere ? (names.key(cash.name), cash) : nil
    }

    package func holding(at row: Int) -> (name: UnsafeBufferPointer<UInt8>, holding: Holding)? {
        let holding = holdings.pointer(at: row).pointee
        return holding.isThere ? (names.key(holding.name), holding) : nil
    }

    // MARK: - Money

    private mutating func put(_ cash: UnsafeMutablePointer<Cash>, _ amount: Decimal) {
        cash.pointee.amount = amount
        if !cash.pointee.isThere { cashCount += 1 }
        cash.pointee.isThere = true
    }

    /// Adds money, which is not below zero.
    package mutating func deposit(_ currency: UnsafeBufferPointer<UInt8>, _ amount: Decimal) throws(OrderFailure) {
        guard !amount.isNegative, !currency.isEmpty else { throw .invalid }
        let known = cash(currency)
        let sum = known?.pointee.isThere ?? false ? Self.arithmetic.sum(self.amount(currency), amount) : amount
        guard let sum else { throw .overflow }
        put(try makeCash(currency), sum)
    }

    /// Takes money, which is not below zero, and not more than there is.
    package mutating func withdraw(
        _ currency: UnsafeBufferPointer<UInt8>, _ amount: Decimal, _ problem: inout OrderProblem
    ) throws(OrderFailure) {
        guard !amount.isNegative, !currency.isEmpty else { throw .invalid }
        let have = self.amount(currency)
        guard let rest = Self.arithmetic.difference(have, amount) else { throw .overflow }
        if have < amount { throw Self.shortfall(amount, have, currency, &problem) }
        if let cash = cash(currency), cash.pointee.isThere { put(cash, rest) }
    }

    private static func shortfall(
        _ need: Decimal, _ have: Decimal, _ currency: UnsafeBufferPointer<UInt8>, _ problem: inout OrderProblem
    ) -> OrderFailure {
        problem.need = need
        problem.have = have
        problem.name = currency
        return .insufficient
    }

    // MARK: - Fills

    /// What a symbol is paid in: what stands behind the last `-`, `/` or `_`, or the wallet's own.
    package func quote(of symbol: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        let mark = symbol.lastIndex {
            $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "_")
        }
        guard let mark, mark + 1 < symbol.count else { return quoteCurrency }
        return UnsafeBufferPointer(rebasing: symbol[(mark + 1)...])
    }

    package mutating func fill(_ fill: WalletFill, _ problem: inout OrderProblem) throws(OrderFailure) {
        carryOut(try plan(fill, &problem))
    }

    /// Works out what a fill changes, with room for it. Of all that can be read of a wallet it changes nothing.
    mutating func plan(_ fill: WalletFill, _ problem: inout OrderProblem) throws(OrderFailure) -> Plan {
        guard !fill.signed.isZero, !fill.price.isNegative, !fill.symbol.isEmpty else { throw .invalid }
        let quote = quote(of: fill.symbol)
        let (knownCash, knownHolding) = (cash(quote), holding(fill.symbol))
        let feeCurrency = fill.feeCurrency.flatMap { Self.areEqual($0, quote) ? nil : $0 }
        let have = knownCash?.pointee.amount ?? .zero
        let amount = try paid(fill, quote, have, feeCurrency == nil ? fill.fee : nil, &problem)
        var fee: (UnsafeBufferPointer<UInt8>, Decimal)?
        if let feeCurrency {
            guard !feeCurrency.isEmpty else { throw .invalid }
            let have = self.amount(feeCurrency)
            guard let rest = Self.arithmetic.difference(have, fill.fee) else { throw .overflow }
            if have < fill.fee { throw Self.shortfall(fill.fee, have, feeCurrency, &problem) }
            fee = (feeCurrency, rest)
        }
        var position = knownHolding?.pointee.position ?? Position(multiplier: Decimal(1 as UInt64))
        do throws(TradingFailure) {
            _ = try position.trade(fill.signed, at: fill.price, by: .average)
        } catch {
            throw OrderFailure(error)
        }
        // Nothing is against it any more, so there is room to be made.
        let cash = if let knownCash { knownCash } else { try makeCash(quote) }
        let holding = if let knownHolding { knownHolding } else { try makeHolding(fill.symbol) }
        var plan = Plan(
            cash: cash, amount: amount, feeCash: nil, holding: holding, position: position, time: fill.time)
        if let fee {
            plan.feeCash = try makeCash(fee.0)
            plan.feeAmount = fee.1
        }
        return plan
    }

    /// What is left of the quote currency, where the fee is paid in it.
    private func paid(
        _ fill: WalletFill, _ quote: UnsafeBufferPointer<UInt8>, _ have: Decimal, _ fee: Decimal?,
        _ problem: inout OrderProblem
    ) throws(OrderFailure) -> Decimal {
        let arithmetic = Self.arithmetic
        guard let worth = arithmetic.product(fill.price, fill.signed.magnitude) else { throw .overflow }
        if !fill.signed.isNegative {
            guard let need = fee.map({ arithmetic.sum(worth, $0) }) ?? worth,
                let rest = arithmetic.difference(have, need)
            else { throw .overflow }
            if have < need { throw Self.shortfall(need, have, quote, &problem) }
            return rest
        }
        guard let sum = arithmetic.sum(have, worth), let rest = fee.map({ arithmetic.difference(sum, $0) }) ?? sum
        else { throw .overflow }
        if rest.isNegative {
            guard let need = arithmetic.difference(fee ?? .zero, worth) else { throw .overflow }
            throw Self.shortfall(need, have, quote, &problem)
        }
        return rest
    }

    private static func areEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        left.count == right.count && left.elementsEqual(right)
    }

    mutating func carryOut(_ plan: Plan) {
        put(plan.cash, plan.amount)
        if let feeCash = plan.feeCash { put(feeCash, plan.feeAmount) }
        let holding = plan.holding
        if !holding.pointee.isThere { holdingCount += 1 }
        holding.pointee.isThere = true
        holding.pointee.position = plan.position
        holding.pointee.updated = plan.time
    }

    // MARK: - Restoring

    /// Puts cash where there is none yet.
    package mutating func restoreCash(
        _ currency: UnsafeBufferPointer<UInt8>, _ amount: Decimal
    ) throws(OrderFailure) {
        guard !amount.isNegative, !currency.isEmpty, !(cash(currency)?.pointee.isThere ?? false) else {
            throw .contradiction
        }
        put(try makeCash(currency), amount)
    }

    /// Puts a position where there is none yet.
    package mutating func restoreHolding(
        _ symbol: UnsafeBufferPointer<UInt8>, _ position: Position, updated: Int64
    ) throws(OrderFailure) {
        guard !symbol.isEmpty, !position.cost.isNegative, !(holding(symbol)?.pointee.isThere ?? false) else {
            throw .contradiction
        }
        let holding = try makeHolding(symbol)
        holding.pointee.position = position
        holding.pointee.updated = updated
        holding.pointee.isThere = true
        holdingCount += 1
    }

    /// Lets a position follow a fill, whatever there is of cash.
    mutating func replay(_ fill: PlayedFill) throws(OrderFailure) {
        let holding = try makeHolding(fill.symbol)
        do throws(TradingFailure) {
            _ = try holding.pointee.position.trade(fill.signed, at: fill.price, by: .average)
        } catch {
            throw .contradiction
        }
        if !holding.pointee.isThere { holdingCount += 1 }
        holding.pointee.isThere = true
    }

    func hasSamePositions(as other: borrowing Wallet) -> Bool {
        guard holdingCount == other.holdingCount else { return false }
        for number in 0..<holdings.count {
            let mine = holdings.pointer(at: number).pointee
            guard let theirs = other.holding(names.key(mine.name))?.pointee, theirs.isThere,
                mine.position.quantity == theirs.position.quantity, mine.position.cost == theirs.position.cost,
                mine.position.realized == theirs.position.realized
            else { return false }
        }
        return true
    }
}
