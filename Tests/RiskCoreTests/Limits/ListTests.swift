import Controls
import RiskBase
import Testing

@testable import RiskCore

struct ListTests {
    private func engine(_ upper: String = "100") throws -> LimitedEngine {
        try LimitedEngine([
            limit(.positionNet, "pos", upper: upper) {
                ($0.scope.keys, $0.scope.each) = (
                    [KeySet(.account), KeySet(.instrument)], [KeySet(.account), KeySet(.instrument)]
                )
            },
            limit(.messageRate, "rate", upper: "100"),
        ])
    }

    @Test func `undoes all orders when one is rejected, but for what was counted`() throws {
        let engine = try engine()
        let answer = try engine.send(list: ["60@10", "41@10", "1@10"])
        #expect(answer.reservation == nil)
        #expect(answer.count == 2)
        #expect(engine.rejects(0) == [])
        #expect(engine.rejects(1) == ["pos positionLimitExceeded 101 100"])
        #expect(try engine.used("pos") == "0")
        #expect(try engine.used("rate") == "2")
    }

    @Test func `has one reservation for all orders, and a number for each`() throws {
        let engine = try engine()
        let ids = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: 2)
        defer { ids.deallocate() }
        let answer = try engine.send(list: ["60@10", "40@10"], ids: ids)
        let reservation = try #require(answer.reservation)
        #expect(try engine.used("pos") == "100")
        #expect(Set([ids[0], ids[1], reservation]).count == 3)
        #expect(throws: EngineError.alreadyFinalized) { try engine.engine.commit(ids[0]) }
        try engine.engine.commit(reservation)
        var report = ExecutionReport(account: AccountId(1))
        report.orderId = ids[0]
        report.event = .cancelled
        try engine.engine.apply(&report, into: nil)
        #expect(try engine.used("pos") == "40")
        let later = try engine.send(list: ["10@10"], ids: ids)
        #expect(try engine.used("pos") == "50")
        try engine.engine.rollback(try #require(later.reservation))
        #expect(try engine.used("pos") == "40")
    }

    @Test(arguments: [(0, false), (1, true), (64, true), (65, false)])
    func `takes from one order to sixty-four`(count: Int, isTaken: Bool) throws {
        let engine = try engine()
        let list = Array(repeating: "1@10", count: count)
        guard isTaken else {
            #expect(throws: EngineError.notAllowed) { try engine.send(list: list) }
            return #expect(try engine.used("rate") == "0")
        }
        let reservation = try #require(try engine.send(list: list).reservation)
        #expect(try engine.used("pos") == "\(count)")
        // It is found where it is kept, too.
        engine.engine.state.pointee.frames.packWaiting()
        try engine.engine.rollback(reservation)
        #expect(try engine.used("pos") == "0")
    }

    @Test func `takes back the funds that its orders hold`() throws {
        let engine = try LimitedEngine([limit(.messageRate, "rate", upper: "1")], [.spotFunds()])
        let before = try engine.send(list: ["1@10", "1@10"])
        #expect(before.reservation == nil)
        #expect(before.count >= 1)
    }
}

struct RepeatedOrderTests {
    private func engine() throws -> LimitedEngine {
        try LimitedEngine(
            [
                limit(.clientOrderId, "ids") { $0.own.onRepeat = .answer },
                limit(.orderQuantity, "size", upper: "10"),
                limit(.messageRate, "rate", upper: "100"),
                limit(.workingOrders, "open", upper: "2"),
            ], [.rateLimit([RateLimitBarrier(.broker, 100)])])
    }

    @Test func `answers the same order as before, and does nothing`() throws {
        let engine = try engine()
        #expect(try engine.send("5@10", id: "a") == [])
        #expect(!engine.isRepeated)
        for amount in ["5@10", "5.0@10"] {
            #expect(try engine.send(amount, id: "a") == [])
            #expect(engine.isRepeated)
        }
        #expect(try engine.send("6@10", id: "a") == ["ids duplicateClientOrderId"])
        #expect(!engine.isRepeated)
        #expect(try engine.used("rate") == "2")
        #expect(try engine.used("open") == "1")
    }

    @Test func `repeats the rejects of either stage with their numbers`() throws {
        let engine = try engine()
        for _ in 0..<2 { #expect(try engine.send("11@10", id: "b") == ["size orderQtyExceedsLimit 11 10"]) }
        #expect(engine.isRepeated)
        for id in ["c", "d"] as [StaticString] { #expect(try engine.send(id: id) == []) }
        for _ in 0..<2 { #expect(try engine.send(id: "e") == ["open riskLimitExceeded 3 2"]) }
        #expect(engine.isRepeated)
        #expect(try engine.used("rate") == "4")
    }

    @Test func `tells a question the same, and forgets an answer with a rollback`() throws {
        let engine = try engine()
        var order = limited("5@10", "a")
        let reservation = try engine.engine.executePreTrade(&order, into: engine.findings[0])
        #expect(try engine.engine.dryRun(&order, throughMainStage: true, into: engine.findings[0]))
        #expect(engine.isRepeated)
        try engine.engine.rollback(try #require(reservation))
        #expect(try engine.send("5@10", id: "a") == [])
        #expect(!engine.isRepeated)
    }

    @Test func `gives no answer as long as there is none`() throws {
        let engine = try engine()
        var order = limited("5@10", "a")
        let request = try #require(try engine.engine.startPreTrade(&order, into: engine.findings[0]))
        #expect(try engine.send("5@10", id: "a") == ["ids duplicateClientOrderId"])
        #expect(try engine.engine.execute(request: request, into: engine.findings[0]) != nil)
        #expect(try engine.send("5@10", id: "a") == [])
        #expect(engine.isRepeated)
    }
}

struct CancelTests {
    @Test func `refuses a cancel by a rate of cancels only`() throws {
        let engine = try LimitedEngine([limit(.messageRate, "cancels", upper: "2") { $0.own.kinds = .cancel }])
        for _ in 0..<2 { #expect(try engine.engine.checkCancel(Cancel(), of: AccountId(1), into: engine.findings[0])) }
        #expect(try !engine.engine.checkCancel(Cancel(), of: AccountId(1), into: engine.findings[0]))
        #expect(engine.rejects() == ["cancels rateLimitExceeded 3 2"])
        #expect(try engine.send() == [])
    }

    @Test func `lets every cancel pass where nobody counts them`() throws {
        let engine = try LimitedEngine([limit(.messageRate, "rate", upper: "0")])
        #expect(try engine.engine.checkCancel(Cancel(), of: AccountId(1), into: engine.findings[0]))
        #expect(try engine.used("rate") == "0")
    }

    @Test func `counts what policies refuse as rejects, once each`() throws {
        let engine = try LimitedEngine(
            [limit(.rejectRate, "bad", upper: "1")],
            [.orderValidation(), .orderSize([OrderSizeBarrier(.broker, quantity: "5")])])
        for _ in 0..<2 { #expect(try engine.send("6@10").count == 1) }
        #expect(try engine.send() == ["bad rateLimitExceeded 2 1"])
        #expect(try engine.used("bad") == "2")
    }
}
