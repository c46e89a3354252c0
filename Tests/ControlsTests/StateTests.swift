import Decimals
import RiskBase
import Testing

@testable import Controls

struct StateTests {
    private func ofEachAccount(_ limit: inout Limit) {
        (limit.scope.keys, limit.scope.each) = (.account, .account)
    }

    private func scope(account: UInt32) -> Scope {
        var scope = Scope()
        scope.keys = .account
        scope.values[.account] = account
        return scope
    }

    @Test func `tells each order that reaches a stage, and each that passes a bound that is only told`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") {
            $0.upper = decimal("10")
            $0.action = .notify
            $0.stages[0] = Limit.Stage(at: decimal("0.8"), action: .notify)
            $0.stageCount = 1
        }
        #expect(desk.send { $0.quantity = "7.9" } == [])
        #expect(desk.events() == [])
        #expect(desk.send { $0.quantity = "8" } == [])
        #expect(desk.events() == ["warn size 8 0.8"])
        #expect(desk.send { $0.quantity = "11" } == [])
        #expect(desk.events() == ["warn size 11 0.8", "breach size 11"])
    }

    @Test func `halts exactly the account whose row was passed, and wants its orders cancelled`() throws {
        let desk = try Desk()
        try desk.limit(.workingOrders, "open") {
            ofEachAccount(&$0)
            ($0.upper, $0.action) = (decimal("2"), .halt)
        }
        for id in ["a", "b"] { #expect(desk.send { $0.id = id } == []) }
        #expect(desk.send { $0.id = "c" } == ["open riskLimitExceeded 3 2"])
        #expect(desk.events() == ["state open HALTED"])
        #expect(desk.intents() == ["cancel a 1", "cancel b 1"])
        #expect(desk.send { $0.id = "d" } == ["open accountBlocked - -"])
        #expect(desk.send { ($0.account, $0.id) = (8, "d") } == [])
        #expect(desk.controls.pointee.state(of: scope(account: 7)) == .halted)
    }

    @Test func `lets only what reduces through while a key is reducing`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("100") }
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "5")) }
        let isSet = desk.controls.pointee.setState(.reducing, of: scope(account: 7), at: desk.now)
        #expect(isSet)
        #expect(desk.send(Desk.Ask()) == ["Engine accountBlocked - -"])
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "6") } == ["Engine accountBlocked - -"])
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "5") } == [])
    }

    @Test func `ends by a release only what stands at exactly that key`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("100") }
        for (state, scope) in [(TradingState.reducing, Scope()), (.halted, scope(account: 7))] {
            let isSet = desk.controls.pointee.setState(state, of: scope, at: desk.now)
            #expect(isSet)
        }
        let released = desk.controls.pointee.release(scope(account: 7), role: .none, limit: .none, at: desk.now) { _ in
        }
        #expect(released.was == .halted)
        #expect(released.now == .active)
        #expect(desk.controls.pointee.state(of: scope(account: 7)) == .reducing)
    }

    @Test func `throttles what passes a bound`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") {
            ($0.upper, $0.action) = (decimal("10"), .throttle)
            ($0.throttle.upper, $0.throttle.window) = (2, 1_000_000_000)
        }
        for _ in 0..<2 { #expect(desk.send { $0.quantity = "11" } == []) }
        desk.now += 400_000_000
        #expect(desk.send { $0.quantity = "11" } == ["size rateLimitExceeded 11 10"])
        #expect(desk.send { $0.quantity = "10" } == [])
        desk.now += 600_000_000
        #expect(desk.send { $0.quantity = "11" } == [])
    }
}
