import Decimals
import RiskBase
import Testing

@testable import Controls

struct CancelTests {
    @Test func `may use the last place that new orders may not`() throws {
        let desk = try Desk()
        try desk.limit(
            .messageRate, "rate",
            perSecond("3") {
                $0.own.kinds = [.new, .cancel]
                $0.own.cancelReserve = 1
                $0.own.countsMessages = .passed
            })
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 3 2"])
        #expect(desk.cancel("a") == [])
        #expect(desk.cancel("a") == ["rate rateLimitExceeded 4 3"])
    }

    @Test func `takes a token, of which some are kept for it`() throws {
        let desk = try Desk()
        try desk.limit(
            .messageRate, "rate",
            perSecond("2") {
                $0.own.algorithm = .tokenBucket
                $0.own.kinds = [.new, .cancel]
                $0.own.cancelReserve = 1
            })
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 2 1"])
        #expect(desk.cancel() == [])
        #expect(desk.cancel() == ["rate rateLimitExceeded 3 2"])
    }

    @Test func `has the keys of its order, and those that are given`() throws {
        let desk = try Desk()
        try desk.limit(
            .messageRate, "rate",
            perSecond("1") {
                ($0.own.kinds, $0.scope.keys, $0.scope.each) = (.cancel, .venue, .venue)
            })
        #expect(
            desk.send {
                $0.id = "a"; $0.change = { $0.venue = asset("A") }
            } == [])
        for _ in 0..<2 { #expect(desk.cancel() == []) }
        #expect(desk.cancel("a") == [])
        #expect(desk.cancel { $0.venue = asset("A") } == ["rate rateLimitExceeded 2 1"])
        #expect(desk.cancel { $0.venue = asset("B") } == [])
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        #expect(desk.cancel("a") == ["rate rateLimitExceeded 3 1"])
        #expect(desk.cancel("a", account: 8) == [])
    }

    @Test func `stops the next new order when there are too many for each, never itself`() throws {
        let desk = try Desk()
        try desk.limit(.orderToTrade, "cancels") {
            ($0.own.kinds, $0.own.per, $0.own.minCount, $0.upper) = (.cancel, .new, 2, decimal("1"))
        }
        for _ in 0..<3 { #expect(desk.send(Desk.Ask()) == []) }
        for _ in 0..<4 { #expect(desk.cancel() == []) }
        #expect(desk.send(Desk.Ask()) == [])
        for _ in 0..<2 { #expect(desk.cancel() == []) }
        #expect(desk.send(Desk.Ask()) == ["cancels rateLimitExceeded 1.2 1"])
    }

    @Test func `passes whatever state its key is in`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("0"))
        let isSet = desk.controls.pointee.setState(.halted, of: Scope(), at: desk.now)
        #expect(isSet)
        #expect(desk.cancel() == [])
    }
}
