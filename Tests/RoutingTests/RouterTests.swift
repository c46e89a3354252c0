import Decimals
import RiskBase
import TestSupport
import Testing
import Trading

import class Foundation.ProcessInfo

@testable import RiskCore
@testable import Routing

private func number(_ value: Int) -> Decimal { Decimal(Int64(value)) }

private func asset(_ name: String) -> Asset { withBytes(name) { try? NameTable.shared.intern($0) } ?? .none }

/// A router of an engine with spot funds, one account with money and shares, and what both are expected to know.
private final class House {
    static let instrument = Instrument(underlying: asset("AAPL"), settlement: asset("USD"))

    struct Known {
        var isBuy: Bool
        var price: Int
        var quantity: Int
        var filled = 0
        var isOpen = true
        var isReserved = true
        var remaining: Int { max(0, quantity - filled) }
    }

    let engine: Engine
    let router: UnsafeMutablePointer<Router>
    var account = AccountId(1)
    /// How many orders the router had before this account came.
    private var before = 0
    var known: [Known] = []
    var usd: Int
    var shares: Int

    init(usd: Int, shares: Int, _ options: Router.Options = Router.Options()) throws {
        (self.usd, self.shares) = (usd, shares)
        var builder = EngineBuilder(.none)
        try builder.addSpotFunds(SpotFundsOptions())
        engine = try builder.build()
        router = .allocate(capacity: 1)
        router.initialize(to: try Router.make(engine, options))
        try begin(account, usd: usd, shares: shares)
    }

    /// Goes on with an account of its own.
    func begin(_ account: AccountId, usd: Int, shares: Int) throws {
        (self.account, self.usd, self.shares) = (account, usd, shares)
        before = router.pointee.orderCount
        known = []
        try fund("USD", usd)
        try fund("AAPL", shares)
    }

    /// The number of an order of this account, from 0, as the router has it.
    func place(of order: Int) -> UInt64 { UInt64(before + order) + 1 }

    deinit {
        router.deinitialize(count: 1)
        router.deallocate()
        engine.release()
    }

    private func fund(_ name: String, _ amount: Int) throws {
        let adjustment = AccountAdjustment(
            operation: .balance(AccountAdjustment.Balance(asset: asset(name))),
            balance: BoundedChange(.absolute(number(amount))))
        try withUnsafePointer(to: adjustment) {
            _ = try engine.apply(UnsafeBufferPointer(start: $0, count: 1), to: account, into: nil)
        }
    }

    func submit(_ id: String, isBuy: Bool = true, quantity: Int, price: Int, at now: Int64 = 0) throws -> Routed {
        var order = Order(
            account: account, instrument: Self.instrument, side: isBuy ? .buy : .sell,
            amount: .quantity(number(quantity)), price: number(price))
        let routed = try withBytes(id) { (bytes) throws in
            order.clientOrderId = bytes
            return try router.pointee.submit(&order, at: now, into: nil)
        }
        if routed.verdict == .send { known.append(Known(isBuy: isBuy, price: price, quantity: quantity)) }
        return routed
    }

    @discardableResult
    func happen(
        _ event: OrderEvent, _ order: Int, execution: String = "", quantity: Int = 0, price: Int = 0
    ) throws -> Routed {
        try withBytes(execution) { (bytes) throws in
            var told = RouteEvent(event, of: place(of: order))
            told.execution = bytes
            told.quantity = Decimal(Int64(quantity))
            told.price = Decimal(Int64(price))
            return try router.pointee.apply(told, into: nil)
        }
    }

    /// What open orders have set aside of money and shares is what is left of them, what there is in all is what was traded, and
    /// both sides count the same orders.
    func isRight() throws -> Bool {
        let open = known.filter(\.isOpen)
        let (buys, sells) = (open.filter(\.isBuy), open.filter { !$0.isBuy })
        let money = try engine.holding(of: account, asset("USD"))
        let stock = try engine.holding(of: account, asset("AAPL"))
        let heldMoney = buys.reduce(0) { $0 + $1.remaining * $1.price }
        let heldStock = sells.reduce(0) { $0 + $1.remaining }
        guard let allMoney = money.balance.adding(money.held), let allStock = stock.balance.adding(stock.held) else {
            return false
        }
        return money.held == number(heldMoney) && stock.held == number(heldStock)
            && money.incoming == number(sells.reduce(0) { $0 + $1.remaining * $1.price })
            && stock.incoming == number(buys.reduce(0) { $0 + $1.remaining })
            && allMoney == number(usd) && allStock == number(shares) && router.pointee.openCount == open.count
            && router.pointee.reservedCount == known.filter(\.isReserved).count
    }
}

private func fault(_ body: () throws -> Void) -> String {
    do {
        try body()
        return "none"
    } catch {
        return "\(error)"
    }
}

struct RouterTests {
    @Test func `an order goes from its check to its last fill, and the engine with it`() throws {
        let house = try House(usd: 1000, shares: 0)
        let sent = try house.submit("a", quantity: 10, price: 50)
        #expect(sent.verdict == .send && sent.order == 1 && sent.state == .submitted && sent.effects == .send)
        #expect(try house.isRight())
        try house.happen(.acknowledged, 0)
        house.known[0].isReserved = false
        #expect(try house.isRight())
        #expect(try house.happen(.filled, 0, execution: "x", quantity: 4, price: 40).state == .partiallyFilled)
        (house.known[0].filled, house.usd, house.shares) = (4, 1000 - 160, 4)
        #expect(try house.isRight())
        #expect(try house.happen(.filled, 0, execution: "x", quantity: 4, price: 40).verdict == .known)
        #expect(try house.happen(.filled, 0, execution: "y", quantity: 6, price: 50).state == .filled)
        (house.known[0].isOpen, house.usd, house.shares) = (false, 840 - 300, 10)
        #expect(try house.isRight())
    }

    @Test(arguments: [(9, true), (10, true), (11, false)])
    func `an order below, of and above what there is`(quantity: Int, isSent: Bool) throws {
        let house = try House(usd: 1000, shares: 0)
        let routed = try house.submit("a", quantity: quantity, price: 100)
        #expect((routed.verdict == .send) == isSent && (routed.verdict == .rejected) == !isSent)
        #expect(try house.isRight())
        // What a control rejects does not use its id up.
        if !isSent { #expect(try house.submit("a", quantity: 1, price: 100).verdict == .send) }
    }

    @Test(arguments: [OrderEvent.rejected, .cancelled, .expired], [false, true])
    func `the end of an order gives back what is left`(event: OrderEvent, isAcknowledged: Bool) throws {
        let house = try House(usd: 1000, shares: 0)
        _ = try house.submit("a", quantity: 10, price: 50)
        if isAcknowledged { try house.happen(.acknowledged, 0) }
        #expect(try house.happen(event, 0).effects.contains(.release))
        (house.known[0].isOpen, house.known[0].isReserved) = (false, false)
        #expect(try house.isRight())
    }

    @Test func `an unknown outcome keeps its reservation until the venue says what became of it`() throws {
        let house = try House(usd: 1000, shares: 0)
        _ = try house.submit("a", quantity: 10, price: 100)
        #expect(try house.happen(.lost, 0).state == .unknown)
        #expect(try house.isRight() && house.submit("b", quantity: 1, price: 100).verdict == .rejected)
        try house.happen(.filled, 0, execution: "x", quantity: 3, price: 100)
        house.known[0].isReserved = false
        (house.known[0].filled, house.usd, house.shares) = (3, 700, 3)
        #expect(try house.isRight())
        try house.happen(.cancelled, 0)
        house.known[0].isOpen = false
        #expect(try house.isRight() && house.submit("b", quantity: 7, price: 100).verdict == .send)
    }

    @Test func `a fill that comes late, or is too large, moves the money and leaves no hole`() throws {
        let house = try House(usd: 1000, shares: 0)
        _ = try house.submit("a", quantity: 2, price: 100)
        try house.happen(.acknowledged, 0)
        try house.happen(.cancelRequested, 0)
        try house.happen(.cancelled, 0)
        (house.known[0].isOpen, house.known[0].isReserved) = (false, false)
        let late = try house.happen(.filled, 0, execution: "x", quantity: 1, price: 90)
        #expect(late.state == .cancelled && late.effects == [.settle, .late])
        (house.usd, house.shares) = (910, 1)
        #expect(try house.isRight())
        _ = try house.submit("b", quantity: 2, price: 100)
        let over = try house.happen(.filled, 1, execution: "x", quantity: 5, price: 100)
        #expect(over.state == .filled && over.effects.contains(.overfilled))
        (house.known[1].isOpen, house.known[1].isReserved, house.usd, house.shares) = (false, false, 410, 6)
        #expect(try house.isRight())
    }

    @Test func `a client order id is taken once in its account, and as long as the window says`() throws {
        var options = Router.Options()
        options.ids.window = 100
        let house = try House(usd: 1000, shares: 0, options)
        #expect(try house.submit("a", quantity: 1, price: 1, at: 10).verdict == .send)
        let again = try house.submit("a", quantity: 1, price: 1, at: 110)
        #expect(again.verdict == .duplicate && again.order == 1 && again.state == .submitted)
        #expect(try house.submit("a", quantity: 1, price: 1, at: 111).order == 2)
        #expect(try house.isRight())
    }

    @Test func `what cannot happen is refused, and nothing has`() throws {
        let house = try House(usd: 1000, shares: 0)
        _ = try house.submit("a", quantity: 2, price: 100)
        for event in [OrderEvent.accepted, .submitted, .replaced, .busted, .closed] {
            #expect(fault { try house.happen(event, 0) } == "invalid")
        }
        #expect(fault { try house.happen(.cancelRejected, 0) } == "state")
        #expect(fault { try house.happen(.acknowledged, 1) } == "notFound")
        #expect(fault { try house.happen(.filled, 0, execution: "x") } == "invalid")
        // The id of what came to nothing is free.
        #expect(try house.happen(.filled, 0, execution: "x", quantity: 1, price: 100).verdict == .settled)
        var order = Order(account: AccountId(1), instrument: House.instrument, side: .buy, amount: .volume(number(1)))
        #expect(fault { _ = try house.router.pointee.submit(&order, at: 0, into: nil) } == "invalid")
    }

    private static var histories: Int {
        ProcessInfo.processInfo.environment["OPENPIT_ORDER_HISTORIES"].flatMap { Int($0) } ?? 400
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `open orders equal reservations, and money is conserved, whatever happens`(part: UInt64) throws {
        let count = Self.histories / 4 + 1
        for first in stride(from: 0, to: count, by: 250) {
            let house = try House(usd: 0, shares: 0)
            for history in first..<min(first + 250, count) { try play(part << 32 | UInt64(history), house) }
        }
    }

    /// Orders, answers in any order, losses, duplicates and late fills; and at the end every order that is open is cancelled.
    private func play(_ seed: UInt64, _ house: House) throws {
        var dice = SplitMix64(seed: seed)
        try house.begin(AccountId(seed + 2), usd: 2000, shares: 20)
        for step in 1...24 {
            let action = dice.next(below: 10)
            if action < 3 || house.known.isEmpty {
                let id = "\(dice.next(below: 12))"
                let isBuy = dice.next(below: 2) == 0
                let before = house.known.count
                let routed = try house.submit(
                    id, isBuy: isBuy, quantity: Int(dice.next(below: 9)) + 1, price: Int(dice.next(below: 90)) + 1)
                #expect((house.known.count > before) == (routed.verdict == .send))
            } else {
                try answer(house, &dice)
            }
            guard try step % 4 != 0 || house.isRight() else {
                Issue.record("seed \(seed), step \(step)")
                return
            }
        }
        for order in house.known.indices where house.known[order].isOpen {
            try house.happen(.cancelled, order)
            (house.known[order].isOpen, house.known[order].isReserved) = (false, false)
        }
        if try !house.isRight() || house.router.pointee.openCount != 0 { Issue.record("seed \(seed), the end") }
    }

    private func answer(_ house: House, _ dice: inout SplitMix64) throws {
        let order = Int(dice.next(below: UInt64(house.known.count)))
        let known = house.known[order]
        let event = dice.element(
            of: [.filled, .filled, .filled, .acknowledged, .lost, .cancelRequested, .cancelRejected] as [OrderEvent]
                + [.cancelled, .expired, .rejected])
        let (quantity, price) = (Int(dice.next(below: 5)) + 1, Int(dice.next(below: 90)) + 1)
        let routed: Routed
        do throws(RouteFailure) {
            let execution = "\(dice.next(below: 8))"
            routed = try withBytes(execution) { (bytes) throws(RouteFailure) in
                var told = RouteEvent(event, of: house.place(of: order))
                if event == .filled {
                    (told.execution, told.quantity, told.price) = (bytes, number(quantity), number(price))
                }
                return try house.router.pointee.apply(told, into: nil)
            }
        } catch {
            return
        }
        if routed.verdict == .known { return }
        switch event {
        case .filled:
            house.known[order].filled += quantity
            house.usd += (known.isBuy ? -1 : 1) * quantity * price
            house.shares += (known.isBuy ? 1 : -1) * quantity
            if known.isOpen { house.known[order].isReserved = false }
            if house.known[order].remaining == 0 { house.known[order].isOpen = false }
        case .acknowledged: if known.isOpen { house.known[order].isReserved = false }
        case .cancelled, .expired, .rejected:
            (house.known[order].isOpen, house.known[order].isReserved) = (false, false)
        default: break
        }
    }
}
