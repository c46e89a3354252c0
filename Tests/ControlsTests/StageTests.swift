import Decimals
import RiskBase
import Testing

@testable import Controls

/// When stages are entered and left, and what they do to orders.
struct StageTests {
    /// A net position of AAPL between -100 and 100, for each account.
    private func net(_ limit: inout Limit) {
        (limit.lower, limit.upper) = (decimal("-100"), decimal("100"))
        limit.scope.keys = [.account, .instrument]
        limit.scope.each = [.account, .instrument]
    }

    private func stage(_ limit: inout Limit, _ at: String, _ action: LimitAction = .notify) {
        limit.stages[limit.stageCount] = Limit.Stage(at: decimal(at), action: action)
        limit.stageCount += 1
        limit.throttle = Limit.Throttle(upper: 1, window: 10_000_000_000)
    }

    @Test func `an order of the other side does not leave a stage`() throws {
        let desk = try Desk()
        try desk.limit(.positionNet, "net") {
            net(&$0)
            stage(&$0, "0.8")
        }
        #expect(desk.send { $0.quantity = "80" } == [])
        #expect(desk.events() == ["warn net 80 0.8"])
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "1") } == [])
        #expect(desk.events() == [])
    }

    @Test func `an order the limit does not look at does not leave a stage`() throws {
        let desk = try Desk()
        try desk.limit(.positionNet, "net") {
            net(&$0)
            stage(&$0, "0.8")
        }
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "80")) }
        #expect(desk.events().last == "warn net 80 0.8")
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "1") } == [])
        #expect(desk.events() == [])
    }

    @Test func `an order that reduces is not throttled by a stage of a book`() throws {
        let desk = try Desk()
        try desk.limit(.positionNet, "net") {
            net(&$0)
            stage(&$0, "0.8", .throttle)
        }
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "80")) }
        #expect(desk.send { $0.quantity = "1" } == [])
        #expect(desk.send { $0.quantity = "1" } == ["net rateLimitExceeded - -"])
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "1") } == [])
    }

    @Test func `a stage that throttles lets nothing pass for which data is missing`() throws {
        let desk = try Desk()
        try desk.limit(.grossExposure, "gross") {
            ($0.upper, $0.currency) = (decimal("1000"), asset("USD"))
            stage(&$0, "0.5", .throttle)
        }
        #expect(desk.send { ($0.quantity, $0.price) = ("5", "100") } == [])
        #expect(desk.send { $0.price = nil } == ["gross markPriceUnavailable - -"])
    }

    @Test func `a stage is not left because the value is no number`() throws {
        let desk = try MoneyDesk(equities: [7: "1000"])
        desk.reserveEvents()
        let name = desk.limit(.leverage, each: .account, upper: "2") {
            $0.stages[0] = Limit.Stage(at: decimal("0.5"), action: .reduceOnly)
            $0.stageCount = 1
            $0.release = .auto
        }
        desk.quote("100")
        desk.hold("15", at: "100")
        #expect(desk.status(name, account: 7)?.stage == decimal("0.5"))
        desk.quote("10")
        #expect(desk.used(name, account: 7) == nil)
        #expect(desk.status(name, account: 7)?.stage == decimal("0.5"))
        #expect(desk.status(name, account: 7)?.state == .reducing)
    }

    @Test func `a state of a breach ends with it, whatever stages that only tell are entered`() throws {
        let desk = try Desk()
        try desk.limit(.positionHeld, "held") {
            ($0.upper, $0.action, $0.release) = (decimal("100"), .reduceOnly, .auto)
            $0.scope.keys = [.account, .instrument]
            $0.scope.each = [.account, .instrument]
            stage(&$0, "0.8")
        }
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "101")) }
        #expect(desk.send() == ["held instrumentRestricted - -"])
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .sell, ("100", "11")) }
        #expect(desk.status("held") == ["90 - 10"])
        #expect(desk.send() == [])
    }
}
