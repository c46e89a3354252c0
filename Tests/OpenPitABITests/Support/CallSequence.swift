import COpenPit
import Market
import RiskBase
import RiskCore

/// Interprets bytes as a sequence of calls of the C interface: an engine with random policies, then orders, reports and
/// everything else there is, with arguments that are sometimes wrong. Whatever the bytes say, nothing may trap or leak, each
/// status is a known one, and what is open can be finalised.
final class CallSequence {
    var source: ByteSource
    /// What did not hold.
    private(set) var failures: [String] = []
    private(set) var callCount = 0

    /// How deep calls are nested: hooks call the engine, too.
    var depth = 0
    static let depthMax = 3

    var clock: OpaquePointer?
    var market: OpaquePointer?
    var engine: OpaquePointer?
    var isEngineOpen = false
    /// One for each depth, because a call must not be given the result of the call that it is part of.
    private var results: [OpaquePointer?] = []
    var assets: [openpit_asset] = []

    var requests: [openpit_request] = []
    var reservations: [openpit_reservation] = []
    /// Ids that are no longer good for anything.
    var spent: [UInt64] = [0, 1, .max]
    var livePolicies = 0
    var liveMutations = 0
    /// Where texts lie that are made of bytes.
    let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 32)

    init(_ bytes: [UInt8]) {
        source = ByteSource(bytes)
    }

    deinit { scratch.deallocate() }

    /// Runs all of it, and tells what did not hold.
    func run() -> [String] {
        begin()
        while !source.isAtEnd {
            step()
            checkInvariants()
        }
        finish()
        return failures
    }

    /// Whatever was called, what the engine and the market know holds together.
    private func checkInvariants() {
        if let engine, let broken = Engine(address: UnsafeMutableRawPointer(engine)).checkInvariants() {
            fail("an invariant does not hold: \(broken)")
        }
        if let market, let broken = MarketData(address: UnsafeMutableRawPointer(market)).checkInvariants() {
            fail("an invariant does not hold: \(broken)")
        }
    }

    func fail(_ sentence: String) { failures.append(sentence) }

    /// Takes note of a call's status; whether it was OK.
    @discardableResult
    func check(_ status: openpit_status, _ call: StaticString) -> Bool {
        callCount += 1
        if status == openpit_status(OPENPIT_STATUS_INTERNAL)
            || String(cString: openpit_status_name(status)) == "UNKNOWN"
        {
            fail("\(call) answered \(status)")
        }
        return status == openpit_status(OPENPIT_STATUS_OK)
    }

    /// As `check`, for a call that has no reason to fail.
    func expect(_ status: openpit_status, _ call: StaticString) {
        if !check(status, call) { fail("\(call) failed with \(status)") }
    }

    /// The result for a call at this depth; sometimes none.
    var result: OpaquePointer? { source.isRare() ? nil : results[depth] }
}

// MARK: - From the first call to the last

extension CallSequence {
    private func begin() {
        for name: StaticString in ["USD", "AAPL", "BTC", "EUR"] {
            var asset: openpit_asset = 0
            expect(openpit_asset_intern(text(name), &asset), "asset_intern")
            assets.append(asset)
        }
        for _ in 0...Self.depthMax {
            var result: OpaquePointer?
            expect(openpit_result_create(&result), "result_create")
            results.append(result)
        }
        if source.flag() { expect(openpit_clock_create(&clock), "clock_create") }
        if source.flag() { makeMarket() }
        var options = openpit_engine_options()
        options.struct_size = size(of: openpit_engine_options.self)
        options.sync_mode = UInt32(code(3))
        options.clock = clock
        var builder: OpaquePointer?
        guard withPadding(options, { check(openpit_engine_builder_create($0, &builder), "builder_create") }) else {
            return
        }
        for _ in 0...source.below(6) { addPolicy(to: builder) }
        addLimits(to: builder)
        build(builder)
        openpit_engine_builder_destroy(builder)
    }

    private func build(_ builder: OpaquePointer?) {
        isEngineOpen = withError { check(openpit_engine_builder_build(builder, &engine, $0), "builder_build") }
        guard isEngineOpen else { return }
        expect(openpit_engine_retain_weak(engine), "engine_retain_weak")
        if source.isRare() {
            withError { check(openpit_engine_builder_build(builder, &engine, $0), "builder_build again") }
        }
    }

    /// Finalises what is open, and gives everything back. There are no bytes left, so that no hook does anything any more.
    private func finish() {
        for (index, reservation) in reservations.enumerated() {
            if index % 2 == 0 {
                expect(openpit_engine_commit(engine, reservation), "commit at the end")
            } else {
                expect(openpit_engine_rollback(engine, reservation), "rollback at the end")
            }
        }
        for request in requests { openpit_engine_drop_request(engine, request) }
        closeEngine()
        openpit_engine_release_weak(engine)
        openpit_market_data_destroy(market)
        openpit_clock_destroy(clock)
        for result in results { openpit_result_destroy(result) }
        if livePolicies != 0 { fail("\(livePolicies) policies were not destroyed once") }
        if liveMutations != 0 { fail("\(liveMutations) mutations were not released once") }
    }

    func closeEngine() {
        guard isEngineOpen else { return }
        isEngineOpen = false
        openpit_engine_destroy(engine)
    }
}

// MARK: - Calls

extension CallSequence {
    /// One call, or a few that belong together.
    func step() {
        switch source.below(32) {
        case 0...3: executePreTrade()
        case 4...5: startPreTrade()
        case 6...7: executeRequest()
        case 8: dropRequest()
        case 9...10: commit()
        case 11...12: rollBack()
        case 13: dropReservation()
        case 14: readReservation()
        case 15: dryRun()
        case 16: applyDropCopy()
        case 17...18: applyReport()
        case 19...20: adjust()
        case 21: regroup()
        case 22: changeBlocks()
        case 23: changeCurrencies()
        case 24: configureBarriers()
        case 25: configureFunds()
        case 26: readFunds()
        case 27: pushQuote()
        case 28: readQuote()
        case 29: changeTtl()
        case 30: moveClock()
        default:
            if source.flag() { tellLimits() } else if source.isRare() { closeEngine() }
        }
    }

    private func executePreTrade() {
        var reservation: openpit_reservation = 0
        let result = result
        let order = order()
        if withPadding(order, { check(openpit_engine_execute_pre_trade(engine, $0, result, &reservation), "execute") })
        {
            keep(reservation)
        }
        read(result)
    }

    private func startPreTrade() {
        var request: openpit_request = 0
        let result = result
        let order = order()
        if withPadding(order, { check(openpit_engine_start_pre_trade(engine, $0, result, &request), "start") }),
            request != 0
        {
            requests.append(request)
        }
        read(result)
    }

    private func executeRequest() {
        let result = result
        var reservation: openpit_reservation = 0
        if let request = take(from: &requests) {
            expect(openpit_engine_execute_request(engine, request, result, &reservation), "execute_request")
            spent.append(request)
            keep(reservation)
        } else if check(openpit_engine_execute_request(engine, spentId(), result, &reservation), "execute_request") {
            fail("a spent id was executed")
        }
        read(result)
    }

    private func dropRequest() {
        let request = take(from: &requests) ?? spentId()
        openpit_engine_drop_request(engine, request)
        spent.append(request)
    }

    private func commit() {
        finalize("commit") { openpit_engine_commit(engine, $0) }
    }

    private func rollBack() {
        finalize("rollback") { openpit_engine_rollback(engine, $0) }
    }

    private func finalize(_ name: StaticString, _ call: (openpit_reservation) -> openpit_status) {
        if let reservation = take(from: &reservations) {
            expect(call(reservation), name)
            spent.append(reservation)
        } else if check(call(spentId()), name) {
            fail("a spent id was finalised")
        }
    }

    private func dropReservation() {
        let reservation = take(from: &reservations) ?? spentId()
        openpit_engine_drop_reservation(engine, reservation)
        spent.append(reservation)
    }

    private func readReservation() {
        let result = result
        check(openpit_engine_read_reservation(engine, reservations.last ?? spentId(), result), "read_reservation")
        read(result)
    }

    private func dryRun() {
        let result = result
        var passed: UInt8 = 0
        let order = order()
        let call = source.flag() ? openpit_engine_start_pre_trade_dry_run : openpit_engine_execute_pre_trade_dry_run
        withPadding(order) { check(call(engine, $0, result, &passed), "dry_run") }
        read(result)
    }

    private func applyDropCopy() {
        let result = result
        var reservation: openpit_reservation = 0
        var isBlocked: UInt8 = 0
        let order = order()
        if withPadding(
            order, { check(openpit_engine_apply_drop_copy(engine, $0, result, &reservation, &isBlocked), "drop_copy") })
        {
            keep(reservation)
        }
        read(result)
    }

    private func applyReport() {
        let result = result
        var report = report()
        let entries = (0..<source.below(3)).map { _ in lockEntry() }
        entries.withUnsafeBufferPointer { entries in
            report.lock = entries.baseAddress
            report.lock_count = count(entries.count)
            _ = withPadding(report) { check(openpit_engine_apply_execution_report(engine, $0, result), "report") }
        }
        read(result)
    }

    private func adjust() {
        let result = result
        let adjustments = (0..<source.below(4)).map { _ in adjustment() }
        let account = account()
        var failedIndex = 0
        if adjustments.count == 1 {
            withPadding(adjustments[0]) {
                check(openpit_engine_apply_account_adjustment(engine, account, $0, 1, result, &failedIndex), "adjust")
            }
        } else {
            let count = count(adjustments.count)
            check(
                openpit_engine_apply_account_adjustment(engine, account, adjustments, count, result, &failedIndex),
                "adjust")
        }
        read(result)
    }

    private func moveClock() {
        if source.flag() {
            check(
                openpit_clock_advance(clock, source.isRare() ? source.number() : UInt64(source.byte()) << 20), "advance"
            )
        } else {
            check(openpit_clock_set(clock, openpit_clock_now(clock) &+ UInt64(source.byte())), "clock_set")
        }
    }

    // MARK: Ids

    private func keep(_ reservation: openpit_reservation) {
        if reservation != 0 { reservations.append(reservation) }
    }

    /// One of the ids, which the caller is about to spend; sometimes none although there are some.
    private func take(from ids: inout [UInt64]) -> UInt64? {
        if ids.isEmpty || source.isRare() { return nil }
        return ids.remove(at: source.below(ids.count))
    }

    private func spentId() -> UInt64 {
        if source.isRare() { return source.number() | 1 << 63 }
        return spent[source.below(spent.count)]
    }
}
