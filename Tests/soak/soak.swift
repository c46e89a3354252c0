import COpenPit
import Glibc
import Market
import RiskCore
import Synchronization

/// Many threads on one engine with every kind of policy: orders are made by some and finalised by others, while quotes are
/// pushed, settings are changed and accounts are regrouped. At the end nothing is set aside any more, and every account has
/// what its fills and adjustments left it. Then the engine is closed while reservations are still being finalised.
///
///     soak SECONDS THREADS
@main
enum Soak {
    static func main() {
        let seconds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 30
        let threads = CommandLine.arguments.dropFirst(2).first.flatMap { Int($0) } ?? 8
        let house = House()
        house.fund()
        let end = time(nil) + seconds
        inParallel(threads + 2) { number in
            var worker = Worker(house: house, seed: UInt64(number))
            while time(nil) < end {
                if number == 1 { worker.checkInvariants() }
                for _ in 0..<100 {
                    switch number {
                    case 0: worker.pushQuotes()
                    case 1: worker.administer()
                    default: worker.trade()
                    }
                }
            }
            worker.end()
        }
        var closer = Worker(house: house, seed: 1)
        while let open = house.takeAny() { closer.finish(open) }
        closer.checkInvariants()
        house.check()
        closer.end()
        house.close(threads)
        let (orders, reports) = (house.orderCount.load(ordering: .relaxed), house.reportCount.load(ordering: .relaxed))
        // Rate limits, blocks and closed books refuse some; when they refuse nearly all, nothing was tried.
        if reports < orders / 10 { fail("only \(reports) of \(orders) orders were reported") }
        print("\(orders) orders, \(reports) reports, everything accounted for")
    }
}

func fail(_ sentence: String) -> Never {
    print("not accounted for: \(sentence)")
    exit(1)
}

func ok(_ status: openpit_status, _ call: StaticString) {
    if status != 0 { fail("\(call) answered \(String(cString: openpit_status_name(status)))") }
}

/// Runs `body` on so many threads and waits for them.
func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    final class Task: Sendable {
        let number: Int
        let body: @Sendable (Int) -> Void
        init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) { (self.number, self.body) = (number, body) }
    }
    let threads = (0..<count).map { number in
        var thread = pthread_t()
        let task = Unmanaged.passRetained(Task(number, body)).toOpaque()
        let status = pthread_create(
            &thread, nil,
            { task in
                let task = Unmanaged<Task>.fromOpaque(task!).takeRetainedValue()
                task.body(task.number)
                return nil
            }, task)
        if status != 0 { fail("a thread could not be made") }
        return thread
    }
    for thread in threads { pthread_join(thread, nil) }
}

/// A value behind a lock that the thread sanitizer knows; it does not see that of Synchronization's Mutex.
final class Guarded<Value>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private var value: Value

    init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}

// MARK: - What all threads share

let accountCount = 4
let usd = asset("USD")
let aapl = asset("AAPL")

func asset(_ name: StaticString) -> openpit_asset {
    var asset: openpit_asset = 0
    ok(openpit_asset_intern(text(name), &asset), "asset_intern")
    return asset
}

func text(_ text: StaticString) -> openpit_text {
    openpit_text(
        data: UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self), length: text.utf8CodeUnitCount)
}

func decimal(_ value: Int) -> openpit_decimal { openpit_decimal_from_int64(Int64(value)) }

/// What somebody made and somebody else ends.
enum Open: @unchecked Sendable {
    case request(UInt64, openpit_order)
    case reservation(UInt64, openpit_order, lock: openpit_decimal)
}

final class House: @unchecked Sendable {
    private(set) var engine: OpaquePointer?
    let market: OpaquePointer?
    private(set) var instrument: openpit_instrument_id = 0
    let orderCount = Atomic<Int>(0)
    let reportCount = Atomic<Int>(0)
    /// Callbacks that have not come yet.
    let pendingMutations = Atomic<Int>(0)
    private let lock = Guarded<[Open]>([])
    /// What each account should have in the end.
    private let expected = Guarded<[[Int]]>(Array(repeating: [0, 0], count: accountCount))

    init() {
        var market: OpaquePointer?
        ok(openpit_market_data_create(nil, &market), "market_data_create")
        self.market = market
        ok(openpit_market_data_register(market, aapl, usd, nil, &instrument), "register")
        var options = openpit_engine_options()
        options.struct_size = UInt32(MemoryLayout<openpit_engine_options>.size)
        options.sync_mode = UInt32(OPENPIT_SYNC_FULL)
        var builder: OpaquePointer?
        ok(openpit_engine_builder_create(&options, &builder), "builder_create")
        addPolicies(to: builder)
        ok(openpit_engine_builder_build(builder, &engine, nil), "build")
        openpit_engine_builder_destroy(builder)
    }

    private func addPolicies(to builder: OpaquePointer?) {
        ok(openpit_engine_builder_add_order_validation(builder, 0), "order_validation")
        var rate = Self.rateLimit(maxOrders: .max)
        ok(openpit_engine_builder_add_rate_limit(builder, 0, &rate, 1, nil), "rate_limit")
        var size = openpit_order_size_barrier()
        size.fields = UInt8(OPENPIT_SIZE_HAS_QUANTITY)
        size.max_quantity = decimal(1000)
        ok(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, nil), "size_limit")
        var pnl = openpit_pnl_barrier()
        pnl.fields = UInt8(OPENPIT_PNL_HAS_LOWER)
        pnl.asset = usd
        pnl.lower = decimal(-1)
        ok(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &pnl, 1, nil), "kill_switch")
        ok(openpit_engine_builder_add_spot_funds(builder, 1, market, nil, nil, 0, nil), "spot_funds")
        var policy = openpit_policy()
        policy.struct_size = UInt32(MemoryLayout<openpit_policy>.size)
        policy.name = text("Counter")
        policy.user_data = Unmanaged.passUnretained(self).toOpaque()
        policy.perform_pre_trade_check = { (user, context, _) in
            let house = Unmanaged<House>.fromOpaque(user!).takeUnretainedValue()
            var mutation = openpit_mutation()
            mutation.struct_size = UInt32(MemoryLayout<openpit_mutation>.size)
            mutation.user_data = user
            mutation.release = {
                Unmanaged<House>.fromOpaque($0!).takeUnretainedValue().pendingMutations.subtract(1, ordering: .relaxed)
            }
            house.pendingMutations.add(1, ordering: .relaxed)
            return Int32(openpit_context_add_mutation(context, &mutation))
        }
        policy.destroy = { _ in usleep(2000) }
        ok(openpit_engine_builder_add_policy(builder, &policy), "policy")
    }

    static func rateLimit(maxOrders: UInt64) -> openpit_rate_limit_barrier {
        var rate = openpit_rate_limit_barrier()
        rate.max_orders = maxOrders
        rate.window_nanoseconds = 1_000_000
        return rate
    }

    func fund() {
        for account in 0..<accountCount {
            adjust(account, usd, 1_000_000_000)
            adjust(account, aapl, 1_000_000)
        }
    }

    /// Changes a balance, in a batch that is sometimes rejected as a whole by its second item.
    func adjust(_ account: Int, _ asset: openpit_asset, _ delta: Int, isRejected: Bool = false) {
        var adjustment = openpit_adjustment()
        adjustment.struct_size = UInt32(MemoryLayout<openpit_adjustment>.size)
        adjustment.kind = UInt8(OPENPIT_ADJUSTMENT_BALANCE)
        adjustment.asset = asset
        adjustment.balance_change = UInt8(OPENPIT_CHANGE_DELTA)
        adjustment.balance = decimal(delta)
        var refused = adjustment
        refused.fields = UInt32(OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER)
        refused.balance_upper = decimal(-1_000_000_000)
        let batch = isRejected ? [adjustment, refused] : [adjustment]
        var failed = 0
        ok(
            openpit_engine_apply_account_adjustment(
                engine, UInt64(account), batch, batch.count, nil, &failed), "adjust")
        if (failed == batch.count) == isRejected { fail("adjustment \(failed) of a batch was rejected") }
        if !isRejected { expect(account, asset, delta) }
    }

    func expect(_ account: Int, _ asset: openpit_asset, _ delta: Int) {
        expected.withLock { $0[account][asset == usd ? 0 : 1] += delta }
    }

    func put(_ open: Open) { lock.withLock { $0.append(open) } }

    func take(_ number: UInt64) -> Open? {
        lock.withLock { open in
            if open.count < 64 { return nil }
            open.swapAt(Int(number % UInt64(open.count)), open.count - 1)
            return open.removeLast()
        }
    }

    func takeAny() -> Open? { lock.withLock { $0.popLast() } }

    /// Compares what the engine believes with what was done.
    func check() {
        if pendingMutations.load(ordering: .relaxed) != 0 { fail("some mutations were never released") }
        let expected = expected.withLock { $0 }
        for account in 0..<accountCount {
            for (asset, amount) in [(usd, expected[account][0]), (aapl, expected[account][1])] {
                var holding = openpit_holding()
                holding.struct_size = UInt32(MemoryLayout<openpit_holding>.size)
                ok(openpit_engine_read_holding(engine, UInt64(account), asset, &holding), "read_holding")
                let name = "account \(account), asset \(asset)"
                if openpit_decimal_compare(holding.balance, decimal(amount)) != 0 { fail("the balance of \(name)") }
                if openpit_decimal_compare(holding.held, decimal(0)) != 0 { fail("what is held of \(name)") }
                if openpit_decimal_compare(holding.incoming, decimal(0)) != 0 { fail("what comes in of \(name)") }
            }
        }
    }

    /// Closes the engine while all threads still finalise; its policies take their time to go.
    func close(_ threads: Int) {
        var worker = Worker(house: self, seed: 2)
        for _ in 0..<10_000 { worker.make() }
        worker.end()
        ok(openpit_engine_retain_weak(engine), "retain_weak")
        let taken = Atomic<Int>(0)
        inParallel(threads) { _ in
            while let open = self.takeAny() {
                if taken.add(1, ordering: .relaxed).newValue == 1000 { openpit_engine_destroy(self.engine) }
                switch open {
                case .request(let request, _): openpit_engine_drop_request(self.engine, request)
                case .reservation(let reservation, _, _):
                    ok(openpit_engine_rollback(self.engine, reservation), "rollback while closing")
                }
            }
        }
        openpit_engine_release_weak(engine)
        openpit_market_data_destroy(market)
        if pendingMutations.load(ordering: .relaxed) != 0 { fail("some mutations were never released") }
    }
}

// MARK: - What each thread does

struct Worker {
    let house: House
    private var state: UInt64
    private var result: OpaquePointer?

    init(house: House, seed: UInt64) {
        self.house = house
        state = seed &* 2 &+ 1
        ok(openpit_result_create(&result), "result_create")
    }

    func end() { openpit_result_destroy(result) }

    private mutating func random(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }

    mutating func trade() {
        make()
        while let open = house.take(UInt64(random(1 << 30))) { finish(open) }
    }

    /// An order of 1 to 9 shares, some of them at the market.
    private mutating func order() -> openpit_order {
        var order = openpit_order()
        order.struct_size = UInt32(MemoryLayout<openpit_order>.size)
        order.fields = UInt32(OPENPIT_ORDER_HAS_ACCOUNT) | (random(4) == 0 ? 0 : UInt32(OPENPIT_ORDER_HAS_PRICE))
        order.account = UInt64(random(accountCount))
        (order.underlying, order.settlement) = (aapl, usd)
        order.amount_kind = UInt8(OPENPIT_AMOUNT_QUANTITY)
        order.amount = decimal(1 + random(9))
        order.price = decimal(90 + random(20))
        order.side = UInt8(1 + random(2))
        return order
    }

    mutating func make() {
        house.orderCount.add(1, ordering: .relaxed)
        var order = order()
        var id: UInt64 = 0
        var isBlocked: UInt8 = 0
        switch random(8) {
        case 0:
            ok(openpit_engine_start_pre_trade(house.engine, &order, result, &id), "start")
            if id != 0 { house.put(.request(id, order)) }
            return
        case 1:
            order.fields |= UInt32(OPENPIT_ORDER_HAS_PRICE)
            ok(openpit_engine_apply_drop_copy(house.engine, &order, result, &id, &isBlocked), "drop_copy")
        case 2: ok(openpit_engine_execute_pre_trade_dry_run(house.engine, &order, result, &isBlocked), "dry_run")
        default: ok(openpit_engine_execute_pre_trade(house.engine, &order, result, &id), "execute")
        }
        if id != 0 { house.put(.reservation(id, order, lock: lockPrice())) }
    }

    private func lockPrice() -> openpit_decimal {
        var entry = openpit_lock_entry()
        ok(openpit_result_lock_entry(result, 0, &entry), "lock_entry")
        return entry.price
    }

    mutating func finish(_ open: Open) {
        switch open {
        case .request(let request, let order):
            if random(4) == 0 { return openpit_engine_drop_request(house.engine, request) }
            var id: UInt64 = 0
            ok(openpit_engine_execute_request(house.engine, request, result, &id), "execute_request")
            if id != 0 { finish(.reservation(id, order, lock: lockPrice())) }
        case .reservation(let reservation, let order, let lock):
            switch random(4) {
            case 0: ok(openpit_engine_rollback(house.engine, reservation), "rollback")
            case 1: openpit_engine_drop_reservation(house.engine, reservation)
            default:
                ok(openpit_engine_commit(house.engine, reservation), "commit")
                report(order, lock)
            }
        }
    }

    /// The order's last report: some of it was filled, and the rest goes.
    private mutating func report(_ order: openpit_order, _ lock: openpit_decimal) {
        let quantity = Int(order.amount.low)
        let filled = random(quantity + 1)
        let price = 90 + random(20)
        var report = openpit_report()
        report.struct_size = UInt32(MemoryLayout<openpit_report>.size)
        report.fields = UInt32(OPENPIT_REPORT_ALL_FIELDS & ~OPENPIT_REPORT_HAS_FILL_FEE)
        if filled == 0 { report.fields &= ~UInt32(OPENPIT_REPORT_HAS_TRADE) }
        report.account = order.account
        (report.underlying, report.settlement) = (aapl, usd)
        report.side = order.side
        report.trade_price = decimal(price)
        report.trade_quantity = decimal(filled)
        report.leaves_quantity = decimal(quantity - filled)
        report.is_final = 1
        var entry = openpit_lock_entry(price: lock, policy_group: 1, reserved_short: 0, reserved_word: 0)
        withUnsafePointer(to: &entry) { entry in
            report.lock = entry
            report.lock_count = 1
            ok(openpit_engine_apply_execution_report(house.engine, &report, result), "report")
        }
        if openpit_result_block_count(result) > 0 { fail("a report asked for a block") }
        house.reportCount.add(1, ordering: .relaxed)
        let direction = order.side == UInt8(OPENPIT_SIDE_BUY) ? 1 : -1
        house.expect(Int(order.account), aapl, direction * filled)
        house.expect(Int(order.account), usd, -direction * filled * price)
    }

    // MARK: Beside the orders

    mutating func pushQuotes() {
        var quote = openpit_quote()
        quote.struct_size = UInt32(MemoryLayout<openpit_quote>.size)
        quote.fields = UInt32(OPENPIT_QUOTE_ALL_FIELDS)
        (quote.mark, quote.bid, quote.ask) = (decimal(90 + random(20)), decimal(89), decimal(111))
        let update = UInt32(random(2))
        switch random(8) {
        case 0:
            let accounts = [UInt64(random(accountCount)), UInt64(random(accountCount))]
            let groups = [UInt32(random(3))]
            ok(
                openpit_market_data_push_for(house.market, house.instrument, &quote, update, 0, accounts, 2, groups, 1),
                "push_for")
        case 1: ok(openpit_market_data_clear(house.market, house.instrument), "clear")
        case 2:
            let scope = openpit_ttl_scope(
                axis: UInt32(random(5)), group: UInt32(random(3)), account: UInt64(random(accountCount)),
                instrument: house.instrument)
            ok(openpit_market_data_set_ttl(house.market, scope, UInt64(random(1 << 30))), "set_ttl")
            ok(openpit_market_data_clear_ttl(house.market, scope), "clear_ttl")
        default: ok(openpit_market_data_push(house.market, house.instrument, &quote, update, 0), "push")
        }
    }

    /// What the engine and the market know holds together, while others trade.
    func checkInvariants() {
        if let engine = house.engine,
            let broken = Engine(address: UnsafeMutableRawPointer(engine)).checkInvariants()
        {
            fail("an invariant does not hold: \(broken)")
        }
        if let market = house.market,
            let broken = MarketData(address: UnsafeMutableRawPointer(market)).checkInvariants()
        {
            fail("an invariant does not hold: \(broken)")
        }
    }

    mutating func administer() {
        let account = UInt64(random(accountCount))
        let group = UInt32(1 + random(2))
        var accounts = [account]
        switch random(8) {
        case 0: _ = openpit_engine_register_group(house.engine, &accounts, 1, group, nil)
        case 1: _ = openpit_engine_unregister_group(house.engine, &accounts, 1, group, nil)
        case 2:
            ok(openpit_engine_block_account(house.engine, account, text("for a moment")), "block")
            ok(openpit_engine_read_account_block(house.engine, account, result), "read_account_block")
            ok(openpit_engine_unblock_account(house.engine, account), "unblock")
        case 3:
            ok(openpit_engine_block_group(house.engine, group, text("for a moment"), nil), "block_group")
            ok(openpit_engine_unblock_group(house.engine, group, nil), "unblock_group")
        case 4:
            var rate = House.rateLimit(maxOrders: UInt64(100 + random(10_000)))
            ok(
                openpit_engine_configure_rate_limit(house.engine, text("RateLimitPolicy"), 1, &rate, 1, nil),
                "configure")
        case 5:
            var settings = openpit_spot_funds_settings()
            settings.struct_size = UInt32(MemoryLayout<openpit_spot_funds_settings>.size)
            settings.fields = UInt32(OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE)
            settings.slippage = UInt16(random(1000))
            settings.pricing_source = UInt8(1 + random(2))
            ok(openpit_engine_configure_spot_funds(house.engine, text("SpotFundsPolicy"), &settings, nil), "configure")
        case 6: ok(openpit_engine_set_account_currency(house.engine, account, random(2) == 0 ? usd : 0), "currency")
        default: house.adjust(Int(account), random(2) == 0 ? usd : aapl, random(100), isRejected: random(2) == 0)
        }
    }
}
