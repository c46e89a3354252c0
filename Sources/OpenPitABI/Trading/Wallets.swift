import COpenPit
import Decimals
import Trading

extension openpit_order_problem: SizedStruct { static var firstVersionSize: Int { 72 } }
extension openpit_order_fill: SizedStruct { static var firstVersionSize: Int { 120 } }

typealias WalletPlace = UnsafeMutablePointer<Wallet>

extension Status {
    init(_ failure: OrderFailure) {
        switch failure {
        case .invalid: self = .invalidArgument
        case .overflow: self = .arithmeticOverflow
        case .noMemory: self = .limitReached
        case .notFound: self = .notFound
        case .state: self = .orderState
        case .duplicate: self = .duplicateOrder
        case .exceedsRemaining: self = .exceedsRemaining
        case .insufficient: self = .insufficientCash
        case .reused: self = .fillReused
        case .contradiction: self = .contradiction
        }
    }
}

extension openpit_uuid {
    init(_ id: OrderId) { self.init(high: id.high, low: id.low) }
}

extension OrderId {
    init(_ id: openpit_uuid) { self.init(high: id.high, low: id.low) }
}

/// Lets something happen that may tell in the caller's `problem`, if there is one, why it did not.
@inline(__always)
func telling<Result>(
    _ problem: UnsafeMutablePointer<openpit_order_problem>?,
    _ body: (inout OrderProblem) throws(OrderFailure) -> Result
) throws(Status) -> Result {
    let place: Output<openpit_order_problem>? = if let problem { try Output(problem) } else { nil }
    var told = OrderProblem()
    do throws(OrderFailure) {
        return try body(&told)
    } catch {
        place?.fill {
            $0.from = told.from.rawValue
            $0.to = told.to.rawValue
            $0.reserved = 0
            $0.existing = openpit_uuid(told.existing)
            $0.need.fill(told.need)
            $0.have.fill(told.have)
            $0.name = openpit_text(told.name)
        }
        throw Status(error)
    }
}

// MARK: - Ids and amounts

@c @implementation
public func openpit_uuid_make(_ id: UnsafeMutablePointer<openpit_uuid>?) -> openpit_status {
    answer { () throws(Status) in try required(id).pointee = openpit_uuid(OrderId.make()) }
}

@c @implementation
public func openpit_uuid_parse(_ text: openpit_text, _ id: UnsafeMutablePointer<openpit_uuid>?) -> openpit_status {
    answer { () throws(Status) in
        let place = try required(id)
        guard let id = OrderId(parsing: try text.bytes()) else { throw .invalidFormat }
        place.pointee = openpit_uuid(id)
    }
}

@c @implementation
public func openpit_uuid_format(
    _ id: openpit_uuid, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int
) -> openpit_status {
    answer { () throws(Status) in
        let buffer = try required(buffer)
        guard capacity >= OrderId.textLength else { throw .bufferTooSmall }
        buffer.withMemoryRebound(to: UInt8.self, capacity: OrderId.textLength) {
            OrderId(id).write(to: UnsafeMutableBufferPointer(start: $0, count: OrderId.textLength))
        }
    }
}

@c @implementation
public func openpit_amount_parse(
    _ text: openpit_text, _ amount: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let amount = try required(amount)
        let bytes = try text.bytes()
        do throws(ParseFailure) {
            amount.pointee.fill(try Decimal.parseFitting(bytes))
        } catch {
            throw error == .tooLarge ? .arithmeticOverflow : .invalidFormat
        }
    }
}

// MARK: - Wallets

@c @implementation
public func openpit_wallet_create(
    _ quoteCurrency: openpit_text, _ wallet: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try required(wallet)
        let currency = try quoteCurrency.utf8()
        guard !currency.isEmpty else { throw .emptyName }
        let made: Wallet
        do throws(OrderFailure) { made = try Wallet(quoteCurrency: currency) } catch { throw Status(error) }
        wallet.pointee = try WalletPlace.make(made)
    }
}

@c @implementation
public func openpit_wallet_destroy(_ wallet: OpaquePointer?) {
    WalletPlace.end(wallet)
}

@c @implementation
public func openpit_wallet_deposit(
    _ wallet: OpaquePointer?, _ currency: openpit_text, _ amount: openpit_decimal
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try WalletPlace(behind: wallet)
        let currency = try currency.utf8()
        let amount = try Decimal(amount)
        do throws(OrderFailure) { try wallet.pointee.deposit(currency, amount) } catch { throw Status(error) }
    }
}

@c @implementation
public func openpit_wallet_withdraw(
    _ wallet: OpaquePointer?, _ currency: openpit_text, _ amount: openpit_decimal,
    _ problem: UnsafeMutablePointer<openpit_order_problem>?
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try WalletPlace(behind: wallet)
        let currency = try currency.utf8()
        let amount = try Decimal(amount)
        try telling(problem) { (told) throws(OrderFailure) in try wallet.pointee.withdraw(currency, amount, &told) }
    }
}

extension openpit_order_fill {
    /// What the fee is paid in, if that is said.
    func currencyOfFee() throws(Status) -> UnsafeBufferPointer<UInt8>? {
        fee_currency.data == nil && fee_currency.length == 0 ? nil : try fee_currency.utf8()
    }
}

@c @implementation
public func openpit_wallet_fill(
    _ wallet: OpaquePointer?, _ fill: UnsafePointer<openpit_order_fill>?,
    _ problem: UnsafeMutablePointer<openpit_order_problem>?
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try WalletPlace(behind: wallet)
        let given = try read(fill)
        guard given.reserved == 0 else { throw .invalidArgument }
        var fill = WalletFill(
            symbol: try given.symbol.utf8(), signed: try Decimal(given.quantity), price: try Decimal(given.price))
        fill.fee = try Decimal(given.fee)
        fill.feeCurrency = try given.currencyOfFee()
        fill.time = given.time
        try telling(problem) { (told) throws(OrderFailure) in try wallet.pointee.fill(fill, &told) }
    }
}

@c @implementation
public func openpit_wallet_cash_list(
    _ wallet: OpaquePointer?, _ cash: UnsafeMutablePointer<openpit_wallet_cash>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try WalletPlace(behind: wallet)
        let count = try required(count)
        let room = try items(cash.map { UnsafePointer($0) }, capacity)
        // A loop and no closure, which would take memory.
        var found = 0
        for row in 0..<wallet.pointee.cashRows {
            guard let there = wallet.pointee.cash(at: row) else { continue }
            if found < room.count, let cash {
                cash[found].currency = openpit_text(there.name)
                cash[found].amount.fill(there.cash.amount)
            }
            found += 1
        }
        count.pointee = found
    }
}

@c @implementation
public func openpit_wallet_position_list(
    _ wallet: OpaquePointer?, _ positions: UnsafeMutablePointer<openpit_wallet_position>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try WalletPlace(behind: wallet)
        let count = try required(count)
        let room = try items(positions.map { UnsafePointer($0) }, capacity)
        var found = 0
        for row in 0..<wallet.pointee.holdingRows {
            guard let there = wallet.pointee.holding(at: row) else { continue }
            if found < room.count, let positions {
                let held = there.holding
                positions[found].symbol = openpit_text(there.name)
                positions[found].quantity.fill(held.position.quantity)
                positions[found].average.fill(held.position.cost)
                positions[found].realized.fill(held.position.realized)
                positions[found].updated = held.updated
            }
            found += 1
        }
        count.pointee = found
    }
}

@c @implementation
public func openpit_wallet_restore_cash(
    _ wallet: OpaquePointer?, _ cash: UnsafePointer<openpit_wallet_cash>?
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try WalletPlace(behind: wallet)
        let cash = try required(cash).pointee
        let currency = try cash.currency.utf8()
        let amount = try Decimal(cash.amount)
        do throws(OrderFailure) { try wallet.pointee.restoreCash(currency, amount) } catch { throw Status(error) }
    }
}

@c @implementation
public func openpit_wallet_restore_position(
    _ wallet: OpaquePointer?, _ position: UnsafePointer<openpit_wallet_position>?
) -> openpit_status {
    answer { () throws(Status) in
        let wallet = try WalletPlace(behind: wallet)
        let given = try required(position).pointee
        let symbol = try given.symbol.utf8()
        var position = Position(multiplier: Decimal(1 as UInt64))
        position.quantity = try Decimal(given.quantity)
        position.cost = try Decimal(given.average)
        position.realized = try Decimal(given.realized)
        do throws(OrderFailure) {
            try wallet.pointee.restoreHolding(symbol, position, updated: given.updated)
        } catch {
            throw Status(error)
        }
    }
}
