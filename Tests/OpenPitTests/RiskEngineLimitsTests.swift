import OpenPit
import Testing

struct RiskEngineLimitsTests {
    let account = AccountId(7)

    private func engine(_ limits: [RiskLimit]) throws -> RiskEngine {
        var builder = RiskEngine.Builder()
        try builder.addOrderValidation()
        for limit in limits { try builder.add(limit) }
        return try builder.build()
    }

    private func order(_ quantity: Decimal, _ instrument: String = "AAPL", side: Side = .buy) throws -> Order {
        Order(
            account: account, instrument: try Instrument(instrument, "USD"), side: side, amount: .quantity(quantity),
            price: 100)
    }

    private func size(_ upper: Decimal, _ scope: LimitScope = LimitScope()) throws -> RiskLimit {
        try RiskLimit(.orderQuantity, name: "size", scope: scope, upper: upper)
    }

    private func rejects(_ engine: RiskEngine, _ order: Order) throws -> [String] {
        try engine.execute(order).rejects.map { "\($0.policy) \($0.code)" }
    }

    @Test(arguments: [(Decimal(9), true), (10, true), (Decimal(11), false)])
    func `a limit takes its bound and rejects the next step, with its name`(quantity: Decimal, passes: Bool) throws {
        #expect(
            try rejects(engine([size(10)]), order(quantity)) == (passes ? [] : ["size orderQtyExceedsLimit"]))
    }

    @Test func `a strict limit is breached at its bound, and an unlimited one never`() throws {
        var strict = try size(10)
        strict.isStrict = true
        #expect(try rejects(engine([strict]), order(10)).count == 1)
        var free = try RiskLimit(.orderQuantity, name: "free")
        free.isUnlimited = true
        #expect(try rejects(engine([free]), order(1_000_000)).isEmpty)
    }

    @Test func `a scope has values, or stands for each of them`() throws {
        let apple = try Instrument("AAPL", "USD")
        let engine = try engine([size(10, .instrument(apple))])
        #expect(try rejects(engine, order(11)).count == 1)
        #expect(try rejects(engine, order(11, "MSFT")).isEmpty)
        let other = try self.engine([size(10, .account(AccountId(8)))])
        #expect(try rejects(other, order(11)).isEmpty)
        let each = try self.engine([
            RiskLimit(.workingOrders, name: "open", scope: .each(.account, .instrument), upper: 1)
        ])
        let first = try #require(try each.execute(order(1)).accepted)
        try first.commit()
        #expect(try rejects(each, order(1)).count == 1)
        #expect(try rejects(each, order(1, "MSFT")).isEmpty)
        let use = try each.limits()
        #expect(use.map(\.scope.accountId) == [account, account])
        #expect(use.map(\.scope.instrumentId).contains(apple))
        #expect(use.map(\.used) == [1, 0] || use.map(\.used) == [0, 1] || use.map(\.used) == [1, 1])
        #expect(use.allSatisfy { $0.name == "open" && $0.metric == .workingOrders && $0.upper == 1 })
    }

    @Test func `an explanation says what every limit makes of an order, and changes nothing`() throws {
        let engine = try engine([size(10), RiskLimit(.workingOrders, name: "open", upper: 5)])
        let told = try engine.explain(order(11))
        #expect(!told.passes && told.state == .active)
        #expect(told.rejects.map(\.policy) == ["size"])
        #expect(told.looks.map(\.name) == ["size", "open"])
        #expect(told.looks.map(\.verdict) == [.reject, .pass])
        #expect(told.looks[0].value == 11 && told.looks[0].upper == 10 && told.looks[0].headroom == -1)
        #expect(told.looks[0].code == .orderQtyExceedsLimit)
        #expect(try engine.limits().map(\.used) == [nil, 0])
        #expect(try engine.explain(order(10)).passes)
    }

    @Test func `limits change while an engine runs, all or none`() throws {
        let engine = try engine([size(10), RiskLimit(.workingOrders, name: "open", upper: 0)])
        #expect(try engine.changeLimits(set: [size(20)], remove: ["open"]))
        #expect(try rejects(engine, order(20)).isEmpty)
        #expect(try rejects(engine, order(21)) == ["size orderQtyExceedsLimit"])
        #expect(try engine.takeEvent()?.kind == .change)
        #expect(try engine.takeEvent() == nil && engine.eventsDropped == 0)
        var wrong = try RiskLimit(.orderQuantity, name: "wrong")
        #expect(throws: LimitError.self) { try engine.changeLimits(set: [wrong], replacesAll: true) }
        #expect(throws: LimitError.self) { try engine.changeLimits(effectiveFrom: 5, revertAt: 5) }
        wrong.isUnlimited = true
        #expect(try engine.changeLimits(set: [wrong], replacesAll: true))
        #expect(try engine.limits().map(\.name) == ["wrong"])
    }

    @Test func `a limit that cannot be says why`() throws {
        var builder = RiskEngine.Builder()
        let wrong = try RiskLimit(.orderQuantity, name: "wrong", lower: 2, upper: 1)
        #expect {
            try builder.add(wrong)
        } throws: {
            guard case .invalid("wrong", let problem) = $0 as? LimitError else { return false }
            return problem.contains("lower bound")
        }
        #expect(throws: NameError.self) { try RiskLimit(.orderQuantity, name: " ") }
    }

    @Test func `states are set, met and released`() throws {
        let engine = try engine([size(10)])
        try engine.setState(.reducing, of: .account(account))
        #expect(try engine.state(of: .account(account)) == .reducing)
        #expect(try engine.state() == .active)
        #expect(try rejects(engine, order(1)).count == 1)
        let released = try engine.release(.account(account))
        #expect(released.was == .reducing && released.now == .active && !released.isRefused)
        #expect(released.causes == ["Engine"])
        #expect(try rejects(engine, order(1)).isEmpty)
    }

    @Test func `a latch that asks for a role is released by who names it`() throws {
        var open = try RiskLimit(.workingOrders, name: "open", scope: .each(.account), upper: 0, action: .halt)
        open.releaseRole = try Asset("risk")
        let engine = try engine([open])
        #expect(try rejects(engine, order(1)).count == 1)
        #expect(try engine.release(.account(account)).isRefused)
        #expect(try engine.state(of: .account(account)) == .halted)
        let released = try engine.release(.account(account), role: Asset("risk"))
        #expect(!released.isRefused && released.causes == ["open"] && released.now == .active)
    }

    @Test func `a number from outside is judged, and missed when it is gone`() throws {
        var figure = try RiskLimit(.suppliedFigure, name: "stress", upper: 100)
        figure.figure = try Asset("stress")
        figure.currency = try Asset("USD")
        figure.setMaxAge(.seconds(60), of: .figure)
        let engine = try engine([figure])
        #expect(try rejects(engine, order(1)) == ["stress referenceDataUnavailable"])
        try engine.setInput(.figure, of: .firm, to: 50, figure: figure.figure)
        #expect(try rejects(engine, order(1)).isEmpty)
        try engine.setInput(.figure, of: .firm, to: 101, figure: figure.figure)
        #expect(try rejects(engine, order(1)) == ["stress riskLimitExceeded"])
        try engine.clearInput(.figure, of: .firm, figure: figure.figure)
        #expect(try rejects(engine, order(1)) == ["stress referenceDataUnavailable"])
    }

    @Test func `a metric that is required has to have a limit`() throws {
        var builder = RiskEngine.Builder()
        try builder.add(size(10))
        try builder.require(.orderNotional)
        #expect(try rejects(builder.build(), order(1)) == ["require riskConfigurationMissing"])
    }

    @Test func `stages rise, and parameters take what is theirs`() throws {
        var limit = try RiskLimit(.priceCollar, name: "collar", upper: 1)
        let stages = [limit.addStage(at: 1, .notify), limit.addStage(at: 1, .reject), limit.addStage(at: 2, .reject)]
        #expect(stages == [true, false, true])
        let taken = [
            limit.set(.side, to: ParameterSide.both), limit.set(.side, to: 99),
            limit.set(.reference, to: ParameterReference.mark), limit.set(.reference, to: 0x44),
            limit.set(.minVolume, to: 1),
        ]
        #expect(taken == [true, false, true, false, false])
        limit.window = .milliseconds(250)
        #expect(limit.window == .milliseconds(250))
        limit.window = .zero
        #expect(limit.window == nil)
    }

    /// An order with everything that a scope can name.
    private func full(_ quantity: Decimal) throws -> Order {
        var order = try order(quantity)
        (order.strategy, order.trader) = (try Asset("s"), try Asset("t"))
        (order.session, order.venue) = (try Asset("e"), try Asset("v"))
        return order
    }

    @Test func `a scope names each of its keys, and is about no other value of it`() throws {
        let (usd, apple) = (try Asset("USD"), try Asset("AAPL"))
        let pairs: [(ScopeKey, LimitScope, LimitScope, Asset)] = [
            (.strategy, LimitScope().strategy(try Asset("s")), LimitScope().strategy(usd), try Asset("s")),
            (.trader, LimitScope().trader(try Asset("t")), LimitScope().trader(usd), try Asset("t")),
            (.session, LimitScope().session(try Asset("e")), LimitScope().session(usd), try Asset("e")),
            (.venue, LimitScope().venue(try Asset("v")), LimitScope().venue(usd), try Asset("v")),
            (.underlying, LimitScope().underlying(apple), LimitScope().underlying(usd), apple),
            (.settlement, LimitScope().settlement(usd), LimitScope().settlement(apple), usd),
        ]
        for (key, own, other, name) in pairs {
            #expect(own.has(key) && !own.isEach(key) && own.name(of: key) == name, "\(key)")
            #expect(try rejects(engine([size(10, own)]), full(11)).count == 1, "\(key)")
            #expect(try rejects(engine([size(10, other)]), full(11)).isEmpty, "\(key)")
            let each = LimitScope.each(key)
            #expect(each.has(key) && each.isEach(key) && each.name(of: key).name.isEmpty, "\(key)")
            #expect(try rejects(engine([size(10, each)]), full(11)).count == 1, "\(key)")
        }
    }

    @Test func `a scope is of a group, and of a class`() throws {
        let group = try AccountGroupId(5)
        let scope = LimitScope().group(group)
        #expect(scope.groupId == group && scope.accountId == nil && LimitScope.each(.group).groupId == nil)
        let engine = try engine([size(10, scope)])
        #expect(try rejects(engine, order(11)).isEmpty)
        try engine.register([account], in: group)
        #expect(try rejects(engine, order(11)).count == 1)
        let (sector, tech) = (try Asset("sector"), try Asset("tech"))
        let one = LimitScope().class(sector, tech)
        #expect(one.name(of: .class) == tech && !one.isEach(.class))
        #expect(LimitScope().each(class: sector).isEach(.class))
        // An instrument without a class is none of the class's.
        #expect(try rejects(self.engine([size(10, one)]), order(11)).isEmpty)
    }

    @Test func `what was said of a limit is kept, and nothing is the same as not saying it`() throws {
        var limit = try size(10)
        #expect(limit.metric == .orderQuantity && limit.name == "size" && limit.period == nil)
        (limit.isHard, limit.passesWithoutData) = (true, true)
        (limit.period, limit.release, limit.releaseAfter) = (.week, .after, .seconds(3))
        (limit.confirm, limit.hysteresis, limit.minVolume) = (0, 5, 7)
        limit.currency = try Asset("EUR")
        #expect(limit.isHard && limit.passesWithoutData && limit.period == .week && limit.release == .after)
        #expect(limit.releaseAfter == .seconds(3) && limit.confirm == 1 && limit.hysteresis == 5)
        #expect(limit.minVolume == 7 && limit.currency.name == "EUR" && limit.releaseRole.name.isEmpty)
        limit.releaseAfter = nil
        #expect(limit.releaseAfter == nil)
    }

    @Test func `a limit without data passes where it is told to`() throws {
        var figure = try RiskLimit(.suppliedFigure, name: "stress", upper: 100)
        (figure.figure, figure.currency) = (try Asset("stress"), try Asset("USD"))
        figure.setMaxAge(.seconds(60), of: .figure)
        figure.passesWithoutData = true
        #expect(try rejects(engine([figure]), order(1)).isEmpty)
    }

    @Test func `a number from outside grows too old`() throws {
        var figure = try RiskLimit(.suppliedFigure, name: "stress", upper: 100)
        (figure.figure, figure.currency) = (try Asset("stress"), try Asset("USD"))
        figure.setMaxAge(.seconds(60), of: .figure)
        let engine = try engine([figure])
        try engine.setInput(.figure, of: .firm, to: 50, figure: figure.figure, age: .seconds(59))
        #expect(try rejects(engine, order(1)).isEmpty)
        try engine.setInput(.figure, of: .firm, to: 50, figure: figure.figure, age: .seconds(61))
        #expect(try rejects(engine, order(1)).count == 1)
    }

    @Test func `a breach that throttles lets so many orders pass in a time`() throws {
        var slow = try RiskLimit(.workingOrders, name: "open", upper: 0, action: .throttle)
        slow.throttle(1, in: .seconds(3600))
        let throttled = try engine([slow])
        #expect(try rejects(throttled, order(1)).isEmpty)
        #expect(try rejects(throttled, order(1)).count == 1)
    }

    @Test func `an engine without such things says so`() throws {
        var builder = RiskEngine.Builder()
        try builder.addOrderValidation()
        let plain = try builder.build()
        #expect(throws: EngineError.notFound) { try plain.tick() }
        #expect(throws: EngineError.notFound) { try plain.setState(.halted) }
        #expect(throws: LimitError.engine(.notFound)) { try plain.changeLimits(remove: ["size"]) }
        #expect(throws: (any Error).self) { try engine([size(10)]).heartbeat(Asset("nobody")) }
        #expect(try plain.limits().isEmpty && plain.eventsDropped == 0)
    }
}
