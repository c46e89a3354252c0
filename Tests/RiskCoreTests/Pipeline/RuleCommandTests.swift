import Controls
import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Rules that are no metrics as an engine has them: what they are told, and what orders meet.
struct RuleCommandTests {
    private let apple = Instrument(underlying: asset("AAPL"), settlement: asset("USD"))

    /// An engine with a limit on the quantity of 10, and whatever else is told.
    private func engine(
        _ policies: [TestPolicy] = [], limit: (inout Limit) -> Void = { _ in },
        adding configure: (inout EngineBuilder) throws -> Void = { _ in }
    ) throws -> TestEngine {
        try TestEngine(.none, policies) { builder in
            var size = Limit(.orderQuantity, name: RiskCoreTests.named("size"))
            size.upper = decimal("10")
            limit(&size)
            try builder.addLimit(size)
            try configure(&builder)
        }
    }

    private func named(
        _ id: String, _ amount: String = "1@10", of account: UInt64? = 1, change: (inout Order) -> Void = { _ in }
    ) -> Order {
        // Ids of orders live as long as the test.
        let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: id.utf8.count)
        _ = copy.initialize(from: id.utf8)
        var order = order(amount, of: account)
        order.clientOrderId = UnsafeBufferPointer(copy)
        change(&order)
        return order
    }

    private func lines(_ answer: Answer) -> [String] {
        answer.rejects.map { "\($0.policy) \($0.code.text) \($0.scope == .order ? "order" : "account")" }
    }

    private func send(_ engine: TestEngine, _ order: Order) throws -> [String] {
        lines(try engine.executeCommitting(order))
    }

    private func key(_ account: UInt64) -> StateKey { StateKey(account: AccountId(account)) }

    private func intents(_ engine: TestEngine) throws -> [String] {
        var lines: [String] = []
        while let intent = try engine.engine.takeIntent() {
            lines.append(intent.clientId.withBytes { String(decoding: $0, as: UTF8.self) })
        }
        return lines
    }

    @Test func `steps through a calendar, and opens by permissions and requirements`() throws {
        let engine = try engine(adding: { builder in
            var (closed, open) = (CalendarStep(0), CalendarStep(10_000_000_000))
            (closed.phase, open.phase) = (.closed, .continuous)
            let number = try [closed, open].withUnsafeBufferPointer {
                try builder.addCalendar($0, until: 20_000_000_000)
            }
            try builder.describe(apple) { _, row in
                row.pointee.calendar = number
                return true
            }
            let item = PermissionItem.side(.buy, isAllowed: false)
            var permission = Permission(name: RiskCoreTests.named("two only sells"))
            permission.scope.keys = [KeySet(.account), KeySet(.instrument)]
            try withUnsafePointer(to: item) {
                let given = GivenPermission(permission, UnsafeBufferPointer(start: $0, count: 1))
                try builder.addPermission(PlacedPermission(given, account: AccountId(2), instrument: apple))
            }
            try builder.require(Requirement(.orderQuantity))
        })
        #expect(try send(engine, order()) == ["session ExchangeClosed order"])
        engine.advance(seconds: 10)
        #expect(try send(engine, order()) == [])
        #expect(try send(engine, order(of: 2)) == ["two only sells ComplianceRestriction order"])
        engine.advance(seconds: 10)
        #expect(try send(engine, order()) == ["session ReferenceDataUnavailable order"])
    }

    @Test func `loses a session by whatever call comes next, and has it back`() throws {
        for call in 0..<5 {
            let engine = try engine(adding: { builder in
                var rules = SessionRules(asset("p1"), heartbeat: 5_000_000_000)
                (rules.stateOnLoss, rules.isReleasedByHeartbeat) = (.halted, true)
                try builder.addSession(rules)
            })
            let inSession: (inout Order) -> Void = { $0.session = asset("p1") }
            #expect(try send(engine, named("a", change: inSession)) == [])
            try engine.engine.heartbeat(asset("p1"))
            engine.advance(seconds: 5)
            var scope = Scope()
            scope.keys = KeySet(.session)
            scope.values[.session] = asset("p1").id
            switch call {
            case 0: try engine.engine.tick()
            case 1: #expect(try send(engine, named("b", change: inSession)) == ["session AccountNotAuthorized order"])
            case 2: #expect(try engine.engine.state(of: StateKey(scope)) == .halted)
            case 3: _ = try engine.apply(ExecutionReport(account: AccountId(1)))
            default: break
            }
            #expect(try intents(engine) == ["a"])
            #expect(try engine.engine.state(of: StateKey(scope)) == .halted)
            try engine.engine.heartbeat(asset("p1"))
            #expect(try engine.engine.state(of: StateKey(scope)) == .active)
        }
        let (other, plain) = (try engine(), try TestEngine(.none, .orderValidation()))
        #expect(throws: EngineError.notFound) { try other.engine.heartbeat(asset("p9")) }
        #expect(throws: EngineError.notFound) { try plain.engine.tick() }
    }

    @Test func `sets and ends states of exactly one key, and wants orders cancelled until they have ended`() throws {
        let engine = try engine()
        #expect(try send(engine, named("a")) == [])
        try engine.engine.setState(.halted, of: key(1))
        #expect(try send(engine, named("b")) == ["Engine AccountBlocked account"])
        #expect(try send(engine, named("b", of: 2)) == [])
        #expect(try engine.engine.state(of: key(1)) == .halted)
        #expect(try engine.engine.state(of: key(2)) == .active)
        #expect(try engine.engine.state(of: key(99)) == .active)
        #expect(try intents(engine) == ["a"])
        var pending = 0
        try engine.engine.readPendingCancels { _ in pending += 1 }
        #expect(pending == 1)
        var causes: [Speaker] = []
        let released = try engine.engine.release(key(1)) { causes.append($0) }
        #expect(released.was == .halted && released.now == .active && causes == [.rule(.engine)])
        #expect(try send(engine, named("b")) == [])
        #expect(throws: EngineError.notAllowed) { try engine.engine.setState(.active, of: key(1)) }
    }

    @Test func `refuses keys without values, and names that nobody was given`() throws {
        let engine = try engine()
        for wanted in [ScopeKey.account, .instrument] {
            var scope = Scope()
            scope.keys = KeySet(wanted)
            #expect(throws: EngineError.notAllowed) { try engine.engine.state(of: StateKey(scope)) }
            #expect(throws: EngineError.notAllowed) { try engine.engine.setState(.halted, of: StateKey(scope)) }
        }
        var scope = Scope()
        scope.keys = KeySet(.venue)
        scope.values[.venue] = .max
        #expect(throws: EngineError.unknownAsset) { try engine.engine.setState(.halted, of: StateKey(scope)) }
        #expect(throws: EngineError.unknownAsset) { try engine.engine.heartbeat(Asset(id: .max)) }
    }

    @Test func `takes a blocked account for halted, and lifts its block with a release of exactly that account`() throws
    {
        let engine = try engine()
        engine.engine.block(1, "stop")
        #expect(try engine.engine.state(of: key(1)) == .halted)
        _ = try engine.engine.release(StateKey()) { _ in }
        #expect(engine.block() != nil)
        _ = try engine.engine.release(key(1), limit: RiskCoreTests.named("size")) { _ in }
        #expect(engine.block() != nil)
        let released = try engine.engine.release(key(1)) { _ in }
        #expect(released.was == .halted && released.now == .active)
        #expect(engine.block() == nil)
        try engine.engine.register(1, group: 3)
        try engine.engine.block(group: 3, "stop")
        #expect(try engine.engine.state(of: key(1)) == .halted)
        var group = Scope()
        group.keys = KeySet(.group)
        group.values[.group] = 3
        #expect(try engine.engine.state(of: StateKey(group)) == .halted)
        _ = try engine.engine.release(StateKey(group)) { _ in }
        #expect(try engine.engine.state(of: key(1)) == .active)
    }

    @Test func `lifts what a limit has blocked only for the role it asks for`() throws {
        let engine = try engine(limit: { ($0.action, $0.releaseRole) = (.blockAccount, RiskCoreTests.named("risk")) })
        #expect(try send(engine, order("11@10")) == ["size OrderQtyExceedsLimit account"])
        #expect(try engine.engine.release(key(1)) { _ in }.isRefused)
        #expect(try engine.engine.release(key(1), role: RiskCoreTests.named("desk")) { _ in }.isRefused)
        #expect(engine.block() != nil)
        var causes: [Speaker] = []
        let released = try engine.engine.release(key(1), role: RiskCoreTests.named("risk")) { causes.append($0) }
        #expect(!released.isRefused && causes == [.limit(RiskCoreTests.named("size"))])
        #expect(try send(engine, order()) == [])
    }

    @Test func `takes locates and grants, and says why not`() throws {
        let engine = try engine(adding: { builder in
            try builder.addLimit(Limit(.shortLocate, name: RiskCoreTests.named("locate")))
        })
        let sell: (inout Order) -> Void = { $0.side = .sell }
        #expect(try send(engine, named("a", "5@10", change: sell)) == ["locate ShortSaleRestriction order"])
        try engine.engine.addLocate(asset("L1"), decimal("5"), for: AccountId(1), apple)
        #expect(throws: (any Error).self) {
            try engine.engine.addLocate(asset("L1"), decimal("5"), for: AccountId(1), apple)
        }
        #expect(try send(engine, named("a", "6@10", change: sell)) == ["locate ShortSaleRestriction order"])
        #expect(try send(engine, named("a", "5@10", change: sell)) == [])
        func grant(_ actors: String...) throws {
            let (actors, limits) = (actors.map { RiskCoreTests.named($0) }, [RiskCoreTests.named("size")])
            try withBytes("big") { order in
                try actors.withUnsafeBufferPointer { actors in
                    try limits.withUnsafeBufferPointer {
                        try engine.engine.grant(order, of: AccountId(1), $0, until: 10_000_000_000, actors: actors)
                    }
                }
            }
        }
        #expect(throws: (any Error).self) { try grant("anna", "anna") }
        #expect(try send(engine, named("big", "11@10")) == ["size OrderQtyExceedsLimit order"])
        try grant("anna", "bob")
        #expect(try send(engine, named("other", "11@10")) == ["size OrderQtyExceedsLimit order"])
        #expect(try send(engine, named("big", "11@10")) == [])
    }

    @Test func `uses up a grant across a request that waits`() throws {
        let engine = try engine()
        let (actors, limits) = (
            [RiskCoreTests.named("anna"), RiskCoreTests.named("bob")], [RiskCoreTests.named("size")]
        )
        try withBytes("big") { order in
            try actors.withUnsafeBufferPointer { actors in
                try limits.withUnsafeBufferPointer {
                    try engine.engine.grant(order, of: AccountId(1), $0, until: .max, actors: actors)
                }
            }
        }
        let request = try engine.request(named("big", "11@10")).unwrapped
        let (reservation, answer) = try engine.execute(request: request)
        #expect(answer.rejects.isEmpty)
        try engine.engine.rollback(reservation.unwrapped)
        #expect(try send(engine, named("big", "11@10")) == ["size OrderQtyExceedsLimit order"])
    }

    @Test func `books an order that is live elsewhere, halted or not, and refuses only what it cannot book`() throws {
        let engine = try engine(adding: { builder in
            var open = Limit(.workingOrders, name: RiskCoreTests.named("open"))
            open.upper = decimal("1")
            try builder.addLimit(open)
        })
        try engine.engine.setState(.halted, of: key(1))
        func copy(_ order: Order) throws -> Bool {
            try withUnsafePointer(to: order) { try engine.engine.applyDropCopy($0, into: nil) }.reservation != nil
        }
        #expect(try copy(named("a", "11@10")))
        #expect(try copy(named("a", "11@10")))
        #expect(try copy(named("b", "1@10") { $0.expireAt = 0 }))
        #expect(try !copy(named("c", "-@10")))
        #expect(try !copy(named("d", "1@10") { $0.side = nil }))
        #expect(try !copy(named("e", "79228162514264337593543950335@79228162514264337593543950335")))
        var used: Decimal?
        try engine.engine.readLimits { if $0.limit.name == RiskCoreTests.named("open") { used = $0.used } }
        #expect(used == decimal("3"))
    }

    @Test func `judges an order although outside code has sent another one meanwhile`() throws {
        for stage in 0..<2 {
            let check: Hooks.Check = { hook, asked in
                if asked.account == AccountId(1) { _ = try hook.engine.executePreTrade(order(of: 2), into: nil) }
            }
            let hooks = stage == 0 ? Hooks("A", start: check) : Hooks("A", main: check)
            let engine = try TestEngine(.full, [.custom(hooks)]) { builder in
                for metric in [Metric.orderQuantity, .positionNet] {
                    var limit = Limit(metric, name: RiskCoreTests.named("\(metric)"))
                    limit.upper = decimal("10")
                    if metric == .positionNet {
                        (limit.scope.keys, limit.scope.each) = (KeySet(.instrument), KeySet(.instrument))
                    }
                    try builder.addLimit(limit)
                }
            }
            #expect(try send(engine, order("11@10")) == ["orderQuantity OrderQtyExceedsLimit order"])
            // What the other one holds counts.
            #expect(try send(engine, order("10@10")) == ["positionNet PositionLimitExceeded order"])
        }
    }
}
