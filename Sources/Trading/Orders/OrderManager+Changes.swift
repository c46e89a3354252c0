import Decimals

/// What becomes of orders: what somebody says of them, and their fills.
extension OrderManager {
    /// Lets an order become what somebody says. `state` where the table of its life has no such step, or where the quantities
    /// say something else than what is known.
    package mutating func update(
        _ id: OrderId, _ update: OrderUpdate, _ problem: inout OrderProblem
    ) throws(OrderFailure) {
        let number = try number(id)
        let order = place(number)
        let from = order.pointee.phase
        problem.from = from
        problem.to = update.phase
        guard from.allows(update.phase) else { throw .state }
        try Self.check(update, order.pointee)
        var reason = KeptText()
        if let given = update.reason {
            guard let kept = KeptText(given) else { throw .noMemory }
            reason = kept
        }
        let known = order.pointee.known
        order.pointee.life.state = update.phase.state
        order.pointee.filled =
            update.filled ?? (update.phase == .cancelled || update.phase == .expired ? known : nil)
        order.pointee.average = update.average ?? (update.filled == nil ? order.pointee.average : nil)
        order.pointee.reason.destroy()
        order.pointee.reason = reason
        order.pointee.hasReason = update.reason != nil
        order.pointee.updated = update.time
        if update.phase.isTerminal { end(number) }
    }

    /// Whether what is said of quantities goes with what is known.
    private static func check(_ update: OrderUpdate, _ order: ManagedOrder) throws(OrderFailure) {
        if let filled = update.filled, filled.isNegative { throw .invalid }
        if let average = update.average, average.isNegative { throw .invalid }
        let known = order.known
        switch update.phase {
        case .partiallyFilled:
            guard let filled = update.filled, update.average != nil else { throw .invalid }
            guard filled.isPositive, filled < order.life.quantity, !(filled < known) else { throw .state }
        case .filled:
            guard let filled = update.filled, update.average != nil else { throw .invalid }
            guard filled == order.life.quantity, !(filled < known) else { throw .state }
        case .cancelled, .expired:
            guard update.filled.map({ $0 == known }) ?? true else { throw .state }
        case .rejected:
            guard update.reason != nil else { throw .invalid }
        case .new, .submitted, .acknowledged: break
        }
    }

    // MARK: - Fills

    /// Books a fill into a wallet: both or neither. `false`, and no change, for one that is known and says the same.
    package mutating func fill(
        _ id: OrderId, _ fill: NewFill, _ wallet: inout Wallet, _ problem: inout OrderProblem
    ) throws(OrderFailure) -> Bool {
        let number = try number(id)
        let order = place(number)
        guard order.pointee.symbol.equals(fill.symbol), !fill.quantity.isZero, !fill.price.isNegative,
            !fill.id.isEmpty, order.pointee.side == .sell || !fill.quantity.isNegative
        else { throw .invalid }
        let quantity = fill.quantity.magnitude
        let scope = order.pointee.serial
        if let known = fillClaims.find(scope, fill.id) {
            let booked = fillPlace(UInt32(truncatingIfNeeded: fillClaims.answer(known).0)).pointee
            guard booked.quantity == quantity, booked.price == fill.price, booked.fee == fill.fee else { throw .reused }
            return false
        }
        let life = try life(of: order.pointee, with: fill, quantity, &problem)
        guard let average = life.traded.fittingQuotient(dividingBy: life.filled) else { throw .overflow }
        let row = try makeFill(fill, quantity, scope)
        do throws(OrderFailure) {
            var traded = WalletFill(
                symbol: fill.symbol, signed: order.pointee.side.signed(quantity), price: fill.price)
            traded.fee = fill.fee
            traded.feeCurrency = fill.feeCurrency
            traded.time = fill.time
            wallet.carryOut(try wallet.plan(traded, &problem))
        } catch {
            takeBackFill(row)
            throw error
        }
        attach(row, to: order)
        order.pointee.life = life
        order.pointee.filled = life.filled
        order.pointee.average = average
        order.pointee.updated = fill.time
        if order.pointee.hasReason {
            order.pointee.reason.destroy()
            order.pointee.reason = KeptText()
            order.pointee.hasReason = false
        }
        if life.state.isTerminal { end(number) }
        return true
    }

    /// The life of an order when a fill is booked, which has to be one that it can have.
    private func life(
        of order: ManagedOrder, with fill: NewFill, _ quantity: Decimal, _ problem: inout OrderProblem
    ) throws(OrderFailure) -> OrderLife {
        var life = order.life
        problem.from = order.phase
        problem.need = quantity
        problem.have = life.remaining
        let isFilled = !(quantity < problem.have)
        problem.to = isFilled ? .filled : .partiallyFilled
        guard problem.from.allows(problem.to) else { throw .state }
        if problem.have < quantity, !options.allowsOverfill { throw .exceedsRemaining }
        do throws(TradingFailure) {
            _ = try life.apply(.filled, quantity: quantity, price: fill.price, by: Wallet.arithmetic)
        } catch {
            throw OrderFailure(error)
        }
        return life
    }

    /// Makes the row of a fill, which belongs to no order yet.
    mutating func makeFill(_ fill: NewFill, _ quantity: Decimal, _ scope: UInt64) throws(OrderFailure) -> UInt32 {
        guard firstFreeFill != 0 || fills.count < Int(UInt32.max) - 1 && fills.reserveOne(),
            let currency = KeptText(fill.feeCurrency ?? UnsafeBufferPointer(start: nil, count: 0))
        else { throw .noMemory }
        guard case .claimed(let claim) = fillClaims.claim(scope, fill.id) else {
            currency.destroy()
            throw .noMemory
        }
        fillSequence &+= 1
        let row = ManagedFill(
            quantity: quantity, price: fill.price, fee: fill.fee, feeCurrency: currency,
            hasFeeCurrency: fill.feeCurrency != nil, time: fill.time, sequence: fillSequence, keyRow: claim)
        let number: UInt32
        if firstFreeFill != 0 {
            number = firstFreeFill
            firstFreeFill = fillPlace(number).pointee.next
            fillPlace(number).pointee = row
        } else {
            _ = fills.append(row)
            number = UInt32(truncatingIfNeeded: fills.count)
        }
        fillClaims.setAnswer(claim, UInt64(number))
        return number
    }

    private mutating func takeBackFill(_ number: UInt32) {
        let place = fillPlace(number)
        fillClaims.fail(place.pointee.keyRow)
        place.pointee.feeCurrency.destroy()
        place.pointee.next = firstFreeFill
        firstFreeFill = number
        fillSequence &-= 1
    }

    func attach(_ number: UInt32, to order: UnsafeMutablePointer<ManagedOrder>) {
        if order.pointee.lastFill == 0 {
            order.pointee.firstFill = number
        } else {
            fillPlace(order.pointee.lastFill).pointee.next = number
        }
        order.pointee.lastFill = number
    }
}
